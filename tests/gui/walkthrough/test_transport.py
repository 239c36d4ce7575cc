"""Play, steps, pace and timeline with real clicks; no key press is lost and going back is exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.stepping.walk import Level
from gui.walkthrough.call_stack import CallStack
from gui.walkthrough.frames import frames
from gui.walkthrough.timeline import TimelineBar
from gui.walkthrough.transport import Transport
from gui.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton


def batches() -> Document:
    """XOR in batches of two, so that an epoch has two updates."""
    return mlp(2, 3, 1, training=Training(batch_size=2))


def bits(workspace: Workspace) -> dict[str, bytes]:
    return {key: np.asarray(value).tobytes() for key, value in workspace.parameters.items()}


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Callable[[Workspace], QWidget]]:
    """Transport, timeline and call stack below one another."""
    made = []

    def put(workspace: Workspace, width: int = 1200) -> QWidget:
        window = QWidget()
        qtbot.addWidget(window)
        window.transport, window.timeline = Transport(workspace), TimelineBar(workspace)
        window.stack = CallStack(workspace)
        column = QVBoxLayout(window)
        for each in (window.transport, window.timeline, window.stack):
            column.addWidget(each)
        window.resize(width, 500)
        window.show()
        qtbot.waitExposed(window)
        made.append(window)
        return window

    yield put
    for window in made:
        window.hide()


def click(window: QWidget, name: str, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(window.transport.buttons[name], LEFT, keys)


def back_over(window: QWidget) -> None:
    click(window, "over", Qt.KeyboardModifier.ShiftModifier)


def test_play_and_pause(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace(batches())
    window = desk(workspace)
    assert window.transport.readout.position.text() == "no update yet"
    click(window, "play")
    assert workspace.training.running
    assert window.transport.commands["play"].text() == "Pause"
    qtbot.waitUntil(lambda: workspace.snapshot.step > 100)
    click(window, "play")
    assert not workspace.training.running
    qtbot.waitUntil(lambda: not workspace.snapshot.running)
    qtbot.wait(40)
    step = workspace.snapshot.step
    text = window.transport.readout.position.text()
    assert text == f"update {step} = epoch {(step - 1) // 2 + 1}, batch {(step - 1) % 2 + 1} of 2"
    assert window.transport.readout.cost.text() == f"J {float(workspace.curve.values[step - 1]):.4g}"


def test_steps_of_the_chosen_size(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace(batches())
    window = desk(workspace)
    click(window, "step_forward")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    assert workspace.walk.at == 0
    window.transport.commands["size_layer"].trigger()
    assert window.transport.level is Level.LAYER
    click(window, "over")
    assert workspace.walk.at == workspace.walk.trace.starts[1] - 1
    back_over(window)
    assert workspace.walk.at == 0  # as far as one press went
    back_over(window)
    assert workspace.walk.at == -1
    assert window.transport.buttons["leave_walk"].isVisible()
    click(window, "leave_walk")
    assert workspace.walk is None
    assert not window.transport.buttons["leave_walk"].isVisible()


def test_the_box_of_sizes_sets_the_size(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    window = desk(make_workspace())
    sizes: QComboBox = window.transport.sizes
    QTest.keyClick(sizes, Qt.Key.Key_Down)
    assert window.transport.level is Level.NEURON


def test_home_and_reset(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace()
    window = desk(workspace)
    first = bits(workspace)
    workspace.training.advance(20)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
    click(window, "home")
    qtbot.waitUntil(lambda: workspace.snapshot.step == 0)
    assert bits(workspace) == first
    workspace.training.advance(5)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 5)
    click(window, "reset")
    qtbot.waitUntil(lambda: workspace.snapshot.step == 0 and bits(workspace) == first)
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.snapshot.step == 5)


@pytest.mark.parametrize(
    ("optimizer", "size"), [("gradient_descent", "term"), ("momentum", "neuron"), ("adam", "layer")]
)
def test_through_an_update_and_back_restores_every_bit(
    make_workspace: Callable[..., Workspace],
    desk: Callable[..., QWidget],
    qtbot: QtBot,
    optimizer: str,
    size: str,
) -> None:
    workspace = make_workspace(mlp(2, 3, 1, optimizer=Spec(optimizer)))
    window = desk(workspace)
    workspace.training.advance(3)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    before = bits(workspace)
    window.transport.commands[f"size_{size}"].trigger()
    click(window, "over")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    length = len(workspace.walk.trace)
    while workspace.walk.at < length - 1:
        click(window, "over")
    click(window, "over")  # into the next update
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.step_number == 4)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 4)
    assert bits(workspace) != before
    back_over(window)
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.step_number == 3)
    assert workspace.walk.at == length - 1
    while workspace.walk.at >= 0:
        back_over(window)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    assert bits(workspace) == before


def test_rapid_keys_lose_no_step(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace()
    window = desk(workspace)
    for key, run in (
        (Qt.Key.Key_Right, workspace.walking.forward),
        (Qt.Key.Key_Left, workspace.walking.back),
    ):
        QShortcut(key, window).activated.connect(lambda run=run: run())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for _ in range(60):
        QTest.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.at >= 59)
    assert workspace.walk.at == 59
    for _ in range(25):
        QTest.keyClick(window, Qt.Key.Key_Left)
    assert workspace.walk.at == 34


def test_walk_on_takes_steps_by_itself(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace()
    window = desk(workspace)
    transport = window.transport
    click(window, "walk_on")
    qtbot.waitUntil(lambda: workspace.walk is not None)
    assert transport.walking_on
    assert "steps/s" in transport.paces.currentText()
    transport.paces.setCurrentIndex(transport.paces.count() - 1)
    transport.paces.activated.emit(transport.paces.currentIndex())
    qtbot.waitUntil(lambda: workspace.walk.at >= 2)
    click(window, "walk_on")
    assert not transport.walking_on
    here = workspace.walk.at
    qtbot.wait(150)
    assert workspace.walk.at == here
    click(window, "walk_on")
    workspace.walking.leave()
    qtbot.waitUntil(lambda: not transport.walking_on)


def test_walk_on_ends_when_training_begins_or_the_bar_is_hidden(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = walking()
    window = desk(workspace)
    click(window, "walk_on")
    click(window, "play")
    assert workspace.training.running
    assert not window.transport.walking_on
    workspace.training.pause()
    click(window, "walk_on")
    window.hide()
    assert not window.transport.walking_on


def test_the_pace_is_that_of_training(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    workspace = make_workspace()
    paces = desk(workspace).transport.paces
    assert paces.currentText() == "100 updates/s"
    QTest.keyClick(paces, Qt.Key.Key_End)
    assert paces.currentText() == "flat out" and workspace.training.pace is None
    QTest.keyClick(paces, Qt.Key.Key_Home)
    assert workspace.training.pace == 1.0
    workspace.training.set_pace(7.5)
    assert paces.currentIndex() == -1
    assert paces.placeholderText() == "7.5 updates/s"


def test_the_readout_does_not_jump(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    label = desk(make_workspace()).transport.readout.position
    label.show_text("update 1000 = epoch 500, batch 2 of 2")
    wide = label.minimumWidth()
    label.show_text("update 9 = epoch 5, batch 1 of 2")
    assert label.minimumWidth() == wide


@pytest.mark.parametrize("width", [360, 640, 1400])
def test_the_bar_fits_where_it_is_put(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget], width: int
) -> None:
    transport = desk(walking(), width).transport
    inside = transport.rect()
    shown = [child for child in transport.findChildren(QToolButton) if child.isVisible()]
    assert len(shown) == 10
    if width > 600:
        assert all(inside.contains(child.geometry()) for child in shown)
    for child in transport.findChildren(QWidget):
        if isinstance(child, QToolButton | QComboBox):
            assert child.accessibleName() or child.text()


@pytest.mark.parametrize(("width", "shown"), [(1300, 0), (960, 1), (800, 2), (680, 3)])
def test_the_readout_says_as_much_as_there_is_room_for(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget], width: int, shown: int
) -> None:
    transport = desk(walking(), width).transport
    words = transport.readout.position.text()
    assert words.startswith("update 1 = epoch 1, batch 1 of") == (shown < 2)
    assert transport.readout.cost.isVisible() == (shown < 3)
    inside = transport.rect()
    labels = [each for each in (transport.readout.position, transport.readout.cost) if each.isVisible()]
    places = [QRect(each.mapTo(transport, QPoint()), each.size()) for each in labels]
    assert all(inside.contains(place) for place in places)
    assert len(places) < 2 or places[0].right() < places[1].left()


def test_the_timeline_seeks_by_click_and_drag(
    make_workspace: Callable[..., Workspace], desk: Callable[..., QWidget], qtbot: QtBot
) -> None:
    workspace = make_workspace()
    timeline = desk(workspace).timeline
    states = [bits(workspace)]
    for step in (1, 2, 3, 4):
        workspace.training.advance()
        qtbot.waitUntil(lambda step=step: workspace.snapshot.step == step)
        states.append(bits(workspace))
    assert timeline.span == (0, 4)

    def at(step: int) -> QPoint:
        return QPoint(round(timeline.x_of_step(step)), round(timeline.training_lane().center().y()))

    QTest.mouseClick(timeline, LEFT, pos=at(1))
    qtbot.waitUntil(lambda: workspace.snapshot.step == 1)
    assert bits(workspace) == states[1]
    QTest.mousePress(timeline, LEFT, pos=at(1))
    for step in (2, 3, 4, 3):
        QTest.mouseMove(timeline, at(step))
    QTest.mouseRelease(timeline, LEFT, pos=at(3))
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    assert bits(workspace) == states[3]
    assert timeline.span == (0, 4)


def test_the_timeline_scrubs_through_the_steps(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    workspace = walking()
    timeline = desk(workspace).timeline
    lane, length = timeline.micro_lane(), len(workspace.walk.trace)
    y = round(lane.center().y())
    QTest.mousePress(timeline, LEFT, pos=QPoint(round(lane.center().x()), y))
    assert abs(workspace.walk.at - length / 2) < length / 50
    QTest.mouseMove(timeline, QPoint(round(lane.right()), y))
    assert workspace.walk.at == length - 1
    QTest.mouseMove(timeline, QPoint(0, y))
    QTest.mouseRelease(timeline, LEFT, pos=QPoint(0, y))
    assert workspace.walk.at == -1
    assert not timeline.grab().isNull()


def test_the_call_stack_names_every_level_and_goes_to_its_start(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    workspace = walking(batches())
    window = desk(workspace)
    trace = workspace.walk.trace
    number = next(
        n for n, s in enumerate(trace) if s.target.key == ("hidden", "z", (1,), 1) and s.position == 1
    )
    workspace.walking.go_to(number)
    texts = [row.text() for row in window.stack.rows if row.isVisible()]
    assert texts == [
        "epoch 1",
        "batch 1 of 2 = update 1",
        "example 2 of 2",
        "Forward",
        "Layer 1",
        "neuron 2",
        "z[1]_2, part 2 of 4",
    ]
    starts = [frame.first for frame in frames(workspace.walk)]
    assert starts == sorted(starts)
    QTest.mouseClick(window.stack.rows[5], LEFT)
    assert workspace.walk.at == number - 1
    QTest.mouseClick(window.stack.rows[2], LEFT)
    assert workspace.walk.step.example == 1
    assert trace[workspace.walk.at - 1].example == 0
    QTest.mouseClick(window.stack.rows[0], LEFT)
    assert workspace.walk.at == 0


def test_stepping_out_finishes_level_after_level(
    walking: Callable[..., Workspace], desk: Callable[..., QWidget]
) -> None:
    workspace = walking(batches())
    window = desk(workspace)
    seen = [workspace.walk.at]
    while workspace.walk.at < len(workspace.walk.trace) - 1:
        click(window, "out")
        seen.append(workspace.walk.at)
    assert seen == sorted(set(seen))
    assert seen[-1] == len(workspace.walk.trace) - 1
    assert seen[1] == 4  # the end of the first neuron: three products' steps, the bias and the activation
    assert workspace.walking.size is Level.UPDATE
    workspace.walking.leave()
    assert not any(row.isVisible() for row in window.stack.rows)
