"""Eight small clouds on a ring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.cloud import Cloud


@datasets.add("ring8")
@dataclass(frozen=True)
class Ring8(Cloud):
    """Centres ``2 (cos t, sin t)`` with t = c/8 turns, c = 0..7; the noise is a cloud's width.

    Example i belongs to cloud i mod 8, but no target says so: Y is X itself. A generator that
    makes fewer than eight clouds has lost modes.

    Source: L. Metz and others, Unrolled Generative Adversarial Networks, ICLR 2017.
    """

    title = "Ring of eight"
    summary = "Eight small clouds on a ring, without classes, for a network that makes new points."
    rank = 36

    def places(self, rng: np.random.Generator) -> tuple[Array, Array]:
        cosine, sine = cosine_sine((np.arange(self.examples) % 8) / 8.0)
        return 2.0 * cosine, 2.0 * sine
