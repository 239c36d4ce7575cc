"""The map in a corner of the canvas: the whole network small, and a frame around what can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolButton, QWidget

from gui import icons
from gui.editor.geometry import Geometry
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

WIDE, HIGH = 190, 130
"""The most it takes, at scale 1."""
SHARE = 0.34
"""It never takes more than this share of the canvas's width or height."""
LEAST = 60
"""In a canvas where it would be lower than this it is not shown."""
SLACK = 0.02
"""A network of which no larger share than this is hidden counts as seen."""


class Overview(QWidget):
    """Shown where the user asks for it, and by itself as long as a part of the network is out of sight
    because the user moved there. Dragging in it moves the canvas."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._drawn: tuple[object, ...] = ()
        self._picture = QPixmap()
        self._grip = QPointF()
        self._dismissed = False
        self._close = QToolButton(self)
        self._close.setAutoRaise(True)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setAccessibleName(self.tr("Hide the map"))
        self._close.setToolTip(self.tr("Hide the map"))
        self._close.clicked.connect(self.dismiss)
        self.setAccessibleName(self.tr("Map of the whole network"))
        self.setToolTip(self.tr("Drag to move the part that is seen; the wheel zooms"))
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.hide()
        workspace = canvas.workspace
        canvas.camera.moved.append(self.look)
        workspace.document_changed.connect(self.look)
        workspace.showing_changed.connect(self.look)
        workspace.theme_changed.connect(self.restyle)
        canvas.installEventFilter(self)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- showing

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        side = theme.px(16)
        self._close.setIcon(icons.icon("x", theme, 12, "text-muted"))
        self._close.setIconSize(QSize(theme.px(12), theme.px(12)))
        self._close.setFixedSize(side, side)
        self.look()

    def look(self, *_: object) -> None:
        """Whether it is wanted now; then where it stands, and what the frame is around."""
        canvas = self._canvas
        if canvas.camera.follows:
            self._dismissed = False
        bounds, seen = canvas.network.geometry.bounds, self.seen
        asked = canvas.workspace.showing.overview
        hidden = bounds.isEmpty() or (not asked and (self._dismissed or not self._out_of_sight(bounds, seen)))
        if not hidden:
            hidden = not self._place(bounds)
        if hidden == self.isVisibleTo(canvas):
            self.setVisible(not hidden)
        if not hidden:
            self.update()

    def dismiss(self) -> None:
        """Away with it, until the whole network was in sight again."""
        self._dismissed = True
        workspace = self._canvas.workspace
        workspace.show_as(workspace.showing.with_(overview=False))
        self.look()

    @property
    def seen(self) -> QRectF:
        """The part of the scene that the canvas shows."""
        canvas = self._canvas
        return canvas.mapToScene(canvas.viewport().rect()).boundingRect()

    @property
    def frame(self) -> QRectF:
        """The frame around what is seen, in pixels of the map; cut off at its edges."""
        seen = self.seen
        corners = QRectF(self._to_map(seen.topLeft()), self._to_map(seen.bottomRight()))
        return corners.intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2))

    def _out_of_sight(self, bounds: QRectF, seen: QRectF) -> bool:
        if self._canvas.camera.follows:
            return False
        both = bounds.intersected(seen)
        return both.width() * both.height() < (1 - SLACK) * bounds.width() * bounds.height()

    def _place(self, bounds: QRectF) -> bool:
        """In the upper right corner, in the shape of the network; whether there is room."""
        canvas, theme = self._canvas, self._canvas.workspace.theme
        most_wide = min(theme.px(WIDE), SHARE * canvas.width())
        most_high = min(theme.px(HIGH), SHARE * canvas.height())
        if most_high < theme.px(LEAST):
            return False
        edge = 2 * self._edge
        zoom = min((most_wide - edge) / bounds.width(), (most_high - edge) / bounds.height())
        wide = max(round(bounds.width() * zoom + edge), theme.px(90))
        high = max(round(bounds.height() * zoom + edge), theme.px(LEAST))
        gap = theme.space(1)
        self.setGeometry(canvas.width() - wide - gap, gap, wide, high)
        return True

    @property
    def _edge(self) -> int:
        return self._canvas.workspace.theme.space(1)

    @property
    def _zoom(self) -> float:
        bounds, edge = self._canvas.network.geometry.bounds, 2 * self._edge
        across = (self.width() - edge) / max(bounds.width(), 1e-9)
        return max(min(across, (self.height() - edge) / max(bounds.height(), 1e-9)), 1e-9)

    def _to_map(self, point: QPointF) -> QPointF:
        middle = self._canvas.network.geometry.bounds.center()
        return QRectF(self.rect()).center() + (point - middle) * self._zoom

    def _to_scene(self, point: QPointF) -> QPointF:
        middle = self._canvas.network.geometry.bounds.center()
        return middle + (point - QRectF(self.rect()).center()) / self._zoom

    # ---------------------------------------------------------------- painting

    def _network(self) -> QPixmap:
        """The network, painted once for each document, size and look."""
        geometry, theme = self._canvas.network.geometry, self._canvas.workspace.theme
        ratio = self.devicePixelRatioF()
        about = (geometry, theme, self.size(), ratio, geometry.bounds)
        if about != self._drawn:
            self._drawn = about
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            with QPainter(self._picture) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._paint_network(painter, geometry, theme)
        return self._picture

    def _paint_network(self, painter: QPainter, geometry: Geometry, theme: Theme) -> None:
        painter.setPen(QPen(theme.colour("outline"), 1.0))
        done = set()
        for wire in geometry.document.connections:
            source, target = geometry.node(wire.source), geometry.node(wire.target)
            if source is None or target is None or source is target or (source.id, target.id) in done:
                continue
            done.add((source.id, target.id))
            start = QPointF(source.frame.right(), source.middle)
            end = QPointF(target.frame.left(), target.middle)
            painter.drawLine(self._to_map(start), self._to_map(end))
        for node in geometry.nodes():
            frame = QRectF(self._to_map(node.frame.topLeft()), self._to_map(node.frame.bottomRight()))
            least = 3.0 * theme.scale
            grow = max(0.0, (least - frame.width()) / 2), max(0.0, (least - frame.height()) / 2)
            painter.setPen(QPen(theme.colour("outline"), 1.0))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(frame.adjusted(-grow[0], -grow[1], grow[0], grow[1]), 2, 2)
        reach = geometry.sizes.radius * self._zoom
        if reach >= 1.2:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("outline"))
            for unit in geometry.units():
                painter.drawEllipse(self._to_map(unit.centre), reach, reach)

    # ---------------------------------------------------------------- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.workspace.theme
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("border"), 1.0))
            painter.setBrush(theme.colour("panel", 0.94))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.drawPixmap(0, 0, self._network())
            painter.setPen(QPen(theme.colour("accent"), 2.0 * theme.scale))
            painter.setBrush(theme.colour("accent", 0.12))
            painter.drawRoundedRect(self.frame, 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position()
        # within the frame it is held where it was taken, outside it jumps under the mouse
        self._grip = self._to_scene(point) - self.seen.center() if self.frame.contains(point) else QPointF()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._canvas.camera.centre_on(self._to_scene(event.position()) - self._grip)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        self._canvas.camera.zoom_by(1.0015 ** event.angleDelta().y())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._close.move(self.width() - self._close.width() - 2, 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self.look()
        return False
