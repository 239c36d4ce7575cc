"""What the canvas asks the worker for beside z and a, and what it shows large of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF

from engine.core.problems import AxonError
from engine.datasets import Data
from engine.document import Document
from engine.session.block_arrays import BlockArrays
from engine.session.probes import Probe
from engine.session.surfaces import UnitSurfaces, has_plane
from gui.editor.card import Card
from gui.editor.cell_under import index_under
from gui.editor.enlarged import Enlarged, FilterPicture, MatrixPicture, StepPicture, SurfacePicture
from gui.editor.geometry import LayerPlace
from gui.editor.items.blocks import BlockItem
from gui.editor.keyboard import described
from gui.editor.marks import GROUND, Thing
from gui.editor.now_blocks import PROBE, kernel_of, wanted_arrays
from gui.editor.painters.block_looks import ATTENTION, is_convolution, is_recurrent
from gui.editor.picture import SURFACES
from gui.laid_out import layout_of
from gui.theme import Theme

if TYPE_CHECKING:
    from gui.editor.canvas import Canvas

translate = QCoreApplication.translate
OFTEN, SELDOM = 0.1, 0.125
"""Seconds between two answers while training: of what lies inside blocks, of surfaces."""
SECONDS = 0.003
"""What one answer with surfaces may take in the worker."""
COARSE, FINE = 16, 40
"""Cells a side of a surface."""
GATES = ("i", "f", "g", "o", "r", "z", "n")


def why_no_surfaces(document: Document, data: Data | None) -> str:
    """Why neurons cannot show their output over the plane of inputs; empty if they can."""
    if data is None:
        return translate("Canvas", "Surfaces need data: choose a data set in the inspector.")
    if data.symbols:
        return translate(
            "Canvas", "This data is text: there is no plane between symbols, so neurons show their numbers."
        )
    try:
        layout = layout_of(document)
    except AxonError:
        return translate(
            "Canvas", "The network is not complete yet, so its neurons have no output over the plane."
        )
    if not has_plane(data, tuple(node.shape for node in layout.inputs)):
        return translate(
            "Canvas", "The examples are images or sequences: two of their numbers make no plane."
        )
    if sum(node.shape[0] for node in layout.inputs) != data.n:
        return translate(
            "Canvas", "This network takes in other numbers than those of the data: they make no plane."
        )
    return ""


class Reading(QObject):
    """Watches through probes what is shown, while it is shown; pictures for the card."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas, self._workspace = canvas, canvas.workspace
        self._watched: dict[str, Probe] = {}
        self._focused = GROUND
        self._data: Data | None = None
        self.card = Card(canvas, self._workspace.theme)
        """Beside what is in the keyboard's focus."""
        canvas.installEventFilter(self)
        workspace = self._workspace
        for signal in (workspace.showing_changed, workspace.document_changed, workspace.state_changed):
            signal.connect(self._look)
        workspace.snapshot_changed.connect(self._take)
        workspace.theme_changed.connect(self._restyle)

    def why_not(self, choice: str) -> str:
        """Why a choice of how to show the network would change nothing; empty if it would."""
        if choice == "surfaces":
            return why_no_surfaces(self._workspace.document, self._workspace.data)
        kinds = [layer.spec.kind for layer in self._workspace.document.layers]
        if choice == "kernels" and not any(is_convolution(kind) for kind in kinds):
            return translate("Canvas", "This network has no convolution, so there are no kernels to show.")
        if choice == "unrolled" and not any(is_recurrent(kind) for kind in kinds):
            return translate("Canvas", "This network has no recurrent layer, so there is nothing to unroll.")
        return ""

    # ---------------------------------------------------------------- what is asked

    def _look(self, *_: object) -> None:
        """Ask for what is shown now, and for nothing else."""
        if self._canvas.isVisible():
            self._watch(PROBE, self._blocks(), OFTEN)
            self._watch(SURFACES, self._surfaces(), SELDOM)
        else:
            self._watch(PROBE, None, OFTEN)
            self._watch(SURFACES, None, SELDOM)

    def _watch(self, name: str, probe: Probe | None, every: float) -> None:
        if self._watched.get(name) == probe:
            return
        if probe is None:
            del self._watched[name]
            self._workspace.link.unwatch(name)
            return
        self._watched[name] = probe
        self._workspace.link.watch(name, probe, every)

    def _blocks(self) -> Probe | None:
        wanted = wanted_arrays(self._canvas.network.geometry)
        return BlockArrays(self._workspace.example, wanted) if wanted else None

    def _surfaces(self) -> Probe | None:
        workspace, geometry = self._workspace, self._canvas.network.geometry
        if not workspace.showing.surfaces or why_no_surfaces(workspace.document, workspace.data):
            return None
        layers = tuple(place.id for place in geometry.places.values() if place.units and place.active)
        return UnitSurfaces(workspace.example, layers, self._side()) if layers else None

    def _side(self) -> int:
        """As fine a grid as the network answers soon."""
        parameters = self._workspace.parameters
        weights = sum(array.size for array in parameters.values())
        units = sum(array.shape[0] for key, array in parameters.items() if ".W." in key)
        seconds = 2.5e-10 * weights + 1.2e-8 * units
        return int(np.clip(np.sqrt(SECONDS / max(seconds, 1e-12)), COARSE, FINE)) // 4 * 4

    def _take(self, _: object) -> None:
        if self._workspace.data is not self._data:
            self._data = self._workspace.data
            self._look()
        if self.card.isVisible():
            self._show()

    # ---------------------------------------------------------------- what is shown large

    def picture(self, thing: Thing, point: QPointF | None = None) -> Enlarged | None:
        """The picture for the card of a thing; ``point`` is where in the scene the mouse points."""
        network = self._canvas.network
        if thing.is_unit:
            face = network.picture.faces.get(thing.unit)
            if face is None or face.surface is None:
                return None
            data = self._workspace.data
            return SurfacePicture(face.surface, data.features[:2] if data is not None else ())
        item = network.blocks.items.get(thing.layer) if thing.is_layer else None
        return self._of_block(item, point) if isinstance(item, BlockItem) else None

    def _of_block(self, item: BlockItem, point: QPointF | None) -> Enlarged | None:
        place, face, cells = item.place, item.face, item.cells
        kind = place.layer.spec.kind
        if face.values is None or cells is None or face.slope:
            return None
        part = cells.part_at(point) if point is not None else 0 if face.step is None else face.step
        if part is None:
            return None
        if is_convolution(kind):
            return self._filter(place, item, part, point)
        if kind == ATTENTION and face.array == "A" and part < len(face.values):
            at = _within(item, point)
            return MatrixPicture(part, len(face.values), face.values[part], face.tokens, at)
        unrolled = self._workspace.showing.unrolled
        if is_recurrent(kind) and unrolled and face.known is None and part < face.values.shape[1]:
            given = {"x": face.others.get("x"), **{name: face.others.get(name) for name in (*GATES, "c")}}
            found = {name: array for name, array in given.items() if array is not None} | {"a": face.values}
            parts = tuple((name, array[:, part]) for name, array in found.items())
            return StepPicture(part, parts, face.tokens[part] if part < len(face.tokens) else "")
        return None

    def _filter(
        self, place: LayerPlace, item: BlockItem, number: int, point: QPointF | None
    ) -> Enlarged | None:
        kernel = kernel_of(self._canvas.network.geometry, place, self._workspace.parameters)
        face = item.face
        output = face.others.get("a") if face.array == "W" else face.values if face.array == "a" else None
        if face.known is not None:
            output = None  # in a walkthrough the block itself says what is known already
        if kernel is not None and number < len(kernel):
            kernel = kernel[number] if kernel.ndim == 4 else kernel[number][None]
        else:
            kernel = None
        shown = output[number] if output is not None and number < len(output) else None
        if shown is not None and shown.ndim == 1:
            shown = shown[None]
        at = _within(item, point) if face.array == "a" else None
        return FilterPicture(number, kernel, shown, at) if kernel is not None or shown is not None else None

    def focus(self, thing: Thing) -> None:
        """Something else is in the keyboard's focus: show it large beside it, if there is more to see."""
        self._focused = thing
        self._show()

    def _show(self) -> None:
        canvas, thing = self._canvas, self._focused
        picture = self.picture(thing) if canvas.hasFocus() and not canvas.card.isVisible() else None
        if picture is None:
            self.card.hide()
            return
        rect = canvas.mapFromScene(canvas.network.rect_of(thing)).boundingRect()
        words = described(thing, canvas.network, self._workspace)
        self.card.show_at(QPoint(rect.right(), rect.top()), words, picture=picture)

    def _restyle(self, theme: Theme) -> None:
        self.card.restyle(theme)
        self.card.hide()

    # ---------------------------------------------------------------- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Show, QEvent.Type.Hide}:
            self._look()
        if event.type() in {QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.Resize}:
            self._focused = GROUND
            self.card.hide()
        return super().eventFilter(watched, event)


def _within(item: BlockItem, point: QPointF | None) -> tuple[int, int] | None:
    """Row and column of the cell at a point, within its small picture."""
    at = None if point is None else index_under(item, point)
    return (at[1], at[2]) if at is not None and len(at) == 3 else None
