"""Sweeps in the window, with a real worker, mouse and keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.samples import mlp
from gui.panels.sweep import SweepPanel
from gui.panels.sweep_values import parse_values
from gui.theme import load_theme
from gui.workspace import Workspace


@pytest.fixture
def panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> SweepPanel:
    document = mlp(2, 2, 1, hidden="sigmoid", optimizer=Spec.of("gradient_descent", learning_rate=2.0))
    made = SweepPanel(make_workspace(document))
    qtbot.addWidget(made)
    made.resize(720, 320)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.ready and made.workspace.snapshot.data is not None)
    return made


def type_in(field: object, text: str) -> None:
    field.setFocus()  # type: ignore[attr-defined]
    field.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(field, text)


def test_seeds_are_swept_and_counted(panel: SweepPanel, qtbot: QtBot) -> None:
    assert panel.empty.isVisible() and not SweepPanel.open_at_start
    type_in(panel.values, "1-12")
    type_in(panel.updates, "1500")
    QTest.keyClick(panel.updates, Qt.Key.Key_Return)
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.swept.complete and not panel.running, timeout=20_000)
    reached = sum(run.success for run in panel.swept.runs)
    assert panel.verdict.text() == f"{reached} of 12 runs reach the goal." and len(panel.swept.runs) == 12
    assert panel.progress.value() == 100 and panel.chart is not None and panel.chart.isVisible()
    assert panel.workspace.snapshot.step == 0


def test_a_run_is_taken_over_bit_for_bit(panel: SweepPanel, qtbot: QtBot) -> None:
    type_in(panel.values, "3 8")
    type_in(panel.updates, "200")
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.swept.complete, timeout=20_000)
    chart, run = panel.chart, panel.swept.runs[1]
    assert chart is not None
    apart = np.abs(run.costs - panel.swept.runs[0].costs)
    place = int(apart.argmax())
    spot = chart.to_screen(float(run.steps[place]), float(run.costs[place])).toPoint()
    QTest.mouseMove(chart.viewport(), spot)
    assert "Seed 8" in panel.verdict.text()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    workspace = panel.workspace
    assert workspace.document.training.seed == 8
    workspace.training.advance(200)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 200)
    assert np.array_equal(workspace.curve.values[run.steps], run.costs)
    workspace.editing.undo()
    workspace.editing.undo()
    assert workspace.document.training.seed == 1


def test_it_can_be_stopped_and_what_is_over_stays(panel: SweepPanel, qtbot: QtBot) -> None:
    type_in(panel.values, "1-500")
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(panel.swept.runs) >= 2, timeout=20_000)
    QTest.mouseClick(panel.button, Qt.MouseButton.LeftButton)
    assert not panel.running and panel.button.text() == "Run" and len(panel.swept.runs) < 500
    panel.hide()


def test_training_ends_it(panel: SweepPanel, qtbot: QtBot) -> None:
    type_in(panel.values, "1-500")
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    panel.workspace.training.play()
    qtbot.waitUntil(lambda: not panel.running)
    panel.workspace.training.pause()


def test_another_knob_suggests_its_values(panel: SweepPanel, qtbot: QtBot) -> None:
    panel.which.setFocus()
    place = panel.which.findData("units.hidden")
    panel.which.setCurrentIndex(place)
    panel.which.activated.emit(place)
    assert panel.values.text().startswith("1 2 3")
    type_in(panel.values, "1 3")
    type_in(panel.updates, "100")
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.swept.complete, timeout=20_000)
    assert [run.value for run in panel.swept.runs] == [1.0, 3.0]


@pytest.mark.parametrize("text", ["", "a b", "5-1", "1-5000", "1.5", "1/0"])
def test_values_that_cannot_be_read_become_one_sentence(panel: SweepPanel, text: str) -> None:
    type_in(panel.values, text)
    if not text:
        panel.values.clear()
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    assert panel.verdict.text() and not panel.running


def test_values_are_read_generously() -> None:
    assert parse_values("1-4", True) == (1.0, 2.0, 3.0, 4.0)
    assert parse_values(" 1/4  0,5; 2 ", False) == (0.25, 0.5, 2.0)


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: SweepPanel, qtbot: QtBot, look: str) -> None:
    type_in(panel.values, "1-4")
    type_in(panel.updates, "50")
    QTest.keyClick(panel.values, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.swept.complete, timeout=20_000)
    panel.workspace.set_theme(load_theme(look, 1.6))
    panel.resize(1000, 480)
    QTest.mouseClick(panel.log, Qt.MouseButton.LeftButton)
    image = panel.grab().toImage()
    assert len({image.pixelColor(x, y).name() for x in range(0, 1000, 5) for y in range(0, 480, 5)}) > 6
