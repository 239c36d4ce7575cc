"""Why a number is 0, or why an update changes nothing: the root, in one sentence, with what leads there."""

from __future__ import annotations

from typing import Final

from engine.core.expressions import Ref
from engine.core.notation import Notation, Row, operator
from engine.why_zero import Cause, Root, Why, why_zero
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.folded import Sentence
from gui.walkthrough.page import Part
from gui.walkthrough.told import Told
from gui.walkthrough.words import function_name, tr

RANK = 30
MOST_ROOTS: Final = 4
"""Of more of them only the first are named."""
MOST_ON_THE_WAY: Final = 6

_ONE: Final = {
    Cause.INPUT: QT_TRANSLATE_NOOP("walkthrough", "Because the input is 0 in this example: {n}."),
    Cause.WEIGHT: QT_TRANSLATE_NOOP("walkthrough", "Because {n}, as it was left by the last update."),
    Cause.FLAT: QT_TRANSLATE_NOOP(
        "walkthrough", "Because {g} is flat at {n}: for this example the neuron is dead, nothing comes back."
    ),
    Cause.OFF: QT_TRANSLATE_NOOP("walkthrough", "Because {g} gives 0 at {n}: the neuron is off."),
    Cause.MET: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the prediction is the target, {n}: there is nothing to put right."
    ),
    Cause.LOSS_FLAT: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the loss is flat at {n}: the answer is right by more than is asked."
    ),
    Cause.MASKED: QT_TRANSLATE_NOOP("walkthrough", "Because dropout switched it off in this update: {n}."),
    Cause.CUT: QT_TRANSLATE_NOOP("walkthrough", "Because the synapse is cut: {n}."),
    Cause.LOCKED: QT_TRANSLATE_NOOP("walkthrough", "Because it is locked: {n} stays."),
    Cause.RATE: QT_TRANSLATE_NOOP("walkthrough", "Because the learning rate is 0: {n} stays."),
    Cause.MEMORY: QT_TRANSLATE_NOOP("walkthrough", "Because the optimizer remembers nothing yet: {n}."),
    Cause.BALANCE: QT_TRANSLATE_NOOP("walkthrough", "Because its terms cancel one another: {n}."),
    Cause.TINY: QT_TRANSLATE_NOOP(
        "walkthrough", "Because it is too small for the machine’s numbers. Look at {n}."
    ),
    Cause.UNCOUNTED: QT_TRANSLATE_NOOP("walkthrough", "Because the loss does not count this position: {n}."),
    Cause.ZERO: QT_TRANSLATE_NOOP("walkthrough", "Because {n}."),
}  # fmt: skip
"""One root; {n} is the number, {g} the activation's name."""
_MANY: Final = {
    Cause.INPUT: QT_TRANSLATE_NOOP("walkthrough", "Because these inputs are 0 in this example: {n}."),
    Cause.WEIGHT: QT_TRANSLATE_NOOP("walkthrough", "Because all of these are 0: {n}."),
    Cause.FLAT: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the activations are flat at {n}: for this example these neurons are dead."
    ),
    Cause.OFF: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the activations give 0 at {n}: these neurons are off."
    ),
    Cause.UNCOUNTED: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the loss does not count these positions: {n}."
    ),
    Cause.MET: QT_TRANSLATE_NOOP(
        "walkthrough", "Because the predictions are the targets, {n}: there is nothing to put right."
    ),
}  # fmt: skip
_AHEAD: Final = QT_TRANSLATE_NOOP("walkthrough", "Because all weights ahead of it are 0: {n}.")
_MIXED: Final = QT_TRANSLATE_NOOP("walkthrough", "Because all its terms are 0, through {n}.")
_TOO: Final = QT_TRANSLATE_NOOP("walkthrough", "Another factor on the way is 0 too.")
_ON_THE_WAY: Final = QT_TRANSLATE_NOOP("walkthrough", "The way there: {n}.")


def passage(told: Told) -> list[Part]:
    target = told.target
    if told.value is None or (told.value != 0.0 and not target.array.startswith("new ")):
        return []
    why = why_zero(told.trace, target)
    if why is None or any(told.writer.hides(root.ref) for root in why.roots):
        return []
    asked = (
        tr("Why 0?") if told.value == 0.0 and not target.array.startswith("new ") else tr("Why no change?")
    )
    said: list[str | Notation] = [f"{asked} ", *_because(told, why)]
    if not why.alone:
        said.append(" " + tr(_TOO))
    parts: list[Part] = [Sentence(tuple(said), strong=True)]
    way = [ref for ref in why.roots[0].path if ref.key != target.key]
    if way and why.cause is not None:
        steps = way if len(way) <= MOST_ON_THE_WAY else [*way[:2], *way[-(MOST_ON_THE_WAY - 2) :]]
        names = [told.writer.symbol(ref) for ref in (target, *steps)]
        parts.append(Sentence(tuple(_filled(tr(_ON_THE_WAY, n="{n}"), names, " ← "))))
    return parts


def _because(told: Told, why: Why) -> list[str | Notation]:
    roots, cause = why.roots, why.cause
    numbers = [_number(told, root) for root in roots[:MOST_ROOTS]]
    ending = "" if why.complete else tr(" and so on")
    if why.complete and len(roots) > MOST_ROOTS:
        ending = tr(" and {count} more", count=len(roots) - MOST_ROOTS)
    if cause is None:
        template = tr(_MIXED, n="{n}")
    elif cause is Cause.WEIGHT and why.complete and roots[0].path and roots[0].path[-1].array == "da":
        template = tr(_AHEAD, n="{n}")
    elif len(roots) > 1:
        template = tr(_MANY.get(cause, _MIXED), n="{n}")
    else:
        template = tr(_ONE[cause], n="{n}", g=function_name(told.trace, roots[0].ref.owner))
    return _filled(template.replace("{n}", "{n}" + ending), numbers, ", ")


def _filled(template: str, numbers: list[Notation], between: str) -> list[str | Notation]:
    """The sentence with the numbers in the place of {n}."""
    before, _, after = template.partition("{n}")
    pieces: list[str | Notation] = [before]
    for number, each in enumerate(numbers):
        pieces += [between] if number else []
        pieces.append(each)
    return [*pieces, after]


def _number(told: Told, root: Root) -> Notation:
    """``z[1]_2 = −0.3``, both of which can be clicked."""
    writer, ref = told.writer, root.ref
    if root.cause in {Cause.BALANCE, Cause.CUT} and ref.key == told.target.key:
        return writer.symbol(ref)
    if root.cause is Cause.MET:
        return Row((writer.named(ref), operator("="), _target_of(told, ref)))
    return writer.named(ref)


def _target_of(told: Told, prediction: Ref) -> Notation:
    """The y that a prediction is compared with."""
    loss = told.trace.network.loss_place
    row, at = loss.column(prediction.index)
    return told.writer.symbol(loss.ref_y(row, prediction.example or 0, at))
