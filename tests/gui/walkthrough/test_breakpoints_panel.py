"""The breakpoints panel with real clicks: add, switch, remove, stop, go back; saved with the view."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.document.edits import remove_layer
from engine.learned import fresh
from engine.samples import mlp
from engine.trainer import Trainer
from gui.selection import Selection
from gui.theme import load_theme
from gui.walkthrough.breakpoints import BreakpointsPanel
from gui.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


def learner() -> Document:
    return mlp(
        2, 4, 1, optimizer=Spec.of("adam", learning_rate=0.05), training=Training(batch_size=2, seed=5)
    )


@pytest.fixture
def make_panel(qtbot: QtBot, make_workspace: Callable[..., Workspace]) -> Iterator[Callable[..., QWidget]]:
    made = []

    def make(document: Document | None = None) -> BreakpointsPanel:
        panel = BreakpointsPanel(make_workspace(document or learner()))
        qtbot.addWidget(panel)
        panel.resize(340, 520)
        panel.show()
        qtbot.waitExposed(panel)
        made.append(panel)
        return panel

    yield make
    for panel in made:
        panel.hide()


def click(button: QAbstractButton) -> None:
    QTest.mouseClick(button, LEFT, pos=QPoint(min(10, button.width() // 2), button.height() // 2))


def choose(combo, data: object) -> None:
    """As with the keyboard: first entry, then down to the one that is meant."""
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.findData(data) - combo.currentIndex()):
        QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentData() == data


def stop(panel: BreakpointsPanel, qtbot: QtBot, pace: float | None = None) -> int:
    """Play until it stands still; the updates done."""
    workspace = panel.workspace
    workspace.training.set_pace(pace)
    workspace.training.play()
    qtbot.waitUntil(lambda: not workspace.training.running, timeout=10_000)
    return workspace.snapshot.step


def test_an_event_is_added_stops_the_training_and_can_be_gone_back_before(
    make_panel: Callable[..., BreakpointsPanel], qtbot: QtBot
) -> None:
    panel = make_panel()
    workspace, told = panel.workspace, []
    workspace.offered.connect(lambda sentence, buttons: told.append((sentence, buttons)))
    assert not panel.rows and not panel.back.isVisible()
    click(panel.add)
    choose(panel.form.kinds, "example")
    click(panel.form.ok)
    assert panel.form is None and panel.add.isVisible()
    assert [row.words.text() for row in panel.rows] == ["Any example becomes correct or misclassified"]
    step = stop(panel, qtbot)
    assert told[0][0].startswith(f"Update {step}: example ")
    assert panel.happened.text() == told[0][0] == workspace.breakpoints.hit.sentence
    by_hand = Trainer(learner(), data_of(learner()), fresh(learner()))
    by_hand.advance(step)
    there = {key: np.asarray(value).tobytes() for key, value in workspace.parameters.items()}
    assert there == {key: value.tobytes() for key, value in by_hand.store.parameters.items()}
    click(panel.back)
    qtbot.waitUntil(lambda: workspace.snapshot.step == step - 1)
    assert stop(panel, qtbot, 1000.0) == step
    assert len(told) == 2
    told[1][1][0][1]()
    qtbot.waitUntil(lambda: workspace.snapshot.step == step - 1)


def test_off_it_stops_nothing_and_removed_it_is_gone(
    make_panel: Callable[..., BreakpointsPanel], qtbot: QtBot
) -> None:
    panel = make_panel()
    found = panel.workspace.breakpoints
    found.add(Spec.of("epoch", number=3, count="updates"))
    found.add(Spec.of("epoch", number=9, count="updates"))
    click(panel.rows[0].box)
    assert [each.on for each in found.entries] == [False, True]
    assert stop(panel, qtbot) == 9
    QTest.mouseClick(panel.rows[0].words, LEFT)
    assert found.entries[0].on and panel.rows[0].box.isChecked()
    click(panel.rows[1].remove)
    assert [row.words.text() for row in panel.rows] == ["Update 3 is done"]
    assert [each.spec.get("number") for each in found.entries] == [3]


def test_the_selected_synapse_is_proposed(make_panel: Callable[..., BreakpointsPanel]) -> None:
    panel = make_panel()
    document = panel.workspace.document
    synapse = ("input", document.layer("input").units[1], "hidden", document.layer("hidden").units[2])
    panel.workspace.select(Selection(synapses=frozenset({synapse})))
    click(panel.add)
    assert panel.form.kinds.currentData() == "sign"
    assert panel.form.places.currentText() == "the selected synapse w[1]_{3,2}"
    click(panel.form.ok)
    assert panel.rows[0].words.text() == "w[1]_{3,2} changes its sign"
    panel.workspace.breakpoints.stop_at_sign(synapse)
    assert len(panel.rows) == 1


def test_a_setting_is_typed_and_esc_leaves_the_form(make_panel: Callable[..., BreakpointsPanel]) -> None:
    panel = make_panel()
    click(panel.add)
    choose(panel.form.kinds, "loss_below")
    edit = panel.form.form.field("bound").focusProxy() or panel.form.form.field("bound")
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(edit, "0.2")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    click(panel.form.ok)
    assert panel.rows[0].words.text() == "The loss J falls below 0.2"
    click(panel.add)
    QTest.keyClick(panel.form, Qt.Key.Key_Escape)
    assert panel.form is None and len(panel.rows) == 1


def test_what_cannot_happen_here_says_why(make_panel: Callable[..., BreakpointsPanel]) -> None:
    panel = make_panel()
    click(panel.add)
    choose(panel.form.kinds, "dead")
    assert "Only neurons with ReLU" in panel.form.trouble.text() and panel.form.trouble.isVisible()
    click(panel.form.ok)
    assert panel.form is not None and not panel.rows
    panel.workspace.breakpoints.add(Spec.of("gradient", layer="hidden"))
    assert not panel.rows[0].trouble.isVisible()
    panel.workspace.editing.edit("Remove", remove_layer(panel.workspace.document, layer="hidden"))
    assert "no longer part" in panel.rows[0].trouble.text() and panel.rows[0].trouble.isVisible()


def test_slow_ones_say_so(make_panel: Callable[..., BreakpointsPanel]) -> None:
    panel = make_panel()
    panel.workspace.breakpoints.add(Spec("example"))
    assert panel._slower.isVisible()
    click(panel.rows[0].box)
    assert not panel._slower.isVisible()


def test_they_are_saved_with_the_view_and_forgotten_with_the_project(
    make_panel: Callable[..., BreakpointsPanel], qtbot: QtBot
) -> None:
    panel = make_panel()
    found = panel.workspace.breakpoints
    found.add(Spec.of("epoch", number=4, count="updates"))
    found.add(Spec("dead"))
    found.switch(found.entries[1].spec, False)
    kept, entries = found.plain(), found.entries
    panel.workspace.open(learner())
    assert not found.entries and not panel.rows
    nonsense = [3, {"at": {"kind": "nonsense"}}, {"at": {"kind": "epoch", "number": -1}}, {"at": None}]
    found.restore([*kept, *nonsense])
    assert found.entries == entries and len(panel.rows) == 2
    qtbot.waitUntil(lambda: panel.workspace.data is not None)
    assert stop(panel, qtbot) == 4
    found.restore("nonsense")
    assert not found.entries


def test_after_an_edit_there_is_no_way_back_and_it_says_so(
    make_panel: Callable[..., BreakpointsPanel], qtbot: QtBot
) -> None:
    panel = make_panel()
    panel.workspace.breakpoints.add(Spec.of("epoch", number=4, count="updates"))
    stop(panel, qtbot)
    said: list[str] = []
    panel.workspace.said.connect(said.append)
    assert panel.back.isEnabled()
    panel.workspace.editing.edit("Remove", remove_layer(panel.workspace.document, layer="hidden"))
    qtbot.waitUntil(lambda: panel.workspace.snapshot.back_to == 4)
    qtbot.waitUntil(lambda: not panel.back.isEnabled())
    panel.workspace.breakpoints.go_back()
    assert said and said[0].startswith("The network was changed since")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_can_be_reached_with_the_keyboard_and_has_a_name(
    make_panel: Callable[..., BreakpointsPanel], scale: float
) -> None:
    panel = make_panel()
    panel.workspace.set_theme(load_theme("dark", scale))
    panel.workspace.breakpoints.add(Spec("example"))
    click(panel.add)
    for button in panel.findChildren(QAbstractButton):
        assert button.accessibleName() or button.text(), button
