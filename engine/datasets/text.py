"""A text of one's own."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.core.problems import DataError
from engine.datasets.base import Data, DataSet, datasets
from engine.datasets.tokens import alphabet_of, next_symbols, numbers_of, windows

MOST = 4_000_000
"""The most numbers in X: windows times their length."""


@datasets.add("text")
@dataclass(frozen=True)
class Text(DataSet):
    """Any text for a model of the next symbol: ``hello`` gives X ``hell`` and Y ``ello``, symbols h, e, l, o.

    The text is cut into windows of T + 1 symbols, one beginning every ``step`` symbols; X is a
    window without its last symbol, Y (class numbers) without its first. A text of fewer than
    T + 1 symbols is one window. Symbols are numbered in the order they first appear.
    """

    title = "Text"
    summary = "A text that you type, to be continued symbol by symbol."
    group = "Text"
    rank = 80

    text: str = knob("hello", "Text", help="At least two different symbols.")
    time: int = knob(
        20, "Window", symbol="T", minimum=1, maximum=200, help="How many symbols are read on end."
    )
    step: int = knob(1, "Step", minimum=1, maximum=200, help="From one window's beginning to the next one's.")

    def load(self, seed: int) -> Data:
        symbols = alphabet_of(self.text)
        if len(symbols) < 2:
            raise DataError("Type a text with at least two different symbols.")
        size = min(self.time + 1, len(self.text))
        if (1 + (len(self.text) - size) // self.step) * size > MOST:
            raise DataError("The text is too long for so many windows: choose a larger step.")
        pieces = windows(numbers_of(self.text, symbols), size, self.step)
        return next_symbols(pieces, symbols, "A text typed by the user.")
