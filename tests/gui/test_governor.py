"""The window's share of the time while training runs, and who draws in it."""

from __future__ import annotations

import time

import pytest

from gui.governor import BALANCED, IDLE, LONGEST, SLACK, SMOOTH, TURBO, Duty, Governor
from gui.turns import Turns


class Clock:
    """Time that passes, and time of the processor, as a test wants them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.cpu = 100.0, 5.0
        monkeypatch.setattr(time, "thread_time", lambda: self.cpu)
        monkeypatch.setattr(time, "perf_counter", lambda: self.now)

    def work(self, seconds: float) -> None:
        """Something that keeps the thread busy."""
        self.cpu += seconds
        self.now += seconds


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock(monkeypatch)


def frames(clock: Clock, governor: Governor, seconds: float, plain: float, turn: float) -> tuple[int, int]:
    """Train for a while with frames that cost so much: how many frames there were, and how many turns."""
    end, count, turns = clock.now + seconds, 0, 0
    while clock.now < end:
        rich = governor.begin(True)
        count, turns = count + 1, turns + rich
        clock.work(0.4 * (plain + turn * rich))
        pause = governor.pause(True)
        clock.work(0.6 * (plain + turn * rich))  # Qt paints after the slot
        clock.now += max(0.0, pause - 0.6 * (plain + turn * rich))
    return count, turns


def test_nothing_runs(clock) -> None:
    governor = Governor()
    clock.work(3.0)
    assert governor.begin(False)
    assert governor.pause(False) == IDLE


def test_a_window_that_costs_little_draws_everything_at_the_full_rate(clock) -> None:
    count, turns = frames(clock, Governor(BALANCED), 10.0, plain=0.001, turn=0.002)
    assert count == pytest.approx(300, abs=3)
    assert turns == count


@pytest.mark.parametrize("duty", [BALANCED, TURBO])
def test_costly_turns_wait_and_the_frames_go_on(clock, duty: Duty) -> None:
    plain = 0.4 * duty.share / duty.fps
    before = clock.cpu
    count, turns = frames(clock, Governor(duty), 20.0, plain=plain, turn=0.13 * duty.share)
    assert count > 0.95 * 20 * duty.fps
    assert 20 <= turns < count / 2
    assert clock.cpu - before <= 1.1 * duty.share * 20.0


def test_frames_that_cost_too_much_come_more_rarely_and_turns_still_come(clock) -> None:
    before = clock.cpu
    count, turns = frames(clock, Governor(BALANCED), 20.0, plain=0.01, turn=0.005)
    assert clock.cpu - before == pytest.approx(BALANCED.share * 20, rel=0.1)
    assert 10 * 20 < count < 15 * 20
    assert turns >= 2 * 20


def test_what_is_done_once_is_not_felt_for_seconds(clock) -> None:
    governor = Governor(BALANCED)
    governor.begin(True)
    clock.work(10.0)
    governor.begin(True)
    assert governor.pause(True) == pytest.approx(LONGEST)
    clock.now += LONGEST + SLACK
    assert governor.begin(True)
    assert governor.pause(True) == pytest.approx(1 / BALANCED.fps)


def test_a_slot_is_part_of_its_frame(clock) -> None:
    governor = Governor(BALANCED)
    governor.begin(True)
    clock.now += 0.02
    assert governor.pause(True) == pytest.approx(1 / BALANCED.fps - 0.02)
    clock.now += 1.0
    assert governor.pause(True) == 0.0


def test_paced_training_is_drawn_smoothly(clock) -> None:
    governor = Governor(BALANCED)
    for _ in range(60):
        assert governor.begin(True, paced=True)
        assert governor.pause(True) == pytest.approx(1 / SMOOTH.fps)
        clock.work(0.9 / 60)
        clock.now += 0.1 / 60


def test_one_at_a_time_and_the_impatient_more_often(clock) -> None:
    turns, had = Turns(), {"numbers": 0, "loss": 0, "plane": 0}
    turns.join("numbers", 0.05)
    turns.join("loss", 0.125)
    turns.join("plane", 0.125)
    for _ in range(90):
        clock.now += 0.1
        turns.next()
        whose = [name for name in had if turns.mine(name)]
        assert len(whose) == 1
        had[whose[0]] += 1
    assert had["loss"] == pytest.approx(had["plane"], abs=1)
    assert had["numbers"] > 1.5 * had["loss"]


def test_nobody_draws_more_often_than_wanted_nor_without_a_turn(clock) -> None:
    turns, had = Turns(), 0
    turns.join("loss", 0.125)
    for frame in range(300):
        clock.now += 1 / 60
        turns.next(frame % 3 != 0)
        assert not (turns.mine("loss") and frame % 3 == 0)
        had += turns.mine("loss")
    assert 25 <= had <= 40
    turns.leave("loss")
    clock.now += 1.0
    turns.next()
    assert not turns.mine("loss")
