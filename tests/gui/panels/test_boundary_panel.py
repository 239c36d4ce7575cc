"""The boundary panel on real training."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document.edits import set_units
from engine.fitting import choose_data
from engine.samples import mlp
from gui.panels.boundary import GRID, BoundaryPanel
from gui.panels.judging import class_of, correct, number_of_classes
from gui.panels.plane import MOST, Plane, side_for
from gui.workspace import Workspace


def shown(workspace: Workspace, qtbot: QtBot, step: int = 0) -> BoundaryPanel:
    panel = BoundaryPanel(workspace)
    qtbot.addWidget(panel)
    panel.resize(420, 260)
    panel.show()
    if step:
        workspace.training.advance(step)
    qtbot.waitUntil(lambda: panel._a is not None and workspace.snapshot.step == step, timeout=10_000)
    return panel


def test_the_boundary_of_a_trained_xor(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot, 2000)
    plane, a = panel.plane, panel._a
    assert plane is not None and a is not None
    grid = plane.grid(a)[0]
    for x, y in zip(plane.data.X.T, plane.data.Y[0], strict=True):
        cells = [
            int((at - low) / size) for at, (low, _), size in zip(x, plane.ranges, plane.cell, strict=True)
        ]
        assert (grid[cells[1], cells[0]] > 0.5) == bool(y)
    assert panel.plane_chart is not None
    x, y = panel.plane_chart.line
    assert len(x) > 20
    parameters = workspace.parameters
    z = parameters["hidden.W.input"] @ np.stack([x, y]) + parameters["hidden.b"]
    on_line = parameters["output.W.hidden"] @ np.tanh(z) + parameters["output.b"]
    assert np.abs(1 / (1 + np.exp(-on_line)) - 0.5).max() < 0.05
    assert panel.plane_chart.points is not None
    assert panel.plane_chart.points.wrong == 0
    assert "0 of 4 wrong" in panel.head.reading.text()


def test_the_picture_has_the_colours_of_the_classes(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot, 2000)
    chart = panel.plane_chart
    assert chart is not None
    image = chart._picture.pixmap().toImage()
    theme = workspace.theme
    side = image.width()
    place = {0.0: round(0.3 / 1.6 * side), 1.0: round(1.3 / 1.6 * side)}

    def distance(x: float, y: float, number: int) -> float:
        seen, wanted = image.pixelColor(place[x], place[y]), theme.class_colour(number)
        return sum(abs(one - two) for one, two in zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True))

    for x, y, number in ((0.0, 0.0, 0), (1.0, 1.0, 0), (0.0, 1.0, 1), (1.0, 0.0, 1)):
        assert distance(x, y, number) < distance(x, y, 1 - number)


def test_wrong_points_are_ringed(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot)
    qtbot.waitUntil(lambda: panel._predictions is not None)
    assert panel._predictions is not None
    right = correct(panel._predictions, workspace.data or pytest.fail())
    assert panel.plane_chart is not None and panel.plane_chart.points is not None
    assert panel.plane_chart.points.wrong == int((~right).sum()) > 0


def test_a_click_chooses_an_example_and_hover_reads_it(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot, 10)
    chart = panel.plane_chart
    assert chart is not None
    QTest.mouseMove(chart.viewport(), chart.to_screen(0.5, 0.5).toPoint())
    qtbot.waitUntil(lambda: panel.head.reading.text().startswith("x1 0."))
    QTest.mouseMove(chart.viewport(), chart.to_screen(1, 0).toPoint())
    qtbot.waitUntil(lambda: panel.head.reading.text().startswith("x(3)"))
    assert "target y 1" in panel.head.reading.text()
    told = panel.head.reading.text()
    assert "prediction a 0." in told
    workspace.training.advance(500)
    qtbot.waitUntil(lambda: panel.head.reading.text() != told)
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.to_screen(1, 0).toPoint())
    assert workspace.example == 2
    assert chart.points is not None
    assert [float(each) for each in chart.points.chosen.getData()[0]] == [1.0]
    assert [float(each) for each in chart.points.chosen.getData()[1]] == [0.0]
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.to_screen(0.5, 0.5).toPoint())
    assert workspace.example == 2


def test_any_neuron_can_be_shown(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot, 300)
    names = [panel.head.what.itemText(i) for i in range(panel.head.what.count())]
    assert names == ["Prediction a", "a[1]₁", "a[1]₂", "a[1]₃", "a[1]₄"]
    panel.head.what.setFocus()
    QTest.keyClick(panel.head.what, Qt.Key.Key_Down)
    QTest.keyClick(panel.head.what, Qt.Key.Key_Down)
    panel.head.chosen.emit()
    qtbot.waitUntil(lambda: panel._a is not None and panel._a.min() < -0.5)
    parameters, plane = workspace.parameters, panel.plane
    assert plane is not None and panel._a is not None
    wanted = np.tanh(parameters["hidden.W.input"] @ plane.X + parameters["hidden.b"])[1]
    assert np.allclose(panel._a[0], wanted)
    assert panel.head.scale.isVisible()
    workspace.editing.attempt("fewer", set_units, layer="hidden", units=1)
    qtbot.waitUntil(lambda: panel._a is not None and panel._a.min() >= 0)
    assert panel.head.subject.is_prediction


def test_several_classes_and_several_features(make_workspace: Any, qtbot: QtBot) -> None:
    panel = shown(make_workspace(choose_data(mlp(2, 6, 1), Spec("iris"))), qtbot, 200)
    assert panel.plane is not None and panel.plane.axes == (0, 1)
    reading = panel.head.reading
    assert "others at their mean" in reading.parts
    assert any(each.startswith("petal length") for each in reading.parts)
    assert reading.text() == "" or reading.text() in " · ".join(reading.parts)
    assert reading.text() == " · ".join(reading.parts) or "others at their mean" in reading.toolTip()
    panel.head.across.setCurrentIndex(2)
    panel.head.up.setCurrentIndex(3)
    panel.head.chosen.emit()
    qtbot.waitUntil(lambda: panel.plane is not None and panel.plane.axes == (2, 3) and panel._a is not None)
    assert panel._a is not None and panel._a.shape[0] == 3
    assert panel.plane_chart is not None and len(panel.plane_chart.line[0]) > 10
    panel.head.up.setCurrentIndex(2)
    panel.head.chosen.emit()
    assert panel.plane.axes == (2, 3)
    chart = panel.plane_chart
    QTest.mouseMove(chart.viewport(), chart.to_screen(0.0, 0.0).toPoint())
    qtbot.waitUntil(lambda: panel.head.across.isHidden() and panel.head.up.isHidden())
    height = panel.head.foot.height()
    QTest.mouseMove(panel.head.what)
    chart.hovered.emit(None)
    assert panel.head.across.isVisible() and panel.head.foot.height() == height


def test_one_input_is_a_curve(make_workspace: Any, qtbot: QtBot) -> None:
    x = np.linspace(-1, 1, 30)[np.newaxis]
    table = Data(x, 2 * x**2, ("x1",), ("y",), Task.REGRESSION)
    document = choose_data(mlp(2, 4, 1, optimizer=Spec("adam")), Spec("table"), table)
    panel = shown(make_workspace(document), qtbot, 100)
    chart = panel.line_chart
    assert chart is not None and panel.chart is chart
    xs, ys = chart._lines[0].getData()
    assert len(xs) == len(ys) == 240
    assert chart.points is not None and len(chart.points.x) == 30
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.to_screen(-1, 2).toPoint())
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=chart.to_screen(1, 2).toPoint())
    assert panel.workspace.example == 29


def test_hidden_panels_ask_nothing(
    workspace: Workspace, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown(workspace, qtbot, 5)
    assert GRID in workspace.link.watchers
    panel.hide()
    assert not workspace.link.watchers
    calls: list[object] = []
    monkeypatch.setattr(BoundaryPanel, "_show_grid", lambda *each: calls.append(each))
    workspace.training.advance(10)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 15)
    assert not calls
    panel.show()
    qtbot.waitUntil(lambda: bool(calls))


def test_a_network_that_does_not_fit_shows_the_data_only(workspace: Workspace, qtbot: QtBot) -> None:
    panel = shown(workspace, qtbot, 5)
    workspace.editing.attempt("more inputs", set_units, layer="input", units=3)
    qtbot.waitUntil(lambda: workspace.snapshot.problem != "" and panel._a is None)
    assert panel.plane_chart is not None
    assert panel.plane_chart._picture.pixmap().isNull()
    workspace.editing.undo()
    qtbot.waitUntil(lambda: panel._a is not None)


def test_the_grid_is_coarser_for_large_networks() -> None:
    small = {"hidden.W.input": np.zeros((4, 2)), "hidden.b": np.zeros((4, 1))}
    large = {"hidden.W.input": np.zeros((2000, 2)), "output.W.hidden": np.zeros((2000, 2000))}
    assert side_for(small) == MOST
    assert 16 <= side_for(large) < MOST


def test_planes_of_odd_data() -> None:
    flat = Data(np.array([[1.0, 1.0], [2.0, 3.0]]), np.array([[0.0, 1.0]]), ("a", "b"), ("y",), Task.BINARY)
    plane = Plane.over(flat, (0, 1), 16)
    assert plane.ranges[0] == (0.0, 2.0)
    assert plane.X.shape == (2, 256)
    signs = Data(np.zeros((2, 2)), np.array([[-1.0, 1.0]]), ("a", "b"), ("y",), Task.BINARY)
    assert class_of(signs).tolist() == [0, 1]
    assert correct(np.array([[-0.2, 0.3]]), signs).tolist() == [True, True]
    assert number_of_classes(signs) == 2


def test_the_window_is_painted_before_the_charts_are_made(make_workspace: Any, qtbot: QtBot) -> None:
    workspace = make_workspace()
    qtbot.waitUntil(lambda: workspace.data is not None)
    panel = BoundaryPanel(workspace)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.chart is None
    qtbot.waitUntil(lambda: panel.chart is not None)


def test_finding_the_panels_imports_no_pyqtgraph() -> None:
    code = "import sys; from gui.panel import all_panels; all_panels(); sys.exit('pyqtgraph' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
