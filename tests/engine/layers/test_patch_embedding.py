"""Patch embedding: which pixels make a patch, the product with W, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.gradient_check import gradient_check
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.trace import Trace


def test_patches_row_by_row() -> None:
    """W picks single pixels: the first of each patch, and the last of its second channel."""
    image = np.arange(2 * 4 * 6.0).reshape(2, 4, 6, 1)
    W = np.zeros((2, 8))
    W[0, 0] = W[1, 7] = 1.0
    layer = layers.make(Spec.of("patch_embedding", patch=2, bias=False))
    run = run_layer(layer, image, units=2, parameters={"W.x": W})
    assert run.a[0, :, 0].tolist() == [0, 2, 4, 12, 14, 16]
    assert run.a[1, :, 0].tolist() == [31, 33, 35, 43, 45, 47]


@pytest.mark.parametrize("bias", [True, False])
def test_against_patches_cut_one_by_one(bias: bool) -> None:
    rng = np.random.default_rng(1)
    p, m, d = 3, 4, 5
    x, W, b = rng.normal(size=(2, 6, 9, m)), rng.normal(size=(d, 18)), rng.normal(size=(d, 1)) * bias
    da, T = rng.normal(size=(d, 6, m)), 6
    a, dW, back = np.zeros((d, T, m)), np.zeros_like(W), np.zeros_like(x)
    for t in range(T):
        y, column = 3 * (t // 3), 3 * (t % 3)
        patch = x[:, y : y + p, column : column + p].reshape(18, m)
        a[:, t] = W @ patch + b
        dW += da[:, t] @ patch.T
        back[:, y : y + p, column : column + p] = (W.T @ da[:, t]).reshape(2, p, p, m)
    layer = layers.make(Spec.of("patch_embedding", patch=p, bias=bias))
    run = run_layer(layer, x, units=d, parameters={"W.x": W, **({"b": b} if bias else {})}, da=da)
    np.testing.assert_allclose(run.a, a, atol=1e-12)
    np.testing.assert_allclose(run.gradients["W.x"], dW, atol=1e-12)
    if bias:
        np.testing.assert_allclose(run.gradients["b"][:, 0], da.sum(axis=(1, 2)), atol=1e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0], back, atol=1e-12)


def test_it_is_a_convolution_whose_windows_do_not_overlap() -> None:
    rng = np.random.default_rng(2)
    x, W, b = rng.normal(size=(3, 8, 4, 2)), rng.normal(size=(5, 3, 4, 4)), rng.normal(size=(5, 1))
    conv = layers.make(Spec.of("conv2d", kernel=4, stride=4, padding="valid", activation=Spec("identity")))
    one = run_layer(conv, x, units=5, parameters={"W.x": W, "b": b})
    two = run_layer(layers.make("patch_embedding"), x, units=5, parameters={"W.x": W.reshape(5, 48), "b": b})
    np.testing.assert_allclose(two.a, one.a.reshape(5, 2, 2), atol=1e-12)


def test_explanations_and_gradients(
    some_data: Callable[..., object], some_learned: Callable[..., object], running: Callable[..., object],
    check_truth: Callable[..., int], check_steps: Callable[..., None],
) -> None:  # fmt: skip
    document = Document(
        layers=(
            Layer("input", Spec.of("input", shape="2x4x2"), tuple(range(16))),
            Layer("before", Spec.of("activation", activation=Spec("tanh")), (0,)),
            Layer("it", Spec.of("patch_embedding", patch=2), (0, 1, 2)),
            Layer("flat", Spec("flatten"), (0,)),
            Layer("output", Spec("output"), (0, 1)),
        ),
        connections=(
            Connection("input", "before"),
            Connection("before", "it"),
            Connection("it", "flat"),
            Connection("flat", "output"),
        ),
        loss=Spec("mse"),
    )
    data, learned = some_data(document, 2), some_learned(document)
    assert gradient_check(running(document, data, learned)).agrees(1e-6)
    trace = Trace(document, data, learned, np.arange(2))  # type: ignore[arg-type]
    assert check_truth(trace) > 100
    check_steps(trace)
    z = {
        step.target.index: step.of for step in trace if (step.target.owner, step.target.array) == ("it", "a")
    }
    assert set(z.values()) == {8 + 2}, "8 products, their sum, the bias"


def test_what_does_not_fit_is_refused_with_a_sentence() -> None:
    layer = layers.make("patch_embedding")
    with pytest.raises(DocumentError, match=r"Patches of 4×4 do not fill an image of 8×6: .*\.$"):
        layer.output_shape(3, [(1, 8, 6)])
    with pytest.raises(DocumentError, match=r"takes an image: .*\.$"):
        layer.output_shape(3, [(8, 8)])
    assert layer.output_shape(3, [(1, 28, 28)]) == (3, 49)
