"""Slices through a body, as a scanner might show them, with an organ and a lesion to be outlined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import bell, cosine_sine, generator

SIDE = 32
"""Pixels in a row and in a column."""
OTHERS = 12
"""Structures beside the organ."""
BLOCK = 50
"""So many pictures are drawn at once: more of them leave the first ones as they are."""
CLASSES = ("background", "organ", "lesion")


@datasets.add("slices")
@dataclass(frozen=True)
class Slices(DataSet):
    """Pictures (1, 32, 32) of grey values round 0 to 1; Y says of each pixel 0, 1 or 2.

    A round body of grey tissue in black air; on the left of it an uneven oval organ, in the organ
    a small lesion, whose pixels are class 2 and no longer class 1, and mostly on the right other
    round structures of much the same grey, which may touch the organ: no threshold finds the organ
    alone. The lesion is darker than the organ, of a grey that tissue and soft borders have too.
    Everything has a cloudy texture and, on top, noise.

    Y is (1024, m), coded: the class number of pixel 1 (top left), 2 ... row by row; the network
    must give (3, 32, 32). Drawn, not measured: nothing to judge a patient by. The project draws
    the pictures from the knob ``seed``.
    """

    title = "Slices"
    summary = "Made-up scanner pictures: find the organ and the lesion in it, pixel by pixel."
    group = "Generated"
    rank = 38

    examples: int = knob(400, "Examples", symbol="m", minimum=50, maximum=2000)
    noise: float = knob(0.04, "Noise", minimum=0.0, maximum=0.5, help="Standard deviation in each pixel.")
    seed: int = knob(0, "Seed", minimum=0, maximum=999_999, help="Another seed, other pictures.")

    def load(self, seed: int) -> Data:
        rng, blocks = generator(seed), -(-self.examples // BLOCK)
        drawn = [_drawn(rng, BLOCK, self.noise) for _ in range(blocks)]
        grey, classes = (np.concatenate(each)[: self.examples] for each in zip(*drawn, strict=True))
        names = tuple(f"pixel {number}" for number in range(1, SIDE * SIDE + 1))
        return Data(
            X=read_only(grey.T),
            Y=read_only(classes.T),
            features=names,
            targets=names,
            task=Task.CLASSES,
            classes=CLASSES,
            source=f"Synthetic: drawn by Axon with seed {seed}, no patient's pictures; free to use.",
            shape=(1, SIDE, SIDE),
            target_shape=(len(CLASSES), SIDE, SIDE),
            coded=True,
        )


def _drawn(rng: np.random.Generator, m: int, noise: float) -> tuple[Array, Array]:
    """Grey values and class numbers, each (m, 1024)."""

    def between(low: float, high: float) -> Array:
        return low + (high - low) * rng.random((m, 1, 1))

    def place(reach: Array | float) -> tuple[Array, Array]:
        cosine, sine = cosine_sine(rng.random((m, 1, 1)))
        return reach * cosine, reach * sine

    tissue, organ = between(0.32, 0.43), between(0.52, 0.62)
    body = _inside(rng, (0.0, 0.0), between(13.5, 15.5), between(12.0, 14.5), 0.03)
    grey = _painted(np.full((m, SIDE, SIDE), 0.05), body, tissue)
    for _ in range(OTHERS):
        right, down = place(between(0.0, 10.0))
        other = _inside(rng, (right + 6.5, down), between(1.6, 3.2), between(1.6, 3.2))
        grey = _painted(grey, np.minimum(other, body), between(0.50, 0.80))
    right, down = place(between(0.0, 3.0))
    inside = _inside(rng, (right - 4.5, down), between(6.5, 8.0), between(5.0, 6.5), 0.06)
    grey = _painted(grey, inside, organ)
    aside, below = place(between(0.0, 2.5))
    lesion = _inside(rng, (right - 4.5 + aside, down + below), between(1.6, 2.8), between(1.6, 2.8), 0.1)
    lesion = np.minimum(lesion, inside)
    grey = _painted(grey, lesion, organ - between(0.12, 0.17))
    grey += 0.03 * _cloudy(bell(rng, (m, SIDE, SIDE))) + noise * bell(rng, (m, SIDE, SIDE))
    classes = np.where(lesion > 0.0, 2.0, np.where(inside > 0.0, 1.0, 0.0))
    return grey.reshape(m, -1), classes.reshape(m, -1)


def _inside(
    rng: np.random.Generator,
    centre: tuple[Array | float, Array | float],
    a: Array,
    b: Array,
    uneven: float = 0.0,
) -> Array:
    """About how many pixels each pixel (m, 32, 32) lies inside an oval; outside it is negative.

    The oval has half axes a and b (m, 1, 1), a random turn and a border whose distance from the
    centre sways by the share ``uneven``, twice and three times round.
    """
    m = len(a)
    cosine, sine = cosine_sine(rng.random((m, 1, 1)))
    pixels = np.arange(SIDE) - (SIDE - 1) / 2.0
    x, y = pixels - centre[0], pixels[:, np.newaxis] - centre[1]
    u, v = (x * cosine + y * sine) / a, (y * cosine - x * sine) / b
    r = np.sqrt(u * u + v * v)
    border: Array | float = 1.0
    if uneven:
        c, s = u / (r + 1e-9), v / (r + 1e-9)
        twice, thrice = 2.0 * c * s, c * (4.0 * c * c - 3.0)
        border += uneven * (bell(rng, (m, 1, 1)) * twice + bell(rng, (m, 1, 1)) * thrice)
    inside: Array = (border - r) * np.minimum(a, b)
    return inside


def _painted(grey: Array, inside: Array, value: Array) -> Array:
    """The picture with a structure on top; its border is one pixel soft."""
    painted: Array = grey + np.clip(inside + 0.5, 0.0, 1.0) * (value - grey)
    return painted


def _cloudy(values: Array) -> Array:
    """Noise (m, 32, 32) with its neighbours mixed in, twice 3 x 3, made as strong as it was before."""
    for axis in (1, 2, 1, 2):
        values = values + np.roll(values, 1, axis) + np.roll(values, -1, axis)
    # once 1, 1, 1 along an axis and again gives 1, 2, 3, 2, 1: the squares add up to 19
    return values / 19.0
