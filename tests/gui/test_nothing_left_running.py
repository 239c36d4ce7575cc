"""The check that nothing outlives its test sees what it is to see."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QTimer, QVariantAnimation
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def test_it_sees_timers_animations_and_threads(qtbot: QtBot, what_runs: Callable[[], list[str]]) -> None:
    before = what_runs()
    window = QWidget()
    qtbot.addWidget(window)
    timer, animation, end = QTimer(window), QVariantAnimation(window), threading.Event()
    timer.start(10_000)
    animation.setDuration(10_000)
    animation.setStartValue(0.0)
    animation.setEndValue(1.0)
    animation.start()
    thread = threading.Thread(target=end.wait, name="forgotten")
    thread.start()
    found = [each for each in what_runs() if each not in before]
    assert found == ["forgotten", "QTimer", "QVariantAnimation"]
    timer.stop()
    animation.stop()
    end.set()
    thread.join()
    assert what_runs() == before
