"""The class token stands first and lets the others through."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers import layers

TOKEN = layers.make(Spec("class_token"))


def test_it_stands_before_the_sequence_of_every_example() -> None:
    rng = np.random.default_rng(0)
    x, c, da = rng.normal(size=(3, 4, 2)), np.array([[5.0], [6.0], [7.0]]), rng.normal(size=(3, 5, 2))
    run = run_layer(TOKEN, x, parameters={"token": c}, da=da)
    assert run.a.shape == (3, 5, 2)
    np.testing.assert_array_equal(run.a[:, 0], [[5, 5], [6, 6], [7, 7]])
    np.testing.assert_array_equal(run.a[:, 1:], x)
    np.testing.assert_allclose(run.gradients["token"][:, 0], da[:, 0, 0] + da[:, 0, 1], rtol=0, atol=1e-15)
    np.testing.assert_array_equal(run.da_prev[0], da[:, 1:])


def test_it_starts_small_or_as_chosen() -> None:
    assert run_layer(TOKEN, np.zeros((64, 1, 1))).a[:, 0].std() == pytest.approx(0.02, rel=0.3)
    zeros = layers.make(Spec.of("class_token", initializer=Spec("zeros")))
    assert (run_layer(zeros, np.ones((3, 2, 1))).a[:, 0] == 0).all()


def test_single_precision_stays_single() -> None:
    run = run_layer(TOKEN, np.ones((3, 4, 2)), da=np.ones((3, 5, 2)), dtype=np.float32)
    assert run.a.dtype == run.gradients["token"].dtype == np.float32


@pytest.mark.parametrize("shape", [(3,), (2, 4, 4)])
def test_it_takes_sequences(shape: tuple[int, ...]) -> None:
    with pytest.raises(DocumentError, match="before a sequence"):
        TOKEN.output_shape(3, [shape])
