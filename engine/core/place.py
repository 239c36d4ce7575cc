"""A place: one layer of the document within one network, as the layer itself sees it.

It hands the layer its arrays by the lecture's names, takes the lines of the layer's forward and
backward into the plan, and makes the references that explanations are built of.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from engine.core.expressions import Ref
from engine.core.memory import ALIGNED
from engine.core.plan import Array, Phase, Plan
from engine.core.spec import Spec

Shape = tuple[int, ...]
Index = tuple[int, ...]
Unit = int | tuple["Unit", int]
"""The stable key of a unit: its own, or for one cell of a flattened channel (key, place)."""
Keys = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One named parameter within a block, e.g. b as the last column of [W | b].

    ``axes`` names for each axis the layer whose units it counts (``None`` for an axis that
    counts none): an edit uses it to keep the weights of the units that stay. ``shape`` is how
    the region is read where that is not as it lies: a kernel (filters, channels, 3, 3).
    """

    name: str
    region: tuple[slice | int, ...]
    start: Spec
    axes: tuple[str | None, ...]
    fan_in: int = 1
    fan_out: int = 1
    bias: bool = False
    shape: Shape = ()

    def seen_in(self, block: Array) -> Array:
        """The part as a view of its block."""
        view = block[self.region]
        return view.reshape(self.shape) if self.shape else view


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the flat parameter vector with a shape, seen through its parts.

    What is not ``learned`` is kept with the parameters but no gradient moves it: the running
    mean of a batch normalisation, the signs of a McCulloch-Pitts neuron.
    """

    shape: Shape
    parts: tuple[Part, ...]
    learned: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """One number of a walkthrough: which cell comes next, and in how many steps.

    ``steps`` is ``None`` where it must be counted: for a gradient that arrives from the layers
    behind, because they know, and for a sum whose length the layer does not say in advance.
    """

    array: str
    index: Index
    steps: int | None = 1


class Terms(NamedTuple):
    """Of what a sum is made: products of two numbers, and other terms.

    A ``whole`` one has a product of more than numbers in it and is calculated in one step.
    """

    products: int = 0
    others: int = 0
    whole: bool = False


WHOLE = Terms(whole=True)
HANDED_ON = Terms(others=1)
"""A single number as it is, or one formula that is no product."""


def steps_of_sum(products: int, others: int) -> int:
    """In how many steps a sum is calculated: each product, their sum, then each other term."""
    if products == 0 or products + others == 1:
        return 1
    return products + others + (others == 0 or products > 1)


def positions(shape: Shape) -> Iterator[Index]:
    """Every place within one example beyond the first axis: time steps, pixels; () for a vector."""
    return product(*map(range, shape[1:]))


def flat(array: Array) -> Array:
    """An array (n, ..., m) as a matrix (n, positions · m), without a copy."""
    return array if array.ndim == 2 else array.reshape(array.shape[0], -1)


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
    letter: str = "a"
    """How the cells of its output are called: x for an input layer."""
    behind: Place | None = None
    """The layer it comes from, where that takes part in the calculation."""

    def connects(self, i: int, j: int) -> bool:
        """Whether the synapse from unit j of the input to unit i is there."""
        return self.mask is None or bool(self.mask[i, j])


@dataclass(frozen=True, slots=True)
class _Spelling:
    """How the cells of one array are written: letter, layer, and what becomes of the index."""

    letter: str
    label: str
    column: bool
    start: int
    timed: bool


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
    letter: str = "a"
    """How the cells of its output are called: x for an input layer."""
    letters: Mapping[str, str] = field(default_factory=dict)
    """How the kind calls the cells of its other arrays, where that is not their name."""
    timed: frozenset[str] = frozenset()
    """The kind's arrays whose last index is the time, where the output is a sequence."""
    learns: bool = True
    """Whether its parameters are to be learned: if not, no lines for their gradients are needed."""
    dz_given: bool = False
    """Whether the loss hands over dz at once, because dz = a − y comes out of the two together."""
    parameters: Mapping[str, Array] = field(default_factory=dict)
    blocks: tuple[Array, ...] = ()
    gradients: Mapping[str, Array] = field(default_factory=dict)
    gradient_blocks: tuple[Array, ...] = ()
    pooled: int = 1
    """How wide the windows are whose largest z a pooling behind it can take instead of a; 1 if none can."""
    work: dict[str, Any] = field(default_factory=dict)
    """What a kind's forward keeps for its backward, beside the named arrays."""
    _spellings: dict[str, _Spelling] = field(default_factory=dict)

    # ---------------------------------------------------------------- arrays and lines

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.plan.examples

    @property
    def training(self) -> bool:
        """Whether the plan is to learn from, or only predicts."""
        return self.plan.training

    @property
    def merged(self) -> bool:
        """Whether the pooling behind it does so, which leaves this place without a and da of its own."""
        return self.pooled > 1 and self.plan.memory is not None

    @property
    def explains(self) -> bool:
        """Whether lines are wanted that only an explanation needs."""
        return self.plan.explains

    def array(self, name: str, shape: Shape | None = None) -> Array:
        """A new array of the place; by default of the output's shape with the examples last."""
        return self.plan.array(self.id, name, self._shape(shape))

    def name(self, name: str, view: Array) -> Array:
        """Enter a view of some array under a name, with the examples last."""
        self.plan.arrays[self.id, name] = view
        return view

    def known(self, name: str) -> Array:
        """An array that an earlier line of this place made."""
        return self.plan.arrays[self.id, name]

    def scratch(self, shape: Shape) -> Array:
        """An array of zeros that no explanation shows, with memory of its own for good."""
        size = math.prod(shape) * self.plan.dtype.itemsize
        whole = np.zeros(size + ALIGNED, np.uint8)
        start = -whole.ctypes.data % ALIGNED
        return whole[start : start + size].view(self.plan.dtype).reshape(shape)

    def passing(self, shape: Shape | None = None, name: str = "", dtype: type | None = None) -> Array:
        """An array that is in use only within the forward, or the backward, that asks for it.

        In a plan to learn from it shares its memory: whatever it holds at first is not known, and
        every cell must be written before it is read. The shape is by default the output's; with a
        name it is entered as ``array`` does.
        """
        return self._named(name, self.plan.passing(self._shape(shape), dtype))

    def kept(self, shape: Shape | None = None, name: str = "", dtype: type | None = None) -> Array:
        """Like ``passing``, but in use from this forward to the end of the place's own backward."""
        return self._named(name, self.plan.kept(self._shape(shape), self.id, dtype))

    def _shape(self, shape: Shape | None) -> Shape:
        return (*self.shape, self.m) if shape is None else shape

    def _named(self, name: str, array: Array) -> Array:
        return self.name(name, array) if name else array

    def forward(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the forward phase."""
        self.plan.line(Phase.FORWARD, self.id, equation, writes, call, *args)

    def backward(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the backward phase."""
        self.plan.line(Phase.BACKWARD, self.id, equation, writes, call, *args)

    def update(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the update phase, for what is kept but not learned by a gradient."""
        self.plan.line(Phase.UPDATE, self.id, equation, writes, call, *args)

    def draw(self, writes: str, draw: Callable[[np.random.Generator], object]) -> None:
        """A line of the forward phase that draws at random, the same for the same seed and update."""
        self.plan.draw(Phase.FORWARD, self.id, writes, draw)

    def hand_back(self, port: Port, equation: str, product: Callable[..., object], *args: object) -> None:
        """A line that sends a gradient to an input; ``product(*args, out)`` computes all of ``out``."""
        if port.da is None:
            return
        if port.first:
            self.backward(equation, "da_prev", product, *args, port.da)
            return
        part = self.passing(port.da.shape)
        self.backward(equation, "da_prev", product, *args, part)
        self.backward(f"{equation}, added", "da_prev", np.add, port.da, part, port.da)

    # ---------------------------------------------------------------- references

    def ref(self, array: str, index: Index, example: int | None = None) -> Ref:
        """A cell of an array of this place, with its symbol: ``W.input`` gives w[1]_{3,2}."""
        spelling = self._spellings.get(array)
        if spelling is None:
            spelling = self._spellings[array] = self._spelling(array)
        shown = index[:1] if spelling.column else index
        if self.start:
            shown = (index[0] + self.start, *index[1:])
        elif spelling.start and len(index) > 1:
            shown = (index[0], index[1] + spelling.start, *index[2:])
        if spelling.timed and example is not None:
            return _at_time(Ref(self.id, array, index, example, spelling.letter, spelling.label), shown)
        return Ref(self.id, array, index, example, spelling.letter, spelling.label, below(shown))

    def _spelling(self, array: str) -> _Spelling:
        head, _, source = array.partition(".")
        letter, label, start = spelled(head, self.letters), self.label, 0
        if array in {"a", "da"} and self.letter != "a":
            letter, label = ("d" if array == "da" else "") + self.letter, ""
        if source:
            port = next(each for each in self.inputs if each.source == source)
            start = port.start
            if len(self.inputs) > 1:
                label = f"[{self.label[1:-1]},{port.label[1:-1]}]"
        timed = len(self.shape) == 2 and (head in _OUTPUTS or head.removeprefix("d") in self.timed)
        return _Spelling(letter, label, self._column(head), start, timed)

    def _column(self, head: str) -> bool:
        """Whether an array is of a parameter (n, 1), like b: its column goes without saying."""
        name = head.rpartition(" ")[2]
        for each in (name, name.removeprefix("d")):
            if each in self.parameters:
                return self.parameters[each].shape[1:] == (1,)
        return False

    def ref_a_prev(self, port: Port, index: Index, example: int) -> Ref:
        """A cell of the output of the layer behind an input; the input layer's output is x."""
        label = port.label if port.letter == "a" else ""
        shown = (index[0] + port.start, *index[1:])
        ref = Ref(port.source, "a", index, example, port.letter, label)
        if len(port.shape) == 2:
            return _at_time(ref, shown)
        return Ref(port.source, "a", index, example, port.letter, label, below(shown))


_OUTPUTS = frozenset({"a", "z", "da", "dz", "slope"})
"""Arrays of the output's shape: of a sequence their last axis is the time."""


def _at_time(ref: Ref, shown: Index) -> Ref:
    """The reference with the time in angle brackets above: a[1]⟨3⟩_2."""
    above = f"{ref.layer}⟨{shown[-1] + 1}⟩"
    return Ref(ref.owner, ref.array, ref.index, ref.example, ref.letter, above, below(shown[:-1]))


def below(index: Index) -> str:
    """An index as it is written below a symbol: counted from 1, separated by commas."""
    return ",".join(str(i + 1) for i in index)


_GRADIENTS = {"mean d": "∂J/∂", "whole d": "∂(J+R)/∂", "clipped d": "g∂"}
"""The gradient of a parameter on its way from the mean over the batch to the step."""

_LETTERS = {"W": "w", "slope": "g′"}


def spelled(head: str, letters: Mapping[str, str] | None = None) -> str:
    """The letter of an array's cells; ``letters`` are those that a kind has of its own.

    ``mean dW`` is ∂J/∂w. ``new W`` is the w after the update, ``new v W`` the optimizer's v of
    it: the blackboard writes ``:=`` and the same letter.
    """
    known = {**_LETTERS, **letters} if letters else _LETTERS
    head = head.removeprefix("new ")
    for stage, written in _GRADIENTS.items():
        if head.startswith(stage):
            name = head.removeprefix(stage)
            return f"{written}{known.get(name, name)}"
    vector, _, of = head.partition(" ")
    if not of and vector.startswith("d") and vector[1:] in known and vector not in known:
        return f"d{known[vector[1:]]}"
    return known.get(vector, vector)


__all__ = [
    "Block",
    "Index",
    "Keys",
    "Moment",
    "Part",
    "Place",
    "Port",
    "Shape",
    "Unit",
    "below",
    "flat",
    "positions",
    "spelled",
    "steps_of_sum",
]
