"""Going through forward and backward propagation, in both directions of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions.run_to import RUN_TO, STOP_HERE
from gui.actions.table import Item, Row, Submenu
from gui.explain_here import explain_here
from gui.leaving import leave
from gui.settings import WHOLE_BATCH
from gui.stepping.strides import Level
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.predicting import PREDICT
from gui.walkthrough.walking_on import Rest

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _forward(level: Level, text: str, key: str, section: bool = False) -> Row:
    return Row(
        f"forward-{level}",
        text,
        lambda w: w.workspace.walking.forward(level),
        (key,),
        "arrow-right",
        repeats=True,
        section=section,
    )


def _back(level: Level, text: str, key: str) -> Row:
    return Row(
        f"back-{level}", text, lambda w: w.workspace.walking.back(level), (key,), "arrow-left", repeats=True
    )


def _size(number: int, level: Level, text: str) -> Row:
    return Row(
        f"size-{level}",
        text,
        lambda w: w.transport.set_level(level),
        (str(number),),
        "ruler",
        checked=lambda w: w.transport.level is level,
    )


def _turn_predicting(window: MainWindow) -> None:
    """On or off; also for the next time the program starts."""
    on = not window.workspace.walking.predicting.on
    window.settings.set(PREDICT, on)
    window.workspace.walking.predict(on)


def _rest(number: int, rest: Rest, text: str) -> Row:
    def choose(window: MainWindow) -> None:
        window.transport.walking_by_itself.set_rest(rest)

    return Row(
        f"rest-{rest}",
        text,
        choose,
        (f"Ctrl+Alt+Shift+{number}",),
        "timer",
        checked=lambda w: w.transport.walking_by_itself.rest is rest,
    )


_REST_ROWS = (
    _rest(1, Rest.NONE, QT_TRANSLATE_NOOP("actions", "All steps alike")),
    _rest(2, Rest.LONGER, QT_TRANSLATE_NOOP("actions", "A longer rest at the end of each phase")),
    _rest(3, Rest.STOP, QT_TRANSLATE_NOOP("actions", "Stop at the end of each phase")),
)
RESTS = Submenu(
    "rests",
    QT_TRANSLATE_NOOP("actions", "When walking on by itsel&f"),
    lambda w: _REST_ROWS,
    "timer",
    fixed=_REST_ROWS,
)

_SIZES = (
    (Level.TERM, QT_TRANSLATE_NOOP("actions", "Choose steps of one term")),
    (Level.NEURON, QT_TRANSLATE_NOOP("actions", "Choose steps of one neuron")),
    (Level.LAYER, QT_TRANSLATE_NOOP("actions", "Choose steps of one layer")),
    (Level.PHASE, QT_TRANSLATE_NOOP("actions", "Choose steps of one phase")),
    (Level.EXAMPLE, QT_TRANSLATE_NOOP("actions", "Choose steps of one example")),
    (Level.UPDATE, QT_TRANSLATE_NOOP("actions", "Choose steps of one update")),
    (Level.EPOCH, QT_TRANSLATE_NOOP("actions", "Choose steps of one epoch")),
)

_SIZE_ROWS = tuple(_size(number, level, text) for number, (level, text) in enumerate(_SIZES, 1))

ITEMS: tuple[Item, ...] = (
    _forward(Level.TERM, QT_TRANSLATE_NOOP("actions", "One step &forward"), "Right"),
    _back(Level.TERM, QT_TRANSLATE_NOOP("actions", "One step &back"), "Left"),
    _forward(Level.NEURON, QT_TRANSLATE_NOOP("actions", "One neuron forward"), "Alt+Right", True),
    _back(Level.NEURON, QT_TRANSLATE_NOOP("actions", "One neuron back"), "Alt+Left"),
    _forward(Level.LAYER, QT_TRANSLATE_NOOP("actions", "One layer forward"), "Shift+Right"),
    _back(Level.LAYER, QT_TRANSLATE_NOOP("actions", "One layer back"), "Shift+Left"),
    _forward(Level.PHASE, QT_TRANSLATE_NOOP("actions", "One phase forward"), "Ctrl+Right"),
    _back(Level.PHASE, QT_TRANSLATE_NOOP("actions", "One phase back"), "Ctrl+Left"),
    _forward(Level.EXAMPLE, QT_TRANSLATE_NOOP("actions", "One example forward"), "Ctrl+Shift+Right"),
    _back(Level.EXAMPLE, QT_TRANSLATE_NOOP("actions", "One example back"), "Ctrl+Shift+Left"),
    _forward(Level.UPDATE, QT_TRANSLATE_NOOP("actions", "One update forward"), "Ctrl+PgDown"),
    _back(Level.UPDATE, QT_TRANSLATE_NOOP("actions", "One update back"), "Ctrl+PgUp"),
    _forward(Level.EPOCH, QT_TRANSLATE_NOOP("actions", "One epoch forward"), "Ctrl+Shift+PgDown"),
    _back(Level.EPOCH, QT_TRANSLATE_NOOP("actions", "One epoch back"), "Ctrl+Shift+PgUp"),
    Row(
        "into",
        QT_TRANSLATE_NOOP("actions", "Step &into"),
        lambda w: w.workspace.walking.into(),
        ("Alt+Down",),
        "arrow-down",
        QT_TRANSLATE_NOOP("actions", "To the next finer level, and its first step"),
        repeats=True,
        section=True,
    ),
    Row(
        "chosen-forward",
        QT_TRANSLATE_NOOP("actions", "Step o&ver: the chosen step (clicker)"),
        lambda w: w.workspace.walking.over(),
        ("PgDown",),
        "redo-dot",
        repeats=True,
    ),
    Row(
        "out",
        QT_TRANSLATE_NOOP("actions", "Step &out"),
        lambda w: w.workspace.walking.out(),
        ("Alt+Up",),
        "arrow-up",
        QT_TRANSLATE_NOOP("actions", "To the end of what one is in, and on with its level"),
        repeats=True,
    ),
    Row(
        "back-into",
        QT_TRANSLATE_NOOP("actions", "Step back into"),
        lambda w: w.workspace.walking.into(False),
        ("Ctrl+Shift+Down",),
        "arrow-down",
        QT_TRANSLATE_NOOP("actions", "To the next finer level, one step of it back"),
        repeats=True,
    ),
    Row(
        "chosen-back",
        QT_TRANSLATE_NOOP("actions", "Step back over: the chosen step (clic&ker)"),
        lambda w: w.workspace.walking.over(False),
        ("PgUp",),
        "undo-dot",
        repeats=True,
    ),
    Row(
        "back-out",
        QT_TRANSLATE_NOOP("actions", "Step back out"),
        lambda w: w.workspace.walking.out(False),
        ("Ctrl+Shift+Up",),
        "arrow-up",
        QT_TRANSLATE_NOOP("actions", "Before the beginning of what one is in, and on with its level"),
        repeats=True,
    ),
    *RUN_TO,
    STOP_HERE,
    Row(
        "walk-on",
        QT_TRANSLATE_NOOP("actions", "&Walk on by itself"),
        lambda w: w.transport.commands["walk_on"].trigger(),
        ("W",),
        "play",
        QT_TRANSLATE_NOOP("actions", "One chosen step after the other, at the pace of the transport bar"),
        checked=lambda w: w.transport.walking_on,
        section=True,
    ),
    RESTS,
    Row(
        "predict",
        QT_TRANSLATE_NOOP("actions", "&Predict, then reveal"),
        _turn_predicting,
        ("Shift+P",),
        "circle-help",
        QT_TRANSLATE_NOOP("actions", "The next number is hidden until it is predicted or shown"),
        checked=lambda w: w.workspace.walking.predicting.on,
        section=True,
    ),
    Row(
        "reveal",
        QT_TRANSLATE_NOOP("actions", "Show the hidden &number"),
        lambda w: w.workspace.walking.reveal(),
        ("Shift+S",),
        "eye",
        enabled=lambda w: w.workspace.walk is not None and w.workspace.walk.hidden,
    ),
    Row(
        "explain",
        QT_TRANSLATE_NOOP("actions", "&Explain this number"),
        explain_here,
        ("E",),
        "sigma",
        QT_TRANSLATE_NOOP("actions", "Where the number in the focus, or what is selected, comes from"),
        section=True,
    ),
    Row(
        "follow",
        QT_TRANSLATE_NOOP("actions", "Follow this n&umber to the loss and back"),
        lambda w: explain_here(w, follow=True),
        ("Shift+E",),
        "spline",
        QT_TRANSLATE_NOOP("actions", "Station by station: forward to the loss, and back to its own gradient"),
    ),
    Row(
        "whole-batch",
        QT_TRANSLATE_NOOP("actions", "&Matrices of the whole batch"),
        lambda w: w.settings.set(WHOLE_BATCH, not w.settings.get(WHOLE_BATCH)),
        ("Shift+B",),
        "grid-3x3",
        QT_TRANSLATE_NOOP("actions", "In the formula every example has its column, W stays locked"),
        checked=lambda w: bool(w.settings.get(WHOLE_BATCH)),
    ),
    Submenu(
        "sizes",
        QT_TRANSLATE_NOOP("actions", "Si&ze of a step"),
        lambda w: _SIZE_ROWS,
        "ruler",
        fixed=_SIZE_ROWS,
        section=True,
    ),
    Row(
        "start",
        QT_TRANSLATE_NOOP("actions", "To the &start"),
        lambda w: w.transport.commands["home"].trigger(),
        ("Home",),
        "skip-back",
        QT_TRANSLATE_NOOP("actions", "In a walkthrough to its first step, else to the first update"),
        section=True,
    ),
    Row(
        "leave",
        QT_TRANSLATE_NOOP("actions", "&Leave whatever is going on"),
        leave,
        ("Esc",),
        "x",
        QT_TRANSLATE_NOOP("actions", "The walkthrough, training, the selection, projector mode, full screen"),
    ),
)
