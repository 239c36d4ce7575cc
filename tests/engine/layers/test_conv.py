"""Convolution over an image and over time, against sums written out and against hand calculation."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.alone import LayerRun, run_layer
from engine.core.expressions import Product, Ref, Sum
from engine.core.gradient_check import gradient_check
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError, KnobError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, edits
from engine.layers import layers
from engine.layout import Layout
from engine.learned import carried, fresh
from engine.trace import Trace

pytestmark = pytest.mark.slow

IDENTITY = Spec("identity")
PLAIN = [(kernel, 1, 1, 1) for kernel in (1, 2, 3, 4, 5)]
KNOBS = [*PLAIN, (3, 2, 1, 2), (2, 3, 1, 1), (3, 1, 2, 1), (2, 2, 3, 2), (1, 2, 1, 2), (3, 1, 1, 2)]


def made(
    kind: str, x: Array, W: Array, b: Array | None = None, *, da: Array | None = None, **knobs: object
) -> LayerRun:
    """One run of a convolution with the given kernel."""
    knobs.setdefault("activation", IDENTITY)
    given = {"W.x": W} if b is None else {"W.x": W, "b": b}
    layer = layers.make(Spec.of(kind, kernel=W.shape[-1], bias=b is not None, **knobs))  # type: ignore[arg-type]
    return run_layer(layer, x, units=len(W), parameters=given, da=da)


def pairs(W: Array, sizes: tuple[int, ...], out: tuple[int, ...], s: int, d: int, before: int, groups: int):  # type: ignore[no-untyped-def]
    """All (filter, channel of the kernel, tap, window, channel, place) that a convolution joins."""
    filters, each, *kernel = W.shape
    for i, c in itertools.product(range(filters), range(each)):
        channel = i // (filters // groups) * each + c
        for tap in itertools.product(*map(range, kernel)):
            for o in itertools.product(*map(range, out)):
                at = tuple(o_ * s + k * d - before for o_, k in zip(o, tap, strict=True))
                if all(0 <= place < size for place, size in zip(at, sizes, strict=True)):
                    yield (i, c, *tap), (i, *o), (channel, *at)


def test_by_hand() -> None:
    """An edge detector on a bright left half; with zeros around it the right rim is an edge too."""
    x = np.array([[[10.0, 10, 0, 0]] * 3])[..., None]
    W = np.array([[[[1.0, 0, -1]] * 3]])
    run = made("conv2d", x, W, padding="valid")
    assert run.a[..., 0].tolist() == [[[30.0, 30.0]]]
    run = made("conv2d", x, W, np.array([[5.0]]), padding="same")
    assert run.a[0, :, :, 0].tolist() == [
        [-15.0, 25.0, 25.0, 5.0],
        [-25.0, 35.0, 35.0, 5.0],
        [-15.0, 25.0, 25.0, 5.0],
    ]


def test_over_time_by_hand() -> None:
    """A difference quotient: what rises gives 1, what falls −1."""
    x = np.array([[0.0, 1, 2, 2, 1]])[..., None]
    assert made("conv1d", x, np.array([[[-1.0, 1]]]), padding="valid").a[0, :, 0].tolist() == [1, 1, 0, -1]


@pytest.mark.parametrize("dims", [1, 2])
@pytest.mark.parametrize("padding", ["same", "valid", "1", "2", "3"])
@pytest.mark.parametrize(("kernel", "stride", "dilation", "groups"), KNOBS)
def test_against_sums_written_out(
    dims: int, padding: str, kernel: int, stride: int, dilation: int, groups: int
) -> None:
    rng = np.random.default_rng(kernel + 10 * stride)
    sizes, m, reach = (7, 5)[:dims], 2, dilation * (kernel - 1)
    x, W = rng.normal(size=(4, *sizes, m)), rng.normal(size=(6, 4 // groups, *(kernel,) * dims))
    b = rng.normal(size=(6, 1))
    before = reach // 2 if padding == "same" else 0 if padding == "valid" else int(padding)
    extra = reach if padding == "same" else 2 * before
    out = tuple((n + extra - reach - 1) // stride + 1 for n in sizes)
    da = rng.normal(size=(6, *out, m))
    z = np.zeros_like(da) + b.reshape(6, *(1,) * (dims + 1))
    dW, da_prev = np.zeros_like(W), np.zeros_like(x)
    for w, o, at in pairs(W, sizes, out, stride, dilation, before, groups):
        z[o] += W[w] * x[at]
    for w, o, at in pairs(W, sizes, out, stride, dilation, before, groups):
        dW[w] += da[o] @ x[at]
        da_prev[at] += W[w] * da[o]
    run = made(
        f"conv{dims}d", x, W, b, da=da, stride=stride, dilation=dilation, padding=padding, groups=groups
    )
    np.testing.assert_allclose(run.arrays["z"], z, atol=1e-12)
    np.testing.assert_allclose(run.a, z, atol=1e-12)
    np.testing.assert_allclose(run.gradients["W.x"], dW, atol=1e-12)
    np.testing.assert_allclose(run.gradients["b"][:, 0], da.reshape(6, -1).sum(axis=1), atol=1e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0], da_prev, atol=1e-12)


def test_one_pixel_kernel_is_a_dense_layer_at_every_pixel() -> None:
    rng = np.random.default_rng(1)
    x, W, b = rng.normal(size=(3, 4, 5, 2)), rng.normal(size=(2, 3, 1, 1)), rng.normal(size=(2, 1))
    run = made("conv2d", x, W, b, activation=Spec("tanh"))
    dense = layers.make(Spec.of("dense", activation=Spec("tanh")))
    flat = run_layer(dense, x.reshape(3, -1), units=2, parameters={"W.x": W[:, :, 0, 0], "b": b})
    np.testing.assert_allclose(run.a.reshape(2, -1), flat.a, atol=1e-14)


def test_the_activation_stands_between_da_and_dz() -> None:
    x, W = np.array([[[2.0, -3.0]]])[..., None], np.ones((1, 1, 1, 1))
    run = made("conv2d", x, W, da=np.ones((1, 1, 2, 1)), activation=Spec("relu"))
    assert run.a.ravel().tolist() == [2.0, 0.0]
    assert run.arrays["dz"].ravel().tolist() == [1.0, 0.0]
    assert run.gradients["W.x"].ravel().tolist() == [2.0]


def test_explained_by_the_products_of_the_window() -> None:
    rng = np.random.default_rng(2)
    run = made("conv2d", rng.normal(size=(2, 4, 4, 3)), rng.normal(size=(2, 2, 3, 3)), np.ones((2, 1)))
    inner, corner = run.cell("z", 1, 2, 2, example=1), run.cell("z", 1, 0, 3, example=1)
    assert isinstance(inner, Sum) and isinstance(corner, Sum)
    assert (len(inner.terms), len(corner.terms)) == (2 * 9 + 1, 2 * 4 + 1), "no product with padding"
    first = corner.terms[0]
    assert isinstance(first, Product)
    W, pixel = first.factors
    assert isinstance(W, Ref) and isinstance(pixel, Ref)
    assert (W.array, W.index, W.below) == ("W.x", (1, 0, 1, 0), "2,1,2,1")
    assert (pixel.index, pixel.example, pixel.letter, pixel.below) == ((0, 0, 2), 1, "x", "1,1,3")


def test_padding_everywhere_leaves_only_the_bias() -> None:
    x, W = np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1))
    run = made("conv2d", x, W, np.array([[0.5]]), padding="1", da=np.ones((1, 3, 3, 1)))
    assert run.a[0, :, :, 0].tolist() == [[0.5, 0.5, 0.5], [0.5, 1.5, 0.5], [0.5, 0.5, 0.5]]
    assert run.cell("z", 0, 0, 0) == run.place.ref("b", (0, 0))


@pytest.mark.parametrize(
    ("spec", "shape"),
    [
        (Spec.of("conv2d", kernel=2, stride=2, padding="1", groups=2), "2x3x4"),
        (Spec.of("conv2d", kernel=3, dilation=2, padding="2"), "1x4x3"),
        (Spec.of("conv2d", kernel=1, stride=2, padding="1", bias=False), "2x3x3"),
        (Spec.of("conv1d", kernel=3, stride=2, groups=2), "2x7"),
        (Spec.of("conv1d", kernel=2, dilation=3, padding="valid", activation=Spec("softmax")), "2x7"),
    ],
)
def test_explanations_and_gradients_of_uncommon_settings(
    spec: Spec, shape: str, some_data: Callable[..., object], some_learned: Callable[..., object],
    running: Callable[..., object], check_truth: Callable[..., int], check_steps: Callable[..., None],
) -> None:  # fmt: skip
    document = network(spec, shape)
    data, learned = some_data(document, 2), some_learned(document)
    trace = Trace(document, data, learned, np.arange(2))  # type: ignore[arg-type]
    assert check_truth(trace) > 60
    check_steps(trace)
    smooth = spec.with_(activation=spec.get("activation", Spec("tanh")))
    document = network(smooth, shape)
    assert gradient_check(running(document, data, learned)).agrees(1e-6)


def test_the_steps_said_are_the_steps_there_are(
    some_data: Callable[..., object], some_learned: Callable[..., object]
) -> None:
    """Products, their sum, the bias: at a corner fewer than in the middle."""
    document = network(Spec.of("conv2d"), "2x4x4")
    trace = Trace(document, some_data(document, 1), some_learned(document), np.arange(1))  # type: ignore[arg-type]
    of = {
        step.target.index: step.of for step in trace if step.target.owner == "it" and step.target.array == "z"
    }
    assert (of[0, 0, 0], of[0, 0, 1], of[0, 1, 1]) == (2 * 4 + 2, 2 * 6 + 2, 2 * 9 + 2)
    for step in trace:
        assert 0 <= step.position < step.of


def network(spec: Spec, shape: str, filters: int = 2) -> Document:
    size = int(np.prod([int(n) for n in shape.split("x")]))
    return Document(
        layers=(
            Layer("input", Spec.of("input", shape=shape), tuple(range(size))),
            Layer("before", Spec.of("activation", activation=Spec("tanh")), (0,)),
            Layer("it", spec, tuple(range(filters))),
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


def test_a_filter_more_or_less_keeps_all_other_weights() -> None:
    """The kernels of the others, and their cells' weights in the dense layer behind the flatten."""
    document = network(Spec.of("conv2d"), "2x3x4", filters=3)
    learned = fresh(document)
    fewer = edits.remove_units(document, layer="it", keys=[1])
    kept = carried(document, learned, fewer)
    W, V = learned.parameters["it.W.before"], learned.parameters["output.W.flat"].reshape(2, 3, 12)
    assert kept.parameters["it.W.before"].tobytes() == W[[0, 2]].tobytes()
    assert kept.parameters["output.W.flat"].tobytes() == V[:, [0, 2]].tobytes()
    more = edits.add_unit(fewer, layer="it")
    grown = carried(fewer, kept, more)
    assert grown.parameters["it.W.before"].shape == (3, 2, 3, 3)
    assert grown.parameters["it.W.before"][:2].tobytes() == W[[0, 2]].tobytes()
    again = grown.parameters["output.W.flat"].reshape(2, 3, 12)
    assert again[:, :2].tobytes() == V[:, [0, 2]].tobytes()
    assert not np.array_equal(again[:, 2], V[:, 1]), "a new filter is no twin of a removed one"


def test_predicting_needs_no_gradients_and_gives_the_same() -> None:
    rng = np.random.default_rng(4)
    x, W = rng.normal(size=(2, 5, 5, 3)), rng.normal(size=(3, 2, 3, 3))
    layer = layers.make(Spec.of("conv2d", bias=False))
    runs = [run_layer(layer, x, units=3, parameters={"W.x": W}, training=each) for each in (True, False)]
    assert runs[0].a.tobytes() == runs[1].a.tobytes()
    assert not runs[1].place.plan.calls(Phase.BACKWARD)


@pytest.mark.parametrize("knobs", [{}, {"stride": 2}, {"groups": 2}])
def test_single_precision_stays_single(knobs: dict[str, int]) -> None:
    rng = np.random.default_rng(5)
    x, da = rng.normal(size=(2, 4, 4, 3)), rng.normal(size=(2, *(4 // knobs.get("stride", 1),) * 2, 3))
    layer = layers.make(Spec.of("conv2d", **knobs))  # type: ignore[arg-type]
    W = rng.normal(size=(2, 2 // knobs.get("groups", 1), 3, 3))
    kinds = (np.float32, np.float64)
    one, two = (run_layer(layer, x, units=2, parameters={"W.x": W}, da=da, dtype=each) for each in kinds)
    for name in ("a", "z", "dz", "dW.x", "db"):
        assert one.arrays[name].dtype == np.float32
        np.testing.assert_allclose(one.arrays[name], two.arrays[name], atol=1e-4)
    assert one.da_prev[0] is not None and one.da_prev[0].dtype == np.float32


def test_what_does_not_fit_is_refused_with_a_sentence() -> None:
    conv = layers.make(Spec.of("conv2d", padding="valid"))
    with pytest.raises(DocumentError, match=r"takes an image: .*\.$"):
        conv.output_shape(2, [(3, 8)])
    with pytest.raises(DocumentError, match=r"takes a sequence: .*\.$"):
        layers.make("conv1d").output_shape(2, [(3, 8, 8)])
    with pytest.raises(DocumentError, match=r"does not fit into 2"):
        conv.output_shape(2, [(1, 2, 9)])
    with pytest.raises(DocumentError, match=r"2 groups do not divide the 3 filters"):
        layers.make(Spec.of("conv2d", groups=2)).output_shape(3, [(4, 5, 5)])
    with pytest.raises(DocumentError, match=r"3 groups do not divide the 4 channels"):
        layers.make(Spec.of("conv2d", groups=3)).output_shape(3, [(4, 5, 5)])
    with pytest.raises(KnobError, match="Padding"):
        layers.make(Spec.of("conv2d", padding="half"))


def test_first_weights_spread_by_what_a_filter_sees() -> None:
    """He: standard deviation √(2 / (channels · f · f)), with groups only its own channels."""
    for groups, seen in ((1, 8 * 9), (8, 9)):
        it = Layer("it", Spec.of("conv2d", groups=groups), tuple(range(400)))
        document = replace(
            network(Spec.of("conv2d"), "8x3x3"), layers=tuple(
                it if each.id == "it" else each for each in network(Spec.of("conv2d"), "8x3x3").layers
            ),
        )  # fmt: skip
        W = fresh(document).parameters["it.W.before"]
        assert abs(W.std() / np.sqrt(2 / seen) - 1) < 0.05
        assert Layout(document).slots["it.W.before"].shape == (400, 8 // groups, 3, 3)
