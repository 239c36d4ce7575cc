"""Measures of samples: how near two clouds of points are, and how many clouds a generator found."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array

LEAST_SHARE = 0.25
"""A mode is covered if a quarter of what would be its fair share of the samples lies within it."""


class Modes(NamedTuple):
    """What of some samples lies near some centres."""

    covered: int
    """How many centres have enough samples around them."""
    share: float
    """The share of all samples that lie within the radius of any centre."""
    counts: Array
    """How many samples lie within the radius of each centre that is their nearest, (centres,)."""


def sliced_wasserstein(A: Array, B: Array, directions: int = 200, seed: int = 0) -> float:
    """How far two clouds of points (n, m) and (n, m') are apart: ``mean over w of W₁(wᵀA, wᵀB)``.

    w runs over random directions of length 1. In one dimension the distance of Wasserstein,
    ``W₁ = ∫ |F⁻¹(q) − G⁻¹(q)| dq``, needs only sorting; it has the unit of the points. Two draws
    of the same data are not at 0 either: compare with that number.

    Source: J. Rabin and others, Wasserstein Barycenter and its Application to Texture Mixing, SSVM 2011.
    """
    W = Chance(seed, "directions").at(0).standard_normal((directions, A.shape[0]))
    W /= np.linalg.norm(W, axis=1, keepdims=True)
    a, b = np.sort(W @ A, axis=1), np.sort(W @ B, axis=1)
    whole = math.lcm(a.shape[1], b.shape[1])
    each_a, each_b = whole // a.shape[1], whole // b.shape[1]
    edges = np.union1d(np.arange(a.shape[1] + 1) * each_a, np.arange(b.shape[1] + 1) * each_b)
    start, width = edges[:-1], np.diff(edges) / whole
    return float((np.abs(a[:, start // each_a] - b[:, start // each_b]) @ width).mean())


def modes_covered(samples: Array, centres: Array, radius: float) -> Modes:
    """How many of the clouds around ``centres`` (n, k) the samples (n, m) make, and how cleanly."""
    apart = np.linalg.norm(samples[:, :, np.newaxis] - centres[:, np.newaxis, :], axis=0)
    nearest, near = apart.argmin(axis=1), apart.min(axis=1) <= radius
    k, m = centres.shape[1], samples.shape[1]
    counts = np.bincount(nearest[near], minlength=k)
    enough = np.maximum(1.0, LEAST_SHARE * m / k)
    return Modes(int((counts >= enough).sum()), float(near.mean()), counts)
