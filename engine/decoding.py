"""Decoding: what the layers behind a code make of any code, of the data or in between.

    predict = Predictor(document, learned)
    [code, *_] = decodable(predict.layout)
    pictures = decoded(predict, code.layer.id, np.array([[0.3, 0.4], [-1.2, 0.0]]))

Only the lines behind the code run; what was written into its output stands for the whole encoder.
"""

from __future__ import annotations

import numpy as np

from engine.core.plan import Array
from engine.layout import Layout, Node
from engine.predict import Predictor


def decodable(layout: Layout) -> tuple[Node, ...]:
    """The hidden vectors of two units or more that all data must pass through, the narrowest first."""
    found = [
        node
        for node in layout.active
        if node.number and len(node.shape) == 1 and node.shape[0] >= 2
        and node is not layout.output and _passed_by_all(layout, node.layer.id)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda node: node.shape[0]))


def decoded(predict: Predictor, layer: str, codes: Array) -> Array:
    """The prediction for codes (n, m): (k, m), or (k, ..., m) where it is made at many positions."""
    return predict.run({layer: codes}, predict.layout.output.layer.id)


def moved(code: Array, axes: tuple[int, int], places: Array) -> Array:
    """A code (n,) with two of its numbers moved to places (2, m): (n, m)."""
    codes = np.repeat(code[:, np.newaxis], places.shape[1], axis=1)
    codes[list(axes)] = places
    return codes


def _passed_by_all(layout: Layout, layer: str) -> bool:
    """Whether nothing but this layer, neither an input nor noise, reaches the output past it."""
    waiting, seen = [layout.output.layer.id], {layer}
    while waiting:
        id = waiting.pop()
        if id in seen:
            continue
        seen.add(id)
        node = layout.nodes[id]
        if node.kind.role in {"input", "source"}:
            return False
        waiting += node.inputs
    return True
