"""The switch between a real and a made-up example."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.gradient_check import gradient_check
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets import Data
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.learned import Learned
from engine.network import Network
from engine.trace import Trace

RNG = np.random.default_rng(3)
CHOICE = layers.make("choice")


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("shape", [(3,), (1,), (2, 4), (2, 3, 3)])
def test_against_plain_loops(shape: tuple[int, ...], whole: bool) -> None:
    """The switch is one number for an example, or one for every number."""
    x, g, da = (RNG.normal(size=(*shape, 2)) for _ in range(3))
    s = RNG.uniform(size=(1, 2) if whole else (*shape, 2))
    run = run_layer(CHOICE, x, g, s, da=da)
    ds = np.zeros_like(s)
    for index in np.ndindex(x.shape):
        own = (0, index[-1]) if whole else index
        choice = float(s[own])
        assert run.a[index] == pytest.approx(choice * x[index] + (1 - choice) * g[index], rel=1e-13)
        assert run.da_prev[0][index] == pytest.approx(choice * da[index], rel=1e-13)  # type: ignore[index]
        assert run.da_prev[1][index] == pytest.approx((1 - choice) * da[index], rel=1e-13)  # type: ignore[index]
        ds[own] += (x[index] - g[index]) * da[index]
    assert run.da_prev[2] == pytest.approx(ds, rel=1e-12)


def test_one_batch_of_real_and_made_up_examples() -> None:
    """s = 1 is x to the bit, s = 0 is g to the bit, and only g's columns send g a gradient."""
    x, g = RNG.normal(size=(2, 3, 3, 4)), RNG.normal(size=(2, 3, 3, 4))
    s = np.array([[1.0, 0.0, 0.0, 1.0]])
    run = run_layer(CHOICE, x, g, s, da=np.ones_like(x))
    assert np.array_equal(run.a, np.where(s == 1.0, x, g))
    assert np.array_equal(run.da_prev[1], np.broadcast_to(1.0 - s, x.shape))  # type: ignore[arg-type]


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 4, 4)])
def test_in_a_network_with_one_number_as_switch(
    shape: tuple[int, ...], running: Callable[..., Network], some_data: Callable[..., Data],
    some_learned: Callable[..., Learned], check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    """Gradients of everything, the switch's too, against differences; every cell explained."""
    size = int(np.prod(shape))
    written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
    tanh = Spec.of("activation", activation=Spec("tanh"))
    document = Document(
        layers=(
            Layer("x", written, tuple(range(size))), Layer("noise", written, tuple(range(size))),
            Layer("s", Spec("input"), (0,)), Layer("g", tanh, (0,)),
            Layer("it", Spec("choice"), (0,)), Layer("output", Spec("output"), (0, 1)),
        ),
        connections=(
            Connection("noise", "g"), Connection("x", "it"), Connection("g", "it"), Connection("s", "it"),
            Connection("it", "output"),
        ),
        loss=Spec("mse"),
    )  # fmt: skip
    data, learned = some_data(document, 2), some_learned(document)
    report = gradient_check(running(document, data, learned))
    assert report.agrees(1e-6), report
    assert {"x.a", "noise.a", "s.a"} <= {each.name for each in report}
    trace = Trace(document, data, learned, np.arange(2))
    assert check_truth(trace) > 30
    check_steps(trace)


def test_what_fits() -> None:
    assert CHOICE.output_shape(1, [(2, 4), (2, 4), (1,)]) == (2, 4)
    with pytest.raises(DocumentError, match="same shape"):
        CHOICE.output_shape(1, [(2,), (3,), (1,)])
    with pytest.raises(DocumentError, match="single number or 3 numbers, not 2"):
        CHOICE.output_shape(1, [(3,), (3,), (2,)])
