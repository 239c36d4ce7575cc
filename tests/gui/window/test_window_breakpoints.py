"""Breakpoints in the whole window: opened as a panel, saved and opened with the project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from gui.main_window import MainWindow


def test_from_the_canvas_one_is_set_and_its_panel_opens(make_window: Callable[..., MainWindow]) -> None:
    window = make_window()
    dock = window.docks.dock("breakpoints")
    assert dock is not None
    assert dock.isHidden()
    window.workspace.breakpoints.stop_at_signs("hidden")
    assert dock.isVisible()
    assert dock.panel is not None
    assert [row.words.text() for row in dock.panel.rows] == [
        "A weight of layer [1] 'hidden' changes its sign"
    ]


def test_they_are_saved_with_the_project(
    make_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = make_window()
    found = window.workspace.breakpoints
    found.add(Spec.of("epoch", number=30, count="updates"))
    found.add(Spec.of("example", example=2))
    found.switch(found.entries[1].spec, False)
    kept, file = found.entries, tmp_path / "stops.axon"
    with qtbot.waitSignal(window.projects.saved):
        window.projects.write(file)
    found.remove(kept[0].spec)
    with qtbot.waitSignal(window.projects.opened):
        window.projects.load(file)
    assert found.entries == kept
    qtbot.waitUntil(lambda: window.workspace.snapshot.data is not None)
    window.workspace.training.set_pace(None)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: found.hit is not None and not window.workspace.training.running)
    assert window.workspace.snapshot.step == 30
    assert found.hit.sentence == "Update 30: the number that was set is reached."


def test_the_notice_offers_the_way_back(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window()
    window.workspace.breakpoints.add(Spec.of("epoch", number=12, count="updates"))
    window.workspace.training.set_pace(None)
    window.workspace.training.play()
    qtbot.waitUntil(lambda: bool(window.notices.shown))
    notice = window.notices.shown[-1]
    assert notice.sentence == "Update 12: the number that was set is reached."
    back = notice.findChild(QPushButton)
    assert back.text() == "Go back before it"
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == 11)
    assert not window.workspace.training.running
