"""The worker, driven without a thread: edits, undo, learning and snapshots."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.document import Document, edits
from engine.learned import Learned, fresh, restarted, with_weight
from engine.samples import first_light
from engine.session import Advance, Ask, Edit, Mailbox, Mark, Open, Pause, Play, Redo, Seek, Undo, Watch
from engine.session.probes import State, Tracing, UnitsOfExample
from engine.session.worker import Worker
from engine.trace import Trace


@pytest.fixture
def worker() -> Worker:
    made = Worker(Mailbox())
    made.obey(Open(1, first_light()))
    return made


def parameters(worker: Worker) -> dict[str, bytes]:
    return {key: value.tobytes() for key, value in worker.now.learned.parameters.items()}


def snapshot(worker: Worker):
    worker.publish(force=True)
    taken, replies, notices = worker.mailbox.take()
    return taken, replies, notices


def test_a_snapshot_is_frozen_and_complete(worker: Worker) -> None:
    worker.obey(Watch("units", UnitsOfExample(2)))
    worker.obey(Advance(5))
    found, _, _ = snapshot(worker)
    assert found.version == 1 and found.step == 5 and not found.running
    assert str(found.position) == "update 6 = epoch 6, batch 1 of 1"
    assert len(found.curve) == 5 and found.curve_from == 0
    assert found.data is not None and found.data.m == 4
    assert found.answers["units"]["hidden"]["z"].shape == (4,)
    with pytest.raises(ValueError, match="read-only"):
        found.parameters["hidden.W.input"][0, 0] = 1.0


def test_the_curve_loses_no_value_when_snapshots_are_not_taken(worker: Worker) -> None:
    worker.obey(Play())
    while worker.trainer.step < 3000:
        worker.work()
        worker.publish(force=True)
    worker.obey(Pause())
    found, _, _ = snapshot(worker)
    assert found.curve_from == 0
    assert np.array_equal(found.curve, worker.trainer.curve.values)
    worker.obey(Advance(10))
    more, _, _ = snapshot(worker)
    assert more.curve_from == len(found.curve) and len(more.curve) == 10


def test_an_edit_keeps_what_was_learned_and_undo_brings_back_the_bits(worker: Worker) -> None:
    start = parameters(worker)
    worker.obey(Advance(50))
    worker.obey(Mark(1))
    trained = parameters(worker)
    grown = edits.add_unit(first_light(), layer="hidden")
    worker.obey(Edit(2, 2, grown))
    W = worker.now.learned.parameters["hidden.W.input"]
    assert W.shape == (5, 2) and W[:4].tobytes() == trained["hidden.W.input"]
    worker.obey(Undo(3, 2, first_light()))
    assert parameters(worker) == trained
    worker.obey(Undo(4, 1, first_light()))
    assert parameters(worker) == start and worker.trainer.step == 0
    worker.obey(Redo(5, 1, first_light()))
    assert parameters(worker) == trained and worker.trainer.step == 50


def test_undo_of_an_edit_while_training_runs_keeps_the_learning(worker: Worker) -> None:
    worker.obey(Play())
    worker.work()
    faster = edits.set_optimizer(first_light(), spec=Spec.of("gradient_descent", learning_rate=1.0))
    worker.obey(Edit(2, 1, faster))
    assert worker.running
    before = worker.trainer.step
    while worker.trainer.step < before + 100:
        worker.work()
    learned = parameters(worker)
    worker.obey(Undo(3, 1, first_light()))
    assert worker.running and parameters(worker) == learned
    assert worker.trainer.document.optimizer == first_light().optimizer


def test_undo_of_a_weight_set_while_training_runs_takes_only_that_back(worker: Worker) -> None:
    worker.obey(Play())
    worker.work()

    def set_it(_: Document, learned: Learned) -> Learned:
        return with_weight(learned, key="hidden.W.input", index=(2, 1), value=7.0)

    old = worker.now.learned.parameters["hidden.W.input"][2, 1]
    worker.obey(Edit(2, 1, first_light(), set_it))
    worker.work()
    learned = np.array(worker.now.learned.parameters["hidden.W.input"])
    worker.obey(Undo(3, 1, first_light()))
    after = worker.now.learned.parameters["hidden.W.input"]
    assert after[2, 1] == old
    learned[2, 1] = old
    assert np.array_equal(after, learned)


def test_removed_units_come_back_as_they_were_though_learning_went_on(worker: Worker) -> None:
    worker.obey(Play())
    worker.work()
    whole = first_light()
    less = edits.remove_units(whole, layer="hidden", keys=[1])
    worker.obey(Edit(2, 1, less))
    row = worker._entries.sides(1)[0].learned.parameters["hidden.W.input"][1]
    worker.work()
    kept = np.array(worker.now.learned.parameters["hidden.W.input"])
    worker.obey(Undo(3, 1, whole))
    W = worker.now.learned.parameters["hidden.W.input"]
    assert np.array_equal(W[1], row) and np.array_equal(W[[0, 2, 3]], kept)


def test_merged_edits_are_one_entry(worker: Worker) -> None:
    start = parameters(worker)
    for version, value in enumerate((1.0, 2.0, 3.0), 2):

        def nudge(_: Document, learned: Learned, value: float = value) -> Learned:
            return with_weight(learned, key="output.b", index=(0, 0), value=value)

        worker.obey(Edit(version, 1, first_light(), nudge, merge=version > 2))
    assert worker.now.learned.parameters["output.b"][0, 0] == 3.0
    worker.obey(Undo(9, 1, first_light()))
    assert parameters(worker) == start


def test_reset_goes_back_to_the_visible_initial_weights(worker: Worker) -> None:
    start = parameters(worker)
    worker.obey(Advance(30))
    worker.obey(Edit(2, 1, first_light(), restarted))
    assert parameters(worker) == start and worker.trainer.step == 0
    found, _, _ = snapshot(worker)
    assert found.step == 0 and len(found.curve) == 30  # what was learned stays, as after going back
    worker.obey(Undo(3, 1, first_light()))
    assert worker.trainer.step == 30


def test_step_and_seek_restore_the_bits(worker: Worker) -> None:
    worker.obey(Advance(20))
    there = parameters(worker)
    worker.obey(Advance(13))
    worker.obey(Seek(20))
    assert parameters(worker) == there
    worker.obey(Seek(33))
    worker.obey(Seek(20))
    assert parameters(worker) == there


def test_a_network_that_does_not_fit_says_so_and_goes_on_after_the_repair(worker: Worker) -> None:
    worker.obey(Advance(10))
    trained = parameters(worker)
    odd = edits.add_unit(first_light(), layer="input")
    worker.obey(Edit(2, 1, odd))
    found, _, _ = snapshot(worker)
    assert found.problem == "The data has 2 features but the input has 3 units: change one of them."
    assert found.problem_layer == "input" and found.parameters["hidden.W.input"].shape == (4, 3)
    worker.obey(Play())
    assert not worker.running
    assert snapshot(worker)[2] == [found.problem]
    worker.obey(Ask(7, State()))
    _, replies, _ = snapshot(worker)
    assert replies[0].number == 7 and replies[0].answer[0].step == 10
    worker.obey(Undo(3, 1, first_light()))
    assert parameters(worker) == trained
    worker.obey(Advance(1))
    assert worker.trainer.step == 11


def test_divergence_stops_with_a_sentence_and_keeps_the_last_good_state() -> None:
    worker = Worker(Mailbox())
    wild = edits.set_knob(first_light(), layer="hidden", name="activation", value=Spec("relu"))
    wild = edits.set_loss(wild, spec=Spec("mse"))
    wild = edits.set_knob(wild, layer="output", name="activation", value=Spec("identity"))
    wild = edits.set_optimizer(wild, spec=Spec.of("gradient_descent", learning_rate=500.0))
    worker.obey(Open(1, wild))
    with np.errstate(all="ignore"):
        worker.obey(Advance(500))
    found, _, notices = snapshot(worker)
    assert not notices and "learning rate 500 is probably too large" in found.hit.sentence
    curve = worker.trainer.curve.values[: found.step]
    assert found.hit.step - 1 == int(np.argmin(curve))  # the way back is to where J was lowest
    assert all(np.isfinite(value).all() for value in found.parameters.values())
    assert not worker.running


def test_a_trace_is_answered_for_the_next_update(worker: Worker) -> None:
    worker.obey(Advance(3))
    worker.obey(Ask(1, Tracing()))
    _, replies, _ = snapshot(worker)
    trace = replies[0].answer
    assert isinstance(trace, Trace) and trace.step_number == 3 and trace.m == 4
    worker.obey(Advance(1))
    for key, value in worker.now.learned.parameters.items():
        layer, name = key.split(".", 1)
        assert trace.arrays[layer, f"new {name}"].tobytes() == value.tobytes()


def test_moving_a_layer_leaves_the_running_network_alone(worker: Worker) -> None:
    trainer = worker.trainer
    worker.obey(Edit(2, 1, edits.move_layers(first_light(), places={"hidden": (300.0, 40.0)})))
    assert worker.trainer is trainer and worker.version == 2


def test_opening_forgets_what_was_before(worker: Worker) -> None:
    worker.obey(Advance(5))
    learned = fresh(first_light())
    worker.obey(Open(2, first_light(), learned))
    assert worker.trainer.step == 0 and not worker.ahead


def test_a_reopened_training_can_be_gone_back(worker: Worker) -> None:
    worker.obey(Advance(20))
    there = parameters(worker)
    worker.obey(Advance(30))
    saved, curve = worker.now.learned, worker.trainer.curve.copy()
    again = Worker(Mailbox())
    again.obey(Open(1, first_light(), saved, curve, restarted(first_light(), saved)))
    assert again.trainer.step == 50 and again.timeline.start == 0
    again.obey(Seek(20))
    assert parameters(again) == there
    again.obey(Seek(50))
    assert again.now.learned.same_bits(saved)
    again.obey(Seek(0))
    assert again.now.learned.same_bits(fresh(first_light()))


class Slow(UnitsOfExample):
    """A probe that takes a tenth of a second of the processor, as the clock of the test has it."""

    asked = 0

    def answer(self, trainer, networks):
        Slow.asked += 1
        Clock.cpu += 0.1
        return super().answer(trainer, networks)


class Sparing(Slow):
    sparing = True


class Clock:
    now, cpu = 50.0, 1.0


@pytest.mark.slow
@pytest.mark.parametrize(("probe", "least", "most"), [(Slow(0), 2, 4), (Sparing(0), 100, 101)])
def test_a_probe_that_takes_long_is_asked_rarely_while_training_goes_flat_out(
    worker: Worker, monkeypatch, probe, least: int, most: int
) -> None:
    monkeypatch.setattr("engine.session.worker.time.perf_counter", lambda: Clock.now)
    monkeypatch.setattr("engine.session.answers.time.thread_time", lambda: Clock.cpu)
    worker.obey(Watch("slow", probe))
    worker.obey(Play())
    Slow.asked = 0
    for _ in range(100):
        Clock.now += 0.1
        worker.work()
        worker.publish(force=True)
    assert least <= Slow.asked <= most
    worker.obey(Pause())
    before = Slow.asked
    assert snapshot(worker)[0].answers["slow"]["hidden"]["z"].shape == (4,)
    assert Slow.asked == before + 1
