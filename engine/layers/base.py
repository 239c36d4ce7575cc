"""What a kind of layer is.

Methods in a fixed order: output shape, blocks of parameters, forward, backward, steps, cell.
Forward writes named arrays, backward reads them: the lecture's "cache z[l]" is the real thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from engine.core.expressions import Expression
from engine.core.place import Block, Index, Keys, Moment, Place, Port, Shape, Terms
from engine.core.plan import Array, Phase
from engine.core.registry import Kind, Registry

Words = tuple[str, str, str]
"""What a step of an array is called, its general equation, and the same as a line of NumPy."""

COMMON: Mapping[str, Words] = {
    "a": ("activation", "a[l] = g[l](z[l])", "a = g(z)"),
    "da": ("blame", "da[l] = Σ ∂z[l+1]/∂a[l] · dz[l+1]", "da = sum(sent_back)"),
    "dW": ("gradient", "dW[l] = dz[l] a[l−1]ᵀ", "dW = dz @ a_prev.T"),
    "db": ("gradient", "db[l] = Σ dz[l]", "db = dz.sum(axis=1, keepdims=True)"),
}
"""The words of arrays that most kinds have."""


class LayerKind(Kind):
    """One kind of layer; its fields are its knobs.

    The last axis of every array counts the examples. A shape is that of one example without it:
    (n,) for a vector, (n, time) for a sequence, (channels, height, width) for an image.
    """

    role: ClassVar[str] = "hidden"
    """input, source (draws its own numbers), hidden or output."""
    group: ClassVar[str] = "Layers"
    """The heading under which a palette lists it."""
    stem: ClassVar[str] = "layer"
    """How ids of such layers begin."""
    starting_units: ClassVar[int] = 1
    """How many units a layer of this kind has when it is dropped on the canvas."""
    sized: ClassVar[bool] = True
    """Whether the user chooses how many units it has; else they follow from its inputs."""
    synapses: ClassVar[bool] = False
    """Whether single synapses into it can be drawn, cut and locked."""
    weighted: ClassVar[bool] = False
    """Whether its z are ``z_i = Σ_j w_ij a_j + b_i`` and nothing else."""
    takes: ClassVar[tuple[int, int | None]] = (1, 1)
    """The least and the most inputs."""
    letter: ClassVar[str] = "a"
    """How the cells of its output are called in a formula."""
    letters: ClassVar[Mapping[str, str]] = {}
    """How the cells of its other arrays and parameters are called, where that is not their name."""
    words: ClassVar[Mapping[str, Words]] = {}
    """For each of its arrays (without what comes after a dot) what to say of a step."""
    loops: ClassVar[Mapping[str, str]] = {}
    """The same un-vectorised, one line an array, as ``engine.core.loops`` writes out: of the arrays whose
    numbers are not made of those at the same place alone, and as ``da`` what it sends back to its input."""
    timed: ClassVar[frozenset[str]] = frozenset()
    """Its arrays beside z and a whose last index is the time, where its output is a sequence."""
    shared: ClassVar[frozenset[str]] = frozenset()
    """Its arrays that belong to no single example, such as the mean over a batch."""
    symbolic: ClassVar[bool] = False
    """Whether its (first) input must be numbers of symbols, counted from 0; they have no gradient."""
    rank: ClassVar[int] = 100

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        """The shape of one example's output; raises ``DocumentError`` if the inputs do not fit.

        ``inputs`` are as many as ``takes`` allows.
        """
        raise TypeError(f"{type(self).__name__} has no output shape")

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        """The stable keys of the output's first axis.

        By default its own units if it has as many; else those of the first input if that has as
        many; else plain numbers.
        """
        for each in (units if self.sized else (), *inputs):
            if len(each) == shape[0]:
                return each
        return tuple(range(shape[0]))

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        """The parameters; inputs are pairs of (layer id, shape)."""
        return ()

    def forward(self, p: Place) -> None:
        """Lines of the forward phase."""

    def backward(self, p: Place) -> None:
        """Lines of the backward phase: from ``p.da`` to the gradients and the inputs' da."""

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        """The cells of one example in the order in which a walkthrough calculates them.

        In the update phase those of what is kept without being learned: ``new running_mean``.
        """
        return iter(())

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        """How one cell came about; for a gradient, the share of one example.

        Raises ``KeyError`` for what is given and not calculated here.
        """
        raise KeyError(array)

    def loop(self, p: Place, array: str) -> str:
        """The equation with indices of an array, as in ``loops``; empty where there is none."""
        return self.loops.get(array, "")

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        """The settings and sizes that its ``loops`` call by a name."""
        return {}

    def outcome(self, p: Place) -> Array:
        """What came out in the last forward, also where ``a`` is not calculated."""
        return p.a

    def pools_largest(self, sizes: Shape) -> int:
        """How many places wide the windows are whose largest number it passes on, 1 if it does not.

        They lie side by side over positions of these sizes, without a remainder.
        """
        return 1

    def hands_on_z(self, inputs: Sequence[Shape]) -> bool:
        """Whether such a pooling behind it can take z, and calculate the activation afterwards."""
        return False

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        """What this layer adds to ``da`` of a unit of one of its inputs."""
        raise KeyError(port.source)

    def sends(self, p: Place, port: Port, index: Index) -> Terms | None:
        """Of what ``sent`` is the sum, without spelling it; ``None`` if that must be counted."""
        return None


layers: Registry[LayerKind] = Registry("layer", "engine.layers")
