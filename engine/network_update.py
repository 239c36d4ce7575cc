"""The update of a network: from the sum of the examples' gradients to the new parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.clipping import clippings
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.optimizers import UpdatePlace, optimizers
from engine.regularizers import regularizers
from engine.schedules import schedules

if TYPE_CHECKING:
    from engine.network import Network


@dataclass(frozen=True, slots=True)
class NetworkUpdate:
    """The update of the layers that learn in this turn: they lie side by side in θ."""

    of: Network

    def build(self) -> None:
        """Enter the lines.

        The average over the batch, what large weights cost, what is locked, the bound of the
        gradient, the step; and what the procedure does at the end.
        """
        of, stretch = self.of, self._stretch()
        store, plan, document = of.store, of.plan, of.layout.document
        training = document.training
        gradient, t = store.gradient[stretch], store.clocks[of.turn]
        of.memory.step()
        self._keep("sum")
        if of.m > 1:
            plan.line(
                Phase.UPDATE, "optimizer", "∂J/∂θ = 1/m Σ", "gradient",
                np.multiply, gradient, plan.constant(1.0 / of.m), gradient,
            )  # fmt: skip
        free = store.free()
        if store.memory:
            plan.line(Phase.UPDATE, "optimizer", "t := t + 1", "t", np.add, t, plan.constant(1.0), t)
        update = UpdatePlace(
            plan,
            store.theta[stretch],
            gradient,
            {name: flat[stretch] for name, flat in store.memory.items()},
            t,
            free=None if free is None else free[stretch],
            schedule=schedules.make(training.schedule),
            clock=lambda: plan.step,
        )
        if update.free is not None:
            update.line("locked stay", "gradient", np.multiply, gradient, update.free, gradient)
        self._keep("mean")
        if training.regularizer.kind != "none":
            regularizers.make(training.regularizer).lines(update, of.penalised[stretch])
        self._keep("whole")
        clippings.make(training.clipping).lines(update)
        optimizer = optimizers.make(document.optimizer)
        for part in update.parts():
            of.memory.step()
            optimizer.update(part)
        of.procedure.after_update(update)

    def _stretch(self) -> slice:
        """Where the parameters that learn in this turn lie; all of θ if there is but one turn."""
        of = self.of
        if len(of.store.clocks) == 1:
            return slice(0, of.layout.size)
        learning = [each for each in of.layout.stretches if each.block.learned]
        mine = [each for each in learning if each.layer in of.learners]
        start = min((each.offset for each in mine), default=0)
        end = max((each.offset + each.size for each in mine), default=0)
        for each in learning:
            if start <= each.offset < end and each not in mine and each.layer in of.layout.learners:
                raise DocumentError(
                    "The layers that learn in turn must follow one another, and here they are mixed.",
                    each.layer,
                )
        return slice(start, end)

    def _keep(self, name: str) -> None:
        """For an explanation: a copy of the gradient as it is between two lines of the update."""
        plan, gradient = self.of.plan, self.of.store.gradient
        if plan.explains:
            copy = plan.array("optimizer", name, gradient.shape)
            plan.line(Phase.UPDATE, "optimizer", f"keep {name}", name, np.copyto, copy, gradient)
