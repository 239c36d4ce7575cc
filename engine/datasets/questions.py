"""What the tasks of question and answer share: "question=answer" as one text, read from left to right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.base import Data, DataSet
from engine.datasets.chance import generator
from engine.datasets.tokens import next_symbols

DIGITS = tuple("0123456789")
EQUALS = 10
"""The number of the symbol = in every alphabet here; a digit's number is the digit."""

PARTS = ("train", "test", "all")


@dataclass(frozen=True)
class Questions(DataSet):
    """Texts ``question=answer`` of one fixed length for a causal model of the next symbol.

    X is the text without its last symbol, Y the text without its first (class numbers). Only the
    answer is asked: Y is −1 as long as the next symbol belongs to the question or is the =. The
    true answer so far is part of X (teacher forcing).

    The digits of a question, read as a number, are its number q. One question in five belongs to
    the test for good, ``(2654435761 q mod 2³²) div 2¹⁶ mod 5 = 0`` (multiplicative hashing, D.
    Knuth, The Art of Computer Programming 3, section 6.4), so that training and test never share
    one.
    """

    group = "Text"

    examples: int = knob(2000, "Examples", symbol="m", minimum=10, maximum=10_000)
    part: str = knob(
        "train", "Part", choices=PARTS, help="The test part has none of the training's questions."
    )

    def load(self, seed: int) -> Data:
        size = self.digits_asked()
        q = drawn(seed, size, self.part, self.examples)
        digits = q // 10 ** np.arange(size - 1, -1, -1)[:, np.newaxis] % 10
        question, answer = self.question(digits), self.answer(digits)
        equals = np.full((1, self.examples), EQUALS)
        text = np.concatenate((question, equals, answer))
        silent = np.broadcast_to((np.arange(len(text) - 1) < len(question))[:, np.newaxis], text[1:].shape)
        source = f"Synthetic: drawn by Axon with seed {seed}, {self.part} part; free to use."
        return next_symbols(text, self.alphabet(), source, silent)

    def alphabet(self) -> tuple[str, ...]:
        """The symbols; the digits come first, then =."""
        return (*DIGITS, "=")

    def digits_asked(self) -> int:
        """How many random digits a question has."""
        raise TypeError(f"{type(self).__name__} asks nothing")

    def question(self, digits: Array) -> Array:
        """The symbols before the =, of digits (d, m)."""
        return digits

    def answer(self, digits: Array) -> Array:
        """The symbols after the =, of digits (d, m)."""
        raise TypeError(f"{type(self).__name__} answers nothing")


def kept_for_test(q: Array) -> Array:
    """Whether the questions numbered q belong to the test part."""
    product = q.astype(np.uint64) * np.uint64(2654435761) % np.uint64(2**32)
    kept: Array = (product >> np.uint64(16)) % np.uint64(5) == 0
    return kept


def drawn(seed: int, size: int, part: str, count: int) -> Array:
    """The numbers (count,) of random questions of that part, each below 10^size."""
    rng = generator(seed)
    found = np.empty(0, np.int64)
    while len(found) < count:
        q = (rng.random(2 * count + 100) * 10**size).astype(np.int64)
        if part != "all":
            q = q[kept_for_test(q) == (part == "test")]
        found = np.concatenate((found, q))
    return found[:count]
