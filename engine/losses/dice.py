"""The soft Dice loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Negative, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.losses.base import Loss, losses


@losses.add("dice")
@dataclass(frozen=True)
class Dice(Loss):
    """``L = 1 − (2 Σ a y + s) / (Σ a + Σ y + s)``, the sums over all the numbers of one example.

    Of an image those are all its pixels: the overlap is that of the whole marked region.
    With ``N = 2 Σ a y + s`` and ``D = Σ a + Σ y + s`` the derivative is
    ``da_i = (N − 2 y_i D) / D²``: it depends on all outputs. The smoothing s keeps an example
    without any target finite. Source: Milletari, Navab and Ahmadi, *V-Net*, 2016 (there with
    squares in D; this is the plain form); Dice, 1945.
    """

    title = "Soft Dice"
    summary = "For marking regions: small when prediction and target cover the same outputs."
    probabilities = True
    whole = True
    rank = 75

    smooth: float = knob(
        1.0,
        "Smoothing",
        minimum=1e-6,
        maximum=1000.0,
        symbol="s",
        help="Added above and below the line, so that nothing is divided by 0.",
    )

    def value(self, a: Array, y: Array) -> Array:
        return 1.0 - self._above(a, y) / self._below(a, y)

    def derivative(self, a: Array, y: Array) -> Array:
        N, D = self._above(a, y), self._below(a, y)
        da: Array = (N - 2.0 * y * D) / np.square(D)
        return da

    def _above(self, a: Array, y: Array) -> Array:
        N: Array = 2.0 * (a * y).sum(axis=0, keepdims=True) + self.smooth
        return N

    def _below(self, a: Array, y: Array) -> Array:
        D: Array = a.sum(axis=0, keepdims=True) + y.sum(axis=0, keepdims=True) + self.smooth
        return D

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        return minus(Number(1.0), Quotient(self._above_cell(a, y), self._below_cell(a, y)))

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        N, D = self._above_cell(a, y), self._below_cell(a, y)
        return Quotient(Sum((N, Negative(Product((Number(2.0), y[i], D))))), Power(D, 2))

    def _above_cell(self, a: Sequence[Ref], y: Sequence[Ref]) -> Expression:
        both = tuple(Product((Number(2.0), *each)) for each in zip(a, y, strict=True))
        return Sum((*both, Number(self.smooth)))

    def _below_cell(self, a: Sequence[Ref], y: Sequence[Ref]) -> Expression:
        return Sum((*a, *y, Number(self.smooth)))
