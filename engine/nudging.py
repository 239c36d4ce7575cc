"""Nudging: J as a function of a single parameter, everything else as it is.

The derivative is what a tiny nudge does: ∂J/∂w = lim (J(w + ε) − J(w)) / ε for ε → 0. So the backward
phase can be tested by running the forward phase again with one weight moved. That costs two runs a weight
(the reason why nobody trains like that) and needs no calculus (the reason to believe it).

It works on numbers of its own in double precision; the network that trains never notices.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array, Phase
from engine.datasets import Data
from engine.document import Document
from engine.feeding import Feeding
from engine.layout import Layout
from engine.learned import Learned
from engine.network import Network
from engine.parameters import ParameterStore

NUDGE = 1e-5
"""How far every weight is moved either way in a check; about right for double precision."""
TOLERANCE = 1e-6
"""A larger relative difference is no rounding error."""
SLIGHT = 1e-4
"""Slopes below this are compared with it, because the difference of two J carries the rounding of J."""
NEARLY = 1e-3
"""How near the slope of one side comes to the true one, whose nudge is not in the middle."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number that is learned: the key of its array (``hidden.W.input``) and its place there."""

    key: str
    index: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """∂J/∂w of one parameter: by the backward phase, and by nudging it both ways, up, and down."""

    parameter: Parameter
    backward: float
    nudged: float
    up: float
    down: float

    @property
    def error(self) -> float:
        """The difference relative to the slope; infinite where either is not a number."""
        scale = max(abs(self.backward), abs(self.nudged), SLIGHT)
        error = abs(self.backward - self.nudged) / scale
        return error if math.isfinite(error) else math.inf

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.error <= TOLERANCE

    @property
    def kink(self) -> bool:
        """Whether J has a kink within the nudge (as that of ReLU at 0): each side has a slope of its own.

        The backward phase is right there if it gives the slope of either side.
        """
        if self.agrees or not math.isfinite(self.error):
            return False
        scale = max(abs(self.up), abs(self.down), SLIGHT)
        nearest = min(abs(self.backward - self.up), abs(self.backward - self.down))
        return nearest <= NEARLY * scale < abs(self.up - self.down)


class Nudging:
    """Runs one batch again and again with single parameters moved; everything else stands still.

    Dropout, noise and augmentation are those of the update, so J is a function of the weights alone.
    What the loss is penalised by (a regulariser) is no part of J.
    """

    def __init__(self, document: Document, data: Data, learned: Learned, examples: Array) -> None:
        layout = Layout(document)
        feeding = Feeding(document, data, layout)
        turn = feeding.turn(learned.step)
        self.store = ParameterStore(layout, np.float64, turns=len(feeding.turns))
        self.store.load(learned)
        batch = feeding.of_examples(examples, learned.step)
        network = Network(self.store, batch.X.shape[1], explains=True, turn=turn)
        network.plan.step = learned.step
        network.feed(batch.X, batch.Y)
        self.network = network
        self._measure = network.calls(Phase.FORWARD, Phase.LOSS)
        self.J = self._J()
        with np.errstate(all="ignore"):
            for call in network.calls(Phase.BACKWARD):
                call()
        self.slopes = {
            key: view / network.m
            for key, view in self.store.gradients.items()
            if layout.slots[key].layer in network.learners
        }
        """∂J/∂w by the backward phase, of every parameter that learns in this update."""

    def parameters(self, most: int) -> tuple[Parameter, ...]:
        """The parameters that learn, or so many of them evenly spread; cut synapses are none."""
        places = [(key, np.flatnonzero(self.store.masks.get(key, 1.0) * np.ones(slopes.shape)))
                  for key, slopes in self.slopes.items()]  # fmt: skip
        ends = np.cumsum([len(each) for _, each in places])
        count = int(ends[-1]) if len(ends) else 0
        chosen = np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))
        found = []
        for number in chosen:
            place = int(np.searchsorted(ends, number, side="right"))
            key, cells = places[place]
            cell = cells[number - (ends[place] - len(cells))]
            index = np.unravel_index(cell, self.slopes[key].shape)
            found.append(Parameter(key, tuple(int(each) for each in index)))
        return tuple(found)

    def slope(self, parameter: Parameter) -> float:
        """∂J/∂w by the backward phase. Raises ``KeyError`` for what does not learn in this update."""
        return float(self.slopes[parameter.key][parameter.index])

    def weight(self, parameter: Parameter) -> float:
        """The number itself."""
        return float(self.store.parameters[parameter.key][parameter.index])

    def course(self, parameter: Parameter, nudges: Sequence[float] | Array) -> Array:
        """J with the parameter moved by each of the nudges; it has its old bits again afterwards."""
        view, old = self.store.parameters[parameter.key], self.weight(parameter)
        found = np.empty(len(nudges))
        try:
            for number, nudge in enumerate(nudges):
                view[parameter.index] = old + nudge
                found[number] = self._J()
        finally:
            view[parameter.index] = old
        return found

    def compared(self, parameter: Parameter) -> Compared:
        """The slope of the backward phase beside the slopes (J(w + ε) − J(w − ε)) / 2ε, and of each side."""
        w = self.weight(parameter)
        above, below = (w + NUDGE) - w, w - (w - NUDGE)
        higher, lower = self.course(parameter, (NUDGE, -NUDGE))
        with np.errstate(all="ignore"):
            both = (higher - lower) / (above + below)
            up, down = (higher - self.J) / above, (self.J - lower) / below
        return Compared(parameter, self.slope(parameter), float(both), float(up), float(down))

    def _J(self) -> float:
        with np.errstate(all="ignore"):
            for call in self._measure:
                call()
        return self.network.J
