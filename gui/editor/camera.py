"""The camera: what part of the scene the canvas shows, and how large."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QGraphicsView

SMALLEST, LARGEST = 0.02, 8.0
LARGEST_FIT = 1.9
"""Fitting does not blow a small network up further than this."""
MARGIN = 0.03
"""Share of the view that fitting leaves free at each edge."""


class Camera:
    """Zoom and pan of a view. Until the user moves it, it keeps the whole network in sight."""

    def __init__(self, view: QGraphicsView, zoomed: Callable[[float], None]) -> None:
        self._view, self._zoomed = view, zoomed
        self.follows = True
        """Whether the network is fitted again when the window or the network grows."""
        self.about_to_move: Callable[[], None] = lambda: None
        """Called before the user moves it, step by step."""
        self.moved: list[Callable[[], None]] = []
        """Called whenever another part of the scene is seen, or at another size."""

    @property
    def zoom(self) -> float:
        """Pixels for one unit of the scene."""
        return self._view.transform().m11()

    def fit(self, bounds: QRectF, above: int = 0, below: int = 0) -> None:
        """Show all of it, and go on doing so; some pixels at the edges are kept free."""
        self.follows = True
        port = self.room(above, below)
        if bounds.isEmpty() or port.width() < 8 or port.height() < 8:
            return
        zoom = min(port.width() / bounds.width(), port.height() / bounds.height(), LARGEST_FIT)
        self._set(max(zoom, SMALLEST))
        self._view.centerOn(bounds.center() + QPointF(0, (below - above) / 2 / self.zoom))
        self._tell()

    def room(self, above: int = 0, below: int = 0) -> QRectF:
        """The part of the view, in pixels, that fitting fills."""
        port = QRectF(self._view.viewport().rect().adjusted(0, above, 0, -below))
        across, down = MARGIN * port.width(), MARGIN * port.height()
        return port.adjusted(across, down, -across, -down)

    def zoom_by(self, factor: float, anchor: QPointF | None = None) -> None:
        """Nearer or farther; the point under ``anchor`` (in pixels) stays where it is."""
        self.about_to_move()
        self.zoom_to(self.zoom * factor, anchor)

    def zoom_to(self, zoom: float, anchor: QPointF | None = None) -> None:
        """To a size; 1 is one pixel a unit."""
        self.follows = False
        at = anchor if anchor is not None else QPointF(self._view.viewport().rect().center())
        fixed = self._view.mapToScene(at.toPoint())
        self._set(min(LARGEST, max(SMALLEST, zoom)))
        moved = self._view.mapFromScene(fixed)
        self._scroll(moved.x() - at.x(), moved.y() - at.y())

    def pan(self, by: QPoint) -> None:
        """Move the picture by so many pixels."""
        self.follows = False
        self.about_to_move()
        self._scroll(-by.x(), -by.y())

    def centre_on(self, point: QPointF) -> None:
        """Bring a point of the scene into the middle."""
        self.follows = False
        self.about_to_move()
        self._view.centerOn(point)
        self._tell()

    def reveal(self, rect: QRectF) -> None:
        """Move just so far that something can be seen."""
        seen = self._view.mapToScene(self._view.viewport().rect()).boundingRect()
        if not rect.isEmpty() and not seen.contains(rect):
            self._view.ensureVisible(rect, 40, 40)
            self._tell()

    def _set(self, zoom: float) -> None:
        self._view.setTransform(QTransform.fromScale(zoom, zoom))
        self._zoomed(zoom)

    def _scroll(self, dx: float, dy: float) -> None:
        across, down = self._view.horizontalScrollBar(), self._view.verticalScrollBar()
        across.setValue(across.value() + round(dx))
        down.setValue(down.value() + round(dy))
        self._tell()

    def _tell(self) -> None:
        for each in self.moved:
            each()
