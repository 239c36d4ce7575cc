"""The wheel and the fingers: zoom, scroll, and turning a weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

from gui.editor.cells import bias_cell
from gui.editor.gestures.nudge import Nudge
from gui.editor.marks import Kind

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

NOTCH = 120
PAUSE = 900
"""Milliseconds after which the next turn of the wheel is an undo entry of its own."""


class Wheel:
    """Ctrl zooms about the mouse; over the number of a weight it turns the weight; else it scrolls."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._nudge: Nudge | None = None
        self._rest = 0
        self._timer = QTimer(canvas)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.end)

    def turn(self, event: QWheelEvent) -> None:
        """One turn of the wheel, or two fingers on a touch pad."""
        event.accept()
        keys, delta = event.modifiers(), event.angleDelta()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self._canvas.camera.zoom_by(1.0015 ** (delta.y() or delta.x()), event.position())
            return
        about = self._about(event.position())
        if about is not None:
            self._nudge_by(about, delta.y() or delta.x(), bool(keys & Qt.KeyboardModifier.ShiftModifier))
            return
        pixels = event.pixelDelta()
        by = pixels if not pixels.isNull() else QPoint(round(delta.x() * 0.5), round(delta.y() * 0.5))
        if keys & Qt.KeyboardModifier.ShiftModifier and by.x() == 0:
            by = QPoint(by.y(), 0)
        self._canvas.camera.pan(by)

    def pinch(self, event: QEvent) -> bool:
        """Two fingers spread on a touch pad or a touch screen; whether it was that."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._canvas.camera.zoom_by(1.0 + event.value(), event.position())
                return True
            return False
        if event.type() == QEvent.Type.Gesture and isinstance(event, QGestureEvent):
            found = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(found, QPinchGesture):
                centre = self._canvas.viewport().mapFromGlobal(found.centerPoint().toPoint())
                self._canvas.camera.zoom_by(found.scaleFactor(), QPointF(centre))
                return True
        return False

    def end(self) -> None:
        """The weight stays where it is; the next turn is an entry of its own."""
        self._timer.stop()
        nudge, self._nudge, self._rest = self._nudge, None, 0
        if nudge is not None:
            nudge.end()

    def _about(self, position: QPointF) -> tuple[str, tuple[int, ...]] | None:
        """The weight or bias whose number is under the mouse."""
        thing = self._canvas.thing_at(self._canvas.mapToScene(position.toPoint()))
        if thing.kind is Kind.CHIP:
            return self._canvas.network.wires.cell(thing.wire)
        unit = self._canvas.network.geometry.unit(*thing.unit)
        if thing.kind is Kind.BIAS and unit is not None:
            layer, array, index, _ = bias_cell(unit)
            return f"{layer}.{array}", index
        return None

    def _nudge_by(self, about: tuple[str, tuple[int, ...]], delta: int, fast: bool) -> None:
        if self._nudge is None or not self._nudge.about(*about):
            self.end()
            self._nudge = Nudge(self._canvas.workspace, *about)
        self._rest += delta
        steps = int(self._rest / NOTCH)
        self._rest -= steps * NOTCH
        if steps:
            self._nudge.turn(steps * (10 if fast else 1))
        self._timer.start()
