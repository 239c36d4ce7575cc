"""The formula panel under real mouse and key events."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from engine.core.expressions import Ref
from gui.selection import Selection
from gui.stepping.walk import Level
from gui.theme import load_theme
from gui.walkthrough.formula import FormulaView
from gui.workspace import Workspace


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[..., FormulaView]]:
    views = []

    def show(workspace: Workspace, width: int = 320) -> FormulaView:
        view = FormulaView(workspace)
        qtbot.addWidget(view)
        view.resize(width, 700)
        view.show()
        qtbot.waitExposed(view)
        views.append(view)
        return view

    yield show
    for view in views:
        view.hide()


def point_of(view: FormulaView, key: object) -> QPoint:
    spot = view.sheet.spot_of(key)
    assert spot is not None
    return spot.rect.center().toPoint()


def refs(view: FormulaView) -> list[Ref]:
    return [spot.ref for spot in view.sheet.spots if isinstance(spot.ref, Ref)]


def test_without_a_walk_it_says_which_keys_step(
    make_workspace: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    view = shown(make_workspace())
    assert "Right arrow" in view.page.as_text()
    assert view.sheet.accessibleDescription() == view.page.as_text()


def test_it_follows_the_walk(walking: Callable[..., Workspace], shown: Callable[..., FormulaView]) -> None:
    workspace = walking()
    view = shown(workspace)
    assert "Layer 1, neuron 1: multiply weight and input" in view.page.as_text()
    workspace.walking.forward(Level.NEURON)
    assert "apply sigmoid" in view.page.as_text()
    workspace.walking.back(Level.UPDATE)
    assert "Before the first step" in view.page.as_text()
    workspace.walking.leave()
    assert "Right arrow" in view.page.as_text()


def test_hovering_a_symbol_lights_it_everywhere(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    for key in {ref.key for ref in refs(view)}:
        QTest.mouseMove(view.sheet, point_of(view, key))
        assert workspace.hovered == {key}
    QTest.mouseMove(view.sheet, QPoint(2, 2))
    assert workspace.hovered == frozenset()


def test_what_others_hover_lights_up_here(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    before = view.sheet.grab().toImage()
    workspace.hover(frozenset({("hidden", "W.input", (0, 0), None)}))
    assert view.sheet.grab().toImage() != before
    workspace.hover(frozenset())
    assert view.sheet.grab().toImage() == before


def test_clicking_goes_down_to_the_data_and_the_trail_leads_back(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView], qtbot: QtBot
) -> None:
    workspace = walking()
    view = shown(workspace)
    number = next(
        n for n, step in enumerate(workspace.walk.trace) if step.target.key == ("loss", "L", (0,), 0)
    )
    workspace.walking.go_to(number)
    path = [
        ("output", "a", (0,), 0),
        ("output", "z", (0,), 0),
        ("hidden", "a", (1,), 0),
        ("hidden", "z", (1,), 0),
    ]
    for key in [*path, ("input", "a", (0,), 0)]:
        QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=point_of(view, key))
    assert "Given: the data." in view.page.as_text()
    assert view.trail.isVisible()
    enabled = [button for button in view.trail.buttons if button.isEnabled()]
    QTest.mouseClick(enabled[-1], Qt.MouseButton.LeftButton)
    assert "the weighted sum z" in view.page.as_text()
    QTest.keyClick(view.sheet, Qt.Key.Key_Backspace)
    assert "the activation a" in view.page.as_text()
    QTest.mouseClick(view.trail.buttons[0], Qt.MouseButton.LeftButton)
    assert "How wrong is this example?" in view.page.as_text()
    assert not view.trail.isVisible()


def test_a_step_ends_the_explanation(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=point_of(view, ("input", "a", (0,), 0)))
    assert "Given" in view.page.as_text()
    workspace.walking.forward()
    assert "Given" not in view.page.as_text()
    assert not view.trail.isVisible()


def test_the_keyboard_reaches_every_number(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    view.sheet.setFocus()
    reached = set()
    for _ in range(len(view.sheet.spots)):
        QTest.keyClick(view.sheet, Qt.Key.Key_Down)
        reached |= workspace.hovered
    assert reached == {ref.key for ref in refs(view)}
    QTest.keyClick(view.sheet, Qt.Key.Key_Up)
    QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert view.trail.buttons


def test_the_full_number_is_in_the_tool_tip(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView], qapp: QApplication
) -> None:
    workspace = walking()
    view = shown(workspace)
    key = ("hidden", "W.input", (0, 0), None)
    at = point_of(view, key)
    event = QHelpEvent(QEvent.Type.ToolTip, at, view.sheet.mapToGlobal(at))
    QApplication.sendEvent(view.sheet, event)
    value = float(workspace.parameters["hidden.W.input"][0, 0])
    assert repr(abs(value)) in QToolTip.text()
    QToolTip.hideText()


def test_a_selected_neuron_is_explained_without_a_walk(
    make_workspace: Callable[..., Workspace], shown: Callable[..., FormulaView], qtbot: QtBot
) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.select(Selection(units=frozenset({("hidden", 2)})))
    qtbot.waitUntil(lambda: "Layer 1, neuron 3: the activation a" in view.page.as_text())
    workspace.choose_example(3)
    qtbot.waitUntil(lambda: "example 4" in view.page.as_text())
    workspace.select(Selection(synapses=frozenset({("input", 1, "hidden", 0)})))
    qtbot.waitUntil(lambda: "w[1]_{1,2} := w[1]_{1,2} − α·dw[1]_{1,2}" in view.page.as_text())
    workspace.select(Selection())
    assert "Right arrow" in view.page.as_text()
    assert workspace.snapshot.step == 0


def test_themes_and_narrow_panels(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace, 220)
    for name, scale in (("dark", 1.0), ("light", 2.0)):
        workspace.set_theme(load_theme(name, scale))
        assert not view.grab().isNull()
        assert view.sheet.width() <= view.width()


def test_hidden_it_does_nothing(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = walking()
    view = shown(workspace)
    view.hide()
    monkeypatch.setattr(view.sheet, "show_page", lambda page: pytest.fail("worked while hidden"))
    workspace.walking.forward()
    workspace.select(Selection(units=frozenset({("hidden", 2)})))
