"""A rolled-up strip, seen from the side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.datasets.base import datasets
from engine.datasets.chance import cosine_sine
from engine.datasets.cloud import Cloud


@datasets.add("swiss_roll")
@dataclass(frozen=True)
class SwissRoll(Cloud):
    """``r (cos t, sin t)``, t from 3/4 to 9/4 turns at random, ``r = 2 t / (9/4)``, so r is 2/3 to 2.

    A spiral of one and a half turns, without classes: Y is X itself.

    Source: the geometry of scikit-learn's ``make_swiss_roll`` without its second axis, made
    smaller; used by J. Sohl-Dickstein and others, Deep Unsupervised Learning using Nonequilibrium
    Thermodynamics, ICML 2015.
    """

    title = "Swiss roll"
    summary = "A spiral of points, without classes, for a network that makes new points."
    rank = 37

    def places(self, rng: np.random.Generator) -> tuple[Array, Array]:
        turns = 0.75 + 1.5 * rng.random(self.examples)
        cosine, sine = cosine_sine(turns)
        radius = 2.0 * turns / 2.25
        return radius * cosine, radius * sine
