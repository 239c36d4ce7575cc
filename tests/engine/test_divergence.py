"""The sentence for training that went wrong: it names the layer whose output is the first not finite."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import DivergenceError
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer
from engine.learned import fresh
from engine.trainer import Trainer


def picture(*, kernel: int = 3, pool: str = "max_pool", stride: int = 1) -> Document:
    """An image, two convolutions with ReLU, a pooling, one number."""
    relu = Spec("relu")
    chain = [
        Layer("input", Spec.of("input", shape="1×6×6"), tuple(range(36))),
        Layer("first", Spec.of("conv2d", kernel=3, activation=relu), (0, 1)),
        Layer("second", Spec.of("conv2d", kernel=kernel, stride=stride, activation=relu), (0, 1)),
        Layer("pool", Spec.of(pool), (0,)),
        Layer("flat", Spec("flatten"), (0,)),
        Layer("output", Spec.of("output", activation=Spec("identity")), (0,)),
    ]
    wires = tuple(Connection(one.id, two.id) for one, two in itertools.pairwise(chain))
    return Document(layers=tuple(chain), connections=wires, loss=Spec("mse"))


def diverged(document: Document, layer: str, weight: float) -> str:
    """What is said when all weights of one layer are a number, and the others positive."""
    learned = fresh(document)
    parameters = {
        key: np.full_like(each, weight) if key.startswith(f"{layer}.W") else np.abs(each) + 0.1
        for key, each in learned.parameters.items()
    }
    names = tuple(f"x{i}" for i in range(36)), ("y",)
    data = Data(np.ones((36, 4)), np.ones((1, 4)), *names, Task.REGRESSION)
    trainer = Trainer(document, data, replace(learned, parameters=parameters))
    with np.errstate(all="ignore"), pytest.raises(DivergenceError) as raised:
        trainer.advance()
    return str(raised.value)


@pytest.mark.parametrize("weight", [1e308, np.nan])
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(picture(), id="pooled before the activation"),
        pytest.param(picture(pool="average_pool"), id="in the order of the layers"),
        pytest.param(picture(stride=3), id="by columns"),
    ],
)
def test_a_convolution_whose_z_overflows_is_named(document: Document, weight: float) -> None:
    assert "first in layer [2] 'second'." in diverged(document, "second", weight)


def test_a_convolution_whose_z_is_finite_is_not_named() -> None:
    assert "first in layer [5] 'output'." in diverged(picture(), "output", 1e308)
