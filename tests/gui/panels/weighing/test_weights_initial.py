"""Initial weights, the change since, and gradients in the table of weights."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from engine.learned import fresh
from gui.panels.weighing.menu import menu_of
from gui.panels.weighing.model import Mode
from gui.panels.weights import WeightsPanel
from tests.gui.panels.weighing.hands import W, drag, go, now, press, type_in


def test_initial_values_are_edited_without_touching_the_present(panel: WeightsPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.advance(20)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
    before = now(panel).copy()
    QTest.mouseClick(panel.head.modes[Mode.INITIAL], Qt.MouseButton.LeftButton)
    panel.table.setFocus()
    go(panel, 0, 1)
    type_in(panel, "4")
    qtbot.waitUntil(lambda: workspace.snapshot.initial[W][0, 1] == 4)
    assert np.array_equal(now(panel), before) and workspace.snapshot.step == 20
    assert panel.table.numbers.text(0, 1) == "4"
    QTest.mouseClick(panel.head.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: now(panel)[0, 1] == 4 and workspace.snapshot.step == 0)


def test_selected_weights_go_back_or_become_the_initial_ones(panel: WeightsPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    first = workspace.snapshot.initial[W].copy()
    workspace.training.advance(20)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
    trained = now(panel).copy()
    drag(panel, (1, 0), (1, 1))
    press(menu_of(panel), "Back to their")
    qtbot.waitUntil(lambda: np.array_equal(now(panel)[1], first[1]))
    assert np.array_equal(now(panel)[0], trained[0])
    drag(panel, (0, 0), (0, 1))
    press(menu_of(panel), "Take them")
    qtbot.waitUntil(lambda: np.array_equal(workspace.snapshot.initial[W][0], trained[0]))
    assert np.array_equal(workspace.snapshot.initial[W][1:], first[1:])
    press(menu_of(panel), "Take all")
    qtbot.waitUntil(lambda: np.array_equal(workspace.snapshot.initial[W], now(panel)))


def test_drawing_with_a_seed(panel: WeightsPanel, qtbot: QtBot) -> None:
    panel.set_mode(Mode.INITIAL)
    assert panel.head.seed.isVisible()
    panel.head.seed.setValue(7)
    QTest.mouseClick(panel.head.draw, Qt.MouseButton.LeftButton)
    assert panel.workspace.document.training.seed == 7
    wanted = fresh(panel.workspace.document).parameters[W]
    qtbot.waitUntil(lambda: np.array_equal(now(panel), wanted))


def test_change_and_gradient_are_calculated_and_say_so(panel: WeightsPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.advance(5)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 5)
    panel.set_mode(Mode.CHANGE)
    numbers = panel.table.numbers.numbers
    assert np.array_equal(numbers[:, :2], now(panel) - workspace.snapshot.initial[W])
    panel.set_mode(Mode.GRADIENT)
    assert np.array_equal(panel.table.numbers.numbers[:, :2], workspace.snapshot.gradients[W])
    panel.table.setFocus()
    go(panel, 0, 0)
    QTest.keyClicks(panel.table, "5")
    assert "calculated" in panel.detail.text()
    assert panel.table.viewport().findChild(QLineEdit) is None and workspace.editing.undo_stack.count() == 1
