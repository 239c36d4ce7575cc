"""One update in a notebook: numbers by hand, the shapes of θ, what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from engine.alone_update import update
from engine.clipping import clippings
from engine.core.expressions import evaluate
from engine.core.problems import KnobError, UnknownKindError
from engine.core.spec import Spec
from engine.optimizers import optimizers
from engine.schedules import schedules

KINDS = [cls.kind for cls in optimizers]


def test_gradient_descent_by_hand() -> None:
    found = update(
        Spec.of("gradient_descent", learning_rate=0.5), np.array([1.0, -2.0]), np.array([0.4, 0.8])
    )
    assert found.theta.tolist() == [0.8, -2.4]
    assert found.step == pytest.approx(np.array([-0.2, -0.4]), rel=1e-15)
    assert found.memory == {}
    assert found.rate == 1.0


def test_adams_first_step_is_the_learning_rate() -> None:
    found = update("adam", np.array([1.0, -2.0]), np.array([1e-3, -50.0]))
    assert found.step == pytest.approx(np.array([-0.01, 0.01]), rel=1e-4)
    assert found.memory["m"] == pytest.approx(np.array([1e-4, -5.0]), rel=1e-14)
    assert found.memory["v"] == pytest.approx(np.array([1e-9, 2.5]), rel=1e-14)


def test_walks_to_the_minimum() -> None:
    """J = θ²: the memory goes from update to update."""
    theta, memory = np.array([[1.0, -2.0], [0.5, 3.0]]), None
    for t in range(1, 101):
        theta, memory = update(Spec.of("adam", learning_rate=0.1), theta, 2 * theta, memory, t)[:2]
    assert theta.shape == memory["m"].shape == (2, 2)
    assert np.abs(theta).max() < 0.2


def test_momentum_adds_up() -> None:
    """Slopes of 1: v is 1, 1.9, 2.71."""
    theta, memory, found = np.zeros(1), None, []
    for t in (1, 2, 3):
        theta, memory = update("momentum", theta, np.ones(1), memory, t)[:2]
        found.append(float(memory["v"][0]))
    assert found == pytest.approx([1.0, 1.9, 2.71], rel=1e-14)
    assert float(theta[0]) == pytest.approx(-0.561, rel=1e-14)


def test_schedule_and_clipping() -> None:
    """‖(3, 4)‖ = 5 becomes 1; s(2) = 1/4."""
    rate = Spec.of("gradient_descent", learning_rate=1.0)
    found = update(
        rate, np.zeros(2), np.array([3.0, 4.0]), t=3,
        schedule=Spec.of("exponential", gamma=0.5), clipping="by_norm",
    )  # fmt: skip
    assert found.rate == 0.25
    assert found.gradient == pytest.approx(np.array([0.6, 0.8]), rel=1e-15)
    assert found.theta == pytest.approx(np.array([-0.15, -0.2]), rel=1e-15)


def test_kinds_may_be_given_as_such() -> None:
    given = update(
        optimizers.make("adam"), np.ones(2), np.ones(2),
        schedule=schedules.make("cosine"), clipping=clippings.make("by_value"),
    )  # fmt: skip
    named = update("adam", np.ones(2), np.ones(2), schedule="cosine", clipping="by_value")
    assert given.theta.tobytes() == named.theta.tobytes()


@pytest.mark.parametrize("clipping", [cls.kind for cls in clippings])
@pytest.mark.parametrize("schedule", [cls.kind for cls in schedules])
@pytest.mark.parametrize("kind", KINDS)
def test_the_cells_tell_the_truth(kind: str, schedule: str, clipping: str) -> None:
    rng = np.random.default_rng(2)
    theta, memory = rng.normal(size=(2, 3)), None
    for t in (1, 2, 3):
        found = update(kind, theta, rng.normal(0.0, 3.0, (2, 3)), memory, t, schedule, clipping)
        for index in np.ndindex(2, 3):
            *_, (last, _) = cells = found.cells(*index)
            for target, expression in cells:
                said = evaluate(expression, found.lookup)
                assert said == pytest.approx(found.lookup(target), rel=1e-12, abs=1e-14)
            assert found.lookup(last) == found.theta[index]
            assert len(cells) == len(found.memory) + 1 + (clipping != "off")
        theta, memory = found.theta, found.memory


def test_is_written_out() -> None:
    rate = Spec.of("gradient_descent", learning_rate=0.5)
    (line,) = update(rate, np.array([1.0]), np.array([0.4])).written(0)
    assert line == "w_1 := w_1 − 0.5·g_1 = 1 − 0.5·0.4 = 0.8"
    clipped, paced = update(
        rate, np.array([[1.0, 2.0]]), np.array([[0.4, -4.0]]), t=2,
        schedule=Spec.of("exponential", gamma=0.25), clipping="by_value",
    ).written(0, 1)  # fmt: skip
    assert clipped == "ĝ_{1,2} := clip(g_{1,2}) = clip(−4) = −1"
    assert paced == "w_{1,2} := w_{1,2} − 0.5·0.25·ĝ_{1,2} = 2 − 0.5·0.25·(−1) = 2.125"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_that_is_given_changes(kind: str) -> None:
    theta, gradient = np.array([1.0, 2.0]), np.array([5.0, -5.0])
    memory = {name: np.full(2, 0.5) for name in optimizers[kind].memories}
    found = update(kind, theta, gradient, memory, 4, "exponential", "by_norm")
    assert theta.tolist() == [1.0, 2.0]
    assert gradient.tolist() == [5.0, -5.0]
    assert all(vector.tolist() == [0.5, 0.5] for vector in memory.values())
    assert found.theta.tolist() != [1.0, 2.0]


@pytest.mark.parametrize("kind", KINDS)
def test_precision(kind: str) -> None:
    single = update(kind, np.ones(3, np.float32), np.ones(3), None, 2, "cosine", "by_norm")
    assert {each.dtype for each in (single.theta, single.step, *single.memory.values())} == {
        np.dtype(np.float32)
    }
    assert update(kind, np.array([1, 2]), np.array([1, 2])).theta.dtype == np.float64
    assert update(kind, np.array(1.0), np.array(2.0)).theta.shape == ()


def test_what_does_not_fit_is_refused_with_a_sentence() -> None:
    one = np.ones(2)
    with pytest.raises(KnobError, match=r"^The gradient has the shape \(3,\) but θ has \(2,\)\.$"):
        update("adam", one, np.ones(3))
    with pytest.raises(KnobError, match=r"^The memory m has the shape \(1,\) but θ has \(2,\)\.$"):
        update("adam", one, one, {"m": np.ones(1)})
    with pytest.raises(KnobError, match=r"^Adam keeps no vector called 'u'\.$"):
        update("adam", one, one, {"u": one})
    with pytest.raises(KnobError, match=r"counted from 1: there is no update 0\.$"):
        update("adam", one, one, t=0)
    for wrong in ({"optimizer": "nonsense"}, {"schedule": "nonsense"}, {"clipping": "nonsense"}):
        with pytest.raises(UnknownKindError, match=r"called 'nonsense'\.$"):
            update(**{"optimizer": "adam", "theta": one, "gradient": one, **wrong})  # type: ignore[arg-type]


def test_what_overflows_is_said_by_its_number_alone() -> None:
    """No warning: the notebook sees infinity."""
    found = update(Spec.of("gradient_descent", learning_rate=1000.0), np.zeros(1), np.array([1e306]))
    assert found.theta[0] == -math.inf
