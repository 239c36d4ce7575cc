"""How large things are on the canvas, in scene units, at a theme's scale."""

from __future__ import annotations

from dataclasses import dataclass

from gui.showing import Showing


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths at a scale.

    In projector mode neurons, lines and text grow by ``scale``, while the layers move together as far as
    the canvas asks for (``closeness``): so all that is read is larger when the network fills the canvas.
    """

    scale: float = 1.0
    most_units: int = 12
    """A layer with more units shows its first and last ones and an ellipsis."""
    closeness: float = 1.0
    """By how much the layers stand closer together than their document says."""
    showing: Showing = Showing()
    """How blocks are drawn, and so how large they are."""

    @property
    def radius(self) -> float:
        """Of a neuron."""
        return 26.0 * self.scale

    @property
    def pitch(self) -> float:
        """From one neuron of a layer to the next."""
        return 84.0 * self.scale

    @property
    def across(self) -> float:
        """Scene units for one unit of ``Layer.x``."""
        return self.scale / self.closeness

    @property
    def down(self) -> float:
        """Scene units for one unit of ``Layer.y``."""
        return self.scale

    @property
    def chip(self) -> tuple[float, float]:
        """Width and height that a number on a synapse takes."""
        return 46.0 * self.scale, 18.0 * self.scale

    def block(self, axes: int) -> tuple[float, float]:
        """Width and height of a block, by the number of its output's axes; 0 while that is not known."""
        width, height = {0: (92.0, 72.0), 1: (64.0, 132.0), 2: (140.0, 116.0)}.get(axes, (132.0, 132.0))
        return width * self.scale, height * self.scale

    @property
    def padding(self) -> float:
        """From a neuron to the frame of its layer."""
        return 13.0 * self.scale

    @property
    def caption(self) -> tuple[float, float]:
        """Width and height of the text above a layer."""
        return 172.0 * self.scale, 40.0 * self.scale

    @property
    def beside(self) -> float:
        """Greatest width of the names beside inputs and outputs."""
        return 132.0 * self.scale

    @property
    def port(self) -> float:
        """Radius of the handle from which a synapse is drawn."""
        return 8.0 * self.scale
