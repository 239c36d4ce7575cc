"""The inspector with real keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from engine.core.knobs import knobs
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.document import edits
from engine.document.edits import add_layer, set_training, set_units
from gui import theme as themes
from gui.panels.inspecting.layer_page import LayerPage
from gui.panels.inspecting.more_section import more_knobs
from gui.panels.inspecting.network_page import NetworkPage
from gui.panels.inspecting.several_page import SeveralPage
from gui.panels.inspecting.synapse_page import SynapsePage
from gui.panels.inspecting.unit_page import UnitPage
from gui.panels.inspector import InspectorPanel
from gui.selection import Selection
from gui.widgets.knob_fields import FloatField, IntField
from gui.widgets.knob_form import KindField
from gui.widgets.number_edit import NumberEdit
from gui.workspace import Workspace


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> InspectorPanel:
    made = InspectorPanel(workspace)
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    qtbot.waitUntil(lambda: workspace.data is not None)
    return made


@pytest.fixture
def german() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    yield
    QLocale.setDefault(before)


def network(panel: InspectorPanel) -> NetworkPage:
    assert isinstance(panel.page, NetworkPage)
    return panel.page


def rate(panel: InspectorPanel) -> FloatField:
    inner = network(panel).optimizer.inner
    assert inner is not None
    field = inner.field("learning_rate")
    assert isinstance(field, FloatField)
    return field


def type_into(edit: Any, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, key)


# ---------------------------------------------------------------- the network


def test_a_typed_learning_rate_is_one_undo_entry(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.advance(30)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 30)
    learned = {key: np.array(each) for key, each in workspace.parameters.items()}
    before, count = workspace.document, workspace.editing.undo_stack.count()
    type_into(rate(panel).edit, "1/10")
    assert workspace.document.optimizer == Spec.of("gradient_descent", learning_rate=0.1)
    assert workspace.editing.undo_stack.count() == count + 1
    assert workspace.editing.undo_stack.undoText() == "Set learning rate to 0.1"
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)
    assert workspace.snapshot.step == 30
    assert all(np.array_equal(learned[key], workspace.parameters[key]) for key in learned)
    workspace.editing.undo()
    assert workspace.document == before
    assert rate(panel).edit.value() == 0.5


def test_enter_without_a_change_makes_no_entry(panel: InspectorPanel) -> None:
    edit = rate(panel).edit
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert panel.workspace.editing.undo_stack.count() == 0


def test_arrow_keys_go_through_round_numbers_as_one_entry(panel: InspectorPanel) -> None:
    workspace, edit = panel.workspace, rate(panel).edit
    edit.setFocus()
    values = []
    for _ in range(4):
        QTest.keyClick(edit, Qt.Key.Key_Down)
        values.append(workspace.document.optimizer.get("learning_rate"))
    assert values == [0.2, 0.1, 0.05, 0.02]
    assert workspace.editing.undo_stack.count() == 1
    QTest.keyClick(edit, Qt.Key.Key_Return)
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert workspace.editing.undo_stack.count() == 2
    assert workspace.document.optimizer.get("learning_rate") == 0.05


def test_a_slider_drag_is_one_entry(panel: InspectorPanel) -> None:
    workspace, slider = panel.workspace, rate(panel).slider
    assert slider is not None
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    at = handle.center()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at)
    for x in (5, 10, 20, 30):
        QTest.mouseMove(slider, at - QPoint(x, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(30, 0))
    value = workspace.document.optimizer.get("learning_rate")
    assert isinstance(value, float) and value < 0.2
    assert rate(panel).edit.value() == value
    assert workspace.editing.undo_stack.count() == 1
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(30, 0))
    QTest.mouseMove(slider, at - QPoint(10, 0))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=at - QPoint(10, 0))
    assert workspace.editing.undo_stack.count() == 2
    workspace.editing.undo()
    assert workspace.document.optimizer.get("learning_rate") == value
    workspace.editing.undo()
    assert workspace.document.optimizer.get("learning_rate", 0.5) == 0.5


@pytest.mark.parametrize("text", ["-1", "a lot", "1e9", "1/0"])
def test_what_is_refused_is_explained_beside_the_field(panel: InspectorPanel, text: str) -> None:
    workspace, page = panel.workspace, network(panel)
    before = workspace.document
    type_into(rate(panel).edit, text)
    assert workspace.document == before
    assert workspace.editing.undo_stack.count() == 0
    assert page.optimizer.inner is not None
    row = page.optimizer.inner.rows["learning_rate"]
    assert row.trouble.isVisible()
    assert len(row.trouble.text()) > 10
    QTest.keyClick(rate(panel).edit, Qt.Key.Key_Escape)
    assert rate(panel).edit.value() == 0.5
    assert not row.trouble.isVisible()


def test_a_comma_is_a_decimal_sign_in_german(german: None, panel: InspectorPanel) -> None:
    assert rate(panel).edit.text() == "0,5"
    type_into(rate(panel).edit, "0,25")
    assert panel.workspace.document.optimizer.get("learning_rate") == 0.25
    type_into(rate(panel).edit, "1/8")
    assert panel.workspace.document.optimizer.get("learning_rate") == 0.125
    assert rate(panel).edit.text() == "0,125"


def test_another_optimizer_brings_its_own_settings(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, network(panel)
    combo = page.optimizer.combo
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)
    QTest.keyClick(combo, Qt.Key.Key_Return)
    combo.activated.emit(combo.currentIndex())
    assert workspace.document.optimizer.kind == "momentum"
    assert workspace.editing.undo_stack.undoText() == "Set optimizer to Momentum"
    assert page.optimizer.inner is not None
    assert set(page.optimizer.inner.rows) >= {"learning_rate", "beta"}
    workspace.editing.undo()
    assert set(page.optimizer.inner.rows) == {"learning_rate"}


def test_batch_size_shuffle_and_seed(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, network(panel)
    batch = page.batch
    assert isinstance(batch, IntField)
    assert batch.spin.text() == "all"
    batch.spin.setFocus()
    QTest.keyClick(batch.spin, Qt.Key.Key_Up)
    assert workspace.document.training.batch_size == 1
    batch.spin.selectAll()
    QTest.keyClicks(batch.spin, "25")
    QTest.keyClick(batch.spin, Qt.Key.Key_Return)
    assert workspace.document.training.batch_size == 25
    batch.spin.selectAll()
    QTest.keyClicks(batch.spin, "0")
    QTest.keyClick(batch.spin, Qt.Key.Key_Return)
    assert workspace.document.training.batch_size is None
    box = page.shuffle.focusProxy()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert workspace.document.training.shuffle
    assert workspace.editing.undo_stack.undoText() == "Set shuffle to on"


def test_initial_weights(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace, page = panel.workspace, network(panel)
    first = workspace.parameters["hidden.W.input"].copy()
    workspace.training.advance(20)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
    QTest.mouseClick(page.back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 0)
    assert np.array_equal(workspace.parameters["hidden.W.input"], first)
    QTest.mouseClick(page.draw, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(workspace.parameters["hidden.W.input"], first))
    assert page.seed.focusProxy().value() == workspace.document.training.seed == 2


def test_choosing_data_fits_the_network_in_one_entry(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace, page = panel.workspace, network(panel)
    workspace.training.advance(10)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 10)
    before, kept = workspace.document, workspace.parameters["hidden.W.input"].copy()
    count = workspace.editing.undo_stack.count()
    combo = page.data.combo
    combo.setCurrentIndex(combo.findData("iris"))
    combo.activated.emit(combo.currentIndex())
    assert workspace.editing.undo_stack.count() == count + 1
    assert workspace.document.data == Spec("iris")
    assert workspace.document.layer("input").size == 4
    assert workspace.document.loss.kind == "cross_entropy"
    assert workspace.editing.undo_stack.undoText() == "Choose the data Iris"
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)
    assert workspace.snapshot.problem == ""
    assert np.array_equal(workspace.parameters["hidden.W.input"][:, :2], kept)
    assert "150 examples" in page.data.about.text()
    workspace.editing.undo()
    assert workspace.document == before
    heads = [
        combo.itemText(i)
        for i in range(combo.count())
        if not combo.model().item(i).flags() & Qt.ItemFlag.ItemIsEnabled
    ]
    assert heads[:3] == ["Gates", "Generated", "Real"]


def test_knobs_of_the_data(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, network(panel)
    combo = page.data.combo
    combo.setCurrentIndex(combo.findData("iris"))
    combo.activated.emit(combo.currentIndex())
    assert (page.data.form is None) == (not knobs(datasets["iris"]))
    combo.setCurrentIndex(combo.findData("blobs"))
    combo.activated.emit(combo.currentIndex())
    assert page.data.form is not None
    classes = page.data.form.field("classes")
    assert isinstance(classes, IntField)
    classes.spin.setFocus()
    QTest.keyClick(classes.spin, Qt.Key.Key_Up)
    assert workspace.document.layer("output").size == 3
    assert workspace.document.loss.kind == "cross_entropy"
    assert workspace.editing.undo_stack.undoText() == "Set classes to 3"


def test_own_data_stays_at_hand(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace, page = panel.workspace, network(panel)
    with qtbot.waitSignal(panel.csv_wanted):
        QTest.mouseClick(page.data.open, Qt.MouseButton.LeftButton)
    from engine.fitting import choose_data

    own = Data(np.zeros((3, 4)), np.array([[0.0, 1, 1, 0]]), ("a", "b", "c"), ("y",), Task.BINARY, ("0", "1"))
    workspace.editing.edit("own", choose_data(workspace.document, Spec("table"), own))
    combo = page.data.combo
    assert combo.currentText().strip() == "Own data"
    combo.setCurrentIndex(combo.findData("and"))
    combo.activated.emit(combo.currentIndex())
    assert workspace.document.data.kind == "and"
    combo.setCurrentIndex(combo.findData("table"))
    combo.activated.emit(combo.currentIndex())
    assert workspace.document.table is own
    assert workspace.document.layer("input").size == 3


def test_a_problem_is_shown_with_the_way_out(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    assert not panel.banner.isVisible()
    workspace.editing.attempt("more", set_units, layer="input", units=5)
    qtbot.waitUntil(panel.banner.isVisible)
    assert "5 units" in panel.banner.sentence.text()
    QTest.mouseClick(panel.banner.button, Qt.MouseButton.LeftButton)
    assert workspace.document.layer("input").size == 2
    assert workspace.editing.undo_stack.undoText() == "Fit the network to the data"
    qtbot.waitUntil(lambda: not panel.banner.isVisible())


# ---------------------------------------------------------------- layers


def layer_page(panel: InspectorPanel, layer: str = "hidden") -> LayerPage:
    panel.workspace.select(Selection(layers=frozenset({layer})))
    assert isinstance(panel.page, LayerPage)
    return panel.page


def test_a_layer(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace, page = panel.workspace, layer_page(panel)
    assert page.title.text() == "Dense layer [1]"
    assert page.count.text() == "8 weights + 4 biases = 12 parameters"
    type_into(page.name.line, "Features")
    assert workspace.document.layer("hidden").name == "Features"
    page.units.spin.setFocus()
    page.units.spin.selectAll()
    QTest.keyClicks(page.units.spin, "7")
    QTest.keyClick(page.units.spin, Qt.Key.Key_Return)
    assert workspace.document.layer("hidden").size == 7
    assert page.count.text() == "14 weights + 7 biases = 21 parameters"
    assert panel.page is page, "the page is not made anew while one types in it"
    assert page.form is not None
    activation = page.form.field("activation")
    assert isinstance(activation, KindField)
    combo = activation.combo
    assert not combo.itemIcon(0).isNull()
    combo.setCurrentIndex(combo.findData("leaky_relu"))
    combo.activated.emit(combo.currentIndex())
    assert workspace.document.layer("hidden").spec.get("activation") == Spec("leaky_relu")
    assert workspace.editing.undo_stack.undoText() == "Set activation to Leaky ReLU"
    assert activation.inner is not None
    leak = activation.inner.field("leak")
    assert isinstance(leak, FloatField)
    type_into(leak.edit, "0.2")
    assert workspace.document.layer("hidden").spec.get("activation") == Spec.of("leaky_relu", leak=0.2)
    bias = page.form.field("bias").focusProxy()
    QTest.mouseClick(bias, Qt.MouseButton.LeftButton, pos=QPoint(8, bias.height() // 2))
    assert workspace.document.layer("hidden").spec.get("bias") is False
    assert page.count.text() == "14 weights + 0 biases = 14 parameters"


def test_too_many_units_are_refused_with_a_sentence(panel: InspectorPanel) -> None:
    page = layer_page(panel)
    page.units.edited.emit(5000, "")
    assert panel.workspace.document.layer("hidden").size == 4
    assert "between 1 and 4096" in page._units_row.trouble.text()
    assert page.units.spin.value() == 4


def test_connections_are_cut(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace, page = panel.workspace, layer_page(panel)
    assert [each.accessibleName() for each in page.cuts] == [
        "Cut the connection from input",
        "Cut the connection to output",
    ]
    QTest.mouseClick(page.cuts[0], Qt.MouseButton.LeftButton)
    assert workspace.document.connection("input", "hidden") is None
    assert panel.page is not page
    assert len(layer_page(panel).cuts) == 1


# ---------------------------------------------------------------- neurons and synapses


def test_a_neuron(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    page = panel.page
    assert isinstance(page, UnitPage)
    assert [edit.key for edit in page.edits] == ["hidden.b", "hidden.W.input", "hidden.W.input"]
    type_into(page.edits[1], "1/3")
    type_into(page.edits[0], "-2")
    qtbot.waitUntil(lambda: workspace.parameters["hidden.b"][1, 0] == -2.0)
    assert workspace.parameters["hidden.W.input"][1, 0] == 1 / 3
    assert workspace.editing.undo_stack.count() == 2
    assert page.edits[1].text() == "1/3"
    assert panel.page is page
    qtbot.waitUntil(lambda: page.z.text() == "−2")
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.parameters["hidden.b"][1, 0] == 0.0)
    qtbot.waitUntil(lambda: page.edits[0].value() == 0.0)
    workspace.select(Selection(units=frozenset({("input", 0)})))
    assert isinstance(panel.page, UnitPage)
    assert not panel.page.edits


def test_nudges_are_one_entry_and_esc_takes_them_back(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    page = panel.page
    assert isinstance(page, UnitPage)
    edit = page.edits[0]
    edit.setFocus()
    for _ in range(3):
        QTest.keyClick(edit, Qt.Key.Key_Up)
        qtbot.wait(40)
    qtbot.waitUntil(lambda: workspace.parameters["hidden.b"][1, 0] == 0.3)
    assert workspace.editing.undo_stack.count() == 1
    assert edit.value() == 0.3
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: workspace.parameters["hidden.b"][1, 0] == 0.0)
    assert workspace.editing.undo_stack.count() == 0
    assert edit.value() == 0.0
    QTest.keyClick(edit, Qt.Key.Key_Up)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.parameters["hidden.b"][1, 0] == 0.1)
    assert workspace.editing.undo_stack.count() == 1


def test_esc_takes_back_a_nudged_setting_and_its_entry(panel: InspectorPanel) -> None:
    field = rate(panel)
    edit = field.findChild(NumberEdit)
    assert isinstance(edit, NumberEdit)
    before = panel.workspace.document
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_Up)
    assert panel.workspace.document != before
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert panel.workspace.document == before
    assert panel.workspace.editing.undo_stack.count() == 0


def test_live_values_leave_what_is_typed_alone(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    page = panel.page
    assert isinstance(page, UnitPage)
    typed, other = page.edits[1], page.edits[2]
    typed.setFocus()
    typed.selectAll()
    start = other.text()
    workspace.training.advance(50)
    qtbot.waitUntil(lambda: other.text() != start)
    assert typed.selectedText() == typed.text(), "still selected, so that typing replaces it"
    QTest.keyClicks(typed, "0.12")
    for _ in range(3):
        workspace.training.advance(50)
        qtbot.wait(60)
    assert typed.text() == "0.12"
    assert typed.hasFocus()
    assert panel.page is page
    QTest.keyClick(typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.parameters["hidden.W.input"][1, 0] == 0.12)


def test_a_synapse(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.select(Selection(synapses=frozenset({("input", 0, "hidden", 2)})))
    page = panel.page
    assert isinstance(page, SynapsePage)
    type_into(page.weight, "0.25")
    qtbot.waitUntil(lambda: workspace.parameters["hidden.W.input"][2, 0] == 0.25)
    assert workspace.snapshot.initial["hidden.W.input"][2, 0] == 0.25
    assert workspace.editing.undo_stack.undoText() == "Set w[1]_{3,1}"
    workspace.training.advance(3)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3 and page.change.text() != "–")
    gradient = workspace.snapshot.gradients["hidden.W.input"][2, 0]
    assert page._change == pytest.approx(-0.5 * gradient)
    type_into(page.initial, "0,75".replace(",", "."))
    qtbot.waitUntil(lambda: workspace.snapshot.initial["hidden.W.input"][2, 0] == 0.75)
    assert workspace.parameters["hidden.W.input"][2, 0] != 0.75
    QTest.mouseClick(page.lock, Qt.MouseButton.LeftButton, pos=QPoint(8, page.lock.height() // 2))
    wire = workspace.document.connection("input", "hidden")
    assert wire is not None and wire.locked == {(2, 0)}
    assert page.lock.isChecked()
    workspace.editing.undo()
    assert not page.lock.isChecked()
    QTest.mouseClick(page.cut, Qt.MouseButton.LeftButton)
    wire = workspace.document.connection("input", "hidden")
    assert wire is not None and wire.cut == {(2, 0)}
    assert isinstance(panel.page, NetworkPage)


def test_several_layers_get_an_activation_in_one_entry(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    workspace.select(Selection(layers=frozenset({"input", "hidden", "output"})))
    page = panel.page
    assert isinstance(page, SeveralPage)
    assert "3 layers selected" in [label.text() for label in page.findChildren(QLabel)]
    assert page.form is not None
    page.form.changed.emit(page.form.spec.with_(activation=Spec("relu")), "Set", "")
    kinds = [workspace.document.layer(each).spec.get("activation") for each in ("hidden", "output")]
    assert kinds == [Spec("relu"), Spec("relu")]
    assert workspace.editing.undo_stack.count() == 1


def test_several_synapses_are_locked_cut_and_removed(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    both = frozenset({("input", 0, "hidden", 2), ("input", 1, "hidden", 0)})
    workspace.select(Selection(synapses=both, units=frozenset({("hidden", 3)})))
    page = panel.page
    assert isinstance(page, SeveralPage)
    QTest.mouseClick(page.buttons["lock"], Qt.MouseButton.LeftButton)
    wire = workspace.document.connection("input", "hidden")
    assert wire is not None and wire.locked == {(2, 0), (0, 1)}
    QTest.mouseClick(panel.page.buttons["unlock"], Qt.MouseButton.LeftButton)
    QTest.mouseClick(panel.page.buttons["remove"], Qt.MouseButton.LeftButton)
    wire = workspace.document.connection("input", "hidden")
    assert wire is not None and wire.cut == {(2, 0), (0, 1)} and not wire.locked
    assert workspace.document.layer("hidden").size == 3
    assert workspace.editing.undo_stack.count() == 3


# ---------------------------------------------------------------- the rest


def test_everything_has_an_accessible_name_or_text(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    for selection in (
        Selection(),
        Selection(layers=frozenset({"hidden"})),
        Selection(units=frozenset({("hidden", 1)})),
        Selection(synapses=frozenset({("input", 0, "hidden", 2)})),
    ):
        workspace.select(selection)
        assert panel.page is not None
        for widget in panel.page.findChildren(object):
            if hasattr(widget, "focusPolicy") and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                inner = widget.objectName().startswith("qt_") or widget.inherits("QAbstractItemView")
                if widget.isVisible() and not inner:
                    assert widget.accessibleName() or widget.text(), widget


def test_hidden_it_does_nothing(panel: InspectorPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = panel.workspace
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    panel.hide()
    assert not workspace.link.watchers
    calls: list[object] = []
    monkeypatch.setattr(UnitPage, "show_numbers", lambda *each: calls.append(each))
    workspace.training.advance(10)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 10)
    assert not calls
    panel.show()
    assert calls


def test_another_theme_makes_the_page_anew(panel: InspectorPanel) -> None:
    page = panel.page
    panel.workspace.set_theme(themes.load_theme("dark", 1.6))
    assert panel.page is not page
    assert isinstance(panel.page, NetworkPage)


def test_another_look_while_hidden_does_not_ask_for_what_is_gone(panel: InspectorPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.editing.attempt("Add", edits.add_layer, spec=Spec("dense"), id="extra", units=2)
    workspace.select(Selection(units=frozenset({("extra", 1)})))
    panel.hide()
    workspace.editing.undo()
    workspace.set_theme(themes.load_theme("dark"))
    panel.show()
    assert panel.page is not None and not workspace.selection


# ---------------------------------------------------------------- settings below the fold


def test_the_fold_is_closed_until_something_in_it_is_unusual(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, network(panel)
    assert not page.more.body.isVisible()
    workspace.editing.attempt("noise", set_training, label_noise=0.25)
    assert page.more.body.isVisible()
    field = page.settings["label_noise"]
    assert isinstance(field, FloatField)
    assert set(page.settings) == {each.name for each in more_knobs()}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("schedule", "cosine"), ("regularizer", "l2"), ("clipping", "by_norm"), ("augmentation", "noise")],
)
def test_kinds_below_the_fold_are_set_and_taken_back(panel: InspectorPanel, name: str, kind: str) -> None:
    workspace, page = panel.workspace, network(panel)
    before = workspace.document
    field = page.settings[name]
    assert isinstance(field, KindField)
    field.combo.setCurrentIndex(field.combo.findData(kind))
    field.combo.activated.emit(field.combo.currentIndex())
    assert getattr(workspace.document.training, name).kind == kind
    assert field.inner is not None, "its own settings appear below it"
    workspace.editing.undo()
    assert workspace.document == before


def test_early_stopping_can_be_turned_on_and_off(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, network(panel)
    page.more.head.setChecked(True)
    patience = page.settings["patience"]
    assert isinstance(patience, IntField)
    patience.spin.setValue(5)
    assert workspace.document.training.patience == 5
    patience.spin.setValue(patience.spin.minimum())
    assert workspace.document.training.patience is None


def test_a_layer_is_frozen_by_its_check_box(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, layer_page(panel)
    assert page.shape.text() == "4"
    assert page.shapes.text() == "W.input 4×2, b 4×1"
    QTest.mouseClick(page.frozen, Qt.MouseButton.LeftButton, pos=QPoint(8, page.frozen.height() // 2))
    assert workspace.document.layer("hidden").frozen
    workspace.editing.undo()
    assert not workspace.document.layer("hidden").frozen
    assert not page.frozen.isChecked()


def test_a_layer_without_units_of_its_own_offers_none(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    workspace.editing.attempt("drop", add_layer, spec=Spec("flatten"), id="flat")
    page = layer_page(panel, "flat")
    assert not page.units.isVisible()
    assert not page.frozen.isVisible(), "it has nothing to learn"
    assert page.shape.text() == "not known before it is connected"
