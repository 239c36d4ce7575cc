"""The chart of the latent plane: the codes of the examples, and a point that is dragged over the plane."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem, QWidget

from gui.panels.charts.chart import pen
from gui.panels.charts.hidden_chart import HiddenChart
from gui.theme import Theme

STEPS = 40
"""So many key presses lead from one side to the other."""
BEHIND = 0.5
"""How strong the examples are where pictures are shown."""
LEAST, MOST = 3, 18
"""Pictures on a side of the plane."""


class LatentChart(HiddenChart):
    """A press or a drag moves the point, the arrow keys with Alt too; a double click looks at an example."""

    moved = Signal(float, float)
    looked = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._pictures = QGraphicsPixmapItem()
        self._point = pg.ScatterPlotItem(pxMode=True)
        self.place: tuple[float, float] | None = None
        super().__init__(theme, parent)
        self.setAccessibleName(self.tr("Latent plane"))
        self.setToolTip(self.tr("Drag the point, or move it with Alt and the arrow keys."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pictures.setZValue(-10)
        self._point.setZValue(30)
        self.addItem(self._pictures, ignoreBounds=True)
        self.addItem(self._point, ignoreBounds=True)

    def restyle(self, theme: Theme) -> None:
        super().restyle(theme)
        self.show_place(self.place)

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of what is shown."""
        return self._reach

    def show_place(self, place: tuple[float, float] | None) -> None:
        """Where the point stands."""
        self.place = place
        theme = self.theme
        self._point.setData(
            [] if place is None else [place[0]], [] if place is None else [place[1]],
            size=theme.px(18), symbol="o", pen=pen(theme, "panel", 2.5 * theme.scale),
            brush=pg.mkBrush(theme.colour("active")),
        )  # fmt: skip

    def show_pictures(
        self, image: QImage | None, reach: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    ) -> None:
        """What is decoded all over the plane, as one picture."""
        self._pictures.setPixmap(QPixmap() if image is None else QPixmap.fromImage(image))
        if self.points is not None:
            self.points.items.setOpacity(1.0 if image is None else BEHIND)
        if image is not None:
            left, right, bottom, top = reach
            across, up = (right - left) / image.width(), (top - bottom) / image.height()
            self._pictures.setTransform(QTransform(across, 0, 0, -up, left, top))

    def sides(self, pixels: float) -> tuple[int, int]:
        """How many pictures, of so many pixels at scale 1, stand side by side and one above the other."""
        room = self.theme.px(pixels)
        across, up = self.view.width() // room, self.view.height() // room
        return int(min(max(across, LEAST), MOST)), int(min(max(up, LEAST), MOST))

    @property
    def has_pictures(self) -> bool:
        """Whether there are pictures behind the points."""
        return not self._pictures.pixmap().isNull()

    # ---------------------------------------------------------------- mouse and keys

    def _drag(self, event: QMouseEvent) -> None:
        point = self._plot_point(event)
        if point is not None:
            self.moved.emit(point.x(), point.y())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = self._plot_point(event)
        if point is not None:
            self.looked.emit(point.x(), point.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {
            Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1),
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
        }  # fmt: skip
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() not in moves or not alt or self.place is None:
            event.ignore()
            return
        across, up = moves[Qt.Key(event.key())]
        left, right, bottom, top = self._reach
        x, y = self.place
        self.moved.emit(x + across * (right - left) / STEPS, y + up * (top - bottom) / STEPS)
