"""The columns of a network: which column each layer is in, and the lanes that connections keep free.

What stands here does not depend on where the layers are, so tidying makes it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.document.arrange import Box, Places
from engine.document.document import Document

LANE = 26.0
"""Height that a lane takes."""
FAN = 0.6
"""Share of the layers' heights that a lane of single synapses takes: they spread like a fan."""
MOST_LANES = 200
"""With more lanes than this the connections that lead furthest keep none free."""


@dataclass(slots=True)
class Node:
    """A layer, or the lane of a connection in a column that it passes."""

    id: str
    column: int
    box: Box
    group: str = ""
    lane: bool = False
    goal: str = ""
    """Where the first connection of a lane ends, and ``share`` of its way lies behind it there."""
    share: float = 0.0
    skips: bool = False
    """Whether its connection leads past layers that lead to the same goal."""
    before: list[int] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)

    def height(self, places: Places) -> float:
        """Where it is now: a lane on the straight line of its connection."""
        y = places[self.id][1]
        return y + (places[self.goal][1] - y) * self.share if self.lane else y


class Columns:
    """The layers and lanes of a document. Raises ``DocumentError`` for a circle."""

    def __init__(self, document: Document, boxes: Mapping[str, Box], *, lanes: bool = True) -> None:
        self.ids = [each.id for each in document.layers]
        self.boxes = boxes
        self.groups = {each.id: each.group.partition("/")[0] for each in document.layers}
        self.wires = [(each.source, each.target) for each in document.connections]
        self.pairs = set(self.wires)
        self.into: dict[str, list[str]] = {id: [] for id in self.ids}
        self.out: dict[str, list[str]] = {id: [] for id in self.ids}
        order = [each.id for each in document.order()]
        for source, target in self.wires:
            self.into[target].append(source)
            self.out[source].append(target)
        self.column = self._columns(order)
        self.count = max(self.column.values(), default=-1) + 1
        self.nodes: list[Node] = []
        self._joined: set[tuple[int, int]] = set()
        self._number: dict[tuple[str, int], int] = {}
        for id in self.ids:
            if id in self.column:
                self._number[id, self.column[id]] = len(self.nodes)
                self.nodes.append(Node(id, self.column[id], boxes[id], self.groups[id]))
        self._lay_lanes(self._skipping(order), self._reach() if lanes else 1)

    def _columns(self, order: list[str]) -> dict[str, int]:
        """How many steps a layer is from the first; one that nothing feeds stands just before what it
        feeds. Layers without any connection are left out."""
        column: dict[str, int] = {}
        for id in order:
            column[id] = max((column[each] + 1 for each in self.into[id]), default=0)
        for id in reversed(order):
            if not self.into[id] and self.out[id]:
                column[id] = min(column[each] for each in self.out[id]) - 1
        return {id: place for id, place in column.items() if self.into[id] or self.out[id]}

    def _skipping(self, order: list[str]) -> set[tuple[str, str]]:
        """The connections whose goal can be reached from their start by another way, too."""
        bit = {id: 1 << number for number, id in enumerate(order)}
        reached: dict[str, int] = {}
        found: set[tuple[str, str]] = set()
        for id in reversed(order):
            beyond = goals = 0
            for goal in self.out[id]:
                beyond |= reached[goal]
                goals |= bit[goal]
            found |= {(id, goal) for goal in self.out[id] if beyond & bit[goal]}
            reached[id] = beyond | goals
        return found

    def _reach(self) -> int:
        """Connections over more columns than this keep no lane free: there would be too many."""
        furthest: dict[str, int] = {}
        for source, target in self.wires:
            far = self.column[target] - self.column[source]
            furthest[source] = max(far, furthest.get(source, 0))
        most, lanes = max(furthest.values(), default=1), 0
        for reach in range(2, most + 1):
            lanes += sum(far >= reach for far in furthest.values())
            if lanes > MOST_LANES:
                return reach - 1
        return most

    def _lay_lanes(self, skipping: set[tuple[str, str]], reach: int) -> None:
        """A node in each column that a connection passes; connections from one layer share them."""
        nodes, number, boxes = self.nodes, self._number, self.boxes
        for source, target in self.wires:
            start, end = self.column[source], self.column[target]
            if end - start > reach:
                continue
            last = number[source, start]
            skips = (source, target) in skipping
            for column in range(start + 1, end):
                key = (source, column)
                if key not in number:
                    share = (column - start) / (end - start)
                    half = _fan(boxes[source], boxes[target], share)
                    group = self.groups[source] if self.groups[source] == self.groups[target] else ""
                    number[key] = len(nodes)
                    box = Box(0.0, 0.0, half, half)
                    nodes.append(Node(source, column, box, group, lane=True, goal=target, share=share))
                nodes[number[key]].skips |= skips
                self._join(last, number[key])
                last = number[key]
            self._join(last, number[target, end])

    def _join(self, one: int, two: int) -> None:
        if (one, two) not in self._joined:
            self._joined.add((one, two))
            self.nodes[one].behind.append(two)
            self.nodes[two].before.append(one)


def _fan(one: Box, two: Box, share: float) -> float:
    """Half the height of a lane some share of the way along: a line, or a fan of synapses."""
    if not (one.open and two.open):
        return LANE / 2
    return max(LANE / 2, FAN * ((1 - share) * min(one.up, one.down) + share * min(two.up, two.down)))
