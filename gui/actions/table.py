"""What an action is, and the table of all of them.

The files of this folder each hold the rows of one menu. A new action is a new row; menu, key,
command palette and sheet of shortcuts find it there.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow

MENUS = (
    ("file", QT_TRANSLATE_NOOP("actions", "&File")),
    ("edit", QT_TRANSLATE_NOOP("actions", "&Edit")),
    ("arrange", QT_TRANSLATE_NOOP("actions", "&Arrange")),
    ("view", QT_TRANSLATE_NOOP("actions", "&View")),
    ("network", QT_TRANSLATE_NOOP("actions", "&Network")),
    ("training", QT_TRANSLATE_NOOP("actions", "&Training")),
    ("walkthrough", QT_TRANSLATE_NOOP("actions", "&Walkthrough")),
    ("help", QT_TRANSLATE_NOOP("actions", "&Help")),
)
"""The menus in their order: the name of the file in this folder, and the title."""


@dataclass(frozen=True, slots=True)
class Row:
    """One action. Texts are English; ``translated`` turns them into the user's language."""

    id: str
    text: str
    run: Callable[[MainWindow], object]
    keys: tuple[str, ...] = ()
    """In Qt's notation; the first one stands in the menu."""
    icon: str = ""
    tip: str = ""
    enabled: Callable[[MainWindow], bool] | None = None
    checked: Callable[[MainWindow], bool] | None = None
    caption: Callable[[MainWindow], str] | None = None
    """A text that depends on the state ("Undo Add layer"), translated already."""
    local: bool = False
    """Whether the canvas has the key itself, and only while it has the focus: the menu just shows it."""
    repeats: bool = False
    """Whether the action goes on while the key is held down."""
    section: bool = False
    """Whether a line stands above it in the menu."""
    menu: str = ""
    """A name in ``SUBMENUS``; empty for the menu itself."""


@dataclass(frozen=True, slots=True)
class Submenu:
    """Rows that depend on what there is: recent files, data sets, panels; or further submenus.

    ``rows`` is asked whenever the menu or the command palette opens.
    """

    id: str
    text: str
    rows: Callable[[MainWindow], tuple[Row | Submenu, ...]]
    icon: str = ""
    section: bool = False
    fixed: tuple[Row, ...] = ()
    """Those of its rows that are always there: only they can have keys."""


Item = Row | Submenu


def items(menu: str) -> tuple[Item, ...]:
    """The rows of a menu, from the file of that name."""
    module = importlib.import_module(f"gui.actions.{menu}")
    found: tuple[Item, ...] = module.ITEMS
    return found


def rows() -> tuple[tuple[str, Row], ...]:
    """All fixed rows with the name of their menu."""
    return tuple((menu, row) for menu, _ in MENUS for row in fixed_rows(menu))


def fixed_rows(menu: str) -> tuple[Row, ...]:
    """The rows of a menu that are always there, those in its submenus included."""
    found: list[Row] = []
    for item in items(menu):
        found += [item] if isinstance(item, Row) else item.fixed
    return tuple(found)


def translated(text: str) -> str:
    """A text of the table in the user's language."""
    return QCoreApplication.translate("actions", text) if text else ""


def plain(text: str) -> str:
    """A menu's text without the mark of its access key and without the dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").removesuffix("…")
