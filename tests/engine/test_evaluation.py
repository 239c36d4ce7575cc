"""Evaluation: the predicting network's loss and metrics, in portions, at positions, for every task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.problems import DataError, DocumentError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer, Training
from engine.evaluation import Evaluator, evaluate
from engine.learned import Learned, fresh
from engine.network import Network
from engine.samples import mlp
from engine.trainer import Trainer

Some = Callable[..., Learned]


def classes_data(m: int = 11, n: int = 2, k: int = 3) -> Data:
    rng = np.random.default_rng(4)
    X, true = rng.normal(0, 1, (n, m)), rng.integers(k, size=m)
    names = tuple(f"c{i}" for i in range(k))
    return Data(X, np.eye(k)[:, true], tuple(f"x{i}" for i in range(n)), names, Task.CLASSES, names)


def numbers_of(document: Document, learned: Learned) -> tuple[np.ndarray, ...]:
    p = learned.parameters
    return p["hidden.W.input"], p["hidden.b"], p["output.W.hidden"], p["output.b"]


def test_loss_and_metrics_of_a_classifier_by_hand(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    data, learned = classes_data(), some_learned(document)
    W1, b1, W2, b2 = numbers_of(document, learned)
    z = W2 @ np.tanh(W1 @ data.X + b1) + b2
    a = np.exp(z) / np.exp(z).sum(axis=0)
    true = data.Y.argmax(axis=0)
    found = evaluate(document, data, learned, metrics=["accuracy", "perplexity"])
    J = -np.log(a[true, np.arange(11)]).mean()
    assert pytest.approx(J, abs=1e-13) == found.J
    assert found.metrics["accuracy"] == pytest.approx((a.argmax(axis=0) == true).mean(), abs=0)
    assert found.metrics["perplexity"] == pytest.approx(np.exp(J), abs=1e-12)
    assert found.examples == 11
    part = evaluate(document, data, learned, [3, 0, 3])
    assert pytest.approx(-np.log(a[true[[3, 0, 3]], [3, 0, 3]]).mean(), abs=1e-13) == part.J
    assert list(part.metrics) == ["accuracy", "f1"]


@pytest.mark.parametrize("most", [1, 30, 60, 10_000])
def test_portions_make_no_difference(most: int, some_learned: Some) -> None:
    """Eight numbers an example: portions of 1, 3, 7 and of all eleven examples."""
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    data, learned = classes_data(), some_learned(document)
    whole = evaluate(document, data, learned)
    trainer = Trainer(document, data, learned)
    evaluator = Evaluator(data, trainer.store, most)
    assert evaluator.size == max(1, most // 8)
    found = evaluator.of()
    assert pytest.approx(whole.J, rel=1e-14) == found.J
    assert found.metrics == whole.metrics
    assert str(found) == str(whole)


def test_the_loss_is_that_of_training_for_a_plain_network(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    data, learned = classes_data(), some_learned(document)
    trainer = Trainer(document, data, learned)
    J = evaluate(document, data, learned).J
    trainer.advance()
    assert trainer.curve.values[0] == J


def test_an_evaluator_sees_the_weights_as_they_are(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    data = classes_data()
    trainer = Trainer(document, data, some_learned(document))
    evaluator = Evaluator(data, trainer.store)
    seen = []
    for _ in range(4):
        before = trainer.learned
        seen.append(evaluator.of().J)
        assert trainer.learned.same_bits(before), "looking changes nothing"
        trainer.advance()
    assert seen == trainer.curve.values.tolist()


def test_regression(some_learned: Some, some_data: Callable[..., Data]) -> None:
    document = mlp(2, 3, 2, output="identity", loss=Spec.of("mse", form="mean"))
    data = some_data(document, 6)
    learned = some_learned(document)
    W1, b1, W2, b2 = numbers_of(document, learned)
    error = W2 @ np.tanh(W1 @ data.X + b1) + b2 - data.Y
    found = evaluate(document, data, learned)
    assert list(found.metrics) == ["rmse", "mae", "r2"]
    assert found.metrics["rmse"] == pytest.approx(np.sqrt((error**2).mean()), abs=1e-13)
    assert found.metrics["mae"] == pytest.approx(np.abs(error).mean(), abs=1e-13)
    assert pytest.approx((error**2).mean(), abs=1e-13) == found.J


def sequence_network(k: int = 3, T: int = 4) -> tuple[Document, Data]:
    """2 features at 4 time steps to one of 3 classes at each; class numbers, −1 where nothing is asked."""
    layers = (
        Layer("input", Spec.of("input", shape=f"2×{T}"), tuple(range(2 * T))),
        Layer("hidden", Spec("dense"), (0, 1, 2)),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(k))),
    )
    wires = (Connection("input", "hidden"), Connection("hidden", "output"))
    document = Document(layers=layers, connections=wires, loss=Spec("cross_entropy"))
    rng = np.random.default_rng(5)
    Y = rng.integers(0, k, (T, 7)).astype(float)
    Y[[0, 0, 1, 2, 3], [0, 1, 1, 1, 4]] = -1.0
    names = tuple("abc"[:k])
    data = Data(
        rng.normal(0, 1, (2 * T, 7)), Y, tuple(map(str, range(2 * T))), tuple(map(str, range(T))),
        Task.CLASSES, names, shape=(2, T), target_shape=(k, T), coded=True,
    )  # fmt: skip
    return document, data


@pytest.mark.parametrize("most", [1, 10_000])
def test_positions_at_which_nothing_is_asked_do_not_count(most: int, some_learned: Some) -> None:
    document, data = sequence_network()
    learned = some_learned(document)
    W1, b1, W2, b2 = numbers_of(document, learned)
    J, right, ln_true = 0.0, [], []
    for example in range(7):
        L = []
        for t in range(4):
            x = data.X.reshape(2, 4, 7)[:, t, example, None]
            z = W2 @ np.tanh(W1 @ x + b1) + b2
            a, y = (np.exp(z) / np.exp(z).sum())[:, 0], int(data.Y[t, example])
            if y >= 0:
                L.append(-np.log(a[y]))
                right.append(a.argmax() == y)
        J += np.mean(L) / 7
        ln_true += L
    trainer = Trainer(document, data, learned)
    found = Evaluator(data, trainer.store, most).of(metrics=["accuracy", "perplexity", "confusion_matrix"])
    assert pytest.approx(J, abs=1e-13) == found.J
    assert len(right) == 23
    assert found.metrics["accuracy"] == pytest.approx(np.mean(right), abs=1e-15)
    assert found.metrics["perplexity"] == pytest.approx(np.exp(np.mean(ln_true)), abs=1e-12)
    assert np.sum(found.metrics["confusion_matrix"]) == 23


@pytest.mark.parametrize(
    ("loss", "output", "k"),
    [("bce_with_logits", "sigmoid", 1), ("cross_entropy_with_logits", "softmax", 3)],
)
def test_logits_are_made_probabilities(loss: str, output: str, k: int, some_learned: Some) -> None:
    """The same weights with the sigmoid or softmax in the output or in the loss: the same metrics."""
    plain = loss.removesuffix("_with_logits")
    inside = mlp(2, 3, k, output="identity", loss=Spec(loss))
    outside = mlp(2, 3, k, output=output, loss=Spec(plain))
    learned = some_learned(inside)
    data = classes_data(40, k=max(k, 2))
    if k == 1:
        data = replace(data, Y=data.Y[:1], targets=("y",), task=Task.BINARY)
    asked = ["accuracy", "bits_per_symbol", "f1"]
    one, two = (evaluate(each, data, learned, metrics=asked) for each in (inside, outside))
    assert one.metrics == pytest.approx(two.metrics, abs=1e-12)
    assert pytest.approx(two.J, abs=1e-12) == one.J


def test_predictions_that_answer_by_their_sign(some_learned: Some) -> None:
    document = mlp(2, 3, 1, output="identity", loss=Spec("hinge"))
    learned = some_learned(document, scale=0.3)
    data = classes_data(60, k=2)
    data = replace(data, Y=data.Y[:1], targets=("y",), task=Task.BINARY)
    W1, b1, W2, b2 = numbers_of(document, learned)
    a = (W2 @ np.tanh(W1 @ data.X + b1) + b2)[0]
    assert ((a > 0) & (a < 0.5)).sum() > 2, "or the threshold would not matter"
    right = ((a >= 0) == (data.Y[0] == 1)).mean()
    assert evaluate(document, data, learned).metrics["accuracy"] == pytest.approx(right, abs=1e-15)
    chosen = evaluate(document, data, learned, metrics=[Spec.of("accuracy", threshold=0.5)])
    assert chosen.metrics["accuracy"] == pytest.approx(((a >= 0.5) == (data.Y[0] == 1)).mean(), abs=1e-15)


def test_nothing_is_dropped_or_drawn_where_a_network_predicts(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    trainer = Trainer(document, classes_data(), some_learned(document))
    evaluator = Evaluator(trainer.data, trainer.store)
    evaluator.of()
    assert not any(each.plan.training for each in evaluator._networks.values())
    assert Network(trainer.store, 2).plan.training


def test_augmentation_and_label_noise_are_for_training_alone(some_learned: Some) -> None:
    plain = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    document = replace(plain, training=Training(augmentation=Spec("noise"), label_noise=0.9, held_out=0.3))
    data, learned = classes_data(), some_learned(plain)
    assert evaluate(document, data, learned).J == evaluate(plain, data, learned).J


def test_single_precision(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    single = replace(document, training=Training(precision="single"))
    data, learned = classes_data(), some_learned(document)
    one, two = evaluate(document, data, learned).J, evaluate(single, data, learned).J
    assert one != two
    assert pytest.approx(two, abs=1e-5) == one


def test_what_cannot_be_evaluated_is_a_sentence(some_learned: Some) -> None:
    document = mlp(2, 3, 3, output="softmax", loss=Spec("cross_entropy"))
    data, learned = classes_data(), some_learned(document)
    with pytest.raises(DataError, match="no examples to evaluate"):
        evaluate(document, data, learned, [])
    with pytest.raises(DocumentError, match="5 features but the input has 2"):
        evaluate(document, classes_data(n=5), learned)


# ---------------------------------------------------------------- other procedures


def test_an_autoencoder_is_measured_by_what_it_gives_back(some_learned: Some) -> None:
    training = Training(procedure=Spec("reconstruction"))
    document = mlp(2, 3, 2, output="identity", loss=Spec.of("mse", form="mean"), training=training)
    data, learned = classes_data(), some_learned(document)
    W1, b1, W2, b2 = numbers_of(document, learned)
    error = W2 @ np.tanh(W1 @ data.X + b1) + b2 - data.X
    found = evaluate(document, data, learned)
    assert pytest.approx((error**2).mean(), abs=1e-13) == found.J
    assert found.metrics["mae"] == pytest.approx(np.abs(error).mean(), abs=1e-13)


def test_what_a_procedure_draws_is_the_same_every_time_and_other_than_in_training(some_learned: Some) -> None:
    """A denoising autoencoder: the noise of the evaluation is none that the network learned from."""
    training = Training(procedure=Spec.of("reconstruction", noise=0.5))
    document = mlp(2, 3, 2, output="identity", loss=Spec("mse"), training=training)
    data, learned = classes_data(), some_learned(document)
    first, second = evaluate(document, data, learned), evaluate(document, data, learned)
    assert first.J == second.J
    trainer = Trainer(document, data, learned)
    for _ in range(5):
        trainer.advance()
        trainer.load(replace(learned, step=trainer.step))
    seen = trainer.curve.values.tolist()
    assert len(set(seen)) == 5
    assert first.J not in seen


def test_every_architecture_can_be_evaluated() -> None:
    for kind in ("gan", "diffusion", "language_model", "autoencoder", "mlp"):
        document = architectures.make(kind).document()
        data = data_of(document)
        found = evaluate(document, data, fresh(document), np.arange(20))
        assert np.isfinite(found.J), kind
        assert found.metrics, kind
