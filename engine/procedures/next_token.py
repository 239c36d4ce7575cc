"""The next symbol of a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.chance import Chance
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.base import Data
from engine.datasets.tokens import numbers_of
from engine.procedures.base import Procedure, Wanted, procedures


@procedures.add("next_token")
@dataclass(frozen=True)
class NextToken(Procedure):
    """At every position the next symbol is predicted from those up to here: ``y⟨t⟩ = x⟨t+1⟩``.

    The loss is taken at every position where the data asks for something; the text so far is the
    true one, whatever was predicted (teacher forcing). The network must not look ahead: a layer
    that reads in both directions, or attention without a mask, finds the answer in its input.

    Source: Y. Bengio and others, A Neural Probabilistic Language Model, JMLR 3 (2003) 1137-1155.
    """

    title = "Next symbol"
    summary = "Reads texts and learns which symbol comes next; it can then go on writing."
    rank = 50

    def wanted(self, data: Data) -> Wanted:
        if not data.symbols or not data.coded or len(data.target_shape) != 2:
            raise DataError(
                "The next symbol can only be learned from texts: choose a data set of the group Text."
            )
        return Wanted(data.n, data.output_shape, True, data.task)


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
        shares = next_shares(predict, time, texts[:place], temperature)
        reached = np.cumsum(shares, axis=0)
        u = chance.at(place).random(count) * reached[-1]
        texts[place] = (reached <= u).sum(axis=0)
    return texts


def prompt_numbers(prompt: Sequence[str], symbols: tuple[str, ...]) -> list[int]:
    """A prompt as symbol numbers; raises ``DataError`` if it is empty or has an unknown symbol."""
    if not len(prompt):
        raise DataError("Give at least one symbol to go on from.")
    return [int(each) for each in numbers_of(prompt, symbols)]


__all__ = ["NextToken", "next_shares", "prompt_numbers", "tempered", "written"]
