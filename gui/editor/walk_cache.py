"""What the layers keep of a walk's way forward for its way back: which chips lie in each cache, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from engine.core.expressions import references
from engine.core.plan import Phase
from engine.core.steps import Step
from engine.kept import Kept, kept, read_of_cache
from engine.trace import Trace
from gui.stepping.walk import Walk

MOST: Final = 4
"""A cache shows no more chips than these, and then dots."""


class Chip(StrEnum):
    """What is to be seen of one array in a cache."""

    EMPTY = "empty"
    KEPT = "kept"
    READ = "read"
    """The step of the way back reads it now."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One array of a cache."""

    name: str
    chip: Chip = Chip.EMPTY
    brief: str = ""
    """Without the layer's number, where there is little room."""


def caches_of(walk: Walk, example: int) -> Mapping[str, tuple[Slot, ...]]:
    """The cache of every layer after the walk's present step; layers that keep nothing have none."""
    trace, read = walk.trace, read_now(walk.trace, walk.step)
    found = {}
    for node in trace.layout.active:
        owner = node.layer.id
        slots = tuple(_slot(walk, each, example, (owner, each) in read) for each in kept(trace, owner))
        if slots:
            found[owner] = slots if len(slots) <= MOST else (*slots[: MOST - 1], _rest(slots[MOST - 1 :]))
    return found


def read_now(trace: Trace, step: Step | None) -> set[tuple[str, Kept]]:
    """What a step of the way back takes out of the caches: the layer that kept it, and what it is."""
    if step is None or step.phase is not Phase.BACKWARD:
        return set()
    refs = references(step.expression if step.term is None else step.term)
    found = (read_of_cache(trace, step.target, ref) for ref in refs)
    return {each for each in found if each is not None}


def _slot(walk: Walk, one: Kept, example: int, read: bool) -> Slot:
    there = walk.phase is not Phase.UPDATE and one.since[example] <= walk.done
    chip = Chip.READ if read else Chip.KEPT if there else Chip.EMPTY
    return Slot(one.name, chip, one.name.partition("[")[0])


def _rest(slots: tuple[Slot, ...]) -> Slot:
    """Dots for those for which there is no room; they show what the liveliest of them is."""
    chips = {each.chip for each in slots}
    return Slot("…", next(each for each in (Chip.READ, Chip.KEPT, Chip.EMPTY) if each in chips), "…")
