"""Reviews that are good or bad, with words that turn others round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import generator
from engine.datasets.tokens import numbers_of, symbol_names

PADDING = "·"
NOUNS = ("film", "plot", "music", "story", "acting", "ending", "cast", "script", "camera")
GOOD = (
    "good", "great", "funny", "lovely", "brilliant", "exciting", "clever", "superb", "wonderful", "charming",
)  # fmt: skip
BAD = ("bad", "awful", "boring", "dull", "terrible", "weak", "silly", "poor", "ugly", "tiresome")
DEGREES = ("very", "really")
SYMBOLS = (PADDING, "the", "was", "not", "and", *DEGREES, *NOUNS, *GOOD, *BAD)
"""The padding, number 0, and 35 words."""

LONGEST = 13
"""Words of the longest review: the plot was not very good and the cast was not really clever."""


@datasets.add("sentiment")
@dataclass(frozen=True)
class Sentiment(DataSet):
    """Reviews of one or two clauses: ``the plot was not good and the music was awful`` is bad; X is (13, m).

    Every clause says the same: in a good review ``good`` or ``not bad``, in a bad one ``bad`` or
    ``not good``, with "not" by chance q and a word of degree by chance 1/4. A review has two
    clauses by chance p. Good and bad reviews take turns. The padding (number 0) stands before
    the first word, so that the last step always reads the last word.

    Who only counts words cannot see which word a "not" belongs to: with one good word, one bad
    word and one "not" both answers are equally likely. So no function of the counts is right
    more often than ``1 − p q (1 − q)`` (0.844 with q = 0.4, p = 0.65), and a logistic regression
    on the counts, which learns nothing about "not", ``max(q, 1 − q)`` (0.60).
    """

    title = "Reviews"
    summary = "Short film reviews, good or bad, in which a “not” turns the next opinion round."
    group = "Text"
    rank = 88

    examples: int = knob(1500, "Examples", symbol="m", minimum=10, maximum=10_000)
    negation: float = knob(0.4, "Negation", symbol="q", minimum=0.0, maximum=1.0, help="How often “not”.")
    second: float = knob(0.65, "Second clause", symbol="p", minimum=0.0, maximum=1.0, help="How often two.")

    def load(self, seed: int) -> Data:
        rng = generator(seed)
        reviews: list[str] = []
        for i in range(self.examples):
            words = self._review(i % 2 == 1, iter(rng.random(12).tolist()).__next__)
            reviews += [PADDING] * (LONGEST - len(words)) + words
        return Data(
            X=read_only(numbers_of(reviews, SYMBOLS).reshape(-1, LONGEST).T),
            Y=read_only(np.arange(self.examples)[np.newaxis] % 2),
            features=symbol_names(LONGEST),
            targets=("y",),
            task=Task.BINARY,
            classes=("bad", "good"),
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
            symbols=SYMBOLS,
        )

    def _review(self, good: bool, chance: Callable[[], float]) -> list[str]:
        words = self._clause(good, chance)
        if chance() < self.second:
            words += ["and", *self._clause(good, chance)]
        return words

    def _clause(self, good: bool, chance: Callable[[], float]) -> list[str]:
        turned = chance() < self.negation
        words = ["the", _one_of(NOUNS, chance()), "was"]
        if turned:
            words.append("not")
        degree = chance()
        if degree < 0.25:
            words.append(_one_of(DEGREES, 4.0 * degree))
        words.append(_one_of(GOOD if good != turned else BAD, chance()))
        return words


def _one_of(words: tuple[str, ...], fraction: float) -> str:
    return words[int(fraction * len(words))]
