"""The duty governor: how often the window takes a snapshot while training runs.

A window that draws as often as it can takes the interpreter away from the worker. So the next
frame comes after ``max(1/fps, cpu/duty)``: the window's thread may use a share of the time only.
Where training keeps a pace that leaves it idle most of the time, the window draws smoothly.
"""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Duty:
    """Frames a second at the most, and the share of one processor that the window may use."""

    fps: float
    share: float


SMOOTH = Duty(60, 1.0)
BALANCED = Duty(30, 0.2)
TURBO = Duty(10, 0.05)

IDLE = 0.016
"""Seconds between two looks into the mailbox while nothing runs."""
LONGEST = 0.25
"""However busy the window is, it shows something new this often (seconds)."""


class Governor:
    """Measures the thread it is made in."""

    def __init__(self, duty: Duty = BALANCED) -> None:
        self.duty = duty
        self._cpu = time.thread_time()

    def pause(self, running: bool, paced: bool = False) -> float:
        """Seconds until the next frame, judged by the work since the last call.

        ``paced`` says that training does not go flat out.
        """
        now = time.thread_time()
        spent, self._cpu = now - self._cpu, now
        if not running:
            return IDLE
        duty = SMOOTH if paced else self.duty
        return min(LONGEST, max(1 / duty.fps, spent / duty.share))
