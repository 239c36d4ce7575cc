"""Layer normalisation: the features of every position get mean 0 and variance 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Ref
from engine.core.place import Index, Moment, Place, flat, positions
from engine.core.plan import Phase
from engine.layers.base import layers
from engine.layers.normalised import NORMALISED, Cell, Normalised, scale_of, slope


@layers.add("layer_norm")
@dataclass(frozen=True)
class LayerNorm(Normalised):
    """``x̂ = (x − μ) / √(σ² + ε)``, ``a = γ ⊙ x̂ + β``, with μ and σ² over the n features.

    Every example and every position (time step, pixel) has a μ and a σ² of its own, (1, ..., m); x and
    a are (n, ..., m), γ and β (n, 1). The variance is divided by n. It does the same whether the network
    learns or predicts. Backward: ``dx̂ = γ ⊙ da``, ``dx = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)`` with the means
    over the features s₁ of dx̂ and s₂ of dx̂ ⊙ x̂; ``dγ = Σ da ⊙ x̂``, ``dβ = Σ da``.

    Ba, Kiros and Hinton, 2016.
    """

    title = "Layer norm"
    summary = "Brings the features of every position to mean 0 and variance 1, then scales them anew."
    stem = "norm"
    group = "Regularisation"
    rank = 85
    loops = {
        "mean": "mean[0, at, e] = sum[i](a_prev[i, at, e]) / n",
        "variance": "variance[0, at, e] = sum[i]((a_prev[i, at, e] - mean[0, at, e]) ** 2) / n",
        "xhat": "xhat[i, at, e] = (a_prev[i, at, e] - mean[0, at, e]) / sqrt(variance[0, at, e] + epsilon)",
        "a": "a[i, at, e] = gamma[i, 0] * xhat[i, at, e] + beta[i, 0]",
        "dxhat": "dxhat[i, at, e] = gamma[i, 0] * da[i, at, e]",
        "s1": "s1[0, at, e] = sum[i](dxhat[i, at, e]) / n",
        "s2": "s2[0, at, e] = sum[i](dxhat[i, at, e] * xhat[i, at, e]) / n",
        "dgamma": "dgamma[i, 0] = sum[at, e](da[i, at, e] * xhat[i, at, e])",
        "dbeta": "dbeta[i, 0] = sum[at, e](da[i, at, e])",
        "da": (
            "da_prev[i, at, e] = (dxhat[i, at, e] - s1[0, at, e] - s2[0, at, e] * xhat[i, at, e]) /"
            " sqrt(variance[0, at, e] + epsilon)"
        ),
    }
    words = {
        **NORMALISED,
        "mean": ("mean", "μ = 1/n Σ a[l−1]", "mean = a_prev.mean(axis=0, keepdims=True)"),
        "variance": ("variance", "σ² = 1/n Σ (a[l−1] − μ)²", "variance = a_prev.var(axis=0, keepdims=True)"),
        "s1": ("mean", "s₁ = 1/n Σ dx̂", "s1 = dxhat.mean(axis=0, keepdims=True)"),
        "s2": ("mean", "s₂ = 1/n Σ dx̂ ⊙ x̂", "s2 = (dxhat * xhat).mean(axis=0, keepdims=True)"),
    }

    def forward(self, p: Place) -> None:
        n, one, epsilon = p.shape[0], p.plan.constant(1.0), p.plan.constant(self.epsilon)
        x, a, xhat = flat(p.inputs[0].a), flat(p.a), flat(p.kept(name="xhat"))
        each = (1, *p.shape[1:], p.m)
        mean, variance = flat(p.passing(each, "mean")), flat(p.kept(each, "variance"))
        scale, over = p.passing(mean.shape), p.plan.full((1, n), 1.0 / n)
        gamma, beta = p.blocks
        p.forward("μ = 1/n Σ a_prev", "mean", over.dot, x, mean)
        p.forward("a_prev − μ", "xhat", np.subtract, x, mean, xhat)
        p.forward("(a_prev − μ)²", "variance", np.multiply, xhat, xhat, a)
        p.forward("σ² = 1/n Σ (a_prev − μ)²", "variance", over.dot, a, variance)
        p.forward("1 / √(σ² + ε)", "xhat", scale_of, variance, epsilon, one, scale)
        p.forward("x̂ = (a_prev − μ) / √(σ² + ε)", "xhat", np.multiply, xhat, scale, xhat)
        p.forward("γ ⊙ x̂", "a", np.multiply, xhat, gamma, a)
        p.forward("a = γ ⊙ x̂ + β", "a", np.add, a, beta, a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        n, one, epsilon = p.shape[0], p.plan.constant(1.0), p.plan.constant(self.epsilon)
        da, xhat, gamma = flat(p.da), flat(p.known("xhat")), p.blocks[0]
        product = p.passing(da.shape)
        if p.learns or p.inputs[0].da is not None:
            p.backward("da ⊙ x̂", "dgamma", np.multiply, da, xhat, product)
        if p.learns:
            ones, (dgamma, dbeta) = p.plan.full((da.shape[1], 1), 1.0), p.gradient_blocks
            p.backward("dγ = Σ da ⊙ x̂", "dgamma", product.dot, ones, dgamma)
            p.backward("dβ = Σ da", "dbeta", da.dot, ones, dbeta)
        if p.inputs[0].da is None:
            return
        each = (1, *p.shape[1:], p.m)
        dxhat = flat(p.passing(name="dxhat"))
        s1, s2 = flat(p.passing(each, "s1")), flat(p.passing(each, "s2"))
        share, scale, variance = p.passing((1, n)), p.passing(s1.shape), flat(p.known("variance"))
        p.backward("γ / n", "s1", np.multiply, gamma.T, p.plan.constant(1.0 / n), share)
        p.backward("dx̂ = γ ⊙ da", "dxhat", np.multiply, da, gamma, dxhat)
        p.backward("s₁ = 1/n Σ dx̂", "s1", share.dot, da, s1)
        p.backward("s₂ = 1/n Σ dx̂ ⊙ x̂", "s2", share.dot, product, s2)
        p.backward("1 / √(σ² + ε)", "da_prev", scale_of, variance, epsilon, one, scale)
        equation = "da_prev = (dx̂ − s₁ − s₂ x̂) / √(σ² + ε)"
        p.hand_back(p.inputs[0], equation, slope, dxhat, s1, s2, xhat, scale)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        return self.normalised_steps(p, phase, [(0, *at) for at in positions(p.shape)])

    def statistic(self, p: Place, name: str, index: Index, example: int) -> Ref:
        return p.ref(name, (0, *index[1:]), example)

    def averaged(self, p: Place, index: Index, example: int) -> list[Cell]:
        return [((i, *index[1:]), example) for i in range(p.shape[0])]
