"""The timeline: every past state comes back bit for bit, from any side, within the budget."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document, Training, edits
from engine.learned import Learned, carried, fresh
from engine.samples import mlp
from engine.timeline import MOST_CHECKPOINTS, Timeline
from engine.trainer import Trainer

OPTIMIZERS = ["gradient_descent", "momentum", "adam"]
TRAININGS = [Training(), Training(3), Training(3, True, 5), Training(1, True), Training(None, True)]


def network(optimizer: str, training: Training) -> Document:
    return mlp(2, 4, 1, optimizer=Spec(optimizer), training=training)


def sequential(document: Document, data: Data, updates: int) -> list[Learned]:
    trainer = Trainer(document, data, fresh(document))
    states = [trainer.learned]
    for _ in range(updates):
        trainer.advance()
        states.append(trainer.learned)
    return states


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("training", TRAININGS)
@pytest.mark.parametrize("few", [False, True])
def test_seeking_anywhere_gives_the_same_bits(
    optimizer: str, training: Training, few: bool, some_data: Callable[..., Data]
) -> None:
    """Seven examples in threes: the last batch of an epoch is ragged."""
    document = network(optimizer, training)
    data = some_data(document, 7)
    states = sequential(document, data, 60)
    trainer = Trainer(document, data, fresh(document))
    size = trainer.store.theta.nbytes * 5
    timeline = Timeline(trainer, budget=5 * size if few else 2**28)
    timeline.advance(60)
    curve = trainer.curve.values.tobytes()
    assert trainer.learned.same_bits(states[60])
    rng = np.random.default_rng(3)
    for step in [0, 60, 59, 1, *rng.integers(0, 61, 40)]:
        assert timeline.seek(int(step))
        assert trainer.step == step
        assert trainer.learned.same_bits(states[step])
    timeline.seek(60)
    assert trainer.curve.values.tobytes() == curve


@pytest.mark.parametrize("training", [Training(), Training(3, True)])
def test_going_on_from_the_past_repeats_the_future(
    training: Training, some_data: Callable[..., Data]
) -> None:
    document = network("adam", training)
    data = some_data(document, 7)
    states = sequential(document, data, 40)
    timeline = Timeline(Trainer(document, data, fresh(document)))
    timeline.advance(30)
    timeline.seek(11)
    timeline.advance(29)
    assert timeline.trainer.learned.same_bits(states[40])
    assert len(timeline.trainer.curve) == 40


def test_the_budget_is_respected(some_data: Callable[..., Data]) -> None:
    document = network("adam", Training())
    trainer = Trainer(document, some_data(document), fresh(document))
    one = sum(each.nbytes for vector in (trainer.learned.parameters, *trainer.learned.memory.values())
              for each in vector.values())  # fmt: skip
    timeline = Timeline(trainer, budget=12 * one)
    for _ in range(20):
        timeline.advance(37)
        assert len(timeline.checkpoints) * one <= 12 * one
        assert timeline.checkpoints[0] == 0
    assert len(timeline.checkpoints) >= 3
    gaps = np.diff(timeline.checkpoints)
    assert gaps.max() <= 740 / 2, "the checkpoints lie evenly"


def test_never_more_than_so_many_checkpoints(some_data: Callable[..., Data]) -> None:
    document = network("gradient_descent", Training())
    timeline = Timeline(Trainer(document, some_data(document), fresh(document)))
    timeline.advance(3 * MOST_CHECKPOINTS)
    assert MOST_CHECKPOINTS / 2 <= len(timeline.checkpoints) <= MOST_CHECKPOINTS
    assert np.diff(timeline.checkpoints).max() <= 4


def test_a_budget_of_nothing_still_rewinds(some_data: Callable[..., Data]) -> None:
    document = network("momentum", Training(2, True))
    data = some_data(document, 5)
    states = sequential(document, data, 20)
    timeline = Timeline(Trainer(document, data, fresh(document)), budget=0)
    timeline.advance(20)
    assert len(timeline.checkpoints) <= 2
    timeline.seek(13)
    assert timeline.trainer.learned.same_bits(states[13])


def test_a_timeline_that_begins_later(some_data: Callable[..., Data]) -> None:
    document = network("adam", Training(2))
    data = some_data(document, 5)
    states = sequential(document, data, 30)
    timeline = Timeline(Trainer(document, data, states[7]), budget=0)
    timeline.advance(23)
    timeline.seek(7)
    assert timeline.trainer.learned.same_bits(states[7])
    timeline.seek(19)
    assert timeline.trainer.learned.same_bits(states[19])
    with pytest.raises(AxonError, match="begins at update 7"):
        timeline.seek(6)
    assert timeline.trainer.learned.same_bits(states[19]), "an impossible wish changes nothing"


def test_a_replay_can_be_stopped(some_data: Callable[..., Data]) -> None:
    document = network("gradient_descent", Training())
    data = some_data(document)
    timeline = Timeline(Trainer(document, data, fresh(document)), budget=0)
    timeline.advance(1000)
    assert timeline.seek(999, stop=lambda: True) in {True, False}
    assert not timeline.seek(900, stop=lambda: True) or timeline.trainer.step == 900
    assert timeline.seek(900)
    other = Trainer(document, data, fresh(document))
    other.advance(900)
    assert timeline.trainer.learned.same_bits(other.learned)


def test_branching_from_the_past(some_data: Callable[..., Data]) -> None:
    """From a past state another network goes on; the first path is as it was."""
    document = network("adam", Training(3, True))
    data = some_data(document, 7)
    states = sequential(document, data, 30)
    timeline = Timeline(Trainer(document, data, fresh(document)))
    timeline.advance(30)
    timeline.seek(12)
    past = timeline.trainer.learned
    other = edits.add_unit(document, layer="hidden")
    branch = Timeline(Trainer(other, data, carried(document, past, other)))
    branch.advance(9)
    assert branch.trainer.step == 21
    assert branch.start == 12
    branch.seek(12)
    assert branch.trainer.learned.parameters["hidden.W.input"][:4].tobytes() == (
        states[12].parameters["hidden.W.input"].tobytes()
    )
    timeline.seek(30)
    assert timeline.trainer.learned.same_bits(states[30])
