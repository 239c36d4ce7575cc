"""A recurrent layer unrolled in time: one cell a time step, its state handed on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.colours import blend
from gui.editor.block_face import BlockFace, Floats
from gui.editor.items.text import LEGIBLE, elided, magnified, scaled, width_of, write, zoom_of
from gui.editor.painters.pictures import Cells, draw, scale_of
from gui.theme import Theme

MOST_STEPS = 7
"""A longer sequence shows its first and last steps, and the one that is walked."""
PITCH, BOX, ROW, BETWEEN_ROWS, BELOW = 74.0, 40.0, 88.0, 26.0, 74.0
"""From one step to the next; width and height of a cell; between two directions; the inputs below."""
STRIP = 11.0


def unrolled_size(time: int, both: bool) -> tuple[float, float]:
    """Width and height of the block at scale 1."""
    rows = 1 + both
    height = rows * ROW + (rows - 1) * BETWEEN_ROWS + BELOW
    return min(time, MOST_STEPS) * PITCH + 34.0, height + 40.0


def shown_steps(time: int, walked: int | None = None) -> tuple[int | None, ...]:
    """The steps that have a place; ``None`` for an ellipsis. Their number does not depend on the walk."""
    if time <= MOST_STEPS:
        return tuple(range(time))
    last = time - 1
    if walked is None or not 0 <= walked < time:
        return (0, 1, 2, None, last - 2, last - 1, last)
    if walked < 4:
        return (0, 1, 2, 3, 4, None, last)
    if walked > last - 4:
        return (0, None, last - 4, last - 3, last - 2, last - 1, last)
    return (0, None, walked - 1, walked, walked + 1, None, last)


class StepCells(Cells):
    """Where the state of each unit at each step stands: index (unit, step)."""

    def __init__(self) -> None:
        super().__init__()
        self.strips: dict[tuple[int, int], tuple[QRectF, int, int]] = {}
        """For direction and step the strip of its state, its first unit and their number."""
        self.columns: list[tuple[QRectF, int]] = []
        """Where each step stands as a whole."""

    def rect(self, index: tuple[int, ...]) -> QRectF:
        if len(index) != 2:
            return QRectF()
        unit, step = index
        for (_, at), (strip, first, count) in self.strips.items():
            if at == step and first <= unit < first + count:
                high = strip.height() / count
                return QRectF(strip.left(), strip.top() + (unit - first) * high, strip.width(), high)
        return QRectF()

    def part_at(self, point: QPointF) -> int | None:
        return next((step for rect, step in self.columns if rect.contains(point)), None)


@dataclass
class _Row:
    """One direction of reading."""

    number: int
    units: slice
    top: float
    back: bool


class _Drawing:
    """The parts of one picture."""

    def __init__(self, painter: QPainter, room: QRectF, face: BlockFace, both: bool, theme: Theme) -> None:
        assert face.values is not None
        self.painter, self.face, self.theme = painter, face, theme
        self.values: Floats = face.values
        self.steps = shown_steps(self.values.shape[1], face.step)
        rows = 1 + both
        natural = (
            len(self.steps) * PITCH + 16.0,
            rows * ROW + (rows - 1) * BETWEEN_ROWS + BELOW,
        )
        self.s = max(1e-6, min(room.width() / natural[0], room.height() / natural[1]))
        self.left = room.center().x() - (len(self.steps) * PITCH * self.s) / 2
        self.top = room.center().y() - natural[1] * self.s / 2
        n = len(self.values)
        self.rows = [_Row(0, slice(0, n // rows), self.top, back=False)]
        if both:
            down = (ROW + BETWEEN_ROWS) * self.s
            self.rows = [_Row(1, slice(n // 2, n), self.top, back=True),
                         _Row(0, slice(0, n // 2), self.top + down, back=False)]  # fmt: skip
        self.foot = self.rows[-1].top + ROW * self.s
        self.cells = StepCells()
        self.growth = magnified(zoom_of(painter) * self.s, 0.85, 1.5)
        self.legible = zoom_of(painter) * 12 * self.s * self.growth >= LEGIBLE
        self.font = scaled(theme.fonts.small, 0.96 * self.growth * self.s / theme.scale)
        self.ink = theme.colour("gradient" if face.slope else "text")
        self.line = theme.colour("gradient" if face.slope else "outline")

    def paint(self) -> StepCells:
        for place, step in enumerate(self.steps):
            centre = self.left + (place + 0.5) * PITCH * self.s
            if step is not None:
                whole = QRectF(
                    centre - PITCH * self.s / 2,
                    self.top,
                    PITCH * self.s,
                    self.foot - self.top + BELOW * self.s,
                )
                self.cells.columns.append((whole, step))
            for row in self.rows:
                if step is None:
                    self._dots(centre, row)
                else:
                    self._cell(centre, row, step)
                self._onward(centre, row, place)
            if step is not None:
                self._input(centre, step)
        return self.cells

    def _cell(self, centre: float, row: _Row, step: int) -> None:
        s, theme, painter = self.s, self.theme, self.painter
        box = QRectF(centre - BOX * s / 2, row.top, BOX * s, ROW * s)
        walked = step == self.face.step
        painter.setPen(QPen(theme.colour("active" if walked else "outline"), (2.5 if walked else 1.4) * s))
        painter.setBrush(theme.colour("raised" if not self.face.slope else "canvas"))
        painter.drawRoundedRect(box, 7 * s, 7 * s)
        memory = self.face.others.get("c")
        names = ["a"] if memory is None else ["c", "a"]
        wide = STRIP * s
        gap = (box.width() - len(names) * wide) / (len(names) + 1)
        for number, name in enumerate(names):
            strip = QRectF(box.left() + gap + number * (wide + gap), row.top + 18 * s, wide, (ROW - 26) * s)
            self._letter(strip, self._letter_of(name))
            if name == "c":
                assert memory is not None
                self._strip(strip, memory, row.units, step, self.face.memory_known)
                continue
            self._strip(strip, self.values, row.units, step, self.face.known)
            count = row.units.stop - row.units.start
            self.cells.strips[row.number, step] = strip, row.units.start, count

    def _strip(self, rect: QRectF, values: Floats, rows: slice, step: int, known) -> None:
        table, span = scale_of(values, True, self.theme)
        shown = None if known is None else known[rows, step][:, None]
        draw(self.painter, rect, values[rows, step][:, None], shown, table, span, self.theme)

    def _letter_of(self, name: str) -> str:
        """How the state or the memory is called: a and c, or what the loss says of them."""
        if not self.face.slope:
            return name
        return "dc" if name == "c" else self.face.array

    def _letter(self, strip: QRectF, letter: str) -> None:
        if self.legible:
            above = QRectF(
                strip.center().x() - 12 * self.s, strip.top() - 16 * self.s, 24 * self.s, 14 * self.s
            )
            write(self.painter, above, letter, self.font, self.ink)

    def _dots(self, centre: float, row: _Row) -> None:
        ink = self.theme.colour("text-muted")
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(ink)
        for shift in (-9.0, 0.0, 9.0):
            self.painter.drawEllipse(
                QPointF(centre + shift * self.s, row.top + ROW * self.s / 2), 2.2 * self.s, 2.2 * self.s
            )

    def _onward(self, centre: float, row: _Row, place: int) -> None:
        """What is handed on to the cell at the right, or backward from it; gradients run the other way."""
        s, step = self.s, self.steps[place]
        if place == len(self.steps) - 1:
            return
        following = self.steps[place + 1]
        half = BOX * s / 2 if step is not None else 16 * s
        start = centre + half
        end = centre + PITCH * s - (BOX * s / 2 if following is not None else 16 * s)
        sent = following if row.back else step
        leftward = row.back != self.face.slope
        lanes = [("a", 0.62)] if "c" not in self.face.others else [("c", 0.3), ("a", 0.72)]
        for name, height in lanes:
            y = row.top + height * ROW * s
            one, two = QPointF(start + 1.5 * s, y), QPointF(end - 1.5 * s, y)
            self._arrow(*((two, one) if leftward else (one, two)))
            if sent is not None and self.legible and following is not None and step is not None:
                words = f"{self._letter_of(name)}⟨{sent + 1}⟩"
                above = QRectF(start - 4 * s, y - 17 * s, end - start + 8 * s, 14 * s)
                fits = min(0.94, (end - start - 3 * s) / max(1.0, width_of(self.font, words)))
                write(self.painter, above, words, scaled(self.font, fits), self.ink)

    def _input(self, centre: float, step: int) -> None:
        """x of the step with its arrow up to the cells, and what it is called."""
        s, x = self.s, self.face.others.get("x")
        top = self.foot
        rows = len(self.rows)
        self._arrow(QPointF(centre, top + 16 * s), QPointF(centre, top + 1.5 * s), quiet=self.face.slope)
        if rows > 1:
            self._behind(centre)
        strip = QRectF(centre - STRIP * s / 2, top + 17 * s, STRIP * s, 26 * s)
        if x is not None and step < x.shape[1]:
            table, span = scale_of(x, False, self.theme)
            if len(x) == 1:  # one number: a square
                strip = QRectF(centre - 9 * s, top + 17 * s, 18 * s, 18 * s)
            draw(self.painter, strip, x[:, step][:, None], None, table, span, self.theme)
        if not self.legible:
            return
        line = QRectF(centre - PITCH * s / 2 + 1, top + 44 * s, PITCH * s - 2, 14 * s)
        token = step < len(self.face.tokens)
        if self.growth < 1.15 or not token:
            write(self.painter, line, f"x⟨{step + 1}⟩", self.font, self.theme.colour("text-muted"))
            line.translate(0, 14 * s)
        if token:
            word = elided(self.font, self.face.tokens[step], line.width())
            write(self.painter, line, word, self.font, self.theme.colour("text"))

    def _behind(self, centre: float) -> None:
        """x goes to the other direction too: past the cell below, as if behind it."""
        s, painter, x = self.s, self.painter, centre + 16.5 * self.s
        colour = self.theme.colour("outline")
        painter.setPen(QPen(colour, 1.4 * s))
        low = self.foot + 29 * s
        painter.drawLine(QPointF(centre, low), QPointF(x, low))
        painter.drawLine(QPointF(x, low), QPointF(x, self.foot + 1 * s))
        painter.setPen(QPen(blend(self.theme.colour("raised"), colour, 0.4), 1.4 * s, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, self.foot), QPointF(x, self.rows[1].top))
        upper = self.rows[0].top + ROW * s
        self._arrow(QPointF(x, self.rows[1].top - 1 * s), QPointF(x, upper + 1.5 * s), quiet=True)

    def _arrow(self, start: QPointF, end: QPointF, *, quiet: bool = False) -> None:
        s, painter = self.s, self.painter
        colour: QColor = self.theme.colour("outline") if quiet else self.line
        painter.setPen(QPen(colour, 1.8 * s))
        painter.drawLine(start, end)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(_head(start, end, 7 * s))


def unrolled(painter: QPainter, room: QRectF, face: BlockFace, theme: Theme) -> Cells:
    """The cells of one direction, or of two above one another."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return _Drawing(painter, room, face, face.both, theme).paint()


def _head(start: QPointF, end: QPointF, size: float) -> QPolygonF:
    across = QPointF(end.x() - start.x(), end.y() - start.y())
    length = max(1e-6, (across.x() ** 2 + across.y() ** 2) ** 0.5)
    along = across / length
    side = QPointF(-along.y(), along.x())
    corners: Sequence[QPointF] = (
        end,
        end - along * size + side * (0.5 * size),
        end - along * size - side * (0.5 * size),
    )
    return QPolygonF(list(corners))
