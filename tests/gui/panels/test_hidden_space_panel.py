"""The hidden space with a real worker, against the activations by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import Document
from engine.samples import mlp
from gui.panels.hidden_space import ALONG, GRID, LINES, POINTS, HiddenSpacePanel
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[..., HiddenSpacePanel]


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document | None = None) -> HiddenSpacePanel:
        panel = HiddenSpacePanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(420, 340)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.ready and panel.workspace.snapshot.data is not None)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Opening, qtbot: QtBot) -> HiddenSpacePanel:
    made = open_panel(mlp(2, 2, 1))
    qtbot.waitUntil(lambda: made.chart is not None and made.chart.isVisible())
    return made


def hidden(workspace: Workspace, X: np.ndarray) -> np.ndarray:
    p = workspace.parameters
    return np.tanh(p["hidden.W.input"] @ X + p["hidden.b"])


def test_the_examples_lie_where_the_layer_puts_them(panel: HiddenSpacePanel) -> None:
    points, data = panel.chart.points, panel.workspace.data  # type: ignore[union-attr]
    assert points is not None and data is not None
    assert np.allclose(np.stack([points.x, points.y]), hidden(panel.workspace, data.X), atol=1e-12)
    assert not HiddenSpacePanel.open_at_start


def test_the_grid_is_bent_as_the_layer_bends_it(panel: HiddenSpacePanel, qtbot: QtBot) -> None:
    assert panel.chart is not None
    qtbot.waitUntil(lambda: panel.chart._grid.getData()[0] is not None)
    x, y = panel.chart._grid.getData()
    assert len(x) == 2 * LINES * (ALONG + 1)
    corner = np.array([[-0.3], [-0.3]])  # 0 and 1 with the margin of the boundary
    assert np.allclose([x[0], y[0]], hidden(panel.workspace, corner)[:, 0], atol=1e-9)
    assert np.isnan(x[ALONG]) and not np.isnan(x[ALONG + 1])


def test_the_line_of_the_unit_that_follows(panel: HiddenSpacePanel) -> None:
    assert panel.chart is not None
    x, y = panel.chart._line.getData()
    p = panel.workspace.parameters
    W, b = p["output.W.hidden"][0], p["output.b"][0, 0]
    assert len(x) == 2 and np.allclose(W[0] * x + W[1] * y + b, 0.0, atol=1e-12)


def test_axes_are_chosen_by_keyboard(panel: HiddenSpacePanel, qtbot: QtBot) -> None:
    panel.across.setFocus()
    QTest.keyClick(panel.across, Qt.Key.Key_Down)
    panel.across.activated.emit(1)
    data, points = panel.workspace.data, panel.chart.points  # type: ignore[union-attr]
    assert data is not None and points is not None
    assert np.allclose(points.x, hidden(panel.workspace, data.X)[1], atol=1e-12)


def test_a_click_looks_at_the_example(panel: HiddenSpacePanel) -> None:
    assert panel.chart is not None and panel.chart.points is not None
    spot = panel.chart.to_screen(panel.chart.points.x[2], panel.chart.points.y[2]).toPoint()
    QTest.mouseClick(panel.chart.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert panel.workspace.example == 2


def test_it_follows_training_and_ends_when_hidden(panel: HiddenSpacePanel, qtbot: QtBot) -> None:
    workspace, points = panel.workspace, panel.chart.points  # type: ignore[union-attr]
    assert points is not None
    before = points.x.copy()
    workspace.training.advance(200)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 200 and not np.allclose(points.x, before))
    panel.hide()
    assert not {POINTS, GRID} & set(workspace.link.watchers)


def test_more_units_have_no_line_and_more_features_no_grid(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(mlp(4, 5, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris")))
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.isVisible())
    assert panel.chart is not None and panel.chart.points is not None
    assert len(panel.chart.points.x) == 150 and panel.across.count() == 5
    assert GRID not in panel.workspace.link.watchers
    assert len(panel.chart._line.getData()[0]) == 0


def test_without_a_hidden_layer_it_says_so(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(mlp(2, 1))
    assert panel.empty.isVisible() and not panel.layer.isVisible()
    panel.workspace.open(mlp(2, 3, 1))
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.isVisible())
    assert panel.across.count() == 3


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: HiddenSpacePanel, look: str) -> None:
    panel.workspace.set_theme(load_theme(look, 1.6))
    panel.resize(640, 500)
    image = panel.grab().toImage()
    theme = load_theme(look, 1.6)
    names = {image.pixelColor(x, y).name() for x in range(0, 640, 2) for y in range(60, 480, 2)}
    assert {theme.css("panel"), theme.css("text")} <= names
