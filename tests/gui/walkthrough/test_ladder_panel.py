"""The gradient ladder as a panel: selection, forks, the walk."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.ladder import Ladder
from engine.samples import mlp
from gui.selection import Selection
from gui.stepping.walk import Level
from gui.theme import load_theme
from gui.walkthrough.ladder import LadderPanel
from gui.workspace import Workspace


def opened(workspace: Workspace, qtbot: QtBot) -> LadderPanel:
    panel = LadderPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(360, 460)
    panel.show()
    panel.activateWindow()
    return panel


@pytest.fixture
def panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> LadderPanel:
    workspace = make_workspace(mlp(2, 3, 3, 1, hidden="sigmoid"))
    made = opened(workspace, qtbot)
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    qtbot.waitUntil(lambda: made.view.ladder is not None)
    return made


def shown(panel: LadderPanel) -> Ladder:
    assert panel.view.ladder is not None
    return panel.view.ladder


def test_nothing_selected_says_what_to_do(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> None:
    made = opened(make_workspace(), qtbot)
    assert "Select a neuron" in made.head.text() and not LadderPanel.open_at_start


def test_the_path_ends_at_the_selected_neuron(panel: LadderPanel) -> None:
    found = shown(panel)
    assert (found.foot.owner, found.foot.array, found.foot.index) == ("hidden", "dz", (1,))
    assert "smaller in 2 steps" in panel.head.text()
    lines = panel.view.accessibleDescription().splitlines()
    assert lines[0].startswith("dz[3]_1 = ") and len(lines) == 5
    assert lines[1].startswith("· w[3]_{1,") and "g′[2]" in lines[1]


def test_it_goes_through_all_that_is_selected(panel: LadderPanel, qtbot: QtBot) -> None:
    for unit in range(3):
        panel.workspace.select(Selection(units=frozenset({("hidden", 1), ("hidden2", unit)})))
        panel.workspace.choose_example(2)
        panel.refresh_state()
        qtbot.waitUntil(lambda unit=unit: shown(panel).rungs[0].below.index == (unit,))
        assert shown(panel).foot.owner == "hidden"


def test_a_click_on_the_chip_takes_the_next_way(panel: LadderPanel) -> None:
    before = shown(panel)
    fork = before.rungs[-1].fork
    chip = panel.view.chip_of(1)
    assert fork is not None and chip is not None and panel.view.chip_of(0) is None
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=chip.center().toPoint())
    after = shown(panel).rungs[-1].fork
    assert after is not None and after.chosen == fork.ways[1]
    assert abs(shown(panel).rungs[-1].along) <= abs(before.rungs[-1].along)
    assert math.isclose(shown(panel).rungs[-1].whole, before.rungs[-1].whole)


def test_keys_go_from_rung_to_rung_and_turn(panel: LadderPanel) -> None:
    panel.view.setFocus()
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    QTest.keyClick(panel.view, Qt.Key.Key_Down)
    keys = {key[:2] for key in panel.workspace.hovered}
    assert {("hidden2", "W.hidden"), ("hidden", "slope"), ("hidden", "dz")} <= keys
    fork = shown(panel).rungs[1].fork
    QTest.keyClick(panel.view, Qt.Key.Key_Return)
    after = shown(panel).rungs[1].fork
    assert fork is not None and after is not None and after.chosen == fork.ways[1]


def test_the_mouse_lights_up_what_a_factor_is_made_of(panel: LadderPanel) -> None:
    QTest.mouseMove(panel.view, panel.view.rect_of(0).center().toPoint())
    assert any(key[1] == "W.hidden2" for key in panel.workspace.hovered)
    QTest.mouseMove(panel.view, panel.view.rect().bottomLeft())
    assert not panel.workspace.hovered


def test_during_a_walk_it_is_of_the_example_that_is_walked(panel: LadderPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.walking.forward(Level.EXAMPLE)
    qtbot.waitUntil(lambda: workspace.walk is not None)
    workspace.walking.forward()
    walk = workspace.walk
    assert walk is not None and walk.example == 1
    assert shown(panel).foot.example == 1
    assert shown(panel).rungs[-1].whole == float(walk.trace.arrays["hidden", "dz"][1, 1])


def test_what_is_to_be_predicted_is_not_given_away(panel: LadderPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.walking.predict(True)
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None and panel.view.ladder is None)
    assert "predicted" in panel.head.text()
    workspace.walking.predict(False)
    assert panel.view.ladder is not None


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_and_a_narrow_panel(panel: LadderPanel, look: str) -> None:
    panel.workspace.set_theme(load_theme(look, 1.8))
    panel.resize(300, 300)
    image = panel.grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(0, 300, 5) for y in range(0, 300, 5)}) > 4
