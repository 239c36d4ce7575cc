"""Frames: the levels in which a walk stands, from the epoch down to the term, as a debugger's stack."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.core.notation import as_text
from engine.core.plan import Phase
from engine.core.printing import symbol
from engine.losses.base import OWNER as LOSS
from gui.walk import Level, Walk
from gui.walkthrough.words import example_name, layer_name, phase_name, tr, unit_name

OUTWARDS = (Level.NEURON, Level.LAYER, Level.PHASE, Level.EXAMPLE, Level.UPDATE)


@dataclass(frozen=True, slots=True)
class Frame:
    """One level: what it is called, and its first and last step."""

    level: Level
    text: str
    first: int
    last: int


def frames(walk: Walk) -> list[Frame]:
    """From the outermost level to the innermost; only the update before the first step."""
    found = [_frame(walk, Level.UPDATE, _update_name(walk))]
    step = walk.step
    if step is None:
        return found
    trace, target = walk.trace, step.target
    if step.example is not None and trace.m > 1:
        found.append(_frame(walk, Level.EXAMPLE, example_name(trace, step.example)))
    found.append(_frame(walk, Level.PHASE, phase_name(step.phase)))
    if target.owner != LOSS:
        found.append(_frame(walk, Level.LAYER, layer_name(trace, target.owner)))
        layer = layer_name(trace, target.owner)
        unit = unit_name(trace, target.owner, target.index).removeprefix(f"{layer}, ")
        if unit != layer:
            found.append(_frame(walk, Level.NEURON, unit))
    name = as_text(symbol(target))
    if step.of > 1 and step.phase is not Phase.UPDATE:
        name = tr("{symbol}, part {here} of {all}", symbol=name, here=step.position + 1, all=step.of)
    first = walk.at - step.position
    return [*found, Frame(Level.TERM, name, first, first + step.of - 1)]


def step_out(walk: Walk) -> int:
    """The end of the innermost level that is not finished yet."""
    for level in OUTWARDS:
        end = _end(walk, level)
        if end > walk.at:
            return end
    return walk.at


def _frame(walk: Walk, level: Level, text: str) -> Frame:
    return Frame(level, text, max(0, walk.back(level) + 1), _end(walk, level))


def _end(walk: Walk, level: Level) -> int:
    return replace(walk, at=walk.back(level)).forward(level)


def _update_name(walk: Walk) -> str:
    position = walk.trace.position
    if position is None:
        return tr("update {number}", number=walk.trace.step_number + 1)
    return tr(
        "update {update} = epoch {epoch}, batch {batch} of {batches}",
        update=position.update + 1,
        epoch=position.epoch,
        batch=position.batch,
        batches=position.batches,
    )
