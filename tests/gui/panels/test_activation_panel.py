"""The activation panel."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document.edits import remove_layer, set_knob
from engine.fitting import choose_data
from engine.samples import mlp
from gui.panels.activation import ActivationPanel
from gui.selection import Selection
from gui.stepping.walk import Level
from gui.workspace import Workspace


def shown(workspace: Workspace, qtbot: QtBot) -> ActivationPanel:
    panel = ActivationPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(420, 240)
    panel.show()
    qtbot.waitUntil(lambda: panel._z is not None)
    return panel


def test_the_dot_is_at_z(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    workspace.training.advance(300)
    workspace.choose_example(2)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 300 and panel._z is not None)
    parameters = workspace.parameters

    def wanted() -> Any:
        return (parameters["hidden.W.input"] @ np.array([[1.0], [0.0]]) + parameters["hidden.b"])[:, 0]

    qtbot.waitUntil(lambda: panel._z is not None and np.allclose(panel._z, wanted()))
    QTest.keyClick(panel.neuron, Qt.Key.Key_Down)
    panel._choose(1)
    assert panel.unit == 1
    assert panel.curves is not None
    x, y = panel.curves._dots.getData()
    z = wanted()[1]
    assert np.allclose(x, [z, z])
    assert np.allclose(y, [np.tanh(z), 1 - np.tanh(z) ** 2])
    ends_x, ends_y = panel.curves._tangent.getData()
    assert np.isclose((ends_y[1] - ends_y[0]) / (ends_x[1] - ends_x[0]), 1 - np.tanh(z) ** 2)
    assert "z" in panel.numbers.text()


def test_it_follows_the_selection(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    assert panel.node is not None and panel.node.layer.id == "hidden"
    workspace.select(Selection(layers=frozenset({"output"})))
    assert panel.node.layer.id == "output"
    assert panel.neuron.count() == 1
    workspace.select(Selection(units=frozenset({("hidden", 2)})))
    assert panel.node.layer.id == "hidden"
    assert panel.unit == 2
    workspace.select(Selection(layers=frozenset({"input"})))
    assert panel.node.layer.id == "hidden"


def test_another_activation_another_curve(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    workspace.editing.attempt("relu", set_knob, layer="hidden", name="activation", value=Spec("relu"))
    assert panel.curves is not None
    x, y = panel.curves._value.getData()
    assert np.allclose(y, np.maximum(x, 0))
    assert (x[0], x[-1]) == (-6.0, 6.0)


def test_the_axis_is_stretched_to_a_large_z(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    workspace.editing.set_weight("hidden.b", (0, 0), -17.0)
    qtbot.waitUntil(lambda: panel._z is not None and panel._z[0] == -17.0)
    assert panel.curves is not None
    assert panel.curves.view.viewRange()[0] == [-20.0, 20.0]


def test_in_the_walk_z_is_unknown_until_it_is_calculated(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    workspace.walking.forward(Level.TERM)
    qtbot.waitUntil(lambda: workspace.walk is not None)
    assert panel.curves is not None
    assert panel.curves._dots.getData()[0].size == 0
    assert "not calculated" in panel.numbers.text()
    while workspace.walk is not None and workspace.walk.value("hidden", "z", (0,), 0) is None:
        workspace.walking.forward(Level.TERM)
    assert panel.curves._dots.getData()[0].size == 2


def test_softmax_has_bars(make_workspace: Any, qtbot: QtBot) -> None:
    panel = shown(make_workspace(choose_data(mlp(2, 4, 1), Spec("iris"))), qtbot)
    panel.workspace.select(Selection(layers=frozenset({"output"})))
    qtbot.waitUntil(lambda: panel._z is not None and len(panel._z) == 3)
    assert panel.shares is not None
    assert panel.shares.isVisible()
    heights = np.concatenate([panel.shares._bars.opts["height"], panel.shares._chosen.opts["height"]])
    assert heights.sum() == pytest.approx(1.0)
    assert panel._names() == ["setosa", "versicolor", "virginica"]


def test_without_a_layer_it_says_what_to_do(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    workspace.editing.attempt("remove", remove_layer, layer="input")
    assert panel.empty.isVisible()
    workspace.editing.undo()
    assert not panel.empty.isVisible()


def test_hidden_it_does_nothing(workspace: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = shown(workspace, qtbot)
    panel.hide()
    assert not workspace.link.watchers
    calls: list[object] = []
    monkeypatch.setattr(ActivationPanel, "_show", lambda *each: calls.append(each))
    workspace.training.advance(20)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
    assert not calls
