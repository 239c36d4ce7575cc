"""Boxes: the pieces of a formula with their measures, made of the nodes of a notation tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from engine.core.notation import Fence, Fraction, Notation, Row, Script, Struck, Text, Under
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
    SLOPE = "slope"
    """How something changes with something else, as on the canvas."""
    STEP = "step"
    """The change of a parameter, as on the canvas."""


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
            case Struck(inner=inner, ref=ref):
                made = self._struck(self.box(inner, size), size)
            case Under(base=base, below=below, brace=brace, ref=ref):
                made = self._under(self.box(base, size), below, brace, size)
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
        opening, closing = self.ends(inner, left, right, size)
        return _beside([opening, inner, closing])

    def ends(self, inner: Box, left: str, right: str, size: float) -> tuple[Box, Box]:
        """A pair of brackets as high as what they hold."""
        em = self.em(size)
        return _tall(left, inner, em), _tall(right, inner, em)

    def _struck(self, inner: Box, size: float) -> Box:
        """What cancels: paler, with a line through it from below to above."""
        em, path = self.em(size), QPainterPath()
        low, high = min(inner.descent, 0.3 * em), max(-inner.ascent, -0.85 * em)
        path.moveTo(-0.08 * em, low)
        path.lineTo(inner.width + 0.08 * em, high)
        line = Box(inner.width, 0.0, 0.0, path=_stroked(path, 0.07 * em), tone=Tone.STEP)
        inner.tone = inner.tone or Tone.MUTED
        return Box(inner.width, inner.ascent, inner.descent, [(0.0, 0.0, inner), (0.0, 0.0, line)])

    def _under(self, base: Box, below: Notation, brace: bool, size: float) -> Box:
        """With its number below, all on one middle; a brace spans what it is the number of."""
        em = self.em(size)
        lower = self.box(below, max(SMALLEST, size * 0.82))
        gap = (0.62 if brace else 0.2) * em
        width = max(base.width, lower.width) + 0.12 * em
        left, y = (width - base.width) / 2, base.descent + gap + lower.ascent
        kids = [(left, 0.0, base), ((width - lower.width) / 2, y, lower)]
        if brace:
            path = _brace(base.width, 0.26 * em)
            line = Box(base.width, 0.0, 0.0, path=_stroked(path, 0.05 * em), tone=Tone.MUTED)
            kids.append((left, base.descent + 0.16 * em, line))
        return Box(width, base.ascent, y + lower.descent, kids)

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


def _brace(width: float, height: float) -> QPainterPath:
    """A brace lying on its side, its point downwards."""
    path, half, bend = QPainterPath(), width / 2, min(height, width / 4)
    path.moveTo(0.0, 0.0)
    path.quadTo(0.0, height / 2, bend, height / 2)
    path.lineTo(half - bend, height / 2)
    path.quadTo(half, height / 2, half, height)
    path.quadTo(half, height / 2, half + bend, height / 2)
    path.lineTo(width - bend, height / 2)
    path.quadTo(width, height / 2, width, 0.0)
    return path


def _stroked(path: QPainterPath, thickness: float) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(thickness)
    stroker.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return stroker.createStroke(path)
