"""The general equation of a step: matrices with their shapes, and their numbers as far as they are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.activations import Activation
from engine.core.expressions import Expression, Negative, Number, Product, Ref, Sum
from engine.core.notation import Fence, Notation, Script, Text, operator, row
from engine.core.place import Place, Port
from engine.losses import losses
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from engine.update_cells import STAGES
from gui.walkthrough.page import Equation, Grid, Operand
from gui.walkthrough.spelling import as_matrices, spelled_out
from gui.walkthrough.words import function_name, fused, is_dense

Item = Operand | Notation


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes equations of one trace as it is after step ``at`` (all of it for ``None``)."""

    trace: Trace
    at: int | None = None

    def equation(self, ref: Ref, term: Expression | None = None, said: str = "") -> Equation | None:
        """The equation of which a cell is part; ``term`` is the product that is being looked at.

        ``said`` is the equation in words, which stands where matrices do not say it: for images,
        sequences, and layers that are not dense.
        """
        head = ref.array.partition(".")[0]
        plain = Equation((Text(said),)) if said else None
        if ref.array.startswith(("new ", *STAGES)):
            slot = self.trace.layout.slots.get(f"{ref.owner}.{ref.array.rpartition(' ')[2]}")
            kept = ref.array.startswith("new ") and slot is not None and not slot.learned
            return plain if kept or ref.array.startswith(("whole ", "clipped ")) else self._update(ref)
        if ref.owner == LOSS:
            vector = len(self.trace.network.output.shape) == 1
            return self._loss(ref) if vector or ref.array == "J" else plain
        place = self.trace.network.places.get(ref.owner)
        if place is None or not self.in_matrices(place, head):
            return plain
        makers: dict[str, Callable[[Place, Ref, Expression | None], list[Item]]] = {
            "z": self._sum, "a": self._activation, "da": self._blame, "slope": self._slope, "dz": self._delta,
            "dW": self._gradient, "db": self._gradient,
        }  # fmt: skip
        if head not in makers or (head == "a" and not place.inputs):
            return plain
        return Equation(tuple(makers[head](place, ref, term)))

    def tells(self, ref: Ref) -> bool:
        """Whether a number is part of an equation of vectors and matrices."""
        place = self.trace.network.places.get(ref.owner)
        return place is not None and self.in_matrices(place, ref.array.partition(".")[0])

    def in_matrices(self, place: Place, head: str) -> bool:
        """Whether the equation of an array is one of vectors and matrices, as of dense layers."""
        trace = self.trace
        if len(place.shape) != 1:
            return False
        if head == "da":
            after = [each for each, _ in self._consumers(place)]
            return all(is_dense(trace, each.id) and (each.id, "dz") in trace.arrays for each in after)
        if head in {"a", "slope", "dz"}:
            g = getattr(self._kind(place), "g", None)
            return isinstance(g, Activation) and trace.arrays[place.id, "z"].shape[:-1] == place.shape
        return is_dense(trace, place.id)

    # ---------------------------------------------------------------- forward

    def _sum(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        i, example = ref.index[0], ref.example or 0
        items: list[Item] = [self.vector(place, "z", ref), operator("=")]
        for number, port in enumerate(place.inputs):
            items += [operator("+")] if number else []
            active = next((r.index for r in _factors(term) if r.array == f"W.{port.source}"), None)
            weights = self.matrix(place, f"W.{port.source}", row=i, active=active)
            items += [weights, self.before(port, example, active[1] if active else None)]
        if "b" in place.parameters:
            active = (i, 0) if isinstance(term, Ref) and term.array == "b" else None
            items += [operator("+"), self.matrix(place, "b", row=i, active=active)]
        return items

    def _activation(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        name, end = Text(f"{function_name(self.trace, place.id)} ("), Text(")")
        whole = not getattr(getattr(self._kind(place), "g", None), "elementwise", True)
        z = self.vector(place, "z", ref, whole=whole)
        return [self.vector(place, "a", ref), operator("="), name, z, end]

    # ---------------------------------------------------------------- loss

    def _loss(self, ref: Ref) -> Equation | None:
        trace = self.trace
        if ref.array == "y":
            return None
        if ref.array == "J":
            if trace.m == 1:
                return None
            one = _example_of("L", "(i)")
            grid = Grid(
                1, trace.m, lambda i, j: trace.ref(LOSS, "L", (0,), j), self._cell(LOSS, "L", True), 0
            )
            items: list[Item] = [Operand(Text("J", "italic"), (1, 1)), operator("=")]
            items += [Text(f"1/{trace.m}"), operator("·"), Text("Σ "), Operand(one, (1, trace.m), grid)]
            return Equation(tuple(items))
        output = trace.network.places[trace.network.output.layer.id]
        k, example = len(trace.arrays[LOSS, "y"]), ref.example or 0
        target = Grid(
            k,
            1,
            lambda i, j: trace.network.loss_place.ref_y(i, example),
            self._vector_cell(LOSS, "y", example),
        )
        title = losses.make(trace.document.loss).title.lower()
        said = Text(QCoreApplication.translate("walkthrough", "{loss} of (").format(loss=title))
        items = [
            Operand(Text("L", "italic"), (1, 1)), operator("="), said,
            self.vector(output, "a", Ref(output.id, "a", (0,), example), whole=True), Text(", "),
            Operand(Text("y", "italic"), (k, 1), target), Text(")"),
        ]  # fmt: skip
        return Equation(tuple(items))

    # ---------------------------------------------------------------- backward

    def _blame(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        items: list[Item] = [self.vector(place, "da", ref), operator("=")]
        if place.id == self.trace.network.output.layer.id:
            slope = Script(Text("∂L/∂a", "italic"), Text(place.label))
            return [*items, Operand(slope, (place.shape[0], 1))]
        j, example = ref.index[0], ref.example or 0
        for number, (after, port) in enumerate(self._consumers(place)):
            items += [operator("+")] if number else []
            array = f"W.{port.source}"
            active = next((r.index for r in _factors(term) if r.array == array and r.owner == after.id), None)
            transposed = self.matrix(after, array, row=j, active=active, transposed=True)
            there = Ref(after.id, "dz", (active[0] if active else 0,), example)
            items += [transposed, self.vector(after, "dz", there, whole=True, mark=active is not None)]
        return items

    def _slope(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        g = Text(f"{function_name(self.trace, place.id)}′ (")
        return [self.vector(place, "slope", ref), operator("="), g, self.vector(place, "z", ref), Text(")")]

    def _delta(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        items: list[Item] = [self.vector(place, "dz", ref), operator("=")]
        if fused(self.trace, ref):
            k, example, trace = place.shape[0], ref.example or 0, self.trace
            value = self._vector_cell(LOSS, "y", example)
            y = Grid(k, 1, lambda i, j: trace.network.loss_place.ref_y(i, example), value, ref.index[0])
            a = self.vector(place, "a", ref)
            return [*items, a, operator("−"), Operand(Text("y", "italic"), (k, 1), y)]
        if (place.id, "slope") in self.trace.arrays:
            return [*items, self.vector(place, "da", ref), operator("⊙"), self.vector(place, "slope", ref)]
        a, da = self.vector(place, "a", ref), self.vector(place, "da", ref, whole=True)
        tail = Fence(
            row(_letter("da", place), operator("−"), Text("Σ "), _letter("a", place), _letter("da", place))
        )
        return [*items, a, operator("⊙"), tail, Text("   "), da]

    def _gradient(self, place: Place, ref: Ref, term: Expression | None) -> list[Item]:
        i, example = ref.index[0], ref.example
        if example is None:
            return self._total(place, ref)
        array, at = ref.array, (ref.index[0], ref.index[1])
        made = self.matrix(place, array, row=i, active=at, example=example, column=at[1])
        dz = self.vector(place, "dz", Ref(place.id, "dz", (i,), example))
        if array == "db":
            return [made, operator("="), dz]
        port = next(each for each in place.inputs if f"dW.{each.source}" == array)
        symbol = Script(_letter("a", place, port.label), Text("ᵀ"))
        if port.label == "[0]":
            symbol = Script(Text("x", "italic"), Text("ᵀ"))
        n = port.shape[0]
        trace = self.trace
        grid = Grid(
            1, n, lambda _, j: trace.ref(port.source, "a", (j,), example),
            self._vector_cell(port.source, "a", example, across=True), None, at[1],
        )  # fmt: skip
        return [made, operator("="), dz, Operand(symbol, (1, n), grid)]

    def _total(self, place: Place, ref: Ref) -> list[Item]:
        """The sum of a gradient over the examples."""
        letter = _letter(_upper(ref.array), place)
        shares = _example_of(_upper(ref.array), "(i)")
        shape = self.trace.arrays[ref.owner, ref.array].shape
        made, part = Operand(letter, shape, parameter=True), Operand(shares, shape, parameter=True)
        return [made, operator("="), Text("Σ "), part]

    # ---------------------------------------------------------------- update

    def _update(self, ref: Ref) -> Equation | None:
        trace = self.trace
        expression = spelled_out(trace.cell(ref), trace, ref)
        sign = ":=" if ref.array.startswith("new ") else "="
        first = self._parameter(ref)
        if ref.array.startswith("mean "):
            letter = _example_of(f"d{_upper(ref.array.removeprefix('mean d'))}", "(i)")
            shares = Operand(letter, first.shape, parameter=True)
            return Equation((first, operator("="), as_matrices(expression.factors[0]), Text(" Σ "), shares))  # type: ignore[union-attr]
        operands = list(_operands(expression))
        if operands and all(isinstance(each, Ref | Number | Product | Negative) for each in operands):
            return Equation((first, operator(sign), *self._spread(expression)))
        first = Operand(first.symbol, first.shape, parameter=True)
        return Equation((first, operator(sign), as_matrices(expression)))

    def _spread(self, expression: Expression) -> Iterator[Item]:
        """A sum of products as matrices with signs between them."""
        terms = expression.terms if isinstance(expression, Sum) else (expression,)
        for number, term in enumerate(terms):
            minus = isinstance(term, Negative)
            inner = term.inner if isinstance(term, Negative) else term
            if number or minus:
                yield operator("−" if minus else "+")
            for place, factor in enumerate(inner.factors if isinstance(inner, Product) else (inner,)):
                matrix = isinstance(factor, Ref) and factor.owner in self.trace.layout.nodes
                if place:
                    yield operator("·")
                yield self._parameter(factor) if matrix and isinstance(factor, Ref) else as_matrices(factor)

    def _parameter(self, ref: Ref) -> Operand:
        trace = self.trace
        array = trace.arrays[ref.owner, ref.array]
        if array.ndim < 2 or len(ref.index) != array.ndim:
            return Operand(as_matrices(ref), array.shape, parameter=True)
        front, i, j = ref.index[:-2], ref.index[-2], ref.index[-1]
        known = self._cell(ref.owner, ref.array, front=front)
        rows, columns = array.shape[-2:]
        grid = Grid(
            rows, columns, lambda r, c: trace.ref(ref.owner, ref.array, (*front, r, c), None),
            known, active=(i, j),
        )  # fmt: skip
        return Operand(as_matrices(ref), array.shape, grid, parameter=True)

    # ---------------------------------------------------------------- operands

    def vector(
        self, place: Place, array: str, ref: Ref, *, whole: bool = False, mark: bool = True
    ) -> Operand:
        """z, a, da, dz or g′ of one example as a column; its cell of the step is lit."""
        trace, example, i = self.trace, ref.example or 0, ref.index[0]
        grid = Grid(
            place.shape[0], 1, lambda r, _: trace.ref(place.id, array, (r,), example),
            self._vector_cell(place.id, array, example), None if whole else i, 0 if whole else None,
            (i, 0) if mark and not whole else (i, 0) if mark and array == "dz" else None,
        )  # fmt: skip
        return Operand(_letter("g′" if array == "slope" else array, place), (place.shape[0], 1), grid)

    def before(self, port: Port, example: int, active: int | None) -> Operand:
        """The output of the layer behind a port, as a column."""
        trace = self.trace
        grid = Grid(
            port.shape[0], 1, lambda r, _: trace.ref(port.source, "a", (r,), example),
            self._vector_cell(port.source, "a", example), None, 0, None if active is None else (active, 0),
        )  # fmt: skip
        letter = Text("x", "italic") if port.label == "[0]" else Script(Text("a", "italic"), Text(port.label))
        return Operand(letter, (port.shape[0], 1), grid)

    def matrix(
        self, place: Place, array: str, *, row: int, active: tuple[int, ...] | None, transposed: bool = False,
        example: int | None = None, column: int | None = None,
    ) -> Operand:  # fmt: skip
        """W, b or a gradient; ``transposed`` shows the same numbers read by column."""
        trace = self.trace
        n, p = trace.arrays[place.id, array].shape
        known = self._cell(place.id, array, example=example)
        cell = None if active is None else (active[0], active[1])
        letter: Notation = _letter(_upper(array), place)
        if not transposed:
            grid = Grid(
                n, p, lambda i, j: trace.ref(place.id, array, (i, j), example), known, row, column, cell
            )
            return Operand(letter, (n, p), grid, parameter=True)
        grid = Grid(
            p, n, lambda i, j: trace.ref(place.id, array, (j, i), None), lambda i, j: known(j, i), row, None,
            None if cell is None else (cell[1], cell[0]),
        )  # fmt: skip
        letter = Script(Text("W", "italic"), Text(f"{place.label}ᵀ"))
        return Operand(letter, (p, n), grid, parameter=True)

    # ---------------------------------------------------------------- numbers

    def _cell(
        self,
        owner: str,
        array: str,
        examples: bool = False,
        example: int | None = None,
        front: tuple[int, ...] = (),
    ) -> Callable[[int, int], float | None]:
        """Numbers of a matrix; those of a row of examples with ``examples``.

        Of a parameter with more axes the matrix that lies at the place ``front``.
        """

        def value(i: int, j: int) -> float | None:
            if examples:
                return self.known(owner, array, (i,), j)
            place = self.trace.network.places.get(owner)
            port = next((p for p in place.inputs if array.endswith(f"W.{p.source}")), None) if place else None
            if port is not None and port.mask is not None and not port.mask[i, j]:
                return None
            return self.known(owner, array, (*front, i, j), example)

        return value

    def _vector_cell(
        self, owner: str, array: str, example: int, across: bool = False
    ) -> Callable[[int, int], float | None]:
        return lambda i, j: self.known(owner, array, (j if across else i,), example)

    def known(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> float | None:
        """A number, if it is calculated already."""
        number = known_after(self.trace, owner, array, index, example)
        if number is not None and self.at is not None and number > self.at:
            return None
        return self.trace.value(owner, array, index, example)

    def _kind(self, place: Place) -> object:
        return self.trace.layout.nodes[place.id].kind

    def _consumers(self, place: Place) -> Iterator[tuple[Place, Port]]:
        for each in self.trace.network.places.values():
            for port in each.inputs:
                if port.source == place.id:
                    yield each, port


def known_after(
    trace: Trace, owner: str, array: str, index: tuple[int, ...], example: int | None
) -> int | None:
    """The step after which a number is known: those on the way of an update (mean, memory) too."""
    return trace.number_of(owner, array, index, example)


def _factors(term: Expression | None) -> Iterator[Ref]:
    if isinstance(term, Product):
        yield from (factor for factor in term.factors if isinstance(factor, Ref))


def _operands(expression: Expression) -> Iterator[Expression]:
    """What stands between the signs, as far as it is made of sums and products."""
    terms = expression.terms if isinstance(expression, Sum) else (expression,)
    for term in terms:
        inner = term.inner if isinstance(term, Negative) else term
        yield from inner.factors if isinstance(inner, Product) else (inner,)


def _letter(letter: str, place: Place, label: str = "") -> Script:
    return Script(Text(letter, "italic"), Text(label or place.label))


def _example_of(letter: str, mark: str) -> Script:
    return Script(Text(letter, "italic"), Text(mark))


def _upper(array: str) -> str:
    return array.partition(".")[0]
