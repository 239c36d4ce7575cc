"""A little algebra: how a product grows together, line by line, until nothing cancels any more.

    (−y/a + (1 − y)/(1 − a)) · a (1 − a)  →  −y (1 − a) + (1 − y) a  →  a − y

Every line is an expression of its own and gives the same number as the one before it. What cancels
against something else is ``Struck`` in the line before it is gone. Nothing here knows of a loss or an
activation: the lines follow from the derivatives that these give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from engine.core.expressions import (
    Expression,
    Lookup,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Struck,
    Sum,
    evaluate,
    references,
    times,
    total,
)

LONGEST = 400
"""Parts of a line; one that would be longer is not multiplied out."""


class Move(StrEnum):
    """What was done to come to a line."""

    OPENED = "opened"
    """The names gave way to what they stand for."""
    CANCELS = "cancels"
    """Multiplied out; equal factors above and below the line are struck."""
    SHORTER = "shorter"
    """What was struck is gone."""
    ADDS_TO_NOTHING = "adds to nothing"
    """Multiplied out once more; equal terms with opposite signs are struck."""
    ONE = "one"
    """A sum that is known to be 1 is gone."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One line and how it came out of the one before."""

    move: Move
    expression: Expression


Open = Callable[[Ref], Expression | None]
"""What a name stands for; ``None`` for one that stays."""


def grown(product: Expression, opened: Open, lookup: Lookup) -> tuple[Stage, ...]:
    """The lines below a product: its names opened, and then as short as it becomes by cancelling."""
    here = substituted(product, opened)
    stages = [Stage(Move.OPENED, here)]
    tidied = plain(here)
    cancelled = False
    while True:
        found = _struck_factors(tidied)
        if found is not None:
            struck, rest = found
            stages.append(Stage(Move.CANCELS, struck))
            cancelled = True
            tidied = plain(rest)
            stages.append(Stage(Move.SHORTER, tidied))
            continue
        known = _without_ones(tidied, lookup)
        if known is not None and cancelled:
            tidied = plain(known)
            stages.append(Stage(Move.ONE, tidied))
            continue
        sums = _struck_terms(tidied) if cancelled else None
        if sums is None:
            break
        struck, rest = sums
        stages.append(Stage(Move.ADDS_TO_NOTHING, struck))
        tidied = plain(rest)
        stages.append(Stage(Move.SHORTER, tidied))
    if not cancelled and isinstance(here, Product) and Number(1.0) in here.factors:
        stages.append(Stage(Move.SHORTER, tidied))
    return tuple(stages)


# ---------------------------------------------------------------- plain form


def substituted(node: Expression, opened: Open) -> Expression:
    """The expression with every name replaced that stands for something."""
    match node:
        case Ref():
            found = opened(node)
            return node if found is None else found
        case Sum(terms=parts):
            return Sum(tuple(substituted(each, opened) for each in parts))
        case Product(factors=parts):
            made = (substituted(each, opened) for each in parts)
            return Product(tuple(one for each in made for one in _factors(each)))
        case Quotient(above=above, below=below):
            return Quotient(substituted(above, opened), substituted(below, opened))
        case Negative(inner=inner):
            return Negative(substituted(inner, opened))
        case Power(base=base):
            return replace(node, base=substituted(base, opened))
    return node


def _factors(node: Expression) -> tuple[Expression, ...]:
    return node.factors if isinstance(node, Product) else (node,)


def plain(node: Expression) -> Expression:
    """Brackets around a product or a sum that need not be, factors 1 and double signs are gone; of a sum
    the positive terms stand first."""
    terms = sorted(_terms(node), key=lambda term: term.negative)
    return _sum_of(terms)


def alike(node: Expression) -> Hashable:
    """Equal for expressions that are written the same, whatever their numbers are called."""
    match node:
        case Ref():
            return node.key
        case Sum(terms=parts) | Product(factors=parts):
            return type(node).__name__, tuple(alike(each) for each in parts)
        case Quotient(above=above, below=below):
            return "over", alike(above), alike(below)
        case Negative(inner=inner):
            return "minus", alike(inner)
        case Power(base=base, exponent=exponent):
            return "power", alike(base), exponent
        case Struck(inner=inner):
            return alike(inner)
    return node


@dataclass(slots=True)
class _Term:
    """A product over a product, with its sign."""

    above: list[Expression] = field(default_factory=list)
    below: list[Expression] = field(default_factory=list)
    negative: bool = False

    def made(self) -> Expression:
        """As an expression, without the sign."""
        above = _product_of(self.above)
        return Quotient(above, _product_of(self.below)) if self.below else above

    @property
    def signed(self) -> Expression:
        """With the sign."""
        return Negative(self.made()) if self.negative else self.made()


def _product_of(factors: list[Expression]) -> Expression:
    if not factors:
        return Number(1.0)
    return factors[0] if len(factors) == 1 else times(*factors)


def _sum_of(terms: Iterable[_Term]) -> Expression:
    return total(*(each.signed for each in terms))


def _terms(node: Expression) -> list[_Term]:
    """The terms of a sum, brackets opened that a sign stands before; one term else."""
    match node:
        case Sum(terms=parts):
            return [each for part in parts for each in _terms(part)]
        case Negative(inner=inner):
            turned = _terms(inner)
            for each in turned:
                each.negative = not each.negative
            return turned
    term = _term(node)
    if not term.below and len(term.above) == 1 and isinstance(term.above[0], Sum):
        inside = _terms(term.above[0])
        for each in inside:
            each.negative ^= term.negative
        return inside
    return [term]


def _term(node: Expression) -> _Term:
    """One term; a sum within it stays a factor, each of its own terms plain."""
    term = _Term()
    _gather(node, term.above, term.below, term)
    return term


def _gather(node: Expression, above: list[Expression], below: list[Expression], term: _Term) -> None:
    match node:
        case Product(factors=parts):
            for each in parts:
                _gather(each, above, below, term)
        case Negative(inner=inner):
            term.negative = not term.negative
            _gather(inner, above, below, term)
        case Quotient(above=upper, below=lower):
            _gather(upper, above, below, term)
            _gather(lower, below, above, term)
        case Number(value=1.0):
            pass
        case Sum():
            made = _sum_of(_terms(node))
            if isinstance(made, Sum):
                above.append(made)
            else:
                _gather(made, above, below, term)
        case _:
            above.append(node)


# ---------------------------------------------------------------- cancelling factors


def _struck_factors(node: Expression) -> tuple[Expression, Expression] | None:
    """The expression multiplied out as far as equal factors stand above and below a line, these struck;
    and the same without them. ``None`` where none do."""
    struck: list[Expression] = []
    rest: list[Expression] = []
    found = False
    for term in _terms(node):
        inside = _within(term)
        if inside is not None:
            struck.append(inside[0])
            rest.append(inside[1])
            found = True
            continue
        for each in _spread(term):
            with_lines, without = _cancelled(each)
            found = found or with_lines is not None
            struck.append(each.signed if with_lines is None else with_lines.signed)
            rest.append(without.signed)
    return (total(*struck), total(*rest)) if found else None


def _within(term: _Term) -> tuple[Expression, Expression] | None:
    """The same inside of a sum that is a factor of the term: what is innermost comes first."""
    for place, factor in enumerate(term.above):
        found = _struck_factors(factor) if isinstance(factor, Sum) else None
        if found is not None:
            both = (
                replace(term, above=[*term.above[:place], each, *term.above[place + 1 :]]) for each in found
            )
            struck, rest = (each.signed for each in both)
            return struck, rest
    return None


def _spread(term: _Term) -> list[_Term]:
    """The term multiplied out over a sum in which something is divided by one of the other factors; the
    terms of the sum that are not stay together in brackets."""
    for place, factor in enumerate(term.above):
        others = [*term.above[:place], *term.above[place + 1 :]]
        keys = {alike(each) for each in others}
        if not isinstance(factor, Sum):
            continue
        parts = _terms(factor)
        divided = [each for each in parts if any(alike(one) in keys for one in each.below)]
        if not divided:
            continue
        kept = [each for each in parts if each not in divided]
        made = [
            _Term([*each.above, *others], [*each.below, *term.below], each.negative ^ term.negative)
            for each in divided
        ]
        if kept:
            made.append(_Term([*others, _sum_of(kept)], list(term.below), term.negative))
        return made
    return [term]


def _cancelled(term: _Term) -> tuple[_Term | None, _Term]:
    """A term with its equal factors above and below struck, if it has any; and without them."""
    above, below = list(term.above), list(term.below)
    rest_above, rest_below = list(term.above), list(term.below)
    found = False
    for factor in term.below:
        key = alike(factor)
        upper = next(
            (n for n, each in enumerate(above) if not isinstance(each, Struck) and alike(each) == key), None
        )
        lower = next(
            (n for n, each in enumerate(below) if not isinstance(each, Struck) and alike(each) == key), None
        )
        if upper is None or lower is None:
            continue
        found = True
        above[upper], below[lower] = Struck(above[upper]), Struck(below[lower])
        rest_above.remove(next(each for each in rest_above if alike(each) == key))
        rest_below.remove(next(each for each in rest_below if alike(each) == key))
    rest = _Term(rest_above, rest_below, term.negative)
    return (_Term(above, below, term.negative) if found else None), rest


# ---------------------------------------------------------------- cancelling terms


def _struck_terms(node: Expression) -> tuple[Expression, Expression] | None:
    """The expression multiplied out, equal terms with opposite signs struck; and the same without them."""
    if _size(node) > LONGEST:
        return None
    monomials = [each for term in _terms(node) for each in _expanded(term)]
    keys = [_monomial(each) for each in monomials]
    gone: set[int] = set()
    for n, one in enumerate(monomials):
        for k in range(n + 1, len(monomials)):
            if {n, k} & gone or keys[n] != keys[k] or one.negative == monomials[k].negative:
                continue
            gone |= {n, k}
    if not gone:
        return None
    struck = [_struck(each) if n in gone else each.signed for n, each in enumerate(monomials)]
    return total(*struck), _sum_of(each for n, each in enumerate(monomials) if n not in gone)


def _struck(term: _Term) -> Expression:
    return Negative(Struck(term.made())) if term.negative else Struck(term.made())


def _expanded(term: _Term) -> list[_Term]:
    """The term without sums among its factors."""
    made = [_Term([], list(term.below), term.negative)]
    for factor in term.above:
        parts = _terms(factor) if isinstance(factor, Sum) else [_Term([factor])]
        made = [
            _Term([*one.above, *part.above], [*one.below, *part.below], one.negative ^ part.negative)
            for one in made
            for part in parts
        ]
        if len(made) > LONGEST:
            return [term]
    return made


def _monomial(term: _Term) -> Hashable:
    above, below = (Counter(alike(each) for each in side) for side in (term.above, term.below))
    return frozenset(above.items()), frozenset(below.items())


def _size(node: Expression) -> int:
    return sum(1 for _ in references(node))


# ---------------------------------------------------------------- what is known to be 1


def _without_ones(node: Expression, lookup: Lookup) -> Expression | None:
    """The expression without the sums of targets that add up to 1; ``None`` where there are none."""
    made, found = [], False
    for term in _terms(node):
        kept = [each for each in term.above if not _adds_to_one(each, lookup)]
        found = found or len(kept) < len(term.above)
        made.append(replace(term, above=kept))
    return _sum_of(made) if found else None


def _adds_to_one(node: Expression, lookup: Lookup) -> bool:
    refs = list(references(node)) if isinstance(node, Sum) else []
    targets = all(ref.array == "y" for ref in refs) and len({ref.key for ref in refs}) > 1
    return targets and abs(evaluate(node, lookup) - 1.0) < 1e-12
