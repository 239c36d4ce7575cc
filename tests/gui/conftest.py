"""Nothing outlives its test: no thread, and no timer or animation of a window or of the application."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

_tests = count(1)


def running() -> list[str]:
    """What still runs, by name."""
    found = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return found
    roots: list[QObject] = [application, *application.topLevelWidgets()]
    for root in roots:
        found += ["QTimer" for each in root.findChildren(QTimer) if each.isActive()]
        animations = root.findChildren(QAbstractAnimation)
        found += [type(each).__name__ for each in animations if each.state() != each.State.Stopped]
    return found


@pytest.fixture
def what_runs() -> Callable[[], list[str]]:
    """The check itself, to be tested."""
    return running


@pytest.fixture(autouse=True)
def garbage_is_collected_here() -> Iterator[None]:
    """As in the program (``gui.collector``): widgets in circles must not die in a worker's thread."""
    gc.disable()
    yield
    gc.collect(2 if next(_tests) % 100 == 0 else 1)
    gc.enable()


@pytest.fixture(autouse=True)
def nothing_is_left_running(garbage_is_collected_here: None) -> Iterator[None]:
    """Set up first and so torn down last: whatever a test started has ended by then."""
    before = running()
    yield
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = running()
    for each in before:
        if each in left:
            left.remove(each)
    assert not left, f"still running after the test: {', '.join(left)}"
