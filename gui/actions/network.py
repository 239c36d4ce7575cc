"""Weights and data of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.spec import Spec
from engine.datasets import DataSet, datasets
from engine.fitting import choose_data
from gui.actions.table import Item, Row, Submenu
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow

OWN = "table"
"""The data set of the user's own table."""


def data_sets(window: MainWindow) -> tuple[Row, ...]:
    """Every kind of data; the user's own only if there is a table."""
    document = window.workspace.document

    def row(kind: type[DataSet], section: bool) -> Row:
        spec = Spec(kind.kind)

        def choose(w: MainWindow) -> None:
            w.workspace.attempt(
                w.tr("Choose the data"), choose_data, spec=spec, table=w.workspace.document.table
            )

        return Row(
            f"data-{kind.kind}",
            kind.title,
            choose,
            tip=kind.summary,
            checked=lambda w: w.workspace.document.data.kind == kind.kind,
            section=section,
        )

    kinds = [kind for kind in datasets if kind.kind != OWN or document.table is not None]
    groups = [kind.group for kind in kinds]
    return tuple(
        row(kind, place > 0 and groups[place] != groups[place - 1]) for place, kind in enumerate(kinds)
    )


ITEMS: tuple[Item, ...] = (
    Submenu("data", QT_TRANSLATE_NOOP("actions", "&Data"), data_sets, "database"),
    Row(
        "reset",
        QT_TRANSLATE_NOOP("actions", "Back to the &initial weights"),
        lambda w: w.workspace.reset(),
        ("R",),
        "rotate-ccw",
        QT_TRANSLATE_NOOP("actions", "Forget what was learned; Ctrl+Z brings it back"),
        section=True,
    ),
    Row(
        "redraw",
        QT_TRANSLATE_NOOP("actions", "&Draw new initial weights"),
        lambda w: w.workspace.redraw(),
        ("Shift+R",),
        "dices",
        QT_TRANSLATE_NOOP("actions", "Begin elsewhere: other random numbers, the same network"),
    ),
)
