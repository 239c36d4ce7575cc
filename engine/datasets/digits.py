"""Handwritten digits of 8 x 8 pixels."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.datasets.arrays import one_hot, read_only, target_names
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.shipped import shipped

WHITE = 16.0
"""The largest number in the file: all sixteen points below a pixel are ink."""


@datasets.add("digits")
@dataclass(frozen=True)
class Digits(DataSet):
    """1797 pictures (1, 8, 8) of the digits 0 to 9, about 180 of each; targets one-hot.

    A pixel is the share of ink in a square of 4 x 4 points: 0, 1/16, ... 1; the pixels of a picture
    come row by row. The pictures stand in the order of the file, in which the digits take turns;
    ``examples`` takes the first of them. The seed changes nothing.

    Source: E. Alpaydin and C. Kaynak, Cascading classifiers, Kybernetika 34 (1998) 369-374.
    """

    title = "Digits"
    summary = "1797 handwritten digits as pictures of 8 times 8 pixels, written by 13 people."
    group = "Real"
    rank = 51

    examples: int = knob(1797, "Examples", symbol="m", minimum=10, maximum=1797)

    def load(self, seed: int) -> Data:
        table = shipped("digits.csv.gz")
        return Data(
            X=read_only(table.measured[:, : self.examples] / WHITE),
            Y=read_only(one_hot(table.labels[: self.examples], len(table.classes))),
            features=table.names,
            targets=target_names(len(table.classes)),
            task=Task.CLASSES,
            classes=table.classes,
            source=(
                "Digits: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), "
                "its test pictures; doi.org/10.24432/C50P49 (UCI, CC BY 4.0); "
                "copy of scikit-learn 1.9.1 (BSD-3-Clause). Pixels are divided by 16."
            ),
            shape=(1, 8, 8),
        )
