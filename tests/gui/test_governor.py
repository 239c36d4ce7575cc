"""The window's share of the time while training runs."""

from __future__ import annotations

import time

import pytest

from gui.governor import BALANCED, IDLE, LONGEST, SMOOTH, Duty, Governor


@pytest.fixture
def cpu(monkeypatch):
    spent = [0.0]
    monkeypatch.setattr(time, "thread_time", lambda: spent[0])
    return spent


def test_nothing_runs(cpu) -> None:
    assert Governor().pause(False) == IDLE


@pytest.mark.parametrize(
    ("duty", "spent", "pause"),
    [(SMOOTH, 0.001, 1 / 60), (SMOOTH, 0.03, 0.03), (BALANCED, 0.001, 1 / 30), (BALANCED, 0.02, 0.1)],
)
def test_the_next_frame_waits_for_the_share(cpu, duty: Duty, spent: float, pause: float) -> None:
    governor = Governor(duty)
    cpu[0] += spent
    assert governor.pause(True) == pytest.approx(pause)


def test_the_window_never_stands_still(cpu) -> None:
    governor = Governor(BALANCED)
    cpu[0] += 10.0
    assert governor.pause(True) == LONGEST


def test_paced_training_is_drawn_smoothly(cpu) -> None:
    governor = Governor(BALANCED)
    cpu[0] += 0.02
    assert governor.pause(True, paced=True) == pytest.approx(0.02)
