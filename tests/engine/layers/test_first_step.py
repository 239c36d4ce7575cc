"""The first step: what stands there goes on, and its gradient goes back there alone."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.layers import layers

FIRST = layers.make("first_step")


def test_takes_the_first_step_and_hands_back_there() -> None:
    rng = np.random.default_rng(1)
    x, da = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
    run = run_layer(FIRST, x, da=da)
    assert np.array_equal(run.a, x[:, 0])
    expected = np.zeros_like(x)
    expected[:, 0] = da
    assert np.array_equal(run.da_prev[0], expected)


def test_padding_before_the_first_symbol_is_passed_over() -> None:
    x = np.arange(12.0).reshape(1, 4, 3)
    marks = np.array([[0, 5, 0], [2, 0, 0], [1, 1, 0], [0, 3, 0]])
    run = run_layer(FIRST, x, marks, da=np.ones((1, 3)))
    assert run.a[0].tolist() == [x[0, 1, 0], x[0, 0, 1], 0.0]
    assert run.da_prev[0][0].tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_reads_off_a_class_token() -> None:
    x, token = np.ones((2, 3, 1)), np.array([[7.0], [8.0]])
    headed = run_layer(layers.make("class_token"), x, parameters={"token": token}).a
    assert run_layer(FIRST, headed).a[:, 0].tolist() == [7.0, 8.0]


def test_a_vector_has_no_steps() -> None:
    with pytest.raises(DocumentError, match="First step takes a sequence"):
        run_layer(FIRST, np.ones((3, 1)))
