"""Procedures: ways of training."""

from engine.procedures.base import Batch, Procedure, Turn, Wanted, procedures

__all__ = ["Batch", "Procedure", "Turn", "Wanted", "procedures"]
