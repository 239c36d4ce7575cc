"""The command palette finds everything by a few letters and runs it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.about import About
from gui.actions.build import Command
from gui.actions.table import rows
from gui.command_palette import CommandPalette, ranked, score
from gui.main_window import MainWindow
from gui.said_dialog import SaidDialog
from gui.settings_dialog import SettingsDialog
from gui.shortcuts_sheet import ShortcutsSheet

pytestmark = pytest.mark.slow


def command(text: str, menu: str = "File") -> Command:
    return Command(text, menu, text, "", "", True, False, lambda: None)


def test_letters_in_their_order_fit() -> None:
    assert score("sva", "Save as") is not None
    assert score("vas", "Save as") is not None
    assert score("xyz", "Save as") is None
    assert score("", "anything") == 0.0


def test_the_better_fit_comes_first() -> None:
    commands = [command("Reset the layout"), command("Save as"), command("Save"), command("Open recent")]
    assert [each.text for each in ranked("save", commands)][:2] == ["Save", "Save as"]
    assert ranked("rl", commands)[0].text == "Reset the layout"
    assert [each.text for each in ranked("", commands)] == [each.text for each in commands]
    assert ranked("file open", commands)[0].text == "Open recent"


def opened(qtbot: QtBot, window: MainWindow) -> CommandPalette:
    window.canvas.setFocus()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.canvas, Qt.Key.Key_P, control)
    found = window.findChild(CommandPalette)
    assert isinstance(found, CommandPalette)
    qtbot.waitUntil(found.isVisible)
    return found


def test_it_has_every_action_and_shows_its_keys(qtbot: QtBot, window: MainWindow) -> None:
    palette = opened(qtbot, window)
    commands = {each.id: each for each in palette._commands}
    assert {row.id for _, row in rows()} <= commands.keys()
    assert "data-moons" in commands
    assert "panel-loss" in commands
    assert commands["play"].keys == "Space"
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(CommandPalette) is None)


def test_typing_and_enter_run_a_command(qtbot: QtBot, window: MainWindow) -> None:
    palette = opened(qtbot, window)
    qtbot.keyClicks(palette.field, "dark")
    assert palette.list.currentItem().text() == "Dark"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.workspace.theme.name == "dark"
    assert not window.workspace.training.running, "the letters were typed, not taken for keys of the window"


def test_up_and_down_choose_while_typing(qtbot: QtBot, window: MainWindow) -> None:
    palette = opened(qtbot, window)
    qtbot.keyClicks(palette.field, "zoom")
    first = palette.list.currentItem().text()
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentItem().text() != first
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentItem().text() == first


@pytest.mark.parametrize(
    ("id", "kind"),
    [
        ("about", About),
        ("shortcuts", ShortcutsSheet),
        ("preferences", SettingsDialog),
        ("messages", SaidDialog),
    ],
)
def test_every_dialog_opens_and_closes_by_key(qtbot: QtBot, window: MainWindow, id: str, kind: type) -> None:
    window.commands[id].trigger()
    dialog = window.findChild(kind)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    assert dialog.width() <= window.width()
    assert dialog.height() <= window.height()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(kind) is None)
