"""Looks of neurons, one file a look; found by the role of a layer's kind.

A kind with a look of its own brings a file that calls ``register(kind, look)``.
"""

from gui.editor.painters.looks import Look, look_of, register

__all__ = ["Look", "look_of", "register"]
