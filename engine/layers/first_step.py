"""The first step of a sequence."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.one_step import OneStep


@layers.add("first_step")
@dataclass(frozen=True)
class FirstStep(OneStep):
    """``a = a_prev⟨1⟩``: from (n, T, m) to (n, m). Backward: da goes to step 1, 0 to the others.

    It reads off a class token, which stands at the head of a sequence (Devlin et al., 2019). A
    second input (T, m) marks padding with 0: then it is the first step whose mark is not 0; a is 0
    where all are.
    """

    title = "First step"
    summary = "Keeps of a sequence only what stands at its first step: the class token, if it has one."
    stem = "first"
    rank = 62
    loops = {
        "a": "a[i, e] = a_prev[i, 0, e]",
        "da": "da_prev[i, t, e] = da[i, e] if t == 0 else 0.0",
    }
    words = {
        "a": ("choice", "a = a[l−1]⟨1⟩", "a = a_prev[:, 0]"),
        "da": ("blame", "da[l] = Σ ∂z[l+1]/∂a[l] · dz[l+1]", "da = sum(sent_back)"),
    }

    def ends(self, n: int) -> tuple[tuple[slice, int], ...]:
        return ((slice(0, n), 0),)
