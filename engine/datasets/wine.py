"""Wines of three cultivars."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.knobs import knob
from engine.datasets.arrays import one_hot, read_only, standardised, target_names
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.shipped import shipped

SOURCE = (
    "Wine: S. Aeberhard and M. Forina, Wine (1992); doi.org/10.24432/C5PC7J (UCI, CC BY 4.0); "
    "copy of scikit-learn 1.9.1 (BSD-3-Clause)."
)
STANDARDISED = "Features are standardised: mean 0, variance 1."


@datasets.add("wine")
@dataclass(frozen=True)
class Wine(DataSet):
    """178 wines (59, 71 and 48 of three cultivars of one region of Italy), 13 analyses each; one-hot.

    The analyses differ a thousandfold in size (proline to 1680, phenols below 1), so by default
    each is standardised, ``(x - mean) / deviation`` over all examples. The wines stand in the order
    of the file, cultivar by cultivar: shuffle before splitting. The seed changes nothing.
    """

    title = "Wine"
    summary = "178 Italian wines of three cultivars, told apart by 13 chemical analyses."
    group = "Real"
    rank = 52

    standardise: bool = knob(True, "Standardise", help="Mean 0 and variance 1 in every feature.")

    def load(self, seed: int) -> Data:
        table = shipped("wine.csv")
        return Data(
            X=read_only(standardised(table.measured) if self.standardise else table.measured),
            Y=read_only(one_hot(table.labels, len(table.classes))),
            features=table.names,
            targets=target_names(len(table.classes)),
            task=Task.CLASSES,
            classes=table.classes,
            source=f"{SOURCE} {STANDARDISED}" if self.standardise else SOURCE,
        )
