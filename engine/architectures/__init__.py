"""Architectures: whole networks to begin with, each with its data and training; one file a kind."""

from engine.architectures.base import Architecture, Figure, architectures

__all__ = ["Architecture", "Figure", "architectures"]
