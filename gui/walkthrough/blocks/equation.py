"""The general equation drawn: symbols with shapes below, and small matrices as grids with their numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from engine.core.notation import Notation, Text
from engine.core.shapes import spoken
from gui.theme import Theme
from gui.walkthrough.blocks.base import Block, Lit, block_of, laid_out
from gui.walkthrough.page import Equation, Grid, Operand
from gui.walkthrough.sums import shown
from gui.widgets.faces import Ink, face
from gui.widgets.numbers import format_number
from gui.widgets.typeset import Spot, Tone, Typeset, tone_colours

MOST_SHOWN: Final = 6
"""Rows and columns of a matrix that are written; of more, those around the lit one and both ends."""
DIGITS: Final = 3
SMALL: Final = 0.78
"""Numbers in a matrix against the formula's."""
MOST_LINES: Final = 3


@dataclass(slots=True)
class _Cell:
    rect: QRectF
    key: object
    band: bool
    active: bool


@dataclass(slots=True)
class _Piece:
    """A sign, or an operand with its symbol above, grid and shape below."""

    width: float
    symbol: Typeset
    shape: Typeset | None = None
    grid: Grid | None = None
    size: tuple[float, float] = (0.0, 0.0)
    breaks: bool = False
    """Whether a line may end before it."""
    columns: list[float] = field(default_factory=list)


@block_of.register(Equation)
class EquationBlock(Block):
    """The pieces of an equation in as many lines as they need."""

    def __init__(self, part: Equation, width: float, theme: Theme) -> None:
        super().__init__()
        self._ink, self._cells, self._brackets = Ink(), [], []  # type: ignore[var-annotated]
        self.placed: list[tuple[Typeset, float, float]] = []
        self._theme, self._width = theme, width
        self.with_grids = True
        lines = self._lines(part, True)
        if len(lines) > MOST_LINES or any(sum(each.width for each in line) > width for line in lines):
            self.with_grids = False
            lines = self._lines(part, False)
        y = 0.0
        for number, line in enumerate(lines):
            y = self._place(line, y + (theme.px(8) if number else 0.0), theme.space(2) if number else 0.0)
        self.height = y

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.save()
        painter.translate(0, y)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        band, active = theme.colour("active", 0.13), theme.colour("active")
        light = theme.colour("accent", 0.28)
        for cell in self._cells:
            if cell.active or cell.band:
                painter.fillRect(cell.rect, active if cell.active else band)
            if cell.key in lit:
                painter.fillRect(cell.rect, light)
        painter.setPen(QPen(theme.colour("text-muted"), theme.px(1)))
        for path in self._brackets:
            painter.drawPolyline(path)
        inks = tone_colours(theme)
        self._ink.paint(painter, inks)
        painter.restore()
        for made, x, top in self.placed:
            made.paint(painter, x, y + top, theme, lit)

    # ---------------------------------------------------------------- layout

    def _lines(self, part: Equation, grids: bool) -> list[list[_Piece]]:
        lines: list[list[_Piece]] = [[]]
        x = 0.0
        for item in part.items:
            piece = self._operand(item, grids) if isinstance(item, Operand) else self._sign(item, x)
            stuck = bool(lines[-1]) and not piece.breaks
            ahead = piece.width + (self._theme.px(60) if piece.breaks and piece.grid is None else 0.0)
            if lines[-1] and not stuck and x + ahead > self._width:
                lines.append([])
                x = self._theme.space(2)
            lines[-1].append(piece)
            x += piece.width
        return lines

    def _sign(self, item: Notation, x: float) -> _Piece:
        """A sign, or a formula without matrices, which goes on below itself where it is too long."""
        room = max(self._width - x - self._theme.px(6), 0.4 * self._width)
        made = laid_out(item, self._theme, room, 1.0)
        return _Piece(
            made.width + self._theme.px(6), made, breaks=isinstance(item, Text) and item.style == "operator"
        )

    def _operand(self, item: Operand, grids: bool) -> _Piece:
        theme = self._theme
        symbol = laid_out(item.symbol, theme, None, 1.0)
        shape = None
        if item.shape is not None:
            shape = laid_out(Text(spoken(item.shape)), theme, None, SMALL)
        grid = item.grid if grids else None
        width, size, columns = max(symbol.width, shape.width if shape else 0.0), (0.0, 0.0), []
        if grid is not None:
            columns = self._column_widths(grid)
            em = face(theme.scale, "math", SMALL).em
            rows = len(_visible(grid.rows, _focus_row(grid)))
            size = (sum(columns) + 0.9 * em, rows * 1.45 * em)
            width = max(width, size[0])
        return _Piece(width + theme.px(6), symbol, shape, grid, size, True, columns)

    def _column_widths(self, grid: Grid) -> list[float]:
        one = face(self._theme.scale, "math", SMALL)
        widths = []
        rows = [i for i in _visible(grid.rows, _focus_row(grid)) if isinstance(i, int)]
        for j in _visible(grid.columns, _focus_column(grid)):
            if not isinstance(j, int):
                widths.append(one.em)
                continue
            texts = (_text(grid.value(i, j)) for i in rows)
            widths.append(max([1.2 * one.em, *(one.glyphs(text)[2] for text in texts)]) + 0.7 * one.em)
        return widths

    def _place(self, line: list[_Piece], top: float, x: float) -> float:
        """Set one line with its upper edge at ``top``, everything centred on one axis; its lower edge."""
        theme = self._theme
        gap, rise = theme.px(4), 0.25 * face(theme.scale, "math", 1.0).em
        above, below = 0.0, 0.0
        for piece in line:
            half, symbol = piece.size[1] / 2, piece.symbol
            under = gap + piece.shape.height if piece.shape is not None else 0.0
            if piece.grid is not None:
                above, below = max(above, half + gap + symbol.height), max(below, half + under)
            else:
                above, below = max(above, symbol.ascent - rise), max(below, symbol.descent + rise + under)
        middle = top + above
        for piece in line:
            half, symbol = piece.size[1] / 2, piece.symbol
            centre = x + (piece.width - symbol.width) / 2
            if piece.grid is not None:
                self._set(symbol, centre, middle - half - gap - symbol.descent)
                self._set_grid(piece, x + (piece.width - piece.size[0]) / 2, middle - half)
                low = middle + half
            else:
                self._set(symbol, centre, middle + rise)
                low = middle + rise + symbol.descent
            if piece.shape is not None:
                self._set(
                    piece.shape, x + (piece.width - piece.shape.width) / 2, low + gap + piece.shape.ascent
                )
            x += piece.width
        return middle + below

    def _set(self, made: Typeset, x: float, base: float) -> None:
        self.placed.append((made, x, base - made.ascent))
        self.spots += [Spot(spot.rect.translated(x, base - made.ascent), spot.ref) for spot in made.spots]

    def _set_grid(self, piece: _Piece, left: float, top: float) -> None:
        grid = piece.grid
        assert grid is not None
        one = face(self._theme.scale, "math", SMALL)
        pad, height = 0.45 * one.em, 1.45 * one.em
        rows, columns = _visible(grid.rows, _focus_row(grid)), _visible(grid.columns, _focus_column(grid))
        y = top
        for i in rows:
            x = left + pad
            for j, width in zip(columns, piece.columns, strict=True):
                rect = QRectF(x, y, width, height)
                x += width
                if isinstance(i, int) and isinstance(j, int):
                    self._set_cell(grid, i, j, rect)
                else:
                    dots = "⋮" if isinstance(j, int) else "⋯" if isinstance(i, int) else ""
                    self._write(dots, rect, Tone.MUTED)
            y += height
        right, notch = left + piece.size[0], 0.22 * one.em
        for edge, inner in ((left, left + notch), (right, right - notch)):
            self._brackets.append(
                [QRectF(a, b, 0, 0).topLeft() for a, b in ((inner, top), (edge, top), (edge, y), (inner, y))]
            )

    def _set_cell(self, grid: Grid, i: int, j: int, rect: QRectF) -> None:
        value = grid.value(i, j)
        active = grid.active == (i, j)
        band = i == grid.row or j == grid.column
        ref = grid.ref(i, j)
        self._cells.append(_Cell(rect, ref.key, band, active))
        if value is not None:
            self._write(_text(value), rect, Tone.ACTIVE if active else Tone.PLAIN)
            self.spots.append(Spot(rect, ref))

    def _write(self, text: str, rect: QRectF, tone: Tone) -> None:
        one = face(self._theme.scale, "math", SMALL)
        indexes, places, width = one.glyphs(text)
        x, base = rect.center().x() - width / 2, rect.center().y() + 0.33 * one.em
        self._ink.add(one, tone, (indexes, places), x, base)


def _visible(count: int, focus: int | None) -> list[int | range]:
    return shown(count, focus, MOST_SHOWN)


def _focus_row(grid: Grid) -> int | None:
    return grid.active[0] if grid.active is not None else grid.row


def _focus_column(grid: Grid) -> int | None:
    return grid.active[1] if grid.active is not None else grid.column


def _text(value: float | None) -> str:
    return "" if value is None else format_number(value, DIGITS, near_zero=True)
