"""The explanations of an attention layer: how each cell came about. This module holds no kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Number,
    Product,
    Quotient,
    Sum,
    minus,
    total,
)
from engine.core.place import Index, Place, Port

Pair = tuple[tuple[str, Index], tuple[str, Index]]
"""Two cells, each an array and an index, that are multiplied."""


@dataclass(frozen=True)
class Roles:
    """The inputs of an attention layer by what they are for."""

    asks: Port
    answers: Port
    """Where keys and values come from; the same input in self-attention."""
    mask: Port | None

    @property
    def made(self) -> tuple[tuple[Port, str], ...]:
        """What each sequence makes: Q, K and V together, or Q from one and K and V from the other."""
        return (
            ((self.asks, "QKV"),) if self.asks is self.answers else ((self.asks, "Q"), (self.answers, "KV"))
        )

    @classmethod
    def of(cls, p: Place) -> Roles:
        """The roles of a place's inputs: the mask is the vector behind the sequences."""
        sequences = [port for port in p.inputs if len(port.shape) == 2]
        masks = [port for port in p.inputs if len(port.shape) == 1]
        return cls(sequences[0], sequences[-1], masks[0] if masks else None)

    def port(self, one: str) -> Port:
        """The input that Q, K or V is made of."""
        return self.asks if one == "Q" else self.answers


@dataclass(frozen=True)
class Cells:
    """The cells of one place. ``width`` is d/h."""

    p: Place
    heads: int
    causal: bool
    bias: bool

    @property
    def roles(self) -> Roles:
        """The inputs by their role."""
        return Roles.of(self.p)

    @property
    def d(self) -> int:
        """The number of features."""
        return self.p.shape[0]

    @property
    def width(self) -> int:
        """How many features a head has."""
        return self.d // self.heads

    @property
    def t_q(self) -> int:
        """How many positions ask."""
        return self.p.shape[1]

    @property
    def t_k(self) -> int:
        """How many positions answer."""
        return self.roles.answers.shape[1]

    def of_head(self, head: int) -> range:
        """The features of a head."""
        return range(head * self.width, (head + 1) * self.width)

    def keys_of(self, i: int) -> range:
        """The keys that are not too late for query i."""
        return range(min(i + 1, self.t_k) if self.causal else self.t_k)

    def queries_of(self, j: int) -> range:
        """The queries for which key j is not too late."""
        return range(j if self.causal else 0, self.t_q)

    def hidden(self, i: int, j: int, example: int) -> bool:
        """Whether query i of an example does not see key j."""
        mask = self.roles.mask
        return (self.causal and j > i) or (mask is not None and mask.a[j, example] == 0)

    # ---------------------------------------------------------------- forward

    def forward(self, array: str, index: Index, example: int) -> Expression:
        """A cell of Q, K, V, S, A, O or a."""
        p, pairs = self.p, list[Pair]()
        match array:
            case "Q" | "K" | "V":
                (r, t), port = index, self.roles.port(array)
                weights = f"W{array}.{port.source}"
                terms: list[Expression] = [
                    Product((p.ref(weights, (r, c)), p.ref_a_prev(port, (c, t), example)))
                    for c in range(port.shape[0])
                ]
                return total(*terms, *self._bias(f"b{array}", r))
            case "S":
                head, i, j = index
                pairs = [(("Q", (r, i)), ("K", (r, j))) for r in self.of_head(head)]
                return self._scaled(self._sum(pairs, example))
            case "A":
                head, i, j = index
                return self._share(head, i, j, example)
            case "O":
                r, i = index
                head = r // self.width
                pairs = [(("A", (head, i, j)), ("V", (r, j))) for j in self.keys_of(i)]
                return self._sum(pairs, example)
            case "a":
                r, i = index
                terms = [Product((p.ref("WO", (r, c)), p.ref("O", (c, i), example))) for c in range(self.d)]
                return total(*terms, *self._bias("bO", r))
        raise KeyError(array)

    def _bias(self, name: str, r: int) -> tuple[Expression, ...]:
        return (self.p.ref(name, (r, 0)),) if self.bias else ()

    def _share(self, head: int, i: int, j: int, example: int) -> Expression:
        if self.hidden(i, j, example):
            return Number(0.0)
        seen = [n for n in self.keys_of(i) if not self.hidden(i, n, example)]
        scores = {n: self.p.ref("S", (head, i, n), example) for n in seen}
        top = Maximum(tuple(scores.values()))
        powers = {n: Function("exp", s, Function("exp", minus(s, top))) for n, s in scores.items()}
        return Quotient(powers[j], Sum(tuple(powers.values())))

    # ---------------------------------------------------------------- backward

    def backward(self, array: str, index: Index, example: int) -> Expression:
        """A cell of dO, dA, dS, dQ, dK or dV."""
        p, pairs = self.p, list[Pair]()
        match array:
            case "dO":
                c, i = index
                return total(
                    *(Product((p.ref("WO", (r, c)), p.ref("da", (r, i), example))) for r in range(self.d))
                )
            case "dA":
                head, i, j = index
                pairs = [(("dO", (r, i)), ("V", (r, j))) for r in self.of_head(head)]
                return self._sum(pairs, example)
            case "dS":
                head, i, j = index
                if self.hidden(i, j, example):
                    return Number(0.0)
                pairs = [(("A", (head, i, n)), ("dA", (head, i, n))) for n in self.keys_of(i)]
                mean = self._sum(pairs, example)
                return Product((p.ref("A", index, example), minus(p.ref("dA", index, example), mean)))
            case "dQ":
                r, i = index
                head = r // self.width
                pairs = [(("dS", (head, i, j)), ("K", (r, j))) for j in self.keys_of(i)]
                return self._scaled(self._sum(pairs, example))
            case "dK":
                r, j = index
                head = r // self.width
                pairs = [(("dS", (head, i, j)), ("Q", (r, i))) for i in self.queries_of(j)]
                return self._scaled(self._sum(pairs, example))
            case "dV":
                r, j = index
                head = r // self.width
                pairs = [(("A", (head, i, j)), ("dO", (r, i))) for i in self.queries_of(j)]
                return self._sum(pairs, example)
        raise KeyError(array)

    def gradient(self, name: str, index: Index, example: int) -> Expression:
        """The share of one example in the gradient of a weight or bias, such as WQ.x or bO."""
        p, (head, _, _) = self.p, name.partition(".")
        one, r = head[1], index[0]
        delta = "da" if one == "O" else f"d{one}"
        time = self.t_q if one in "QO" else self.t_k
        deltas = [p.ref(delta, (r, t), example) for t in range(time)]
        if head[0] == "b":
            return total(*deltas)
        if one == "O":
            return total(*(Product((dz, p.ref("O", (index[1], t), example))) for t, dz in enumerate(deltas)))
        port = self.roles.port(one)
        return total(
            *(Product((dz, p.ref_a_prev(port, (index[1], t), example))) for t, dz in enumerate(deltas))
        )

    def sent(self, port: Port, index: Index, example: int) -> Expression:
        """What goes back to a cell of an input."""
        p, (c, t) = self.p, (index[0], index[-1])
        return total(
            *(
                Product((p.ref(f"W{one}.{port.source}", (r, c)), p.ref(f"d{one}", (r, t), example)))
                for one in self.made_of(port)
                for r in range(self.d)
            )
        )

    def made_of(self, port: Port) -> str:
        """Which of Q, K and V an input makes; none of them if it is the mask."""
        return next((made for each, made in self.roles.made if each is port), "")

    def _sum(self, pairs: Sequence[Pair], example: int) -> Expression:
        p = self.p
        return total(*(Product((p.ref(*one, example), p.ref(*two, example))) for one, two in pairs))

    def _scaled(self, inner: Expression) -> Expression:
        return Quotient(inner, Function("√", Number(float(self.width))))
