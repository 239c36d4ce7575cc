"""What a procedure is: what happens in one update, and to which part of the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np

from engine.core.chance import Chance
from engine.core.expressions import Expression
from engine.core.place import Shape
from engine.core.plan import Array
from engine.core.registry import Kind, Registry
from engine.datasets.base import Data, Task
from engine.layout import Layout
from engine.optimizers import UpdatePlace
from engine.procedures.compiled import Ahead, N


@dataclass(frozen=True, slots=True)
class Turn:
    """One kind of update: its name and the layers that learn in it (``None``: all)."""

    name: str = ""
    learners: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a network must take in and give out: features, and the shape of its prediction."""

    features: int
    output_shape: Shape
    coded: bool = False
    """Whether the targets are class numbers, one a position, −1 where nothing is asked."""
    task: Task = Task.REGRESSION
    also: Shape = ()
    """Another shape that will do: of a picture, where its numbers in a row are wanted."""
    inputs: tuple[int, ...] = ()
    """How many features each input layer takes, where there are several with parts of their own."""

    def shape_for(self, given: Shape) -> Shape:
        """The wanted shape that an output of a given shape comes nearest to."""
        return self.also if self.also and len(given) == len(self.also) else self.output_shape


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """What the network is fed with for one update: X (features, m), Y (targets, m)."""

    X: Array
    Y: Array


class Procedure(Kind):
    """A way of training. The usual one compares predictions with the targets of the data.

    An update depends only on the state of the network and on the update's number, so everything
    random is drawn through ``chance``.
    """

    rank: ClassVar[int] = 100
    plain: ClassVar[bool] = True
    """Whether ``prepared`` gives the examples back as they are."""
    steady: ClassVar[bool] = False
    """Whether what ``prepared`` gives back is the same in every update of a turn."""
    adversarial: ClassVar[bool] = False
    """Whether one part of the network learns to judge what another part makes."""
    rule: ClassVar[bool] = False
    """Whether ``dz = a − y`` is taken at the output whatever activation and loss are."""

    def wanted(self, data: Data) -> Wanted:
        """What a network for that data must take in and give out."""
        return Wanted(data.n, data.output_shape, data.coded, data.task)

    def refusal(self, layout: Layout) -> str:
        """Why a network cannot be trained in this way; empty if it can."""
        return ""

    def advice(self, layout: Layout) -> str:
        """A warning where training can be tried but will hardly work; empty if there is none."""
        return ""

    def turns(self, layout: Layout) -> tuple[Turn, ...]:
        """The kinds of updates, which take turns: update 5 of two is of the second."""
        return (Turn(),)

    def prepared(self, X: Array, Y: Array, update: int, seed: int) -> Batch:
        """What the network is fed with, from the examples of an update counted from 0."""
        return Batch(X, Y)

    def shortened(self, network: N) -> Ahead[N] | None:
        """Take lines out of a compiled plan that this procedure does not need; what is done ahead.

        It must not matter for the numbers of an update what came before it: whatever is done ahead
        is done anew, with the same bits, where training goes on from between two turns.
        """
        return None

    def after_update(self, p: UpdatePlace) -> None:
        """Lines at the end of an update."""

    def after_cell(self, updated: Expression) -> Expression:
        """What ``after_update`` makes of an updated parameter."""
        return updated


def chance(seed: int, purpose: str, update: int) -> np.random.Generator:
    """The generator of one update for one purpose: "noise", "time"."""
    return _chance(seed, purpose).at(update)


@lru_cache(maxsize=64)
def _chance(seed: int, purpose: str) -> Chance:
    return Chance(seed, "procedure", purpose)


procedures: Registry[Procedure] = Registry("procedure", "engine.procedures")
