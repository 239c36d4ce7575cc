"""What data is inside the engine, and what a data set is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from engine.core.place import Shape
from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Task(StrEnum):
    """What is to be predicted; it proposes the output layer and the loss."""

    BINARY = "binary"
    """Two classes, one target row of 0 and 1."""
    CLASSES = "classes"
    """k classes: k target rows, one-hot, or class numbers where the targets are coded."""
    REGRESSION = "regression"
    """Any numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """Examples as columns: ``X`` is (n, m), the targets ``Y`` are (k, m), both double, read-only.

    ``features`` names the n rows of X, ``targets`` the k rows of Y, ``classes`` the classes (for
    a binary task the names of 0 and 1; empty for regression). ``source`` says where the data is
    from and under which licence; a synthetic set says that it is synthetic.

    Images and sequences are vectors here too, in C order of their shape: ``shape`` is (channels,
    height, width) or (features, time), ``target_shape`` what the network must give out, with the
    classes first: (k, time), (k, height, width). A text is a vector of symbol numbers.
    """

    X: Array
    Y: Array
    features: tuple[str, ...]
    targets: tuple[str, ...]
    task: Task
    classes: tuple[str, ...] = ()
    source: str = ""
    shape: Shape = ()
    """The shape of one example where it is more than a vector."""
    target_shape: Shape = ()
    """The shape of the network's output for one example where it is more than a vector of k."""
    coded: bool = False
    """Whether Y holds class numbers counted from 0, one a position of ``target_shape``, instead
    of 0 and 1; at a position of -1 nothing is asked."""
    symbols: tuple[str, ...] = ()
    """Of a text what the numbers in X stand for."""

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

    @property
    def output_shape(self) -> Shape:
        """The shape that the network's output must have for one example."""
        return self.target_shape or ((len(self.classes),) if self.coded else (self.k,))


class DataSet(Kind):
    """A kind of data set; its knobs are the generator's settings."""

    group: ClassVar[str] = "Generated"
    """The heading under which a menu lists it: Gates, Generated, Real, Sequences, Text, Own."""

    def load(self, seed: int) -> Data:
        """The data; the same settings and seed give the same bits on every machine."""
        raise TypeError(f"{type(self).__name__} loads nothing")


datasets: Registry[DataSet] = Registry("data set", "engine.datasets")
