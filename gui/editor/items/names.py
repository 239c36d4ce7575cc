"""The names of inputs and outputs beside their neurons, and the targets below them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.geometry import LayerPlace
from gui.editor.items.text import LEFT, LEGIBLE, RIGHT, elided, scaled, width_of, write, zoom_of
from gui.editor.sizes import Sizes
from gui.theme import Theme

LINE, SHORT = 17.0, 100.0
"""Height of a line; a name that is no wider than ``SHORT`` is not broken."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line beside a neuron."""

    text: str
    font: QFont
    ink: str
    rect: QRectF


class NamesItem(QGraphicsItem):
    """All names of one layer; painted once and kept, because they rarely change."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.names: tuple[tuple[str, str], ...] = ()
        """Name and target beside each drawn unit."""
        self.width = 0.0
        """How much room they take beside the frame."""
        self.lines: tuple[Line, ...] = ()
        self._full: tuple[tuple[QRectF, str], ...] = ()
        self.setZValue(29)
        self._bounds = QRectF()
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_names(self, names: tuple[tuple[str, str], ...]) -> None:
        """Other names or targets."""
        if names == self.names:
            return
        self.names = names
        self.prepareGeometryChange()
        self._lay_out()
        bounds = QRectF()
        for line in self.lines:
            bounds = bounds.united(line.rect)
        self._bounds = bounds.adjusted(-6, -6, 6, 6)
        self.update()

    def full_name_at(self, point: QPointF) -> str:
        """The whole of a name that is cut short at a point; empty if there is none."""
        return next((name for rect, name in self._full if rect.contains(point)), "")

    def _lay_out(self) -> None:
        """Break the names; the room beside the frame is that of the widest line."""
        theme, scale = self.theme, self.sizes.scale
        most, ui, small = self.sizes.beside, theme.fonts.ui, scaled(theme.fonts.small, 0.94)
        rows: list[list[tuple[str, QFont, str]]] = []
        cut: list[str] = []
        for name, target in self.names:
            font = ui if width_of(ui, name) <= SHORT * scale else small
            parts = broken(name, font, SHORT * scale, most)
            shown = [elided(font, part, most) for part in parts]
            cut.append(name if shown != parts else "")
            row = [(text, font, "text") for text in shown if text]
            if target:
                row.append((target, theme.fonts.small, "text-muted"))
            rows.append(row)
        wide = max((width_of(font, text) for row in rows for text, font, _ in row), default=0.0)
        if any(target for _, target in self.names):
            whole = all(target[4:].isdigit() for _, target in self.names if target)
            wide = max(wide, width_of(theme.fonts.small, "y = 0" if whole else "y = −0.00"))
        self.width = wide + 12 * scale if wide else 0.0
        left, gap = self.place.role == "input", 8 * scale
        x = self.place.frame.left() - gap - wide if left else self.place.frame.right() + gap
        lines, full = [], []
        for unit, row, name in zip(self.place.units, rows, cut, strict=False):
            height = LINE * scale
            top = unit.y - height * len(row) / 2
            if name:
                full.append((QRectF(x, top, wide, height * len(row)), name))
            for number, (text, font, ink) in enumerate(row):
                lines.append(Line(text, font, ink, QRectF(x, top + number * height, wide, height)))
        self.lines, self._full = tuple(lines), tuple(full)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if zoom_of(painter) * 12 * self.sizes.scale < LEGIBLE:
            return
        where = RIGHT if self.place.role == "input" else LEFT
        for line in self.lines:
            write(painter, line.rect, line.text, line.font, self.theme.colour(line.ink), where)


def broken(name: str, font: QFont, short: float, most: float) -> list[str]:
    """A name in one line or two; broken where the longer line is shortest."""
    words = name.split()
    if width_of(font, name) <= short or len(words) < 2:
        return [name] if width_of(font, name) <= most else _halves(name, font, most)
    ways = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return list(min(ways, key=lambda way: max(width_of(font, each) for each in way)))


def _halves(name: str, font: QFont, most: float) -> list[str]:
    """A long word: what fits in the first line, the rest below it."""
    for sign in "_-./:":
        at = [n + 1 for n, each in enumerate(name) if each == sign and 0 < n < len(name) - 1]
        if at:
            middle = min(at, key=lambda n: abs(n - len(name) / 2))
            return [name[:middle], name[middle:]]
    fits = next((n for n in range(len(name), 0, -1) if width_of(font, name[:n]) <= most), 1)
    return [name[:fits], name[fits:]]
