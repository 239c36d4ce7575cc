"""What blocks show in a walkthrough: how far their output is calculated, and the cell of the step."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.core.expressions import Ref
from engine.core.plan import Phase
from engine.trace import Trace
from gui.editor.block_face import EMPTY, BlockFace
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.trunks import Trunks
from gui.walk import Walk

MOST_CELLS = 4096
"""Of a larger output it is not asked cell by cell which are calculated already."""
MOST_NEAR = 64
"""More cells than these are not outlined."""

_steps: WeakKeyDictionary[Trace, dict[tuple[str, str, int], NDArray[np.int64]]] = WeakKeyDictionary()


def block_faces(walk: Walk, geometry: Geometry, example: int, refs: Iterable[Ref]) -> dict[str, BlockFace]:
    """The faces of all blocks after the walk's present step, which is about ``refs``, its target first."""
    about = list(refs)
    return {
        place.id: _face(walk, place, example, about) for place in geometry.places.values() if place.is_block
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


def _face(walk: Walk, place: LayerPlace, example: int, refs: list[Ref]) -> BlockFace:
    if not place.active:
        return EMPTY
    arrays, whole = walk.trace.arrays, (*place.drawn.shape, walk.trace.m)
    named = (ref for ref in refs if ref.owner == place.id and ref.example is not None)
    own = [ref for ref in named if (ref.owner, ref.array) in arrays]
    own = [ref for ref in own if arrays[ref.owner, ref.array].shape == whole]
    cell = own[0].index if own and refs and own[0] is refs[0] else None
    near = tuple(dict.fromkeys(ref.index for ref in own if ref is not refs[0]))
    faded = bool(refs) and not any(ref.owner == place.id for ref in refs)
    backward = walk.phase in {Phase.BACKWARD, Phase.UPDATE}
    for array in ("da", "a") if backward else ("a",):
        found = arrays.get((place.id, array))
        if found is None or found.shape[:-1] != place.drawn.shape:
            continue
        known = _known(walk, place, array, example)
        if array == "a" or known.any():
            shown = near if len(near) <= MOST_NEAR else ()
            return BlockFace(found[..., example], known, array == "da", cell, shown, faded)
    return BlockFace(cell=cell, faded=faded)


def _known(walk: Walk, place: LayerPlace, array: str, example: int) -> NDArray[np.bool_]:
    """Which cells the walk has calculated; what no step calculates is there with all the others."""
    steps = _steps_of(walk.trace, place, array, example)
    known: NDArray[np.bool_] = steps <= walk.at
    if (steps < 0).any():
        last = int(steps.max())
        known[steps < 0] = last <= walk.at
    return known


def _steps_of(trace: Trace, place: LayerPlace, array: str, example: int) -> NDArray[np.int64]:
    """For every cell the number of the step after which it is known; -1 if no step calculates it."""
    known = _steps.setdefault(trace, {})
    found = known.get((place.id, array, example))
    if found is None:
        shape = place.drawn.shape
        size = int(np.prod(shape))
        cells = np.ndindex(shape) if size <= MOST_CELLS else iter([tuple(side - 1 for side in shape)])
        numbers = [trace.number_of(place.id, array, index, example) for index in cells]
        filled = np.array([-1 if each is None else each for each in numbers], dtype=np.int64)
        found = np.broadcast_to(filled, size).reshape(shape).copy()
        known[place.id, array, example] = found
    return found
