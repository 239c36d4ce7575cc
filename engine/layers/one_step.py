"""What is kept of a sequence is one step: the first or the last. This module holds no kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, times
from engine.core.place import WHOLE, Index, Place, Port, Terms
from engine.core.plan import Array
from engine.layers.kept_steps import KeptSteps, counting, counts, no_gradient


@dataclass(frozen=True)
class OneStep(KeptSteps):
    """A kind says which features are taken where."""

    def ends(self, n: int) -> tuple[tuple[slice, int], ...]:
        """Which of n features are taken at the last step (−1) and which at the first (0)."""
        raise TypeError(f"{type(self).__name__} takes no step")

    def forward(self, p: Place) -> None:
        marks, a_prev = counts(p), p.inputs[0].a
        for rows, step in self.ends(p.shape[0]):
            if marks is None:
                equation = "a = a_prev⟨T⟩" if step else "a = a_prev⟨1⟩"
                p.forward(equation, "a", np.copyto, p.a[rows], a_prev[rows, step])
            else:
                chosen, part = p.passing(marks.shape), p.passing(a_prev[rows].shape)
                p.forward("the step to choose, by the marks", "a", _choose, marks, step, chosen)
                p.forward("a = a_prev at that step", "a", _pick, a_prev[rows], chosen, part, p.a[rows])

    def backward(self, p: Place) -> None:
        marks = counts(p)
        assert p.da is not None
        chosen = []
        for rows, step in self.ends(p.shape[0]):
            one = p.scratch((p.inputs[0].shape[1], p.m))
            if marks is None:
                one[step] = 1.0
            else:
                p.backward("the step to choose, by the marks", "da_prev", _choose, marks, step, one)
            chosen.append((p.da[rows, np.newaxis], one, rows))
        p.hand_back(p.inputs[0], "da_prev = da at that step, else 0", _spread, chosen)
        if len(p.inputs) > 1:
            no_gradient(p, p.inputs[1])

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array != "a":
            raise KeyError(array)
        t = self._step(p, index[0], example)
        return Number(0.0) if t is None else p.ref_a_prev(p.inputs[0], (index[0], t), example)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        """With marks every example has a step of its own, and the formulas of all are alike."""
        if port is not p.inputs[0]:
            return Number(0.0)
        there, da = self._step(p, index[0], example) == index[1], p.ref("da", index[:1], example)
        if len(p.inputs) > 1:
            return times(Number(float(there)), da)
        return da if there else Number(0.0)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        if len(p.inputs) > 1:
            return WHOLE if port is p.inputs[0] else Terms()
        return Terms(others=int(self._step(p, index[0], 0) == index[1]))

    def _step(self, p: Place, j: int, example: int) -> int | None:
        """The step at which a feature of an example is taken."""
        kept = counting(p, example)
        step = next(each for rows, each in self.ends(p.shape[0]) if rows.start <= j < rows.stop)
        return kept[step] if kept else None


def _choose(marks: Array, step: int, chosen: Array) -> None:
    """1 at the first (0) or last (−1) step of each example whose mark is not 0."""
    there = marks != 0.0
    found = there.argmax(axis=0) if step == 0 else len(there) - 1 - there[::-1].argmax(axis=0)
    chosen.fill(0.0)
    chosen[found, np.arange(len(found))] = there.any(axis=0)


def _pick(a_prev: Array, chosen: Array, part: Array, out: Array) -> None:
    np.multiply(a_prev, chosen, part)
    np.add.reduce(part, axis=1, out=out)


def _spread(chosen: Sequence[tuple[Array, Array, slice]], out: Array) -> None:
    for da, one, rows in chosen:
        np.multiply(da, one, out[rows])
