"""Losses of logits, and label smoothing: against the same losses of probabilities, and by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activations
from engine.core.spec import Spec
from engine.datasets import Data
from engine.document import Document
from engine.learned import Learned
from engine.losses import losses
from engine.network import Network
from engine.samples import mlp

A = np.array([[0.2], [0.7], [0.1]])
HOT = np.array([[0.0], [1.0], [0.0]])


def test_by_hand() -> None:
    """The logit 2 of a true example: ln(1 + e^−2), σ(2) − 1."""
    loss, two = losses.make("bce_with_logits"), np.array([[2.0]])
    assert loss.value(two, np.ones((1, 1)))[0, 0] == pytest.approx(0.12692801104297249, rel=1e-14)
    assert loss.derivative(two, np.ones((1, 1)))[0, 0] == pytest.approx(-0.11920292202211755, rel=1e-14)
    assert loss.value(two, np.zeros((1, 1)))[0, 0] == pytest.approx(2.1269280110429727, rel=1e-14)
    loss, z = losses.make("cross_entropy_with_logits"), np.array([[1.0], [2.0], [3.0]])
    assert loss.value(z, HOT)[0, 0] == pytest.approx(1.4076059644443804, rel=1e-14)
    shares = [0.09003057317038046, 0.24472847105479767 - 1.0, 0.6652409557748219]
    assert loss.derivative(z, HOT)[:, 0] == pytest.approx(shares, rel=1e-14)


def test_smoothed_by_hand() -> None:
    """ε = 0.3 of three classes: y′ = (0.1, 0.8, 0.1)."""
    by_hand = -(0.1 * math.log(0.2) + 0.8 * math.log(0.7) + 0.1 * math.log(0.1))
    plain = losses.make(Spec.of("cross_entropy", smoothing=0.3))
    assert plain.value(A, HOT)[0, 0] == pytest.approx(by_hand, rel=1e-14)
    assert plain.derivative(A, HOT)[:, 0] == pytest.approx([-0.1 / 0.2, -0.8 / 0.7, -0.1 / 0.1], rel=1e-14)
    logits = losses.make(Spec.of("cross_entropy_with_logits", smoothing=0.3))
    assert logits.value(np.log(A) + 5.0, HOT)[0, 0] == pytest.approx(by_hand, rel=1e-13)
    assert logits.derivative(np.log(A) + 5.0, HOT)[:, 0] == pytest.approx([0.1, -0.1, 0.0], abs=1e-14)
    even = losses.make(Spec.of("cross_entropy", smoothing=1.0))
    da = even.derivative(np.full((3, 1), 1 / 3), HOT)
    assert da[:, 0] == pytest.approx([-1.0] * 3), "all classes are aimed at alike"


PAIRS = [
    ("bce_with_logits", {}, "bce", "sigmoid", 1),
    ("bce_with_logits", {}, "bce", "sigmoid", 3),
    ("cross_entropy_with_logits", {}, "cross_entropy", "softmax", 3),
    ("cross_entropy_with_logits", {"smoothing": 0.2}, "cross_entropy", "softmax", 3),
]


@pytest.mark.parametrize(("logits", "settings", "plain", "activation", "k"), PAIRS)
def test_the_same_network_without_its_last_activation(
    logits: str, settings: dict[str, float], plain: str, activation: str, k: int,
    running: Callable[..., Network], some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    """Identity with the loss of logits learns what the activation with the plain loss learns."""
    two: list[tuple[float, np.ndarray]] = []  # type: ignore[type-arg]
    for loss, last in ((logits, "identity"), (plain, activation)):
        document: Document = mlp(2, 3, k, output=last, loss=Spec.of(loss, **settings))
        network = running(document, some_data(document, 5), some_learned(document))
        for call in network.calls():
            call()
        two.append((network.J, network.store.gradient.copy()))
    assert two[0][0] == pytest.approx(two[1][0], rel=1e-12)
    assert two[0][1] == pytest.approx(two[1][1], rel=1e-11, abs=1e-14)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", ["bce_with_logits", "cross_entropy_with_logits"])
def test_large_logits_are_finite(kind: str, dtype: type) -> None:
    a, y = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]], dtype), np.array([[1.0, 1.0], [0.0, 0.0]], dtype)
    loss = losses.make(kind)
    with np.errstate(all="raise", under="ignore"):
        L, da = loss.value(a, y), loss.derivative(a, y)
    assert L.dtype == da.dtype == dtype
    assert L[0].tolist() == [0.0, 2000.0], "right and wrong by 1000 in both outputs"
    assert da.tolist() == [[0.0, -1.0], [0.0, 1.0]]


def test_logits_are_not_squashed_before() -> None:
    for kind in ("bce_with_logits", "cross_entropy_with_logits"):
        loss = losses.make(kind)
        for name in ("sigmoid", "tanh", "softmax"):
            g = activations.make(name)
            assert "choose the identity" in loss.refusal(g.title, g.bounds, 2)
        g = activations.make("identity")
        assert loss.refusal(g.title, g.bounds, 2) == ""
    g, loss = activations.make("identity"), losses.make("cross_entropy_with_logits")
    assert "at least 2 outputs" in loss.refusal(g.title, g.bounds, 1)


def test_no_smoothing_changes_no_bit(
    running: Callable[..., Network], some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = mlp(2, 3, output="softmax", loss=Spec("cross_entropy"))
    data, learned = some_data(document, 4), some_learned(document)
    found = []
    for made in (document, replace(document, loss=Spec.of("cross_entropy", smoothing=0.0))):
        network = running(made, data, learned)
        for call in network.calls():
            call()
        found.append((network.J, network.store.theta.tobytes()))
        assert np.array_equal(network.places["output"].known("dz"), network.a - network.loss_place.y)
    assert found[0] == found[1]
