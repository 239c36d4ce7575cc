"""What an optimizer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.core.expressions import Expression, Ref
from engine.core.plan import Array, Phase, Plan
from engine.core.registry import Kind, Registry

OWNER = "optimizer"


@dataclass
class UpdatePlace:
    """What an optimizer sees: all parameters and the finished gradient as flat vectors.

    ``gradient`` is ∂J/∂θ with its 1/m. ``memory`` holds the optimizer's own vectors by name;
    ``t`` is the number of this update counted from 1, as a 0-d array.
    """

    plan: Plan
    theta: Array
    gradient: Array
    memory: Mapping[str, Array]
    t: Array

    def line(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the update phase."""
        self.plan.line(Phase.UPDATE, OWNER, equation, writes, call, *args)


@dataclass(frozen=True, slots=True)
class Weight:
    """One parameter in an explanation: references to its values before and after the update."""

    before: Ref
    after: Ref
    gradient: Ref
    memory: Mapping[str, tuple[Ref, Ref]]
    """For each vector of the memory the value before and after."""
    t: int
    """The number of this update, counted from 1."""


class Optimizer(Kind):
    """``θ := θ − step``; the state it keeps is declared in ``memories``."""

    memories: ClassVar[tuple[str, ...]] = ()
    """Names of the vectors it keeps from update to update."""
    words: ClassVar[Mapping[str, tuple[str, str]]] = {}
    """Equation and code for each vector of the memory and, under ``w``, for the weight."""
    rank: ClassVar[int] = 100

    def update(self, p: UpdatePlace) -> None:
        """Lines of the update phase."""
        raise TypeError(f"{type(self).__name__} updates nothing")

    def cells(self, w: Weight) -> tuple[tuple[Ref, Expression], ...]:
        """What is calculated for one parameter, in order; the last is the parameter itself."""
        raise TypeError(f"{type(self).__name__} explains nothing")


optimizers: Registry[Optimizer] = Registry("optimizer", "engine.optimizers")
