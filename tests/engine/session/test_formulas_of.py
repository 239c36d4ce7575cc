"""Formulas without steps, of the next update and of past ones, as the worker hands them out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.core.expressions import evaluate
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document, Training
from engine.formulas import Formulas
from engine.learned import Learned
from engine.samples import mlp
from engine.session import Advance, Mailbox, Open, Seek
from engine.session.formulas_of import FormulasOf, WayOf
from engine.session.worker import Worker
from engine.trace import Trace


def iris() -> Document:
    return mlp(
        4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"), optimizer=Spec("adam"),
        training=Training(batch_size=10, seed=3),
    )  # fmt: skip


def worker_after(updates: int) -> Worker:
    made = Worker(Mailbox())
    made.obey(Open(1, iris()))
    assert made.trainer is not None, made._problem
    if updates:
        made.obey(Advance(updates))
    return made


def ask(worker: Worker, probe: FormulasOf) -> Formulas | None:
    assert worker.timeline is not None
    return probe.answer_within(worker.timeline, worker._predictor)


def test_a_past_update_is_the_one_that_was_done() -> None:
    worker = worker_after(20)
    assert worker.trainer is not None
    before = worker.trainer.learned
    for update in (0, 7, 19):
        trace = ask(worker, FormulasOf(None, update))
        assert trace is not None and trace.step_number == update
        assert trace.J == worker.trainer.curve.values[update]
    trace = ask(worker, FormulasOf(None, 19))
    assert trace is not None
    for key, slot in trace.layout.slots.items():
        new = trace.arrays[slot.layer, f"new {slot.part.name}"]
        assert new.tobytes() == before.parameters[key].tobytes()
    assert worker.trainer.learned.same_bits(before), "the present stands still"


def test_where_only_some_states_are_kept_it_is_calculated_anew() -> None:
    worker = worker_after(30)
    assert worker.timeline is not None and worker.trainer is not None
    values = worker.trainer.curve.values.copy()
    kept = worker.timeline._kept
    for step in [each for each in kept if each % 8]:
        del kept[step]
    trace = ask(worker, FormulasOf(None, 13))
    assert trace is not None and trace.J == values[13]


def test_what_the_timeline_does_not_reach_is_none() -> None:
    worker = worker_after(5)
    assert ask(worker, FormulasOf(None, 6)) is None
    worker.obey(Seek(2))
    assert ask(worker, FormulasOf(None, 4)) is None
    assert ask(worker, FormulasOf(None, 2)) is not None


def test_one_example_of_the_next_update() -> None:
    worker = worker_after(4)
    trace = ask(worker, FormulasOf(100))
    assert trace is not None and trace.examples == (100,) and trace.step_number == 4
    ref = trace.ref("hidden", "z", (1,), 0)
    assert evaluate(trace.cell(ref), trace.lookup) == pytest.approx(trace.lookup(ref), rel=1e-12)


def test_the_way_of_a_number_through_it() -> None:
    worker = worker_after(4)
    trace = ask(worker, FormulasOf(3))
    assert trace is not None and worker.timeline is not None
    way = WayOf(trace, trace.ref("input", "a", (0,), 0)).answer_within(worker.timeline, worker._predictor)
    assert way is not None and way.refs[-1].key == ("input", "da", (0,), 0)


def test_without_steps_the_words_and_numbers_are_those_of_the_trace(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = mlp(2, 3, 2, optimizer=Spec("momentum"), training=Training(regularizer=Spec("l2")))
    data, learned = some_data(document, 3), some_learned(document)
    walked, told = (kind(document, data, learned, np.arange(3)) for kind in (Trace, Formulas))
    assert isinstance(told, Formulas) and len(told) == 0
    for step in walked:
        if not step.final:
            continue
        ref = step.target
        assert told.number_of(*ref.key) is None
        assert told.lookup(ref) == walked.lookup(ref) and told.cell(ref) == walked.cell(ref)
        assert told.words_of(ref) == (step.equation, step.code), ref
