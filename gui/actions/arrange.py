"""Where the layers stand on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.document.arrange import Edge
from gui.actions.folding import GROUPS
from gui.actions.table import Item, Row
from gui.editor import arranging
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def _row(
    id: str,
    text: str,
    run: Callable[[MainWindow], object],
    key: str,
    icon: str,
    *,
    least: int,
    tip: str = "",
    section: bool = False,
) -> Row:
    """An action on the selected layers; its key belongs to the canvas."""

    def enough(window: MainWindow) -> bool:
        return len(arranging.chosen(window.workspace.selection)) >= least

    return Row(id, text, run, (key,), icon, tip, enabled=enough, local=True, section=section)


def _align(edge: Edge, text: str, key: str, icon: str, section: bool = False) -> Row:
    return _row(
        f"align-{edge}", text, lambda w: arranging.align(w.canvas, edge), key, icon, least=2, section=section
    )


ITEMS: tuple[Item, ...] = (
    Row(
        "tidy",
        QT_TRANSLATE_NOOP("actions", "&Tidy the network"),
        lambda w: arranging.tidy(w.canvas),
        ("Ctrl+T",),
        "workflow",
        QT_TRANSLATE_NOOP("actions", "All layers in columns by their depth, with few crossings"),
        enabled=lambda w: len(w.workspace.document.layers) > 1,
        local=True,
    ),
    *(
        _align(edge, text, f"Ctrl+Shift+{letter}", f"align-{icon}", section=edge in {Edge.LEFT, Edge.TOP})
        for edge, letter, icon, text in (
            (Edge.LEFT, "L", "start-vertical", QT_TRANSLATE_NOOP("actions", "Align &left edges")),
            (Edge.CENTRE, "C", "center-vertical", QT_TRANSLATE_NOOP("actions", "Align &centres in a column")),
            (Edge.RIGHT, "R", "end-vertical", QT_TRANSLATE_NOOP("actions", "Align &right edges")),
            (Edge.TOP, "T", "start-horizontal", QT_TRANSLATE_NOOP("actions", "Align to&p edges")),
            (Edge.MIDDLE, "M", "center-horizontal", QT_TRANSLATE_NOOP("actions", "Align &middles in a row")),
            (Edge.BOTTOM, "B", "end-horizontal", QT_TRANSLATE_NOOP("actions", "Align &bottom edges")),
        )
    ),
    _row(
        "distribute-across",
        QT_TRANSLATE_NOOP("actions", "Distribute &horizontally"),
        lambda w: arranging.distribute(w.canvas, across=True),
        "Ctrl+Shift+H",
        "align-horizontal-distribute-center",
        least=3,
        tip=QT_TRANSLATE_NOOP("actions", "Equal gaps from left to right; the outermost layers stay"),
        section=True,
    ),
    _row(
        "distribute-down",
        QT_TRANSLATE_NOOP("actions", "Distribute &vertically"),
        lambda w: arranging.distribute(w.canvas, across=False),
        "Ctrl+Shift+V",
        "align-vertical-distribute-center",
        least=3,
        tip=QT_TRANSLATE_NOOP("actions", "Equal gaps from top to bottom; the outermost layers stay"),
    ),
    *(
        _row(
            f"move-{word}",
            text,
            lambda w, dx=dx, dy=dy: arranging.move_by(w.canvas, dx, dy),  # type: ignore[misc]
            f"Alt+Shift+{word.capitalize()}",
            f"arrow-{word}",
            least=1,
            section=word == "left",
        )
        for word, text, dx, dy in (
            ("left", QT_TRANSLATE_NOOP("actions", "Move a step to the left"), -1, 0),
            ("right", QT_TRANSLATE_NOOP("actions", "Move a step to the right"), 1, 0),
            ("up", QT_TRANSLATE_NOOP("actions", "Move a step up"), 0, -1),
            ("down", QT_TRANSLATE_NOOP("actions", "Move a step down"), 0, 1),
        )
    ),
    *GROUPS,
    Row(
        "snapping",
        QT_TRANSLATE_NOOP("actions", "&Snap while moving"),
        lambda w: w.workspace.show_as(w.workspace.showing.with_(snapping=not w.workspace.showing.snapping)),
        ("Ctrl+Shift+N",),
        "magnet",
        tip=QT_TRANSLATE_NOOP("actions", "Layers that are moved stop in line with others; Alt lets go"),
        checked=lambda w: w.workspace.showing.snapping,
        section=True,
    ),
)
