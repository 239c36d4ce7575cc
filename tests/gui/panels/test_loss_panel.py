"""The loss panel on real training."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Training
from engine.document.edits import set_optimizer
from engine.fitting import choose_data
from engine.layout import Layout
from engine.learned import fresh
from engine.samples import mlp
from engine.trainer import Trainer
from gui import theme as themes
from gui.panels.judging import FEWEST_EXAMPLES, MOST_EXAMPLES, how_many
from gui.panels.loss import PREDICTIONS, LossPanel
from gui.workspace import Workspace


@pytest.fixture
def panel(workspace: Workspace, qtbot: QtBot) -> LossPanel:
    made = LossPanel(workspace)
    qtbot.addWidget(made)
    made.resize(420, 220)
    made.show()
    qtbot.waitUntil(lambda: made.ready)
    return made


def drawn_all(panel: LossPanel) -> bool:
    return panel.chart is not None and panel.chart._bins.length == len(panel.workspace.curve) > 0


def test_nothing_yet_says_what_to_do(panel: LossPanel) -> None:
    assert panel.empty.isVisible()
    assert "Space" in panel.empty.text()
    assert panel.chart is None


def test_the_curve_misses_no_update_however_fast_training_is(panel: LossPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    qtbot.waitUntil(lambda: PREDICTIONS in workspace.snapshot.answers)
    workspace.training.set_pace(None)
    workspace.training.play()
    qtbot.waitUntil(lambda: len(workspace.curve) > 3000, timeout=10_000)
    workspace.training.pause()
    qtbot.waitUntil(lambda: not workspace.snapshot.running and drawn_all(panel))
    count = len(workspace.curve)
    assert workspace.snapshot.step == count
    document = workspace.document
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(count)
    assert np.array_equal(workspace.curve.values, trainer.curve.values)
    assert panel.chart is not None
    _, y = panel.chart.points
    assert y.max() == trainer.curve.values.max()
    assert y.min() == trainer.curve.values.min()
    assert panel.value.text().startswith("J = ")
    assert panel.accuracy.text() == "4 of 4 right"


def test_a_click_seeks_and_the_future_stays_faint(panel: LossPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.advance(200)
    qtbot.waitUntil(lambda: drawn_all(panel) and workspace.snapshot.step == 200)
    chart = panel.chart
    assert chart is not None
    where = chart.to_screen(50, 0.5 * workspace.curve.values.max()).toPoint()
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=where)
    qtbot.waitUntil(lambda: 45 <= workspace.snapshot.step <= 55)
    assert len(workspace.curve) == 200
    past, future = chart._past.getData()[0], chart._future.getData()[0]
    step = workspace.snapshot.step
    assert past[-1] == future[0] == step
    assert future[-1] == 199


def test_a_branch_replaces_the_future(panel: LossPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.advance(200)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 200)
    workspace.training.seek(50)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 50)
    faster = Spec.of("gradient_descent", learning_rate=3.0)
    workspace.editing.attempt("Set learning rate to 3", set_optimizer, spec=faster)
    workspace.training.advance(30)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 80)
    before = workspace.document
    trainer = Trainer(set_optimizer(before, spec=Spec("gradient_descent")), data_of(before), fresh(before))
    trainer.advance(50)
    branched = Trainer(before, data_of(before), trainer.learned)
    branched.advance(30)
    assert np.array_equal(workspace.curve.values[50:80], branched.curve.values)
    qtbot.waitUntil(lambda: drawn_all(panel))
    assert panel.chart is not None
    assert np.array_equal(panel.chart.points[1][50:80], branched.curve.values)


def test_hover_reads_update_epoch_and_loss(make_workspace, qtbot: QtBot) -> None:
    document = choose_data(mlp(2, 4, 1, training=Training(batch_size=20)), Spec("moons"))
    panel = LossPanel(make_workspace(document))
    qtbot.addWidget(panel)
    panel.resize(420, 220)
    panel.show()
    panel.workspace.training.advance(100)
    qtbot.waitUntil(lambda: drawn_all(panel) and panel.workspace.snapshot.step == 100)
    chart = panel.chart
    assert chart is not None
    assert chart.getPlotItem().getAxis("top").isVisible()
    QTest.mouseMove(chart.viewport(), QPoint(3, 3))
    QTest.mouseMove(chart.viewport(), chart.to_screen(42, 0.2).toPoint())
    qtbot.waitUntil(lambda: panel.reading.text() != "")
    assert "update 4" in panel.reading.text()
    assert "epoch 5" in panel.reading.text()
    panel.log.click()
    assert chart.points[1].min() > 0
    low, high = chart.view.viewRange()[1]
    assert low < np.log10(chart.points[1].min()) < high < 2


def test_a_hidden_panel_does_no_work(panel: LossPanel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = panel.workspace
    calls: list[object] = []
    panel.hide()
    monkeypatch.setattr(LossPanel, "_show_accuracy", lambda *each: calls.append(each))
    workspace.training.advance(50)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 50)
    assert not calls
    assert not workspace.link.watchers
    panel.show()
    qtbot.waitUntil(lambda: drawn_all(panel))
    assert calls


def test_a_million_updates_are_drawn_at_once(panel: LossPanel) -> None:
    workspace = panel.workspace
    rng = np.random.default_rng(1)
    for k, value in enumerate(rng.random(1000) + 0.1):
        workspace.curve.record(k, float(value))
    panel.refresh(workspace.snapshot)
    assert panel.chart is not None
    for end in (50_000, 1_000_000):
        for k in (end - 2, end - 1):
            workspace.curve.record(k, 0.5)
        panel.refresh(workspace.snapshot)
        assert len(panel.chart.points[0]) <= 4100


def test_no_context_menu(panel: LossPanel, qtbot: QtBot) -> None:
    panel.workspace.training.advance(5)
    qtbot.waitUntil(lambda: drawn_all(panel))
    chart = panel.chart
    assert chart is not None
    QTest.mouseClick(chart.viewport(), Qt.MouseButton.RightButton)
    assert panel.workspace.snapshot.step == 5
    assert not chart.getPlotItem().menuEnabled()
    assert chart.view.menu is None


def test_restyle_keeps_sizes(panel: LossPanel) -> None:
    before = panel.value.font().pointSizeF()
    for _ in range(3):
        panel.workspace.set_theme(themes.load_theme("dark"))
    assert panel.value.font().pointSizeF() == before
    panel.workspace.set_theme(themes.load_theme("dark", 2.0))
    assert panel.value.font().pointSizeF() > 1.8 * before


def test_a_large_network_is_judged_by_fewer_examples() -> None:
    small, large = mlp(2, 4, 1), architectures.make("segmentation").document()
    assert how_many(Layout(small)) == MOST_EXAMPLES
    assert FEWEST_EXAMPLES <= how_many(Layout(large)) < 200
