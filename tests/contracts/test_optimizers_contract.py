"""Every optimizer: the plan follows its paper, its memory is kept, its cells tell the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.core.knobs import knobs
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Training
from engine.learned import Learned
from engine.optimizers import Optimizer, UpdatePlace, optimizers
from engine.trace import Trace
from engine.trainer import Trainer

KINDS = [pytest.param(cls(), id=cls.kind) for cls in optimizers]

# ---------------------------------------------------------------- the papers, one number at a time


def gradient_descent(o: Optimizer, theta: float, slopes: list[float]) -> Iterator[float]:
    """Cauchy, 1847: a step down the slope."""
    for g in slopes:
        theta += -o.learning_rate * g  # type: ignore[attr-defined]
        yield theta


def momentum(o: Optimizer, theta: float, slopes: list[float]) -> Iterator[float]:
    """The heavy ball: the step is the sum of all slopes so far, each forgotten by β an update."""
    for t in range(len(slopes)):
        ball = sum(o.beta ** (t - s) * slopes[s] for s in range(t + 1))  # type: ignore[attr-defined]
        theta -= o.learning_rate * ball  # type: ignore[attr-defined]
        yield theta


def adam(o: Optimizer, theta: float, slopes: list[float]) -> Iterator[float]:
    """Kingma and Ba, algorithm 1, the two means written out as weighted sums."""
    for t in range(1, len(slopes) + 1):
        one = [(1 - o.beta1) * o.beta1 ** (t - s) for s in range(1, t + 1)]  # type: ignore[attr-defined]
        two = [(1 - o.beta2) * o.beta2 ** (t - s) for s in range(1, t + 1)]  # type: ignore[attr-defined]
        first = sum(w * g for w, g in zip(one, slopes, strict=False)) / sum(one)
        second = sum(w * g * g for w, g in zip(two, slopes, strict=False)) / sum(two)
        theta -= o.learning_rate * first / (second**0.5 + o.epsilon)  # type: ignore[attr-defined]
        yield theta


REFERENCES: dict[str, Callable[[Optimizer, float, list[float]], Iterator[float]]] = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "adam": adam,
}


def own_plan(kind: Optimizer, size: int, dtype: type = float) -> UpdatePlace:
    place = UpdatePlace(
        Plan(1, np.dtype(dtype)),
        np.zeros(size, dtype),
        np.zeros(size, dtype),
        {name: np.zeros(size, dtype) for name in kind.memories},
        np.zeros((), dtype),
    )
    kind.update(place)
    return place


def walked(kind: Optimizer, start: Array, gradients: Array) -> Iterator[Array]:
    """θ after every update of the plan."""
    place = own_plan(kind, len(start))
    place.theta[:] = start
    for gradient in gradients:
        place.gradient[:] = gradient
        place.t += 1
        for call in place.plan.calls(Phase.UPDATE):
            call()
        assert np.array_equal(place.gradient, gradient), "the gradient is not the optimizer's to change"
        yield place.theta.copy()


@pytest.mark.parametrize("kind", KINDS)
def test_follows_the_paper(kind: Optimizer) -> None:
    assert kind.kind in REFERENCES, f"write {kind.title} down from its paper in REFERENCES"
    rng = np.random.default_rng(8)
    start, gradients = rng.normal(size=5), rng.normal(size=(20, 5)) * 10.0 ** rng.integers(-4, 2, (20, 5))
    edges = [kind, *(replace(kind, **{each.name: 0.5}) for each in knobs(type(kind)))]  # type: ignore[type-var]
    for each in edges:
        plan = np.array(list(walked(each, start, gradients)))
        paper = [list(REFERENCES[kind.kind](each, start[i], list(gradients[:, i]))) for i in range(5)]
        assert plan == pytest.approx(np.array(paper).T, rel=1e-12, abs=1e-12), each


@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_all_there_is(kind: Optimizer) -> None:
    """From θ, the declared memory and t alone the walk goes on with the same bits."""
    rng = np.random.default_rng(9)
    gradients = rng.normal(size=(12, 3))
    whole = list(walked(kind, np.ones(3), gradients))
    first = own_plan(kind, 3)
    first.theta[:] = 1.0
    second = own_plan(kind, 3)
    for number, gradient in enumerate(gradients):
        if number == 5:
            second.theta[:], second.t[()] = first.theta, first.t
            for name, vector in first.memory.items():
                second.memory[name][:] = vector
        place = first if number < 5 else second
        place.gradient[:] = gradient
        place.t += 1
        for call in place.plan.calls(Phase.UPDATE):
            call()
        assert place.theta.tobytes() == whole[number].tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_stays_in_single_precision(kind: Optimizer) -> None:
    place = own_plan(kind, 4, np.float32)
    place.gradient[:] = 0.25
    place.t += 1
    for call in place.plan.calls(Phase.UPDATE):
        call()
    assert place.theta.dtype == np.float32
    assert np.isfinite(place.theta).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_slope_no_step(kind: Optimizer) -> None:
    """With an empty memory and a slope of 0 nothing moves, and 0 stays the bits of 0."""
    for theta in walked(kind, np.array([0.0, 0.5]), np.zeros((5, 2))):
        assert theta.tobytes() == np.array([0.0, 0.5]).tobytes()


# ---------------------------------------------------------------- within a network


def with_optimizer(document: Document, kind: Optimizer, batch: int | None = None) -> Document:
    return replace(document, optimizer=kind.spec, training=Training(batch, True, 5))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch", [1, 3])
def test_cells_tell_the_truth_over_several_updates(
    kind: Optimizer,
    batch: int,
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
    check_truth: Callable[..., int],
    check_steps: Callable[[Trace], None],
) -> None:
    document = with_optimizer(shapes_of_networks["cut and locked"], kind, batch)
    data = some_data(document, 7)
    trainer = Trainer(document, data, some_learned(document))
    for updates in (1, 1, 3, 20):
        trace = Trace(document, data, trainer.learned, trainer.batches.examples(trainer.step))
        assert check_truth(trace) > 50
        check_steps(trace)
        trainer.advance(updates)


@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_declared_and_restored(
    kind: Optimizer, some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    shapes_of_networks: dict[str, Document],
) -> None:  # fmt: skip
    document = with_optimizer(shapes_of_networks["skips"], kind, 2)
    data = some_data(document, 5)
    one = Trainer(document, data, some_learned(document))
    one.advance(7)
    middle = one.learned
    assert set(middle.memory) == set(kind.memories)
    assert middle.step == 7
    assert middle.clock == (7 if kind.memories else 0), "without a memory there is nothing to count"
    one.advance(6)
    two = Trainer(document, data, middle)
    assert two.learned.same_bits(middle)
    two.advance(6)
    assert two.learned.same_bits(one.learned)


@pytest.mark.parametrize("kind", KINDS)
def test_locked_weights_never_move_and_cut_ones_stay_zero(
    kind: Optimizer, some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    shapes_of_networks: dict[str, Document],
) -> None:  # fmt: skip
    """Even if the memory was filled before the lock was put on."""
    free = with_optimizer(shapes_of_networks["layer on layer"], kind)
    data = some_data(free, 5)
    trainer = Trainer(free, data, some_learned(free))
    trainer.advance(5)
    wires = (
        Connection("input", "hidden", cut=frozenset({(r, 1) for r in range(3)}), locked=frozenset({(0, 0)})),
        Connection("hidden", "output", locked=frozenset({(0, 2), (1, 1)})),
    )
    document = replace(free, connections=wires)
    before = trainer.learned
    trainer = Trainer(document, data, before)
    zero = np.zeros(3).tobytes()
    assert trainer.store.parameters["hidden.W.input"][:, 1].tobytes() == zero
    trainer.advance(9)
    after = trainer.learned
    assert trainer.store.parameters["hidden.W.input"][:, 1].tobytes() == zero
    for key, index in [("hidden.W.input", (0, 0)), ("output.W.hidden", (0, 2)), ("output.W.hidden", (1, 1))]:
        assert after.parameters[key][index].tobytes() == before.parameters[key][index].tobytes()
    assert after.parameters["hidden.W.input"][1, 0] != before.parameters["hidden.W.input"][1, 0]


def test_the_rate_is_a_knob_called_learning_rate() -> None:
    for cls in optimizers:
        rate = next(each for each in knobs(cls) if each.name == "learning_rate")
        assert rate.symbol == "α"
        assert rate.minimum == 0.0
    assert Spec("gradient_descent").kind in optimizers
