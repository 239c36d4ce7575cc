"""How an entry of the palette is drawn: picture, title, and its summary in full below."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


class ShelfDelegate(QStyledItemDelegate):
    """Needed because the standard one wraps text by a width that it guesses, and cuts it off."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def _parts(self, index: Index) -> tuple[str, str]:
        title, _, summary = str(index.data(Qt.ItemDataRole.DisplayRole)).partition("\n")
        return title, summary

    def _text(self, width: int) -> tuple[int, int]:
        """Left edge and width of the text."""
        left = self.theme.px(36) + 2 * self.theme.space(1)
        return left, max(40, width - left - self.theme.space(1))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget  # type: ignore[attr-defined]
        room = view.viewport().width() - 2 * view.spacing() if isinstance(view, QListView) else 200
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            height = QFontMetrics(self.theme.fonts.small).height()
            return QSize(room, height + self.theme.space(1.25))
        _, width = self._text(room)
        fonts, gap = self.theme.fonts, self.theme.space(1)
        title, summary = QFontMetrics(fonts.strong), QFontMetrics(fonts.small)
        text = summary.boundingRect(QRect(0, 0, width, 10_000), WRAP, self._parts(index)[1])
        return QSize(room, max(self.theme.px(36), title.height() + text.height()) + gap)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self._heading(painter, rect, str(index.data(Qt.ItemDataRole.DisplayRole)))
            return
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        theme, gap = self.theme, self.theme.space(1)
        if chosen:
            painter.fillRect(rect, palette.highlight())
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("raised"))
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        side = theme.px(36)
        if isinstance(icon, QIcon):
            icon.paint(painter, QRect(rect.left() + gap, rect.top() + gap // 2, side, side))
        left, width = self._text(rect.width())
        title, summary = self._parts(index)
        ink, quiet = theme.colour("text"), theme.colour("text-muted")
        if chosen:
            ink = quiet = palette.highlightedText().color()
        below = QFontMetrics(theme.fonts.strong).height()
        painter.setFont(theme.fonts.strong)
        painter.setPen(ink)
        painter.drawText(QRect(rect.left() + left, rect.top() + gap // 2, width, below), WRAP, title)
        painter.setFont(theme.fonts.small)
        painter.setPen(quiet)
        rest = QRect(rect.left() + left, rect.top() + gap // 2 + below, width, rect.height() - below)
        painter.drawText(rest, WRAP, summary)

    def _heading(self, painter: QPainter, rect: QRect, text: str) -> None:
        """The name of a group above a thin line."""
        theme = self.theme
        line = rect.adjusted(theme.space(1), 0, -theme.space(1), -theme.space(0.25))
        painter.setFont(theme.fonts.small)
        painter.setPen(theme.colour("text-muted"))
        where = int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignBottom)
        painter.drawText(line.adjusted(0, 0, 0, -theme.space(0.25)), where, text)
        painter.setPen(theme.colour("border"))
        painter.drawLine(line.bottomLeft(), line.bottomRight())
