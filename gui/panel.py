"""What a panel is: a widget for a dock, found because its file lies in a folder of panels."""

from __future__ import annotations

import importlib
import pkgutil
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from engine.session import Snapshot
from gui.settings import Settings
from gui.theme import Theme
from gui.workspace import Workspace

FOLDERS = ("gui.panels", "gui.walkthrough", "gui.editor")


class Panel(QWidget):
    """One panel. Hidden panels do no work: ``refresh`` is called only while it can be seen.

    A subclass sets ``name`` (in saved layouts), ``title``, ``icon``, ``area`` and ``rank`` (order
    within the area) and overrides ``refresh``, ``refresh_state`` and ``restyle`` as far as it
    needs them. Probes belong in ``begin`` and ``end``, called when it is shown and hidden.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    icon: ClassVar[str] = "square"
    area: ClassVar[Qt.DockWidgetArea] = Qt.DockWidgetArea.BottomDockWidgetArea
    rank: ClassVar[int] = 100
    open_at_start: ClassVar[bool] = True
    every: ClassVar[float] = 1 / 8
    """Seconds between two refreshes while training runs, where there is time for that."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        workspace.theme_changed.connect(self._theme)

    def keep_in(self, settings: Settings) -> None:
        """Where the panel may keep choices of the user, beyond the project; the window says it once."""

    def begin(self) -> None:
        """The panel can be seen from now on."""

    def end(self) -> None:
        """The panel is hidden from now on."""

    def refresh(self, snapshot: Snapshot) -> None:
        """Show a new snapshot; while training runs panels do so in turn, at most one a frame."""

    def refresh_state(self) -> None:
        """The document, the example, the walk or the selection changed."""

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""

    # ---------------------------------------------------------------- plumbing

    def _listen(self, connect: bool) -> None:
        workspace = self.workspace
        changes = (
            workspace.document_changed,
            workspace.state_changed,
            workspace.walk_changed,
            workspace.selection_changed,
        )
        if connect:
            workspace.snapshot_changed.connect(self._snapshot)
            if type(self).refresh is not Panel.refresh:
                workspace.turns.join(self, self.every)
            for each in changes:
                each.connect(self._state)
        else:
            workspace.snapshot_changed.disconnect(self._snapshot)
            workspace.turns.leave(self)
            for each in changes:
                each.disconnect(self._state)

    def _snapshot(self, snapshot: Snapshot) -> None:
        if not snapshot.running or self.workspace.turns.mine(self):
            self.refresh(snapshot)

    def _state(self, *_: object) -> None:
        self.refresh_state()

    def _theme(self, theme: Theme) -> None:
        self.restyle(theme)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._listen(True)
        self.begin()
        self.refresh_state()
        self.refresh(self.workspace.snapshot)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._listen(False)
        self.end()


def all_panels() -> list[type[Panel]]:
    """Every panel class in the folders of panels, in the order of their ranks."""
    found: set[type[Panel]] = set()
    for folder in FOLDERS:
        package = importlib.import_module(folder)
        for module in pkgutil.iter_modules(package.__path__):
            loaded = importlib.import_module(f"{folder}.{module.name}")
            found |= {
                each
                for each in vars(loaded).values()
                if isinstance(each, type)
                and issubclass(each, Panel)
                and each.name
                and each.__module__ == loaded.__name__
            }
    return sorted(found, key=lambda each: (each.rank, each.name))
