"""What a loss is: L of one example, and how it changes with the prediction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Sum, total
from engine.core.place import below
from engine.core.plan import Array, Phase, Plan
from engine.core.registry import Kind, Registry

OWNER = "loss"
"""The owner of the loss's arrays in a plan: y, L, J."""


@dataclass
class LossPlace:
    """What a loss sees: prediction a, target y (both (k, m)), z of the output, and where to write.

    ``fused`` says that dz = a − y is written straight to ``dz`` instead of ``da``.
    """

    plan: Plan
    z: Array | None
    a: Array
    y: Array
    L: Array
    J: Array
    da: Array
    dz: Array | None
    output: str
    label: str
    fused: bool = False

    def line(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the loss phase."""
        self.plan.line(Phase.LOSS, OWNER, equation, writes, call, *args)

    def back(self, equation: str, writes: str, call: Callable[..., object], *args: object) -> None:
        """One line of the backward phase."""
        self.plan.line(Phase.BACKWARD, OWNER, equation, writes, call, *args)

    def ref_a(self, i: int, example: int) -> Ref:
        """The prediction of output i."""
        return Ref(self.output, "a", (i,), example, "a", self.label, below((i,)))

    def ref_z(self, i: int, example: int) -> Ref:
        """The weighted sum of output i."""
        return Ref(self.output, "z", (i,), example, "z", self.label, below((i,)))

    def ref_y(self, i: int, example: int) -> Ref:
        """The target of output i."""
        return Ref(OWNER, "y", (i,), example, "y", "", below((i,)) if len(self.y) > 1 else "")

    def ref_L(self, example: int) -> Ref:
        """The loss of one example."""
        return Ref(OWNER, "L", (0,), example, "L", "", "")


class Loss(Kind):
    """``L(a, y)`` of one example; ``J`` is its mean over the examples.

    A kind gives ``value`` and ``derivative`` (on (k, m) arrays), and ``cell`` and ``slope``. A
    kind that goes with certain activations (``fuses``) has dz = a − y there.
    """

    fuses: ClassVar[frozenset[str]] = frozenset()
    """Activations of the output with which ``dz = a − y`` comes out."""

    probabilities: ClassVar[bool] = False
    """Whether predictions must lie between 0 and 1."""
    least_outputs: ClassVar[int] = 1

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
            assert p.dz is not None
            p.back("dz = a − y", "dz", np.subtract, p.a, p.y, p.dz)
        if not p.fused or p.plan.explains:
            p.back("da = ∂L/∂a", "da", lambda: np.copyto(p.da, self.derivative(p.a, p.y)))

    def cost(self, p: LossPlace) -> None:
        """The line for ``J = 1/m Σ L``."""
        share = np.full((p.L.shape[1], 1), 1.0 / p.L.shape[1], p.L.dtype)
        p.line("J = 1/m Σ L", "J", p.L.dot, share, p.J)

    def cell(self, a: Sequence[Ref], y: Sequence[Ref], z: Sequence[Ref] = ()) -> Expression:
        """How L of one example comes about.

        ``z`` is given where the loss is fused with the activation and calculated from z: what is
        written in a then has a definition in z, which stays finite where a has rounded to 0 or 1.
        """
        raise TypeError(f"{type(self).__name__} explains no cell")

    def slope(self, a: Ref, y: Ref, k: int) -> Expression:
        """How ``da_i = ∂L/∂a_i`` comes about, for one of k outputs."""
        raise TypeError(f"{type(self).__name__} explains no slope")

    def cost_cell(self, p: LossPlace) -> Expression:
        """How J comes about."""
        m = p.L.shape[1]
        mean = total(*(p.ref_L(example) for example in range(m)))
        return mean if m == 1 else Product((Number(1.0 / m, f"1/{m}"), mean))


def summed(terms: Sequence[Expression]) -> Expression:
    """The terms added, or the single one."""
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))


losses: Registry[Loss] = Registry("loss", "engine.losses")
