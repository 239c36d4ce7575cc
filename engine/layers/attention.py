"""Multi-head attention: every position asks, others answer with a share of what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Part, Place, Port, Shape, Terms, flat, steps_of_sum
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.attention_cells import Cells, Roles
from engine.layers.base import LayerKind, layers
from engine.layers.copies import nothing
from engine.layers.heads import as_sequence, attend, attend_backward

MOST_SHARES = 4_000_000
"""An attention that has more shares than this for one example is refused before any memory is taken."""


@layers.add("attention")
@dataclass(frozen=True)
class Attention(LayerKind):
    """``Q = W_Q x + b_Q``, ``K = W_K x' + b_K``, ``V = W_V x' + b_V``, and for each of the h heads

    ``S = Qᵀ K / √(d/h)``, ``A = softmax(S)`` over the keys, ``O = V Aᵀ``; then ``a = W_O O + b_O``.

    x is (d, T_q, m); x' is x itself (self-attention) or, with two inputs, the second one
    (d', T_k, m) (cross-attention). A head owns d/h rows of Q, K, V and O, which are (d, T, m); S and
    A are (h, T_q, T_k, m), and every row of A adds up to 1. W_Q and W_O are (d, d), W_K and W_V
    (d, d'), the biases (d, 1).

    A key j is hidden from query i, its share exactly 0, where j > i if the attention is causal, and
    where the mask is 0: a further input (T_k,) with 0 for padding. A query that sees no key at all
    gets no shares, and a = b_O there.

    Backward: ``dO = W_Oᵀ da``; in each head ``dV = dO A``, ``dA = dOᵀ V``,
    ``dS = A ⊙ (dA − Σ A ⊙ dA)`` with the sum over the keys, ``dQ = K dSᵀ / √(d/h)``,
    ``dK = Q dS / √(d/h)``; ``dW_Q = dQ xᵀ``, ``db_Q = Σ dQ`` and so on;
    ``dx = W_Qᵀ dQ + W_Kᵀ dK + W_Vᵀ dV``.

    Vaswani et al., "Attention is all you need", 2017; the conventions are those of PyTorch's
    MultiheadAttention.
    """

    title = "Attention"
    summary = "Every position asks all others, and takes from each a share of what it holds."
    stem = "attention"
    group = "Attention"
    sized = False
    takes = (1, 3)
    rank = 60
    timed = frozenset({"Q", "K", "V", "O"})
    letters = {
        "Q": "q", "K": "k", "V": "v", "S": "s", "O": "o",
        "WQ": "wQ", "WK": "wK", "WV": "wV", "WO": "wO",
    }  # fmt: skip
    loops = {
        "Q": "Q[r, t, e] = sum[c](WQ[r, c] * a_prev[c, t, e]) + bQ[r, 0]",
        "K": "K[r, t, e] = sum[c](WK[r, c] * a_prev[c, t, e]) + bK[r, 0]",
        "V": "V[r, t, e] = sum[c](WV[r, c] * a_prev[c, t, e]) + bV[r, 0]",
        "S": "S[h, i, j, e] = sum[c:w](Q[h * w + c, i, e] * K[h * w + c, j, e]) / sqrt(w)",
        "A": "A[h, i, j, e] = exp(S[h, i, j, e]) / sum[n](exp(S[h, i, n, e]))",
        "O": "O[r, i, e] = sum[j](A[r // w, i, j, e] * V[r, j, e])",
        "a": "a[r, t, e] = sum[c](WO[r, c] * O[c, t, e]) + bO[r, 0]",
        "dO": "dO[c, t, e] = sum[r](WO[r, c] * da[r, t, e])",
        "dV": "dV[r, j, e] = sum[i](A[r // w, i, j, e] * dO[r, i, e])",
        "dA": "dA[h, i, j, e] = sum[c:w](dO[h * w + c, i, e] * V[h * w + c, j, e])",
        "dS": "dS[h, i, j, e] = A[h, i, j, e] * (dA[h, i, j, e] - sum[n](A[h, i, n, e] * dA[h, i, n, e]))",
        "dQ": "dQ[r, i, e] = sum[j](dS[r // w, i, j, e] * K[r, j, e]) / sqrt(w)",
        "dK": "dK[r, j, e] = sum[i](dS[r // w, i, j, e] * Q[r, i, e]) / sqrt(w)",
        "dWQ": "dWQ[r, c] = sum[t, e](dQ[r, t, e] * a_prev[c, t, e])",
        "dWK": "dWK[r, c] = sum[t, e](dK[r, t, e] * a_prev[c, t, e])",
        "dWV": "dWV[r, c] = sum[t, e](dV[r, t, e] * a_prev[c, t, e])",
        "dbQ": "dbQ[r, 0] = sum[t, e](dQ[r, t, e])",
        "dbK": "dbK[r, 0] = sum[t, e](dK[r, t, e])",
        "dbV": "dbV[r, 0] = sum[t, e](dV[r, t, e])",
        "dWO": "dWO[r, c] = sum[t, e](da[r, t, e] * O[c, t, e])",
        "dbO": "dbO[r, 0] = sum[t, e](da[r, t, e])",
        "da": (
            "da_prev[c, t, e] ="
            " sum[r](WQ[r, c] * dQ[r, t, e] + WK[r, c] * dK[r, t, e] + WV[r, c] * dV[r, t, e])"
        ),
    }
    words = {
        "Q": ("query", "Q = W_Q a[l−1] + b_Q", "Q = WQ @ a_prev + bQ"),
        "K": ("key", "K = W_K a[l−1] + b_K", "K = WK @ a_prev + bK"),
        "V": ("value", "V = W_V a[l−1] + b_V", "V = WV @ a_prev + bV"),
        "S": ("score", "S = Qᵀ K / √(d/h)", "S = Q.T @ K / np.sqrt(d / h)"),
        "A": ("share", "A = softmax(S) over the keys", "A = softmax(S, axis=1)"),
        "O": ("head", "O = V Aᵀ", "O = V @ A.T"),
        "a": ("activation", "a[l] = W_O O + b_O", "a = WO @ O + bO"),
        "da": ("blame", "da[l] = W_Qᵀ dQ + W_Kᵀ dK + W_Vᵀ dV", "da_prev = WQ.T @ dQ + WK.T @ dK + WV.T @ dV"),
        "dO": ("blame", "dO = W_Oᵀ da[l]", "dO = WO.T @ da"),
        "dV": ("blame", "dV = dO A", "dV = dO @ A"),
        "dA": ("blame", "dA = dOᵀ V", "dA = dO.T @ V"),
        "dS": ("delta", "dS = A ⊙ (dA − Σ A ⊙ dA)", "dS = A * (dA - (A * dA).sum(axis=1, keepdims=True))"),
        "dQ": ("delta", "dQ = K dSᵀ / √(d/h)", "dQ = K @ dS.T / np.sqrt(d / h)"),
        "dK": ("delta", "dK = Q dS / √(d/h)", "dK = Q @ dS / np.sqrt(d / h)"),
        "dWQ": ("gradient", "dW_Q = dQ a[l−1]ᵀ", "dWQ = dQ @ a_prev.T"),
        "dWK": ("gradient", "dW_K = dK a[l−1]ᵀ", "dWK = dK @ a_prev.T"),
        "dWV": ("gradient", "dW_V = dV a[l−1]ᵀ", "dWV = dV @ a_prev.T"),
        "dWO": ("gradient", "dW_O = da[l] Oᵀ", "dWO = da @ O.T"),
        "dbQ": ("gradient", "db_Q = Σ dQ", "dbQ = dQ.sum(axis=1, keepdims=True)"),
        "dbK": ("gradient", "db_K = Σ dK", "dbK = dK.sum(axis=1, keepdims=True)"),
        "dbV": ("gradient", "db_V = Σ dV", "dbV = dV.sum(axis=1, keepdims=True)"),
        "dbO": ("gradient", "db_O = Σ da[l]", "dbO = da.sum(axis=1, keepdims=True)"),
    }  # fmt: skip

    heads: int = knob(
        1, "Heads", symbol="h", minimum=1, maximum=64, help="How many questions are asked side by side."
    )
    causal: bool = knob(
        False, "Causal", help="Whether a position sees only itself and those before it: no peeking."
    )
    bias: bool = knob(True, "Bias", symbol="b", help="Whether Q, K, V and the output have a bias.")
    initializer: Spec = knob(Spec("glorot"), "First weights", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        *sequences, last = inputs
        if sequences and len(last) == 1:
            keys = sequences[-1][1:]
            if keys != last:
                raise DocumentError(
                    f"The mask of an attention has one number for each key, so it must have {keys[0]}"
                    f" numbers, not {last[0]}."
                    if keys
                    else "An attention takes sequences; only its mask is a vector."
                )
        else:
            sequences.append(last)
        if any(len(shape) != 2 for shape in sequences):
            raise DocumentError("An attention takes sequences, such as 8×20; put an embedding before it.")
        if len(sequences) > 2:
            raise DocumentError(
                "An attention takes two sequences at most: one that asks and one that answers."
            )
        d = sequences[0][0]
        if d % self.heads:
            raise DocumentError(
                f"The heads share the {d} features evenly, and {self.heads} does not divide {d}:"
                " change one of them."
            )
        if self.heads * sequences[0][1] * sequences[-1][1] > MOST_SHARES:
            raise DocumentError(
                f"One example would have more than {MOST_SHARES:,} shares here: make the sequences shorter."
            )
        return sequences[0]

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        d, sequences = shape[0], [each for each in inputs if len(each[1]) == 2]
        (asks, _), (answers, (size, _)) = sequences[0], sequences[-1]
        output = self._block([("WO", "bO")], d, d, (id, None))
        if len(sequences) == 1:
            rows = [(f"W{one}.{asks}", f"b{one}") for one in "QKV"]
            return self._block(rows, d, d, (None, asks)), output
        queries = self._block([(f"WQ.{asks}", "bQ")], d, d, (None, asks))
        others = self._block([(f"W{one}.{answers}", f"b{one}") for one in "KV"], d, size, (None, answers))
        return queries, others, output

    def _block(
        self, rows: Sequence[tuple[str, str]], d: int, size: int, axes: tuple[str | None, str | None]
    ) -> Block:
        """Matrices (d, size) below one another, with their biases as the last column."""
        parts: list[Part] = []
        for place, (weights, bias) in enumerate(rows):
            at = slice(place * d, (place + 1) * d)
            parts.append(Part(weights, (at, slice(0, size)), self.initializer, axes, size, d))
            if self.bias:
                column = slice(size, size + 1)
                parts.append(Part(bias, (at, column), Spec("zeros"), (axes[0], None), bias=True))
        return Block((len(rows) * d, size + self.bias), tuple(parts))

    # ---------------------------------------------------------------- forward and backward

    def forward(self, p: Place) -> None:
        roles, d = Roles.of(p), p.shape[0]
        for block, (port, made) in zip(p.blocks, roles.made, strict=False):
            rows = self._rows(p, port, made, "")
            equation = ", ".join(f"{one} = W_{one} a_prev" + f" + b_{one}" * self.bias for one in made)
            p.forward(equation, made[0], self._given(port).T.dot, block.T, rows)
        joined = np.ones((p.shape[1] * p.m, d + self.bias), p.plan.dtype)
        p.name("O", as_sequence(joined, p.m, 0, d))
        attend(p, self.heads, self.causal, None if roles.mask is None else roles.mask.a)
        equation = "a = W_O O + b_O" if self.bias else "a = W_O O"
        p.forward(equation, "a", p.blocks[-1].dot, joined.T, flat(p.a))

    def backward(self, p: Place) -> None:
        roles, d, joined = Roles.of(p), p.shape[0], p.known("O").base
        assert p.da is not None and joined is not None
        da, dO = flat(p.da), p.passing((p.shape[1] * p.m, d))
        p.name("dO", as_sequence(dO, p.m, 0, d))
        if p.learns:
            p.backward("dW_O = da Oᵀ, db_O = Σ da", "dWO", da.dot, joined, p.gradient_blocks[-1])
        p.backward("dO = W_Oᵀ da", "dO", da.T.dot, p.parameters["WO"], dO)
        deltas = [self._rows(p, port, made, "d") for port, made in roles.made]
        attend_backward(p, self.heads)
        for place, (delta, (port, made)) in enumerate(zip(deltas, roles.made, strict=True)):
            if p.learns:
                equation = ", ".join(f"dW_{one} = d{one} a_prevᵀ" for one in made)
                a_prev = self._given(port)
                p.backward(equation, f"dW{made[0]}", delta.T.dot, a_prev.T, p.gradient_blocks[place])
            W = p.blocks[place][:, : port.shape[0]]
            equation = "da_prev = " + " + ".join(f"W_{one}ᵀ d{one}" for one in made)
            p.hand_back(port, equation, _product, W.T, delta.T)
        if roles.mask is not None and roles.mask.first:
            p.hand_back(roles.mask, "a mask has no gradient", nothing)

    def _given(self, port: Port) -> Array:
        """A sequence as a matrix (d, T·m), with a row of ones for the biases."""
        return flat(port.a1 if self.bias else port.a)

    def _rows(self, p: Place, port: Port, made: str, prefix: str) -> Array:
        """A buffer (T·m, d·matrices), its columns entered as Q, K and V or their gradients."""
        d = p.shape[0]
        shape = (port.shape[1] * p.m, d * len(made))
        rows = p.passing(shape) if prefix else p.kept(shape)
        for place, one in enumerate(made):
            p.name(f"{prefix}{one}", as_sequence(rows, p.m, place * d, d))
        return rows

    # ---------------------------------------------------------------- explanation

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        cells = self._cells(p)
        if phase is Phase.FORWARD:
            yield from self._forward_steps(p, cells)
        if phase is Phase.BACKWARD:
            yield from self._backward_steps(p, cells)

    def _forward_steps(self, p: Place, cells: Cells) -> Iterator[Moment]:
        d = p.shape[0]
        for one in "QKV":
            size, time = cells.roles.port(one).shape
            for t in range(time):
                yield from (Moment(one, (r, t), steps_of_sum(size, self.bias)) for r in range(d))
        for head in range(self.heads):
            for i in range(cells.t_q):
                for array in "SA":
                    yield from (Moment(array, (head, i, j)) for j in range(cells.t_k))
                answer = steps_of_sum(len(cells.keys_of(i)), 0)
                yield from (Moment("O", (r, i), answer) for r in cells.of_head(head))
        for i in range(cells.t_q):
            yield from (Moment("a", (r, i), steps_of_sum(d, self.bias)) for r in range(d))

    def _backward_steps(self, p: Place, cells: Cells) -> Iterator[Moment]:
        d = p.shape[0]
        for i in range(cells.t_q):
            yield from (Moment("da", (r, i), None) for r in range(d))
            yield from (Moment("dO", (c, i), steps_of_sum(d, 0)) for c in range(d))
        for head in range(self.heads):
            for j in range(cells.t_k):
                asked = steps_of_sum(len(cells.queries_of(j)), 0)
                yield from (Moment("dV", (r, j), asked) for r in cells.of_head(head))
            for i in range(cells.t_q):
                keys = range(cells.t_k)
                yield from (Moment("dA", (head, i, j), steps_of_sum(cells.width, 0)) for j in keys)
                yield from (Moment("dS", (head, i, j)) for j in keys)
                yield from (Moment("dQ", (r, i)) for r in cells.of_head(head))
            for j in range(cells.t_k):
                yield from (Moment("dK", (r, j)) for r in cells.of_head(head))
        for name, values in p.parameters.items():
            time = cells.t_q if name[1] in "QO" else cells.t_k
            steps = 1 if name[0] == "b" else steps_of_sum(time, 0)
            yield from (Moment(f"d{name}", index, steps) for index in np.ndindex(values.shape))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        cells = self._cells(p)
        if array in {"Q", "K", "V", "S", "A", "O", "a"}:
            return cells.forward(array, index, example)
        if array in {"dO", "dA", "dS", "dQ", "dK", "dV"}:
            return cells.backward(array, index, example)
        if array.startswith("d") and array[1:] in p.parameters:
            return cells.gradient(array[1:], index, example)
        raise KeyError(array)

    def loop(self, p: Place, array: str) -> str:
        if len(p.inputs) > 1 or (self.causal and array == "A"):
            return _SHARE_OF_THE_PAST if len(p.inputs) == 1 else ""
        return super().loop(p, array)

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"w": p.shape[0] // self.heads}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return self._cells(p).sent(port, index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms(p.shape[0] * len(self._cells(p).made_of(port)))

    def _cells(self, p: Place) -> Cells:
        return Cells(p, self.heads, self.causal, self.bias)


def _product(left: Array, right: Array, out: Array) -> None:
    """``left @ right`` into a sequence; ``dot`` would first copy a W that is a part of its block."""
    np.matmul(left, right, flat(out))


_SHARE_OF_THE_PAST = (
    "A[h, i, j, e] = exp(S[h, i, j, e]) / sum[n](exp(S[h, i, n, e]), where=n <= i) if j <= i else 0.0"
)
"""The loop of the shares where no query sees a later key."""
