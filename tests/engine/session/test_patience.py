"""Early stopping in the worker: it stops where a script does, at the same bits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.learned import fresh
from engine.samples import mlp
from engine.session.messages import Advance, Open, Play, Seek
from engine.session.snapshot import Mailbox
from engine.session.worker import Worker
from engine.stopping import fit
from engine.trainer import Trainer


def overfitting(patience: int | None = 6) -> Document:
    """Few noisy examples and a network that learns them by heart."""
    return mlp(
        2, 16, 1, data=Spec.of("moons", examples=60, noise=0.35),
        optimizer=Spec.of("gradient_descent", learning_rate=2.0),
        training=Training(seed=2, batch_size=8, held_out=0.3, patience=patience, shuffle=True),
    )  # fmt: skip


def script(document: Document) -> tuple[Trainer, str]:
    trainer = Trainer(document, data_of(document), fresh(document))
    report = fit(trainer, epochs=400)
    assert report.early
    return trainer, report.reason


@pytest.fixture
def worker() -> Worker:
    made = Worker(Mailbox())
    made.obey(Open(1, overfitting()))
    return made


def test_playing_stops_where_a_script_stops_at_the_same_bits(worker: Worker) -> None:
    trainer, reason = script(overfitting())
    worker.obey(Play())
    while worker.running:
        worker.work()
    assert worker.trainer is not None
    assert worker.trainer.step == trainer.learned.step
    assert np.array_equal(worker.trainer.store.theta, trainer.store.theta)
    assert worker.watching.hit is not None and worker.watching.hit.sentence == reason


def test_portions_come_to_the_same(worker: Worker) -> None:
    trainer, _ = script(overfitting())
    for _ in range(10_000):
        worker.obey(Advance(7))
        if worker.watching.hit is not None:
            break
    assert worker.trainer is not None and worker.trainer.step == trainer.learned.step
    assert np.array_equal(worker.trainer.store.theta, trainer.store.theta)


def test_the_numbers_until_then_are_the_same_without_patience(worker: Worker) -> None:
    worker.obey(Advance(20))
    plain = Worker(Mailbox())
    plain.obey(Open(1, overfitting(None)))
    plain.obey(Advance(20))
    assert worker.trainer is not None and plain.trainer is not None
    assert np.array_equal(worker.trainer.store.theta, plain.trainer.store.theta)


def test_it_can_be_trained_on_and_stops_again(worker: Worker) -> None:
    worker.obey(Advance(5000))
    hit = worker.watching.hit
    assert hit is not None
    worker.obey(Advance(5000))
    again = worker.watching.hit
    assert again is not None and again.number == hit.number + 1


def test_gone_back_to_the_beginning_it_looks_anew(worker: Worker) -> None:
    worker.obey(Advance(5000))
    first = worker.watching.hit
    worker.obey(Seek(0))
    worker.obey(Advance(5000))
    second = worker.watching.hit
    assert first is not None and second is not None
    assert second.sentence == first.sentence and second.number == first.number + 1


def test_without_examples_held_out_it_never_stops() -> None:
    document = overfitting()
    document = replace(document, training=replace(document.training, held_out=0.0))
    worker = Worker(Mailbox())
    worker.obey(Open(1, document))
    worker.obey(Advance(300))
    assert worker.watching.hit is None and worker.trainer is not None and worker.trainer.step == 300
