"""The census of dead units as a panel, with a real worker."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import Document, Training
from engine.learned import fresh, frozen
from engine.samples import mlp
from gui.panels.census import PROBE, CensusPanel
from gui.selection import Selection
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[..., CensusPanel]


def dying() -> Document:
    return mlp(
        2, 12, 8, 1, hidden="relu", data=Spec.of("moons", examples=80),
        optimizer=Spec.of("gradient_descent", learning_rate=3.0), training=Training(seed=3, batch_size=16),
    )  # fmt: skip


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document | None = None) -> CensusPanel:
        panel = CensusPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(420, 260)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.census is not None)
        return panel

    return made


@pytest.fixture
def dead(open_panel: Opening, qtbot: QtBot) -> CensusPanel:
    panel = open_panel(dying())
    panel.workspace.training.advance(60)
    qtbot.waitUntil(lambda: panel.census is not None and panel.census.step == 60 and panel.census.complete)
    return panel


def test_all_alive_is_said(open_panel: Opening) -> None:
    panel = open_panel(mlp(2, 4, 1, hidden="tanh"))
    assert "All 4 hidden units are alive" in panel.verdict.text() and not CensusPanel.open_at_start


def test_nothing_that_could_be_flat_is_said(open_panel: Opening) -> None:
    assert "No hidden layer" in open_panel(mlp(2, 1)).verdict.text()


def test_the_dead_are_named_with_the_update_and_epoch(dead: CensusPanel) -> None:
    census = dead.census
    assert census is not None and census.deaths
    unit = min(census.deaths)
    death = census.deaths[unit]
    assert death.exact
    epoch = (death.dead - 1) // 5 + 1  # 80 examples in batches of 16
    assert f"unit {unit[1] + 1} of [1] since update {death.dead} (epoch {epoch})" in dead.verdict.text()
    assert f"{len(census.deaths)} of 20 hidden units are dead" in dead.verdict.text()


def test_the_mouse_lights_up_the_unit_and_a_click_selects_it(dead: CensusPanel) -> None:
    spot = dead.view.rect_of(("hidden2", 3)).center().toPoint()
    QTest.mouseMove(dead.view, spot)
    assert dead.workspace.hovered == {("hidden2", "a", (3,), dead.workspace.example)}
    QTest.mouseClick(dead.view, Qt.MouseButton.LeftButton, pos=spot)
    assert dead.workspace.selection == Selection(units=frozenset({("hidden2", 3)}))


def test_keys_go_from_unit_to_unit(dead: CensusPanel) -> None:
    dead.view.setFocus()
    QTest.keyClick(dead.view, Qt.Key.Key_Down)
    assert "Unit 1 of [1]" in dead.view.accessibleDescription()
    QTest.keyClick(dead.view, Qt.Key.Key_Up)
    QTest.keyClick(dead.view, Qt.Key.Key_Return)
    assert dead.workspace.selection.units == {("hidden2", 7)}


def test_it_counts_while_training_runs_and_stops_when_hidden(dead: CensusPanel, qtbot: QtBot) -> None:
    workspace = dead.workspace
    workspace.training.play()
    qtbot.waitUntil(lambda: dead.census is not None and dead.census.step > 80)
    workspace.training.pause()
    dead.hide()
    assert PROBE not in workspace.link.watchers


def test_dead_from_the_beginning(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(mlp(2, 3, 1, hidden="relu"))
    document = panel.workspace.document
    learned = fresh(document)
    weights = {key: np.array(each) for key, each in learned.parameters.items()}
    weights["hidden.b"][1] = -50.0
    panel.workspace.open(document, replace(learned, parameters={k: frozen(v) for k, v in weights.items()}))
    qtbot.waitUntil(lambda: "since the beginning" in panel.verdict.text())
    assert "1 of 3" in panel.verdict.text()


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_the_dead_apart(dead: CensusPanel, look: str) -> None:
    dead.workspace.set_theme(load_theme(look, 1.6))
    dead.resize(600, 400)
    assert dead.census is not None
    image = dead.view.grab().toImage()

    def colours(unit: tuple[str, int]) -> set[str]:
        rect = dead.view.rect_of(unit).toRect()
        return {
            image.pixelColor(x, y).name()
            for x in range(rect.left() + 2, rect.right() - 6)
            for y in range(rect.top() + 2, rect.bottom() - 2)
        }

    alive = next(("hidden", n) for n in range(12) if ("hidden", n) not in dead.census.deaths)
    error = load_theme(look).css("error")
    assert error in colours(min(dead.census.deaths)) and len(colours(min(dead.census.deaths))) > 1
    assert error not in colours(alive)
