"""The embedding: a vector of its own for every symbol."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Part, Place, Port, Shape, Terms, flat
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers
from engine.layers.copies import nothing


@layers.add("embedding")
@dataclass(frozen=True)
class Embedding(LayerKind):
    """``a_t = W e_(x_t)``: column x_t of W, which is W times the one-hot vector of symbol x_t.

    x (T, m) holds numbers of symbols counted from 0, W is (d, vocabulary), a (d, T, m). Backward:
    ``dW = Σ da_t e_(x_t)ᵀ`` over the positions and examples: a symbol's column gathers the gradients of
    all places where the symbol stands. A number of a symbol gets no gradient.

    A number is rounded to the nearest whole one. One outside the vocabulary counts as its first or
    last symbol, whichever is nearer, and what is not a number as the first.
    """

    title = "Embedding"
    summary = "Gives every symbol a vector of its own, which is learned."
    stem = "embedding"
    group = "Sequences"
    starting_units = 8
    symbolic = True
    rank = 50
    loops = {
        "a": "a[i, t, e] = W[i, int(a_prev[t, e])]",
        "dW": "dW[i, s] = sum[t, e](da[i, t, e], where=int(a_prev[t, e]) == s)",
        "da": "da_prev[t, e] = 0.0",
    }
    words = {
        "a": ("look-up", "a_t = W e_(x_t)", "a = W[:, x]"),
        "da": ("blame", "a number of a symbol has no gradient", "pass"),
        "dW": ("gradient", "dW = Σ da_t e_(x_t)ᵀ", "dW = da @ one_hot(x).T"),
    }

    vocabulary: int = knob(10, "Vocabulary", minimum=1, maximum=100_000, help="How many symbols there are.")
    initializer: Spec = knob(Spec("normal"), "First weights", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 1:
            raise DocumentError("An embedding takes a vector of symbol numbers; connect it to an input.")
        return (units, *inputs[0])

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        d, size = shape[0], self.vocabulary
        whole = (slice(None), slice(None))
        return (Block((d, size), (Part("W", whole, self.initializer, (id, None), size, d),)),)

    def forward(self, p: Place) -> None:
        x, W, a = p.inputs[0].a.reshape(-1), p.blocks[0], flat(p.a)
        numbers = p.passing(x.shape)
        codes = p.work["codes"] = np.zeros(x.size, np.intp)
        p.forward("x, rounded and within the vocabulary", "a", self._read, x, numbers)
        p.forward("x as whole numbers", "a", _whole, numbers, codes)
        p.forward("a_t = W e_(x_t)", "a", lambda: np.take(W, codes, axis=1, out=a, mode="clip"))

    def _read(self, x: Array, numbers: Array) -> None:
        """Whole numbers from 0 to the last symbol; fmax makes 0 of what is not a number."""
        np.rint(x, numbers)
        np.fmax(numbers, 0.0, numbers)
        np.fmin(numbers, self.vocabulary - 1.0, numbers)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        if p.learns:
            self._learn(p, flat(p.da), p.gradient_blocks[0])
        if p.inputs[0].first:
            p.hand_back(p.inputs[0], "a symbol has no gradient", nothing)

    def _learn(self, p: Place, da: Array, dW: Array) -> None:
        """Lines for the gradient: every number of da is added to its cell of dW."""
        rows = np.arange(0, dW.size, self.vocabulary)[:, None]
        cells = p.passing(da.shape, dtype=np.intp)
        p.backward("the cells that da_t belongs to", "dW", np.add, rows, p.work["codes"], cells)
        p.backward("dW = Σ da_t e_(x_t)ᵀ", "dW", _gathered, da.reshape(-1), cells.reshape(-1), dW.reshape(-1))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.FORWARD:
            for t in range(p.shape[1]):
                yield from (Moment("a", (i, t)) for i in range(p.shape[0]))
        if phase is Phase.BACKWARD:
            for t in range(p.shape[1]):
                yield from (Moment("da", (i, t), None) for i in range(p.shape[0]))
            yield from (Moment("dW", index) for index in np.ndindex(p.shape[0], self.vocabulary))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, at = index
        if array == "a":
            return p.ref("W", (i, self._codes(p, example)[at]))
        if array == "dW":
            codes = self._codes(p, example)
            return total(*(p.ref("da", (i, t), example) for t, code in enumerate(codes) if code == at))
        raise KeyError(array)

    def _codes(self, p: Place, example: int) -> list[int]:
        """The symbols of an example."""
        x = p.inputs[0].a[:, example]
        numbers = np.zeros(x.shape)
        self._read(x, numbers)
        return [int(number) for number in numbers]

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return Number(0.0)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms()


def _whole(numbers: Array, codes: Array) -> None:
    np.copyto(codes, numbers, casting="unsafe")


def _gathered(da: Array, cells: Array, out: Array) -> None:
    out.fill(0.0)
    np.add.at(out, cells, da)
