"""While training runs the lines of the canvas move with every frame, its numbers when it is their turn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.session import Snapshot
from gui.editor.canvas import PROBE, READABLE, Canvas


@pytest.fixture
def busy(canvas: Canvas, qtbot) -> Canvas:
    """A canvas on a network that trains, as far as the window knows; nothing comes from the worker."""
    workspace = canvas.workspace
    qtbot.waitUntil(lambda: PROBE in workspace.snapshot.answers)
    workspace.link.pull = lambda: None  # type: ignore[method-assign]
    workspace.training.running = True
    qtbot.wait(round(1200 * READABLE))  # a turn is due again
    return canvas


def arrive(canvas: Canvas, widest: float, *, rich: bool, running: bool = True) -> Snapshot:
    """A snapshot in which one weight is the largest by far."""
    workspace = canvas.workspace
    parameters = dict(workspace.snapshot.parameters)
    parameters["hidden.W.input"] = np.array(parameters["hidden.W.input"])
    parameters["hidden.W.input"][0, 0] = widest
    workspace.link.rich = rich
    snapshot = replace(
        workspace.snapshot,
        parameters=parameters,
        running=running,
        step=workspace.snapshot.step + 1,
        plays=workspace.training._plays,
    )
    workspace.link.arrived.emit(snapshot)
    return snapshot


def text(canvas: Canvas) -> str:
    """The number on the synapse from the first input to the first hidden neuron."""
    number = canvas.network.wires.number_at("hidden.W.input", (0, 0))
    return canvas.network.chips.figures[number].text


def test_without_a_turn_only_the_lines_move(busy: Canvas) -> None:
    arrive(busy, 40.0, rich=True)
    assert text(busy) == "40.00"
    arrive(busy, 50.0, rich=False)
    assert busy.network.synapses.widest == 50.0
    assert text(busy) == "40.00"


def test_with_a_turn_the_numbers_follow(busy: Canvas, qtbot) -> None:
    arrive(busy, 40.0, rich=True)
    arrive(busy, 50.0, rich=False)
    qtbot.wait(round(1200 * READABLE))
    arrive(busy, 60.0, rich=True)
    assert text(busy) == "60.00"
    assert "60.00" in busy.legend.texts()[2]


def test_when_training_stops_all_numbers_are_those_of_the_last_update(busy: Canvas) -> None:
    arrive(busy, 40.0, rich=True)
    arrive(busy, 50.0, rich=False)
    arrive(busy, 70.0, rich=False, running=False)
    assert text(busy) == "70.00"


def test_a_hidden_canvas_takes_no_turn(busy: Canvas) -> None:
    busy.hide()
    busy.workspace.turns.next()
    assert not busy.workspace.turns.mine(busy)
    busy.show()
    busy.workspace.turns.next()
    assert busy.workspace.turns.mine(busy)
