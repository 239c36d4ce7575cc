"""Batch normalisation: every unit gets mean 0 and variance 1 over the batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Place, Shape, flat, positions
from engine.core.plan import Array, Phase
from engine.layers.base import layers
from engine.layers.normalised import NORMALISED, Cell, Normalised, one_column, scale_of, slope


@layers.add("batch_norm")
@dataclass(frozen=True)
class BatchNorm(Normalised):
    """``x̂ = (x − μ) / √(σ² + ε)``, ``a = γ ⊙ x̂ + β``, with μ and σ² over the batch.

    Every unit of a vector, feature of a sequence or channel of an image has one μ, σ², γ and β, (n, 1);
    μ and σ² are taken over its N numbers, of all examples and positions, the variance divided by N.
    Backward: ``dx̂ = γ ⊙ da``, ``dx = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)`` with the means over the batch s₁ of
    dx̂ and s₂ of dx̂ ⊙ x̂; ``dγ = Σ da ⊙ x̂``, ``dβ = Σ da``.

    While training a running mean and variance are kept: ``μ̄ := (1 − ρ) μ̄ + ρ μ`` and
    ``σ̄² := (1 − ρ) σ̄² + ρ σ² N / (N − 1)``; a network that predicts uses them for μ and σ². Of N = 1
    number nothing is left but β, and the running variance takes it as it is, 0.

    Ioffe and Szegedy, 2015; ρ and N / (N − 1) as in PyTorch.
    """

    title = "Batch norm"
    summary = "Brings every unit to mean 0 and variance 1 over the batch, then scales it anew."
    stem = "norm"
    group = "Regularisation"
    rank = 80
    shared = frozenset({"mean", "variance", "s1", "s2"})
    loops = {
        "mean": "mean[i, 0] = sum[at, e](a_prev[i, at, e]) / N",
        "variance": "variance[i, 0] = sum[at, e]((a_prev[i, at, e] - mean[i, 0]) ** 2) / N",
        "xhat": "xhat[i, at, e] = (a_prev[i, at, e] - mean[i, 0]) / sqrt(variance[i, 0] + epsilon)",
        "a": "a[i, at, e] = gamma[i, 0] * xhat[i, at, e] + beta[i, 0]",
        "dxhat": "dxhat[i, at, e] = gamma[i, 0] * da[i, at, e]",
        "s1": "s1[i, 0] = sum[at, e](dxhat[i, at, e]) / N",
        "s2": "s2[i, 0] = sum[at, e](dxhat[i, at, e] * xhat[i, at, e]) / N",
        "dgamma": "dgamma[i, 0] = sum[at, e](da[i, at, e] * xhat[i, at, e])",
        "dbeta": "dbeta[i, 0] = sum[at, e](da[i, at, e])",
        "da": (
            "da_prev[i, at, e] = (dxhat[i, at, e] - s1[i, 0] - s2[i, 0] * xhat[i, at, e]) /"
            " sqrt(variance[i, 0] + epsilon)"
        ),
    }
    words = {
        **NORMALISED,
        "mean": ("mean", "μ = 1/N Σ a[l−1]", "mean = a_prev.mean(axis=1, keepdims=True)"),
        "variance": ("variance", "σ² = 1/N Σ (a[l−1] − μ)²", "variance = a_prev.var(axis=1, keepdims=True)"),
        "s1": ("mean", "s₁ = 1/N Σ dx̂", "s1 = dxhat.mean(axis=1, keepdims=True)"),
        "s2": ("mean", "s₂ = 1/N Σ dx̂ ⊙ x̂", "s2 = (dxhat * xhat).mean(axis=1, keepdims=True)"),
        "new running_mean": ("memory", "μ̄ := (1 − ρ) μ̄ + ρ μ", "running_mean += rho * (mean - running_mean)"),
        "new running_variance": (
            "memory",
            "σ̄² := (1 − ρ) σ̄² + ρ σ² N / (N − 1)",
            "running_variance += rho * (variance * N / (N - 1) - running_variance)",
        ),
    }

    momentum: float = knob(
        0.1,
        "Momentum",
        symbol="ρ",
        minimum=0.0,
        maximum=1.0,
        help="How much of every batch goes into the running mean and variance.",
    )

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        return (
            *super().blocks(id, shape, inputs),
            one_column(id, shape[0], "running_mean", 0.0, learned=False),
            one_column(id, shape[0], "running_variance", 1.0, learned=False),
        )

    def forward(self, p: Place) -> None:
        one, epsilon = p.plan.constant(1.0), p.plan.constant(self.epsilon)
        x, a, xhat = flat(p.inputs[0].a), flat(p.a), flat(p.kept(name="xhat"))
        gamma, beta, mean, variance = p.blocks
        if p.training:
            column = (p.shape[0], 1)
            mean, variance = p.array("mean", column), p.array("variance", column)
            over = p.plan.full((x.shape[1], 1), 1.0 / x.shape[1])
            p.forward("μ = 1/N Σ a_prev", "mean", x.dot, over, mean)
        p.forward("a_prev − μ", "xhat", np.subtract, x, mean, xhat)
        if p.training:
            p.forward("(a_prev − μ)²", "variance", np.multiply, xhat, xhat, a)
            p.forward("σ² = 1/N Σ (a_prev − μ)²", "variance", a.dot, over, variance)
            self._keep(p, mean, variance)
        scale = p.passing(variance.shape)
        p.forward("1 / √(σ² + ε)", "xhat", scale_of, variance, epsilon, one, scale)
        p.forward("x̂ = (a_prev − μ) / √(σ² + ε)", "xhat", np.multiply, xhat, scale, xhat)
        p.forward("γ ⊙ x̂", "a", np.multiply, xhat, gamma, a)
        p.forward("a = γ ⊙ x̂ + β", "a", np.add, a, beta, a)

    def _keep(self, p: Place, mean: Array, variance: Array) -> None:
        """Lines that keep the running mean and variance."""
        old, passing = p.plan.constant(1.0 - self.momentum), p.scratch(mean.shape)
        for name, new, weight in (
            ("running_mean", mean, self.momentum),
            ("running_variance", variance, self.momentum * self._correction(p)),
        ):
            sign = self.letters[name]
            kept, share = p.parameters[name], p.plan.constant(weight)
            p.update(f"(1 − ρ) {sign}", name, np.multiply, kept, old, kept)
            p.update(f"ρ {self.letters[name[8:]]}", name, np.multiply, new, share, passing)
            p.update(f"{sign} := their sum", name, np.add, kept, passing, kept)

    def _count(self, p: Place) -> int:
        """N."""
        return int(p.inputs[0].a[0].size)

    def _correction(self, p: Place) -> float:
        """N / (N − 1), which makes the variance unbiased; 1 for a single number."""
        count = self._count(p)
        return count / (count - 1) if count > 1 else 1.0

    def backward(self, p: Place) -> None:
        assert p.da is not None
        one, epsilon = p.plan.constant(1.0), p.plan.constant(self.epsilon)
        da, xhat, gamma = flat(p.da), flat(p.known("xhat")), p.blocks[0]
        product, ones = p.passing(da.shape), p.plan.full((da.shape[1], 1), 1.0)
        column = (p.shape[0], 1)
        dgamma, dbeta = p.gradient_blocks if p.learns else (p.passing(column), p.passing(column))
        p.backward("da ⊙ x̂", "dgamma", np.multiply, da, xhat, product)
        p.backward("dγ = Σ da ⊙ x̂", "dgamma", product.dot, ones, dgamma)
        p.backward("dβ = Σ da", "dbeta", da.dot, ones, dbeta)
        if p.inputs[0].da is None:
            return
        dxhat, s1, s2 = flat(p.passing(name="dxhat")), p.passing(column, "s1"), p.passing(column, "s2")
        share, scale, variance = p.passing(column), p.passing(column), p.known("variance")
        p.backward("γ / N", "s1", np.multiply, gamma, p.plan.constant(1.0 / self._count(p)), share)
        p.backward("s₁ = 1/N Σ dx̂", "s1", np.multiply, dbeta, share, s1)
        p.backward("s₂ = 1/N Σ dx̂ ⊙ x̂", "s2", np.multiply, dgamma, share, s2)
        p.backward("dx̂ = γ ⊙ da", "dxhat", np.multiply, da, gamma, dxhat)
        p.backward("1 / √(σ² + ε)", "da_prev", scale_of, variance, epsilon, one, scale)
        equation = "da_prev = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)"
        p.hand_back(p.inputs[0], equation, slope, dxhat, s1, s2, xhat, scale)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        each = [(i, 0) for i in range(p.shape[0])]
        yield from self.normalised_steps(p, phase, each if p.training else [])
        if phase is Phase.UPDATE:
            for name in ("new running_mean", "new running_variance"):
                yield from (Moment(name, index) for index in each)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if not array.startswith("new running_"):
            return super().cell(p, array, index, example)
        name = array.removeprefix("new ")
        kept = Product((Number(1.0 - self.momentum), p.ref(name, index)))
        new: tuple[Expression, ...] = (Number(self.momentum), p.ref(name[8:], index))
        if name == "running_variance" and self._correction(p) != 1.0:
            count = self._count(p)
            new = (*new, Number(self._correction(p), f"{count}/{count - 1}"))
        return Sum((kept, Product(new)))

    def statistic(self, p: Place, name: str, index: Index, example: int) -> Ref:
        kept = not p.training and name in {"mean", "variance"}
        return p.ref(f"running_{name}" if kept else name, (index[0], 0))

    def averaged(self, p: Place, index: Index, example: int) -> list[Cell]:
        return [((index[0], *at), k) for k in range(p.m) for at in positions(p.shape)]
