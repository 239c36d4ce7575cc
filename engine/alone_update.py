"""One update without a network: an optimizer on a gradient of one's own, in a notebook.

    from engine.alone_update import update

    theta, memory = np.array([1.0, -2.0]), None
    for t in range(1, 101):
        theta, memory = update("adam", theta, 2 * theta, memory, t)[:2]

What happens in one update, digit by digit:

    for line in update("adam", theta, 2 * theta, memory, t).written(0):
        print(line)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from engine.clipping import Clipping, clippings
from engine.core.expressions import Expression, Ref
from engine.core.notation import as_text
from engine.core.plan import Array, Phase, Plan
from engine.core.printing import in_numbers, in_symbols, symbol
from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.optimizers import Optimizer, UpdatePlace, optimizers
from engine.optimizers.base import OWNER, Weight
from engine.schedules import Schedule, schedules

Cell = tuple[Ref, Expression]


class Updated(NamedTuple):
    """What an update leaves behind; all arrays are new ones in the shape of θ."""

    theta: Array
    memory: dict[str, Array]
    """The optimizer's vectors by name, to be handed to the next update."""
    step: Array
    """By how much θ has changed."""
    gradient: Array
    """The gradient that the optimizer saw: the one given, clipped."""
    rate: float
    """The factor s that the schedule put before the learning rate."""
    arrays: Mapping[str, Array]
    """Everything that the cells refer to, by name, flat."""
    kinds: tuple[Optimizer, Clipping]
    t: int

    def cells(self, *index: int) -> tuple[Cell, ...]:
        """What was calculated for one parameter, in order; the last is the parameter itself.

        θ may be of any shape: ``cells(2)`` for a vector, ``cells(0, 2)`` for a matrix.
        """
        optimizer, clipping = self.kinds
        ref = Ref("", "w", (int(np.ravel_multi_index(index, self.theta.shape)),))
        below = ",".join(str(each + 1) for each in index)

        def there(array: str, letter: str) -> Ref:
            return replace(ref, array=array, letter=letter, below=below)

        given, used = there("g", "g"), there("clipped g", "ĝ")
        clipped = clipping.cells(given, used)
        memory = {name: (there(name, name), there(f"new {name}", name)) for name in optimizer.memories}
        weight = Weight(
            there("w", "w"), there("new w", "w"), used if clipped else given, memory, self.t, self.rate
        )
        return (*clipped, *optimizer.cells(weight))

    def lookup(self, ref: Ref) -> float:
        """The number that a reference of ``cells`` stands for."""
        return float(self.arrays[ref.array][ref.index])

    def written(self, *index: int) -> list[str]:
        """The cells of one parameter as text: ``w_1 := w_1 − 0.5·g_1 = 1 − 0.5·0.4 = 0.8``."""
        found = []
        for target, expression in self.cells(*index):
            sides = in_symbols(expression), in_numbers(expression, self.lookup)
            said = " = ".join(as_text(each) for each in (*sides, in_numbers(target, self.lookup)))
            found.append(f"{as_text(symbol(target))} := {said}")
        return found


def update(
    optimizer: Optimizer | Spec | str,
    theta: Array,
    gradient: Array,
    memory: Mapping[str, Array] | None = None,
    t: int = 1,
    schedule: Schedule | Spec | str | None = None,
    clipping: Clipping | Spec | str | None = None,
) -> Updated:
    """Update number t, counted from 1, of θ (any shape); nothing that is given changes.

    ``gradient`` is ∂J/∂θ. ``memory`` is that of the update before, ``None`` or empty at the first.
    A kind is given as itself, by its specification or by its name. A schedule counts from 0, so it
    is asked for s(t − 1). Single precision stays single; whole numbers become double precision.

    Raises ``UnknownKindError`` or ``KnobError`` with one sentence.
    """
    if not isinstance(optimizer, Optimizer):
        optimizer = optimizers.make(optimizer)
    if not isinstance(schedule, Schedule):
        schedule = schedules.make(schedule or "constant")
    if not isinstance(clipping, Clipping):
        clipping = clippings.make(clipping or "off")
    if t < 1:
        raise KnobError(f"Updates are counted from 1: there is no update {t}.")
    before = np.asarray(theta)
    dtype = before.dtype if before.dtype.kind == "f" else np.dtype(np.float64)

    def taken(name: str, array: Array) -> Array:
        flat = np.array(array, dtype)
        if flat.shape != before.shape:
            raise KnobError(f"{name} has the shape {flat.shape} but θ has {before.shape}.")
        return flat.ravel()

    for name in memory or {}:
        if name not in optimizer.memories:
            raise KnobError(f"{optimizer.title} keeps no vector called '{name}'.")
    kept = {
        name: taken(f"The memory {name}", memory[name]) if memory and name in memory else
        np.zeros(before.size, dtype) for name in optimizer.memories
    }  # fmt: skip
    plan = Plan(1, dtype)
    p = UpdatePlace(
        plan, taken("θ", before), taken("The gradient", gradient), kept, plan.constant(t),
        schedule=schedule, clock=lambda: t - 1,
    )  # fmt: skip
    arrays = {"w": p.theta.copy(), "g": p.gradient.copy(), "clipped g": p.gradient, "new w": p.theta}
    arrays |= {name: flat.copy() for name, flat in kept.items()}
    arrays |= {f"new {name}": flat for name, flat in kept.items()}
    clipping.lines(p)
    optimizer.update(p)
    with np.errstate(all="ignore"):
        for call in plan.calls(Phase.UPDATE):
            call()
    arrays |= {name: array for (owner, name), array in plan.arrays.items() if owner == OWNER}
    shape = before.shape
    return Updated(
        theta=p.theta.reshape(shape).copy(),
        memory={name: flat.reshape(shape).copy() for name, flat in kept.items()},
        step=(p.theta - arrays["w"]).reshape(shape),
        gradient=p.gradient.reshape(shape).copy(),
        rate=schedule.factor(t - 1),
        arrays=arrays,
        kinds=(optimizer, clipping),
        t=t,
    )
