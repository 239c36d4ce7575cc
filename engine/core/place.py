"""A place: one layer of the document within one network, as the layer itself sees it.

It hands the layer its arrays by the lecture's names, takes the lines of the layer's forward and
backward into the plan, and makes the references that explanations are built of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from engine.core.expressions import Ref
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec

Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One named parameter within a block, e.g. b as the last column of [W | b].

    ``axes`` names for each axis the layer whose units it counts (``None`` for an axis that
    counts none): an edit uses it to keep the weights of the units that stay.
    """

    name: str
    region: tuple[slice | int, ...]
    start: Spec
    axes: tuple[str | None, ...]
    fan_in: int = 1
    fan_out: int = 1
    bias: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the flat parameter vector with a shape, seen through its parts."""

    shape: Shape
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """One number of a walkthrough: which cell comes next, and in how many steps.

    ``steps`` is ``None`` for a gradient that arrives from the layers behind: they know.
    """

    array: str
    index: tuple[int, ...]
    steps: int | None = 1


def steps_of_sum(products: int, others: int) -> int:
    """In how many steps a sum is calculated: each product, their sum, then each other term."""
    if products == 0 or products + others == 1:
        return 1
    return products + others + (others == 0 or products > 1)


@dataclass
class Port:
    """One input of a place: the layer it comes from, its output and where its gradient goes.

    ``a1`` is the output with a row of ones below it, so that a bias can ride along in the same
    matrix product. ``da`` is ``None`` where nobody needs the gradient. ``first`` says whether
    this place is the first to write ``da``; others add to it.
    """

    source: str
    label: str
    shape: Shape
    a: Array
    a1: Array
    da: Array | None
    first: bool
    mask: Array | None = None
    start: int = 0
    """For an input layer the number of features that the input layers before it take."""


@dataclass
class Place:
    """What a layer knows of where it stands. ``label`` is its number in square brackets."""

    id: str
    label: str
    shape: Shape
    plan: Plan
    inputs: tuple[Port, ...]
    a: Array
    a1: Array
    da: Array | None
    start: int = 0
    """For an input layer the number of features that the input layers before it take."""
    dz_given: bool = False
    """Whether the loss hands over dz at once, because dz = a − y comes out of the two together."""
    parameters: Mapping[str, Array] = field(default_factory=dict)
    blocks: tuple[Array, ...] = ()
    gradients: Mapping[str, Array] = field(default_factory=dict)
    gradient_blocks: tuple[Array, ...] = ()

    # ---------------------------------------------------------------- arrays and lines

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.plan.examples

    def array(self, name: str, shape: Shape | None = None) -> Array:
        """A new array of the place; by default of the output's shape with the examples last."""
        return self.plan.array(self.id, name, (*self.shape, self.m) if shape is None else shape)

    def known(self, name: str) -> Array:
        """An array that an earlier line of this place made."""
        return self.plan.arrays[self.id, name]

    def forward(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the forward phase."""
        self.plan.line(Phase.FORWARD, self.id, equation, writes, call, *args)

    def backward(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the backward phase."""
        self.plan.line(Phase.BACKWARD, self.id, equation, writes, call, *args)

    @property
    def explains(self) -> bool:
        """Whether lines are wanted that only an explanation needs."""
        return self.plan.explains

    def hand_back(self, port: Port, equation: str, product: Callable[..., object], *args: object) -> None:
        """A line that sends a gradient to an input; ``product(*args, out)`` computes it."""
        if port.da is None:
            return
        if port.first:
            self.backward(equation, "da_prev", product, *args, port.da)
            return
        part = np.zeros_like(port.da)
        self.backward(equation, "da_prev", product, *args, part)
        self.backward(f"{equation}, added", "da_prev", np.add, port.da, part, port.da)

    # ---------------------------------------------------------------- references

    def ref(self, array: str, index: tuple[int, ...], example: int | None = None) -> Ref:
        """A cell of an array of this place, with its symbol: ``W.input`` gives w[1]_{3,2}."""
        head, _, source = array.partition(".")
        letter = spelled(head)
        label = self.label
        if source and len(self.inputs) > 1:
            port = next(each for each in self.inputs if each.source == source)
            label = f"[{self.label[1:-1]},{port.label[1:-1]}]"
        shown = index[:1] if head.endswith("b") else index
        if self.label == "[0]":
            shown = (index[0] + self.start, *index[1:])
            if array == "a":
                letter, label = "x", ""
        elif source:
            port = next(each for each in self.inputs if each.source == source)
            shown = (*index[:-1], index[-1] + port.start)
        return Ref(self.id, array, index, example, letter, label, below(shown))

    def ref_a_prev(self, port: Port, index: tuple[int, ...], example: int) -> Ref:
        """A cell of the output of the layer behind an input; the input layer's output is x."""
        if port.label == "[0]":
            return Ref(port.source, "a", index, example, "x", "", below((index[0] + port.start, *index[1:])))
        return Ref(port.source, "a", index, example, "a", port.label, below(index))


def below(index: tuple[int, ...]) -> str:
    """An index as it is written below a symbol: counted from 1, separated by commas."""
    return ",".join(str(i + 1) for i in index)


_LETTERS = {"W": "w", "dW": "dw", "slope": "g′"}


def spelled(head: str) -> str:
    """The letter of an array's cells.

    ``mean dW`` is ∂J/∂w. ``new W`` is the w after the update, ``new v W`` the optimizer's v of
    it: the blackboard writes ``:=`` and the same letter.
    """
    head = head.removeprefix("new ")
    if head.startswith("mean d"):
        return f"∂J/∂{_LETTERS.get(head[6:], head[6:])}"
    vector, _, _ = head.partition(" ")
    return _LETTERS.get(vector, vector)


__all__ = ["Block", "Moment", "Part", "Place", "Port", "Shape", "below", "spelled", "steps_of_sum"]
