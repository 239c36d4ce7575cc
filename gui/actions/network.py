"""Weights and data of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.core.spec import Spec
from engine.datasets import DataSet, datasets
from engine.fitting import choose_data
from gui import ready_made
from gui.actions.table import Item, Row, Submenu
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from engine.architectures import Architecture
    from gui.main_window import MainWindow

OWN = "table"
"""The data set of the user's own table."""


def data_sets(window: MainWindow) -> tuple[Row, ...]:
    """Every kind of data; the user's own only if there is a table."""
    document = window.workspace.document

    def row(kind: type[DataSet], section: bool) -> Row:
        spec = Spec(kind.kind)

        def choose(w: MainWindow) -> None:
            w.workspace.editing.attempt(
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


def networks(_: MainWindow) -> tuple[Submenu, ...]:
    """The ready-made networks, a menu a group."""

    def row(cls: type[Architecture]) -> Row:
        kind = cls.kind

        def put(w: MainWindow) -> None:
            w.workspace.ready_made.put(kind)

        icon = ready_made.icon_name(kind)
        return Row(f"ready-made-{kind}", cls.title, put, icon=icon, tip=cls.summary)

    def menu(group: str, kinds: list[type[Architecture]]) -> Submenu:
        return Submenu(
            f"ready-made-{group.lower()}",
            ready_made.group_title(group),
            lambda _: tuple(row(cls) for cls in kinds),
            ready_made.SIGNS.get(group, ""),
        )

    return tuple(menu(group, kinds) for group, kinds in ready_made.grouped().items())


ITEMS: tuple[Item, ...] = (
    Submenu("ready-made", QT_TRANSLATE_NOOP("actions", "Ready-&made"), networks, "layers"),
    Submenu("data", QT_TRANSLATE_NOOP("actions", "&Data"), data_sets, "database"),
    Row(
        "reset",
        QT_TRANSLATE_NOOP("actions", "Back to the &initial weights"),
        lambda w: w.workspace.editing.reset(),
        ("R",),
        "rotate-ccw",
        QT_TRANSLATE_NOOP("actions", "Forget what was learned; Ctrl+Z brings it back"),
        section=True,
    ),
    Row(
        "redraw",
        QT_TRANSLATE_NOOP("actions", "&Draw new initial weights"),
        lambda w: w.workspace.editing.redraw(),
        ("Shift+R",),
        "dices",
        QT_TRANSLATE_NOOP("actions", "Begin elsewhere: other random numbers, the same network"),
    ),
)
