"""Texts as numbers: a symbol is its place in an alphabet, and the target is the next symbol."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, Task

SILENT = -1
"""The class number at a position where nothing is asked."""


def alphabet_of(text: str) -> tuple[str, ...]:
    """The different symbols of a text in the order they first appear: ``hello`` has h, e, l, o."""
    return tuple(dict.fromkeys(text))


def numbers_of(text: Sequence[str], symbols: tuple[str, ...]) -> Array:
    """The number of every symbol, counted from 0: (length,) whole numbers.

    The text is a string, or a list of words. Raises ``DataError`` for an unknown symbol.
    """
    place = {symbol: number for number, symbol in enumerate(symbols)}
    unknown = next((symbol for symbol in text if symbol not in place), None)
    if unknown is not None:
        raise DataError(f"The text has the symbol {unknown!r:.40}, which the alphabet lacks.")
    return np.array([place[symbol] for symbol in text], dtype=np.int64)


def text_of(numbers: Array, symbols: tuple[str, ...]) -> str:
    """The symbols of a vector of numbers, put together; a silent position gives nothing."""
    return "".join(symbols[int(number)] for number in numbers if number >= 0)


def windows(numbers: Array, length: int, step: int = 1) -> Array:
    """Pieces of ``length`` numbers, each begun ``step`` after the one before: (length, pieces)."""
    starts = np.arange(0, len(numbers) - length + 1, step)
    pieces: Array = numbers[np.arange(length)[:, np.newaxis] + starts]
    return pieces


def symbol_names(time: int) -> tuple[str, ...]:
    """symbol 1 ... symbol T, the rows of X of a text."""
    return tuple(f"symbol {t}" for t in range(1, time + 1))


def step_names(name: str, time: int) -> tuple[str, ...]:
    """x1(t=1) ... x1(t=T), the rows of one feature of a sequence."""
    return tuple(f"{name}(t={t})" for t in range(1, time + 1))


def next_symbols(text: Array, symbols: tuple[str, ...], source: str, silent: Array | None = None) -> Data:
    """Data for a model of the next symbol, of texts (T+1, m): X is all but the last, Y all but the first.

    ``silent`` (T, m) says at which positions nothing is asked. The network gives out, at every
    position, one probability a symbol: ``target_shape`` (V, T).
    """
    X, Y = text[:-1], text[1:]
    if silent is not None:
        Y = np.where(silent, SILENT, Y)
    time = len(X)
    return Data(
        X=read_only(X),
        Y=read_only(Y),
        features=symbol_names(time),
        targets=step_names("y", time),
        task=Task.CLASSES,
        classes=symbols,
        source=source,
        target_shape=(len(symbols), time),
        coded=True,
        symbols=symbols,
    )
