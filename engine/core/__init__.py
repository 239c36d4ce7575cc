"""The shared vocabulary: specifications, knobs, the registry of kinds, expressions, notation."""
