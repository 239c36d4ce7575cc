"""Gradient ladders against all paths of small networks, and one in every architecture."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import Architecture, architectures
from engine.core.plan import Phase
from engine.data_of import data_of
from engine.document import Document
from engine.ladder import carries_blame, ladder
from engine.learned import fresh
from engine.samples import mlp
from engine.trace import Trace

DEEP = ("hidden", "hidden2", "hidden3", "output")


def traced(document: Document, example: int = 1) -> Trace:
    return Trace(document, data_of(document), fresh(document), np.array([example]))


@pytest.fixture
def deep() -> Trace:
    return traced(mlp(2, 3, 4, 2, 1, hidden="sigmoid"))


def product_of(trace: Trace, way: tuple[int, ...]) -> float:
    """dz[4]_1 · Π w · a(1 − a) along the units of ``way``, one a layer from the first hidden one."""
    blame = float(trace.arrays["output", "a"][0, 0] - trace.arrays["loss", "y"][0, 0])
    for place in range(len(way) - 1, 0, -1):
        above, below = DEEP[place], DEEP[place - 1]
        w = float(trace.arrays[above, f"W.{below}"][way[place], way[place - 1]])
        a = float(trace.arrays[below, "a"][way[place - 1], 0])
        blame *= w * a * (1 - a)
    return blame


def test_the_strongest_way_is_taken_from_below(deep: Trace) -> None:
    found = ladder(deep, deep.ref("hidden", "dz", (1,), 0))
    assert found is not None and len(found.rungs) == 3
    assert (found.top.owner, found.top.array) == ("output", "dz")
    way = [found.top.index[0], *(rung.below.index[0] for rung in found.rungs)][::-1]
    assert found.rungs[-1].along == pytest.approx(product_of(deep, tuple(way)), rel=1e-12)
    for rung in found.rungs:
        fork = rung.fork
        if fork is not None:
            shares = [abs(deep.arrays[fork.below.owner, "slope"][fork.below.index[0], 0]
                          * deep.arrays[way.owner, f"W.{fork.below.owner}"][way.index[0], fork.below.index[0]]
                          * deep.lookup(way)) for way in fork.ways]  # fmt: skip
            assert shares == sorted(shares, reverse=True) and fork.chosen == fork.ways[0]


def test_all_paths_together_are_the_gradient(deep: Trace) -> None:
    whole, ways = 0.0, [(1, *rest, 0) for rest in itertools.product(range(4), range(2))]
    for way in ways:
        through = [(layer, "dz", (unit,), 0) for layer, unit in zip(DEEP[1:3], way[1:3], strict=True)]
        found = ladder(deep, deep.ref("hidden", "dz", (1,), 0), through)
        assert found is not None
        assert [rung.below.index[0] for rung in found.rungs] == list(way[:3])[::-1]
        assert found.rungs[-1].along == pytest.approx(product_of(deep, way), rel=1e-12)
        whole += found.rungs[-1].along
    assert whole == pytest.approx(float(deep.arrays["hidden", "dz"][1, 0]), rel=1e-12)
    assert found is not None and found.rungs[-1].whole == float(deep.arrays["hidden", "dz"][1, 0])


def test_a_turn_goes_before_what_is_wanted(deep: Trace) -> None:
    foot = deep.ref("hidden", "dz", (0,), 0)
    plain = ladder(deep, foot)
    assert plain is not None
    fork = plain.rungs[-1].fork
    assert fork is not None
    turned = ladder(deep, foot, {fork.ways[1].key}, {fork.below.key: fork.ways[-1].key})
    assert turned is not None and turned.rungs[-1].fork is not None
    assert turned.rungs[-1].fork.chosen == fork.ways[-1]


def test_what_carries_no_blame_has_no_ladder(deep: Trace) -> None:
    assert ladder(deep, deep.ref("hidden", "a", (0,), 0)) is None
    assert ladder(deep, deep.ref("hidden", "slope", (0,), 0)) is None
    top = ladder(deep, deep.ref("output", "dz", (0,), 0))
    assert top is not None and not top.rungs and top.foot == top.top


def test_ten_layers_of_sigmoid_shrink_the_blame_below_a_quarter_a_layer() -> None:
    """σ' is 1/4 at the most, and these weights are below 1.3."""
    trace = traced(mlp(2, *[4] * 10, 1, hidden="sigmoid"))
    found = ladder(trace, trace.ref("hidden", "dz", (0,), 0))
    assert found is not None and len(found.rungs) == 10
    assert all(abs(rung.factor) < 0.33 for rung in found.rungs)
    assert abs(found.rungs[-1].along) < 0.33**10


def test_back_through_time_is_one_rung_a_step() -> None:
    document = architectures["sequence_classifier"](cell="rnn").document()
    trace = traced(document, 0)
    owner = next(each.id for each in document.layers if each.spec.kind == "rnn")
    times = trace.arrays[owner, "dz"].shape[1]
    found = ladder(trace, trace.ref(owner, "dz", (0, 0), 0))
    assert found is not None
    through = [rung for rung in found.rungs if rung.below.owner == rung.above.owner == owner]
    assert [rung.below.index[1] for rung in through] == list(range(times - 2, -1, -1))
    U, slope = trace.arrays[owner, "U"], trace.arrays[owner, "slope"]
    for rung in through:
        (i, t), (j, _) = rung.below.index, rung.above.index
        assert rung.factor == pytest.approx(float(U[j, i]) * float(slope[i, t, 0]), rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("cls", [pytest.param(cls, id=cls.kind) for cls in architectures])
def test_every_architecture_has_ladders_that_hold(cls: type[Architecture]) -> None:
    """Each number is the sum of its ways: coefficient times what stands there."""
    document = cls().document()
    document = replace(document, training=replace(document.training, batch_size=2))
    trace = traced(document, 0)
    sections = [each for each in trace.sections if each.phase is Phase.BACKWARD]
    tried = 0
    for section in sections:
        moments = [each for each in section.moments if each.array.partition(".")[0] in {"da", "dz", "dh"}]
        for moment in moments[:: max(1, len(moments) // 2)]:
            ref = trace.ref(section.owner, moment.array, moment.index, 0)
            if not carries_blame(trace, ref):
                continue
            found = ladder(trace, ref)
            assert found is not None
            value = found.value
            for rung in found.rungs:
                value *= rung.factor
                assert value == pytest.approx(rung.along, rel=1e-9, abs=1e-300)
                if rung.fork is None:
                    whole = trace.lookup(rung.above) * rung.factor
                    assert math.isclose(whole, rung.whole, rel_tol=1e-6, abs_tol=1e-12)
            tried += 1
    assert tried
