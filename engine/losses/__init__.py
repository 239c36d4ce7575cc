"""Losses: how wrong one prediction is; one file a kind."""

from engine.losses.base import Loss, LossPlace, losses

__all__ = ["Loss", "LossPlace", "losses"]
