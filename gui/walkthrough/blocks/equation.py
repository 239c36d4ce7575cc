"""The general equation drawn: symbols with shapes below, and small matrices as grids with their numbers."""

from __future__ import annotations

from collections.abc import Callable
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

MOST_SHOWN: Final = (6, 4, 3)
"""Rows and columns of a matrix that are written, fewer where there is no room; of more, those around the lit
one and both ends."""
DIGITS: Final = 3
SMALL: Final = 0.78
"""Numbers in a matrix against the formula's."""
HEAD: Final = 0.62
"""What stands above a column against the formula's size."""
MOST_LINES: Final = 4


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
    head: float = 0.0
    """Height of what stands above the columns."""
    side: float = 0.0
    """Width of what stands beside the rows."""
    locked: bool = False


@block_of.register(Equation)
class EquationBlock(Block):
    """The pieces of an equation in as many lines as they need."""

    def __init__(self, part: Equation, width: float, theme: Theme) -> None:
        super().__init__()
        self._ink, self._cells, self._brackets = Ink(), [], []  # type: ignore[var-annotated]
        self._texts: dict[tuple[int, int, int], str] = {}
        self._most = MOST_SHOWN[0]
        self.placed: list[tuple[Typeset, float, float]] = []
        self._locks: list[QRectF] = []
        self._theme, self._width = theme, width
        for self._most in MOST_SHOWN:
            lines = self._lines(part, True)
            self.with_grids = len(lines) <= MOST_LINES and all(
                sum(each.width for each in line) <= width for line in lines
            )
            if self.with_grids:
                break
        else:
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
        for lock in self._locks:
            _padlock(painter, lock)
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
        lock = 2 * (_LOCK[0] + 3) * theme.px(1) if item.locked else 0.0  # the letter stays in the middle
        width = max(symbol.width + lock, shape.width if shape else 0.0)
        size, columns, head, side = (0.0, 0.0), [], 0.0, 0.0
        if grid is not None:
            columns = self._column_widths(grid)
            em = face(theme.scale, "math", SMALL).em
            rows = self._rows(grid)
            size = (sum(columns) + 0.9 * em, len(rows) * 1.45 * em)
            if grid.column_heads is not None:
                head = max(
                    (each.height for each in self._heads(grid.column_heads, self._columns(grid))), default=0.0
                )
            if grid.row_heads is not None:
                heads = self._heads(grid.row_heads, rows)
                side = max((each.width for each in heads), default=0.0) + theme.px(3)
            width = max(width, size[0] + side)
        return _Piece(width + theme.px(6), symbol, shape, grid, size, True, columns, head, side, item.locked)

    def _rows(self, grid: Grid) -> list[int | range]:
        return self._shown(grid.rows, _focus_row(grid))

    def _columns(self, grid: Grid) -> list[int | range]:
        return self._shown(grid.columns, _focus_column(grid))

    def _shown(self, count: int, focus: int | None) -> list[int | range]:
        return shown(count, focus, self._most, around=int(self._most > MOST_SHOWN[-1]))

    def _heads(self, name: Callable[[int], Notation], places: list[int | range]) -> list[Typeset]:
        return [laid_out(name(each), self._theme, None, HEAD) for each in places if isinstance(each, int)]

    def _column_widths(self, grid: Grid) -> list[float]:
        one = face(self._theme.scale, "math", SMALL)
        widths = []
        rows = [i for i in self._rows(grid) if isinstance(i, int)]
        for j in self._columns(grid):
            if not isinstance(j, int):
                widths.append(one.em)
                continue
            texts = (self._text(grid, i, j) for i in rows)
            wide = max([1.2 * one.em, *(one.glyphs(text)[2] for text in texts)]) + 0.7 * one.em
            if grid.column_heads is not None:
                wide = max(wide, *(each.width + 0.4 * one.em for each in self._heads(grid.column_heads, [j])))
            widths.append(wide)
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
                above = max(above, half + piece.head + gap + symbol.height)
                below = max(below, half + under)
            else:
                above, below = max(above, symbol.ascent - rise), max(below, symbol.descent + rise + under)
        middle = top + above
        for piece in line:
            half, symbol = piece.size[1] / 2, piece.symbol
            centre = x + (piece.width - symbol.width) / 2
            if piece.grid is not None:
                base = middle - half - piece.head - gap - symbol.descent
                self._set(symbol, centre, base)
                if piece.locked:
                    wide, high = (each * theme.px(1) for each in _LOCK)
                    self._locks.append(QRectF(centre + symbol.width + theme.px(3), base - high, wide, high))
                self._set_grid(piece, x + (piece.width + piece.side - piece.size[0]) / 2, middle - half)
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
        rows, columns = self._rows(grid), self._columns(grid)
        self._set_heads(piece, left, top)
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

    def _set_heads(self, piece: _Piece, left: float, top: float) -> None:
        """What the columns and rows of a grid are called, above and beside it."""
        grid, em = piece.grid, face(self._theme.scale, "math", SMALL).em
        assert grid is not None
        x, y = left + 0.45 * em, top
        for j, width in zip(self._columns(grid), piece.columns, strict=True):
            if isinstance(j, int) and grid.column_heads is not None:
                made = laid_out(grid.column_heads(j), self._theme, None, HEAD)
                self.placed.append((made, x + (width - made.width) / 2, top - made.height))
            x += width
        for i in self._rows(grid):
            if isinstance(i, int) and grid.row_heads is not None:
                made = laid_out(grid.row_heads(i), self._theme, None, HEAD)
                beside = left - made.width - self._theme.px(3)
                self.placed.append((made, beside, y + (1.45 * em - made.height) / 2))
            y += 1.45 * em

    def _set_cell(self, grid: Grid, i: int, j: int, rect: QRectF) -> None:
        text = self._text(grid, i, j)
        active = grid.active == (i, j)
        band = i == grid.row or j == grid.column
        ref = grid.ref(i, j)
        self._cells.append(_Cell(rect, ref.key, band, active))
        if text:
            plain = Tone.DIM if grid.ghost(i, j) else Tone.PLAIN
            self._write(text, rect, Tone.ACTIVE if active else plain)
            self.spots.append(Spot(rect, ref))

    def _text(self, grid: Grid, i: int, j: int) -> str:
        """What is written in a cell: asked for by every attempt to fit the width, found once."""
        key = (id(grid), i, j)
        if key not in self._texts:
            self._texts[key] = _text(grid.value(i, j))
        return self._texts[key]

    def _write(self, text: str, rect: QRectF, tone: Tone) -> None:
        one = face(self._theme.scale, "math", SMALL)
        indexes, places, width = one.glyphs(text)
        x, base = rect.center().x() - width / 2, rect.center().y() + 0.33 * one.em
        self._ink.add(one, tone, (indexes, places), x, base)


_LOCK: Final = (8.0, 11.0)
"""Width and height of a padlock, in pixels of the design."""


def _padlock(painter: QPainter, rect: QRectF) -> None:
    """Beside what does not depend on the example."""
    wide, high = rect.width(), rect.height()
    body = QRectF(rect.left(), rect.top() + 0.45 * high, wide, 0.55 * high)
    painter.fillRect(body, painter.pen().color())
    painter.drawArc(QRectF(rect.left() + 0.18 * wide, rect.top(), 0.64 * wide, 0.9 * high), 0, 180 * 16)


def _focus_row(grid: Grid) -> int | None:
    return grid.active[0] if grid.active is not None else grid.row


def _focus_column(grid: Grid) -> int | None:
    return grid.active[1] if grid.active is not None else grid.column


def _text(value: float | None) -> str:
    return "" if value is None else format_number(value, DIGITS, near_zero=True)
