"""The Gaussian error linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.activations.logistic import logistic, logistic_lines
from engine.core.erf import erfc
from engine.core.expressions import (
    Expression,
    Function,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Sum,
    minus,
)
from engine.core.knobs import knob
from engine.core.place import Place
from engine.core.plan import Array

CUBIC = 0.044715
STEEP = math.sqrt(2.0 / math.pi)
ROOT = math.sqrt(0.5)
BELL = 1.0 / math.sqrt(2.0 * math.pi)
KEPT = "Φ"
"""Under this name Φ(z), or what stands for it, is kept for the way back."""


@activations.add("gelu")
@dataclass(frozen=True)
class GELU(Activation):
    """``z Φ(z)`` with Φ the normal distribution, ``g'(z) = Φ(z) + z φ(z)``, φ(z) = e^(−z²/2) / √(2π).

    The tanh form puts ``½ (1 + tanh u) = σ(2 u)`` for Φ, ``u = √(2/π) (z + 0.044715 z³)``, and
    has the derivative ``½ (1 + tanh u) + ½ z (1 − tanh² u) u'``. Source: Hendrycks and Gimpel, 2016.
    """

    title = "GELU"
    summary = "A smooth ReLU that weighs z by how likely a normal number is smaller; for transformers."
    letter = "GELU"
    rank = 40

    form: str = knob(
        "exact",
        "Form",
        choices=("exact", "tanh"),
        help="exact uses the normal distribution itself, tanh the approximation of the first GPT models.",
    )

    @property
    def bounds(self) -> tuple[float, float]:  # type: ignore[override]
        """From its lowest point, near z = −0.75, upwards."""
        return (LOWEST[self.form], math.inf)

    def value(self, z: Array) -> Array:
        return z * (_normal(z) if self.form == "exact" else logistic(2.0 * _inner(z)))

    def derivative(self, z: Array) -> Array:
        if self.form == "exact":
            return _normal(z) + z * np.exp(-0.5 * z * z) * BELL
        u = _inner(z)
        inner_slope = STEEP * (1.0 + 3.0 * CUBIC * z * z)
        return logistic(2.0 * u) * (1.0 + 2.0 * z * logistic(-2.0 * u) * inner_slope)

    def forward(self, p: Place, z: Array, a: Array) -> None:
        share = p.work[KEPT] = p.kept(z.shape)
        if self.form == "exact":
            p.forward("−z / √2", "a", np.multiply, z, p.plan.constant(-ROOT), share)
            p.forward("erfc(−z / √2)", "a", erfc, share, share)
            p.forward("Φ = ½ erfc(−z / √2)", "a", np.multiply, share, p.plan.constant(0.5), share)
        else:
            cubic, steep = p.plan.constant(-2.0 * STEEP * CUBIC), p.plan.constant(-2.0 * STEEP)
            p.forward("z²", "a", np.multiply, z, z, share)
            p.forward("−2 √(2/π) 0.044715 z²", "a", np.multiply, share, cubic, share)
            p.forward("−2 √(2/π) (1 + 0.044715 z²)", "a", np.add, share, steep, share)
            p.forward("−2 u = −2 √(2/π) (z + 0.044715 z³)", "a", np.multiply, share, z, share)
            logistic_lines(p, share, share, "2u")
        p.forward("a = z Φ" if self.form == "exact" else "a = z σ(2u)", "a", np.multiply, z, share, a)

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        share = p.work[KEPT]
        p.backward("z²", "dz", np.multiply, z, z, dz)
        if self.form == "exact":
            p.backward("−½ z²", "dz", np.multiply, dz, p.plan.constant(-0.5), dz)
            p.backward("e^(−½ z²)", "dz", np.exp, dz, dz)
            p.backward("φ = e^(−½ z²) / √(2π)", "dz", np.multiply, dz, p.plan.constant(BELL), dz)
            p.backward("z φ", "dz", np.multiply, dz, z, dz)
            p.backward("g'(z) = Φ + z φ", "dz", np.add, dz, share, dz)
            p.backward("dz = da ⊙ (Φ + z φ)", "dz", np.multiply, dz, da, dz)
        else:
            cubic, steep = p.plan.constant(6.0 * STEEP * CUBIC), p.plan.constant(2.0 * STEEP)
            one, rest = p.plan.constant(1.0), p.passing(z.shape)
            p.backward("6 √(2/π) 0.044715 z²", "dz", np.multiply, dz, cubic, dz)
            p.backward("2 u' = 2 √(2/π) (1 + 3 · 0.044715 z²)", "dz", np.add, dz, steep, dz)
            p.backward("2 z u'", "dz", np.multiply, dz, z, dz)
            p.backward("1 − σ(2u)", "dz", np.subtract, one, share, rest)
            p.backward("2 z u' (1 − σ(2u))", "dz", np.multiply, dz, rest, dz)
            p.backward("1 + 2 z u' (1 − σ(2u))", "dz", np.add, dz, one, dz)
            p.backward("g'(z) = σ(2u) (1 + 2 z u' (1 − σ(2u)))", "dz", np.multiply, dz, share, dz)
            p.backward("dz = da ⊙ g'(z)", "dz", np.multiply, dz, da, dz)

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        if self.form == "exact":
            return Product((z[i], _normal_cell(z[i])))
        one_and_tanh = Sum((Number(1.0), Function("tanh", _inner_cell(z[i]))))
        return Product((_HALF, z[i], one_and_tanh))

    def slope(self, z: Ref, a: Ref) -> Expression:
        if self.form == "exact":
            bell = Function("exp", Negative(Quotient(Power(z, 2), Number(2.0))))
            density = Quotient(bell, Number(math.sqrt(2.0 * math.pi), "√(2π)"))
            return Sum((_normal_cell(z), Product((z, density))))
        tanh = Function("tanh", _inner_cell(z))
        cubic = Product((Number(3.0), Number(CUBIC), Power(z, 2)))
        inner_slope = Product((_STEEP, Sum((Number(1.0), cubic))))
        rise = Product((_HALF, z, minus(Number(1.0), Power(tanh, 2)), inner_slope))
        return Sum((Product((_HALF, Sum((Number(1.0), tanh)))), rise))


LOWEST = {"exact": -0.16997120747990369, "tanh": -0.17004075057125403}
_HALF = Number(0.5, "½")
_STEEP = Number(STEEP, "√(2/π)")


def _normal(z: Array) -> Array:
    """``Φ(z) = ½ erfc(−z / √2)``, which has all its digits in the lower tail."""
    return 0.5 * erfc(-ROOT * z)


def _inner(z: Array) -> Array:
    return STEEP * (z + CUBIC * z * z * z)


def _normal_cell(z: Expression) -> Expression:
    root = Number(math.sqrt(2.0), "√2")
    opened = Product((_HALF, Sum((Number(1.0), Function("erf", Quotient(z, root))))))
    return Function("Φ", z, opened)


def _inner_cell(z: Expression) -> Expression:
    return Product((_STEEP, Sum((z, Product((Number(CUBIC), Power(z, 3)))))))
