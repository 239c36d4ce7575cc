"""The layers side by side, with a real worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.samples import mlp
from gui.panels.layers import PROBE, LayersPanel
from gui.theme import load_theme
from gui.workspace import Workspace


@pytest.fixture
def panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> LayersPanel:
    made = LayersPanel(make_workspace(mlp(2, 6, 4, 1, hidden="relu")))
    qtbot.addWidget(made)
    made.resize(460, 260)
    made.show()
    qtbot.waitUntil(lambda: made.figures is not None)
    return made


def said(panel: LayersPanel) -> list[str]:
    return panel.rows.accessibleDescription().splitlines()


def test_a_row_for_every_layer_with_weights(panel: LayersPanel) -> None:
    assert [line.partition(":")[0] for line in said(panel)] == [
        "Dense layer [1]",
        "Dense layer [2]",
        "Output [3]",
    ]
    assert not LayersPanel.open_at_start


def test_the_choice_is_made_by_keyboard(panel: LayersPanel) -> None:
    panel.which.setFocus()
    for kind in ("gradients", "changes", "activations"):
        QTest.keyClick(panel.which, Qt.Key.Key_Down)
        assert panel.kind == kind
    assert len(said(panel)) == 4 and "% zeros" in said(panel)[1] and "% flat" in said(panel)[1]
    assert "flat" not in said(panel)[3]


def test_it_follows_training_and_ends_when_hidden(panel: LayersPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.play()
    qtbot.waitUntil(lambda: panel.figures is not None and panel.figures.step > 50)
    workspace.training.pause()
    panel.hide()
    assert PROBE not in workspace.link.watchers


def test_a_row_lights_up_its_neurons(panel: LayersPanel) -> None:
    QTest.mouseMove(panel.rows, panel.rows.rect_of("hidden2").center().toPoint())
    assert panel.workspace.hovered == {("hidden2", "a", (unit,), 0) for unit in range(4)}
    QTest.mouseMove(panel.rows, panel.rows.rect().bottomLeft())


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: LayersPanel, look: str) -> None:
    panel.workspace.set_theme(load_theme(look, 1.6))
    panel.resize(640, 420)
    image = panel.rows.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 600, 4) for y in range(0, 300, 3)}
    theme = load_theme(look, 1.6)
    assert {theme.css("outline"), theme.css("panel")} <= names
