"""Rows about folding, groups, notes and how many neurons are shown, for the menus they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.actions.table import Row, Submenu, translated
from gui.editor import folding, note_editing
from gui.showing import MOST_SHOWN
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    pass

COUNTS = (6, 12, 24, 50, MOST_SHOWN)
"""How many neurons of a wide layer can be asked for."""


def _count(number: int) -> Row:
    text = QT_TRANSLATE_NOOP("actions", "{count} neurons")
    if number == MOST_SHOWN:
        text = QT_TRANSLATE_NOOP("actions", "All, up to {count}")
    return Row(
        f"show-{number}-units",
        text.format(count=number),
        lambda w: w.workspace.show_as(w.workspace.showing.with_(most_units=number)),
        tip=QT_TRANSLATE_NOOP("actions", "A layer with more neurons shows its first and last ones"),
        checked=lambda w: w.workspace.showing.most_units == number,
        caption=lambda w: translated(text).format(count=number),
    )


COUNT_ROWS = tuple(map(_count, COUNTS))

UNITS = Submenu(
    "units", QT_TRANSLATE_NOOP("actions", "&Neurons of a wide layer"), lambda w: COUNT_ROWS, "ellipsis"
)

FOLDS = (
    Row(
        "fold",
        QT_TRANSLATE_NOOP("actions", "Fol&d or unfold"),
        lambda w: folding.toggle_selected(w.canvas),
        ("F",),
        "minimize",
        QT_TRANSLATE_NOOP("actions", "A layer as one block, a group as one node; nothing learned changes"),
        local=True,
        section=True,
    ),
    Row(
        "fold-all",
        QT_TRANSLATE_NOOP("actions", "Fold &all groups"),
        lambda w: folding.fold_all(w.canvas, True),
        ("Alt+Shift+F",),
        "minimize",
        enabled=lambda w: any(each.group for each in w.workspace.document.layers),
    ),
    Row(
        "unfold-all",
        QT_TRANSLATE_NOOP("actions", "Unfold e&verything"),
        lambda w: folding.fold_all(w.canvas, False),
        ("Alt+Shift+U",),
        "maximize",
        enabled=lambda w: bool(
            w.workspace.document.folded or any(each.folded for each in w.workspace.document.layers)
        ),
    ),
)
"""For the menu of the view."""

GROUPS = (
    Row(
        "group",
        QT_TRANSLATE_NOOP("actions", "&Group the layers"),
        lambda w: folding.group_selected(w.canvas),
        ("Ctrl+G",),
        "group",
        QT_TRANSLATE_NOOP("actions", "A frame with a title around the selected layers"),
        enabled=lambda w: bool(folding.layers_meant(w.canvas)),
        local=True,
        section=True,
    ),
    Row(
        "ungroup",
        QT_TRANSLATE_NOOP("actions", "&Ungroup"),
        lambda w: folding.ungroup_selected(w.canvas),
        ("Ctrl+Shift+G",),
        "ungroup",
        QT_TRANSLATE_NOOP("actions", "The frame goes, its layers stay"),
        enabled=lambda w: bool(folding.group_meant(w.canvas) or folding.layers_meant(w.canvas)),
        local=True,
    ),
)
"""For the menu that arranges layers."""

NOTE = Row(
    "note",
    QT_TRANSLATE_NOOP("actions", "Write a n&ote"),
    lambda w: note_editing.write_new(w.canvas),
    ("N",),
    "message-square",
    QT_TRANSLATE_NOOP("actions", "A text on the canvas, where the mouse is"),
    local=True,
)
"""For the menu of edits."""
