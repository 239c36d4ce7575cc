"""The equation of a step for the whole batch: every example a column, that of the walk lit.

W is locked while the examples go by: it does not depend on them. b stands in the first column, and pale
copies of it show what broadcasting adds to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from engine.core.expressions import Expression, Ref
from engine.core.notation import Notation, Script, Text, operator
from engine.core.place import Place
from engine.trace import Trace
from gui.walkthrough.equations import Item, Teller
from gui.walkthrough.page import Equation, Grid, Operand
from gui.walkthrough.words import fused

CAPITALS = {"z": "Z", "a": "A", "x": "X", "da": "dA", "dz": "dZ", "y": "Y", "g′": "g′"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Widens the equations of a ``Teller`` from one example to all."""

    teller: Teller

    @property
    def trace(self) -> Trace:
        """The trace that it tells of."""
        return self.teller.trace

    def equation(self, ref: Ref, term: Expression | None = None) -> Equation | None:
        """The equation of which a cell is part, for all examples; ``None`` if there is none."""
        head = ref.array.partition(".")[0]
        place = self.trace.network.places.get(ref.owner)
        if self.trace.m < 2 or place is None or not self.teller.in_matrices(place, head):
            return None
        if head in {"dW", "db"}:
            return Equation(tuple(self._gradient(place, ref)))
        one = self.teller.equation(ref, term)
        if one is None or head not in {"z", "a", "da", "slope", "dz"} or self._mixes(place, head, ref):
            return None
        return Equation(tuple(self._widened(each, ref.example or 0) for each in one.items))

    def _mixes(self, place: Place, head: str, ref: Ref) -> bool:
        """Whether the outputs of one example are mixed, which no product of whole batches says."""
        slope = (place.id, "slope") in self.trace.arrays
        output = head == "da" and place.id == self.trace.network.output.layer.id
        return output or (head == "dz" and not slope and not fused(self.trace, ref))

    def _widened(self, item: Item, example: int) -> Item:
        """A column of one example as the matrix of all of them."""
        if not isinstance(item, Operand) or item.grid is None:
            return item
        if item.parameter:
            bias = item.grid.columns == 1 and item.grid.ref(0, 0).array == "b"
            return self._broadcast(item) if bias else replace(item, locked=True)
        return self._columns(item.symbol, item.grid, example)

    def _columns(self, symbol: Notation, grid: Grid, example: int) -> Operand:
        rows, m = grid.rows, self.trace.m

        def ref(i: int, k: int) -> Ref:
            return replace(grid.ref(i, 0), example=k)

        def value(i: int, k: int) -> float | None:
            here = ref(i, k)
            return self.teller.known(here.owner, here.array, here.index, k)

        active = None if grid.active is None else (grid.active[0], example)
        heads = _heads(symbol)
        wide = Grid(rows, m, ref, value, None, example, active, heads)
        return Operand(_capital(symbol), (rows, m), wide)

    def _broadcast(self, item: Operand) -> Operand:
        grid = item.grid
        assert grid is not None
        m = self.trace.m
        wide = Grid(
            grid.rows, m, lambda i, _: grid.ref(i, 0), lambda i, _: grid.value(i, 0), grid.row,
            active=grid.active, broadcast="columns",
        )  # fmt: skip
        return replace(item, grid=wide, locked=True)

    def _gradient(self, place: Place, ref: Ref) -> Iterator[Item]:
        """``dW = dZ A_prevᵀ`` and ``db = Σ dZ``: the product adds up the shares of all examples."""
        example, i = ref.example, ref.index[0]
        teller = self.teller
        at = (ref.index[0], ref.index[1])
        made = teller.matrix(place, ref.array, row=i, active=at, column=at[1])
        yield replace(made, grid=self._when_added_up(made.grid))
        yield operator("=")
        dz = teller.vector(place, "dz", Ref(place.id, "dz", (i,), example or 0))
        assert dz.grid is not None
        wide = self._columns(dz.symbol, replace(dz.grid, active=None), example or 0)
        assert wide.grid is not None
        wide = wide if example is not None else replace(wide, grid=replace(wide.grid, column=None))
        if ref.array == "db":
            yield Text("Σ ")
            yield wide
            return
        yield wide
        port = next(each for each in place.inputs if ref.array == f"dW.{each.source}")
        before = teller.before(port, example or 0, None)
        assert before.grid is not None
        across = self._columns(before.symbol, before.grid, example or 0)
        assert across.grid is not None
        turned = replace(
            across.grid.transposed, column=at[1], row=example, row_heads=across.grid.column_heads
        )
        yield Operand(_with_t(across.symbol), (self.trace.m, port.shape[0]), turned)

    def _when_added_up(self, grid: Grid | None) -> Grid | None:
        """A gradient of the whole batch, whose numbers are known after the share of the last example."""
        if grid is None:
            return None
        known, last = grid.value, self.trace.m - 1

        def value(i: int, j: int) -> float | None:
            ref = grid.ref(i, j)
            share = self.teller.known(ref.owner, ref.array, ref.index, last)
            return None if share is None else known(i, j)

        return replace(grid, value=value)


def _heads(symbol: Notation) -> Callable[[int], Notation]:
    """What the columns are called: z[1](1), z[1](2), ...; x(1), x(2), ..."""
    base, layer = (symbol.base, symbol.above) if isinstance(symbol, Script) else (symbol, None)
    label = layer.text if isinstance(layer, Text) else ""
    return lambda k: Script(base, Text(f"{label}({k + 1})"))


def _capital(symbol: Notation) -> Notation:
    """Z for z: matrices have capital letters."""
    match symbol:
        case Script(base=Text(text=letter) as base):
            return replace(symbol, base=replace(base, text=CAPITALS.get(letter, letter)))
        case Text(text=letter):
            return replace(symbol, text=CAPITALS.get(letter, letter))
    return symbol


def _with_t(symbol: Notation) -> Notation:
    if isinstance(symbol, Script) and isinstance(symbol.above, Text):
        return replace(symbol, above=Text(f"{symbol.above.text}ᵀ"))
    return Script(symbol, Text("ᵀ"))
