"""The command palette: type a few letters of what is wanted, press Enter."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui import icons
from gui.actions.build import Command
from gui.theme import Theme

Index = QModelIndex | QPersistentModelIndex
COMMAND = Qt.ItemDataRole.UserRole
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


def score(wanted: str, text: str) -> float | None:
    """How well a text has the letters that are wanted, in their order; ``None`` if it has not.

    Letters in a row count most, then letters at the beginning of a word; short texts go first.
    """
    wanted, text = "".join(wanted.lower().split()), text.lower()
    best: float | None = None
    for start in [place for place, sign in enumerate(text) if wanted[:1] == sign]:
        found, place, before = 0.0, start, -2
        for sign in wanted:
            place = text.find(sign, place)
            if place < 0:
                break
            word_begins = place == 0 or not text[place - 1].isalnum()
            found += 3.0 if place == before + 1 else 2.0 if word_begins else 0.5
            before, place = place, place + 1
        else:
            found -= 0.01 * len(text) + 0.002 * start
            best = found if best is None else max(best, found)
    return best if wanted else 0.0


def ranked(wanted: str, commands: Iterable[Command]) -> list[Command]:
    """The commands that fit, best first; the menu's name may be typed too."""
    found = []
    for place, command in enumerate(commands):
        own = score(wanted, command.text)
        whole = score(wanted, f"{command.menu} {command.text}")
        points = [each for each in (own, None if whole is None else whole - 1.0) if each is not None]
        if points:
            found.append((-max(points), place, command))
    return [command for _, _, command in sorted(found, key=lambda each: each[:2])]


class CommandPalette(QDialog):
    """A field and the list of what fits; Up and Down choose, Enter runs, Esc closes."""

    def __init__(self, commands: list[Command], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("All commands"))
        self.setAccessibleName(self.tr("All commands"))
        self._commands, self._theme = commands, theme
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Type what you want to do"))
        self.field.setAccessibleName(self.tr("Search the commands"))
        self.field.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Commands that fit"))
        self.list.setItemDelegate(_Line(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        layout = QVBoxLayout(self)
        edge = theme.space(1)
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(self._run)
        self.list.itemClicked.connect(lambda _: self._run())
        self._search("")
        width = min(theme.px(640), parent.width() - theme.space(4))
        height = min(theme.px(440), parent.height() - theme.space(8))
        self.resize(width, height)
        corner = parent.mapToGlobal(parent.rect().topLeft())
        self.move(corner.x() + (parent.width() - width) // 2, corner.y() + theme.space(6))
        self.field.setFocus()

    def _search(self, wanted: str) -> None:
        self.list.clear()
        for command in ranked(wanted, self._commands):
            item = QListWidgetItem(command.text, self.list)
            item.setData(COMMAND, command)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.text} {command.keys}")
            if not command.enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        command: Command | None = item.data(COMMAND) if item is not None else None
        if command is not None and command.enabled:
            self.close()
            command.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            QApplication.sendEvent(self.list, event)
            return True
        return False


class _Line(QStyledItemDelegate):
    """One command: icon or tick, what it does, its menu in grey, its keys at the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._theme.px(200), self._theme.px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        command: Command = index.data(COMMAND)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        palette = option.palette  # type: ignore[attr-defined]
        painter.save()
        if chosen:
            painter.fillRect(rect, palette.highlight())
        ink = palette.highlightedText().color() if chosen else theme.colour("text")
        grey = ink if chosen else theme.colour("text-muted")
        gap = theme.space(1)
        side = theme.px(16)
        icon = "check" if command.checked else command.icon
        if icon:
            box = QRect(rect.left() + gap, rect.center().y() - side // 2, side, side)
            icons.icon(icon, theme).paint(painter, box)
        row = rect.adjusted(2 * gap + side, 0, -gap, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.fonts.small)
        painter.setPen(grey)
        painter.drawText(row, middle | Qt.AlignmentFlag.AlignRight, command.keys)
        row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(command.keys) - 2 * gap)
        painter.setFont(theme.fonts.ui)
        painter.setPen(ink if command.enabled else grey)
        wide = painter.fontMetrics().horizontalAdvance(command.text)
        shown = painter.fontMetrics().elidedText(command.text, Qt.TextElideMode.ElideRight, row.width())
        painter.drawText(row, middle, shown)
        row.setLeft(row.left() + wide + 2 * gap)
        painter.setFont(theme.fonts.small)
        painter.setPen(grey)
        if row.width() > theme.px(30):
            menu = painter.fontMetrics().elidedText(command.menu, Qt.TextElideMode.ElideRight, row.width())
            painter.drawText(row, middle, menu)
        painter.restore()
