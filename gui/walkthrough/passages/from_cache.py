"""What a step of the way back takes out of the cache, and that the weights in it are the old ones."""

from __future__ import annotations

from engine.core.expressions import Ref, references
from engine.core.notation import Notation
from engine.core.plan import Phase
from engine.kept import is_looked_through, read_of_cache
from gui.walkthrough.folded import Sentence
from gui.walkthrough.page import Part
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 25
MOST = 4
"""Of more numbers only the first are named."""


def passage(told: Told) -> list[Part]:
    step = told.step
    if step is None or step.phase is not Phase.BACKWARD:
        return []
    if not told.stepping and not is_looked_through(told.trace):
        return []
    found: dict[object, Ref] = {}
    for ref in references(told.term if told.term is not None else told.expression):
        read = read_of_cache(told.trace, told.target, ref)
        if read is not None:
            array = read[1].ref.array
            there = ref if array == ref.array else told.trace.ref(ref.owner, array, ref.index, ref.example)
            found.setdefault(there.key, there)
        if len(found) > MOST:
            break
    if not found:
        return []
    shown: list[str | Notation] = [tr("From the cache: ")]
    for number, ref in enumerate(list(found.values())[:MOST]):
        shown += [", "] if number else []
        shown.append(told.writer.named(ref))
    shown.append(tr(" and more.") if len(found) > MOST else ".")
    if any(ref.example is None for ref in found.values()):
        shown.append(" " + tr("The old weight: none changes before all slopes are known."))
    return [Sentence(tuple(shown))]
