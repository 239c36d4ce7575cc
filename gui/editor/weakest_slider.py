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
LONG, SHORT = 96.0, 68.0
"""The length of the slider, at scale 1."""


class WeakestSlider(QWidget):
    """A quiet plate in the row of the legend, with fewer words and a shorter slider where there is little
    room; where there is none it stands above the legend. It always says what it is about."""

    def __init__(self, parent: QWidget, theme: Theme, choose: Callable[[float], None]) -> None:
        super().__init__(parent)
        self._theme, self._choose = theme, choose
        self._placed: tuple[object, ...] = ()
        """Where all was around it when it found its place."""
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, MOST)
        self.slider.setSingleStep(STEP)
        self.slider.setPageStep(PAGE)
        self._words = QLabel(self.tr("weakest shown"))
        self._words.setBuddy(self.slider)
        self._value = QLabel()
        self._forms = (
            (self.tr("weakest shown"), LONG),
            (self.tr("weakest"), SHORT),
            ("|w| \u2265", SHORT),
        )
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
        self._value.setFixedWidth(
            max(self._value.fontMetrics().horizontalAdvance(text) for text in ("00 %", self.tr("all"))) + 2
        )
        self._write()
        self.place()

    def show_state(self, synapses: SynapseItems, *, walking: bool = False) -> None:
        """What is chosen now, and whether there is anything to choose; a walk needs the room itself."""
        percent = round(100 * synapses.weakest)
        if percent != self.slider.value():
            with QSignalBlocker(self.slider):
                self.slider.setValue(percent)
            self._write()
        wanted = len(synapses.codes) > 1 and not walking
        if self.isHidden() == wanted:
            self.setVisible(wanted)
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
        about = legend.geometry(), parent.width(), self._theme, self._value.width(), self._value.font()
        if about == self._placed:
            return  # asked with every frame while the network learns
        self._placed = about
        gap, height = self._theme.space(1), min(legend.height(), self._theme.px(28))
        free = parent.width() - legend.x() - legend.width() - 2 * gap
        fitting = (each for each in self._forms if self._wide(*each) <= free)
        text, length = found = next(fitting, self._forms[0])
        beside, wide = self._wide(*found) <= free, self._wide(*found)
        self._words.setText(text)
        self.slider.setFixedWidth(self._theme.px(length))
        top = legend.y() + legend.height() - height
        if not beside:
            top = legend.y() - gap - height
        left = legend.x() + legend.width() + gap if beside else parent.width() - gap - wide
        self.setGeometry(left, top, wide, height)

    def _wide(self, text: str, length: float) -> int:
        """How wide the plate is with these words and a slider of that length."""
        words = self._words.fontMetrics().horizontalAdvance(text) + 2
        return words + self._theme.px(length) + self._value.width() + 4 * self._theme.space(1)

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
