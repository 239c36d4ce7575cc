"""Convolution over time."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.convolution import Convolution


@layers.add("conv1d")
@dataclass(frozen=True)
class Conv1d(Convolution):
    """Filters that slide along a sequence.

    ``z[i, t] = Σ_c Σ_k W[i, c, k] a_prev[c, t s + k d − p] + b[i]``, ``a = g(z)``: a_prev is
    (features, time, m), W (filters, features, f), b (filters, 1), z and a
    (filters, ⌊(time + 2p − d (f − 1) − 1) / s⌋ + 1, m). With ``padding`` "same" the d (f − 1) zeros
    lie half before and half behind, the odd one behind; a filter sees the future as well as the past.
    All else is as with images: see ``conv2d``.

    Waibel et al., 1989 (time-delay networks); the settings are those of PyTorch's ``Conv1d``.
    """

    title = "Convolution over time"
    summary = "Small filters slide along the sequence, each looking for one short pattern."
    group = "Sequences"
    rank = 35
    needs = (
        2,
        "A convolution over time takes a sequence: give the input a shape such as 8×20 (features, time),"
        " or put a reshape layer before it.",
    )
