"""What blocks show in a walkthrough: how far their output is calculated, and the cell of the step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.core.expressions import Ref
from engine.core.plan import Phase
from engine.datasets.base import Data
from engine.trace import Trace
from gui.editor.block_face import EMPTY, BlockFace, Index
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.now_blocks import sources, tokens_of
from gui.editor.painters.block_looks import ATTENTION, is_convolution, is_recurrent
from gui.editor.trunks import Trunks
from gui.stepping.walk import Walk

MOST_CELLS = 4096
"""Of a larger output it is not asked cell by cell which are calculated already."""
MOST_NEAR = 64
"""More cells than these are not outlined."""

_steps: WeakKeyDictionary[Trace, dict[tuple[str, str, int], NDArray[np.int64]]] = WeakKeyDictionary()


def block_faces(
    walk: Walk, geometry: Geometry, example: int, refs: Iterable[Ref], data: Data | None = None
) -> dict[str, BlockFace]:
    """The faces of all blocks after the walk's present step, which is about ``refs``, its target first."""
    about, arrays = list(refs), walk.trace.arrays
    outputs = {owner: array[..., example] for (owner, name), array in arrays.items() if name == "a"}
    tokens = tokens_of(geometry, outputs, data)
    return {
        place.id: _face(walk, geometry, place, example, about, tokens)
        for place in geometry.places.values()
        if place.is_block
    }


def trunks_of(refs: Iterable[Ref], trunks: Trunks) -> frozenset[int]:
    """The lines between the layer of a step's target, which comes first, and those of the other numbers."""
    owners = [ref.owner for ref in refs]
    if not owners:
        return frozenset()
    target, others = owners[0], set(owners[1:]) - {owners[0]}
    pairs = (pair for each in others for pair in ((each, target), (target, each)))
    numbers = (trunks.number_of(pair) for pair in pairs)
    return frozenset(number for number in numbers if number is not None)


def _face(
    walk: Walk, geometry: Geometry, place: LayerPlace, example: int, refs: list[Ref], tokens: tuple[str, ...]
) -> BlockFace:
    if not place.active:
        return EMPTY
    faded = bool(refs) and not any(ref.owner == place.id for ref in refs)
    walked = bool(refs) and refs[0].owner == place.id
    shape, kind = place.drawn.shape, place.layer.spec.kind
    of_text = tokens if len(shape) == 2 and len(tokens) == shape[1] else ()
    for array in _shown(walk, geometry, place, refs[0].array if walked else ""):
        values = walk.trace.arrays[place.id, array]
        parameter = _is_kernel(array)
        known = None if parameter else _known(walk, place, array, example)
        slope = array.startswith("d")
        if known is not None and slope and not walked and not known.any():
            continue
        cell, near = _lit(walk, place, array, refs)
        face = BlockFace(
            values if parameter else values[..., example], known, slope, cell, near, faded,
            array="W" if parameter else array, tokens=of_text,
        )  # fmt: skip
        if is_recurrent(kind) and len(shape) == 2:
            return _recurrent(walk, geometry, place, example, face, refs if walked else [])
        if is_convolution(kind) and face.cell is not None and not parameter:
            arrays = walk.trace.arrays.items()
            found = [array for (owner, name), array in arrays if owner == place.id and _is_kernel(name)]
            face = replace(face, others={"W": found[0]} if found else {})
        return face
    return BlockFace(cell=_lit(walk, place, "a", refs)[0], faded=faded)


def _shown(walk: Walk, geometry: Geometry, place: LayerPlace, target: str) -> list[str]:
    """The arrays that a block may show, the best one first: that of the step, as far as it is a picture.

    ``target`` is the array of the step if it is about this block.
    """
    arrays, kind, shape = walk.trace.arrays, place.layer.spec.kind, place.drawn.shape
    wanted: list[str] = []
    backward = walk.phase in {Phase.BACKWARD, Phase.UPDATE}
    if is_convolution(kind):
        if _is_kernel(_bare(target)):
            wanted.append(_bare(target))
        elif geometry.sizes.showing.kernels and not target:
            wanted += [name for owner, name in arrays if owner == place.id and name.startswith("W.")]
    if kind == ATTENTION:
        if (place.id, target) in arrays and arrays[place.id, target].ndim in {3, 4}:
            wanted.append(target)
        wanted += ["dS", "A"] if backward else ["A"]
    if is_recurrent(kind) and geometry.sizes.showing.unrolled and backward:
        wanted.append("dh")
    wanted += ["da", "a"] if backward else ["a"]
    fitting = (name for name in wanted if (place.id, name) in arrays)
    return [name for name in fitting if name not in {"a", "da"} or arrays[place.id, name].shape[:-1] == shape]


def _lit(
    walk: Walk, place: LayerPlace, array: str, refs: list[Ref]
) -> tuple[Index | None, tuple[Index, ...]]:
    """The cell of the step within the picture of an array, and those that it is made from."""
    arrays = walk.trace.arrays
    shape = arrays[place.id, array].shape if (place.id, array) in arrays else ()
    own = [ref for ref in refs if ref.owner == place.id]
    if _is_kernel(array):
        about = [ref for ref in own if _bare(ref.array) == array]
    else:
        named = (ref for ref in own if ref.example is not None and (ref.owner, ref.array) in arrays)
        about = [ref for ref in named if arrays[ref.owner, ref.array].shape == shape]
        if any(ref.array == array for ref in about) and len(shape) == 4:
            about = [ref for ref in about if ref.array == array]
    cell = about[0].index if about and refs and about[0] is refs[0] else None
    near = tuple(dict.fromkeys(ref.index for ref in about if ref is not refs[0]))
    return cell, near if len(near) <= MOST_NEAR else ()


def _recurrent(
    walk: Walk, geometry: Geometry, place: LayerPlace, example: int, face: BlockFace, refs: list[Ref]
) -> BlockFace:
    """With what goes in, the memory, and the step in time."""
    arrays, shape = walk.trace.arrays, place.drawn.shape
    given = {owner: array[..., example] for (owner, name), array in arrays.items() if name == "a"}
    others = {}
    x = sources(geometry, place, given)
    if x is not None:
        others["x"] = x
    name, known = "dc" if face.slope else "c", None
    memory = arrays.get((place.id, name))
    if memory is not None and memory.shape[:-1] == shape:
        others["c"] = memory[..., example]
        known = _known(walk, place, name, example)
    timed = (ref.index[1] for ref in refs if ref.example is not None and len(ref.index) == 2)
    both = bool(place.layer.spec.get("bidirectional"))
    return replace(face, others=others, memory_known=known, step=next(timed, None), both=both)


def _is_kernel(array: str) -> bool:
    return array.startswith("W.")


def _bare(array: str) -> str:
    """``W.input`` for dW.input, mean dW.input, new W.input: the kernel that a slope belongs to."""
    start = array.find("W.")
    return array[start:] if start >= 0 else array


def _known(walk: Walk, place: LayerPlace, array: str, example: int) -> NDArray[np.bool_]:
    """Which cells the walk has calculated; what no step calculates is there with all the others."""
    steps = _steps_of(walk.trace, place, array, example)
    known: NDArray[np.bool_] = steps <= walk.done
    if (steps < 0).any():
        last = int(steps.max())
        known[steps < 0] = last <= walk.done
    return known


def _steps_of(trace: Trace, place: LayerPlace, array: str, example: int) -> NDArray[np.int64]:
    """For every cell the number of the step after which it is known; -1 if no step calculates it."""
    known = _steps.setdefault(trace, {})
    found = known.get((place.id, array, example))
    if found is None:
        found = _as_in_another(trace, place.id, array, example, known)
        if found is not None:
            known[place.id, array, example] = found
    if found is None:
        shape = trace.arrays[place.id, array].shape[:-1]
        size = int(np.prod(shape))
        last = tuple(side - 1 for side in shape)
        cells: Iterable[Index] = product(*map(range, shape)) if size <= MOST_CELLS else (last,)
        filled = np.array(trace.numbers_of(place.id, array, cells, example), dtype=np.int64)
        found = np.broadcast_to(filled, size).reshape(shape).copy()
        known[place.id, array, example] = found
    return found


def _as_in_another(
    trace: Trace, layer: str, array: str, example: int, known: dict[tuple[str, str, int], NDArray[np.int64]]
) -> NDArray[np.int64] | None:
    """The steps of an example are those of any other, all so much later: only one has to be looked up."""
    other = next((steps for (id, name, _), steps in known.items() if (id, name) == (layer, array)), None)
    if other is None or not other.size or other.max() < 0:
        return None
    at = tuple(int(each) for each in np.unravel_index(int(other.argmax()), other.shape))
    number = trace.number_of(layer, array, at, example)
    return None if number is None else np.where(other < 0, -1, other + (number - int(other[at])))
