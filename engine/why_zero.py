"""Why a number is 0: its formula is followed through products and sums, across layers, to the root.

A product is 0 where one of its factors is, a sum where all of its terms are: setting any one root of a
sum to something else makes the number something else. Only what a trace really calculated is asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Power,
    Product,
    Quotient,
    Ref,
    Struck,
    Sum,
    Truth,
    evaluate,
    references,
)
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace

EASY = 400
"""After so many terms and units of all formulas only the first terms of a sum are followed, so that a page
stays quick."""
FIRST = 3
"""So many terms of every sum are followed nevertheless: roots lie deep."""
DEEPEST = 1200
"""After so many terms no further formula is opened; what lies behind is told as it is."""


class Cause(StrEnum):
    """What holds a number at 0."""

    INPUT = "input"
    """The data say so."""
    WEIGHT = "weight"
    """A weight or a bias."""
    FLAT = "flat"
    """The activation has no slope here; the root is its z."""
    OFF = "off"
    """The activation gives 0 here; the root is its z."""
    MET = "met"
    """The prediction is the target."""
    LOSS_FLAT = "loss flat"
    """The loss has no slope here: the answer is right by more than it asks."""
    MASKED = "masked"
    """A layer switched it off at random."""
    CUT = "cut"
    """The synapse is cut."""
    LOCKED = "locked"
    """The synapse is locked."""
    RATE = "rate"
    """The learning rate, or another factor that someone set, is 0."""
    MEMORY = "memory"
    """The optimizer remembers nothing yet."""
    BALANCE = "balance"
    """Terms that are not 0 add up to it."""
    TINY = "tiny"
    """Smaller than any number of the machine."""
    UNCOUNTED = "uncounted"
    """The loss does not count this position."""
    ZERO = "zero"
    """It just is 0: a constant, or too much lies behind it to be followed."""


@dataclass(frozen=True, slots=True)
class Root:
    """Where following ends: the cause, and the number to look at."""

    cause: Cause
    ref: Ref
    path: tuple[Ref, ...] = ()
    """The zeros on the way, from the number that was asked about on; the root itself is not among them."""


@dataclass(frozen=True, slots=True)
class Why:
    """All roots. They hold the number at 0 together: with any other than 0 it would be another."""

    roots: tuple[Root, ...]
    alone: bool = True
    """Whether no further factor on the way is 0 too."""
    complete: bool = True
    """Whether every term of every sum was followed."""

    @property
    def cause(self) -> Cause | None:
        """The cause that all roots have in common."""
        causes = {each.cause for each in self.roots}
        return causes.pop() if len(causes) == 1 else None


def why_zero(trace: Trace, ref: Ref) -> Why | None:
    """Why a number is 0, or why an update changes nothing; ``None`` where that is not so."""
    search = _Search(trace)
    if ref.array.startswith("new ") and " " not in ref.array.removeprefix("new "):
        return search.unchanged(ref)
    if trace.lookup(ref) != 0.0:
        return None
    found = search.of_ref(ref, ())
    ends = tuple(each for each in found.roots if each.cause is not Cause.ZERO)
    return found if found.complete or not ends else replace(found, roots=ends)


@dataclass
class _Search:
    """One search; every formula is opened once."""

    trace: Trace
    _known: dict[object, Why] = field(default_factory=dict)
    _seen: int = 0

    def unchanged(self, ref: Ref) -> Why | None:
        """Of a new weight: why it is the old one."""
        old = self.trace.ref(ref.owner, ref.array.removeprefix("new "), ref.index, None)
        if self.trace.lookup(old) != self.trace.lookup(ref):
            return None
        try:
            node = self.trace.cell(ref)
        except KeyError:
            return None
        if isinstance(node, Ref):
            return Why((Root(Cause.LOCKED, old),))
        if not isinstance(node, Sum) or not any(_is(each, old) for each in node.terms):
            return None
        step = Sum(tuple(each for each in node.terms if not _is(each, old)))
        if self._value(step) != 0.0:
            return Why((Root(Cause.TINY, old),))
        return self._of(step, ref, ())

    def of_ref(self, ref: Ref, path: tuple[Ref, ...]) -> Why:
        """Why one cell is 0."""
        if ref.key in self._known:
            known = self._known[ref.key]
            return replace(known, roots=tuple(replace(each, path=path + each.path) for each in known.roots))
        found = self._of_ref(ref)
        self._known[ref.key] = found
        return replace(found, roots=tuple(replace(each, path=path + each.path) for each in found.roots))

    def _of_ref(self, ref: Ref) -> Why:
        if ref.array == "slope":
            return Why((Root(Cause.FLAT, self._argument(ref), (ref,)),))
        if self._is_drawn(ref):
            return Why((Root(Cause.MASKED, ref),))
        try:
            formula = self.trace.cell(ref)
        except KeyError:
            return Why((Root(self._given(ref), ref),))
        node = self.trace.layout.nodes.get(ref.owner)
        self._seen += node.shape[0] if node is not None else 1
        if self._seen > DEEPEST:
            return Why((Root(Cause.ZERO, ref),))
        return self._of(formula, ref, (ref,))

    def _given(self, ref: Ref) -> Cause:
        """What a number is that nothing in this update calculates."""
        node = self.trace.layout.nodes.get(ref.owner)
        if ref.owner == LOSS or node is None:
            return {"y": Cause.INPUT, "share": Cause.UNCOUNTED}.get(ref.array, Cause.ZERO)
        if ref.array == "a":
            return Cause.INPUT if node.kind.role == "input" else Cause.ZERO
        if " " in ref.array:
            return Cause.MEMORY
        if f"{ref.owner}.{ref.array}" in self.trace.layout.slots:
            return Cause.WEIGHT
        return Cause.ZERO

    def _is_drawn(self, ref: Ref) -> bool:
        node = self.trace.layout.nodes.get(ref.owner)
        return node is not None and getattr(node.kind, "drawn", "") == ref.array

    def _argument(self, slope: Ref) -> Ref:
        """The z at which an activation has this slope."""
        if (slope.owner, "z") in self.trace.arrays:
            return self.trace.ref(slope.owner, "z", slope.index, slope.example)
        return next(references(self.trace.cell(slope)), slope)

    # ---------------------------------------------------------------- formulas

    def _of(self, node: Expression, at: Ref, path: tuple[Ref, ...]) -> Why:
        """Why an expression is 0 that is (a part of) the formula of ``at``."""
        match node:
            case Ref():
                return self.of_ref(node, path)
            case Negative(inner=inner) | Struck(inner=inner) | Power(base=inner):
                return self._of(inner, at, path)
            case Quotient(above=above):
                return self._of(above, at, path) if self._value(above) == 0.0 else self._tiny(node, at, path)
            case Product(factors=factors):
                return self._of_product(factors, at, path)
            case Sum(terms=terms):
                return self._of_sum(terms, at, path)
            case Truth() | Maximum():
                return self._flat(node, at, path)
            case Function(definition=opened) if opened is not None:
                return self._of(opened, at, path)
            case Function(argument=argument):
                zero = self._value(argument) == 0.0
                return self._of(argument, at, path) if zero else self._tiny(node, at, path)
        return Why((Root(self._constant(at), at, path[:-1]),))

    def _of_product(self, factors: Sequence[Expression], at: Ref, path: tuple[Ref, ...]) -> Why:
        zeros = [each for each in factors if self._value(each) == 0.0]
        if not zeros:
            return self._tiny(Product(tuple(factors)), at, path)
        found = [self._of(each, at, path) for each in zeros]
        best = min(found, key=lambda why: (_RANK.get(why.roots[0].cause, 1), len(why.roots)))
        return replace(best, alone=best.alone and len(found) == 1)

    def _of_sum(self, terms: Sequence[Expression], at: Ref, path: tuple[Ref, ...]) -> Why:
        self._seen += len(terms)
        if any(self._value(each) != 0.0 for each in terms):
            return self._balance(terms, at, path)
        parts: list[Why] = []
        for each in terms:
            if len(parts) >= FIRST and self._seen > EASY:
                break
            parts.append(self._of(each, at, path))
        complete = len(parts) == len(terms) and all(part.complete for part in parts)
        roots = {
            (root.cause, root.ref.key): root for part in reversed(parts) for root in reversed(part.roots)
        }
        # A root that several terms share may not be the only one of any: it is, if it is alone in each.
        return Why(tuple(reversed(roots.values())), all(part.alone for part in parts), complete)

    def _balance(self, terms: Iterable[Expression], at: Ref, path: tuple[Ref, ...]) -> Why:
        """Terms that are not 0 add up to it; most often a − y, where the prediction is the target."""
        refs = [ref for term in terms for ref in references(term)]
        predicted = next((ref for ref in refs if ref.array == "a"), None)
        if predicted is not None and any(ref.array == "y" for ref in refs) and at.array in {"dz", "da"}:
            return Why((Root(Cause.MET, predicted, path),))
        return Why((Root(Cause.BALANCE, at, path[:-1]),))

    def _flat(self, node: Expression, at: Ref, path: tuple[Ref, ...]) -> Why:
        """A comparison that does not hold, a maximum that is 0: of an activation, or of the loss."""
        ref = next((each for each in references(node) if each.array != "y"), at)
        if at.array == "da" or (at.owner == LOSS and at.array in {"L", "l"}):
            return Why((Root(Cause.LOSS_FLAT, ref, path),))
        return Why((Root(Cause.OFF if at.array == "a" else Cause.FLAT, ref, path),))

    def _tiny(self, node: Expression, at: Ref, path: tuple[Ref, ...]) -> Why:
        return Why((Root(Cause.TINY, next(references(node), at), path),))

    def _constant(self, at: Ref) -> Cause:
        """What a 0 is that stands in a formula as such."""
        if at.array.startswith("dW."):
            return Cause.CUT
        return Cause.RATE if at.array.startswith("new ") else Cause.ZERO

    def _value(self, node: Expression) -> float:
        value = evaluate(node, self.trace.lookup)
        return value if math.isfinite(value) else math.inf


_RANK = {Cause.INPUT: 0, Cause.CUT: 0, Cause.MASKED: 0, Cause.FLAT: 0, Cause.ZERO: 3, Cause.BALANCE: 2}
"""Of several factors that are 0 the plainest cause is named."""


def _is(node: Expression, ref: Ref) -> bool:
    return isinstance(node, Ref) and node.key == ref.key
