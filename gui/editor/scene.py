"""The scene: all items of one document, rebuilt when it changes and refreshed with every snapshot."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsPathItem, QGraphicsScene

from engine.document import Document
from engine.session import Snapshot
from gui.editor import labels
from gui.editor.geometry import FARTHEST, Geometry
from gui.editor.items.chips import ChipsItem, NotesItem
from gui.editor.items.frame import GROWTH, FrameItem
from gui.editor.items.highlight import Highlights
from gui.editor.items.neurons import NeuronsItem
from gui.editor.items.synapses import SynapseItems
from gui.editor.items.text import magnified
from gui.editor.marks import GROUND, Kind, Marks, Thing
from gui.editor.picture import Picture, names_beside, picture_of
from gui.editor.sizes import Sizes
from gui.editor.walk_picture import picture_of_walk
from gui.editor.wires import Wires
from gui.theme import Theme
from gui.walk import Walk

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
        self.geometry = Geometry(Document(), Sizes(theme.scale))
        self.wires = Wires(self.geometry)
        self.picture = Picture()
        self.marks = Marks()
        self.frames: dict[str, FrameItem] = {}
        self.neurons: dict[str, NeuronsItem] = {}
        self.synapses = SynapseItems(self, theme)
        self.highlights = Highlights(self)
        self.chips = ChipsItem(theme)
        self.notes = NotesItem(theme)
        self.ghost = QGraphicsPathItem()
        self.ghost.setZValue(60)
        self._spots: dict[int, QPointF] = {}
        self._moved: set[int] = set()
        for item in (self.chips, self.notes, self.ghost):
            self.addItem(item)

    # ---------------------------------------------------------------- showing

    def rebuild(self, document: Document, theme: Theme, most_units: int) -> None:
        """Another document or look: everything is placed anew."""
        self.theme = theme
        self.geometry = Geometry(document, Sizes(theme.scale, most_units))
        self.wires = Wires(self.geometry)
        for old in (*self.frames.values(), *self.neurons.values()):
            self.removeItem(old)
        self.frames.clear()
        self.neurons.clear()
        for place in self.geometry.places.values():
            self.frames[place.id] = FrameItem(place, self.geometry.sizes, theme)
            self.neurons[place.id] = NeuronsItem(place, self.geometry.sizes, theme)
            self.addItem(self.frames[place.id])
            self.addItem(self.neurons[place.id])
        self.synapses.rebuild(self.wires, theme)
        self.highlights.restyle(theme)
        self.chips.theme = self.notes.theme = theme
        self._spots = labels.placed(self.wires)
        self.chips.crowded = len(self.wires) > FEW
        self.chips.set_figures({}, frozenset())
        self.chips.set_spots(self._spots)
        self._moved = set()
        self.notes.set_notes((), self.geometry)
        self.picture = Picture()
        self.marks = Marks()

    def show(self, snapshot: Snapshot, walk: Walk | None, example: int) -> None:
        """The numbers of a snapshot, or those of the walkthrough that is on."""
        if not self.wires.fits(snapshot.parameters):
            return
        self.synapses.show(snapshot.parameters)
        near = self._incoming()
        labelled = frozenset(self._spots) | self._loud() | near
        if walk is not None and walk.trace.document == self.geometry.document:
            picture = picture_of_walk(walk, self.geometry, self.wires, labelled, snapshot.data)
            example = walk.trace.examples[min(walk.example or 0, walk.trace.m - 1)]
        else:
            picture = picture_of(snapshot, self.geometry, self.wires, labelled)
        self._paint(picture, near)
        for id, frame in self.frames.items():
            frame.set_problem(bool(snapshot.problem) and snapshot.problem_layer == id)
            place = frame.place
            names = (names_beside(place, unit.index, snapshot.data, example) for unit in place.units)
            self.neurons[id].set_names(tuple(names))

    def mark(self, marks: Marks) -> None:
        """What is selected, hovered and in the focus."""
        self.marks = marks
        for frame in self.frames.values():
            frame.set_marks(marks)
        for neurons in self.neurons.values():
            neurons.set_marks(marks)
        hovered = marks.hovered_wires | self._focused_wires()
        self.highlights.mark(self.wires, marks.wires, hovered)

    def bounds_at(self, zoom: float) -> QRectF:
        """What the network takes up when its captions are drawn larger because it is far away."""
        growth = magnified(zoom, 0.85, GROWTH)
        return self.geometry.bounds.adjusted(0, -self.geometry.sizes.caption[1] * (growth - 1), 0, 0)

    def set_zoom(self, zoom: float) -> None:
        """The camera is nearer or farther: what matters now stays legible."""
        growth = magnified(zoom)
        self.chips.set_growth(growth)
        self.notes.set_growth(growth, self.geometry)

    def _paint(self, picture: Picture, near: frozenset[int]) -> None:
        self.picture = picture
        self.synapses.fade(picture.walking)
        for item in self.neurons.values():
            item.set_faces(picture.faces)
        wanted = {number for number in picture.chips if number not in self._spots}
        wanted |= picture.active & picture.chips.keys()  # a term is long: in the middle it has most room
        middle = {n: self.wires.point(n, 0.25 if n in near - picture.active else 0.5) for n in wanted}
        spots = {**self._spots, **middle}
        if wanted != self._moved or spots.keys() != self.chips.spots.keys():
            self._moved = wanted
            self.chips.set_spots(spots)
        there = picture.chips.keys()
        self.chips.set_figures(picture.chips, self._loud() & there, near & there)
        size = 15.0 * self.theme.scale
        self.highlights.walk(self.wires, picture, size)
        self.notes.set_notes(picture.notes, self.geometry)

    def _loud(self) -> frozenset[int]:
        """Synapses whose numbers are always shown."""
        marks = self.marks
        few = marks.wires if len(marks.wires) <= labels.MOST else frozenset()
        return few | marks.hovered_wires | self._focused_wires()

    def _incoming(self) -> frozenset[int]:
        """The synapses of the neuron under the mouse or in the focus: their numbers are read."""
        marks = self.marks
        units = set(marks.hovered_units)
        if marks.focus.kind is Kind.UNIT:
            units.add(marks.focus.unit)
        if len(units) != 1:
            return frozenset()
        unit = self.geometry.unit(*next(iter(units)))
        return self.wires.into(unit, labels.MOST) if unit is not None else frozenset()

    def _focused_wires(self) -> frozenset[int]:
        return frozenset({self.marks.focus.wire} if self.marks.focus.is_wire else ())

    # ---------------------------------------------------------------- under the mouse

    def thing_at(self, point: QPointF, zoom: float) -> Thing:
        """What lies at a point; ``zoom`` is pixels for one unit of the scene."""
        x, y, geometry = point.x(), point.y(), self.geometry
        slack = 3.0 / zoom
        chip = self.chips.at(x, y)
        if chip is not None:
            return Thing(Kind.CHIP, wire=chip)
        handles = geometry.sizes.port * zoom >= 3.0
        port = geometry.port_at(x, y, slack) if handles else None
        if port is not None:
            return Thing(Kind.PORT, port.layer, port.key)
        unit = geometry.unit_at(x, y)
        if unit is not None:
            return Thing(Kind.UNIT, unit.layer, unit.key)
        bias = geometry.bias_at(x, y)
        if bias is not None:
            return Thing(Kind.BIAS, bias.layer, bias.key)
        handle = geometry.handle_at(x, y, slack) if handles else None
        if handle is not None:
            return Thing(Kind.HANDLE, handle.id)
        layer = geometry.layer_at(x, y)
        if layer is not None and layer.caption.contains(point):
            return Thing(Kind.CAPTION, layer.id)
        wire = self.wires.nearest(x, y, REACH * self.theme.scale / zoom, self.synapses.drawn)
        if wire is not None:
            return Thing(Kind.WIRE, wire=wire)
        return Thing(Kind.FRAME, layer.id) if layer is not None else GROUND

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
        if thing.is_layer and place is not None:
            return place.caption
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
