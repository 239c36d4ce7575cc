"""First names, letter by letter."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.core.knobs import knob
from engine.datasets.base import Data, DataSet, datasets
from engine.datasets.chance import generator, shuffled
from engine.datasets.tokens import next_symbols, numbers_of

SYMBOLS = tuple(".abcdefghijklmnopqrstuvwxyz")
"""The full stop, number 0, stands before and after a name."""

PARTS = ("train", "test", "all")
TEST_SHARE = 10
"""One name in so many belongs to the test."""

SOURCE = (
    "First names of the 1990 census of the United States (U.S. Census Bureau, public domain); "
    "copy of the Python package names 0.3.0 (MIT)."
)


@datasets.add("names")
@dataclass(frozen=True)
class Names(DataSet):
    """5163 first names for a model of the next letter: X is ``.mary.......``, Y ``mary.`` and then −1.

    27 symbols: the full stop and a to z. A full stop begins and ends a name; X is filled up with
    it, but behind the end of a name nothing is asked. T is the longest name allowed, plus 1;
    longer names are left out. A name written on from "." to the next "." is the model's own.

    The names come in an order shuffled once for ever, and the first tenth of it is the test
    part. The seed changes nothing. Counted pairs of letters spell the test part at 3.39 bits a symbol.
    """

    title = "First names"
    summary = (
        "5163 first names from the United States, to be spelled letter by letter, and to invent new ones."
    )
    group = "Text"
    rank = 82

    part: str = knob("train", "Part", choices=PARTS, help="The test part is one name in ten.")
    longest: int = knob(11, "Longest name", minimum=3, maximum=11, help="Longer names are left out.")

    def load(self, seed: int) -> Data:
        texts = [f".{name}.".ljust(self.longest + 2, ".") for name in self.chosen()]
        numbers = numbers_of("".join(texts), SYMBOLS).reshape(-1, self.longest + 2).T
        behind = np.cumsum(numbers[1:] == 0, axis=0) - (numbers[1:] == 0) > 0
        return next_symbols(numbers, SYMBOLS, SOURCE, behind)

    def chosen(self) -> list[str]:
        """The names of the part, without those that are too long."""
        names = _names()
        first = len(names) // TEST_SHARE
        part = {"train": names[first:], "test": names[:first], "all": names}[self.part]
        return [name for name in part if len(name) <= self.longest]


@cache
def _names() -> tuple[str, ...]:
    """All names in the fixed order, small letters."""
    lines = (files("resources") / "data" / "names.txt").read_text(encoding="utf-8").split()
    return tuple(lines[place] for place in shuffled(generator(0), len(lines)))
