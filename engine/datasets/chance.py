"""Chance and angles that give the same bits on every machine.

The C library's sine, cosine and logarithm may differ in the last bit from one machine to the
next, and so may normal numbers that were made with them. What stands here uses only integers
and the operations that the floating-point standard (IEEE 754) rounds correctly: + - * / and sqrt.
"""

from __future__ import annotations

import math

import numpy as np

from engine.core.plan import Array


def generator(seed: int) -> np.random.Generator:
    """A counter-based generator (Philox) keyed by the seed; any whole number is a seed.

    Use its ``random`` only: the 53-bit fractions are made without rounding.
    """
    return np.random.Generator(np.random.Philox(key=seed % 2**64))


def bell(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Bell-shaped noise of mean 0 and variance 1: twelve uniform numbers added up, minus six.

    By the central limit theorem this is close to the normal distribution up to about 3; it
    never goes beyond 6. Source: D. Knuth, The Art of Computer Programming 2, section 3.4.1.
    """
    total = np.full(shape, -6.0)
    for _ in range(12):
        total += rng.random(shape)
    return total


def shuffled(rng: np.random.Generator, n: int) -> Array:
    """The whole numbers 0..n-1 in random order."""
    return np.argsort(rng.random(n), kind="stable")


def cosine_sine(turns: Array | float) -> tuple[Array, Array]:
    """Cosine and sine of an angle given in full turns; quarter turns give exactly 0, 1 and -1.

    The angle is reduced to an eighth of a turn on either side of the nearest quarter, where the
    Taylor series to the 16th power is exact to within a few units of the last place.
    """
    turns = np.asarray(turns, np.float64)
    quarter = np.rint(4.0 * turns)
    angle = (turns - quarter / 4.0) * (2.0 * math.pi)
    square = angle * angle
    cosine, sine = np.ones_like(angle), np.ones_like(angle)
    for k in range(16, 0, -2):
        cosine = 1.0 - square / float(k * (k - 1)) * cosine
        sine = 1.0 - square / float(k * (k + 1)) * sine
    sine = angle * sine
    which = quarter.astype(np.int64) % 4
    return (
        np.choose(which, (cosine, -sine, -cosine, sine)) + 0.0,
        np.choose(which, (sine, cosine, -sine, -cosine)) + 0.0,
    )
