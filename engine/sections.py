"""Sections: the steps of one update in stretches, counted without making a single one of them.

A walkthrough of a large network has hundreds of millions of steps. So a layer says of each of its
numbers only in how many steps it is calculated; the trace makes a step when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, product

from engine.core.place import Index, Moment
from engine.core.plan import Phase
from engine.core.steps import ways
from engine.layout import Node
from engine.losses.base import OWNER as LOSS
from engine.network import Network
from engine.update_cells import UpdateCells


class Passage:
    """Some numbers one after the other, with the number of the steps before each of them."""

    def __init__(self, moments: tuple[Moment, ...], steps: Iterator[int]) -> None:
        self.moments = moments
        self.counts = tuple(accumulate(steps, initial=0))
        """For each moment the number of the steps before it, and at the end their number."""

    @cached_property
    def ends(self) -> Mapping[tuple[str, Index], int]:
        """For each cell, of whatever is new without that word, the number of steps until it is known."""
        pairs = zip(self.moments, self.counts[1:], strict=True)
        return {(moment.array.removeprefix("new "), moment.index): end for moment, end in pairs}

    @cached_property
    def runs(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Where numbers of another unit begin, and of another cell: the steps before them, and of all."""
        units, cells = [0], [0]
        pairs = zip(self.moments, self.moments[1:], self.counts[1:], strict=False)
        for before, after, count in pairs:
            if before.index != after.index:
                cells.append(count)
                if before.index[:1] != after.index[:1]:
                    units.append(count)
        return (*units, self.counts[-1]), (*cells, self.counts[-1])


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of steps: one layer in one phase of one example (``None`` for the update)."""

    phase: Phase
    owner: str
    example: int | None
    passage: Passage
    """The same for all examples."""

    @property
    def moments(self) -> tuple[Moment, ...]:
        """Its numbers, in order."""
        return self.passage.moments

    @property
    def counts(self) -> tuple[int, ...]:
        """For each moment the number of the steps before it, and at the end their number."""
        return self.passage.counts

    @property
    def count(self) -> int:
        """How many steps it has."""
        return self.passage.counts[-1]


@dataclass(frozen=True, slots=True)
class Sections:
    """All sections of one update: example by example there and back, then the update of all layers."""

    network: Network
    update: UpdateCells

    def __iter__(self) -> Iterator[Section]:
        active, last = self.network.layout.active, self.network.m - 1
        forward = [(node.layer.id, self._of_layer(node, Phase.FORWARD)) for node in active]
        backward = [(node.layer.id, self._of_layer(node, Phase.BACKWARD)) for node in reversed(active)]
        loss, cost = self._of_loss(), Passage((Moment("J", (0,)),), iter((1,)))
        for example in range(self.network.m):
            for id, passage in forward:
                if passage.moments:
                    yield Section(Phase.FORWARD, id, example, passage)
            yield Section(Phase.LOSS, LOSS, example, loss)
            if example == last:
                yield Section(Phase.LOSS, LOSS, None, cost)
            for id, passage in backward:
                if passage.moments:
                    yield Section(Phase.BACKWARD, id, example, passage)
        for node in active:
            passage = self._of_update(node)
            if passage.moments:
                yield Section(Phase.UPDATE, node.layer.id, None, passage)

    def _of_loss(self) -> Passage:
        place = self.network.loss_place
        moments = [Moment("L", (0,))]
        if place.share is not None:
            every = product(*map(range, place.positions))
            moments = [*(Moment("l", at) for at in every), Moment("L", (0,), None)]
        return self._counted(LOSS, tuple(moments))

    def _of_layer(self, node: Node, phase: Phase) -> Passage:
        place = self.network.places[node.layer.id]
        return self._counted(node.layer.id, tuple(node.kind.steps(place, phase)))

    def _of_update(self, node: Node) -> Passage:
        """What is kept without being learned, then every parameter that learns in this turn."""
        place = self.network.places[node.layer.id]
        moments = list(node.kind.steps(place, Phase.UPDATE))
        for slot in self.network.layout.slots.values():
            if slot.layer != node.layer.id or not slot.learned or slot.layer not in self.network.learners:
                continue
            name, mask = slot.part.name, self.network.store.masks.get(slot.key)
            free, locked = self.update.count(slot), self.update.locked(slot.layer, name)
            moments += [
                Moment(name, index, 1 if index in locked else free)
                for index in product(*map(range, slot.shape))
                if mask is None or mask[index]
            ]
        return self._counted(node.layer.id, tuple(moments))

    def _counted(self, owner: str, moments: tuple[Moment, ...]) -> Passage:
        da_steps = self.network.da_steps(owner) if owner != LOSS else None

        def steps() -> Iterator[int]:
            for moment in moments:
                found = moment.steps
                if found is None and moment.array == "da" and da_steps is not None:
                    found = da_steps(moment.index)
                yield self._spelled(owner, moment) if found is None else found

        return Passage(moments, steps())

    def _spelled(self, owner: str, moment: Moment) -> int:
        """The steps of a number, counted in its formula."""
        return len(ways(self.network.cell(owner, moment.array, moment.index, 0)))
