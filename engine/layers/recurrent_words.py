"""What recurrent layers call their weights, and what is said of the steps that all of them have.

This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.layers.base import Words


def W_of(gate: str) -> str:
    """What the weights of the input are called: Wi for the gate i, Wx where there are no gates."""
    return f"W{gate or 'x'}"


def recurrent_words(gates: Sequence[str]) -> dict[str, Words]:
    """What to say of the steps that every recurrent kind has."""
    said: dict[str, Words] = {
        "da": ("blame", "da[l]⟨t⟩ = Σ ∂z[l+1]/∂a[l] · dz[l+1]", "da = sum(sent_back)"),
    }
    for k in gates:
        code = f"z{k} = {W_of(k)} @ x[t] + U{k} @ a[t-1] + b{k}"
        said[f"z{k}"] = ("value", f"z{k}⟨t⟩ = {W_of(k)} x⟨t⟩ + U{k} a⟨t−1⟩ + b{k}", code)
        W = W_of(k)
        said[f"d{W}"] = ("gradient", f"d{W} = Σ dz{k}⟨t⟩ x⟨t⟩ᵀ", f"d{W} += dz{k} @ x[t].T")
        said[f"db{k}"] = ("gradient", f"db{k} = Σ dz{k}⟨t⟩", f"db{k} += dz{k}.sum(axis=1, keepdims=True)")
        said[f"dU{k}"] = ("gradient", f"dU{k} = Σ dz{k}⟨t⟩ a⟨t−1⟩ᵀ", f"dU{k} += dz{k} @ a[t-1].T")
        said[f"dV{k}"] = ("gradient", f"dV{k} = Σ dz{k}⟨t⟩ a⟨t+1⟩ᵀ", f"dV{k} += dz{k} @ a[t+1].T")
    return said


def recurrent_letters(gates: Sequence[str]) -> dict[str, str]:
    """Small letters for the cells of the matrices."""
    return {f"{letter}{k}": f"{letter.lower()}{k}" for k in gates for letter in "WUV"} | {"Wx": "w"}


def recurrent_loops(gates: Sequence[str]) -> dict[str, str]:
    """The un-vectorised loops that every recurrent kind has: unit u, and q one step before."""
    made: dict[str, str] = {}
    for k in gates:
        W, dz = W_of(k), f"dz{k}[u, t, e]"
        x, a = f"sum[j]({W}[u, j] * a_prev[j, t, e])", f"sum[q](U{k}[u, q] * a[q, t - 1, e], where=t > 0)"
        made[f"z{k}"] = f"z{k}[u, t, e] = {x} + {a} + b{k}[u, 0]"
        made[f"d{W}"] = f"d{W}[u, j] = sum[t, e]({dz} * a_prev[j, t, e])"
        made[f"dU{k}"] = f"dU{k}[u, q] = sum[t, e]({dz} * a[q, t - 1, e], where=t > 0)"
        made[f"db{k}"] = f"db{k}[u, 0] = sum[t, e]({dz})"
    back = " + ".join(f"{W_of(k)}[u, j] * dz{k}[u, t, e]" for k in gates)
    return made | {"da": f"da_prev[j, t, e] = sum[u]({back})"}


def blame_loop(pairs: Sequence[tuple[str, str]], kept: str = "") -> str:
    """The loop of dh: from above, what is ``kept`` of the step after, and through the pairs of U and dz."""
    after = " + ".join(f"{U}[q, u] * {dz}[q, t + 1, e]" for U, dz in pairs)
    kept = f" + ({kept} if t < last else 0.0)" if kept else ""
    return f"dh[u, t, e] = sum[q]({after}, where=t < last) + da[u, t, e]{kept}"
