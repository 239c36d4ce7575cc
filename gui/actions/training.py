"""Letting the network learn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.runs import Run
from gui.actions.table import Item, Row, Submenu, translated
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.transport import PACES

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def change_pace(window: MainWindow, by: int) -> None:
    """One pace slower or faster."""
    workspace = window.workspace
    pace = workspace.training.pace
    at = len(PACES) - 1 if pace is None else sum(each is not None and each < pace for each in PACES)
    workspace.training.set_pace(PACES[max(0, min(at + by, len(PACES) - 1))])


_PLAY = QT_TRANSLATE_NOOP("actions", "&Play")
_PAUSE = QT_TRANSLATE_NOOP("actions", "&Pause")


def _play(window: MainWindow) -> str:
    return translated(_PAUSE if window.workspace.training.running else _PLAY)


def _runs(window: MainWindow) -> tuple[Row, ...]:
    """One row a run: to its end."""
    branches = window.workspace.branches

    def row(run: Run) -> Row:
        def visit(window: MainWindow) -> None:
            window.workspace.branches.visit(run.number)

        present = run is branches.present
        text = f"{run.name}: {run.change}" if run.change else run.name
        return Row(
            f"run-{run.number}", text.replace("&", "&&"), visit, icon="git-branch", checked=lambda _: present
        )

    return (*map(row, branches.shown), LIST)


LIST = Row(
    "runs",
    QT_TRANSLATE_NOOP("actions", "&All runs"),
    lambda w: w.workspace.wanted.emit("runs"),
    ("Ctrl+B",),
    "list",
    QT_TRANSLATE_NOOP("actions", "The list of runs: to go to them, to name and to delete them"),
    section=True,
)

ITEMS: tuple[Item, ...] = (
    Row(
        "play",
        QT_TRANSLATE_NOOP("actions", "&Play or pause"),
        lambda w: w.workspace.training.play_or_pause(),
        ("Space",),
        "play",
        QT_TRANSLATE_NOOP("actions", "Learn until paused"),
        caption=_play,
    ),
    Row(
        "update",
        QT_TRANSLATE_NOOP("actions", "&One update"),
        lambda w: w.workspace.training.advance(),
        ("U",),
        "step-forward",
        QT_TRANSLATE_NOOP("actions", "One gradient step on the next batch"),
        repeats=True,
    ),
    Row(
        "update-back",
        QT_TRANSLATE_NOOP("actions", "One update &back"),
        lambda w: w.workspace.training.seek(w.workspace.snapshot.step - 1),
        ("Shift+U",),
        "step-back",
        QT_TRANSLATE_NOOP("actions", "The exact state before the last update"),
        enabled=lambda w: w.workspace.snapshot.step > w.workspace.branches.reach,
        repeats=True,
    ),
    Row(
        "branch",
        QT_TRANSLATE_NOOP("actions", "B&ranch from here"),
        lambda w: w.workspace.branches.branch(),
        ("Y",),
        "git-branch",
        QT_TRANSLATE_NOOP("actions", "A run of its own from here on; the present one stays as it is"),
        enabled=lambda w: w.workspace.branches.possible,
        section=True,
    ),
    Submenu("run-list", QT_TRANSLATE_NOOP("actions", "R&uns"), _runs, "git-branch", fixed=(LIST,)),
    Row(
        "slower",
        QT_TRANSLATE_NOOP("actions", "&Slower"),
        lambda w: change_pace(w, -1),
        ("Ctrl+Down",),
        "minus",
        section=True,
        repeats=True,
    ),
    Row(
        "faster",
        QT_TRANSLATE_NOOP("actions", "&Faster"),
        lambda w: change_pace(w, 1),
        ("Ctrl+Up",),
        "plus",
        repeats=True,
    ),
)
