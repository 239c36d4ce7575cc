"""The Gaussian error linear unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.activations.base import Activation, activations
from engine.activations.logistic import logistic
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
from engine.core.plan import Array

CUBIC = 0.044715
STEEP = math.sqrt(2.0 / math.pi)
ROOT = math.sqrt(0.5)
_erfc = np.frompyfunc(math.erfc, 1, 1)


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
            return _normal(z) + z * np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
        u = _inner(z)
        inner_slope = STEEP * (1.0 + 3.0 * CUBIC * z * z)
        return logistic(2.0 * u) * (1.0 + 2.0 * z * logistic(-2.0 * u) * inner_slope)

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
    return np.asarray(0.5 * _erfc(-ROOT * z), z.dtype)


def _inner(z: Array) -> Array:
    return STEEP * (z + CUBIC * z * z * z)


def _normal_cell(z: Expression) -> Expression:
    root = Number(math.sqrt(2.0), "√2")
    opened = Product((_HALF, Sum((Number(1.0), Function("erf", Quotient(z, root))))))
    return Function("Φ", z, opened)


def _inner_cell(z: Expression) -> Expression:
    return Product((_STEEP, Sum((z, Product((Number(CUBIC), Power(z, 3)))))))
