"""The output layer: a dense layer whose a is the prediction."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.layers.base import layers
from engine.layers.dense import Dense


@layers.add("output")
@dataclass(frozen=True)
class Output(Dense):
    """A dense layer at the end: ``a[L]`` is the prediction ŷ that the loss compares with y.

    After a sequence it predicts at every time step, after an image at every pixel.
    """

    title = "Output"
    summary = "The end of the network: its outputs are the prediction."
    role = "output"
    group = "Ends"
    takes = (0, None)
    stem = "output"
    starting_units = 1
    rank = 15

    _most_axes = 3

    activation: Spec = knob(Spec("sigmoid"), "Activation", family="activation", symbol="g")
