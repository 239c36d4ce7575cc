"""Kinds of layers; one file a kind."""

from engine.layers.base import LayerKind, layers

__all__ = ["LayerKind", "layers"]
