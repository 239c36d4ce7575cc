"""Numbers typed into the table of weights, and synapses drawn, locked and cut there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.document.edits import add_unit, cut_synapse, lock_synapse
from engine.samples import first_light
from gui.panels.weighing.menu import menu_of
from gui.panels.weights import WeightsPanel
from tests.gui.panels.weighing.hands import CONTROL, Key, drag, go, now, press, type_in


def test_typing_a_fraction_sets_the_weight_and_enter_goes_down(panel: WeightsPanel, qtbot: QtBot) -> None:
    go(panel, 1, 0)
    type_in(panel, "1/3")
    qtbot.waitUntil(lambda: now(panel)[1, 0] == 1 / 3)
    assert panel.table.currentIndex().row() == 2 and panel.table.hasFocus()
    assert panel.table.numbers.text(1, 0) == "1/3"
    type_in(panel, "-0,25", Key.Key_Tab)
    qtbot.waitUntil(lambda: now(panel)[2, 0] == -0.25)
    assert panel.table.currentIndex().column() == 1
    assert panel.workspace.editing.undo_stack.count() == 2


def test_the_bias_is_the_last_column(panel: WeightsPanel, qtbot: QtBot) -> None:
    go(panel, 3, 2)
    type_in(panel, "0.75")
    qtbot.waitUntil(lambda: now(panel, "hidden.b")[3, 0] == 0.75)


def test_what_is_no_number_is_refused_with_a_sentence(panel: WeightsPanel) -> None:
    go(panel, 0, 0)
    before = now(panel)[0, 0]
    type_in(panel, "1/0")
    assert "divides by zero" in panel.detail.text()
    assert panel.table.viewport().findChild(QLineEdit) is not None
    QTest.keyClick(panel.table.viewport().findChild(QLineEdit), Key.Key_Escape)
    assert panel.workspace.editing.undo_stack.count() == 0 and now(panel)[0, 0] == before


def test_control_and_enter_fill_the_selection(panel: WeightsPanel, qtbot: QtBot) -> None:
    drag(panel, (0, 0), (1, 1))
    type_in(panel, "2", Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: bool((now(panel)[:2] == 2).all()))


def test_delete_sets_zero_at_once_and_undo_brings_all_back(panel: WeightsPanel, qtbot: QtBot) -> None:
    before = now(panel).copy()
    drag(panel, (0, 0), (3, 1))
    QTest.keyClick(panel.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: not now(panel).any())
    assert panel.workspace.editing.undo_stack.count() == 1
    panel.workspace.editing.undo()
    qtbot.waitUntil(lambda: np.array_equal(now(panel), before))


def test_fill_down(panel: WeightsPanel, qtbot: QtBot) -> None:
    drag(panel, (1, 0), (3, 1))
    QTest.keyClick(panel.table, Key.Key_D, CONTROL)
    qtbot.waitUntil(lambda: bool((now(panel)[1:] == now(panel)[1]).all()))


def test_the_keys_of_a_spreadsheet_are_the_tables_and_the_others_the_windows(panel: WeightsPanel) -> None:
    def claimed(key: Key, text: str = "", keys=Qt.KeyboardModifier.NoModifier) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, keys, text)
        event.ignore()
        QApplication.sendEvent(panel.table, event)
        return event.isAccepted()

    assert claimed(Key.Key_Left) and claimed(Key.Key_Delete) and claimed(Key.Key_V, "v", CONTROL)
    assert claimed(Key.Key_5, "5") and claimed(Key.Key_Minus, "-")
    assert (
        not claimed(Key.Key_Space, " ")
        and not claimed(Key.Key_R, "r")
        and not claimed(Key.Key_Z, "z", CONTROL)
    )
    QTest.keyClicks(panel.table, "r")
    assert panel.table.viewport().findChild(QLineEdit) is None


def test_a_cut_synapse_is_empty_and_drawn_by_typing(
    open_panel: Callable[..., WeightsPanel], qtbot: QtBot
) -> None:
    cut = cut_synapse(first_light(), source="input", sender=1, target="hidden", receiver=2)
    panel = open_panel(cut)
    model = panel.table.numbers
    assert model.text(2, 1) == "" and "cut" in model.data(
        model.index(2, 1), Qt.ItemDataRole.AccessibleTextRole
    )
    go(panel, 2, 1)
    assert "type a number to draw" in panel.detail.text()
    drag(panel, (2, 0), (2, 1))
    QTest.keyClick(panel.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: now(panel)[2, 0] == 0)
    assert panel.workspace.document.connections == cut.connections
    go(panel, 2, 1)
    type_in(panel, "0.5")
    qtbot.waitUntil(lambda: now(panel)[2, 1] == 0.5)
    assert not panel.workspace.document.connection("input", "hidden").cut
    assert panel.workspace.editing.undo_stack.count() == 2
    panel.workspace.editing.undo()
    assert panel.workspace.document == cut


def test_a_locked_weight_says_so_and_can_be_unlocked(open_panel: Callable[..., WeightsPanel]) -> None:
    locked = lock_synapse(first_light(), source="input", sender=0, target="hidden", receiver=1)
    panel = open_panel(locked)
    model = panel.table.numbers
    assert "locked" in model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    go(panel, 1, 0)
    assert "locked" in panel.detail.text()
    press(menu_of(panel), "Unlock")
    assert not panel.workspace.document.connection("input", "hidden").locked
    drag(panel, (0, 0), (1, 1))
    press(menu_of(panel), "Lock")
    assert len(panel.workspace.document.connection("input", "hidden").locked) == 4


def test_an_inserted_neuron_keeps_the_table_in_step(panel: WeightsPanel, qtbot: QtBot) -> None:
    before = now(panel).copy()
    panel.workspace.editing.edit("add", add_unit(panel.workspace.document, layer="hidden", at=0))
    assert panel.table.numbers.rowCount() == 5
    qtbot.waitUntil(lambda: panel.table.numbers.numbers.shape == (5, 3))
    assert np.array_equal(panel.table.numbers.numbers[1:, :2], before)
