"""The slider beside the legend: synapses weaker than a share of the largest weight are not drawn."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSignalBlocker, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QWidget

from gui.editor.items.synapses import SynapseItems
from gui.theme import Theme

MOST = 95
"""Per cent of the largest weight; something is always drawn."""
STEP, PAGE = 1, 5


class WeakestSlider(QWidget):
    """A quiet plate in the row of the legend; without its words where the window is narrow."""

    def __init__(self, parent: QWidget, theme: Theme, choose: Callable[[float], None]) -> None:
        super().__init__(parent)
        self._theme, self._choose = theme, choose
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, MOST)
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(PAGE)
        self._words = QLabel(self.tr("weakest shown"))
        self._words.setBuddy(self.slider)
        self._value = QLabel()
        row = QHBoxLayout(self)
        for each in (self._words, self.slider, self._value):
            row.addWidget(each)
        self.slider.setAccessibleName(self.tr("Weakest synapse shown, in per cent of the largest weight"))
        self.setToolTip(
            self.tr(
                "Synapses weaker than this share of the largest weight are not drawn; they stay as they are"
            )
        )
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.slider.valueChanged.connect(self._chosen)
        self.restyle(theme)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        for label in (self._words, self._value):
            label.setFont(theme.fonts.small)
        row = self.layout()
        assert row is not None
        row.setContentsMargins(theme.space(1), 0, theme.space(1), 0)
        row.setSpacing(theme.space(1))
        self.slider.setFixedWidth(theme.px(96))
        self._value.setFixedWidth(self._value.fontMetrics().horizontalAdvance("00 %") + 2)
        self._write()
        self.place()

    def show_state(self, synapses: SynapseItems) -> None:
        """What is chosen now, and whether there is anything to choose."""
        percent = round(100 * synapses.weakest)
        if percent != self.slider.value():
            with QSignalBlocker(self.slider):
                self.slider.setValue(percent)
            self._write()
        if self.isHidden() == (len(synapses.codes) > 1):
            self.setVisible(len(synapses.codes) > 1)
        self.place()

    @property
    def stands_above(self) -> bool:
        """Whether it has no room beside the legend."""
        legend = getattr(self.parentWidget(), "legend", None)
        return legend is not None and not self.isHidden() and self.y() < legend.y()

    def place(self) -> None:
        """To the right of the legend, or in the corner above it where that is as wide as the canvas."""
        parent = self.parentWidget()
        legend = getattr(parent, "legend", None)
        if parent is None or legend is None:
            return
        gap, height = self._theme.space(1), min(legend.height(), self._theme.px(28))
        free = parent.width() - legend.x() - legend.width() - 2 * gap
        wide = self._wide(words=True)
        self._words.setVisible(free >= wide)
        wide = self._wide(words=free >= wide)
        beside = free >= wide
        top = legend.y() + legend.height() - height
        if not beside:
            top = legend.y() - gap - height
        left = legend.x() + legend.width() + gap if beside else parent.width() - gap - wide
        self.setGeometry(left, top, wide, height)

    def _wide(self, *, words: bool) -> int:
        parts = [
            self.slider.width(),
            self._value.width(),
            *([self._words.sizeHint().width()] if words else []),
        ]
        return sum(parts) + self._theme.space(1) * (len(parts) + 1)

    def _chosen(self, percent: int) -> None:
        self._write()
        self._choose(percent / 100)

    def _write(self) -> None:
        percent = self.slider.value()
        self._value.setText(self.tr("{percent} %").format(percent=percent) if percent else self.tr("all"))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.colour("border"), 1))
            painter.setBrush(self._theme.colour("canvas", 0.92))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
