"""What into, over and out would do just now, in words, and how sizes of steps are called."""

from __future__ import annotations

from gui.stepping.strides import Level, stride
from gui.stepping.walk import Walk
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.frames import frame_text
from gui.walkthrough.words import tr

ONE = {
    Level.TERM: QT_TRANSLATE_NOOP("walkthrough", "one term"),
    Level.NEURON: QT_TRANSLATE_NOOP("walkthrough", "one neuron"),
    Level.LAYER: QT_TRANSLATE_NOOP("walkthrough", "one layer"),
    Level.PHASE: QT_TRANSLATE_NOOP("walkthrough", "one phase"),
    Level.EXAMPLE: QT_TRANSLATE_NOOP("walkthrough", "one example"),
    Level.UPDATE: QT_TRANSLATE_NOOP("walkthrough", "one update"),
    Level.EPOCH: QT_TRANSLATE_NOOP("walkthrough", "one epoch"),
}
"""The sizes of a step."""

BY = {
    Level.TERM: QT_TRANSLATE_NOOP("walkthrough", "term by term"),
    Level.NEURON: QT_TRANSLATE_NOOP("walkthrough", "neuron by neuron"),
    Level.LAYER: QT_TRANSLATE_NOOP("walkthrough", "layer by layer"),
    Level.PHASE: QT_TRANSLATE_NOOP("walkthrough", "phase by phase"),
    Level.EXAMPLE: QT_TRANSLATE_NOOP("walkthrough", "example by example"),
    Level.UPDATE: QT_TRANSLATE_NOOP("walkthrough", "update by update"),
    Level.EPOCH: QT_TRANSLATE_NOOP("walkthrough", "epoch by epoch"),
}

NEXT = {
    Level.TERM: QT_TRANSLATE_NOOP("walkthrough", "the next term"),
    Level.NEURON: QT_TRANSLATE_NOOP("walkthrough", "the next neuron"),
    Level.LAYER: QT_TRANSLATE_NOOP("walkthrough", "the next layer"),
    Level.PHASE: QT_TRANSLATE_NOOP("walkthrough", "the next phase"),
    Level.EXAMPLE: QT_TRANSLATE_NOOP("walkthrough", "the next example"),
    Level.UPDATE: QT_TRANSLATE_NOOP("walkthrough", "the next update"),
    Level.EPOCH: QT_TRANSLATE_NOOP("walkthrough", "the next epoch"),
}


def into_said(walk: Walk | None, size: Level) -> str:
    """``Into layer 1: neuron by neuron``."""
    if size is Level.TERM:
        return tr("Into: a term is the smallest step there is")
    what, _ = _next(walk, size)
    return tr("Into {what}: {by}", what=what, by=tr(BY[size.finer]))


def over_said(walk: Walk | None, size: Level) -> str:
    """``Over layer 1``, or the rest of it."""
    what, begun = _next(walk, size)
    return tr("Over the rest of {what}", what=what) if begun else tr("Over {what}", what=what)


def out_said(walk: Walk | None, size: Level) -> str:
    """``Out of layer 1: to its end, on layer by layer``."""
    if walk is None:
        return tr("Out: to the end of the update, on {by}", by=tr(BY[Level.UPDATE]))
    _, level = walk.out(size)
    what = _lower(frame_text(walk.trace, max(0, walk.at), level)) or tr(ONE[level])
    return tr("Out: to the end of {what}, on {by}", what=what, by=tr(BY[level]))


def _next(walk: Walk | None, size: Level) -> tuple[str, bool]:
    """What the next stride goes through, and whether part of it is done."""
    if walk is None or (walk.at == len(walk.trace) - 1):
        return tr(NEXT[size]), False
    number = walk.at + 1
    begun = stride(walk.trace, number, size)[0] < number
    text = frame_text(walk.trace, number, size)
    return (text if size is Level.TERM else _lower(text)) or tr(ONE[size]), begun


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
