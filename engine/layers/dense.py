"""The dense layer: every unit sees every unit before it, unless a synapse is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations import Activation, activations
from engine.core.expressions import Expression, Number, Product, Ref, total
from engine.core.knobs import knob
from engine.core.place import Block, Moment, Part, Place, Port, Shape, steps_of_sum
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers


@layers.add("dense")
@dataclass(frozen=True)
class Dense(LayerKind):
    """``z[l] = W[l] a[l-1] + b[l]``, ``a[l] = g[l](z[l])``.

    W is (n[l], n[l-1]), b (n[l], 1), z and a (n[l], m). With several inputs every one has its
    own matrix and their products are added; the first shares its block with b, so that the bias
    rides along in the matrix product: ``[W | b] [a; 1]``. A cut synapse is a weight held at 0.

    Backward: ``dz = da ⊙ g'(z)``, ``dW = dz a_prevᵀ``, ``db = Σ dz`` over the examples (plain
    sums; 1/m comes once, with the finished gradient), ``da_prev = Wᵀ dz``.
    """

    title = "Dense layer"
    summary = "Neurons that are each connected with all neurons of the layer before."
    stem = "hidden"
    starting_units = 3
    rank = 20

    activation: Spec = knob(Spec("tanh"), "Activation", family="activation", symbol="g")
    bias: bool = knob(True, "Bias", symbol="b", help="Whether every unit adds a number of its own.")
    initializer: Spec = knob(Spec("glorot"), "First weights", family="initializer")

    @property
    def g(self) -> Activation:
        """The activation function."""
        return activations.make(self.activation)

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if any(len(shape) != 1 for shape in inputs):
            raise DocumentError("A dense layer takes vectors; put a flatten layer before it.")
        return (units,)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        (n,) = shape
        fan_in = sum(size for _, (size, *_) in inputs)
        made = []
        for place, (source, (size, *_)) in enumerate(inputs):
            with_bias = self.bias and place == 0
            weights = Part(
                f"W.{source}", (slice(None), slice(0, size)), self.initializer, (id, source), fan_in, n
            )
            bias = Part("b", (slice(None), slice(size, size + 1)), Spec("zeros"), (id, None), bias=True)
            made.append(Block((n, size + with_bias), (weights, bias) if with_bias else (weights,)))
        return tuple(made)

    def forward(self, p: Place) -> None:
        z = p.array("z")
        for place, port in enumerate(p.inputs):
            block = p.blocks[place]
            a_prev = port.a1 if self.bias and place == 0 else port.a
            if place == 0:
                p.forward("z = W a_prev + b" if self.bias else "z = W a_prev", "z", block.dot, a_prev, z)
            else:
                part = np.zeros_like(z)
                p.forward("W a_prev of a further input", "z", block.dot, a_prev, part)
                p.forward("z = z + W a_prev", "z", np.add, z, part, z)
        self.g.forward(p, z, p.a)

    def backward(self, p: Place) -> None:
        z, dz = p.known("z"), p.known("dz") if p.dz_given else p.array("dz")
        if p.explains:
            self.g.explain(p, z)
        if not p.dz_given:
            assert p.da is not None
            self.g.backward(p, z, p.a, p.da, dz)
        for place, port in enumerate(p.inputs):
            with_bias = self.bias and place == 0
            a_prev = port.a1 if with_bias else port.a
            gradient = p.gradient_blocks[place]
            equation = "dW = dz a_prevᵀ, db = Σ dz" if with_bias else "dW = dz a_prevᵀ"
            p.backward(equation, "dW", dz.dot, a_prev.T, gradient)
            if port.mask is not None:
                dW = p.gradients[f"W.{port.source}"]
                p.backward("dW = dW ⊙ mask", "dW", np.multiply, dW, port.mask, dW)
            W = p.parameters[f"W.{port.source}"]
            p.hand_back(port, "da_prev = Wᵀ dz", W.T.dot, dz)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        n = range(p.shape[0])
        if phase is Phase.FORWARD:
            yield from self._in_order(p, n, ("z",), ("a",))
        if phase is Phase.BACKWARD:
            yield from self._in_order(p, n, ("da",), ("slope", "dz") if self.g.elementwise else ("dz",))
            for i in n:
                for port in p.inputs:
                    for j in range(port.shape[0]):
                        if connected(port, i, j):
                            yield Moment(f"dW.{port.source}", (i, j))
                if self.bias and p.inputs:
                    yield Moment("db", (i, 0))

    def _in_order(
        self, p: Place, units: range, first: tuple[str, ...], then: tuple[str, ...]
    ) -> Iterator[Moment]:
        """Unit by unit; where the activation needs all units (softmax), ``first`` for all of them before."""
        groups = [(*first, *then)] if self.g.elementwise else [first, then]
        for arrays in groups:
            for i in units:
                for array in arrays:
                    yield Moment(array, (i,), self._steps(p, array, i))

    def _steps(self, p: Place, array: str, i: int) -> int | None:
        """In how many steps a cell is calculated; the layers behind know how many send a da."""
        if array == "z":
            synapses = sum(count_of(port, (i, slice(None))) for port in p.inputs)
            return steps_of_sum(synapses, int(self.bias and bool(p.inputs)))
        return None if array == "da" else 1

    def cell(self, p: Place, array: str, index: tuple[int, ...], example: int) -> Expression:
        i = index[0]
        match array.split(".", 1):
            case ["z"]:
                terms: list[Expression] = []
                for port in p.inputs:
                    for j in range(port.shape[0]):
                        if connected(port, i, j):
                            weight = p.ref(f"W.{port.source}", (i, j))
                            terms.append(Product((weight, p.ref_a_prev(port, (j,), example))))
                if self.bias and p.inputs:
                    terms.append(p.ref("b", (i, 0)))
                return total(*terms)
            case ["a"]:
                return self.g.cell(self._each(p, "z", example), i)
            case ["slope"]:
                return self.g.slope(p.ref("z", (i,), example), p.ref("a", (i,), example))
            case ["dz"]:
                da, a = self._each(p, "da", example), self._each(p, "a", example)
                return self.g.delta(da, a, self._each(p, "slope", example), i)
            case ["dW", source]:
                port = next(each for each in p.inputs if each.source == source)
                if not connected(port, i, index[1]):
                    return Number(0.0)
                return Product((p.ref("dz", (i,), example), p.ref_a_prev(port, (index[1],), example)))
            case ["db"]:
                return p.ref("dz", (i,), example)
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: tuple[int, ...], example: int) -> Expression:
        (j,) = index
        terms = [
            Product((p.ref(f"W.{port.source}", (i, j)), p.ref("dz", (i,), example)))
            for i in range(p.shape[0])
            if connected(port, i, j)
        ]
        return total(*terms)

    def sends(self, p: Place, port: Port, index: tuple[int, ...]) -> int:
        return count_of(port, (slice(None), index[0])) if port.mask is not None else p.shape[0]

    def _each(self, p: Place, array: str, example: int) -> list[Ref]:
        return [p.ref(array, (i,), example) for i in range(p.shape[0])]


def connected(port: Port, i: int, j: int) -> bool:
    """Whether the synapse from unit j of the input to unit i is there."""
    return port.mask is None or bool(port.mask[i, j])


def count_of(port: Port, cells: tuple[int | slice, int | slice]) -> int:
    """How many synapses of a row or column of an input's matrix are there."""
    return port.shape[0] if port.mask is None else int(np.count_nonzero(port.mask[cells]))
