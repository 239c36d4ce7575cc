"""Editing in place: a weight or bias on its synapse, the name of a layer or a group in its title."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.document.difference import Difference
from engine.document.grouping import title_of
from gui.editor import folding, note_editing
from gui.editor.commands import rename
from gui.editor.gestures.nudge import Nudge
from gui.editor.marks import Kind, Thing
from gui.widgets.number_edit import NumberEdit

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas


class WeightField(NumberEdit):
    """A number field over a synapse. Closed by Enter, Esc or a click elsewhere; nudges are live."""

    def __init__(self, parent: QWidget, nudge: Nudge, name: str, rect: QRect) -> None:
        super().__init__(nudge.value or 0.0, step=0.05, fractions=False, name=name, parent=parent)
        self._nudge = nudge
        self._done = False
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(rect)
        self.committed.connect(self._commit)
        self.nudged.connect(self._try_out)
        self.cancelled.connect(self.close_field)
        nudge.workspace.document_changed.connect(self._document_changed)
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_field(self) -> None:
        """Gone, once."""
        if not self._done:
            self._done = True
            self._nudge.end()
            parent = self.parentWidget()
            self.hide()
            self.deleteLater()
            if parent is not None:
                parent.setFocus(Qt.FocusReason.PopupFocusReason)

    def _document_changed(self, change: Difference) -> None:
        """Where layers or synapses came or went, the place of the weight may be another's now."""
        if not change.only_looks:
            self.close_field()

    def _commit(self, value: float) -> None:
        if self._done:
            return
        if value != self._nudge.value:
            self._nudge.set(value, 0)
        self.close_field()

    def _try_out(self, value: float) -> None:
        if not self._done:
            self._nudge.set(value, 0)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the field while it is open, whatever the window does with it."""
        return _claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        # Esc with nothing to take back only closes the field.
        if event.key() == Qt.Key.Key_Escape:
            self.close_field()
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and not self.problem_text():
            self.close_field()


class NameField(QLineEdit):
    """A text field over a caption."""

    named = Signal(str)

    def __init__(self, parent: QWidget, text: str, name: str, rect: QRect) -> None:
        super().__init__(text, parent)
        self._before, self._done = text, False
        self.setAccessibleName(name)
        self.setMaxLength(80)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setGeometry(rect)
        self.returnPressed.connect(lambda: self._close(True))
        self.show()
        self.raise_()
        self.selectAll()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _close(self, keep: bool) -> None:
        if self._done:
            return
        self._done = True
        if keep and self.text().strip() != self._before:
            self.named.emit(self.text())
        parent = self.parentWidget()
        self.hide()
        self.deleteLater()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.PopupFocusReason)

    def event(self, event: QEvent) -> bool:
        """Esc belongs to the field while it is open."""
        return _claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close(False)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._close(True)


def open_field(canvas: Canvas, thing: Thing) -> QWidget | None:
    """A field over a weight, a bias, a caption, a title or a note; the neuron's field is that of its bias."""
    network, workspace = canvas.network, canvas.workspace
    unit = network.geometry.unit(*thing.unit)
    if thing.kind is Kind.NOTE:
        return note_editing.rewrite(canvas, thing.note)
    if thing.group:
        name, where = canvas.tr("Name of the group"), network.enclosures.title_of(thing.group)
        title = NameField(canvas, title_of(thing.group), name, _rect_at(canvas, where, 170))
        title.named.connect(lambda text: folding.rename(workspace, thing.group, text))
        return title
    if thing.is_layer:
        name = canvas.tr("Name of the layer")
        place = network.geometry.places.get(thing.layer)
        if place is None:  # its group is folded
            return None
        caption = NameField(canvas, place.layer.name, name, _rect_at(canvas, place.caption, 150))
        caption.named.connect(lambda text: rename(workspace, thing.layer, text))
        return caption
    if thing.is_wire:
        key, index = network.wires.cell(thing.wire)
    elif unit is not None and network.geometry.places[unit.layer].bias:
        key, index, thing = f"{unit.layer}.b", (unit.index, 0), Thing(Kind.BIAS, *unit.unit)
    else:
        return None
    rect = _rect_at(canvas, network.rect_of(thing), 96)
    return WeightField(canvas, Nudge(workspace, key, index), workspace.symbol_of(key, index), rect)


def _rect_at(canvas: Canvas, rect: QRectF, width: int) -> QRect:
    """Where a field is put that belongs to a part of the scene; always in sight."""
    theme, whole = canvas.workspace.theme, canvas.rect()
    size = QSize(theme.px(width), theme.px(28))
    found = QRect(QPoint(0, 0), size)
    found.moveCenter(canvas.mapFromScene(rect.center()))
    found.moveLeft(max(4, min(found.left(), whole.right() - size.width() - 4)))
    found.moveTop(max(4, min(found.top(), whole.bottom() - size.height() - 4)))
    return found


def _claims_escape(event: QEvent) -> bool:
    """Keep a shortcut of the window from taking the Esc that closes a field."""
    escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
    if escape and event.type() == QEvent.Type.ShortcutOverride:
        event.accept()
        return True
    return False
