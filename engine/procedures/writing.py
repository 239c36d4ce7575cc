"""Writing on: texts symbol by symbol from the shares that a network gives. This module holds no kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.tokens import numbers_of


def tempered(p: Array, temperature: float) -> Array:
    """``p_i^{1/τ} / Σ_j p_j^{1/τ}`` for every column of (V, m).

    Below 1 likely symbols become likelier, at 0 the likeliest alone is left (of equals the first);
    above 1 all become more alike.
    """
    if temperature <= 0.0:
        return np.asarray(np.arange(len(p))[:, np.newaxis] == p.argmax(axis=0), float)
    with np.errstate(divide="ignore"):
        powers = np.log(p) / temperature
    powers = np.exp(powers - powers.max(axis=0))
    made: Array = powers / powers.sum(axis=0)
    return made


def next_shares(
    predict: Callable[[Array], Array], time: int, texts: Array, temperature: float = 1.0
) -> Array:
    """The share of every symbol at the next position, (V, m), after texts (length, m) of symbol numbers.

    ``predict`` takes X (time, m) and gives probabilities (V, time, m). Of a longer text its last
    ``time`` symbols are read; behind a shorter one stands symbol 0, which a network that does not
    look ahead does not see.
    """
    read = texts[-time:]
    X = np.zeros((time, texts.shape[1]))
    X[: len(read)] = read
    return tempered(np.asarray(predict(X)[:, len(read) - 1], float), temperature)


def written(
    predict: Callable[[Array], Array],
    time: int,
    prompt: Sequence[int],
    length: int,
    temperature: float = 1.0,
    seed: int = 0,
    count: int = 1,
) -> Array:
    """``count`` texts of symbol numbers, (prompt and ``length`` more, count), each drawn symbol by symbol.

    Symbol number s is drawn from ``next_shares``: the smallest i with ``Σ_{j≤i} p_j > u`` and u
    from [0, 1), keyed by the seed and by s.
    """
    texts = np.zeros((len(prompt) + length, count), np.int64)
    texts[: len(prompt)] = np.asarray(prompt, np.int64)[:, np.newaxis]
    chance = Chance(seed, "writing")
    for place in range(len(prompt), len(texts)):
        texts[place] = drawn(next_shares(predict, time, texts[:place], temperature), chance, place)
    return texts


def drawn(shares: Array, chance: Chance, place: int) -> Array:
    """One symbol for every column of shares (V, m), for that place of the texts: (m,)."""
    reached = np.cumsum(shares, axis=0)
    u = chance.at(place).random(shares.shape[1]) * reached[-1]
    made: Array = (reached <= u).sum(axis=0)
    return made


def prompt_numbers(prompt: Sequence[str], symbols: tuple[str, ...]) -> list[int]:
    """A prompt as symbol numbers; raises ``DataError`` if it is empty or has an unknown symbol."""
    if not len(prompt):
        raise DataError("Give at least one symbol to go on from.")
    return [int(each) for each in numbers_of(prompt, symbols)]
