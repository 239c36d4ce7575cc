"""What the learning rules for a single layer have in common. This module holds no kind."""

from __future__ import annotations

from engine.layout import Layout


def one_layer_refusal(title: str, layout: Layout, activations: tuple[str, ...], which: str) -> str:
    """Why a rule for one layer of certain units trained by plain gradient descent cannot be used.

    ``which`` is how the units are spoken of: "the binary step". Empty if it can.
    """
    output = layout.output
    if any(layout.nodes[source].kind.role != "input" for source in output.inputs):
        return f"{title} trains one layer of neurons: connect the input straight to the output."
    activation = getattr(output.kind, "activation", None)
    if activation is None or activation.kind not in activations or len(output.shape) > 1:
        return f"{title} is for an output with {which}: choose it as the activation of the output."
    document = layout.document
    if document.optimizer.kind != "gradient_descent":
        return f"{title} changes the weights by α times the error: choose gradient descent as the optimizer."
    if document.training.regularizer.kind != "none" or document.training.clipping.kind != "off":
        return f"{title} knows no penalty for large weights and no clipping: switch them off."
    return ""
