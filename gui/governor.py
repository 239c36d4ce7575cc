"""The duty governor: how often the window takes a snapshot while training runs, and how much it draws.

A window that draws as often as it can takes the interpreter away from the worker. So its thread may
use a share of the time only, and what it takes beyond that is a *debt* to the worker. A frame that
shows where the lines of the network stand is cheap and comes often; the costly turns of numbers and
panels wait until there is no debt. Where even plain frames cost too much they come more rarely.
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
BALANCED = Duty(30, 0.15)
TURBO = Duty(10, 0.05)

IDLE = 0.016
"""Seconds between two looks into the mailbox while nothing runs."""
LONGEST = 0.25
"""However busy the window is, it shows something new this often (seconds)."""
ALLOWANCE = 0.04
"""When so many seconds of its share went by without a turn, there is one whatever the debt."""
SLACK = 0.1
"""A debt that so many seconds pay back holds up the turns only, not the frames. One that would hold up
the frames for longer than ``LONGEST`` is forgiven: what is done once must not be felt for seconds."""


class Governor:
    """Measures the thread it is made in. ``begin`` opens a frame, ``pause`` ends it.

    From one ``begin`` to the next all is counted: the slots of the frame, the painting that Qt does
    afterwards, and whatever else the window did.
    """

    def __init__(self, duty: Duty = BALANCED) -> None:
        self.duty = duty
        self.debt = 0.0
        """Seconds of the processor that the window took beyond its share."""
        self._now = duty
        self._cpu = time.thread_time()
        self._at = self._turn_at = time.perf_counter()

    def begin(self, running: bool, paced: bool = False) -> bool:
        """A frame begins: whether something costly may be drawn in it.

        ``paced`` says that training does not go flat out.
        """
        cpu, now = time.thread_time(), time.perf_counter()
        spent, passed = cpu - self._cpu, now - self._at
        self._cpu, self._at = cpu, now
        self._now = SMOOTH if paced else self.duty
        share = self._now.share
        most = share * (SLACK + LONGEST) if running else 0.0
        self.debt = min(max(0.0, self.debt + spent - share * passed), most)
        turn = self.debt == 0.0 or share * (now - self._turn_at) >= ALLOWANCE
        if turn:
            self._turn_at = now
        return turn

    def pause(self, running: bool) -> float:
        """Seconds until the next frame."""
        if not running:
            return IDLE
        since = time.perf_counter() - self._at
        rest = self.debt / self._now.share - SLACK
        return max(0.0, max(1 / self._now.fps, rest) - since)
