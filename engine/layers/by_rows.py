"""A convolution with stride 1 as one matrix product for every row of the image.

There is less to copy than a column for every window (``bands``). This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from engine.core.place import Place
from engine.core.plan import Array
from engine.layers.bands import Rows, Seen, Sent, by_phases, by_rows
from engine.layers.by_columns import gradient, product
from engine.layers.columns import gather
from engine.layers.windows import Windows


class ByRows:
    """Like ``ByColumns``; with ``phases`` s the windows are calculated in the order of a pooling of s · s."""

    def __init__(self, windows: Windows, phases: int, *, bias: bool) -> None:
        self.windows, self.phases, self.bias = windows, phases, bias
        self.rows: Rows | None = None

    @staticmethod
    def fits(windows: Windows, groups: int) -> bool:
        """Whether a convolution can be calculated in this way."""
        if len(windows.sizes) != 2 or not windows.stride == windows.dilation == groups == 1:
            return False
        return max(windows.before, windows.after) < windows.kernel

    def forward(self, p: Place, z: Array) -> None:
        """The lines from the image that comes in to ``z``."""
        if self.phases == 1:
            self._multiply(p, by_rows(z))
        else:
            ordered = self.forward_unordered(p).ordered
            p.forward("z in the order of the image", "z", np.copyto, by_phases(z, self.phases), ordered)

    def forward_unordered(self, p: Place) -> Rows:
        """The lines to z for a pooling that takes it phase by phase, and puts dz in its place."""
        rows = self.rows = Rows(p, self.windows, p.shape[0], self.phases, kept=True)
        self._multiply(p, rows.inner)
        return rows

    def backward(self, p: Place, dz: Array | None) -> None:
        """The lines from ``dz`` to the gradients and da of the image; without dz it is in the rows."""
        port, rows = p.inputs[0], self.rows
        if rows is None and port.da is not None:
            rows = Rows(p, self.windows, p.shape[0], 1, kept=False)
        if rows is not None and dz is not None:
            p.backward("rows of dz", "rows", np.copyto, rows.ordered, by_phases(dz, rows.phases))
        if p.learns and self.rows is not None:
            self._learn(p, self.rows.inner)
        elif p.learns and dz is not None:
            self._learn(p, by_rows(dz))
        if rows is not None and port.da is not None:
            p.backward("zeros around dz", "rows", gather, rows.border)
            sent = Sent(p, self.windows, p.parameters[f"W.{port.source}"], rows)
            p.hand_back(port, "da_prev = turned W · rows", sent)

    def _multiply(self, p: Place, z: Array) -> None:
        """The lines to z by rows."""
        port, filters = p.inputs[0], p.shape[0]
        seen = self.seen = Seen(p, self.windows, port.shape[0], self.phases, ones=self.bias)
        kernel = p.scratch(seen.kernel_shape(filters))
        p.forward("columns: what every window sees", "columns", gather, seen.pairs(port.a))
        p.forward("W by rows of the window", "turned W", gather, self._copies(p, kernel, p.parameters))
        p.forward(product(self.bias), "z", np.matmul, kernel.reshape(filters, -1), seen.stack, z)

    def _learn(self, p: Place, dz: Array) -> None:
        """The lines to dW and db."""
        seen, filters = self.seen, p.shape[0]
        phases, height, size, _ = seen.stack.shape
        each, whole = p.passing((phases, height, size, filters)), p.passing((size, filters))
        p.backward(gradient(self.bias), "dWᵀ", np.matmul, seen.stack, dz.transpose(0, 1, 3, 2), each)
        p.backward("dWᵀ = Σ over the rows", "dWᵀ", np.add.reduce, each, (0, 1), None, whole)
        kernel = whole.reshape(*seen.kernel_shape(filters)[1:], filters).transpose(2, 0, 1)
        copies = [(there, here) for here, there in self._copies(p, kernel, p.gradients)]
        p.backward("dW, turned round", "dW", gather, copies)

    def _copies(self, p: Place, kernel: Array, named: Mapping[str, Array]) -> list[tuple[Array, Array]]:
        """Places for W and b, or their gradients, in a kernel by rows of the window, beside them."""
        W, b = self.seen.parts(kernel)
        copies = [(W, named[f"W.{p.inputs[0].source}"])]
        return [*copies, (b, named["b"])] if self.bias else copies
