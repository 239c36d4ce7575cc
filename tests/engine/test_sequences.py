"""Networks over sequences: a dense layer at every time step, the loss at positions, targets as numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer, Training
from engine.fitting import fitted
from engine.learned import Learned, fresh
from engine.losses import losses
from engine.network import Network
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer

Some = Callable[..., Learned]
Running = Callable[..., Network]
N, T, K, M = 2, 4, 3, 5


def over_time(
    loss: Spec | str = "cross_entropy", output: str = "softmax", k: int = K, **chosen: object
) -> Document:
    layers = (
        Layer("input", Spec.of("input", shape=f"{N}×{T}"), tuple(range(N * T))),
        Layer("hidden", Spec("dense"), (0, 1, 2, 3)),
        Layer("output", Spec.of("output", activation=Spec(output)), tuple(range(k))),
    )
    wires = (Connection("input", "hidden"), Connection("hidden", "output"))
    loss = Spec(loss) if isinstance(loss, str) else loss
    return Document(layers=layers, connections=wires, loss=loss, **chosen)  # type: ignore[arg-type]


def coded(silent: bool = True, m: int = M, k: int = K) -> Data:
    """Class numbers; nothing is asked at some positions, and in the last example nowhere."""
    rng = np.random.default_rng(6)
    X, Y = rng.normal(0, 1, (N * T, m)), rng.integers(0, k, (T, m)).astype(float)
    if silent:
        Y[[0, 1, 3, 2], [0, 0, 0, 1]] = -1.0
        Y[:, -1] = -1.0
    names = tuple(map(str, range(N * T)))
    return Data(
        X,
        Y,
        names,
        names[:T],
        Task.CLASSES,
        tuple("abcdef"[:k]),
        shape=(N, T),
        target_shape=(k, T),
        coded=True,
    )


def by_loops(learned: Learned, data: Data) -> tuple[float, dict[str, Array], Array]:
    """J of softmax and cross-entropy, its gradient and the outputs, one time step after the other.

    The loss of an example is the mean over the positions at which something is asked.
    """
    p = learned.parameters
    W1, b1, W2, b2 = p["hidden.W.input"], p["hidden.b"], p["output.W.hidden"], p["output.b"]
    g = {key: np.zeros_like(each) for key, each in p.items()}
    X, J, outputs = data.X.reshape(N, T, data.m), 0.0, np.zeros((len(b2), T, data.m))
    for i in range(data.m):
        asked = [t for t in range(T) if data.Y[t, i] >= 0]
        for t in range(T):
            x = X[:, t, i, None]
            h = np.tanh(W1 @ x + b1)
            z = W2 @ h + b2
            a = np.exp(z) / np.exp(z).sum()
            outputs[:, t, i] = a[:, 0]
            if t not in asked:
                continue
            y = np.zeros_like(a)
            y[int(data.Y[t, i])] = 1.0
            J -= float(np.log(a[y == 1.0])[0]) / len(asked) / data.m
            dz2 = (a - y) / len(asked) / data.m
            dz1 = (W2.T @ dz2) * (1 - h**2)
            g["output.W.hidden"] += dz2 @ h.T
            g["output.b"] += dz2
            g["hidden.W.input"] += dz1 @ x.T
            g["hidden.b"] += dz1
    return J, g, outputs


@pytest.mark.parametrize("silent", [False, True])
def test_loss_and_gradient_are_those_of_plain_loops(
    silent: bool, running: Running, some_learned: Some
) -> None:
    document, data = over_time(), coded(silent)
    learned = some_learned(document)
    network = running(document, data, learned)
    for call in network.calls():
        call()
    J, gradient, outputs = by_loops(learned, data)
    assert pytest.approx(J, abs=1e-14) == network.J
    assert np.allclose(network.a, outputs, rtol=0, atol=1e-14)
    for key, expected in gradient.items():
        assert np.allclose(network.store.gradients[key], expected, rtol=0, atol=1e-14), key


def test_each_position_counts_as_much_as_the_others_of_its_example(
    running: Running, some_learned: Some
) -> None:
    document, data = over_time(), coded()
    network = running(document, data, some_learned(document))
    share = network.plan.arrays["loss", "share"]
    asked = data.Y >= 0
    assert share.shape == (T, M)
    assert share[:, 0].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert share[:, 1].tolist() == [1 / 3, 1 / 3, 0.0, 1 / 3]
    assert share[:, 2].tolist() == [0.25] * 4
    assert share[:, 4].tolist() == [0.0] * 4, "an example without a question counts as a loss of 0"
    assert ((share > 0) == asked).all()
    y = network.plan.arrays["loss", "y"]
    assert np.array_equal(y.sum(axis=0), asked)
    assert np.array_equal(y.argmax(axis=0)[asked], data.Y[asked])


def test_other_targets_in_the_same_network_leave_nothing_behind(running: Running, some_learned: Some) -> None:
    document, data = over_time(), coded()
    learned = some_learned(document)
    network, other = running(document, data, learned), coded(False)
    for Y in (other.Y, data.Y):
        network.feed(data.X, Y)
        for call in network.calls():
            call()
        network.store.load(learned)
        J, gradient, _ = by_loops(learned, replace(data, Y=Y))
        assert pytest.approx(J, abs=1e-14) == network.J
        assert np.allclose(network.store.gradients["hidden.b"], gradient["hidden.b"], rtol=0, atol=1e-14)


def test_numbers_of_classes_are_the_same_as_rows_of_0_and_1(running: Running, some_learned: Some) -> None:
    document, data = over_time(), coded(False)
    learned = some_learned(document)
    rows = np.concatenate([data.Y == c for c in range(K)]).astype(float)
    runs = []
    for each in (data, replace(data, Y=rows, coded=False)):
        network = running(document, each, learned)
        for call in network.calls():
            call()
        runs.append(network)
    assert runs[0].J == runs[1].J
    assert runs[0].store.theta.tobytes() == runs[1].store.theta.tobytes()


def test_a_class_number_of_the_whole_example_is_a_row_of_0_and_1(
    some_learned: Some, running: Running
) -> None:
    layers = (
        Layer("input", Spec("input"), (0, 1)),
        Layer("output", Spec.of("output", activation=Spec("softmax")), (0, 1, 2)),
    )
    document = Document(
        layers=layers, connections=(Connection("input", "output"),), loss=Spec("cross_entropy")
    )
    X = np.random.default_rng(2).normal(0, 1, (2, 4))
    true = np.array([2, 0, 1, 2])
    names = tuple("abc")
    rows = Data(X, np.eye(3)[:, true], names[:2], names, Task.CLASSES, names)
    numbers = replace(rows, Y=true[None].astype(float), coded=True)
    found = []
    for data in (rows, numbers):
        network = running(document, data, some_learned(document))
        for call in network.calls():
            call()
        found.append((network.J, network.store.theta.tobytes()))
    assert found[0] == found[1]


def test_a_sequence_is_many_examples_with_shared_weights(running: Running, some_learned: Some) -> None:
    """Every time step as an example of its own: the same outputs, J and gradient, if all are asked."""
    document, data = over_time(), coded(False)
    learned = some_learned(document)
    network = running(document, data, learned)
    one_step = over_time()
    flat_input = replace(one_step.layer("input"), spec=Spec("input"), units=(0, 1))
    alone = one_step.with_layer(flat_input)
    X = data.X.reshape(N, T * M)
    Y = np.eye(K)[:, data.Y.reshape(-1).astype(int)]
    other = running(alone, replace(data, X=X, Y=Y, coded=False, shape=(), target_shape=()), learned)
    for each in (network, other):
        for call in each.calls():
            call()
    assert pytest.approx(other.J, abs=1e-14) == network.J
    assert np.allclose(network.a.reshape(K, -1), other.a, rtol=0, atol=1e-14)
    assert np.allclose(network.store.theta, other.store.theta, rtol=0, atol=1e-13)


PAIRS = [
    ("cross_entropy", "softmax"), ("bce", "sigmoid"), ("mse", "identity"), ("mse", "softmax"),
    ("huber", "tanh"), ("cross_entropy_with_logits", "identity"), ("dice", "sigmoid"), ("mae", "tanh"),
]  # fmt: skip


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_gradients_at_positions(loss: str, output: str, running: Running, some_learned: Some) -> None:
    document = over_time(loss, output)
    data = coded(not losses[loss].whole)
    report = gradient_check(running(document, data, some_learned(document)))
    assert report.agrees(1e-6), report
    assert any(each.name == "input.a" for each in report)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_every_number_at_positions_explains_itself(
    loss: str, output: str, some_learned: Some,
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    document = over_time(loss, output)
    data = coded(not losses[loss].whole)
    trace = Trace(document, data, some_learned(document), np.array([0, 1, 4]))
    assert check_truth(trace) > 200
    check_steps(trace)


def test_a_loss_of_whole_examples_refuses_silent_positions(running: Running, some_learned: Some) -> None:
    document = over_time("dice", "sigmoid")
    with pytest.raises(DataError, match="at some nothing is asked"):
        running(document, coded(), some_learned(document))


@pytest.mark.parametrize("batch", [None, 2])
def test_training_over_sequences_goes_down_and_rewinds(batch: int | None) -> None:
    document = over_time(
        optimizer=Spec.of("adam", learning_rate=0.05), training=Training(batch, batch is not None)
    )
    data = coded()
    timeline = Timeline(Trainer(document, data, fresh(document)))
    timeline.advance(120)
    J = timeline.trainer.curve.values
    assert J[-6:].mean() < 0.6 * J[:6].mean()
    timeline.seek(37)
    straight = Trainer(document, data, fresh(document))
    straight.advance(37)
    assert timeline.trainer.learned.same_bits(straight.learned)


def test_an_update_by_plain_loops() -> None:
    document = over_time(optimizer=Spec.of("gradient_descent", learning_rate=0.3))
    data = coded()
    trainer = Trainer(document, data, fresh(document))
    J, gradient, _ = by_loops(fresh(document), data)
    trainer.advance()
    assert trainer.curve.values[0] == pytest.approx(J, abs=1e-14)
    for key, before in fresh(document).parameters.items():
        after = trainer.learned.parameters[key]
        assert np.allclose(after, before - 0.3 * gradient[key], rtol=0, atol=1e-14), key


@pytest.mark.parametrize("kind", ["next_bit", "names", "addition"])
def test_the_sets_of_sequences_can_be_learned(kind: str) -> None:
    """A network that is fitted to the data runs, and its loss begins near that of guessing."""
    data = data_of(Document(data=Spec(kind)))
    data = replace(data, X=data.X[:, :20], Y=data.Y[:, :20])
    k = data.output_shape[0]
    layers = [Layer("input", Spec("input"), (0,)), Layer("hidden", Spec("dense"), (0, 1, 2)),
              Layer("output", Spec.of("output", activation=Spec("softmax")), (0,))]  # fmt: skip
    wires = [Connection("input", "hidden"), Connection("hidden", "output")]
    if data.symbols:
        layers.insert(1, Layer("embedding", Spec.of("embedding", vocabulary=k), (0, 1, 2, 3)))
        wires = [Connection("input", "embedding"), Connection("embedding", "hidden"), wires[1]]
    document = Document(layers=tuple(layers), connections=tuple(wires), loss=Spec("cross_entropy"))
    document = fitted(document, data)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(3)
    asked = (data.Y >= 0).any(axis=0).mean()
    assert trainer.curve.values[0] == pytest.approx(np.log(k) * asked, rel=0.3)
    assert trainer.curve.values[2] < trainer.curve.values[0]
