"""The gradient ladder: how blame shrinks or grows on its way back along one path.

Everything in the backward phase is linear in what comes from above, so along a path of numbers

    dz[1]_i = dz[L]_k · Π (w[l+1]_{j',j} · g'(z[l]_j))  + (all other paths)

each link has a factor: the coefficient of the one number in the expression of the other. It is found by
evaluating that expression with 1 in the place of the number and 0 in the place of its like. So a ladder can
be set up in a network of any kind: through time, through a convolution, through attention.

Source: Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen", 1991, section 4.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.core.expressions import (
    Expression,
    Negative,
    Number,
    Product,
    Ref,
    Sum,
    evaluate,
    references,
)
from engine.core.plan import Phase
from engine.trace import Trace

Key = tuple[str, str, tuple[int, ...], int | None]
MOST_RUNGS = 400
"""A longer path is cut off there."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A number below and the numbers from which its blame comes; ``chosen`` is where the path goes on."""

    below: Ref
    ways: tuple[Ref, ...]
    """The strongest first."""
    chosen: Ref


@dataclass(frozen=True, slots=True)
class Rung:
    """From one station to the one below it: between layers, or from a time step to the one before."""

    above: Ref
    below: Ref
    factors: tuple[Expression, ...]
    """What is multiplied, as far as it is a product (w · g'); else its value."""
    factor: float
    along: float
    """The blame that arrives along this path: that of the path above times the factor."""
    whole: float
    """The blame that arrives along all paths: the number itself."""
    fork: Fork | None
    """Where on this rung the path could go another way."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """A path from the loss down to a number; ``rungs`` begin at the loss."""

    top: Ref
    """Where the blame comes from: dz of the output, as the loss gives it."""
    value: float
    rungs: tuple[Rung, ...]

    @property
    def foot(self) -> Ref:
        """The number at the end of the path."""
        return self.rungs[-1].below if self.rungs else self.top


@dataclass(frozen=True, slots=True)
class _Link:
    below: Ref
    above: Ref
    factors: tuple[Expression, ...]
    factor: float
    ways: tuple[Ref, ...]


def carries_blame(trace: Trace, ref: Ref) -> bool:
    """Whether a number of the backward phase is made of what comes from above: da, dz, dh; not g'."""
    if ref.array == "slope" or ref.owner not in trace.layout.nodes:
        return False
    number = trace.number_of(*ref.key)
    return number is not None and trace.section_of(number)[1].phase is Phase.BACKWARD


def ladder(
    trace: Trace, foot: Ref, wanted: Collection[Key] = (), turns: Mapping[Key, Key] = MappingProxyType({})
) -> Ladder | None:
    """The path from a number of the backward phase up to the loss.

    Where it forks below a number that ``turns`` names, it goes through the one that stands there; else
    through one of ``wanted`` if there is one, else the strongest way. ``None`` for a number that carries no
    blame.
    """
    if not carries_blame(trace, foot):
        return None
    links = list(_climb(trace, foot, frozenset(wanted), turns))
    top = links[-1].above if links else foot
    along, rungs, pending = trace.lookup(top), [], []
    for place in range(len(links) - 1, -1, -1):
        link = links[place]
        pending.append(link)
        if place == 0 or _station(trace, link.below) != _station(trace, links[place - 1].below):
            factor = math.prod(each.factor for each in pending)
            along *= factor
            forks = [each for each in pending if len(each.ways) > 1]
            fork = Fork(forks[0].below, forks[0].ways, forks[0].above) if forks else None
            factors = tuple(factor for each in pending for factor in each.factors)
            rungs.append(
                Rung(pending[0].above, link.below, factors, factor, along, trace.lookup(link.below), fork)
            )
            pending = []
    return Ladder(top, trace.lookup(top), tuple(rungs))


def _climb(trace: Trace, foot: Ref, wanted: frozenset[Key], turns: Mapping[Key, Key]) -> Iterator[_Link]:
    """The links from below to above."""
    at = foot
    for _ in range(MOST_RUNGS):
        expression = trace.cell(at)
        ways = tuple(dict.fromkeys(ref for ref in references(expression) if carries_blame(trace, ref)))
        if not ways:
            return
        coefficients = {way: coefficient(trace, expression, way, ways) for way in ways}
        order = sorted(ways, key=lambda way: -_size(coefficients[way] * trace.lookup(way)))
        turned = next((way for way in order if way.key == turns.get(at.key)), None)
        above = turned or next((way for way in order if way.key in wanted), order[0])
        factors = _factors(expression, above) or (Number(coefficients[above]),)
        yield _Link(at, above, factors, coefficients[above], tuple(order))
        at = above


def coefficient(trace: Trace, expression: Expression, way: Ref, ways: Collection[Ref]) -> float:
    """By what a number is multiplied in an expression that is linear in numbers like it."""
    keys = {each.key for each in ways}

    def unit(ref: Ref) -> float:
        if ref.key == way.key:
            return 1.0
        return 0.0 if ref.key in keys else trace.lookup(ref)

    return evaluate(expression, unit)


def _factors(expression: Expression, way: Ref) -> tuple[Expression, ...]:
    """What a number is multiplied by, if it stands in a single product; () where it does not."""
    match expression:
        case Ref():
            return (Number(1.0),)
        case Sum(terms=terms):
            there = [each for each in terms if any(ref.key == way.key for ref in references(each))]
            return _factors(there[0], way) if len(there) == 1 else ()
        case Negative(inner=inner):
            found = _factors(inner, way)
            return (Number(-1.0), *found) if found else ()
        case Product(factors=factors):
            others = tuple(each for each in factors if not (isinstance(each, Ref) and each.key == way.key))
            inside = any(ref.key == way.key for each in others for ref in references(each))
            return () if inside or len(others) == len(factors) else others
    return ()


def _station(trace: Trace, ref: Ref) -> object:
    """Equal for the numbers of one layer at one time step."""
    time = ref.index[-1] if len(trace.layout.nodes[ref.owner].shape) == 2 and len(ref.index) > 1 else None
    return ref.owner, time


def _size(value: float) -> float:
    return abs(value) if math.isfinite(value) else math.inf
