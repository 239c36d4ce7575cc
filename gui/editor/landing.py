"""What a drop from the palette would do at a point: the rule, in words, and as the next document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainterPath

from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.document import Connection, Document, edits
from engine.layers import layers
from engine.layout import Layout
from gui.editor.commands import layer_title
from gui.editor.geometry import Geometry, LayerPlace, Place
from gui.editor.trunks import Trunks
from gui.editor.wires import Wires
from gui.selection import Selection
from gui.workspace import Workspace

NEURON = "neuron"
"""What the palette calls a single neuron; everything else is a kind of layer."""
NEAR = 12.0
"""Pixels from a synapse within which a layer is inserted into the connection."""
ROOM = 180.0
"""Distance from layer to layer that an insertion makes, in units of the document."""

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Landing:
    """``text`` says what will happen, or why nothing can; then ``document`` is ``None``."""

    text: str
    document: Document | None = None
    selection: Selection = Selection()
    ghost: QPainterPath = field(default_factory=QPainterPath)
    wires: tuple[int, ...] = ()
    """Synapses that are taken apart."""


def landing(geometry: Geometry, wires: Wires, kind: str, point: QPointF, zoom: float = 1.0) -> Landing:
    """Where something would land at a point of the scene."""
    try:
        return _landing(geometry, wires, kind, point, zoom)
    except AxonError as error:
        return Landing(str(error))


def between(geometry: Geometry, kind: str, point: QPointF, wire: Connection) -> Landing:
    """A layer put into a connection, whatever lies at the point."""
    try:
        return _inserted(geometry, kind, point, wire, ())
    except AxonError as error:
        return Landing(str(error))


def settle(workspace: Workspace, found: Landing) -> bool:
    """Do it; whether it could be done."""
    if found.document is None:
        workspace.say(found.text)
        return False
    workspace.editing.edit(found.text, found.document)
    workspace.select(found.selection)
    return True


def free_place(geometry: Geometry, after: str | None) -> QPointF:
    """Where something lands that is added without a mouse: right of a layer, else of all."""
    nodes = tuple(geometry.nodes())
    if not nodes:
        return QPointF(0, 0)
    place = geometry.node(after or "") or max(nodes, key=lambda each: each.frame.center().x())
    step, sizes = 220.0 * geometry.sizes.across, geometry.sizes
    point = QPointF(place.frame.center().x() + step, place.frame.center().y())
    taken = [each.frame.united(each.caption).adjusted(-8, -8, 8, 8) for each in nodes]
    while any(rect.contains(point) for rect in taken):
        point += QPointF(0, sizes.pitch * 1.5)
    return point


def _landing(geometry: Geometry, wires: Wires, kind: str, point: QPointF, zoom: float) -> Landing:
    over = geometry.layer_at(point.x(), point.y())
    if kind != NEURON and kind not in layers:
        return Landing(translate("Canvas", "This cannot be dropped here."))
    role = "" if kind == NEURON else layers[kind].role
    if over is not None and (kind == NEURON or (role == over.role and role in {"input", "output"})):
        if not over.drawn.sized:
            said = translate("Canvas", "The size of this layer follows from what comes in.")
            return Landing(said)
        return _joined(geometry, over, point)
    if over is not None:
        return Landing(
            translate("Canvas", "There is a layer here: drop it on free ground, or on a connection.")
        )
    group = next((each for each in geometry.folds.values() if _covers(each, point)), None)
    if group is not None:
        said = translate("Canvas", "{group} is folded: unfold it first, or drop this beside it.")
        return Landing(said.format(group=group.title))
    if role == "hidden":
        wire = wires.nearest(point.x(), point.y(), NEAR / zoom)
        if wire is not None:
            bundle = wires.bundle_of(wire)
            gone = tuple(range(bundle.start, min(bundle.stop, bundle.start + 400)))
            return _inserted(geometry, kind, point, bundle.connection, gone)
        trunks = Trunks(geometry)
        trunk = trunks.nearest(point.x(), point.y(), NEAR / zoom)
        if trunk is not None:
            return _inserted(geometry, kind, point, trunks.connections[trunk], ())
    return _placed(geometry, "dense" if kind == NEURON else kind, point, single=kind == NEURON)


def _covers(place: Place, point: QPointF) -> bool:
    return place.frame.contains(point) or place.caption.contains(point)


def _joined(geometry: Geometry, over: LayerPlace, point: QPointF) -> Landing:
    """One unit more in the layer under the mouse, at the height of the mouse."""
    at = geometry.slot(over.id, point.y())
    document = edits.add_unit(geometry.document, layer=over.id, at=at)
    units = document.layer(over.id).units
    title = layer_title(geometry.document, over.id)
    sizes = geometry.sizes
    y = _height_of(over, at, sizes.pitch, point.y())
    ghost = QPainterPath()
    ghost.addEllipse(QPointF(over.frame.center().x(), y), sizes.radius, sizes.radius)
    ghost.addRoundedRect(over.frame.adjusted(-4, -4, 4, 4), 16, 16)
    text = translate("Canvas", "Add a neuron to {layer}").format(layer=title)
    return Landing(text, document, Selection(units=frozenset({(over.id, units[at])})), ghost)


def _placed(geometry: Geometry, kind: str, point: QPointF, *, single: bool) -> Landing:
    """A new layer on free ground."""
    cls = layers[kind]
    units = 1 if single else cls.starting_units
    x, y = geometry.to_document(point)
    id = edits.fresh_id(geometry.document, cls.stem)
    document = edits.add_layer(geometry.document, spec=Spec(kind), id=id, units=units, x=x, y=y)
    text = (
        translate("Canvas", "New layer of one neuron")
        if single
        else translate("Canvas", "New: {layer}").format(layer=cls.title)
    )
    return Landing(text, document, Selection(layers=frozenset({id})), _outline(geometry, document, id))


def _inserted(
    geometry: Geometry, kind: str, point: QPointF, wire: Connection, gone: tuple[int, ...]
) -> Landing:
    """A layer between two others; the layers behind make room."""
    source, target = wire.source, wire.target
    document, cls = geometry.document, layers[kind]
    x, y = geometry.to_document(point)
    one, two = document.layer(source), document.layer(target)
    x = max(x, one.x + ROOM) if two.x > one.x else x
    shift = max(0.0, x + ROOM - two.x) if two.x > one.x else 0.0
    behind = {each.id: (each.x + shift, each.y) for each in document.layers if each.x >= two.x and shift}
    id = edits.fresh_id(document, cls.stem)
    made = edits.move_layers(document, places=behind)
    made = edits.insert_layer(
        made, source=source, target=target, spec=Spec(kind), id=id, units=cls.starting_units, x=x, y=y
    )
    Layout(made)  # raises the sentence that says why it does not fit here
    text = translate("Canvas", "Insert between {source} and {target}").format(
        source=layer_title(document, source), target=layer_title(document, target)
    )
    return Landing(text, made, Selection(layers=frozenset({id})), _outline(geometry, made, id), gone)


def _outline(geometry: Geometry, document: Document, id: str) -> QPainterPath:
    """The frame and the neurons of a layer as it would stand."""
    alone = replace(document, layers=(document.layer(id),), connections=())
    place = Geometry(alone, geometry.sizes).places[id]
    path = QPainterPath()
    path.addRoundedRect(place.frame, 16, 16)
    for unit in place.units:
        path.addEllipse(unit.centre, geometry.sizes.radius, geometry.sizes.radius)
    return path


def _height_of(over: LayerPlace, at: int, pitch: float, y: float) -> float:
    """Between which two neurons the new one comes."""
    for unit in over.units:
        if unit.index == at:
            return unit.y - pitch / 2
    return over.units[-1].y + pitch / 2 if over.units else y
