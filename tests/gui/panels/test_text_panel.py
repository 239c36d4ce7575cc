"""Sampled text with a real worker and real events, against the engine's own sampler."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.learned import Learned
from engine.predict import Predictor
from engine.sampling import next_symbol, text
from engine.session.probes import State
from gui.panels.making.written import Written
from gui.panels.text import PROBE, TextPanel
from gui.theme import load_theme
from gui.workspace import Workspace


@pytest.fixture
def panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> TextPanel:
    document = architectures.make(Spec.of("language_model", units=12)).document()
    made = TextPanel(make_workspace(document))
    qtbot.addWidget(made)
    made.resize(760, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.next is not None)
    made.workspace.training.advance(20)
    qtbot.waitUntil(lambda: made.workspace.snapshot.step == 20)
    return made


def predictor(panel: TextPanel, qtbot: QtBot) -> Predictor:
    known: list[Learned] = []
    panel.workspace.link.ask(State(), lambda found: known.append(found[0]))
    qtbot.waitUntil(lambda: bool(known))
    return Predictor(panel.workspace.document, known[0])


def sampled(panel: TextPanel) -> str:
    return panel.written.accessibleDescription()


def symbols(panel: TextPanel) -> tuple[str, ...]:
    assert panel.workspace.data is not None
    return panel.workspace.data.symbols


def typed(panel: TextPanel, prompt: str) -> None:
    panel.prompt.setFocus()
    panel.prompt.selectAll()
    QTest.keyClicks(panel.prompt, prompt)


def test_the_bars_are_the_shares_of_the_next_symbol(panel: TextPanel, qtbot: QtBot) -> None:
    assert not TextPanel.open_at_start
    typed(panel, ". the ")
    expected = next_symbol(predictor(panel, qtbot), symbols(panel), ". the ")
    qtbot.waitUntil(lambda: panel.bars.shares == pytest.approx(expected, abs=1e-6))
    best = panel.bars.order(3)[0]
    assert expected[best] == expected.max() and panel.bars.drawn is None


def test_symbol_by_symbol_the_engines_text_comes_out(panel: TextPanel, qtbot: QtBot) -> None:
    typed(panel, ". ")
    for count in range(1, 7):
        QTest.mouseClick(panel.one, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda count=count: len(panel.sampled) == count)
    assert sampled(panel) == text(predictor(panel, qtbot), symbols(panel), ". ", 6)
    QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)
    assert len(sampled(panel)) == 7


def test_it_samples_on_until_it_is_stopped(panel: TextPanel, qtbot: QtBot) -> None:
    QTest.mouseClick(panel.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.sampled) >= 4)
    QTest.mouseClick(panel.play, Qt.MouseButton.LeftButton)
    assert panel.play.accessibleName() == "Sample on"
    made = sampled(panel)
    assert made == text(predictor(panel, qtbot), symbols(panel), made[0], len(made) - 1)


def test_temperature_and_seed(panel: TextPanel, qtbot: QtBot) -> None:
    panel.temperature.setFocus()
    while panel.temperature.value() > 0:
        QTest.keyClick(panel.temperature, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: panel.bars.shares.max() == 1.0)
    assert panel.bars.plain.max() < 1.0 and panel.degrees.text() == "0"
    QTest.keyClick(panel.temperature, Qt.Key.Key_End)
    panel.seed.setFocus()
    panel.seed.selectAll()
    QTest.keyClicks(panel.seed, "7")
    QTest.keyClick(panel.seed, Qt.Key.Key_Return)
    for count in range(1, 6):
        QTest.mouseClick(panel.one, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda count=count: len(panel.sampled) == count)
    made = sampled(panel)
    assert made == text(predictor(panel, qtbot), symbols(panel), made[0], 5, 2.0, seed=7)


def test_a_chosen_symbol_shows_what_it_was_drawn_from(panel: TextPanel, qtbot: QtBot) -> None:
    for count in range(1, 5):
        QTest.mouseClick(panel.one, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda count=count: len(panel.sampled) == count)
    spot = panel.written.box_of(2).center().toPoint()
    QTest.mouseClick(panel.written, Qt.MouseButton.LeftButton, pos=spot)
    made = sampled(panel)
    expected = next_symbol(predictor(panel, qtbot), symbols(panel), made[:3])
    assert panel.bars.shares == pytest.approx(expected, abs=1e-6)
    assert symbols(panel)[panel.bars.drawn] == made[3]  # type: ignore[index]
    assert "Symbol 3:" in panel.heading.text()
    panel.written.setFocus()
    QTest.keyClick(panel.written, Qt.Key.Key_Up)
    assert panel.written.choice == 1 and symbols(panel)[panel.bars.drawn] == made[2]  # type: ignore[index]
    for _ in range(3):
        QTest.keyClick(panel.written, Qt.Key.Key_Down)
    assert panel.written.choice is None and panel.bars.drawn is None


def test_a_symbol_that_is_not_in_the_data_is_named(panel: TextPanel, qtbot: QtBot) -> None:
    before = panel.bars.shares.copy()
    typed(panel, "§")
    assert "§" in panel.problem.text() and panel.problem.isVisible()
    typed(panel, "a")
    assert not panel.problem.isVisible()
    qtbot.waitUntil(lambda: not np.allclose(panel.bars.shares, before))


def test_it_follows_training(panel: TextPanel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: panel.next is not None)
    before = panel.bars.shares.copy()
    panel.workspace.training.advance(10)
    qtbot.waitUntil(lambda: not np.allclose(panel.bars.shares, before))


def test_a_word_is_not_parted_at_the_end_of_a_line(qtbot: QtBot) -> None:
    written = Written(load_theme())
    qtbot.addWidget(written)
    written.show_text(tuple("one two "), tuple("three"))
    wide = written.box_of(0).width()
    written.resize(round(10.5 * wide + 16), 80)
    written.show()
    tops = [written.box_of(each).top() for each in range(5)]
    assert len(set(tops)) == 1 and tops[0] > written._boxes[0].top()
    written.show_text(tuple("one\n"), ("two ", "words "))
    assert written.accessibleDescription() == "one\ntwo words "
    assert written.box_of(0).top() > written._boxes[3].top()


def test_other_networks_are_told_what_is_needed(panel: TextPanel, qtbot: QtBot) -> None:
    panel.play.click()
    panel.workspace.open(architectures["mlp"]().document())
    qtbot.waitUntil(
        lambda: "next symbol" in panel.either.sentence.text() and panel.either.sentence.isVisible()
    )
    assert PROBE not in panel.workspace.link.watchers


def test_hidden_it_does_nothing(panel: TextPanel) -> None:
    panel.play.click()
    panel.hide()
    assert PROBE not in panel.workspace.link.watchers and not panel._beat.isActive()


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(panel: TextPanel, look: str) -> None:
    theme = load_theme(look, 1.6)
    panel.workspace.set_theme(theme)
    panel.resize(1100, 460)
    image = panel.bars.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, image.width(), 2) for y in range(0, 200, 3)}
    assert {theme.css("window"), theme.css("panel"), theme.css("outline")} <= names
