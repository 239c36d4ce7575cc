"""Layers side by side: units in order, keys unique, every input gets its stretch of the gradient."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import Ref
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.layout import Layout

RNG = np.random.default_rng(3)
JOIN = layers.make("concatenate")


@pytest.mark.parametrize("rest", [(), (4,), (3, 2)])
def test_units_stand_below_each_other(rest: tuple[int, ...]) -> None:
    sizes = (2, 1, 3)
    inputs = [RNG.normal(size=(n, *rest, 5)) for n in sizes]
    da = RNG.normal(size=(6, *rest, 5))
    run = run_layer(JOIN, *inputs, da=da)
    row = 0
    for n, values, back in zip(sizes, inputs, run.da_prev, strict=True):
        assert back is not None
        for i in range(n):
            assert np.array_equal(run.a[row], values[i])
            assert np.array_equal(back[i], da[row])
            row += 1
    assert row == len(run.a) == 6


def test_every_cell_says_where_it_is_from() -> None:
    run = run_layer(JOIN, np.ones((2, 1)), np.ones((3, 1)))
    said = [run.cell("a", i) for i in range(5)]
    assert all(isinstance(each, Ref) for each in said)
    assert [(each.owner, each.index) for each in said if isinstance(each, Ref)] == [
        ("x1", (0,)), ("x1", (1,)), ("x2", (0,)), ("x2", (1,)), ("x2", (2,)),
    ]  # fmt: skip


def test_keys_are_unique_and_keep_to_their_units() -> None:
    ends = [Layer("one", Spec("input"), (3, 7)), Layer("two", Spec("input"), (3, 0, 7))]
    document = Document(
        layers=(*ends, Layer("it", Spec("concatenate"), (0,)), Layer("output", Spec("output"), (0,))),
        connections=(Connection("one", "it"), Connection("two", "it"), Connection("it", "output")),
    )
    assert Layout(document).nodes["it"].keys == ((3, 0), (7, 0), (3, 1), (0, 1), (7, 1))
    assert Layout(document).slots["output.W.it"].shape == (1, 5)


def test_time_steps_and_pixels_must_agree() -> None:
    assert JOIN.output_shape(1, [(2, 4), (5, 4)]) == (7, 4)
    for inputs in ([(2, 4), (2, 5)], [(2,), (2, 4)], [(1, 4, 4), (1, 4, 5)]):
        with pytest.raises(DocumentError, match="of one kind"):
            JOIN.output_shape(1, inputs)
