"""Boxes: the pieces of a formula with their measures, made of the nodes of a notation tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from engine.core.notation import Fence, Fraction, Notation, Row, Script, Text
from gui.theme import Theme
from gui.widgets.faces import Face, face

SMALLER: Final = 0.7
"""What is above or below a letter, against the letter."""
SMALLEST: Final = 0.5
AXIS: Final = 0.25
"""Height of a fraction's line above the base line, in em."""
GROWS: Final = 1.45
"""Brackets grow with what is higher than this, in em."""
_SPACE: Final = {"·": 0.17, "⊙": 0.18, "+": 0.26, "−": 0.26}
_RELATION: Final = 0.28
_DERIVATIVE: Final = re.compile(r"∂(.+)/∂(.+)")


class Tone(Enum):
    """How a part of a formula is shown; put as the ``ref`` of the row that holds the part."""

    PLAIN = "plain"
    ACTIVE = "active"
    """Where the walkthrough is."""
    DIM = "dim"
    """Not reached yet."""
    MUTED = "muted"
    """Said beside the formula."""


@dataclass(slots=True)
class Box:
    """A piece with its measures; ``kids`` are placed relative to its base line."""

    width: float
    ascent: float
    descent: float
    kids: list[tuple[float, float, Box]] = field(default_factory=list)
    face: Face | None = None
    glyphs: tuple[list[int], list[float]] = ((), ())  # type: ignore[assignment]
    path: QPainterPath | None = None
    ref: object = None
    tone: Tone | None = None


class Setter:
    """Makes boxes of the nodes of a tree, in the fonts of one theme."""

    def __init__(self, theme: Theme) -> None:
        self._scale = theme.scale

    def em(self, size: float) -> float:
        """The size of the letters in pixels."""
        return face(self._scale, "math", size).em

    def box(self, node: Notation, size: float) -> Box:
        """The box of any node."""
        match node:
            case Text():
                return self.text(node, size)
            case Row(items=items, ref=ref):
                made = self._row(items, size)
            case Script(ref=ref):
                made = self._script(node, size)
            case Fraction(above=above, below=below, ref=ref):
                made = self._fraction(above, below, size)
            case Fence(inner=inner, left=left, right=right, ref=ref):
                made = self._fence(self.box(inner, size), left, right, size)
            case _:
                raise TypeError(node)
        return _marked(made, ref)

    # ---------------------------------------------------------------- kinds of nodes

    def text(self, node: Text, size: float) -> Box:
        """A run of characters; operators with the space around them."""
        style = node.style
        if style == "operator":
            space = space_around(node.text) * self.em(size) * (1.0 if size > SMALLER else 0.6)
            sign = self.glyphs(node.text, "math", size)
            made = Box(sign.width + 2 * space, sign.ascent, sign.descent, [(space, 0.0, sign)])
        else:
            name = {"italic": "math_italic", "bold": "bold"}.get(style, "math")
            made = self.glyphs(node.text, name, size)
        return _marked(made, node.ref)

    def glyphs(self, text: str, name: str, size: float) -> Box:
        """The bare glyphs in one of the faces."""
        one = face(self._scale, name, size)
        indexes, places, width = one.glyphs(text)
        return Box(width, one.ascent, one.descent, face=one, glyphs=(indexes, places))

    def _row(self, items: tuple[Notation, ...], size: float) -> Box:
        boxes: list[Box] = []
        place = 0
        while place < len(items):
            item = items[place]
            after = items[place + 1] if place + 1 < len(items) else None
            if isinstance(item, Text) and item.text == "√" and isinstance(after, Fence):
                boxes.append(self._root(self.box(after.inner, size), size))
                place += 1
            else:
                boxes.append(self.box(item, size))
            place += 1
        return _beside(boxes)

    def _script(self, node: Script, size: float) -> Box:
        base, above, below = node.base, node.above, node.below
        if isinstance(base, Text) and (found := _DERIVATIVE.fullmatch(base.text)):
            variable = Script(Text(f"∂{found[2]}", "italic"), above, below)
            return self._fraction(Text(f"∂{found[1]}", "italic"), variable, size)
        body, em = self.box(base, size), self.em(size)
        if isinstance(base, Script) and body.ascent > em:
            body = self._fence(body, "(", ")", size)
        small = max(SMALLEST, size * SMALLER)
        kids, width, x = [(0.0, 0.0, body)], body.width, body.width + 0.04 * em
        ascent, descent = body.ascent, body.descent
        raise_to = -max(0.40 * em, body.ascent - 0.42 * em)
        lower_to = max(0.26 * em, body.descent)
        if above is not None:
            up = self.box(above, small)
            raise_to = min(raise_to, -(up.descent + 0.12 * em))
            kids.append((x, raise_to, up))
            width, ascent = max(width, x + up.width), max(ascent, up.ascent - raise_to)
        if below is not None:
            down = self.box(below, small)
            kids.append((x, lower_to, down))
            width, descent = max(width, x + down.width), max(descent, lower_to + down.descent)
        return Box(width, ascent, descent, kids)

    def _fraction(self, above: Notation, below: Notation, size: float) -> Box:
        em, small = self.em(size), max(SMALLEST, size * 0.88)
        top, bottom = self.box(above, small), self.box(below, small)
        inside, thick, gap = max(top.width, bottom.width), 0.055 * em, 0.09 * em
        width, axis = inside + 0.24 * em, -AXIS * em
        up, down = axis - gap - top.descent, axis + gap + bottom.ascent
        line = QPainterPath()
        line.addRect(0.06 * em, axis - thick / 2, width - 0.12 * em, thick)
        kids = [((width - top.width) / 2, up, top), ((width - bottom.width) / 2, down, bottom)]
        return Box(width, top.ascent - up, bottom.descent + down, kids, path=line)

    def _fence(self, inner: Box, left: str, right: str, size: float) -> Box:
        em = self.em(size)
        if inner.ascent + inner.descent < GROWS * em:
            ends = [self.glyphs(each, "math", size) for each in (left, right)]
            return _beside([ends[0], inner, ends[1]])
        opening, closing = (_tall(each, inner, em) for each in (left, right))
        return _beside([opening, inner, closing])

    def _root(self, inner: Box, size: float) -> Box:
        em = self.em(size)
        top, bottom, hook = -inner.ascent - 0.14 * em, inner.descent, 0.62 * em
        height, path = bottom - top, QPainterPath()
        path.moveTo(0.04 * em, bottom - 0.45 * height)
        path.lineTo(0.16 * em, bottom - 0.52 * height)
        path.lineTo(0.34 * em, bottom)
        path.lineTo(hook, top)
        path.lineTo(hook + inner.width + 0.1 * em, top)
        outline = _stroked(path, 0.055 * em)
        kids = [(hook + 0.05 * em, 0.0, inner)]
        return Box(hook + inner.width + 0.14 * em, -top + 0.04 * em, bottom, kids, path=outline)


# ---------------------------------------------------------------- boxes


def space_around(sign: str) -> float:
    """Space on either side of an operator, in em."""
    return _SPACE.get(sign, _RELATION)


def _marked(box: Box, ref: object) -> Box:
    if isinstance(ref, Tone):
        box.tone = ref
    elif ref is not None:
        box.ref = ref
    return box


def _beside(boxes: list[Box]) -> Box:
    x, kids = 0.0, []
    for each in boxes:
        kids.append((x, 0.0, each))
        x += each.width
    ascent = max((each.ascent for each in boxes), default=0.0)
    return Box(x, ascent, max((each.descent for each in boxes), default=0.0), kids)


def _tall(sign: str, inner: Box, em: float) -> Box:
    """A bracket as high as what it holds."""
    top, bottom = -inner.ascent - 0.04 * em, inner.descent + 0.04 * em
    width, path = 0.34 * em, QPainterPath()
    if not sign:
        return Box(0.0, 0.0, 0.0)
    left, right = 0.08 * em, 0.27 * em
    if sign in ")]}":
        left, right = width - left, width - right
    if sign in "()":
        path.moveTo(right, top)
        path.cubicTo(left, top + 0.5 * em, left, bottom - 0.5 * em, right, bottom)
    elif sign == "|":
        path.moveTo(width / 2, top)
        path.lineTo(width / 2, bottom)
    else:
        for x, y in ((right, top), (left, top), (left, bottom), (right, bottom)):
            path.lineTo(x, y) if path.elementCount() else path.moveTo(x, y)
    return Box(width, -top, bottom, path=_stroked(path, 0.06 * em))


def _stroked(path: QPainterPath, thickness: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(thickness)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return stroker.createStroke(path)
