"""What a way of training does just now, in words: whose turn it is, how much noise, which symbol is next."""

from __future__ import annotations

from engine.batches import Position
from engine.core.steps import Step
from engine.datasets import Data
from engine.document import Document
from engine.layout import Layout
from engine.losses.base import OWNER as LOSS
from engine.procedures import procedures
from engine.trace import Trace
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.words import tr

TURNS = {
    "discriminator": QT_TRANSLATE_NOOP("walkthrough", "round {round}: the discriminator's turn"),
    "generator": QT_TRANSLATE_NOOP("walkthrough", "round {round}: the generator's turn"),
}
SHOWN = 12
"""Characters of the text so far that are shown."""


def turn_said(position: Position | None, document: Document, layout: Layout) -> str:
    """``Round 12: the discriminator's turn``; empty where updates take no turns."""
    if position is None or position.turns == 1:
        return ""
    turn = procedures.make(document.training.procedure).turns(layout)[position.turn - 1]
    known = TURNS.get(turn.name)
    return (
        tr(known, round=position.round)
        if known
        else tr("round {round}: {turn}", round=position.round, turn=turn.name)
    )


def turn_of(trace: Trace) -> str:
    """Whose turn the update of a trace is."""
    return turn_said(trace.position, trace.document, trace.layout)


def noise_of(trace: Trace, example: int | None) -> str:
    """``Noise level t = 37``: how much noise is in an example of a diffusion; empty elsewhere."""
    if example is None or trace.document.training.procedure.kind != "diffusion":
        return ""
    time = trace.arrays[trace.layout.inputs[1].layer.id, "a"]
    return tr("noise level t = {t}", t=round(float(time[0, example])))


def next_of(trace: Trace, step: Step, data: Data | None) -> str:
    """``After “hell” comes “o”``: what is to be predicted at the position of a step; empty elsewhere."""
    place = position_in_text(trace, step)
    example = step.example
    if place is None or example is None or data is None or not data.symbols:
        return ""
    read = trace.arrays[trace.layout.inputs[0].layer.id, "a"][:, example]
    asked = trace.arrays[LOSS, "y"].reshape(-1, len(read), trace.m)[:, place, example]
    wanted = asked[0] if len(asked) == 1 else asked.argmax() if asked.any() else -1
    if not 0 <= wanted < len(data.symbols):
        return ""
    joint = "" if all(len(each) == 1 for each in data.symbols) else " "
    so_far = joint.join(data.symbols[int(each)] for each in read[: place + 1])
    text = f"…{so_far[-SHOWN:]}" if len(so_far) > SHOWN else so_far
    return tr("after “{read}” comes “{next}”", read=text, next=data.symbols[int(wanted)])


def position_in_text(trace: Trace, step: Step) -> int | None:
    """The position of the text that a step is about, where the next symbol is learned."""
    target = step.target
    if trace.document.training.procedure.kind != "next_token" or len(trace.layout.inputs[0].shape) != 1:
        return None
    length = trace.layout.inputs[0].shape[0]
    if target.owner == LOSS:
        return target.index[-1] if target.array == "l" and target.index[-1] < length else None
    node = trace.layout.nodes[target.owner]
    of_weights = f"{target.owner}.{target.array.removeprefix('d')}" in trace.layout.slots
    if of_weights or len(node.shape) != 2 or len(target.index) != 2 or node.shape[1] != length:
        return None
    return target.index[1]
