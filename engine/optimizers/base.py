"""What an optimizer is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from engine.core.expressions import Expression, Number, Ref
from engine.core.plan import Array, Phase, Plan
from engine.core.registry import Kind, Registry

OWNER = "optimizer"
PART = 65536
"""So many parameters at most are updated at once: all vectors of an update stay in the fast memory."""


class Pace(Protocol):
    """What an update must know of a schedule; every kind of ``engine.schedules`` is one."""

    @property
    def steady(self) -> bool:
        """Whether the factor is always 1."""

    def factor(self, update: int) -> float:
        """What the learning rate is multiplied by in an update, counted from 0."""


@dataclass
class UpdatePlace:
    """What an optimizer sees: all parameters and the finished gradient as flat vectors.

    ``gradient`` is ∂J/∂θ with its 1/m. ``memory`` holds the optimizer's own vectors by name;
    ``t`` is the number of this update counted from 1, as a 0-d array. ``free`` has 1 for every
    parameter that may learn and 0 for one that is locked; ``None`` if all may.

    ``schedule`` gives the factor s of the learning rate and ``clock`` the number of this update in
    the whole training, counted from 0. Without a clock it is t − 1, and 0 for as long as nobody
    counts t (an optimizer without a memory does not need it). A schedule that is not steady enters
    one line, here at the beginning: whatever follows in the plan finds the rate of its update.
    """

    plan: Plan
    theta: Array
    gradient: Array
    memory: Mapping[str, Array]
    t: Array
    free: Array | None = None
    schedule: Pace | None = None
    clock: Callable[[], int] | None = None
    factor: Array = field(init=False)
    """s of this update as a 0-d array: 1 with a steady schedule, and before the first update."""
    _paced: list[Callable[[float], None]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.factor = self.plan.constant(1.0)
        schedule, clock = self.schedule, self.clock or (lambda: max(int(self.t) - 1, 0))
        if schedule is None or schedule.steady:
            return

        def pace() -> None:
            s = schedule.factor(clock())
            self.factor[()] = s
            for follow in self._paced:
                follow(s)

        self.line("α := α₀ s(t)", "rate", pace)

    def parts(self) -> Iterator[UpdatePlace]:
        """Stretches of the parameters, to be updated one after the other: each is a place of its own."""
        size = self.theta.size
        count = max(1, -(-size // PART))
        for number in range(count):
            here, part = slice(number * size // count, (number + 1) * size // count), copy(self)
            part.theta, part.gradient = self.theta[here], self.gradient[here]
            part.memory = {name: vector[here] for name, vector in self.memory.items()}
            part.free = None if self.free is None else self.free[here]
            yield part

    def passing(self) -> Array:
        """A vector for results on the way, one number a parameter; it begins as it may."""
        return self.plan.passing(self.theta.shape)

    def line(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the update phase."""
        self.plan.line(Phase.UPDATE, OWNER, equation, writes, call, *args)

    def rate(self, alpha: float) -> Array:
        """α s, the learning rate of this update, as a 0-d array."""
        rate = self.plan.constant(alpha)

        def follow(s: float) -> None:
            rate[()] = alpha * s

        self.paced(follow)
        return rate

    def paced(self, follow: Callable[[float], None]) -> None:
        """Have something done with s: now with s = 1 and, if it changes, in every update."""
        follow(1.0)
        self._paced.append(follow)


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
    rate: float = 1.0
    """The factor s that the schedule puts before the learning rate in this update."""

    def alpha(self, learning_rate: float) -> tuple[Expression, ...]:
        """The learning rate as factors of a product: α, with a schedule α and s."""
        rate = Number(learning_rate)
        return (rate,) if self.rate == 1.0 else (rate, Number(self.rate))


class Optimizer(Kind):
    """``θ := θ − step``; the state it keeps is declared in ``memories``.

    Its learning rate comes from ``p.rate`` or has ``p.factor`` in it, so that a schedule can act.
    """

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
