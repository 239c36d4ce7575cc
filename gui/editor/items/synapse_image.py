"""Thousands of synapses as one picture: a table says which synapse owns each pixel.

Newer weights are new colours, one look-up a pixel. Another camera, other places or another order of
sizes need a new table; it is made in small pieces between other events, and until it is there the
last picture is shown moved and stretched.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.items.synapse_codes import (
    ABSENT,
    BROKEN,
    DASH,
    GAP,
    STEPS,
    Codes,
    colour_of,
    least_width,
    pen_of,
    width_of_code,
)
from gui.editor.owner_table import ENTRIES, LEVELS, Builder, Lines, Table
from gui.editor.wires import Wires
from gui.theme import Theme

SETTLED = 50
"""Milliseconds without another camera after which a new table is begun."""
SLICE, LIVE_SLICE = 0.006, 0.002
"""Seconds of work at once, and while the network learns: the worker and the frames come first then."""
LIVE_PAUSE = 40
"""Milliseconds between two such slices while the network learns."""
SHARE = 30
"""A table that is out of date only in its order is renewed after so many times what it costs."""
MARGIN = 64
"""Pixels beyond the edges of the view, so that panning shows something at once."""
PALE = 0.45
"""What is left of the colour between two dashes: among thousands of lines holes would look like noise."""
VECTORS = 2000
"""Up to so many synapses are lines on paper; more are a picture there too."""
LARGEST = 6_000_000
"""Pixels of a picture on paper."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a table was made for: pixels a unit, where the scene's origin lies, and the size."""

    zoom: float
    x: float
    y: float
    width: int
    height: int

    @classmethod
    def of(cls, transform: QTransform, width: int, height: int, ratio: float) -> Sight:
        """In pixels of the device."""
        m = MARGIN
        zoom = transform.m11() * ratio
        x, y = transform.dx() * ratio + m, transform.dy() * ratio + m
        return cls(zoom, x, y, round(width * ratio) + 2 * m, round(height * ratio) + 2 * m)


class Palette:
    """The colours of all codes, at each step of coverage, in strokes and in gaps."""

    def __init__(self, theme: Theme, faded: bool) -> None:
        self._rows = np.zeros((BROKEN + 2, ENTRIES), dtype=np.uint32)
        gap = 0.15 if theme.name == "high-contrast" else PALE
        for code in range(BROKEN + 1):
            colour = colour_of(code, theme, faded)
            dashed = code == BROKEN or (code % 2 and code // 2)
            for level in range(LEVELS):
                alpha = (level + 1) / LEVELS
                self._rows[code + 1, level] = _premultiplied(colour, alpha)
                self._rows[code + 1, LEVELS + level] = _premultiplied(
                    colour, gap * alpha if dashed else alpha
                )

    def colours(self, codes: Codes) -> NDArray[np.uint32]:
        """One after the other those of the ground and of every synapse."""
        found = np.zeros((len(codes) + 1, ENTRIES), dtype=np.uint32)
        np.take(self._rows, codes + 1, axis=0, out=found[1:], mode="clip")
        return found.reshape(-1)


class SynapseImage(QGraphicsItem):
    """The picture, its table, and the making of the next one."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, parent: QObject, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._faded = False
        self._palette = Palette(theme, False)
        self._wires: Wires | None = None
        self._codes: Codes = np.zeros(0, dtype=np.int64)
        self._strength = np.zeros(0)
        self._sight: Sight | None = None
        self._ratio = 1.0
        self._shot: _Shot | None = None
        self._making: _Making | None = None
        self._live_at = 0.0
        self._patient = True
        self._timer = QTimer(parent)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._work)
        self.setVisible(False)

    # ---------------------------------------------------------------- showing

    def rebuild(self, wires: Wires | None, theme: Theme) -> None:
        """Other synapses, or other places for them; ``None`` for none at all."""
        self.prepareGeometryChange()
        alike = wires is not None and self._wires is not None and _alike(self._wires, wires)
        self._wires = wires
        self._making = None
        self._timer.stop()
        if theme is not self._theme:
            self._theme, self._palette = theme, Palette(theme, self._faded)
        if self._shot is not None:
            self._shot = self._shot.outdated() if alike else None
        self._codes = np.zeros(0, dtype=np.int64)
        self._bounds = wires.bounds.adjusted(-9, -9, 9, 9) if wires is not None else QRectF()
        self.setVisible(wires is not None)
        self.update()

    def show_codes(self, codes: Codes, strength: NDArray[np.float64]) -> None:
        """Newer weights: other colours now; another order and other widths when there is time."""
        self._codes, self._strength = codes, strength
        self._live_at = time.monotonic()
        shot = self._shot
        busy = self._making is not None or self._timer.isActive()
        if shot is None or not shot.current:
            if not busy:
                self._renew(0)
            return
        self._colour()
        if not busy:
            late = max(0.4, SHARE * shot.cost) - (self._live_at - shot.made_at)
            self._renew(round(1000 * max(0.0, late)))

    def fade(self, faded: bool) -> None:
        """Step back while a walkthrough is on."""
        if faded != self._faded:
            self._faded = faded
            self._palette = Palette(self._theme, faded)
            self._colour()

    def settled(self) -> None:
        """The camera stands still now: the next table is begun as soon as its place is known."""
        self._patient = False

    def rest(self) -> None:
        """Nobody looks: no more work."""
        self._timer.stop()
        self._making = None

    def ready_at(self, zoom: float) -> bool:
        """Whether the picture is exact: that of these places, and of the camera, which has this zoom."""
        shot = self._shot
        if shot is None or not shot.current or shot.sight != self._sight:
            return False
        return abs(shot.sight.zoom - zoom * self._ratio) < 1e-9

    def finish(self) -> None:
        """Make the table at once, without other events in between; for pictures and measurements."""
        if self._sight is not None and self._wires is not None:
            self._timer.stop()
            making = self._making or self._begin(self._sight)
            for _ in making.work:
                pass
            self._done(making)

    # ---------------------------------------------------------------- under the mouse

    def nearest(self, x: float, y: float, reach: float, drawn: NDArray[np.bool_]) -> int | bool | None:
        """The synapse at a point of the scene; ``False`` where the table cannot say."""
        shot = self._shot
        if shot is None or not shot.current:
            return False
        sight = shot.sight
        px, py = x * sight.zoom + sight.x, y * sight.zoom + sight.y
        if not (0 <= px < sight.width and 0 <= py < sight.height):
            return False
        return shot.table.owner_at(px, py, reach * sight.zoom, drawn)

    # ---------------------------------------------------------------- making tables

    def _renew(self, delay: int) -> None:
        """A new table, soon."""
        self._making = None
        self._timer.start(delay)

    def _begin(self, sight: Sight) -> _Making:
        assert self._wires is not None
        lines = lines_of(self._wires, self._codes, self._strength, sight, self._theme.scale, self._ratio)
        unit = max(self._theme.scale * sight.zoom, 0.5 * self._ratio)
        builder = Builder(lines, sight.width, sight.height, dash=DASH * unit, gap=GAP * unit)
        return _Making(sight, builder, builder.pieces())

    def _work(self) -> None:
        """A slice of the work; the rest follows after other events."""
        if self._wires is None or self._sight is None or len(self._codes) != len(self._wires):
            return
        start = time.perf_counter()
        live = time.monotonic() - self._live_at < 0.1
        if self._making is None:
            self._making = self._begin(self._sight)
        making = self._making
        calm = live and self._shot is not None and self._shot.current
        ended = False
        while not ended and time.perf_counter() - start < (LIVE_SLICE if calm else SLICE):
            ended = next(making.work, _END) is _END
        making.cost += time.perf_counter() - start
        if ended:
            self._done(making)
        else:
            self._timer.start(LIVE_PAUSE if calm else 0)

    def _done(self, making: _Making) -> None:
        self._making = None
        table = making.builder.table
        assert table is not None
        frame = np.zeros(table.width * table.height, dtype=np.uint32)
        image = QImage(
            frame.data, table.width, table.height, 4 * table.width, QImage.Format.Format_ARGB32_Premultiplied
        )
        image.setDevicePixelRatio(self._ratio)
        self._shot = _Shot(making.sight, table, frame, image, time.monotonic(), making.cost)
        self._colour()

    def _colour(self) -> None:
        """The colours of now; the frame is looked up anew, pixel by pixel."""
        shot = self._shot
        if shot is not None and shot.current:
            np.take(self._palette.colours(self._codes), shot.table.cells, out=shot.frame, mode="wrap")
            self.update()

    # ---------------------------------------------------------------- painting

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        if self._wires is None or len(self._codes) != len(self._wires):
            return
        if widget is None:
            self._paint_on_paper(painter)
            return
        transform = painter.worldTransform()
        self._ratio = widget.devicePixelRatioF()
        sight = Sight.of(transform, widget.width(), widget.height(), self._ratio)
        if sight != self._sight:
            waits = self._patient and self._sight is not None and self._shot is not None
            self._sight, self._patient = sight, True
            self._renew(SETTLED if waits else 0)
        shot = self._shot
        if shot is None:
            return
        painter.save()
        painter.resetTransform()
        grown = sight.zoom / shot.sight.zoom
        x, y = sight.x - grown * shot.sight.x, sight.y - grown * shot.sight.y
        left, top = (x - MARGIN) / self._ratio, (y - MARGIN) / self._ratio
        if abs(grown - 1.0) < 1e-6:
            painter.drawImage(QPointF(left, top), shot.image)
        else:
            size = QRectF(0, 0, shot.sight.width, shot.sight.height).size() * (grown / self._ratio)
            painter.drawImage(QRectF(QPointF(left, top), size), shot.image)
        painter.restore()

    def _paint_on_paper(self, painter: QPainter) -> None:
        """For a file or a printer: lines, or a picture as fine as the paper."""
        assert self._wires is not None
        if np.count_nonzero(self._codes != ABSENT) <= VECTORS:
            for code in np.unique(self._codes[self._codes != ABSENT]).tolist():
                painter.setPen(pen_of(code, self._theme, faded=self._faded))
                for number in np.flatnonzero(self._codes == code).tolist():
                    painter.drawPath(self._wires.path(number))
            return
        zoom, bounds = painter.worldTransform().m11(), self._bounds
        fine = min(2.0 * zoom, (LARGEST / max(1.0, bounds.width() * bounds.height())) ** 0.5)
        width, height = round(fine * bounds.width()) + 1, round(fine * bounds.height()) + 1
        sight = Sight(fine, -fine * bounds.left(), -fine * bounds.top(), width, height)
        table = self._begin(sight).builder.finish()
        frame = self._palette.colours(self._codes).take(table.cells)
        image = QImage(frame.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(bounds.left(), bounds.top(), width / fine, height / fine), image)
        painter.restore()


_END = object()


@dataclass(slots=True, eq=False)
class _Making:
    """A table that is being made."""

    sight: Sight
    builder: Builder
    work: Iterator[None]
    cost: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Shot:
    """A table with the picture in the colours of now."""

    sight: Sight
    table: Table
    frame: NDArray[np.uint32]
    image: QImage
    made_at: float
    cost: float
    current: bool = True
    """Whether its synapses are those that are drawn; else it only stands in for the next picture."""

    def outdated(self) -> _Shot:
        """The same picture of what was there before."""
        return _Shot(self.sight, self.table, self.frame, self.image, self.made_at, self.cost, False)


def lines_of(
    wires: Wires, codes: Codes, strength: NDArray[np.float64], sight: Sight, scale: float, ratio: float
) -> Lines:
    """The synapses that are drawn, in pixels, the weakest first."""
    start, end, owner = wires.pieces
    ranks = np.where(codes == BROKEN, np.inf, strength)
    order = np.argsort(ranks[owner], kind="stable")
    order = order[codes[owner[order]] != ABSENT]
    owner = owner[order]
    origin = np.array([sight.x, sight.y])
    known = range(BROKEN + 1)
    widths = np.array(
        [max(width_of_code(code, scale) * sight.zoom, ratio * least_width(code)) for code in known]
    )
    return Lines(
        start[order] * sight.zoom + origin, end[order] * sight.zoom + origin, widths[codes[owner]], owner
    )


def _alike(one: Wires, two: Wires) -> bool:
    """Whether it is the same network, perhaps after an edit: its old picture may stand in for a moment."""
    keys = {bundle.key for bundle in one.bundles} & {bundle.key for bundle in two.bundles}
    return one.geometry.sizes == two.geometry.sizes and 2 * len(keys) > max(
        len(one.bundles), len(two.bundles)
    )


def _premultiplied(colour: QColor, alpha: float) -> int:
    r, g, b = (round(channel * alpha) for channel in (colour.red(), colour.green(), colour.blue()))
    return (round(255 * alpha) << 24) | (r << 16) | (g << 8) | b


assert STEPS * 2 + 2 == BROKEN
