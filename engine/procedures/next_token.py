"""The next symbol of a text."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.problems import DataError
from engine.datasets.base import Data
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
