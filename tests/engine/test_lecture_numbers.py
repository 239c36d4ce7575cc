"""The numbers of the lecture and of famous pages, digit for digit; nothing here is the engine's own."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer


def sigmoid(z: Array) -> Array:
    return 1.0 / (1.0 + np.exp(-z))


def test_l20_forward_propagation_of_one_example(lecture: tuple[Document, Data, Learned]) -> None:
    document, data, learned = lecture
    trace = Trace(document, data, learned, np.array([0]))
    assert trace.arrays["hidden", "z"][:, 0] == pytest.approx([-0.2, 1.0, -0.2, 0.3], abs=1e-15)
    a1 = [0.450166, 0.731059, 0.450166, 0.574443]
    assert trace.arrays["hidden", "a"][:, 0] == pytest.approx(a1, abs=5e-7)
    assert trace.arrays["output", "z"][0, 0] == pytest.approx(0.180137, abs=5e-7)
    assert trace.arrays["output", "a"][0, 0] == pytest.approx(0.544913, abs=5e-7)
    assert trace.J == pytest.approx(0.607129, abs=5e-7)
    assert trace.J == pytest.approx(-math.log(trace.arrays["output", "a"][0, 0]), abs=1e-15)


def test_l25_backward_propagation_of_one_example(lecture: tuple[Document, Data, Learned]) -> None:
    document, data, learned = lecture
    trace = Trace(document, data, learned, np.array([0]))
    assert trace.arrays["output", "dz"][0, 0] == pytest.approx(-0.455087, abs=5e-7)
    dW2 = [-0.204865, -0.332695, -0.204865, -0.261421]
    assert trace.arrays["output", "dW.hidden"][0] == pytest.approx(dW2, abs=5e-7)
    dz1 = [-0.022528, 0.035790, -0.056321, -0.011125]
    assert trace.arrays["hidden", "dz"][:, 0] == pytest.approx(dz1, abs=5e-7)
    assert trace.arrays["hidden", "db"][:, 0] == pytest.approx(dz1, abs=5e-7)
    outer = np.outer(trace.arrays["hidden", "dz"][:, 0], [1.0, 2.0])
    assert trace.arrays["hidden", "dW.input"] == pytest.approx(outer, abs=1e-15)


def test_l25_three_updates(lecture: tuple[Document, Data, Learned]) -> None:
    document, data, learned = lecture
    trainer = Trainer(document, data, learned)
    trainer.advance(3)
    assert trainer.curve.values == pytest.approx([0.607129, 0.392048, 0.276346], abs=5e-7)


def test_l22_has_72_parameters() -> None:
    layout = Layout(mlp(3, 5, 5, 3, 1))
    assert layout.size == 72
    shapes = {key: slot.shape for key, slot in layout.slots.items()}
    assert shapes["hidden.W.input"] == (5, 3)
    assert shapes["hidden.b"] == (5, 1)
    assert shapes["output.W.hidden3"] == (1, 3)


def test_l22_whole_network_against_plain_numpy(
    some_learned: Callable[..., Learned], make_data: Callable[..., Data]
) -> None:
    """3-5-5-3-1 on six examples for ten updates, written out once more in one page of NumPy."""
    document = mlp(3, 5, 5, 3, 1, hidden="tanh")
    learned = some_learned(document)
    rng = np.random.default_rng(6)
    X, Y = rng.normal(size=(3, 6)), rng.integers(2, size=(1, 6)).astype(float)
    ids = ["input", "hidden", "hidden2", "hidden3", "output"]
    W = [np.array(learned.parameters[f"{b}.W.{a}"]) for a, b in pairwise(ids)]
    b = [np.array(learned.parameters[f"{each}.b"]) for each in ids[1:]]
    costs = []
    for _ in range(10):
        A = [X]
        for l in range(4):
            Z = W[l] @ A[-1] + b[l]
            A.append(np.tanh(Z) if l < 3 else sigmoid(Z))
        costs.append(float(-(Y * np.log(A[4]) + (1 - Y) * np.log(1 - A[4])).mean()))
        dZ = (A[4] - Y) / 6
        for l in (3, 2, 1, 0):
            dW, db = dZ @ A[l].T, dZ.sum(axis=1, keepdims=True)
            dZ = (W[l].T @ dZ) * (1 - A[l] ** 2)
            W[l] -= 0.5 * dW
            b[l] -= 0.5 * db
    trainer = Trainer(document, make_data(X, Y), learned)
    trainer.advance(10)
    assert trainer.curve.values == pytest.approx(costs, abs=1e-12)
    for l, each in enumerate(ids[1:]):
        assert trainer.learned.parameters[f"{each}.W.{ids[l]}"] == pytest.approx(W[l], abs=1e-12)
        assert trainer.learned.parameters[f"{each}.b"] == pytest.approx(b[l], abs=1e-12)


@pytest.mark.parametrize("loss", ["bce", "mse"])
@pytest.mark.parametrize("m", [1, 6])
def test_l24_logistic_regression(
    loss: str, m: int, learned_from: Callable[..., Learned], make_data: Callable[..., Data]
) -> None:
    """With cross-entropy the product of da and a(1 − a) is a − y; with squared error it is not."""
    X = np.array([[1.0, 0.5, -1.0, 2.0, 0.0, -0.5], [2.0, -1.0, 0.5, 1.0, 0.0, -2.0]])[:, :m]
    Y = np.array([[1.0, 0.0, 1.0, 1.0, 0.0, 0.0]])[:, :m]
    w, b = np.array([[0.5, -0.25]]), np.array([[0.1]])
    document = mlp(2, 1, loss=Spec(loss))
    learned = learned_from(document, {"output.W.input": w, "output.b": b})
    trace = Trace(document, make_data(X, Y), learned, np.arange(m))
    a = sigmoid(w @ X + b)
    if loss == "bce":
        J = -(Y * np.log(a) + (1 - Y) * np.log(1 - a)).mean()
        dz, da = a - Y, -Y / a + (1 - Y) / (1 - a)
    else:
        J, dz, da = (0.5 * (a - Y) ** 2).mean(), (a - Y) * a * (1 - a), a - Y
    assert pytest.approx(J, abs=1e-14) == trace.J
    assert trace.arrays["output", "da"] == pytest.approx(da, abs=1e-13)
    assert trace.arrays["output", "dz"] == pytest.approx(dz, abs=1e-14)
    dw, db = dz @ X.T / m, dz.sum(axis=1, keepdims=True) / m
    assert trace.arrays["output", "mean dW.input"] == pytest.approx(dw, abs=1e-14)
    assert trace.arrays["output", "mean db"] == pytest.approx(db, abs=1e-14)
    assert db.shape == trace.arrays["output", "mean db"].shape == (1, 1)
    assert trace.arrays["output", "new W.input"] == pytest.approx(w - 0.5 * dw, abs=1e-14)
    assert trace.arrays["output", "new b"] == pytest.approx(b - 0.5 * db, abs=1e-14)


def test_l26_the_column_of_zeros_moves_the_bias_alone(
    some_learned: Callable[..., Learned], make_data: Callable[..., Data]
) -> None:
    document = mlp(2, 4, 1)
    X = np.array([[1.0, -1.0, 0.5, 2.0, 0.0], [2.0, 0.5, -1.0, 1.0, 0.0]])
    trace = Trace(document, make_data(X, [[1, 0, 1, 0, 1]]), some_learned(document), np.arange(5))
    for i in range(4):
        assert trace.lookup(trace.ref("hidden", "db", (i, 0), 4)) != 0.0
        for j in range(2):
            assert trace.lookup(trace.ref("hidden", "dW.input", (i, j), 4)) == 0.0


def test_mazur(learned_from: Callable[..., Learned], make_data: Callable[..., Data]) -> None:
    """M. Mazur, A Step by Step Backpropagation Example, 2015."""
    document = replace(
        mlp(2, 2, 2, hidden="sigmoid", loss=Spec("mse")),
        optimizer=Spec.of("gradient_descent", learning_rate=0.5),
    )
    weights = {
        "hidden.W.input": [[0.15, 0.20], [0.25, 0.30]],
        "hidden.b": [[0.35], [0.35]],
        "output.W.hidden": [[0.40, 0.45], [0.50, 0.55]],
        "output.b": [[0.60], [0.60]],
    }
    data = make_data([[0.05], [0.10]], [[0.01], [0.99]])
    trace = Trace(document, data, learned_from(document, weights), np.array([0]))
    assert trace.J == pytest.approx(0.298371109, abs=5e-10)
    assert trace.arrays["hidden", "a"][:, 0] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert trace.arrays["output", "a"][:, 0] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    new2, new1 = trace.arrays["output", "new W.hidden"], trace.arrays["hidden", "new W.input"]
    assert new2.ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)
    assert new1.ravel() == pytest.approx([0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9)
    assert gradient_check(trace_network(document, data, learned_from(document, weights))).agrees(1e-6)


def trace_network(document: Document, data: Data, learned: Learned) -> Network:
    from engine.parameters import ParameterStore

    store = ParameterStore(Layout(document))
    store.load(learned)
    network = Network(store, data.m, explains=True)
    network.feed(data.X, data.Y)
    return network


def test_l23_gradient_descent_on_a_parabola(
    learned_from: Callable[..., Learned], make_data: Callable[..., Data]
) -> None:
    """J = (w − 3)²: w_k+1 = w_k − 2 α (w_k − 3); one step for α = ½."""
    document = mlp(1, 1, output="identity", loss=Spec.of("mse", form="sum"))
    document = replace(
        document,
        layers=(
            document.layers[0],
            replace(document.layers[1], spec=document.layers[1].spec.with_(bias=False)),
        ),
    )
    for alpha in (0.1, 0.5, 0.9):
        made = replace(document, optimizer=Spec.of("gradient_descent", learning_rate=alpha))
        trainer = Trainer(made, make_data([[1.0]], [[3.0]]), learned_from(made, {"output.W.input": [[1.0]]}))
        w = 1.0
        for _ in range(6):
            trainer.advance()
            w -= 2 * alpha * (w - 3)
            assert trainer.learned.parameters["output.W.input"][0, 0] == pytest.approx(w, abs=1e-14)


def test_l30_equal_units_stay_equal(make_data: Callable[..., Data]) -> None:
    document = mlp(2, 4, 1)
    dense = document.layers[1]
    constant = Spec.of("constant", value=0.3)
    same = replace(dense, spec=dense.spec.with_(initializer=constant))
    last = replace(document.layers[2], spec=document.layers[2].spec.with_(initializer=constant))
    document = replace(document, layers=(document.layers[0], same, last))
    from engine.learned import fresh

    trainer = Trainer(document, make_data([[0, 0, 1, 1], [0, 1, 0, 1]], [[0, 1, 1, 0]]), fresh(document))
    trainer.advance(200)
    W = trainer.learned.parameters["hidden.W.input"]
    assert np.ptp(W, axis=0) == pytest.approx([0.0, 0.0], abs=1e-12)
