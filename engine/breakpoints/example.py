"""An example that changes sides."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.breakpoints.base import Breakpoint, Now, breakpoints
from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets import Data
from engine.datasets.base import Task
from engine.evaluation import SIGNED
from engine.layout import Layout
from engine.losses import losses
from engine.losses.logits import Logits
from engine.network import Network
from engine.procedures import procedures

MOST_SHOWN = 4
"""An example with more features is named by its number alone."""


@breakpoints.add("example")
@dataclass(frozen=True)
class ExampleChanges(Breakpoint):
    """The class that is predicted for an example becomes the right one, or a wrong one."""

    title = "Example becomes correct or misclassified"
    summary = "Stops when the predicted class of an example becomes right or wrong."
    slow = True
    rank = 30

    example: int | None = knob(
        None, "Example", minimum=1, maximum=1_000_000_000, optional=True, none_label="any"
    )
    becomes: str = knob("either", "Becomes", choices=("either", "correct", "misclassified"))

    def said(self, layout: Layout) -> str:
        who = "any example" if self.example is None else f"example {self.example:,}"
        return f"{who} becomes {self.becomes.replace('either', 'correct or misclassified')}"

    def unfit(self, layout: Layout, data: Data) -> str:
        if data.task is Task.REGRESSION:
            return "The targets are numbers, so that no example is right or wrong."
        if data.target_shape or len(layout.output.shape) > 1:
            return "The network answers at many positions of an example."
        if not procedures.make(layout.document.training.procedure).plain:
            return "This way of training puts no examples into classes."
        if self.example is not None and self.example > data.m:
            return f"The data has only {data.m:,} examples."
        return ""

    def read(self, network: Network, layout: Layout) -> Array:
        """The prediction of a single output, else the number of the largest."""
        found: Array = network.a[0].copy() if len(network.a) == 1 else network.a.argmax(axis=0)
        return found

    def look(self, now: Now, before: object) -> Array:
        """The predicted class of every example."""
        found = now.readings[self]
        if math.prod(now.layout.output.shape) > 1:
            return found
        loss = losses.make(now.layout.document.loss)
        signed = isinstance(loss, Logits) or loss.kind in SIGNED or bool(now.data.Y.min() < 0.0)
        sides: Array = (found >= (0.0 if signed else 0.5)).astype(np.intp)
        return sides

    def check(self, before: Array | None, after: Array, now: Now) -> str:
        if before is None:
            return ""
        true = _true(now.data)
        was, is_now = before == true, after == true
        changed = was != is_now
        if self.becomes != "either":
            changed &= is_now == (self.becomes == "correct")
        if self.example is not None:
            changed &= np.arange(len(changed)) == self.example - 1
        found = np.flatnonzero(changed)
        if not found.size:
            return ""
        first = int(found[0])
        said = (
            "and that is right"
            if is_now[first]
            else f"and that is wrong: it is {_named(now, int(true[first]))}"
        )
        more = f" {len(found) - 1:,} more changed too." if len(found) > 1 else ""
        return (
            f"example {first + 1:,}{_features(now, first)} is now classified as"
            f" {_named(now, int(after[first]))}, {said}.{more}"
        )


def _true(data: Data) -> Array:
    """The class of every example, counted from 0."""
    found: Array
    if data.coded:
        found = data.Y[0].astype(np.intp)
    elif len(data.Y) > 1:
        found = data.Y.argmax(axis=0)
    else:
        found = (data.Y[0] >= 0.5).astype(np.intp)
    return found


def _named(now: Now, number: int) -> str:
    """A class in words."""
    names = now.data.classes
    return names[number] if 0 <= number < len(names) else str(number)


def _features(now: Now, example: int) -> str:
    if now.data.n > MOST_SHOWN:
        return ""
    return f" (x = {', '.join(f'{each:.4g}' for each in now.data.X[:, example])})"
