"""The loops over time of a GRU: NumPy calls on views that were made beforehand.

The gates lie in the order n, r, z; the recurrent weights in the order r, z, n, so that the
gradient of what U a⟨t−1⟩ adds to n can lie behind those of r and z. Each entry of ``steps`` holds
the views of one time step. This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.plan import Array

Views = Sequence[tuple[Array, ...]]


def reset_after_forward(U: Array, bu: Array, product: Array, half: Array, steps: Views) -> None:
    """``n = tanh(wx + r ⊙ s)`` with ``s = U a⟨t−1⟩ + bu``; z of the two σ holds its half.

    At first z is ``wx = W x + b``. ``product`` is a buffer (3, H, m).
    """
    dot, flat = U.reshape(-1, U.shape[-1]).dot, product.reshape(-1, product.shape[-1])
    of_rz, of_n = product[:2], product[2]
    for h_before, z_n, z_rz, n, rz, r, z, s, h in steps:
        dot(h_before, flat)
        np.add(of_n, bu, s)
        _gates(z_rz, of_rz, rz, half)
        np.multiply(r, s, of_n)
        np.add(z_n, of_n, z_n)
        np.tanh(z_n, n)
        np.subtract(h_before, n, h)
        np.multiply(h, z, h)
        np.add(h, n, h)


def reset_before_forward(U: Array, product: Array, half: Array, steps: Views, mirrored: bool) -> None:
    """``n = tanh(wx + U (r ⊙ a⟨t−1⟩))``; ``mirrored`` says that z belongs to n."""
    of_rz, of_n, H = product[:2], product[2], U.shape[-1]
    dot_rz, dot_n, flat = U[:2].reshape(2 * H, H).dot, U[2].dot, of_rz.reshape(2 * H, -1)
    for h_before, z_n, z_rz, n, rz, r, z, rh, h in steps:
        dot_rz(h_before, flat)
        _gates(z_rz, of_rz, rz, half)
        np.multiply(r, h_before, rh)
        dot_n(rh, of_n)
        np.add(z_n, of_n, z_n)
        np.tanh(z_n, n)
        kept, new = (n, h_before) if mirrored else (h_before, n)
        np.subtract(kept, new, h)
        np.multiply(h, z, h)
        np.add(h, new, h)


def _gates(z: Array, of_state: Array, gates: Array, half: Array) -> None:
    np.add(z, of_state, z)
    np.tanh(z, gates)
    np.multiply(gates, half, gates)
    np.add(gates, half, gates)


def reset_after_backward(UT: Array, dz: Array, steps: Views) -> None:
    """From da to dz of n, r, z and ds, step by step from the end; ``dz`` is a buffer (4, H, m).

    Here ``dz_z = dh (a − n)(1 − z)``, because ``a − n`` is ``z (a⟨t−1⟩ − n)``.
    """
    dz.fill(0.0)
    dz_n, dz_r, dz_z, ds = dz
    carried, rest, one = np.zeros_like(ds), np.zeros_like(dz[:2]), np.ones((), dz.dtype)
    flat, (rest_r, rest_z) = dz[1:].reshape(-1, dz.shape[-1]), rest
    for da, h, n, rz, r, z, s, dh, out in steps:
        UT.dot(flat, dh)
        np.add(dh, carried, dh)
        np.add(dh, da, dh)
        np.subtract(one, rz, rest)
        _tanh_slope(n, one, dz_n)
        np.multiply(dz_n, rest_z, dz_n)
        np.multiply(dz_n, dh, dz_n)
        np.subtract(h, n, dz_z)
        np.multiply(dz_z, rest_z, dz_z)
        np.multiply(dz_z, dh, dz_z)
        np.multiply(dz_n, r, ds)
        np.multiply(ds, s, dz_r)
        np.multiply(dz_r, rest_r, dz_r)
        np.multiply(dh, z, carried)
        np.copyto(out, dz)


def reset_before_backward(UT: Array, dz: Array, steps: Views, mirrored: bool) -> None:
    """From da to dz of n, r and z, step by step from the end; ``dz`` is a buffer (3, H, m).

    Here ``dz_z = dh (a − x)(1 − z)``, where x is what z is not the share of: n, mirrored a⟨t−1⟩.
    """
    dz.fill(0.0)
    dz_n, dz_r, dz_z = dz
    H = len(UT)
    UT_rz, UT_n, flat = UT[:, : 2 * H], UT[:, 2 * H :], dz[1:].reshape(2 * H, -1)
    carried, through_r, one = np.zeros_like(dz_n), np.zeros_like(dz_n), np.ones((), dz.dtype)
    rest = np.zeros_like(dz[:2])
    rest_r, rest_z = rest
    for da, h, h_before, n, rz, r, z, rh, drh, dh, out in steps:
        UT_rz.dot(flat, dh)
        np.add(dh, carried, dh)
        np.add(dh, da, dh)
        np.subtract(one, rz, rest)
        of_n, of_h, other = (z, rest_z, h_before) if mirrored else (rest_z, z, n)
        _tanh_slope(n, one, dz_n)
        np.multiply(dz_n, of_n, dz_n)
        np.multiply(dz_n, dh, dz_n)
        np.subtract(h, other, dz_z)
        np.multiply(dz_z, rest_z, dz_z)
        np.multiply(dz_z, dh, dz_z)
        UT_n.dot(dz_n, drh)
        np.multiply(drh, rh, dz_r)
        np.multiply(dz_r, rest_r, dz_r)
        np.multiply(dh, of_h, carried)
        np.multiply(drh, r, through_r)
        np.add(carried, through_r, carried)
        np.copyto(out, dz)


def _tanh_slope(a: Array, one: Array, out: Array) -> None:
    np.multiply(a, a, out)
    np.subtract(one, out, out)
