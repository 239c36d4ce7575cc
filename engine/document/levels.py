"""How high the layers of a network stand, so that lines run straight and nothing is too close."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Sequence
from itertools import pairwise
from math import inf

from engine.document.columns import Node
from engine.document.crossings import Rows

APART = 36.0
"""Room from one layer of a column to the next."""
AROUND = 34.0
"""More room where a group begins or ends."""
LANE_PULL = 8.0
"""How much more a lane pulls than a step from a column to the next."""
ROUNDS = 24
LEAST_ROUNDS = 6
MOST_PULLS = 60_000
"""A large network has fewer rounds, so that about so many pulls are followed."""

Links = dict[int, dict[int, float]]
"""From each chain to others, with a distance or a strength."""


def heights(nodes: Sequence[Node], rows: Rows) -> list[float]:
    """How high each node stands: chains of nodes level, near their neighbours, nothing too close."""
    chain = _chains(nodes, rows)
    above: Links = {each: {} for each in set(chain)}
    below: Links = {each: {} for each in set(chain)}
    for row in rows:
        for one, two in pairwise(row):
            a, b = chain[one], chain[two]
            gap = _gap(nodes[one], nodes[two])
            above[b][a] = below[a][b] = max(gap, above[b].get(a, 0.0))
    order = _downwards(above, below)
    low, high = dict.fromkeys(order, 0.0), dict.fromkeys(order, 0.0)
    for each in order:
        low[each] = max((low[a] + gap for a, gap in above[each].items()), default=0.0)
    for each in reversed(order):
        high[each] = min((high[b] - gap for b, gap in below[each].items()), default=0.0)
    # as both keep all distances, so does what lies between
    height = [0.0] * len(nodes)
    for each in order:
        height[each] = (low[each] + high[each]) / 2
    _pull_together(height, order, _pulls(nodes, chain), above, below)
    return [float(round(height[each])) for each in chain]


def _pull_together(height: list[float], order: list[int], pulls: Links, above: Links, below: Links) -> None:
    """Each chain to where its neighbours are, as far as the distances allow; downwards, upwards, again."""
    turns = [
        (each, sum(links.values()), list(links.items()), list(above[each].items()), list(below[each].items()))
        for each in order
        if (links := pulls[each])
    ]
    followed = sum(len(turn[2]) + len(turn[3]) + len(turn[4]) for turn in turns)
    backwards = turns[::-1]
    for turn in range(max(LEAST_ROUNDS, min(ROUNDS, MOST_PULLS // max(1, followed)))):
        for each, pull, wishes, over, under in backwards if turn % 2 else turns:
            wanted, least, most = 0.0, -inf, inf
            for other, by in wishes:
                wanted += height[other] * by
            for other, gap in over:
                least = max(least, height[other] + gap)
            for other, gap in under:
                most = min(most, height[other] - gap)
            height[each] = max(least, min(most, wanted / pull))


def _chains(nodes: Sequence[Node], rows: Rows) -> list[int]:
    """For each node the first one of its chain: the nodes that stand level with one another.

    A lane is level with the layer it begins at, and a lane that skips something with where it ends,
    too. Other nodes are level with the middle one of their neighbours, if there is one in the middle.
    Chains do not cross.
    """
    chain = list(range(len(nodes)))
    place = [0] * len(nodes)
    for row in rows:
        for at, number in enumerate(row):
            place[number] = at
    middle_before = [_middle(node.before, place) for node in nodes]
    middle_behind = [_middle(node.behind, place) for node in nodes]
    for row in rows[1:]:
        links: list[tuple[int, int, int, int, int]] = []
        for b in row:
            two = nodes[b]
            for a in two.before:
                one = nodes[a]
                if one.lane and two.lane:
                    rank = 1
                elif (one.lane and one.skips) or (two.lane and two.skips):
                    rank = 2
                elif middle_before[b] == a and middle_behind[a] == b:
                    rank = 3
                elif two.lane:
                    rank = 4
                else:
                    continue
                links.append((rank, place[b], place[a], a, b))
        joined: list[tuple[int, int]] = []
        taken: set[int] = set()
        for _, right, left, a, b in sorted(links):
            if a in taken or b in taken:
                continue
            at = bisect_left(joined, (left, right))
            if (at and joined[at - 1][1] > right) or (at < len(joined) and joined[at][1] < right):
                continue
            insort(joined, (left, right))
            taken |= {a, b}
            chain[b] = chain[a]
    return chain


def _middle(near: list[int], place: list[int]) -> int:
    """The one in the middle, -1 where none is."""
    if len(near) % 2 == 0:
        return -1
    return near[0] if len(near) == 1 else sorted(near, key=place.__getitem__)[len(near) // 2]


def _downwards(above: Links, below: Links) -> list[int]:
    """The chains so that each comes after those above it: they do not cross, so there is such an order."""
    waiting = {each: len(those) for each, those in above.items()}
    ready = deque(sorted(each for each, count in waiting.items() if not count))
    order = []
    while ready:
        each = ready.popleft()
        order.append(each)
        for other in sorted(below[each]):
            waiting[other] -= 1
            if not waiting[other]:
                ready.append(other)
    return order


def _pulls(nodes: Sequence[Node], chain: Sequence[int]) -> Links:
    """How strongly each chain is drawn to the height of others."""
    pulls: Links = {each: {} for each in chain}
    for number, node in enumerate(nodes):
        mine = pulls[chain[number]]
        for other in (*node.before, *node.behind):
            if chain[other] != chain[number]:
                by = LANE_PULL if node.lane or nodes[other].lane else 1.0
                mine[chain[other]] = mine.get(chain[other], 0.0) + by
    return pulls


def _gap(one: Node, two: Node) -> float:
    """From a node of a column to the next."""
    return one.box.down + APART + two.box.up + AROUND * (one.group != two.group)
