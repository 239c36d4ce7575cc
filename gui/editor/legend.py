"""The legend: what colours, dashes, widths and shades mean; always there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QLinearGradient, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.editor.figures import short
from gui.editor.items.synapses import STEPS, SynapseItems, pen_of
from gui.theme import Theme, value_colour


class Legend(QWidget):
    """A quiet strip at the lower edge. The width is relative: it says to what."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme
        self._widest, self._hidden, self._walking, self._dashed = 0.0, 0, False, True
        self._drawing: QPixmap | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Legend"))

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self._fit()

    def show_state(self, synapses: SynapseItems, walking: bool) -> None:
        """What the widths are relative to now, and how many synapses are left out."""
        state = (synapses.widest, synapses.hidden, walking, synapses.dashed)
        before = (self._widest, self._hidden, self._walking, self._dashed)
        if state != before:
            texts = self.texts()
            self._widest, self._hidden, self._walking, self._dashed = state
            if self.texts() != texts:
                self._fit()

    def texts(self) -> list[str]:
        """What it says, line by line."""
        line = self.tr("widest = {weight}").format(weight=short(self._widest))
        texts = [self.tr("positive"), self.tr("negative"), line, self.tr("z above a")]
        if self._walking:
            texts += [self.tr("now"), self.tr("slope"), self.tr("step")]
        if self._hidden:
            texts.append(self.tr("the strongest 1,000 are drawn, {count} are not").format(count=self._hidden))
        return texts

    def _fit(self) -> None:
        self._drawing = None
        self.setAccessibleDescription("; ".join(self.texts()))
        self.adjustSize()
        self.resize(self.sizeHint())
        parent = self.parentWidget()
        if parent is not None:
            gap = self._theme.space(1)
            self.move(gap, parent.height() - self.height() - gap)
        self.update()

    def _metrics(self) -> QFontMetricsF:
        return QFontMetricsF(self._theme.fonts.small)

    def _sample(self, number: int) -> float:
        """Width of the picture before a text."""
        if self._hidden and number == len(self.texts()) - 1:
            return 0.0
        return self._theme.px(30)

    def sizeHint(self) -> QSize:
        gap, width = self._theme.space(1.5), 0.0
        for number, text in enumerate(self.texts()):
            width += self._sample(number) + self._theme.space(0.75) + gap
            width += self._metrics().horizontalAdvance(text)
        return QSize(round(width + gap * 0.5), round(self._metrics().height() + self._theme.space(1)))

    def _draw(self, device: QPixmap) -> None:
        theme = self._theme
        with QPainter(device) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("border"), 1))
            painter.setBrush(theme.colour("canvas", 0.92))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setFont(theme.fonts.small)
            x, middle = float(theme.space(1)), self.height() / 2
            for number, text in enumerate(self.texts()):
                wide = self._sample(number)
                self._picture(painter, number, QRectF(x, middle - wide / 4, wide, wide / 2))
                x += wide + theme.space(0.75)
                painter.setPen(theme.colour("text"))
                room = self._metrics().horizontalAdvance(text) + 2
                where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
                painter.drawText(QRectF(x, 0, room, self.height()), where, text)
                x += room - 2 + theme.space(1.5)

    def _picture(self, painter: QPainter, number: int, rect: QRectF) -> None:
        theme, scale = self._theme, self._theme.scale
        left, right = QPointF(rect.left(), rect.center().y()), QPointF(rect.right(), rect.center().y())
        if number in (0, 1):
            painter.setPen(pen_of(2 * (STEPS // 2) + number, theme, dashed=self._dashed))
            painter.drawLine(left, right)
        elif number == 2:
            painter.setPen(QPen(theme.colour("outline"), 6 * scale))
            painter.drawLine(left, right)
        elif number == 3:
            shade = QLinearGradient(left, right)
            for stop in (0.0, 0.5, 1.0):
                shade.setColorAt(stop, value_colour(theme, stop))
            painter.setPen(QPen(theme.colour("neuron-outline"), 1))
            painter.setBrush(shade)
            painter.drawRoundedRect(rect.adjusted(0, 0, 0, 0), 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        elif self._walking and number in (4, 5, 6):
            painter.setPen(QPen(theme.colour(("active", "gradient", "step")[number - 4]), 4 * scale))
            painter.drawLine(left, right)

    def paintEvent(self, event: QPaintEvent) -> None:
        # The canvas below is painted many times a second, and the legend with it: it is drawn once.
        ratio = self.devicePixelRatioF()
        if self._drawing is None or self._drawing.devicePixelRatio() != ratio:
            self._drawing = QPixmap(self.size() * ratio)
            self._drawing.setDevicePixelRatio(ratio)
            self._drawing.fill(Qt.GlobalColor.transparent)
            self._draw(self._drawing)
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._drawing)
