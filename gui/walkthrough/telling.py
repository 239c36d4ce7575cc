"""How the formula panel tells its pages: how much of long sums, which matrices, what of the folded parts."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from engine.trace import Trace
from gui.settings import EXAMPLES_AS_ROWS, WHOLE_BATCH, Setting, Settings
from gui.walkthrough.arrangement import Arrangement
from gui.walkthrough.story import Story
from gui.walkthrough.sums import MOST_TERMS
from gui.walkthrough.unfolding import Unfolding


class Telling(QObject):
    """What the user chose for all pages, and for the one that is shown."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings: Settings | None = None
        self._arranged = Arrangement()
        self._opened: dict[str, int] = {}
        self._most = MOST_TERMS

    def keep_in(self, settings: Settings) -> None:
        """How matrices are to be shown is a choice beyond the project."""
        self._settings = settings
        settings.changed.connect(self._arrange)
        self._arrange()

    def story(self, trace: Trace, done: int | None, unfolding: Unfolding | None) -> Story:
        """What tells of a trace in that way."""
        return Story(trace, self._most, done, self._arranged, dict(self._opened), unfolding)

    def begin_anew(self) -> None:
        """Another number: its long sums are cut short again."""
        self._most = MOST_TERMS

    def more(self) -> None:
        """More terms of long sums."""
        self._most *= 4
        self.changed.emit()

    def open(self, topic: str, stage: int) -> None:
        """A part opens or closes; it stays so from step to step."""
        self._opened[topic] = stage
        self.changed.emit()

    def switch(self, whole: bool) -> None:
        """One example, or the whole batch."""
        if self._settings is not None:
            self._settings.set(WHOLE_BATCH, whole)
        else:
            self._arranged = replace(self._arranged, whole=whole)
            self.changed.emit()

    def _arrange(self, changed: Setting | None = None) -> None:
        """Take over how matrices are to be shown."""
        if self._settings is not None and changed in {None, WHOLE_BATCH, EXAMPLES_AS_ROWS}:
            get = self._settings.get
            self._arranged = Arrangement(get(WHOLE_BATCH), get(EXAMPLES_AS_ROWS))
            if changed is not None:
                self.changed.emit()
