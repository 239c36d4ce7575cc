"""Sentences of a toy grammar whose entropy is known exactly."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from engine.core.knobs import knob
from engine.datasets.base import Data, DataSet, datasets
from engine.datasets.chance import generator
from engine.datasets.tokens import next_symbols, numbers_of

Rules = dict[str, tuple[tuple[float, tuple[str, ...]], ...]]


def _words(text: str) -> tuple[tuple[float, tuple[str, ...]], ...]:
    words = text.split()
    return tuple((1.0 / len(words), (word,)) for word in words)


RULES: Rules = {
    "SENTENCE": ((0.5, (" ", "ONE", " ", "DOES", ".")), (0.5, (" ", "MANY", " ", "DO", "."))),
    "ONE": ((1.0, ("THIS", " ", "KIND", "NOUN")),),
    "MANY": ((1.0, ("THESE", " ", "KIND", "NOUN", "s")),),
    "THIS": ((0.5, ("the",)), (0.25, ("every",)), (0.25, ("a",))),
    "THESE": ((0.5, ("the",)), (0.25, ("several",)), (0.25, ("two",))),
    "KIND": ((0.5, ()), (0.5, ("ADJECTIVE", " "))),
    "DOES": ((0.25, ("ALONE", "s")), (0.75, ("VERB", "s ", "OBJECT"))),
    "DO": ((0.25, ("ALONE",)), (0.75, ("VERB", " ", "OBJECT"))),
    "OBJECT": ((0.5, ("ONE",)), (0.5, ("MANY",))),
    "ADJECTIVE": _words("little clever patient grumpy"),
    "NOUN": _words("teacher kitten rabbit monster student jester driver queen"),
    "VERB": _words("greet help follow meet visit see chase thank"),
    "ALONE": _words("sleep laugh wait sing"),
}
"""For each part of speech its ways to go on: probability, and the parts or letters to write."""

SYMBOLS = tuple(" .abcdefghijklmnopqrstuvwy")


@datasets.add("grammar")
@dataclass(frozen=True)
class Grammar(DataSet):
    """Texts of sentences such as `` the little kittens thank a queen.``, one after the other; 26 symbols.

    A verb ends in s after a single subject only, so the first noun must be remembered. A text
    starts with a full stop, after which a new sentence begins, and is cut after T + 1 symbols:
    X is the text without its last symbol, Y (class numbers) without its first. A text written on
    from "." shows what a network has learned; ``is_valid`` says whether a sentence is one.

    The entropy of the endless text is 16.6863 bits a sentence / 34.875 symbols a sentence =
    0.4785 bit a symbol (``entropy_bits``). A text of T = 60 symbols holds a little more, 0.4946,
    because it begins with a beginning, where most is open. Without context a symbol costs 4.01
    bits, with one symbol of context 2.37.
    """

    title = "Grammar"
    summary = (
        "Sentences drawn from a small grammar; no model can spell them with less than 0.478 bit a symbol."
    )
    group = "Text"
    rank = 81

    examples: int = knob(500, "Texts", symbol="m", minimum=10, maximum=5000)
    time: int = knob(60, "Symbols", symbol="T", minimum=5, maximum=200, help="The length of each text.")

    def load(self, seed: int) -> Data:
        size = self.time + 1
        chance = _fractions(seed)
        texts = []
        for _ in range(self.examples):
            text = "."
            while len(text) < size:
                text += _written("SENTENCE", chance)
            texts.append(text[:size])
        numbers = numbers_of("".join(texts), SYMBOLS).reshape(-1, size).T
        return next_symbols(numbers, SYMBOLS, f"Synthetic: drawn by Axon with seed {seed}; free to use.")


def entropy_bits() -> float:
    """The entropy rate of the endless text in bits a symbol: ``H(sentence) / E(length of a sentence)``.

    ``H(A) = Σ p (−log₂ p + Σ H(parts))`` and ``E(A) = Σ p Σ E(parts)`` for every rule A with the
    probabilities p. This is exact because no sentence can be made in two ways and each ends with
    the only full stop in it.
    """
    return _bits("SENTENCE") / _length("SENTENCE")


def is_valid(text: str) -> bool:
    """Whether a text is one sentence of the grammar; spaces around it do not count."""
    return _pattern().fullmatch(" " + text.strip(" ")) is not None


def _bits(name: str) -> float:
    ways = RULES[name]
    return sum(p * (sum(_bits(part) for part in parts if part in RULES) - math.log2(p)) for p, parts in ways)


def _length(name: str) -> float:
    if name not in RULES:
        return len(name)
    return sum(p * sum(_length(part) for part in parts) for p, parts in RULES[name])


@cache
def _pattern() -> re.Pattern[str]:
    def pattern(name: str) -> str:
        if name not in RULES:
            return re.escape(name)
        return "(?:" + "|".join("".join(map(pattern, parts)) for _, parts in RULES[name]) + ")"

    return re.compile(pattern("SENTENCE"))


def _fractions(seed: int) -> Iterator[float]:
    rng = generator(seed)
    while True:
        yield from rng.random(4096).tolist()


def _written(name: str, chance: Iterator[float]) -> str:
    """One text that a rule makes; a rule with one way asks for no chance."""
    if name not in RULES:
        return name
    ways = RULES[name]
    if len(ways) > 1:
        fraction, way = next(chance), 0
        while way < len(ways) - 1 and fraction >= ways[way][0]:
            fraction -= ways[way][0]
            way += 1
        return "".join([_written(part, chance) for part in ways[way][1]])
    return "".join([_written(part, chance) for part in ways[0][1]])
