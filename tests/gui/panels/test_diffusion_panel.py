"""Noising and denoising with a real worker and real events, against the samplers of the engine."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document
from engine.learned import Learned
from engine.predict import Predictor
from engine.procedures.denoising import Frame
from engine.sampling import denoised
from engine.session.probes import State
from gui.panels.diffusion import LEVELS, PICTURES, POINTS, PROBE, SIDES, DiffusionPanel
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[[Document], DiffusionPanel]
LEFT = Qt.MouseButton.LeftButton


def diffusion(**knobs: object) -> Document:
    chosen = {"units": 16, "hidden": 1, "steps": 12, **knobs}
    return architectures.make(Spec.of("diffusion", **chosen)).document()


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document) -> DiffusionPanel:
        panel = DiffusionPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(640, 380)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.ready and panel.workspace.snapshot.data is not None)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Opening, qtbot: QtBot) -> DiffusionPanel:
    made = open_panel(diffusion())
    made.workspace.training.advance(20)
    arrived(made, qtbot, 20)
    return made


def arrived(panel: DiffusionPanel, qtbot: QtBot, step: int) -> None:
    """The samples of the network after so many updates."""
    qtbot.waitUntil(lambda: panel.found is not None and panel.found.complete and panel.found.step == step)


def predictor(panel: DiffusionPanel, qtbot: QtBot) -> Predictor:
    known: list[Learned] = []
    panel.workspace.link.ask(State(), lambda found: known.append(found[0]))
    qtbot.waitUntil(lambda: bool(known))
    return Predictor(panel.workspace.document, known[0])


def frames(panel: DiffusionPanel, qtbot: QtBot, **chosen: object) -> list[Frame]:
    return list(denoised(predictor(panel, qtbot), POINTS, **chosen))  # type: ignore[arg-type]


def test_it_opens_on_the_samples_and_steps_back(panel: DiffusionPanel, qtbot: QtBot) -> None:
    expected = frames(panel, qtbot)
    chart = panel.chart
    assert chart is not None and not DiffusionPanel.open_at_start
    assert np.allclose(chart.shown, expected[-1].x, atol=1e-5) and "t = 0 of 12" in panel.reading.text()
    for t in (1, 2, 3):
        QTest.mouseClick(panel.player.back, LEFT)
        assert np.allclose(chart.shown, expected[-1 - t].x, atol=1e-5)
    QTest.mouseClick(panel.player.forward, LEFT)
    assert "t = 2 of 12" in panel.reading.text() and "update 20" in panel.reading.text()


def test_it_plays_from_noise_to_the_end_and_pauses(panel: DiffusionPanel, qtbot: QtBot) -> None:
    seen: list[int] = []
    panel.player.moved.connect(seen.append)
    QTest.mouseClick(panel.player.play, LEFT)
    qtbot.waitUntil(lambda: not panel.player.playing)
    assert seen == list(range(13))
    QTest.mouseClick(panel.player.play, LEFT)
    qtbot.waitUntil(lambda: panel.player.frame >= 2)
    QTest.mouseClick(panel.player.play, LEFT)
    assert not panel.player.playing and panel.player.frame < 12


def test_frames_by_keyboard(panel: DiffusionPanel) -> None:
    panel.player.slider.setFocus()
    QTest.keyClick(panel.player.slider, Qt.Key.Key_Home)
    assert panel.player.frame == 0 and "t = 12 of 12" in panel.reading.text()
    QTest.keyClick(panel.player.slider, Qt.Key.Key_Up)
    assert "t = 11 of 12" in panel.reading.text()


def test_arrows_point_against_the_predicted_noise(panel: DiffusionPanel, qtbot: QtBot) -> None:
    panel.player.go_to(5)  # t = 7
    assert panel.chart is not None and panel.chart.arrows is not None
    tails, tips = panel.chart.arrows.shafts
    assert 0.5 * math.prod(SIDES) < tails.shape[1] <= math.prod(SIDES)
    noise = predictor(panel, qtbot)(np.concatenate([tails, np.full((1, tails.shape[1]), 7.0)]))
    along = (tips - tails) / np.hypot(*(tips - tails))
    assert np.allclose(along, -noise / np.hypot(*noise), atol=1e-3)
    panel.player.go_to(12)
    assert not panel.chart.arrows.shafts[0].size


def test_the_example_that_follows(panel: DiffusionPanel, qtbot: QtBot) -> None:
    panel.player.go_to(4)
    spot = QPoint(8, panel.guess.height() // 2)
    QTest.mouseClick(panel.guess, LEFT, pos=spot)
    expected = frames(panel, qtbot)[4].x0
    assert panel.chart is not None and np.allclose(panel.chart.shown, expected, atol=1e-4)


def test_other_noise(panel: DiffusionPanel, qtbot: QtBot) -> None:
    QTest.mouseClick(panel.other, LEFT)
    arrived(panel, qtbot, 20)
    expected = frames(panel, qtbot, seed=1)[-1].x
    assert panel.chart is not None and np.allclose(panel.chart.shown, expected, atol=1e-5)


def test_noising_at_chosen_levels(panel: DiffusionPanel) -> None:
    QTest.mouseClick(panel.noising, LEFT)
    tiles, data = panel.tiles.tiles, panel.workspace.data
    assert len(tiles) == LEVELS and tiles[0].caption == "t = 0" and tiles[-1].caption == "t = 12"
    assert data is not None and np.array_equal(tiles[0].points, data.X[:, :400])  # type: ignore[arg-type]
    panel.player.go_to(5)
    assert [each.caption for each in panel.tiles.tiles].count("t = 5") == 1
    assert panel.tiles.tiles[panel.tiles.choice].caption == "t = 5"
    beta = np.linspace(1e-4, 10 / 12, 12)
    left = math.prod(1 - each for each in beta[:5])
    assert f"{math.sqrt(left):.2g} x₀ + {math.sqrt(1 - left):.2g} ε" in panel.reading.text()
    points = panel.tiles.tiles[panel.tiles.choice].points
    assert points is not None
    noise = (points - math.sqrt(left) * data.X[:, :400]) / math.sqrt(1 - left)
    assert abs(noise.mean()) < 0.1 and noise.std() == pytest.approx(1.0, abs=0.1)


def test_a_click_on_a_frame_chooses_its_level(panel: DiffusionPanel) -> None:
    QTest.mouseClick(panel.noising, LEFT)
    QTest.mouseClick(panel.tiles, LEFT, pos=panel.tiles.rect_of(3).center().toPoint())
    assert panel.player.frame == 6 and "t = 6 of 12" in panel.reading.text()
    panel.tiles.setFocus()
    QTest.keyClick(panel.tiles, Qt.Key.Key_Down)
    assert panel.player.frame == 8
    QTest.mouseClick(panel.denoising, LEFT)
    assert panel.chart is not None and panel.chart.isVisible()


def test_pictures_of_a_class(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(diffusion(data="digits", conditional=True))
    arrived(panel, qtbot, 0)
    assert [each.caption for each in panel.tiles.tiles[:3]] == ["0", "1", "2"]
    assert panel.classes.isVisible() and panel.classes.count() == 11
    panel.classes.setFocus()
    for _ in range(4):
        QTest.keyClick(panel.classes, Qt.Key.Key_Down)
    panel.classes.activated.emit(4)
    qtbot.waitUntil(lambda: panel.found is not None and panel.tiles.tiles[0].caption == "3")
    expected = list(denoised(predictor(panel, qtbot), PICTURES, classes=[3] * PICTURES))[-1].x
    assert panel.found is not None and np.allclose(panel.found.frames[-1].x, expected, atol=1e-4)
    QTest.mouseClick(panel.noising, LEFT)
    assert panel.tiles.tiles[0].picture is not None
    assert panel.tiles.tiles[0].picture.shape == (8, 8) and not panel.classes.isVisible()


def test_it_follows_training_and_ends_when_hidden(panel: DiffusionPanel, qtbot: QtBot) -> None:
    panel.workspace.training.advance(5)
    arrived(panel, qtbot, 25)
    panel.player.play_or_pause()
    panel.hide()
    assert PROBE not in panel.workspace.link.watchers and not panel.player.playing


def test_other_networks_are_told_what_is_needed(panel: DiffusionPanel, qtbot: QtBot) -> None:
    panel.workspace.open(architectures["mlp"]().document())
    qtbot.waitUntil(lambda: "take noise away" in panel.either.sentence.text())
    assert panel.either.sentence.isVisible() and PROBE not in panel.workspace.link.watchers
    panel.workspace.open(diffusion(data="moons", conditional=True))
    arrived(panel, qtbot, 0)
    assert panel.classes.count() == 3


@pytest.mark.slow
@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: DiffusionPanel, look: str) -> None:
    theme = load_theme(look, 1.6)
    panel.workspace.set_theme(theme)
    panel.resize(1000, 600)
    panel.player.go_to(3)
    image = panel.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 1000, 2) for y in range(60, 560, 2)}
    assert {theme.class_colour(0).name(), theme.css("panel")} <= names
