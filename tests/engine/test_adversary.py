"""The pull on generated examples against central differences of the generator's loss."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.adversary import Adversary
from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned
from engine.predict import Predictor
from engine.sampling import generated, judged


def gan(*between: Layer) -> Document:
    """3 numbers of noise, points of 2, and what lies between the switch and the verdict."""
    layers = (
        Layer("noise", Spec("noise"), (0, 1, 2)),
        Layer("fake", Spec.of("dense", activation=Spec("tanh")), (0, 1)),
        Layer("real", Spec("input"), (0, 1)),
        Layer("which", Spec("input"), (0,)),
        Layer("switch", Spec("choice"), (0, 1)),
        *between,
        Layer("judge", Spec.of("dense", activation=Spec("tanh")), (0, 1, 2, 3)),
        Layer("verdict", Spec.of("output", activation=Spec("sigmoid")), (0,)),
    )
    chain = ["switch", *(each.id for each in between), "judge", "verdict"]
    wires = [("noise", "fake"), ("real", "switch"), ("fake", "switch"), ("which", "switch")]
    wires += list(pairwise(chain))
    return Document(
        "game", layers, tuple(Connection(*each) for each in wires), loss=Spec("bce"),
        training=Training(procedure=Spec("gan")),
    )  # fmt: skip


def falls(predict: Predictor, X: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """``ln D`` at both sides of every number of every example: −∂(−ln D)/∂g."""
    found = np.zeros_like(X)
    for i in range(len(X)):
        step = np.zeros_like(X)
        step[i] = h
        found[i] = (np.log(judged(predict, X + step)[0]) - np.log(judged(predict, X - step)[0])) / (2 * h)
    return found


def test_the_pull_is_the_fall_of_the_generators_loss(some_learned: Callable[..., Learned]) -> None:
    document = gan()
    learned = some_learned(document)
    predict = Predictor(document, learned)
    fake, verdict, pull = Adversary(document, 40).look(learned, seed=3)
    assert fake == pytest.approx(generated(predict, 40, seed=3), abs=1e-12)
    assert verdict == pytest.approx(judged(predict, fake)[0], abs=1e-12)
    assert pull == pytest.approx(falls(predict, fake), abs=1e-8)
    assert np.abs(pull).max() > 0.1


def test_a_step_along_the_pull_deceives_better(some_learned: Callable[..., Learned]) -> None:
    document = gan()
    learned = some_learned(document)
    fake, verdict, pull = Adversary(document, 30).look(learned)
    assert (judged(Predictor(document, learned), fake + 0.01 * pull)[0] > verdict).all()


def test_noise_and_dropout_of_the_discriminator_are_left_out(some_learned: Callable[..., Learned]) -> None:
    noisy = Layer("noisy", Spec.of("gaussian_noise", deviation=0.7), (0, 1))
    drop = Layer("drop", Spec.of("dropout", rate=0.5), (0, 1))
    document = gan(noisy, drop)
    learned = some_learned(document)
    fake, _, pull = Adversary(document, 25).look(learned)
    assert pull == pytest.approx(falls(Predictor(document, learned), fake), abs=1e-8)


def test_other_weights_and_the_same_noise(some_learned: Callable[..., Learned]) -> None:
    document = gan()
    adversary = Adversary(document, 10)
    first = adversary.look(some_learned(document, 1))
    adversary.look(some_learned(document, 2))
    again = adversary.look(some_learned(document, 1))
    assert all(one.tobytes() == other.tobytes() for one, other in zip(first, again, strict=True))


def test_the_ready_made_gan_in_double_precision(some_learned: Callable[..., Learned]) -> None:
    document = architectures["gan"]().document()
    document = replace(document, training=replace(document.training, precision="double"))
    learned = some_learned(document, scale=0.2)
    fake, _, pull = Adversary(document, 20).look(learned)
    # Leaky ReLUs have corners: where one lies within the difference the two differ
    close = np.isclose(pull, falls(Predictor(document, learned), fake, 1e-7), atol=1e-5).all(axis=0)
    assert close.mean() > 0.9
