"""The timeline: exact rewind of a training.

It keeps checkpoints within a memory budget and replays from the nearest one. An update depends
only on the state and its number, so every past state comes back bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.core.problems import AxonError, DivergenceError
from engine.learned import Learned
from engine.trainer import Trainer

BUDGET = 256 * 2**20
"""Bytes that the checkpoints may take."""
MOST_CHECKPOINTS = 512


@dataclass
class Timeline:
    """The past of one trainer since it was made; ``start`` is the earliest update it can reach."""

    trainer: Trainer
    budget: int = BUDGET
    known: Mapping[int, Learned] = field(default_factory=dict)
    """Other states of the same training by their step: the timeline begins at the first of them."""

    def __post_init__(self) -> None:
        self._spacing = 1
        self._kept: dict[int, Learned] = {}
        self.start = self.trainer.step
        self._keep()
        self._kept.update(self.known)
        self.start = min(self._kept)

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The updates of which a state is kept."""
        return tuple(sorted(self._kept))

    def kept(self, step: int) -> Learned:
        """The state that is kept of the last checkpoint at or before a step."""
        return self._kept[self._nearest(step)]

    def advance(self, updates: int = 1) -> None:
        """Train on, keeping checkpoints on the way.

        After a ``DivergenceError`` the last state whose J was finite is restored.
        """
        goal = self.trainer.step + updates
        while self.trainer.step < goal:
            pause = min(goal, (self.trainer.step // self._spacing + 1) * self._spacing)
            try:
                self.trainer.advance(pause - self.trainer.step)
            except DivergenceError:
                self.seek(max(self.start, self.trainer.step - 1))
                raise
            if self.trainer.step % self._spacing == 0:
                self._keep()

    def seek(self, step: int, stop: Callable[[], bool] = lambda: False) -> bool:
        """Restore the state before update ``step``; ``False`` if ``stop`` ended the replay early.

        Raises ``AxonError`` for a step before the start.
        """
        if step < self.start:
            raise AxonError(f"The timeline begins at update {self.start}.")
        if step < self.trainer.step or self._nearest(step) > self.trainer.step:
            self.trainer.load(self._kept[self._nearest(step)])
        while self.trainer.step < step:
            self._replay(step)
            if stop():
                return False
        return True

    def _replay(self, goal: int) -> None:
        """Some updates towards the goal; on a long way checkpoints are kept for the way back."""
        step = self.trainer.step
        pause = (step // self._spacing + 1) * self._spacing
        self.trainer.advance(min(goal, pause, step + 256) - step)
        if self.trainer.step == pause:
            self._keep()

    def _nearest(self, step: int) -> int:
        return max(each for each in self._kept if each <= step)

    def _keep(self) -> None:
        state = self.trainer.learned
        self._kept[state.step] = state
        arrays = (2 + len(state.memory)) * self.trainer.store.theta.nbytes
        most = max(2, min(MOST_CHECKPOINTS, self.budget // max(1, arrays)))
        while len(self._kept) > most:
            self._spacing *= 2
            self._kept = {
                step: each
                for step, each in self._kept.items()
                if step == self.start or step % self._spacing == 0
            }
            if len(self._kept) <= 2:
                break
