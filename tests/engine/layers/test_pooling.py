"""Pooling over windows and over everything: values, winners and explanations."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import evaluate
from engine.core.place import Index
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.trace import Trace

SETTINGS = [
    {"size": size, "stride": stride, "padding": padding}
    for size, stride, padding in itertools.product((1, 2, 3, 4), (None, 1, 2, 3), ("valid", "same"))
]


def seen(n: int, o: int, size: int, stride: int, padding: str) -> range:
    """The places of one axis that a window sees."""
    before = (size - 1) // 2 if padding == "same" else 0
    start = o * stride - before
    return range(max(start, 0), min(start + size, n))


def outputs(n: int, size: int, stride: int, padding: str) -> int:
    return -(-n // stride) if padding == "same" else (n - size) // stride + 1


def by_hand(kind: str, x: Array, da: Array, knobs: dict[str, object]) -> tuple[Array, Array]:
    """a and da_prev, example by example and window by window."""
    size, padding = int(knobs["size"]), str(knobs["padding"])  # type: ignore[call-overload]
    stride = int(knobs["stride"] or size)  # type: ignore[call-overload]
    a, back = np.zeros_like(da), np.zeros_like(x)
    for c, k in itertools.product(range(x.shape[0]), range(x.shape[-1])):
        for o in np.ndindex(da.shape[1:-1]):
            sides = [seen(n, i, size, stride, padding) for n, i in zip(x.shape[1:-1], o, strict=True)]
            cells: list[Index] = [(c, *at, k) for at in itertools.product(*sides)]
            values = [x[cell] for cell in cells]
            if kind == "max_pool":
                a[(c, *o, k)] = max(values)
                back[cells[values.index(max(values))]] += da[(c, *o, k)]
            else:
                a[(c, *o, k)] = sum(values) / len(values)
                for cell in cells:
                    back[cell] += da[(c, *o, k)] / len(values)
    return a, back


@pytest.mark.parametrize("kind", ["max_pool", "average_pool"])
@pytest.mark.parametrize("sizes", [(9,), (8, 6), (5, 7)])
@pytest.mark.parametrize("knobs", SETTINGS, ids=str)
def test_against_windows_one_by_one(kind: str, sizes: tuple[int, ...], knobs: dict[str, object]) -> None:
    """Whole numbers from a few, so that many windows have several largest cells."""
    rng = np.random.default_rng(1)
    x = rng.integers(-2, 2, size=(2, *sizes, 3)).astype(float)
    layer = layers.make(Spec.of(kind, **knobs))  # type: ignore[arg-type]
    size, stride, padding = int(knobs["size"]), knobs["stride"] or knobs["size"], str(knobs["padding"])  # type: ignore[call-overload]
    shape = layer.output_shape(1, [(2, *sizes)])
    assert shape == (2, *(outputs(n, size, int(stride), padding) for n in sizes))  # type: ignore[call-overload]
    da = rng.normal(size=(*shape, 3))
    a, back = by_hand(kind, x, da, knobs)
    run = run_layer(layer, x, da=da)
    np.testing.assert_allclose(run.a, a, atol=1e-14)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0], back, atol=1e-14)


def test_of_equal_cells_the_first_wins() -> None:
    """Row by row: top right comes before bottom left."""
    x = np.array([[[0.0, 5.0], [5.0, 0.0]]])[..., None]
    run = run_layer(layers.make("max_pool"), x, da=np.array([[[[1.0]]]]))
    assert run.da_prev[0] is not None
    assert run.da_prev[0][0, :, :, 0].tolist() == [[0.0, 1.0], [0.0, 0.0]]
    dead = run_layer(layers.make("max_pool"), np.zeros((1, 2, 2, 1)), da=np.array([[[[1.0]]]]))
    assert dead.da_prev[0] is not None
    assert dead.da_prev[0][0, :, :, 0].tolist() == [[1.0, 0.0], [0.0, 0.0]]


def test_explanation_of_ties_agrees_with_the_numbers() -> None:
    rng = np.random.default_rng(2)
    x = rng.integers(0, 2, size=(1, 5, 5, 2)).astype(float)
    layer = layers.make(Spec.of("max_pool", size=3, stride=1))
    run = run_layer(layer, x, da=rng.normal(size=(1, 3, 3, 2)))
    assert run.da_prev[0] is not None
    for *index, k in np.ndindex(x.shape):
        said = evaluate(layer.sent(run.place, run.place.inputs[0], tuple(index), k), run.lookup)
        assert said == pytest.approx(run.da_prev[0][(*index, k)], abs=1e-14)


@pytest.mark.parametrize("big", [1e300, -1e300, np.inf, -np.inf])
def test_large_numbers_give_no_warning(big: float) -> None:
    x = np.full((1, 4, 4, 1), big)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = run_layer(layers.make("max_pool"), x, da=np.ones((1, 2, 2, 1)))
    assert (run.a == big).all()
    assert run.da_prev[0] is not None
    assert run.da_prev[0][0, :, :, 0].tolist() == [[1, 0, 1, 0], [0] * 4, [1, 0, 1, 0], [0] * 4]


@pytest.mark.parametrize("shape", [(3, 5), (3, 2, 4)])
def test_over_everything(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(3)
    x, da = rng.integers(-1, 2, size=(*shape, 4)).astype(float), rng.normal(size=(3, 4))
    flat = x.reshape(3, -1, 4)
    n = flat.shape[1]
    run = run_layer(layers.make("global_pool"), x, da=da)
    np.testing.assert_allclose(run.a, flat.sum(axis=1) / n, atol=1e-14)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0].reshape(3, n, 4), np.stack([da / n] * n, axis=1), atol=1e-14)
    run = run_layer(layers.make(Spec.of("global_pool", over="max")), x, da=da)
    assert run.da_prev[0] is not None
    back = run.da_prev[0].reshape(3, n, 4)
    for c, k in np.ndindex(3, 4):
        values = flat[c, :, k].tolist()
        winner = values.index(max(values))
        assert run.a[c, k] == max(values)
        assert back[c, :, k].tolist() == [da[c, k] if i == winner else 0.0 for i in range(n)]


@pytest.mark.parametrize(
    "spec",
    [
        Spec.of("max_pool", size=3, stride=2),
        Spec.of("max_pool", size=2, stride=1, padding="same"),
        Spec.of("max_pool", size=2, stride=3),
        Spec.of("average_pool", size=3, stride=2, padding="same"),
        Spec.of("average_pool", size=2, stride=3),
    ],
    ids=str,
)
@pytest.mark.parametrize("shape", ["2x6", "2x5x4"])
def test_explanations_of_uncommon_settings(
    spec: Spec, shape: str, some_data: Callable[..., object], some_learned: Callable[..., object],
    check_truth: Callable[..., int], check_steps: Callable[..., None],
) -> None:  # fmt: skip
    document = network(spec, shape)
    trace = Trace(document, some_data(document, 2), some_learned(document), np.arange(2))  # type: ignore[arg-type]
    assert check_truth(trace) > 30
    check_steps(trace)


def network(spec: Spec, shape: str) -> Document:
    size = int(np.prod([int(n) for n in shape.split("x")]))
    return Document(
        layers=(
            Layer("input", Spec.of("input", shape=shape), tuple(range(size))),
            Layer("before", Spec.of("activation", activation=Spec("relu")), (0,)),
            Layer("it", spec, (0,)),
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


@pytest.mark.parametrize("kind", ["max_pool", "average_pool", "global_pool"])
def test_channels_keep_their_keys(kind: str) -> None:
    assert layers.make(kind).keys((0,), (3, 2, 2), [(4, 9, 5)]) == (4, 9, 5)


@pytest.mark.parametrize("kind", ["max_pool", "average_pool", "global_pool"])
def test_a_vector_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(DocumentError, match=r"takes an image or a sequence: .*\.$"):
        layers.make(kind).output_shape(1, [(4,)])


def test_a_window_larger_than_the_image_is_refused() -> None:
    with pytest.raises(DocumentError, match=r"does not fit into 2"):
        layers.make(Spec.of("max_pool", size=3)).output_shape(1, [(1, 5, 2)])


@pytest.mark.parametrize(
    "spec",
    [
        Spec("max_pool"),
        Spec("average_pool"),
        Spec("global_pool"),
        Spec.of("global_pool", over="max"),
        Spec.of("average_pool", padding="same", size=3),
    ],
    ids=str,
)
def test_single_precision_stays_single(spec: Spec) -> None:
    x = np.random.default_rng(4).normal(size=(2, 4, 4, 3))
    layer = layers.make(spec)
    run = run_layer(layer, x, da=np.ones((*layer.output_shape(1, [x.shape[:-1]]), 3)), dtype=np.float32)
    assert run.a.dtype == np.float32
    assert run.da_prev[0] is not None and run.da_prev[0].dtype == np.float32
