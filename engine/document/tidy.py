"""A tidy lay-out: layers in columns by their depth, evenly spaced, with few crossings.

A connection over several columns keeps a lane free in each column between (a point that is no
layer), so that it runs straight past what it skips. Lanes and layers of a column are sorted to cross
little, starting from how the user has them; then every column is moved to where its neighbours
are, as far as the distances allow. Tidying twice is tidying once.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from engine.document.arrange import Box, Places
from engine.document.document import Document

OPEN, CLOSED = 142.0, 60.0
"""Room from column to column, where synapses are drawn one by one and where they are one line."""
APART = 36.0
"""Room from one layer of a column to the next."""
LANE = 26.0
"""Height that a lane takes."""
AROUND = 34.0
"""More room where a group begins or ends."""
FAN = 0.6
"""Share of the layers' heights that a lane of single synapses takes: they spread like a fan."""
LANE_PULL = 8.0
"""How much more a lane pulls than a step from a column to the next."""
ROUNDS = 24


@dataclass(slots=True)
class _Node:
    """A layer, or the lane of a connection in a column that it passes."""

    id: str
    column: int
    box: Box
    y: float
    group: str = ""
    lane: bool = False
    skips: bool = False
    """Whether its connection leads past layers that lead to the same goal."""
    before: list[int] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)


class _Graph:
    """What of the document does not depend on places."""

    def __init__(self, document: Document, boxes: Mapping[str, Box]) -> None:
        self.ids = [each.id for each in document.layers]
        self.boxes = boxes
        self.groups = {each.id: each.group.partition("/")[0] for each in document.layers}
        self.wires = document.connections
        self.pairs = {(each.source, each.target) for each in self.wires}
        self.into: dict[str, list[str]] = {id: [] for id in self.ids}
        self.out: dict[str, list[str]] = {id: [] for id in self.ids}
        order = [each.id for each in document.order()]
        for wire in self.wires:
            self.into[wire.target].append(wire.source)
            self.out[wire.source].append(wire.target)
        self.columns = self._columns(order)
        self.skipping = self._skipping(order)

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
        reached: dict[str, frozenset[str]] = {}
        found: set[tuple[str, str]] = set()
        for id in reversed(order):
            goals = self.out[id]
            beyond = frozenset[str]().union(*(reached[goal] for goal in goals))
            found |= {(id, goal) for goal in goals if goal in beyond}
            reached[id] = beyond.union(goals)
        return found


def tidied(document: Document, boxes: Mapping[str, Box]) -> Places:
    """The places of all layers; the first layer stays where it is. Raises ``DocumentError`` for a circle."""
    if not document.layers:
        return {}
    graph = _Graph(document, boxes)
    places = {each.id: (each.x, each.y) for each in document.layers}
    seen = [places]
    while True:
        places = _once(graph, places)
        if places in seen:
            circle = seen[seen.index(places) :]
            return min(circle, key=lambda each: sorted(each.items()))
        seen.append(places)


def _once(graph: _Graph, places: Places) -> Places:
    nodes = _nodes(graph, places)
    rows = _sorted(nodes, max(graph.columns.values(), default=-1) + 1)
    heights = _heights(nodes, rows)
    across = _across(nodes, rows, graph)
    made = {node.id: (across[node.column], heights[n]) for n, node in enumerate(nodes) if not node.lane}
    made |= _below([id for id in graph.ids if id not in graph.columns], graph.boxes, made)
    first = graph.ids[0]
    dx, dy = places[first][0] - made[first][0], places[first][1] - made[first][1]
    return {id: (round(made[id][0] + dx, 1), round(made[id][1] + dy, 1)) for id in graph.ids}


# -------------------------------------------------------------------- columns


def _nodes(graph: _Graph, places: Places) -> list[_Node]:
    columns, boxes, groups = graph.columns, graph.boxes, graph.groups
    nodes: list[_Node] = []
    number: dict[tuple[str, int], int] = {}
    for id in graph.ids:
        if id in columns:
            number[id, columns[id]] = len(nodes)
            nodes.append(_Node(id, columns[id], boxes[id], places[id][1], groups[id]))
    for source, target in ((wire.source, wire.target) for wire in graph.wires):
        start, end = columns[source], columns[target]
        last = number[source, start]
        for column in range(start + 1, end):
            key, share = (source, column), (column - start) / (end - start)
            if key not in number:
                number[key] = len(nodes)
                y = places[source][1] + (places[target][1] - places[source][1]) * share
                half = _fan(boxes[source], boxes[target], share)
                group = groups[source] if groups[source] == groups[target] else ""
                nodes.append(_Node(source, column, Box(0.0, 0.0, half, half), y, group, lane=True))
            nodes[number[key]].skips |= (source, target) in graph.skipping
            _join(nodes, last, number[key])
            last = number[key]
        _join(nodes, last, number[target, end])
    return nodes


def _fan(one: Box, two: Box, share: float) -> float:
    """Half the height of a lane some share of the way along: a line, or a fan of synapses."""
    if not (one.open and two.open):
        return LANE / 2
    return max(LANE / 2, FAN * ((1 - share) * min(one.up, one.down) + share * min(two.up, two.down)))


def _join(nodes: list[_Node], one: int, two: int) -> None:
    if two not in nodes[one].behind:
        nodes[one].behind.append(two)
        nodes[two].before.append(one)


def _across(nodes: list[_Node], rows: list[list[int]], graph: _Graph) -> list[float]:
    """Where each column stands."""
    found, x = [], 0.0
    for place, row in enumerate(rows):
        layers = [nodes[n] for n in row if not nodes[n].lane]
        left = max((each.box.left for each in layers), default=0.0)
        if place:
            x += left
        found.append(x)
        x += max((each.box.right for each in layers), default=0.0)
        if place + 1 < len(rows):
            behind = [nodes[n] for n in rows[place + 1] if not nodes[n].lane]
            wide = any(
                one.box.open and two.box.open and (one.id, two.id) in graph.pairs
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


# -------------------------------------------------------------------- the order within the columns


def _sorted(nodes: list[_Node], count: int) -> list[list[int]]:
    """Each column from top to bottom. From the user's order it goes on only to what crosses less."""
    rows: list[list[int]] = [[] for _ in range(count)]
    for number in sorted(range(len(nodes)), key=lambda n: (nodes[n].y, nodes[n].lane, n)):
        rows[nodes[number].column].append(number)
    rows = [_together(nodes, row) for row in rows]
    best, fewest = rows, _crossings(nodes, rows)
    for _ in range(8):
        if not fewest:
            break
        found = best
        for forward in (True, False):
            found = _swept(nodes, found, forward)
            crossed = _crossings(nodes, found)
            if crossed < fewest:
                best, fewest = found, crossed
                break
        else:
            break
    return best


def _together(nodes: list[_Node], row: list[int]) -> list[int]:
    """The members of a group stand side by side, at the place of the first."""
    if not any(nodes[number].group for number in row):
        return row
    groups: dict[str, list[int]] = {}
    for number in row:
        group = nodes[number].group
        groups.setdefault(group or f"/{number}", []).append(number)
    return [number for members in groups.values() for number in members]


def _swept(nodes: list[_Node], rows: list[list[int]], forward: bool) -> list[list[int]]:
    """Each column sorted by where the neighbours on one side stand, column after column."""
    made = [list(row) for row in rows]
    span = range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1)
    for column in span:
        beside = made[column - 1 if forward else column + 1]
        places = {number: place for place, number in enumerate(beside)}
        now = {number: place for place, number in enumerate(made[column])}

        def middle(
            number: int, places: dict[int, int] = places, now: dict[int, int] = now, count: int = len(beside)
        ) -> float:
            node = nodes[number]
            found = [places[each] for each in (node.before if forward else node.behind) if each in places]
            return sum(found) / len(found) if found else now[number] * count / max(len(now), 1)

        made[column] = _together(nodes, sorted(made[column], key=middle))
    return made


def _crossings(nodes: list[_Node], rows: list[list[int]]) -> int:
    """How many pairs of lines cross between neighbouring columns."""
    count = 0
    for one, two in pairwise(rows):
        places = {number: place for place, number in enumerate(two)}
        above: list[int] = []
        for number in one:
            ends = [places[each] for each in nodes[number].behind if each in places]
            count += sum(len(above) - bisect_right(above, end) for end in ends)
            for end in ends:
                insort(above, end)
    return count


# -------------------------------------------------------------------- heights


def _heights(nodes: list[_Node], rows: list[list[int]]) -> list[float]:
    """How high each node stands: chains of nodes level, near their neighbours, nothing too close."""
    chain = _chains(nodes, rows)
    above: dict[int, dict[int, float]] = {each: {} for each in set(chain)}
    below: dict[int, dict[int, float]] = {each: {} for each in set(chain)}
    for row in rows:
        for one, two, gap in zip(row, row[1:], _gaps(nodes, row), strict=False):
            a, b = chain[one], chain[two]
            above[b][a] = below[a][b] = max(gap, above[b].get(a, 0.0))
    order = _downwards(above)
    pulls = _pulls(nodes, chain)
    low, high = dict.fromkeys(order, 0.0), dict.fromkeys(order, 0.0)
    for each in order:
        low[each] = max((low[a] + gap for a, gap in above[each].items()), default=0.0)
    for each in reversed(order):
        high[each] = min((high[b] - gap for b, gap in below[each].items()), default=0.0)
    height = {
        each: (low[each] + high[each]) / 2 for each in order
    }  # as both keep all distances, so does this
    for turn in range(ROUNDS):
        for each in order if turn % 2 == 0 else reversed(order):
            pull = sum(pulls[each].values())
            if pull:
                wanted = sum(height[other] * by for other, by in pulls[each].items()) / pull
                least = max((height[a] + gap for a, gap in above[each].items()), default=-inf)
                most = min((height[b] - gap for b, gap in below[each].items()), default=inf)
                height[each] = max(least, min(most, wanted))
    return [float(round(height[each])) for each in chain]


def _chains(nodes: list[_Node], rows: list[list[int]]) -> list[int]:
    """For each node the first one of its chain: the nodes that stand level with one another.

    A lane is level with the layer it begins at, and a lane that skips something with where it ends,
    too. Other nodes are level with the middle one of their neighbours, if there is one in the middle.
    Chains do not cross.
    """
    chain = list(range(len(nodes)))
    for one, two in pairwise(rows):
        places = {number: place for place, number in enumerate(one)}
        behind = {number: place for place, number in enumerate(two)}
        links = [
            (rank, behind[b], places[a], a, b)
            for b in two
            for a in nodes[b].before
            if (rank := _rank(nodes, a, b, places, behind))
        ]
        joined: list[tuple[int, int]] = []
        taken: set[int] = set()
        for _, right, left, a, b in sorted(links):
            free = a not in taken and b not in taken
            if free and all((left < x) == (right < y) for x, y in joined):
                joined.append((left, right))
                taken |= {a, b}
                chain[b] = chain[a]
    return chain


def _rank(nodes: list[_Node], a: int, b: int, places: Mapping[int, int], behind: Mapping[int, int]) -> int:
    """How much two nodes should be level: 1 most, 0 not at all."""
    one, two = nodes[a], nodes[b]
    if one.lane and two.lane:
        return 1
    if (one.lane and one.skips) or (two.lane and two.skips):
        return 2
    in_the_middle = _is_middle(a, two.before, places) and _is_middle(b, one.behind, behind)
    return 3 if in_the_middle else 4 if two.lane else 0


def _is_middle(number: int, among: list[int], places: Mapping[int, int]) -> bool:
    row = sorted(among, key=lambda n: places[n])
    return len(row) % 2 == 1 and row[len(row) // 2] == number


def _downwards(above: Mapping[int, Mapping[int, float]]) -> list[int]:
    """The chains so that each comes after those above it: they do not cross, so there is such an order."""
    waiting = {each: len(those) for each, those in above.items()}
    ready = sorted(each for each, count in waiting.items() if not count)
    order = []
    while ready:
        each = ready.pop(0)
        order.append(each)
        for other in sorted(above):
            if each in above[other]:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
    return order


def _pulls(nodes: list[_Node], chain: list[int]) -> dict[int, dict[int, float]]:
    """How strongly each chain is drawn to the height of others."""
    pulls: dict[int, dict[int, float]] = {each: {} for each in chain}
    for number, node in enumerate(nodes):
        for other in (*node.before, *node.behind):
            if chain[other] != chain[number]:
                by = LANE_PULL if node.lane or nodes[other].lane else 1.0
                mine = pulls[chain[number]]
                mine[chain[other]] = mine.get(chain[other], 0.0) + by
    return pulls


def _gaps(nodes: list[_Node], row: list[int]) -> list[float]:
    """From each node of a column to the next."""
    found = []
    for one, two in pairwise(row):
        a, b = nodes[one], nodes[two]
        found.append(a.box.down + APART + b.box.up + AROUND * (a.group != b.group))
    return found
