"""The canvas: the network as it is drawn, watched and changed."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from engine.document import Document
from engine.session import Snapshot
from engine.session.probes import UnitsOfExample
from gui.editor import commands, explaining, inline, keyboard
from gui.editor.card import Card
from gui.editor.card_table import CardTable
from gui.editor.empty import EmptyCanvas
from gui.editor.fitting import Fitting
from gui.editor.gesture_view import GestureView
from gui.editor.gestures.press import selection_of
from gui.editor.glide import Glide
from gui.editor.hover_text import Changes, card_of
from gui.editor.legend import Legend
from gui.editor.marks import GROUND, Kind, Thing, marks_of
from gui.editor.overlay import Banner
from gui.editor.overview import Overview
from gui.editor.picture import Lock
from gui.editor.pointing import cells_of
from gui.editor.pulse import Pulse
from gui.editor.reading import Reading
from gui.editor.weakest_slider import WeakestSlider
from gui.explaining import Asked
from gui.selection import Selection, Synapse, Unit
from gui.showing import Showing
from gui.theme import Theme
from gui.workspace import Workspace

PROBE = "canvas"
LONGEST = 6000.0
"""Pixels of the longer side of a picture."""
READABLE = 1 / 20
"""Seconds that a number stays while the network learns, at least: nobody reads faster, and painting them
costs most."""


class Canvas(GestureView):
    """Draws the workspace's document; turns gestures into calls of the workspace. Writes nothing itself."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        self.fitting = Fitting(self)
        super().__init__(workspace, parent)
        self.glide = Glide(self, lambda: workspace.training.running, self._settled)
        self.camera.about_to_move = self._move_begins
        self.legend = Legend(self, workspace.theme)
        self.weakest = WeakestSlider(self, workspace.theme, self._set_weakest)
        self.card = Card(self, workspace.theme)
        self.bubble = Card(self, workspace.theme)
        self.banner = Banner(self, workspace.theme)
        self.banner.changed.connect(self.fitting.make_room)
        self.pulse = Pulse(self, self.network)
        self.camera.moved.append(self._moved)
        self._changes = Changes()
        self._under = GROUND
        self._preview: Document | None = None
        self._watched = -1
        self.fitting.busy = False
        self._stale = True
        self._shown_as = workspace.showing
        self.setAccessibleName(self.tr("Network"))
        self._listen()
        self.reading = Reading(self)
        self.overview, self.empty = Overview(self), EmptyCanvas(self)

    # ---------------------------------------------------------------- looking

    def fit(self) -> None:
        """The whole network; in projector mode the layers move together where that makes it larger."""
        self.glide.end()
        self.fitting.fit(may_rebuild=self._preview is None)

    def render_to(self, painter: QPainter, target: QRectF) -> None:
        """The network without the rest of the canvas, for pictures."""
        self.network.keep_pictures(False)
        try:
            self.network.render(painter, target, self.network.bounds_at(1.0))
        finally:
            self.network.keep_pictures(True)

    def picture_size(self) -> QSize:
        """The natural size of such a picture; that of a very large network is not beyond reason."""
        size = self.network.bounds_at(1.0).size()
        longest = max(size.width(), size.height(), 1.0)
        return (size * min(1.0, LONGEST / longest)).toSize()

    # ---------------------------------------------------------------- doing

    def select_all(self) -> None:
        """All layers."""
        self.workspace.select(commands.everything(self.workspace.document))

    def remove_selected(self) -> None:
        """What is selected goes; without a selection what is in the focus."""
        selection = self.workspace.selection or selection_of(self.focus_thing, self)
        commands.remove(self.workspace, selection)

    def remove(
        self,
        *,
        layers: Iterable[str] = (),
        units: Iterable[Unit] = (),
        synapses: Iterable[Synapse] = (),
    ) -> None:
        """These things go."""
        commands.remove(self.workspace, Selection(frozenset(layers), frozenset(units), frozenset(synapses)))

    def thin_out(self, percent: int) -> None:
        """Draw fewer of the weak synapses, or with a negative number more."""
        self.weakest.slider.setValue(self.weakest.slider.value() + percent)

    def preview(self, document: Document | None) -> None:
        """Show a document that is not there yet; ``None`` goes back to the real one."""
        self._preview = document
        self.rebuild()

    def asked_number(self) -> Asked | None:
        """The number that the keyboard is at."""
        return explaining.asked_by_keyboard(self)

    def edit(self, thing: Thing) -> QWidget | None:
        """A field over a weight, a bias or a caption; the neuron's field is that of its bias."""
        self.card.hide()
        return inline.open_field(self, thing)

    # ---------------------------------------------------------------- mouse and focus

    def set_focus_thing(self, thing: Thing, *, spoken: bool = False) -> None:
        """Something else is in the keyboard's focus; ``spoken`` also shows and announces it."""
        self.focus_thing = Thing(Kind.CAPTION, thing.layer) if thing.is_layer else thing
        if thing.group:
            self.focus_thing = Thing(Kind.GROUP, group=thing.group)
        if thing.kind is Kind.PORT:
            self.focus_thing = Thing(Kind.UNIT, thing.layer, thing.key)
        if thing.kind is Kind.CHIP:
            self.focus_thing = Thing(Kind.WIRE, wire=thing.wire)
        if spoken:
            self.camera.reveal(self.network.rect_of(self.focus_thing))
            self.setAccessibleDescription(keyboard.described(self.focus_thing, self.network, self.workspace))
            changed = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            QAccessible.updateAccessibility(changed)
        self._mark()
        self.reading.focus(self.focus_thing if spoken else GROUND)

    def point_at(self, thing: Thing, mouse: QPoint) -> None:
        """The mouse points at something else: light it up everywhere, and say what it is."""
        self._mouse = mouse
        cells = cells_of(thing, self.network, self.workspace, self.mapToScene(mouse))
        if thing != self._under or (thing.is_layer and cells != self.workspace.hovered):
            self.wheel.end()
            self._under = thing
            before = self.workspace.hovered
            self.workspace.hover(cells)
            if self.workspace.hovered == before:
                self._mark()  # else the workspace has said so
        self._show_card()

    def zoomed(self, zoom: float) -> None:
        """While the last picture is shown nothing has to be made to fit."""
        if self.glide.isHidden():
            super().zoomed(zoom)

    def press_begins(self) -> None:
        """The card would be in the way now."""
        self.card.hide()
        self.wheel.end()

    # ---------------------------------------------------------------- following the workspace

    def rebuild(self) -> None:
        """Place everything anew."""
        self.glide.end()
        document = self._preview or self.workspace.document
        self.network.showing = self.workspace.showing
        self.network.rebuild(
            document, self.workspace.theme, self.workspace.showing.most_units, self.fitting.closeness
        )
        self._under = self._under if self.network.has(self._under) else GROUND
        self.focus_thing = self.focus_thing if self.network.has(self.focus_thing) else GROUND
        self._mark()
        self._refresh()

    def _refresh(self, *_: object) -> None:
        """Newer numbers."""
        if not self.isVisible():
            self._stale = True
            return
        snapshot = self.workspace.snapshot
        network = self.network
        network.show(snapshot, self.workspace.walk, self.workspace.example)
        self._explain()
        self.weakest.show_state(network.synapses, walking=network.picture.walking)
        self.banner.show_state(self.workspace.document, snapshot)
        if self.fitting.outgrown and self.camera.follows:
            self.fit()
        if self._under != GROUND:
            self._show_card()

    def _explain(self) -> None:
        """What the legend has to speak of; from far away there are no numbers in the neurons."""
        network = self.network
        self.legend.show_state(
            network.synapses, network.picture.walking, held=network.wears(Lock.HELD),
            released=network.wears(Lock.RELEASED),
            caches=bool(network.caches.items),
            locked=bool(network.wires.locked_ones),
            blocks=bool(network.blocks.items),
            neurons=bool(network.neurons) or not network.blocks.items,
            dots=network.wordless,
        )  # fmt: skip
        self.weakest.place()

    def _take(self, snapshot: Snapshot) -> None:
        self._changes.take(snapshot)
        workspace = self.workspace
        if workspace.training.running and workspace.walk is None and not workspace.turns.mine(self):
            if self.isVisible():
                self.network.show_lines(snapshot)
            return
        self._refresh()

    def _document_changed(self, _: object) -> None:
        if self.network.geometry.document is self.workspace.document:
            self._refresh()  # a weight was set by hand: nothing to place anew
            return
        self.wheel.end()
        self.gestures.cancel()
        self._preview = None
        self.rebuild()
        if not self.workspace.editing.undo_stack.count() or self.camera.follows:
            self.fit()

    def _state_changed(self) -> None:
        self._watch()
        self._refresh()

    def _walk_changed(self) -> None:
        self._set_marks()
        self._refresh()
        if self.workspace.walk is not None:
            self.pulse.send(self.network.picture)

    def _mark(self, *_: object) -> None:
        workspace, network = self.workspace, self.network
        self._set_marks()
        if self.isVisible():
            network.show_marked(workspace.snapshot, workspace.walk, workspace.example)

    def _set_marks(self) -> None:
        workspace, network = self.workspace, self.network
        focus = self.focus_thing if self.hasFocus() else GROUND
        network.blocks.light(workspace.lit)
        about = workspace.selection, workspace.lit, self._under, focus
        network.mark(
            marks_of(network.geometry, network.wires, *about, network.trunks, workspace.chosen_cells)
        )

    def _watch(self) -> None:
        """Ask for the activations of the example that is looked at, while the canvas can be seen."""
        example = self.workspace.example
        if self.isVisible() and self._watched != example:
            self._watched = example
            self.workspace.link.watch(PROBE, UnitsOfExample(example), every=READABLE)

    def _move_begins(self) -> None:
        if self.glide.isHidden() and self.isVisible():
            self.point_at(GROUND, self._mouse)  # something else will lie under the mouse
            self.glide.begin()
            self.network.synapses.rest()

    def _moved(self) -> None:
        self.glide.follow()
        if self.glide.isHidden():
            self._explain()

    def _settled(self) -> None:
        self.network.set_zoom(self.camera.zoom)
        self.network.synapses.settled()
        self.fitting.look()
        self._explain()

    def _set_weakest(self, share: float) -> None:
        self.workspace.show_as(self.workspace.showing.with_(weakest=share))

    def _showing_changed(self, showing: Showing) -> None:
        before, self._shown_as = self._shown_as, showing
        if before.with_(weakest=showing.weakest) == showing:
            self.network.synapses.set_weakest(showing.weakest)  # nothing has to be placed anew
            self._refresh()
            return
        self.rebuild()
        if self.camera.follows:
            self.fit()

    def _restyle(self, theme: Theme) -> None:
        self.setBackgroundBrush(theme.colour("canvas"))
        for part in (self.legend, self.weakest, self.card, self.bubble, self.banner):
            part.restyle(theme)
        self.rebuild()
        if self.camera.follows:
            self.fit()

    def _show_card(self) -> None:
        if self.gestures.gesture is not None or not self.underMouse():
            self.card.hide()
            return
        text = card_of(self._under, self.network, self.workspace, self._changes)
        point = self.mapToScene(self._mouse)
        if isinstance(text, CardTable) and explaining.cell_at(self, self._under, point) is not None:
            text = text.with_more(*explaining.hint(self, self._under, point))
        if text:
            picture = self.reading.picture(self._under, point)
            self.card.show_at(self._mouse, text, picture=picture)
        else:
            self.card.hide()

    def _listen(self) -> None:
        workspace = self.workspace
        workspace.document_changed.connect(self._document_changed)
        workspace.replaced.connect(self.fit)
        workspace.snapshot_changed.connect(self._take)
        workspace.selection_changed.connect(self._mark)
        workspace.cells_chosen.connect(self._mark)
        workspace.hover_changed.connect(self._mark)
        workspace.walk_changed.connect(self._walk_changed)
        workspace.state_changed.connect(self._state_changed)
        workspace.theme_changed.connect(self._restyle)
        workspace.showing_changed.connect(self._showing_changed)
        stops = self.network.extras.stops
        workspace.breakpoints_changed.connect(lambda: stops.show_stops(workspace.breakpoints.stops))
        self._restyle(workspace.theme)

    # ---------------------------------------------------------------- Qt

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        if not self.glide.isHidden():
            return
        if self._under != GROUND and self.gestures.gesture is None:
            self.point_at(GROUND, self._mouse)  # something else lies under the mouse now
        if not self.fitting.busy:
            self.fitting.look()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            name = self.network.full_name_at(self.mapToScene(event.pos()))
            if name:
                QToolTip.showText(event.globalPos(), name, self)
                return True
        return super().viewportEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        thing = keyboard.neighbour(self.network, self.focus_thing, next)
        if thing is None or not self.hasFocus():
            return super().focusNextPrevChild(next)
        self.set_focus_thing(thing, spoken=True)
        return True

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._mark()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._mark()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.legend.restyle(self.workspace.theme)
        self.weakest.place()
        self.banner.place()
        if self.camera.follows:
            self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.workspace.turns.join(self, READABLE)
        self._watch()
        self._refresh()
        if self.camera.follows:
            self.fit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.glide.end()
        self.network.synapses.rest()
        self.workspace.turns.leave(self)
        self.workspace.link.unwatch(PROBE)
        self._watched = -1
