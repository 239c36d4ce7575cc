"""The calculation inside an attention layer: scores, shares and their gradients, for all heads at once.

Queries, keys and values lie in buffers with one row for every position and example, (T·m, width).
A head of an example is then a matrix whose rows lie at equal distances, which a matrix product
takes as it is. Scores and shares are kept with the keys on the first axis, (T_k, h, m, T_q), so
that whatever goes over the keys (the maximum, a sum) goes over axis 0. What is hidden is multiplied
by 0; it is never left to e^−∞, which is slow. This module holds no kind.
"""

from __future__ import annotations

import numpy as np

from engine.core.place import Place, Shape
from engine.core.plan import Array

FAR_BELOW = 1e30
"""Taken off a hidden score where the maximum is sought; no e is ever raised to it."""


def as_sequence(buffer: Array, m: int, start: int, d: int) -> Array:
    """Columns ``start`` to ``start + d`` of a buffer (T·m, width), seen as a sequence (d, T, m)."""
    return buffer.reshape(-1, m, buffer.shape[1])[:, :, start : start + d].transpose(2, 0, 1)


def attend(p: Place, heads: int, causal: bool, keys: Array | None) -> None:
    """Lines from Q, K and V to S, A and O.

    With ``causal`` no query sees a later key; ``keys`` (T_k, m) is 0 for a key that none sees.
    """
    q, k, v, o = (_in_heads(p.known(name), heads) for name in "QKVO")
    _, m, t_q, width = q.shape
    size = (k.shape[2], heads, m, t_q)
    S, A = _scores(p, "S", p.passing(size)), _scores(p, "A", p.kept(size))
    scale = p.plan.constant(width**-0.5)
    p.forward("Qᵀ K", "S", np.matmul, k, q.swapaxes(2, 3), _matrices(S))
    p.forward("S = Qᵀ K / √(d/h)", "S", np.multiply, S, scale, S)
    if keys is None and not causal:
        _softmax(p, S, A, None)
    else:
        seen, below = _seen(p, A.shape, causal, keys)
        p.forward("A = S, hidden ones far below", "A", np.subtract, S, below, A)
        _softmax(p, A, A, seen)
    p.forward("O = V Aᵀ", "O", np.matmul, _matrices(A).swapaxes(2, 3), v, o)


def _softmax(p: Place, S: Array, A: Array, seen: Array | None) -> None:
    """Lines for the shares over the keys, axis 0; where nothing is seen all shares are 0."""
    scores, shares = _rows(S), _rows(A)
    row, one = p.passing((1, shares.shape[1])), p.plan.constant(1.0)
    p.forward("max S", "A", _highest, scores, row)
    p.forward("A = S − max S", "A", np.subtract, scores, row, shares)
    if seen is not None:
        p.forward("A = A ⊙ seen", "A", np.multiply, A, seen, A)
    p.forward("A = e^(S − max S)", "A", np.exp, A, A)
    if seen is not None:
        p.forward("A = A ⊙ seen", "A", np.multiply, A, seen, A)
    p.forward("Σ A", "A", _ones(p, A).dot, shares, row)
    if seen is not None:
        # the largest seen score makes e⁰ = 1, so a sum below 1 is one of nothing
        p.forward("Σ A, at least 1", "A", _at_least, row, one)
    p.forward("1 / Σ A", "A", np.divide, one, row, row)
    p.forward("A = A / Σ A", "A", np.multiply, shares, row, shares)


def _seen(p: Place, size: Shape, causal: bool, keys: Array | None) -> tuple[Array, Array]:
    """1 for what is seen and 0 for what is hidden, and what is taken off the hidden scores.

    Both are (T_k, 1, m, T_q): the same for all heads.
    """
    t_k, _, m, t_q = size
    seen = np.ones((t_k, 1, m, t_q), p.plan.dtype)
    if causal:
        seen *= np.triu(np.ones((t_k, t_q), p.plan.dtype)).reshape(t_k, 1, 1, t_q)
    below = (1 - seen) * p.plan.constant(FAR_BELOW)
    if keys is not None:
        always, given = seen.copy(), p.passing((t_k, m))
        one, far = p.plan.constant(1.0), p.plan.constant(FAR_BELOW)
        p.forward("mask ≠ 0", "A", np.not_equal, keys, p.plan.constant(0.0), given)
        p.forward("seen", "A", np.multiply, always, given.reshape(t_k, 1, m, 1), seen)
        p.forward("1 − seen", "A", np.subtract, one, seen, below)
        p.forward("(1 − seen) ∞", "A", np.multiply, below, far, below)
    return seen, below


def attend_backward(p: Place, heads: int) -> None:
    """Lines from dO to dV, dA, dS, dQ and dK; the arrays of all but dA and dS are there already."""
    q, k, v, dO = (_in_heads(p.known(name), heads) for name in ("Q", "K", "V", "dO"))
    dQ, dK, dV = (_in_heads(p.known(name), heads) for name in ("dQ", "dK", "dV"))
    A = p.known("A").transpose(2, 0, 3, 1)
    dA, dS = (_scores(p, name, p.passing(A.shape)) for name in ("dA", "dS"))
    passing, row = p.passing(A.shape), p.passing((1, *A.shape[1:]))
    scale = p.plan.constant(q.shape[3] ** -0.5)
    p.backward("dV = dO A", "dV", np.matmul, _matrices(A), dO, dV)
    p.backward("dA = dOᵀ V", "dA", np.matmul, v, dO.swapaxes(2, 3), _matrices(dA))
    p.backward("A ⊙ dA", "dS", np.multiply, A, dA, passing)
    p.backward("Σ A ⊙ dA", "dS", _ones(p, A).dot, _rows(passing), _rows(row))
    p.backward("dA − Σ A ⊙ dA", "dS", np.subtract, dA, row, dS)
    p.backward("dS = A ⊙ (dA − Σ A ⊙ dA)", "dS", np.multiply, dS, A, dS)
    p.backward("dS / √(d/h)", "dQ", np.multiply, dS, scale, passing)
    p.backward("dQ = K dSᵀ / √(d/h)", "dQ", np.matmul, _matrices(passing).swapaxes(2, 3), k, dQ)
    p.backward("dK = Q dS / √(d/h)", "dK", np.matmul, _matrices(passing), q, dK)


def _in_heads(sequence: Array, heads: int) -> Array:
    """A sequence (d, T, m) as matrices (h, m, T, d/h), without a copy."""
    d, time, m = sequence.shape
    return sequence.reshape(heads, d // heads, time, m).transpose(0, 3, 2, 1)


def _scores(p: Place, name: str, scores: Array) -> Array:
    """An array (T_k, h, m, T_q), shown as (h, T_q, T_k, m)."""
    p.name(name, scores.transpose(1, 3, 0, 2))
    return scores


def _matrices(scores: Array) -> Array:
    """Scores (T_k, h, m, T_q) as matrices (h, m, T_k, T_q), without a copy."""
    return scores.transpose(1, 2, 0, 3)


def _rows(scores: Array) -> Array:
    """Scores (T_k, h, m, T_q) as a matrix (T_k, h·m·T_q), without a copy."""
    return scores.reshape(len(scores), -1)


def _ones(p: Place, scores: Array) -> Array:
    return np.ones((1, len(scores)), p.plan.dtype)


def _highest(values: Array, out: Array) -> None:
    np.maximum.reduce(values, axis=0, keepdims=True, out=out)


def _at_least(values: Array, least: Array) -> None:
    np.maximum(values, least, out=values)
