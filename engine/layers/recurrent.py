"""What all recurrent layers share: shapes, weights, the reading direction, and their gradients.

The sequence is read step by step with the same weights at every step. Where arrays are used
within the loop over time they lie as (time, gate, unit, example), one step in one piece; an
explanation sees them as (unit, time, example). This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.core.expressions import Expression, Product, Ref, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Keys, Moment, Part, Place, Port, Shape, Terms, flat, steps_of_sum
from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind
from engine.layers.recurrent_arrays import by_unit
from engine.layers.recurrent_words import W_of, recurrent_loops


@dataclass(frozen=True, slots=True)
class Half:
    """One direction of reading: which units it has, and in which order it takes the time steps.

    ``back`` leads to the step before in reading: t + back.
    """

    number: int
    units: slice
    times: tuple[int, ...]
    back: int

    @property
    def U(self) -> str:
        """The letter of its recurrent weights."""
        return "UV"[self.number]

    def before(self, t: int) -> int | None:
        """The step that is read before step t."""
        return None if t == self.times[0] else t + self.back

    def after(self, t: int) -> int | None:
        """The step that is read after step t."""
        return None if t == self.times[-1] else t - self.back


@dataclass(frozen=True)
class Recurrent(LayerKind):
    """``z_k⟨t⟩ = W_k x⟨t⟩ + U_k a⟨t−1⟩ + b_k`` for every gate k; ``a⟨0⟩ = 0``.

    x is (n, T, m), a (H, T, m), W_k (H, n), U_k (H, H), b_k (H, 1). Bidirectional: the output is
    (2H, T, m); its first H units read forward, the others backward with weights of their own: W_k
    is (2H, n), b_k (2H, 1), U_k (H, H) belongs to the forward half and V_k (H, H) to the backward
    one.
    """

    group = "Sequences"
    starting_units = 8
    gates: ClassVar[tuple[str, ...]] = ("",)
    """What follows the letters W, U, b and z of each gate, as a book lists them."""
    rows: ClassVar[tuple[str, ...]] = ("",)
    """The gates in the order in which their weights W and b lie in memory."""
    recurrent_rows: ClassVar[tuple[str, ...]] = ("",)
    """The gates in the order in which their weights U lie in memory."""

    bidirectional: bool = knob(
        False, "Bidirectional", help="A second half of as many units reads the sequence from its end."
    )
    initializer: Spec = knob(Spec("glorot"), "First weights W", family="initializer")
    recurrent_initializer: Spec = knob(Spec("orthogonal"), "First weights U", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 2:
            raise DocumentError(
                "A recurrent layer reads a sequence (features, time): give the input a shape such as 8×20."
            )
        return (units * (1 + self.bidirectional), inputs[0][1])

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        if self.bidirectional and shape[0] == 2 * len(units):
            return tuple((unit, half) for half in (0, 1) for unit in units)
        return super().keys(units, shape, inputs)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        source, (n, _) = inputs[0]
        every, halves, G = slice(None), 1 + self.bidirectional, len(self.rows)
        H = shape[0] // halves
        wide, tall = [], []
        for name in self.gates:
            row = self.rows.index(name)
            wide += [
                Part(
                    f"{W_of(name)}.{source}", (row, every, slice(0, n)), self.initializer, (id, source), n, H
                ),
                Part(f"b{name}", (row, every, slice(n, n + 1)), self.first_bias(name), (id, None), bias=True),
            ]
            row = self.recurrent_rows.index(name)
            tall += [
                Part(f"{'UV'[d]}{name}", (d, row), self.recurrent_initializer, (id, id), H, H)
                for d in range(halves)
            ]
        return Block((G, shape[0], n + 1), tuple(wide)), Block((halves, G, H, H), tuple(tall))

    def first_bias(self, gate: str) -> Spec:
        """How the bias of a gate starts."""
        return Spec("zeros")

    # ---------------------------------------------------------------- lines

    def halves(self, p: Place) -> tuple[Half, ...]:
        """The directions of reading."""
        n, T = p.shape
        forward = tuple(range(T))
        if not self.bidirectional:
            return (Half(0, slice(0, n), forward, -1),)
        return (Half(0, slice(0, n // 2), forward, -1), Half(1, slice(n // 2, n), forward[::-1], 1))

    def read(self, p: Place, weights: Array, gates: Array) -> Array:
        """The line for ``W x + b`` of all gates at all steps: (T, gates, units, m).

        It stands where the gates will, which the loop over time calculates from it, unless someone
        wants to look at both.
        """
        n, T = p.shape
        G, x = len(weights), p.inputs[0].a1
        wx = p.scratch(gates.shape) if p.explains else gates
        line = (weights.reshape(G * n, -1), x.transpose(1, 0, 2), wx.reshape(T, G * n, p.m))
        p.forward("z = W x + b at all steps", "z", np.matmul, *line)
        return wx

    def hand_on(self, p: Place, h: Array) -> None:
        """The line from the state (T, units, m) to a (units, T, m)."""
        p.forward("a⟨t⟩ = h⟨t⟩", "a", np.copyto, p.a, by_unit(h))

    def input_gradients(self, p: Place, dz: Array) -> None:
        """The lines from dz (gates, units, T, m) to dW, db and the input's da."""
        port, rows = p.inputs[0], len(dz) * p.shape[0]
        every = dz.reshape(rows, -1)
        if p.learns:
            out = p.gradient_blocks[0].reshape(rows, -1)
            p.backward("dW = Σ dz xᵀ, db = Σ dz over t", "dW", every.dot, flat(port.a1).T, out)
        W = p.blocks[0].reshape(rows, -1)[:, : port.shape[0]]
        p.hand_back(port, "da_prev = Wᵀ dz", _product, W.T, every)

    def shifted(self, p: Place, values: Array, room: Array) -> Array:
        """The lines for what a state (units, T, m) was one step before in reading.

        It is written over ``room``, an array of as many numbers that nobody needs any more.
        """
        made = room.reshape(values.shape)
        for half in self.halves(p):
            late, early = (slice(1, None), slice(None, -1))[:: -half.back]
            here = made[half.units]
            line = here[:, late], values[half.units, early], here[:, half.times[0]]
            p.backward("the state at t − 1", "a", _shift, *line)
        return made

    def state_gradients(self, p: Place, dz: Array, factor: Array, rows: slice) -> None:
        """The lines for dU = Σ dz a⟨t−1⟩ᵀ over the steps, of some rows of U."""
        if not p.learns:
            return
        G, n, *_ = dz.shape
        for half in self.halves(p):
            out = p.gradient_blocks[1][half.number, rows]
            right = flat(factor[half.units]).T
            if self.bidirectional:
                gates = dz[:, half.units].reshape(G, n // 2, -1)
                p.backward("dU = Σ dz a⟨t−1⟩ᵀ over t", "dU", np.matmul, gates, right, out)
            else:
                left = dz.reshape(G * n, -1)
                p.backward("dU = Σ dz a⟨t−1⟩ᵀ over t", "dU", left.dot, right, out.reshape(G * n, n))

    # ---------------------------------------------------------------- explanation

    def half(self, p: Place, k: int) -> Half:
        """The direction that a unit of the output belongs to."""
        halves = self.halves(p)
        return halves[k // (p.shape[0] // len(halves))]

    def from_input(self, p: Place, gate: str, at: Index, example: int) -> list[Expression]:
        """The products of ``W x``."""
        (k, t), port = at, p.inputs[0]
        W = f"{W_of(gate)}.{port.source}"
        return [
            Product((p.ref(W, (k, j)), p.ref_a_prev(port, (j, t), example))) for j in range(port.shape[0])
        ]

    def from_state(
        self, p: Place, gate: str, at: Index, example: int, state: str = "a", same: bool = False
    ) -> list[Expression]:
        """The products of ``U a⟨t−1⟩``, or with ``same`` of U and a state at t; none at the first step."""
        k, t = at
        half = self.half(p, k)
        before, first = half.before(t), half.units.start
        if before is None:
            return []
        U, when = half.U + gate, t if same else before
        return [
            Product((p.ref(U, (k - first, j)), p.ref(state, (first + j, when), example)))
            for j in range(half.units.stop - first)
        ]

    def to_state(
        self, p: Place, gates: Sequence[tuple[str, str]], at: Index, t: int | None, example: int
    ) -> list[Expression]:
        """The products of ``Uᵀ dz`` of some pairs (gate, array of its dz) at step t."""
        k, half = at[0], self.half(p, at[0])
        if t is None:
            return []
        first = half.units.start
        return [
            Product((p.ref(half.U + gate, (i, k - first)), p.ref(dz, (first + i, t), example)))
            for gate, dz in gates
            for i in range(half.units.stop - first)
        ]

    def earlier(self, p: Place, array: str, at: Index, example: int) -> Ref | None:
        """A cell at the step read before; ``None`` at the first, where it is 0."""
        before = self.half(p, at[0]).before(at[1])
        return None if before is None else p.ref(array, (at[0], before), example)

    def later(self, p: Place, array: str, at: Index, example: int) -> Ref | None:
        """A cell at the step read after; ``None`` at the last."""
        after = self.half(p, at[0]).after(at[1])
        return None if after is None else p.ref(array, (at[0], after), example)

    def share(
        self,
        p: Place,
        array: str,
        index: Index,
        example: int,
        dz: str = "",
        state: str = "",
        same: bool = False,
    ) -> Expression:
        """One example's share of dW, dU, dV or db: a sum over the steps.

        Raises ``KeyError`` for another array.
        """
        head = array.partition(".")[0]
        letter, gate = head[:2], "" if head == "dWx" else head[2:]
        if gate not in self.gates or letter not in {"dW", "dU", "dV", "db"}:
            raise KeyError(array)
        name, times = dz or f"dz{gate}", range(p.shape[1])
        if letter == "db":
            return total(*(p.ref(name, (index[0], t), example) for t in times))
        i, j = index
        if letter == "dW":
            x = [p.ref_a_prev(p.inputs[0], (j, t), example) for t in times]
            return total(*(Product((p.ref(name, (i, t), example), x[t])) for t in times))
        half = self.halves(p)["UV".index(letter[1])]
        i, j = i + half.units.start, j + half.units.start
        terms: list[Expression] = []
        for t in half.times:
            before = half.before(t)
            if before is not None:
                a = p.ref(state or "a", (j, t if same else before), example)
                terms.append(Product((p.ref(name, (i, t), example), a)))
        return total(*terms)

    def sum_steps(self, p: Place, first: bool, state: bool = True) -> int:
        """In how many steps ``W x + U a + b`` is calculated."""
        H = p.shape[0] // (1 + self.bidirectional)
        return steps_of_sum(p.inputs[0].shape[0] + H * (state and not first), 1)

    def gradient_moments(self, p: Place) -> Iterator[Moment]:
        """The gradients of all parameters, gate by gate."""
        n, T = p.shape
        H, source = n // (1 + self.bidirectional), p.inputs[0].source
        for gate in self.gates:
            for i in range(n):
                for j in range(p.inputs[0].shape[0]):
                    yield Moment(f"d{W_of(gate)}.{source}", (i, j), steps_of_sum(T, 0))
            for half in self.halves(p):
                for at in np.ndindex(H, H):
                    yield Moment(f"d{half.U}{gate}", at, steps_of_sum(T - 1, 0))
            for i in range(n):
                yield Moment(f"db{gate}", (i, 0))

    def loop(self, p: Place, array: str) -> str:
        if self.bidirectional or len(p.inputs) > 1:
            return ""
        return recurrent_loops(self.gates).get(array, "") if array not in self.loops else self.loops[array]

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"last": p.shape[1] - 1}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        j, t = index
        return total(
            *(
                Product((p.ref(f"{W_of(gate)}.{port.source}", (i, j)), p.ref(f"dz{gate}", (i, t), example)))
                for gate in self.gates
                for i in range(p.shape[0])
            )
        )

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(len(self.gates) * p.shape[0])


def _shift(late: Array, early: Array, first: Array) -> None:
    np.copyto(late, early)
    first.fill(0.0)


def _product(left: Array, right: Array, out: Array) -> object:
    return left.dot(right, flat(out))
