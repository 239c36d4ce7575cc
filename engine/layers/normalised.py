"""What batch and layer normalisation share: they differ only in what they average over.

``x̂ = (x − μ) / √(σ² + ε)``, ``a = γ ⊙ x̂ + β`` with one γ and one β a feature (or channel). Backward:
``dγ = Σ da ⊙ x̂``, ``dβ = Σ da`` over examples and positions, ``dx̂ = γ ⊙ da``, and with the means
s₁ of dx̂ and s₂ of dx̂ ⊙ x̂ over the same numbers as μ: ``dx = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)``.
This module holds no kind.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import (
    Expression,
    Function,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
    total,
)
from engine.core.knobs import knob
from engine.core.place import (
    HANDED_ON,
    Block,
    Index,
    Moment,
    Part,
    Place,
    Port,
    Shape,
    Terms,
    positions,
    steps_of_sum,
)
from engine.core.plan import Array, Phase
from engine.core.spec import Spec
from engine.layers.base import LayerKind, Words

Cell = tuple[Index, int]
"""A cell of x: its index within the example, and the example."""


@dataclass(frozen=True)
class Normalised(LayerKind):
    """A kind says which mean and variance belong to a cell, and over which cells they are taken."""

    sized = False
    timed = frozenset({"xhat"})
    letters = {
        "mean": "μ", "variance": "σ²", "xhat": "x̂", "gamma": "γ", "beta": "β", "s1": "s₁", "s2": "s₂",
        "running_mean": "μ̄", "running_variance": "σ̄²",
    }  # fmt: skip

    epsilon: float = knob(
        1e-5, "Smallest variance", symbol="ε", minimum=1e-12, maximum=1.0, help="Keeps from dividing by 0."
    )

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        return one_column(id, shape[0], "gamma", 1.0), one_column(id, shape[0], "beta", 0.0)

    # ---------------------------------------------------------------- what a kind says

    def statistic(self, p: Place, name: str, index: Index, example: int) -> Ref:
        """The mean or variance (or s1, s2) that belongs to a cell of x."""
        raise TypeError(f"{type(self).__name__} has no means")

    def averaged(self, p: Place, index: Index, example: int) -> list[Cell]:
        """The cells over which a mean with this index is taken."""
        raise TypeError(f"{type(self).__name__} takes no means")

    # ---------------------------------------------------------------- explanation

    def normalised_steps(self, p: Place, phase: Phase, means: Sequence[Index]) -> Iterator[Moment]:
        """The moments of one example; ``means`` are the indices of mean and variance."""
        if phase is Phase.FORWARD:
            for array in ("mean", "variance"):
                yield from (Moment(array, index) for index in means)
            for at in positions(p.shape):
                for i in range(p.shape[0]):
                    yield from (Moment("xhat", (i, *at)), Moment("a", (i, *at), 2))
        if phase is Phase.BACKWARD:
            products = steps_of_sum(math.prod(p.shape[1:]), 0)
            for at in positions(p.shape):
                for i in range(p.shape[0]):
                    yield from (Moment("da", (i, *at), None), Moment("dxhat", (i, *at)))
            for array in ("s1", "s2"):
                yield from (Moment(array, index) for index in means)
            for i in range(p.shape[0]):
                yield from (Moment("dgamma", (i, 0), products), Moment("dbeta", (i, 0)))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array:
            case "mean":
                return self._mean(
                    [p.ref_a_prev(p.inputs[0], *each) for each in self.averaged(p, index, example)]
                )
            case "variance":
                cells = self.averaged(p, index, example)
                return self._mean([Power(self._centred(p, *each), 2.0) for each in cells])
            case "xhat":
                return Quotient(self._centred(p, index, example), self._deviation(p, index, example))
            case "a":
                scaled = Product((p.ref("gamma", (index[0], 0)), p.ref("xhat", index, example)))
                return Sum((scaled, p.ref("beta", (index[0], 0))))
            case "dxhat":
                return Product((p.ref("gamma", (index[0], 0)), p.ref("da", index, example)))
            case "s1":
                return self._mean([p.ref("dxhat", *each) for each in self.averaged(p, index, example)])
            case "s2":
                cells = self.averaged(p, index, example)
                return self._mean([Product((p.ref("dxhat", *each), p.ref("xhat", *each))) for each in cells])
            case "dgamma":
                its = [(index[0], *at) for at in positions(p.shape)]
                return total(*(Product((p.ref("da", at, example), p.ref("xhat", at, example))) for at in its))
            case "dbeta":
                return total(*(p.ref("da", (index[0], *at), example) for at in positions(p.shape)))
        raise KeyError(array)

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"n": p.shape[0], "N": p.inputs[0].a[0].size, "epsilon": self.epsilon}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        s1, s2 = (self.statistic(p, name, index, example) for name in ("s1", "s2"))
        along = Product((s2, p.ref("xhat", index, example)))
        left = minus(p.ref("dxhat", index, example), s1)
        return Quotient(minus(left, along), self._deviation(p, index, example))

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON

    def _centred(self, p: Place, index: Index, example: int) -> Expression:
        x = p.ref_a_prev(p.inputs[0], index, example)
        return minus(x, self.statistic(p, "mean", index, example))

    def _deviation(self, p: Place, index: Index, example: int) -> Expression:
        variance = self.statistic(p, "variance", index, example)
        return Function("√", Sum((variance, Number(self.epsilon))))

    def _mean(self, values: Sequence[Expression]) -> Expression:
        return Quotient(total(*values), Number(float(len(values))))


NORMALISED: dict[str, Words] = {
    "xhat": (
        "normalised",
        "x̂ = (a[l−1] − μ) / √(σ² + ε)",
        "xhat = (a_prev - mean) / (variance + epsilon)**0.5",
    ),
    "a": ("activation", "a[l] = γ ⊙ x̂ + β", "a = gamma * xhat + beta"),
    "da": (
        "blame",
        "da[l] = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)",
        "da_prev = (dxhat - s1 - s2 * xhat) / (variance + epsilon)**0.5",
    ),
    "dxhat": ("delta", "dx̂ = γ ⊙ da[l]", "dxhat = gamma * da"),
    "dgamma": ("gradient", "dγ = Σ da[l] ⊙ x̂", "dgamma = (da * xhat).sum(axis=1, keepdims=True)"),
    "dbeta": ("gradient", "dβ = Σ da[l]", "dbeta = da.sum(axis=1, keepdims=True)"),
}
"""The words of the arrays that both have."""


def one_column(id: str, n: int, name: str, start: float, learned: bool = True) -> Block:
    """One number a feature, (n, 1)."""
    part = Part(name, (slice(None), slice(None)), Spec.of("constant", value=start), (id, None), bias=True)
    return Block((n, 1), (part,), learned)


def scale_of(variance: Array, epsilon: Array, one: Array, out: Array) -> None:
    """``out = 1 / √(σ² + ε)``."""
    np.add(variance, epsilon, out)
    np.sqrt(out, out)
    np.divide(one, out, out)


def slope(dxhat: Array, s1: Array, s2: Array, xhat: Array, scale: Array, out: Array) -> None:
    """``(dx̂ − s₁ − s₂ x̂) / √(σ² + ε)``, all seen as matrices."""
    out = out.reshape(dxhat.shape)
    np.multiply(xhat, s2, out)
    np.subtract(dxhat, out, out)
    np.subtract(out, s1, out)
    np.multiply(out, scale, out)
