"""Where the numbers of the synapses stand: alternately at 40 and 60 per cent, and clear of each other."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPointF

from gui.editor.figures import breadth
from gui.editor.picture import Figure, figure_of
from gui.editor.wires import Wires

MOST = 160
"""With more synapses than this no number would have room."""
SHARES = (0.40, 0.60, 0.32, 0.68, 0.50, 0.24, 0.76, 0.45, 0.55, 0.28, 0.72, 0.36, 0.64)


def placed(wires: Wires) -> dict[int, QPointF]:
    """The middle of each number that finds room. The places do not depend on the numbers: nothing jumps."""
    if not 0 < len(wires) <= MOST:
        return {}
    sizes = wires.geometry.sizes
    width, height = sizes.chip[0] * 1.08 * breadth(), sizes.chip[1] * 1.1
    radius = sizes.radius
    taken: list[tuple[float, float, float, float]] = []
    for unit in wires.geometry.units():
        taken.append((unit.x, unit.y, radius + width / 2, radius + height / 2))
        place = wires.geometry.places[unit.layer]
        if place.bias:
            middle = place.bias_rect(unit, sizes).center()
            taken.append((middle.x(), middle.y(), width, height))
    found: dict[int, QPointF] = {}
    boxes = np.array(taken).reshape(-1, 4)
    for number in range(len(wires)):
        _, (i, j) = wires.cell(number)
        shares = SHARES if (i + j) % 2 == 0 else tuple(1 - each for each in SHARES)
        for share in shares:
            point = wires.point(number, share)
            apart_x = np.abs(boxes[:, 0] - point.x()) >= boxes[:, 2]
            apart_y = np.abs(boxes[:, 1] - point.y()) >= boxes[:, 3]
            if (apart_x | apart_y).all():
                found[number] = point
                boxes = np.vstack([boxes, [point.x(), point.y(), width, height]])
                break
    return found


def figures(wires: Wires, weights: np.ndarray, numbers: Iterable[int]) -> dict[int, Figure]:
    """What stands on some synapses: their weights."""
    found = {}
    for number in numbers:
        if number < len(weights):
            found[number] = figure_of(float(weights[number]), wires.locked(number))
    return found
