"""The inspector's pages of a layer, of several and of a note: groups, notes, and nothing learned is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document.edits import bridge_layer, insert_layer, set_knob, set_training
from engine.document.folding import fold_group
from engine.document.notes import add_note
from engine.regularizers import regularizers
from gui.panels.inspecting.layer_page import LayerPage
from gui.panels.inspecting.network_page import NetworkPage
from gui.panels.inspecting.note_page import NotePage
from gui.panels.inspecting.several_page import SeveralPage
from gui.panels.inspector import InspectorPanel
from gui.selection import Selection
from gui.widgets.knob_form import KindField
from gui.workspace import Workspace


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> InspectorPanel:
    made = InspectorPanel(workspace)
    qtbot.addWidget(made)
    made.resize(300, 800)
    made.show()
    qtbot.waitUntil(lambda: workspace.data is not None)
    return made


def type_into(edit: Any, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    edit.setFocus()
    edit.selectAll()
    if not text:
        QTest.keyClick(edit, Qt.Key.Key_Delete)
    QTest.keyClicks(edit, text)
    QTest.keyClick(edit, key)


def layer_page(panel: InspectorPanel, layer: str = "hidden") -> LayerPage:
    panel.workspace.select(Selection(layers=frozenset({layer})))
    assert isinstance(panel.page, LayerPage)
    return panel.page


def choose(field: object, kind: str) -> None:
    """As a click on the list of kinds does."""
    assert isinstance(field, KindField)
    combo = field.combo
    combo.setCurrentIndex(combo.findData(kind))
    combo.activated.emit(combo.currentIndex())


def test_a_layer_has_a_group_and_a_note(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, layer_page(panel)
    type_into(page.belonging.group.line, "Encoder/Block 1")
    assert workspace.document.layer("hidden").group == "Encoder/Block 1"
    note = page.belonging.note
    assert note is not None
    note.text.setFocus()
    QTest.keyClicks(note.text, "Finds strokes")
    QTest.keyClick(note.text, Qt.Key.Key_Return)
    QTest.keyClicks(note.text, "and more")
    assert not workspace.document.notes, "not before it is kept"
    QTest.keyClick(note.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [(each.text, each.layer) for each in workspace.document.notes] == [
        ("Finds strokes\nand more", "hidden")
    ]
    assert panel.page is page
    assert workspace.editing.undo_stack.count() == 2
    QTest.keyClicks(note.text, "!!")
    QTest.keyClick(note.text, Qt.Key.Key_Escape)
    page.name.line.setFocus()
    assert workspace.editing.undo_stack.count() == 2, "Esc took back what was typed"
    note.text.setFocus()
    note.text.selectAll()
    QTest.keyClick(note.text, Qt.Key.Key_Delete)
    page.name.line.setFocus()
    assert not workspace.document.notes, "an empty note is none"
    type_into(page.belonging.group.line, "")
    assert workspace.document.layer("hidden").group == ""


def test_leaving_a_folded_group_leaves_no_fold_behind(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, layer_page(panel)
    type_into(page.belonging.group.line, "Core")
    workspace.editing.edit("Fold", fold_group(workspace.document, path="Core"))
    type_into(page.belonging.group.line, "")
    assert not workspace.document.folded


def test_a_note_alone(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    workspace.editing.edit("Note", add_note(workspace.document, text="Look here", x=10, y=20))
    workspace.select(Selection(notes=frozenset({workspace.document.notes[0].id})))
    page = panel.page
    assert isinstance(page, NotePage)
    assert page.text.text.toPlainText() == "Look here"
    page.text.text.setFocus()
    page.text.text.selectAll()
    QTest.keyClicks(page.text.text, "There")
    QTest.keyClick(page.text.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert workspace.document.notes[0].text == "There"
    QTest.mouseClick(page.remove, Qt.MouseButton.LeftButton)
    assert not workspace.document.notes
    assert isinstance(panel.page, NetworkPage)


def test_a_layer_says_which_regulariser_holds_and_leads_there(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    workspace.editing.attempt("Set", set_training, regularizer=Spec("l2"))
    page = layer_page(panel)
    assert regularizers["l2"].title.lower() in page.regularizer.text()
    page.regularizer.linkActivated.emit("network")
    assert isinstance(panel.page, NetworkPage)


def two_hidden(panel: InspectorPanel) -> SeveralPage:
    workspace = panel.workspace
    document = insert_layer(
        workspace.document, source="hidden", target="output", spec=Spec("dense"), id="second", units=2
    )
    document = set_knob(document, layer="second", name="activation", value=Spec("sigmoid"))
    workspace.editing.edit("Insert", document)
    workspace.select(Selection(layers=frozenset({"hidden", "second"})))
    assert isinstance(panel.page, SeveralPage)
    return panel.page


def test_several_layers_are_sized_frozen_and_grouped_at_once(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, two_hidden(panel)
    fields = page.common_fields
    assert fields is not None and fields.units is not None
    count = workspace.editing.undo_stack.count()
    assert fields.units.spin.text() == "different"
    type_into(fields.units.spin, "3")
    assert [workspace.document.layer(each).size for each in ("hidden", "second")] == [3, 3]
    QTest.mouseClick(fields.frozen, Qt.MouseButton.LeftButton, pos=QPoint(8, fields.frozen.height() // 2))
    assert all(workspace.document.layer(each).frozen for each in ("hidden", "second"))
    type_into(fields.belonging.group.line, "Core")
    assert [workspace.document.layer(each).group for each in ("hidden", "second")] == ["Core", "Core"]
    assert workspace.editing.undo_stack.count() == count + 3
    assert panel.page is page


def test_what_differs_is_named_and_set_for_all(panel: InspectorPanel) -> None:
    workspace, page = panel.workspace, two_hidden(panel)
    assert page.form is not None
    assert page.common == ["activation", "bias", "initializer"]
    assert "Activation" in page.differing.text() and page.differing.isVisible()
    choose(page.form.field("activation"), "relu")
    kinds = [workspace.document.layer(each).spec.get("activation") for each in ("hidden", "second")]
    assert kinds == [Spec("relu"), Spec("relu")]
    assert not page.differing.isVisible()


def test_with_everything_selected_what_is_common_can_be_set(panel: InspectorPanel) -> None:
    workspace = panel.workspace
    workspace.select(Selection(layers=frozenset({"input", "hidden", "output"})))
    page = panel.page
    assert isinstance(page, SeveralPage) and page.form is not None
    assert page.common_fields is not None and page.common_fields.units is None
    assert page.layers == ["hidden", "output"]
    assert "shape" not in page.common


# ---------------------------------------------------------------- nothing learned is lost


def test_size_activation_and_insertion_keep_every_weight_that_survives(
    panel: InspectorPanel, qtbot: QtBot
) -> None:
    workspace = panel.workspace
    workspace.training.advance(50)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 50)

    def now() -> dict[str, Any]:
        qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)
        return {key: np.array(each) for key, each in workspace.parameters.items()}

    before, page = now(), layer_page(panel)
    type_into(page.units.spin, "6")
    after = now()
    assert np.array_equal(after["hidden.W.input"][:4], before["hidden.W.input"])
    assert np.array_equal(after["hidden.b"][:4], before["hidden.b"])
    assert np.array_equal(after["output.W.hidden"][:, :4], before["output.W.hidden"])
    type_into(page.units.spin, "3")
    after = now()
    assert np.array_equal(after["hidden.W.input"], before["hidden.W.input"][:3])
    assert np.array_equal(after["output.W.hidden"], before["output.W.hidden"][:, :3])
    assert page.form is not None
    for kind in ("relu", "sigmoid"):
        choose(page.form.field("activation"), kind)
        same = now()
        assert all(np.array_equal(same[key], after[key]) for key in after)
    document = insert_layer(
        workspace.document, source="input", target="hidden", spec=Spec("dense"), id="between", units=2
    )
    workspace.editing.edit("Insert", document)
    inserted = now()
    assert np.array_equal(inserted["output.W.hidden"], after["output.W.hidden"])
    assert np.array_equal(inserted["output.b"], after["output.b"])
    assert np.array_equal(inserted["hidden.b"], after["hidden.b"])
    workspace.editing.attempt("Remove", bridge_layer, layer="between")
    bridged = now()
    assert np.array_equal(bridged["output.W.hidden"], after["output.W.hidden"])
    while workspace.editing.undo_stack.canUndo() and workspace.document.layer("hidden").size != 4:
        workspace.editing.undo()
    back = now()
    assert all(np.array_equal(back[key], before[key]) for key in before)
    assert workspace.snapshot.step == 50, "and the training is as far as it was"
