"""The sheet of keys: those of the table of actions, those of the canvas, and what the mouse does there."""

from __future__ import annotations

import html
from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.actions.table import MENUS, fixed_rows, plain, translated
from gui.theme import Theme
from gui.translate import QT_TRANSLATE_NOOP

COLUMNS = (
    ("walkthrough", "training", "help"),
    ("view", "network", "mouse"),
    ("edit", "file"),
    ("arrange", "canvas"),
)
"""Which menus stand in which column; one that is not named here stands in the last one."""

CANVAS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Tab", "Shift+Tab"), QT_TRANSLATE_NOOP("ShortcutsSheet", "To the next or previous thing")),
    (("Down", "Up"), QT_TRANSLATE_NOOP("ShortcutsSheet", "To the next of its kind")),
    ((".", ","), QT_TRANSLATE_NOOP("ShortcutsSheet", "Along a synapse, or back")),
    (("Return",), QT_TRANSLATE_NOOP("ShortcutsSheet", "Select and edit it")),
    (("Backspace",), QT_TRANSLATE_NOOP("ShortcutsSheet", "Remove it")),
    (("Menu", "Shift+F10"), QT_TRANSLATE_NOOP("ShortcutsSheet", "What can be done with it")),
    (("Esc",), QT_TRANSLATE_NOOP("ShortcutsSheet", "Leave what is going on")),
)
"""Keys of the canvas that no menu shows."""

MOUSE: tuple[tuple[str, str], ...] = (
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Alt and click"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Explain any number; in a walkthrough a click does"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Double click"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Edit a weight, bias or name"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Drag a handle"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Connect neurons or layers"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Alt and drag"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Cut synapses"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Ctrl and drag"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Turn a weight or a bias"),
    ),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Wheel on a number"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Turn it; faster with Shift"),
    ),
    (QT_TRANSLATE_NOOP("ShortcutsSheet", "Ctrl and wheel"), QT_TRANSLATE_NOOP("ShortcutsSheet", "Zoom")),
    (
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Middle or right drag"),
        QT_TRANSLATE_NOOP("ShortcutsSheet", "Move the picture"),
    ),
)
"""What the mouse does on the canvas besides clicking and dragging."""


class ShortcutsSheet(QDialog):
    """All keys on one sheet."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        self._theme = theme
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setSpacing(theme.space(2))
        room = self.screen().availableSize() if parent is None else parent.size()
        texts = self._columns()
        beside = max(1, min(len(texts), (room.width() - theme.space(6)) // theme.px(328)))
        for text in ("".join(texts[place::beside]) for place in range(beside)):
            column = QLabel(text)
            column.setTextFormat(Qt.TextFormat.RichText)
            column.setFont(theme.fonts.ui)
            column.setAlignment(Qt.AlignmentFlag.AlignTop)
            column.setAccessibleName(self.tr("Keys"))
            columns.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(self.tr("Keys"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        note = QLabel(
            self.tr("The keys work wherever the focus is; in a text field its editing keys come first. ")
            + self.tr("Those with a dot (·), and those of the canvas, need the focus on the canvas: F6.")
        )
        note.setFont(theme.fonts.small)
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(note)
        layout.addWidget(buttons)
        wanted = sheet.sizeHint()
        self.resize(
            min(wanted.width() + theme.space(6), room.width()),
            min(wanted.height() + theme.space(14), room.height()),
        )

    def _columns(self) -> list[str]:
        """The text of each column."""
        named = {menu for menus in COLUMNS for menu in menus}
        columns = [list(menus) for menus in COLUMNS]
        columns[-1] += [menu for menu, _ in MENUS if menu not in named]
        canvas = [(_native(keys), said(text)) for keys, text in CANVAS]
        mouse = [(said(how), said(text)) for how, text in MOUSE]
        sections = {menu: self._section(plain(translated(title)), self._rows(menu)) for menu, title in MENUS}
        sections["canvas"] = self._section(self.tr("Canvas"), canvas)
        sections["mouse"] = self._section(self.tr("Canvas, with the mouse"), mouse)
        return ["".join(sections[menu] for menu in menus) for menus in columns]

    def _rows(self, menu: str) -> list[tuple[str, str]]:
        found = (row for row in fixed_rows(menu) if row.keys)
        return [
            (f"{_native(row.keys)}{' ·' if row.local else ''}", plain(translated(row.text))) for row in found
        ]

    def _section(self, title: str, rows: Iterable[tuple[str, str]]) -> str:
        lines = "".join(self._line(keys, text) for keys, text in rows)
        if not lines:
            return ""
        head = f'<tr><td colspan="2" style="padding-top:10px;font-weight:600">{html.escape(title)}</td></tr>'
        return f'<table cellspacing="2">{head}{lines}</table>'

    def _line(self, keys: str, text: str) -> str:
        theme = self._theme
        return (
            f'<tr><td width="{theme.px(122)}" style="color:{theme.css("accent")};white-space:nowrap">'
            f"{html.escape(keys)}</td><td>{html.escape(text)}</td></tr>"
        )


def _native(keys: tuple[str, ...]) -> str:
    """Keys as the system writes them."""
    native = QKeySequence.SequenceFormat.NativeText
    return " or ".join(QKeySequence(each).toString(native) for each in keys)


def said(text: str) -> str:
    """A text of this sheet in the user's language."""
    return QCoreApplication.translate("ShortcutsSheet", text)
