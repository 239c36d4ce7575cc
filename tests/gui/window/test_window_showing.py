"""The choices of how the canvas shows the network, by key, from the menu and on the sheet."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from gui.actions.showing import ROWS
from gui.main_window import MainWindow
from gui.shortcuts_sheet import ShortcutsSheet

ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "key", "network"),
    [
        ("surfaces", Qt.Key.Key_S, ""),
        ("kernels", Qt.Key.Key_K, "cnn"),
        ("unrolled", Qt.Key.Key_R, "sequence_tagger"),
    ],
)
def test_every_choice_has_a_key(
    qtbot: QtBot, window: MainWindow, name: str, key: Qt.Key, network: str
) -> None:
    if network:
        window.workspace.editing.edit("open", architectures.make(Spec(network)).document())
    window.canvas.setFocus()
    for on in (True, False):
        QTest.keyClick(window.canvas, key, ALT_SHIFT)
        assert getattr(window.workspace.showing, name) is on
        assert window.commands[f"show-{name}"].isChecked() is on


def test_the_keys_stand_in_the_menu_however_often_it_opens_and_on_the_sheet(
    qtbot: QtBot, window: MainWindow
) -> None:
    menu = window.commands.menus["show"]
    for _ in range(3):
        menu.aboutToShow.emit()
        assert menu.actions() == [window.commands[row.id] for row in ROWS]
    sheet = ShortcutsSheet(window.workspace.theme, window)
    qtbot.addWidget(sheet)
    text = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for row in ROWS:
        assert window.commands[row.id].shortcut().toString() == row.keys[0]
        assert row.keys[0] in text
    commands = {each.id: each for each in window.commands.all()}
    assert all(commands[row.id].keys for row in ROWS)
