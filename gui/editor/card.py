"""Small plates that float over the canvas: what is hovered, and what a gesture would do."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from gui.editor.card_table import CardTable
from gui.editor.enlarged import Enlarged
from gui.theme import Theme


class Card(QLabel):
    """Rich text or a table of numbers on a raised plate near the mouse, never in its way and never over
    the edge."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._edge = "border"
        self._picture: Enlarged | None = None
        self._table: CardTable | None = None
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.restyle(theme)
        self.hide()

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        self._theme = theme
        self.setFont(theme.fonts.ui)
        self.setContentsMargins(theme.space(1.25), theme.space(0.75), theme.space(1.25), theme.space(0.75))

    def show_at(
        self,
        mouse: QPoint,
        text: str | CardTable,
        *,
        good: bool | None = None,
        picture: Enlarged | None = None,
    ) -> None:
        """Show a text near the mouse; ``good`` says whether what it announces is allowed.

        Above the text a picture may stand.
        """
        if isinstance(text, CardTable):
            self._show_table(mouse, text, picture)
            return
        self._table = None
        self._put(picture)
        self._edge = "border" if good is None else "accent" if good else "error"
        sign = "" if good is None or good else f'<b style="color:{self._theme.css("error")}">✕</b> '
        if self.text() != sign + text:
            self.setText(sign + text)
            self.setWordWrap(False)
            wide = self._theme.px(320)
            if self.sizeHint().width() > wide and good is not None:
                self.setWordWrap(True)
                self.setFixedWidth(wide)
            else:
                self.setMinimumWidth(0)
                self.setMaximumWidth(16777215)
            self.adjustSize()
        if picture is not None:
            self._make_room(picture)
        self.move(self._place(mouse))
        self.show()
        self.raise_()

    def said(self) -> str:
        """What it says, as rich text."""
        return self.text() if self._table is None else self._table.html

    def _show_table(self, mouse: QPoint, table: CardTable, picture: Enlarged | None) -> None:
        """Rows of numbers: their size is known without laying out any text."""
        theme = self._theme
        if table != self._table or picture is not self._picture or self.text():
            self.clear()
            self._table, self._picture, self._edge = table, picture, "border"
            size, edge = table.size(theme), QSize(2 * theme.space(1.25), 2 * theme.space(0.75))
            if picture is not None:
                own = picture.size(theme)
                size = QSize(
                    max(size.width(), round(own.width())),
                    size.height() + round(own.height()) + theme.space(0.75),
                )
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
            self.resize(size + edge)
            self.update()
        self.move(self._place(mouse))
        if self.isHidden():
            self.show()
            self.raise_()

    def _put(self, picture: Enlarged | None) -> None:
        """Another picture: room for it above the text."""
        across, down, theme = self._theme.space(1.25), self._theme.space(0.75), self._theme
        if picture is not None or self._picture is not None:
            high = 0 if picture is None else round(picture.size(theme).height()) + theme.space(0.75)
            self.setContentsMargins(across, down + high, across, down)
            self.adjustSize()
            self.update()
        self._picture = picture

    def _make_room(self, picture: Enlarged) -> None:
        """As wide as the picture, if the text is not as wide."""
        wide = round(picture.size(self._theme).width()) + 2 * self._theme.space(1.25)
        size = self.sizeHint()
        self.resize(max(size.width(), wide), size.height())

    def _place(self, mouse: QPoint) -> QPoint:
        parent = self.parentWidget()
        assert parent is not None
        gap = self._theme.space(2.5)
        x, y = mouse.x() + gap, mouse.y() + gap
        if x + self.width() > parent.width() - 4:
            x = mouse.x() - gap - self.width()
        if y + self.height() > parent.height() - 4:
            y = mouse.y() - gap - self.height()
        return QPoint(max(4, x), max(4, y))

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            strong = self._edge != "border"
            painter.setPen(QPen(self._theme.colour(self._edge), 2.0 if strong else 1.0))
            painter.setBrush(self._theme.colour("panel"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            if self._picture is not None:
                start = QPointF(self._theme.space(1.25), self._theme.space(0.75))
                self._picture.paint(painter, QRectF(start, self._picture.size(self._theme)), self._theme)
            if self._table is not None:
                left, edge = self._theme.space(1.25), self._theme.space(0.75)
                top = self.height() - edge - self._table.size(self._theme).height()
                self._table.paint(painter, QPointF(left, top), self._theme)
        if self._table is None:
            super().paintEvent(event)
