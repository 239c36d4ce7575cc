"""The game of a GAN with a real worker and real events, against the predictor and by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned
from engine.predict import Predictor
from engine.sampling import generated, judged
from engine.session.probes import State
from gui.panels.gan import PICTURES, POINTS, PROBE, GanPanel
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[[Document], GanPanel]


def game(data: str, n: int, **chosen: object) -> Document:
    """A small GAN in double precision."""
    layers = (
        Layer("noise", Spec("noise"), tuple(range(4))),
        Layer("fake", Spec.of("dense", activation=Spec("sigmoid")), tuple(range(n))),
        Layer("real", Spec("input"), tuple(range(n))),
        Layer("which", Spec("input"), (0,)),
        Layer("switch", Spec("choice"), tuple(range(n))),
        Layer("judge", Spec.of("dense", activation=Spec("tanh")), tuple(range(6))),
        Layer("verdict", Spec.of("output", activation=Spec("sigmoid")), (0,)),
    )
    wires = "noise>fake real>switch fake>switch which>switch switch>judge judge>verdict"
    return Document(
        "game", layers, tuple(Connection(*each.split(">")) for each in wires.split()), loss=Spec("bce"),
        data=Spec.of(data, **chosen), training=Training(seed=2, batch_size=32, procedure=Spec("gan")),
    )  # fmt: skip


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document) -> GanPanel:
        panel = GanPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(560, 380)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.ready and panel.workspace.snapshot.data is not None)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Opening, qtbot: QtBot) -> GanPanel:
    made = open_panel(game("ring8", 2, examples=200))
    made.workspace.training.advance(30)
    qtbot.waitUntil(lambda: made.found is not None and made.found.step == 30)
    return made


def predictor(panel: GanPanel, qtbot: QtBot) -> Predictor:
    known: list[Learned] = []
    panel.workspace.link.ask(State(), lambda found: known.append(found[0]))
    qtbot.waitUntil(lambda: bool(known))
    return Predictor(panel.workspace.document, known[0])


def test_real_and_generated_points(panel: GanPanel, qtbot: QtBot) -> None:
    predict, data = predictor(panel, qtbot), panel.workspace.data
    assert panel.chart is not None and panel.chart.points is not None and data is not None
    points = panel.chart.points
    shown = np.stack([points.x, points.y])
    assert np.allclose(shown[:, points.classes == 0], generated(predict, POINTS), atol=1e-12)
    assert np.array_equal(shown[:, points.classes == 1], data.X)
    assert not GanPanel.open_at_start


def test_the_field_is_what_the_discriminator_says(panel: GanPanel, qtbot: QtBot) -> None:
    predict, plane = predictor(panel, qtbot), panel.plane
    assert plane is not None and panel.found is not None and panel.chart is not None
    assert panel.found.field == pytest.approx(judged(predict, plane.X)[0], abs=1e-12)
    x, y = panel.chart.line
    assert len(x) > 4
    inside = slice(2, -2)
    assert judged(predict, np.stack([x, y]))[0][inside] == pytest.approx(0.5, abs=0.02)


def test_the_means_are_said(panel: GanPanel, qtbot: QtBot) -> None:
    predict, data = predictor(panel, qtbot), panel.workspace.data
    assert data is not None
    assert f"{judged(predict, data.X)[0].mean():.2g}" in panel.real.text().replace(",", ".")
    assert f"{judged(predict, generated(predict, POINTS))[0].mean():.2g}" in panel.fake.text()


def test_arrows_point_where_the_discriminator_is_deceived(panel: GanPanel, qtbot: QtBot) -> None:
    predict = predictor(panel, qtbot)
    assert panel.chart is not None and panel.chart.arrows is not None
    tails, tips = panel.chart.arrows.shafts
    assert tails.shape[1] > POINTS / 2
    along = 1e-4 * (tips - tails)
    assert (judged(predict, tails + along)[0] > judged(predict, tails - along)[0]).all()
    across = np.stack([-along[1], along[0]])  # along the line of equal D nothing changes
    rise = np.log(judged(predict, tails + along)[0]) - np.log(judged(predict, tails - along)[0])
    aside = np.log(judged(predict, tails + across)[0]) - np.log(judged(predict, tails - across)[0])
    pixel = panel.chart.pixel()
    if pixel[0] == pytest.approx(pixel[1], rel=0.05):
        assert (np.abs(aside) < 0.1 * rise).all()


def test_arrows_go_and_come(panel: GanPanel) -> None:
    assert panel.chart is not None and panel.chart.arrows is not None
    spot = QPoint(8, panel.arrows.height() // 2)
    QTest.mouseClick(panel.arrows, Qt.MouseButton.LeftButton, pos=spot)
    assert not panel.chart.arrows.shafts[0].size
    panel.arrows.setFocus()
    QTest.keyClick(panel.arrows, Qt.Key.Key_Space)
    assert panel.chart.arrows.shafts[0].size


def test_other_noise(panel: GanPanel, qtbot: QtBot) -> None:
    assert panel.found is not None
    before = panel.found.fake
    QTest.mouseClick(panel.other, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not np.array_equal(panel.found.fake, before))  # type: ignore[union-attr]
    assert panel.found.fake == pytest.approx(generated(predictor(panel, qtbot), POINTS, seed=1))


def test_pictures_stand_on_a_sheet_with_their_verdict(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(game("digits", 64))
    qtbot.waitUntil(lambda: len(panel.sheet.tiles) == PICTURES)
    predict = predictor(panel, qtbot)
    made = generated(predict, PICTURES)
    tile = panel.sheet.tiles[5]
    assert tile.picture is not None and np.allclose(tile.picture.ravel(), made[:, 5], atol=1e-6)
    assert f"{judged(predict, made)[0, 5]:.2g}" in tile.caption
    assert panel.sheet.isVisible() and not panel.arrows.isVisible()
    rects = [panel.sheet.rect_of(number) for number in range(PICTURES)]
    assert not any(a.intersects(b) for a in rects for b in rects if a != b)
    assert all(panel.sheet.rect().toRectF().contains(each) for each in rects)


def test_it_follows_training_and_changes_nothing(panel: GanPanel, qtbot: QtBot) -> None:
    panel.workspace.training.advance(10)
    qtbot.waitUntil(lambda: panel.found is not None and panel.found.step == 40)
    assert not panel.workspace.editing.undo_stack.canUndo() or panel.workspace.snapshot.step == 40
    panel.hide()
    assert PROBE not in panel.workspace.link.watchers


def test_other_networks_are_told_what_is_needed(panel: GanPanel, qtbot: QtBot) -> None:
    panel.workspace.open(architectures["mlp"]().document())
    qtbot.waitUntil(lambda: panel.either.sentence.isVisible() and "GAN" in panel.either.sentence.text())
    assert PROBE not in panel.workspace.link.watchers
    panel.workspace.open(game("iris", 4))
    qtbot.waitUntil(lambda: "two numbers" in panel.either.sentence.text())
    panel.workspace.open(game("ring8", 2, examples=100))
    qtbot.waitUntil(lambda: panel.found is not None and panel.chart.isVisible())  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: GanPanel, look: str) -> None:
    theme = load_theme(look, 1.6)
    panel.workspace.set_theme(theme)
    panel.resize(900, 600)
    image = panel.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 900, 2) for y in range(50, 580, 2)}
    assert theme.css("text") in names
    assert {theme.class_colour(0).name(), theme.class_colour(1).name()} <= names
