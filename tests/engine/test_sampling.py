"""What trained networks make: points, samples step by step, texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned
from engine.predict import Predictor
from engine.sampling import (
    bits_per_symbol,
    class_rows,
    denoised,
    generated,
    judged,
    looks_ahead,
    next_symbol,
    samples,
    text,
    texts,
)


def network(layers: str, wires: str, **chosen: object) -> Document:
    """``id kind units activation`` separated by commas, and wires ``a>b``."""
    made = []
    for each in layers.split(","):
        id, kind, units, *activation = each.split()
        spec = Spec.of(kind, activation=Spec(activation[0])) if activation else Spec(kind)
        made.append(Layer(id, spec, tuple(range(int(units)))))
    return Document(
        "made",
        tuple(made),
        tuple(Connection(*each.split(">")) for each in wires.split()),
        **chosen,  # type: ignore[arg-type]
    )


# ---------------------------------------------------------------- GAN


@pytest.fixture
def gan(some_learned: Callable[..., Learned]) -> tuple[Predictor, Learned]:
    document = network(
        "noise noise 3, fake dense 2 tanh, real input 2, which input 1, switch choice 2,"
        " verdict output 1 sigmoid",
        "noise>fake real>switch fake>switch which>switch switch>verdict",
        training=Training(procedure=Spec("gan")),
    )
    learned = some_learned(document)
    return Predictor(document, learned), learned


def test_generated_points_come_from_noise(gan: tuple[Predictor, Learned]) -> None:
    predict, learned = gan
    points = generated(predict, 2000, seed=3)
    assert points.shape == (2, 2000)
    W, b = learned.parameters["fake.W.noise"], learned.parameters["fake.b"]
    noise = predict.network(2000).places["noise"].a
    assert points == pytest.approx(np.tanh(W @ noise + b))
    assert noise.mean() == pytest.approx(0.0, abs=0.06)
    assert noise.std() == pytest.approx(1.0, abs=0.04)
    assert generated(predict, 2000, seed=3).tobytes() == points.tobytes()
    assert generated(predict, 2000, seed=4).tobytes() != points.tobytes()


def test_the_discriminator_judges_any_point(gan: tuple[Predictor, Learned]) -> None:
    predict, learned = gan
    X = np.array([[1.0, -2.0], [0.5, 0.0]])
    z = learned.parameters["verdict.W.switch"] @ X + learned.parameters["verdict.b"]
    assert judged(predict, X) == pytest.approx(1 / (1 + np.exp(-z)))


# ---------------------------------------------------------------- diffusion


def test_a_diffusion_is_sampled_through_the_network(some_learned: Callable[..., Learned]) -> None:
    """A network without hidden layers is a formula: the way back, written out by hand."""
    document = network(
        "x input 2, t input 1, output output 2 identity",
        "x>output t>output",
        training=Training(procedure=Spec.of("diffusion", steps=3, first=0.1, last=0.3)),
    )
    learned = some_learned(document, scale=0.3)
    w = learned.parameters
    frames = list(denoised(Predictor(document, learned), 5, seed=1))
    assert [each.t for each in frames] == [3, 2, 1, 0]
    for each in frames[:-1]:
        predicted = w["output.W.x"] @ each.x + w["output.W.t"] * each.t + w["output.b"]
        assert each.noise == pytest.approx(predicted)
    last = frames[2]
    assert frames[3].x == pytest.approx((last.x - np.sqrt(0.1) * last.noise) / np.sqrt(0.9))
    assert samples(Predictor(document, learned), 5, seed=1).tobytes() == frames[3].x.tobytes()
    assert samples(Predictor(document, learned), 5, seed=2).tobytes() != frames[3].x.tobytes()


def test_a_class_is_asked_for(some_learned: Callable[..., Learned]) -> None:
    document = network(
        "x input 2, t input 1, c input 3, output output 2 identity",
        "x>output t>output c>output",
        training=Training(procedure=Spec.of("diffusion", steps=3, conditional=True)),
    )
    learned = some_learned(document, scale=0.3)
    predict = Predictor(document, learned)
    first = next(denoised(predict, 2, 0, [2, 0]))
    assert predict.network(2).places["c"].a.tolist() == [[0, 1], [0, 0], [1, 0]]
    again = next(denoised(predict, 2, 0, [2, 1]))
    assert first.x.tolist() == again.x.tolist()
    assert (first.noise == again.noise).all(axis=0).tolist() == [True, False]
    for classes in (None, [1]):
        with pytest.raises(AxonError, match="of which class"):
            denoised(predict, 2, 0, classes)
    with pytest.raises(AxonError, match="from 0 to 2"):
        denoised(predict, 2, 0, [0, 3])
    assert class_rows(np.array([1, 0]), 1).tolist() == [[1, 0]]


def test_only_a_diffusion_has_a_way(gan: tuple[Predictor, Learned]) -> None:
    with pytest.raises(AxonError, match="diffusion"):
        denoised(gan[0], 5)


# ---------------------------------------------------------------- texts


@pytest.fixture
def reader(some_learned: Callable[..., Learned]) -> Predictor:
    """Random weights: embedding and a recurrent layer over six positions, three symbols."""
    document = network(
        "input input 6, embedding embedding 4, memory rnn 5, output output 3 softmax",
        "input>embedding embedding>memory memory>output",
        loss=Spec("cross_entropy"),
        training=Training(procedure=Spec("next_token")),
    )
    embedding = document.layer("embedding")
    document = document.with_layer(replace(embedding, spec=embedding.spec.with_(vocabulary=3)))
    return Predictor(document, some_learned(document))


SYMBOLS = ("a", "b", "c")


def test_the_shares_of_the_next_symbol(reader: Predictor) -> None:
    """Read behind the prompt, whatever stands after it."""
    X = np.array([[1], [2], [0], [2], [1], [1]])
    assert next_symbol(reader, SYMBOLS, "bca") == pytest.approx(reader(X)[:, 2, 0])
    assert next_symbol(reader, SYMBOLS, "bca").sum() == pytest.approx(1.0)
    longer = next_symbol(reader, SYMBOLS, "cccbcacbb")
    assert longer == pytest.approx(reader(np.array([[1], [2], [0], [2], [1], [1]]))[:, 5, 0])


def test_greedy_writing_takes_the_likeliest(reader: Predictor) -> None:
    made = text(reader, SYMBOLS, "ab", 6, temperature=0.0)
    assert len(made) == 8
    assert made.startswith("ab")
    for end in range(2, 8):
        assert made[end] == SYMBOLS[next_symbol(reader, SYMBOLS, made[:end]).argmax()]


def test_writing_depends_on_the_seed_alone(reader: Predictor) -> None:
    several = texts(reader, SYMBOLS, "a", 30, 1.0, 3, 4)
    assert len(set(several)) == 4
    assert texts(reader, SYMBOLS, "a", 30, 1.0, 3, 4) == several
    assert texts(reader, SYMBOLS, "a", 30, 1.0, 4, 4) != several
    assert text(reader, ("one", "two", "three"), ["two", "one"], 0) == "two one"


def test_bits_are_counted_where_something_is_asked(reader: Predictor) -> None:
    data = datasets.make(Spec.of("text", text="abcabcbcaacbcabcabbca", time=6)).load(0)
    Y = data.Y.copy()
    Y[:3, ::2] = -1
    data = replace(data, Y=Y)
    p, bits = reader(data.X), []
    for j in range(data.m):
        bits += [-np.log2(p[int(Y[t, j]), t, j]) for t in range(6) if Y[t, j] >= 0]
    assert bits_per_symbol(reader, data) == pytest.approx(np.mean(bits))
    assert np.isnan(bits_per_symbol(reader, replace(data, Y=np.full_like(Y, -1))))


def test_logits_become_shares(some_learned: Callable[..., Learned], reader: Predictor) -> None:
    """The same weights with the softmax in the loss write the same."""
    document = reader.document
    plain = document.with_layer(
        replace(document.layer("output"), spec=Spec.of("output", activation=Spec("identity")))
    )
    logits = Predictor(replace(plain, loss=Spec("cross_entropy_with_logits")), some_learned(document))
    assert next_symbol(logits, SYMBOLS, "ba") == pytest.approx(next_symbol(reader, SYMBOLS, "ba"))
    assert logits(np.zeros((6, 1))).min() < 0


def test_looking_ahead_is_found_out(some_learned: Callable[..., Learned], reader: Predictor) -> None:
    data = datasets.make(Spec.of("text", text="abcabcbcaacbcabcabbca", time=6)).load(0)
    assert not looks_ahead(reader, data)
    document = reader.document
    spec = document.layer("memory").spec.with_(bidirectional=True)
    backward = document.with_layer(replace(document.layer("memory"), spec=spec))
    assert looks_ahead(Predictor(backward, some_learned(backward)), data)
