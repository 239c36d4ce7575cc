"""The lines of the activations that train large networks make no arrays while they run."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from engine.activations import activations
from engine.core.place import Place
from engine.core.plan import Plan
from engine.core.spec import Spec

pytestmark = pytest.mark.slow

HOT = [
    Spec("relu"),
    Spec.of("relu", at_zero="1"),
    Spec("leaky_relu"),
    Spec("elu"),
    Spec.of("elu", alpha=0.5),
    Spec("selu"),
    Spec("silu"),
    Spec.of("gelu", form="tanh"),
    Spec("softplus"),
    Spec("sigmoid"),
    Spec("tanh"),
    Spec("identity"),
    Spec("softmax"),
]


@pytest.mark.parametrize("shape", [(40, 500), (4, 25, 200)], ids=["vectors", "sequences"])
@pytest.mark.parametrize("spec", HOT, ids=str)
def test_no_temporaries(spec: Spec, shape: tuple[int, ...]) -> None:
    g, plan = activations.make(spec), Plan(shape[-1], np.dtype(np.float32))
    a1 = np.ones((shape[0] + 1, *shape[1:]), np.float32)
    p = Place("unit", "[1]", shape[:-1], plan, (), a1[:-1], a1, None)
    z = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    da, dz = z[::-1].copy(), np.zeros_like(z)
    g.forward(p, z, p.a)
    g.backward(p, z, p.a, da, dz)
    tracemalloc.start()
    try:
        for call in (line.call for line in plan.lines):
            call()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < z.nbytes / 2
    slope = g.derivative(z)
    assert p.a == pytest.approx(g.value(z), rel=1e-5, abs=1e-6)
    if g.elementwise:
        assert dz == pytest.approx(da * slope, rel=1e-4, abs=1e-5)
