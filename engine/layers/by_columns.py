"""A convolution as one matrix product with a column for every window. This module holds no kind."""

from __future__ import annotations

import numpy as np

from engine.core.place import Place
from engine.core.plan import Array
from engine.layers.columns import Columns, gather, grouped, scatter
from engine.layers.windows import Windows


class ByColumns:
    """``z = W · columns + b``; ``dWᵀ = columns · dzᵀ``; ``da_prev = Σ Wᵀ dz``. It fits every convolution."""

    def __init__(self, windows: Windows, groups: int, *, bias: bool) -> None:
        self.windows, self.groups, self.bias = windows, groups, bias

    def forward(self, p: Place, z: Array) -> None:
        """The lines from the image that comes in to ``z``."""
        port, groups = p.inputs[0], self.groups
        columns = self.columns = Columns(
            p, self.windows, port.shape[0], groups=groups, ones=self.bias, kept=True
        )
        W = grouped(p.blocks[0], groups)
        p.forward("columns: what every window sees", "columns", gather, columns.sources(port.a))
        p.forward(product(self.bias), "z", np.matmul, W, columns.matrix, grouped(z, groups))

    def backward(self, p: Place, dz: Array) -> None:
        """The lines from ``dz`` to the gradients and da of the image."""
        port, groups, seen = p.inputs[0], self.groups, self.columns.matrix
        dz = grouped(dz, groups)
        if p.learns:
            turned = p.passing((groups, seen.shape[1], dz.shape[1]))
            dW = grouped(p.gradient_blocks[0], groups).transpose(0, 2, 1)
            p.backward(gradient(self.bias), "dWᵀ", np.matmul, seen, dz.transpose(0, 2, 1), turned)
            p.backward("dW, turned round", "dW", np.copyto, dW, turned)
        if port.da is not None:
            back = Columns(p, self.windows, port.shape[0], groups=groups)
            W = grouped(p.blocks[0], groups)[:, :, : back.matrix.shape[1]].transpose(0, 2, 1)
            p.backward("dcolumns = Wᵀ dz", "dcolumns", np.matmul, W, dz, back.matrix)
            p.hand_back(port, "da_prev = Σ dcolumns", _spread, back)


def product(bias: bool) -> str:
    """The equation of z."""
    return "z = W · columns + b" if bias else "z = W · columns"


def gradient(bias: bool) -> str:
    """The equation of dWᵀ, of which db is the last row."""
    return "dWᵀ = columns · dzᵀ, db = Σ dz" if bias else "dWᵀ = columns · dzᵀ"


def _spread(columns: Columns, image: Array) -> None:
    scatter(columns.pairs(image), image)
