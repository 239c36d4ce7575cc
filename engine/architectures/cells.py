"""What the networks that read sequences share: their cells and their first layers.

This module holds no kind.
"""

from __future__ import annotations

from engine.architectures.builder import Builder
from engine.core.spec import Spec
from engine.datasets import Data

CELLS = ("rnn", "lstm", "gru")
TITLES = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
MEMORY = {"lstm": "forget_bias", "gru": "update_bias"}
"""The setting of a cell that says how long its first memory is; the plain RNN has none."""


def read(draw: Builder, data: Data, d: int, name: str = "") -> None:
    """The input, and behind a text an embedding with d numbers a symbol."""
    draw.input(data, name=name)
    if data.symbols:
        draw.add("embedding", d, vocabulary=len(data.symbols), name="Embed")


def recurrent(
    draw: Builder, cell: str, units: int, *, both: bool = False, memory: float | None = None
) -> None:
    """A recurrent layer of that cell, reading forwards or in both directions."""
    spec = Spec.of(cell, bidirectional=True) if both else Spec(cell)
    if memory is not None and cell in MEMORY:
        spec = spec.with_(**{MEMORY[cell]: memory})
    draw.add(spec, units, name=f"{'Bidirectional ' if both else ''}{TITLES[cell]}")
