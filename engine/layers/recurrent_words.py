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
