"""Numeric gradients: every number nudged up and down, J measured twice (central difference).

In a notebook, or wherever a backward phase is to be believed:

    network = Network(store, examples=4, explains=True)
    network.feed(X, Y)
    print(gradient_check(network))

It knows nothing of layers: it asks the running network only for J, its parameters and its inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.plan import Array, Phase

NUDGE = 1e-5
"""How far a number is moved either way; about right for double precision."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One array: what the backward phase says and what the differences say."""

    name: str
    analytic: Array
    numeric: Array

    @property
    def error(self) -> float:
        """The largest difference, relative to the largest slope in the array.

        Slopes below 1e-4 are compared with 1e-4, because the difference of two J carries the
        rounding of J itself. Not a number anywhere counts as infinitely wrong.
        """
        if not self.analytic.size:
            return 0.0
        scale = max(1e-4, float(np.abs(self.analytic).max()), float(np.abs(self.numeric).max()))
        worst = float(np.abs(self.analytic - self.numeric).max() / scale)
        return worst if np.isfinite(worst) else float("inf")


@dataclass(frozen=True, slots=True)
class GradientReport:
    """All arrays that were compared."""

    comparisons: tuple[Comparison, ...]

    @property
    def worst(self) -> Comparison:
        """The array with the largest error."""
        return max(self.comparisons, key=lambda each: each.error)

    def agrees(self, tolerance: float = 1e-6) -> bool:
        """Whether no error is larger than the tolerance."""
        return all(each.error <= tolerance for each in self.comparisons)

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.comparisons)

    def __str__(self) -> str:
        return "\n".join(f"{each.error:9.2e}  {each.name}" for each in self.comparisons)


def numeric_gradient(
    J: Callable[[], float], array: Array, *, nudge: float = NUDGE, skip: Array | None = None
) -> Array:
    """``(J(θ + h) − J(θ − h)) / 2h`` for every cell of an array that ``J`` reads.

    The array is changed in place and has its old bits again afterwards. Cells where ``skip`` is
    true are left alone and get 0.
    """
    slopes = np.zeros(array.shape)
    for index in np.ndindex(array.shape):
        if skip is not None and skip[index]:
            continue
        old = array[index].copy()
        try:
            array[index] = old + nudge
            above, reached = J(), float(array[index])
            array[index] = old - nudge
            below, from_ = J(), float(array[index])
        finally:
            array[index] = old
        slopes[index] = (above - below) / (reached - from_)
    return slopes


def gradient_check(network: Any, *, nudge: float = NUDGE) -> GradientReport:
    """The gradient of a network's J for every parameter and every input against differences.

    ``network`` is an ``engine.network.Network`` that has been fed; inputs are compared if it was
    made with ``explains=True``, for training never needs their gradient. No weight changes. A
    cut synapse is no parameter: its slope must be 0.
    """
    measuring = network.calls(Phase.FORWARD, Phase.LOSS)

    def J() -> float:
        for call in measuring:
            call()
        return float(network.J)

    J()
    for call in network.calls(Phase.BACKWARD):
        call()
    store, m = network.store, network.m
    found = []
    for key in store.gradients:
        view = store.parameters[key]
        mask = store.masks.get(key)
        analytic = store.gradients[key] / m
        numeric = numeric_gradient(J, view, nudge=nudge, skip=None if mask is None else mask == 0)
        found.append(Comparison(key, analytic, numeric))
    for node in network.layout.inputs:
        place = network.places[node.layer.id]
        if place.da is not None:
            analytic = place.da / m
            found.append(
                Comparison(f"{node.layer.id}.a", analytic, numeric_gradient(J, place.a, nudge=nudge))
            )
    J()
    return GradientReport(tuple(found))
