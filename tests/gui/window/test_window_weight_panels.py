"""The panels about weights in a whole window: opened from anywhere, linked with the canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.panels.history import HistoryPanel
from gui.panels.inspecting.synapse_page import SynapsePage
from gui.panels.inspector import InspectorPanel
from gui.panels.weights import WeightsPanel
from gui.selection import Selection

pytestmark = pytest.mark.slow

SYNAPSE = ("input", 1, "hidden", 2)


def opened(window: MainWindow, name: str, qtbot: QtBot):
    dock = window.docks.dock(name)
    assert dock is not None
    window.workspace.wanted.emit(name)
    qtbot.waitUntil(lambda: dock.panel is not None and dock.panel.isVisible())
    qtbot.wait(50)  # until it has found its place
    return dock.panel


def test_closed_at_first_and_opened_when_wanted(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("weights", "history"):
        dock = window.docks.dock(name)
        assert dock is not None and dock.isHidden() and dock.panel is None
        opened(window, name, qtbot)
    window.workspace.wanted.emit("no such panel")


def test_a_panel_opened_where_it_is_too_small_is_a_tab(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("weights", "history"):
        dock = window.docks.dock(name)
        assert dock is not None
        panel = opened(window, name, qtbot)
        qtbot.waitUntil(lambda dock=dock: bool(window.tabifiedDockWidgets(dock)))
        assert panel.isVisible() and not panel.visibleRegion().isEmpty()


def test_hovering_a_cell_lights_the_synapse_and_the_other_way_round(window: MainWindow, qtbot: QtBot) -> None:
    panel = opened(window, "weights", qtbot)
    assert isinstance(panel, WeightsPanel)
    canvas, table = window.canvas, panel.table
    wires = canvas.network.wires
    number = wires.number_of(SYNAPSE)
    assert number is not None
    spot = table.visualRect(table.numbers.index(2, 1)).center()
    QTest.mouseMove(table.viewport(), QPoint(1, 1))
    QTest.mouseMove(table.viewport(), spot)
    assert canvas.network.marks.hovered_wires == {number}
    QTest.mouseMove(table.viewport(), table.visualRect(table.numbers.index(0, 2)).center())
    assert canvas.network.marks.hovered_biases == {("hidden", 0)}
    point = canvas.mapFromScene(wires.point(number, 0.3))
    QTest.mouseMove(canvas.viewport(), point + QPoint(0, 60))
    QTest.mouseMove(canvas.viewport(), point)
    qtbot.waitUntil(lambda: table.numbers.lit == {(2, 1)})


def test_from_the_inspector_to_history_and_table(window: MainWindow, qtbot: QtBot) -> None:
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    inspector = opened(window, "inspector", qtbot)
    assert isinstance(inspector, InspectorPanel) and isinstance(inspector.page, SynapsePage)
    page = inspector.page
    QTest.mouseClick(page.history, Qt.MouseButton.LeftButton)
    dock = window.docks.dock("history")
    assert dock is not None
    qtbot.waitUntil(lambda: isinstance(dock.panel, HistoryPanel) and bool(dock.panel._labels))
    assert [text for _, text in dock.panel._labels.values()] == ["w[1]_{3,2}"]
    QTest.mouseClick(page.table, Qt.MouseButton.LeftButton)
    table = window.docks.dock("weights")
    assert table is not None
    qtbot.waitUntil(lambda: isinstance(table.panel, WeightsPanel) and table.panel.table.selected().any())
    assert table.panel.table.selected()[2, 1]


def test_arrow_keys_in_the_table_do_not_walk_and_space_still_plays(window: MainWindow, qtbot: QtBot) -> None:
    panel = opened(window, "weights", qtbot)
    assert isinstance(panel, WeightsPanel)
    panel.table.setFocus()
    qtbot.waitUntil(panel.table.hasFocus)
    panel.table.go_to(0, 0)
    QTest.keyClick(panel.table, Qt.Key.Key_Right)
    assert panel.table.currentIndex().column() == 1 and window.workspace.walk is None
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert window.workspace.training.running
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert not window.workspace.training.running
