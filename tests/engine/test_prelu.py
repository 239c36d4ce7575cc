"""PReLU: a ReLU with a slope below zero that is learned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.activations import activations
from engine.alone import run_layer
from engine.core.gradient_check import gradient_check
from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.trace import Trace


def test_before_it_has_learned() -> None:
    z = np.array([-2.0, 0.0, 3.0])
    g = activations.make("prelu")
    assert g.value(z).tolist() == [-0.5, 0.0, 3.0]
    assert g.derivative(z).tolist() == [0.25, 0.25, 1.0]
    assert activations.make(Spec.of("prelu", at_zero="1")).derivative(z).tolist() == [0.25, 1.0, 1.0]


@pytest.mark.parametrize("at_zero", ["slope", "1"])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("shape", [(2,), (2, 3), (2, 2, 2)])
def test_prelu_learns_its_slope(shape: tuple[int, ...], shared: bool, at_zero: str) -> None:
    """A layer of its own against plain loops: dα sums da z over every z that is not above 0."""
    rng = np.random.default_rng(7)
    x, da = rng.normal(size=(*shape, 3)), rng.normal(size=(*shape, 3))
    x[0, ..., 0] = 0.0
    alpha = np.array([[0.4]]) if shared else np.array([[0.4], [-0.2]])
    kind = layers.make(Spec.of("activation", activation=Spec.of("prelu", shared=shared, at_zero=at_zero)))
    run = run_layer(kind, x, parameters={"alpha": alpha}, da=da)
    a, dx, dalpha = np.zeros_like(x), np.zeros_like(x), np.zeros_like(alpha)
    for index in np.ndindex(x.shape):
        own = (0 if shared else index[0], 0)
        z = x[index]
        a[index] = z if z > 0 else alpha[own] * z
        rises = z > 0 or (z == 0 and at_zero == "1")
        dx[index] = da[index] * (1.0 if rises else alpha[own])
        dalpha[own] += da[index] * z if z <= 0 else 0.0
    assert np.array_equal(run.a, a)
    assert np.array_equal(run.da_prev[0], dx)  # type: ignore[arg-type]
    assert run.gradients["alpha"] == pytest.approx(dalpha, rel=1e-14)


def test_prelu_by_hand() -> None:
    """x = (−2, 1, −3), da = (1, 2, 3), α = 0.25: dα = −2·1 − 3·3 = −11 for one slope, and one each."""
    x, da = np.array([[-2.0], [1.0], [-3.0]]), np.array([[1.0], [2.0], [3.0]])
    for shared, expected in [(True, [-11.0]), (False, [-2.0, 0.0, -9.0])]:
        kind = layers.make(Spec.of("activation", activation=Spec.of("prelu", shared=shared)))
        run = run_layer(kind, x, da=da)
        assert run.a.ravel().tolist() == [-0.5, 1.0, -0.75]
        assert run.gradients["alpha"].ravel().tolist() == expected


@pytest.mark.parametrize(
    "spec", [Spec("prelu"), Spec.of("prelu", shared=True), Spec.of("prelu", at_zero="1")]
)
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 2, 2)])
def test_prelu_in_a_network(
    spec: Spec, shape: tuple[int, ...], running: Any, some_data: Any, some_learned: Any,
    check_truth: Any, check_steps: Any,
) -> None:  # fmt: skip
    """Gradients of α against differences, every cell explained, every number in the walkthrough."""
    size = int(np.prod(shape))
    written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
    document = Document(
        layers=(
            Layer("input", written, tuple(range(size))),
            Layer("hidden", Spec.of("activation", activation=spec), (0,)),
            Layer("output", Spec("output"), (0, 1)),
        ),
        connections=(Connection("input", "hidden"), Connection("hidden", "output")),
        loss=Spec("mse"),
    )
    data, learned = some_data(document, 3), some_learned(document)
    report = gradient_check(running(document, data, learned))
    assert report.agrees(1e-6), report
    assert "hidden.alpha" in {each.name for each in report}
    trace = Trace(document, data, learned, np.arange(3))
    assert check_truth(trace) > 20
    check_steps(trace)
    assert as_text(symbol(trace.ref("hidden", "alpha", (0, 0), None))).startswith("α")
