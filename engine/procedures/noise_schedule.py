"""How noise is added step by step until nothing is left of the data. This module holds no kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array

OFFSET = 0.008
"""s of the cosine schedule: it keeps the first β from being too small."""
LARGEST = 0.999
"""No β of the cosine schedule is larger."""


@dataclass(frozen=True, slots=True, eq=False)
class NoiseSchedule:
    """The T numbers β_t, of which all others follow; entry t − 1 of every array belongs to step t.

    ``α_t = 1 − β_t``, ``ᾱ_t = Π_{s≤t} α_s``: after t steps ``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε``.

    Source: J. Ho, A. Jain and P. Abbeel, Denoising Diffusion Probabilistic Models, NeurIPS 2020.
    """

    beta: Array
    alpha: Array
    alpha_bar: Array
    before: Array
    """ᾱ_{t−1}, which is 1 for the first step."""

    @property
    def deviation(self) -> Array:
        """``√β̃_t`` with ``β̃_t = (1 − ᾱ_{t−1}) / (1 − ᾱ_t) · β_t``: the noise added on a step back."""
        made: Array = np.sqrt((1.0 - self.before) / (1.0 - self.alpha_bar) * self.beta)
        return made


def of_betas(beta: Array) -> NoiseSchedule:
    """The schedule of given β."""
    alpha = 1.0 - beta
    alpha_bar = np.cumprod(alpha)
    before = np.concatenate([[1.0], alpha_bar[:-1]])
    for each in (beta, alpha, alpha_bar, before):
        each.setflags(write=False)
    return NoiseSchedule(beta, alpha, alpha_bar, before)


def linear(steps: int, first: float, last: float) -> NoiseSchedule:
    """β_t in equal steps from the first to the last (Ho and others, 2020)."""
    return of_betas(np.linspace(first, last, steps))


def cosine(steps: int) -> NoiseSchedule:
    """``ᾱ_t = f(t)/f(0)``, ``f(t) = cos²((t/T + s)/(1 + s) · π/2)``, and no β above 0.999.

    Source: A. Nichol and P. Dhariwal, Improved Denoising Diffusion Probabilistic Models, ICML 2021.
    """
    f = np.cos((np.arange(steps + 1) / steps + OFFSET) / (1.0 + OFFSET) * np.pi / 2.0) ** 2
    return of_betas(np.minimum(1.0 - f[1:] / f[:-1], LARGEST))
