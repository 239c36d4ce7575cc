"""Typesetting: the trees of ``engine.core.notation`` laid out in boxes and painted.

``typeset`` measures a tree once; the ``Typeset`` it returns is painted as often as wanted, knows where every
reference stands (``hit``) and breaks a long row before + and −. A row may carry a ``Tone`` as its reference:
that part is highlighted or dimmed. All glyphs of one font and tone are drawn in one call, so that a long
formula with live numbers takes well under a millisecond.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath

from engine.core.notation import Fence, Notation, Row, Script, Text
from gui.colours import blend
from gui.theme import Theme
from gui.widgets.boxes import Box, Setter, Tone, space_around
from gui.widgets.faces import Ink

SHRUNK: Final = 0.6
"""A line that cannot be broken is made smaller to fit, but not below this."""
LEADING: Final = 0.3
"""Room between the lines of a broken row, in em."""
COLOURS: Final = frozenset({Tone.SLOPE, Tone.STEP})
"""What tells numbers apart gives way to what says where the walk is."""
EARLIEST: Final = 0.3
"""A break further to the left, as a share of the width, gives way to one inside of brackets."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A rectangle of a formula and the reference it stands for."""

    rect: QRectF
    ref: object


@dataclass(slots=True)
class _Atom:
    """What a line is filled with. ``depth`` counts the brackets around a place to break before it."""

    box: Box
    depth: float | None = None
    lead: float = 0.0
    """Space before it that falls away at the beginning of a line."""


class Typeset:
    """A formula that is laid out: paint it, and ask what stands where."""

    def __init__(self, lines: list[Box], size: float, leading: float) -> None:
        self._ink = Ink()
        self._paths: list[tuple[Tone, QPainterPath]] = []
        self._pills: list[QRectF] = []
        self.spots: list[Spot] = []
        self.size = size
        self.lines = len(lines)
        self.width = max((line.width for line in lines), default=0.0)
        self.ascent = lines[0].ascent if lines else 0.0
        """From the top to the first base line."""
        y = 0.0
        for number, line in enumerate(lines):
            y += line.ascent + (leading if number else 0.0)
            self._enter(line, 0.0, y, Tone.PLAIN)
            y += line.descent
        self.height = y

    @property
    def descent(self) -> float:
        """From the first base line to the bottom."""
        return self.height - self.ascent

    def paint(
        self, painter: QPainter, x: float, y: float, theme: Theme, lit: Collection[Hashable] = frozenset()
    ) -> None:
        """Draw it with its upper left corner at (x, y); what ``lit`` names by key gets a background."""
        painter.save()
        painter.translate(x, y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = theme.px(4)
        if self._pills:
            painter.setBrush(theme.colour("active"))
            for pill in self._pills:
                painter.drawRoundedRect(pill, radius, radius)
        if lit:
            painter.setBrush(theme.colour("accent", 0.28))
            for rect in self.rects(lit):
                painter.drawRoundedRect(rect.adjusted(-2, -1, 2, 1), radius, radius)
        inks = tone_colours(theme)
        for tone, path in self._paths:
            painter.fillPath(path, inks[tone])
        self._ink.paint(painter, inks)
        painter.restore()

    def hit(self, x: float, y: float) -> object:
        """The reference at a point, the innermost where they lie in one another; else ``None``."""
        found = [spot for spot in self.spots if spot.rect.contains(x, y)]
        return min(found, key=lambda spot: spot.rect.width() * spot.rect.height()).ref if found else None

    def rects(self, keys: Collection[Hashable]) -> Iterator[QRectF]:
        """Where the numbers and symbols of these keys stand."""
        return (spot.rect for spot in self.spots if getattr(spot.ref, "key", spot.ref) in keys)

    @property
    def pills(self) -> tuple[QRectF, ...]:
        """The backgrounds of the highlighted parts."""
        return tuple(self._pills)

    def _enter(self, box: Box, x: float, y: float, tone: Tone) -> None:
        rect = QRectF(x, y - box.ascent, box.width, box.ascent + box.descent)
        if box.tone is not None and (box.tone not in COLOURS or tone is Tone.PLAIN):
            tone = box.tone
            if tone is Tone.ACTIVE:
                self._pills.append(rect.adjusted(-3, -2, 3, 2))
        if box.ref is not None:
            self.spots.append(Spot(rect, box.ref))
        if box.face is not None:
            self._ink.add(box.face, tone, box.glyphs, x, y)
        if box.path is not None:
            self._paths.append((tone, box.path.translated(x, y)))
        for dx, dy, kid in box.kids:
            self._enter(kid, x + dx, y + dy, tone)


@lru_cache(maxsize=8)
def tone_colours(theme: Theme) -> dict[Hashable, QColor]:
    """The ink of every tone."""
    return {
        Tone.PLAIN: theme.colour("text"),
        Tone.ACTIVE: theme.ink_on(theme.colour("active")),
        Tone.DIM: blend(theme.colour("text-muted"), theme.colour("panel"), 0.45),
        Tone.MUTED: theme.colour("text-muted"),
        Tone.SLOPE: theme.colour("gradient"),
        Tone.STEP: theme.colour("step"),
    }


def typeset(notation: Notation, theme: Theme, width: float | None = None, size: float = 1.0) -> Typeset:
    """Lay a formula out. A row wider than ``width`` is broken before + and −, outside of brackets first;
    what cannot be broken is made smaller. ``size`` is relative to the theme's font of mathematics."""
    setter = Setter(theme)
    if width is None:
        return Typeset([setter.box(notation, size)], size, 0.0)
    lines = _Lines(setter).of(notation, size, width)
    widest = max(line.width for line in lines)
    if widest > width and size > SHRUNK:
        return typeset(notation, theme, width, max(SHRUNK, size * max(0.8, 0.98 * width / widest)))
    return Typeset(lines, size, LEADING * setter.em(size))


def draw_notation(
    painter: QPainter, notation: Notation, x: float, y: float, theme: Theme, size: float = 1.0
) -> Typeset:
    """Lay a formula out and draw it with the beginning of its base line at (x, y)."""
    made = typeset(notation, theme, size=size)
    made.paint(painter, x, y - made.ascent, theme)
    return made


class _Lines:
    """Fills lines with the atoms of a row that is too wide for one."""

    def __init__(self, setter: Setter) -> None:
        self._setter = setter

    def of(self, node: Notation, size: float, width: float) -> list[Box]:
        """The rows of a formula that is too wide for one."""
        waiting, done = self._atoms(node, size, 0), []
        while waiting:
            count = self._fitting(waiting, width)
            done.append(_joined(waiting[:count]))
            waiting = waiting[count:]
        return done

    def _fitting(self, atoms: list[_Atom], width: float) -> int:
        """How many atoms the next line takes."""
        x, best = 0.0, 0
        for number, atom in enumerate(atoms):
            if number and atom.depth is not None and x <= width:
                deep = atoms[best].depth if best else None
                if deep is None or atom.depth <= deep or self._until(atoms, best) < EARLIEST * width:
                    best = number
            x += atom.box.width + (atom.lead if number else 0.0)
            if x > width and best:
                return best
        return len(atoms)

    @staticmethod
    def _until(atoms: list[_Atom], end: int) -> float:
        return sum(atom.box.width + atom.lead for atom in atoms[:end])

    def _atoms(self, node: Notation, size: float, depth: float, tone: Tone | None = None) -> list[_Atom]:
        match node:
            case Text(text=text, style="operator"):
                box = self._setter.text(node, size)
                box.tone = tone
                breakable = depth if text in {"+", "−"} else depth + 1.5 if text in {"·", "⊙", "="} else None
                lead = space_around(text) * self._setter.em(size)
                return [_Atom(_cut(box, lead), breakable, lead)]
            case Row(items=items) if any(isinstance(each, Text) and each.text == "√" for each in items):
                return [_Atom(_toned(self._setter.box(node, size), tone))]
            case Row(items=items, ref=ref) if ref is None or (
                isinstance(ref, Tone) and ref is not Tone.ACTIVE
            ):
                own = ref if isinstance(ref, Tone) and (ref not in COLOURS or tone is None) else tone
                return [atom for item in items for atom in self._atoms(item, size, depth, own)]
            case Fence(inner=inner, left=left, right=right, ref=None) if _flat(inner):
                middle = self._atoms(inner, size, depth + 1, tone)
                ends = [
                    _Atom(_toned(self._setter.glyphs(each, "math", size), tone)) for each in (left, right)
                ]
                return [ends[0], *middle, ends[1]]
            case Fence(inner=Row() as inner, left=left, right=right, ref=None):
                tall = self._setter.ends(self._setter.box(inner, size), left, right, size)
                opening, closing = (_Atom(_toned(each, tone)) for each in tall)
                return [opening, *self._atoms(inner, size, depth + 1, tone), closing]
            case _:
                box = self._setter.box(node, size)
                box.tone = box.tone or tone
                return [_Atom(box)]


def _flat(node: Notation) -> bool:
    """Whether brackets around it need not grow."""
    match node:
        case Text():
            return True
        case Row(items=items):
            return all(_flat(item) for item in items)
        case Script(base=Text(text=text), above=above):
            return "/" not in text and (above is None or isinstance(above, Text))
        case Fence(inner=inner):
            return _flat(inner)
    return False


def _toned(box: Box, tone: Tone | None) -> Box:
    box.tone = tone
    return box


def _joined(atoms: list[_Atom]) -> Box:
    x, kids = 0.0, []
    for number, atom in enumerate(atoms):
        x += atom.lead if number else 0.0
        kids.append((x, 0.0, atom.box))
        x += atom.box.width
    ascent = max(atom.box.ascent for atom in atoms)
    return Box(x, ascent, max(atom.box.descent for atom in atoms), kids)


def _cut(box: Box, lead: float) -> Box:
    """The operator without the space before it."""
    return Box(box.width - lead, box.ascent, box.descent, [(-lead, 0.0, box)])
