"""A tidy lay-out: layers in columns by their depth, evenly spaced, with few crossings.

A connection over several columns keeps a lane free in each column between (a point that is no
layer), so that it runs straight past what it skips. Lanes and layers of a column are sorted to cross
little, starting from how the user has them; then every column is moved to where its neighbours
are, as far as the distances allow. Tidying twice is tidying once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

from engine.document.arrange import Box, Places
from engine.document.columns import Columns
from engine.document.crossings import Rows, in_order, uncrossed
from engine.document.document import Document
from engine.document.levels import APART, AROUND, heights

OPEN, CLOSED = 142.0, 60.0
"""Room from column to column, where synapses are drawn one by one and where they are one line."""

LARGE = 120
"""With more layers and lanes than this there are at most so many rounds as ``PATIENCE``."""
PATIENCE = 3

_Key = tuple[tuple[int, ...], ...]


def tidied(document: Document, boxes: Mapping[str, Box]) -> Places:
    """The places of all layers; the first layer stays where it is. Raises ``DocumentError`` for a circle."""
    if not document.layers:
        return {}
    places = {each.id: (each.x, each.y) for each in document.layers}
    columns = Columns(document, boxes)
    if len(columns.nodes) <= LARGE:
        return _settled(_Tidying(columns), places) or places
    # where lanes keep on changing places the network is laid out without them
    plain = _Tidying(Columns(document, boxes, lanes=False))
    if plain.once(places) == places:
        return places
    return _settled(_Tidying(columns), places, PATIENCE) or _settled(plain, places) or places


def _settled(tidying: _Tidying, places: Places, most: float = inf) -> Places | None:
    """The places that stay as they are when they are tidied again; ``None`` if that takes too long."""
    seen = [places]
    while len(seen) <= most:
        places = tidying.once(places)
        if places in seen:
            circle = seen[seen.index(places) :]
            return min(circle, key=lambda each: sorted(each.items()))
        seen.append(places)
    return None


class _Tidying:
    """Goes from places to tidier places. It remembers what it made of an order that it met before."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._better: dict[_Key, Rows] = {}
        self._made: dict[_Key, Places] = {}

    def once(self, places: Places) -> Places:
        """Better places; the first layer stays."""
        columns = self._columns
        now = [node.height(places) for node in columns.nodes]
        rows = in_order(columns.nodes, now, columns.count)
        key = _key(rows)
        if key not in self._better:
            self._better[key] = uncrossed(columns.nodes, rows)
        better = self._better[key]
        key = _key(better)
        if key not in self._made:
            self._made[key] = self._laid_out(better)
        made, first = self._made[key], columns.ids[0]
        dx, dy = places[first][0] - made[first][0], places[first][1] - made[first][1]
        return {id: (round(made[id][0] + dx, 1), round(made[id][1] + dy, 1)) for id in columns.ids}

    def _laid_out(self, rows: Rows) -> Places:
        columns = self._columns
        across, down = _across(columns, rows), heights(columns.nodes, rows)
        found = {
            node.id: (across[node.column], down[number])
            for number, node in enumerate(columns.nodes)
            if not node.lane
        }
        return found | _below([id for id in columns.ids if id not in columns.column], columns.boxes, found)


def _key(rows: Rows) -> _Key:
    return tuple(map(tuple, rows))


def _across(columns: Columns, rows: Rows) -> list[float]:
    """Where each column stands."""
    found, x = [], 0.0
    standing = [[node for n in row if not (node := columns.nodes[n]).lane] for row in rows]
    for place, layers in enumerate(standing):
        left = max((each.box.left for each in layers), default=0.0)
        if place:
            x += left
        found.append(x)
        x += max((each.box.right for each in layers), default=0.0)
        if place + 1 < len(rows):
            behind = standing[place + 1]
            wide = any(
                one.box.open and two.box.open and (one.id, two.id) in columns.pairs
                for one in layers
                for two in behind
            )
            other = {each.group for each in layers} != {each.group for each in behind}
            x += (OPEN if wide else CLOSED) + AROUND * other
    return found


def _below(loose: Iterable[str], boxes: Mapping[str, Box], made: Places) -> Places:
    """Layers that nothing is connected with, in a row below the others."""
    found: Places = {}
    bottom = max((y + boxes[id].down for id, (_, y) in made.items()), default=0.0)
    x = min((x - boxes[id].left for id, (x, _) in made.items()), default=0.0)
    for id in loose:
        x += boxes[id].left
        found[id] = (x, bottom + 2 * APART + boxes[id].up)
        x += boxes[id].right + CLOSED
    return found
