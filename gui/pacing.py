"""How often a panel draws: while training runs not more often than it must, and always at the end."""

from __future__ import annotations

import time

from engine.session import Snapshot


class Pacing:
    """``due`` is true at most every ``interval`` seconds of training, and always when it stands still."""

    def __init__(self, interval: float) -> None:
        self.interval = interval
        self._last = -1e9

    def due(self, snapshot: Snapshot) -> bool:
        """Whether to draw this snapshot."""
        now = time.perf_counter()
        if snapshot.running and now - self._last < self.interval:
            return False
        self._last = now
        return True

    def again(self) -> None:
        """The next snapshot is drawn in any case."""
        self._last = -1e9
