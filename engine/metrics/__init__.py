"""Metrics: how good predictions are, as one number that a reader understands; one file a kind."""

from engine.metrics.base import Metric, metrics

__all__ = ["Metric", "metrics"]
