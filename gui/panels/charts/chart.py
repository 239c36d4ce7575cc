"""What all charts share: a plot without menus, axes in the theme's fonts, and where the mouse is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPen
from PySide6.QtWidgets import QFrame, QGraphicsItem, QGraphicsRectItem, QGraphicsSimpleTextItem, QWidget

from gui.theme import Theme
from gui.widgets.numbers import format_number

pg.setConfigOptions(antialias=False, useOpenGL=False, imageAxisOrder="row-major", exitCleanup=False)

NAMED_INSIDE = ("bottom", "top", "up")
"""Where the name of an axis stands inside the plot: at the right below and above, and at the top left."""
CACHED = QGraphicsItem.CacheMode.DeviceCoordinateCache
"""For items that stay as they are while something else in the chart moves."""


class Axis(pg.AxisItem):  # type: ignore[misc]
    """Numbers in the reader's own notation."""

    def tickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        if self.logMode:
            return [format_number(10.0**value, 2, chosen=False) for value in values]
        largest = max(map(abs, values), default=1.0)
        digits = int(np.clip(np.ceil(np.log10(largest / spacing + 1e-12)) + 1, 2, 12))
        return [format_number(value * scale, digits, near_zero=True, chosen=False) for value in values]

    def logTickStrings(self, values: Any, scale: float, spacing: float) -> list[str]:
        return [format_number(10.0**value, 2, chosen=False) for value in values]


class Chart(pg.PlotWidget):  # type: ignore[misc]
    """A plot with fixed ranges. It takes no focus, so that keys stay with the window."""

    hovered = Signal(object)
    """Where the mouse is, in the plot's numbers; ``None`` when it left."""
    clicked = Signal(float, float)

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        axes = {side: Axis(side) for side in ("left", "bottom", "top")}
        super().__init__(parent, enableMenu=False, axisItems=axes)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        plot = self.getPlotItem()
        plot.hideButtons()
        for axis in axes.values():
            axis.setCacheMode(CACHED)
        plot.showAxis("top", False)
        self.view = plot.getViewBox()
        self.view.setMouseEnabled(False, False)
        self.view.disableAutoRange()
        self.view.setDefaultPadding(0.0)
        self._ranges: tuple[float, ...] = ()
        self._papers = {side: QGraphicsRectItem(self.view) for side in NAMED_INSIDE}
        self._labels = {side: QGraphicsSimpleTextItem(paper) for side, paper in self._papers.items()}
        self._axis_names = dict.fromkeys(NAMED_INSIDE, "")
        self.view.sigResized.connect(self._place_labels)
        self.theme = theme
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Colours and fonts of the axes."""
        self.theme = theme
        self.setBackground(theme.colour("panel"))
        self.setMinimumHeight(theme.px(48))
        plot, small = self.getPlotItem(), theme.fonts.small
        height = QFontMetricsF(small).height()
        for side in ("left", "bottom", "top"):
            axis = plot.getAxis(side)
            axis.setPen(pen(theme, "outline"))
            axis.setTextPen(pen(theme, "text-muted"))
            axis.setTickFont(small)
            axis.setStyle(
                tickLength=-theme.px(4),
                tickTextOffset=theme.px(4),
                tickTextHeight=round(height) + theme.px(4),
                hideOverlappingLabels=True,
            )
            axis.label.setFont(small)
            axis.label.setDefaultTextColor(theme.colour("text-muted"))
        for paper in self._papers.values():
            paper.setPen(QPen(Qt.PenStyle.NoPen))
            paper.setBrush(theme.colour("panel", 0.75))
            paper.setZValue(20)
        for label in self._labels.values():
            label.setFont(small)
            label.setBrush(theme.colour("text-muted"))
        self._place_labels()
        plot.layout.setContentsMargins(0, theme.px(4), theme.px(10), 0)

    def label(self, side: str, text: str) -> None:
        """What an axis shows. Below and above the name stands inside the plot, where it costs no height.

        "up" is the axis at the left with its name inside, for names that are too long to stand upright.
        """
        if side in self._labels:
            if text != self._axis_names[side]:
                self._axis_names[side] = text
                self._place_labels()
            return
        axis = self.getPlotItem().getAxis(side)
        axis.setLabel(text)
        axis.enableAutoSIPrefix(False)
        axis.label.setFont(self.theme.fonts.small)
        axis.label.setDefaultTextColor(self.theme.colour("text-muted"))

    def show_range(self, left: float, right: float, bottom: float, top: float) -> None:
        """What part of the plane is shown."""
        wanted = (left, right, bottom, top)
        if wanted != self._ranges and left < right and bottom < top:
            self._ranges = wanted
            self.view.setRange(xRange=(left, right), yRange=(bottom, top), padding=0.0, disableAutoRange=True)

    def to_screen(self, x: float, y: float) -> QPointF:
        """Where a point of the plot lies in the widget."""
        return QPointF(self.mapFromScene(self.view.mapViewToScene(QPointF(x, y))))

    def pixel(self) -> tuple[float, float]:
        """How wide and high one pixel is, in the plot's numbers."""
        width, height = self.view.viewPixelSize()
        return float(width), float(height)

    def named_inside(self) -> list[QRectF]:
        """Where the names of axes stand, in the pixels of the plot: nothing else should be written there."""
        return [each.mapRectToParent(each.rect()) for each in self._papers.values() if each.isVisible()]

    def _place_labels(self, *_: object) -> None:
        width, height = self.view.width(), self.view.height()
        metrics, gap = QFontMetricsF(self.theme.fonts.small), self.theme.px(4)
        for side, label in self._labels.items():
            room = max(0.0, width - 4 * gap)
            label.setText(metrics.elidedText(self._axis_names[side], Qt.TextElideMode.ElideRight, room))
            box, paper = label.boundingRect(), self._papers[side]
            paper.setVisible(bool(label.text()))
            paper.setRect(-gap, 0, box.width() + 2 * gap, box.height())
            x = 2 * gap if side == "up" else width - box.width() - 2 * gap
            paper.setPos(x, height - box.height() - gap if side == "bottom" else gap)

    def _plot_point(self, event: QMouseEvent) -> QPointF | None:
        scene = self.mapToScene(event.position().toPoint())
        inside = self.view.sceneBoundingRect().contains(scene)
        return self.view.mapSceneToView(scene) if inside else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(self._plot_point(event))

    asks = False
    """Whether the press that is going on asks where a number comes from: it is one with Alt."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = self._plot_point(event)
        self.asks = event.modifiers() == Qt.KeyboardModifier.AltModifier
        if event.button() == Qt.MouseButton.LeftButton and point is not None:
            self.clicked.emit(point.x(), point.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)


def pen(
    theme: Theme, colour: str | QColor, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> QPen:
    """A pen whose width does not depend on the plot's scale. Width 1 is by far the fastest."""
    made = pg.mkPen(theme.colour(colour) if isinstance(colour, str) else colour, width=width)
    made.setStyle(style)
    return made
