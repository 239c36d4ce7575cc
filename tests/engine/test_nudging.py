"""Nudging a weight against slopes worked out by hand, and on networks of every architecture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.architectures import Architecture, architectures
from engine.data_of import data_of
from engine.document import Document
from engine.document.edits import cut_synapse
from engine.learned import fresh
from engine.nudging import Compared, Nudging, Parameter
from engine.samples import first_light, mlp
from engine.session.nudges import SIDE, Check, Checking, Nudge
from engine.trainer import Trainer

WEIGHT = Parameter("output.W.hidden", (0, 2))


def trained(document: Document, updates: int = 40) -> Trainer:
    trainer = Trainer(document, data_of(document), fresh(document))
    trainer.advance(updates)
    return trainer


def nudging(trainer: Trainer) -> Nudging:
    examples = trainer.batches.examples(trainer.step)
    return Nudging(trainer.document, trainer.data, trainer.learned, examples)


def J_by_hand(trainer: Trainer, w: float) -> float:
    """The mean cross-entropy of a 2-4-1 network, tanh and sigmoid, with one weight at w."""
    found = {key: array.copy() for key, array in trainer.learned.parameters.items()}
    found[WEIGHT.key][WEIGHT.index] = w
    a = np.tanh(found["hidden.W.input"] @ trainer.data.X + found["hidden.b"])
    a = 1 / (1 + np.exp(-(found["output.W.hidden"] @ a + found["output.b"])))
    y = trainer.data.Y
    return float(-(y * np.log(a) + (1 - y) * np.log(1 - a)).mean())


def test_the_course_is_J_with_one_weight_moved() -> None:
    trainer = trained(first_light())
    made = nudging(trainer)
    w, nudges = made.weight(WEIGHT), np.linspace(-2, 2, 9)
    expected = [J_by_hand(trainer, w + nudge) for nudge in nudges]
    assert np.allclose(made.course(WEIGHT, nudges), expected, rtol=0, atol=1e-13)
    assert made.J == pytest.approx(J_by_hand(trainer, w), abs=1e-14)


def test_nothing_has_moved_afterwards_and_the_trainer_never_notices() -> None:
    trainer = trained(first_light())
    before = trainer.learned.parameters
    made = nudging(trainer)
    made.course(WEIGHT, (0.3, 1e-9, -7.0))
    assert np.array_equal(made.store.parameters[WEIGHT.key], before[WEIGHT.key])
    assert all(np.array_equal(view, before[key]) for key, view in trainer.store.parameters.items())
    assert trainer.step == 40


def test_every_weight_of_the_first_network_agrees() -> None:
    made = nudging(trained(first_light()))
    found = [made.compared(each) for each in made.parameters(100)]
    assert len(found) == 17 and all(each.agrees for each in found)
    assert max(each.error for each in found) < 1e-7


def test_a_wrong_slope_is_told_from_a_kink() -> None:
    wrong = Compared(WEIGHT, backward=0.5, nudged=0.4, up=0.4, down=0.4)
    kink = Compared(WEIGHT, backward=0.0, nudged=0.25, up=0.5, down=0.0)
    broken = Compared(WEIGHT, backward=float("nan"), nudged=0.1, up=0.1, down=0.1)
    assert not wrong.agrees and not wrong.kink
    assert not kink.agrees and kink.kink
    assert broken.error == np.inf and not broken.agrees and not broken.kink


def test_a_real_kink_is_found(relu_at_its_kink: Nudging) -> None:
    found = relu_at_its_kink.compared(Parameter("hidden.b", (0, 0)))
    assert found.kink and not found.agrees
    assert found.up != pytest.approx(found.down)


@pytest.fixture
def relu_at_its_kink() -> Nudging:
    """The first hidden unit has z = 0 for the example (0, 0), because its bias is 0."""
    document = mlp(2, 4, 1, hidden="relu")
    learned = fresh(document)
    parameters = {key: array.copy() for key, array in learned.parameters.items()}
    parameters["hidden.b"][0] = 0.0
    parameters["output.W.hidden"][0, 0] = 1.0
    data = data_of(document)
    origin = np.flatnonzero(~data.X.any(axis=0))
    assert len(origin) == 1
    return Nudging(document, data, replace(learned, parameters=parameters), origin)


def test_a_cut_synapse_is_no_parameter() -> None:
    document = first_light()
    keys = document.layer("hidden").units, document.layer("input").units
    document = cut_synapse(document, source="input", target="hidden", sender=keys[1][0], receiver=keys[0][2])
    found = nudging(trained(document)).parameters(100)
    assert len(found) == 16 and Parameter("hidden.W.input", (2, 0)) not in found


def test_fewer_are_spread_over_the_whole_network() -> None:
    found = nudging(trained(first_light())).parameters(5)
    assert len(found) == 5
    assert {each.key for each in found} >= {"hidden.W.input", "output.b"}


def test_the_probe_answers_evenly_about_the_weight() -> None:
    trainer = trained(first_light())
    course = Nudge(WEIGHT, 1.5).answer(trainer, lambda m: None)
    assert course is not None and course.slope is not None
    assert len(course.nudges) == 2 * SIDE + 1 and course.nudges[SIDE] == 0.0
    assert course.costs[SIDE] == course.J
    assert np.allclose(course.costs[0], J_by_hand(trainer, course.weight - 1.5), atol=1e-13)
    h = 1e-6
    slope = (J_by_hand(trainer, course.weight + h) - J_by_hand(trainer, course.weight - h)) / (2 * h)
    assert course.slope == pytest.approx(slope, abs=1e-8)
    assert Nudge(Parameter("gone.W.input", (0, 0)), 1.0).answer(trainer, lambda m: None) is None
    assert Nudge(Parameter(WEIGHT.key, (0, 4)), 1.0).answer(trainer, lambda m: None) is None


def test_a_check_goes_on_where_it_stopped_and_begins_anew_after_an_update() -> None:
    trainer, check = trained(first_light()), Check(100)
    first = check.go_on(trainer, 0.0)
    assert len(first.found) == 1 and first.of == first.whole == 17 and not first.complete
    last = check.go_on(trainer, 60.0)
    assert last.complete and last.found[:1] == first.found
    trainer.advance()
    again = check.go_on(trainer, 0.0)
    assert again.step == 41 and len(again.found) == 1 and again.found != first.found


@pytest.mark.slow
@pytest.mark.parametrize("cls", [pytest.param(cls, id=cls.kind) for cls in architectures])
def test_every_architecture_agrees(cls: type[Architecture]) -> None:
    """All but the perceptron, whose rule is no gradient descent."""
    document = cls().document()
    document = replace(document, training=replace(document.training, batch_size=4))
    trainer = trained(document, 2)
    found = Checking(Check(40)).check.go_on(trainer, 120.0)
    wrong = [each for each in found.found if not each.agrees and not each.kink]
    assert bool(wrong) == (cls.kind == "perceptron")
