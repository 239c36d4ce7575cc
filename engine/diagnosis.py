"""Diagnosis: is a predicted number right, and if not, which typical mistake leads to it?

Every mistake is a small change of the very formula that explains the number: a term left out, a
sign turned round, the new weight in place of the old one. What the changed formula gives is
compared with the answer. Nothing here knows of layers; any formula can be asked about.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from engine.core.expressions import (
    Expression,
    Lookup,
    Negative,
    Number,
    Product,
    Ref,
    Sum,
    evaluate,
    references,
)
from engine.core.plan import Phase
from engine.core.steps import Step
from engine.slips import MOST_TERMS, bias_left_out, name_of, slips

TOLERANCE = 0.01
"""A right answer may be off by this share."""
DIGITS = 4
"""Significant digits with which numbers are shown."""
MOST_LEAVES = 40
"""In a longer formula only the sum as a whole is looked at: too much would fit by chance."""
MOST_SLIPS = 120
NOISE = 1e-12

SENTENCES = {
    "right": "Right: {name} = {value}.",
    "sign": "The size is right; look at the sign once more.",
    "slope": "That is {rest}: it still has to be multiplied by the slope g′(z).",
    "bias": "Everything but the bias {term} is in it.",
    "term": "The term {term} is still missing.",
    "mean": "That is the sum over the examples; for their mean it is still to be multiplied by 1/m.",
    "rate": "The learning rate α is still missing.",
    "factor": "The factor {term} is still missing.",
    "new_weight": "That comes from the weights after the update; here the old ones still count.",
    "z_for_a": "That takes z where the activation a is asked for.",
    "activation": "That is z; the activation function is still to come.",
    "subtracted": "{term} is subtracted here, not added.",
    "term_sign": "Look at the sign of {term} once more.",
    "only_step": "That is the step alone; it is taken away from the old value {term}.",
    "unchanged": "That is the old value; the step α times the gradient is still to come.",
    "running": "That is the sum so far; asked for is the product {term} alone.",
    "only_term": "That is {term} alone; the rest of the sum is still to come.",
    "multiplied": "The two are multiplied here, not added.",
    "divide": "The division by {term} is still missing.",
    "minus": "A minus belongs before {term}.",
    "power": "The power of {term} is still missing.",
    "maximum": "Asked for is the larger of the two; {term} is the smaller.",
    "truth": "It is 1 if {term} and 0 if not.",
    "function": "That is what stands inside; {term} of it is still to come.",
    "operand": "That is {term}, which goes into the formula.",
    "power_of_ten": "The digits are right; the decimal point is in another place.",
    "rounded": "Very close: keep one or two digits more until the end.",
    "unknown": "Not yet: put the numbers into the formula once more.",
}
"""By kind of mistake: what is said. Never more than one sentence, and it says how to go on."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A typical wrong result."""

    kind: str
    value: float
    values: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is said of it, with names still to be put in."""
        return SENTENCES[self.kind]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer is: right, or which mistake it looks like."""

    right: bool
    kind: str
    values: dict[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is said of it, with names still to be put in."""
        return SENTENCES[self.kind]

    def said(self) -> str:
        """The sentence in English."""
        return self.sentence.format(**self.values)


# -------------------------------------------------------------------- the question


def asked_for(step: Step) -> float:
    """The number that a step brings: of a product itself, of a part of a sum the sum so far."""
    if step.final or step.kind == "product" or step.running is None:
        return step.value
    return step.running


def asked_formula(step: Step) -> Expression:
    """The formula of that number."""
    expression = step.expression
    if step.final or not isinstance(expression, Sum):
        return expression
    if step.kind == "product" and step.term is not None:
        return step.term
    if step.term is None:
        return Sum(tuple(each for each in expression.terms if isinstance(each, Product)))
    until = next(n for n, each in enumerate(expression.terms, 1) if each is step.term)
    return Sum(expression.terms[:until])


def half_unit(value: float, near_zero: bool = False) -> float:
    """Half a unit of the last digit with which a value is shown."""
    if value == 0.0 or (near_zero and abs(value) < NOISE):
        return 0.5 * 10.0**-DIGITS
    exponent = int(f"{value:.{DIGITS - 1}e}".split("e")[1])
    return 0.5 * 10.0 ** (exponent - DIGITS + 1)


def close(answer: float, value: float, near_zero: bool = False, size: float | None = None) -> bool:
    """Whether an answer is as good as a value: by 1 % of its size, or by half a unit of its last digit."""
    share = TOLERANCE * abs(value if size is None else size)
    return abs(answer - value) <= max(share, half_unit(value, near_zero)) * (1.0 + 1e-9)


def size_of(step: Step, lookup: Lookup) -> float | None:
    """What 1 % is taken of where that is not the number itself: an update is about the change.

    A weight of 0.5 that moves by 0.001 would else be right before it has moved.
    """
    match step.expression:
        case Sum(terms=(Ref() as old, *_)) if step.phase is Phase.UPDATE and step.sign == ":=":
            return step.value - lookup(old)
    return None


def as_shown(value: float) -> float:
    """A number as everybody reads it on the screen."""
    return float(f"{value:.{DIGITS - 1}e}") if math.isfinite(value) else value


# -------------------------------------------------------------------- the answer


def judge(step: Step, lookup: Lookup, answer: float) -> Verdict:
    """Whether an answer is right; who calculates with the numbers as they are shown is right too."""
    value, formula = asked_for(step), asked_formula(step)
    near_zero = step.target.array in {"z", "a", "L", "J"}
    size = size_of(step, lookup)
    if close(answer, value, near_zero, size):
        return Verdict(True, "right")
    from_screen = _evaluated(formula, lambda ref: as_shown(lookup(ref)))
    if from_screen is not None and abs(answer - from_screen) <= half_unit(from_screen, near_zero):
        return Verdict(True, "right")
    found = [each for each in mistakes(step, lookup) if close(answer, each.value, size=size)]
    exact = [each for each in found if abs(answer - each.value) <= half_unit(each.value)]
    best = next(iter((*exact, *found)), None)
    written = _by_digits(answer, value)
    if best is None or (best.kind in _WEAK and written != "unknown"):
        return Verdict(False, written)
    return Verdict(False, best.kind, best.values)


def mistakes(step: Step, lookup: Lookup) -> list[Mistake]:
    """The typical wrong results of a step, the most telling first; none that counts as right."""
    value = asked_for(step)
    near_zero, size = step.target.array in {"z", "a", "L", "J"}, size_of(step, lookup)
    found: list[Mistake] = []
    for kind, values, result in _results(step, _remembered(lookup)):
        if math.isfinite(result) and not close(result, value, near_zero, size):
            found.append(Mistake(kind, result, values))
    return sorted(found, key=lambda each: _RANK[each.kind])


_ORDER = (
    "sign", "slope", "bias", "mean", "rate", "new_weight", "activation", "z_for_a", "only_step",
    "unchanged", "running", "subtracted", "term", "factor", "multiplied", "truth", "maximum", "minus",
    "function", "divide", "power", "term_sign", "only_term", "operand",
)  # fmt: skip
_WEAK = {"term_sign", "only_term", "operand"}
"""What also comes about by chance: an answer that is nearly right says more."""
_RANK = {kind: number for number, kind in enumerate(_ORDER)}

_Result = tuple[str, dict[str, str], float]


def _by_digits(answer: float, value: float) -> str:
    """Mistakes in writing the number down, whatever its formula."""
    if answer and value and answer * value > 0.0:
        power = math.log10(answer / value)
        if round(power) and abs(round(power)) <= 6 and close(answer, value * 10.0 ** round(power)):
            return "power_of_ten"
        if abs(answer - value) <= 0.06 * abs(value):
            return "rounded"
    small = (places for places in range(4) if abs(answer - round(value, places)) < NOISE)
    return "rounded" if next(small, None) is not None and abs(answer - value) < 0.051 else "unknown"


def _results(step: Step, lookup: Lookup) -> Iterator[_Result]:
    value, formula = asked_for(step), asked_formula(step)
    yield "sign", {}, -value
    if step.kind == "product" and not step.final and step.running is not None:
        yield "running", {"term": name_of(formula)}, step.running
    if step.phase is Phase.UPDATE and step.sign == ":=":
        yield from _of_update(formula, lookup)
    yield from _with_other_numbers(step, formula, lookup)
    if isinstance(formula, Sum) and len(formula.terms) <= MOST_TERMS:
        for term in formula.terms:
            if (result := _evaluated(term, lookup)) is not None:
                yield "only_term", {"term": name_of(term)}, result
    if sum(1 for _ in references(formula)) <= MOST_LEAVES:
        changes = islice(slips(formula), MOST_SLIPS)
    else:
        changes = islice(bias_left_out(formula), 1)
    for kind, values, changed in changes:
        if (result := _evaluated(changed, lookup)) is not None:
            yield kind, values, result
    for ref in islice(references(formula), MOST_LEAVES):
        if (result := _evaluated(ref, lookup)) is not None:
            yield "operand", {"term": name_of(ref)}, result


def _of_update(formula: Expression, lookup: Lookup) -> Iterator[_Result]:
    """``w − α dw``: only one of the two."""
    match formula:
        case Sum(terms=(Ref() as old, Negative(inner=step))):
            names = {"term": name_of(old)}
            for sign, part in ((1.0, step), (-1.0, step)):
                if (result := _evaluated(part, lookup)) is not None:
                    yield "only_step", names, sign * result
            if (result := _evaluated(old, lookup)) is not None:
                yield "unchanged", names, result
            if isinstance(step, Product) and isinstance(step.factors[0], Number):
                plain = Product(tuple(each for each in step.factors if not isinstance(each, Number)))
                if (result := _evaluated(Sum((old, Negative(plain))), lookup)) is not None:
                    yield "rate", {}, result


def _with_other_numbers(step: Step, formula: Expression, lookup: Lookup) -> Iterator[_Result]:
    """The right formula with the wrong numbers put in."""
    updating = step.phase is Phase.UPDATE

    def new(ref: Ref) -> Ref | None:
        weight = ref.example is None and ref.array.partition(".")[0] in {"W", "b"}
        return replace(ref, array=f"new {ref.array}") if weight and not updating else None

    def z(ref: Ref) -> Ref | None:
        return replace(ref, array="z") if ref.array == "a" else None

    def total(ref: Ref) -> Ref | None:
        return replace(ref, array=ref.array.removeprefix("mean ")) if ref.array.startswith("mean ") else None

    exchanges: tuple[tuple[str, Callable[[Ref], Ref | None]], ...] = (
        ("new_weight", new), ("z_for_a", z), ("mean", total),
    )  # fmt: skip
    for kind, exchange in exchanges:

        def read(ref: Ref, exchange: Callable[[Ref], Ref | None] = exchange) -> float:
            other = exchange(ref)
            try:
                return lookup(ref if other is None else other)
            except (KeyError, IndexError):
                return lookup(ref)

        concerned = any(exchange(ref) is not None for ref in references(formula))
        if concerned and (result := _evaluated(formula, read)) is not None:
            yield kind, {}, result
    if step.target.array == "a":
        own = (ref for ref in references(formula) if ref.array == "z" and ref.index == step.target.index)
        for ref in islice(own, 1):
            yield "activation", {}, lookup(ref)


def _evaluated(node: Expression, lookup: Lookup) -> float | None:
    """The value, or nothing where a changed formula has none."""
    try:
        result = evaluate(node, lookup)
    except (ArithmeticError, ValueError, KeyError, IndexError):
        return None
    return result if math.isfinite(result) else None


def _remembered(lookup: Lookup) -> Lookup:
    """Every number is looked up once: a formula is changed in many ways."""
    known: dict[Ref, float] = {}

    def read(ref: Ref) -> float:
        if ref not in known:
            known[ref] = lookup(ref)
        return known[ref]

    return read
