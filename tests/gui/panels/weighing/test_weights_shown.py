"""What the table of weights shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document.edits import connect, disconnect
from engine.learned import fresh
from engine.samples import first_light, mlp
from gui import theme as themes
from gui.laid_out import layout_of
from gui.panels.weighing.sheet import Sheet, entries_of
from gui.panels.weights import WeightsPanel
from gui.selection import Selection
from tests.gui.panels.weighing.hands import SHIFT, Key, W, drag, go, now


def test_the_matrix_stands_there_with_the_lectures_names(panel: WeightsPanel) -> None:
    model = panel.table.numbers
    assert (model.rowCount(), model.columnCount()) == (4, 3)
    head = Qt.Orientation.Horizontal
    assert [model.headerData(n, head) for n in range(3)] == ["x_1", "x_2", "b[1]"]
    assert model.headerData(2, Qt.Orientation.Vertical) == "a[1]_3"
    spoken = model.data(model.index(2, 1), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("w[1]_{3,2} ")
    assert float(model.data(model.index(1, 0), Qt.ItemDataRole.EditRole)) == now(panel)[1, 0]
    assert panel.head.entries.itemText(0).split() == ["W[1]", "input", "→", "hidden", "4×2"]
    assert not WeightsPanel.open_at_start


def test_every_parameter_of_every_architecture_has_a_sheet() -> None:
    for kind in architectures:
        document = architectures.make(Spec(kind.kind)).document()
        layout, learned = layout_of(document), fresh(document)
        shown = set()
        for entry in entries_of(layout):
            sheet = Sheet(layout, entry)
            numbers = sheet.numbers(learned.parameters)
            assert numbers is not None and numbers.shape == (sheet.rows, sheet.columns)
            assert (
                sheet.symbol.text and sheet.row_symbol(0).text and sheet.column_symbol(sheet.columns - 1).text
            )
            spot = sheet.spot(sheet.rows - 1, 0)
            assert spot is not None and sheet.place(*spot) == (sheet.rows - 1, 0)
            assert numbers[-1, 0] == learned.parameters[spot[0]][spot[1]]
            assert sheet.symbol_at(sheet.rows - 1, 0).text
            back = sheet.arrays(numbers)
            there = ~np.isnan(back[entry.key])
            assert np.array_equal(back[entry.key][there], learned.parameters[entry.key][there])
            shown |= {entry.key, entry.bias}
        assert shown - {""} == set(layout.slots)


def test_the_filters_of_a_convolution_are_chosen_one_by_one(open_panel: Callable[..., WeightsPanel]) -> None:
    panel = open_panel(architectures.make(Spec("cnn")).document())
    assert panel.sheet is not None and panel.sheet.outer == (16, 1)
    filters = panel.head.places[0]
    filters.setFocus()
    QTest.keyClick(filters, Key.Key_Up)
    assert panel.sheet.chosen == (1, 0)
    assert np.array_equal(panel.table.numbers.numbers[:, :3], now(panel, "conv.W.input")[1, 0])
    assert panel.table.numbers.value(0, 3) == now(panel, "conv.b")[1, 0]
    assert panel.table.numbers.value(1, 3) is None


def test_names_of_features_and_classes(open_panel: Callable[..., WeightsPanel], qtbot: QtBot) -> None:
    from gui.pictures import iris

    panel = open_panel(iris())
    model = panel.table.numbers
    qtbot.waitUntil(lambda: any(model.column_names))
    assert model.headerData(2, Qt.Orientation.Horizontal) == "x_3 petal length"
    panel.workspace.select(Selection(layers=frozenset({"output"})))
    assert model.headerData(0, Qt.Orientation.Vertical) == "a[2]_1 setosa"


def test_nothing_connected_says_what_to_do(open_panel: Callable[..., WeightsPanel]) -> None:
    document = first_light()
    for wire in document.connections:
        document = disconnect(document, source=wire.source, target=wire.target)
    panel = open_panel()
    panel.workspace.open(document)
    assert panel.empty.isVisible() and "Connect" in panel.empty.text()


def test_the_table_follows_the_selection_of_the_canvas(panel: WeightsPanel) -> None:
    workspace = panel.workspace
    workspace.select(Selection(synapses=frozenset({("hidden", 3, "output", 0)})))
    assert panel.sheet is not None and panel.sheet.entry.key == "output.W.hidden"
    assert np.argwhere(panel.table.selected()).tolist() == [[0, 3]]
    workspace.select(Selection(units=frozenset({("hidden", 2)})))
    assert panel.sheet.entry.key == W
    assert panel.table.selected()[2].all() and panel.table.selected().sum() == 3


def test_hover_is_linked_both_ways(panel: WeightsPanel) -> None:
    table, workspace = panel.table, panel.workspace
    QTest.mouseMove(table.viewport(), QPoint(1, 1))
    QTest.mouseMove(table.viewport(), table.visualRect(table.numbers.index(2, 1)).center())
    assert workspace.hovered == {("hidden", "W.input", (2, 1), None)}
    QTest.mouseMove(table.viewport(), table.visualRect(table.numbers.index(2, 2)).center())
    assert workspace.hovered == {("hidden", "b", (2, 0), None)}
    QApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert not workspace.hovered
    workspace.hover(frozenset({("hidden", "dW.input", (3, 0), None)}))
    assert table.numbers.lit == {(3, 0)}
    go(panel, 0, 0)
    QTest.keyClick(table, Key.Key_Right)
    assert workspace.hovered == {("hidden", "W.input", (0, 1), None)}


def test_chosen_cells_are_followed_by_the_history(panel: WeightsPanel) -> None:
    drag(panel, (1, 0), (1, 2))
    cells = panel.workspace.chosen_cells
    assert [each[1] for each in cells] == ["W.input", "W.input", "b"]


def test_live_while_training_and_nothing_when_hidden(panel: WeightsPanel, qtbot: QtBot) -> None:
    workspace, model = panel.workspace, panel.table.numbers
    workspace.training.set_pace(None)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 200)
    seen = model.numbers
    qtbot.waitUntil(lambda: model.numbers is not seen)
    panel.hide()
    stays, step = model.numbers, workspace.snapshot.step
    qtbot.waitUntil(lambda: workspace.snapshot.step > step + 200)
    assert model.numbers is stays
    panel.show()
    workspace.training.pause()
    qtbot.waitUntil(lambda: not workspace.snapshot.running)
    qtbot.waitUntil(lambda: np.array_equal(model.numbers[:, :2], now(panel)))


def test_a_large_matrix_is_only_looked_at_where_it_is_seen(open_panel: Callable[..., WeightsPanel]) -> None:
    panel = open_panel(mlp(784, 128, 10, data=Spec("moons")))
    model = panel.table.numbers
    assert (model.rowCount(), model.columnCount()) == (128, 785)
    looked = []
    value = model.value
    model.value = lambda row, column: looked.append((row, column)) or value(row, column)  # type: ignore[method-assign]
    model.show(panel.workspace.snapshot)
    panel.table.viewport().repaint()
    assert 0 < len(looked) < 400
    panel.table.selectAll()
    assert panel.table.selected().all()


def test_projector_and_dark_themes(panel: WeightsPanel) -> None:
    small = panel.table.rows.defaultSectionSize()
    panel.workspace.set_theme(themes.load_theme("dark", 1.75))
    assert panel.table.rows.defaultSectionSize() > 1.5 * small
    assert not panel.grab().isNull()
    for theme in ("light", "dark", "high-contrast"):
        panel.workspace.set_theme(themes.load_theme(theme))
        for colours in panel.table.painter._steps.values():
            for colour, ink in colours:
                assert themes.contrast(colour, ink) >= 4.5


def test_two_inputs_have_a_sheet_each(open_panel: Callable[..., WeightsPanel]) -> None:
    panel = open_panel(connect(first_light(), source="input", target="output"))
    texts = [panel.head.entries.itemText(n).split()[0] for n in range(panel.head.entries.count())]
    assert texts == ["W[1]", "W[2,1]", "W[2,0]"]
    assert panel.sheet is not None
    assert all(button.accessibleName() for button in (panel.head.more, panel.head.back, panel.head.draw))


def test_shift_enter_goes_up(panel: WeightsPanel) -> None:
    go(panel, 2, 0)
    QTest.keyClick(panel.table, Key.Key_Return, SHIFT)
    assert panel.table.currentIndex().row() == 1
