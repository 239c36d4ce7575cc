"""Where layers stand: in line with one another, at equal distances, or in columns by their depth.

Pure functions from places to places. How large a layer is drawn is told by ``Box``; all numbers
are in the units of ``Layer.x`` and ``Layer.y``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

Places = dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Box:
    """How far a layer that is drawn reaches from its place in each direction."""

    left: float
    right: float
    up: float
    down: float
    open: bool = False
    """Whether its synapses are drawn one by one: they need room for their numbers."""


class Edge(StrEnum):
    """What is brought into line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


def aligned(places: Places, boxes: Mapping[str, Box], edge: Edge) -> Places:
    """The layers in line: at the outermost of their edges, or in the middle between the outermost."""
    if not places:
        return {}
    across = edge in {Edge.LEFT, Edge.CENTRE, Edge.RIGHT}
    low = {id: _low(places[id], boxes[id], across) for id in places}
    high = {id: _high(places[id], boxes[id], across) for id in places}
    first, last = min(low.values()), max(high.values())
    if edge in {Edge.LEFT, Edge.TOP}:
        shifts = {id: first - low[id] for id in places}
    elif edge in {Edge.RIGHT, Edge.BOTTOM}:
        shifts = {id: last - high[id] for id in places}
    else:
        # places, not edges: so the lines between layers of one height become level
        goal = sum(places[id][not across] for id in places) / len(places)
        shifts = {id: goal - places[id][not across] for id in places}
    return {id: _shifted(places[id], shift, across) for id, shift in shifts.items()}


def distributed(places: Places, boxes: Mapping[str, Box], *, across: bool) -> Places:
    """Equal gaps between the layers; the outermost two stay. Where they overlap, equal steps."""
    row = sorted(places, key=lambda id: (places[id][not across], id))
    if len(row) < 3:
        return dict(places)
    first, last = row[0], row[-1]
    room = _low(places[last], boxes[last], across) - _high(places[first], boxes[first], across)
    inner = sum(_span(boxes[id], across) for id in row[1:-1])
    gap = (room - inner) / (len(row) - 1)
    made = dict(places)
    if gap < 0:
        start, step = places[first][not across], places[last][not across] - places[first][not across]
        for number, id in enumerate(row[1:-1], 1):
            goal = start + step * number / (len(row) - 1)
            made[id] = _shifted(places[id], goal - places[id][not across], across)
        return made
    for before, id in pairwise(row[:-1]):
        goal = _high(made[before], boxes[before], across) + gap
        made[id] = _shifted(places[id], goal - _low(places[id], boxes[id], across), across)
    return made


def free_shift(
    here: Iterable[tuple[float, float, float, float]],
    new: Iterable[tuple[float, float, float, float]],
    gap: float,
) -> tuple[float, float]:
    """How far new rectangles (left, top, right, bottom) must move down to cover none that is there."""
    there, coming = list(here), list(new)
    dy = 0.0
    while True:
        low = [
            other[3] + gap - one[1]
            for one in coming
            for other in there
            if one[0] - gap < other[2]
            and other[0] < one[2] + gap
            and one[1] + dy - gap < other[3] - 1e-6
            and other[1] < one[3] + dy + gap - 1e-6
        ]
        if not low or max(low) <= dy:
            return 0.0, dy
        dy = max(low)


def _low(place: tuple[float, float], box: Box, across: bool) -> float:
    return place[0] - box.left if across else place[1] - box.up


def _high(place: tuple[float, float], box: Box, across: bool) -> float:
    return place[0] + box.right if across else place[1] + box.down


def _span(box: Box, across: bool) -> float:
    return box.left + box.right if across else box.up + box.down


def _shifted(place: tuple[float, float], by: float, across: bool) -> tuple[float, float]:
    return (place[0] + by, place[1]) if across else (place[0], place[1] + by)
