"""Shapes as they are written and read: 1×28×28."""

from __future__ import annotations

import re

from engine.core.place import Shape
from engine.core.problems import DocumentError

MOST_AXES = 3


def shape_of(text: str) -> Shape:
    """The shape that a text such as ``1×28×28`` or ``8 x 20`` means; () for an empty one.

    Raises ``DocumentError`` with one sentence for any other text.
    """
    if not text.strip():
        return ()
    words = re.split(r"[×x*,;\s]+", text.strip().lower())
    if not all(word.isascii() and word.isdigit() and 0 < int(word) <= 4096 for word in words):
        raise DocumentError(f"A shape is written like 1×28×28, not '{text[:40]}'.")
    if len(words) > MOST_AXES:
        raise DocumentError(f"A shape has at most {MOST_AXES} numbers, like 1×28×28, not '{text[:40]}'.")
    return tuple(int(word) for word in words)


def spoken(shape: Shape) -> str:
    """A shape as it is written: 1×28×28."""
    return "×".join(str(side) for side in shape)
