"""The table of weights, with a real worker and real keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document
from engine.document.edits import add_unit, connect, cut_synapse, disconnect, lock_synapse
from engine.learned import fresh
from engine.samples import first_light, mlp
from gui import theme as themes
from gui.laid_out import layout_of
from gui.panels.weighing.menu import menu_of
from gui.panels.weighing.model import Mode
from gui.panels.weighing.sheet import Sheet, entries_of
from gui.panels.weights import WeightsPanel
from gui.selection import Selection
from gui.workspace import Workspace

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
W = "hidden.W.input"


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Callable[..., WeightsPanel]:
    QLocale.setDefault(QLocale("en_GB"))

    def made(document: Document | None = None) -> WeightsPanel:
        workspace = make_workspace(document)
        panel = WeightsPanel(workspace)
        qtbot.addWidget(panel)
        panel.resize(420, 420)
        panel.show()
        qtbot.waitExposed(panel)
        qtbot.waitUntil(lambda: workspace.snapshot.data is not None)
        panel.activateWindow()
        panel.table.setFocus()
        qtbot.waitUntil(panel.table.hasFocus)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Callable[..., WeightsPanel]) -> WeightsPanel:
    return open_panel()


def now(panel: WeightsPanel, key: str = W) -> np.ndarray:
    return panel.workspace.parameters[key]


def go(panel: WeightsPanel, row: int, column: int) -> None:
    spot = panel.table.visualRect(panel.table.numbers.index(row, column)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def type_in(
    panel: WeightsPanel, text: str, end: Key = Key.Key_Return, keys=Qt.KeyboardModifier.NoModifier
) -> None:
    table = panel.table
    QTest.keyClicks(table, text[:1])
    field = table.viewport().findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, text[1:])
    QTest.keyClick(field, end, keys)


def drag(panel: WeightsPanel, first: tuple[int, int], last: tuple[int, int]) -> None:
    table = panel.table
    start, end = (table.visualRect(table.numbers.index(*each)).center() for each in (first, last))
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(table.viewport(), (start + end) / 2)
    QTest.mouseMove(table.viewport(), end)
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def clip(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


# ---------------------------------------------------------------- what is shown


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


# ---------------------------------------------------------------- typing


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


# ---------------------------------------------------------------- clipboard


def test_copy_and_paste_are_exact_and_one_entry(panel: WeightsPanel, qtbot: QtBot) -> None:
    before = now(panel).copy()
    QTest.keyClick(panel.table, Key.Key_A, CONTROL)
    QTest.keyClick(panel.table, Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert [len(line.split("\t")) for line in text.splitlines()] == [3] * 4
    QTest.keyClick(panel.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: not now(panel).any())
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: np.array_equal(now(panel), before))
    assert panel.workspace.editing.undo_stack.count() == 2


@pytest.mark.parametrize(
    "text",
    ["1\t-2\n1/3\t0.5\n", "1;-2\n1/3;0,5", "1,-2\n1/3,0.5", "[[1 -2]\n [1/3 0.5]]", '"1"\t"−2"\r\n⅓\t½\r\n'],
)
def test_paste_from_a_spreadsheet(panel: WeightsPanel, qtbot: QtBot, text: str) -> None:
    go(panel, 1, 0)
    clip(text)
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: now(panel)[1:3].tolist() == [[1.0, -2.0], [1 / 3, 0.5]])
    assert panel.workspace.editing.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t3\t4", "room for 4 × 3"),
        ("a\tb", "Row 1, column 1"),
        ("1\t2\n3", "Row 2 has 1 cells"),
        ("", "no numbers"),
    ],
)
def test_a_paste_that_does_not_fit_changes_nothing(panel: WeightsPanel, text: str, said: str) -> None:
    go(panel, 0, 0)
    clip(text)
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    assert said in panel.detail.text()
    assert panel.workspace.editing.undo_stack.count() == 0


def test_a_paste_into_a_selection_of_another_shape_is_refused(panel: WeightsPanel, qtbot: QtBot) -> None:
    drag(panel, (0, 0), (1, 1))
    clip("1\t2\t3\n4\t5\t6")
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    assert "2 × 2 cells are selected" in panel.detail.text()
    clip("7")
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: bool((now(panel)[:2] == 7).all()))


# ---------------------------------------------------------------- synapses


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


def press(menu: QMenu, text: str) -> None:
    action = next(each for each in menu.actions() if each.text().startswith(text))
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()


def test_an_inserted_neuron_keeps_the_table_in_step(panel: WeightsPanel, qtbot: QtBot) -> None:
    before = now(panel).copy()
    panel.workspace.editing.edit("add", add_unit(panel.workspace.document, layer="hidden", at=0))
    assert panel.table.numbers.rowCount() == 5
    qtbot.waitUntil(lambda: panel.table.numbers.numbers.shape == (5, 3))
    assert np.array_equal(panel.table.numbers.numbers[1:, :2], before)


# ---------------------------------------------------------------- initial values


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


# ---------------------------------------------------------------- selection, hover, life


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
