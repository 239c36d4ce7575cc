"""At every usual size all words have the room that they need, and nothing lies on something else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow

pytestmark = pytest.mark.slow

SIZES = [(1024, 768), (1280, 720), (1440, 900), (1920, 1080)]


def shown(widget: QWidget, window: QWidget) -> QRect:
    """Where a widget is in the window, without what its parents cut off."""
    rect = QRect(widget.mapTo(window, QPoint()), widget.size())
    above = widget.parentWidget()
    while above is not None and above is not window:
        rect &= QRect(above.mapTo(window, QPoint()), above.size())
        above = above.parentWidget()
    return rect


def needed(widget: QLabel | QAbstractButton) -> float:
    """How wide the longest line of plain words is; 0 where there are none or they may be wrapped."""
    text = widget.text()
    if isinstance(widget, QLabel) and (widget.wordWrap() or "<" in text):
        return 0.0
    if isinstance(widget, QToolButton | QPushButton):
        return float(widget.minimumSizeHint().width()) if text else 0.0
    metrics = QFontMetricsF(widget.font())
    return max((metrics.horizontalAdvance(line) for line in text.split("\n")), default=0.0)


def complaints(window: MainWindow) -> list[str]:
    """Words that are cut off, and words of the bars that lie on others."""
    found: list[str] = []
    words = [
        each
        for each in window.findChildren(QWidget)
        if isinstance(each, QLabel | QAbstractButton) and each.isVisible() and each.text()
    ]
    for each in words:
        room = shown(each, window)
        scrolled = room.isEmpty()  # further down in a panel that scrolls
        if not scrolled and needed(each) > room.width() + 1 and not each.toolTip():
            found.append(f"{each.text()!r} needs {needed(each):.0f} of {room.width()}")
    for bar in (window.transport, window.timeline):
        inside = [
            each
            for each in bar.findChildren(QWidget)
            if each.isVisible() and not each.findChildren(QWidget) and each.width() > 1
        ]
        for one, two in combinations(inside, 2):
            common = shown(one, window) & shown(two, window)
            if common.width() > 1 and common.height() > 1:
                found.append(f"{one} lies on {two}")
        for each in inside:
            if not bar.rect().contains(QRect(each.mapTo(bar, QPoint()), each.size())):
                found.append(f"{each} sticks out of {bar}")
    return found


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("perspective", ["train", "walk"])
def test_everything_has_room(
    make_window: Callable[..., MainWindow], qtbot: QtBot, size: tuple[int, int], perspective: str
) -> None:
    window = make_window(size=size)
    window.show_perspective(perspective)
    workspace = window.workspace
    workspace.training.advance(1234)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 1234)
    if perspective == "walk":
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
    qtbot.wait(150)
    assert complaints(window) == []
    window.set_projector(True)
    qtbot.wait(150)
    assert complaints(window) == []


def test_everything_has_room_at_another_pixel_ratio() -> None:
    """At 150 % a font's real widths are fractions, and a projector leaves 683 of the program's pixels."""
    if os.environ.get("AXON_ROOM"):
        pytest.skip("already there")
    root = Path(__file__).resolve().parents[3]
    place = f"{Path(__file__).relative_to(root)}"
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", place]
    words += ["-m", "", "-k", "has_room and (size0 or size2)"]
    done = subprocess.run(
        words, cwd=root, env={**os.environ, "QT_SCALE_FACTOR": "1.5", "AXON_ROOM": "1"},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
