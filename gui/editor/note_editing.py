"""Notes on the canvas: where a new one is written, the field in which it is, and the edits."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from engine.document import notes
from engine.document.wording import cleaned
from gui.editor.items.note_slip import paper
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

translate = QCoreApplication.translate
WIDTH = 220.0
"""Of a new note, at scale 1."""


class NoteField(QPlainTextEdit):
    """A text field over a note. Ctrl+Enter or a click elsewhere keeps the text, Esc takes it back."""

    written = Signal(str)
    refused = Signal(str)
    """A sentence about text that found no room."""

    def __init__(self, parent: QWidget, text: str, rect: QRect, theme: Theme) -> None:
        super().__init__(parent)
        self._before, self._done = text, False
        self.setAccessibleName(translate("Canvas", "Text of the note"))
        self.setPlaceholderText(translate("Canvas", "Write here. Ctrl+Enter keeps the note, Esc leaves it."))
        self.setTabChangesFocus(True)
        self.setFont(theme.fonts.ui)
        ground = paper(theme)[0].name()
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {ground}; color: {theme.css('text')};"
            f" border: 2px solid {theme.css('accent')}; }}"
        )
        self.setGeometry(rect)
        self.setPlainText(text)
        self.textChanged.connect(self._keep_short)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _keep_short(self) -> None:
        """Text beyond the limit is cut at once, and said so."""
        text = self.toPlainText()
        if len(text) <= notes.MOST_TEXT:
            return
        place = min(self.textCursor().position(), notes.MOST_TEXT)
        self.blockSignals(True)
        self.setPlainText(text[: notes.MOST_TEXT])
        self.blockSignals(False)
        cursor = self.textCursor()
        cursor.setPosition(place)
        self.setTextCursor(cursor)
        said = translate("Canvas", "A note has at most {most} characters: the rest was left out.")
        self.refused.emit(said.format(most=notes.MOST_TEXT))

    def close_field(self, keep: bool) -> None:
        """Gone, once."""
        if self._done:
            return
        self._done = True
        text = cleaned(self.toPlainText(), lines=True)
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None and (not keep or self.hasFocus() or parent.isActiveWindow()):
            parent.setFocus(Qt.FocusReason.PopupFocusReason)
        if keep and text != self._before:
            self.written.emit(text)

    def event(self, event: QEvent) -> bool:
        """Esc and Ctrl+Enter belong to the field while it is open, whatever the window does with them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _ends(event):
            self.close_field(event.key() != Qt.Key.Key_Escape)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.close_field(True)


def _ends(event: QKeyEvent) -> bool:
    enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return event.key() == Qt.Key.Key_Escape or (enter and ctrl)


# -------------------------------------------------------------------- what is done


def write_new(canvas: Canvas, point: QPointF | None = None) -> NoteField:
    """A field for a note that does not exist yet: at a point, under the mouse, or in the middle."""
    if point is None:
        mouse = canvas.viewport().mapFromGlobal(canvas.cursor().pos())
        inside = canvas.viewport().rect().contains(mouse) and canvas.underMouse()
        point = canvas.mapToScene(mouse if inside else canvas.viewport().rect().center())
    x, y = canvas.network.geometry.to_document(point)

    def written(text: str) -> None:
        _add(canvas, text, x=x, y=y, width=WIDTH)

    zoom = canvas.camera.zoom
    size = QSize(round(WIDTH * canvas.workspace.theme.scale * zoom), 0)
    return _open(canvas, "", canvas.mapFromScene(point), size, written)


def write_on(canvas: Canvas, layer: str, unit: int | None = None) -> NoteField:
    """A field for the note on a layer or on one of its units; there is one at the most."""
    found = notes.note_on(canvas.workspace.document, layer, unit)
    if found is not None:
        return rewrite(canvas, found.id)
    place = canvas.network.geometry.places.get(layer)
    unit_place = None if unit is None else canvas.network.geometry.unit(layer, unit)
    point = canvas.viewport().rect().center()
    if unit_place is not None:
        point = canvas.mapFromScene(unit_place.centre)
    elif place is not None:
        point = canvas.mapFromScene(place.frame.bottomRight())
    return _open(canvas, "", point, QSize(), lambda text: _add(canvas, text, layer=layer, unit=unit))


def rewrite(canvas: Canvas, id: str) -> NoteField:
    """A field over a note that is there."""
    note, rect = notes.note(canvas.workspace.document, id), canvas.network.extras.rect_of(id)
    text = translate("Canvas", "Change a note")

    def written(words: str) -> None:
        gone = translate("Canvas", "Remove a note")
        canvas.workspace.editing.attempt(text if words else gone, notes.write_note, id=id, text=words)

    corner = canvas.mapFromScene(rect.topLeft())
    size = canvas.mapFromScene(rect).boundingRect().size() if not note.layer else QSize()
    return _open(canvas, note.text, corner, size, written)


def remove(canvas: Canvas, ids: frozenset[str]) -> bool:
    """These notes go."""
    text = translate("Canvas", "Remove notes") if len(ids) > 1 else translate("Canvas", "Remove a note")
    return canvas.workspace.editing.attempt(text, notes.remove_notes, ids=ids)


def _add(
    canvas: Canvas,
    text: str,
    *,
    x: float = 0.0,
    y: float = 0.0,
    width: float = WIDTH,
    layer: str = "",
    unit: int | None = None,
) -> None:
    if text:
        name = translate("Canvas", "Write a note")
        canvas.workspace.editing.attempt(
            name, notes.add_note, text=text, x=x, y=y, width=width, layer=layer, unit=unit
        )


def _open(
    canvas: Canvas, text: str, corner: QPoint, size: QSize, written: Callable[[str], None]
) -> NoteField:
    """A field at a corner, large enough to write in, and in sight."""
    canvas.card.hide()
    theme, whole = canvas.workspace.theme, canvas.viewport().rect()
    wide = min(max(size.width(), theme.px(240)), whole.width() - 8)
    high = min(max(size.height(), theme.px(84)), whole.height() - 8)
    rect = QRect(corner, QSize(wide, high))
    rect.moveLeft(max(4, min(rect.left(), whole.right() - wide - 4)))
    rect.moveTop(max(4, min(rect.top(), whole.bottom() - high - 4)))
    field = NoteField(canvas, text, rect, theme)
    field.written.connect(written)
    field.refused.connect(canvas.workspace.say)
    return field
