"""Clipping: how a gradient that is too large is made smaller; one file a kind."""

from engine.clipping.base import Clipping, clippings

__all__ = ["Clipping", "clippings"]
