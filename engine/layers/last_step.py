"""The last step of a sequence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.place import Shape
from engine.core.problems import DocumentError
from engine.layers.base import layers
from engine.layers.one_step import OneStep


@layers.add("last_step")
@dataclass(frozen=True)
class LastStep(OneStep):
    """``a = a_prev⟨T⟩``: from (n, T, m) to (n, m). Backward: da goes to step T, 0 to the others.

    A second input (T, m), such as numbers of symbols, marks padding with 0: then it is the last
    step whose mark is not 0; a is 0 where all are. Both ends, for a bidirectional layer: the first
    half of the features at the last step and the second half, which reads backward, at the first;
    each has then seen the whole sequence. These are PyTorch's ``h_n``, one below the other.
    """

    title = "Last step"
    summary = "Keeps of a sequence only what stands at its last step."
    stem = "last"
    rank = 60
    loops = {
        "a": "a[i, e] = a_prev[i, T - 1, e]",
        "da": "da_prev[i, t, e] = da[i, e] if t == T - 1 else 0.0",
    }
    words = {
        "a": ("choice", "a = a[l−1]⟨T⟩", "a = a_prev[:, -1]"),
        "da": ("blame", "da[l] = Σ ∂z[l+1]/∂a[l] · dz[l+1]", "da = sum(sent_back)"),
    }

    both_ends: bool = knob(
        False,
        "Both ends",
        help="After a bidirectional layer: the second half of the features from the first step.",
    )

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        (n,) = super().output_shape(units, inputs)
        if self.both_ends and n % 2:
            raise DocumentError(
                "Both ends needs two halves of features: put it after a bidirectional layer, or turn it off."
            )
        return (n,)

    def ends(self, n: int) -> tuple[tuple[slice, int], ...]:
        return ((slice(0, n // 2), -1), (slice(n // 2, n), 0)) if self.both_ends else ((slice(0, n), -1),)
