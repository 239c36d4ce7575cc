"""Every schedule: its factor follows its formula, and its cell says how."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from engine.core.expressions import evaluate
from engine.core.notation import as_text
from engine.core.printing import in_symbols
from engine.core.problems import KnobError, UnknownKindError
from engine.core.spec import Spec
from engine.schedules import Schedule, schedules

KINDS = [pytest.param(cls(), id=cls.kind) for cls in schedules]
COSINE = Spec.of("cosine", updates=8, floor=0.2)
OTHERS = [
    schedules.make(Spec.of("step", every=3, gamma=0.1)),
    schedules.make(Spec.of("step", every=1, gamma=0.0)),
    schedules.make(Spec.of("exponential", gamma=0.5)),
    schedules.make(Spec.of("exponential", gamma=0.0)),
    schedules.make(Spec.of("exponential", gamma=1.0)),
    schedules.make(COSINE),
    schedules.make(Spec.of("cosine", updates=1)),
    schedules.make(Spec.of("cosine", updates=5, floor=1.0)),
    schedules.make(Spec.of("warm_up", updates=4)),
    schedules.make(Spec.of("warm_up", updates=1, after=COSINE)),
    schedules.make(Spec.of("warm_up", updates=5, after=COSINE)),
]
ALL = [*KINDS, *(pytest.param(each, id=f"{each.kind}-{n}") for n, each in enumerate(OTHERS))]


def factors(spec: Spec | str, updates: int) -> list[float]:
    made = schedules.make(spec)
    return [made.factor(t) for t in range(updates)]


# ---------------------------------------------------------------- values


def test_constant_is_one() -> None:
    assert factors("constant", 5) == [1.0] * 5


def test_steps_by_hand() -> None:
    found = factors(Spec.of("step", every=3, gamma=0.25), 10)
    assert found == [1, 1, 1, 0.25, 0.25, 0.25, 0.0625, 0.0625, 0.0625, 0.015625]


def test_exponential_by_hand() -> None:
    assert factors(Spec.of("exponential", gamma=0.5), 5) == [1, 0.5, 0.25, 0.125, 0.0625]
    exact = float(Fraction("0.9") ** 50)
    assert schedules.make(Spec.of("exponential", gamma=0.9)).factor(50) == pytest.approx(exact, rel=1e-13)


def test_cosine_by_hand() -> None:
    """At n/3, n/2 and 2n/3 the cosine is 1/2, 0 and −1/2."""
    found = factors(Spec.of("cosine", updates=6, floor=0.2), 9)
    assert [found[t] for t in (0, 2, 3, 4)] == pytest.approx([1.0, 0.8, 0.6, 0.4], rel=1e-15)
    assert found[6:] == [0.2, 0.2, 0.2]
    assert np.diff(found[:7]).max() < 0
    steepest = int(np.diff(found[:7]).argmin())
    assert steepest in {2, 3}, "it leaves and arrives level"


def test_warm_up_by_hand() -> None:
    assert factors(Spec.of("warm_up", updates=4), 6) == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    assert factors(Spec.of("warm_up", updates=2, after=Spec.of("step", every=2, gamma=0.5)), 8) == [
        0.5, 1.0, 1.0, 1.0, 0.5, 0.5, 0.25, 0.25,
    ]  # fmt: skip


def test_after_the_warm_up_the_other_schedule_begins() -> None:
    for other in schedules:
        if other.kind != "warm_up":
            found = factors(Spec.of("warm_up", updates=7, after=other().spec), 30)
            assert found[7:] == factors(other().spec, 23)


# ---------------------------------------------------------------- what all keep to


@pytest.mark.parametrize("schedule", ALL)
def test_is_a_share_of_the_rate(schedule: Schedule) -> None:
    for t in (0, 1, 2, 3, 5, 10, 99, 100, 101, 999, 1000, 9_999, 10_000, 10_001, 10**7):
        s = schedule.factor(t)
        assert type(s) is float
        assert 0.0 <= s <= 1.0


@pytest.mark.parametrize("schedule", ALL)
def test_depends_on_the_update_alone(schedule: Schedule) -> None:
    """Whatever was asked before, forwards or back: so that any past update can be done again."""
    there = [schedule.factor(t) for t in range(40)]
    back = [schedule.factor(t) for t in reversed(range(40))]
    assert there == back[::-1]
    assert [schedules.make(schedule.spec).factor(t) for t in (39, 7)] == [there[39], there[7]]


@pytest.mark.parametrize("schedule", ALL)
def test_the_cell_tells_the_truth(schedule: Schedule) -> None:
    def nothing(ref: object) -> float:
        raise AssertionError(f"{ref}: a schedule knows numbers only")

    for t in [*range(25), 999, 1000, 5000, 9_999, 10_000, 10_050]:
        cell = schedule.cell(t)
        assert evaluate(cell, nothing) == pytest.approx(schedule.factor(t), rel=1e-14, abs=1e-300)
        assert as_text(in_symbols(cell))


@pytest.mark.parametrize("schedule", ALL)
def test_says_what_it_does(schedule: Schedule) -> None:
    equation, code = schedule.words
    assert equation.startswith("s(t) = ")
    assert code.startswith("s = ")


CODE: dict[str, Callable[[Schedule], dict[str, object]]] = {
    "constant": lambda s: {},
    "step": lambda s: {"n": s.every, "gamma": s.gamma},  # type: ignore[attr-defined]
    "exponential": lambda s: {"gamma": s.gamma},  # type: ignore[attr-defined]
    "cosine": lambda s: {"n": s.updates, "floor": s.floor},  # type: ignore[attr-defined]
    "warm_up": lambda s: {"n": s.updates, "after": schedules.make(s.after).factor},  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("schedule", ALL)
def test_the_code_computes_the_factor(schedule: Schedule) -> None:
    """The line of Python that is shown, run as it stands."""
    line = compile(schedule.words[1], "shown", "exec")
    for t in range(12):
        names: dict[str, object] = {**CODE[schedule.kind](schedule), "t": t}
        names |= {"cos": math.cos, "pi": math.pi, "min": min}
        exec(line, names)  # noqa: S102 - our own words, not anyone's input
        assert names["s"] == pytest.approx(schedule.factor(t), rel=1e-14)


@pytest.mark.parametrize("schedule", KINDS)
def test_only_a_constant_one_is_steady(schedule: Schedule) -> None:
    changes = any(schedule.factor(t) != 1.0 for t in (*range(100), 5000))
    assert schedule.steady is not changes


def test_no_warm_up_after_a_warm_up() -> None:
    for inner in (Spec("warm_up"), Spec.of("warm_up", updates=3)):
        with pytest.raises(KnobError, match=r"^A warm-up cannot be followed by another warm-up.*\.$"):
            schedules.make(Spec.of("warm_up", after=inner))


def test_an_unknown_schedule_after_the_warm_up_is_refused() -> None:
    made = schedules.make(Spec.of("warm_up", updates=1, after=Spec("nonsense")))
    with pytest.raises(UnknownKindError, match=r"no schedule called 'nonsense'\.$"):
        made.factor(1)
