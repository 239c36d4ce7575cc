"""Every optimizer: the plan follows its paper, its memory is kept, its cells tell the truth."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pytest

from engine.core.expressions import Lookup, Ref, evaluate
from engine.core.knobs import knobs
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Training
from engine.learned import Learned
from engine.optimizers import Optimizer, UpdatePlace, optimizers
from engine.optimizers.base import Pace, Weight
from engine.schedules import schedules
from engine.trace import Trace
from engine.trainer import Trainer

pytestmark = pytest.mark.slow

KINDS = [pytest.param(cls(), id=cls.kind) for cls in optimizers]
NG = pytest.param(optimizers.make(Spec.of("momentum", convention="average")), id="momentum-average")

# ---------------------------------------------------------------- the papers, one number at a time
# ``alphas`` has the learning rate of every update.


def gradient_descent(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Cauchy, 1847: a step down the slope."""
    for alpha, g in zip(alphas, slopes, strict=True):
        theta += -alpha * g
        yield theta


def momentum(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """The heavy ball: the step is the sum of all slopes so far, each forgotten by β an update.

    Ng's ball is 1 − β times as heavy.
    """
    weight = 1 - o.beta if o.convention == "average" else 1.0
    for t in range(len(slopes)):
        ball = sum(o.beta ** (t - s) * slopes[s] for s in range(t + 1))
        theta -= alphas[t] * weight * ball
        yield theta


def nesterov(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """The heavy ball one update ahead: every slope counts as much as it will after the next one."""
    for t in range(len(slopes)):
        ball = sum(o.beta ** (t + 1 - s) * slopes[s] for s in range(t + 1))
        theta -= alphas[t] * (ball + slopes[t])
        yield theta


def adagrad(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Duchi, Hazan and Singer: divided by the length of the vector of all slopes."""
    for t in range(1, len(slopes) + 1):
        theta -= alphas[t - 1] * slopes[t - 1] / (math.hypot(*slopes[:t]) + o.epsilon)
        yield theta


def fading(beta: float, values: list[float]) -> float:
    """The mean that begins at 0, written out as a weighted sum."""
    return sum((1 - beta) * beta**age * each for age, each in enumerate(reversed(values)))


def rmsprop(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Hinton's slide: divided by the root of the mean square."""
    for t in range(1, len(slopes) + 1):
        square = fading(o.beta, [g * g for g in slopes[:t]])
        theta -= alphas[t - 1] * slopes[t - 1] / (math.sqrt(square) + o.epsilon)
        yield theta


def adadelta(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Zeiler, algorithm 1: RMS of the steps over RMS of the slopes."""
    steps: list[float] = []
    for t in range(1, len(slopes) + 1):
        of_steps = math.sqrt(fading(o.beta, [x * x for x in steps]) + o.epsilon)
        of_slopes = math.sqrt(fading(o.beta, [g * g for g in slopes[:t]]) + o.epsilon)
        steps.append(-of_steps / of_slopes * slopes[t - 1])
        theta += alphas[t - 1] * steps[-1]
        yield theta


def adam(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Kingma and Ba, algorithm 1, the two means written out as weighted sums."""
    for t in range(1, len(slopes) + 1):
        one = [(1 - o.beta1) * o.beta1 ** (t - s) for s in range(1, t + 1)]
        two = [(1 - o.beta2) * o.beta2 ** (t - s) for s in range(1, t + 1)]
        first = sum(w * g for w, g in zip(one, slopes, strict=False)) / sum(one)
        second = sum(w * g * g for w, g in zip(two, slopes, strict=False)) / sum(two)
        theta -= alphas[t - 1] * first / (second**0.5 + o.epsilon)
        yield theta


def adamw(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Loshchilov and Hutter, algorithm 2, the decay times the rate of the update as in PyTorch."""
    before = 0.0
    for alpha, moved in zip(alphas, adam(o, 0.0, slopes, alphas), strict=True):
        theta = theta - alpha * o.decay * theta + (moved - before)
        before = moved
        yield theta


def amsgrad(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Reddi, Kale and Kumar, algorithm 2, with Adam's corrections as in PyTorch."""
    squares = [g * g for g in slopes]
    for t in range(1, len(slopes) + 1):
        first = fading(o.beta1, slopes[:t]) / (1 - o.beta1**t)
        largest = max(fading(o.beta2, squares[:s]) for s in range(1, t + 1))
        second = largest / (1 - o.beta2**t)
        theta -= alphas[t - 1] * first / (math.sqrt(second) + o.epsilon)
        yield theta


def adamax(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Kingma and Ba, algorithm 2, the norm being the largest slope as it has faded."""
    for t in range(1, len(slopes) + 1):
        first = fading(o.beta1, slopes[:t]) / (1 - o.beta1**t)
        faded = [o.beta2**age * (abs(g) + o.epsilon) for age, g in enumerate(reversed(slopes[:t]))]
        theta -= alphas[t - 1] * first / max(faded)
        yield theta


def nadam(o: Any, theta: float, slopes: list[float], alphas: list[float]) -> Iterator[float]:
    """Dozat, with the schedule of its momentum and the products written out."""
    mu = [o.beta1 * (1 - 0.96 ** (t * o.warming) / 2) for t in range(1, len(slopes) + 2)]
    for t in range(1, len(slopes) + 1):
        first, slope = fading(o.beta1, slopes[:t]), slopes[t - 1]
        second = fading(o.beta2, [g * g for g in slopes[:t]]) / (1 - o.beta2**t)
        ahead = mu[t] * first / (1 - math.prod(mu[: t + 1])) + (1 - mu[t - 1]) * slope / (
            1 - math.prod(mu[:t])
        )
        theta -= alphas[t - 1] * ahead / (math.sqrt(second) + o.epsilon)
        yield theta


REFERENCES: dict[str, Callable[[Any, float, list[float], list[float]], Iterator[float]]] = {
    "gradient_descent": gradient_descent,
    "momentum": momentum,
    "nesterov": nesterov,
    "adagrad": adagrad,
    "rmsprop": rmsprop,
    "adadelta": adadelta,
    "adam": adam,
    "adamw": adamw,
    "amsgrad": amsgrad,
    "adamax": adamax,
    "nadam": nadam,
}

SLOPES = [0.5, -1.25, 2.0, 0.001, -0.3, 0.75]
PYTORCH = {
    "gradient_descent": (0.5, 0.75, 0.5245, 0.14949999999999997),
    "momentum": (0.1, 0.95, 0.7129300000000001, 0.5715370000000001),
    "nesterov": (0.1, 0.905, 0.646537, 0.44428330000000005),
    "adagrad": (0.1, 0.90000000002, 0.92219824309519, 0.8927013030688331),
    "rmsprop": (0.01, 0.900000019999996, 0.9222592929023753, 0.8923107034691914),
    "adadelta": (1.0, 0.9968377855834876, 0.996947122432082, 0.9944742688934043),
    "adam": (0.01, 0.9900000002, 0.9865906256517853, 0.9836827869564596),
    "adamw": (0.001, 0.99899000002, 0.9986090998636659, 0.9983083299031347),
    "amsgrad": (0.01, 0.9900000002, 0.9865920163023414, 0.9836841776070157),
    "adamax": (0.002, 0.99800000004, 0.9976852490915206, 0.9973825806376759),
    "nadam": (0.002, 0.9978870964855473, 0.9981155212399621, 0.9971912686028263),
}
"""The learning rate, and where PyTorch 2.13 stands after updates 1, 5 and 6 from 1 in double precision."""


def own_plan(
    kind: Optimizer,
    size: int,
    dtype: type = float,
    schedule: Pace | None = None,
    free: Array | None = None,
    *,
    parts: bool = False,
) -> UpdatePlace:
    place = UpdatePlace(
        Plan(1, np.dtype(dtype)),
        np.zeros(size, dtype),
        np.zeros(size, dtype),
        {name: np.zeros(size, dtype) for name in kind.memories},
        np.zeros((), dtype),
        free=free,
        schedule=schedule,
    )
    for part in place.parts() if parts else [place]:
        kind.update(part)
    return place


def walked(kind: Optimizer, start: Array, gradients: Array, schedule: Pace | None = None) -> Iterator[Array]:
    """θ after every update of the plan."""
    place = own_plan(kind, len(start), schedule=schedule)
    place.theta[:] = start
    for gradient in gradients:
        place.gradient[:] = gradient
        place.t += 1
        for call in place.plan.calls(Phase.UPDATE):
            call()
        assert np.array_equal(place.gradient, gradient), "the gradient is not the optimizer's to change"
        yield place.theta.copy()


def paper(kind: Any, start: Array, gradients: Array, s: Callable[[int], float] = lambda t: 1.0) -> Array:
    """θ after every update, by the reference."""
    alphas = [kind.learning_rate * s(t) for t in range(len(gradients))]
    walks = (
        list(REFERENCES[kind.kind](kind, x, list(g), alphas)) for x, g in zip(start, gradients.T, strict=True)
    )
    return np.array(list(walks)).T


@pytest.mark.parametrize("kind", KINDS)
def test_follows_the_paper(kind: Optimizer) -> None:
    assert kind.kind in REFERENCES, f"write {kind.title} down from its paper in REFERENCES"
    rng = np.random.default_rng(8)
    start, gradients = rng.normal(size=5), rng.normal(size=(20, 5)) * 10.0 ** rng.integers(-4, 2, (20, 5))
    settings = [(each.name, value) for each in knobs(type(kind)) for value in each.choices or (0.5,)]
    edges = [kind, *(replace(kind, **{name: value}) for name, value in settings)]  # type: ignore[type-var]
    for each in edges:
        plan = np.array(list(walked(each, start, gradients)))
        assert plan == pytest.approx(paper(each, start, gradients), rel=1e-12, abs=1e-12), each


@pytest.mark.parametrize("kind", KINDS)
def test_walks_as_pytorch_does(kind: Optimizer) -> None:
    rate, *there = PYTORCH[kind.kind]
    kind = replace(kind, learning_rate=rate)  # type: ignore[type-var]
    walk = [float(theta[0]) for theta in walked(kind, np.ones(1), np.array(SLOPES)[:, None])]
    assert [walk[0], walk[4], walk[5]] == pytest.approx(there, rel=1e-13)


def test_ngs_momentum_is_the_classical_one_with_a_smaller_rate() -> None:
    """L32: v := β v + (1 − β) g with α walks as v := β v + g with (1 − β) α."""
    gradients = np.random.default_rng(5).normal(size=(30, 4))
    average = optimizers.make(Spec.of("momentum", convention="average", learning_rate=0.5, beta=0.8))
    total = optimizers.make(Spec.of("momentum", learning_rate=0.5 * (1 - 0.8), beta=0.8))
    one, two = (list(walked(each, np.ones(4), gradients)) for each in (average, total))
    assert np.array(one) == pytest.approx(np.array(two), rel=1e-13)
    assert average.words["v"] != total.words["v"]


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_without_momentum_it_is_gradient_descent(name: str) -> None:
    gradients = np.random.default_rng(6).normal(size=(9, 3))
    plain = walked(optimizers.make(Spec.of("gradient_descent", learning_rate=0.1)), np.ones(3), gradients)
    for one, two in zip(
        walked(optimizers.make(Spec.of(name, beta=0.0)), np.ones(3), gradients), plain, strict=True
    ):
        assert one.tobytes() == two.tobytes()


def test_decoupled_decay_is_adam_beside_a_shrinking() -> None:
    """Without decay the bits of Adam; without slope a pure shrinking, of every parameter."""
    gradients = np.random.default_rng(7).normal(size=(9, 3))
    adam = walked(optimizers.make(Spec.of("adam", learning_rate=0.1)), np.ones(3), gradients)
    bare = optimizers.make(Spec.of("adamw", learning_rate=0.1, decay=0.0))
    for one, two in zip(walked(bare, np.ones(3), gradients), adam, strict=True):
        assert one.tobytes() == two.tobytes()
    shrinking = optimizers.make(Spec.of("adamw", learning_rate=0.1, decay=0.5))
    walk = list(walked(shrinking, np.array([1.0, -2.0]), np.zeros((3, 2))))
    assert walk[-1] == pytest.approx([0.857375, -1.71475], rel=1e-14)


def test_amsgrads_divisor_never_shrinks() -> None:
    place = own_plan(optimizers.make(Spec.of("amsgrad", beta2=0.5)), 1)
    seen = []
    for slope in (1.0, 4.0, 0.0, 0.0, 0.1):
        place.gradient[:] = slope
        place.t += 1
        for call in place.plan.calls(Phase.UPDATE):
            call()
        seen.append(float(place.memory["vmax"][0]))
    assert seen == [0.5, 8.25, 8.25, 8.25, 8.25]


def test_nadam_counts_on_at_any_update() -> None:
    """The product of its momenta is made from t alone, wherever the walk is taken up, forwards or back."""
    kind = optimizers.make(Spec.of("nadam", warming=1.0, beta1=0.99))
    fresh, used = own_plan(kind, 2), own_plan(kind, 2)
    for t in (1, 2, 3, 40, 41, 7, 3000):
        fresh = own_plan(kind, 2)
        for place in (fresh, used):
            place.theta[:], place.gradient[:], place.t[()] = 1.0, 0.3, t
            for vector in place.memory.values():
                vector[:] = 0.2
            for call in place.plan.calls(Phase.UPDATE):
                call()
        assert fresh.theta.tobytes() == used.theta.tobytes()


# ---------------------------------------------------------------- with a schedule

PACES: dict[str, tuple[Spec, Callable[[int], float]]] = {
    "constant": (Spec("constant"), lambda t: 1.0),
    "step": (Spec.of("step", every=7, gamma=0.5), lambda t: (1.0, 0.5, 0.25)[t // 7]),
    "exponential": (Spec.of("exponential", gamma=0.8), lambda t: math.exp(t * math.log(0.8))),
    "cosine": (
        Spec.of("cosine", updates=12, floor=0.1),
        lambda t: 0.1 + 0.9 * math.cos(math.pi * min(t, 12) / 24) ** 2,
    ),
    "warm_up": (
        Spec.of("warm_up", updates=6, after=Spec.of("exponential", gamma=0.8)),
        lambda t: (t + 1) / 6 if t < 6 else 0.8 ** (t - 6),
    ),
}
"""Every schedule, and its factor in another form."""


def test_every_schedule_is_tried() -> None:
    assert PACES.keys() == {cls.kind for cls in schedules}


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("kind", [*KINDS, NG])
def test_follows_the_paper_with_a_schedule(kind: Optimizer, pace: str) -> None:
    spec, s = PACES[pace]
    rng = np.random.default_rng(18)
    start, gradients = rng.normal(size=5), rng.normal(size=(20, 5)) * 10.0 ** rng.integers(-3, 2, (20, 5))
    plan = np.array(list(walked(kind, start, gradients, schedules.make(spec))))
    assert plan == pytest.approx(paper(kind, start, gradients, s), rel=1e-12, abs=1e-12)
    if pace != "constant":
        steady = paper(kind, start, gradients)
        assert np.abs(plan - steady).max() > 1e-4, "the schedule has no say"


def reading(arrays: dict[str, Array]) -> Lookup:
    return lambda ref: float(arrays[ref.array][ref.index])


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("kind", [*KINDS, NG])
def test_cells_tell_the_truth_with_a_schedule(kind: Optimizer, pace: str) -> None:
    """Every vector of the memory and θ, update by update, from the numbers before it."""
    spec, s = PACES[pace]
    rng = np.random.default_rng(19)
    place = own_plan(kind, 1, schedule=schedules.make(spec))
    place.theta[:] = 0.7

    def there(array: str) -> Ref:
        return Ref("", array, (0,))

    memory = {name: (there(name), there(f"new {name}")) for name in kind.memories}
    for t in range(1, 21):
        place.gradient[:] = rng.normal()
        place.t += 1
        arrays = {"w": place.theta.copy(), "g": place.gradient.copy(), "new w": place.theta}
        for name, vector in place.memory.items():
            arrays |= {name: vector.copy(), f"new {name}": vector}
        for call in place.plan.calls(Phase.UPDATE):
            call()
        weight = Weight(there("w"), there("new w"), there("g"), memory, t, s(t - 1))
        cells = kind.cells(weight)
        assert [ref.array for ref, _ in cells] == [f"new {name}" for name in (*kind.memories, "w")]
        for ref, expression in cells:
            said = evaluate(expression, reading(arrays))
            assert said == pytest.approx(float(arrays[ref.array][0]), rel=1e-12, abs=1e-14), (ref.array, t)


@pytest.mark.parametrize("kind", [*KINDS, NG])
def test_a_constant_rate_costs_nothing(kind: Optimizer) -> None:
    """No line more, the same bits; any other schedule takes one line, before all others."""
    bare, constant, other = (
        own_plan(kind, 3, schedule=schedule)
        for schedule in (None, schedules.make("constant"), schedules.make("exponential"))
    )
    equations = [line.equation for line in bare.plan.lines]
    assert [line.equation for line in constant.plan.lines] == equations
    assert [line.equation for line in other.plan.lines] == ["α := α₀ s(t)", *equations]
    gradients = np.random.default_rng(20).normal(size=(9, 3))
    one = walked(kind, np.ones(3), gradients)
    two = walked(kind, np.ones(3), gradients, schedules.make("constant"))
    assert [theta.tobytes() for theta in one] == [theta.tobytes() for theta in two]


def test_the_clock_of_the_training_tells_the_schedule_where_it_is() -> None:
    """Gradient descent counts no t; a clock counts for it. Without one the first factor stays."""
    kind, updates = optimizers.make(Spec.of("gradient_descent", learning_rate=1.0)), iter([0, 1, 5])
    found = []
    for clock in (lambda: next(updates), None):
        place = UpdatePlace(
            Plan(1, np.dtype(float)), np.zeros(1), np.ones(1), {}, np.zeros(()),
            schedule=schedules.make(Spec.of("exponential", gamma=0.5)), clock=clock,
        )  # fmt: skip
        kind.update(place)
        for _ in range(3):
            place.theta[:] = 0.0
            for call in place.plan.calls(Phase.UPDATE):
                call()
            found.append((float(place.factor), float(place.theta[0])))
    assert found == [(1.0, -1.0), (0.5, -0.5), (0.03125, -0.03125), *[(1.0, -1.0)] * 3]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_locked_stays_in_its_place(kind: Optimizer, pace: str, dtype: type) -> None:
    """The gradient is 0 there, as the network makes it; a decay must look at ``free`` itself."""
    free = np.array([1, 0, 1, 0], dtype)
    place = own_plan(kind, 4, dtype, schedules.make(PACES[pace][0]), free)
    loose = own_plan(kind, 4, dtype, schedules.make(PACES[pace][0]))
    for each in (place, loose):
        each.theta[:] = 0.1, -0.7, 1.3, 5.0
    start = place.theta.copy()
    for slope in (0.3, -2.0, 0.01, 4.0):
        for each in (place, loose):
            each.gradient[:] = slope
            each.t += 1
        place.gradient *= free
        for each in (place, loose):
            for call in each.plan.calls(Phase.UPDATE):
                call()
    assert place.theta[[1, 3]].tobytes() == start[[1, 3]].tobytes()
    assert place.theta[[0, 2]] == pytest.approx(
        loose.theta[[0, 2]], rel=1e-6 if dtype is np.float32 else 1e-14
    )
    assert (place.theta[[0, 2]] != start[[0, 2]]).all()


# ---------------------------------------------------------------- the plan


@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize("pace", ["constant", "exponential"])
@pytest.mark.parametrize("kind", [*KINDS, NG])
def test_part_by_part_every_bit_is_the_same(
    kind: Optimizer, pace: str, locked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = np.tile([1.0, 0.0, 1.0], 50)[:101] if locked else None
    rng = np.random.default_rng(4)
    start, slopes = rng.normal(size=101), rng.normal(size=(5, 101))
    found = []
    for most in (1000, 16):
        monkeypatch.setattr("engine.optimizers.base.PART", most)
        place = own_plan(kind, 101, float, schedules.make(pace), free, parts=True)
        place.theta[:] = start
        for step, slope in enumerate(slopes, 1):
            place.gradient[:] = slope if free is None else slope * free
            place.t[()] = step
            for call in place.plan.calls(Phase.UPDATE):
                call()
        memory = [place.memory[name].tobytes() for name in kind.memories]
        found.append([place.theta.tobytes(), *memory])
        counts = [part.theta.size for part in place.parts()]
        assert max(counts) <= most
        assert sum(counts) == 101
    assert found[0] == found[1]


@pytest.mark.parametrize("pace", ["constant", "exponential"])
@pytest.mark.parametrize("kind", KINDS)
def test_makes_no_new_vectors(kind: Optimizer, pace: str) -> None:
    """An update of 100,000 parameters takes no memory worth speaking of."""
    place = own_plan(kind, 100_000, float, schedules.make(pace), np.ones(100_000))
    calls = place.plan.calls(Phase.UPDATE)
    place.gradient[:] = 0.1
    place.t += 1
    tracemalloc.start()
    try:
        for call in calls:
            call()
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("kind", KINDS)
def test_memory_is_all_there_is(kind: Optimizer, pace: str) -> None:
    """From θ, the declared memory and t alone the walk goes on with the same bits."""
    rng = np.random.default_rng(9)
    gradients = rng.normal(size=(12, 3))
    schedule = schedules.make(PACES[pace][0])
    whole = list(walked(kind, np.ones(3), gradients, schedule))
    first = own_plan(kind, 3, schedule=schedule)
    first.theta[:] = 1.0
    second = own_plan(kind, 3, schedule=schedule)
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


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("kind", KINDS)
def test_stays_in_single_precision(kind: Optimizer, pace: str) -> None:
    """Nothing that a line reads or writes is double."""
    place = own_plan(kind, 4, np.float32, schedules.make(PACES[pace][0]), np.ones(4, np.float32))
    place.gradient[:] = 0.25
    place.t += 1
    for call in place.plan.calls(Phase.UPDATE):
        call()
    calls = [line.call for line in place.plan.lines if isinstance(line.call, partial)]
    assert len(calls) >= 2
    for call in calls:
        assert {each.dtype for each in (*call.args, *call.keywords.values())} == {np.dtype(np.float32)}
    assert place.factor.dtype == np.float32
    assert np.isfinite(place.theta).all()


@pytest.mark.parametrize("kind", KINDS)
def test_no_slope_no_step(kind: Optimizer) -> None:
    """With an empty memory and a slope of 0 nothing moves but by decay, and 0 stays the bits of 0."""
    if "decay" in {each.name for each in knobs(type(kind))}:
        kind = replace(kind, decay=0.0)  # type: ignore[type-var]
    for theta in walked(kind, np.array([0.0, 0.5]), np.zeros((5, 2))):
        assert theta.tobytes() == np.array([0.0, 0.5]).tobytes()


# ---------------------------------------------------------------- within a network


def with_optimizer(document: Document, kind: Optimizer, batch: int | None = None) -> Document:
    return replace(document, optimizer=kind.spec, training=Training(batch, True, 5))


@pytest.mark.parametrize("kind", [*KINDS, NG])
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
