"""The palette: what can be put on the canvas, by drag and drop or from the keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QIcon, QKeyEvent, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from engine.layers import layers
from gui import icons, ready_made
from gui.drawn import shows_neurons
from gui.editor import commands
from gui.editor.geometry import Geometry
from gui.editor.gestures.drop import MIME
from gui.editor.groups import READY_MADE, group_title, grouped
from gui.editor.landing import NEURON, free_place, landing, settle
from gui.editor.painters import look_of
from gui.editor.painters.glyphs import glyph_of
from gui.editor.shelf_delegate import ShelfDelegate
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires
from gui.panel import Panel
from gui.theme import Theme, value_colour
from gui.workspace import Workspace

KIND, WORDS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be put on the canvas."""

    kind: str
    title: str
    summary: str
    group: str = ""
    """The heading under which it stands."""


class Shelf(QListWidget):
    """The list that is dragged from. Only a double click or Enter chooses, whatever the desktop's habit."""

    chosen = Signal(QListWidgetItem)

    def mimeData(self, items) -> QMimeData:
        mime = QMimeData()
        if items:
            mime.setData(MIME, str(items[0].data(KIND)).encode())
            mime.setText(items[0].text())
        return mime

    def mimeTypes(self) -> list[str]:
        return [MIME, "text/plain"]

    def startDrag(self, actions: Qt.DropAction) -> None:
        item = self.currentItem()
        if item is None:
            return
        drag = QDrag(self)
        drag.setMimeData(self.mimeData([item]))
        side = self.iconSize().width()
        drag.setPixmap(item.icon().pixmap(side, side))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self.chosen.emit(self.currentItem())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The heights of the entries depend on the width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class Palette(Panel):
    """Neuron and every kind of layer; a new kind appears by itself."""

    name = "palette"
    title = "Palette"
    icon = "plus"
    area = Qt.DockWidgetArea.LeftDockWidgetArea
    rank = 10

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self._search = QLineEdit()
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search the palette"))
        self._search.setClearButtonEnabled(True)
        glass = icons.icon("search", workspace.theme)
        self._lens = self._search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._shelf = Shelf()
        self._shelf.setAccessibleName(self.tr("Palette: drag to the canvas, or press Enter to add"))
        self._shelf.setDragEnabled(True)
        self._shelf.setResizeMode(QListWidget.ResizeMode.Adjust)
        self._look = ShelfDelegate(workspace.theme, self._shelf)
        self._shelf.setItemDelegate(self._look)
        self._shelf.setFrameShape(QListWidget.Shape.NoFrame)
        self._shelf.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._nothing = QLabel(self.tr("Nothing is called that."))
        self._hint = QLabel(self.tr("Drag to the canvas, or double click."))
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        for part in (self._search, self._shelf, self._nothing, self._hint):
            column.addWidget(part)
        self._search.textChanged.connect(self.search)
        self._search.returnPressed.connect(self._add_first)
        self._shelf.itemDoubleClicked.connect(self._add_item)
        self._shelf.chosen.connect(self._add_item)
        self._shelf.currentItemChanged.connect(self._describe)
        self.setFocusProxy(self._search)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- use

    def search(self, words: str) -> None:
        """Show the entries in whose title or summary all words occur."""
        wanted = words.lower().split()
        shown, heading, below = 0, None, 0
        for row in range(self._shelf.count()):
            item = self._shelf.item(row)
            if not item.data(KIND):
                if heading is not None:
                    heading.setHidden(not below)
                heading, below = item, 0
                continue
            fits = all(word in item.data(WORDS) for word in wanted)
            item.setHidden(not fits)
            shown, below = shown + fits, below + fits
        if heading is not None:
            heading.setHidden(not below)
        self._nothing.setVisible(not shown)

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

    @property
    def entries(self) -> list[Entry]:
        """What there is, in the order of the list."""
        about = self.tr("Joins the layer it is dropped on, or begins a layer of its own.")
        neuron = Entry(NEURON, self.tr("Neuron"), about)
        found = [neuron]
        for group, kinds in grouped().items():
            found += [Entry(each.kind, each.title, each.summary, group) for each in kinds]
        networks = [each for kinds in ready_made.grouped().values() for each in kinds]
        for each in networks:
            found.append(Entry(f"{ready_made.PREFIX}{each.kind}", each.title, each.summary, READY_MADE))
        return found

    # ---------------------------------------------------------------- plumbing

    def _add_item(self, item: QListWidgetItem) -> None:
        if item.data(KIND):
            self.add(str(item.data(KIND)))

    def _add_first(self) -> None:
        """Enter in the search field adds what is found first."""
        for row in range(self._shelf.count()):
            item = self._shelf.item(row)
            if not item.isHidden() and item.data(KIND):
                self._shelf.setCurrentItem(item)
                self._add_item(item)
                return

    def _describe(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._shelf.setAccessibleDescription(str(item.toolTip()))

    def restyle(self, theme: Theme) -> None:
        gap = theme.space(1)
        column = self.layout()
        assert column is not None
        column.setContentsMargins(gap, gap, gap, gap)
        column.setSpacing(gap)
        self._look.theme = theme
        self._lens.setIcon(icons.icon("search", theme))
        side = theme.px(36)
        self._shelf.setIconSize(QSize(side, side))
        self._shelf.setSpacing(theme.space(0.25))
        self._shelf.clear()
        before, several = "", len({entry.group for entry in self.entries}) > 3
        for entry in self.entries:
            if several and entry.group != before:
                self._shelf.addItem(self._heading(entry.group))
            before = entry.group
            item = QListWidgetItem(icon_of(entry.kind, theme), f"{entry.title}\n{entry.summary}")
            item.setData(KIND, entry.kind)
            item.setData(WORDS, f"{entry.title} {entry.summary}".lower())
            network = entry.group == READY_MADE
            item.setToolTip(f"{entry.title}\n{entry.summary}" if network else entry.summary)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.title}. {entry.summary}")
            self._shelf.addItem(item)
        self._hint.setFont(theme.fonts.small)
        self._hint.setStyleSheet(f"color: {theme.css('text-muted')}")
        self.search(self._search.text())

    def _heading(self, group: str) -> QListWidgetItem:
        """The line above the kinds of a group; it cannot be chosen."""
        item = QListWidgetItem(group_title(group))
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(KIND, "")
        item.setData(WORDS, "")
        return item


def icon_of(kind: str, theme: Theme, side: int = 36) -> QIcon:
    """A small drawing with the look that the kind has on the canvas."""
    picture = QPixmap(theme.px(side) * 2, theme.px(side) * 2)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(theme.scale, theme.scale)
        network = ready_made.kind_of(kind)
        if network:
            _paint_network(painter, network, theme)
        elif kind in layers and not shows_neurons(layers[kind]):
            _paint_sign(painter, kind, theme)
        else:
            _paint_neurons(painter, kind, theme)
    return QIcon(picture)


def _paint_sign(painter: QPainter, kind: str, theme: Theme) -> None:
    """The sign of a kind that is drawn as a block."""
    pen = QPen(theme.colour("border"), 1.2)
    painter.setPen(pen)
    painter.setBrush(theme.colour("canvas"))
    painter.drawRoundedRect(QRectF(3, 3, 30, 30), 6, 6)
    pen = QPen(theme.colour("outline"), 1.6)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(glyph_of(kind)(QRectF(10, 10, 16, 16)))


def _paint_network(painter: QPainter, kind: str, theme: Theme) -> None:
    """The drawing of a ready-made network, on two sheets: it is more than one layer."""
    painter.setPen(QPen(theme.colour("border"), 1.2))
    painter.setBrush(theme.colour("canvas"))
    painter.drawRoundedRect(QRectF(7, 3, 26, 26), 6, 6)
    painter.drawRoundedRect(QRectF(3, 7, 26, 26), 6, 6)
    icons.icon(ready_made.icon_name(kind), theme).paint(painter, QRect(8, 12, 16, 16))


def _paint_neurons(painter: QPainter, kind: str, theme: Theme) -> None:
    """One neuron, or a few in a frame."""
    role = layers[kind].role if kind in layers else "hidden"
    look = look_of(kind, role)
    pen = QPen(theme.colour("neuron-outline"), 1.6)
    several = kind != NEURON and role == "hidden"
    spots = [(18, 7), (18, 18), (18, 29)] if several else [(18, 18)]
    radius = 4.6 if several else 9.0
    if kind != NEURON:
        painter.setPen(QPen(theme.colour("border"), 1.2))
        painter.setBrush(theme.colour("canvas"))
        painter.drawRoundedRect(QRectF(9, 0.8, 18, 34.4) if several else QRectF(4, 4, 28, 28), 6, 6)
    for number, (x, y) in enumerate(spots):
        painter.setPen(pen)
        painter.setBrush(value_colour(theme, (0.15, 0.75, 0.4)[number] if several else 0.55))
        painter.drawPath(look.outline(QPointF(x, y), radius))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if look.rings:
            painter.setPen(QPen(theme.colour("canvas"), 1.3))
            painter.drawPath(look.outline(QPointF(x, y), radius - 3.4))
