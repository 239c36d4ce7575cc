"""The sheet of keys, made of the table of actions."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
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

from gui.actions.table import MENUS, Row, items, plain, translated
from gui.theme import Theme

COLUMNS = (("walkthrough", "training"), ("view", "help"), ("file", "edit", "network"))
"""Which menus stand in which column."""


class ShortcutsSheet(QDialog):
    """All keys on one sheet."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keys"))
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setSpacing(theme.space(4))
        titles = dict(MENUS)
        for menus in COLUMNS:
            column = QLabel(
                "".join(self._section(menu, plain(translated(titles[menu])), theme) for menu in menus)
            )
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
            self.tr("The keys work wherever the focus is; in a text field its editing keys come first.")
        )
        note.setFont(theme.fonts.small)
        note.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(area)
        layout.addWidget(note)
        layout.addWidget(buttons)
        wanted = sheet.sizeHint()
        room = self.screen().availableSize() if parent is None else parent.size()
        self.resize(
            min(wanted.width() + theme.space(6), room.width()),
            min(wanted.height() + theme.space(14), room.height()),
        )

    def _section(self, menu: str, title: str, theme: Theme) -> str:
        rows = "".join(_line(item, theme) for item in items(menu) if isinstance(item, Row) and item.keys)
        head = f'<tr><td colspan="2" style="padding-top:10px"><b>{html.escape(title)}</b></td></tr>'
        return f'<table cellspacing="3">{head}{rows}</table>'


def _line(row: Row, theme: Theme) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    keys = " or ".join(QKeySequence(each).toString(native) for each in row.keys)
    text = html.escape(plain(translated(row.text)))
    return (
        f'<tr><td width="{theme.px(136)}" style="color:{theme.css("accent")};white-space:nowrap">'
        f"{html.escape(keys)}</td><td>{text}</td></tr>"
    )
