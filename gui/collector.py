"""Python's garbage collector, in the window's thread only.

The collector runs in whatever thread happens to allocate. In the worker it would destroy widgets
that are caught in a circle of references, and Qt objects may only die in the window's thread.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

OFTEN = 250
"""Milliseconds between two looks at how much there is to collect."""


class Collector(QObject):
    """Takes over from the automatic collector until ``end``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(OFTEN)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> int:
        """Collect what the automatic collector would by now; the generation, or −1 for none."""
        counts, limits = gc.get_count(), gc.get_threshold()
        due = -1
        for generation, (count, limit) in enumerate(zip(counts, limits, strict=True)):
            if count <= limit:
                break
            due = generation
        if due >= 0:
            gc.collect(due)
        return due

    def end(self) -> None:
        """Hand back to the automatic collector."""
        self._timer.stop()
        gc.enable()
