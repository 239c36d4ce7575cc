"""The six logic gates of two inputs: one concept, six truth tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import read_only
from engine.datasets.base import Data, DataSet, Task, datasets

CODES = ("{0, 1}", "{-1, +1}")


@dataclass(frozen=True)
class Gate(DataSet):
    """The truth table of a gate: four examples (x1, x2) = 00, 01, 10, 11, target y in {0, 1}.

    Inputs and targets can be coded as −1 and +1 instead. Targets −1 and +1 are plain numbers for
    the program: a probability would not fit them. The seed changes nothing.
    """

    group = "Gates"

    inputs: str = knob("{0, 1}", "Inputs", choices=CODES, help="How false and true are written in x.")
    outputs: str = knob("{0, 1}", "Targets", choices=CODES, help="How false and true are written in y.")

    table: ClassVar[tuple[int, int, int, int]]
    """y for 00, 01, 10, 11."""

    def load(self, seed: int) -> Data:
        plain = self.outputs == "{0, 1}"
        return Data(
            X=read_only(_coded(np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), self.inputs)),
            Y=read_only(_coded(np.array([self.table]), self.outputs)),
            features=("x1", "x2"),
            targets=("y",),
            task=Task.BINARY if plain else Task.REGRESSION,
            classes=("0", "1") if plain else (),
            source=f"The truth table of {self.title}.",
        )


def _coded(bits: Array, code: str) -> Array:
    """0 and 1 as they are, or as −1 and +1."""
    return bits if code == "{0, 1}" else 2 * bits - 1


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
