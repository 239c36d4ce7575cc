"""What a card says in rows of a name and a number, measured and painted without laying out rich text.

The mouse passes a dozen synapses a second, and each has other digits. Qt would parse and lay out the
whole text anew; here every piece of it that was seen before is taken from a store.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText

from engine.symbols import Symbol
from gui.editor.items.text import width_of
from gui.theme import Theme

GAP = 2.0
"""Between the cells of the table and around it, as rich text has it."""
APART = 14.0
"""Between a name and its number, besides."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a symbol or a word, and what it is."""

    name: Symbol | str
    value: str
    colour: str = ""
    slope: bool = False
    """Whether the name is that of ∂J/∂ the symbol."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class CardTable:
    """A title, rows, and hints below them, a line each; each may be missing."""

    head: str = ""
    lines: tuple[Line, ...] = ()
    hints: tuple[str, ...] = ()

    def with_more(self, lines: Iterable[Line], hint: str) -> CardTable:
        """With further rows and a further hint."""
        return replace(self, lines=(*self.lines, *lines), hints=(*self.hints, hint))

    @property
    def html(self) -> str:
        """The same as rich text, for who reads it in another place."""
        rows = "".join(
            f"<tr><td>{_html(line)}</td><td>{'<b>' if line.strong else ''}{escape(line.value)}"
            f"{'</b>' if line.strong else ''}</td></tr>"
            for line in self.lines
        )
        head = f"<b>{escape(self.head)}</b>" if self.head else ""
        return head + (f"<table>{rows}</table>" if rows else "") + "<br>".join(map(escape, self.hints))

    def size(self, theme: Theme) -> QSize:
        """How much room it takes."""
        faces, rows = _faces(theme.fonts.ui), len(self.lines)
        names, values = self._columns(theme)
        wide = GAP + names + APART + GAP + values + GAP if rows else 0.0
        wide = max(wide, width_of(faces.strong, self.head), *(width_of(faces.plain, h) for h in self.hints))
        high = (bool(self.head) + rows + len(self.hints)) * faces.line + (GAP * (rows + 1) if rows else 0.0)
        return QSize(math.ceil(wide), math.ceil(high))

    def paint(self, painter: QPainter, corner: QPointF, theme: Theme) -> None:
        """All of it, with its upper left corner at a point."""
        faces = _faces(theme.fonts.ui)
        x, y = corner.x(), corner.y()
        painter.setPen(theme.colour("text"))
        if self.head:
            _write(painter, x, y, faces.strong, self.head)
            y += faces.line
        names, values = self._columns(theme)
        for line in self.lines:
            y += GAP
            at = x + GAP
            painter.setPen(theme.colour("text"))
            for font, shift, text in _pieces(line, faces):
                _write(painter, at, y + shift, font, text)
                at += width_of(font, text)
            font = faces.strong if line.strong else faces.plain
            painter.setPen(theme.colour(line.colour or "text"))
            right = x + GAP + names + APART + GAP + values
            _write(painter, right - width_of(font, line.value), y, font, line.value)
            y += faces.line
        y += GAP if self.lines else 0.0
        painter.setPen(theme.colour("text-muted"))
        for hint in self.hints:
            _write(painter, x, y, faces.plain, hint)
            y += faces.line

    def _columns(self, theme: Theme) -> tuple[float, float]:
        """How wide the names and the values are."""
        faces = _faces(theme.fonts.ui)
        names = (sum(width_of(font, text) for font, _, text in _pieces(line, faces)) for line in self.lines)
        values = (width_of(faces.strong if each.strong else faces.plain, each.value) for each in self.lines)
        return math.ceil(max(names, default=0.0)), math.ceil(max(values, default=0.0))


class _Faces:
    """The fonts of a card, and by how much what is raised or lowered moves."""

    def __init__(self, font: QFont) -> None:
        self.plain, self.strong, self.italic, self.script = font, QFont(font), QFont(font), QFont(font)
        self.strong.setBold(True)
        self.italic.setItalic(True)
        self.script.setPointSize(font.pointSize() * 2 // 3)
        metrics, small = QFontMetricsF(font), QFontMetricsF(self.script)
        self.line = float(math.ceil(metrics.height()))
        beside = metrics.ascent() - small.ascent()
        self.above, self.below = beside - small.height() / 2, beside + small.height() / 6


_known: dict[int, _Faces] = {}


def _faces(font: QFont) -> _Faces:
    found = _known.get(id(font))
    if found is None:
        found = _known[id(font)] = _Faces(font)  # which keeps the font alive, and so its identity
    return found


def _pieces(line: Line, faces: _Faces) -> Iterator[tuple[QFont, float, str]]:
    """Font, shift downwards and text of every piece of a name."""
    name = line.name
    if isinstance(name, str):
        yield faces.plain, 0.0, name
        return
    if line.slope:
        yield faces.plain, 0.0, "∂"
        yield faces.italic, 0.0, "J"
        yield faces.plain, 0.0, "/∂"
    yield faces.italic, 0.0, name.letter
    if name.above:
        yield faces.script, faces.above, name.above
    if name.below:
        yield faces.script, faces.below, name.below


def _html(line: Line) -> str:
    if isinstance(line.name, str):
        return escape(line.name)
    return f"∂<i>J</i>/∂{line.name.html}" if line.slope else line.name.html


@lru_cache(maxsize=4096)
def _static(font: int, text: str) -> QStaticText:
    """A text whose glyphs are found once; ``font`` keeps those of different fonts apart."""
    found = QStaticText(text)
    found.setTextFormat(Qt.TextFormat.PlainText)
    return found


def _write(painter: QPainter, x: float, y: float, font: QFont, text: str) -> None:
    painter.setFont(font)
    painter.drawStaticText(QPointF(x, y), _static(id(font), text))
