"""What a loss is: L of one example, and how it changes with the prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum, minus, total
from engine.core.place import Index, Shape, below
from engine.core.plan import Array, Phase, Plan
from engine.core.registry import Kind, Registry

OWNER = "loss"
"""The owner of the loss's arrays in a plan: y, L, J."""


@dataclass
class LossPlace:
    """What a loss sees: prediction a, target y (both (k, m)), z of the output, and where to write.

    Where the network predicts at many positions (time steps, pixels), every position is a column
    of its own: a and y are (k, positions · m), L has one value a position, and ``share`` (1,
    positions · m) says how much each counts in the loss of its example: 1 over the number of
    positions that count. ``fused`` says that dz = a − y is written straight to ``dz`` instead
    of ``da``. For a loss of ``whole`` examples all positions of an example are one column instead.
    """

    plan: Plan
    z: Array | None
    a: Array
    y: Array
    L: Array
    """The loss of every column, (1, m) or (1, positions · m)."""
    J: Array
    da: Array
    dz: Array | None
    output: str
    label: str
    fused: bool = False
    positions: Shape = ()
    """The shape of the positions: (time,) or (height, width)."""
    share: Array | None = None
    """How much each column counts in its example; ``None`` where every example is one column."""
    of_example: Array | None = None
    """The loss of every example, (1, m); ``L`` itself where every example is one column."""
    whole: Shape = ()
    """The shape of one example's prediction where all its positions are one column."""

    def line(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the loss phase."""
        self.plan.line(Phase.LOSS, OWNER, equation, writes, call, *args)

    def passing(self, shape: Shape) -> Array:
        """An array for results on the way, within the loss or its backward; it begins as it may."""
        return self.plan.passing(shape)

    def back(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the backward phase."""
        self.plan.line(Phase.BACKWARD, OWNER, equation, writes, call, *args)

    def column(self, index: Index) -> tuple[int, Index]:
        """Row and position of a cell of the output."""
        if self.whole:
            return int(np.ravel_multi_index(index, self.whole)), ()
        return index[0], index[1:]

    def refs(self, example: int, at: Index = ()) -> tuple[list[Ref], list[Ref]]:
        """The predictions and the targets of all rows of one column."""
        rows = range(len(self.y))
        return [self.ref_a(i, example, at) for i in rows], [self.ref_y(i, example, at) for i in rows]

    def ref_a(self, i: int, example: int, at: Index = ()) -> Ref:
        """The prediction of output i."""
        return self._ref(self.output, "a", i, example, at, self.label)

    def ref_z(self, i: int, example: int, at: Index = ()) -> Ref:
        """The weighted sum of output i."""
        return self._ref(self.output, "z", i, example, at, self.label)

    def ref_y(self, i: int, example: int, at: Index = ()) -> Ref:
        """The target of output i."""
        ref = self._ref(OWNER, "y", i, example, at, "")
        return ref if len(self.y) > 1 or at else replace(ref, below="")

    def ref_L(self, example: int, at: Index = ()) -> Ref:
        """The loss of one example, or of one position of it."""
        if at:
            return Ref(OWNER, "l", at, example, "L", "", below(at))
        return Ref(OWNER, "L", (0,), example, "L", "", "")

    def ref_share(self, example: int, at: Index) -> Ref:
        """How much a position counts in its example."""
        return Ref(OWNER, "share", at, example, "c", "", below(at))

    def _ref(self, owner: str, array: str, i: int, example: int, at: Index, label: str) -> Ref:
        if self.whole:
            i, *rest = (int(each) for each in np.unravel_index(i, self.whole))
            at = tuple(rest)
        if len(at) == 1:
            return Ref(owner, array, (i, *at), example, array, f"{label}⟨{at[0] + 1}⟩", below((i,)))
        return Ref(owner, array, (i, *at), example, array, label, below((i, *at)))


class Loss(Kind):
    """``L(a, y)`` of one example; ``J`` is its mean over the examples.

    A kind gives ``value`` and ``derivative`` (on (k, m) arrays), and ``cell`` and ``slope``. A
    kind that goes with certain activations (``fuses``) has dz = a − y there.

    Where the network predicts at many positions, L of an example is the mean over them, unless
    the kind looks at the ``whole`` example at once.
    """

    fuses: ClassVar[frozenset[str]] = frozenset()
    """Activations of the output with which ``dz = a − y`` comes out."""

    probabilities: ClassVar[bool] = False
    """Whether predictions must lie between 0 and 1."""
    least_outputs: ClassVar[int] = 1
    whole: ClassVar[bool] = False
    """Whether all positions of an example belong together, as the pixels of a marked region do."""

    def refusal(self, activation: str, bounds: tuple[float, float], outputs: int) -> str:
        """Why this loss makes no sense after an output of that kind; empty if it does."""
        if outputs < self.least_outputs:
            least = self.least_outputs
            return f"{self.title} needs at least {least} outputs: add one, or choose another loss."
        if self.probabilities and not 0.0 <= bounds[0] <= bounds[1] <= 1.0:
            return (
                f"{self.title} needs predictions between 0 and 1, and {activation} gives others:"
                " choose another activation for the output, or another loss."
            )
        return ""

    def value(self, a: Array, y: Array) -> Array:
        """L of every example, (1, m)."""
        raise TypeError(f"{type(self).__name__} gives no value")

    def derivative(self, a: Array, y: Array) -> Array:
        """∂L/∂a, (k, m)."""
        raise TypeError(f"{type(self).__name__} gives no derivative")

    def forward(self, p: LossPlace) -> None:
        """Lines that write ``p.L``."""
        p.line("L = L(a, y)", "L", lambda: np.copyto(p.L, self.value(p.a, p.y)))

    def backward(self, p: LossPlace) -> None:
        """Lines that write ``p.da``, or ``p.dz`` where the two are fused."""
        if p.fused:
            self.error(p)
        if not p.fused or p.plan.explains:
            p.back("da = ∂L/∂a", "da", lambda: np.copyto(p.da, self.derivative(p.a, p.y)))

    def error(self, p: LossPlace) -> None:
        """Lines that write ``p.dz`` where the loss is fused with the activation."""
        p.back("dz = a − y", "dz", np.subtract, p.a, p.y, p.dz)

    def cost(self, p: LossPlace) -> None:
        """The lines for ``J = 1/m Σ L``, where an example's L is the mean over its positions."""
        L = p.L
        if p.share is not None:
            assert p.of_example is not None
            L, m = p.of_example, p.plan.examples
            counted = p.passing(p.L.shape)
            rows, one = counted.reshape(-1, m), p.plan.full((1, counted.size // m), 1.0)
            p.line("c ⊙ L of every position", "L", np.multiply, p.L, p.share, counted)
            p.line("L = Σ c L", "L", one.dot, rows, L)
        share = p.plan.full((L.shape[1], 1), 1.0 / L.shape[1])
        p.line("J = 1/m Σ L", "J", L.dot, share, p.J)

    def spread(self, p: LossPlace) -> None:
        """After ``backward``: every position's gradient counts as much as the position does."""
        if p.share is None:
            return
        if p.fused:
            p.back("dz = c ⊙ (a − y)", "dz", np.multiply, p.dz, p.share, p.dz)
        if not p.fused or p.plan.explains:
            p.back("da = c ⊙ ∂L/∂a", "da", np.multiply, p.da, p.share, p.da)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        """How L of one example comes about.

        ``z`` is given where the loss is fused with the activation and calculated from z: what is
        written in a then has a definition in z, which stays finite where a has rounded to 0 or 1.
        """
        raise TypeError(f"{type(self).__name__} explains no cell")

    def slope(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        """How ``da_i = ∂L/∂a_i`` comes about, for one of the outputs."""
        raise TypeError(f"{type(self).__name__} explains no slope")

    def error_cell(self, a: Sequence[Ref], y: Sequence[Ref], i: int) -> Expression:
        """How ``dz_i`` comes about where the loss is fused with the activation."""
        return minus(a[i], y[i])

    def cost_cell(self, p: LossPlace) -> Expression:
        """How J comes about."""
        m = p.plan.examples
        mean = total(*(p.ref_L(example) for example in range(m)))
        return mean if m == 1 else Product((Number(1.0 / m, f"1/{m}"), mean))


def summed(terms: Sequence[Expression]) -> Expression:
    """The terms added, or the single one."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


losses: Registry[Loss] = Registry("loss", "engine.losses")
