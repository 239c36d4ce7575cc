"""The menus Edit and Arrange in a whole window: what is enabled, and to whom the keys belong."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from engine.samples import first_light
from gui.actions.table import items, plain
from gui.editor import clipboard
from gui.main_window import MainWindow
from gui.selection import Selection

pytestmark = pytest.mark.slow

CTRL = Qt.KeyboardModifier.ControlModifier
HIDDEN = Selection(layers=frozenset({"hidden"}))
ALL = Selection(layers=frozenset({"input", "hidden", "output"}))


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def on(window: MainWindow, *ids: str) -> list[bool]:
    """Which actions can be chosen, as the menu shows it when it opens."""
    window.commands.refresh()
    return [window.commands[id].isEnabled() for id in ids]


def test_what_can_be_done_with_the_selection(window: MainWindow) -> None:
    ids = "cut", "copy", "duplicate", "align-left", "distribute-across", "move-left"
    assert on(window, *ids) == [False] * 6
    window.workspace.select(HIDDEN)
    assert on(window, *ids) == [True, True, True, False, False, True]
    window.workspace.select(ALL)
    assert on(window, *ids) == [True] * 6
    window.workspace.select(Selection(synapses=frozenset({("input", 0, "hidden", 0)})))
    assert on(window, *ids) == [False] * 6


def test_paste_can_be_chosen_when_there_is_something(window: MainWindow) -> None:
    assert on(window, "paste") == [False]
    window.workspace.select(HIDDEN)
    assert on(window, "copy") == [True]
    window.commands["copy"].trigger()
    assert on(window, "paste") == [True]
    window.commands["paste"].trigger()
    assert window.workspace.document.has("hidden2")
    assert window.commands["undo"].text().endswith("hidden")


def test_the_menu_arrange(window: MainWindow) -> None:
    menu = window.commands.menus["arrange"]
    assert "Tidy the network" in {plain(action.text()) for action in menu.actions()}
    assert all(row.tip or row.text for row in items("arrange"))
    window.commands["tidy"].trigger()
    window.workspace.select(ALL)
    assert on(window, "align-bottom") == [True]
    window.commands["align-bottom"].trigger()
    frames = [place.frame for place in window.canvas.network.geometry.places.values()]
    assert len({round(frame.bottom(), 3) for frame in frames}) == 1
    window.commands["move-down"].trigger()
    assert window.workspace.editing.undo_stack.undoText() == "Move layers"


def test_snapping_is_a_setting_of_the_view(window: MainWindow) -> None:
    action = window.commands["snapping"]
    window.commands.refresh()
    assert action.isChecked()
    action.trigger()
    assert not window.workspace.showing.snapping
    assert not action.isChecked()


def test_a_text_field_keeps_its_own_keys(window: MainWindow) -> None:
    field = QLineEdit("0.25", window.stage)
    field.setAccessibleName("Weight")
    field.show()
    field.setFocus()
    window.workspace.select(HIDDEN)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "0.25"
    QTest.keyClick(field, Qt.Key.Key_X, CTRL)
    assert field.text() == ""
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)
    assert field.text() == "0.25"
    assert window.workspace.document == first_light()


def test_a_field_on_the_canvas_keeps_its_own_keys(window: MainWindow) -> None:
    canvas = window.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    QTest.keyClick(canvas, Qt.Key.Key_F2)
    field = next(each for each in canvas.findChildren(QLineEdit) if each.isVisible())
    QTest.keyClicks(field, "Pixels")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, CTRL)
    QTest.keyClick(field, Qt.Key.Key_D, CTRL)
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)
    assert field.text() == "PixelsPixels"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert window.workspace.document == first_light()


def test_between_two_windows(make_window) -> None:
    one, two = make_window(), make_window(file="other.ini")
    one.workspace.select(ALL)
    one.canvas.setFocus()
    QTest.keyClick(one.canvas, Qt.Key.Key_C, CTRL)
    clipboard._last.clear()
    two.activateWindow()
    two.canvas.setFocus()
    QTest.keyClick(two.canvas, Qt.Key.Key_V, CTRL)
    assert len(two.workspace.document.layers) == 6
    assert one.workspace.document == first_light()
