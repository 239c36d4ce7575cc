"""The trace: one update step by step, with every number explained.

The very plan that trains is run once with the lines that only an explanation needs; the steps
then read the arrays of that run. Nothing is recomputed but products and partial sums, which no
array holds. Steps can be reached by number without making the ones before.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from engine.batches import Position
from engine.core.expressions import Expression, Ref, Sum, evaluate, total
from engine.core.place import Moment
from engine.core.plan import Array, Phase
from engine.core.steps import Step, ways
from engine.datasets import Data
from engine.document import Document
from engine.feeding import Feeding
from engine.layers.base import COMMON, Words
from engine.layout import Layout
from engine.learned import Learned
from engine.losses.base import OWNER as LOSS
from engine.network import Network
from engine.parameters import ParameterStore, precision
from engine.sections import Section, Sections
from engine.update_cells import STAGES, Link, UpdateCells


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
        for section in self.sections:
            if section.phase is Phase.FORWARD:
                _ = section.passage.ends  # known here, so that whoever looks first need not wait
        self._cached_step = lru_cache(maxsize=4096)(self._step)
        self._cached_way = lru_cache(maxsize=64)(self._way)

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

    def moment_of(self, number: int) -> tuple[Moment, int]:
        """What a step helps to calculate, and the first step that does: without making a step."""
        place, section = self.section_of(number)
        which = bisect_right(section.counts, number - self.starts[place]) - 1
        return section.moments[which], self.starts[place] + section.counts[which]

    def numbers_of(
        self, owner: str, array: str, cells: Iterable[tuple[int, ...]], example: int | None
    ) -> list[int]:
        """``number_of`` of many cells of an array of the pass there or back; -1 where no step ends."""
        column = 0 if self._shared(owner, array) else example
        places = (self._places.get((phase, owner, column)) for phase in _BEFORE_UPDATE)
        known = [(self.starts[each], self.sections[each].passage.ends) for each in places if each is not None]
        found = []
        for cell in cells:
            ends = (start + ends[array, cell] - 1 for start, ends in known if (array, cell) in ends)
            found.append(next(ends, -1))
        return found

    def number_of(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> int | None:
        """The step after which a cell's number is known; ``None`` if no step calculates it."""
        column = 0 if self._shared(owner, array) else example
        bare = array.removeprefix("new ")
        for phase in (Phase.UPDATE,) if array.startswith("new ") else _BEFORE_UPDATE:
            place = self._places.get((phase, owner, column))
            if place is not None:
                end = self.sections[place].passage.ends.get((bare, index))
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

    def lookup(self, ref: Ref) -> float:
        """The number that a reference stands for, from the arrays of the run."""
        return self.value(ref.owner, ref.array, ref.index, ref.example)

    def value(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> float:
        """The number of a cell, from the arrays of the run; of a gradient also the share of one example."""
        values = self.arrays[owner, array]
        if example is not None and (owner, array) in self._gradients:
            return evaluate(self.cell(Ref(owner, array, index, example)), self.lookup)
        if owner == LOSS and array == "J":
            index = (0, 0)
        return float(values.item(index if example is None else (*index, example)))

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

    # ---------------------------------------------------------------- steps

    def _sections(self) -> Iterable[Section]:
        return Sections(self.network, self._update)

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
        way = self._cached_way(section.owner, moment.array, moment.index, example or 0)
        kind, term, until = way.steps[offset]
        final = offset == len(way.steps) - 1
        running = way.sums[until] if way.sums else None
        if final:
            value = self.lookup(target)
        elif kind == "sum":
            value = running if running is not None else 0.0
        else:
            value = evaluate(term if term is not None else way.expression, self.lookup)
        said, equation, code = self._words(section.owner, moment.array)
        if len(way.steps) == 1:
            kind = said
        return Step(
            phase=section.phase,
            kind=kind,
            target=target,
            expression=way.expression,
            value=value,
            term=term,
            before=way.sums[until - 1] if way.sums and until else 0.0,
            running=value if final and running is not None else running,
            position=offset,
            of=len(way.steps),
            example=example,
            equation=equation,
            code=code,
        )

    def _way(self, owner: str, array: str, index: tuple[int, ...], example: int) -> _Way:
        """The steps of a number with its partial sums: made once for all of them."""
        expression = self.network.cell(owner, array, index, example)
        if not isinstance(expression, Sum):
            return _Way(expression, ways(expression), ())
        terms = (evaluate(term, self.lookup) for term in expression.terms)
        return _Way(expression, ways(expression), tuple(accumulate(terms, initial=0.0)))

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

        return self._update.links(ref, name, there)

    # ---------------------------------------------------------------- references

    def ref(self, owner: str, array: str, index: tuple[int, ...], example: int | None) -> Ref:
        """The reference to a cell by its address, with its symbol."""
        if owner == LOSS:
            return Ref(LOSS, array, index, example, array, "", "")
        place = self.network.places.get(owner) or self.network.idle[owner]
        return place.ref(array, index, example)


class _Way(NamedTuple):
    """How a number is calculated: its formula, its steps, and the sum before each term and after the last."""

    expression: Expression
    steps: list[tuple[str, Expression | None, int]]
    sums: tuple[float, ...]


_BEFORE_UPDATE = (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD)
_OF_LOSS: dict[str, Words] = {
    "L": ("loss", "L(a, y)", "L = loss(a, y)"),
    "l": ("loss", "L(a, y) at one position", "L = loss(a, y)"),
    "J": ("cost", "J = 1/m Σ L", "J = L.mean()"),
}
_DA_OF_OUTPUT: Words = ("blame", "da[L] = ∂L/∂a[L]", "da = loss_prime(a, y)")
_DZ_WITH_LOSS: Words = ("delta", "dz[L] = a[L] − y", "dz = a - y")
