"""An example of one's own: drawn, set, typed; with a real worker and real events."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.document import Document
from engine.samples import mlp
from gui.panels.try_it import PROBE, TryItPanel
from gui.panels.trying.pad import Pad
from gui.panels.trying.sliders import Sliders
from gui.panels.trying.typed import Typed
from gui.theme import load_theme
from gui.workspace import Workspace

Opening = Callable[..., TryItPanel]


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Opening:
    def made(document: Document | None = None) -> TryItPanel:
        panel = TryItPanel(make_workspace(document))
        qtbot.addWidget(panel)
        panel.resize(560, 300)
        panel.show()
        panel.activateWindow()
        qtbot.waitUntil(lambda: panel.maker is not None or "too many" in panel.empty.text())
        return panel

    return made


def answered(panel: TryItPanel) -> np.ndarray:
    return panel.answer._values


def by_hand(panel: TryItPanel, x: np.ndarray) -> float:
    p = panel.workspace.parameters
    a = np.tanh(p["hidden.W.input"] @ x[:, None] + p["hidden.b"])
    return float((1 / (1 + np.exp(-(p["output.W.hidden"] @ a + p["output.b"]))))[0, 0])


def test_sliders_and_fields_set_the_features(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel()
    assert isinstance(panel.maker, Sliders) and not TryItPanel.open_at_start
    field = panel.maker.fields[1]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "1/4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert panel.maker.vector().tolist() == [0.0, 0.25]
    expected = by_hand(panel, np.array([0.0, 0.25]))
    qtbot.waitUntil(lambda: len(answered(panel)) == 1 and answered(panel)[0] == pytest.approx(expected))
    slider = panel.maker.sliders[0]
    slider.setFocus()
    before = panel.maker.vector()[0]
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Up)
    assert panel.maker.vector()[0] > before
    expected_after = by_hand(panel, panel.maker.vector())
    qtbot.waitUntil(lambda: answered(panel)[0] == pytest.approx(expected_after))
    assert panel.workspace.snapshot.step == 0 and not panel.workspace.editing.undo_stack.canUndo()


def test_it_begins_with_the_example_that_is_looked_at(open_panel: Opening) -> None:
    panel = open_panel()
    panel.workspace.choose_example(2)
    QTest.mouseClick(panel.take, Qt.MouseButton.LeftButton)
    assert panel.maker is not None and panel.workspace.data is not None
    assert np.array_equal(panel.maker.vector(), panel.workspace.data.X[:, 2])


def test_a_digit_is_drawn_and_rubbed_out(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(architectures["cnn"]().document())
    pad = panel.maker
    assert isinstance(pad, Pad) and panel.clear.isVisible()
    qtbot.waitUntil(lambda: len(answered(panel)) == 10)
    QTest.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert not pad.ink.any()
    frame = pad.frame()
    top = QPoint(round(frame.center().x()), round(frame.top() + 0.2 * frame.height()))
    low = QPoint(top.x(), round(frame.top() + 0.8 * frame.height()))
    before = answered(panel).copy()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=top)
    QTest.mouseMove(pad, low)
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=low)
    side = pad.ink.shape[0]
    assert pad.ink[side // 2, side // 2] > 0.5 and pad.ink[:, 0].max() == 0.0
    qtbot.waitUntil(lambda: not np.allclose(answered(panel), before))
    assert answered(panel).sum() == pytest.approx(1.0, abs=1e-5)
    QTest.mousePress(pad, Qt.MouseButton.RightButton, pos=top)
    QTest.mouseMove(pad, low)
    QTest.mouseRelease(pad, Qt.MouseButton.RightButton, pos=low)
    assert pad.ink[side // 2, side // 2] < 0.5


def test_a_pad_works_by_keyboard(open_panel: Opening) -> None:
    panel = open_panel(architectures["cnn"]().document())
    pad = panel.maker
    assert isinstance(pad, Pad)
    pad.setFocus()
    QTest.keyClick(pad, Qt.Key.Key_Delete)
    QTest.keyClick(pad, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert pad.ink.sum() == 1.0 and pad.vector().max() == panel.workspace.data.X.max()  # type: ignore[union-attr]


def test_a_text_is_typed(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(architectures["language_model"]().document())
    typed = panel.maker
    assert isinstance(typed, Typed)
    qtbot.waitUntil(lambda: len(answered(panel)) > 1)
    symbols = panel.workspace.data.symbols  # type: ignore[union-attr]
    typed.field.setFocus()
    typed.field.selectAll()
    QTest.keyClicks(typed.field, symbols[0] + symbols[1])
    assert typed.vector()[-2:].tolist() == [0.0, 1.0] and not typed.problem.text()
    QTest.keyClicks(typed.field, "\u00a7")
    assert "\u00a7" in typed.problem.text() and typed.vector()[-2:].tolist() == [0.0, 1.0]


def test_a_picture_comes_out_where_one_is_made(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel(architectures["segmentation"]().document())
    qtbot.waitUntil(lambda: panel.answer._picture is not None)
    assert "picture" in panel.answer.accessibleDescription()


def test_it_follows_training_and_other_data(open_panel: Opening, qtbot: QtBot) -> None:
    panel = open_panel()
    qtbot.waitUntil(lambda: len(answered(panel)) == 1)
    before = answered(panel)[0]
    panel.workspace.training.advance(50)
    qtbot.waitUntil(lambda: answered(panel)[0] != before)
    panel.workspace.open(mlp(1, 3, 1))
    panel.workspace.open(architectures["mlp"]().document())
    qtbot.waitUntil(lambda: isinstance(panel.maker, Pad | Sliders) and len(panel.maker.vector()) == 64)
    panel.hide()
    assert PROBE not in panel.workspace.link.watchers


@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_theme_draws_it(open_panel: Opening, qtbot: QtBot, look: str) -> None:
    panel = open_panel()
    qtbot.waitUntil(lambda: len(answered(panel)) == 1)
    panel.workspace.set_theme(load_theme(look, 1.6))
    panel.resize(900, 400)
    image = panel.answer.grab().toImage()
    names = {image.pixelColor(x, y).name() for x in range(0, 400, 3) for y in range(0, 60, 2)}
    assert load_theme(look).css("outline") in names
