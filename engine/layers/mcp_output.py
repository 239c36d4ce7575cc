"""McCulloch-Pitts neurons at the end of the network."""

from __future__ import annotations

from dataclasses import dataclass

from engine.layers.base import layers
from engine.layers.mcp import McCullochPitts


@layers.add("mcp_output")
@dataclass(frozen=True)
class McCullochPittsOutput(McCullochPitts):
    """The output as McCulloch-Pitts neurons: ``a = [z ≥ θ] [v = 0]`` is the prediction, 0 or 1."""

    title = "McCulloch-Pitts output"
    summary = "The end of a network of logic: its outputs are 0 or 1, and nothing is learned."
    role = "output"
    group = "Ends"
    stem = "output"
    rank = 20
