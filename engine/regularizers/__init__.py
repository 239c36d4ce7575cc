"""Regularizers: what large weights cost; one file a kind."""

from engine.regularizers.base import Regularizer, regularizers

__all__ = ["Regularizer", "regularizers"]
