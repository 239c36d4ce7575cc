"""Predicting: what the network says, from its inputs or from the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer
from engine.learned import Learned, fresh
from engine.predict import MOST_NETWORKS, Predictor
from engine.samples import mlp
from engine.trainer import Trainer


def test_it_says_what_the_formulas_say(lecture: tuple[Document, Data, Learned]) -> None:
    document, data, learned = lecture
    predict = Predictor(document, learned)
    W1, b1, W2, b2 = (
        learned.parameters[key] for key in ("hidden.W.input", "hidden.b", "output.W.hidden", "output.b")
    )
    X = np.array([[1.0, -0.5, 2.0], [2.0, 0.3, 0.0]])
    hidden = 1 / (1 + np.exp(-(W1 @ X + b1)))
    assert predict(X) == pytest.approx(1 / (1 + np.exp(-(W2 @ hidden + b2))))
    assert predict.run({"input": X}, "hidden") == pytest.approx(hidden)
    assert predict(data.X).shape == (1, 1)
    assert predict.features == 2


def test_from_the_middle(some_learned: Callable[..., Learned]) -> None:
    """A code is decoded: what lies before it does not run and is not asked for."""
    document = mlp(3, 4, 2, 3)
    learned = some_learned(document)
    predict = Predictor(document, learned)
    code = np.array([[0.3, -0.1], [0.9, 0.0]])
    W, b = learned.parameters["output.W.hidden2"], learned.parameters["output.b"]
    assert predict.run({"hidden2": code}, "output") == pytest.approx(1 / (1 + np.exp(-(W @ code + b))))
    X = np.random.default_rng(0).normal(size=(3, 2))
    whole = predict(X)
    assert predict.run({"hidden2": predict.run({"input": X}, "hidden2")}, "output").tolist() == whole.tolist()
    with pytest.raises(DocumentError, match="'input' is needed"):
        predict.run({"output": X}, "hidden")
    for given, wanted in (({"nobody": X}, "output"), ({"input": X}, "nobody")):
        with pytest.raises(DocumentError, match="'nobody'"):
            predict.run(given, wanted)


def test_what_comes_back_belongs_to_the_caller(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    predict = Predictor(document, some_learned(document))
    X = np.ones((2, 4))
    first = predict(X)
    kept = first.copy()
    predict(-X)
    assert first.tolist() == kept.tolist()
    first[:] = 0.0
    assert predict(X).tolist() == kept.tolist()


def test_one_network_for_each_number_of_examples(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    predict = Predictor(document, some_learned(document))
    assert predict.network(4) is predict.network(4)
    first = predict.network(4)
    results = [predict(np.ones((2, m)))[0, 0] for m in range(1, MOST_NETWORKS + 4)]
    assert len(set(np.round(results, 14))) == 1
    assert predict.network(4) is not first
    with pytest.raises(DocumentError, match="columns of 2 numbers"):
        predict(np.ones((3, 1)))


def test_of_a_running_training(some_data: Callable[..., Data]) -> None:
    """It follows the weights, and looking changes nothing."""
    document = mlp(2, 3, 1, optimizer=Spec("adam"))
    data = some_data(document, 5)
    trainer, alone = (Trainer(document, data, fresh(document)) for _ in range(2))
    predict = Predictor.of(trainer.store)
    before = predict(data.X)
    for each in (trainer, alone):
        each.advance(10)
    assert (predict(data.X) != before).any()
    assert predict(data.X).tolist() == Predictor(document, trainer.learned)(data.X).tolist()
    for each in (trainer, alone):
        each.advance(10)
    assert trainer.learned.same_bits(alone.learned)


def test_nothing_is_random_but_a_source(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    noisy = Layer("noisy", Spec.of("gaussian_noise", deviation=5.0), (0, 1))
    wires = (Connection("input", "noisy"), Connection("noisy", "hidden"), Connection("hidden", "output"))
    document = replace(document, layers=(*document.layers, noisy), connections=wires)
    learned = some_learned(document)
    predict, X = Predictor(document, learned), np.ones((2, 3))
    assert predict(X).tolist() == predict(X).tolist()
    assert predict.run({"input": X}, "noisy").tolist() == X.tolist()


def test_a_source_draws(some_learned: Callable[..., Learned]) -> None:
    layers = (Layer("noise", Spec("noise"), (0, 1)), *mlp(2, 3, 1).layers)
    wires = (*mlp(2, 3, 1).connections, Connection("noise", "hidden"))
    document = Document(layers=layers, connections=wires)
    predict = Predictor(document, some_learned(document))
    one, same, other = (predict.run({}, "noise", examples=4, draw=draw) for draw in (1, 1, 2))
    assert one.shape == (2, 4)
    assert one.tolist() == same.tolist() != other.tolist()
    X = np.ones((2, 4))
    by_hand = predict.run({"input": X, "noise": one}, "output")
    assert by_hand.tolist() == predict.run({"input": X}, "output", draw=1).tolist()


def test_single_precision(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    single = Predictor(document, some_learned(document), dtype=np.float32)
    double = Predictor(document, some_learned(document))
    X = np.ones((2, 3))
    assert single(X).dtype == np.float32
    assert single(X) == pytest.approx(double(X), abs=1e-6)
