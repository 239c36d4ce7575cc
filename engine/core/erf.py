"""The complementary error function of whole arrays, which NumPy does not have.

``erfc(x) = 2/√π ∫ e^(−s²) ds`` from x to ∞. For x ≥ 0 the function ``(1 + 2 x) e^(x²) erfc(x)`` stays
between 1 and 1.3, and in ``t = (x − 3) / (x + 3)``, which runs from −1 to 1, a polynomial gives it to
all digits. Source: M. Shepherd and J. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x
in 0 ≤ x < ∞, Mathematics of Computation 36 (1981); the coefficients here are from a Chebyshev series
of its own, summed with 60 digits.
"""

from __future__ import annotations

import math

import numpy as np

from engine.core.plan import Array

DOUBLE = (
    1.2530080582697296, -0.13562110612458117, -0.0475622943534492, 0.1296451587027594,
    -0.11927366341538638, 0.0683080273440099, -0.02377051491717134, 0.0025293918156939696,
    0.0018886903449991718, -0.0007798322696543306, -0.00010515971958448065, 0.0001250993424583729,
    4.949196649968345e-06, -2.0100542268525612e-05, -7.308281468783614e-07, 3.472370944977168e-06,
    3.5576086684080595e-07, -6.166011460398726e-07, -1.4047654315428462e-07, 1.0183620603842736e-07,
    4.1064013667940355e-08, -1.3312919661038687e-08, -8.217595058711455e-09, 9.862533510345587e-10,
    8.393734858690877e-10,
)  # fmt: skip
"""The coefficients of t⁰, t¹, t², ..."""
SINGLE = (
    1.2530080563677553, -0.1356210694002736, -0.047562156927520076, 0.1296441143440814,
    -0.1192752752822409, 0.06831656777114085, -0.02376357643949504, 0.0024991168696069477,
    0.001875079123772353, -0.0007264536790340485, -9.254516686923966e-05, 7.731024224076895e-05,
)  # fmt: skip
"""The same for single precision."""
END = 28.0
"""Beyond it erfc is 0 in double precision."""
ROOM = 32_768
"""So many numbers are done at once, so that what is calculated meanwhile stays in the cache."""
FEW = 400
"""Up to so many numbers are faster one by one."""
_one_by_one = np.frompyfunc(math.erfc, 1, 1)


def erfc(x: Array, out: Array | None = None) -> Array:
    """``erfc(x)`` in the precision of x; ``out`` may be x itself and must lie in one piece."""
    if out is None:
        out = np.empty(x.shape, x.dtype)
    if out.size <= FEW:
        out[...] = _one_by_one(x)
        return out
    given, found = x.reshape(-1), out.reshape(-1)
    for start in range(0, found.size, ROOM):
        here = slice(start, start + ROOM)
        found[here] = _some(given[here])
    return out


def _some(x: Array) -> Array:
    """``erfc`` of a few numbers: of |x|, and from there by ``erfc(−x) = 2 − erfc(x)``."""
    single = x.dtype == np.float32
    size, sign = np.minimum(np.abs(x), END), np.copysign(1, x)
    t = (size - 3) / (size + 3)
    y = _polynomial(SINGLE if single else DOUBLE, t)
    y /= 1 + 2 * size
    y *= np.exp(-size * size) if single else _bell(size)
    y *= sign
    y += 1 - sign
    return y


def _polynomial(coefficients: tuple[float, ...], t: Array) -> Array:
    """``c₀ + t (c₁ + t (c₂ + ...))`` (Horner)."""
    *others, last = coefficients
    y = np.full_like(t, last)
    for each in reversed(others):
        y *= t
        y += each
    return y


def _bell(x: Array) -> Array:
    """``e^(−x²)`` to the last digits: with h, x rounded to sixteenths, h² is exact and
    ``e^(−x²) = e^(−h²) e^((h − x)(h + x))``."""
    h = np.rint(16 * x) / 16
    bell: Array = np.exp(-h * h)
    bell *= np.exp((h - x) * (h + x))
    return bell
