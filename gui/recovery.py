"""Recovery copies: after a crash or a power cut at most a few seconds of work are gone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QLockFile, QObject, QTimer

from gui import crash
from gui.settings import RECOVERY, Settings
from gui.widgets.notice import Tone

if TYPE_CHECKING:
    from gui.projects import Projects
    from gui.status import Notices

EVERY = 20_000
"""Milliseconds between two looks whether there is something new to copy."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A recovery copy that a program which is gone left behind."""

    file: Path
    name: str
    at: datetime


class Recovery(QObject):
    """Keeps a copy of unsaved work while the program runs, and finds those that were left behind.

    A lock file beside the copy says that its program still lives.
    """

    def __init__(self, projects: Projects, settings: Settings, folder: Path | None = None) -> None:
        super().__init__(projects)
        self.projects, self.settings = projects, settings
        self.folder = folder or crash.folder() / "recovery"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / f"{uuid4().hex}.axon"
        self._lock = QLockFile(str(self.file.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)
        self._lock.tryLock(0)
        self._copied: tuple[int, int] | None = None
        self._opened: Copy | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.copy)
        self._timer.start()
        projects.changed.connect(self._look)

    def copy(self) -> None:
        """Write a copy if there is unsaved work that the last copy has not."""
        workspace = self.projects.workspace
        mark = (workspace.editing.undo_stack.index(), workspace.snapshot.step)
        if not self.settings.get(RECOVERY) or not self.projects.modified or self.projects.saving:
            return
        if mark == self._copied:
            return
        self._copied = mark
        self.file.with_suffix(".json").write_text(json.dumps({"name": self.projects.name}), "utf-8")
        self.projects.write_copy(self.file, lambda _: None)

    def left_behind(self) -> list[Copy]:
        """Copies of programs that are gone, the newest first."""
        found = []
        for file in self.folder.glob("*.axon"):
            if file != self.file and self._is_free(file):
                at = datetime.fromtimestamp(file.stat().st_mtime)
                found.append(Copy(file, _name(file), at))
        return sorted(found, key=lambda copy: copy.at, reverse=True)

    def offer(self, notices: Notices) -> None:
        """Say that there is a copy, and let the user open or delete it."""
        for copy in self.left_behind()[:1]:
            words = self.tr("Axon was not closed properly: there is a copy of {name} from {time}.")
            words = words.replace("{name}", f"“{copy.name}”").replace("{time}", f"{copy.at:%H:%M}")
            take = (self.tr("Open it"), partial(self._take, copy))
            drop = (self.tr("Delete it"), partial(self.forget, copy))
            notices.tell(words, tone=Tone.WARNING, buttons=(take, drop), stays=True)

    def _take(self, copy: Copy) -> None:
        self._opened = copy
        self.projects.load(copy.file, recovered=True)

    def forget(self, copy: Copy) -> None:
        """Delete a copy."""
        _remove(copy.file)

    def close(self) -> None:
        """The program ends as it should: no copy is needed."""
        self._timer.stop()
        _remove(self.file)
        if self._opened is not None:
            _remove(self._opened.file)
        self._lock.unlock()

    def _look(self) -> None:
        if not self.projects.modified:
            self._copied = None
            _remove(self.file)

    def _is_free(self, file: Path) -> bool:
        lock = QLockFile(str(file.with_suffix(".lock")))
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            lock.unlock()
            return True
        return False


def _name(file: Path) -> str:
    try:
        return str(json.loads(file.with_suffix(".json").read_text("utf-8"))["name"])[:80]
    except (OSError, ValueError, KeyError, TypeError):
        return "Network"


def _remove(file: Path) -> None:
    for each in (file, file.with_suffix(".json")):
        each.unlink(missing_ok=True)
