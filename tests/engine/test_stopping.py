"""Stopping: when a run ends, why, and at which state."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from engine.core.problems import DataError, DivergenceError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.base import Data, Task
from engine.document import Document, Training
from engine.evaluation import evaluate
from engine.learned import Learned, fresh
from engine.samples import mlp
from engine.stopping import EarlyStopping, Progress, accuracy_above, fit, loss_below, time_limit
from engine.timeline import Timeline
from engine.trainer import Trainer


def wiggly(m: int = 24) -> Data:
    """Few noisy points of sin(3x): a large network learns the noise by heart."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-2, 2, (1, m))
    return Data(x, np.sin(3 * x) + rng.normal(0, 0.4, (1, m)), ("x",), ("y",), Task.REGRESSION)


def overfitting(**training: object) -> Document:
    chosen = {"held_out": 0.4, "batch_size": 5, "shuffle": True, **training}
    return mlp(
        1, 24, 1, output="identity", loss=Spec("mse"),
        optimizer=Spec.of("adam", learning_rate=0.05), training=Training(**chosen),
    )  # fmt: skip


def curve_by_hand(document: Document, data: Data, epochs: int) -> tuple[list[float], list[Learned]]:
    """The validation loss and the state before the first and after every epoch."""
    trainer = Trainer(document, data, fresh(document))
    values, states = [], []
    for epoch in range(epochs + 1):
        if epoch:
            trainer.advance(trainer.batches.count)
        states.append(trainer.learned)
        values.append(evaluate(document, data, states[-1], trainer.batches.held_out).J)
    return values, states


@pytest.fixture(scope="module")
def known() -> tuple[list[float], list[Learned]]:
    return curve_by_hand(overfitting(), wiggly(), 150)


def expected_stop(values: list[float], patience: int) -> tuple[int, int]:
    """The epoch after which patience ends, and the best epoch until then."""
    for epoch in range(len(values)):
        best = int(np.argmin(values[: epoch + 1]))
        if epoch - best >= patience:
            return epoch, best
    raise AssertionError("never stops")


@pytest.mark.parametrize("patience", [1, 5, 20])
@pytest.mark.parametrize("with_timeline", [False, True])
def test_it_stops_when_patience_ends_and_the_best_state_comes_back(
    patience: int, with_timeline: bool, known: tuple[list[float], list[Learned]]
) -> None:
    values, states = known
    epoch, best = expected_stop(values, patience)
    assert 0 <= best < epoch < 150
    document = overfitting(patience=patience)
    trainer = Trainer(document, wiggly(), fresh(document))
    assert trainer.batches.count == 3
    report = fit(Timeline(trainer) if with_timeline else trainer, epochs=150)
    assert report.early
    assert report.updates == 3 * epoch
    assert report.best is not None
    assert (report.best.epoch, report.best.loss) == (best, values[best])
    assert trainer.learned.same_bits(states[best])
    assert trainer.step == 3 * best
    assert report.curve[0].tolist() == [3 * each for each in range(epoch + 1)]
    assert report.curve[1].tolist() == values[: epoch + 1]
    said = f"{patience} epoch{'s' * (patience > 1)}. Back to epoch {best}, where it was {values[best]:.4g}."
    assert report.reason == (
        f"Stopped early after epoch {epoch}: the validation loss was not better for {said}"
    )


def test_going_on_after_a_stop_repeats_the_same_training(known: tuple[list[float], list[Learned]]) -> None:
    values, states = known
    epoch, _ = expected_stop(values, 5)
    document = overfitting(patience=5)
    timeline = Timeline(Trainer(document, wiggly(), fresh(document)))
    fit(timeline, epochs=150)
    timeline.advance(3 * (epoch + 7) - timeline.trainer.step)
    assert timeline.trainer.learned.same_bits(states[epoch + 7])
    timeline.seek(3 * (epoch - 1))
    assert timeline.trainer.learned.same_bits(states[epoch - 1])


def test_portions_with_one_object_stop_where_one_run_does(known: tuple[list[float], list[Learned]]) -> None:
    values, states = known
    epoch, best = expected_stop(values, 20)
    document = overfitting()
    trainer, stopping, done = Trainer(document, wiggly(), fresh(document)), EarlyStopping(20), 0
    for _ in range(60):
        report = fit(trainer, epochs=4, stopping=stopping)
        done += report.updates
        if report.early:
            break
    assert done == 3 * epoch
    assert trainer.learned.same_bits(states[best])


def test_without_patience_the_last_state_stays(known: tuple[list[float], list[Learned]]) -> None:
    values, states = known
    trainer = Trainer(overfitting(), wiggly(), fresh(overfitting()))
    report = fit(trainer, epochs=40)
    assert (report.early, report.best) == (False, None)
    assert report.reason == "All 120 updates are done."
    assert report.curve[1].tolist() == values[:41]
    assert trainer.learned.same_bits(states[40])


def test_updates_that_end_within_an_epoch() -> None:
    trainer = Trainer(overfitting(), wiggly(), fresh(overfitting()))
    report = fit(trainer, updates=7)
    assert (report.updates, trainer.step) == (7, 7)
    assert report.curve[0].tolist() == [0, 3, 6]
    again = fit(trainer, epochs=2, updates=100)
    assert trainer.step == 13
    assert again.curve[0].tolist() == [7, 9, 12]
    assert fit(trainer, updates=1).reason == "The update is done."
    assert fit(trainer, updates=0).updates == 0


def test_the_best_of_a_run_that_only_gets_worse_is_its_start() -> None:
    """The examples to learn from pull up, those that are held out lie far below."""
    document = overfitting(patience=3)
    data = wiggly()
    trainer = Trainer(document, data, fresh(document))
    below = np.isin(np.arange(data.m), trainer.batches.held_out)
    trainer = Trainer(document, replace(data, Y=np.where(below, -50.0, 50.0)[None]), fresh(document))
    report = fit(trainer, epochs=50)
    assert report.updates == 9
    assert trainer.learned.same_bits(fresh(document))
    assert "Back to epoch 0" in report.reason


@pytest.mark.parametrize(
    ("losses", "best"),
    [
        ([float("nan"), 2.0, float("nan"), 1.0, float("nan"), float("nan")], 3),
        ([2.0, 1.0, 1.0, 1.0], 1),
        ([1.0, 1.0 + 1e-12, 1.0 - 1e-12, 1.0, 1.0], 2),
        ([float("inf"), 5.0, 6.0, float("inf")], 1),
    ],
)
def test_only_a_smaller_loss_is_better(losses: list[float], best: int) -> None:
    """Not the same loss again, and not one that is no number."""
    document = overfitting()
    trainer = Trainer(document, wiggly(), fresh(document))
    stopping = EarlyStopping(2)

    class Said:
        def __init__(self, J: float) -> None:
            self.J = J

    said = []
    for step, J in enumerate(losses):
        progress = Progress(trainer, 0, 0.0, None, None)  # type: ignore[arg-type]
        progress.__dict__["validation"] = Said(J)
        trainer.step = step
        said.append(bool(stopping(progress)))
    assert said == [False] * (len(losses) - 1) + [True]
    assert stopping.best is not None
    assert (stopping.best.loss, stopping.best.learned.step) == (losses[best], best)


# ---------------------------------------------------------------- rules


def xor(**training: object) -> tuple[Document, Data]:
    document = mlp(2, 4, 1, optimizer=Spec.of("adam", learning_rate=0.1), training=Training(**training))
    X = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    return document, Data(X, (X[:1] != X[1:]).astype(float), ("a", "b"), ("y",), Task.BINARY, ("0", "1"))


def test_until_the_loss_is_below_a_bound() -> None:
    document, data = xor()
    trainer = Trainer(document, data, fresh(document))
    report = fit(trainer, until=loss_below(0.1))
    losses = [evaluate(document, data, fresh(document)).J, *trainer.curve.values[1:]]
    last = evaluate(document, data, trainer.learned).J
    assert last < 0.1 <= min(losses)
    assert report.reason == f"The loss {last:.4g} is below 0.1."
    assert report.curve[1].size == 0, "nothing is held out"
    assert fit(trainer, until=loss_below(0.1)).updates == 0, "it is so already"


def test_until_the_accuracy_is_above_a_bound() -> None:
    document, data = xor()
    trainer = Trainer(document, data, fresh(document))
    report = fit(trainer, updates=5000, until=[loss_below(0.0), accuracy_above(0.9)])
    assert report.reason == "The accuracy 100.0% is above 90.0%."
    states = Trainer(document, data, fresh(document))
    states.advance(trainer.step - 1)
    assert evaluate(document, data, states.learned).metrics["accuracy"] < 0.9
    with pytest.raises(DataError, match="no accuracy to stop at"):
        fit(Trainer(overfitting(), wiggly(), fresh(overfitting())), until=accuracy_above(0.9))


def test_a_rule_looks_at_the_held_out_examples() -> None:
    document, data = overfitting(), wiggly()
    trainer = Trainer(document, data, fresh(document))
    fit(trainer, until=loss_below(0.35))
    held_out, chosen = trainer.batches.held_out, trainer.batches.chosen
    assert evaluate(document, data, trainer.learned, held_out).J < 0.35
    states = Trainer(document, data, fresh(document))
    states.advance(trainer.step - 3)
    assert evaluate(document, data, states.learned, held_out).J >= 0.35
    assert evaluate(document, data, states.learned, chosen).J < 0.35, "or it would not matter which"


def test_until_some_seconds_are_over() -> None:
    document, data = xor(batch_size=2)
    seconds = count()
    trainer = Trainer(document, data, fresh(document))
    report = fit(trainer, until=time_limit(4), clock=lambda: float(next(seconds)))
    assert report.reason == "4 seconds are over."
    assert trainer.step == 6, "looked at after 1, 2, 3 and 4 seconds, the first time before any update"


def test_progress_is_told_after_every_epoch() -> None:
    document, data = xor(batch_size=3, label_noise=1.0)
    trainer = Trainer(document, data, fresh(document))
    seen: list[tuple[int, int, int, bool]] = []
    trainer.advance(2)
    fit(trainer, epochs=3, progress=lambda p: seen.append((p.updates, p.step, p.epoch, p.validation is None)))
    assert seen == [(0, 2, 1, True), (2, 4, 2, True), (4, 6, 3, True), (6, 8, 4, True)]


def test_training_is_measured_with_the_labels_that_are_learned() -> None:
    document, data = xor(label_noise=1.0, seed=6)
    trainer = Trainer(document, data, fresh(document))
    assert not np.array_equal(trainer.feeding.Y, data.Y)
    found: list[float] = []
    fit(trainer, updates=3, progress=lambda p: found.append(p.training.J))
    assert found[:3] == trainer.curve.values.tolist()


def test_what_makes_no_sense_is_refused() -> None:
    document, data = xor(patience=3)
    with pytest.raises(DataError, match="there are none: hold some out"):
        fit(Trainer(document, data, fresh(document)), updates=5)
    plain, _ = xor()
    with pytest.raises(ValueError, match="until when"):
        fit(Trainer(plain, data, fresh(plain)))


def test_divergence_is_told_as_the_trainer_tells_it() -> None:
    rate = Spec.of("gradient_descent", learning_rate=1000.0)
    document = mlp(1, 9, 1, hidden="relu", output="identity", loss=Spec("mse"), optimizer=rate)
    with pytest.raises(DivergenceError, match="learning rate 1000 is probably too large"):
        fit(Trainer(document, wiggly(), fresh(document)), epochs=400)


def test_early_stopping_keeps_wrong_labels_from_being_learned_by_heart() -> None:
    """Digits, 200 to learn from, three labels in ten drawn at random (lesson 33): the others are clean."""
    found = {}
    for patience in (None, 10):
        chosen = Training(32, True, 1, held_out=0.5, label_noise=0.3, patience=patience, precision="single")
        document = mlp(
            64, 64, 10, hidden="relu", output="softmax", loss=Spec("cross_entropy"),
            data=Spec.of("digits", examples=400), optimizer=Spec.of("adam", learning_rate=0.004),
            training=chosen,
        )  # fmt: skip
        data = data_of(document)
        trainer = Trainer(document, data, fresh(document))
        early = fit(trainer, epochs=60).early if patience else trainer.advance(60 * trainer.batches.count)
        batches, Y = trainer.batches, trainer.feeding.Y
        assert batches.m == 200
        wrong = batches.chosen[(Y != data.Y).any(axis=0)[batches.chosen]]
        noisy = replace(data, Y=Y)
        accuracies = [
            evaluate(document, each, trainer.learned, examples, ["accuracy"]).metrics["accuracy"]
            for each, examples in ((data, batches.held_out), (noisy, wrong))
        ]
        found[patience] = (early, *accuracies)
    assert found[10][0]
    assert found[10][1] > found[None][1] + 0.03, "the clean digits are read better"
    assert found[10][2] < found[None][2] - 0.2, "fewer of the wrong labels are believed"
