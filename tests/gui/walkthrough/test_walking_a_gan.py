"""A round of a GAN is walked, also over the examples that are made up and stand nowhere in the data."""

from __future__ import annotations

import pytest

from engine.architectures import architectures
from engine.core.plan import Phase
from gui.stepping.walk import Level
from gui.theme import load_theme
from gui.walkthrough import words
from gui.workspace import Workspace


@pytest.mark.slow
def test_both_kinds_of_examples_have_a_name(qtbot) -> None:
    workspace = Workspace(load_theme("light"), architectures.make("gan").document())
    try:
        qtbot.waitUntil(lambda: workspace.data is not None)
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None, timeout=20_000)
        trace = workspace.walk.trace
        assert trace.m == 2 * len(trace.examples)
        last = next(k for k in reversed(range(len(trace))) if trace[k].phase is Phase.BACKWARD)
        workspace.walking.go_to(last)
        workspace.walking.forward(Level.TERM)
        assert trace.number_in_data(trace.m - 1) is None
        assert words.example_name(trace, trace.m - 1).endswith("made up")
        assert words.example_name(trace, 0)
    finally:
        workspace.close()
