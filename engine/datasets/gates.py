"""The six logic gates of two inputs: one concept, six truth tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets


@dataclass(frozen=True)
class Gate(DataSet):
    """The truth table of a gate: four examples (x1, x2) = 00, 01, 10, 11, target y in {0, 1}.

    The seed changes nothing.
    """

    group = "Gates"

    table: ClassVar[tuple[int, int, int, int]]
    """y for 00, 01, 10, 11."""

    def load(self, seed: int) -> Data:
        return Data(
            X=read_only(np.array([[0, 0, 1, 1], [0, 1, 0, 1]])),
            Y=read_only(np.array([self.table])),
            features=("x1", "x2"),
            targets=("y",),
            task=Task.BINARY,
            classes=("0", "1"),
            source=f"The truth table of {self.title}.",
        )


@datasets.add("and")
@dataclass(frozen=True)
class And(Gate):
    """``y = x1 ∧ x2``."""

    title = "AND"
    summary = "1 only if both inputs are 1; one straight line is enough."
    rank = 10
    table = (0, 0, 0, 1)


@datasets.add("or")
@dataclass(frozen=True)
class Or(Gate):
    """``y = x1 ∨ x2``."""

    title = "OR"
    summary = "1 if at least one input is 1; one straight line is enough."
    rank = 11
    table = (0, 1, 1, 1)


@datasets.add("nand")
@dataclass(frozen=True)
class Nand(Gate):
    """``y = ¬(x1 ∧ x2)``."""

    title = "NAND"
    summary = "0 only if both inputs are 1; every other gate can be built of it."
    rank = 12
    table = (1, 1, 1, 0)


@datasets.add("nor")
@dataclass(frozen=True)
class Nor(Gate):
    """``y = ¬(x1 ∨ x2)``."""

    title = "NOR"
    summary = "1 only if both inputs are 0; one straight line is enough."
    rank = 13
    table = (1, 0, 0, 0)


@datasets.add("xor")
@dataclass(frozen=True)
class Xor(Gate):
    """``y = x1 ⊕ x2``.

    Source: M. Minsky and S. Papert, Perceptrons, 1969: no single neuron can do it.
    """

    title = "XOR"
    summary = "1 if exactly one input is 1; no straight line is enough, a hidden layer is needed."
    rank = 14
    table = (0, 1, 1, 0)


@datasets.add("xnor")
@dataclass(frozen=True)
class Xnor(Gate):
    """``y = ¬(x1 ⊕ x2)``."""

    title = "XNOR"
    summary = "1 if both inputs are the same; like XOR it needs a hidden layer."
    rank = 15
    table = (1, 0, 0, 1)
