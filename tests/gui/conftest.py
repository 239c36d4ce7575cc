"""Nothing outlives its test: no thread, no running timer, no animation."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QTimer


def running() -> list[str]:
    """What still runs: threads besides the main one, and timers and animations made by this test."""
    found = [each.name for each in threading.enumerate() if each is not threading.main_thread()]
    for thing in gc.get_objects():  # what was there before the test is frozen and not listed
        if not isinstance(thing, QTimer | QAbstractAnimation) or not shiboken6.isValid(thing):
            continue
        active = thing.isActive() if isinstance(thing, QTimer) else thing.state() != thing.State.Stopped
        if active:
            found.append(f"{type(thing).__name__} of {type(thing.parent()).__name__}")
    return found


@pytest.fixture
def what_runs() -> Callable[[], list[str]]:
    """The check itself, to be tested."""
    return running


@pytest.fixture(autouse=True)
def nothing_is_left_running() -> Iterator[None]:
    """Set up first and so torn down last: whatever a test started has ended by then."""
    gc.freeze()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = running()
    gc.unfreeze()
    assert not left, f"still running after the test: {', '.join(left)}"
