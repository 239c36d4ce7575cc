"""Positions as waves and as learned vectors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers import LayerKind, layers


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("positional_encoding", **knobs))


@pytest.mark.parametrize("d", [1, 4, 5])
def test_the_waves_are_those_of_the_paper(d: int) -> None:
    x = np.random.default_rng(0).normal(size=(d, 6, 2))
    run = run_layer(made(), x)
    for t in range(6):
        for i in range(d):
            angle = t / 10000 ** (2 * (i // 2) / d)
            wanted = math.cos(angle) if i % 2 else math.sin(angle)
            assert run.arrays["PE"][i, t] == pytest.approx(wanted, abs=1e-15)
            np.testing.assert_allclose(run.a[i, t], x[i, t] + wanted, rtol=0, atol=1e-15)


def test_known_values_of_four_features() -> None:
    table = run_layer(made(), np.zeros((4, 3, 1))).arrays["PE"]
    np.testing.assert_allclose(
        table.T,
        [
            [0, 1, 0, 1],
            [0.8414709848, 0.5403023059, 0.0099998333, 0.9999500004],
            [0.9092974268, -0.4161468365, 0.0199986667, 0.9998000067],
        ],
        atol=1e-10,
    )


def test_the_step_from_one_position_to_another_is_always_the_same_turn() -> None:
    """A shift by k multiplies each pair (sin, cos) by one rotation, wherever it starts."""
    table = run_layer(made(), np.zeros((6, 20, 1))).arrays["PE"]
    for pair in range(3):
        sine, cosine = table[2 * pair], table[2 * pair + 1]
        turn = 7 / 10000 ** (2 * pair / 6)
        np.testing.assert_allclose(
            sine[7:], sine[:-7] * math.cos(turn) + cosine[:-7] * math.sin(turn), rtol=0, atol=1e-14
        )


def test_learned_positions_are_added_and_gather_their_gradient() -> None:
    rng = np.random.default_rng(1)
    x, P, da = rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 4)), rng.normal(size=(3, 4, 5))
    run = run_layer(made(form="learned"), x, parameters={"P": P}, da=da)
    np.testing.assert_array_equal(run.a, x + P[:, :, None])
    np.testing.assert_allclose(run.gradients["P"], sum(da[:, :, e] for e in range(5)), rtol=0, atol=1e-14)
    np.testing.assert_array_equal(run.da_prev[0], da)


def test_waves_have_nothing_to_learn() -> None:
    assert made().blocks("it", (3, 4), [("x", (3, 4))]) == ()
    (block,) = made(form="learned").blocks("it", (3, 4), [("x", (3, 4))])
    assert block.shape == (3, 4) and block.parts[0].axes == ("it", None)


@pytest.mark.parametrize("form", ["sinusoidal", "learned"])
def test_single_precision_stays_single(form: str) -> None:
    x = np.ones((3, 4, 2))
    run = run_layer(made(form=form), x, da=x, dtype=np.float32)
    assert all(each.dtype == np.float32 for each in run.arrays.values())


@pytest.mark.parametrize("shape", [(3,), (2, 4, 4)])
def test_it_takes_sequences(shape: tuple[int, ...]) -> None:
    with pytest.raises(DocumentError, match="takes sequences"):
        made().output_shape(3, [shape])
