"""The delta rule."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layout import Layout
from engine.procedures.base import Procedure, procedures
from engine.procedures.one_layer import one_layer_refusal


@procedures.add("delta_rule")
@dataclass(frozen=True)
class DeltaRule(Procedure):
    """``w := w + α (y − a) g'(z) x`` for one layer: gradient descent on half the squared error.

    With the identity ``g'(z) = 1`` (Widrow and Hoff's ADALINE), with a sigmoid
    ``g'(z) = a (1 − a)``. It looks like the perceptron rule, but a is not rounded to a decision:
    it goes on until the error is as small as it can be, on data that no line divides too.
    Source: Widrow and Hoff, *Adaptive switching circuits*, 1960.
    """

    title = "Delta rule"
    summary = "Gradient descent on half the squared error of one layer of linear or sigmoid units."
    rank = 30

    def refusal(self, layout: Layout) -> str:
        found = one_layer_refusal(self.title, layout, ("identity", "sigmoid"), "the identity or the sigmoid")
        if found:
            return found
        loss = layout.document.loss
        if loss.kind != "mse" or loss.get("form", "half") != "half":
            return "The delta rule goes down half the squared error: choose that as the loss (factor half)."
        return ""
