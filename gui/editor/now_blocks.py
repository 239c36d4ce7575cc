"""What blocks show outside a walkthrough: the newest arrays of the example that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.datasets.base import Data
from engine.session import Snapshot
from gui.editor.block_face import EMPTY, BlockFace, Floats
from gui.editor.geometry import Geometry, LayerPlace
from gui.editor.painters.block_looks import ATTENTION, is_convolution, is_recurrent, look_of_block

PROBE = "canvas.blocks"
"""The name of the probe for what lies inside a layer."""

Found = Mapping[str, Mapping[str, Any]]


def wanted_arrays(geometry: Geometry) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The arrays that a probe must bring, layer by layer."""
    looks = (
        (place, look_of_block(place.layer.spec, place.drawn, geometry.sizes.showing))
        for place in geometry.places.values()
        if place.is_block and place.active
    )
    return tuple((place.id, look.wanted) for place, look in looks if look is not None and look.wanted)


def blocks_now(geometry: Geometry, found: Found, snapshot: Snapshot) -> dict[str, BlockFace]:
    """The faces of all blocks; ``found`` has z and a of every layer."""
    answers = snapshot.answers.get(PROBE)
    inside: Found = answers if isinstance(answers, Mapping) else {}
    tokens = tokens_of(geometry, {id: arrays.get("a") for id, arrays in found.items()}, snapshot.data)
    return {
        place.id: _face(geometry, place, found, inside.get(place.id, {}), snapshot.parameters, tokens)
        for place in geometry.places.values()
        if place.is_block
    }


def tokens_of(geometry: Geometry, outputs: Mapping[str, Any], data: Data | None) -> tuple[str, ...]:
    """The symbols of the example, position by position; none where the data is no text."""
    if data is None or not data.symbols:
        return ()
    for place in geometry.places.values():
        codes = outputs.get(place.id)
        if place.role == "input" and isinstance(codes, np.ndarray) and codes.ndim == 1:
            return tuple(_symbol(float(code), data.symbols) for code in codes)
    return ()


def kernel_of(geometry: Geometry, place: LayerPlace, parameters: Mapping[str, Any]) -> Floats | None:
    """The weights of a convolution, (filters, channels, taps ...)."""
    for connection in geometry.document.incoming(place.id):
        weights = parameters.get(f"{place.id}.W.{connection.source}")
        if isinstance(weights, np.ndarray) and weights.ndim in {3, 4} and weights.size:
            return weights
    return None


def sources(geometry: Geometry, place: LayerPlace, found: Mapping[str, Any]) -> Floats | None:
    """What goes into a recurrent layer, (features, time)."""
    for connection in geometry.document.incoming(place.id):
        x = found.get(connection.source)
        if isinstance(x, np.ndarray) and x.ndim == 2 and x.shape[1:] == place.drawn.shape[1:]:
            return x
    return None


def _face(
    geometry: Geometry,
    place: LayerPlace,
    found: Found,
    inside: Mapping[str, Any],
    parameters: Mapping[str, Any],
    tokens: tuple[str, ...],
) -> BlockFace:
    kind, showing, shape = place.layer.spec.kind, geometry.sizes.showing, place.drawn.shape
    output = found.get(place.id, {}).get("a")
    fits = isinstance(output, np.ndarray) and output.shape == shape
    mine: dict[str, Floats] = {"a": output} if isinstance(output, np.ndarray) and fits else {}
    if showing.kernels and is_convolution(kind):
        weights = kernel_of(geometry, place, parameters)
        if weights is not None:
            return BlockFace(weights, array="W", others=mine)
    if not fits:
        return EMPTY
    if kind == ATTENTION and isinstance(inside.get("A"), np.ndarray) and inside["A"].ndim == 3:
        return BlockFace(inside["A"], array="A", others=mine, tokens=_as_long(tokens, shape))
    if is_convolution(kind):
        weights = kernel_of(geometry, place, parameters)
        return BlockFace(output, others={} if weights is None else {"W": weights})
    if is_recurrent(kind) and len(shape) == 2:
        x = sources(geometry, place, {id: arrays.get("a") for id, arrays in found.items()})
        others = {name: array for name, array in inside.items() if array.shape == shape}
        if x is not None:
            others["x"] = x
        both = bool(place.layer.spec.get("bidirectional"))
        return BlockFace(output, others=others, tokens=_as_long(tokens, shape), both=both)
    return BlockFace(output)


def _as_long(tokens: tuple[str, ...], shape: tuple[int, ...]) -> tuple[str, ...]:
    return tokens if len(shape) == 2 and len(tokens) == shape[1] else ()


def _symbol(code: float, symbols: tuple[str, ...]) -> str:
    return symbols[int(code)] if np.isfinite(code) and 0 <= int(code) < len(symbols) else "?"
