"""Flatten and reshape: the order of the numbers, the keys of the cells, the way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.trace import Trace


def test_channel_by_channel_and_row_by_row() -> None:
    C, H, W, m = 2, 3, 4, 5
    rng = np.random.default_rng(1)
    x, da = rng.normal(size=(C, H, W, m)), rng.normal(size=(C * H * W, m))
    for kind in ("flatten", "reshape"):
        run = run_layer(layers.make(kind), x, da=da)
        assert run.a.shape == (C * H * W, m)
        assert run.da_prev[0] is not None
        for c, y, column in np.ndindex(C, H, W):
            assert run.a[(c * H + y) * W + column].tolist() == x[c, y, column].tolist()
            assert run.da_prev[0][c, y, column].tolist() == da[(c * H + y) * W + column].tolist()


def test_a_vector_becomes_an_image_and_an_image_a_sequence() -> None:
    x = np.arange(12.0)[:, None]
    run = run_layer(layers.make(Spec.of("reshape", shape="2×2×3")), x, da=np.arange(12.0).reshape(2, 2, 3, 1))
    assert run.a[..., 0].tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]
    assert run.da_prev[0] is not None and run.da_prev[0][:, 0].tolist() == list(range(12))
    run = run_layer(layers.make(Spec.of("reshape", shape="4x3")), x.reshape(2, 2, 3, 1))
    assert run.a[..., 0].tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8], [9, 10, 11]]


def test_every_cell_has_the_key_of_its_channel_and_its_place() -> None:
    for kind in ("flatten", "reshape"):
        layer = layers.make(kind)
        assert layer.keys((0,), (4,), [(7, 2)]) == ((7, 0), (7, 1), (2, 0), (2, 1))
        assert layer.keys((0,), (3,), [(7, 2, 5)]) == (7, 2, 5), "a vector keeps its keys"
        assert layer.keys((0,), (4,), [((1, 0), (1, 1))]) == (
            ((1, 0), 0),
            ((1, 0), 1),
            ((1, 1), 0),
            ((1, 1), 1),
        )
    assert layers.make(Spec.of("reshape", shape="3x4")).keys((0,), (3, 4), [(7, 2, 5)]) == (7, 2, 5)
    assert layers.make(Spec.of("reshape", shape="2x6")).keys((0,), (2, 6), [(7, 2, 5)]) == (0, 1)


@pytest.mark.parametrize("shape", ["8", "2x4", "4x1x2"])
def test_explanations_of_other_shapes(
    shape: str, some_data: Callable[..., object], some_learned: Callable[..., object],
    check_truth: Callable[..., int], check_steps: Callable[..., None],
) -> None:  # fmt: skip
    document = Document(
        layers=(
            Layer("input", Spec.of("input", shape="2x2x2"), tuple(range(8))),
            Layer("before", Spec.of("activation", activation=Spec("tanh")), (0,)),
            Layer("it", Spec.of("reshape", shape=shape), (0,)),
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
    trace = Trace(document, some_data(document, 2), some_learned(document), np.arange(2))  # type: ignore[arg-type]
    assert check_truth(trace) > 60
    check_steps(trace)


def test_a_shape_of_other_size_is_refused_with_a_sentence() -> None:
    layer = layers.make(Spec.of("reshape", shape="3x3"))
    with pytest.raises(DocumentError, match=r"3×3 has 9 numbers, but 2×2×2 = 8 come in: change the shape\.$"):
        layer.output_shape(1, [(2, 2, 2)])
    with pytest.raises(DocumentError, match=r"written like"):
        layers.make(Spec.of("reshape", shape="two")).output_shape(1, [(8,)])
