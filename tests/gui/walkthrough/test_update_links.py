"""The walk through an update with a schedule, a regulariser and clipping."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.editor.canvas import Canvas
from gui.editor.cells import wire_of
from gui.walkthrough.story import Story
from gui.workspace import Workspace


def document() -> Document:
    """2-4-1 on XOR with everything that stands between a gradient and its step."""
    training = Training(
        schedule=Spec.of("cosine", updates=10, floor=0.5),
        regularizer=Spec("l2"),
        clipping=Spec("by_norm"),
    )
    return mlp(2, 4, 1, training=training)


@pytest.fixture
def later(make_workspace: Callable[..., Workspace], qtbot) -> Workspace:
    """In update 4, where the schedule is at work."""
    workspace = make_workspace(document())
    workspace.training.advance(3)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None)
    return workspace


def updates(workspace: Workspace, kind: str) -> list[int]:
    assert workspace.walk is not None
    trace = workspace.walk.trace
    start = next(trace.starts[n] for n, section in enumerate(trace.sections) if section.phase is Phase.UPDATE)
    return [n for n in range(start, len(trace)) if trace[n].kind == kind]


def test_every_link_has_words_and_code(later: Workspace) -> None:
    assert later.walk is not None
    story = Story(later.walk.trace)
    said = {
        "average": "mean over the examples",
        "regularizer": "add what a large weight costs",
        "clipping": "bound the gradient",
        "update": "update the weight",
    }
    for kind, words in said.items():
        text = story.of_step(updates(later, kind)[0]).as_text()
        assert words in text, text


def test_the_step_is_written_with_alpha_and_s(later: Workspace) -> None:
    assert later.walk is not None
    page = Story(later.walk.trace).of_step(updates(later, "update")[0]).as_text()
    assert "α·s·" in page.replace(" ", ""), page
    assert "alpha * s * dW" in page


def test_without_a_schedule_there_is_no_s(walking: Callable[..., Workspace]) -> None:
    workspace = walking(replace(document(), training=Training()))
    page = Story(workspace.walk.trace).of_step(updates(workspace, "update")[0]).as_text()
    assert "alpha * dW" in page


def test_every_stage_is_told_of_by_a_click(later: Workspace) -> None:
    assert later.walk is not None
    trace = later.walk.trace
    story = Story(trace)
    for stage, words in (
        ("mean", "mean over the examples"), ("whole", "what a large weight costs"), ("clipped", "within its"),
    ):  # fmt: skip
        ref = trace.ref("hidden", f"{stage} dW.input", (1, 0), None)
        assert words in story.of_number(ref).as_text()


def test_the_canvas_lights_the_synapse_of_every_stage(later: Workspace, qtbot) -> None:
    canvas = Canvas(later)
    qtbot.addWidget(canvas)
    wires = canvas.network.wires
    found = {
        wire_of(("hidden", f"{stage}W.input", (1, 0), None), wires)
        for stage in ("", "d", "mean d", "whole d", "clipped d", "new ", "new m ")
    }
    assert found == {wires.number_at("hidden.W.input", (1, 0))}
    assert None not in found
