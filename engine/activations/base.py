"""What an activation function is: g, its derivative, its lines in the plan and its explanation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np

from engine.core.expressions import Expression, Product, Ref
from engine.core.place import Block, Index, Moment, Place, Shape
from engine.core.plan import Array
from engine.core.registry import Kind, Registry


class Activation(Kind):
    """``a = g(z)``, element by element unless ``elementwise`` is false.

    A kind must give ``value``, ``derivative``, ``cell`` and ``slope``. The lines for the plan
    follow from them; a kind that has a faster way writes its own ``forward`` and ``backward``.
    """

    letter: ClassVar[str] = "g"
    """The sign of the function in a formula: σ(0.83)."""
    elementwise: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (-math.inf, math.inf)
    """The smallest and the largest value that comes out."""
    needs_z: ClassVar[bool] = True
    """Whether the way back reads z; if not, a may be written over it."""
    same: ClassVar[bool] = False
    """Whether a is z itself: then a plan that nobody looks at needs no lines for it."""
    may_follow_max: ClassVar[bool] = False
    """Whether g(max z) may stand for max g(z): g never falls, z with equal a have no slope, and the way
    back reads a only."""
    loops: ClassVar[Mapping[str, str]] = {}
    """The loops of a and dz, as in ``engine.core.loops``, where one unit alone does not make them."""
    letters: ClassVar[Mapping[str, str]] = {}
    """How the cells of its own parameters are called, where that is not their name."""

    def value(self, z: Array) -> Array:
        """``g(z)`` for an array of any shape."""
        raise TypeError(f"{type(self).__name__} gives no value")

    def derivative(self, z: Array) -> Array:
        """``g'(z)`` for an array of any shape."""
        raise TypeError(f"{type(self).__name__} gives no derivative")

    def forward(self, p: Place, z: Array, a: Array) -> None:
        """Lines for ``a = g(z)``."""
        p.forward("a = g(z)", "a", lambda: np.copyto(a, self.value(z)))

    def backward(self, p: Place, z: Array, a: Array, da: Array, dz: Array) -> None:
        """Lines for ``dz = da ⊙ g'(z)``."""
        p.backward("dz = da ⊙ g'(z)", "dz", lambda: np.multiply(da, self.derivative(z), dz))

    def blocks(self, id: str, shape: Shape) -> tuple[Block, ...]:
        """Parameters of its own, for a layer of that id and shape; their names are Greek words."""
        return ()

    def steps(self, p: Place) -> Iterator[Moment]:
        """The gradients of its own parameters, in a walkthrough's order."""
        return iter(())

    def parameter_cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        """One example's share in the gradient of one of its own parameters."""
        raise KeyError(array)

    def explain(self, p: Place, z: Array) -> None:
        """Lines that only an explanation needs: the slope g'(z) as an array of its own."""
        if self.elementwise:
            slope = p.array("slope")
            p.backward("g'(z)", "slope", lambda: np.copyto(slope, self.derivative(z)))

    def cell(self, z: Sequence[Ref], i: int) -> Expression:
        """How ``a_i`` comes from the z of one example."""
        raise TypeError(f"{type(self).__name__} explains no cell")

    def slope(self, z: Ref, a: Ref) -> Expression:
        """How ``g'(z_i)`` comes about, in the form that the lecture uses."""
        raise TypeError(f"{type(self).__name__} explains no slope")

    def delta(self, da: Sequence[Ref], a: Sequence[Ref], slopes: Sequence[Ref], i: int) -> Expression:
        """How ``dz_i`` comes from the da of one example."""
        return Product((da[i], slopes[i]))


activations: Registry[Activation] = Registry("activation", "engine.activations")
