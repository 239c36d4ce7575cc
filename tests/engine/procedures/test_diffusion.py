"""Diffusion: what is fed, what is asked, and the way back, against the formulas of the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check
from engine.core.problems import DataError, DocumentError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.datasets.base import Data
from engine.document import Document, Layer, Training
from engine.feeding import Feeding
from engine.layout import Layout
from engine.learned import Learned, fresh
from engine.network import Network
from engine.parameters import ParameterStore
from engine.procedures.denoising import Frame
from engine.procedures.diffusion import Diffusion
from engine.trace import Trace
from engine.trainer import Trainer


@pytest.fixture
def roll() -> Data:
    return datasets.make(Spec.of("swiss_roll", examples=30)).load(0)


def of(**knobs: object) -> Training:
    return Training(procedure=Spec.of("diffusion", **knobs))  # type: ignore[arg-type]


def test_noised_is_the_closed_form_of_many_small_steps() -> None:
    """``x_t = √(1 − β_t) x_{t−1} + √β_t ε`` step by step: the same mean and variance."""
    procedure = Diffusion(steps=20)
    signal, variance = 1.0, 0.0
    for t, beta in enumerate(np.linspace(1e-4, 0.2, 20), 1):
        signal, variance = signal * np.sqrt(1 - beta), variance * (1 - beta) + beta
        assert procedure.noised(np.ones((1, 1)), t, np.zeros((1, 1))) == pytest.approx(signal)
        assert procedure.noised(np.zeros((1, 1)), t, np.ones((1, 1))) ** 2 == pytest.approx(variance)


@pytest.mark.parametrize("predicts", ["noise", "example"])
def test_what_is_fed_and_asked(predicts: str) -> None:
    procedure = Diffusion(predicts=predicts)
    X = np.random.default_rng(0).normal(size=(3, 500))
    batch = procedure.prepared(X, X, 7, 1)
    t = batch.X[3].astype(int)
    assert batch.X.shape == (4, 500)
    assert set(t) == set(range(1, 51))
    left = np.cumprod(1 - np.linspace(1e-4, 0.2, 50))[t - 1]
    noise = (batch.X[:3] - np.sqrt(left) * X) / np.sqrt(1 - left)
    assert batch.Y == pytest.approx(noise if predicts == "noise" else X)
    assert abs(noise.mean()) < 0.1
    assert noise.std() == pytest.approx(1.0, abs=0.05)


def test_chance_depends_on_seed_and_update_alone() -> None:
    procedure, X = Diffusion(), np.ones((2, 5))
    first = procedure.prepared(X, X, 3, 1)
    procedure.prepared(X, X, 4, 1)
    again = procedure.prepared(X, X, 3, 1)
    assert first.X.tobytes() == again.X.tobytes()
    assert first.Y.tobytes() == again.Y.tobytes()
    for update, seed in ((4, 1), (3, 2)):
        other = procedure.prepared(X, X, update, seed)
        assert other.X.tobytes() != first.X.tobytes()
        assert other.Y.tobytes() != first.Y.tobytes()


def test_the_class_is_fed_with_it() -> None:
    X, Y = np.zeros((2, 3)), np.eye(3)
    batch = Diffusion(conditional=True).prepared(X, Y, 0, 1)
    assert batch.X[3:].tolist() == Y.tolist()
    assert batch.Y.shape == (2, 3)


def test_what_is_wanted() -> None:
    digits = datasets.make(Spec.of("digits", examples=10)).load(0)
    moons = datasets.make("moons").load(0)
    assert Diffusion().wanted(digits).features == 65
    assert Diffusion().wanted(digits).output_shape == (64,)
    assert Diffusion().wanted(digits).inputs == (64, 1)
    assert Diffusion(conditional=True).wanted(digits).inputs == (64, 1, 10)
    assert Diffusion().wanted(digits).shape_for((1, 8, 8)) == (1, 8, 8)
    assert Diffusion(conditional=True).wanted(digits).features == 75
    assert Diffusion(conditional=True).wanted(moons).features == 4
    with pytest.raises(DataError, match="no classes"):
        Diffusion(conditional=True).wanted(datasets.make("swiss_roll").load(0))
    with pytest.raises(DataError, match="symbols"):
        Diffusion().wanted(datasets.make("text").load(0))


# ---------------------------------------------------------------- training


@pytest.mark.parametrize("optimizer", ["adam", "gradient_descent"])
def test_the_same_bits_on_every_way(
    optimizer: str, diffusion: Callable[..., Document], roll: Data, same_on_every_way: Callable[..., None]
) -> None:
    document = diffusion(
        optimizer=Spec.of(optimizer, learning_rate=0.01),
        training=replace(of(), batch_size=8, shuffle=True, seed=5),
    )
    same_on_every_way(document, roll)


@pytest.mark.parametrize("predicts", ["noise", "example"])
def test_gradients(
    predicts: str, diffusion: Callable[..., Document], roll: Data, some_learned: Callable[..., Learned]
) -> None:
    document = diffusion(training=of(predicts=predicts))
    store = ParameterStore(Layout(document))
    store.load(some_learned(document))
    batch = Feeding(document, roll).of_examples(np.arange(4), 6)
    network = Network(store, 4)
    network.feed(batch.X, batch.Y)
    assert gradient_check(network).agrees(1e-6), gradient_check(network)


def test_an_update_is_explained(
    diffusion: Callable[..., Document],
    roll: Data,
    some_learned: Callable[..., Learned],
    check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:
    document = diffusion(optimizer=Spec("adam"), training=replace(of(steps=5), batch_size=2))
    learned = replace(some_learned(document), step=3)
    trainer = Trainer(document, roll, learned)
    trace = Trace(document, roll, learned, trainer.batches.examples(3), trainer.position)
    trainer.advance()
    assert trace.J == trainer.curve.values[-1]
    assert check_truth(trace) > 100
    check_steps(trace)


# ---------------------------------------------------------------- sampling


def test_one_step_back_is_algorithm_2() -> None:
    """By hand with β = 0.1, 0.3: α = 0.9, 0.7; ᾱ = 0.9, 0.63."""
    procedure = Diffusion(steps=2, first=0.1, last=0.3)
    x, noise, z = (np.array([[each]]) for each in (2.0, 0.5, 1.0))
    mean = (2.0 - 0.3 / np.sqrt(0.37) * 0.5) / np.sqrt(0.7)
    assert procedure.stepped_back(x, 2, noise, z) == pytest.approx(mean + np.sqrt(0.1 / 0.37 * 0.3))
    last = (2.0 - 0.1 / np.sqrt(0.1) * 0.5) / np.sqrt(0.9)
    assert procedure.stepped_back(x, 1, noise, z) == pytest.approx(last)


def test_the_step_is_the_posterior_mean() -> None:
    """Equation 7: ``√ᾱ_{t−1} β_t/(1 − ᾱ_t) x_0 + √α_t (1 − ᾱ_{t−1})/(1 − ᾱ_t) x_t``."""
    procedure = Diffusion(steps=10)
    known = procedure.noise_schedule
    x, x0 = np.array([[0.3, -2.0]]), np.array([[1.0, -0.5]])
    for t in range(1, 11):
        a, bar, before, beta = (
            each[t - 1] for each in (known.alpha, known.alpha_bar, known.before, known.beta)
        )
        noise, same = Diffusion(steps=10, predicts="example").understood(x, t, x0)
        assert same is x0
        assert procedure.understood(x, t, noise)[1] == pytest.approx(x0)
        mean = np.sqrt(before) * beta / (1 - bar) * x0 + np.sqrt(a) * (1 - before) / (1 - bar) * x
        assert procedure.stepped_back(x, t, noise, np.zeros((1, 2))) == pytest.approx(mean)


@pytest.mark.parametrize("predicts", ["noise", "example"])
@pytest.mark.parametrize("schedule", ["linear", "cosine"])
def test_the_best_prediction_gives_samples_of_the_data(predicts: str, schedule: str) -> None:
    """For data from N(3, 0.5²) the best prediction is known in closed form, so no network is needed."""
    procedure = Diffusion(steps=200, last=0.05, predicts=predicts, schedule=schedule)
    mu, s = 3.0, 0.5

    def best(fed: np.ndarray) -> np.ndarray:
        x, left = fed[:1], procedure.alpha_bar()[fed[1].astype(int) - 1]
        x0 = mu + np.sqrt(left) * s**2 * (x - np.sqrt(left) * mu) / (left * s**2 + 1 - left)
        return x0 if predicts == "example" else (x - np.sqrt(left) * x0) / np.sqrt(1 - left)

    frames = list(procedure.sampled(best, 1, 4000, seed=3))
    assert [each.t for each in frames] == list(range(200, -1, -1))
    assert isinstance(frames[0], Frame)
    assert frames[0].x.mean() == pytest.approx(0.0, abs=0.06)
    assert frames[0].x.std() == pytest.approx(1.0, abs=0.04)
    for each in frames[:-1]:
        np.testing.assert_allclose(procedure.noised(each.x0, each.t, each.noise), each.x, atol=1e-9)
    assert frames[-1].x.mean() == pytest.approx(mu, abs=0.05)
    assert frames[-1].x.std() == pytest.approx(s, abs=0.04)


def test_samples_depend_on_the_seed_alone() -> None:
    procedure = Diffusion(steps=5)

    def last(seed: int) -> np.ndarray:
        return list(procedure.sampled(lambda fed: 0.5 * fed[:2], 2, 6, seed))[-1].x

    assert last(1).tobytes() == last(1).tobytes()
    assert last(1).tobytes() != last(2).tobytes()


def test_predicted_examples_can_be_kept_within_bounds() -> None:
    procedure = Diffusion(steps=5, limit=0.7)
    x, wild = np.array([[3.0, 0.1]]), np.array([[-9.0, 0.1]])
    noise, x0 = procedure.understood(x, 4, wild)
    assert x0[0, 0] == 0.7
    assert abs(x0[0, 1]) < 0.7
    assert procedure.noised(x0, 4, noise) == pytest.approx(x)
    assert noise[0, 1] == pytest.approx(0.1)
    frames = list(procedure.sampled(lambda fed: 0.0 * fed[:1], 1, 50))
    assert np.abs(frames[-1].x).max() <= 0.7


# ---------------------------------------------------------------- what does not fit


def test_what_is_refused(diffusion: Callable[..., Document], roll: Data) -> None:
    document = diffusion()
    assert not Diffusion().refusal(Layout(document))
    assert not Diffusion(conditional=True).refusal(Layout(diffusion(classes=3)))
    assert Diffusion(conditional=True).refusal(Layout(document)) == (
        "Diffusion needs 3 inputs, and here are 2: one for the noisy example, one unit for the time"
        " and one for the class."
    )
    assert Diffusion().refusal(Layout(diffusion(classes=3))).startswith("Diffusion needs 2 inputs")
    turned = replace(document, layers=(document.layers[1], document.layers[0], *document.layers[2:]))
    assert "draw the input of the example first" in Diffusion().refusal(Layout(turned))
    narrow = document.with_layer(Layer("x", Spec("input"), (0,)))
    assert Diffusion().refusal(Layout(narrow)) == (
        "The noisy example has 1 number and the output 2: make them as many."
    )
    for wrong in (narrow, turned, diffusion(classes=3), diffusion(n=3)):
        with pytest.raises(DocumentError):
            Trainer(wrong, roll, fresh(wrong))


def test_advice(diffusion: Callable[..., Document]) -> None:
    document = diffusion()
    layout = Layout(document)
    assert not Diffusion().advice(layout)
    assert Diffusion(steps=50, last=0.02).advice(layout).startswith("After the last step 78% of the example")
    squashed = Spec.of("output", activation=Spec("sigmoid"))
    layout = Layout(document.with_layer(Layer("output", squashed, (0, 1))))
    assert "identity" in Diffusion().advice(layout)
    assert not Diffusion(predicts="example").advice(layout)
