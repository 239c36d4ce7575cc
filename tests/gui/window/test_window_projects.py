"""Saving and opening: the same bits come back, and no work is lost without a question."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import edits
from engine.files import Project, open_project, save_project
from engine.learned import Learned
from engine.samples import mlp
from engine.session.probes import State
from gui.main_window import MainWindow
from gui.recovery import Recovery
from gui.settings import RECOVERY, Settings

pytestmark = pytest.mark.slow

Make = Callable[..., MainWindow]


def learned_of(qtbot: QtBot, window: MainWindow) -> Learned:
    """What the worker knows at this moment."""
    found: list[tuple[Learned, object, object]] = []
    window.workspace.link.ask(State(), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0][0]


def train(qtbot: QtBot, window: MainWindow, updates: int = 50) -> None:
    """So many updates, and the window knows of them."""
    goal = window.workspace.snapshot.step + updates
    window.workspace.training.advance(updates)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == goal)


def save(qtbot: QtBot, window: MainWindow, file: Path) -> None:
    with qtbot.waitSignal(window.projects.saved):
        window.projects.write(file)


def answer(qtbot: QtBot, window: MainWindow, button: QMessageBox.StandardButton) -> None:
    """A click on a button of the question that is open."""
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == 1
    qtbot.waitUntil(boxes[0].isVisible)
    qtbot.mouseClick(boxes[0].button(button), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("suffix", [".axon", ".json"])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_reopened_to_the_same_bits_and_the_same_place(
    qtbot: QtBot, make_window: Make, tmp_path: Path, suffix: str, optimizer: str
) -> None:
    file = tmp_path / f"work{suffix}"
    first = make_window(mlp(2, 4, 1, optimizer=Spec(optimizer)))
    train(qtbot, first, 137)
    first.workspace.choose_example(2)
    first.workspace.walking.forward()
    qtbot.waitUntil(lambda: first.workspace.walk is not None)
    first.workspace.walking.go_to(17)
    before = learned_of(qtbot, first)
    save(qtbot, first, file)
    assert not first.projects.modified
    curve = first.workspace.curve.values.copy()
    first.close()
    assert not first.isVisible()

    second = make_window()
    with qtbot.waitSignal(second.projects.opened):
        second.projects.open(file)
    workspace = second.workspace
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.at == 17)
    assert learned_of(qtbot, second).same_bits(before)
    assert workspace.example == workspace.walk.trace.examples[workspace.walk.example]
    qtbot.waitUntil(lambda: len(workspace.curve) == 137)
    assert workspace.curve.values.tobytes() == curve.tobytes()
    assert not second.projects.modified
    assert file.name in second.windowTitle()
    train(qtbot, second, 3)
    assert len(workspace.curve) == 140
    assert second.projects.modified


def test_saving_in_the_middle_of_training_keeps_a_state_that_was(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.workspace.training.play()
    qtbot.waitUntil(lambda: window.workspace.snapshot.step > 200)
    save(qtbot, window, tmp_path / "running.axon")
    assert window.workspace.training.running
    window.workspace.training.pause()
    project = open_project(tmp_path / "running.axon")
    assert project.learned.step > 200
    assert len(project.curve) == project.learned.step
    window.workspace.training.seek(project.learned.step)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == project.learned.step)
    now = learned_of(qtbot, window)
    assert all(
        now.parameters[key].tobytes() == each.tobytes() for key, each in project.learned.parameters.items()
    )


def test_a_network_with_a_problem_can_be_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    train(qtbot, window, 20)
    weights = {key: each.copy() for key, each in window.workspace.parameters.items()}
    window.workspace.editing.attempt("data", edits.set_data, spec=Spec("iris"))
    qtbot.waitUntil(lambda: bool(window.workspace.snapshot.problem))
    save(qtbot, window, tmp_path / "problem.axon")
    learned = open_project(tmp_path / "problem.axon").learned
    assert learned.step == 20
    assert all(np.array_equal(learned.parameters[key], each) for key, each in weights.items())


def test_modified_by_edit_training_and_undo(qtbot: QtBot, window: MainWindow) -> None:
    projects, workspace = window.projects, window.workspace
    assert not projects.modified
    workspace.editing.attempt("units", edits.set_units, layer="hidden", units=5)
    assert projects.modified
    assert window.isWindowModified()
    workspace.editing.undo()
    assert not projects.modified
    train(qtbot, window, 5)
    assert projects.modified
    workspace.editing.undo()
    qtbot.waitUntil(lambda: not projects.modified)
    assert not window.isWindowModified()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.axon", b""),
        ("noise.axon", bytes(range(256)) * 40),
        ("cut.axon", b"PK\x03\x04 not really"),
        ("broken.json", b'{"format": "axon-project", "layers": ['),
        ("other.json", b'{"hello": 1}'),
        ("newer.json", b'{"format": "axon-project", "version": 99}'),
    ],
)
def test_a_damaged_file_is_one_sentence_and_the_work_stays(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str, content: bytes
) -> None:
    train(qtbot, window, 30)
    save(qtbot, window, tmp_path / "good.axon")
    document, before = window.workspace.document, learned_of(qtbot, window)
    file = tmp_path / name
    file.write_bytes(content)
    told = len(window.notices.last)
    with qtbot.waitSignal(window.projects.failed):
        window.projects.open(file)
    assert len(window.notices.last) == told + 1
    assert name in window.notices.last[-1].sentence
    assert QApplication.activeModalWidget() is None
    assert window.workspace.document is document
    assert learned_of(qtbot, window).same_bits(before)
    assert window.projects.path == tmp_path / "good.axon"


def test_a_file_that_is_not_there(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.projects.failed) as failed:
        window.projects.open(tmp_path / "nowhere.axon")
    assert "nowhere.axon" in failed.args[0]


def test_saving_where_nobody_may_write(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with qtbot.waitSignal(window.projects.failed) as failed:
        window.projects.write(tmp_path / "no folder" / "x.axon")
    assert "x.axon" in failed.args[0]
    assert window.projects.path is None
    assert not window.projects.saving


def test_new_asks_before_work_is_lost(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window, 5)
    document = window.workspace.document
    window.commands["new"].trigger()
    answer(qtbot, window, QMessageBox.StandardButton.Cancel)
    assert window.workspace.document is document
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox))
    window.commands["new"].trigger()
    answer(qtbot, window, QMessageBox.StandardButton.Discard)
    assert window.workspace.snapshot.step == 0
    assert not window.projects.modified


def test_closing_asks_and_save_saves(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "mine.axon"
    save(qtbot, window, file)
    train(qtbot, window, 12)
    window.close()
    assert window.isVisible()
    answer(qtbot, window, QMessageBox.StandardButton.Save)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert open_project(file).learned.step == 12


def test_closing_can_be_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    train(qtbot, window, 2)
    window.close()
    answer(qtbot, window, QMessageBox.StandardButton.Cancel)
    assert window.isVisible()
    train(qtbot, window, 2)


def test_a_project_can_be_dropped_on_the_window(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "moons.axon"
    save_project(Project.new(mlp(2, 6, 1, name="Moons", data=Spec("moons"))), file)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    at, copy = window.canvas.viewport().rect().center(), Qt.DropAction.CopyAction
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, copy, mime, left, plain)
    QApplication.sendEvent(window.canvas.viewport(), enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(window.projects.opened):
        QApplication.sendEvent(window, QDropEvent(QPointF(at), copy, mime, left, plain))
    assert window.workspace.document.name == "Moons"
    assert window.settings.recent == (file,)


def test_recent_files_are_in_the_menu(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(qtbot, window, tmp_path / f"{name}.axon")
    menu = window.commands.menus["recent"]
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[:2] == ["&1 two.axon", "&2 one.axon"]
    with qtbot.waitSignal(window.projects.opened):
        menu.actions()[1].trigger()
    assert window.settings.recent[0].name == "one.axon"
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert window.settings.recent == ()


def test_a_recovery_copy_is_offered_after_a_crash(qtbot: QtBot, make_window: Make) -> None:
    first = make_window()
    train(qtbot, first, 40)
    first.recovery.copy()
    qtbot.waitUntil(lambda: first.recovery.file.exists() and not first.projects.saving)
    assert zipfile.is_zipfile(first.recovery.file)
    before = learned_of(qtbot, first)
    assert first.recovery.left_behind() == []
    second = make_window(file="second.ini")
    assert not second.notices.shown, "the first program still lives"
    first.recovery._lock.unlock()  # as if its program were gone

    third = make_window(file="third.ini")
    (notice,) = third.notices.shown
    assert "not closed properly" in notice.sentence
    qtbot.mouseClick(
        notice.findChildren(type(notice._button("", lambda: None)))[0], Qt.MouseButton.LeftButton
    )
    qtbot.waitUntil(lambda: third.workspace.snapshot.step == 40)
    assert learned_of(qtbot, third).same_bits(before)
    assert third.projects.modified
    assert third.projects.path is None


def test_saving_and_closing_leave_no_copy(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    train(qtbot, window, 4)
    window.recovery.copy()
    qtbot.waitUntil(lambda: window.recovery.file.exists() and not window.projects.saving)
    save(qtbot, window, tmp_path / "safe.axon")
    assert not window.recovery.file.exists()
    train(qtbot, window, 4)
    window.recovery.copy()
    qtbot.waitUntil(lambda: window.recovery.file.exists() and not window.projects.saving)
    window.close_at_once()
    assert list(window.recovery.folder.iterdir()) == []


def test_no_copy_if_nobody_wants_one(qtbot: QtBot, window: MainWindow, settings: Settings) -> None:
    window.settings.set(RECOVERY, False)
    train(qtbot, window, 4)
    window.recovery.copy()
    qtbot.wait(50)
    assert not window.recovery.file.exists()
    assert isinstance(window.recovery, Recovery)


def test_the_view_comes_back_and_nonsense_in_it_does_no_harm(
    qtbot: QtBot, make_window: Make, tmp_path: Path
) -> None:
    first = make_window()
    first.show_perspective("walk")
    save(qtbot, first, tmp_path / "a.axon")
    first.close()
    second = make_window()
    second.show_perspective("build")
    with qtbot.waitSignal(second.projects.opened):
        second.projects.open(tmp_path / "a.axon")
    assert second.docks.perspective.name == "walk"
    view = {"perspective": 3, "docks": "%%%", "theme": "puce", "example": -4, "camera": {"zoom": "far"}}
    save_project(Project(mlp(2, 2, 1), Project.new(mlp(2, 2, 1)).learned, view), tmp_path / "b.axon")
    with qtbot.waitSignal(second.projects.opened):
        second.projects.open(tmp_path / "b.axon")
    assert second.workspace.document.name == "2-2-1"
