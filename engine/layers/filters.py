"""What layers with filters have in common. This module holds no kind."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from engine.core.expressions import Expression, Ref, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Part, Place, Shape, positions, steps_of_sum
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.activated import Activated
from engine.layers.windows import PADDINGS, Windows


@dataclass(frozen=True)
class Filters(Activated):
    """Filters with weights that all positions share: convolution and transposed convolution."""

    group = "Images"
    stem = "conv"
    starting_units = 4
    needs: ClassVar[tuple[int, str]] = (3, "")
    """How many axes one example must have, and what to say if it has not."""

    activation: Spec = knob(Spec("relu"), "Activation", family="activation", symbol="g")
    kernel: int = knob(3, "Kernel size", symbol="f", minimum=1, maximum=64)
    stride: int = knob(1, "Stride", symbol="s", minimum=1, maximum=64)
    padding: str = knob(
        "same",
        "Padding",
        choices=PADDINGS,
        symbol="p",
        help="'same' adds the zeros that keep the size at stride 1, 'valid' adds none, p adds p on"
        " every side.",
    )
    dilation: int = knob(
        1, "Dilation", symbol="d", minimum=1, maximum=64, help="How far the taps of a kernel lie apart."
    )
    bias: bool = knob(True, "Bias", symbol="b", help="Whether every filter adds a number of its own.")
    initializer: Spec = knob(Spec("he"), "First weights", family="initializer")

    def check_axes(self, shape: Shape) -> None:
        """Raises ``DocumentError`` unless the input is of the kind that this layer takes."""
        axes, sentence = self.needs
        if len(shape) != axes:
            raise DocumentError(sentence)

    def parts(self, id: str, source: str, shape: Shape, fans: tuple[int, int], apart: bool) -> Block:
        """One block ``[W | b]``; W is read as ``shape`` (filters, channels, f, f)."""
        n, size = shape[0], math.prod(shape[1:])
        axes = (id, None if apart else source, *(None,) * (len(shape) - 2))
        W = Part(f"W.{source}", (slice(None), slice(0, size)), self.initializer, axes, *fans, shape=shape)
        b = Part("b", (slice(None), slice(size, size + 1)), Spec("zeros"), (id, None), bias=True)
        return Block((n, size + self.bias), (W, b) if self.bias else (W,))

    def windows(self, sizes: Shape) -> Windows:
        """The windows that belong to an input with positions of these sizes."""
        raise TypeError(f"{type(self).__name__} has no windows")

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        if phase is Phase.FORWARD:
            yield from self._one_by_one(p, phase)
        if phase is Phase.BACKWARD:
            yield from self._one_by_one(p, phase)
            yield from self.g.steps(p)
            port = p.inputs[0]
            windows, channels = self.windows(port.shape[1:]), p.parameters[f"W.{port.source}"].shape[1]
            counts = {tap: steps_of_sum(windows.reading_count(tap), 0) for tap in windows.taps}
            for i in range(p.shape[0]):
                for channel in range(channels):
                    for tap, count in counts.items():
                        yield Moment(f"dW.{port.source}", (i, channel, *tap), count)
                if self.bias:
                    yield Moment("db", (i, 0))

    def _one_by_one(self, p: Place, phase: Phase) -> Iterator[Moment]:
        """z and a, or da, slope and dz: filter by filter, each from place to place."""
        if not self.g.elementwise:
            for at in positions(p.shape):
                if phase is Phase.FORWARD:
                    steps = (("z", self.z_steps(p, at)),)
                    yield from self.activation_steps(p, steps, "a", [at])
                else:
                    yield from self.activation_steps(p, (("da", None),), "dz", [at])
            return
        for i in range(p.shape[0]):
            for at in positions(p.shape):
                index = (i, *at)
                if phase is Phase.FORWARD:
                    yield Moment("z", index, self.z_steps(p, at))
                    yield Moment("a", index)
                else:
                    yield from (Moment("da", index, None), Moment("slope", index), Moment("dz", index))

    def z_steps(self, p: Place, at: Index) -> int:
        """In how many steps z is calculated at one position."""
        raise TypeError(f"{type(self).__name__} counts no steps")

    def w(self, p: Place, index: Index) -> Ref:
        """A weight of a kernel: (filter, channel, tap)."""
        return p.ref(f"W.{p.inputs[0].source}", index)

    def bias_cell(self, p: Place, filter: int, example: int) -> Expression:
        """The share of one example in the gradient of a bias."""
        return total(*(p.ref("dz", (filter, *at), example) for at in positions(p.shape)))
