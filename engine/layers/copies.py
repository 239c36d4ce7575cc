"""Values that go on, or gradients that go back, as they came or not at all. This module holds no kind."""

from __future__ import annotations

from engine.core.plan import Array


def copied(values: Array, out: Array) -> None:
    """The values as they are."""
    out[...] = values


def nothing(out: Array) -> None:
    """Zeros: the input has no gradient."""
    out.fill(0.0)
