"""The embedding against a plain look-up, and numbers that are no symbols."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.plan import Array
from engine.core.problems import DocumentError, KnobError
from engine.core.spec import Spec
from engine.layers import LayerKind, layers


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("embedding", **knobs))


def wave(shift: float, *shape: int) -> Array:
    """sin(shift), sin(shift + 1), ... in C order."""
    return np.sin(shift + np.arange(np.prod(shape))).reshape(shape)


X = np.array([[0.0, 3.0], [4.0, 3.0], [0.0, 1.0]])
"""Two texts of three symbols."""


def test_the_gradient_has_the_numbers_of_pytorch() -> None:
    run = run_layer(made(vocabulary=5), X, units=2, parameters={"W": wave(1, 2, 5)}, da=wave(3, 2, 3, 2))
    np.testing.assert_allclose(
        run.gradients["W"],
        [
            [0.798106606779, 0.989358246623, 0.0, -1.036217993507, -0.958924274663],
            [0.832285522068, 0.990607355695, 0.0, -1.08059402889, -0.999990206551],
        ],
        rtol=0,
        atol=2e-12,
    )


def test_every_symbol_gets_its_column() -> None:
    W = wave(1, 2, 5)
    run = run_layer(made(vocabulary=5), X, units=2, parameters={"W": W})
    assert run.a.shape == (2, 3, 2)
    for t in range(3):
        for e in range(2):
            np.testing.assert_array_equal(run.a[:, t, e], W[:, int(X[t, e])])


def test_a_column_gathers_the_gradients_of_all_its_places() -> None:
    x = np.random.default_rng(1).integers(7, size=(6, 5)).astype(float)
    da = wave(0, 3, 6, 5)
    run = run_layer(made(vocabulary=9), x, units=3, da=da)
    wanted = np.zeros((3, 9))
    for t in range(6):
        for e in range(5):
            wanted[:, int(x[t, e])] += da[:, t, e]
    np.testing.assert_allclose(run.gradients["W"], wanted, rtol=0, atol=1e-13)
    assert (wanted[:, 7:] == 0).all() and (run.gradients["W"][:, 7:] == 0).all()
    there = run.da_prev[0]
    assert there is not None and (there == 0).all()


@pytest.mark.parametrize(
    ("number", "symbol"),
    [(-1, 0), (-1e300, 0), (5, 4), (1e300, 4), (np.inf, 4), (-np.inf, 0), (np.nan, 0), (1.6, 2), (3.4, 3)],
)
def test_what_is_no_symbol_counts_as_the_nearest_one(number: float, symbol: int) -> None:
    W = wave(1, 2, 5)
    with np.errstate(all="raise"):
        run = run_layer(
            made(vocabulary=5), np.array([[number]]), units=2, parameters={"W": W}, da=np.ones((2, 1, 1))
        )
    np.testing.assert_array_equal(run.a[:, 0, 0], W[:, symbol])
    np.testing.assert_array_equal(run.gradients["W"], np.eye(5)[[symbol, symbol]])
    assert evaluate(run.cell("a", 1, 0), run.lookup) == W[1, symbol]


def test_single_precision_stays_single() -> None:
    run = run_layer(made(vocabulary=5), X, units=2, da=wave(3, 2, 3, 2), dtype=np.float32)
    assert run.a.dtype == run.gradients["W"].dtype == np.float32


def test_the_first_weights_are_normal_or_as_chosen() -> None:
    (block,) = made(vocabulary=7).blocks("it", (4, 3), [("x", (3,))])
    assert block.shape == (4, 7) and block.parts[0].start == Spec("normal")
    (block,) = made(initializer=Spec("zeros")).blocks("it", (4, 3), [("x", (3,))])
    assert block.parts[0].start == Spec("zeros")


@pytest.mark.parametrize("shape", [(3, 4), (2, 4, 4)])
def test_it_takes_a_vector_of_symbols(shape: tuple[int, ...]) -> None:
    with pytest.raises(DocumentError, match="vector of symbol numbers"):
        made().output_shape(3, [shape])


def test_a_vocabulary_has_at_least_one_symbol() -> None:
    with pytest.raises(KnobError, match="Vocabulary"):
        made(vocabulary=0)
