"""The latent plane with a real worker and real events, against encoder and decoder by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.panels.latent import CODES, GRID, POINT, WIDE, LatentPanel
from gui.panels.making.pictures import as_pictures, mosaic
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[[Document], LatentPanel]


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document) -> LatentPanel:
        panel = LatentPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(640, 340)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.ready and panel.workspace.snapshot.data is not None)
        return panel

    return made


def narrow() -> Document:
    """4-3-2-3-4 on the flowers: it gives back what it is given."""
    training = Training(seed=4, procedure=Spec.of("reconstruction", noise=0.3))
    return mlp(4, 3, 2, 3, 4, output="identity", loss=Spec("mse"), data=Spec("iris"), training=training)


@pytest.fixture
def panel(open_panel: Opening, qtbot: QtBot) -> LatentPanel:
    made = open_panel(narrow())
    qtbot.waitUntil(lambda: made.chart is not None and made.chart.place is not None)
    assert made.chart is not None
    qtbot.waitUntil(lambda: len(made.answer._values) == 4)
    return made


def codes(workspace: Workspace) -> np.ndarray:
    p, X = workspace.parameters, workspace.data.X  # type: ignore[union-attr]
    a = np.tanh(p["hidden.W.input"] @ X + p["hidden.b"])
    return np.tanh(p["hidden2.W.hidden"] @ a + p["hidden2.b"])


def decoder(workspace: Workspace, code: np.ndarray) -> np.ndarray:
    p = workspace.parameters
    a = np.tanh(p["hidden3.W.hidden2"] @ code[:, None] + p["hidden3.b"])
    return (p["output.W.hidden3"] @ a + p["output.b"])[:, 0]


def test_the_codes_are_those_of_the_clean_examples(panel: LatentPanel) -> None:
    assert panel.choice.layer.currentData() == "hidden2" and not LatentPanel.open_at_start
    points = panel.chart.points  # type: ignore[union-attr]
    assert points is not None
    assert np.allclose(np.stack([points.x, points.y]), codes(panel.workspace), atol=1e-12)
    assert set(points.classes) == {0, 1, 2}


def test_the_point_begins_at_the_example(panel: LatentPanel, qtbot: QtBot) -> None:
    panel.workspace.choose_example(60)
    here = codes(panel.workspace)[:, 60]
    qtbot.waitUntil(lambda: panel.chart.place == pytest.approx(tuple(here)))  # type: ignore[union-attr]
    expected = decoder(panel.workspace, here)
    qtbot.waitUntil(lambda: panel.answer._values == pytest.approx(expected))
    assert "Example 61" in panel.reading.text()


def test_a_dragged_point_is_decoded_on_its_way(panel: LatentPanel, qtbot: QtBot) -> None:
    chart = panel.chart
    assert chart is not None
    viewport = chart.viewport()
    begin = chart.to_screen(*chart.place).toPoint()  # type: ignore[misc]
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begin)
    for step in (10, 25):
        QTest.mouseMove(viewport, begin + QPoint(-step, step))
        assert panel.place is not None
        expected = decoder(panel.workspace, np.array(panel.place))
        qtbot.waitUntil(lambda e=expected: panel.answer._values == pytest.approx(e))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=begin + QPoint(-25, 25))
    away = chart.to_screen(*panel.place) - (begin + QPoint(-25, 25)).toPointF()  # type: ignore[misc]
    assert away.manhattanLength() < 2 and "Decoded" in panel.reading.text()


def test_it_is_moved_by_keyboard(panel: LatentPanel, qtbot: QtBot) -> None:
    chart = panel.chart
    assert chart is not None and chart.place is not None
    x, y = chart.place
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(chart, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert chart.place[0] > x and chart.place[1] > y
    expected = decoder(panel.workspace, np.array(chart.place))
    qtbot.waitUntil(lambda: panel.answer._values == pytest.approx(expected))


def test_a_double_click_looks_at_an_example(panel: LatentPanel) -> None:
    chart = panel.chart
    assert chart is not None and chart.points is not None
    spot = chart.to_screen(chart.points.x[100], chart.points.y[100]).toPoint()
    QTest.mouseDClick(chart.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    found = panel.workspace.example
    away = chart.to_screen(chart.points.x[found], chart.points.y[found]) - spot.toPointF()
    assert away.manhattanLength() < 4


def test_of_a_wider_code_the_others_stay_with_the_example(panel: LatentPanel, qtbot: QtBot) -> None:
    panel.choice.layer.setFocus()
    QTest.keyClick(panel.choice.layer, Qt.Key.Key_Down)
    panel.choice.layer.activated.emit(panel.choice.layer.currentIndex())
    assert panel.choice.layer.currentData() == "hidden" and panel.choice.across.count() == 3
    qtbot.waitUntil(lambda: panel.chart.place is not None and panel._codes is not None)  # type: ignore[union-attr]
    panel._move(0.1, -0.2)
    p, x = panel.workspace.parameters, panel.workspace.data.X[:, [0]]  # type: ignore[union-attr]
    a = np.tanh(p["hidden.W.input"] @ x + p["hidden.b"])[:, 0]
    a[0], a[1] = 0.1, -0.2
    expected = decoder(panel.workspace, np.tanh(p["hidden2.W.hidden"] @ a[:, None] + p["hidden2.b"])[:, 0])
    qtbot.waitUntil(lambda: panel.answer._values == pytest.approx(expected))


def test_it_follows_training_and_ends_when_hidden(panel: LatentPanel, qtbot: QtBot) -> None:
    before = panel.answer._values.copy()
    panel.workspace.training.advance(50)
    qtbot.waitUntil(lambda: not np.allclose(panel.answer._values, before))
    panel.hide()
    assert not {CODES, POINT, GRID} & set(panel.workspace.link.watchers)


def test_pictures_are_decoded_all_over_the_plane(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(architectures["autoencoder"]().document())
    qtbot.waitUntil(lambda: bool(panel.picture.tiles))
    assert panel.pictures.isVisible() and panel.choice.layer.currentText().startswith("Code")
    picture = panel.picture.tiles[0].picture
    assert picture is not None and picture.shape == (8, 8)
    assert panel.chart is not None and not panel.chart.has_pictures
    QTest.mouseClick(panel.pictures, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.pictures.height() // 2))
    qtbot.waitUntil(lambda: panel.chart.has_pictures)  # type: ignore[union-attr]
    across, up = panel.chart.sides(WIDE)
    pixmap = panel.chart._pictures.pixmap()
    assert (pixmap.width(), pixmap.height()) == (9 * across, 9 * up)
    QTest.mouseClick(panel.pictures, Qt.MouseButton.LeftButton, pos=QPoint(8, panel.pictures.height() // 2))
    assert not panel.chart.has_pictures and GRID not in panel.workspace.link.watchers


def test_pictures_have_the_scale_of_the_data(open_panel: Opening) -> None:
    data = open_panel(architectures["autoencoder"]().document()).workspace.data
    assert data is not None
    pictures = as_pictures(data.X[:, :6], data)
    low, high = data.X.min(), data.X.max()
    assert pictures is not None
    assert np.allclose(pictures[4].ravel(), (data.X[:, 4] - low) / (high - low))
    whole = mosaic(pictures, 3)
    assert whole.shape == (16, 24) and np.array_equal(whole[8:, 16:], pictures[5])
    assert as_pictures(data.X[:5], data) is None


def test_without_a_code_it_says_what_it_needs(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(mlp(2, 1, 1))
    qtbot.waitUntil(lambda: "autoencoder" in panel.either.sentence.text())
    assert panel.either.sentence.isVisible()
    panel.workspace.open(narrow())
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.isVisible())


@pytest.mark.slow
@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: LatentPanel, look: str) -> None:
    theme = load_theme(look, 1.6)
    panel.workspace.set_theme(theme)
    panel.resize(900, 500)
    image = panel.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 900, 2) for y in range(50, 480, 2)}
    assert {theme.css("panel"), theme.css("active")} <= names
