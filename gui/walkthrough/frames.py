"""Frames: the levels in which a walk stands, from the epoch down to the term, as a debugger's stack."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.notation import as_text
from engine.core.plan import Phase
from engine.core.printing import symbol
from engine.datasets import Data
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.stepping.goals import Goal
from gui.stepping.strides import Level, example_of, stride
from gui.stepping.walk import Walk
from gui.walkthrough.cell_names import cell_name
from gui.walkthrough.turn_words import next_of, noise_of, turn_of
from gui.walkthrough.words import example_name, layer_name, phase_name, tr


@dataclass(frozen=True, slots=True)
class Frame:
    """One level: what it is called, its first and last step, and what one runs to who runs to it.

    Of an epoch only the steps of the present update are known.
    """

    level: Level
    text: str
    first: int
    last: int
    goal: Goal | None = None


def frames(walk: Walk, data: Data | None = None) -> list[Frame]:
    """From the outermost level to the innermost; before the first step only epoch and update."""
    trace, last = walk.trace, len(walk.trace) - 1
    found = [Frame(Level.UPDATE, update_name(trace), 0, last)]
    if trace.position is not None:
        found.insert(0, Frame(Level.EPOCH, tr("epoch {number}", number=trace.position.epoch), 0, last))
    turn = turn_of(trace)
    if turn:
        found.append(Frame(Level.UPDATE, turn, 0, last))
    if walk.at < 0:
        return found
    return found + [
        frame_of(trace, walk.at, level, data)
        for level in (Level.EXAMPLE, Level.PHASE, Level.LAYER, Level.NEURON, Level.TERM)
        if frame_text(trace, walk.at, level)
    ]


def frame_of(trace: Trace, number: int, level: Level, data: Data | None = None) -> Frame:
    """The frame of a level in which a step lies."""
    first, last = stride(trace, number, level)
    if level is Level.TERM:
        step = trace[number]
        first = number - step.position
        last = first + step.of - 1
    return Frame(level, frame_text(trace, number, level, data), first, last, _goal(trace, number, level))


def frame_text(trace: Trace, number: int, level: Level, data: Data | None = None) -> str:
    """What is called so at a step; empty where the step is in nothing of that level."""
    _, section = trace.section_of(number)
    match level:
        case Level.EPOCH:
            return tr("epoch {number}", number=trace.position.epoch) if trace.position is not None else ""
        case Level.UPDATE:
            return update_name(trace)
        case Level.EXAMPLE:
            example = example_of(trace, section)
            known = example is not None and (trace.m > 1 or noise_of(trace, example))
            said = example_name(trace, example) if known else ""
            return ", ".join(filter(None, (said, noise_of(trace, example))))
        case Level.PHASE:
            return phase_name(section.phase)
        case Level.LAYER:
            return "" if section.owner == LOSS else layer_name(trace, section.owner)
    step = trace[number]
    if level is Level.NEURON:
        said = cell_name(trace, step.target)
        return ": ".join(filter(None, (said, next_of(trace, step, data)))) if said else ""
    name = as_text(symbol(step.target))
    if step.of > 1 and step.phase is not Phase.UPDATE:
        return tr("{symbol}, part {here} of {all}", symbol=name, here=step.position + 1, all=step.of)
    return name


def update_name(trace: Trace) -> str:
    """``Batch 3 of 4, update 7``: a batch is what one update learns from."""
    position, number = trace.position, trace.step_number + 1
    if position is None:
        return tr("update {number}", number=f"{number:,}")
    return tr(
        "batch {batch} of {batches} = update {number}",
        batch=position.batch,
        batches=position.batches,
        number=f"{number:,}",
    )


def place_said(walk: Walk, data: Data | None = None) -> str:
    """The whole stack but the term in one line: ``update 7 = epoch 2, batch 3 of 4, example 2 of 4 …``."""
    trace = walk.trace
    inner = [
        each.text for each in frames(walk, data) if each.level not in {Level.EPOCH, Level.UPDATE, Level.TERM}
    ]
    lower = [each[:1].lower() + each[1:] for each in inner]
    outer = str(trace.position) if trace.position is not None else update_name(trace)
    return ", ".join(filter(None, (outer, turn_of(trace), *lower)))


def _goal(trace: Trace, number: int, level: Level) -> Goal | None:
    _, section = trace.section_of(number)
    owner = frozenset({section.owner})
    match level:
        case Level.EXAMPLE:
            return Goal(example=example_of(trace, section))
        case Level.PHASE:
            return Goal(phase=section.phase, example=example_of(trace, section))
        case Level.LAYER:
            return Goal(owner, phase=section.phase)
    target = trace[number].target
    if level is Level.TERM:
        return Goal(owner, target.index, target.array.removeprefix("new "), section.phase)
    node = trace.layout.nodes.get(section.owner)
    whole = node is not None and len(node.shape) > 1
    return Goal(owner, target.index if whole else target.index[:1], phase=section.phase)
