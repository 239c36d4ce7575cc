"""Sliders: an example feature by feature, each within what the data has."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from engine.core.plan import Array
from engine.datasets import Data
from gui.panels.trying.maker import Maker
from gui.theme import Theme
from gui.widgets.number_edit import NumberEdit

MOST = 32
"""Of more features a slider each is no help."""
STEPS = 200


class Sliders(Maker):
    """A slider and a field for each feature; the field takes any number, the slider shows the nearest."""

    def __init__(self, data: Data, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(data, theme, parent)
        low, high = data.X.min(axis=1), data.X.max(axis=1)
        margin = 0.25 * np.where(high > low, high - low, 1.0)
        self._low, self._high = low - margin, high + margin
        self._x = data.X.mean(axis=1)
        self._grid = QGridLayout(self)
        self._labels: list[QLabel] = []
        self.sliders: list[QSlider] = []
        self.fields: list[NumberEdit] = []
        for number, name in enumerate(data.features):
            self._row(number, name)
        self.take(self._x)
        self.restyle(theme)

    @classmethod
    def suits(cls, data: Data) -> bool:
        return not data.shape and not data.symbols and data.n <= MOST

    def vector(self) -> Array:
        return self._x.copy()

    def take(self, vector: Array) -> None:
        self._x = np.array(vector, np.float64)
        for number in range(len(self._x)):
            self._show(number)
        self.changed.emit()

    def restyle(self, theme: Theme) -> None:
        for widget in (*self._labels, *self.fields):
            widget.setFont(theme.fonts.ui)
        for field in self.fields:
            field.setFixedWidth(theme.px(72))
        self._grid.setContentsMargins(0, 0, theme.space(), 0)
        self._grid.setHorizontalSpacing(theme.space())
        self._grid.setVerticalSpacing(theme.space(0.5))

    def _row(self, number: int, name: str) -> None:
        label = QLabel(name)
        label.setMaximumWidth(140)
        label.setToolTip(name)
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, STEPS)
        slider.setAccessibleName(name)
        slider.valueChanged.connect(lambda place: self._slid(number, place))
        field = NumberEdit(0.0, fractions=True, name=name)
        field.committed.connect(lambda value: self._set(number, value))
        field.nudged.connect(lambda value: self._set(number, value))
        self._grid.addWidget(label, number, 0)
        self._grid.addWidget(slider, number, 1)
        self._grid.addWidget(field, number, 2)
        self._grid.setColumnStretch(1, 1)
        self._labels.append(label)
        self.sliders.append(slider)
        self.fields.append(field)

    def _slid(self, number: int, place: int) -> None:
        low, high = self._low[number], self._high[number]
        self._x[number] = low + place / STEPS * (high - low)
        self.fields[number].set_value(float(self._x[number]))
        self.changed.emit()

    def _set(self, number: int, value: float) -> None:
        self._x[number] = value
        self._show(number)
        self.changed.emit()

    def _show(self, number: int) -> None:
        low, high = self._low[number], self._high[number]
        self.fields[number].set_value(float(self._x[number]))
        slider = self.sliders[number]
        slider.blockSignals(True)
        slider.setValue(int(np.clip(round((self._x[number] - low) / (high - low) * STEPS), 0, STEPS)))
        slider.blockSignals(False)
