"""Transposed convolution over time."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.transposed_convolution import TransposedConvolution


@layers.add("transposed_conv1d")
@dataclass(frozen=True)
class TransposedConv1d(TransposedConvolution):
    """A convolution over time run backwards: every time step stamps its multiple of the kernel.

    ``z[i, t s + k d − p] += W[i, c, k] a_prev[c, t]`` over all c, t and k, then ``+ b[i]``,
    ``a = g(z)``: a_prev is (features, time, m), W (filters, features, f), b (filters, 1), z and a
    (filters, T, m). All else is as with images: see ``transposed_conv2d``.
    """

    title = "Transposed convolution over time"
    summary = "A convolution over time run backwards: it makes a sequence longer."
    group = "Sequences"
    rank = 36
    needs = (
        2,
        "A transposed convolution over time takes a sequence: give the input a shape such as 8×20"
        " (features, time), or put a reshape layer before it.",
    )
