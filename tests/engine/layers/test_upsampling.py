"""Upsampling: repeated cells, straight lines between them, and the way back."""

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


@pytest.mark.parametrize("factor", [1, 2, 3])
@pytest.mark.parametrize("sizes", [(4,), (3, 2)])
def test_nearest_repeats_and_adds_up_on_the_way_back(factor: int, sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, *sizes, 3))
    grown = x
    for axis in range(1, x.ndim - 1):
        grown = grown.repeat(factor, axis=axis)
    da = rng.normal(size=grown.shape)
    run = run_layer(layers.make(Spec.of("upsampling", factor=factor)), x, da=da)
    assert run.a.tolist() == grown.tolist()
    back = np.zeros_like(x)
    for c, *at, k in np.ndindex(grown.shape):
        back[(c, *(i // factor for i in at), k)] += da[(c, *at, k)]
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0], back, atol=1e-14)


def test_lines_by_hand() -> None:
    """The middles of the new cells lie at −1/4, 1/4, 3/4, 5/4 of the old ones."""
    x = np.array([[0.0, 4.0]])[..., None]
    run = run_layer(layers.make(Spec.of("upsampling", way="linear")), x)
    assert run.a[0, :, 0].tolist() == [0.0, 1.0, 3.0, 4.0]
    image = np.array([[[0.0, 4.0], [8.0, 12.0]]])[..., None]
    run = run_layer(layers.make(Spec.of("upsampling", way="linear")), image)
    assert run.a[0, :, :, 0].tolist() == [[0, 1, 3, 4], [2, 3, 5, 6], [6, 7, 9, 10], [8, 9, 11, 12]]


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_lines_keep_a_slope_in_the_middle_and_go_back_transposed(factor: int) -> None:
    rng = np.random.default_rng(2)
    layer = layers.make(Spec.of("upsampling", way="linear", factor=factor))
    ramp = run_layer(layer, np.arange(5.0)[None, :, None]).a[0, :, 0]
    inner = ramp[factor:-factor]
    np.testing.assert_allclose(np.diff(inner), 1.0 / factor, atol=1e-12)
    x, da = rng.normal(size=(2, 3, 4, 2)), rng.normal(size=(2, 3 * factor, 4 * factor, 2))
    run = run_layer(layer, x, da=da)
    assert run.da_prev[0] is not None
    assert np.vdot(run.a, da) == pytest.approx(np.vdot(x, run.da_prev[0]), abs=1e-10)


@pytest.mark.parametrize("way", ["nearest", "linear"])
def test_gradients_where_two_layers_read_the_same(
    way: str,
    some_data: Callable[..., object],
    some_learned: Callable[..., object],
    running: Callable[..., object],
) -> None:
    """The second reader adds to da instead of writing over it."""
    spec = Spec.of("upsampling", way=way, factor=3)
    flats = [Layer(f"flat{n}", Spec("flatten"), (0,)) for n in range(2)]
    ups = [Layer(f"up{n}", spec, (0,)) for n in range(2)]
    document = Document(
        layers=(
            Layer("input", Spec.of("input", shape="1x2x2"), tuple(range(4))),
            Layer("before", Spec.of("activation", activation=Spec("tanh")), (0,)),
            *ups, *flats,
            Layer("output", Spec("output"), (0,)),
        ),
        connections=(
            Connection("input", "before"),
            *(Connection("before", f"up{n}") for n in range(2)),
            *(Connection(f"up{n}", f"flat{n}") for n in range(2)),
            *(Connection(f"flat{n}", "output") for n in range(2)),
        ),
        loss=Spec("mse"),
    )  # fmt: skip
    network = running(document, some_data(document, 2), some_learned(document))
    assert gradient_check(network).agrees(1e-6)


def test_a_vector_is_refused_and_channels_keep_their_keys() -> None:
    layer = layers.make("upsampling")
    with pytest.raises(DocumentError, match=r"takes an image or a sequence: .*\.$"):
        layer.output_shape(1, [(4,)])
    assert layer.output_shape(1, [(3, 2, 5)]) == (3, 4, 10)
    assert layer.keys((0,), (3, 4, 10), [(7, 1, 2)]) == (7, 1, 2)


@pytest.mark.parametrize("way", ["nearest", "linear"])
def test_single_precision_stays_single(way: str) -> None:
    run = run_layer(
        layers.make(Spec.of("upsampling", way=way)),
        np.ones((1, 2, 2, 1)),
        da=np.ones((1, 4, 4, 1)),
        dtype=np.float32,
    )
    assert run.a.dtype == np.float32
    assert run.da_prev[0] is not None and run.da_prev[0].dtype == np.float32
