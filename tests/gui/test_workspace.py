"""The hub: edits, undo, learning and the walk, with the worker in its thread."""

from __future__ import annotations

import pytest

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import edits
from engine.samples import first_light
from engine.session.probes import State
from gui.selection import Selection
from gui.stepping.walk import Level
from gui.theme import load_theme
from gui.workspace import Workspace


@pytest.fixture
def workspace(qtbot):
    made = Workspace(load_theme("light"), first_light())
    made.training.set_pace(None)
    qtbot.waitUntil(lambda: made.data is not None)
    yield made
    made.close()


def settled(workspace: Workspace, qtbot) -> dict[str, bytes]:
    """The learned bits after everything sent so far has been obeyed."""
    found: list = []
    workspace.link.ask(State(), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return {key: value.tobytes() for key, value in found[0][0].parameters.items()}


def walk_to(workspace: Workspace, qtbot, condition) -> None:
    for _ in range(2000):
        before = (workspace.walk.trace, workspace.walk.at) if workspace.walk else None
        workspace.walking.forward()
        qtbot.waitUntil(
            lambda before=before: (
                workspace.walk is not None and (workspace.walk.trace, workspace.walk.at) != before
            )
        )
        if condition(workspace.walk.step):
            return
    raise AssertionError("the walk never came there")


def test_play_learns_xor_and_every_loss_value_arrives(workspace, qtbot) -> None:
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 2000, timeout=20000)
    workspace.training.pause()
    qtbot.waitUntil(lambda: not workspace.snapshot.running)
    assert len(workspace.curve) == workspace.snapshot.step
    assert workspace.curve.values[-1] < workspace.curve.values[0] / 4


def test_edits_while_training_runs_reset_nothing_and_can_be_undone(workspace, qtbot) -> None:
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 200, timeout=20000)
    step = workspace.snapshot.step
    workspace.editing.edit("Grow", edits.add_unit(workspace.document, layer="hidden"))
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (5, 1))
    assert workspace.training.running and workspace.snapshot.step >= step
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (4, 1))
    assert workspace.training.running and workspace.snapshot.step >= step
    assert workspace.document == first_light()
    workspace.editing.redo()
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (5, 1))
    workspace.training.pause()


def test_undo_to_the_start_gives_the_first_document_and_its_bits(workspace, qtbot) -> None:
    start = settled(workspace, qtbot)
    workspace.training.advance(20)
    workspace.editing.attempt("Grow", edits.set_units, layer="hidden", units=6)
    workspace.training.advance(20)
    workspace.editing.set_weight("hidden.W.input", (0, 0), 1 / 3)
    workspace.editing.edit("Adam", edits.set_optimizer(workspace.document, spec=Spec("adam")))
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 60)
    workspace.training.pause()
    end, document = settled(workspace, qtbot), workspace.document
    count = 0
    while workspace.editing.undo_stack.canUndo():
        workspace.editing.undo()
        count += 1
    assert settled(workspace, qtbot) == start and workspace.document == first_light()
    for _ in range(count):
        workspace.editing.redo()
    assert settled(workspace, qtbot) == end and workspace.document == document


def test_a_whole_update_forward_and_back_bit_for_bit(workspace, qtbot) -> None:
    start = settled(workspace, qtbot)
    walk_to(workspace, qtbot, lambda step: step.phase is Phase.UPDATE)
    assert settled(workspace, qtbot) == start
    first = workspace.walk.trace
    walk_to(workspace, qtbot, lambda step: workspace.walk.trace is not first)
    after = settled(workspace, qtbot)
    assert after != start and workspace.walk.at == 0
    workspace.walking.back()  # the way it came
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.step_number == 0)
    assert workspace.walk.at == len(workspace.walk.trace) - 1
    assert settled(workspace, qtbot) == start


def test_strides_asked_for_before_the_trace_is_there_are_made(workspace, qtbot) -> None:
    for _ in range(5):
        workspace.walking.forward()
    workspace.walking.back()
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.at == 3)


@pytest.mark.parametrize("level", list(Level))
def test_a_stride_back_undoes_a_stride_forward(workspace, qtbot, level) -> None:
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None)
    walk, ends = workspace.walk, [-1]
    workspace.walking.go_to(-1)
    while workspace.walk.at < len(walk.trace) - 1:
        workspace.walking.forward(level)
        ends.append(workspace.walk.at)
    for end in reversed(ends[:-1]):
        workspace.walking.back(level)
        assert workspace.walk.at == end
    assert len(ends) > 1


def test_an_edit_ends_the_walk_and_selection_keeps_to_what_is_there(workspace, qtbot) -> None:
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None)
    workspace.select(Selection(units=frozenset({("hidden", 3), ("hidden", 0)})))
    workspace.editing.attempt("Remove", edits.remove_units, layer="hidden", keys=[3])
    assert workspace.walk is None
    assert workspace.selection == Selection(units=frozenset({("hidden", 0)}))


def test_a_refused_edit_is_a_sentence(workspace, qtbot) -> None:
    with qtbot.waitSignal(workspace.said) as said:
        assert not workspace.editing.attempt("Connect", edits.connect, source="output", target="hidden")
    assert said.args == ["The output is the end of the network: nothing follows it."]


def test_the_initial_weights_can_be_set_and_come_back(workspace, qtbot) -> None:
    workspace.editing.set_weight("output.b", (0, 0), -0.5)
    start = settled(workspace, qtbot)
    workspace.training.advance(7)
    assert settled(workspace, qtbot) != start
    workspace.editing.reset()
    assert settled(workspace, qtbot) == start
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.snapshot.step == 7)


def test_drag_edits_merge_into_one_entry(workspace, qtbot) -> None:
    for x in (10.0, 20.0, 30.0):
        moved = edits.move_layers(workspace.document, places={"hidden": (x, 5.0)})
        workspace.editing.edit("Move", moved, merge="drag")
    workspace.editing.end_merge()
    assert workspace.editing.undo_stack.count() == 1
    workspace.editing.undo()
    assert workspace.document == first_light()


def test_undo_while_training_runs_keeps_what_can_be_redone(workspace, qtbot) -> None:
    workspace.editing.attempt("Grow", edits.set_units, layer="hidden", units=6)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 50)
    workspace.editing.undo()
    with qtbot.waitSignal(workspace.said):
        workspace.editing.undo()
    assert workspace.training.running and workspace.editing.undo_stack.canRedo()
    workspace.editing.redo()
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (6, 1))
    assert workspace.training.running


def test_undo_while_training_runs_takes_the_training_back_when_there_is_no_edit(workspace, qtbot) -> None:
    start = settled(workspace, qtbot)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 50)
    workspace.editing.undo()
    assert not workspace.training.running and settled(workspace, qtbot) == start


def test_a_weight_that_is_gone_cannot_be_set(workspace, qtbot) -> None:
    with qtbot.waitSignal(workspace.said):
        workspace.editing.set_weight("nowhere.W.input", (0, 0), 1.0)
    with qtbot.waitSignal(workspace.said):
        workspace.editing.set_weight("hidden.W.input", (9, 0), 1.0)
    assert workspace.editing.undo_stack.count() == 0


def test_an_impossible_document_is_refused_before_the_worker_sees_it(workspace, qtbot) -> None:
    huge = edits.set_units(workspace.document, layer="hidden", units=4096)
    huge = edits.add_layer(huge, spec=Spec("dense"), id="second", units=4096)
    huge = edits.connect(huge, source="hidden", target="second")
    with qtbot.waitSignal(workspace.said) as said:
        workspace.editing.edit("Grow", huge)
    assert "more than" in said.args[0] and workspace.document == first_light()


def test_a_change_that_fails_leaves_window_and_worker_in_step(workspace, qtbot) -> None:
    def broken(document, learned):
        raise KeyError("x")

    with qtbot.waitSignal(workspace.said):
        workspace.editing.edit("Broken", workspace.document, change=broken)
    workspace.training.advance(3)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    workspace.editing.undo()
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.snapshot.step == 0)


def test_the_example_that_is_walked_is_the_one_that_all_look_at(workspace, qtbot) -> None:
    workspace.walking.forward(Level.EXAMPLE)
    qtbot.waitUntil(lambda: workspace.walk is not None)
    assert workspace.example == 0
    workspace.walking.forward()
    assert workspace.walk.example == 1 and workspace.example == 1
    workspace.walking.back()
    assert workspace.example == 0
