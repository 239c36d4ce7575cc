"""The open project: new, open, save, and never losing work without a question.

Files are read and written by one thread of their own, so that a slow disk cannot freeze the
window; what was learned is asked from the worker, so that the saved numbers are the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from engine.curve import Curve
from engine.document import Document
from engine.learned import Learned
from engine.runs import NO_RUNS, Runs
from engine.samples import first_light
from gui import crash
from gui.present_project import present_project
from gui.settings import Settings
from gui.workspace import Workspace

if TYPE_CHECKING:
    from engine.files import Project

TABLES = (".csv", ".tsv", ".txt", ".dat")

View = Mapping[str, Any]
Then = Callable[[], None]


class Projects(QObject):
    """The project of one window. Everything that takes time comes back through signals."""

    changed = Signal()
    """Another file, or modified or not."""
    failed = Signal(str)
    """One sentence; the open work is as it was."""
    opened = Signal(object)
    """A ``Project`` was opened; its view is for the window to restore."""
    saved = Signal(str)
    """The path that was written."""
    table_dropped = Signal(str)
    """A table was opened instead of a project; the import dialog should ask about it."""
    _done = Signal(object)

    def __init__(self, workspace: Workspace, settings: Settings, window: QWidget) -> None:
        super().__init__(window)
        self.workspace, self.settings, self.window = workspace, settings, window
        self.path: Path | None = None
        self.view_of_window: Callable[[], View] = dict
        """Asked when a project is saved: camera, docks, theme."""
        self._kept_step = 0
        self._was_modified = False
        self._files = ThreadPoolExecutor(1, "axon-files")
        self._box: QMessageBox | None = None
        self._saving = 0
        self._done.connect(lambda work: work(), Qt.ConnectionType.QueuedConnection)
        for signal in (workspace.snapshot_changed, workspace.document_changed, workspace.state_changed):
            signal.connect(self._look)
        workspace.editing.undo_stack.cleanChanged.connect(self._look)

    # ---------------------------------------------------------------- what is open

    @property
    def name(self) -> str:
        """What the project is called: its file's name, or the network's own."""
        return self.path.name if self.path is not None else self.workspace.document.name

    @property
    def modified(self) -> bool:
        """Whether there are edits or updates that no file has."""
        workspace = self.workspace
        return not workspace.editing.undo_stack.isClean() or workspace.snapshot.step != self._kept_step

    @property
    def saving(self) -> bool:
        """Whether something is being written at this moment."""
        return self._saving > 0

    # ---------------------------------------------------------------- new and open

    def new(self, document: Document | None = None) -> None:
        """Begin with another network, once the open work is safe."""
        self.make_safe(lambda: self._begin(document or first_light()))

    def choose(self) -> None:
        """Ask which file to open."""
        self.make_safe(self._choose)

    def open(self, path: Path) -> None:
        """Open a file, once the open work is safe; a table goes to the import dialog."""
        if path.suffix.lower() in TABLES:
            self.table_dropped.emit(str(path))
        else:
            self.make_safe(lambda: self.load(path))

    def load(self, path: Path, *, wait: float = 0.0, recovered: bool = False) -> None:
        """Read a project and show it. ``wait`` seconds are waited for it here, for the start."""
        from engine.files import open_project

        path = path.absolute()

        def show(project: Project) -> None:
            self.show(project, None if recovered else path)

        future = self._files.submit(open_project, path)
        if wait:
            try:
                show(future.result(wait))
            except TimeoutError:
                pass
            except Exception as error:
                self.failed.emit(str(error))
                return
            else:
                return
        self._when(future, show)

    def show(self, project: Project, path: Path | None = None) -> None:
        """Take over a project that was read; without a path it counts as never saved."""
        curve = Curve.of(project.curve, project.curve_start) if len(project.curve) else None
        self._begin(project.document, project.learned, curve, project.origin, project.runs, project.run)
        self.path = path
        if path is not None:
            self.settings.remember(path)
        else:
            self._kept_step = -1
        if project.walk is not None:
            self._walk_to(project.walk)
        self.opened.emit(project)
        self.changed.emit()

    def _begin(
        self,
        document: Document,
        learned: Learned | None = None,
        curve: Curve | None = None,
        origin: Learned | None = None,
        runs: Runs = NO_RUNS,
        run: int = 0,
    ) -> None:
        self.path = None
        self._kept_step = learned.step if learned is not None else 0
        self.workspace.open(document, learned, curve, origin, runs, run)
        self._was_modified = self.modified
        self.changed.emit()

    def _choose(self) -> None:
        dialog = QFileDialog(self.window, self.tr("Open a project"), str(self._folder()))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [
                self.tr("Projects (*.axon *.json)"),
                self.tr("Tables (*.csv *.tsv *.txt)"),
                self.tr("All files (*)"),
            ]
        )
        dialog.fileSelected.connect(lambda file: self._chosen(Path(file)))
        dialog.open()

    def _chosen(self, path: Path) -> None:
        if path.suffix.lower() in TABLES:
            self.table_dropped.emit(str(path))
        else:
            self.load(path)

    def _walk_to(self, number: int) -> None:
        workspace = self.workspace

        def look() -> None:
            if workspace.walk is not None:
                workspace.walk_changed.disconnect(look)
                workspace.walking.go_to(number)

        workspace.walk_changed.connect(look)
        workspace.walking.forward()

    # ---------------------------------------------------------------- save

    def save(self, then: Then | None = None) -> None:
        """Save under the file's own name; ask for one if it has none. ``then`` follows if it worked."""
        if self.path is None:
            self.save_as(then)
        else:
            self.write(self.path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a name and save."""
        from engine.files import SUFFIX

        folder = self._folder() / f"{_file_name(self.workspace.document.name)}{SUFFIX}"
        dialog = QFileDialog(self.window, self.tr("Save the project"), str(self.path or folder))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Axon project (*.axon)"), self.tr("Plain text (*.json)")])
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else SUFFIX)
        )
        dialog.setDefaultSuffix(SUFFIX)
        dialog.fileSelected.connect(lambda file: self.write(Path(file), then))
        dialog.open()

    def write(self, path: Path, then: Then | None = None) -> None:
        """Save under a name; the file counts as the project's own from then on."""
        path = path.absolute()
        mark = self.workspace.editing.undo_stack.index()

        def written(project: Project) -> None:
            self.path, self._kept_step = path, project.learned.step
            stack = self.workspace.editing.undo_stack
            if stack.index() == mark and project.document == self.workspace.document:
                stack.setClean()
            else:
                stack.resetClean()
            self.settings.remember(path)
            self._was_modified = self.modified
            self.changed.emit()
            self.saved.emit(str(path))
            if then is not None:
                then()

        self.write_copy(path, written)

    def write_copy(self, path: Path, then: Callable[[Project], None]) -> None:
        """Write the present state to a file without taking the file over."""
        self._saving += 1

        def done(project: Project) -> None:
            self._saving -= 1
            then(project)

        def failed() -> None:
            self._saving -= 1

        def put(project: Project) -> None:
            from engine.files import save_project

            def work() -> Project:
                save_project(project, path)
                return project

            self._when(self._files.submit(work), done, failed)

        present_project(self.workspace, self.view_of_window(), put)

    # ---------------------------------------------------------------- not losing work

    def make_safe(self, then: Then) -> None:
        """Go on at once if all is saved; else ask whether to save, to discard, or to stay."""
        if not self.modified:
            then()
            return
        if self._box is not None:
            self._box.raise_()
            return
        button = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Axon"),
            self.tr("Save the changes to {name}?").replace("{name}", f"“{self.name}”"),
            button.Save | button.Discard | button.Cancel,
            self.window,
        )
        box.setInformativeText(self.tr("Otherwise the edits and what was learned since then are lost."))
        box.setDefaultButton(button.Save)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._box = box

        def answered(answer: int) -> None:
            self._box = None
            if answer == button.Save:
                self.save(then)
            elif answer == button.Discard:
                then()

        box.finished.connect(answered)
        box.open()

    def close(self) -> None:
        """Finish what is being written."""
        self._files.shutdown(wait=True)

    # ---------------------------------------------------------------- plumbing

    def _when(self, future: Future[Any], then: Callable[[Any], None], failed: Then | None = None) -> None:
        """Once a file was read or written, go on in the window's thread."""

        def arrived() -> None:
            error = future.exception()
            if error is None:
                with crash.guarded():
                    then(future.result())
                return
            if failed is not None:
                failed()
            self.failed.emit(str(error))

        future.add_done_callback(lambda _: self._done.emit(arrived))

    def _folder(self) -> Path:
        for each in self.settings.recent:
            if each.parent.is_dir():
                return each.parent
        return Path.home()

    def _look(self, *_: object) -> None:
        if self.modified != self._was_modified:
            self._was_modified = self.modified
            self.changed.emit()


def _file_name(name: str) -> str:
    """A name for a file, of the name of a network."""
    plain = "".join(sign if sign.isalnum() or sign in " -_." else "-" for sign in name).strip(" .-")
    return plain[:60] or "network"
