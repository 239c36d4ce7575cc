"""The figures of layers against NumPy by hand and against the update that really comes next."""

from __future__ import annotations

import numpy as np
import pytest

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.figures import BINS, spread
from engine.learned import fresh
from engine.network import Network
from engine.samples import mlp
from engine.session.layer_figures import Figuring
from engine.trainer import Trainer


def trainer_of(document: Document, updates: int = 7) -> Trainer:
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(updates)
    return trainer


def asked(trainer: Trainer, figuring: Figuring | None = None) -> dict:
    found = (figuring or Figuring()).answer(trainer, lambda m: Network(trainer.store, m, learns=False))
    assert found.step == trainer.step
    return {each.layer: each for each in found.layers}


@pytest.fixture
def moons() -> Document:
    return mlp(
        2, 8, 4, 1, hidden="relu", data=Spec.of("moons", examples=60), optimizer=Spec("adam"),
        training=Training(batch_size=10, seed=2),
    )  # fmt: skip


def test_a_spread_is_a_histogram_even_about_zero() -> None:
    found = spread(np.array([-1.0, 0.0, 0.0, 3.0]))
    assert (found.low, found.high, found.count) == (-3.0, 3.0, 4)
    assert found.bins.sum() == 4 and found.bins[BINS // 2] == 2 and found.bins[-1] == 1
    assert found.rms == pytest.approx(np.sqrt(10 / 4)) and found.zeros == 0.5 and found.broken == 0.0


def test_no_numbers_and_one_number() -> None:
    assert spread(np.array([np.nan, np.inf])).broken == 1.0
    assert spread(np.zeros(0)).count == 0
    one = spread(np.array([2.0]))
    assert one.low < 2.0 < one.high and one.bins.sum() == 1
    mixed = spread(np.array([1.0, np.nan, 2.0, 3.0]))
    assert mixed.broken == 0.25 and mixed.bins.sum() == 3


def test_weights_and_activations_are_those_of_now(moons: Document) -> None:
    trainer = trainer_of(moons)
    found = asked(trainer)
    p, X = trainer.learned.parameters, trainer.data.X
    a = np.maximum(p["hidden.W.input"] @ X + p["hidden.b"], 0)
    assert found["hidden"].spreads["weights"].rms == pytest.approx(np.sqrt((p["hidden.W.input"] ** 2).mean()))
    assert found["hidden"].spreads["activations"].zeros == pytest.approx((a == 0).mean())
    assert found["hidden"].flat == pytest.approx((a == 0).mean())
    assert "weights" not in found["input"].spreads and found["output"].flat is None


def test_gradient_and_change_are_those_of_the_next_update(moons: Document) -> None:
    trainer, figuring = trainer_of(moons), Figuring()
    for _ in range(3):
        found = asked(trainer, figuring)
        before = trainer.store.parameters["hidden2.W.hidden"].copy()
        trainer.advance()
        change = trainer.store.parameters["hidden2.W.hidden"] - before
        gradient = trainer.store.gradients["hidden2.W.hidden"]
        spreads = found["hidden2"].spreads
        assert spreads["gradients"].rms == np.sqrt(np.mean(np.square(gradient.ravel())))
        assert spreads["changes"].rms == np.sqrt(np.mean(np.square(change.ravel())))
        assert found["hidden2"].ratio == pytest.approx(np.linalg.norm(change) / np.linalg.norm(before))


def test_the_trainer_never_notices(moons: Document) -> None:
    one, other = trainer_of(moons), trainer_of(moons)
    figuring = Figuring()
    for _ in range(5):
        asked(one, figuring)
        one.advance()
        other.advance()
    assert np.array_equal(one.store.theta, other.store.theta)
    assert np.array_equal(one.curve.values, other.curve.values)


def test_an_update_that_fails_leaves_the_rest(moons: Document) -> None:
    trainer = trainer_of(moons)
    trainer.store.theta[:] = np.nan
    found = asked(trainer)
    assert found["hidden"].spreads["weights"].broken == 1.0
    assert "gradients" not in found["hidden"].spreads and found["hidden"].ratio is None


@pytest.mark.slow
@pytest.mark.parametrize("kind", [cls.kind for cls in architectures])
def test_every_architecture_has_figures(kind: str) -> None:
    found = asked(trainer_of(architectures[kind]().document(), 1))
    learned = [each for each in found.values() if "weights" in each.spreads]
    assert learned and all(each.ratio is not None for each in learned if each.spreads["weights"].rms)
    assert all(np.isfinite(each.spreads["activations"].rms) for each in found.values())
