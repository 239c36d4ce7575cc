"""Nudging a weight with mouse and keys, with a real worker."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.nudging import Parameter
from engine.samples import mlp
from gui import theme as themes
from gui.panels.nudge import PROBE, NudgePanel
from gui.selection import Selection
from gui.workspace import Workspace

SYNAPSE = Selection(synapses=frozenset({("input", 0, "hidden", 1)}))


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> NudgePanel:
    made = NudgePanel(workspace)
    qtbot.addWidget(made)
    made.resize(640, 280)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.ready and workspace.snapshot.data is not None)
    return made


@pytest.fixture
def nudged(panel: NudgePanel, qtbot: QtBot) -> NudgePanel:
    panel.workspace.training.advance(40)
    panel.workspace.select(SYNAPSE)
    qtbot.waitUntil(lambda: panel.course is not None and panel.course.step == 40)
    qtbot.waitUntil(panel.shown.isVisible)
    return panel


def shown(panel: NudgePanel, name: str) -> str:
    return panel.rows[name][1].text()


def epsilon(panel: NudgePanel) -> float:
    assert panel.course is not None
    return float(panel.course.nudges[panel.at])


def test_nothing_chosen_says_what_to_do(panel: NudgePanel) -> None:
    assert panel.empty.isVisible() and "synapse" in panel.empty.text()
    assert PROBE not in panel.workspace.link.watchers and not NudgePanel.open_at_start


def test_the_smaller_the_nudge_the_nearer_to_the_slope(nudged: NudgePanel, qtbot: QtBot) -> None:
    assert shown(nudged, "epsilon") == "1" and "bends" in nudged.verdict.text()
    slope = shown(nudged, "slope")
    for _ in range(4):
        before = nudged.course
        QTest.mouseClick(nudged.smaller, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda before=before: nudged.course is not None and nudged.course is not before)
    assert shown(nudged, "epsilon") == "0.0001"
    assert shown(nudged, "slope") == slope and shown(nudged, "one")[:6] == slope[:6]
    assert "The same" in nudged.verdict.text()


def test_the_weight_itself_stays_as_it_is(nudged: NudgePanel) -> None:
    workspace = nudged.workspace
    assert workspace.snapshot.step == 40 and not workspace.editing.undo_stack.canRedo()
    assert nudged.course is not None
    assert nudged.course.weight == workspace.parameters["hidden.W.input"][1, 0]


def test_the_point_is_dragged_along_the_curve(nudged: NudgePanel) -> None:
    chart = nudged.chart
    assert chart is not None and nudged.course is not None
    last = len(nudged.course.nudges) - 1
    port = chart.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=chart.where(nudged.at).toPoint())
    QTest.mouseMove(port, chart.where(last - 6).toPoint())
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=chart.where(last - 6).toPoint())
    assert nudged.at == last - 6
    change = nudged.course.costs[last - 6] - nudged.course.J
    assert float(shown(nudged, "change").replace("\u2212", "-")) == pytest.approx(change, rel=1e-3)


def test_keys_move_it_over_the_weight_to_the_other_side(nudged: NudgePanel, qtbot: QtBot) -> None:
    nudged.setFocus()
    for _ in range(20):
        QTest.keyClick(nudged, Qt.Key.Key_Down)
    assert epsilon(nudged) < 0 < nudged.at
    QTest.keyClick(nudged, Qt.Key.Key_Up)
    assert epsilon(nudged) > 0
    QTest.keyClick(nudged, Qt.Key.Key_Minus)
    qtbot.waitUntil(lambda: nudged.course is not None and nudged.course.nudges[-1] < 0.2)
    QTest.keyClick(nudged, Qt.Key.Key_Plus)
    qtbot.waitUntil(lambda: nudged.course is not None and nudged.course.nudges[-1] > 1.0)


def test_a_neuron_is_about_its_bias_and_a_table_about_its_cell(nudged: NudgePanel, qtbot: QtBot) -> None:
    workspace = nudged.workspace
    workspace.select(Selection(units=frozenset({("hidden", 2)})))
    qtbot.waitUntil(lambda: nudged.course is not None)
    assert nudged.course is not None and nudged.course.parameter == Parameter("hidden.b", (2, 0))
    workspace.choose_cells((("output", "W.hidden", (0, 3), None),))
    qtbot.waitUntil(lambda: nudged.course is not None and nudged.course.parameter.index == (0, 3))


def test_it_follows_training_and_ends_when_hidden(nudged: NudgePanel, qtbot: QtBot) -> None:
    nudged.workspace.training.play()
    qtbot.waitUntil(lambda: nudged.course is not None and nudged.course.step > 60)
    nudged.workspace.training.pause()
    nudged.hide()
    assert PROBE not in nudged.workspace.link.watchers


def test_a_weight_that_goes_away_is_let_go(nudged: NudgePanel, qtbot: QtBot) -> None:
    nudged.workspace.open(mlp(2, 1))
    qtbot.waitUntil(nudged.empty.isVisible)


def test_the_perceptron_rule_is_told_apart(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> None:
    workspace = make_workspace(architectures["perceptron"]().document())
    made = NudgePanel(workspace)
    qtbot.addWidget(made)
    made.show()
    workspace.choose_cells((("output", "b", (0, 0), None),))
    qtbot.waitUntil(made.shown.isVisible)
    assert "no gradient descent" in made.verdict.text()


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(nudged: NudgePanel, look: str) -> None:
    nudged.workspace.set_theme(themes.load_theme(look, 1.6))
    image = nudged.grab().toImage()
    chart = nudged.chart
    assert chart is not None
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, 200, 3)}
    assert len(colours) > 8 and np.isfinite(chart.where(0).x())
