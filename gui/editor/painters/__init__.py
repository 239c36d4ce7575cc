"""Looks of layers: outlines of neurons, pictures within blocks, and the signs of kinds.

A kind with a look of its own brings a file that calls ``register(kind, look)``,
``pictures.register_picture`` or ``glyphs.register_glyph``.
"""

from gui.editor.painters.looks import Look, look_of, register

__all__ = ["Look", "look_of", "register"]
