"""Every way of clipping: what becomes of the gradient, and that the cells tell the truth about it."""

from __future__ import annotations

import math
import tracemalloc
from functools import partial

import numpy as np
import pytest

from engine.clipping import Clipping, clippings
from engine.core.expressions import Ref, evaluate
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec
from engine.optimizers import UpdatePlace
from engine.optimizers.base import OWNER

KINDS = [pytest.param(cls(), id=cls.kind) for cls in clippings]
WORKING = [each for each in KINDS if each.values[0].kind != "off"]  # type: ignore[attr-defined]


def place_of(clipping: Clipping, size: int, dtype: type = float) -> UpdatePlace:
    place = UpdatePlace(
        Plan(1, np.dtype(dtype)), np.ones(size, dtype), np.zeros(size, dtype), {}, np.zeros((), dtype)
    )
    clipping.lines(place)
    return place


def run(place: UpdatePlace, gradient: object) -> Array:
    place.gradient[:] = gradient
    with np.errstate(over="ignore"):
        for call in place.plan.calls(Phase.UPDATE):
            call()
    return place.gradient.copy()


def clipped(kind: str, gradient: list[float], dtype: type = float, **settings: float) -> list[float]:
    place = place_of(clippings.make(Spec.of(kind, **settings)), len(gradient), dtype)
    return [float(each) for each in run(place, gradient)]


# ---------------------------------------------------------------- values


def test_off_leaves_everything() -> None:
    place = place_of(clippings.make("off"), 3)
    assert place.plan.lines == []
    assert run(place, [1e9, -0.0, 3.0]).tobytes() == np.array([1e9, -0.0, 3.0]).tobytes()


def test_by_value_by_hand() -> None:
    given = [3.0, -3.0, 0.5, -0.5, 0.25, 0.0, math.inf, -math.inf]
    assert clipped("by_value", given, bound=0.5) == [0.5, -0.5, 0.5, -0.5, 0.25, 0.0, 0.5, -0.5]


def test_by_norm_by_hand() -> None:
    """‖(3, 4)‖ = 5 and ‖(2, 3, 6)‖ = 7."""
    assert clipped("by_norm", [3.0, -4.0], bound=1.0) == pytest.approx([0.6, -0.8], rel=1e-15)
    assert clipped("by_norm", [2.0, 3.0, -6.0], bound=3.5) == [1.0, 1.5, -3.0]
    assert clipped("by_norm", [3.0, 4.0], bound=5.0) == [3.0, 4.0]
    assert clipped("by_norm", [0.0, 0.0], bound=5.0) == [0.0, 0.0]


def test_by_norm_makes_the_norm_the_bound_and_keeps_the_direction() -> None:
    g = np.random.default_rng(2).normal(size=50)
    found = np.array(clipped("by_norm", list(g), bound=0.3))
    assert math.hypot(*found) == pytest.approx(0.3, rel=1e-14)
    assert found @ g / (math.hypot(*found) * math.hypot(*g)) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize("clipping", KINDS)
def test_a_small_gradient_keeps_its_bits(clipping: Clipping) -> None:
    g = np.random.default_rng(3).normal(size=40)
    g *= 0.999 / math.hypot(*g)
    g[:2] = -0.0, 0.0
    assert run(place_of(clipping, 40), g).tobytes() == g.tobytes()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_exploding_gradient_keeps_its_direction(dtype: type) -> None:
    """Its squares are beyond the precision, the gradient is not."""
    large = float(np.finfo(dtype).max) / 16
    found = clipped("by_norm", [3 * large, -4 * large], dtype, bound=2.0)
    assert found == pytest.approx([1.2, -1.6], rel=1e-6)


@pytest.mark.parametrize("clipping", WORKING)
def test_what_is_no_number_stays_none(clipping: Clipping) -> None:
    """So that the loss says that the training has diverged."""
    assert np.isnan(run(place_of(clipping, 3), [1.0, math.nan, 2.0])).any()


# ---------------------------------------------------------------- what all keep to


@pytest.mark.parametrize("size", [1, 7])
@pytest.mark.parametrize("clipping", KINDS)
def test_the_cells_tell_the_truth(clipping: Clipping, size: int) -> None:
    rng = np.random.default_rng(4)
    place = place_of(clipping, size)
    for scale in (0.01, 0.4, 1.0, 30.0):
        before = rng.normal(0.0, scale, size)
        after = run(place, before)
        arrays = {**place.plan.arrays, ("", "g"): before, ("", "new g"): after}
        for i in range(size):
            ref, new = Ref("", "g", (i,)), Ref("", "new g", (i,))
            cells = clipping.cells(ref, new)
            if clipping.kind == "off":
                assert cells == ()
                continue
            ((target, expression),) = cells
            assert target == new
            said = evaluate(expression, lambda r: float(arrays[r.owner, r.array][r.index]))  # noqa: B023
            assert said == pytest.approx(after[i], rel=1e-14)


def test_the_norm_is_kept_for_the_explanation() -> None:
    place = place_of(clippings.make("by_norm"), 2)
    for g, norm in (([3.0, 4.0], 5.0), ([0.3, 0.4], 0.5)):
        run(place, g)
        assert float(place.plan.arrays[OWNER, "norm"]) == pytest.approx(norm, rel=1e-15)


@pytest.mark.parametrize("clipping", KINDS)
def test_touches_the_gradient_only(clipping: Clipping) -> None:
    place = place_of(clipping, 3)
    run(place, [5.0, -6.0, 7.0])
    assert place.theta.tolist() == [1.0, 1.0, 1.0]
    assert {line.phase for line in place.plan.lines} <= {Phase.UPDATE}
    assert {line.owner for line in place.plan.lines} <= {OWNER}


@pytest.mark.parametrize("clipping", WORKING)
def test_stays_in_single_precision(clipping: Clipping) -> None:
    """Nothing that a line reads or writes is double, and it says what double says."""
    given = [0.3, -2.5, 1.7]
    place = place_of(clipping, 3, np.float32)
    found = run(place, given)
    calls = [line.call for line in place.plan.lines if isinstance(line.call, partial)]
    assert calls
    for call in calls:
        assert {each.dtype for each in (*call.args, *call.keywords.values())} == {np.dtype(np.float32)}
    assert {array.dtype for array in place.plan.arrays.values()} <= {np.dtype(np.float32)}
    assert found == pytest.approx(run(place_of(clipping, 3), given), rel=1e-6)


@pytest.mark.parametrize("clipping", KINDS)
def test_makes_no_new_vectors(clipping: Clipping) -> None:
    place = place_of(clipping, 100_000)
    run(place, 0.1)
    tracemalloc.start()
    try:
        run(place, 3.0)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken < 1_000_000, "the copy that the test makes is all there is"


@pytest.mark.parametrize("clipping", WORKING)
def test_says_what_it_does(clipping: Clipping) -> None:
    equation, code = clipping.words
    assert equation.startswith("∂J/∂w := ")
    names: dict[str, object] = {"dW": np.array([3.0, -4.0]), "c": 1.0, "norm": 5.0}
    names |= {"clip": np.clip, "maximum": np.maximum}
    exec(code, names)  # noqa: S102 - our own words, not anyone's input
    assert names["dW"] == pytest.approx(run(place_of(clipping, 2), [3.0, -4.0]), rel=1e-15)
