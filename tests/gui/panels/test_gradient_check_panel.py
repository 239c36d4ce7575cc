"""The gradient check as a panel, with a real worker."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.activations.tanh import Tanh
from engine.architectures import architectures
from engine.core.place import Place
from engine.core.plan import Array
from engine.samples import mlp
from engine.session.nudges import Checked
from gui.panels.charts.check_chart import verdict
from gui.panels.gradient_check import MOST, GradientCheckPanel
from gui.workspace import Workspace

Making = Callable[..., Workspace]


@pytest.fixture
def open_panel(make_workspace: Making, qtbot: QtBot) -> Callable[..., GradientCheckPanel]:
    def made(*document: object) -> GradientCheckPanel:
        panel = GradientCheckPanel(make_workspace(*document))
        qtbot.addWidget(panel)
        panel.resize(460, 360)
        panel.show()
        qtbot.waitUntil(lambda: panel.ready)
        return panel

    return made


def complete(panel: GradientCheckPanel, step: int = 0) -> bool:
    checked = panel.checked
    return checked is not None and checked.complete and checked.step == step


def point_of(panel: GradientCheckPanel, number: int) -> QPoint:
    assert panel.chart is not None and panel.checked is not None
    found = panel.checked.found[number]
    return panel.chart.to_screen(found.backward, found.nudged).toPoint()


def test_all_weights_agree_and_again_after_training(
    open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot
) -> None:
    panel = open_panel()
    qtbot.waitUntil(lambda: complete(panel))
    assert "all 17 weights agree" in panel.verdict.text()
    panel.workspace.training.advance(30)
    qtbot.waitUntil(lambda: complete(panel, 30))
    assert "all 17 weights agree" in panel.verdict.text()


def test_a_point_lights_up_its_synapse_and_a_click_follows_it(
    open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot
) -> None:
    panel = open_panel()
    qtbot.waitUntil(lambda: complete(panel) and panel.chart is not None)
    chart, checked = panel.chart, panel.checked
    assert chart is not None and checked is not None
    far = max(range(17), key=lambda number: abs(checked.found[number].backward))
    QTest.mouseMove(chart.viewport(), point_of(panel, far))
    parameter = checked.found[far].parameter
    layer, _, name = parameter.key.partition(".")
    qtbot.waitUntil(lambda: (layer, name, parameter.index, None) in panel.workspace.hovered)
    assert "backward" in panel.reading.text()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=point_of(panel, far))
    assert panel.workspace.chosen_cells == ((layer, name, parameter.index, None),)


def test_it_waits_while_training_runs(open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot) -> None:
    panel = open_panel()
    qtbot.waitUntil(lambda: complete(panel))
    panel.workspace.training.play()
    qtbot.waitUntil(panel.empty.isVisible)
    assert "waits" in panel.empty.text()
    panel.workspace.training.pause()
    qtbot.waitUntil(lambda: complete(panel, panel.workspace.snapshot.step))


def test_a_large_network_is_checked_in_samples(
    open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot
) -> None:
    panel = open_panel(mlp(2, 40, 40, 1))
    qtbot.waitUntil(lambda: complete(panel), timeout=20_000)
    checked = panel.checked
    assert checked is not None and len(checked.found) == MOST < checked.whole
    assert f"{MOST} of {checked.whole} weights agree" in panel.verdict.text()


def test_the_perceptron_rule_has_no_gradient(
    open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot
) -> None:
    panel = open_panel(architectures["perceptron"]().document())
    qtbot.waitUntil(lambda: "no gradient" in panel.empty.text())


def test_a_planted_bug_is_named(
    open_panel: Callable[..., GradientCheckPanel], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the slope of tanh is forgotten, the gradients of the first layer are wrong."""
    monkeypatch.setattr(Tanh, "backward", _flat)
    panel = open_panel()
    qtbot.waitUntil(lambda: complete(panel))
    checked = panel.checked
    assert isinstance(checked, Checked)
    wrong = {each.parameter.key for each in checked.found if verdict(each) == "wrong"}
    assert wrong == {"hidden.W.input", "hidden.b"}
    assert "disagree" in panel.verdict.text() and "[1]" in panel.verdict.text()


def _flat(self: object, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
    """The backward phase of an activation whose slope was forgotten."""
    p.backward("dz = da", "dz", np.copyto, dz, da)
