"""The update of one parameter, explained: its gradient from the mean to the step, link by link.

    dW → mean dW (1/m Σ) → whole dW (with the regularizer's share) → clipped dW → the optimizer's
    memory → new W

Links that change nothing (one example, no regularizer, no bound) are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.clipping import clippings
from engine.core.expressions import Expression, Number, Product, Ref, Sum
from engine.core.plan import Array
from engine.document import Document
from engine.layout import Slot
from engine.optimizers import optimizers
from engine.optimizers.base import Weight
from engine.procedures import procedures
from engine.regularizers import regularizers
from engine.schedules import schedules

STAGES = ("mean ", "whole ", "clipped ")
"""How the gradient is called on its way, before ``d`` and the parameter's name."""

MEAN = ("∂J/∂w = 1/m Σ dw", "dW /= m")


@dataclass(frozen=True)
class Link:
    """One number on the way: what it is, how it came about, and what to say of it."""

    target: Ref
    expression: Expression
    kind: str
    equation: str
    code: str


class UpdateCells:
    """The links of every parameter's update in one training step.

    ``m`` is the number of examples, ``step`` the number of the update in the whole training and
    ``clock`` that of the optimizer, counted from 1. ``penalised`` has 1 for every parameter that
    the regularizer penalises.
    """

    def __init__(
        self, document: Document, m: int, step: int, clock: int, penalised: dict[str, Array]
    ) -> None:
        training = document.training
        self.document = document
        self.m = m
        self.clock = clock
        self.optimizer = optimizers.make(document.optimizer)
        self.regularizer = regularizers.make(training.regularizer)
        self.clipping = clippings.make(training.clipping)
        self.procedure = procedures.make(training.procedure)
        self.rate = schedules.make(training.schedule).factor(step)
        self._penalised = penalised
        self._locked: dict[tuple[str, str], frozenset[tuple[int, ...]]] = {}

    @property
    def penalises(self) -> bool:
        """Whether there is a regularizer at all."""
        return self.regularizer.words != ("", "")

    @property
    def clips(self) -> bool:
        """Whether the gradient is bounded."""
        return self.clipping.words != ("", "")

    def count(self, slot: Slot) -> int:
        """How many links each of some parameters has that is not locked."""
        own = self.penalises and bool(self._penalised[slot.key].any())
        return (self.m > 1) + own + self.clips + len(self.optimizer.memories) + 1

    def locked(self, layer: str, name: str) -> frozenset[tuple[int, ...]]:
        """The cells of a parameter that are locked."""
        if (layer, name) not in self._locked:
            self._locked[layer, name] = frozenset(_locked(self.document, layer, name))
        return self._locked[layer, name]

    def links(self, ref: Ref, name: str, there: Callable[[str], Ref]) -> list[Link]:
        """The links of one parameter; ``there`` gives the reference to its cell of an array."""
        if ref.index in self.locked(ref.owner, name):
            kept = "w := w, because it is locked"
            return [Link(there(f"new {name}"), there(name), "update", kept, "pass")]
        found: list[Link] = []
        gradient = there(f"d{name}")
        if self.m > 1:
            mean = there(f"mean d{name}")
            share = Number(1.0 / self.m, f"1/{self.m}")
            found.append(Link(mean, Product((share, gradient)), "average", *MEAN))
            gradient = mean
        before, new = there(name), there(f"new {name}")
        if self.penalises and self._penalised[f"{ref.owner}.{name}"][ref.index]:
            whole = there(f"whole d{name}")
            penalty = self.regularizer.cell(before, self.m)
            terms = penalty.terms if isinstance(penalty, Sum) else (penalty,)
            found.append(Link(whole, Sum((gradient, *terms)), "regularizer", *self.regularizer.words))
            gradient = whole
        if self.clips:
            for target, expression in self.clipping.cells(gradient, there(f"clipped d{name}")):
                found.append(Link(target, expression, "clipping", *self.clipping.words))
                gradient = target
        memory = {
            vector: (there(f"{vector} {name}"), there(f"new {vector} {name}"))
            for vector in self.optimizer.memories
        }
        weight = Weight(before, new, gradient, memory, self.clock, self.rate)
        cells = self.optimizer.cells(weight)
        for number, (target, expression) in enumerate(cells):
            last = number == len(cells) - 1
            vector = "w" if last else target.array.removeprefix("new ").removesuffix(name).strip()
            if last:
                expression = self.procedure.after_cell(expression)
            kind = "update" if last else "memory"
            found.append(Link(target, expression, kind, *self.optimizer.words[vector]))
        return found

    def bare(self, array: str) -> str:
        """The parameter that an array on the way belongs to: ``mean dW.input`` to ``W.input``."""
        array = array.removeprefix("new ")
        for stage in STAGES:
            array = array.removeprefix(f"{stage}d")
        for vector in self.optimizer.memories:
            array = array.removeprefix(f"{vector} ")
        return array


def _locked(document: Document, layer: str, name: str) -> Iterator[tuple[int, ...]]:
    """Where the locked synapses of a connection lie in its matrix; those of units that are no more do not."""
    connection = document.connection(name.removeprefix("W."), layer)
    if connection is None or not connection.locked:
        return
    target, source = document.layer(layer), document.layer(connection.source)
    rows = {key: i for i, key in enumerate(target.units[: target.size])}
    columns = {key: j for j, key in enumerate(source.units[: source.size])}
    for receiver, sender in connection.locked:
        if receiver in rows and sender in columns:
            yield rows[receiver], columns[sender]
