"""Camera, perspectives, panels, projector mode and the look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from gui.actions.digits import DIGITS
from gui.actions.folding import FOLDS, UNITS
from gui.actions.showing import SHOW
from gui.actions.table import Item, Row, Submenu
from gui.actions.thinning import THINNING
from gui.panel_dock import PanelDock
from gui.perspectives import PERSPECTIVES, Perspective
from gui.settings import LOOK, Choice
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _perspective(number: int, perspective: Perspective) -> Row:
    def shown(w: MainWindow) -> bool:
        return not w.docks.projecting and w.docks.perspective is perspective

    return Row(
        f"perspective-{perspective.name}",
        perspective.title,
        lambda w: w.show_perspective(perspective.name),
        (f"Alt+{number}",),
        {"build": "pencil", "train": "chart-line", "walk": "list-checks"}.get(perspective.name, "square"),
        perspective.tip,
        checked=shown,
        caption=lambda w: QCoreApplication.translate("perspectives", perspective.title),
        section=number == 1,
    )


def _look(choice: Choice, key: str, icon: str, section: bool) -> Row:
    return Row(
        f"look-{choice.value}",
        choice.title,
        lambda w: w.settings.set(LOOK, choice.value),
        (key,),
        icon,
        checked=lambda w: bool(w.settings.get(LOOK) == choice.value),
        caption=lambda w: QCoreApplication.translate("settings", choice.title),
        section=section,
    )


def panels(window: MainWindow) -> tuple[Row, ...]:
    """A tick for every panel."""

    def row(dock: PanelDock) -> Row:
        return Row(
            f"panel-{dock.kind.name}",
            dock.windowTitle(),
            lambda w: w.docks.toggle(dock),
            icon=dock.kind.icon,
            checked=lambda w: not dock.isHidden(),
        )

    return tuple(row(dock) for dock in window.docks.all)


_KEYS = {"auto": "Alt+Shift+A", "light": "Alt+Shift+L", "dark": "Alt+Shift+D", "high-contrast": "Alt+Shift+H"}
_ICONS = {"auto": "settings", "light": "sun", "dark": "moon", "high-contrast": "contrast"}

ITEMS: tuple[Item, ...] = (
    Row(
        "fit",
        QT_TRANSLATE_NOOP("actions", "&Fit the network into the window"),
        lambda w: w.canvas.fit(),
        ("Ctrl+0",),
        "scan",
    ),
    Row(
        "zoom-in",
        QT_TRANSLATE_NOOP("actions", "Zoom &in"),
        lambda w: w.canvas.zoom_in(),
        ("Ctrl++", "Ctrl+="),
        "zoom-in",
        repeats=True,
    ),
    Row(
        "zoom-out",
        QT_TRANSLATE_NOOP("actions", "Zoom &out"),
        lambda w: w.canvas.zoom_out(),
        ("Ctrl+-",),
        "zoom-out",
        repeats=True,
    ),
    Row(
        "natural-size",
        QT_TRANSLATE_NOOP("actions", "Natural si&ze"),
        lambda w: w.canvas.camera.zoom_to(1.0),
        ("Ctrl+9",),
        "square",
        QT_TRANSLATE_NOOP("actions", "One to one: neurons and text as large as in a small network"),
    ),
    Row(
        "overview",
        QT_TRANSLATE_NOOP("actions", "&Map of the network"),
        lambda w: w.workspace.show_as(w.workspace.showing.with_(overview=not w.workspace.showing.overview)),
        ("Ctrl+8",),
        "map",
        QT_TRANSLATE_NOOP("actions", "Small, in a corner; without it, it comes by itself where it is needed"),
        checked=lambda w: w.workspace.showing.overview,
    ),
    SHOW,
    *THINNING,
    UNITS,
    *FOLDS,
    DIGITS,
    *(_perspective(number, each) for number, each in enumerate(PERSPECTIVES, 1)),
    Submenu("panels", QT_TRANSLATE_NOOP("actions", "&Panels"), panels, "layers"),
    Row(
        "reset-layout",
        QT_TRANSLATE_NOOP("actions", "&Reset the layout of the panels"),
        lambda w: w.docks.reset(),
        ("Alt+0",),
        "rotate-ccw",
    ),
    Row(
        "next-panel",
        QT_TRANSLATE_NOOP("actions", "&Go to the next panel"),
        lambda w: w.docks.focus_next(),
        ("F6",),
        "corner-down-right",
        QT_TRANSLATE_NOOP("actions", "The keyboard to the canvas, then from panel to panel"),
    ),
    Row(
        "projector",
        QT_TRANSLATE_NOOP("actions", "Pro&jector mode"),
        lambda w: w.set_projector(True),
        ("Ctrl+2",),
        "presentation",
        QT_TRANSLATE_NOOP("actions", "Only what must be read from the last row, and large"),
        checked=lambda w: w.docks.projecting,
        section=True,
    ),
    Row(
        "projector-off",
        QT_TRANSLATE_NOOP("actions", "L&eave projector mode"),
        lambda w: w.set_projector(False),
        ("Ctrl+1",),
        "minimize",
        enabled=lambda w: w.docks.projecting,
    ),
    Row(
        "full-screen",
        QT_TRANSLATE_NOOP("actions", "F&ull screen"),
        lambda w: w.setWindowState(w.windowState() ^ Qt.WindowState.WindowFullScreen),
        ("F11",),
        "maximize",
        checked=lambda w: w.isFullScreen(),
    ),
    *(
        _look(choice, _KEYS[str(choice.value)], _ICONS[str(choice.value)], number == 0)
        for number, choice in enumerate(LOOK.choices)
    ),
)
