"""How the canvas shows the network: choices of the user that change no document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

MOST_SHOWN = 200
"""No layer shows more neurons one by one."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One field a choice; all of them are saved with the project's view."""

    most_units: int = 12
    """A layer with more units shows its first and last ones."""
    weakest: float = 0.0
    """Synapses weaker than this share of the largest weight are not drawn."""
    surfaces: bool = False
    """Whether a neuron shows its output over the input plane instead of its numbers."""
    kernels: bool = False
    """Whether a convolution shows its kernels instead of its feature maps."""
    unrolled: bool = False
    """Whether a recurrent layer shows one cell a time step."""
    snapping: bool = True
    """Whether layers that are moved stop where they stand in line with others."""
    caches: bool = True
    """Whether a walkthrough shows below every layer what it keeps for the way back."""
    overview: bool = False
    """Whether a small map of the whole network stands in a corner."""

    def with_(self, **choices: Any) -> Showing:
        """Other choices."""
        return replace(self, **choices)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @classmethod
    def read(cls, found: Any) -> Showing:
        """From a file; what makes no sense there is as at the start."""
        if not isinstance(found, Mapping):
            return cls()
        fitting = {
            field.name: found[field.name]
            for field in fields(cls)
            if type(found.get(field.name)) is type(field.default) and _sound(field.name, found[field.name])
        }
        return cls(**fitting)


def _sound(name: str, value: Any) -> bool:
    """Whether a number lies where it may."""
    if name == "most_units":
        return bool(2 <= value <= MOST_SHOWN)
    return name != "weakest" or bool(0.0 <= value < 1.0)
