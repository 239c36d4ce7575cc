"""The palette: what can be put on the canvas, by drag and drop or from the keyboard."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from gui import icons, ready_made
from gui.editor import commands
from gui.editor.entry_icons import icon_of
from gui.editor.geometry import Geometry
from gui.editor.groups import READY_MADE, group_title, grouped
from gui.editor.landing import NEURON, free_place, landing, settle
from gui.editor.search_words import other_words, rank
from gui.editor.shelf import Shelf
from gui.editor.shelf_delegate import FOLDED, GROUP, KIND, SIGN, STARRED
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires
from gui.panel import Panel
from gui.settings import FAVOURITES, FOLDS, Setting, Settings
from gui.theme import Theme
from gui.workspace import Workspace

FIRST = "Favourites"
"""The group of the entries that the user starred."""
LOW = 300
"""In a palette lower than this, at scale 1, the list has all the room; tool tips say what is what."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be put on the canvas."""

    kind: str
    title: str
    summary: str
    group: str = ""
    """The heading under which it stands."""


class Palette(Panel):
    """Neuron and every kind of layer; a new kind appears by itself."""

    name = "palette"
    title = "Palette"
    icon = "plus"
    area = Qt.DockWidgetArea.LeftDockWidgetArea
    rank = 10

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._settings: Settings | None = None
        self._favourites: tuple[str, ...] = ()
        self._folded = _words(str(FOLDS.default))
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search the palette"))
        self._search.setToolTip(self.tr("By name, or by what it does: ReLU, kernel, fully connected …"))
        self._search.setClearButtonEnabled(True)
        glass = icons.icon("search", workspace.theme)
        self._lens = self._search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._shelf = Shelf(workspace.theme)
        self._shelf.setAccessibleName(self.tr("Palette: drag to the canvas, or press Enter to add"))
        self._nothing = QLabel(self.tr("Nothing is called that."))
        self._about = QLabel()
        self._about.setWordWrap(True)
        self._about.setTextFormat(Qt.TextFormat.RichText)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        for part in (self._search, self._shelf, self._nothing, self._about):
            column.addWidget(part)
        self._search.textChanged.connect(self.search)
        self._search.returnPressed.connect(self._add_found)
        self._search.installEventFilter(self)
        self._shelf.itemDoubleClicked.connect(self._choose)
        self._shelf.chosen.connect(self._choose)
        self._shelf.starred.connect(lambda item: self.star(str(item.data(KIND))))
        self._shelf.pointed.connect(self._describe)
        self._shelf.currentItemChanged.connect(self._describe)
        self._shelf.customContextMenuRequested.connect(self._menu)
        self.setFocusProxy(self._search)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- use

    def search(self, words: str) -> None:
        """Show the entries whose title, summary or other words have all that was typed, the best chosen."""
        shown: set[str] = set()
        best: tuple[int, int] | None = None
        rows = [self._shelf.item(row) for row in range(self._shelf.count())]
        for row, item in enumerate(rows):
            group, kind = item.data(GROUP), item.data(KIND)
            if not kind:
                continue
            if words.strip():
                title, _, summary = item.text().partition("\n")
                points = None if group == FIRST else rank(words, title, other_words(kind), summary)
                item.setHidden(points is None)
                if points is not None and (best is None or points < best[0]):
                    best = points, row
            else:
                item.setHidden(group in self._folded)
            if not item.isHidden():
                shown.add(group)
        for item in rows:
            if not item.data(KIND):
                item.setHidden(bool(words.strip()) and item.data(GROUP) not in shown)
                item.setData(FOLDED, not words.strip() and item.data(GROUP) in self._folded)
        self._nothing.setVisible(bool(words.strip()) and best is None)
        if best is not None:
            self._shelf.setCurrentRow(best[1])
            self._shelf.scrollToItem(rows[best[1]])

    def add(self, kind: str) -> bool:
        """Put something on the canvas without a mouse: a neuron into the chosen layer, a layer beside it,
        a network in the place of the present one."""
        workspace = self.workspace
        network = ready_made.kind_of(kind)
        if network:
            workspace.ready_made.put(network)
            return True
        chosen = workspace.selection.layer
        if kind == NEURON and chosen is not None and commands.is_sized(workspace.document, chosen):
            return commands.add_unit(workspace, chosen)
        geometry = Geometry(workspace.document, Sizes(workspace.theme.scale))
        point = free_place(geometry, chosen)
        far = 1e9  # so far zoomed in that no synapse is near: nothing is inserted unasked
        return settle(workspace, landing(geometry, Wires(geometry), kind, point, far))

    def star(self, kind: str) -> None:
        """Make an entry a favourite, or no longer."""
        starred = tuple(each for each in self._favourites if each != kind)
        if starred == self._favourites:
            starred = (*starred, kind)
        self._favourites = starred
        self._keep(FAVOURITES, starred)
        self._fill()

    def fold(self, group: str, folded: bool) -> None:
        """Hide the entries under a heading, or show them."""
        others = tuple(each for each in self._folded if each != group)
        self._folded = (*others, group) if folded else others
        self._keep(FOLDS, self._folded)
        self.search(self._search.text())

    @property
    def entries(self) -> list[Entry]:
        """What there is, in the order of the list."""
        about = self.tr("Joins the layer it is dropped on, or begins a layer of its own.")
        found = [Entry(NEURON, self.tr("Neuron"), about)]
        for group, kinds in grouped().items():
            found += [Entry(each.kind, each.title, each.summary, group) for each in kinds]
        for networks in ready_made.grouped().values():
            for each in networks:
                found.append(Entry(f"{ready_made.PREFIX}{each.kind}", each.title, each.summary, READY_MADE))
        return found

    def keep_in(self, settings: Settings) -> None:
        self._settings = settings
        self._favourites = _words(str(settings.get(FAVOURITES)))
        self._folded = _words(str(settings.get(FOLDS)))
        settings.changed.connect(self._kept)
        self._fill()

    # ---------------------------------------------------------------- plumbing

    def _fill(self) -> None:
        """All lines anew; the same one stays chosen."""
        shelf, old = self._shelf, self._shelf.currentItem()
        current = (old.data(KIND), old.data(GROUP)) if old is not None else None
        scrolled = shelf.verticalScrollBar().value()
        shelf.clear()
        entries = self.entries
        known = {entry.kind: entry for entry in entries}
        starred = [(known[kind], FIRST) for kind in self._favourites if kind in known]
        grouped_ones = [(each, each.group) for each in entries]
        first = sum(not under for _, under in grouped_ones)  # what has no heading stands above all of them
        group = ""
        for entry, under in (*grouped_ones[:first], *starred, *grouped_ones[first:]):
            if under != group and under:
                self._add_heading(under)
            group = under
            self._add_line(entry, under)
            if current == (entry.kind, under):
                shelf.setCurrentRow(shelf.count() - 1)
        self.search(self._search.text())
        shelf.verticalScrollBar().setValue(scrolled)
        if shelf.currentItem() is None:
            self._describe(None)

    def _add_line(self, entry: Entry, group: str) -> None:
        item = QListWidgetItem(
            icon_of(entry.kind, self.workspace.theme, SIGN), f"{entry.title}\n{entry.summary}"
        )
        item.setData(KIND, entry.kind)
        item.setData(GROUP, group)
        item.setData(STARRED, entry.kind in self._favourites)
        item.setToolTip(f"<b>{html.escape(entry.title)}</b><br>{html.escape(entry.summary)}")
        favourite = self.tr("Favourite.") if entry.kind in self._favourites else ""
        said = f"{entry.title}. {entry.summary} {favourite}".strip()
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        self._shelf.addItem(item)

    def _add_heading(self, group: str) -> None:
        """The line above the entries of a group; Enter or a click folds them."""
        item = QListWidgetItem(self.tr("Favourites") if group == FIRST else group_title(group))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        item.setData(KIND, "")
        item.setData(GROUP, group)
        said = self.tr("Group {name}, Enter folds it").format(name=item.text())
        item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
        self._shelf.addItem(item)

    def _choose(self, item: QListWidgetItem) -> None:
        """An entry goes to the canvas; a heading folds or unfolds."""
        if item.data(KIND):
            self.add(str(item.data(KIND)))
        elif not self._search.text().strip():
            self.fold(str(item.data(GROUP)), not item.data(FOLDED))

    def _add_found(self) -> None:
        """Enter in the search field adds what is chosen, or else what stands first."""
        rows = [self._shelf.item(row) for row in range(self._shelf.count())]
        there = [item for item in rows if not item.isHidden() and item.data(KIND)]
        current = self._shelf.currentItem()
        item = current if current in there else next(iter(there), None)
        if item is not None:
            self._shelf.setCurrentItem(item)
            self._choose(item)
            self._search.selectAll()  # so that the next name can be typed at once

    def _describe(self, item: QListWidgetItem | None, *_: object) -> None:
        """Say what the line under the mouse is, or the one that is chosen, or what can be done here."""
        theme, shown = self.workspace.theme, item or self._shelf.currentItem()
        if shown is None or not shown.data(KIND):
            hint = self.tr("Drag to the canvas, double click or press Enter. The star keeps it at the top.")
            self._about.setText(f'<span style="color:{theme.css("text-muted")}">{html.escape(hint)}</span>')
            return
        title, summary = shown.text().split("\n", 1)
        self._about.setText(
            f'<span style="font-weight:600">{html.escape(title)}</span><br>'
            f'<span style="color:{theme.css("text-muted")}">'
            f"{html.escape(summary)}</span>"
        )
        self._shelf.setAccessibleDescription(summary)

    def _menu(self, where: QPoint) -> None:
        item = self._shelf.itemAt(where) or self._shelf.currentItem()
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.tr("What can be done here"))
        if item is not None and item.data(KIND):
            kind = str(item.data(KIND))
            plus, words = icons.icon("plus", self.workspace.theme), self.tr("Put it on the canvas\tEnter")
            menu.addAction(plus, words).triggered.connect(lambda: self.add(kind))
            words = self.tr("No favourite any more\t*") if item.data(STARRED) else self.tr("Favourite\t*")
            menu.addAction(words).triggered.connect(lambda: self.star(kind))
            menu.addSeparator()
        menu.addAction(self.tr("Fold all headings")).triggered.connect(lambda: self._fold_all(True))
        menu.addAction(self.tr("Unfold all headings")).triggered.connect(lambda: self._fold_all(False))
        menu.popup(self._shelf.viewport().mapToGlobal(where))

    def _fold_all(self, folded: bool) -> None:
        for group in (FIRST, *grouped(), READY_MADE):
            self.fold(group, folded)

    def _keep(self, setting: Setting, words: tuple[str, ...]) -> None:
        if self._settings is not None:
            self._settings.set(setting, "|".join(words))

    def _kept(self, setting: Setting) -> None:
        """Another window, or this one, changed a setting."""
        assert self._settings is not None
        if setting == FAVOURITES and _words(str(self._settings.get(FAVOURITES))) != self._favourites:
            self._favourites = _words(str(self._settings.get(FAVOURITES)))
            self._fill()

    def restyle(self, theme: Theme) -> None:
        gap = theme.space(1)
        column = self.layout()
        assert column is not None
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        self._shelf.restyle(theme)
        self._lens.setIcon(icons.icon("search", theme))
        self._about.setFont(theme.fonts.small)
        self._about.setFixedHeight(6 * QFontMetrics(theme.fonts.small).lineSpacing())
        self._fill()

    # ---------------------------------------------------------------- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search field Up and Down choose; Esc empties it, then it leads back to the canvas."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            QApplication.sendEvent(self._shelf, event)
            return True
        if event.key() == Qt.Key.Key_Escape:
            if self._search.text():
                self._search.clear()
            else:
                self.workspace.wanted.emit("canvas")
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._about.setVisible(event.size().height() >= self.workspace.theme.px(LOW))


def _words(text: str) -> tuple[str, ...]:
    """A setting that is a list."""
    return tuple(each for each in text.split("|") if each)
