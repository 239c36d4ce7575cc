"""Headers of the weight table: units by the lecture's symbols, with their names."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QPainter, QStaticText, QTextOption
from PySide6.QtWidgets import QHeaderView, QWidget

from gui.panels.weighing.model import WeightModel
from gui.panels.weighing.naming import Symbol
from gui.theme import Theme


class SymbolHeader(QHeaderView):
    """x₂ above its name for columns, a[1]₃ before its name for rows; what is lit stands out."""

    def __init__(self, orientation: Qt.Orientation, theme: Theme, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self.across = orientation == Qt.Orientation.Horizontal
        self._texts: dict[Symbol, QStaticText] = {}
        self._width = 0
        self.setSectionsClickable(True)
        self.setHighlightSections(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Fonts and colours."""
        self.theme = theme
        self._texts.clear()
        self.setFont(theme.fonts.math)
        self.measure()

    def measure(self) -> None:
        """How much room the names want; asked again when they change."""
        model = self.model()
        if not isinstance(model, WeightModel) or model.sheet is None:
            self._width = self.theme.px(40)
            return
        if not self.across:
            last = model.sheet.row_symbol(model.sheet.rows - 1)
            names = QFontMetrics(self.theme.fonts.small)
            longest = max((names.horizontalAdvance(each) for each in model.row_names), default=0)
            wide = self._text(last).size().width() + self.theme.px(14)
            self._width = round(wide + min(self.theme.px(90), longest + (self.theme.px(6) if longest else 0)))
        self.updateGeometry()

    def _text(self, symbol: Symbol) -> QStaticText:
        text = self._texts.get(symbol)
        if text is None:
            text = QStaticText(symbol.html)
            text.setTextFormat(Qt.TextFormat.RichText)
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.NoWrap)
            text.setTextOption(option)
            text.prepare(font=self.theme.fonts.math)
            if len(self._texts) > 2000:
                self._texts.clear()
            self._texts[symbol] = text
        return text

    @property
    def _named(self) -> bool:
        model = self.model()
        return isinstance(model, WeightModel) and any(model.column_names)

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.theme.fonts.math).height() * 1.35
        if self.across:
            name = QFontMetricsF(self.theme.fonts.small).height() if self._named else 0.0
            return QSize(0, round(line + name) + self.theme.px(4))
        return QSize(self._width, 0)

    def paintSection(self, painter: QPainter, rect: QRect, logical: int) -> None:
        model, theme = self.model(), self.theme
        if not isinstance(model, WeightModel) or model.sheet is None:
            return
        axis = 1 if self.across else 0
        lit = any(place[axis] == logical for place in model.lit) if model.lit else False
        bias = self.across and logical >= model.sheet.weights
        painter.save()
        painter.fillRect(rect, theme.colour("raised" if bias or lit else "window"))
        if lit:
            edge = theme.px(3)
            strip = (
                rect.adjusted(0, rect.height() - edge, 0, 0)
                if self.across
                else rect.adjusted(rect.width() - edge, 0, 0, 0)
            )
            painter.fillRect(strip, theme.colour("active"))
        painter.setPen(theme.colour("border"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.drawLine(rect.topRight(), rect.bottomRight())
        symbol = model.sheet.column_symbol(logical) if self.across else model.sheet.row_symbol(logical)
        names = model.column_names if self.across else model.row_names
        self._label(painter, rect, symbol, names[logical] if logical < len(names) else "")
        painter.restore()

    def _label(self, painter: QPainter, rect: QRect, symbol: Symbol, name: str) -> None:
        theme, text = self.theme, self._text(symbol)
        size, small = text.size(), QFontMetrics(theme.fonts.small)
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.fonts.math)
        if self.across:
            below = small.height() if self._named else 0
            top = rect.top() + (rect.height() - below - size.height()) / 2
            painter.drawStaticText(QPointF(rect.center().x() - size.width() / 2, top), text)
            line = rect.adjusted(theme.px(3), rect.height() - below - theme.px(2), -theme.px(3), 0)
            where = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        else:
            left = rect.right() - theme.px(7) - size.width()
            painter.drawStaticText(QPointF(left, rect.center().y() - size.height() / 2), text)
            line = QRect(
                rect.left() + theme.px(4), rect.top(), round(left - rect.left() - theme.px(8)), rect.height()
            )
            where = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if name:
            painter.setFont(theme.fonts.small)
            painter.setPen(theme.colour("text-muted"))
            painter.drawText(line, where, small.elidedText(name, Qt.TextElideMode.ElideRight, line.width()))
