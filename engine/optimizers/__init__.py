"""Optimizers: what becomes of the weights once the gradient is known; one file a kind."""

from engine.optimizers.base import Optimizer, UpdatePlace, optimizers

__all__ = ["Optimizer", "UpdatePlace", "optimizers"]
