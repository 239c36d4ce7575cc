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
from engine.core.expressions import Expression, Product, Ref, Sum, evaluate, total
from engine.core.place import Moment
from engine.core.plan import Array, Phase
from engine.core.steps import Step
from engine.datasets import Data
from engine.document import Document
from engine.feeding import Feeding
from engine.layers.base import COMMON, Words
from engine.layout import Layout, Node, Slot
from engine.learned import Learned
from engine.losses.base import OWNER as LOSS
from engine.network import Network
from engine.parameters import ParameterStore, precision
from engine.update_cells import STAGES, Link, UpdateCells


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
        dtype: type | None = None,
    ) -> None:
        self.document = document
        self.examples = tuple(int(each) for each in examples)
        self.step_number = learned.step
        self.position = position
        self.layout = Layout(document)
        feeding = Feeding(document, data, self.layout)
        turns, turn = len(feeding.turns), feeding.turn(learned.step)
        store = ParameterStore(self.layout, dtype or precision(document), turns=turns)
        store.load(learned)
        batch = feeding.of_examples(examples, learned.step)
        self.network = Network(store, batch.X.shape[1], explains=True, turn=turn)
        self.network.plan.step = learned.step
        self.network.feed(batch.X, batch.Y)
        before = {key: view.copy() for key, view in store.parameters.items()}
        memory = {name: store.views(flat.copy()) for name, flat in store.memory.items()}
        with np.errstate(all="ignore"):
            for call in self.network.calls():
                call()
        self._update = UpdateCells(
            document, self.m, learned.step, int(store.clocks[turn]), store.views(self.network.penalised)
        )
        self.arrays: dict[tuple[str, str], Array] = dict(self.network.plan.arrays)
        self._gradients: set[tuple[str, str]] = set()
        kept = {name: store.views(self.arrays["optimizer", name]) for name in ("sum", "mean", "whole")}
        for key, slot in self.layout.slots.items():
            layer, name = slot.layer, slot.part.name
            self.arrays[layer, name] = before[key]
            self.arrays[layer, f"new {name}"] = store.parameters[key]
            if not slot.learned:
                continue
            self._gradients.add((layer, f"d{name}"))
            self.arrays[layer, f"d{name}"] = kept["sum"][key]
            if layer not in self.network.learners:
                continue
            self.arrays[layer, f"mean d{name}"] = kept["mean"][key]
            if self._update.penalises:
                self.arrays[layer, f"whole d{name}"] = kept["whole"][key]
            if self._update.clips:
                self.arrays[layer, f"clipped d{name}"] = store.gradients[key]
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
        """The number of columns that are fed in: of the examples, and of those that are made up."""
        return self.network.m

    @property
    def J(self) -> float:
        """The mean loss before the update."""
        return self.network.J

    def number_in_data(self, column: int) -> int | None:
        """Which example of the data, counted from 0, stands in a column; ``None`` where one is made up."""
        return self.examples[column] if column < len(self.examples) else None

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
            place = self._places.get((phase, owner, 0 if self._shared(owner, array) else example))
            if place is None or array.startswith("new ") != (phase is Phase.UPDATE):
                continue
            end = self._ends(place).get((array.removeprefix("new "), index))
            if end is not None:
                return self.starts[place] + end - 1
        return self._on_the_way(owner, array, index) if example is None else None

    def _on_the_way(self, owner: str, array: str, index: tuple[int, ...]) -> int | None:
        """The step of a number between a gradient and its update: its mean, the optimizer's memory."""
        name = self._update.bare(array)
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
            self._known_ends[key] = {
                (moment.array.removeprefix("new "), moment.index): end for moment, end in pairs
            }
        return self._known_ends[key]

    def lookup(self, ref: Ref) -> float:
        """The number that a reference stands for, from the arrays of the run."""
        array = self.arrays[ref.owner, ref.array]
        if ref.example is not None and (ref.owner, ref.array) in self._gradients:
            return evaluate(self.cell(ref), self.lookup)
        index = ref.index if ref.example is None else (*ref.index, ref.example)
        if ref.owner == LOSS and ref.array == "J":
            index = (0, 0)
        return float(array[index])

    def cell(self, ref: Ref) -> Expression:
        """How the number of a reference came about.

        Raises ``KeyError`` for one that is given: a parameter, the data.
        """
        if ref.array.startswith("new ") and not self._learned(ref):
            return self.network.cell(ref.owner, ref.array, ref.index, 0)
        if ref.array.startswith(("new ", *STAGES)):
            if ref.owner not in self.network.learners:
                raise KeyError(ref)
            return {link.target.key: link.expression for link in self._links(ref)}[ref.key]
        if ref.example is None and (ref.owner, ref.array) in self._gradients:
            shares = [self.network.cell(ref.owner, ref.array, ref.index, k) for k in range(self.m)]
            return total(*shares)
        if ref.example is None and ref.array != "J" and not self._shared(ref.owner, ref.array):
            raise KeyError(ref)
        return self.network.cell(ref.owner, ref.array, ref.index, ref.example or 0)

    def _shared(self, owner: str, array: str) -> bool:
        """Whether an array belongs to no single example."""
        return owner in self.layout.nodes and array in self.layout.nodes[owner].kind.shared

    def _learned(self, ref: Ref) -> bool:
        """Whether a number after the update is of something that gradients move."""
        slot = self.layout.slots.get(f"{ref.owner}.{ref.array.rpartition(' ')[2]}")
        return slot is None or slot.learned

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
        loss = self._loss_moments()
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

    def _loss_moments(self) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        place = self.network.loss_place
        moments = [Moment("L", (0,))]
        if place.share is not None:
            moments = [*(Moment("l", at) for at in np.ndindex(place.positions)), Moment("L", (0,), None)]
        return self._counted(LOSS, tuple(moments))

    def _moments(self, node: Node, phase: Phase) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        place = self.network.places[node.layer.id]
        return self._counted(node.layer.id, tuple(node.kind.steps(place, phase)))

    def _counted(self, owner: str, moments: tuple[Moment, ...]) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        """The moments with the number of steps before each, and of all at the end."""
        counts = (self._steps_of(owner, each) if each.steps is None else each.steps for each in moments)
        return moments, tuple(accumulate(counts, initial=0))

    def _steps_of(self, owner: str, moment: Moment) -> int:
        if moment.array == "da":
            known = self.network.da_steps(self.network.places[owner], moment.index)
            if known is not None:
                return known
        return len(_plan_of(self.network.cell(owner, moment.array, moment.index, 0)))

    def _update_moments(self, node: Node) -> tuple[tuple[Moment, ...], tuple[int, ...]]:
        moments = []
        for slot in self.layout.slots.values():
            if slot.layer != node.layer.id or not self._moves(slot):
                continue
            name, mask = slot.part.name, self.network.store.masks.get(slot.key)
            locks = self._has_locks(slot.layer, name)
            for index in np.ndindex(slot.shape):
                if mask is None or mask[index]:
                    locked = locks and self._locked(slot.layer, name, index)
                    moments.append(Moment(name, index, 1 if locked else self._update.count(slot, index)))
        place = self.network.places[node.layer.id]
        return self._counted(node.layer.id, (*node.kind.steps(place, Phase.UPDATE), *moments))

    def _moves(self, slot: Slot) -> bool:
        """Whether a parameter is updated in this turn."""
        return slot.learned and slot.layer in self.network.learners

    def _has_locks(self, layer: str, name: str) -> bool:
        connection = self.document.connection(name.removeprefix("W."), layer)
        return connection is not None and bool(connection.locked)

    # ---------------------------------------------------------------- steps

    def _step(self, number: int) -> Step:
        place, section = self.section_of(number)
        within = number - self.starts[place]
        which = bisect_right(section.counts, within) - 1
        moment, offset = section.moments[which], within - section.counts[which]
        if section.phase is Phase.UPDATE and not moment.array.startswith("new "):
            return self._update_step(section, moment, offset)
        return self._plain_step(section, moment, offset)

    def _plain_step(self, section: Section, moment: Moment, offset: int) -> Step:
        example = None if self._shared(section.owner, moment.array) else section.example
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
        said, equation, code = self._words(section.owner, moment.array)
        if len(plan) == 1:
            kind = said
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
            equation=equation,
            code=code,
        )

    def _words(self, owner: str, array: str) -> Words:
        """What to say of a step of an array: its kind, its general equation, and the code."""
        if owner == LOSS:
            return _OF_LOSS[array]
        head = array.partition(".")[0]
        if head == "da":
            if owner == self.layout.output.layer.id:
                return _DA_OF_OUTPUT
            after = next((each for each in self.layout.active if owner in each.inputs), None)
            return COMMON["da"] if after is None else after.kind.words.get("da", COMMON["da"])
        if head == "dz" and self.network.places[owner].dz_given:
            return _DZ_WITH_LOSS
        words = self.layout.nodes[owner].kind.words
        return words.get(head) or COMMON.get(head) or ("value", "", "")

    def _update_step(self, section: Section, moment: Moment, offset: int) -> Step:
        links = self._links(self.ref(section.owner, moment.array, moment.index, None))
        link = links[offset]
        return Step(
            phase=Phase.UPDATE,
            kind=link.kind,
            target=link.target,
            expression=link.expression,
            value=self.lookup(link.target),
            position=offset,
            of=len(links),
            equation=link.equation,
            code=link.code,
        )

    def _links(self, ref: Ref) -> list[Link]:
        """What happens to the parameter of a reference in the update."""
        name = self._update.bare(ref.array)

        def there(array: str) -> Ref:
            return self.ref(ref.owner, array, ref.index, None)

        if self._locked(ref.owner, name, ref.index):
            kept = "w := w, because it is locked"
            return [Link(there(f"new {name}"), there(name), "update", kept, "pass")]
        return self._update.links(f"{ref.owner}.{name}", name, there, ref.index)

    def _locked(self, layer: str, name: str, index: tuple[int, ...]) -> bool:
        connection = self.document.connection(name.removeprefix("W."), layer)
        if connection is None or not connection.locked:
            return False
        target, source = self.document.layer(layer), self.document.layer(connection.source)
        if index[0] >= target.size or index[1] >= source.size:
            return False
        return (target.units[index[0]], source.units[index[1]]) in connection.locked

    # ---------------------------------------------------------------- references

    def ref(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> Ref:
        """The reference to a cell by its address, with its symbol."""
        if owner == LOSS:
            return Ref(LOSS, array, index, example, array, "", "")
        place = self.network.places.get(owner) or self.network.idle[owner]
        return place.ref(array, index, example)


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


_OF_LOSS: dict[str, Words] = {
    "L": ("loss", "L(a, y)", "L = loss(a, y)"),
    "l": ("loss", "L(a, y) at one position", "L = loss(a, y)"),
    "J": ("cost", "J = 1/m Σ L", "J = L.mean()"),
}
_DA_OF_OUTPUT: Words = ("blame", "da[L] = ∂L/∂a[L]", "da = loss_prime(a, y)")
_DZ_WITH_LOSS: Words = ("delta", "dz[L] = a[L] − y", "dz = a - y")
