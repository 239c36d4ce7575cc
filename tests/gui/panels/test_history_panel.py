"""The history of weights as curves, with a real worker."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.data_of import data_of
from engine.document.edits import add_unit, remove_units
from engine.learned import fresh
from engine.samples import first_light
from engine.trainer import Trainer
from gui import theme as themes
from gui.panels.charts.history_chart import MOST, look_of
from gui.panels.history import PROBE, HistoryPanel
from gui.selection import Selection
from gui.workspace import Workspace

SYNAPSE = ("input", 0, "hidden", 1)
KEY, INDEX = "hidden.W.input", (1, 0)


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> HistoryPanel:
    made = HistoryPanel(workspace)
    qtbot.addWidget(made)
    made.resize(460, 240)
    made.show()
    qtbot.waitUntil(lambda: made.ready and workspace.snapshot.data is not None)
    return made


def select(panel: HistoryPanel, *synapses: tuple[str, int, str, int]) -> None:
    panel.workspace.select(Selection(synapses=frozenset(synapses)))


def advance(panel: HistoryPanel, qtbot: QtBot, updates: int) -> None:
    goal = panel.workspace.snapshot.step + updates
    panel.workspace.training.advance(updates)
    qtbot.waitUntil(lambda: panel.workspace.snapshot.step == goal)


def known_to(panel: HistoryPanel, step: int) -> bool:
    history = panel._history
    return (
        history.complete
        and all(len(each.low) > step for each in history.courses.values())
        and bool(history.courses)
    )


def truth(updates: int) -> np.ndarray:
    document = first_light()
    trainer = Trainer(document, data_of(document), fresh(document))
    found = [trainer.store.parameters[KEY][INDEX]]
    for _ in range(updates):
        trainer.advance(1)
        found.append(trainer.store.parameters[KEY][INDEX])
    return np.array(found)


def test_nothing_chosen_says_what_to_do(panel: HistoryPanel) -> None:
    assert panel.empty.isVisible() and "Click" in panel.empty.text()
    assert PROBE not in panel.workspace.link.watchers and not HistoryPanel.open_at_start


def test_a_synapse_shows_its_whole_past_exactly(panel: HistoryPanel, qtbot: QtBot) -> None:
    advance(panel, qtbot, 300)
    select(panel, SYNAPSE)
    qtbot.waitUntil(lambda: known_to(panel, 300))
    course = next(iter(panel._history.courses.values()))
    assert np.array_equal(course.low, truth(300))
    assert panel.chart is not None and panel.chart.isVisible()
    x, y = panel.chart._past[0].getData()
    assert np.array_equal(y, truth(300)) and x[-1] == 300
    assert panel.chart._begin.getData()[1][0] == truth(0)[0]
    assert panel.note.text() == "" and "update 300" in panel.reading.text()
    assert "w[1]_{2,1} = " in panel.reading.accessibleDescription()


def test_it_goes_on_live_and_training_is_the_same(panel: HistoryPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    select(panel, SYNAPSE)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 60)
    workspace.training.pause()
    qtbot.waitUntil(lambda: not workspace.snapshot.running and known_to(panel, workspace.snapshot.step))
    step = workspace.snapshot.step
    course = next(iter(panel._history.courses.values()))
    assert np.array_equal(course.low[: step + 1], truth(step))
    assert workspace.parameters[KEY][INDEX] == truth(step)[-1]


def test_a_neuron_shows_its_bias_and_what_comes_in(panel: HistoryPanel, qtbot: QtBot) -> None:
    panel.workspace.select(Selection(units=frozenset({("hidden", 2)})))
    qtbot.waitUntil(lambda: len(panel._history.courses) == 3)
    assert [text for _, text in panel._labels.values()] == ["w[1]_{3,1}", "w[1]_{3,2}", "b[1]_3"]


def test_at_most_eight_curves_each_of_its_own_look(panel: HistoryPanel, qtbot: QtBot) -> None:
    units = frozenset(("hidden", key) for key in range(4))
    panel.workspace.select(Selection(units=units))
    qtbot.waitUntil(lambda: len(panel._history.courses) == MOST)
    assert len({look_of(number) for number in range(MOST)}) == MOST
    assert "the first 8 of 12" in panel.note.text()


def test_cells_of_the_table_are_followed_until_something_is_selected(
    panel: HistoryPanel, qtbot: QtBot
) -> None:
    workspace = panel.workspace
    workspace.choose_cells((("hidden", "b", (3, 0), None), ("output", "W.hidden", (0, 2), None)))
    qtbot.waitUntil(lambda: len(panel._history.courses) == 2)
    assert [text for _, text in panel._labels.values()] == ["b[1]_4", "w[2]_{1,3}"]
    select(panel, SYNAPSE)
    assert [text for _, text in panel._labels.values()] == ["w[1]_{2,1}"]
    workspace.select(Selection())
    assert [text for _, text in panel._labels.values()] == ["w[1]_{2,1}"], "what was chosen last stays"


def test_a_click_seeks_and_the_future_stays_faint(panel: HistoryPanel, qtbot: QtBot) -> None:
    select(panel, SYNAPSE)
    advance(panel, qtbot, 200)
    qtbot.waitUntil(lambda: known_to(panel, 200))
    chart = panel.chart
    assert chart is not None
    where = chart.to_screen(80, (chart._bottom + chart._top) / 2).toPoint()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: 75 <= panel.workspace.snapshot.step <= 85)
    step = panel.workspace.snapshot.step
    qtbot.waitUntil(lambda: chart._now.value() == step)
    assert chart._past[0].getData()[0][-1] == step and chart._future[0].getData()[0][-1] == 200


def test_hover_reads_the_values(panel: HistoryPanel, qtbot: QtBot) -> None:
    select(panel, SYNAPSE)
    advance(panel, qtbot, 100)
    qtbot.waitUntil(lambda: known_to(panel, 100))
    chart = panel.chart
    assert chart is not None
    QTest.mouseMove(chart.viewport(), chart.to_screen(50, chart._bottom).toPoint())
    chart.hovered.emit(QPointF(50, 0.3))
    assert "update 50" in panel.reading.text()
    assert chart.values(50) == [(truth(50)[50], truth(50)[50])]
    chart.hovered.emit(None)
    assert "update 100" in panel.reading.text()


def test_gradients(panel: HistoryPanel, qtbot: QtBot) -> None:
    select(panel, SYNAPSE)
    advance(panel, qtbot, 50)
    qtbot.waitUntil(lambda: known_to(panel, 50))
    QTest.mouseClick(panel.slope_button, Qt.MouseButton.LeftButton)
    assert panel.chart is not None
    _, y = panel.chart._past[0].getData()
    assert y[-1] == panel.workspace.snapshot.gradients[KEY][INDEX]
    QTest.mouseClick(panel.value_button, Qt.MouseButton.LeftButton)
    assert len(panel.chart._past[0].getData()[1]) == 51


def test_an_edit_keeps_the_curve_and_a_removed_neuron_takes_it_away(
    panel: HistoryPanel, qtbot: QtBot
) -> None:
    workspace = panel.workspace
    select(panel, SYNAPSE)
    advance(panel, qtbot, 40)
    qtbot.waitUntil(lambda: known_to(panel, 40))
    workspace.editing.edit("add", add_unit(workspace.document, layer="hidden", at=0))
    assert [text for _, text in panel._labels.values()] == ["w[1]_{3,1}"]
    qtbot.waitUntil(lambda: known_to(panel, 40) and workspace.snapshot.parameters[KEY].shape == (5, 2))
    assert np.array_equal(next(iter(panel._history.courses.values())).low[:41], truth(40))
    workspace.editing.edit("remove", remove_units(workspace.document, layer="hidden", keys=(1,)))
    assert not panel._labels and panel.empty.isVisible() and PROBE not in workspace.link.watchers
    workspace.editing.undo()
    qtbot.waitUntil(lambda: bool(panel._labels) and known_to(panel, 40))


def test_hidden_it_asks_for_nothing(panel: HistoryPanel, qtbot: QtBot) -> None:
    select(panel, SYNAPSE)
    qtbot.waitUntil(lambda: bool(panel._history.courses))
    panel.hide()
    assert PROBE not in panel.workspace.link.watchers
    advance(panel, qtbot, 20)
    qtbot.waitUntil(lambda: panel._recorder._shadow is None)
    panel.show()
    qtbot.waitUntil(lambda: known_to(panel, 20))


def test_themes_and_scale(panel: HistoryPanel, qtbot: QtBot) -> None:
    select(panel, SYNAPSE)
    advance(panel, qtbot, 20)
    qtbot.waitUntil(lambda: known_to(panel, 20))
    for name, scale in (("dark", 1.0), ("high-contrast", 1.0), ("light", 1.75)):
        panel.workspace.set_theme(themes.load_theme(name, scale))
        assert not panel.grab().isNull()
    assert panel.value_button.accessibleName() and panel.slope_button.accessibleName()
