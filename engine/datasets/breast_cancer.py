"""Cells of breast tumours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.datasets.arrays import read_only, standardised, target_names
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.shipped import shipped

CLASSES = ("benign", "malignant")

SOURCE = (
    "Breast cancer: W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast Cancer Wisconsin "
    "(Diagnostic) (1993); doi.org/10.24432/C5DW2B (UCI, CC BY 4.0); "
    "copy of scikit-learn 1.9.1 (BSD-3-Clause)."
)
STANDARDISED = "Features are standardised: mean 0, variance 1."


@datasets.add("breast_cancer")
@dataclass(frozen=True)
class BreastCancer(DataSet):
    """569 tumours, 357 benign (y = 0) and 212 malignant (y = 1); 30 measurements of cell nuclei each.

    Ten properties of the nuclei in a picture of the tissue, each as mean, standard error and
    "worst" (mean of the three largest). ``y = 1`` is the illness, so that recall is the sensitivity.
    By default each feature is standardised, ``(x - mean) / deviation`` over all examples. The seed
    changes nothing.

    Source: W. N. Street, W. Wolberg and O. Mangasarian, Nuclear feature extraction for breast tumor
    diagnosis, Proceedings of SPIE 1905 (1993) 861-870.
    """

    title = "Breast cancer"
    summary = "569 tumours, malignant or benign, judged by 30 measurements of their cells."
    group = "Real"
    rank = 53

    standardise: bool = knob(True, "Standardise", help="Mean 0 and variance 1 in every feature.")

    def load(self, seed: int) -> Data:
        table = shipped("breast_cancer.csv")
        malignant = table.labels == table.classes.index("malignant")
        return Data(
            X=read_only(standardised(table.measured) if self.standardise else table.measured),
            Y=read_only(malignant[np.newaxis]),
            features=table.names,
            targets=target_names(1),
            task=Task.BINARY,
            classes=CLASSES,
            source=f"{SOURCE} {STANDARDISED}" if self.standardise else SOURCE,
        )
