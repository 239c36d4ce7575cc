"""What an empty canvas says: how a network begins, with the mouse, with keys, or ready-made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from gui import icons, ready_made
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


class EmptyCanvas(QObject):
    """A few quiet words in the middle, which let drops through, and two buttons below them."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.title = self._words(self.tr("Build a network"))
        self.how = self._words(
            self.tr("Drag an input here from the palette, then a dense layer and an output.\n"
                    "By keyboard: Insert opens the palette, C connects, Space trains.")
        )  # fmt: skip
        self.buttons = QWidget(canvas)
        self.palette_button = QPushButton(self.tr("Open the palette (Ins)"))
        self.palette_button.clicked.connect(lambda: canvas.workspace.wanted.emit("palette"))
        self.ready_button = QPushButton(self.tr("Ready-made network"))
        self.menu = QMenu(self.ready_button)
        self.menu.setAccessibleName(self.tr("Ready-made networks"))
        self.menu.aboutToShow.connect(self._fill)
        self.ready_button.setMenu(self.menu)
        self._row = QHBoxLayout(self.buttons)
        self._row.setContentsMargins(0, 0, 0, 0)
        for button in (self.palette_button, self.ready_button):
            self._row.addWidget(button)
        canvas.workspace.document_changed.connect(self.look)
        canvas.workspace.theme_changed.connect(self.restyle)
        canvas.installEventFilter(self)
        self.restyle(canvas.workspace.theme)

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        large = QFont(theme.fonts.strong)
        large.setPointSizeF(1.4 * large.pointSizeF())
        self.title.setFont(large)
        self.title.setStyleSheet(f"color: {theme.css('text')}")
        self.how.setFont(theme.fonts.ui)
        self.how.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.palette_button.setIcon(icons.icon("plus", theme))
        self.ready_button.setIcon(icons.icon("network", theme))
        self._row.setSpacing(theme.space(1))
        self.look()

    def look(self, *_: object) -> None:
        """Shown as long as there is nothing on the canvas."""
        document = self._canvas.workspace.document
        empty = not document.layers and not document.notes
        for part in (self.title, self.how, self.buttons):
            if part.isVisibleTo(self._canvas) != empty:
                part.setVisible(empty)
        if empty:
            self._place()

    def _place(self) -> None:
        """One below the other, in the middle."""
        canvas, gap = self._canvas, self._canvas.workspace.theme.space(1.5)
        wide = max(canvas.width() - 2 * gap, 10)
        for label in (self.title, self.how):
            label.setWordWrap(False)
            natural = label.sizeHint().width() + gap
            label.setWordWrap(natural > wide)
            label.setFixedWidth(min(wide, natural))
            high = label.heightForWidth(label.width()) if natural > wide else label.sizeHint().height()
            label.setFixedHeight(high)
        self.buttons.resize(self.buttons.sizeHint())
        parts = (self.title, self.how, self.buttons)
        top = (canvas.height() - sum(each.height() for each in parts) - 2 * gap) // 2
        for part in parts:
            part.move((canvas.width() - part.width()) // 2, top)
            top += part.height() + gap

    def _words(self, text: str) -> QLabel:
        label = QLabel(text, self._canvas)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setWordWrap(True)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label.hide()
        return label

    def _fill(self) -> None:
        """The ready-made networks, once they are asked for."""
        if self.menu.actions():
            return
        workspace = self._canvas.workspace
        for group, kinds in ready_made.grouped().items():
            self.menu.addSection(ready_made.group_title(group))
            for kind in kinds:
                action = self.menu.addAction(
                    icons.icon(ready_made.icon_name(kind.kind), workspace.theme), kind.title
                )
                action.setToolTip(kind.summary)
                action.triggered.connect(partial(self._put, kind.kind))
        self.menu.setToolTipsVisible(True)

    def _put(self, kind: str, _: bool = False) -> None:
        self._canvas.workspace.ready_made.put(kind)
        self._canvas.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            self.look()
        return False
