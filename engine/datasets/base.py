"""What data is inside the engine, and what a data set is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Task(StrEnum):
    """What is to be predicted; it proposes the output layer and the loss."""

    BINARY = "binary"
    """Two classes, one target row of 0 and 1."""
    CLASSES = "classes"
    """k classes, k target rows, one-hot."""
    REGRESSION = "regression"
    """Any numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Examples as columns: ``X`` is (n, m), the targets ``Y`` are (k, m), both double, read-only.

    ``features`` names the n rows of X, ``targets`` the k rows of Y, ``classes`` the classes (for
    a binary task the names of 0 and 1; empty for regression). ``source`` says where the data is
    from and under which licence; a synthetic set says that it is synthetic.
    """

    X: Array
    Y: Array
    features: tuple[str, ...]
    targets: tuple[str, ...]
    task: Task
    classes: tuple[str, ...] = ()
    source: str = ""

    @property
    def n(self) -> int:
        """The number of features."""
        return int(self.X.shape[0])

    @property
    def m(self) -> int:
        """The number of examples."""
        return int(self.X.shape[1])

    @property
    def k(self) -> int:
        """The number of target rows."""
        return int(self.Y.shape[0])


class DataSet(Kind):
    """A kind of data set; its knobs are the generator's settings."""

    group: ClassVar[str] = "Generated"
    """The heading under which a menu lists it: Gates, Generated, Real, Own."""

    def load(self, seed: int) -> Data:
        """The data; the same settings and seed give the same bits on every machine."""
        raise TypeError(f"{type(self).__name__} loads nothing")


datasets: Registry[DataSet] = Registry("data set", "engine.datasets")
