"""What the user can do on the canvas, as calls of the workspace: each is one undo entry."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import reduce

from PySide6.QtCore import QCoreApplication, QPointF

from engine.core.problems import AxonError, DocumentError
from engine.core.spec import Spec
from engine.document import Document, edits, notes
from engine.layers import layers
from engine.layout import Layout
from gui.editor.geometry import Geometry
from gui.editor.wires import Wires
from gui.selection import Selection, Synapse
from gui.workspace import Workspace

translate = QCoreApplication.translate


def layer_title(document: Document, id: str) -> str:
    """What a layer is called in a sentence."""
    return document.layer(id).name or id


def remove(workspace: Workspace, selection: Selection, called: str = "") -> None:
    """Layers, neurons and synapses go; ``called`` is what the undo entry is called, if not by what goes."""
    document = workspace.document
    count = len(selection)
    if not count:
        return
    text = called or translate("Canvas", "Remove {count} things").format(count=count)
    if called:
        workspace.editing.attempt(text, lambda document: _without(document, selection))
        return
    if len(selection.wires) == count == 1:
        disconnect(workspace, *next(iter(selection.wires)))
        return
    if len(selection.synapses) == count:
        cut(workspace, selection.synapses)
        return
    if len(selection.notes) == count:
        text = translate("Canvas", "Remove notes") if count > 1 else translate("Canvas", "Remove a note")
    if len(selection.layers) == count == 1:
        title = layer_title(document, next(iter(selection.layers)))
        text = translate("Canvas", "Remove {layer}").format(layer=title)
    if len(selection.units) == count:
        many = translate("Canvas", "Remove {count} neurons").format(count=count)
        text = many if count > 1 else translate("Canvas", "Remove a neuron")

    workspace.editing.attempt(text, lambda document: _without(document, selection))


def bridge(workspace: Workspace, layer: str) -> bool:
    """A layer goes, and its neighbours are connected."""
    title = layer_title(workspace.document, layer)
    text = translate("Canvas", "Remove {layer} and connect its neighbours").format(layer=title)
    return workspace.editing.attempt(text, edits.bridge_layer, layer=layer)


def why_not_bridge(document: Document, layer: str) -> str:
    """Why a layer's neighbours cannot be connected in its place; empty if they can."""
    reason = refusal(lambda: edits.bridge_layer(document, layer=layer))
    if reason:
        return reason
    reason = refusal(lambda: Layout(edits.bridge_layer(document, layer=layer)))
    return "" if reason == refusal(lambda: Layout(document)) else reason


def cut(workspace: Workspace, synapses: Iterable[Synapse]) -> None:
    """Synapses are cut, all at once."""
    gone = tuple(synapses)
    if gone:
        many = translate("Canvas", "Cut {count} synapses").format(count=len(gone))
        text = many if len(gone) > 1 else translate("Canvas", "Cut a synapse")
        workspace.editing.attempt(text, lambda document: _cut(document, gone))


def lock(workspace: Workspace, synapses: Iterable[Synapse], locked: bool) -> None:
    """Training leaves the weights as they are, or may change them again."""
    chosen = tuple(synapses)

    def done(document: Document) -> Document:
        for source, sender, target, receiver in chosen:
            document = edits.lock_synapse(
                document, source=source, sender=sender, target=target, receiver=receiver, locked=locked
            )
        return document

    text = translate("Canvas", "Lock weights") if locked else translate("Canvas", "Unlock weights")
    if chosen:
        workspace.editing.attempt(text, done)


def connect(workspace: Workspace, source: str, target: str) -> bool:
    """All synapses between two layers."""
    return workspace.editing.attempt(
        translate("Canvas", "Connect layers"), edits.connect, source=source, target=target
    )


def disconnect(workspace: Workspace, source: str, target: str) -> bool:
    """No synapse between two layers any more."""
    return workspace.editing.attempt(
        translate("Canvas", "Disconnect layers"), edits.disconnect, source=source, target=target
    )


def draw(workspace: Workspace, source: str, sender: int, target: str, receiver: int) -> bool:
    """One synapse."""
    return workspace.editing.attempt(
        translate("Canvas", "Draw a synapse"),
        edits.draw_synapse,
        source=source,
        sender=sender,
        target=target,
        receiver=receiver,
    )


def is_sized(document: Document, layer: str) -> bool:
    """Whether the user chooses how many units a layer has."""
    kind = document.layer(layer).spec.kind
    return kind not in layers or layers[kind].sized


def add_unit(workspace: Workspace, layer: str, at: int | None = None) -> bool:
    """One neuron more in a layer."""
    if not is_sized(workspace.document, layer):
        said = translate("Canvas", "The size of {layer} follows from what comes in.")
        workspace.say(said.format(layer=layer_title(workspace.document, layer)))
        return False
    if workspace.editing.attempt(translate("Canvas", "Add a neuron"), edits.add_unit, layer=layer, at=at):
        units = workspace.document.layer(layer).units
        workspace.select(Selection(units=frozenset({(layer, units[-1 if at is None else at])})))
        return True
    return False


def rename(workspace: Workspace, layer: str, name: str) -> bool:
    """Another name for a layer."""
    return workspace.editing.attempt(
        translate("Canvas", "Rename a layer"), edits.rename_layer, layer=layer, name=name.strip()
    )


def set_activation(workspace: Workspace, layer: str, kind: str) -> bool:
    """Another activation function; no weight changes."""
    return workspace.editing.attempt(
        translate("Canvas", "Change the activation"),
        edits.set_knob,
        layer=layer,
        name="activation",
        value=Spec(kind),
    )


def set_value(workspace: Workspace, key: str, index: tuple[int, ...], value: float) -> None:
    """A weight or bias by hand."""
    workspace.editing.set_weight(key, index, value)


def value_of(workspace: Workspace, key: str, index: tuple[int, ...]) -> float | None:
    """A weight or bias as it is now."""
    return _number(workspace.snapshot.parameters, key, index)


def initial_of(workspace: Workspace, key: str, index: tuple[int, ...]) -> float | None:
    """A weight or bias as it was at the start."""
    return _number(workspace.snapshot.initial, key, index)


def everything(document: Document) -> Selection:
    """All layers."""
    return Selection(layers=frozenset(each.id for each in document.layers))


def why_not(document: Document, source: str, target: str) -> str:
    """Why two layers cannot be connected; empty if they can, or if something was wrong before."""
    reason = refusal(lambda: edits.check_connection(document, source=source, target=target))
    if reason:
        return reason
    tried = edits.connect(document, source=source, target=target)
    reason = refusal(lambda: Layout(tried))
    if reason:
        return "" if reason == refusal(lambda: Layout(document)) else reason
    return refusal(lambda: _check_idle(tried, target))


def _check_idle(document: Document, target: str) -> None:
    """A layer that takes no part yet says nothing of what comes in: it is asked here."""
    layout, layer = Layout(document), document.layer(target)
    node, sources = layout.nodes[target], [each.source for each in document.incoming(target)]
    least, most = node.kind.takes
    if node.active or node.inputs or len(sources) < least:
        return
    if most is not None and len(sources) > most:
        title = node.kind.title
        said = translate("Canvas", "{layer} takes {most} inputs at the most: remove a connection first.")
        raise DocumentError(said.format(layer=title, most=most), target)
    behind = [layout.nodes[each] for each in sources]
    if all(each.inputs or each.kind.takes[0] == 0 for each in behind):
        node.kind.output_shape(layer.size, [each.shape for each in behind])


def refusal(check: Callable[[], object]) -> str:
    """Why something cannot be done; empty if it can."""
    try:
        check()
    except AxonError as error:
        return str(error)
    return ""


def synapses_of(wires: Wires, numbers: Iterable[int]) -> frozenset[Synapse]:
    """Drawn synapses as a selection names them."""
    return frozenset(wires.synapse(int(number)) for number in numbers)


def moved(document: Document, ground: Geometry, ids: Iterable[str], dx: float, dy: float) -> Document:
    """Layers at other places; dx and dy are in units of the scene. ``ground`` is the network without
    them: a wide block takes the room it makes for itself along."""
    return edits.move_layers(document, places=places_moved(document, ground, dict.fromkeys(ids, (dx, dy))))


def places_moved(
    document: Document, ground: Geometry, shifts: Mapping[str, tuple[float, float]]
) -> dict[str, tuple[float, float]]:
    """The places of layers that each move by so much in the scene."""
    found = {}
    for each in document.layers:
        if each.id in shifts:
            goal = ground.to_scene(each.x, each.y) + QPointF(*shifts[each.id])
            x, y = ground.to_document(goal)
            found[each.id] = round(x, 3), round(y, 3)
    return found


def ground_of(geometry: Geometry, ids: Collection[str]) -> Geometry:
    """The network without some layers, as it would be drawn."""
    document = geometry.document
    for id in ids:
        if document.has(id):
            document = edits.remove_layer(document, layer=id)
    return Geometry(document, geometry.sizes)


def _without(document: Document, selection: Selection) -> Document:
    """The document without what is selected."""
    document = _cut(document, selection.synapses)
    keys: dict[str, list[int]] = {}
    for layer, key in selection.units:
        if layer not in selection.layers:
            keys.setdefault(layer, []).append(key)
    for layer, gone in keys.items():
        document = edits.remove_units(document, layer=layer, keys=gone)
    for source, target in selection.wires:
        document = edits.disconnect(document, source=source, target=target)
    for layer in selection.layers:
        if document.has(layer):
            document = edits.remove_layer(document, layer=layer)
    return notes.remove_notes(document, ids=selection.notes)


def _cut(document: Document, synapses: Iterable[Synapse]) -> Document:
    def one(document: Document, synapse: Synapse) -> Document:
        source, sender, target, receiver = synapse
        if document.connection(source, target) is None:
            return document
        return edits.cut_synapse(document, source=source, sender=sender, target=target, receiver=receiver)

    return reduce(one, synapses, document)


def _number(arrays, key: str, index: tuple[int, ...]) -> float | None:
    array = arrays.get(key)
    if array is None or len(index) != array.ndim:
        return None
    if any(not 0 <= i < side for i, side in zip(index, array.shape, strict=True)):
        return None
    return float(array[index])
