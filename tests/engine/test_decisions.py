"""Decisions of a classifier counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data_of import data_of
from engine.datasets import Data
from engine.datasets.base import Task
from engine.decisions import decisions
from engine.samples import first_light


def binary(Y: list[float], classes: tuple[str, ...] = ("no", "yes")) -> Data:
    y = np.array([Y])
    return Data(np.zeros((1, len(Y))), y, ("x",), ("y",), Task.BINARY, classes)


def many(codes: list[int], k: int = 3) -> Data:
    Y = np.eye(k)[:, codes]
    return Data(np.zeros((1, len(codes))), Y, ("x",), tuple("abc"[:k]), Task.CLASSES, tuple("abc"[:k]))


def test_two_classes() -> None:
    found = decisions(np.array([[0.9, 0.4, 0.6, 0.1, 0.5]]), binary([1, 1, 0, 0, 1]))
    assert found is not None and found.classes == ("no", "yes")
    assert found.counts.tolist() == [[1, 1], [1, 2]] and found.right == 3
    assert found.sure is not None
    assert found.sure.tolist() == pytest.approx([0.9, 0.6, 0.6, 0.9, 0.5])
    assert found.mistakes().tolist() == [1, 2] and found.mistakes(1, 1).tolist() == [0, 4]
    # pairs (positive, negative): 0.9 beats 0.6 and 0.1, 0.4 beats 0.1, 0.5 beats 0.1
    assert found.areas == pytest.approx((4 / 6,))


def test_targets_of_minus_one_part_at_zero() -> None:
    found = decisions(np.array([[0.2, -0.2, 0.9]]), binary([1, -1, -1]))
    assert found is not None and found.predicted.tolist() == [1, 0, 1] and found.counts[0].tolist() == [1, 1]


def test_several_classes() -> None:
    a = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.6], [0.1, 0.3, 0.3]])
    found = decisions(a, many([0, 2, 1]))
    assert found is not None and found.counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 0]]
    assert found.mistakes().tolist() == [1] and len(found.curves) == 3
    assert found.sure is not None and found.sure.tolist() == [0.7, 0.5, 0.6]


def test_calibration_by_hand() -> None:
    found = decisions(np.array([[0.95, 0.92, 0.91, 0.05, 0.62]]), binary([1, 1, 0, 0, 1]))
    assert found is not None
    calibration = found.calibration
    assert calibration is not None and calibration.counts.tolist() == [0] * 6 + [1, 0, 0, 4]
    assert calibration.sure[9] == pytest.approx((0.95 + 0.92 + 0.91 + 0.95) / 4)
    assert calibration.right[9] == 0.75 and calibration.right[6] == 1.0
    assert calibration.error == pytest.approx((4 * abs(0.75 - 0.9325) + abs(1 - 0.62)) / 5)


def test_outputs_that_are_no_shares_have_no_calibration() -> None:
    found = decisions(np.array([[2.0, -1.0], [1.0, 3.0], [0.0, 0.0]]), many([0, 1]))
    assert found is not None and found.sure is None and found.calibration is None
    assert found.mistakes().tolist() == []


def test_what_is_no_number_is_never_right_by_chance() -> None:
    found = decisions(np.array([[np.nan, 0.9, 0.2]]), binary([1, 1, 0]))
    assert found is not None and found.right == 2 and found.curves == () and found.sure is None


def test_no_classes_no_decisions() -> None:
    data = binary([1, 0])
    regression = Data(data.X, data.Y, data.features, data.targets, Task.REGRESSION)
    assert decisions(np.array([[0.3, 0.1]]), regression) is None
    assert decisions(np.array([[0.3, 0.1]]), binary([1, 1])) is None


def test_the_first_network_on_its_own_data() -> None:
    data = data_of(first_light())
    found = decisions(data.Y.copy(), data)
    assert found is not None and found.right == 4 and found.areas == (1.0,)
