"""The multi-layer perceptron."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.datasets.base import Task
from engine.document import Document, Training

DATA = (
    "digits", "breast_cancer", "wine", "iris", "control_charts",
    "moons", "circles", "spirals", "blobs", "xor", "sine",
)  # fmt: skip

ENDS = {
    Task.BINARY: ("sigmoid", "bce"),
    Task.CLASSES: ("softmax", "cross_entropy"),
    Task.REGRESSION: ("identity", "mse"),
}
"""Activation of the output and loss that go with a task."""

PROMISED: dict[str, tuple[int, int, int, float, float, str]] = {
    "digits": (1, 32, 40, 0.96, 0.1, "chance"),
    "breast_cancer": (1, 16, 40, 0.95, 0.63, "the larger class"),
    "wine": (1, 16, 60, 0.9, 0.4, "the largest class"),
    "control_charts": (1, 32, 60, 0.96, 0.17, "chance"),
}
"""Hidden layers, their units, epochs, accuracy to reach, accuracy without a network, and of what."""


@architectures.add("mlp")
@dataclass(frozen=True)
class Mlp(Architecture):
    """``n – units – ... – k``: hidden layers of one size between the features and the targets.

    The output and the loss follow from the task: sigmoid and binary cross-entropy, softmax and
    cross-entropy, or identity and squared error.

    Source: D. Rumelhart, G. Hinton and R. Williams, Learning representations by back-propagating
    errors, Nature 323 (1986) 533-536.
    """

    title = "Multi-layer perceptron"
    summary = "Layers of neurons, each connected with all neurons of the layer before."
    group = "Vectors"
    rank = 20

    data: str = knob("digits", "Data", choices=DATA)
    hidden: int = knob(1, "Hidden layers", minimum=0, maximum=8)
    units: int = knob(32, "Units a layer", minimum=1, maximum=512)
    activation: Spec = knob(Spec("relu"), "Activation", family="activation", symbol="g")

    def document(self) -> Document:
        spec = Spec(self.data)
        data = data_for(spec)
        last, loss = ENDS[data.task]
        draw = Builder()
        draw.input(data, flat=True)
        for number in range(1, self.hidden + 1):
            draw.add("dense", self.units, activation=self.activation, name=f"Hidden {number}")
        draw.add("output", data.k, activation=Spec(last), name="Output")
        few = data.m < 50
        return draw.document(
            self.title,
            data=spec,
            loss=loss,
            optimizer=Spec.of("adam", learning_rate=0.01 if few else 0.005),
            training=Training(batch_size=None if few else 32, shuffle=not few, held_out=0.0 if few else 0.2),
        )

    @property
    def epochs(self) -> int:
        return PROMISED[self.data][2] if self.data in PROMISED else 200

    def figures(self) -> tuple[Figure, ...]:
        if self.data not in PROMISED:
            return ()
        _, _, _, target, baseline, simple = PROMISED[self.data]
        return (Figure("accuracy", target, baseline=baseline, simple=simple),)

    @classmethod
    def judged(cls) -> tuple[Mlp, ...]:
        return tuple(
            cls(data=data, hidden=hidden, units=units) for data, (hidden, units, *_) in PROMISED.items()
        )
