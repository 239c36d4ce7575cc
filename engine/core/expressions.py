"""Expressions: how one number came about, as a tree that can be evaluated and printed.

A layer answers for any cell of its arrays with such a tree. Its leaves are references to cells
of the arrays that the engine really used, so an explanation can be checked against the result:
``evaluate(expression, lookup)`` must give the computed value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Ref:
    """One cell of one array: ``z[1]_3`` of the second example.

    ``owner`` is the id of a layer (or ``loss``), ``array`` the name under which the plan keeps
    the array, ``index`` its feature indices counted from 0, ``example`` the column or ``None``
    for what belongs to no example (a parameter). ``letter``, ``layer`` and ``below`` spell the
    symbol; ``below`` is empty where the index needs no mention.
    """

    owner: str
    array: str
    index: tuple[int, ...]
    example: int | None = None
    letter: str = ""
    layer: str = ""
    below: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[int, ...], int | None]:
        """What identifies the cell, whatever it is called."""
        return (self.owner, self.array, self.index, self.example)


@dataclass(frozen=True, slots=True)
class Number:
    """A constant; ``text`` is how it is written if not by its digits (``1/m``)."""

    value: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms added from left to right; a ``Negative`` term is written with a minus."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """Factors multiplied."""

    factors: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    """One over the other."""

    above: Expression
    below: Expression


@dataclass(frozen=True, slots=True)
class Negative:
    """Minus the inner expression."""

    inner: Expression


@dataclass(frozen=True, slots=True)
class Power:
    """The base to a constant power."""

    base: Expression
    exponent: float


@dataclass(frozen=True, slots=True)
class Maximum:
    """The largest of the arguments."""

    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """1 where the comparison holds and 0 where not (Iverson's bracket), e.g. [z > 0]."""

    left: Expression
    sign: str
    right: Expression


@dataclass(frozen=True, slots=True)
class Function:
    """A named function; ``definition`` opens it up one level further where there is one."""

    name: str
    argument: Expression
    definition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Struck:
    """A part that cancels against another: it still counts, and is struck through where it is printed."""

    inner: Expression


Expression: TypeAlias = (
    Ref | Number | Sum | Product | Quotient | Negative | Power | Maximum | Truth | Function | Struck
)

Lookup: TypeAlias = Callable[[Ref], float]


def total(*terms: Expression) -> Expression:
    """The sum of the terms; a single term stays as it is and no term is 0."""
    if len(terms) == 1:
        return terms[0]
    return Sum(tuple(terms)) if terms else Number(0.0)


def times(*factors: Expression) -> Product:
    """The product of the factors."""
    return Product(tuple(factors))


def minus(left: Expression, right: Expression) -> Sum:
    """``left − right``."""
    return Sum((left, Negative(right)))


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def _log(x: float) -> float:
    if x <= 0.0:
        return -math.inf if x == 0.0 else math.nan
    return math.log(x)


DECIMALS = 12
"""To how many decimals "round" rounds: 0.1 + 0.2 − 0.3 is 0 then, as on the blackboard."""

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": _exp,
    "ln": _log,
    "ln1p": lambda x: math.log1p(x) if x > -1.0 else _log(1.0 + x),
    "tanh": math.tanh,
    "arctan": math.atan,
    "sin": lambda x: math.sin(x) if math.isfinite(x) else math.nan,
    "cos": lambda x: math.cos(x) if math.isfinite(x) else math.nan,
    "erf": math.erf,
    "√": lambda x: math.sqrt(x) if x >= 0 else math.nan,
    "abs": abs,
    "sign": lambda x: float(x > 0) - float(x < 0),
    "round": lambda x: round(x, DECIMALS),
}
"""The functions that have no definition in simpler terms."""

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda x, y: x > y,
    "≥": lambda x, y: x >= y,
    "<": lambda x, y: x < y,
    "≤": lambda x, y: x <= y,
    "=": lambda x, y: x == y,
}


def evaluate(node: Expression, lookup: Lookup) -> float:
    """The value of the expression, its references read through ``lookup``."""
    match node:
        case Ref():
            return float(lookup(node))
        case Number(value=value):
            return value
        case Sum(terms=terms):
            result = 0.0
            for term in terms:
                result += evaluate(term, lookup)
            return result
        case Product(factors=factors):
            result = 1.0
            for factor in factors:
                result *= evaluate(factor, lookup)
            return result
        case Quotient(above=above, below=below):
            return _divided(evaluate(above, lookup), evaluate(below, lookup))
        case Negative(inner=inner):
            return -evaluate(inner, lookup)
        case Struck(inner=inner):
            return evaluate(inner, lookup)
        case Power(base=base, exponent=exponent):
            return _power(evaluate(base, lookup), exponent)
        case Maximum(arguments=arguments):
            values = [evaluate(each, lookup) for each in arguments]
            return math.nan if any(map(math.isnan, values)) else max(values)
        case Truth(left=left, sign=sign, right=right):
            return float(_COMPARISONS[sign](evaluate(left, lookup), evaluate(right, lookup)))
        case Function(name=name, argument=argument, definition=definition):
            if definition is not None:
                return evaluate(definition, lookup)
            return float(FUNCTIONS[name](evaluate(argument, lookup)))
    raise TypeError(node)


def _power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0.0 and exponent % 2 == 1 else math.inf
    except ValueError:
        return math.inf if base == 0.0 else math.nan


def _divided(above: float, below: float) -> float:
    if below == 0.0:
        return math.nan if above == 0.0 or math.isnan(above) else math.copysign(math.inf, above)
    return above / below


def references(node: Expression) -> Iterator[Ref]:
    """Every reference in the expression, from left to right."""
    match node:
        case Ref():
            yield node
        case Sum(terms=parts) | Product(factors=parts) | Maximum(arguments=parts):
            for part in parts:
                yield from references(part)
        case Quotient(above=above, below=below):
            yield from references(above)
            yield from references(below)
        case Negative(inner=inner) | Power(base=inner) | Struck(inner=inner):
            yield from references(inner)
        case Truth(left=left, right=right):
            yield from references(left)
            yield from references(right)
        case Function(argument=argument):
            yield from references(argument)
