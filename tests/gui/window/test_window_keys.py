"""The keys are the same everywhere, except where text is typed."""

from __future__ import annotations

import html

import pytest
from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from gui.actions.build import Actions
from gui.actions.keys import is_text
from gui.actions.table import plain, rows, translated
from gui.editor.keys import Keys as CanvasKeys
from gui.main_window import MainWindow
from gui.shortcuts_sheet import CANVAS, ShortcutsSheet

NONE, CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
ROWS = [row for _, row in rows() if row.keys and row.id != "leave" and not row.local]


def press(qtbot: QtBot, widget: QWidget, key: str) -> None:
    """A key in Qt's notation, pressed and let go on a widget."""
    combination = QKeySequence(key)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def focus(widget: QWidget) -> QWidget:
    """The widget, with the focus."""
    widget.setFocus()
    assert QApplication.focusWidget() is widget
    return widget


def stops(window: MainWindow) -> list[QWidget]:
    """The canvas and every widget of bars and docks that takes the focus and is no text field."""
    found: list[QWidget] = [window.canvas]
    parts = [window.transport, window.timeline, *(each for each in window.docks.all if each.isVisible())]
    for part in parts:
        for each in (part, *part.findChildren(QWidget)):
            takes = each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible() and each.isEnabled()
            if takes and not is_text(each):
                found.append(each)
    return found


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the actions that keys have started; nothing really happens."""
    found: list[str] = []
    monkeypatch.setattr(Actions, "_run", lambda self, row: found.append(row.id))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", ["build", "train", "walk"])
def test_every_key_works_wherever_the_focus_is(
    qtbot: QtBot, window: MainWindow, ran: list[str], name: str
) -> None:
    window.docks.show_perspective(name)
    qtbot.wait(30)
    seen = 0
    for widget in stops(window):
        if not widget.isVisible():
            continue
        widget.setFocus()
        if QApplication.focusWidget() is not widget:
            continue
        seen += 1
        for row in ROWS:
            window.commands[row.id].setEnabled(True)
            for key in row.keys:
                ran.clear()
                press(qtbot, widget, key)
                assert ran == [row.id], f"{key} with the focus on {widget} ({widget.accessibleName()})"
    assert seen >= 2


def test_text_fields_keep_their_keys(qtbot: QtBot, window: MainWindow, ran: list[str]) -> None:
    field = QLineEdit("ab", window.stage)
    field.show()
    focus(field)
    field.setCursorPosition(2)
    for key in ("Space", "R", "U", "Left", "Home", "Right", "Shift+Right", "Ctrl+Right", "Shift+Left"):
        press(qtbot, field, key)
    assert field.text() == "ab ru"
    press(qtbot, field, "Ctrl+Z")
    assert field.text() != "ab ru"
    assert ran == []


def test_a_field_without_changes_leaves_undo_to_the_network(
    qtbot: QtBot, window: MainWindow, ran: list[str]
) -> None:
    field = QLineEdit("ab", window.stage)
    field.show()
    focus(field)
    window.commands["undo"].setEnabled(True)
    press(qtbot, field, "Ctrl+Z")
    assert ran == ["undo"]


def test_space_plays_and_enter_presses_the_button(qtbot: QtBot, window: MainWindow, ran: list[str]) -> None:
    button = QPushButton("Do", window.stage)
    button.show()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    focus(button)
    press(qtbot, button, "Space")
    assert (ran, pressed) == (["play"], [])
    press(qtbot, button, "Return")
    assert (ran, pressed) == (["play"], [True])


def test_keys_work_while_the_menu_bar_is_hidden(qtbot: QtBot, window: MainWindow, ran: list[str]) -> None:
    window.menuBar().hide()
    press(qtbot, focus(window.canvas), "Space")
    assert ran == ["play"]


def test_escape_leaves_one_thing_after_the_other(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    window.set_projector(True)
    press(qtbot, window.canvas, "Right")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    while window.notices.dismiss():
        pass
    focus(window.canvas)
    press(qtbot, window.canvas, "Esc")
    assert workspace.walk is None
    assert window.docks.projecting
    workspace.training.play()
    press(qtbot, window.canvas, "Esc")
    assert not workspace.training.running
    assert window.docks.projecting
    press(qtbot, window.canvas, "Esc")
    assert not window.docks.projecting
    field = QLineEdit(window.stage)
    field.show()
    press(qtbot, focus(field), "Esc")
    assert QApplication.focusWidget() is window.canvas


def test_arrow_keys_walk(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    focus(window.canvas)
    press(qtbot, window.canvas, "Right")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    press(qtbot, window.canvas, "Right")
    assert workspace.walk is not None
    assert workspace.walk.at == 1
    press(qtbot, window.canvas, "Left")
    assert workspace.walk.at == 0
    press(qtbot, window.canvas, "Shift+Right")
    after_layer = workspace.walk.at
    assert after_layer > 1
    press(qtbot, window.canvas, "Ctrl+Right")
    assert workspace.walk.at > after_layer
    press(qtbot, window.canvas, "Home")
    assert workspace.walk.at == 0


def test_clicker_takes_the_chosen_size(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    focus(window.canvas)
    press(qtbot, window.canvas, "PgDown")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    assert workspace.walk is not None
    first = workspace.walk.at
    press(qtbot, window.canvas, "PgDown")
    assert workspace.walk.at > first
    press(qtbot, window.canvas, "PgUp")
    assert workspace.walk.at == first


def test_projector_and_full_screen_have_keys(qtbot: QtBot, window: MainWindow) -> None:
    focus(window.canvas)
    press(qtbot, window.canvas, "Ctrl+2")
    assert window.docks.projecting
    assert window.workspace.theme.scale > 1.2
    press(qtbot, window.canvas, "Ctrl+1")
    assert not window.docks.projecting
    assert window.workspace.theme.scale == 1.0
    press(qtbot, window.canvas, "F11")
    assert window.isFullScreen()
    press(qtbot, window.canvas, "F11")
    assert not window.isFullScreen()


def test_f6_goes_from_panel_to_panel(qtbot: QtBot, window: MainWindow) -> None:
    focus(window.canvas)
    seen = set()
    for _ in range(8):
        here = QApplication.focusWidget()
        assert here is not None
        seen.add(next((dock.kind.name for dock in window.docks.all if dock.isAncestorOf(here)), "canvas"))
        press(qtbot, here, "F6")
    assert len(seen) >= 3
    assert "canvas" in seen


def test_f1_tells_about_the_focus(qtbot: QtBot, window: MainWindow) -> None:
    field = QLineEdit(window.stage)
    field.setAccessibleName("Seed")
    field.setToolTip("Draws the first weights.")
    field.show()
    press(qtbot, focus(field), "F1")
    assert window.notices.last[-1].sentence == "Seed: Draws the first weights."


def test_natural_size_and_the_map_have_keys(qtbot: QtBot, window: MainWindow) -> None:
    focus(window.canvas)
    press(qtbot, window.canvas, "Ctrl+9")
    assert window.canvas.camera.zoom == 1.0
    press(qtbot, window.canvas, "Ctrl+8")
    assert window.canvas.overview.isVisible()
    assert window.commands["overview"].isChecked()
    press(qtbot, window.canvas, "Ctrl+8")
    press(qtbot, window.canvas, "Ctrl+0")
    assert not window.canvas.overview.isVisible()


def test_every_key_of_the_canvas_stands_on_the_sheet_or_in_a_menu(window: MainWindow) -> None:
    keys: CanvasKeys = window.canvas._keys
    shown = {QKeySequence(key)[0] for _, row in rows() for key in row.keys}
    shown |= {QKeySequence(key)[0] for pair, _ in CANVAS for key in pair}
    twins = {Qt.Key.Key_Enter: Qt.Key.Key_Return, Qt.Key.Key_Equal: Qt.Key.Key_Plus}
    tables = (
        (NONE, keys._plain),
        (CTRL, keys._ctrl),
        (CTRL | SHIFT, keys._ctrl_shift),
        (ALT | SHIFT, keys._alt_shift),
    )
    for held, table in tables:
        for key in table:
            if (key, held) == (Qt.Key.Key_Plus, CTRL | SHIFT):
                continue  # Ctrl++ where + is typed with Shift
            sequence = QKeyCombination(held, twins.get(key, key))
            assert sequence in shown, f"{sequence} is on no sheet"


def test_the_sheet_has_every_row_with_a_key_and_the_canvas(qtbot: QtBot, window: MainWindow) -> None:
    sheet = ShortcutsSheet(window.workspace.theme, window)
    qtbot.addWidget(sheet)
    text = " ".join(label.text() for label in sheet.findChildren(QLabel))
    for _, row in rows():
        if row.keys:
            native = QKeySequence(row.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)
            assert html.escape(native) in text
            assert html.escape(plain(translated(row.text))) in text
    assert "Along a synapse" in text
    assert "Ctrl and wheel" in text


def test_the_sheet_is_no_wider_than_the_window(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(1024, 768)
    sheet = ShortcutsSheet(window.workspace.theme, window)
    qtbot.addWidget(sheet)
    sheet.show()
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
