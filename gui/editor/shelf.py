"""The list of the palette: dragged from, chosen from, folded and starred."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gui.editor.gestures.drop import MIME
from gui.editor.shelf_delegate import KIND, SIGN, ShelfDelegate
from gui.theme import Theme

_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class Shelf(QListWidget):
    """Only a double click or Enter chooses, whatever the desktop's habit; a click on the star marks."""

    chosen = Signal(QListWidgetItem)
    starred = Signal(QListWidgetItem)
    pointed = Signal(object)
    """The line under the mouse is another one; ``None`` for none."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.look = ShelfDelegate(theme, self)
        self.setItemDelegate(self.look)
        self.setDragEnabled(True)
        self.setMouseTracking(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.itemEntered.connect(self.pointed.emit)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self.look.theme = theme
        self.setIconSize(QSize(theme.px(SIGN), theme.px(SIGN)))
        self.verticalScrollBar().setSingleStep(theme.px(SIGN))

    def on_star(self, where: QPoint) -> QListWidgetItem | None:
        """The entry whose star is at a point."""
        item = self.itemAt(where)
        if item is None or not item.data(KIND):
            return None
        return item if self.look.star_rect(self.visualItemRect(item)).contains(where) else None

    # ---------------------------------------------------------------- Qt

    def mimeData(self, items) -> QMimeData:
        mime = QMimeData()
        if items and items[0].data(KIND):
            mime.setData(MIME, str(items[0].data(KIND)).encode())
            mime.setText(items[0].text())
        return mime

    def mimeTypes(self) -> list[str]:
        return [MIME, "text/plain"]

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None or not item.data(KIND):
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([item]))
        side = 2 * self.iconSize().width()
        drag.setPixmap(item.icon().pixmap(side, side))
        drag.exec(Qt.DropAction.CopyAction)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and item is not None:
            if self.on_star(event.position().toPoint()) is not None:
                self.starred.emit(item)
                return
            if not item.data(KIND):
                self.chosen.emit(item)
                return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        quick = item is None or not item.data(KIND) or self.on_star(event.position().toPoint()) is not None
        if quick:
            self.mousePressEvent(event)  # twice quickly on a star or a heading
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        item = self.currentItem()
        if event.key() in _ENTER and item is not None:
            self.chosen.emit(item)
        elif event.text() == "*" and item is not None and item.data(KIND):
            self.starred.emit(item)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.pointed.emit(None)
        return super().viewportEvent(event)
