"""Every metric: it says what it suits, prefers the truth, and has no number where there is none."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.core.knobs import knobs
from engine.core.plan import Array
from engine.datasets.base import Task
from engine.metrics import Metric, metrics

KINDS = [pytest.param(cls(), id=cls.kind) for cls in metrics]
SINGLE = [pytest.param(cls(), id=cls.kind) for cls in metrics if cls.better]


def examples(task: str, m: int = 40, seed: int = 3) -> tuple[Array, Array]:
    """Predictions and targets as a network gives them for the task, with ties."""
    rng = np.random.default_rng(seed)
    if task == Task.REGRESSION:
        return rng.normal(size=(2, m)).round(1), rng.normal(size=(2, m)).round(2) + 10.0
    if task == Task.BINARY:
        return rng.integers(1, 10, (1, m)) / 10.0, rng.integers(2, size=(1, m)).astype(float)
    scores = rng.integers(1, 5, (7, m)).astype(float)
    return scores / scores.sum(axis=0), np.eye(7)[:, rng.integers(7, size=m)]


def tasks(kind: Metric) -> list[str]:
    return sorted(kind.tasks)


@pytest.mark.parametrize("kind", KINDS)
def test_says_what_it_is(kind: Metric) -> None:
    assert kind.tasks
    assert kind.tasks <= set(Task)
    assert kind.better in {"higher", "lower", ""}
    assert kind.unit in {"", "%", "bit", "target"}
    assert not kind.undefined or (kind.undefined.startswith("Undefined ") and kind.undefined.endswith("."))


@pytest.mark.parametrize("kind", SINGLE)
def test_is_one_number_of_python(kind: Metric) -> None:
    for task in tasks(kind):
        value = kind.value(*examples(task))
        assert type(value) is float
        assert math.isfinite(value)


@pytest.mark.parametrize("kind", SINGLE)
def test_nothing_is_better_than_the_truth(kind: Metric) -> None:
    for task in tasks(kind):
        for seed in range(5):
            a, y = examples(task, seed=seed)
            best, some = kind.value(y, y), kind.value(a, y)
            assert isinstance(best, float)
            assert best == pytest.approx({"higher": 1.0}.get(kind.better, best))
            assert best >= some if kind.better == "higher" else best <= some


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_examples_is_nothing_to_it(kind: Metric) -> None:
    order = np.random.default_rng(1).permutation(40)
    for task in tasks(kind):
        a, y = examples(task)
        assert kind.value(a[:, order], y[:, order]) == pytest.approx(kind.value(a, y), rel=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_leaves_its_arguments_alone_and_takes_any_kind_of_numbers(kind: Metric) -> None:
    for task in tasks(kind):
        a, y = examples(task)
        before = a.tobytes(), y.tobytes()
        a.setflags(write=False)
        y.setflags(write=False)
        value = kind.value(a, y)
        assert (a.tobytes(), y.tobytes()) == before
        # ties must stay ties, so only the targets of classes are given in another type
        whole = y.astype(np.int64) if task != Task.REGRESSION else y
        assert kind.value(a, whole) == pytest.approx(value, rel=1e-15)
        assert kind.value(np.asfortranarray(a), np.asfortranarray(y)) == pytest.approx(value, rel=1e-13)
        assert kind.value(a.astype(np.float32), y.astype(np.float32)) == pytest.approx(value, rel=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_without_examples_or_with_nan_there_is_no_number(kind: Metric) -> None:
    """And no warning: the tests turn every warning into an error."""
    for task in tasks(kind):
        a, y = examples(task)
        assert np.isnan(kind.value(a[:, :0], y[:, :0])).all()
        broken = a.copy()
        broken[0, 3] = np.nan
        assert np.isnan(kind.value(broken, y)).all()
        assert np.isnan(kind.value(a, np.where(np.isnan(broken), np.nan, y))).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [0.0, 1.0, -1.0, 1e-300, 1e300, np.inf, -np.inf])
@pytest.mark.parametrize("target", [0.0, 1.0, -1.0])
@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 1), (3, 4)])
def test_odd_numbers_bring_no_warning(
    kind: Metric, number: float, target: float, shape: tuple[int, int]
) -> None:
    a, y = np.full(shape, number), np.full(shape, target)
    value = kind.value(a, y)
    if np.isnan(value).any():
        assert kind.undefined, "nan, and nobody says why"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("a", "y"), [((2, 3), (2, 4)), ((1, 3), (2, 3)), ((3,), (3,)), ((1, 2, 3), (1, 2, 3)), ((), ())]
)
def test_arrays_that_do_not_fit_are_refused(kind: Metric, a: tuple[int, ...], y: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="both must be"):
        kind.value(np.zeros(a), np.zeros(y))


@pytest.mark.parametrize("kind", KINDS)
def test_a_threshold_is_met_by_its_own_number(kind: Metric) -> None:
    """E27: from 0.5 on, with ≥, it is class 1."""
    if "threshold" not in {each.name for each in knobs(type(kind))}:
        return
    y = np.array([[1.0, 0.0]])
    assert np.array_equal(kind.value(np.array([[0.5, np.nextafter(0.5, 0.0)]]), y), kind.value(y, y))


def test_a_metric_for_every_task() -> None:
    for task in Task:
        assert [cls for cls in metrics if task in cls.tasks]
