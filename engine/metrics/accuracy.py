"""Accuracy."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.metrics.base import BINARY, CLASSES, Metric, classes, metrics


@metrics.add("accuracy")
@dataclass(frozen=True)
class Accuracy(Metric):
    """``1/m Σ [ŷ = y]``, with ``ŷ = [a ≥ threshold]`` for one output and argmax for several.

    The threshold is without meaning for several outputs.
    """

    title = "Accuracy"
    summary = "The share of examples that are put into the right class."
    tasks = frozenset({BINARY, CLASSES})
    rank = 10

    threshold: float = knob(0.5, "Threshold", minimum=-1.0, maximum=1.0, help="From here on it is class 1.")

    def measured(self, a: Array, y: Array) -> float:
        predicted, true, _ = classes(a, y, self.threshold)
        return float((predicted == true).mean())
