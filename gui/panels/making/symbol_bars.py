"""How likely each symbol is next: a bar each, the likeliest first, the one that was drawn marked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.core.plan import Array
from gui.theme import Theme
from gui.widgets.numbers import format_number

MOST = 12
"""So many symbols are shown at the most, and as many as fit."""
MARK = "◀"


def shown(symbol: str) -> str:
    """A symbol that leaves no ink as a sign that does."""
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(symbol, symbol)


class SymbolBars(QWidget):
    """A stroke in a bar says how likely the symbol is at temperature 1."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.symbols: tuple[str, ...] = ()
        self.shares: Array = np.zeros(0)
        self.plain: Array = np.zeros(0)
        self.drawn: int | None = None
        self.setAccessibleName(self.tr("How likely each symbol is next"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_shares(self, symbols: tuple[str, ...], shares: Array, plain: Array, drawn: int | None) -> None:
        """Other shares; ``drawn`` is the number of the symbol that was drawn of them."""
        self.symbols, self.shares, self.plain, self.drawn = symbols, shares, plain, drawn
        said = (f"{shown(symbols[each])}: {_percent(shares[each])}" for each in self.order(MOST))
        self.setAccessibleDescription("\n".join(said))
        self.update()

    def order(self, count: int) -> list[int]:
        """The numbers of the symbols that are shown, from the top: the likeliest, and the drawn one."""
        order = np.argsort(-self.shares, kind="stable")[:count].tolist()
        if self.drawn is not None and order and self.drawn not in order:
            order[-1] = self.drawn
        return [int(each) for each in order]

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            if not len(self.shares):
                return
            mono, strong = QFontMetricsF(theme.fonts.mono), QFontMetricsF(theme.fonts.strong)
            line, gap = mono.height() + theme.px(3), float(theme.space())
            order = self.order(max(1, min(MOST, int(self.height() // line))))
            names = [shown(self.symbols[each]) for each in order]
            left = gap + min(max(map(mono.horizontalAdvance, names)), 0.35 * self.width()) + gap
            right = strong.horizontalAdvance("100 % ") + strong.horizontalAdvance(MARK) + gap
            room = max(self.width() - left - right, 10.0)
            for place, (number, name) in enumerate(zip(order, names, strict=True)):
                self._paint_row(painter, number, name, QRectF(left, place * line, room, line))

    def _paint_row(self, painter: QPainter, number: int, name: str, row: QRectF) -> None:
        theme, here = self._theme, number == self.drawn
        middle = Qt.AlignmentFlag.AlignVCenter
        box = QRectF(0, row.top(), row.left() - theme.space(), row.height())
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.fonts.mono)
        said = QFontMetricsF(theme.fonts.mono).elidedText(name, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignRight | middle), said)
        bar = QRectF(row.left(), row.top() + 0.18 * row.height(), row.width(), 0.64 * row.height())
        painter.fillRect(bar, theme.colour("window"))
        full = QRectF(bar.left(), bar.top(), max(1.0, float(self.shares[number]) * bar.width()), bar.height())
        painter.fillRect(full, theme.colour("accent" if here else "outline"))
        x = bar.left() + float(self.plain[number]) * bar.width()
        if abs(x - full.right()) > 1.5:
            painter.setPen(QPen(theme.colour("text"), theme.px(2)))
            painter.drawLine(QPointF(x, bar.top()), QPointF(x, bar.bottom()))
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.fonts.strong if here else theme.fonts.ui)
        end = QRectF(row.right() + theme.space(0.5), row.top(), self.width() - row.right(), row.height())
        mark = f" {MARK}" if here else ""
        painter.drawText(end, int(Qt.AlignmentFlag.AlignLeft | middle), _percent(self.shares[number]) + mark)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(220), self._theme.px(180))


def _percent(share: float) -> str:
    return f"{format_number(100 * float(share), 2)} %" if share >= 0.0005 else "0 %"
