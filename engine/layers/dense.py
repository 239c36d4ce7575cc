"""The dense layer: every unit sees every unit before it, unless a synapse is cut."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, total
from engine.core.knobs import knob
from engine.core.place import (
    Block,
    Index,
    Moment,
    Part,
    Place,
    Port,
    Shape,
    Terms,
    flat,
    positions,
    steps_of_sum,
)
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.activated import ACTIVATED, Activated
from engine.layers.base import layers

SMALL = 4096
"""Up to so many weights the copy that ``dot`` makes of W costs less than to begin a ``matmul``."""

_LETTERS = "jklnopqrstuv"
"""What the index of each input is called in a loop."""


@layers.add("dense")
@dataclass(frozen=True)
class Dense(Activated):
    """``z[l] = W[l] a[l-1] + b[l]``, ``a[l] = g[l](z[l])``.

    W is (n[l], n[l-1]), b (n[l], 1), z and a (n[l], m). With several inputs every one has its
    own matrix and their products are added; the first shares its block with b, so that the bias
    rides along in the matrix product: ``[W | b] [a; 1]``. A cut synapse is a weight held at 0.
    Of a sequence (n, time) every time step goes through the same W and b.

    Backward: ``dz = da ⊙ g'(z)``, ``dW = dz a_prevᵀ``, ``db = Σ dz`` over the examples and time
    steps (plain sums; 1/m comes once, with the finished gradient), ``da_prev = Wᵀ dz``.
    """

    title = "Dense layer"
    summary = "Neurons that are each connected with all neurons of the layer before."
    stem = "hidden"
    starting_units = 3
    takes = (0, None)
    synapses = True
    weighted = True
    rank = 20
    words = {
        **ACTIVATED,
        "z": ("value", "z[l] = W[l] a[l−1] + b[l]", "z = W @ a_prev + b"),
        "da": ("blame", "da[l] = W[l+1]ᵀ dz[l+1]", "da_prev = W.T @ dz"),
    }

    bias: bool = knob(True, "Bias", symbol="b", help="Whether every unit adds a number of its own.")
    initializer: Spec = knob(Spec("glorot"), "First weights", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if any(shape[1:] != inputs[0][1:] for shape in inputs):
            raise DocumentError("The inputs of a dense layer must be of one kind: all vectors, or as long.")
        if inputs and len(inputs[0]) > self._most_axes:
            raise DocumentError("A dense layer takes vectors or sequences; put a flatten layer before it.")
        return (units, *inputs[0][1:]) if inputs else (units,)

    _most_axes = 2

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        n = shape[0]
        fan_in = sum(size for _, (size, *_) in inputs)
        made = []
        for place, (source, (size, *_)) in enumerate(inputs):
            with_bias = self.bias and place == 0
            weights = Part(
                f"W.{source}", (slice(None), slice(0, size)), self.initializer, (id, source), fan_in, n
            )
            bias = Part("b", (slice(None), slice(size, size + 1)), Spec("zeros"), (id, None), bias=True)
            made.append(Block((n, size + with_bias), (weights, bias) if with_bias else (weights,)))
        return (*made, *self.g.blocks(id, shape))

    def forward(self, p: Place) -> None:
        z = self.room_for_z(p)
        for place, port in enumerate(p.inputs):
            block = p.blocks[place]
            a_prev = flat(port.a1 if self.bias and place == 0 else port.a)
            if place == 0:
                p.forward(
                    "z = W a_prev + b" if self.bias else "z = W a_prev", "z", block.dot, a_prev, flat(z)
                )
            else:
                part = p.passing(z.shape)
                p.forward("W a_prev of a further input", "z", block.dot, a_prev, flat(part))
                p.forward("z = z + W a_prev", "z", np.add, z, part, z)
        self.activate(p, z)

    def backward(self, p: Place) -> None:
        dz = flat(self.begin_backward(p))
        for place, port in enumerate(p.inputs):
            if p.learns:
                with_bias = self.bias and place == 0
                a_prev = flat(port.a1 if with_bias else port.a)
                equation = "dW = dz a_prevᵀ, db = Σ dz" if with_bias else "dW = dz a_prevᵀ"
                p.backward(equation, "dW", dz.dot, a_prev.T, p.gradient_blocks[place])
                if port.mask is not None:
                    dW = p.gradients[f"W.{port.source}"]
                    p.backward("dW = dW ⊙ mask", "dW", np.multiply, dW, port.mask, dW)
            W = p.parameters[f"W.{port.source}"]
            if len(port.shape) == 1 and W.size <= SMALL:
                p.hand_back(port, "da_prev = Wᵀ dz", W.T.dot, dz)
            else:
                p.hand_back(port, "da_prev = Wᵀ dz", _product, W.T, dz)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.FORWARD:
            if len(p.shape) == 1:
                for i in range(p.shape[0]):
                    yield Moment("z", (i,), self._steps(p, i))
                    if self.g.elementwise:
                        yield Moment("a", (i,))
                if not self.g.elementwise:
                    yield from (Moment("a", (i,)) for i in range(p.shape[0]))
            else:
                yield from self.activation_steps(p, (("z", self._steps(p, 0)),), "a")
        if phase is Phase.BACKWARD:
            yield from self.backward_steps(p)
            steps = steps_of_sum(math.prod(p.shape[1:]), 0)
            for i in range(p.shape[0]):
                for port in p.inputs:
                    for j in range(port.shape[0]):
                        if port.connects(i, j):
                            yield Moment(f"dW.{port.source}", (i, j), steps)
                if self.bias and p.inputs:
                    yield Moment("db", (i, 0))

    def _steps(self, p: Place, i: int) -> int:
        """In how many steps z of a unit is calculated."""
        synapses = sum(count_of(port, (i, slice(None))) for port in p.inputs)
        return steps_of_sum(synapses, int(self.bias and bool(p.inputs)))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, at = index[0], index[1:]
        match array.split(".", 1):
            case ["z"]:
                terms: list[Expression] = []
                for port in p.inputs:
                    for j in range(port.shape[0]):
                        if port.connects(i, j):
                            weight = p.ref(f"W.{port.source}", (i, j))
                            terms.append(Product((weight, p.ref_a_prev(port, (j, *at), example))))
                if self.bias and p.inputs:
                    terms.append(p.ref("b", (i, 0)))
                return total(*terms)
            case ["dW", source]:
                port = next(each for each in p.inputs if each.source == source)
                if not port.connects(i, index[1]):
                    return Number(0.0)
                return total(
                    *(
                        Product(
                            (p.ref("dz", (i, *at), example), p.ref_a_prev(port, (index[1], *at), example))
                        )
                        for at in positions(p.shape)
                    )
                )
            case ["db"]:
                return total(*(p.ref("dz", (i, *at), example) for at in positions(p.shape)))
        return self.activated_cell(p, array, index, example)

    def loop(self, p: Place, array: str) -> str:
        if array == "db":
            return "db[i, 0] = sum[at, e](dz[i, at, e])"
        several = len(p.inputs) > 1
        names = [(f"_{n}", f"a_{n}") if several else ("", "a_prev") for n in range(1, len(p.inputs) + 1)]
        if array == "z":
            sums = [
                f"sum[{j}](W{n}[i, {j}] * {a}[{j}, at, e])"
                for j, (n, a) in zip(_LETTERS, names, strict=False)
            ]
            return f"z[i, at, e] = {' + '.join([*sums, 'b[i, 0]'])}"
        for port, (n, a) in zip(p.inputs, names, strict=True):
            drawn = "" if port.mask is None else f", where=mask{n}[i, j]"
            if array == f"dW{n}":
                return f"dW{n}[i, j] = sum[at, e](dz[i, at, e] * {a}[j, at, e]{drawn})"
            if array == ("da" if not several else f"da{n}"):
                return f"d{a}[j, at, e] = sum[i](W{n}[i, j] * dz[i, at, e])"
        return super().loop(p, array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        j, at = index[0], index[1:]
        terms = [
            Product((p.ref(f"W.{port.source}", (i, j)), p.ref("dz", (i, *at), example)))
            for i in range(p.shape[0])
            if port.connects(i, j)
        ]
        return total(*terms)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(count_of(port, (slice(None), index[0])) if port.mask is not None else p.shape[0])


def _product(left: Array, right: Array, out: Array) -> object:
    """``left @ right`` into an array that may have more axes than two.

    ``matmul`` takes W as it lies in its block; ``dot``, quicker to begin, would copy it first.
    """
    return np.matmul(left, right, flat(out))


def count_of(port: Port, cells: tuple[int | slice, int | slice]) -> int:
    """How many synapses of a row or column of an input's matrix are there."""
    return port.shape[0] if port.mask is None else int(np.count_nonzero(port.mask[cells]))
