"""The census against a count by hand, and the deaths against a walk through every update."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import architectures
from engine.census import census, counted
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.learned import Learned, fresh, frozen
from engine.network import Network
from engine.samples import first_light, mlp
from engine.session.mortality import Counting, Death, Mortality
from engine.timeline import Timeline
from engine.trainer import Trainer


def moons(rate: float, hidden: str = "relu") -> Document:
    """A net of which at a high learning rate many units die."""
    return mlp(
        2, 12, 8, 1, hidden=hidden, data=Spec.of("moons", examples=80),
        optimizer=Spec.of("gradient_descent", learning_rate=rate), training=Training(seed=3, batch_size=16),
    )  # fmt: skip


def timeline(document: Document, learned: Learned | None = None) -> Timeline:
    return Timeline(Trainer(document, data_of(document), learned or fresh(document)))


def network_of(past: Timeline, m: int) -> Network:
    return Network(past.trainer.store, m, learns=False)


def asked(past: Timeline, seconds: float = 60.0, mortality: Mortality | None = None) -> object:
    probe = Counting(mortality or Mortality(), seconds)
    return probe.answer_within(past, lambda m: network_of(past, m))


def dead_by_hand(learned: Learned, X: np.ndarray) -> set[tuple[str, int]]:
    p, found = learned.parameters, set()
    a = X
    for layer, before in (("hidden", "input"), ("hidden2", "hidden")):
        z = p[f"{layer}.W.{before}"] @ a + p[f"{layer}.b"]
        found |= {(layer, int(unit)) for unit in np.flatnonzero((z <= 0).all(axis=1))}
        a = np.maximum(z, 0)
    return found


def test_shares_are_counted_as_by_hand() -> None:
    past = timeline(moons(0.1))
    past.advance(20)
    found = asked(past)
    p, X = past.trainer.learned.parameters, past.trainer.data.X
    z = p["hidden.W.input"] @ X + p["hidden.b"]
    layer = found.layers[0]
    assert [each.layer for each in found.layers] == ["hidden", "hidden2"] and found.m == 80
    assert np.allclose(layer.flat, (z <= 0).mean(axis=1))
    assert layer.dead.tolist() == (z <= 0).all(axis=1).tolist()


def test_sigmoid_is_flat_far_out_and_not_dead() -> None:
    document = first_light()
    document = mlp(2, 4, 1, hidden="sigmoid", training=document.training)
    learned = fresh(document)
    weights = {key: np.array(each) for key, each in learned.parameters.items()}
    weights["hidden.b"][:2] = 12.0
    past = timeline(document, replace(learned, parameters={k: frozen(v) for k, v in weights.items()}))
    (layer,) = asked(past).layers
    assert layer.flat[:2].tolist() == [1.0, 1.0] and not layer.dead.any() and layer.flat[2] < 1.0


def test_only_layers_that_can_be_flat_count() -> None:
    for document, expected in (
        (mlp(2, 4, 1, hidden="identity"), []),
        (mlp(2, 4, 1, hidden="relu"), ["hidden"]),
    ):
        past = timeline(document)
        assert [each.layer.id for each in counted(past.trainer.layout)] == expected
        assert [each.layer for each in asked(past).layers] == expected


def test_channels_of_an_image_are_units() -> None:
    document = architectures["cnn"]().document()
    past = timeline(document)
    (first, *_) = asked(past).layers
    assert len(first.flat) == past.trainer.layout.nodes[first.layer].shape[0]
    assert ((0.0 <= first.flat) & (first.flat <= 1.0)).all()


@pytest.mark.parametrize("budget", [256 * 2**20, 20_000])
def test_deaths_are_traced_to_the_very_update(budget: int) -> None:
    """With many kept states and with few, the same as looking after every update."""
    document = moons(3.0)
    past = Timeline(Trainer(document, data_of(document), fresh(document)), budget=budget)
    X, course = past.trainer.data.X, [dead_by_hand(past.trainer.learned, past.trainer.data.X)]
    for _ in range(60):
        past.advance()
        course.append(dead_by_hand(past.trainer.learned, X))
    found = asked(past)
    assert found.complete and set(found.deaths) == course[-1] and len(found.deaths) >= 3
    for unit, death in found.deaths.items():
        since = next(step for step in range(60, -1, -1) if step == 0 or unit not in course[step - 1])
        if since == 0:
            assert death == Death(None, 0)
        elif budget > 1_000_000:
            assert death == Death(since - 1, since)
        else:  # between two kept states one that came back to life may be missed
            assert death.exact and unit in course[death.dead] and unit not in course[death.dead - 1]


def test_slices_come_to_the_same_and_the_trainer_never_notices() -> None:
    past = timeline(moons(3.0))
    past.advance(60)
    before = past.trainer.store.theta.copy()
    whole, mortality = asked(past), Mortality()
    for _ in range(500):
        found = asked(past, 0.002, mortality)
        if found.complete:
            break
    assert found.complete and found.deaths == whole.deaths
    assert np.array_equal(past.trainer.store.theta, before) and past.trainer.step == 60


def test_going_back_knows_nothing_of_what_comes() -> None:
    past, mortality = timeline(moons(3.0)), Mortality()
    past.advance(60)
    late = asked(past, mortality=mortality)
    assert late.deaths
    past.seek(0)
    early = asked(past, mortality=mortality)
    assert early.step == 0 and set(early.deaths) == dead_by_hand(past.trainer.learned, past.trainer.data.X)


def test_the_census_itself_needs_only_a_network() -> None:
    past = timeline(moons(0.1))
    network = network_of(past, 80)
    network.feed(past.trainer.data.X)
    network.forward()
    assert [each.layer for each in census(network)] == ["hidden", "hidden2"]
