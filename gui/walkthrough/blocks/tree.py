"""The expression tree laid out: rows with a triangle before what unfolds, lines down the branches."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from engine.core.notation import Notation, Row, Text, operator
from gui.theme import Theme
from gui.walkthrough.blocks.base import WRAP, Block, Lit, block_of, laid_out
from gui.walkthrough.tree import Branch, Fold, Tree
from gui.widgets.typeset import Spot, Tone, Typeset

SIZE = 0.92
"""Of the letters, beside those of the formula above."""
INDENT = 15.0
"""Pixels of one level at scale 1; deep trees take less, so that half of the width stays for numbers."""


@block_of.register(Tree)
class TreeBlock(Block):
    """A press anywhere on a row unfolds it; on one of its numbers that number explains itself."""

    def __init__(self, part: Tree, width: float, theme: Theme) -> None:
        super().__init__()
        self._part, self._width = part, width
        self._texts: list[tuple[QRectF, str, str]] = []
        self._made: list[tuple[Typeset, float, float]] = []
        self._signs: list[tuple[QRectF, bool]] = []
        self._guides: list[tuple[float, float, float]] = []
        deepest = max((row.depth for row in part.rows), default=0)
        self._indent = min(theme.px(INDENT), 0.45 * width / (deepest + 1))
        self._sign = 1.1 * QFontMetricsF(theme.fonts.small).height()
        y = self._line(part.title, 0.0, theme, "strong")
        for row in part.rows:
            y = self._row(row, y, theme)
        if part.left:
            y = self._line(part.left, y + theme.px(2), theme, "muted")
        self.height = y

    # ---------------------------------------------------------------- laying out

    def _line(self, text: str, y: float, theme: Theme, look: str) -> float:
        metrics = QFontMetricsF(theme.fonts.strong if look == "strong" else theme.fonts.small)
        needed = metrics.boundingRect(QRectF(0, 0, self._width, 10000), WRAP, text).height()
        self._texts.append((QRectF(0, y, self._width, needed), text, look))
        return y + needed + theme.px(4)

    def _row(self, row: Branch, y: float, theme: Theme) -> float:
        left = row.depth * self._indent
        start, gap = left + self._sign, theme.px(6)
        head = laid_out(row.symbol, theme, None, SIZE)
        right = laid_out(
            _behind(row), theme, max(self._width - start - head.width - gap, 0.3 * self._width), SIZE
        )
        below = start + head.width + gap + right.width > self._width + 1
        pad = theme.px(3.5)
        if below:
            self._place(head, start, y + pad)
            x, top = start + self._sign, y + pad + head.height
            height = head.height + right.height + 2 * pad
        else:
            ascent = max(head.ascent, right.ascent)
            self._place(head, start, y + pad + ascent - head.ascent)
            x, top = start + head.width + gap, y + pad + ascent - right.ascent
            height = ascent + max(head.descent, right.descent) + 2 * pad
        self._place(right, x, top)
        whole = QRectF(0, y, self._width, height)
        if row.press is not None:
            self.spots.append(Spot(whole, row.press))
        if isinstance(row.press, Fold):
            middle = y + pad + (head.ascent if below else max(head.ascent, right.ascent)) - 0.3 * self._sign
            box = QRectF(left, middle - 0.3 * self._sign, 0.6 * self._sign, 0.6 * self._sign)
            self._signs.append((box, row.press.open))
        for depth in range(row.depth):
            self._guides.append((depth * self._indent + 0.3 * self._sign, y, y + height))
        return y + height

    def _place(self, made: Typeset, x: float, top: float) -> None:
        self._made.append((made, x, top))
        self.spots += [Spot(spot.rect.translated(x, top), spot.ref) for spot in made.spots]

    # ---------------------------------------------------------------- painting

    def paint(self, painter: QPainter, y: float, theme: Theme, lit: Lit) -> None:
        painter.setPen(QPen(theme.colour("border"), theme.px(1)))
        for x, top, bottom in self._guides:
            painter.drawLine(QPointF(x, y + top), QPointF(x, y + bottom))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("text-muted"))
        for box, open in self._signs:
            painter.drawPolygon(_triangle(box.translated(0, y), open))
        for made, x, top in self._made:
            made.paint(painter, x, y + top, theme, lit)
        for rect, text, look in self._texts:
            painter.setFont(theme.fonts.strong if look == "strong" else theme.fonts.small)
            painter.setPen(theme.colour("text" if look == "strong" else "text-muted"))
            painter.drawText(rect.translated(0, y), WRAP, text)


def _behind(row: Branch) -> Notation:
    """What follows the symbol: ``= numbers = value``, and what a leaf is in muted letters."""
    items: list[Notation] = []
    for sign, each in row.sides:
        items += [operator(sign), *(each.items if isinstance(each, Row) and each.ref is None else (each,))]
    if row.note:
        items.append(Row((Text(f"   {row.note}"),), Tone.MUTED))
    return Row(tuple(items) or (Text(""),))


def _triangle(box: QRectF, open: bool) -> QPolygonF:
    inner = box.adjusted(0.15 * box.width(), 0.15 * box.height(), -0.15 * box.width(), -0.15 * box.height())
    if open:
        corners = [inner.topLeft(), inner.topRight(), QPointF(inner.center().x(), inner.bottom())]
    else:
        corners = [inner.topLeft(), QPointF(inner.right(), inner.center().y()), inner.bottomLeft()]
    return QPolygonF(corners)
