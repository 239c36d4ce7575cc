"""Activation functions g with their derivative g'; one file a kind."""

from engine.activations.base import Activation, activations

__all__ = ["Activation", "activations"]
