"""Steps: one number of a walkthrough with everything that explains it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Product, Ref, Sum
from engine.core.plan import Phase


@dataclass(frozen=True, slots=True)
class Step:
    """One smallest step.

    ``kind`` is what happens: product, sum, bias, value (one formula at once), loss, cost,
    average, update. ``expression`` is the whole formula of ``target``; ``term`` the part of it
    that this step adds, ``before`` the sum of the terms that stand already and ``running`` the sum with
    it. ``value`` is the number that appears now; it comes from the arrays of the run
    except for a product or a partial sum, which no array holds.
    """

    phase: Phase
    kind: str
    target: Ref
    expression: Expression
    value: float
    term: Expression | None = None
    before: float = 0.0
    running: float | None = None
    position: int = 0
    of: int = 1
    example: int | None = None
    equation: str = ""
    code: str = ""

    @property
    def sign(self) -> str:
        """What stands between the target and its formula: an update assigns."""
        return ":=" if self.target.array.startswith("new ") else "="

    @property
    def final(self) -> bool:
        """Whether the target's own value is known after this step."""
        return self.phase is Phase.UPDATE or self.position == self.of - 1


def ways(expression: Expression) -> list[tuple[str, Expression | None, int]]:
    """The steps in which a cell is calculated: (kind, term, number of terms added so far).

    A sum of products of numbers is calculated term by term, every other formula at once.
    """
    if not isinstance(expression, Sum):
        return [("value", None, 0)]
    products = [term for term in expression.terms if isinstance(term, Product)]
    simple = all(isinstance(factor, Ref) for term in products for factor in term.factors)
    if not products or not simple:
        return [("value", None, 0)]
    steps: list[tuple[str, Expression | None, int]] = []
    for n, term in enumerate(expression.terms):
        if n == len(products) and n > 1:
            steps.append(("sum", None, n))
        steps.append(("product" if isinstance(term, Product) else "bias", term, n + 1))
    if len(products) == len(expression.terms):
        steps.append(("sum", None, len(products)))
    return steps
