"""What an architecture is: a whole network with its data and its training, and how to judge it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Self

from engine.core.registry import Kind, Registry
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets import Data
from engine.document import Document


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that tells how good a trained network is, and what to compare it with."""

    measure: str
    """accuracy, exact, bits, valid, mse, rmse, dice_1, dice_2, modes, in_modes, distance_ratio, agreement."""
    target: float
    """What the training is to reach."""
    higher: bool = True
    """Whether a larger number is the better one."""
    baseline: float | None = None
    """What something simple reaches without a network."""
    simple: str = ""
    """What that is: "PCA", "counted pairs of letters"."""
    data: Spec | None = None
    """The data to judge by; ``None`` for the examples that are held out from training."""
    seed: int = 0
    """Draws that data."""


class Architecture(Kind):
    """A recipe for a document. Its knobs are sizes and choices; every choice makes a network that fits."""

    group: ClassVar[str] = "Vectors"
    """The heading under which a menu lists it: Vectors, Images, Sequences, Generators."""
    rank: ClassVar[int] = 100

    def document(self) -> Document:
        """The network with data set, loss, optimizer and training."""
        raise TypeError(f"{type(self).__name__} makes no document")

    @property
    def epochs(self) -> int:
        """How many epochs bring the network of the default sizes to its figures."""
        return 100

    def figures(self) -> tuple[Figure, ...]:
        """How the trained network is judged; empty where nothing is promised."""
        return ()

    @classmethod
    def judged(cls) -> tuple[Self, ...]:
        """The choices whose figures are promised."""
        return (cls(),)


def data_for(spec: Spec) -> Data:
    """The data that a document with that data set learns from."""
    return _data(spec)


@lru_cache(maxsize=4)
def _data(spec: Spec) -> Data:
    return data_of(Document(data=spec))


architectures: Registry[Architecture] = Registry("architecture", "engine.architectures")
