"""What pooling layers have in common. This module holds no kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.core.expressions import Ref
from engine.core.knobs import knob
from engine.core.place import Index, Keys, Moment, Place, Shape, positions
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.layers.base import LayerKind
from engine.layers.windows import Windows, slices, windows_of


def check_positions(shape: Shape) -> None:
    """Raises ``DocumentError`` for a vector: it has no positions to pool over."""
    if len(shape) < 2:
        raise DocumentError(
            "Pooling takes an image or a sequence: give the input a shape such as 1×28×28, or put a"
            " reshape layer before it."
        )


@dataclass(frozen=True)
class Pooling(LayerKind):
    """Every channel by itself: one number for what a window sees. The formulas stand with the kinds."""

    group = "Images"
    stem = "pool"
    sized = False

    size: int = knob(2, "Window size", symbol="f", minimum=1, maximum=64)
    stride: int | None = knob(
        None, "Stride", symbol="s", minimum=1, maximum=64, optional=True, none_label="as the window"
    )
    padding: str = knob(
        "valid",
        "Padding",
        choices=("valid", "same"),
        help="'valid' takes whole windows only; 'same' lets windows reach over the edge, so that ⌈n / s⌉"
        " are left. What lies beyond the edge does not count.",
    )

    def windows(self, sizes: Shape) -> Windows:
        """The windows over positions of these sizes."""
        return windows_of(sizes, self.size, self.stride or self.size, self.padding)

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        check_positions(inputs[0])
        return (inputs[0][0], *self.windows(inputs[0][1:]).out)

    def keys(self, units: Keys, shape: Shape, inputs: Sequence[Keys]) -> Keys:
        return inputs[0] if inputs else super().keys(units, shape, inputs)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        array, steps = ("a", 1) if phase is Phase.FORWARD else ("da", None)
        if phase in {Phase.FORWARD, Phase.BACKWARD}:
            for i in range(p.shape[0]):
                for at in positions(p.shape):
                    yield Moment(array, (i, *at), steps)

    def seen(self, p: Place, index: Index, example: int) -> list[Ref]:
        """The cells that a window sees, row by row."""
        port = p.inputs[0]
        windows = self.windows(port.shape[1:])
        return [p.ref_a_prev(port, (index[0], *at), example) for _, at in windows.seen(index[1:])]


def taps_of(
    windows: Windows, image: Array, pooled: Array, taps: Iterable[Index] = ()
) -> list[tuple[Array, Array]]:
    """For every tap the part of the image that it reads, and that of the output that it is read for.

    Taps that read nothing but padding are left out.
    """
    found = []
    for tap in taps or windows.taps:
        here, there = windows.reading(tap)
        pixels = image[(slice(None), *slices(there))]
        if pixels.size:
            found.append((pixels, pooled[(slice(None), *slices(here))]))
    return found
