"""Batch normalisation against PyTorch's numbers and plain loops, while training and when predicting."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.expressions import Ref, evaluate
from engine.core.gradient_check import numeric_gradient
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.layers import LayerKind, layers
from engine.layout import Layout
from engine.learned import fresh
from engine.network import Network
from engine.parameters import ParameterStore


def made(**knobs: Any) -> LayerKind:
    return layers.make(Spec.of("batch_norm", **knobs))


def wave(shift: float, *shape: int) -> Array:
    """sin(shift), sin(shift + 1), ... in C order."""
    return np.sin(shift + np.arange(np.prod(shape))).reshape(shape)


def by_loops(x: Array, gamma: Array, beta: Array, epsilon: float = 1e-5) -> Array:
    a = np.zeros(x.shape)
    for i in range(len(x)):
        every = [float(each) for each in x[i].ravel()]
        mean = sum(every) / len(every)
        variance = sum((each - mean) ** 2 for each in every) / len(every)
        for at in np.ndindex(x.shape[1:]):
            a[(i, *at)] = gamma[i, 0] * (x[(i, *at)] - mean) / math.sqrt(variance + epsilon) + beta[i, 0]
    return a


def close(there: Array | None, wanted: object) -> None:
    assert there is not None
    np.testing.assert_allclose(there, wanted, rtol=0, atol=2e-12)


def test_vectors_have_the_numbers_of_pytorch() -> None:
    w = {"gamma": wave(1, 3, 1), "beta": wave(2, 3, 1)}
    x = wave(0, 3, 4)
    run = run_layer(made(), x, parameters=w, da=wave(3, 3, 4))
    close(run.a, [
        [-0.070462472466, 1.672641441592, 1.8131436558, 0.221867082376],
        [-0.474826603721, -0.769657206367, 0.221527329546, 1.587436512781],
        [-0.571584908435, -0.675893007239, -0.848668879824, -0.931063185733],
    ])  # fmt: skip
    close(run.da_prev[0], [
        [0.255997365434, 0.168809107916, -0.106985112304, -0.317821361045],
        [-0.153413577225, 0.063610085731, 0.121912596317, -0.032109104824],
        [0.009787997399, -0.010547647127, -0.010054464896, 0.010814114624],
    ])  # fmt: skip
    close(run.gradients["gamma"][:, 0], [-1.652589099921, -2.264872773971, -3.116870296543])
    close(run.gradients["beta"][:, 0], [-1.85402226011, 1.514442219695, -0.12578873203])
    kept = {name: run.arrays[f"new running_{name}"] for name in ("mean", "variance")}
    close(kept["mean"][:, 0], [0.047297210492, -0.033453891736, -0.003563364639])
    close(kept["variance"][:, 0], [0.921999987908, 0.951810834802, 0.98131772471])
    given = {**w, **{f"running_{name}": each for name, each in kept.items()}}
    close(run_layer(made(), x, parameters=given, training=False).a, [
        [0.867849113706, 1.605261584683, 1.664700430596, 0.991517850628],
        [-0.5330602112, -0.721443108257, -0.088122778828, 0.784628986916],
        [-0.615354589628, -0.697586010917, -0.833794088046, -0.898749743059],
    ])  # fmt: skip


def test_images_have_the_numbers_of_pytorch() -> None:
    run = run_layer(made(), wave(0, 2, 2, 2, 2), da=wave(3, 2, 2, 2, 2))
    there = run.da_prev[0]
    assert there is not None
    close(run.a[0].ravel(), [
        -0.104369398767, 1.164456701557, 1.266729936735, 0.108420766001,
        -1.245526700888, -1.550299406923, -0.525690731707, 0.886278833992,
    ])  # fmt: skip
    close(there[0].ravel(), [
        0.174661198398, 0.062365718271, -0.142324111459, -0.251217405315,
        -0.164198171112, 0.038728508533, 0.170992780199, 0.110991482484,
    ])  # fmt: skip
    close(run.arrays["new running_mean"][:, 0], [0.006921659378, 0.017274434114])
    close(run.arrays["new running_variance"][:, 0], [0.950263896907, 0.958207342179])


@pytest.mark.parametrize("at", [(), (4,), (2, 3)])
@pytest.mark.parametrize("epsilon", [1e-5, 0.3])
def test_plain_loops(at: tuple[int, ...], epsilon: float) -> None:
    rng = np.random.default_rng(2)
    x, da = rng.normal(2.0, 3.0, (3, *at, 5)), rng.normal(size=(3, *at, 5))
    w = {"gamma": rng.normal(size=(3, 1)), "beta": rng.normal(size=(3, 1))}
    run = run_layer(made(epsilon=epsilon), x, parameters=w, da=da)
    close(run.a, by_loops(x, w["gamma"], w["beta"], epsilon))
    given = x.copy()

    def L() -> float:
        return float((da * by_loops(given, w["gamma"], w["beta"], epsilon)).sum())

    close_to_nudged = {"rtol": 0, "atol": 1e-7}
    np.testing.assert_allclose(run.da_prev[0], numeric_gradient(L, given), **close_to_nudged)
    for name in ("gamma", "beta"):
        np.testing.assert_allclose(run.gradients[name], numeric_gradient(L, w[name]), **close_to_nudged)


@pytest.mark.parametrize("momentum", [0.0, 0.1, 1.0])
def test_the_running_values_move_by_the_momentum(momentum: float) -> None:
    x = np.array([[1.0, 3.0], [0.0, 10.0]])
    old = {"running_mean": np.array([[5.0], [6.0]]), "running_variance": np.array([[2.0], [3.0]])}
    run = run_layer(made(momentum=momentum), x, parameters=old, da=np.ones((2, 2)))
    mean, variance = np.array([[2.0], [5.0]]), np.array([[2.0], [50.0]])
    close(run.arrays["new running_mean"], (1 - momentum) * old["running_mean"] + momentum * mean)
    close(run.arrays["new running_variance"], (1 - momentum) * old["running_variance"] + momentum * variance)
    said = evaluate(run.cell("new running_variance", 1, 0), run.lookup)
    assert said == pytest.approx((1 - momentum) * 3.0 + momentum * 50.0)


def test_predicting_uses_the_running_values_and_leaves_them() -> None:
    kept = {"running_mean": np.array([[2.0]]), "running_variance": np.array([[4.0]])}
    run = run_layer(made(), np.array([[2.0, 6.0]]), parameters=kept, training=False)
    close(run.a, [[0.0, 4.0 / math.sqrt(4.00001)]])
    assert evaluate(run.cell("xhat", 0, example=1), run.lookup) == pytest.approx(run.a[0, 1])
    for name, value in kept.items():
        assert run.arrays[f"new {name}"][0, 0] == value[0, 0]
    assert "mean" not in run.arrays


def test_a_single_number_is_all_mean() -> None:
    with np.errstate(all="raise"):
        run = run_layer(made(), np.array([[7.0]]), parameters={"beta": np.array([[0.5]])}, da=np.ones((1, 1)))
    assert run.a[0, 0] == 0.5
    assert run.da_prev[0] is not None and run.da_prev[0][0, 0] == 0
    assert run.arrays["new running_variance"][0, 0] == pytest.approx(0.9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("x", [np.zeros((4, 2)), np.full((4, 3), 7.0), 1e6 * wave(0, 4, 2)])
def test_equal_and_large_numbers_stay_finite_and_in_their_precision(x: Array, dtype: type) -> None:
    with np.errstate(all="raise"):
        run = run_layer(made(), x, da=wave(1, *x.shape), dtype=dtype)
    assert all(np.isfinite(each).all() and each.dtype == dtype for each in run.arrays.values())


def test_parameters() -> None:
    blocks = made().blocks("it", (4, 3), [("x", (4, 3))])
    starts = {part.name: (part.start.get("value"), block.learned) for block in blocks for part in block.parts}
    assert starts == {
        "gamma": (1.0, True), "beta": (0.0, True),
        "running_mean": (0.0, False), "running_variance": (1.0, False),
    }  # fmt: skip


def test_training_and_predicting_networks_share_the_running_values(some_data: Callable[..., Any]) -> None:
    given = (
        Layer("input", Spec("input"), (0, 1)),
        Layer("it", Spec("batch_norm"), (0, 1)),
        Layer("output", Spec.of("output", activation=Spec("identity")), (0,)),
    )
    wires = (Connection("input", "it"), Connection("it", "output"))
    document = Document(layers=given, connections=wires, loss=Spec("mse"))
    store = ParameterStore(Layout(document))
    store.load(fresh(document))
    training, predicting = Network(store, 4), Network(store, 4, learns=False)
    data = some_data(document, 4)
    for network in (training, predicting):
        network.feed(data.X, data.Y if network is training else None)
    for _ in range(200):
        for call in training.calls():
            call()
    np.testing.assert_allclose(store.parameters["it.running_mean"][:, 0], data.X.mean(axis=1), atol=1e-8)
    np.testing.assert_allclose(store.parameters["it.running_variance"][:, 0], data.X.var(axis=1, ddof=1))
    predicting.forward()
    wanted = (data.X - data.X.mean(axis=1, keepdims=True)) / data.X.std(axis=1, ddof=1, keepdims=True)
    w = store.parameters
    expected = w["it.gamma"] * wanted + w["it.beta"]
    np.testing.assert_allclose(predicting.places["it"].a, expected, rtol=1e-4, atol=1e-6)


def test_the_mean_belongs_to_no_single_example() -> None:
    run = run_layer(made(), wave(0, 3, 4), da=wave(1, 3, 4))
    means = [run.cell("mean", 2, 0, example=k) for k in range(4)]
    assert means.count(means[0]) == 4
    ref: Ref = run.place.ref("mean", (2, 0))
    assert evaluate(means[0], run.lookup) == pytest.approx(run.lookup(ref))
