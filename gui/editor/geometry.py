"""Where the layers and their neurons stand, and what lies under a point. Numbers only, no widgets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF

from engine.core.problems import AxonError
from engine.document import Document, Layer
from engine.document.folding import folded_into
from engine.layers import layers
from engine.layout import Layout
from gui.drawn import Drawn, drawn
from gui.editor.closed_up import closed_ranges
from gui.editor.group_places import GroupPlace, group_place
from gui.editor.painters.block_looks import size_of_block
from gui.editor.sizes import Sizes
from gui.editor.spread import Spread
from gui.laid_out import layout_of

CLOSEST = 1.6
"""Layers are not moved together further than this."""
BETWEEN = 32.0
"""What must stay free from block to block, at scale 1."""
FARTHEST = 50_000.0
"""No layer stands farther out than this, whatever its document says."""
WHOLE = -1
"""Key and row of the place that stands for a block as a whole."""


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A neuron that is drawn: which one it is, and its centre."""

    layer: str
    key: int
    index: int
    """Its place in the layer, counted from 0: the row of its weights."""
    x: float
    y: float

    @property
    def centre(self) -> QPointF:
        """The centre as a point."""
        return QPointF(self.x, self.y)

    @property
    def unit(self) -> tuple[str, int]:
        """As a selection names it."""
        return self.layer, self.key


@dataclass(frozen=True, slots=True)
class LayerPlace:
    """A layer as it is drawn."""

    layer: Layer
    role: str
    """input, hidden or output."""
    number: int | None
    """l, counted from 0; ``None`` for a layer that takes no part."""
    active: bool
    bias: bool
    """Whether its units have a bias."""
    inputs: int
    """How many layers feed it."""
    units: tuple[UnitPlace, ...]
    ellipsis: QPointF | None
    """Where the dots stand for the units that are left out."""
    frame: QRectF
    caption: QRectF
    drawn: Drawn = Drawn()
    """Whether its neurons are drawn, or a block with its shape."""

    @property
    def middle(self) -> float:
        """The height at which lines to the layer as a whole end."""
        return (self.units[0].y + self.units[-1].y) / 2 if self.units else self.frame.center().y()

    @property
    def is_block(self) -> bool:
        """Whether it is drawn as a block."""
        return not self.drawn.neurons

    @property
    def id(self) -> str:
        """The layer's id."""
        return self.layer.id

    @property
    def left_out(self) -> int:
        """How many units are not drawn."""
        return self.layer.size - len(self.units)

    def bias_rect(self, unit: UnitPlace, sizes: Sizes) -> QRectF:
        """Where the bias of a unit is written."""
        width, height = sizes.chip
        top = unit.y + sizes.radius + 4 * sizes.scale
        return QRectF(unit.x - width / 2, top, width, height)

    def handle(self, sizes: Sizes) -> QPointF:
        """The point from which the whole layer is connected with another."""
        return QPointF(self.frame.right(), self.frame.center().y() if self.is_block else self.frame.top())


Place = LayerPlace | GroupPlace


class Geometry:
    """All places of one document at one size. Draws whatever it is given, however odd."""

    def __init__(self, document: Document, sizes: Sizes) -> None:
        self.document = document
        self.sizes = sizes
        layout = _layout(document)
        self._spread = self._spread_of(layout)
        self.places: dict[str, LayerPlace] = {}
        self.folds: dict[str, GroupPlace] = {}
        """The folded groups by their paths; their layers have no places of their own."""
        self._place_all(layout)
        self._units = {unit.unit: unit for unit in self.units()}
        self.beside: dict[str, float] = {}
        """How wide the names are that stand beside a layer; whoever knows the names puts it here."""
        self.titles: dict[str, float] = {}
        """How wide the text of a caption is; whoever writes it puts it here."""
        self.notes: tuple[QRectF, ...] = ()
        """Where notes stand; whoever writes them puts it here."""

    # ---------------------------------------------------------------- asking

    def units(self) -> Iterator[UnitPlace]:
        """Every neuron that is drawn, layer by layer."""
        for place in self.places.values():
            yield from place.units

    def nodes(self) -> Iterator[Place]:
        """Everything that lines end at: layers, and groups that are folded."""
        yield from self.places.values()
        yield from self.folds.values()

    def node(self, layer: str) -> Place | None:
        """What stands for a layer: itself, or the folded group that it is in."""
        return self.places.get(layer) or self.folds.get(self.fold_of(layer))

    def fold_of(self, layer: str) -> str:
        """The folded group that a layer is drawn as a part of; empty if there is none."""
        return self._inside.get(layer, "")

    def unit(self, layer: str, key: int) -> UnitPlace | None:
        """The place of a unit, if it is drawn."""
        return self._units.get((layer, key))

    def unit_by_index(self, layer: str, index: int) -> UnitPlace | None:
        """The place of the unit with that row, if it is drawn."""
        place = self.places.get(layer)
        if place is None or not 0 <= index < place.layer.size:
            return None
        return self.unit(layer, place.layer.units[index])

    def anchor(self, layer: str, key: int) -> UnitPlace | None:
        """What a note stands beside: a neuron, or the lower edge of a block, since its caption is above."""
        place = self.node(layer)
        if place is None or not place.is_block:
            return self.unit(layer, key)
        middle = place.frame.center().x()
        return UnitPlace(layer, WHOLE, WHOLE, middle, place.frame.bottom() - self.sizes.radius)

    @property
    def bounds(self) -> QRectF:
        """What the network takes up, names and captions included."""
        whole = QRectF()
        for place in self.nodes():
            wide = self.beside.get(place.id, 0.0)
            role = place.role if isinstance(place, LayerPlace) else ""
            left, right = (wide, 0.0) if role == "input" else (0.0, wide)
            caption = QRectF(place.caption)
            caption.setWidth(min(caption.width(), self.titles.get(place.id, caption.width())))
            caption.moveCenter(place.caption.center())
            whole = whole.united(place.frame.adjusted(-left, 0, right, 0)).united(caption)
        for note in self.notes:
            whole = whole.united(note)
        edge = 4 * self.sizes.scale
        return whole if whole.isNull() else whole.adjusted(-edge, -edge, edge, edge)

    def closeness_for(self, width: float, height: float) -> float:
        """How close together the layers should stand to fill a canvas of that size with larger neurons.

        Only as close as leaves room for the numbers between them; in steps, so that it rarely changes.
        """
        bounds, sizes = self.bounds, self.sizes
        at = sorted({place.layer.x for place in self.places.values() if math.isfinite(place.layer.x)})
        nearest = min((two - one for one, two in pairwise(at) if two - one > 1), default=0.0)
        if sizes.scale <= 1.0 or not nearest or height <= 0 or bounds.isEmpty():
            return 1.0
        blocks = (place.frame.width() for place in self.nodes() if place.is_block)
        widest = max(
            2 * (sizes.radius + sizes.padding) + 66 * sizes.scale,
            max(blocks, default=0.0) + BETWEEN * sizes.scale,
        )
        most = min(CLOSEST, sizes.scale * nearest / widest)
        spread = (_within(at[-1]) - _within(at[0])) * sizes.scale
        room = width / height * bounds.height() - (bounds.width() - spread / sizes.closeness)
        wanted = spread / room if room > 0 else most
        return max(1.0, math.floor(20 * min(wanted, most)) / 20)

    def caption_room(self, place: Place) -> float:
        """How wide a caption may become: as far as it meets none of its own height."""
        middle, bottom = place.caption.center().x(), place.caption.bottom()
        near = (
            abs(other.caption.center().x() - middle)
            for other in self.nodes()
            if other is not place and abs(other.caption.bottom() - bottom) < 2 * place.caption.height()
        )
        free = min((each for each in near if each > 1), default=math.inf) - 6 * self.sizes.scale
        return max(place.frame.width(), min(place.caption.width() + 28 * self.sizes.scale, free))

    # ---------------------------------------------------------------- under a point

    def unit_at(self, x: float, y: float, slack: float = 0.0) -> UnitPlace | None:
        """The neuron at a point."""
        reach = self.sizes.radius + slack
        for unit in self.units():
            if math.hypot(unit.x - x, unit.y - y) <= reach:
                return unit
        return None

    def port_at(self, x: float, y: float, slack: float = 0.0) -> UnitPlace | None:
        """The neuron whose handle is at a point; outputs have none."""
        for place in self.places.values():
            if place.role == "output":
                continue
            for unit in place.units:
                port = self.port(unit)
                if math.hypot(port.x() - x, port.y() - y) <= self.sizes.port + slack:
                    return unit
        return None

    def bias_at(self, x: float, y: float) -> UnitPlace | None:
        """The neuron whose bias is written at a point."""
        point = QPointF(x, y)
        for place in self.places.values():
            if place.bias:
                for unit in place.units:
                    if place.bias_rect(unit, self.sizes).contains(point):
                        return unit
        return None

    def layer_at(self, x: float, y: float) -> LayerPlace | None:
        """The layer whose frame or caption is at a point; the one drawn last wins."""
        point = QPointF(x, y)
        for place in reversed(self.places.values()):
            if place.frame.contains(point) or place.caption.contains(point):
                return place
        return None

    def handle_at(self, x: float, y: float, slack: float = 0.0) -> LayerPlace | None:
        """The layer whose handle is at a point; outputs have none."""
        for place in self.places.values():
            handle = place.handle(self.sizes)
            reach = self.sizes.port + slack
            if place.role != "output" and math.hypot(handle.x() - x, handle.y() - y) <= reach:
                return place
        return None

    def nearest_unit(self, layer: str, y: float) -> UnitPlace | None:
        """The unit of a layer that is nearest in height."""
        place = self.places.get(layer)
        return min(place.units, key=lambda unit: abs(unit.y - y), default=None) if place else None

    def slot(self, layer: str, y: float) -> int:
        """Before which place a new unit at that height would stand."""
        place = self.places[layer]
        for unit in place.units:
            if y < unit.y:
                return unit.index
        return place.layer.size

    def port(self, unit: UnitPlace) -> QPointF:
        """The handle at the right rim of a neuron."""
        return QPointF(unit.x + self.sizes.radius, unit.y)

    def to_document(self, point: QPointF) -> tuple[float, float]:
        """A point of the scene in the units of ``Layer.x`` and ``Layer.y``."""
        return self._spread.to_document(point.x()), point.y() / self.sizes.down

    def to_scene(self, x: float, y: float) -> QPointF:
        """Where a place of the document is drawn."""
        return QPointF(self._spread.to_scene(_within(x)), _within(y) * self.sizes.down)

    # ---------------------------------------------------------------- making

    def _place_all(self, layout: Layout | None) -> None:
        """Layers, then a node for every group that is folded."""
        self._inside = folded_into(self.document)
        hidden: dict[str, list[LayerPlace]] = {}
        for layer in self.document.layers:
            place, path = self._placed(layer, layout), self._inside.get(layer.id)
            if path is None:
                self.places[layer.id] = place
            else:
                hidden.setdefault(path, []).append(place)
        self.hidden = {each.id: each for inside in hidden.values() for each in inside}
        """The layers in folded groups: nothing is drawn at these places."""
        for path, inside in hidden.items():
            taken = [each.frame for each in self.nodes()]
            ids = {each.id for each in inside}
            xs = [_within(each.x) for each in self.document.layers if each.id in ids]
            middle = self._spread.to_scene((min(xs) + max(xs)) / 2)
            self.folds[path] = group_place(path, inside, middle, taken, self.document, self.sizes)

    def _block(self, layer: Layer, look: Drawn) -> tuple[float, float]:
        """Width and height of a block."""
        found = size_of_block(layer.spec, look, self.sizes.showing)
        if found is None:
            return self.sizes.block(len(look.shape))
        return found[0] * self.sizes.scale, found[1] * self.sizes.scale

    def _spread_of(self, layout: Layout | None) -> Spread:
        """Where blocks that are wider than usual push aside what stands beside them."""
        nodes = layout.nodes if layout is not None else {}
        hidden = folded_into(self.document)
        shown = (each for each in self.document.layers if each.id not in hidden)
        looks = ((each, drawn(each, nodes.get(each.id))) for each in shown)
        wide = [
            (_within(layer.x), more)
            for layer, look in looks
            if not look.neurons and (more := self._block(layer, look)[0] - self.sizes.block(2)[0]) > 1.0
        ]
        return Spread(self.sizes.across, wide, closed_ranges(self.document, hidden))

    def _placed(self, layer: Layer, layout: Layout | None) -> LayerPlace:
        node = layout.nodes.get(layer.id) if layout is not None else None
        role = layers[layer.spec.kind].role if layer.spec.kind in layers else "hidden"
        look = drawn(layer, node)
        bias = layout is not None and f"{layer.id}.b" in layout.slots and look.neurons
        sizes = self.sizes
        x, y = self._spread.to_scene(_within(layer.x)), _within(layer.y) * sizes.down
        shown = shown_indices(layer.size, sizes.most_units) if look.neurons else ()
        slots = len(shown) + (look.neurons and len(shown) < layer.size)
        top = y - sizes.pitch * (slots - 1) / 2
        units, ellipsis = [], None
        for slot, index in enumerate(shown):
            gap = index != slot  # the ellipsis stands in between
            if gap and ellipsis is None:
                ellipsis = QPointF(x, top + sizes.pitch * slot)
            units.append(UnitPlace(layer.id, layer.units[index], index, x, top + sizes.pitch * (slot + gap)))
        below = 4 * sizes.scale + sizes.chip[1] if bias else 0.0
        reach = sizes.radius + sizes.padding
        bottom = top + sizes.pitch * max(slots - 1, 0) + reach + below
        frame = QRectF(x - reach, top - reach, 2 * reach, bottom - top + reach)
        if not look.neurons:
            width, height = self._block(layer, look)
            frame = QRectF(x - width / 2, y - height / 2, width, height)
        width, height = sizes.caption
        caption = QRectF(x - width / 2, frame.top() - height - 4 * sizes.scale, width, height)
        return LayerPlace(
            layer=layer,
            role=role,
            number=node.number if node is not None else None,
            active=node.active if node is not None else _connected(self.document, layer.id),
            bias=bias,
            inputs=sum(each.target == layer.id for each in self.document.connections),
            units=tuple(units),
            ellipsis=ellipsis,
            frame=frame,
            caption=caption,
            drawn=look,
        )


def shown_indices(size: int, most: int) -> tuple[int, ...]:
    """Which units of a layer are drawn: all, or the first and last ones with room for an ellipsis."""
    if size <= most:
        return tuple(range(size))
    first = max(1, most // 2)
    last = max(1, most - 1 - first)
    return (*range(first), *range(size - last, size))


def _within(value: float) -> float:
    return max(-FARTHEST, min(FARTHEST, value)) if math.isfinite(value) else 0.0


def _layout(document: Document) -> Layout | None:
    """The layout, or nothing for a network that cannot be built: it is drawn all the same."""
    try:
        return layout_of(document)
    except (AxonError, ArithmeticError, LookupError, TypeError, ValueError):
        return None


def _connected(document: Document, id: str) -> bool:
    return any(id in (each.source, each.target) for each in document.connections)
