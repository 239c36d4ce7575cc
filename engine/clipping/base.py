"""What clipping is."""

from __future__ import annotations

from typing import ClassVar

from engine.core.expressions import Expression, Ref
from engine.core.registry import Kind, Registry
from engine.optimizers.base import UpdatePlace


class Clipping(Kind):
    """Bounds for the gradient; it stands between ∂J/∂θ and the optimizer."""

    words: ClassVar[tuple[str, str]] = ("", "")
    """Equation and code; empty for what does nothing."""
    rank: ClassVar[int] = 100

    def lines(self, p: UpdatePlace) -> None:
        """Lines of the update phase that bound ``p.gradient``, after its 1/m."""
        raise TypeError(f"{type(self).__name__} clips nothing")

    def cells(self, before: Ref, after: Ref) -> tuple[tuple[Ref, Expression], ...]:
        """What is calculated for the gradient of one weight: nothing, or its value after from that before."""
        raise TypeError(f"{type(self).__name__} explains nothing")


clippings: Registry[Clipping] = Registry("clipping", "engine.clipping")
