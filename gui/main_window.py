"""The window: it only puts the parts together and passes on what concerns it as a whole."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QToolBar, QWidget

from gui import crash, view
from gui.actions.build import Actions
from gui.actions.corner import Corner
from gui.actions.keys import Keys
from gui.dialogs import Dialogs
from gui.digits import Digits
from gui.editor.canvas import Canvas
from gui.first_paint import FirstPaint
from gui.leaving import leave
from gui.look import Look
from gui.panel import Panel
from gui.panel_dock import PanelDock
from gui.perspectives import Docks
from gui.projects import Projects
from gui.recovery import Recovery
from gui.settings import GREETING, PERSPECTIVE, Settings
from gui.stage import Stage
from gui.status import Notices
from gui.theme import Theme
from gui.walkthrough.timeline import TimelineBar
from gui.walkthrough.transport import Transport
from gui.widgets.notice import Tone
from gui.workspace import Workspace

SMALLEST = QSize(760, 480)
FIRST = QSize(1440, 900)
"""The size of a window that was never open before, if the screen has room for it."""


class MainWindow(QMainWindow):
    """One window with one workspace; closing it ends both."""

    painted = Signal()
    """The first picture is on the screen."""
    workspace: Workspace
    settings: Settings
    look: Look

    def __init__(self, workspace: Workspace, settings: Settings, look: Look) -> None:
        super().__init__()
        self.workspace, self.settings, self.look = workspace, settings, look
        look.workspace = workspace
        for part in (workspace, settings, look):
            part.setParent(self)
        self.setObjectName("axon")
        self.setAcceptDrops(True)
        self.setMinimumSize(SMALLEST)
        self._leaving = self.closed = self._walking = False
        self.digits = Digits(workspace, settings, self)
        self.canvas = Canvas(workspace)
        self.stage = Stage(self.canvas)
        self.setCentralWidget(self.stage)
        self.notices = Notices(self.stage, workspace.theme, self.canvas.legend.size)
        self.projects = Projects(workspace, settings, self)
        self.recovery = Recovery(self.projects, settings)
        self.docks = Docks(self, workspace, settings)
        self.transport = Transport(workspace)
        self.timeline = TimelineBar(workspace)
        self._bar("transport", self.tr("Transport"), self.transport, Qt.ToolBarArea.TopToolBarArea)
        self._bar("timeline", self.tr("Timeline"), self.timeline, Qt.ToolBarArea.BottomToolBarArea)
        self.commands = Actions(self)
        self.menu_corner = Corner(self.commands, self)
        self.menuBar().setCornerWidget(self.menu_corner)
        self.keys = Keys(self, lambda: leave(self))
        self.dialogs = Dialogs(self)
        self._connect()
        self._restore_geometry()
        self.docks.show_perspective(settings.get(PERSPECTIVE))
        self._retitle()
        self.canvas.setFocus()
        FirstPaint(self, self.wake)

    # ---------------------------------------------------------------- putting together

    def _bar(self, name: str, title: str, widget: QWidget, area: Qt.ToolBarArea) -> None:
        bar = QToolBar(title)
        bar.setObjectName(f"bar-{name}")
        bar.setAccessibleName(title)
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.addWidget(widget)
        bar.toggleViewAction().setVisible(False)
        self.addToolBar(area, bar)

    def _connect(self) -> None:
        workspace, refresh = self.workspace, self.commands.refresh
        workspace.said.connect(self.notices.tell)
        workspace.offered.connect(lambda sentence, buttons: self.notices.tell(sentence, buttons=buttons))
        workspace.theme_changed.connect(self._restyle)
        for signal in (workspace.state_changed, workspace.walk_changed, workspace.document_changed):
            signal.connect(refresh)
            signal.connect(self.notices.end_hints)
        stack = workspace.editing.undo_stack
        for signal in (
            stack.canUndoChanged,
            stack.canRedoChanged,
            stack.undoTextChanged,
            stack.redoTextChanged,
        ):
            signal.connect(refresh)
        workspace.walk_changed.connect(self._follow_walk)
        workspace.wanted.connect(self._open_panel)
        workspace.explained.connect(self._show_explanation)
        self.docks.changed.connect(refresh)
        self.docks.made.connect(self._panel_made)
        self.stage.resized.connect(self.notices.place)
        projects = self.projects
        projects.changed.connect(self._retitle)
        projects.failed.connect(lambda sentence: self.notices.tell(sentence, tone=Tone.ERROR))
        projects.saved.connect(
            lambda path: self.notices.tell(self.tr("Saved as {path}").replace("{path}", path))
        )
        projects.opened.connect(lambda project: view.restore(self, project.view))
        projects.table_dropped.connect(lambda path: self.dialogs.import_data(Path(path)))
        projects.view_of_window = lambda: view.of(self)
        crash.told(self._stumbled)

    def _restore_geometry(self) -> None:
        saved = self.settings.layout("geometry")
        if saved.isEmpty() or not self.restoreGeometry(saved):
            self.resize(FIRST.boundedTo(self.screen().availableSize()))

    def wake(self) -> None:
        """What can wait until the first picture is on the screen."""
        self.painted.emit()
        self.docks.wake()
        self.commands.restyle()
        self.recovery.offer(self.notices)

    def greet(self) -> None:
        """One sentence for somebody who never saw the program."""
        if self.settings.get(GREETING) and not self.notices.shown:
            self.notices.hint(
                self.tr("Space lets the network learn. The right arrow key goes through it step by step.")
            )

    def close_at_once(self) -> None:
        """Close without a question about unsaved work."""
        self._leaving = True
        self.close()

    # ---------------------------------------------------------------- what actions do

    def show_perspective(self, name: str) -> None:
        """Other panels around the same canvas."""
        self.set_projector(False)
        self.docks.show_perspective(name)

    def set_projector(self, on: bool) -> None:
        """Projector mode on or off."""
        if on == self.docks.projecting:
            return
        self.menuBar().setVisible(not on)
        if on:
            self.docks.begin_projector(lambda: self.look.project(self.height()))
            self.notices.end_hints()
            self.notices.hint(self.tr("Projector mode. Ctrl+1 leaves it."))
        else:
            self.notices.end_hints()
            self.docks.end_projector(lambda: self.look.project(None))

    # ---------------------------------------------------------------- answers to signals

    def _panel_made(self, panel: Panel) -> None:
        panel.keep_in(self.settings)
        if panel.name == "inspector":
            from gui.panels.inspector import InspectorPanel

            assert isinstance(panel, InspectorPanel)
            panel.csv_wanted.connect(self.dialogs.import_data)
        QTimer.singleShot(0, self, lambda: self._give_room(panel))

    def _give_room(self, panel: Panel) -> None:
        """A panel that was squeezed in where it cannot be read becomes a tab of the largest beside it."""
        dock, wish = self.docks.dock(panel.name), panel.sizeHint()
        if panel.open_at_start or dock is None or dock.isFloating() or self.tabifiedDockWidgets(dock):
            return
        area = self.dockWidgetArea(dock)
        others = [each for each in self.docks.all if each.isVisible() and self.dockWidgetArea(each) == area]
        others = [each for each in others if each is not dock]
        if others and (dock.height() < wish.height() or dock.width() < 0.9 * wish.width()):
            self.tabifyDockWidget(max(others, key=lambda each: each.width() * each.height()), dock)
            dock.raise_()

    def _restyle(self, theme: Theme) -> None:
        self.notices.restyle(theme)
        self.commands.restyle()
        self.menu_corner.restyle(theme)
        self.docks.restyle(theme)

    def _open_panel(self, name: str) -> None:
        """Some part of the window asks for a panel: open, in front, and with the keyboard in it."""
        if name == "canvas":
            self.canvas.setFocus()
        dock = self._raised(name)
        if dock is not None and dock.panel is not None:
            dock.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _raised(self, name: str) -> PanelDock | None:
        """The dock of a panel, open and in front of the others."""
        dock = self.docks.dock(name)
        if dock is not None and dock.isHidden():
            self.docks.toggle(dock)
        if dock is not None:
            dock.raise_()
        return dock

    def _show_explanation(self) -> None:
        """A number is asked about: its formula is to be seen; the keyboard stays where it is."""
        if self.workspace.explaining.asked is not None:
            self._raised("formula")

    def _follow_walk(self) -> None:
        """A walkthrough begins: its formula is what one wants to read."""
        walking = self.workspace.walk is not None
        began, self._walking = walking and not self._walking, walking
        formula = self.docks.dock("formula")
        if began and not self.docks.projecting and formula is not None and not formula.isVisible():
            self.docks.show_perspective("walk")

    def _retitle(self) -> None:
        self.setWindowTitle(f"{self.projects.name}[*] – Axon")
        self.setWindowModified(self.projects.modified)

    def _stumbled(self, sentence: str, details: str) -> None:
        copy = (self.tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details))
        self.notices.tell(sentence, tone=Tone.ERROR, buttons=(copy,), stays=True)

    # ---------------------------------------------------------------- Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.docks.resized()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            leave(self)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = _files(event)
        if files:
            event.acceptProposedAction()
            # the program that the file comes from waits until this returns
            QTimer.singleShot(0, self, lambda: self.projects.open(files[0]))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.closed:
            super().closeEvent(event)
            return
        if not self._leaving and self.projects.modified:
            event.ignore()
            self.projects.make_safe(self.close_at_once)
            return
        self.set_projector(False)
        self.docks.keep()
        self.settings.set_layout("geometry", self.saveGeometry())
        self.settings.save()
        self.recovery.close()
        self.projects.close()
        self.workspace.close()
        self.closed = True
        self.workspace.editing.undo_stack.blockSignals(True)  # it speaks once more when it is deleted
        super().closeEvent(event)


def _files(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
