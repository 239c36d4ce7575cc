"""The pages of the inspector, one file a kind of thing that can be selected."""

UNITS = "inspector.units"
"""Name of the probe for z and a of a neuron."""
