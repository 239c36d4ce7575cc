"""The scene: all items of one document, rebuilt when it changes and refreshed with every snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import reduce

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene

from engine.datasets.base import Data
from engine.document import Document
from engine.document.difference import difference
from engine.session import Snapshot
from gui.editor import labels
from gui.editor.arrangement import Arranged, Arranger
from gui.editor.extras import Extras
from gui.editor.geometry import FARTHEST, Geometry
from gui.editor.items.caches import Caches
from gui.editor.items.caption import above, far_room
from gui.editor.items.chips import ChipsItem
from gui.editor.items.dots import DotsItem
from gui.editor.items.enclosure import EnclosureItems
from gui.editor.items.frame import FrameItem
from gui.editor.items.highlight import Highlights
from gui.editor.items.names import NamesItem
from gui.editor.items.neurons import ROOM_FOR_TWO, NeuronsItem
from gui.editor.items.notes import NotesItem
from gui.editor.items.synapses import SynapseItems
from gui.editor.items.text import magnified
from gui.editor.items.trunks import BlockItems
from gui.editor.marks import GROUND, Kind, Marks, Thing
from gui.editor.now_blocks import blocks_now
from gui.editor.picture import Inks, Lock, Picture, names_beside, picture_of
from gui.editor.read_now import focused, incoming, loud
from gui.editor.sizes import Sizes
from gui.editor.touched import changed_layers
from gui.editor.trunks import Trunks
from gui.editor.units_under import UnitsUnder
from gui.editor.walk_picture import picture_of_walk
from gui.editor.wires import Wires
from gui.showing import Showing
from gui.stepping.walk import Walk
from gui.theme import Theme

FEW = 40
"""Up to so many synapses all numbers are shown at once."""
REACH = 6.0
"""Pixels around a synapse in which the mouse still means it."""


class NetworkScene(QGraphicsScene):
    """Items and where they stand. It knows no workspace: the canvas tells it what to show."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        room = 4 * FARTHEST
        self.setSceneRect(QRectF(-room, -room, 2 * room, 2 * room))
        self.theme = theme
        self.showing = Showing()
        """How blocks are drawn; whoever rebuilds sets it first."""
        self.geometry = Geometry(Document(), Sizes(theme.scale))
        self.wires = Wires(self.geometry)
        self.picture = Picture()
        self.marks = Marks()
        self.frames: dict[str, FrameItem] = {}
        self.neurons: dict[str, NeuronsItem] = {}
        self.names: dict[str, NamesItem] = {}
        self.synapses = SynapseItems(self, theme)
        self._under = UnitsUnder(self.geometry)
        self.trunks = Trunks(self.geometry)
        self.blocks = BlockItems(self, theme)
        self.enclosures = EnclosureItems(self, theme)
        self.extras = Extras(self, theme)
        self.highlights = Highlights(self)
        self.caches = Caches(self)
        self.dots = DotsItem(theme)
        self.chips = ChipsItem(theme)
        self.notes = NotesItem(theme)
        self.ghost = QGraphicsPathItem()
        self.ghost.setZValue(60)
        self.view = QRectF()
        """The part of the scene that can be seen and that nothing lies upon; bubbles stand in it."""
        self._zoom = 1.0
        self._spots: dict[int, QPointF] = {}
        self._named: tuple[object, int] | None = None
        self._shown: tuple[Snapshot, int] | None = None
        self._inks = Inks()
        self._arranger = Arranger(self.geometry, self.wires, theme)
        for item in (self.dots, self.chips, self.notes, self.notes.stems, self.ghost):
            self.addItem(item)

    # ---------------------------------------------------------------- showing

    def rebuild(self, document: Document, theme: Theme, most_units: int, closeness: float = 1.0) -> None:
        """Another document or look: everything is placed anew."""
        self.theme = theme
        self.geometry = Geometry(document, Sizes(theme.scale, most_units, closeness, self.showing))
        self.wires, self.trunks = Wires(self.geometry), Trunks(self.geometry)
        self._under, self._shown = UnitsUnder(self.geometry), None
        self._arranger = Arranger(self.geometry, self.wires, theme)
        self._inks, self._named = Inks(), None
        for old in (*self.frames.values(), *self.neurons.values(), *self.names.values()):
            self.removeItem(old)
            if isinstance(old, FrameItem):
                self.removeItem(old.words)
        for table in (self.frames, self.neurons, self.names):
            table.clear()  # type: ignore[attr-defined]
        for place in self.geometry.places.values():
            room = self.geometry.caption_room(place)
            self.frames[place.id] = FrameItem(place, room, self.geometry.sizes, theme)
            self.geometry.titles[place.id] = self.frames[place.id].words.width
            self.frames[place.id].words.set_far_room(far_room(self.geometry, place))
            self.addItem(self.frames[place.id])
            self.addItem(self.frames[place.id].words)
            if place.is_block:
                continue
            self.neurons[place.id] = NeuronsItem(place, self.geometry.sizes, theme)
            self.addItem(self.neurons[place.id])
            if place.role in {"input", "output"}:
                self.names[place.id] = NamesItem(place, self.geometry.sizes, theme)
                self.addItem(self.names[place.id])
        self.synapses.rebuild(self.wires, theme)
        self.synapses.set_weakest(self.showing.weakest)
        self.dots.rebuild(self.geometry, theme)
        self.blocks.rebuild(self.geometry, self.trunks, theme)
        self.enclosures.rebuild(self.geometry, theme, self._zoom)
        self.extras.rebuild(self.geometry, theme, self._zoom)
        self.caches.rebuild(self.geometry, theme)
        self.highlights.restyle(theme)
        self.highlights.lie_above(self.synapses.as_image)
        self.chips.theme = self.notes.theme = theme
        self._spots = labels.placed(self.wires)
        self.chips.crowded = len(self.wires) > FEW
        self.chips.set_figures({}, frozenset())
        self.chips.set_spots(self._spots)
        self.notes.set_bubbles((), 1.0)
        self.picture = Picture()
        self.marks = Marks()

    def show(self, snapshot: Snapshot, walk: Walk | None, example: int) -> None:
        """The numbers of a snapshot, or those of the walkthrough that is on."""
        if not self.wires.fits(snapshot.parameters):
            return
        weights = self.synapses.show_arrays(snapshot.parameters)
        self._shown = snapshot, example
        near, labelled = self._labelled()
        if walk is not None and difference(walk.trace.document, self.geometry.document).only_looks:
            picture = picture_of_walk(
                walk, self.geometry, self.wires, labelled, snapshot.data, self.trunks, self._inks
            )
            example = walk.trace.number_in_data(min(walk.example or 0, walk.trace.m - 1)) or 0
        elif self.dots.wanted_at(self._zoom):
            picture = self._from_afar(snapshot, labelled, weights)
        else:
            picture = picture_of(snapshot, self.geometry, self.wires, labelled, weights, self._inks)
        if self._named is None or self._named[0] is not snapshot.data or self._named[1] != example:
            self._named = snapshot.data, example
            self._name(snapshot.data, example)
        self._paint(picture, near)
        step = walk.step if walk is not None and picture.walking else None
        self.enclosures.show_step("" if step is None else step.target.owner, picture.walking)
        for id, frame in self.frames.items():
            frame.set_problem(bool(snapshot.problem) and snapshot.problem_layer == id)

    def _from_afar(self, snapshot: Snapshot, labelled: frozenset[int], weights: np.ndarray) -> Picture:
        """Dots for neurons: no number of theirs could be read."""
        found = snapshot.answers.get("canvas")
        found = found if isinstance(found, Mapping) else {}
        self.dots.show_activations(found, snapshot.data)
        chips = labels.figures(self.wires, weights, labelled)
        return Picture({}, chips, blocks=blocks_now(self.geometry, found, snapshot))

    def show_marked(self, snapshot: Snapshot, walk: Walk | None, example: int) -> None:
        """The numbers of what is marked now; the others are as they were a moment ago."""
        shown = self._shown is not None and self._shown[0] is snapshot and self._shown[1] == example
        if walk is not None or self.picture.walking or not shown:
            self.show(snapshot, walk, example)
            return
        near, labelled = self._labelled()
        figures = labels.figures(self.wires, self.synapses.weights, labelled)
        self._paint(replace(self.picture, chips=figures), near)

    def show_lines(self, snapshot: Snapshot) -> None:
        """Only the lines of a snapshot: they may move more often than numbers can be read."""
        if self.wires.fits(snapshot.parameters):
            self.synapses.show_arrays(snapshot.parameters)

    @property
    def wordless(self) -> bool:
        """Whether neurons do not show z above a: they are too small for two numbers, or show a surface."""
        small = self.geometry.sizes.radius * self._zoom < ROOM_FOR_TWO
        return self.dots.isVisible() or small or (self.showing.surfaces and not self.picture.walking)

    def wears(self, lock: Lock) -> bool:
        """Whether there are padlocks of that sort, which say whether old weights may change yet."""
        chips = any(each.lock is lock for each in self.picture.chips.values())
        return self.picture.lock is lock and (chips or bool(self.blocks.locked_lines))

    def _name(self, data: Data | None, example: int) -> None:
        """What stands beside inputs and outputs."""
        for id, item in self.names.items():
            place = item.place
            item.set_names(tuple(names_beside(place, unit.index, data, example) for unit in place.units))
            self.geometry.beside[id] = item.width
        lines = (line.rect for item in self.names.values() for line in item.lines)
        self._arranger.names = tuple(lines)

    def mark(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        touched = changed_layers(self.marks, marks)
        self.marks = marks
        for frame in self.frames.values():
            frame.set_marks(marks)
        for id, neurons in self.neurons.items():
            if id in touched:
                neurons.set_marks(marks)
            else:
                neurons.marks = marks  # a layer where nothing changed need not look at each neuron
        self.dots.set_marks(marks)
        self.blocks.mark(marks)
        self.enclosures.mark(marks)
        self.extras.mark(marks)
        hovered = marks.hovered_wires | focused(marks)
        self.highlights.mark(self.wires, marks.wires, hovered)
        self.synapses.lift(marks.wires | hovered)

    def bounds_at(self, zoom: float) -> QRectF:
        """What the network takes up when its captions are drawn larger because it is far away."""
        sizes = self.geometry.sizes
        whole = self.geometry.bounds.adjusted(0, -above(zoom, sizes.caption[1], sizes.scale), 0, 0)
        parts = (self.caches, self.enclosures, self.extras)
        return reduce(QRectF.united, (each.bounds_at(zoom) for each in parts), whole)

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther: what matters now stays legible."""
        other = self.dots.wanted_at(zoom) != self.dots.wanted_at(self._zoom)
        self._zoom = zoom
        if other and self._shown is not None and not self.picture.walking:
            self.show(self._shown[0], None, self._shown[1])
        self.synapses.set_zoom(zoom)
        self.highlights.set_zoom(zoom)
        self.chips.set_growth(self._growth)
        self.enclosures.set_zoom(zoom)
        self.extras.set_zoom(zoom)

    @property
    def _growth(self) -> float:
        """How much larger the text of a step is drawn. In projector mode an em of it, not only a line,
        is 2.5 % of the window's height: ``projector_scale`` makes the lines of formulas so large."""
        least = 0.9 + 0.3 * min(1.0, max(0.0, self.theme.scale - 1.0) / 0.25)
        return magnified(self._zoom, least)

    def set_view(self, view: QRectF) -> None:
        """Another part of the scene can be seen."""
        if view != self.view:
            self.view = view
            if self.picture.walking:
                self._arrange(self.picture, self._incoming())

    def keep_pictures(self, kept: bool) -> None:
        """Whether items keep what they painted; on paper everything is painted anew."""
        mode = QGraphicsItem.CacheMode.DeviceCoordinateCache if kept else QGraphicsItem.CacheMode.NoCache
        layers = (*self.frames.values(), *self.neurons.values(), *self.names.values())
        captions = (frame.words for frame in self.frames.values())
        for item in (*layers, *captions, *self.blocks.items.values(), self.dots, self.chips, self.notes):
            item.setCacheMode(mode)
        self.extras.keep_pictures(mode)
        self.enclosures.keep_pictures(mode)

    def _paint(self, picture: Picture, near: frozenset[int]) -> None:
        walked, self.picture = self.picture.walking, picture
        self.synapses.fade(picture.walking)
        far = self.dots.wanted_at(self._zoom) and not picture.walking
        self.dots.setVisible(far)
        for item in self.neurons.values():
            item.setVisible(not far)
            if not far:
                item.set_faces(picture.faces)
        self.blocks.show(picture)
        self.caches.show(picture.caches if self.showing.caches else {})
        there = picture.chips.keys()
        self.chips.set_figures(picture.chips, loud(self.marks) & there, near & there)
        self._arrange(picture, near)
        if walked or picture.walking:
            self.highlights.walk(self.wires, picture, 15.0 * self.theme.scale)

    def _arrange(self, picture: Picture, near: frozenset[int]) -> None:
        """Numbers without a place of their own stand on the line; in a walkthrough all make room."""
        spots = self._spots
        without = [number for number in picture.chips if number not in spots]
        if without:
            middle = {n: self.wires.point(n, 0.25 if n in near - picture.active else 0.5) for n in without}
            spots = {**spots, **middle}
        found = Arranged(spots)
        if picture.walking:
            self._arranger.trays = tuple(self.caches.trays(self._zoom))
            found = self._arranger.arrange(picture, spots, self.view, self._growth)
        if found.spots != self.chips.spots or found.hidden != self.chips.hidden:
            self.chips.set_spots(found.spots, found.hidden)
        self.notes.set_bubbles(found.bubbles, self._growth)

    def _labelled(self) -> tuple[frozenset[int], frozenset[int]]:
        """Synapses whose numbers are shown near the mouse, and all whose numbers are shown."""
        near, spots = self._incoming(), self.synapses.drawn_of(self._spots)
        return near, self.synapses.known_of(spots | loud(self.marks) | near)

    def _incoming(self) -> frozenset[int]:
        return self.synapses.drawn_of(incoming(self.marks, self.geometry, self.wires))

    # ---------------------------------------------------------------- under the mouse

    def thing_at(self, point: QPointF, zoom: float) -> Thing:
        """What lies at a point; ``zoom`` is pixels for one unit of the scene."""
        x, y, geometry = point.x(), point.y(), self.geometry
        slack = 3.0 / zoom
        chip = self.chips.at(x, y)
        extra = self.extras.at(point, zoom)
        if extra is not None:
            return extra
        if chip is not None:
            return Thing(Kind.CHIP, wire=chip)
        handles = geometry.sizes.port * zoom >= 3.0
        unit = self._under.thing_at(x, y, slack, handles)
        if unit is not None:
            return unit
        handle = geometry.handle_at(x, y, slack) if handles else None
        if handle is not None:
            return Thing(Kind.HANDLE, handle.id)
        layer = geometry.layer_at(x, y)
        if layer is not None and layer.caption.contains(point):
            return Thing(Kind.CAPTION, layer.id)
        if layer is not None and layer.is_block:
            return Thing(Kind.FRAME, layer.id)
        group = self.enclosures.thing_at(point) if layer is None else None
        if group is not None:
            return group
        reach = REACH * self.theme.scale / zoom
        wire = self.synapses.nearest(x, y, reach)
        if wire is not None:
            return Thing(Kind.WIRE, wire=wire)
        trunk = self.trunks.nearest(x, y, reach)
        if trunk is not None:
            return Thing(Kind.TRUNK, wire=trunk)
        return Thing(Kind.FRAME, layer.id) if layer is not None else GROUND

    def has(self, thing: Thing) -> bool:
        """Whether a thing is still there, and drawn."""
        if thing.group:
            return bool(self.enclosures.layers_of(thing.group))
        if thing.kind is Kind.NOTE:
            return not self.extras.rect_of(thing.note).isEmpty()
        if thing.layer:
            return thing.layer in self.geometry.places
        return thing.wire < (len(self.trunks) if thing.kind is Kind.TRUNK else len(self.wires))

    def full_name_at(self, point: QPointF) -> str:
        """The whole of a name beside a neuron that is cut short there."""
        return next((name for item in self.names.values() if (name := item.full_name_at(point))), "")

    def rect_of(self, thing: Thing) -> QRectF:
        """Where a thing stands."""
        geometry = self.geometry
        unit, place = geometry.unit(thing.layer, thing.key), geometry.places.get(thing.layer)
        if thing.is_unit and unit is not None:
            r = geometry.sizes.radius
            return QRectF(unit.x - r, unit.y - r, 2 * r, 2 * r)
        if thing.kind is Kind.BIAS and unit is not None and place is not None:
            return place.bias_rect(unit, geometry.sizes)
        if thing.is_wire and thing.wire < len(self.wires):
            spot = self._spots.get(thing.wire)
            return self.chips.box(spot or self.wires.point(thing.wire, 0.5), geometry.sizes.chip[0] * 1.5)
        if thing.kind is Kind.TRUNK and self.has(thing):
            middle, reach = self.trunks.middle(thing.wire), geometry.sizes.radius
            return QRectF(middle.x() - reach, middle.y() - reach, 2 * reach, 2 * reach)
        if thing.group:
            return self.enclosures.rect_of(thing.group)
        if thing.kind is Kind.NOTE:
            return self.extras.rect_of(thing.note)
        if thing.is_layer and place is not None:
            return place.frame.united(place.caption) if place.is_block else place.caption
        return QRectF()

    # ---------------------------------------------------------------- previews

    def show_ghost(self, path: QPainterPath, good: bool, *, dashed: bool = True) -> None:
        """A line or an outline of what a gesture would do."""
        pen = QPen(self.theme.colour("accent" if good else "error"), 2.5 * self.theme.scale)
        if dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        self.ghost.setPen(pen)
        self.ghost.setBrush(self.theme.colour("accent" if good else "error", 0.08))
        self.ghost.setPath(path)
        self.ghost.setVisible(True)

    def hide_ghost(self) -> None:
        """The gesture is over."""
        self.ghost.setPath(QPainterPath())
        self.ghost.setVisible(False)
