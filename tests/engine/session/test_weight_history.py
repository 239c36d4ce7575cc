"""The history of weights: exact, in slices, and without touching the training."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.document.edits import add_layer, add_unit, connect, disconnect, set_optimizer
from engine.learned import Learned, fresh, restarted, with_weight
from engine.samples import first_light, mlp
from engine.session import Advance, Ask, Edit, Mailbox, Open, Play, Seek, Undo, Watch
from engine.session import weight_history as module
from engine.session.weight_bins import CAPACITY, Bins, History
from engine.session.weight_history import LONG_SLICE, Cell, Recorder, WeightHistory
from engine.session.worker import Worker
from engine.timeline import Timeline
from engine.trainer import Trainer

W = Cell(("hidden.W.input", 1, 0), "hidden.W.input", (1, 0))
B = Cell(("hidden.b", 2, 0), "hidden.b", (2, 0))
CELLS = (W, B)


class Past:
    """A timeline as the history sees it."""

    def __init__(self, timeline: Timeline) -> None:
        self.trainer, self.start, self._of = timeline.trainer, timeline.start, timeline

    @property
    def checkpoints(self) -> tuple[int, ...]:
        return self._of.checkpoints

    def kept(self, step: int) -> Learned:
        return self._of._kept[max(each for each in self._of._kept if each <= step)]


def trained(document: Document, updates: int, learned: Learned | None = None) -> tuple[Trainer, Timeline]:
    trainer = Trainer(document, data_of(document), learned or fresh(document))
    timeline = Timeline(trainer)
    timeline.advance(updates)
    return trainer, timeline


def truth(document: Document, updates: int, cell: Cell, learned: Learned | None = None) -> np.ndarray:
    """The value before each update, and after the last."""
    trainer = Trainer(document, data_of(document), learned or fresh(document))
    found = [trainer.store.parameters[cell.key][cell.index]]
    for _ in range(updates):
        trainer.advance(1)
        found.append(trainer.store.parameters[cell.key][cell.index])
    return np.array(found)


def all_of(
    recorder: Recorder, trainer: Trainer, past: Past | None = None, cells: tuple[Cell, ...] = CELLS
) -> History:
    for _ in range(1000):
        found = recorder.answer(trainer, past, cells, LONG_SLICE)
        if found.complete:
            return found
    raise AssertionError("the history is never complete")


@pytest.mark.parametrize("with_past", [False, True])
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam"])
def test_the_past_is_replayed_exactly(with_past: bool, optimizer: str) -> None:
    document = set_optimizer(first_light(), spec=Spec(optimizer))
    trainer, timeline = trained(document, 300)
    found = all_of(Recorder(), trainer, Past(timeline) if with_past else None)
    assert (found.start, found.width, found.every, found.known_from) == (0, 1, 1, 0)
    for cell in CELLS:
        course = found.courses[cell.name]
        assert np.array_equal(course.low, truth(document, 300, cell))
        assert np.array_equal(course.low, course.high)
    slopes = found.courses[W.name].slope_low
    one = Trainer(document, data_of(document), fresh(document))
    one.advance(5)
    assert slopes[4] == one.store.gradients[W.key][W.index]
    assert np.isfinite(slopes[:300]).all()


def test_mini_batches_in_random_order_are_replayed_too() -> None:
    training = Training(batch_size=10, shuffle=True, seed=5)
    document = mlp(2, 5, 1, data=Spec("moons"), training=training)
    trainer, _ = trained(document, 120)
    found = all_of(Recorder(), trainer, cells=(W,))
    assert found.every == 1
    assert np.array_equal(found.courses[W.name].low, truth(document, 120, W))


def test_training_has_the_same_bits_with_the_history_and_without() -> None:
    plain, watched = Worker(Mailbox()), Worker(Mailbox())
    for worker in (plain, watched):
        worker.obey(Open(1, first_light()))
    watched.obey(Watch("history", WeightHistory(Recorder(), CELLS)))
    for _ in range(40):
        for worker in (plain, watched):
            worker.obey(Advance(7))
            worker.publish(force=True)
    assert plain.trainer is not None and watched.trainer is not None
    assert plain.trainer.learned.same_bits(watched.trainer.learned)
    assert np.array_equal(plain.trainer.curve.values, watched.trainer.curve.values)


def test_each_go_is_short_and_the_rest_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, timeline = trained(first_light(), 4000)
    clock = [0.0]

    def tick() -> float:
        clock[0] += 1e-4
        return clock[0]

    monkeypatch.setattr(module.time, "perf_counter", tick)
    recorder, goes = Recorder(), 0
    found = recorder.answer(trainer, Past(timeline), CELLS, 0.01)
    assert not found.complete and found.every > 1
    while not found.complete:
        before = clock[0]
        found = recorder.answer(trainer, Past(timeline), CELLS, 0.01)
        goes += 1
        assert clock[0] - before < 0.012
    assert goes > 10 and found.every == 1


def test_too_long_a_way_is_sampled_at_the_checkpoints_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer, timeline = trained(first_light(), 3000)
    monkeypatch.setattr(module, "MOST_SECONDS", 1e-9)
    found = all_of(Recorder(), trainer, Past(timeline))
    assert found.every > 1
    course = found.courses[W.name]
    exact = truth(first_light(), 3000, W)
    known = np.flatnonzero(np.isfinite(course.low))
    assert set(timeline.checkpoints) <= set(known.tolist())
    assert np.array_equal(course.low[known], exact[known])


def test_going_on_live_stays_exact_and_going_back_keeps_the_future() -> None:
    trainer, timeline = trained(first_light(), 50)
    recorder = Recorder()
    for _ in range(30):
        timeline.advance(3)
        recorder.answer(trainer, Past(timeline), CELLS, LONG_SLICE)
    timeline.seek(20)
    found = all_of(recorder, trainer, Past(timeline))
    assert found.every == 1
    assert np.array_equal(found.courses[W.name].low, truth(first_light(), 140, W))


def test_an_edit_keeps_the_past_and_says_nothing_of_what_it_does_not_know() -> None:
    worker = Worker(Mailbox())
    worker.obey(Open(1, first_light()))
    worker.obey(Advance(40))
    recorder = Recorder()

    def history() -> History:
        worker.obey(Ask(1, WeightHistory(recorder, CELLS, LONG_SLICE)))
        return worker.mailbox.take()[1][-1].answer

    history()
    worker.obey(
        Edit(
            2, 1, first_light(), lambda _, learned: with_weight(learned, key=W.key, index=W.index, value=3.0)
        )
    )
    worker.obey(Advance(20))
    found = history()
    before = truth(first_light(), 39, W)
    low = found.courses[W.name].low
    assert np.array_equal(low[:40], before)
    assert low[60] == worker.trainer.store.parameters[W.key][W.index]
    worker.obey(Undo(3, 1, first_light()))
    assert history().courses[W.name].low[40] == truth(first_light(), 40, W)[40]


def test_a_way_that_another_hand_changed_is_not_made_up() -> None:
    """The initial weights are known, but in between a weight was set: J shows it."""
    document = first_light()
    trainer, _ = trained(document, 30)
    touched = with_weight(trainer.learned, key=W.key, index=W.index, value=2.5)
    later, timeline = trained(document, 25, touched)
    recorder = Recorder()
    curve = trainer.curve.copy()
    curve.extend(30, later.curve.values)
    later.curve = curve
    found = all_of(recorder, later, Past(timeline))
    low = found.courses[W.name].low
    assert np.array_equal(low[:30], truth(document, 29, W))
    assert low[30] == 2.5 and np.isfinite(low).all()
    assert np.array_equal(low[30:], truth(document, 25, W, touched))


def test_a_neuron_inserted_before_leaves_the_curve_of_the_others_alone() -> None:
    worker = Worker(Mailbox())
    worker.obey(Open(1, first_light()))
    worker.obey(Advance(10))
    recorder = Recorder()
    worker.obey(Ask(1, WeightHistory(recorder, (W,), LONG_SLICE)))
    worker.obey(Edit(2, 1, add_unit(first_light(), layer="hidden", at=0)))
    moved = Cell(W.name, W.key, (2, 0))
    worker.obey(Advance(10))
    worker.obey(Ask(2, WeightHistory(recorder, (moved,), LONG_SLICE)))
    found = worker.mailbox.take()[1][-1].answer
    low = found.courses[W.name].low
    assert np.array_equal(low[:11], truth(first_light(), 10, W))
    assert low[20] == worker.trainer.store.parameters[W.key][2, 0]
    worker.obey(Ask(3, WeightHistory(recorder, (W,), LONG_SLICE)))  # asked before the edit, answered after it
    again = worker.mailbox.take()[1][-1].answer.courses[W.name]
    assert np.array_equal(again.low[:21], low[:21])


def test_back_to_the_initial_weights_begins_anew_and_undo_brings_the_old_curve_back() -> None:
    worker = Worker(Mailbox())
    worker.obey(Open(1, first_light()))
    worker.obey(Advance(30))
    recorder = Recorder()
    probe = WeightHistory(recorder, CELLS, LONG_SLICE)
    worker.obey(Ask(1, probe))
    worker.obey(Edit(2, 1, first_light(), restarted))
    worker.obey(Ask(2, probe))
    assert len(worker.mailbox.take()[1][-1].answer.courses[W.name].low) == 1
    worker.obey(Undo(3, 1, first_light()))
    worker.obey(Ask(3, probe))
    found = worker.mailbox.take()[1][-1].answer
    assert np.array_equal(found.courses[W.name].low, truth(first_light(), 30, W))


def test_memory_stays_bounded_and_no_peak_is_lost() -> None:
    bins = Bins(0)
    bins.cover([("w",)])
    values = np.sin(np.arange(50_000) / 9.0)
    values[31_234] = 7.0
    for first in range(0, len(values), 50):
        part = values[first : first + 50, None]
        bins.enter(first, part, -part, 0)
    found = bins.history([("w",)], len(values), True)
    course = found.courses["w",]
    assert len(course.low) <= CAPACITY and found.width == 16 and found.every == 1
    assert course.high[31_234 // 16] == 7.0 and course.slope_low[31_234 // 16] == -7.0
    assert np.nanmin(course.low) == values.min()
    assert bins.first_gap(49_000) is None


def test_kept_numbers_and_frozen_bits_in_single_precision() -> None:
    document = mlp(2, 3, 1, training=Training(precision="single"))
    trainer, _ = trained(document, 20)
    found = all_of(Recorder(), trainer, cells=(W,))
    assert np.array_equal(found.courses[W.name].low, truth(document, 20, W))


def test_what_is_kept_without_being_learned_has_a_history_too() -> None:
    document = add_layer(mlp(2, 3, 1), spec=Spec("batch_norm"), id="norm", units=3)
    document = disconnect(document, source="hidden", target="output")
    document = connect(connect(document, source="hidden", target="norm"), source="norm", target="output")
    key = next(key for key in fresh(document).parameters if key.endswith("running_mean"))
    mean = Cell((key, 0, 0), key, (0, 0))
    trainer, _ = trained(document, 30)
    found = all_of(Recorder(), trainer, cells=(mean,))
    assert found.every == 1
    assert np.array_equal(found.courses[mean.name].low, truth(document, 30, mean))
    assert np.isnan(found.courses[mean.name].slope_low[:30]).all()


def test_playing_and_seeking_with_the_probe_on() -> None:
    worker = Worker(Mailbox())
    worker.obey(Open(1, first_light()))
    recorder = Recorder()
    worker.obey(Watch("history", WeightHistory(recorder, CELLS)))
    worker.obey(Play())
    while worker.trainer.step < 500:
        worker.work()
        worker.publish(force=True)
        worker.mailbox.take()
    worker.obey(Seek(100))
    found = all_of(recorder, worker.trainer)
    low = found.courses[W.name].low
    known = np.isfinite(low)
    assert known[:101].all()
    assert np.array_equal(low[:101], truth(first_light(), 100, W))
