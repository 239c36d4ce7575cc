"""The perceptron's learning rule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.activations import Activation
from engine.core.expressions import DECIMALS, Expression, Function
from engine.core.problems import DataError
from engine.data_of import data_of
from engine.layout import Layout
from engine.losses import losses
from engine.optimizers import UpdatePlace
from engine.procedures.base import Procedure, procedures
from engine.procedures.one_layer import one_layer_refusal


@procedures.add("perceptron_rule")
@dataclass(frozen=True)
class PerceptronRule(Procedure):
    """``w := w + α (y − h) x`` and ``b := b + α (y − h)``, with h the output of a step unit.

    It is the machinery of gradient descent with ``dz = h − y`` for the slope that the step does not
    have: ``dW = dz xᵀ``, ``w := w − α dW``. The rule is meant for one example an update; a batch
    takes the mean over its examples as everywhere (their sum is the same with m times the
    learning rate). New weights are rounded to 12 decimals, so that a learning rate of 0.1 leads
    to the numbers of the blackboard. Targets must be coded like the outputs, {0, 1} or {−1, +1}.
    Source: Rosenblatt, *The perceptron*, 1958.
    """

    title = "Perceptron rule"
    summary = "Adds or subtracts the inputs where a step unit is wrong, and does nothing where it is right."
    rank = 20
    rule = True

    def refusal(self, layout: Layout) -> str:
        found = one_layer_refusal(self.title, layout, ("step",), "the binary step")
        if found:
            return found
        if losses.make(layout.document.loss).fuses:
            return "The perceptron rule knows no probabilities: choose the squared error as the loss."
        if layout.document.training.precision != "double":
            return "The perceptron rule calculates to 12 decimals: choose double precision."
        return ""

    def advice(self, layout: Layout) -> str:
        try:
            targets = np.unique(data_of(layout.document).Y)
        except DataError:
            return ""
        low, high = getattr(layout.output.kind, "g", Activation()).bounds
        if np.isin(targets, (low, high)).all():
            return ""
        return f"The outputs are {low:g} and {high:g}, but there are other targets: code the two alike."

    def after_update(self, p: UpdatePlace) -> None:
        if p.free is None:
            p.line(f"θ to {DECIMALS} decimals", "theta", lambda: np.round(p.theta, DECIMALS, out=p.theta))
            return
        free = p.free.astype(bool)
        p.line(
            f"θ to {DECIMALS} decimals", "theta",
            lambda: np.copyto(p.theta, np.round(p.theta, DECIMALS), where=free),
        )  # fmt: skip

    def after_cell(self, updated: Expression) -> Expression:
        return Function("round", updated)
