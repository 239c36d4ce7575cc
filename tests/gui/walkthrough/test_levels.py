"""Into, over, out, runs and strides of every size, in random order: places, stack and bits always agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.stepping.goals import Goal
from gui.stepping.strides import LEVELS, Level, stride
from gui.walkthrough.frames import frames
from gui.workspace import Workspace

PATIENCE = 20_000


def in_batches() -> Document:
    """XOR in batches of two: an epoch has two updates."""
    return mlp(2, 3, 1, training=Training(batch_size=2, seed=2))


def ready_made(kind: str, examples: int, **knobs: object) -> Document:
    made = architectures.make(Spec.of(kind, **knobs)).document()
    return replace(made, training=replace(made.training, batch_size=examples))


KINDS: dict[str, Callable[[], Document]] = {
    "xor": in_batches,
    "lstm": lambda: ready_made("sequence_classifier", 2, cell="lstm"),
    "cnn": lambda: ready_made("cnn", 2),
    "gan": lambda: ready_made("gan", 3),
}


def bits(workspace: Workspace) -> dict[str, bytes]:
    return {key: np.asarray(value).tobytes() for key, value in workspace.parameters.items()}


class Walker:
    """Presses, each of them waited for."""

    def __init__(self, workspace: Workspace, qtbot: QtBot) -> None:
        self.workspace, self.walking, self._qtbot = workspace, workspace.walking, qtbot

    def do(self, press: Callable[[], object]) -> tuple[int, int]:
        press()
        self._qtbot.waitUntil(lambda: self.walking.settled, timeout=PATIENCE)
        assert self.workspace.walk is not None
        return self.workspace.walk.spot

    def state_before(self, update: int) -> dict[str, bytes]:
        self._qtbot.waitUntil(lambda: self.workspace.snapshot.step == update, timeout=PATIENCE)
        return bits(self.workspace)


@pytest.fixture
def walker(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Callable[[Document], Walker]:
    def make(document: Document) -> Walker:
        workspace = make_workspace(document)
        made = Walker(workspace, qtbot)
        made.do(workspace.walking.forward)
        return made

    return make


WHAT = st.sampled_from(["stride", "into", "over", "out", "run"])
SIZES = st.sampled_from([each for each in LEVELS if each is not Level.EPOCH])
PRESSES = st.lists(st.tuples(WHAT, st.booleans(), SIZES, st.integers(0, 4)), max_size=8)


def goals_of(workspace: Workspace) -> list[Goal]:
    layers = [section.owner for section in workspace.walk.trace.sections if section.phase is Phase.FORWARD]
    return [
        Goal(frozenset({layers[0]})),
        Goal(frozenset({layers[-1]}), (0,)),
        Goal(frozenset({layers[-1]}), phase=Phase.BACKWARD),
        Goal(phase=Phase.UPDATE),
        Goal(example=1),
    ]


def press_of(walker: Walker, what: str, onward: bool, size: Level, number: int) -> Callable[[], object]:
    walking = walker.walking
    goal = goals_of(walker.workspace)[number]
    return {
        "stride": lambda: (walking.forward if onward else walking.back)(size),
        "into": lambda: walking.into(onward),
        "over": lambda: walking.over(onward),
        "out": lambda: walking.out(onward),
        "run": lambda: walking.run(goal, onward),
    }[what]


def consistent(walker: Walker) -> None:
    """The stack is one of frames within frames around the step at which the walk stands."""
    walk = walker.workspace.walk
    found = frames(walk, walker.workspace.data)
    outer = (0, len(walk.trace) - 1)
    for frame in found:
        assert outer[0] <= frame.first <= frame.last <= outer[1]
        assert walk.at < 0 or frame.first <= walk.at <= frame.last
        assert frame.text
        outer = (frame.first, frame.last)
    levels = [LEVELS.index(each.level) for each in found]
    assert levels == sorted(levels, reverse=True)
    assert walk.trace.position is None or walk.trace.position.update == walk.spot[0]


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(KINDS))
def test_any_presses_and_the_way_back(kind: str, walker: Callable[[Document], Walker]) -> None:
    made = walker(KINDS[kind]())
    walking = made.walking
    known = {0: made.state_before(0)}

    @settings(max_examples=12)
    @given(PRESSES)
    def presses(chosen: list[tuple[str, bool, Level, int]]) -> None:
        made.do(lambda: walking.go((0, -1)))
        walking.choose(Level.TERM)
        for what, onward, size, number in chosen:
            before, size_before = made.workspace.walk.spot, walking.size
            press = press_of(made, what, onward, size, number)
            undo = press_of(made, what, not onward, size, number)
            after = made.do(press)
            consistent(made)
            if after == before:
                continue
            # what goes one way in one press comes back in one press, and so does coming back
            assert made.do(undo) == before
            assert walking.size is size_before
            assert made.do(press) == after
            update = made.workspace.walk.spot[0]
            if update < 3:
                found = made.state_before(update)
                assert known.setdefault(update, found) == found

    presses()
    walking.leave()
    for update, state in known.items():  # the very bits of a training that was never walked
        made.workspace.training.seek(0)
        made.state_before(0)
        made.workspace.training.advance(update)
        assert made.state_before(update) == state


def test_an_epoch_is_trained_to_the_end_of_its_last_update(walker: Callable[[Document], Walker]) -> None:
    made = walker(in_batches())
    walking = made.walking
    start = made.workspace.walk.spot
    assert start == (0, 0)
    update, at = made.do(lambda: walking.forward(Level.EPOCH))
    assert (update, at) == (1, len(made.workspace.walk.trace) - 1)
    first = made.state_before(1)
    assert made.do(lambda: walking.forward(Level.EPOCH))[0] == 3
    assert made.workspace.walk.trace.position.epoch == 2
    assert made.do(lambda: walking.back(Level.EPOCH))[0] == 1
    assert made.state_before(1) == first
    assert made.do(lambda: walking.back(Level.EPOCH)) == start


def test_back_over_an_epoch_that_was_never_walked(
    make_workspace: Callable[..., Workspace], qtbot: QtBot
) -> None:
    workspace = make_workspace(in_batches())
    made = Walker(workspace, qtbot)
    states = [made.state_before(0)]
    for update in range(1, 6):
        workspace.training.advance()
        states.append(made.state_before(update))
    made.do(workspace.walking.forward)
    workspace.walking.go_to(3)
    for expected in (4, 2, 0):
        assert made.do(lambda: workspace.walking.back(Level.EPOCH)) == (expected, -1)
        assert made.state_before(expected) == states[expected]
    with qtbot.waitSignal(workspace.said):
        workspace.walking.back(Level.EPOCH)


def test_a_long_epoch_goes_in_portions_and_esc_ends_it(
    make_workspace: Callable[..., Workspace], qtbot: QtBot
) -> None:
    training = Training(batch_size=1)
    loss = Spec("cross_entropy")
    document = mlp(4, 6, 3, data=Spec("iris"), loss=loss, output="softmax", training=training)
    workspace = make_workspace(document)
    made = Walker(workspace, qtbot)
    made.do(workspace.walking.forward)
    assert made.do(lambda: workspace.walking.forward(Level.EPOCH))[0] == 149
    workspace.walking.forward(Level.EPOCH)
    workspace.walking.leave()
    assert workspace.walk is None and workspace.walking.settled
    qtbot.wait(150)
    assert workspace.walk is None and workspace.snapshot.step < 299


def test_a_run_goes_on_into_the_next_update_and_back(walker: Callable[[Document], Walker]) -> None:
    made = walker(in_batches())
    neuron = Goal(frozenset({"hidden"}), (1,), phase=Phase.FORWARD)
    seen = [made.do(lambda: made.walking.run(neuron)) for _ in range(5)]
    assert [update for update, _ in seen] == [0, 0, 1, 1, 2]
    for spot in reversed(seen[:-1]):
        assert made.do(lambda: made.walking.run(neuron, onward=False)) == spot
    made.do(lambda: made.walking.go((2, 5)))
    assert made.do(lambda: made.walking.run(neuron, onward=False)) == seen[3]


def test_into_takes_the_finer_level_and_its_first_stride(walker: Callable[[Document], Walker]) -> None:
    made = walker(in_batches())
    walking, trace = made.walking, made.workspace.walk.trace
    walking.choose(Level.UPDATE)
    for level in (Level.EXAMPLE, Level.PHASE, Level.LAYER, Level.NEURON, Level.TERM):
        walking.go_to(-1)
        assert made.do(walking.into)[1] == stride(trace, 0, level)[1]
        assert walking.size is level
    assert made.do(walking.out)[1] == stride(trace, 0, Level.NEURON)[1]
    assert walking.size is Level.NEURON


def test_a_goal_that_is_in_no_update_is_a_sentence(
    walker: Callable[[Document], Walker], qtbot: QtBot
) -> None:
    made = walker(in_batches())
    here = made.workspace.walk.spot
    with qtbot.waitSignal(made.workspace.said):
        made.walking.run(Goal(frozenset({"elsewhere"})))
    assert made.workspace.walk.spot == here
