"""A compiled network as a procedure sees it, and what one turn of it does for the next. Holds no kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, Self, TypeVar

from engine.core.place import Place
from engine.core.plan import Plan
from engine.layout import Layout


class Compiled(Protocol):
    """Lines and arrays of a document's network, for m examples and one turn of the procedure."""

    plan: Plan
    layout: Layout
    places: dict[str, Place]
    turn: int

    @property
    def m(self) -> int:
        """The number of examples."""

    def for_turn(self, examples: int, turn: int) -> Self:
        """A network of the same parameters for another turn."""


N = TypeVar("N", bound=Compiled)


@dataclass(frozen=True, slots=True, eq=False)
class Ahead(Generic[N]):
    """What the calls of one network have done for the next update, if that follows at once."""

    network: N
    """The network of that update."""
    measure: tuple[Callable[[], object], ...]
    """Its calls up to J without those that are done."""
