"""Orthogonal weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.initializers.base import Initializer, initializers


@initializers.add("orthogonal")
@dataclass(frozen=True)
class Orthogonal(Initializer):
    """``W Wᵀ = gain² I``: the rows stand at right angles and have length gain.

    Where W has more rows than columns, the columns do: ``Wᵀ W = gain² I``. Further axes count as
    columns. Q of a normal matrix's QR, with the signs that make it uniform over all such
    matrices. Source: Saxe, McClelland and Ganguli, 2014; Mezzadri, 2007.
    """

    title = "Orthogonal"
    summary = "Turns the signals without stretching them; for deep and recurrent networks."
    rank = 28

    gain: float = knob(1.0, "Gain", minimum=0.0, maximum=100.0, help="The length of every row.")

    def draw(self, rng: np.random.Generator, shape: tuple[int, ...], fan_in: int, fan_out: int) -> Array:
        rows, columns = shape[0], int(np.prod(shape[1:]))
        tall = rng.normal(0.0, 1.0, (max(rows, columns), min(rows, columns)))
        q, r = np.linalg.qr(tall)
        q = q * np.where(np.diag(r) < 0.0, -1.0, 1.0)
        W = q if rows >= columns else q.T
        return np.ascontiguousarray(self.gain * W).reshape(shape)
