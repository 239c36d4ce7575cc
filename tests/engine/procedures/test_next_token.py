"""The next symbol: training on every position that is asked, and writing on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned, fresh
from engine.procedures.next_token import NextToken
from engine.procedures.writing import next_shares, prompt_numbers, tempered, written
from engine.trace import Trace
from engine.trainer import Trainer

P = np.array([[0.7, 0.3, 0.0], [0.2, 0.3, 0.0], [0.1, 0.4, 1.0]])


def test_temperature() -> None:
    """τ = ½ squares the shares, τ = 2 takes roots; at 0 the likeliest alone is left."""
    assert tempered(P, 1.0) == pytest.approx(P)
    assert tempered(P, 0.5) == pytest.approx(P**2 / (P**2).sum(axis=0))
    assert tempered(P, 2.0) == pytest.approx(np.sqrt(P) / np.sqrt(P).sum(axis=0))
    assert tempered(P, 0.0).tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 1]]
    assert tempered(np.full((4, 1), 0.25), 0.0).ravel().tolist() == [1, 0, 0, 0]
    assert tempered(np.array([[1e-300], [0.5]]), 0.01).ravel().tolist() == [0, 1]


def counting(V: int) -> Callable[[np.ndarray], np.ndarray]:
    """After symbol i always i + 1, from the text up to each position; the last symbol is followed by 0."""

    def predict(X: np.ndarray) -> np.ndarray:
        return np.eye(V)[:, (X.astype(int) + 1) % V]

    return predict


def test_the_prediction_is_read_behind_the_text() -> None:
    seen = []

    def predict(X: np.ndarray) -> np.ndarray:
        seen.append(X.ravel().tolist())
        return counting(5)(X)

    assert next_shares(predict, 4, np.array([[2], [3]])).ravel().tolist() == [0, 0, 0, 0, 1]
    assert next_shares(predict, 4, np.array([[9], [4], [3], [2], [1]])).argmax() == 2
    assert seen == [[2, 3, 0, 0], [4, 3, 2, 1]]


@pytest.mark.parametrize("temperature", [0.0, 1.0, 3.0])
def test_what_is_certain_is_written(temperature: float) -> None:
    """Beyond the window of 4, too; a share of 0 stays 0 at every temperature."""
    made = written(counting(5), 4, [3, 4], 7, temperature, seed=2, count=3)
    assert made.T.tolist() == [[3, 4, 0, 1, 2, 3, 4, 0, 1]] * 3


def test_symbols_come_as_often_as_they_should() -> None:
    """The shares 0.7, 0.2, 0.1 at every position, drawn 3 x 4000 times, independently of each other."""

    def predict(X: np.ndarray) -> np.ndarray:
        return np.broadcast_to(P[:, :1, np.newaxis], (3, *X.shape))

    made = written(predict, 3, [2], 3, seed=4, count=4000)
    assert (made[0] == 2).all()
    for row in made[1:]:
        assert np.bincount(row, minlength=3) / 4000 == pytest.approx(P[:, 0], abs=0.03)
    both = np.bincount(3 * made[1] + made[2], minlength=9).reshape(3, 3) / 4000
    assert both == pytest.approx(np.outer(P[:, 0], P[:, 0]), abs=0.03)
    assert written(predict, 3, [2], 3, seed=4, count=50).tolist() == made[:, :50].tolist()
    assert written(predict, 3, [2], 3, seed=5, count=50).tolist() != made[:, :50].tolist()


def test_a_prompt() -> None:
    assert prompt_numbers("cab", ("a", "b", "c")) == [2, 0, 1]
    assert prompt_numbers(["good", "day"], ("day", "good")) == [1, 0]
    with pytest.raises(DataError, match="'x'"):
        prompt_numbers("x", ("a",))
    with pytest.raises(DataError, match="at least one"):
        prompt_numbers("", ("a",))


def test_only_texts_are_wanted() -> None:
    wanted = NextToken().wanted(datasets.make("text").load(0))
    assert (wanted.features, wanted.output_shape, wanted.coded) == (4, (4, 4), True)
    for kind in ("iris", "swiss_roll"):
        with pytest.raises(DataError, match="only be learned from texts"):
            NextToken().wanted(datasets.make(kind).load(0))
    assert NextToken.plain


def reader(time: int, symbols: int, **training: object) -> Document:
    """Symbols, embedding, recurrent layer, and at every position the shares of the next symbol."""
    return Document(
        "reader",
        (
            Layer("input", Spec("input"), tuple(range(time))),
            Layer("embedding", Spec.of("embedding", vocabulary=symbols), tuple(range(4))),
            Layer("memory", Spec("rnn"), tuple(range(6))),
            Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(symbols))),
        ),
        tuple(
            Connection(*each)
            for each in (("input", "embedding"), ("embedding", "memory"), ("memory", "output"))
        ),
        loss=Spec("cross_entropy"),
        optimizer=Spec.of("adam", learning_rate=0.03),
        training=Training(**{"procedure": Spec("next_token"), **training}),  # type: ignore[arg-type]
    )


def test_it_trains_as_supervised_learning_does() -> None:
    """Bit for bit, because text data already has its next symbols as targets."""
    data = datasets.make(Spec.of("text", text="to be or not to be", time=6)).load(0)
    document = reader(6, len(data.symbols), batch_size=4, shuffle=True)
    other = replace(document, training=replace(document.training, procedure=Spec("supervised")))
    one, two = Trainer(document, data, fresh(document)), Trainer(other, data, fresh(other))
    for each in (one, two):
        each.advance(20)
    assert one.learned.same_bits(two.learned)
    assert one.curve.values[-1] < one.curve.values[0]


def test_the_same_bits_on_every_way(same_on_every_way: Callable[..., None]) -> None:
    data = datasets.make(Spec.of("text", text="to be or not to be", time=6)).load(0)
    same_on_every_way(reader(6, len(data.symbols), batch_size=4, shuffle=True), data, 60)


def test_an_update_is_explained(
    some_learned: Callable[..., Learned], check_truth: Callable[..., int]
) -> None:
    data = datasets.make("text").load(0)
    document = reader(4, 4)
    trace = Trace(document, data, some_learned(document), np.array([0]))
    assert check_truth(trace) > 100
