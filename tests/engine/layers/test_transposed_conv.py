"""Transposed convolution: stamps written out, the reverse of a convolution, and its explanation."""

from __future__ import annotations

import itertools
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

IDENTITY = Spec("identity")


def test_by_hand() -> None:
    """Each pixel stamps its multiple of the kernel; where stamps overlap they add up."""
    x = np.array([[[1.0, 2], [3, 4]]])[..., None]
    W = np.ones((1, 1, 2, 2))
    apart = layers.make(Spec.of("transposed_conv2d", kernel=2, activation=IDENTITY, padding="valid"))
    run = run_layer(apart, x, units=1, parameters={"W.x": W, "b": [[10.0]]})
    assert run.a[0, :, :, 0].tolist() == [
        [11, 11, 12, 12],
        [11, 11, 12, 12],
        [13, 13, 14, 14],
        [13, 13, 14, 14],
    ]
    over = layers.make(Spec.of("transposed_conv2d", kernel=2, stride=1, activation=IDENTITY, padding="valid"))
    run = run_layer(over, x, units=1, parameters={"W.x": W, "b": [[0.0]]})
    assert run.a[0, :, :, 0].tolist() == [[1, 3, 2], [4, 10, 6], [3, 7, 4]]


@pytest.mark.parametrize("dims", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "1", "2"])
@pytest.mark.parametrize(
    ("kernel", "stride", "dilation"), [(3, 1, 1), (4, 2, 1), (2, 3, 1), (2, 2, 2), (3, 2, 2)]
)
def test_against_stamps_written_out(dims: int, padding: str, kernel: int, stride: int, dilation: int) -> None:
    rng = np.random.default_rng(kernel)
    sizes, m, cut = (5, 4)[:dims], 2, 0 if padding == "valid" else int(padding)
    x, W, b = (
        rng.normal(size=(3, *sizes, m)),
        rng.normal(size=(2, 3, *(kernel,) * dims)),
        rng.normal(size=(2, 1)),
    )
    out = tuple((n - 1) * stride - 2 * cut + dilation * (kernel - 1) + 1 for n in sizes)
    da = rng.normal(size=(2, *out, m))
    z, dW, da_prev = np.zeros_like(da) + b.reshape(2, *(1,) * (dims + 1)), np.zeros_like(W), np.zeros_like(x)
    for i, c, tap, at in itertools.product(
        range(2),
        range(3),
        itertools.product(range(kernel), repeat=dims),
        itertools.product(*map(range, sizes)),
    ):
        there = tuple(o * stride + k * dilation - cut for o, k in zip(at, tap, strict=True))
        if all(0 <= place < n for place, n in zip(there, out, strict=True)):
            z[(i, *there)] += W[(i, c, *tap)] * x[(c, *at)]
            dW[(i, c, *tap)] += da[(i, *there)] @ x[(c, *at)]
            da_prev[(c, *at)] += W[(i, c, *tap)] * da[(i, *there)]
    spec = Spec.of(
        f"transposed_conv{dims}d", kernel=kernel, stride=stride, dilation=dilation, padding=padding,
        activation=IDENTITY,
    )  # fmt: skip
    run = run_layer(layers.make(spec), x, units=2, parameters={"W.x": W, "b": b}, da=da)
    np.testing.assert_allclose(run.a, z, atol=1e-12)
    np.testing.assert_allclose(run.gradients["W.x"], dW, atol=1e-12)
    np.testing.assert_allclose(run.gradients["b"][:, 0], da.reshape(2, -1).sum(axis=1), atol=1e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0], da_prev, atol=1e-12)


@pytest.mark.parametrize("kernel", [1, 2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_same_is_the_reverse_of_a_convolution_with_same(kernel: int, stride: int) -> None:
    """Transposed: ⟨conv x, y⟩ = ⟨x, transposed y⟩ for all x and y, with the same kernel."""
    rng = np.random.default_rng(stride)
    small, large = (3, 4), (3 * stride, 4 * stride)
    x, y, W = (
        rng.normal(size=(2, *large, 1)),
        rng.normal(size=(3, *small, 1)),
        rng.normal(size=(3, 2, kernel, kernel)),
    )
    knobs = {"kernel": kernel, "stride": stride, "activation": IDENTITY, "bias": False}
    forth = run_layer(layers.make(Spec.of("conv2d", **knobs)), x, units=3, parameters={"W.x": W})
    turned = W.swapaxes(0, 1)
    back = run_layer(
        layers.make(Spec.of("transposed_conv2d", **knobs)), y, units=2, parameters={"W.x": turned}
    )
    assert back.a.shape == x.shape
    assert np.vdot(forth.a, y) == pytest.approx(np.vdot(x, back.a), abs=1e-10)


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (Spec.of("transposed_conv2d", kernel=3, stride=2, padding="1"), "2x2x3"),
        (Spec.of("transposed_conv2d", kernel=1, stride=2, bias=False), "2x2x2"),
        (Spec.of("transposed_conv1d", kernel=2, stride=1, dilation=2, padding="valid"), "2x4"),
    ],
)
def test_explanations_and_gradients_of_uncommon_settings(
    spec: Spec, shape: str, some_data: Callable[..., object], some_learned: Callable[..., object],
    running: Callable[..., object], check_truth: Callable[..., int], check_steps: Callable[..., None],
) -> None:  # fmt: skip
    size = int(np.prod([int(n) for n in shape.split("x")]))
    document = Document(
        layers=(
            Layer("input", Spec.of("input", shape=shape), tuple(range(size))),
            Layer("before", Spec.of("activation", activation=Spec("tanh")), (0,)),
            Layer("it", spec.with_(activation=Spec("tanh")), (0, 1)),
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
    trace = Trace(document, data, learned, np.arange(2))  # type: ignore[arg-type]
    assert check_truth(trace) > 60
    check_steps(trace)
    assert gradient_check(running(document, data, learned)).agrees(1e-6)


def test_what_does_not_fit_is_refused_with_a_sentence() -> None:
    with pytest.raises(DocumentError, match=r"Nothing would be left of the output: .*\.$"):
        layers.make(Spec.of("transposed_conv2d", kernel=2, padding="3")).output_shape(1, [(1, 2, 2)])
    with pytest.raises(DocumentError, match=r"takes an image: .*\.$"):
        layers.make("transposed_conv2d").output_shape(1, [(4,)])
    with pytest.raises(DocumentError, match=r"takes a sequence: .*\.$"):
        layers.make("transposed_conv1d").output_shape(1, [(4,)])


def test_single_precision_stays_single() -> None:
    x, da = np.ones((2, 3, 3, 2)), np.ones((2, 6, 6, 2))
    run = run_layer(layers.make("transposed_conv2d"), x, units=2, da=da, dtype=np.float32)
    assert {run.arrays[name].dtype for name in ("a", "z", "dz", "dW.x", "db")} == {np.dtype(np.float32)}
