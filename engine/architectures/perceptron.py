"""The perceptron."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures, data_for
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

DATA = ("and", "or", "nand", "nor", "xor", "xnor", "blobs", "moons")
APART = frozenset({"and", "or", "nand", "nor"})
"""Those that a straight line divides without an error."""

ENDS = {
    "perceptron": ("step", "mse", "perceptron_rule"),
    "delta": ("identity", "mse", "delta_rule"),
    "logistic": ("sigmoid", "bce", "supervised"),
}
"""For each way to learn the activation, the loss and the procedure."""


@architectures.add("perceptron")
@dataclass(frozen=True)
class Perceptron(Architecture):
    """One neuron: ``z = w₁ x₁ + w₂ x₂ + b``, all weights 0 at first; the boundary is a straight line.

    With the binary step it learns by the perceptron rule, from one example after the other and
    from mistakes only: ``w := w + α (y − h) x``. With the identity it learns by the delta rule,
    and with the sigmoid and cross-entropy it is a logistic regression, which learns from all
    examples at once.

    Sources: F. Rosenblatt, The perceptron, Psychological Review 65 (1958) 386-408; B. Widrow and
    M. Hoff, Adaptive switching circuits, 1960.
    """

    title = "Perceptron"
    summary = "One neuron that draws a straight line between two classes."
    group = "Vectors"
    rank = 10

    data: str = knob("and", "Data", choices=DATA)
    rule: str = knob("perceptron", "Learns by", choices=tuple(ENDS), help="The rule of learning.")
    learning_rate: float = knob(1.0, "Learning rate", symbol="α", minimum=0.001, maximum=1.0)

    def document(self) -> Document:
        spec = Spec(self.data)
        data = data_for(spec)
        activation, loss, procedure = ENDS[self.rule]
        draw = Builder()
        draw.input(data)
        draw.add("output", 1, activation=Spec(activation), initializer=Spec("zeros"), name="Neuron")
        return draw.document(
            self.title,
            data=spec,
            loss=loss,
            optimizer=Spec.of("gradient_descent", learning_rate=self.learning_rate),
            training=Training(batch_size=1 if self.rule == "perceptron" else None, procedure=Spec(procedure)),
        )

    @property
    def epochs(self) -> int:
        return 10 if self.rule == "perceptron" else 200

    def figures(self) -> tuple[Figure, ...]:
        if self.data not in APART:
            return ()
        return (Figure("accuracy", 1.0, baseline=0.75, simple="the larger class", data=Spec(self.data)),)

    @classmethod
    def judged(cls) -> tuple[Perceptron, ...]:
        return (
            *(cls(data=data) for data in ("and", "or")),
            cls(rule="delta", learning_rate=0.1),
            cls(rule="logistic"),
        )
