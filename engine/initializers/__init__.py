"""Ways of drawing the first weights; one file a kind."""

from engine.initializers.base import Initializer, initializers

__all__ = ["Initializer", "initializers"]
