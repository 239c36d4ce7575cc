"""Fisher's iris flowers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import one_hot, read_only, standardised, standardised_name, target_names
from engine.datasets.base import Data, DataSet, Task, datasets

SPECIES = ("setosa", "versicolor", "virginica")

ROWS = {"all": (0, 1, 2, 3), "sepal": (0, 1), "petal": (2, 3)}
"""Which of sepal length, sepal width, petal length, petal width a choice keeps."""

SOURCE = (
    "Iris: R. A. Fisher, The use of multiple measurements in taxonomic problems, "
    "Annals of Eugenics 7 (1936) 179-188; doi.org/10.24432/C56C76 (UCI, CC BY 4.0); "
    "copy of scikit-learn 1.9.1 (BSD-3-Clause)."
)
STANDARDISED = "Features are standardised: mean 0, variance 1."


@datasets.add("iris")
@dataclass(frozen=True)
class Iris(DataSet):
    """150 flowers, 50 of each of three species, in the order of Fisher's table; targets one-hot.

    The table is in centimetres. Networks learn faster from features of one size, so by default
    each feature is standardised, ``(x - mean) / deviation`` over all 150 examples, and loses its
    unit; without it the features are the centimetres themselves. The seed changes nothing.
    """

    title = "Iris"
    summary = "Fisher's 150 iris flowers of three species, told apart by the size of their leaves."
    group = "Real"
    rank = 50

    features: str = knob(
        "all", "Features", choices=("all", "petal", "sepal"), help="Two features can be shown on a plane."
    )
    standardise: bool = knob(True, "Standardise", help="Mean 0 and variance 1 in every feature.")

    def load(self, seed: int) -> Data:
        measured, labels, names = _table()
        rows = ROWS[self.features]
        X, chosen = measured[list(rows)], tuple(names[row] for row in rows)
        if self.standardise:
            X, chosen = standardised(X), tuple(standardised_name(name) for name in chosen)
        return Data(
            X=read_only(X),
            Y=read_only(one_hot(labels, len(SPECIES))),
            features=chosen,
            targets=target_names(len(SPECIES)),
            task=Task.CLASSES,
            classes=SPECIES,
            source=f"{SOURCE} {STANDARDISED}" if self.standardise else SOURCE,
        )


@cache
def _table() -> tuple[Array, Array, tuple[str, ...]]:
    """The shipped file: centimetres (4, 150), labels (150,) and the four features' names."""
    with (files("resources") / "data" / "iris.csv").open(encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    centimetres = np.array([[float(field) for field in line[:4]] for line in lines]).T
    labels = np.array([SPECIES.index(line[4]) for line in lines])
    return read_only(centimetres), labels, tuple(header[:4])
