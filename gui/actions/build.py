"""From the table of actions to Qt's: one QAction a row, menus, and everything for the palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from gui import crash, icons
from gui.actions.table import MENUS, Row, Submenu, items, plain, rows, translated

if TYPE_CHECKING:
    from gui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Command:
    """An action as the command palette lists it, at the moment it was asked for."""

    id: str
    menu: str
    text: str
    keys: str
    icon: str
    enabled: bool
    checked: bool
    run: Callable[[], None]


class Actions(QObject):
    """The actions of one window by id, kept up to date by ``refresh``.

    Icons come with the first ``restyle``: no menu is open in the first picture.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.rows: dict[str, Row] = {}
        self.menus: dict[str, QMenu] = {}
        self._by_id: dict[str, QAction] = {}
        self._marked: list[QMenu] = []
        for _, row in rows():
            self._by_id[row.id] = self._make(row)
            self.rows[row.id] = row
        self._fill_menu_bar()
        self.refresh()

    def __getitem__(self, id: str) -> QAction:
        return self._by_id[id]

    def refresh(self, *_: object) -> None:
        """What can be done now, what is on, and what it is called."""
        for id, row in self.rows.items():
            self._refresh(row, self._by_id[id])

    def restyle(self) -> None:
        """Icons in the colours of the theme."""
        theme = self.window.workspace.theme
        for id, row in self.rows.items():
            if row.icon:
                self._by_id[id].setIcon(icons.icon(row.icon, theme))
        for menu in self._marked:
            menu.setIcon(icons.icon(menu.property("icon-name"), theme))

    def all(self) -> list[Command]:
        """Everything that can be started, with the rows of submenus as they are at this moment."""
        found: list[Command] = []
        for name, title in MENUS:
            heading = plain(translated(title))
            for item in items(name):
                if isinstance(item, Row):
                    found.append(self._command(heading, item, self._by_id[item.id]))
                else:
                    found += self._below(heading, item)
        return found

    def _below(self, heading: str, item: Submenu) -> list[Command]:
        """The rows of a submenu and of those within it."""
        below = f"{heading}: {plain(translated(item.text))}"
        found: list[Command] = []
        for each in item.rows(self.window):
            if isinstance(each, Submenu):
                found += self._below(below, each)
            else:
                found.append(self._command(below, each, self._by_id.get(each.id)))
        return found

    def _command(self, heading: str, row: Row, action: QAction | None = None) -> Command:
        window = self.window
        text = row.caption(window) if row.caption is not None else translated(row.text)
        return Command(
            row.id,
            heading,
            plain(text),
            action.shortcut().toString(QKeySequence.SequenceFormat.NativeText) if action is not None else "",
            row.icon,
            row.enabled is None or row.enabled(window),
            row.checked is not None and row.checked(window),
            lambda: self._run(row),
        )

    # ---------------------------------------------------------------- making

    def _make(self, row: Row, parent: QObject | None = None) -> QAction:
        action = QAction(translated(row.text), parent or self)
        action.setObjectName(f"action-{row.id}")
        action.setCheckable(row.checked is not None)
        action.setAutoRepeat(row.repeats)
        if row.keys:
            action.setShortcuts([QKeySequence(key) for key in row.keys])
            # Esc reaches the window only after whatever has the focus (gui.actions.keys).
            alone = row.local or row.keys == ("Esc",)
            context = Qt.ShortcutContext.WidgetShortcut if alone else Qt.ShortcutContext.WindowShortcut
            action.setShortcutContext(context)
            self.window.addAction(action)  # keys work while the menu bar is hidden, too
        action.setToolTip(self._tip(row, action))
        action.setMenuRole(_role(row.id))
        action.triggered.connect(lambda: self._run(row))
        self._refresh(row, action)
        return action

    def _run(self, row: Row) -> None:
        with crash.guarded():
            row.run(self.window)
        self.refresh()

    def _refresh(self, row: Row, action: QAction) -> None:
        window = self.window
        if row.enabled is not None:
            action.setEnabled(row.enabled(window))
        if row.checked is not None:
            action.setChecked(row.checked(window))
        if row.caption is not None:
            action.setText(row.caption(window))

    def _tip(self, row: Row, action: QAction) -> str:
        what = translated(row.tip) or plain(translated(row.text))
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return f"{what} ({keys})" if keys else what

    # ---------------------------------------------------------------- menus

    def _fill_menu_bar(self) -> None:
        for name, title in MENUS:
            menu = self.window.menuBar().addMenu(translated(title))
            menu.setObjectName(f"menu-{name}")
            menu.setAccessibleName(plain(translated(title)))
            menu.setToolTipsVisible(True)
            menu.aboutToShow.connect(self.refresh)
            self.menus[name] = menu
            for item in items(name):
                if item.section:
                    menu.addSeparator()
                if isinstance(item, Submenu):
                    self._add_submenu(menu, item, kept=True)
                else:
                    menu.addAction(self._by_id[item.id])

    def _add_submenu(self, menu: QMenu, item: Submenu, *, kept: bool = False) -> None:
        """``kept``: it stays as long as the window; others are made anew whenever their menu opens."""
        made = menu.addMenu(translated(item.text))
        made.setObjectName(f"menu-{item.id}")
        made.setAccessibleName(plain(translated(item.text)))
        made.setToolTipsVisible(True)
        self.menus[item.id] = made
        if item.icon and kept:
            made.setProperty("icon-name", item.icon)
            self._marked.append(made)
        elif item.icon:
            made.setIcon(icons.icon(item.icon, self.window.workspace.theme))
        made.addActions([self._by_id[row.id] for row in item.fixed])
        made.aboutToShow.connect(lambda: self._fill_submenu(made, item))

    def _fill_submenu(self, menu: QMenu, item: Submenu) -> None:
        for old in menu.actions():
            below = old.menu()
            menu.removeAction(old)
            if old not in self._by_id.values():
                (below if isinstance(below, QMenu) else old).deleteLater()
        found = item.rows(self.window)
        for row in found:
            if row.section:
                menu.addSeparator()
            if isinstance(row, Submenu):
                self._add_submenu(menu, row)
                continue
            if row.id in self._by_id:
                menu.addAction(self._by_id[row.id])
                continue
            action = self._make(row, menu)
            if row.icon:
                action.setIcon(icons.icon(row.icon, self.window.workspace.theme))
            menu.addAction(action)
        if not found:
            menu.addAction(self.tr("Nothing yet")).setEnabled(False)


def _role(id: str) -> QAction.MenuRole:
    """Where macOS puts it."""
    return {
        "about": QAction.MenuRole.AboutRole,
        "preferences": QAction.MenuRole.PreferencesRole,
        "quit": QAction.MenuRole.QuitRole,
    }.get(id, QAction.MenuRole.NoRole)
