"""Confusion matrix, ROC, calibration and the list of mistakes, with a real worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document
from engine.samples import mlp
from gui.panels.decisions import PROBE, DecisionsPanel
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[..., DecisionsPanel]


def iris() -> Document:
    return mlp(4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"))


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document | None = None) -> DecisionsPanel:
        panel = DecisionsPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(640, 320)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.ready and panel.workspace.snapshot.data is not None)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Opening, qtbot: QtBot) -> DecisionsPanel:
    made = open_panel(iris())
    qtbot.waitUntil(lambda: made.found is not None)
    return made


def test_the_matrix_counts_every_example(panel: DecisionsPanel) -> None:
    assert panel.found is not None and panel.found.counts.sum() == 150
    assert panel.found.classes == ("setosa", "versicolor", "virginica")
    assert f"{panel.found.right} of 150 right" in panel.verdict.text()
    assert panel.list.count() == min(60, 150 - panel.found.right)


def test_a_cell_shows_its_examples_and_an_example_is_looked_at(panel: DecisionsPanel) -> None:
    found = panel.found
    assert found is not None
    row, column = max(((i, j) for i in range(3) for j in range(3)), key=lambda cell: found.counts[cell])
    spot = panel.matrix.rect_of(row, column).center().toPoint()
    QTest.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=spot)
    assert panel.list.count() == min(60, found.counts[row, column])
    item = panel.list.item(1)
    QTest.mouseClick(
        panel.list.viewport(), Qt.MouseButton.LeftButton, pos=panel.list.visualItemRect(item).center()
    )
    number = panel.workspace.example
    assert found.true[number] == row and found.predicted[number] == column
    QTest.mouseClick(panel.matrix, Qt.MouseButton.LeftButton, pos=spot)
    assert panel.matrix.cell is None and panel.list.count() == min(60, 150 - found.right)


def test_keys_choose_cells(panel: DecisionsPanel) -> None:
    panel.matrix.setFocus()
    QTest.keyClick(panel.matrix, Qt.Key.Key_Down)
    QTest.keyClick(panel.matrix, Qt.Key.Key_Down)
    assert panel.matrix.cell == (0, 1)
    QTest.keyClick(panel.matrix, Qt.Key.Key_Up)
    assert panel.matrix.cell == (0, 0)


def test_the_other_two_figures(panel: DecisionsPanel) -> None:
    QTest.mouseClick(panel.buttons["roc"], Qt.MouseButton.LeftButton)
    assert "Area under the curve" in panel.verdict.text() and panel.roc is not None and panel.roc.isVisible()
    QTest.mouseClick(panel.buttons["calibration"], Qt.MouseButton.LeftButton)
    assert "apart" in panel.verdict.text() and panel.calibration is not None
    assert panel.calibration.isVisible() and not panel.matrix.isVisible()


def test_it_follows_training_and_ends_when_hidden(panel: DecisionsPanel, qtbot: QtBot) -> None:
    workspace = panel.workspace
    workspace.training.set_pace(None)
    workspace.training.play()
    qtbot.waitUntil(lambda: panel.found is not None and panel.found.right > 130, timeout=20_000)
    workspace.training.pause()
    panel.hide()
    assert PROBE not in workspace.link.watchers


def test_without_classes_it_says_so(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(mlp(1, 4, 1, output="identity", loss=Spec("mse"), data=Spec("line")))
    qtbot.waitUntil(lambda: "no classes" in panel.empty.text())


def test_pictures_stand_in_the_list(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(architectures["cnn"]().document())
    qtbot.waitUntil(lambda: panel.list.count() > 0)
    assert not panel.list.item(0).icon().isNull()


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: DecisionsPanel, look: str) -> None:
    panel.workspace.set_theme(load_theme(look, 1.6))
    panel.resize(900, 500)
    image = panel.matrix.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 400, 6) for y in range(0, 300, 6)}
    assert len(names) > 5
