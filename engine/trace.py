"""The trace: one update step by step, with every number explained.

The very plan that trains is run once with the lines that only an explanation needs; the steps
then read the arrays of that run. Nothing is recomputed but products and partial sums, which no
array holds. Steps can be reached by number without making the ones before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np

from engine.batches import Position
from engine.core.expressions import Expression, Number, Product, Ref, Sum, evaluate, total
from engine.core.place import Moment
from engine.core.plan import Array, Phase
from engine.core.steps import Step
from engine.datasets import Data
from engine.document import Document
from engine.layout import Layout, Node
from engine.learned import Learned
from engine.losses.base import OWNER as LOSS
from engine.network import Network
from engine.optimizers import optimizers
from engine.optimizers.base import Weight
from engine.parameters import ParameterStore


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of steps: one layer in one phase of one example (``None`` for the update)."""

    phase: Phase
    owner: str
    example: int | None
    moments: tuple[Moment, ...]
    counts: tuple[int, ...]
    """For each moment the number of the steps before it, and at the end their number."""

    @property
    def count(self) -> int:
        """How many steps it has."""
        return self.counts[-1]


class Trace:
    """Update number ``learned.step`` of a document, on the given examples of the data.

    ``examples`` are numbers of examples counted from 0; an ``example`` in a step or reference is
    the column within them.
    """

    def __init__(
        self,
        document: Document,
        data: Data,
        learned: Learned,
        examples: Array,
        position: Position | None = None,
        dtype: type = np.float64,
    ) -> None:
        self.document = document
        self.examples = tuple(int(each) for each in examples)
        self.step_number = learned.step
        self.position = position
        self.layout = Layout(document)
        store = ParameterStore(self.layout, dtype)
        store.load(learned)
        self.network = Network(store, len(self.examples), explains=True)
        self.network.feed(data.X[:, examples], data.Y[:, examples])
        before = {key: view.copy() for key, view in store.parameters.items()}
        memory = {name: store.views(flat.copy()) for name, flat in store.memory.items()}
        with np.errstate(all="ignore"):
            for call in self.network.calls():
                call()
        self._clock = int(store.t)
        self.arrays: dict[tuple[str, str], Array] = dict(self.network.plan.arrays)
        sums = store.views(self.arrays["optimizer", "sum"])
        for key, slot in self.layout.slots.items():
            layer, name = slot.layer, slot.part.name
            self.arrays[layer, name] = before[key]
            self.arrays[layer, f"new {name}"] = store.parameters[key]
            self.arrays[layer, f"d{name}"] = sums[key]
            self.arrays[layer, f"mean d{name}"] = store.gradients[key]
            for vector, flat in store.memory.items():
                self.arrays[layer, f"{vector} {name}"] = memory[vector][key]
                self.arrays[layer, f"new {vector} {name}"] = store.views(flat)[key]
        for array in self.arrays.values():
            array.setflags(write=False)
        self.sections = tuple(self._sections())
        starts = np.cumsum([0, *(section.count for section in self.sections)])
        self.starts = tuple(int(each) for each in starts)
        self._places = {
            (section.phase, section.owner, section.example): place
            for place, section in enumerate(self.sections)
        }
        self._known_ends: dict[tuple[Phase, str, bool], dict[tuple[str, tuple[int, ...]], int]] = {}
        self._cached_step = lru_cache(maxsize=4096)(self._step)

    # ---------------------------------------------------------------- use

    @property
    def m(self) -> int:
        """The number of examples."""
        return len(self.examples)

    @property
    def J(self) -> float:
        """The mean loss before the update."""
        return self.network.J

    def __len__(self) -> int:
        return self.starts[-1]

    def __getitem__(self, number: int) -> Step:
        """The step of that number, counted from 0."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._cached_step(number)

    def __iter__(self) -> Iterator[Step]:
        return (self[number] for number in range(len(self)))

    def section_of(self, number: int) -> tuple[int, Section]:
        """The section in which a step lies, with its own number."""
        place = bisect_right(self.starts, number) - 1
        return place, self.sections[place]

    def number_of(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> int | None:
        """The step after which a cell's number is known; ``None`` if no step calculates it."""
        for phase in Phase:
            place = self._places.get((phase, owner, example))
            if place is None or array.startswith("new ") != (phase is Phase.UPDATE):
                continue
            end = self._ends(place).get((array.removeprefix("new "), index))
            if end is not None:
                return self.starts[place] + end - 1
        return self._on_the_way(owner, array, index) if example is None else None

    def _on_the_way(self, owner: str, array: str, index: tuple[int, ...]) -> int | None:
        """The step of a number between a gradient and its update: its mean, the optimizer's memory."""
        name = array.removeprefix("new ").removeprefix("mean d").split(" ")[-1]
        if array in {name, f"new {name}"}:
            return None
        last = self.number_of(owner, f"new {name}", index, None)
        if last is None:
            return None
        steps = range(last - self[last].of + 1, last + 1)
        return next((number for number in steps if self[number].target.array == array), None)

    def _ends(self, place: int) -> dict[tuple[str, tuple[int, ...]], int]:
        """For each cell of a section where it ends; sections of other examples share it."""
        section = self.sections[place]
        key = (section.phase, section.owner, section.example is None)
        if key not in self._known_ends:
            pairs = zip(section.moments, section.counts[1:], strict=True)
            self._known_ends[key] = {(moment.array, moment.index): end for moment, end in pairs}
        return self._known_ends[key]

    def lookup(self, ref: Ref) -> float:
        """The number that a reference stands for, from the arrays of the run."""
        array = self.arrays[ref.owner, ref.array]
        if ref.example is not None and ref.array.startswith(("dW", "db")):
            return evaluate(self.cell(ref), self.lookup)
        index = ref.index if ref.example is None else (*ref.index, ref.example)
        if ref.owner == LOSS and ref.array == "J":
            index = (0, 0)
        return float(array[index])

    def cell(self, ref: Ref) -> Expression:
        """How the number of a reference came about.

        Raises ``KeyError`` for one that is given: a parameter, the data.
        """
        if ref.array.startswith(("new ", "mean ")):
            return dict(self._update_cells(ref))[ref.key]
        if ref.array.startswith(("dW", "db")) and ref.example is None:
            shares = [self.network.cell(ref.owner, ref.array, ref.index, k) for k in range(self.m)]
            return total(*shares)
        if ref.example is None and ref.array != "J":
            raise KeyError(ref)
        return self.network.cell(ref.owner, ref.array, ref.index, ref.example or 0)

    def explained(self, ref: Ref) -> bool:
        """Whether ``cell`` has something to say of it."""
        try:
            self.cell(ref)
        except KeyError:
            return False
        return True

    # ---------------------------------------------------------------- sections

    def _sections(self) -> Iterator[Section]:
        forward = {node.layer.id: self._moments(node, Phase.FORWARD) for node in self.layout.active}
        backward = {node.layer.id: self._moments(node, Phase.BACKWARD) for node in self.layout.active}
        loss = ((Moment("L", (0,)),), (0, 1))
        for example in range(self.m):
            for id, (moments, counts) in forward.items():
                if moments:
                    yield Section(Phase.FORWARD, id, example, moments, counts)
            yield Section(Phase.LOSS, LOSS, example, *loss)
            if example == self.m - 1:
                yield Section(Phase.LOSS, LOSS, None, (Moment("J", (0,)),), (0, 1))
            for id, (moments, counts) in reversed(backward.items()):
                if moments:
                    yield Section(Phase.BACKWARD, id, example, moments, counts)
        for node in self.layout.active:
            moments, counts = self._update_moments(node)
            if moments:
                yield Section(Phase.UPDATE, node.layer.id, None, moments, counts)

    def _moments(self, node: Node, phase: Phase) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        place = self.network.places[node.layer.id]
        moments = tuple(node.kind.steps(place, phase))
        counts = accumulate(
            (
                self.network.da_steps(place, moment.index) if moment.steps is None else moment.steps
                for moment in moments
            ),
            initial=0,
        )
        return moments, tuple(counts)

    def _update_moments(self, node: Node) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        steps = self._steps_a_weight
        moments = []
        for slot in self.layout.slots.values():
            if slot.layer != node.layer.id:
                continue
            name, mask = slot.part.name, self.network.store.masks.get(slot.key)
            locks = self._has_locks(slot.layer, name)
            for index in np.ndindex(slot.shape):
                if mask is None or mask[index]:
                    locked = locks and self._locked(slot.layer, name, index)
                    moments.append(Moment(name, index, 1 if locked else steps))
        counts = accumulate((moment.steps or 0 for moment in moments), initial=0)
        return tuple(moments), tuple(counts)

    def _has_locks(self, layer: str, name: str) -> bool:
        connection = self.document.connection(name.removeprefix("W."), layer)
        return connection is not None and bool(connection.locked)

    @property
    def _steps_a_weight(self) -> int:
        memories = optimizers.make(self.document.optimizer).memories
        return len(memories) + 1 + (self.m > 1)

    # ---------------------------------------------------------------- steps

    def _step(self, number: int) -> Step:
        place, section = self.section_of(number)
        within = number - self.starts[place]
        which = bisect_right(section.counts, within) - 1
        moment, offset = section.moments[which], within - section.counts[which]
        if section.phase is Phase.UPDATE:
            return self._update_step(section, moment, offset)
        return self._plain_step(section, moment, offset)

    def _plain_step(self, section: Section, moment: Moment, offset: int) -> Step:
        example = section.example
        target = self.ref(section.owner, moment.array, moment.index, example)
        expression = self.network.cell(section.owner, moment.array, moment.index, example or 0)
        plan = _plan_of(expression)
        kind, term, until = plan[offset]
        running = None
        if isinstance(expression, Sum):
            running = evaluate(Sum(expression.terms[:until]), self.lookup)
        final = offset == len(plan) - 1
        if final:
            value = self.lookup(target)
        elif kind == "sum":
            value = running if running is not None else 0.0
        else:
            value = evaluate(term if term is not None else expression, self.lookup)
        if len(plan) == 1:
            kind = _KINDS.get(moment.array.split(".")[0], "value")
        return Step(
            phase=section.phase,
            kind=kind,
            target=target,
            expression=expression,
            value=value,
            term=term,
            running=value if final and running is not None else running,
            position=offset,
            of=len(plan),
            example=example,
            equation=_EQUATIONS.get(self._said_as(section.owner, moment.array), ""),
            code=_CODE.get(self._said_as(section.owner, moment.array), ""),
        )

    def _said_as(self, owner: str, array: str) -> str:
        """Under which entry the general equation of an array stands."""
        head = array.partition(".")[0]
        if head == "da" and owner == self.layout.output.layer.id:
            return "da of the output"
        if head == "dz" and self.network.places[owner].dz_given:
            return "dz with the loss"
        return head

    def _update_step(self, section: Section, moment: Moment, offset: int) -> Step:
        ref = self.ref(section.owner, moment.array, moment.index, None)
        cells = self._update_cells(ref)
        (key, expression), count = cells[offset], len(cells)
        array = key[1]
        target = self.ref(section.owner, array, moment.index, None)
        kind = "average" if array.startswith("mean ") else "update" if offset == count - 1 else "memory"
        if kind == "average":
            equation, code = _EQUATIONS[kind], _CODE[kind]
        elif expression == self.ref(section.owner, moment.array, moment.index, None):
            equation, code = "w := w, because it is locked", "pass"
        else:
            vector = array.removeprefix("new ").removesuffix(moment.array).strip()
            equation, code = optimizers.make(self.document.optimizer).words[vector or "w"]
        return Step(
            phase=Phase.UPDATE,
            kind=kind,
            target=target,
            expression=expression,
            value=self.lookup(target),
            position=offset,
            of=count,
            equation=equation,
            code=code,
        )

    def _update_cells(
        self, ref: Ref
    ) -> list[tuple[tuple[str, str, tuple[int, ...], int | None], Expression]]:
        name = ref.array.removeprefix("new ").removeprefix("mean d")
        for vector in optimizers.make(self.document.optimizer).memories:
            name = name.removeprefix(f"{vector} ")

        def there(array: str) -> Ref:
            return self.ref(ref.owner, array, ref.index, None)

        mean, new = there(f"mean d{name}"), there(f"new {name}")
        if self._locked(ref.owner, name, ref.index):
            return [(new.key, there(name))]
        cells: list[tuple[tuple[str, str, tuple[int, ...], int | None], Expression]] = []
        if self.m > 1:
            share = Number(1.0 / self.m, f"1/{self.m}")
            cells.append((mean.key, Product((share, there(f"d{name}")))))
        optimizer = optimizers.make(self.document.optimizer)
        memory = {
            vector: (there(f"{vector} {name}"), there(f"new {vector} {name}"))
            for vector in optimizer.memories
        }
        gradient = mean if self.m > 1 else there(f"d{name}")
        weight = Weight(there(name), new, gradient, memory, self._clock)
        cells += [(target.key, expression) for target, expression in optimizer.cells(weight)]
        return cells

    def _locked(self, layer: str, name: str, index: tuple[int, ...]) -> bool:
        connection = self.document.connection(name.removeprefix("W."), layer)
        if connection is None or not connection.locked:
            return False
        target, source = self.document.layer(layer), self.document.layer(connection.source)
        return (target.units[index[0]], source.units[index[1]]) in connection.locked

    # ---------------------------------------------------------------- references

    def ref(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> Ref:
        """The reference to a cell by its address, with its symbol."""
        if owner == LOSS:
            return Ref(LOSS, array, index, example, array, "", "")
        return self.network.places[owner].ref(array, index, example)


def _plan_of(expression: Expression) -> list[tuple[str, Expression | None, int]]:
    """The steps in which a cell is calculated: (kind, term, number of terms added so far)."""
    if not isinstance(expression, Sum) or not any(isinstance(term, Product) for term in expression.terms):
        return [("value", None, 0)]
    products = [n for n, term in enumerate(expression.terms) if isinstance(term, Product)]
    simple = all(isinstance(f, Ref) for n in products for f in expression.terms[n].factors)  # type: ignore[union-attr]
    if not simple:
        return [("value", None, 0)]
    steps: list[tuple[str, Expression | None, int]] = []
    for n, term in enumerate(expression.terms):
        if n == len(products) and len(products) > 1:
            steps.append(("sum", None, n))
        steps.append(("product" if isinstance(term, Product) else "bias", term, n + 1))
    if len(products) == len(expression.terms):
        steps.append(("sum", None, len(products)))
    return steps


_KINDS = {
    "a": "activation",
    "slope": "slope",
    "dz": "delta",
    "da": "blame",
    "dW": "gradient",
    "db": "gradient",
    "L": "loss",
    "J": "cost",
}
_EQUATIONS = {
    "z": "z[l] = W[l] a[l−1] + b[l]",
    "a": "a[l] = g[l](z[l])",
    "L": "L(a, y)",
    "J": "J = 1/m Σ L",
    "da": "da[l] = W[l+1]ᵀ dz[l+1]",
    "da of the output": "da[L] = ∂L/∂a[L]",
    "dz with the loss": "dz[L] = a[L] − y",
    "slope": "g[l]′(z[l])",
    "dz": "dz[l] = da[l] ⊙ g[l]′(z[l])",
    "dW": "dW[l] = dz[l] a[l−1]ᵀ",
    "db": "db[l] = Σ dz[l]",
    "average": "∂J/∂w = 1/m Σ dw",
}
_CODE = {
    "z": "z = W @ a_prev + b",
    "a": "a = g(z)",
    "L": "L = loss(a, y)",
    "J": "J = L.mean()",
    "da": "da_prev = W.T @ dz",
    "da of the output": "da = loss_prime(a, y)",
    "dz with the loss": "dz = a - y",
    "slope": "slope = g_prime(z)",
    "dz": "dz = da * g_prime(z)",
    "dW": "dW = dz @ a_prev.T",
    "db": "db = dz.sum(axis=1, keepdims=True)",
    "average": "dW /= m",
}
