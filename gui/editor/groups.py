"""The headings under which the kinds of layers are listed."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from engine.layers import LayerKind, layers

FIRST: Final = ("Ends", "Layers")
"""The groups that a short menu lists without a menu of their own."""
ORDER: Final = (*FIRST, "Images", "Sequences", "Attention", "Merging", "Regularisation")
"""The groups that come first; others follow."""
READY_MADE: Final = "Ready-made"
"""The heading of whole networks, below all kinds of layers."""

TITLES: Final[dict[str, Any]] = {
    "Ends": QT_TRANSLATE_NOOP("Canvas", "Input and output"),
    "Layers": QT_TRANSLATE_NOOP("Canvas", "Layers"),
    "Images": QT_TRANSLATE_NOOP("Canvas", "Images"),
    "Sequences": QT_TRANSLATE_NOOP("Canvas", "Sequences"),
    "Attention": QT_TRANSLATE_NOOP("Canvas", "Attention"),
    "Merging": QT_TRANSLATE_NOOP("Canvas", "Merging"),
    "Regularisation": QT_TRANSLATE_NOOP("Canvas", "Regularisation"),
    READY_MADE: QT_TRANSLATE_NOOP("Canvas", "Ready-made"),
}
"""The names of groups in the user's language; a group that is not here is called by its own name."""


def grouped() -> dict[str, list[type[LayerKind]]]:
    """The kinds by group."""
    found: dict[str, list[type[LayerKind]]] = {group: [] for group in ORDER}
    for kind in layers:
        found.setdefault(kind.group, []).append(kind)
    return {group: kinds for group, kinds in found.items() if kinds}


def group_title(group: str) -> str:
    """What a group is called."""
    return QCoreApplication.translate("Canvas", TITLES.get(group, group))
