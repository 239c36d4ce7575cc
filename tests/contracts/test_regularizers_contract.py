"""Every regularizer: R, its derivative, its lines in the plan and its cell say the same."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from engine.core.expressions import Ref, evaluate
from engine.core.knobs import knobs
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec
from engine.optimizers import UpdatePlace
from engine.optimizers.base import OWNER
from engine.regularizers import Regularizer, regularizers

KINDS = [pytest.param(cls(), id=cls.kind) for cls in regularizers]
CONVENTIONS = [
    pytest.param(regularizers.make(Spec.of("l2", convention=each)), id=f"l2 {each}") for each in ("λ/2m", "λ")
]
ALL = [*KINDS, *CONVENTIONS]
WORKING = [each for each in ALL if each.values[0].kind != "none"]  # type: ignore[attr-defined]
THETA = [3.0, -4.0, 0.0, 0.5]


def place_of(
    regularizer: Regularizer,
    weights: Array | None,
    m: int = 1,
    dtype: type = float,
    free: Array | None = None,
    theta: Any = THETA,
) -> UpdatePlace:
    theta = np.array(theta, dtype)
    place = UpdatePlace(
        Plan(m, np.dtype(dtype)), theta, np.zeros_like(theta), {}, np.zeros((), dtype), free=free
    )
    regularizer.lines(place, weights)
    return place


def run(place: UpdatePlace, gradient: Any = 0.0) -> Array:
    place.gradient[:] = gradient
    for call in place.plan.calls(Phase.UPDATE):
        call()
    return place.gradient.copy()


# ---------------------------------------------------------------- values, λ = 0.1, m = 5

BY_HAND = [
    (Spec("none"), 0.0, [0.0, 0.0, 0.0, 0.0]),
    (Spec.of("l2", strength=0.1, convention="λ/2m"), 0.2525, [0.06, -0.08, 0.0, 0.01]),
    (Spec.of("l2", strength=0.1, convention="λ/2"), 1.2625, [0.3, -0.4, 0.0, 0.05]),
    (Spec.of("l2", strength=0.1, convention="λ"), 2.525, [0.6, -0.8, 0.0, 0.1]),
    (Spec.of("l1", strength=0.1), 0.75, [0.1, -0.1, 0.0, 0.1]),
    (Spec.of("elastic_net", strength=0.1, share=0.2), 1.16, [0.26, -0.34, 0.0, 0.06]),
    (Spec.of("elastic_net", strength=0.1, share=1.0), 0.75, [0.1, -0.1, 0.0, 0.1]),
    (Spec.of("elastic_net", strength=0.1, share=0.0), 1.2625, [0.3, -0.4, 0.0, 0.05]),
]
"""R of (3, −4, 0, ½), whose squares add up to 25.25 and whose sizes to 7.5, and ∂R/∂w."""


@pytest.mark.parametrize(("spec", "penalty", "slopes"), BY_HAND)
def test_by_hand(spec: Spec, penalty: float, slopes: list[float]) -> None:
    regularizer, theta = regularizers.make(spec), np.array(THETA)
    assert regularizer.penalty(theta, None, 5) == pytest.approx(penalty, rel=1e-14)
    assert regularizer.gradient(theta, 5) == pytest.approx(np.array(slopes), rel=1e-14)
    added = run(place_of(regularizer, None, 5), [1.0, 2.0, 3.0, 4.0])
    assert added - [1.0, 2.0, 3.0, 4.0] == pytest.approx(np.array(slopes), rel=1e-13, abs=1e-15)


def test_every_kind_is_calculated_by_hand() -> None:
    assert {spec.kind for spec, _, _ in BY_HAND} == {cls.kind for cls in regularizers}


# ---------------------------------------------------------------- what all keep to


@pytest.mark.parametrize("regularizer", ALL)
def test_the_gradient_is_the_slope_of_the_penalty(regularizer: Regularizer) -> None:
    """Central differences, away from the corner of |w|."""
    theta, m, h = np.random.default_rng(1).normal(size=9), 4, 1e-5
    assert np.abs(theta).min() > h
    for i, slope in enumerate(regularizer.gradient(theta, m)):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        measured = (regularizer.penalty(up, None, m) - regularizer.penalty(down, None, m)) / (2 * h)
        assert slope == pytest.approx(measured, rel=1e-7, abs=1e-11)


@pytest.mark.parametrize("m", [1, 6])
@pytest.mark.parametrize("regularizer", ALL)
def test_the_lines_add_the_gradient_where_it_is_wanted(regularizer: Regularizer, m: int) -> None:
    theta = np.array(THETA)
    share = regularizer.gradient(theta, m)
    start = np.array([0.5, -0.5, 0.25, 8.0])
    for mask in (None, np.array([1.0, 0.0, 1.0, 0.0]), np.zeros(4)):
        for free in (None, np.array([1.0, 1.0, 0.0, 0.0])):
            wanted = share * (1.0 if mask is None else mask) * (1.0 if free is None else free)
            place = place_of(regularizer, mask, m, free=free)
            for _ in range(2):
                assert run(place, start) == pytest.approx(start + wanted, rel=1e-14)
            assert place.theta.tolist() == THETA


@pytest.mark.parametrize("regularizer", ALL)
def test_the_penalty_counts_what_is_penalised(regularizer: Regularizer) -> None:
    theta, mask = np.array(THETA), np.array([1.0, 0.0, 0.0, 1.0])
    there = regularizer.penalty(theta, mask, 3)
    assert there == pytest.approx(regularizer.penalty(np.array([3.0, 0.5]), None, 3), rel=1e-15)
    assert regularizer.penalty(theta, np.zeros(4), 3) == 0.0
    assert isinstance(there, float)


@pytest.mark.parametrize("m", [1, 6])
@pytest.mark.parametrize("regularizer", ALL)
def test_the_cell_tells_the_truth(regularizer: Regularizer, m: int) -> None:
    added = run(place_of(regularizer, None, m))
    for w, slope in zip(THETA, added, strict=True):
        assert evaluate(regularizer.cell(Ref("", "w", (0,)), m), lambda _, w=w: w) == pytest.approx(
            slope, rel=1e-14
        )


def test_the_elastic_net_is_l1_and_l2() -> None:
    theta = np.random.default_rng(6).normal(size=20)
    net = regularizers.make(Spec.of("elastic_net", strength=0.3, share=0.25))
    one = regularizers.make(Spec.of("l1", strength=0.3))
    two = regularizers.make(Spec.of("l2", strength=0.3, convention="λ/2"))
    mixed = 0.25 * one.gradient(theta) + 0.75 * two.gradient(theta)
    assert net.gradient(theta) == pytest.approx(mixed, rel=1e-14)


def test_ngs_convention_divides_by_the_examples_of_the_plan() -> None:
    """As J does: with half the examples in a batch the share is twice as large."""
    ng = regularizers.make(Spec.of("l2", strength=0.1, convention="λ/2m"))
    whole, half = (run(place_of(ng, None, m)) for m in (8, 4))
    assert half == pytest.approx(2 * whole, rel=1e-15)


@pytest.mark.parametrize("regularizer", WORKING)
def test_shrinks_every_weight_and_leaves_zero(regularizer: Regularizer) -> None:
    added = run(place_of(regularizer, None))
    assert (np.sign(added) == np.sign(THETA)).all()


@pytest.mark.parametrize("regularizer", WORKING)
def test_without_strength_the_gradient_keeps_its_value(regularizer: Any) -> None:
    start = np.array([0.1, -0.2, 0.0, 1e-9])
    assert (run(place_of(replace(regularizer, strength=0.0), None), start) == start).all()


def test_none_enters_no_line() -> None:
    assert place_of(regularizers.make("none"), None).plan.lines == []


@pytest.mark.parametrize("regularizer", WORKING)
def test_leaves_the_biases_alone_unless_told(regularizer: Any) -> None:
    assert regularizer.biases is False
    assert "biases" in {each.name for each in knobs(type(regularizer))}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("regularizer", WORKING)
def test_stays_in_single_precision(regularizer: Regularizer, masked: bool) -> None:
    """Nothing that a line reads or writes is double, even if the mask is."""
    mask = np.array([1.0, 1.0, 0.0, 1.0]) if masked else None
    place = place_of(regularizer, mask, 3, np.float32)
    found = run(place, 0.25)
    for line in place.plan.lines:
        assert (line.phase, line.owner) == (Phase.UPDATE, OWNER)
        assert isinstance(line.call, partial)
        assert {each.dtype for each in line.call.args} == {np.dtype(np.float32)}
    assert found == pytest.approx(run(place_of(regularizer, mask, 3), 0.25), rel=1e-6)
    assert regularizer.gradient(np.ones(3, np.float32), 3).dtype == np.float32


@pytest.mark.parametrize("regularizer", ALL)
def test_makes_no_new_vectors(regularizer: Regularizer) -> None:
    place = place_of(regularizer, np.ones(100_000), theta=np.full(100_000, 0.5))
    calls = place.plan.calls(Phase.UPDATE)
    tracemalloc.start()
    try:
        for call in calls:
            call()
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("regularizer", WORKING)
def test_says_what_it_does(regularizer: Any) -> None:
    """The line of Python that is shown, run as it stands, adds the gradient."""
    equation, code = regularizer.words
    assert equation.startswith("∂J/∂w + ")
    names: dict[str, Any] = {"dW": np.zeros(4), "W": np.array(THETA), "strength": regularizer.strength}
    names |= {"m": 7, "sign": np.sign, "share": getattr(regularizer, "share", math.nan)}
    exec(code, names)  # noqa: S102 - our own words, not anyone's input
    assert names["dW"] == pytest.approx(regularizer.gradient(np.array(THETA), 7), rel=1e-14)
