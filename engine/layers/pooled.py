"""Max-pooling of a convolution before its ReLU: ``max ReLU(z) = ReLU(max z)``, for ReLU never falls.

So there are fewer numbers to activate and z need not be put in the order of the image. A plan that
explains keeps to the order of the layers; both come to the same bits. This module holds no kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.activations import Activation
from engine.core.place import Place
from engine.core.plan import Array
from engine.layers.bands import Rows


@dataclass(frozen=True)
class Unpooled:
    """What a convolution leaves to the pooling behind it: z, for which dz is wanted, and g."""

    rows: Rows
    g: Activation


class Pooled:
    """The largest z of every window, and the way back of dz to the winners.

    As with ``Maxima`` the last tap that is larger than all before it has won, or else the first.
    """

    def __init__(self, place: Place, rows: Rows, *, back: bool) -> None:
        self.taps = rows.taps()
        shape = self.taps[0].shape
        self.largest = place.passing(shape)
        self.larger = place.kept((len(self.taps) - 1, *shape), dtype=bool) if back else None
        self.shape = (*shape[:2], -1, place.m)

    def as_image(self, array: Array) -> Array:
        """Numbers of windows as (channels, height, width, m), without a copy."""
        return array.reshape(self.shape).transpose(1, 0, 2, 3)

    def pool(self) -> None:
        """Fill ``largest``."""
        most = self.taps[0]
        for number, tap in enumerate(self.taps[1:]):
            if self.larger is not None:
                np.greater(tap, most, self.larger[number])
            most = np.maximum(most, tap, out=self.largest)

    def send(self, dz: Array) -> None:
        """From the last tap to the first, each wins what is left of ``dz``; over z dz is written."""
        assert self.larger is not None
        for number in range(len(self.larger) - 1, -1, -1):
            tap, rest = self.taps[number + 1], dz if number else self.taps[0]
            np.copyto(tap, self.larger[number])
            np.multiply(dz, tap, tap)
            np.subtract(dz, tap, rest)
