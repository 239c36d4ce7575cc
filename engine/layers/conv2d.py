"""Convolution over an image."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.convolution import Convolution


@layers.add("conv2d")
@dataclass(frozen=True)
class Conv2d(Convolution):
    """Filters that slide over an image; each gives one feature map.

    ``z[i, y, x] = Σ_c Σ_j Σ_k W[i, c, j, k] a_prev[c, y s + j d − p, x s + k d − p] + b[i]``,
    ``a = g(z)``: a_prev is (channels, height, width, m), W (filters, channels, f, f), b (filters, 1),
    z and a (filters, ⌊(height + 2p − d (f − 1) − 1) / s⌋ + 1, likewise the width, m). Products with
    the zeros of the padding are left out of the explanation. As everywhere in deep learning the
    kernel is not turned round, so strictly this is a cross-correlation.

    ``padding``: "valid" is p = 0, a number is that p on every side; "same" adds d (f − 1) zeros in
    all, the odd one below and on the right, so that the size stays at stride 1; with a stride s every
    s-th of those windows is taken and ⌈height / s⌉ are left. With G groups the channels and the
    filters are cut into G parts, part by part convolved: W is then (filters, channels / G, f, f).

    Backward: ``dz = da ⊙ g'(z)``, ``dW[i, c, j, k] = Σ dz[i, y, x] a_prev[c, y s + j d − p, ...]`` and
    ``db[i] = Σ dz[i, y, x]`` over positions and examples, ``da_prev`` of a pixel is the sum of
    ``W[i, c, j, k] dz[i, y, x]`` over all windows that see it.

    LeCun et al., 1989; stride, padding, dilation and groups as in PyTorch's ``Conv2d``.
    """

    title = "Convolution"
    summary = "Small filters slide over the image; each makes a feature map of what it looks for."
    rank = 30
    needs = (
        3,
        "A convolution takes an image: give the input a shape such as 1×28×28, or put a reshape layer"
        " before it.",
    )
