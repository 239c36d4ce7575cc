"""How a cell of the weight table is painted and edited."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui import icons
from gui.colours import blend, contrast
from gui.panels.weighing.model import WeightModel, exactly, written
from gui.theme import Theme
from gui.widgets.numbers import parse_number

Index = QModelIndex | QPersistentModelIndex
STEPS = 48
STRONGEST = 0.72
"""How far the colour of the largest weight goes towards the full blue or orange."""
LEGIBLE = 4.5
"""The least contrast of a number with the colour of its cell."""
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_SELECTED, _FOCUSED = QStyle.StateFlag.State_Selected.value, QStyle.StateFlag.State_HasFocus.value
_DONE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class CellPainter(QStyledItemDelegate):
    """Colour by sign and size, the number in the ink that reads best on it; and the field to type in."""

    problem = Signal(str)
    """What is typed cannot be read: one sentence; empty when the trouble is over."""
    moved = Signal(int, int, bool)
    """A number was confirmed: go so many rows and columns on; or fill the selection with it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.restyle(theme)

    def restyle(self, theme: Theme) -> None:
        """Colours of the steps from the largest negative to the largest positive weight, and their inks."""
        self.theme = theme
        self._steps = {bias: self._colours("raised" if bias else "panel") for bias in (False, True)}
        self._lock = icons.icon("lock", theme)
        self._font, self._gap = theme.fonts.ui, theme.px(6)
        names = ("window", "border", "outline", "accent", "active")
        self._colour = {name: theme.colour(name) for name in names}

    def _colours(self, ground: str) -> list[tuple[QColor, QColor]]:
        """Each colour with its ink; a colour on which neither ink reads well is taken back a little."""
        theme, found = self.theme, []
        for step in range(-STEPS, STEPS + 1):
            goal = theme.colour("positive" if step > 0 else "negative")
            share = STRONGEST * (abs(step) / STEPS) ** 0.6
            colour = blend(theme.colour(ground), goal, share)
            while contrast(colour, theme.ink_on(colour)) < LEGIBLE:
                share -= 0.02
                colour = blend(theme.colour(ground), goal, share)
            found.append((colour, theme.ink_on(colour)))
        return found

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, WeightModel) or model.sheet is None:
            return
        rect: QRect = option.rect  # type: ignore[attr-defined]
        row, column, sheet = index.row(), index.column(), model.sheet
        value = model.value(row, column)
        bias = column >= sheet.weights
        if value is None:
            painter.fillRect(rect, self._colour["window"])
            if sheet.there[row, column]:
                painter.fillRect(rect, QBrush(self._colour["border"], Qt.BrushStyle.BDiagPattern))
        else:
            share = value / model.largest if value == value else 0.0
            colour, ink = self._steps[bias][STEPS + round(STEPS * max(-1.0, min(1.0, share)))]
            painter.fillRect(rect, colour)
            painter.setFont(self._font)
            painter.setPen(ink)
            gap = self._gap
            painter.drawText(rect.adjusted(gap, 0, -gap, 0), _RIGHT, written(value, model.calm))
        if sheet.locked[row, column]:
            self._padlock(painter, rect)
        if bias and column == sheet.weights:
            painter.fillRect(
                rect.left(), rect.top(), self.theme.px(2), rect.height(), self._colour["outline"]
            )
        state = option.state.value  # type: ignore[attr-defined]
        lit = (row, column) in model.lit
        if lit or state & (_SELECTED | _FOCUSED):
            self._marks(painter, rect, bool(state & _FOCUSED), lit)

    def _padlock(self, painter: QPainter, rect: QRect) -> None:
        theme = self.theme
        side = theme.px(12)
        spot = QRect(rect.left() + theme.px(3), rect.center().y() - side // 2, side, side)
        painter.save()
        painter.setBrush(theme.colour("panel", 0.8))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(spot.adjusted(-1, -1, 1, 1), 2, 2)
        self._lock.paint(painter, spot)
        painter.restore()

    def _marks(self, painter: QPainter, rect: QRect, current: bool, lit: bool) -> None:
        """A frame for what is selected, a stronger one for the current cell, violet for what is hovered."""
        width = self.theme.px(3 if current or lit else 2)
        pen = QPen(self._colour["active" if lit else "accent"], width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.save()
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        inset = width / 2
        painter.drawRect(QRectF(rect).adjusted(inset, inset, -inset, -inset))
        painter.restore()

    # ---------------------------------------------------------------- typing

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setFrame(False)
        field.setAlignment(_RIGHT)
        field.setFont(self.theme.fonts.ui)
        model = index.model()
        if isinstance(model, WeightModel) and model.sheet is not None:
            field.setAccessibleName(model.sheet.symbol_at(index.row(), index.column()).text)
        field.textEdited.connect(lambda _: self.problem.emit(""))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        model = index.model()
        if not isinstance(editor, QLineEdit) or not isinstance(model, WeightModel) or editor.isModified():
            return
        if editor.text():
            return
        value = model.value(index.row(), index.column())
        editor.setText("" if value is None else exactly(value))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        """Only what can be read; what cannot is kept out, and the old number stays."""
        if not isinstance(editor, QLineEdit) or not isinstance(model, WeightModel) or not editor.isModified():
            return
        value = self._read(editor)
        if value is not None:
            model.setData(index, value)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect)  # type: ignore[attr-defined]

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(editor, QLineEdit)
        ):
            key, back = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if key in _DONE:
                self._confirm(
                    editor, key, back, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
                )
                return True
            if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
                self._confirm(editor, Qt.Key.Key_Return, key == Qt.Key.Key_Up, False)
                return True
        return super().eventFilter(editor, event)

    def _confirm(self, editor: QLineEdit, key: Qt.Key, back: bool, fill: bool) -> None:
        if editor.isModified() and self._read(editor) is None:
            return
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
        if fill:
            self.moved.emit(0, 0, True)
        elif key in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            self.moved.emit(0, -1 if back or key == Qt.Key.Key_Backtab else 1, False)
        else:
            self.moved.emit(-1 if back else 1, 0, False)

    def _read(self, editor: QLineEdit) -> float | None:
        try:
            value = parse_number(editor.text())
        except ValueError as error:
            self.problem.emit(str(error))
            return None
        self.problem.emit("")
        return value
