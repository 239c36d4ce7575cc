"""Sweeps against single trainings, bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Training
from engine.document.edits import set_training, set_units
from engine.learned import fresh
from engine.samples import first_light, mlp
from engine.sweep import BATCH, POINTS, SEED, Goal, Sweep, choices, varied
from engine.trainer import Trainer


def trained(document: Document, updates: int) -> Trainer:
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(updates)
    return trainer


def all_of(sweep: Sweep, seconds: float = 60.0) -> Sweep:
    data = data_of(sweep.documents[0])
    while not sweep.go_on(data, seconds):
        pass
    return sweep


def test_every_run_is_bit_for_bit_the_single_training() -> None:
    document = first_light()
    sweep = all_of(Sweep(document, SEED, (1, 2, 7), 300, Goal()))
    for run in sweep.runs:
        curve = trained(set_training(document, seed=int(run.value)), 300).curve.values
        assert run.updates == 300 and len(run.steps) == POINTS
        assert np.array_equal(run.costs, curve[run.steps]) and run.steps[-1] == 299


def test_slices_come_to_the_same() -> None:
    document = first_light()
    whole = all_of(Sweep(document, SEED, (3, 4), 200, Goal()))
    sliced = Sweep(document, SEED, (3, 4), 200, Goal())
    slices = 0
    while not sliced.go_on(data_of(document), 0.0):
        slices += 1
        assert 0.0 <= sliced.done <= 1.0
    assert slices > 1 and sliced.done == 1.0
    for one, other in zip(whole.runs, sliced.runs, strict=True):
        assert np.array_equal(one.costs, other.costs) and one.J == other.J


def test_xor_with_two_hidden_units_does_not_always_succeed() -> None:
    document = mlp(2, 2, 1, hidden="sigmoid", optimizer=Spec.of("gradient_descent", learning_rate=2.0))
    sweep = all_of(Sweep(document, SEED, range(1, 21), 2000, Goal()))
    reached = [run for run in sweep.runs if run.success]
    assert 0 < len(reached) < 20
    assert all(run.accuracy == 1.0 for run in reached)
    assert all(run.accuracy is not None and run.accuracy < 1.0 for run in sweep.runs if not run.success)


def test_a_goal_of_J() -> None:
    sweep = all_of(Sweep(first_light(), SEED, (1,), 500, Goal("J", 1e9)))
    assert sweep.runs[0].success
    assert not Goal("J", 0.1).reached(float("nan"), 1.0) and not Goal().reached(0.0, None)


def test_the_learning_rate_the_batch_and_the_units() -> None:
    document = first_light()
    names = {each.name for each in choices(document)}
    assert {SEED, BATCH, "optimizer.learning_rate", "units.hidden"} <= names
    assert "units.input" not in names and "units.output" not in names
    sweep = all_of(Sweep(document, "units.hidden", (1, 3), 100, Goal()))
    curve = trained(set_units(document, layer="hidden", units=3), 100).curve.values
    assert np.array_equal(sweep.runs[1].costs, curve[sweep.runs[1].steps])
    assert varied(document, BATCH, 2).training.batch_size == 2
    assert varied(document, "optimizer.learning_rate", 0.1).optimizer.get("learning_rate") == 0.1


def test_a_run_that_diverges_is_told_and_the_others_go_on() -> None:
    document = mlp(2, 8, 1, hidden="relu", output="identity", loss=Spec("mse"), training=Training(seed=1))
    sweep = all_of(Sweep(document, "optimizer.learning_rate", (900.0, 0.01), 200, Goal("J", 10.0)))
    wild, calm = sweep.runs
    assert wild.problem and not wild.success and wild.updates < 200
    assert not calm.problem and calm.success


@pytest.mark.parametrize(
    ("knob", "values", "updates"),
    [
        (SEED, (), 10),
        (SEED, range(2000), 10),
        (SEED, (1,), 0),
        ("optimizer.no", (1.0,), 10),
        ("units.no", (1,), 5),
    ],
)
def test_what_does_not_fit_is_refused(knob: str, values: tuple[float, ...], updates: int) -> None:
    with pytest.raises(AxonError):
        Sweep(first_light(), knob, values, updates, Goal())


@pytest.mark.parametrize("value", [-3.0, 0.0, 1e8])
def test_a_batch_or_rate_that_cannot_be_becomes_a_sentence(value: float) -> None:
    for knob in (BATCH, "optimizer.learning_rate", "units.hidden"):
        try:
            sweep = Sweep(first_light(), knob, (value,), 5, Goal())
        except AxonError as error:
            assert str(error)
            continue
        all_of(sweep)
        assert len(sweep.runs) == 1


def test_nothing_that_is_given_changes() -> None:
    document = first_light()
    before = replace(document)
    all_of(Sweep(document, SEED, (5,), 20, Goal()))
    assert document == before
