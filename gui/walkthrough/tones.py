"""The colours of the canvas on the formula page: slopes are green there as here."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.core.expressions import Ref
from engine.core.notation import Fence, Fraction, Notation, Row, Script, Struck, Text, Under
from engine.update_cells import STAGES
from gui.walkthrough.folded import Folded, Sentence
from gui.walkthrough.page import Line, Lines, Part
from gui.widgets.typeset import Tone

_SLOPES: Final = ("d", *(f"{stage}d" for stage in STAGES))


def coloured(part: Part) -> Part:
    """A part with its slopes in their colour."""
    match part:
        case Lines(rows=rows):
            return replace(part, rows=tuple(_line(each) for each in rows))
        case Folded(stages=stages):
            return replace(part, stages=tuple(tuple(coloured(each) for each in stage) for stage in stages))
        case Sentence(pieces=pieces):
            return replace(
                part, pieces=tuple(each if isinstance(each, str) else toned(each) for each in pieces)
            )
    return part


def _line(line: Line) -> Line:
    left = None if line.left is None else toned(line.left)
    return replace(line, left=left, right=toned(line.right))


def toned(node: Notation) -> Notation:
    """A formula with the symbols and numbers of slopes in their colour."""
    if isinstance(node.ref, Ref):
        return Row((node,), Tone.SLOPE) if is_slope(node.ref) else node
    match node:
        case Row(items=items):
            return replace(node, items=tuple(toned(each) for each in items))
        case Script(base=base):
            return replace(node, base=toned(base))
        case Fraction(above=above, below=below):
            return replace(node, above=toned(above), below=toned(below))
        case Fence(inner=inner) | Struck(inner=inner):
            return replace(node, inner=toned(inner))
        case Under(base=base, below=below):
            return replace(node, base=toned(base), below=toned(below))
        case Text():
            return node
    return node


def is_slope(ref: Ref) -> bool:
    """Whether a number says how the loss changes with something: da, dz, dW, and their means."""
    return ref.array.startswith(_SLOPES) and ref.array != "draw"
