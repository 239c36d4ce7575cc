"""Whether a network takes in and gives out what its data and its procedure want."""

from __future__ import annotations

import math

from engine.core.place import Shape
from engine.core.problems import DocumentError
from engine.core.shapes import spoken
from engine.layout import Layout
from engine.losses import losses
from engine.procedures import Wanted, procedures


def fit_problem(layout: Layout, wanted: Wanted) -> DocumentError | None:
    """Why the network does not take in and give out what is wanted, if it does not."""
    features = wanted.features
    try:
        output = layout.output
    except DocumentError as error:
        return error
    refusal = procedures.make(layout.document.training.procedure).refusal(layout)
    if refusal:
        return DocumentError(refusal, output.layer.id)
    units = sum(math.prod(node.shape) for node in layout.inputs)
    if units != features:
        return DocumentError(
            f"The data has {features} feature{'s' * (features != 1)} but the input has {units}"
            f" unit{'s' * (units != 1)}: change one of them.",
            layout.inputs[0].layer.id,
        )
    shape = wanted.shape_for(output.shape)
    targets = shape[0]
    if len(output.shape) != len(shape) or output.shape[1:] != shape[1:]:
        return DocumentError(
            f"The network gives out {spoken(output.shape)} numbers for every example, but"
            f" {spoken(shape)} are wanted: {_advice(output.shape, shape)}.",
            output.layer.id,
        )
    if output.shape[0] != targets:
        return DocumentError(
            f"The data has {targets} target{'s' * (targets != 1)} but the output has {output.shape[0]}"
            f" unit{'s' * (output.shape[0] != 1)}: change one of them.",
            output.layer.id,
        )
    activation = getattr(output.kind, "g", None)
    if activation is not None:
        loss = losses.make(layout.document.loss)
        refusal = loss.refusal(activation.title, activation.bounds, targets)
        if refusal:
            return DocumentError(refusal, output.layer.id)
    return None


def _advice(given: Shape, wanted: Shape) -> str:
    """What to do where the network predicts at more or other positions than is asked for."""
    if len(given) > len(wanted) == 1:
        return "put a flatten layer, or the last step or mean over time, before the output"
    if len(given) < len(wanted):
        return "keep the positions up to the output"
    return "keep as many positions as there are targets"
