"""How a line of the palette is drawn: sign, name and star; or the heading of a group with its fold."""

from __future__ import annotations

import math

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPainterPath, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import icons
from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
KIND = Qt.ItemDataRole.UserRole
"""What the entry puts on the canvas; empty for a heading."""
GROUP = Qt.ItemDataRole.UserRole + 1
"""The heading under which the entry stands, or the group that the heading names."""
STARRED = Qt.ItemDataRole.UserRole + 2
FOLDED = Qt.ItemDataRole.UserRole + 3
SIGN, STAR, LINE = 22, 16, 28
"""Sides of sign and star, and the height of a line, at scale 1."""


class ShelfDelegate(QStyledItemDelegate):
    """One line an entry: what it is good for is said below the list and in the tool tip."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self.theme = theme

    def star_rect(self, rect: QRect) -> QRect:
        """Where the star of a line is clicked; larger than it is drawn."""
        side = self.theme.px(STAR) + self.theme.space(1.5)
        return QRect(rect.right() - side + 1, rect.top(), side, rect.height())

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        high = self.theme.px(LINE)
        return QSize(self.theme.px(80), high if index.data(KIND) else high + self.theme.space(0.5))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette: QPalette = option.palette  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        theme = self.theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if chosen:
            painter.fillRect(rect, palette.highlight())
        elif hovered:
            painter.fillRect(rect, theme.colour("raised"))
        ink = palette.highlightedText().color() if chosen else theme.colour("text")
        name = str(index.data(Qt.ItemDataRole.DisplayRole)).partition("\n")[0]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(KIND):
            self._entry(painter, rect, index, name, (chosen, hovered), palette)
        else:
            self._heading(painter, rect, index, name, chosen, palette)
        painter.restore()
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _entry(
        self,
        painter: QPainter,
        rect: QRect,
        index: Index,
        name: str,
        marked: tuple[bool, bool],
        palette: QPalette,
    ) -> None:
        theme, gap = self.theme, self.theme.space(1)
        chosen, hovered = marked
        side = theme.px(SIGN)
        icon = index.data(Qt.ItemDataRole.DecorationRole)
        box = QRect(rect.left() + gap, rect.center().y() - side // 2 + 1, side, side)
        if isinstance(icon, QIcon):
            if chosen:  # the sign is drawn for the colour of the list
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("panel"))
                painter.drawRoundedRect(QRectF(box).adjusted(-2, -2, 2, 2), 5, 5)
            icon.paint(painter, box)
        starred = bool(index.data(STARRED))
        right = gap
        if starred or chosen or hovered:
            right = self._star(painter, rect, starred, chosen, palette)
        ink = palette.highlightedText().color() if chosen else theme.colour("text")
        painter.setFont(theme.fonts.ui)
        painter.setPen(ink)
        room = rect.adjusted(2 * gap + side, 0, -right, 0)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def _star(self, painter: QPainter, rect: QRect, starred: bool, chosen: bool, palette: QPalette) -> int:
        """The star at the right, filled for a favourite; how much of the line it takes."""
        theme, place = self.theme, QRectF(self.star_rect(rect))
        ink = palette.highlightedText().color() if chosen else theme.colour("accent")
        if not starred and not chosen:
            ink = theme.colour("outline")
        painter.setPen(QPen(ink, 1.4 * theme.scale))
        painter.setBrush(ink if starred else Qt.BrushStyle.NoBrush)
        painter.drawPath(star(place.center(), theme.px(STAR) / 2))
        return round(place.width())

    def _heading(
        self, painter: QPainter, rect: QRect, index: Index, name: str, chosen: bool, palette: QPalette
    ) -> None:
        """The name of a group, with an arrow that folds it."""
        theme, gap = self.theme, self.theme.space(1)
        side = theme.px(14)
        icon = icons.icon(
            "chevron-right" if index.data(FOLDED) else "chevron-down", theme,
            colour="accent-text" if chosen else "text-muted",
        )  # fmt: skip
        icon.paint(painter, QRect(rect.left() + gap // 2, rect.center().y() - side // 2 + 1, side, side))
        painter.setFont(theme.fonts.strong)
        painter.setPen(palette.highlightedText().color() if chosen else theme.colour("text-muted"))
        room = rect.adjusted(gap + side, 0, -gap, 0)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        end = room.left() + painter.fontMetrics().horizontalAdvance(shown) + gap
        if not chosen and end < room.right():
            painter.setPen(theme.colour("border"))
            painter.drawLine(end, rect.center().y() + 1, room.right(), rect.center().y() + 1)


def star(centre: QPointF, radius: float) -> QPainterPath:
    """Five points."""
    path = QPainterPath()
    for number in range(10):
        reach = radius if number % 2 == 0 else 0.46 * radius
        angle = math.pi * (number / 5 - 0.5)
        point = centre + QPointF(reach * math.cos(angle), reach * math.sin(angle))
        if number:
            path.lineTo(point)
        else:
            path.moveTo(point)
    path.closeSubpath()
    return path
