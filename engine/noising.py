"""Forward noising: examples on their way into plain noise, at chosen moments of it."""

from __future__ import annotations

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array
from engine.procedures.denoising import Denoising


def moments(steps: int, count: int) -> tuple[int, ...]:
    """At most ``count`` moments from 0 to the last step, both with them, evenly spread."""
    return tuple(sorted({round(each) for each in np.linspace(0, steps, min(count, steps + 1))}))


def noised(procedure: Denoising, X: Array, at: tuple[int, ...], seed: int = 0) -> tuple[Array, ...]:
    """``x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε`` of examples (n, m) at every moment, with one ε for all of them.

    At t = 0 they are as they were.
    """
    noise = Chance(seed, "noising").at(0).standard_normal(X.shape)
    return tuple(procedure.noised(X, t, noise) if t else X for t in at)
