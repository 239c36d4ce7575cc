"""The rows round the boundary: whose output is shown, over which features, and what the colours mean."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from engine.core.problems import AxonError
from engine.datasets import Data
from engine.document import Document
from gui.laid_out import layout_of
from gui.panels.judging import number_of_classes
from gui.theme import Theme, value_colour
from gui.widgets.numbers import format_number
from gui.widgets.parts_label import PartsLabel

MOST_NEURONS = 200
"""More neurons than these are not offered one by one."""
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose output is shown: the prediction, or one unit of a layer (counted from 0)."""

    layer: str = ""
    unit: int = -1

    @property
    def is_prediction(self) -> bool:
        """Whether it is what the network says in the end."""
        return not self.layer


def subjects(document: Document) -> list[tuple[Subject, str]]:
    """What can be shown, with its name; the prediction first."""
    found = [(Subject(), "")]
    try:
        nodes = layout_of(document).active
    except AxonError:
        return found
    for node in nodes:
        if node.kind.role in {"input", "source"} or len(node.shape) != 1:
            continue
        units = node.shape[0]
        if node.kind.role == "output" and units == 1:
            continue
        for unit in range(min(units, MOST_NEURONS)):
            found.append((Subject(node.layer.id, unit), f"a{node.label}{subscript(unit + 1)}"))
    return found


def subscript(number: int) -> str:
    """A number in small digits below the line."""
    return str(number).translate(_BELOW)


class QuietCombo(QComboBox):
    """A combo box that a wheel scrolling past does not turn, and that may be narrower than its texts.

    A text that does not fit ends in an ellipsis and stands in the tool tip.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self.fontMetrics().horizontalAdvance("m"), 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("mmmmm"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - 2  # what Fusion leaves free at both sides
        whole = option.currentText
        option.currentText = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room)
        told = "" if option.currentText == whole else whole
        if told != self.toolTip():
            self.setToolTip(told)
        with QPainter(self) as painter:
            self.style().drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option, painter, self)
            self.style().drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option, painter, self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ScaleStrip(QWidget):
    """What the ink of a heat map means: the smallest and the largest value."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._strip, self._high = QLabel(), QLabel(), QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for label in (self._low, self._strip, self._high):
            row.addWidget(label)
        self.hide()
        self.restyle(theme)

    def show_range(self, low: float, high: float) -> None:
        """From which value to which."""
        self._low.setText(format_number(low, 3, chosen=False))
        self._high.setText(format_number(high, 3, chosen=False))
        self.show()

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        strip = QPixmap(theme.px(48), theme.px(10))
        with QPainter(strip) as p:
            for x in range(strip.width()):
                p.fillRect(x, 0, 1, strip.height(), value_colour(theme, x / (strip.width() - 1)))
            p.setPen(theme.colour("outline"))
            p.drawRect(0, 0, strip.width() - 1, strip.height() - 1)
        self._strip.setPixmap(strip)
        for label in (self._low, self._high):
            label.setFont(theme.fonts.small)


class BoundaryHead(QWidget):
    """Choices and legend; says what was chosen, changes nothing itself.

    ``foot`` is the row below the chart: what is under the mouse, and the choice of features.
    """

    chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.what = QuietCombo(self.tr("Whose output is shown"), self)
        self.scale = ScaleStrip(theme)
        self.foot = QWidget(parent)
        self.across = QuietCombo(self.tr("Feature across"), self.foot)
        self.up = QuietCombo(self.tr("Feature upwards"), self.foot)
        self.reading = PartsLabel(self.tr("Values under the mouse"))
        self._legend = QHBoxLayout()
        self._names: list[tuple[QLabel, QLabel]] = []
        self._row, self._foot_row = QHBoxLayout(self), QHBoxLayout(self.foot)
        for row in (self._row, self._foot_row):
            row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self.what)
        self._row.addWidget(self.scale)
        self._row.addStretch(1)
        self._row.addLayout(self._legend)
        self._foot_row.addWidget(self.reading, 1)
        self._foot_row.addWidget(self.across)
        self._foot_row.addWidget(self.up)
        self._subjects: list[tuple[Subject, str]] = []
        self._data: Data | None = None
        for combo in (self.what, self.across, self.up):
            combo.activated.connect(lambda _: self.chosen.emit())
        self.restyle(theme)

    @property
    def subject(self) -> Subject:
        """Whose output is chosen."""
        place = self.what.currentIndex()
        return self._subjects[place][0] if 0 <= place < len(self._subjects) else Subject()

    @property
    def axes(self) -> tuple[int, ...]:
        """The features across and upwards; one for data with one feature."""
        if self._data is None or self._data.n == 1:
            return (0,)
        if self._data.n == 2:
            return (0, 1)
        across, up = max(0, self.across.currentIndex()), max(0, self.up.currentIndex())
        return (across, up if up != across else (across + 1) % self._data.n)

    def offer(self, document: Document, data: Data | None) -> None:
        """What there is to choose; what was chosen stays chosen if it is still there."""
        found = subjects(document)
        if found != self._subjects:
            before = self.subject
            self._subjects = found
            self.what.clear()
            self.what.addItems([name or self.tr("Prediction a") for _, name in found])
            kept = [place for place, (subject, _) in enumerate(found) if subject == before]
            self.what.setCurrentIndex(kept[0] if kept else 0)
        if data is not self._data:
            self._data = data
            many = data is not None and data.n > 2
            for place, combo in enumerate((self.across, self.up)):
                combo.setVisible(many)
                combo.clear()
                if data is not None and many:
                    combo.addItems([f"{'→↑'[place]} {name}" for name in data.features])
                    combo.setCurrentIndex(place)
                    combo.view().setTextElideMode(Qt.TextElideMode.ElideNone)
                    combo.view().setMinimumWidth(combo.view().sizeHintForColumn(0) + self.theme.space(3))
            self._explain(data)

    def give_room(self, wanted: bool) -> None:
        """The whole row below the chart for what is under the mouse; the choices come back after it."""
        many = self._data is not None and self._data.n > 2
        if wanted and (self.across.hasFocus() or self.up.hasFocus()):
            return
        if many and self.across.isHidden() != wanted:
            self.foot.setMinimumHeight(self.across.sizeHint().height())
            for combo in (self.across, self.up):
                combo.setVisible(not wanted)

    def restyle(self, theme: Theme) -> None:
        """Colours, sizes, markers."""
        self.theme = theme
        self.scale.restyle(theme)
        for row in (self._row, self._foot_row):
            row.setSpacing(theme.space(1))
        self._legend.setSpacing(theme.space(0.5))
        for widget in (self.what, self.across, self.up):
            widget.setFont(theme.fonts.small)
        for widget in (self.across, self.up):
            widget.setMaximumWidth(theme.px(150))
        self.foot.setMinimumHeight(0)
        self.reading.setFont(theme.fonts.small)
        self.reading.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.reading.fit()
        self._explain(self._data)

    def _explain(self, data: Data | None) -> None:
        """The legend: every class with its marker."""
        for pair in self._names:
            for label in pair:
                self._legend.removeWidget(label)
                label.deleteLater()
        self._names.clear()
        if data is None or not number_of_classes(data):
            return
        from gui.panels.charts.markers import marker_picture

        for number, name in enumerate(data.classes[:6]):
            picture, text = QLabel(), QLabel(name)
            picture.setPixmap(marker_picture(self.theme, number, ratio=self.devicePixelRatioF()))
            text.setFont(self.theme.fonts.small)
            text.setMaximumWidth(self.theme.px(90))
            self._legend.addWidget(picture)
            self._legend.addWidget(text)
            self._names.append((picture, text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self._subjects:
            self.what.setItemText(0, self.tr("Prediction a"))
