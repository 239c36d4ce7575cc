"""Networks to begin with."""

from __future__ import annotations

from itertools import pairwise

from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, Training


def mlp(
    *sizes: int, hidden: str = "tanh", output: str = "sigmoid", name: str = "", **chosen: object
) -> Document:
    """A multi-layer perceptron: ``mlp(2, 4, 1)``; further arguments are fields of the document."""
    if len(sizes) < 2:
        raise ValueError("a network has at least an input and an output")
    made = [Layer("input", Spec("input"), tuple(range(sizes[0])))]
    for number, size in enumerate(sizes[1:-1], 1):
        id = "hidden" if number == 1 else f"hidden{number}"
        made.append(
            Layer(id, Spec.of("dense", activation=Spec(hidden)), tuple(range(size)), x=220.0 * number)
        )
    last = Spec.of("output", activation=Spec(output))
    made.append(Layer("output", last, tuple(range(sizes[-1])), x=220.0 * (len(sizes) - 1)))
    wires = tuple(Connection(one.id, two.id) for one, two in pairwise(made))
    title = name or "-".join(str(size) for size in sizes)
    return Document(title, tuple(made), wires, **chosen)  # type: ignore[arg-type]


def first_light() -> Document:
    """The network that the window opens with: 2-4-1 on XOR."""
    return mlp(2, 4, 1, name="XOR", training=Training(seed=1))
