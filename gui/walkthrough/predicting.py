"""Predict, then reveal: which number of the walk is hidden, how answers are judged, and the score."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.diagnosis import Verdict, asked_for, judge
from gui.settings import Setting
from gui.stepping.walk import Walk

PREDICT = Setting("predict-then-reveal", False)
"""Whether the next number is hidden; remembered from day to day."""

Place = tuple[int, int]
"""The number of an update and of a step in it."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many numbers were right at the first try, of those that were asked and answered."""

    right: int = 0
    asked: int = 0


class Predicting:
    """The state of the game while one walks.

    A step that was answered or shown stays visible, also when one comes back to it. A number that
    cannot be typed (NaN, ∞) is never asked for.
    """

    def __init__(self) -> None:
        self.on = False
        self.score = Score()
        self.verdict: Verdict | None = None
        """What was said of the last answer, as long as the walk stands there."""
        self._seen: set[Place] = set()
        self._tried: set[Place] = set()
        self._at: Place | None = None

    def hides(self, walk: Walk) -> bool:
        """Whether the number of the walk's step is hidden."""
        here = _place(walk)
        if here != self._at:
            self._at, self.verdict = here, None
        step = walk.step if self.on and here not in self._seen else None
        return step is not None and math.isfinite(asked_for(step))

    def answer(self, walk: Walk, value: float) -> Verdict:
        """Judge a prediction. Only the first one at a place counts."""
        here, step = _place(walk), walk.step
        assert step is not None
        verdict = judge(step, walk.trace.lookup, value)
        self._count(here, verdict.right)
        if verdict.right:
            self._seen.add(here)
        self.verdict = verdict
        return verdict

    def reveal(self, walk: Walk) -> None:
        """The number is shown without having been found."""
        here = _place(walk)
        self._count(here, False)
        self._seen.add(here)
        self.verdict = None

    def reset(self) -> None:
        """Count anew."""
        self.score = Score()

    def forget(self) -> None:
        """The walk has ended: what was seen there is to be asked again in the next."""
        self.score, self.verdict, self._at = Score(), None, None
        self._seen.clear()
        self._tried.clear()

    def _count(self, here: Place, right: bool) -> None:
        if here not in self._tried:
            self._tried.add(here)
            self.score = Score(self.score.right + right, self.score.asked + 1)


def _place(walk: Walk) -> Place:
    return (walk.trace.step_number, walk.at)
