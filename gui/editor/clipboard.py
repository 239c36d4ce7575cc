"""Copy, cut, paste and duplicate on the canvas: what is selected, by way of the system's clipboard.

Between two windows a piece of a network travels as the text of a small project, so that it can be
mailed as well. Within one window its weights are taken over as they are, however many they be.
"""

from __future__ import annotations

import atexit
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QRectF
from PySide6.QtGui import QGuiApplication

from engine.core.problems import AxonError, DocumentError
from engine.core.spec import Spec
from engine.document import Document, grouping
from engine.document.arrange import free_shift
from engine.document.clipboard import Clip, Put, duplicated, put, taken
from engine.document.notes import MOST_NOTES
from engine.ends import instead_of_outputs
from engine.learned import Learned, settled, taken_along, twinned
from engine.session.messages import Change
from gui.editor import commands
from gui.editor.geometry import Geometry
from gui.editor.gestures.press import selection_of
from gui.laid_out import layout_of
from gui.selection import Selection
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

MIME = "application/x-axon-network+json"
"""The format of Axon's own; the same text is there as plain text."""
GAP = 24.0
"""Between what is there and what is put beside it, in units of the document."""

translate = QCoreApplication.translate

_holds: list[bool] = []
"""Whether the clipboard holds something that may be layers, if that is known."""
_last: dict[str, Clip] = {}
"""The piece that this program put on the clipboard last, by its text."""
_on_it: list[QMimeData] = []
"""What this program put there last."""


def can_copy(selection: Selection) -> bool:
    """Whether there are layers, neurons or notes to copy."""
    return bool(selection.layers or selection.units or selection.notes)


def can_paste() -> bool:
    """Whether there is anything on the clipboard that may be layers; only pasting can tell.

    The clipboard is asked once after it changed: whoever owns it may be slow to answer.
    """
    board = QGuiApplication.clipboard()
    if not board.property("watched"):
        board.setProperty("watched", True)
        board.dataChanged.connect(_forget)
    if not _holds:
        mime = board.mimeData()
        _holds.append(mime is not None and (mime.hasFormat(MIME) or mime.hasText()))
    return _holds[0]


def _forget() -> None:
    _holds.clear()


def chosen(canvas: Canvas) -> Selection:
    """What is selected; without a selection what is in the focus."""
    return canvas.workspace.selection or selection_of(canvas.focus_thing, canvas)


def copy(canvas: Canvas, selection: Selection | None = None) -> bool:
    """The selected layers, neurons and notes to the clipboard, with their synapses and all weights."""
    from engine.files import clipboard as texts  # it takes a moment, and most never copy anything

    workspace = canvas.workspace
    selection = chosen(canvas) if selection is None else selection
    try:
        piece = taken(
            workspace.document, layers=selection.layers, units=selection.units, notes=selection.notes
        )
        clip = _with_weights(workspace, piece)
        text = texts.to_text(clip)
    except AxonError as error:
        workspace.say(str(error))
        return False
    mime = QMimeData()
    mime.setData(MIME, text.encode())
    mime.setText(text)
    _last.clear()
    _last[text] = clip
    QGuiApplication.clipboard().setMimeData(mime)
    _on_it[:] = [mime]
    atexit.unregister(_leave_text)
    atexit.register(_leave_text)
    reason = texts.why_without_weights(clip)
    if reason:
        workspace.say(reason)
    return True


def cut(canvas: Canvas, selection: Selection | None = None) -> bool:
    """The selected layers, neurons and notes to the clipboard, and out of the network."""
    found = chosen(canvas) if selection is None else selection
    gone = Selection(found.layers, found.units, notes=found.notes)
    if not copy(canvas, gone):
        return False
    text = translate("Canvas", "Cut {what}").format(what=_called(canvas.workspace.document, gone))
    commands.remove(canvas.workspace, gone, text)
    return True


def paste(canvas: Canvas, at: QPointF | None = None) -> bool:
    """What is on the clipboard into the network: round a point of the scene, else where there is room."""
    workspace = canvas.workspace
    try:
        clip = _on_clipboard()
        document, piece = workspace.document, clip.document
        dx, dy = _shift(canvas.network.geometry, piece, at)
        instead = instead_of_outputs(document, piece) if piece.layers else {}
        found = put(document, piece, dx=dx, dy=dy, instead=instead)
    except AxonError as error:
        workspace.say(str(error))
        return False

    def change(_: Document, learned: Learned) -> Learned:
        return settled(learned, clip.parameters, clip.initial, found.names)

    whole = Selection(
        layers=frozenset(each.id for each in piece.layers), notes=frozenset(each.id for each in piece.notes)
    )
    text = translate("Canvas", "Paste {what}").format(what=_called(piece, whole))
    return _put_in(canvas, text, found, change, bool(instead))


def duplicate(canvas: Canvas, selection: Selection | None = None) -> bool:
    """Copies of the selected layers and twins of the selected neurons, with all their numbers."""
    workspace = canvas.workspace
    selection = chosen(canvas) if selection is None else selection
    document = workspace.document
    try:
        for layer, _ in selection.units:
            _check_sized(document, layer)
        dx, dy, instead = 0.0, 0.0, dict[str, Spec]()
        if selection.layers:
            piece = taken(document, layers=selection.layers)
            dx, dy = _shift(canvas.network.geometry, piece, None)
            instead = instead_of_outputs(document, piece)
        if selection.layers or selection.units or not selection.notes:
            found = duplicated(
                document, layers=selection.layers, units=selection.units, dx=dx, dy=dy, instead=instead
            )
        else:
            piece = taken(document, notes=selection.notes)
            dx, dy = _shift(canvas.network.geometry, piece, None)
            found = put(document, piece, dx=dx, dy=dy)
    except AxonError as error:
        workspace.say(str(error))
        return False

    def change(document: Document, learned: Learned) -> Learned:
        return twinned(document, learned, found.names, found.units)

    text = translate("Canvas", "Duplicate {what}").format(what=_called(document, selection))
    return _put_in(canvas, text, found, change, bool(instead))


def _put_in(canvas: Canvas, text: str, found: Put, change: Change, one_end_too_many: bool) -> bool:
    """One edit; what is new is selected and can be seen."""
    from engine.files.schema import MOST_CONNECTIONS, MOST_LAYERS

    workspace = canvas.workspace
    made = _in_sight(workspace.document, found)
    if len(made.notes) > MOST_NOTES:
        said = translate("Canvas", "A network has at most {count} notes.")
        workspace.say(said.format(count=MOST_NOTES))
        return False
    if len(made.layers) > MOST_LAYERS or len(made.connections) > MOST_CONNECTIONS:
        said = translate("Canvas", "A network has at most {layers} layers and {connections} connections.")
        workspace.say(said.format(layers=MOST_LAYERS, connections=MOST_CONNECTIONS))
        return False
    workspace.editing.edit(text, made, change=change)
    if workspace.document is not made:
        return False
    new = frozenset(found.names.values())
    twins = frozenset((layer, key) for layer, keys in found.units.items() for key in keys)
    workspace.select(Selection(layers=new, units=twins, notes=found.notes if not new else frozenset()))
    if not canvas.camera.follows:
        places = canvas.network.geometry.places
        canvas.camera.reveal(
            _united([places[id].frame.united(places[id].caption) for id in new if id in places])
        )
    if one_end_too_many:
        said = translate("Canvas", "The network has an output already: the new one is a hidden layer.")
        workspace.say(said)
    return True


def _in_sight(before: Document, found: Put) -> Document:
    """What would come into a group that is folded, where nobody sees it, comes to stand beside it."""
    new = frozenset(found.names.values())

    def outside(group: str) -> str:
        path = next((path for path in grouping.parts(group) if path in before.folded), "")
        return path.rpartition("/")[0] if path else group

    placed = (
        replace(each, group=outside(each.group)) if each.id in new else each for each in found.document.layers
    )
    return replace(found.document, layers=tuple(placed))


def _on_clipboard() -> Clip:
    from engine.files import clipboard as texts

    mime = QGuiApplication.clipboard().mimeData()
    if mime is None or not (mime.hasFormat(MIME) or mime.hasText()):
        raise DocumentError(translate("Canvas", "The clipboard is empty: copy layers or neurons first."))
    if mime.hasFormat(MIME):
        data = mime.data(MIME)
        texts.check_length(data.size())
        text = bytes(data.data()).decode("utf-8", "replace")
    else:
        text = mime.text()
    return _last[text] if text in _last else texts.from_text(text)


def _leave_text() -> None:
    """At the end of the program: the clipboard outlives Python, so what is on it must not be Python's."""
    if QGuiApplication.instance() is None:
        return
    clipboard = QGuiApplication.clipboard()
    if clipboard.mimeData() in _on_it:
        clipboard.setText(clipboard.text())


def _with_weights(workspace: Workspace, piece: Document) -> Clip:
    """The piece with its present and its first weights, as far as the window knows them."""
    snapshot = workspace.snapshot
    slots = layout_of(workspace.document).slots
    known = [
        {key: arrays[key] for key, slot in slots.items() if key in arrays and arrays[key].shape == slot.shape}
        for arrays in (snapshot.parameters, snapshot.initial)
    ]
    alike = snapshot.initial is snapshot.parameters
    learned = Learned(known[0], known[0] if alike else known[1])
    parameters, initial = (
        {key: value for key, value in arrays.items() if key in learned.parameters}
        for arrays in taken_along(workspace.document, learned, piece)
    )
    return Clip(piece, parameters, parameters if alike else initial)


def _shift(geometry: Geometry, piece: Document, at: QPointF | None) -> tuple[float, float]:
    """How far a piece moves: with its middle to a point of the scene, else down to where there is room."""
    if not piece.layers:
        return _shift_of_notes(geometry, piece, at)
    apart = Geometry(piece, geometry.sizes)
    new = [each.frame.united(each.caption) for each in apart.nodes()]
    if at is not None:
        goal, middle = geometry.to_document(at), apart.to_document(_united(new).center())
        return goal[0] - middle[0], goal[1] - middle[1]
    here = [each.frame.united(each.caption) for each in geometry.nodes()]
    dx, dy = free_shift(map(_sides, here), map(_sides, new), GAP * geometry.sizes.scale)
    return dx, dy / geometry.sizes.down


def _shift_of_notes(geometry: Geometry, piece: Document, at: QPointF | None) -> tuple[float, float]:
    """The same of notes alone: to a point, else aside until none lies upon another."""
    if at is not None:
        x, y = geometry.to_document(at)
        return x - min(each.x for each in piece.notes), y - min(each.y for each in piece.notes)
    there = {(round(each.x), round(each.y)) for each in geometry.document.notes if not each.layer}
    aside = 0.0
    while any((round(each.x + aside), round(each.y + aside)) in there for each in piece.notes):
        aside += GAP
    return aside, aside


def _sides(rect: QRectF) -> tuple[float, float, float, float]:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _united(rects: list[QRectF]) -> QRectF:
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole


def _check_sized(document: Document, layer: str) -> None:
    if not commands.is_sized(document, layer):
        said = translate("Canvas", "The size of {layer} follows from what comes in.")
        raise DocumentError(said.format(layer=commands.layer_title(document, layer)), layer)


def _called(document: Document, selection: Selection) -> str:
    """What an undo entry calls it."""
    layers, units = len(selection.layers), len(selection.units)
    if layers == 1 and not units:
        return commands.layer_title(document, next(iter(selection.layers)))
    if selection.notes and not layers and not units:
        many = translate("Canvas", "{count} notes").format(count=len(selection.notes))
        return many if len(selection.notes) > 1 else translate("Canvas", "a note")
    if not layers:
        many = translate("Canvas", "{count} neurons").format(count=units)
        return many if units > 1 else translate("Canvas", "a neuron")
    return translate("Canvas", "{count} layers").format(count=layers)
