"""A dot that runs along the synapses that are calculated with: which way the signal goes."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QGraphicsEllipseItem

from gui.editor.picture import Picture
from gui.editor.scene import NetworkScene

DURATION = 220
"""Milliseconds; no motion of the program is longer than 250."""
FEW = 12
"""With more synapses at once nothing moves."""


class Pulse(QObject):
    """Can be turned off; then nothing moves at all."""

    def __init__(self, parent: QObject, network: NetworkScene) -> None:
        super().__init__(parent)
        self.enabled = True
        self._network = network
        self._dots: list[QGraphicsEllipseItem] = []
        self._wires: tuple[int, ...] = ()
        self._backward = False
        self._last: frozenset[int] = frozenset()
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(DURATION)
        self._motion.setStartValue(0.0)
        self._motion.setEndValue(1.0)
        self._motion.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._motion.valueChanged.connect(self._move)
        self._motion.finished.connect(self._rest)

    def send(self, picture: Picture) -> None:
        """A dot along each active synapse, if they are others than before."""
        self.stop()
        if self.enabled and picture.active != self._last and 0 < len(picture.active) <= FEW:
            self._wires, self._backward = tuple(picture.active), picture.backward
            radius = 5.0 * self._network.theme.scale
            for _ in self._wires:
                dot = QGraphicsEllipseItem(-radius, -radius, 2 * radius, 2 * radius)
                dot.setBrush(self._network.theme.colour("active"))
                dot.setPen(QPen(self._network.theme.colour("canvas"), 1.5))
                dot.setZValue(25)
                self._network.addItem(dot)
                self._dots.append(dot)
            self._motion.start()
        self._last = picture.active

    def stop(self) -> None:
        """No motion any more."""
        self._motion.stop()
        self._rest()

    def _move(self, t: float) -> None:
        wires = self._network.wires
        for dot, number in zip(self._dots, self._wires, strict=True):
            if number < len(wires):
                dot.setPos(wires.point(number, 1.0 - t if self._backward else t))

    def _rest(self) -> None:
        for dot in self._dots:
            self._network.removeItem(dot)
        self._dots.clear()
        self._wires = ()
