"""Metrics against small examples reckoned by hand."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.core.plan import Array
from engine.core.spec import Spec
from engine.metrics import metrics

nan, inf = math.nan, math.inf

# Ten examples. From 0.5 on positive: TP 3, FP 2, FN 1, TN 4.
A = [[0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.4, 0.3, 0.2, 0.1]]
Y = [[1, 1, 0, 1, 0, 1, 0, 0, 0, 0]]

# Six examples of three classes: true 0 0 1 1 2 2, taken for 0 1 1 1 0 2.
A3 = [
    [0.6, 0.3, 0.2, 0.1, 0.5, 0.1],
    [0.3, 0.6, 0.5, 0.8, 0.1, 0.2],
    [0.1, 0.1, 0.3, 0.1, 0.4, 0.7],
]
Y3 = [[1, 1, 0, 0, 0, 0], [0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]]


def measured(kind: str, a: object, y: object, **settings: Any) -> float | Array:
    return metrics.make(Spec.of(kind, **settings)).value(np.array(a, float), np.array(y, float))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("accuracy", 0.7),
        ("precision", 0.6),
        ("recall", 0.75),
        ("f1", 2 / 3),  # 6 / (6 + 2 + 1)
        ("dice", 2 / 3),
        ("iou", 0.5),  # 3 / 6
        ("roc_auc", 20.5 / 24),  # 6 + 6 + 5 of 24 pairs, and 3 and a tie of the positive at 0.4
        ("average_precision", (1 + 1 + 3 / 4 + 4 / 7) / 4),
    ],
)
def test_one_output(kind: str, value: float) -> None:
    assert measured(kind, A, Y) == pytest.approx(value, rel=1e-14)
    # targets of −1 and 1 are the same classes
    assert measured(kind, A, 2 * np.array(Y) - 1) == measured(kind, A, Y)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("accuracy", 4 / 6),
        ("precision", (1 / 2 + 2 / 3 + 1) / 3),
        ("recall", (1 / 2 + 1 + 1 / 2) / 3),
        ("f1", (2 / 4 + 4 / 5 + 2 / 3) / 3),
        ("roc_auc", (7 / 8 + 7 / 8 + 1) / 3),
        ("average_precision", ((1 + 2 / 3) / 2 + (1 + 2 / 3) / 2 + 1) / 3),
        ("perplexity", (0.6 * 0.3 * 0.5 * 0.8 * 0.4 * 0.7) ** (-1 / 6)),
        ("bits_per_symbol", -math.log2(0.6 * 0.3 * 0.5 * 0.8 * 0.4 * 0.7) / 6),
    ],
)
def test_several_classes(kind: str, value: float) -> None:
    assert measured(kind, A3, Y3) == pytest.approx(value, rel=1e-14)


def test_confusion_matrix_has_the_truth_in_its_rows() -> None:
    assert np.array_equal(measured("confusion_matrix", A, Y), [[4, 2], [1, 3]])
    assert np.array_equal(measured("confusion_matrix", A, Y, threshold=0.65), [[5, 1], [2, 2]])
    assert np.array_equal(measured("confusion_matrix", A3, Y3), [[1, 1, 0], [0, 2, 0], [1, 0, 1]])
    assert np.isnan(measured("confusion_matrix", [[nan]], [[1]])).sum() == 4


def test_equal_outputs_go_to_the_first_class() -> None:
    a, y = [[0.4, 0.2], [0.4, 0.4], [0.2, 0.4]], [[0, 0], [1, 1], [0, 0]]
    assert measured("accuracy", a, y) == 0.5
    assert measured("hit_at_k", a, y, k=1) == 0.5
    assert measured("hit_at_k", a, y, k=2) == 1.0


def test_a_class_without_a_share_is_left_out_of_the_mean() -> None:
    """Class 2 neither occurs nor is predicted, class 1 is never predicted."""
    a, y = [[0.9, 0.8, 0.7], [0.1, 0.1, 0.2], [0.0, 0.1, 0.1]], [[1, 1, 0], [0, 0, 1], [0, 0, 0]]
    assert measured("precision", a, y) == pytest.approx(2 / 3)
    assert measured("recall", a, y) == pytest.approx(1 / 2)
    assert measured("f1", a, y) == pytest.approx((4 / 5 + 0) / 2)
    assert measured("roc_auc", a, y) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("kind", "a", "y"),
    [
        ("precision", [[0.1, 0.2]], [[1, 0]]),
        ("recall", [[0.9, 0.2]], [[0, 0]]),
        ("f1", [[0.1, 0.2]], [[0, 0]]),
        ("dice", [[0.1, 0.2]], [[0, 0]]),
        ("iou", [[0.1, 0.2]], [[0, 0]]),
        ("roc_auc", [[0.1, 0.2]], [[0, 0]]),
        ("roc_auc", [[0.1, 0.2]], [[1, 1]]),
        ("average_precision", [[0.1, 0.2]], [[0, 0]]),
        ("r2", [[0.1, 0.2, 0.3]], [[0.1, 0.1, 0.1]]),
        ("r2", [[0.1]], [[0.1]]),
        ("mape", [[0.1, 0.2]], [[0, 1]]),
        ("perplexity", [[-0.1, 0.2]], [[0, 1]]),
        ("bits_per_symbol", [[1.1, 0.2]], [[0, 1]]),
        ("hit_at_k", [[0.1, 0.2]], [[0, 1]]),
    ],
)
def test_what_is_not_defined_is_nan_and_says_why(kind: str, a: object, y: object) -> None:
    value = measured(kind, a, y)
    assert isinstance(value, float)
    assert math.isnan(value)
    assert metrics[kind].undefined


def test_area_counts_every_pair() -> None:
    rng = np.random.default_rng(4)
    for _ in range(30):
        a, y = rng.integers(0, 6, (1, 25)) / 7.0, rng.integers(2, size=(1, 25))
        pairs = list(product(a[y == 1], a[y == 0]))
        won = sum((p > n) + 0.5 * (p == n) for p, n in pairs)
        assert measured("roc_auc", a, y) == won / len(pairs)


def test_all_predictions_equal_is_chance_exactly() -> None:
    assert measured("roc_auc", [[0.3] * 7], [[1, 0, 0, 1, 0, 0, 1]]) == 0.5


def test_the_roc_curve_goes_diagonally_through_ties() -> None:
    curve = metrics.make("roc_auc").curve(np.array(A[0]), np.array(Y[0]))  # type: ignore[attr-defined]
    assert curve.thresholds.tolist() == [inf, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
    assert curve.true_positive_rate.tolist() == [0, 0.25, 0.5, 0.5, 0.75, 0.75, 1, 1, 1, 1]
    assert curve.false_positive_rate == pytest.approx(np.array([0, 0, 0, 1, 1, 2, 3, 4, 5, 6]) / 6)
    area = np.trapezoid(curve.true_positive_rate, curve.false_positive_rate)
    assert area == pytest.approx(measured("roc_auc", A, Y))


def test_curves_without_a_class_are_nan_without_a_warning() -> None:
    roc = metrics.make("roc_auc").curve(np.array([0.1, 0.2]), np.array([1, 1]))  # type: ignore[attr-defined]
    assert np.isnan(roc.false_positive_rate).all()
    assert roc.true_positive_rate.tolist() == [0, 0.5, 1]
    pr = metrics.make("average_precision").curve(np.array([0.1, 0.2]), np.array([0, 0]))  # type: ignore[attr-defined]
    assert pr.precision.tolist() == [0, 0]
    assert np.isnan(pr.recall).all()


def test_the_precision_and_recall_curve() -> None:
    found = metrics.make("average_precision").curve(np.array(A[0]), np.array(Y[0]))  # type: ignore[attr-defined]
    assert found.recall.tolist() == [0.25, 0.5, 0.5, 0.75, 0.75, 1, 1, 1, 1]
    assert found.precision == pytest.approx(
        np.array([1, 1, 2 / 3, 3 / 4, 3 / 5, 4 / 7, 4 / 8, 4 / 9, 4 / 10])
    )
    assert found.thresholds.tolist() == [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("mae", 0.5),  # (0.5 + 0.5 + 0 + 1) / 4
        ("rmse", math.sqrt(0.375)),  # (0.25 + 0.25 + 0 + 1) / 4
        ("r2", 1 - 1.5 / 29.1875),  # mean 2.875
        ("mape", 100 * (0.5 / 3 + 0.5 / 0.5 + 0 + 1 / 7) / 4),
    ],
)
def test_numbers(kind: str, value: float) -> None:
    assert measured(kind, [[2.5, 0.0, 2, 8]], [[3, -0.5, 2, 7]]) == pytest.approx(value, rel=1e-14)


def test_numbers_of_several_outputs() -> None:
    """R² 0.5 and −3; the third output has no variation."""
    a, y = [[0.5, 1.5], [3, -1], [5, 6]], [[0, 2], [1, 1 + 2], [5, 5]]
    assert measured("r2", a, y) == pytest.approx(((1 - 0.5 / 2) + (1 - 20 / 2)) / 2)
    assert measured("mae", a, y) == pytest.approx((0.5 + 0.5 + 2 + 4 + 0 + 1) / 6)
    assert measured("rmse", a, y) == pytest.approx(math.sqrt((0.25 + 0.25 + 4 + 16 + 0 + 1) / 6))


def test_equal_targets_are_constant_however_their_mean_rounds() -> None:
    assert math.isnan(measured("r2", [[0.1, 0.2, 0.3]], [[0.1, 0.1, 0.1]]))  # type: ignore[arg-type]


def test_large_errors_do_not_overflow() -> None:
    assert measured("rmse", [[3e200, 4e200]], [[0, 0]]) == pytest.approx(math.sqrt(12.5) * 1e200)
    assert measured("rmse", [[3e-200, 4e-200]], [[0, 0]]) == pytest.approx(math.sqrt(12.5) * 1e-200)
    assert measured("rmse", [[inf]], [[0]]) == inf


def test_masks_of_each_example_by_itself() -> None:
    """Overlaps 1 of 2 and 1, none of 0 and 1; the last example is empty in both and does not count."""
    a = [[0.9, 0.1, 0.2], [0.7, 0.3, 0.1], [0.2, 0.1, 0.4]]
    y = [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert measured("dice", a, y) == pytest.approx(2 / 4)
    assert measured("dice", a, y, each=True) == pytest.approx((2 / 3 + 0) / 2)
    assert measured("iou", a, y) == pytest.approx(1 / 3)
    assert measured("iou", a, y, each=True) == pytest.approx((1 / 2 + 0) / 2)


def test_perplexity_of_guessing_is_the_number_of_classes() -> None:
    y = np.eye(5)[:, [0, 3, 3, 1]]
    assert measured("perplexity", np.full((5, 4), 0.2), y) == pytest.approx(5)
    assert measured("bits_per_symbol", np.full((8, 3), 1 / 8), np.eye(8)[:, :3]) == 3.0
    assert measured("bits_per_symbol", [[0.25, 0.25]], [[1, 0]]) == pytest.approx(2 - math.log2(3) / 2)


def test_certainty_costs_nothing_and_a_denied_truth_everything() -> None:
    assert measured("bits_per_symbol", [[1, 0], [0, 1]], [[1, 0], [0, 1]]) == 0.0
    assert measured("perplexity", [[1, 0], [0, 1]], [[1, 0], [0, 1]]) == 1.0
    assert measured("bits_per_symbol", [[1, 0], [0, 1]], [[1, 1], [0, 0]]) == inf
    assert measured("perplexity", [[1, 0], [0, 1]], [[1, 1], [0, 0]]) == inf
    # a softmax in single precision may come out a little above 1
    assert measured("perplexity", [[1.0000001]], [[1]]) == 1.0


def test_hits_at_k() -> None:
    """The true class ranks 1, 2, 1, 1, 2, 1."""
    assert measured("hit_at_k", A3, Y3, k=1) == measured("accuracy", A3, Y3)
    assert measured("hit_at_k", A3, Y3, k=2) == 1.0
    ranks = np.array([[0.1, 0.4], [0.2, 0.3], [0.3, 0.2], [0.4, 0.1]])
    first = np.eye(4)[:, [0, 0]]
    assert [measured("hit_at_k", ranks, first, k=k) for k in (1, 2, 3, 4, 9)] == [0.5, 0.5, 0.5, 1, 1]
