"""The loops over time of an LSTM: NumPy calls on views that were made beforehand.

The gates lie in the order o, i, f, g. Each entry of ``steps`` holds the views of one time step.
This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.plan import Array

Views = Sequence[tuple[Array, ...]]


def lstm_forward(U: Array, product: Array, half: Array, steps: Views) -> None:
    """From ``z = W x + b`` to the state h, step by step; z of the three σ holds its half.

    ``product`` is a buffer (4, H, m); the gates may stand in the place of z.
    """
    dot, flat = U.reshape(-1, U.shape[-1]).dot, product.reshape(-1, product.shape[-1])
    for h_before, c_before, z, gates, sigmoids, o, i, f, g, c, tanh_c, h in steps:
        dot(h_before, flat)
        np.add(z, product, z)
        np.tanh(z, gates)
        np.multiply(sigmoids, half, sigmoids)
        np.add(sigmoids, half, sigmoids)
        np.multiply(f, c_before, c)
        np.multiply(i, g, tanh_c)
        np.add(c, tanh_c, c)
        np.tanh(c, tanh_c)
        np.multiply(o, tanh_c, h)


def lstm_backward(UT: Array, dz: Array, steps: Views) -> None:
    """From da to dz of all gates, step by step from the end; ``dz`` is a buffer (4, H, m).

    Calculated in an order with few products: ``dz_o = dh a (1 − o)``, ``dz_i = dc i g (1 − i)``,
    ``dz_f = dc f c⟨t−1⟩ (1 − f)``, ``dz_g = dc (i − i g g)``, and for dc: ``dh (o − a tanh c)``.
    """
    dz.fill(0.0)
    carried, h, part = np.zeros_like(dz[0]), np.zeros_like(dz[0]), np.zeros_like(dz[1:])
    flat, one = dz.reshape(-1, dz.shape[-1]), np.ones((), dz.dtype)
    dz_oif, dz_g, (of_o, of_i, of_f) = dz[:3], dz[3], part
    for da, c_before, oif, o, i, f, g, tanh_c, dh, dc, out in steps:
        UT.dot(flat, dh)
        np.add(dh, da, dh)
        np.multiply(o, tanh_c, h)
        np.multiply(h, tanh_c, dc)
        np.subtract(o, dc, dc)
        np.multiply(dc, dh, dc)
        np.add(dc, carried, dc)
        np.multiply(dc, f, carried)
        np.multiply(dh, h, of_o)
        np.multiply(i, g, of_i)
        np.multiply(carried, c_before, of_f)
        np.multiply(of_i, g, dz_g)
        np.subtract(i, dz_g, dz_g)
        np.multiply(dz_g, dc, dz_g)
        np.multiply(of_i, dc, of_i)
        np.subtract(one, oif, dz_oif)
        np.multiply(dz_oif, part, dz_oif)
        np.copyto(out, dz)
