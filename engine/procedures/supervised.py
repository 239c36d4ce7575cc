"""Supervised learning: predictions are compared with the targets of the data."""

from __future__ import annotations

from dataclasses import dataclass

from engine.procedures.base import Procedure, procedures


@procedures.add("supervised")
@dataclass(frozen=True)
class Supervised(Procedure):
    """An update takes a batch of examples: forward, loss, backward, ``θ := θ − α ∂J/∂θ``."""

    title = "Supervised"
    summary = "Compares the predictions with the targets and goes down the slope of the loss."
    rank = 10
