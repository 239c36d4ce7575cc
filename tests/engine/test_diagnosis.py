"""Judging a predicted number: what is right, and which mistake a wrong answer looks like."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.architectures.base import Architecture
from engine.architectures.cnn import Cnn
from engine.architectures.sequence_classifier import SequenceClassifier
from engine.core.expressions import (
    Function,
    Maximum,
    Negative,
    Number,
    Power,
    Quotient,
    Ref,
    Sum,
    evaluate,
    minus,
    times,
)
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.core.steps import Step
from engine.datasets.base import Data
from engine.diagnosis import SENTENCES, asked_for, asked_formula, half_unit, judge, mistakes
from engine.document import Training
from engine.learned import fresh
from engine.samples import mlp
from engine.trace import Trace


def ref(array: str, index: int = 0, example: int | None = 0, letter: str = "") -> Ref:
    return Ref("here", array, (index,), example, letter or array)


W1, W2, B = (ref(name, example=None, letter=name) for name in ("W.x", "W.y", "b"))
X1, X2, DA, SLOPE, DZ = ref("a", 0), ref("a", 1), ref("da"), ref("slope"), ref("dz")
Z, A, Y, DW = ref("z"), ref("a", 2), ref("y"), ref("mean dW.x", example=None)
NUMBERS = {
    W1: 0.5, W2: -0.8, B: 0.3, X1: 2.0, X2: 0.7, DA: 0.62, SLOPE: 0.21, Z: 0.9, A: 0.7109, Y: 1.0, DW: 0.34,
    Ref("here", "new W.x", (0,), None, "W.x"): 0.4, Ref("here", "new W.y", (0,), None, "W.y"): -0.9,
    Ref("here", "new b", (0,), None, "b"): 0.25, Ref("here", "dW.x", (0,), None, "mean dW.x"): 1.36,
    Ref("here", "z", (0,), 0, "a"): 1.7, Ref("here", "z", (2,), 0, "a"): 0.9,
}  # fmt: skip


def lookup(each: Ref) -> float:
    return NUMBERS[each]


def whole(expression, target: Ref, phase: Phase = Phase.FORWARD) -> Step:
    return Step(phase, "value", target, expression, evaluate(expression, lookup))


WEIGHTED = whole(Sum((times(W1, X1), times(W2, X2), B)), Z)  # 0.5·2 − 0.8·0.7 + 0.3 = 0.74
DELTA = whole(times(DA, SLOPE), DZ, Phase.BACKWARD)  # 0.1302
ERROR = whole(minus(A, Y), DZ, Phase.BACKWARD)  # −0.2891
UPDATE = whole(minus(W1, times(Number(0.1), DW)), ref("new W.x", example=None), Phase.UPDATE)  # 0.466
MEAN = whole(times(Number(0.25, "1/4"), Sum((DA, SLOPE, A))), ref("J", example=None), Phase.LOSS)
SIGMOID = whole(
    Function("σ", Z, Quotient(Number(1.0), Sum((Number(1.0), Function("exp", Negative(Z)))))), ref("a")
)
SQUARE = whole(times(Number(0.5, "½"), Power(minus(A, Y), 2)), ref("L"), Phase.LOSS)
PARTIAL = Step(
    Phase.FORWARD,
    "product",
    Z,
    WEIGHTED.expression,
    -0.56,
    WEIGHTED.expression.terms[1],
    before=1.0,
    running=0.44,
    position=1,
    of=4,
)
LARGEST = whole(Maximum((W2, X2)), ref("a"))


@pytest.mark.parametrize(
    ("step", "answer", "kind"),
    [
        (WEIGHTED, -0.74, "sign"),
        (WEIGHTED, 0.44, "bias"),
        (WEIGHTED, -0.26, "term"),
        (WEIGHTED, 1.30, "term"),
        (WEIGHTED, 1.86, "term_sign"),
        (WEIGHTED, 0.42, "new_weight"),
        (WEIGHTED, 0.59, "z_for_a"),
        (WEIGHTED, 7.4, "power_of_ten"),
        (WEIGHTED, 0.7, "rounded"),
        (WEIGHTED, 12.3, "unknown"),
        (DELTA, 0.62, "slope"),
        (DELTA, -0.1302, "sign"),
        (DELTA, 0.83, "multiplied"),
        (DELTA, 0.21, "factor"),
        (ERROR, 0.2891, "sign"),
        (ERROR, 1.7109, "subtracted"),
        (ERROR, -0.1, "z_for_a"),
        (UPDATE, 0.534, "subtracted"),
        (UPDATE, 0.16, "rate"),
        (UPDATE, 0.034, "only_step"),
        (UPDATE, -0.034, "only_step"),
        (UPDATE, 0.5, "unchanged"),
        (UPDATE, 0.364, "mean"),
        (MEAN, 1.5409, "mean"),
        (SIGMOID, 0.9, "activation"),
        (SIGMOID, 0.2891, "minus"),
        (SQUARE, 0.08358, "factor"),
        (SQUARE, -0.1446, "power"),
        (PARTIAL, 0.44, "running"),
        (PARTIAL, 0.56, "sign"),
        (LARGEST, -0.8, "maximum"),
    ],
)
def test_a_typical_mistake_is_recognised(step: Step, answer: float, kind: str) -> None:
    verdict = judge(step, lookup, answer)
    assert not verdict.right
    assert verdict.kind == kind, verdict.said()
    assert "{" not in verdict.said()


def test_the_old_weight_is_not_the_new_one_however_small_the_change() -> None:
    step = whole(minus(W1, times(Number(0.01), DW)), ref("new W.x", example=None), Phase.UPDATE)  # 0.4966
    assert judge(step, lookup, 0.4966).right
    assert judge(step, lookup, 0.5).kind == "unchanged"
    assert judge(step, lookup, 0.5034).kind == "subtracted"
    assert judge(step, lookup, 0.4864).kind == "mean"
    assert judge(step, lookup, 0.496).kind == "rounded"


@pytest.mark.parametrize("step", [WEIGHTED, DELTA, ERROR, MEAN, SIGMOID, SQUARE, PARTIAL, LARGEST])
def test_what_is_right_is_never_a_mistake(step: Step) -> None:
    value = asked_for(step)
    for answer in (value, value * 1.009, value * 0.991, float(f"{value:.3g}")):
        assert judge(step, lookup, answer).right
    for each in mistakes(step, lookup):
        assert abs(each.value - value) > 0.0099 * abs(value)
    assert not judge(step, lookup, value * 1.02).right
    assert judge(step, lookup, value * 1.02 + 40.0).kind == "unknown"


def test_the_missing_term_is_named() -> None:
    verdict = judge(WEIGHTED, lookup, -0.26)
    assert verdict.said() == "The term W.x·a is still missing."
    assert judge(DELTA, lookup, 0.62).said().startswith("That is da: it still has to be multiplied")


def test_who_calculates_with_the_numbers_on_the_screen_is_right() -> None:
    """0.51234 − 0.51196 is 0.00038; with four digits it is 0.0003 or 0.0004."""
    a, b = ref("a", 8), ref("a", 9)
    numbers = {a: 0.512349, b: 0.511951}
    step = Step(Phase.BACKWARD, "value", DZ, minus(a, b), 0.000398)
    assert judge(step, numbers.__getitem__, 0.0003).right  # 0.5123 − 0.5120
    assert judge(step, numbers.__getitem__, 0.000398).right
    assert not judge(step, numbers.__getitem__, 0.0006).right


def test_zero_and_what_reads_as_zero() -> None:
    nothing = whole(minus(A, A), Z)
    assert judge(nothing, lookup, 0.0).right
    assert not judge(nothing, lookup, 0.01).right
    assert half_unit(0.0) == pytest.approx(5e-5)
    assert half_unit(-2.8e-17, near_zero=True) == pytest.approx(5e-5)
    assert half_unit(0.4321) == pytest.approx(5e-5)
    assert half_unit(12346) == pytest.approx(5.0)


def test_a_factor_of_one_is_no_mistake_to_forget() -> None:
    step = whole(times(DA, Y), DZ)
    assert judge(step, lookup, 0.62).right
    assert all(each.kind != "factor" or each.value == 1.0 for each in mistakes(step, lookup))


def test_a_long_sum_is_not_searched_for_chance_hits() -> None:
    rng = np.random.default_rng(3)
    terms = tuple(times(ref("W.x", n, None), ref("x", n)) for n in range(784))
    numbers = {each: float(rng.normal()) for term in terms for each in term.factors}
    expression = Sum((*terms, B))
    step = Step(Phase.FORWARD, "value", Z, expression, evaluate(expression, {**numbers, B: 0.3}.__getitem__))
    found = mistakes(step, {**numbers, B: 0.3}.__getitem__)
    assert {each.kind for each in found} <= {"sign", "bias", "operand", "new_weight"}


@pytest.mark.slow
@pytest.mark.parametrize("optimizer", ["gradient_descent", "adam", "momentum"])
def test_every_step_of_an_update_can_be_asked(optimizer: str, some_data: Callable[..., Data]) -> None:
    document = mlp(2, 3, 1, hidden="relu", optimizer=Spec(optimizer), training=Training(seed=1))
    trace = Trace(document, some_data(document), fresh(document), np.arange(4))
    for step in trace:
        value = asked_for(step)
        assert evaluate(asked_formula(step), trace.lookup) == pytest.approx(value, rel=1e-4, abs=1e-6)
        assert judge(step, trace.lookup, value).right
        for each in mistakes(step, trace.lookup):
            verdict = judge(step, trace.lookup, each.value)
            assert not verdict.right and math.isfinite(each.value)
            assert "{" not in verdict.said()


@pytest.mark.parametrize("architecture", [Cnn(), SequenceClassifier()], ids=["cnn", "recurrent"])
def test_cells_of_images_and_gates_can_be_asked(
    architecture: Architecture, some_data: Callable[..., Data]
) -> None:
    document = architecture.document()
    trace = Trace(document, some_data(document, 2), fresh(document), np.arange(2))
    for number in np.random.default_rng(1).integers(len(trace), size=80):
        step = trace[int(number)]
        assert judge(step, trace.lookup, asked_for(step)).right
        assert "{" not in judge(step, trace.lookup, 3.0 * asked_for(step) + 1.2345).said()


def test_no_sentence_is_long_or_scolds() -> None:
    for sentence in SENTENCES.values():
        assert len(sentence) < 100
        assert sentence.endswith(".")
        assert not {"wrong", "error", "stupid", "false", "incorrect"} & set(sentence.lower().split())
