"""Slips: a formula with one thing changed, as it happens to everybody who calculates by hand.

A term left out, a sign turned round, two numbers added that are multiplied. ``diagnosis`` says which of
them leads to an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    Truth,
)
from engine.core.notation import as_text
from engine.core.printing import in_symbols

MOST_TERMS = 16
"""Of a longer sum only the first terms are left out or turned round."""

Slip = tuple[str, dict[str, str], Expression]
"""The kind of mistake, the names for its sentence, and the formula with the mistake in it."""


def bias_left_out(formula: Expression) -> Iterator[Slip]:
    """A sum without its bias, however long it is."""
    if isinstance(formula, Sum):
        for place, term in enumerate(formula.terms):
            if _is_bias(term):
                yield "bias", {"term": name_of(term)}, Sum(_without(formula.terms, place))


def slips(node: Expression) -> Iterator[Slip]:
    """The formula with one thing changed, each with the kind of mistake that it is."""
    match node:
        case Sum(terms=terms):
            yield from _of_sum(terms)
            yield from _inside(terms, Sum)
        case Product(factors=factors):
            yield from _of_product(factors)
            yield from _inside(factors, Product)
        case Quotient(above=above, below=below):
            yield "divide", {"term": name_of(below)}, above
            yield from _inside((above, below), lambda parts: Quotient(*parts))
        case Negative(inner=inner):
            yield "minus", {"term": name_of(inner)}, inner
            yield from _inside((inner,), lambda parts: Negative(*parts))
        case Power(base=base, exponent=exponent):
            yield "power", {"term": name_of(base)}, base
            yield from _inside((base,), lambda parts: Power(parts[0], exponent))
        case Maximum(arguments=arguments):
            for argument in arguments:
                yield "maximum", {"term": name_of(argument)}, argument
            yield from _inside(arguments, Maximum)
        case Truth(left=left, sign=sign, right=right):
            condition = f"{name_of(left)} {sign} {name_of(right)}"
            yield "truth", {"term": condition}, Sum((Number(1.0), Negative(node)))
        case Function(name=name, argument=argument, definition=definition):
            yield "function", {"term": name}, argument
            if definition is not None:
                yield from slips(definition)
            else:
                yield from _inside((argument,), lambda parts: Function(name, parts[0]))


def _of_sum(terms: tuple[Expression, ...]) -> Iterator[Slip]:
    for place, term in enumerate(terms[:MOST_TERMS]):
        values = {"term": name_of(term.inner if isinstance(term, Negative) else term)}
        rest = Sum(_without(terms, place))
        if len(terms) > 1:
            yield "bias" if _is_bias(term) else "term", values, rest
        turned: Expression = term.inner if isinstance(term, Negative) else Negative(term)
        kind = "subtracted" if isinstance(term, Negative) else "term_sign"
        yield kind, values, Sum((*terms[:place], turned, *terms[place + 1 :]))


def _of_product(factors: tuple[Expression, ...]) -> Iterator[Slip]:
    for place, factor in enumerate(factors):
        rest = Product(_without(factors, place))
        if not rest.factors:
            continue
        kind = "factor"
        if isinstance(factor, Ref) and factor.array == "slope":
            kind = "slope"
        elif isinstance(factor, Number) and factor.text.startswith("1/"):
            kind = "mean"
        yield kind, {"term": name_of(factor), "rest": name_of(rest)}, rest
    if len(factors) == 2:
        yield "multiplied", {}, Sum(factors)


def _inside(
    parts: tuple[Expression, ...], make: Callable[[tuple[Expression, ...]], Expression]
) -> Iterator[Slip]:
    """The changes of each part, the others as they are."""
    for place, part in enumerate(parts):
        for kind, values, changed in slips(part):
            yield kind, values, make((*parts[:place], changed, *parts[place + 1 :]))


def _without(parts: tuple[Expression, ...], place: int) -> tuple[Expression, ...]:
    return (*parts[:place], *parts[place + 1 :])


def _is_bias(term: Expression) -> bool:
    return isinstance(term, Ref) and term.array.partition(".")[0].startswith("b") and term.example is None


def name_of(node: Expression) -> str:
    """A part of a formula on one line, for a sentence."""
    return as_text(in_symbols(node)).replace("{", "").replace("}", "")
