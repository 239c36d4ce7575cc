"""How a block looks: which picture shows its face, how large it is, and which arrays it asks for.

A kind with a look of its own brings a file that calls ``register_look(look)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from engine.core.spec import Spec
from engine.layers import layers
from engine.layers.filters import Filters
from engine.layers.recurrent import Recurrent
from gui.drawn import Drawn
from gui.editor.block_face import BlockFace
from gui.editor.painters import shares
from gui.editor.painters.kernels import applied, is_applied, kernel_note, kernels
from gui.editor.painters.pictures import Cells, picture_for
from gui.editor.painters.unrolled import unrolled, unrolled_size
from gui.showing import Showing
from gui.theme import Theme

ATTENTION = "attention"


def _nothing(_: BlockFace) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class BlockLook:
    """A special look; ``fits`` says of which kinds, and ``array`` for which array of theirs."""

    fits: Callable[[Spec, Drawn, Showing], bool]
    paint: Callable[[QPainter, QRectF, BlockFace, Theme], Cells]
    array: Callable[[str], bool]
    wanted: tuple[str, ...] = ()
    """The arrays that a probe must bring for it."""
    size: Callable[[Spec, Drawn], tuple[float, float]] | None = None
    """Width and height at scale 1; ``None`` for those of every block."""
    note: Callable[[BlockFace], str] = _nothing
    """What stands at the foot."""


def is_convolution(kind: str) -> bool:
    """Whether a layer has filters."""
    return kind in layers and issubclass(layers[kind], Filters)


def is_recurrent(kind: str) -> bool:
    """Whether a layer reads step by step."""
    return kind in layers and issubclass(layers[kind], Recurrent)


_looks: list[BlockLook] = [
    BlockLook(
        lambda spec, drawn, showing: is_convolution(spec.kind),
        kernels,
        lambda array: array == "W",
        note=kernel_note,
    ),
    BlockLook(
        lambda spec, drawn, showing: is_recurrent(spec.kind) and showing.unrolled and len(drawn.shape) == 2,
        unrolled,
        lambda array: array in {"a", "da", "dh"},
        wanted=("c", "i", "f", "g", "o", "r", "z", "n"),
        size=lambda spec, drawn: unrolled_size(drawn.shape[1], bool(spec.get("bidirectional"))),
    ),
    BlockLook(
        lambda spec, drawn, showing: spec.kind == ATTENTION,
        shares.shares,
        lambda array: array in shares.ARRAYS,
        wanted=("A",),
        size=lambda spec, drawn: (140.0, 158.0) if len(drawn.shape) == 2 else (92.0, 72.0),
        note=shares.share_note,
    ),
]


def register_look(look: BlockLook) -> None:
    """A further look; the one that comes last wins."""
    _looks.insert(0, look)


def look_of_block(spec: Spec, drawn: Drawn, showing: Showing) -> BlockLook | None:
    """The special look of a layer, if it has one."""
    if drawn.neurons:
        return None
    return next((each for each in _looks if each.fits(spec, drawn, showing)), None)


def size_of_block(spec: Spec, drawn: Drawn, showing: Showing) -> tuple[float, float] | None:
    """Width and height at scale 1 where a block needs others than all blocks."""
    look = look_of_block(spec, drawn, showing)
    return look.size(spec, drawn) if look is not None and look.size is not None else None


def paint_block(
    painter: QPainter, room: QRectF, face: BlockFace, spec: Spec, drawn: Drawn, showing: Showing, theme: Theme
) -> Cells | None:
    """Paint a face; ``None`` where there is no picture of it."""
    if face.values is None or not face.values.size:
        return None
    look = look_of_block(spec, drawn, showing)
    if look is not None and look.array(face.array):
        return look.paint(painter, room, face, theme)
    if _applies(face, spec, showing):
        return applied(painter, room, face, theme)
    painted = picture_for(spec.kind, face.values.ndim)
    if painted is None:
        return None
    return painted(painter, room, face.values, face.known, face.slope, theme)


def note_of(face: BlockFace, spec: Spec, drawn: Drawn, showing: Showing) -> str:
    """What stands at the foot of the block because of its look."""
    look = look_of_block(spec, drawn, showing)
    if look is None or face.values is None:
        return ""
    return look.note(face) if look.array(face.array) or _applies(face, spec, showing) else ""


def _applies(face: BlockFace, spec: Spec, showing: Showing) -> bool:
    return showing.kernels and is_convolution(spec.kind) and is_applied(face)
