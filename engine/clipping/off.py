"""No clipping."""

from __future__ import annotations

from dataclasses import dataclass

from engine.clipping.base import Clipping, clippings
from engine.core.expressions import Expression, Ref
from engine.optimizers.base import UpdatePlace


@clippings.add("off")
@dataclass(frozen=True)
class Off(Clipping):
    """``g`` as it is; no line in the plan."""

    title = "Off"
    summary = "The gradient stays as it is."
    rank = 10

    def lines(self, p: UpdatePlace) -> None:
        pass

    def cells(self, before: Ref, after: Ref) -> tuple[tuple[Ref, Expression], ...]:
        return ()
