"""The submenu that says how neurons and blocks are shown on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions.table import Row, Submenu
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _row(name: str, text: str, key: str, icon: str, tip: str) -> Row:
    def shown(window: MainWindow) -> bool:
        return bool(getattr(window.workspace.showing, name))

    def turn(window: MainWindow) -> None:
        on = not shown(window)
        why = window.canvas.reading.why_not(name) if on else ""
        if why:
            window.workspace.say(why)
        else:
            window.workspace.show_as(window.workspace.showing.with_(**{name: on}))

    return Row(f"show-{name}", text, turn, (key,), icon, tip, checked=shown)


ROWS = (
    _row(
        "surfaces",
        QT_TRANSLATE_NOOP("actions", "&Outputs over the plane of inputs"),
        "Alt+Shift+S",
        "grid-3x3",
        QT_TRANSLATE_NOOP("actions", "Every neuron shows what it says of each point of the first two inputs"),
    ),
    _row(
        "kernels",
        QT_TRANSLATE_NOOP("actions", "&Kernels instead of feature maps"),
        "Alt+Shift+K",
        "image",
        QT_TRANSLATE_NOOP("actions", "Every convolution shows the weights of its filters"),
    ),
    _row(
        "unrolled",
        QT_TRANSLATE_NOOP("actions", "&Recurrent layers unrolled in time"),
        "Alt+Shift+R",
        "repeat",
        QT_TRANSLATE_NOOP("actions", "One cell a time step, each handing its state on to the next"),
    ),
    _row(
        "caches",
        QT_TRANSLATE_NOOP("actions", "&Caches in a walkthrough"),
        "Alt+Shift+C",
        "book-open",
        QT_TRANSLATE_NOOP("actions", "Below every layer: what it keeps of the way forward for the way back"),
    ),
)


def showing(window: MainWindow) -> tuple[Row, ...]:
    """A tick for every choice."""
    return ROWS


SHOW = Submenu("show", QT_TRANSLATE_NOOP("actions", "&Show"), showing, "eye", fixed=ROWS)
"""For the menu of the view."""
