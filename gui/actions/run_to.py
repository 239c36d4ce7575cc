"""Running to a place of the walkthrough, and breakpoints there: rows of the menu of the walkthrough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.plan import Phase
from gui.actions.table import Row, Submenu, translated
from gui.editor import running_to
from gui.stepping.goals import Goal
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow

CHOOSE = QT_TRANSLATE_NOOP("actions", "Choose a neuron, a layer or a synapse to run to.")


def _here(window: MainWindow, onward: bool) -> None:
    goal = running_to.goal_meant(window.canvas)
    if goal is None:
        window.workspace.say(translated(CHOOSE))
    else:
        window.workspace.walking.run(goal, onward)


def _phase(number: int, phase: Phase, text: str) -> Row:
    def run(window: MainWindow) -> None:
        window.workspace.walking.run(Goal(phase=phase))

    return Row(f"run-to-{phase}", text, run, (f"Ctrl+Alt+{number}",), "skip-forward", repeats=True)


_PHASES = (
    _phase(1, Phase.FORWARD, QT_TRANSLATE_NOOP("actions", "&Forward")),
    _phase(2, Phase.LOSS, QT_TRANSLATE_NOOP("actions", "&Loss")),
    _phase(3, Phase.BACKWARD, QT_TRANSLATE_NOOP("actions", "&Backward")),
    _phase(4, Phase.UPDATE, QT_TRANSLATE_NOOP("actions", "&Update")),
)

RUN_TO = (
    Row(
        "run-here",
        QT_TRANSLATE_NOOP("actions", "&Run to what is selected"),
        lambda w: _here(w, True),
        ("G",),
        "arrow-right-to-line",
        QT_TRANSLATE_NOOP("actions", "Walk on until the number of the neuron, layer or synapse is known"),
        repeats=True,
        section=True,
    ),
    Row(
        "run-back-here",
        QT_TRANSLATE_NOOP("actions", "Run back to what is selected"),
        lambda w: _here(w, False),
        ("Shift+G",),
        "arrow-left-to-line",
        QT_TRANSLATE_NOOP("actions", "Walk back to where its number was known last"),
        repeats=True,
    ),
    Submenu(
        "run-to-phase",
        QT_TRANSLATE_NOOP("actions", "Run to the end of a phase"),
        lambda w: _PHASES,
        "skip-forward",
        fixed=_PHASES,
    ),
)

STOP_HERE = Row(
    "stop-here",
    QT_TRANSLATE_NOOP("actions", "Stop walks at what is selected"),
    lambda w: running_to.turn_stop(w.canvas),
    ("B",),
    "flag",
    QT_TRANSLATE_NOOP(
        "actions", "A breakpoint at a neuron or layer: a walkthrough stops there in every phase"
    ),
    checked=lambda w: running_to.stops(w.canvas),
)
