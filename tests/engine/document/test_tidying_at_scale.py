"""Large networks are tidied with bounded work, and tidying twice is tidying once there too."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest

from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.document.arrange import Box
from engine.document.columns import MOST_LANES, Columns
from engine.document.tidy import tidied

BOX = Box(40.0, 40.0, 60.0, 80.0, open=True)


def tangled(count: int, into: int, seed: int) -> Document:
    """Each layer is fed by some that come before it, anywhere."""
    chance = random.Random(seed)
    layers = tuple(
        Layer(f"l{n}", Spec("dense"), x=chance.uniform(0, 900), y=chance.uniform(0, 900))
        for n in range(count)
    )
    wires = [(a, b) for b in range(1, count) for a in chance.sample(range(b), min(into, b))]
    return Document(layers=layers, connections=tuple(Connection(f"l{a}", f"l{b}") for a, b in wires))


@pytest.mark.parametrize(("count", "into", "seed"), [(60, 3, 1), (100, 3, 39), (200, 3, 13), (150, 20, 2)])
def test_twice_is_once(count: int, into: int, seed: int) -> None:
    document = tangled(count, into, seed)
    boxes = {each.id: BOX for each in document.layers}
    places = tidied(document, boxes)
    layers = tuple(replace(each, x=places[each.id][0], y=places[each.id][1]) for each in document.layers)
    assert tidied(replace(document, layers=layers), boxes) == places
    columns: dict[float, list[float]] = {}
    for x, y in places.values():
        columns.setdefault(x, []).append(y)
    for row in map(sorted, columns.values()):
        assert all(two - one >= BOX.down + BOX.up for one, two in pairwise(row))


def test_with_too_many_lanes_the_longest_go() -> None:
    small, large = tangled(12, 3, 1), tangled(200, 20, 1)
    for document in (small, large):
        columns = Columns(document, {each.id: BOX for each in document.layers})
        lanes = [node for node in columns.nodes if node.lane]
        assert 0 < len(lanes) <= MOST_LANES
