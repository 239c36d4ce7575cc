"""Transposed convolution over an image."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.transposed_convolution import TransposedConvolution


@layers.add("transposed_conv2d")
@dataclass(frozen=True)
class TransposedConv2d(TransposedConvolution):
    """A convolution run backwards: every pixel that comes in stamps its multiple of the kernel.

    ``z[i, y s + j d − p, x s + k d − p] += W[i, c, j, k] a_prev[c, y, x]`` over all c, y, x, j and k,
    then ``+ b[i]``, ``a = g(z)``: a_prev is (channels, height, width, m), W
    (filters, channels, f, f), b (filters, 1), z and a (filters, H, W, m). What is stamped beyond the
    edge is cut off. ``padding``: "valid" is p = 0, so ``H = (height − 1) s + d (f − 1) + 1``; a
    number p takes 2p of that away, as in PyTorch; "same" gives ``H = height · s``: it is the exact
    reverse of a ``conv2d`` with "same" and the same stride.

    Backward: ``dz = da ⊙ g'(z)``, ``dW[i, c, j, k] = Σ dz[i, y s + j d − p, ...] a_prev[c, y, x]``,
    ``db = Σ dz``, and ``da_prev`` is a convolution of dz with W.

    Dumoulin and Visin, 2016; PyTorch's ``ConvTranspose2d`` has the first two axes of W the other
    way round.
    """

    title = "Transposed convolution"
    summary = "A convolution run backwards: it makes an image larger, as a decoder needs."
    rank = 60
    needs = (
        3,
        "A transposed convolution takes an image: put a reshape layer before it, such as 8×7×7 (channels,"
        " height, width).",
    )
