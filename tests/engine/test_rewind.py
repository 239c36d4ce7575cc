"""Going back gives the same bits, whatever is drawn at random on the way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Connection, Document, Layer, Training
from engine.learned import Learned, fresh
from engine.samples import mlp
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer


def random_everywhere(precision: str = "double") -> Document:
    """Digits with shifts and noisy labels, through dropout, noise and batch normalisation."""
    chain = [
        Layer("input", Spec.of("input", shape="1×8×8"), tuple(range(64))),
        Layer("blurred", Spec.of("gaussian_noise", deviation=0.1)),
        Layer("flat", Spec("flatten")),
        Layer("hidden", Spec.of("dense", activation=Spec("relu")), tuple(range(6))),
        Layer("normal", Spec("batch_norm")),
        Layer("dropped", Spec.of("dropout", rate=0.3)),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(10))),
    ]
    return Document(
        layers=tuple(chain),
        connections=tuple(Connection(a.id, b.id) for a, b in pairwise(chain)),
        loss=Spec("cross_entropy"),
        optimizer=Spec("adam"),
        data=Spec.of("digits", examples=60),
        training=Training(
            batch_size=16, shuffle=True, seed=5, schedule=Spec.of("cosine", updates=40),
            regularizer=Spec("l2"), clipping=Spec("by_norm"), augmentation=Spec("shifts"),
            label_noise=0.2, held_out=0.2, precision=precision,
        ),
    )  # fmt: skip


def trained(document: Document, updates: int) -> Learned:
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(updates)
    return trainer.learned


@pytest.mark.parametrize("precision", ["double", "single"])
def test_seeking_about_gives_the_bits_of_going_straight(precision: str) -> None:
    document = random_everywhere(precision)
    timeline = Timeline(Trainer(document, data_of(document), fresh(document)), budget=40_000)
    timeline.advance(60)
    assert 2 <= len(timeline.checkpoints) < 30
    for goal in (41, 7, 0, 59, 60, 13, 60):
        timeline.seek(goal)
        assert timeline.trainer.learned.same_bits(trained(document, goal)), goal


def test_an_update_is_not_like_another() -> None:
    """What is drawn differs from update to update, and with the seed."""
    document = random_everywhere()
    data = data_of(document)
    masks = []
    for step, seed in ((0, 5), (1, 5), (0, 6)):
        made = replace(document, training=replace(document.training, seed=seed))
        trace = Trace(made, data, replace(fresh(document), step=step), np.arange(16))
        masks.append(trace.arrays["dropped", "mask"])
    assert not (masks[0] == masks[1]).all()
    assert not (masks[0] == masks[2]).all()


def test_the_walk_shows_what_training_did() -> None:
    """The trace of an update ends at the very bits that the trainer reaches."""
    for precision in ("double", "single"):
        document = random_everywhere(precision)
        data = data_of(document)
        trainer = Trainer(document, data, fresh(document))
        trainer.advance(9)
        trace = Trace(document, data, trainer.learned, trainer.batches.examples(trainer.step))
        trainer.advance(1)
        for key, value in trainer.learned.parameters.items():
            layer, name = key.split(".", 1)
            assert trace.arrays[layer, f"new {name}"].tobytes() == value.tobytes(), key
        assert trace.J == trainer.curve.values[-1]


@pytest.mark.slow
def test_a_run_of_100_000_updates_can_be_entered_anywhere() -> None:
    document = replace(mlp(2, 3, 1), training=Training(batch_size=2, shuffle=True, seed=2))
    data = data_of(document)
    timeline = Timeline(Trainer(document, data, fresh(document)))
    timeline.advance(100_000)
    end = timeline.trainer.learned
    timeline.seek(77_777)
    there = timeline.trainer.learned
    timeline.seek(12_345)
    timeline.seek(77_777)
    assert timeline.trainer.learned.same_bits(there)
    timeline.seek(100_000)
    assert timeline.trainer.learned.same_bits(end)
    assert len(timeline.checkpoints) <= 513
