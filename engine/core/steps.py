"""Steps: one number of a walkthrough with everything that explains it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.expressions import Expression, Ref
from engine.core.plan import Phase


@dataclass(frozen=True, slots=True)
class Step:
    """One smallest step.

    ``kind`` is what happens: product, sum, bias, value (one formula at once), loss, cost,
    average, update. ``expression`` is the whole formula of ``target``; ``term`` the part of it
    that this step adds and ``before`` the terms that stand already, so that the running sum is
    their sum. ``value`` is the number that appears now; it comes from the arrays of the run
    except for a product or a partial sum, which no array holds.
    """

    phase: Phase
    kind: str
    target: Ref
    expression: Expression
    value: float
    term: Expression | None = None
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
