"""Run to here, breakpoints of walks and the levels with real keys and clicks in the whole window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.editor.marks import Kind, Thing
from gui.editor.menus import menu_for
from gui.main_window import MainWindow
from gui.selection import Selection
from gui.stepping.strides import Level

pytestmark = pytest.mark.slow

ALT, CTRL, SHIFT = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


def in_batches() -> Document:
    return mlp(2, 4, 1, hidden="tanh", training=Training(batch_size=2, seed=2))


@pytest.fixture
def press(qtbot: QtBot) -> Callable[..., None]:
    """A key in the canvas, and the wait for what it asks the worker."""

    def pressed(window: MainWindow, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, key, keys)
        walking = window.workspace.walking
        qtbot.waitUntil(lambda: walking.settled and walking.walk is not None, timeout=20_000)

    return pressed


def choose(menu: QMenu, text: str) -> None:
    action = next(each for each in menu.actions() if each.text().partition("\t")[0] == text)
    assert action.isEnabled()
    action.trigger()


def click_neuron(window: MainWindow, layer: str, key: int) -> None:
    canvas = window.canvas
    unit = canvas.network.geometry.unit(layer, key)
    point = canvas.mapFromScene(unit.x, unit.y)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, NONE, point)


def test_into_over_and_out_by_keys(
    make_window: Callable[..., MainWindow], press: Callable[..., None]
) -> None:
    window = make_window(in_batches())
    walking = window.workspace.walking
    QTest.keyClick(window.canvas, Qt.Key.Key_5)
    assert walking.size is Level.EXAMPLE
    press(window, Qt.Key.Key_PageDown)
    first = walking.walk.spot
    press(window, Qt.Key.Key_Down, ALT)
    assert walking.size is Level.PHASE and walking.walk.step.phase is Phase.FORWARD
    press(window, Qt.Key.Key_Down, CTRL | SHIFT)
    assert walking.walk.spot == first and walking.size is Level.EXAMPLE
    press(window, Qt.Key.Key_Up, ALT)
    assert walking.size is Level.UPDATE and walking.walk.at == len(walking.walk.trace) - 1
    press(window, Qt.Key.Key_Up, ALT)
    assert walking.size is Level.EPOCH and walking.walk.spot[0] == 1
    press(window, Qt.Key.Key_Up, CTRL | SHIFT)
    assert walking.size is Level.UPDATE and walking.walk.spot[0] == 0


def test_the_buttons_say_what_they_will_do(
    make_window: Callable[..., MainWindow], press: Callable[..., None]
) -> None:
    window = make_window(in_batches())
    transport = window.transport
    transport.set_level(Level.LAYER)
    press(window, Qt.Key.Key_PageDown)
    assert "Into layer 2: neuron by neuron" in transport.buttons["into"].toolTip()
    assert "Over layer 2" in transport.buttons["over"].toolTip()
    assert "Out: to the end of forward, on phase by phase" in transport.buttons["out"].toolTip()
    press(window, Qt.Key.Key_Right)
    assert "Over the rest of layer 2" in transport.buttons["over"].toolTip()
    QTest.mouseClick(transport.buttons["into"], Qt.MouseButton.LeftButton)
    assert transport.level is Level.NEURON and transport.sizes.currentText() == "one neuron"
    transport.set_level(Level.TERM)
    assert not transport.buttons["into"].isEnabled()


def test_a_neuron_is_run_to_by_menu_and_key(
    make_window: Callable[..., MainWindow], press: Callable[..., None], qtbot: QtBot
) -> None:
    window = make_window(in_batches())
    workspace, walking = window.workspace, window.workspace.walking
    click_neuron(window, "hidden", 2)
    assert workspace.selection == Selection(units=frozenset({("hidden", 2)}))
    press(window, Qt.Key.Key_G)
    step = walking.walk.step
    assert (step.target.key, step.final) == (("hidden", "a", (2,), 0), True)
    seen = [walking.walk.spot]
    for _ in range(6):
        press(window, Qt.Key.Key_G)
        seen.append(walking.walk.spot)
    assert seen[-1][0] == 1 and seen == sorted(seen)
    for spot in reversed(seen[:-1]):
        press(window, Qt.Key.Key_G, SHIFT)
        assert walking.walk.spot == spot
    window.canvas.workspace.select(Selection())
    menu = menu_for(window.canvas, Thing(Kind.UNIT, "output", 0), window.canvas.mapToScene(QPoint(0, 0)))
    choose(menu, "Run to here")
    assert walking.walk.step.target.key == ("output", "a", (0,), 0)


def test_synapse_layer_and_folded_layer_are_run_to(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    document = mlp(2, 60, 1, training=Training(batch_size=2))
    window = make_window(document)
    canvas, walking = window.canvas, window.workspace.walking
    corner = canvas.mapToScene(QPoint(0, 0))

    def run(thing: Thing) -> tuple[str, str, tuple[int, ...]]:
        menu_with = menu_for(canvas, thing, corner)
        choose(menu_with, "Run to here")
        qtbot.waitUntil(lambda: walking.settled and walking.walk is not None)
        target = walking.walk.step.target
        return target.owner, target.array, target.index

    wire = canvas.network.wires.number_of(("input", 1, "hidden", 0))
    assert run(Thing(Kind.WIRE, wire=wire)) == ("hidden", "z", (0,))
    assert walking.walk.step.kind == "product" and walking.walk.step.position == 1
    assert run(Thing(Kind.FRAME, "hidden")) == ("hidden", "a", (59,))  # its ellipsis belongs to the layer
    layers = tuple(replace(each, folded=each.id == "hidden") for each in document.layers)
    window.workspace.editing.edit("Fold", replace(window.workspace.document, layers=layers))
    assert canvas.network.geometry.places["hidden"].is_block
    assert run(Thing(Kind.FRAME, "hidden"))[0] == "hidden"
    assert walking.walk.step.phase is Phase.BACKWARD


def test_an_image_layer_and_a_chosen_cell_of_it(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    made = architectures.make("cnn").document()
    window = make_window(replace(made, training=replace(made.training, batch_size=2)))
    workspace, canvas = window.workspace, window.canvas
    corner = canvas.mapToScene(QPoint(0, 0))
    choose(menu_for(canvas, Thing(Kind.FRAME, "conv2"), corner), "Run to here")
    qtbot.waitUntil(lambda: workspace.walk is not None, timeout=20_000)
    assert workspace.walk.step.target.owner == "conv2"
    walked = workspace.walk.trace.section_of(workspace.walk.at + 1)[1]
    assert walked.owner != "conv2"
    workspace.choose_cells((("conv2", "a", (3, 1, 2), 0),))
    choose(menu_for(canvas, Thing(Kind.FRAME, "conv2"), corner), "Run to here")
    assert workspace.walk.step.target.key == ("conv2", "a", (3, 1, 2), 1)


def test_a_breakpoint_at_a_neuron_stops_large_strides_with_a_sentence(
    make_window: Callable[..., MainWindow], press: Callable[..., None], qtbot: QtBot
) -> None:
    window = make_window(in_batches())
    workspace, walking = window.workspace, window.workspace.walking
    click_neuron(window, "hidden", 1)
    QTest.keyClick(window.canvas, Qt.Key.Key_B)
    assert workspace.breakpoints.stops_walk_at("hidden", 1)
    assert list(window.canvas.network.extras.stops.spots) == [("hidden", 1)]
    press(window, Qt.Key.Key_PageDown)  # a term: breakpoints are for what is larger
    window.transport.set_level(Level.PHASE)
    press(window, Qt.Key.Key_PageDown)
    here = walking.walk.spot
    assert walking.walk.step.target.key == ("hidden", "z", (1,), 0) and walking.walk.step.position == 0
    notice = window.notices.shown[-1]
    assert notice.sentence == (
        "Update 1, example 1 of 2, forward: the walkthrough reaches neuron 2 of layer [1] 'hidden'."
    )
    QTest.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert walking.walk.spot == (0, here[1] - 1)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_PageDown)
    press(window, Qt.Key.Key_PageDown)
    assert walking.walk.step.phase is Phase.BACKWARD and walking.walk.step.target.index[0] == 1
    press(window, Qt.Key.Key_PageDown, CTRL | SHIFT)  # an epoch
    assert walking.halted and walking.walk.step.target.owner == "hidden"
    QTest.keyClick(window.canvas, Qt.Key.Key_B)
    assert not workspace.breakpoints.entries and not window.canvas.network.extras.stops.spots


def test_a_breakpoint_stops_the_walk_that_goes_on_by_itself(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(in_batches())
    workspace = window.workspace
    workspace.breakpoints.stop_walk_at("output")
    window.transport.walking_by_itself.set_pace(200.0)
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_W)
    qtbot.waitUntil(lambda: workspace.walk is not None and not window.transport.walking_on, timeout=20_000)
    assert workspace.walk.step.target.key == ("output", "z", (0,), 0)
    assert workspace.walk.step.position == 0


def test_walking_on_stops_at_the_end_of_a_phase_if_that_is_chosen(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(in_batches())
    window.transport.walking_by_itself.set_pace(300.0)
    window.commands["rest-stop"].trigger()
    phases = []
    for _ in range(3):
        window.canvas.setFocus()
        QTest.keyClick(window.canvas, Qt.Key.Key_W)
        qtbot.waitUntil(lambda: not window.transport.walking_on, timeout=20_000)
        walk = window.workspace.walk
        phases.append(walk.phase)
        assert walk.trace[walk.at + 1].phase is not walk.phase
    assert phases == [Phase.FORWARD, Phase.LOSS, Phase.BACKWARD]


def test_a_phase_is_run_to_in_the_lane_and_in_the_stack(
    make_window: Callable[..., MainWindow], press: Callable[..., None], qtbot: QtBot
) -> None:
    window = make_window(in_batches())
    workspace = window.workspace
    press(window, Qt.Key.Key_Right)
    trace, bar = workspace.walk.trace, window.timeline
    number = next(n for n, step in enumerate(trace) if step.phase is Phase.BACKWARD)
    at = QPoint(round(bar.x_of_micro(number + 2)), round(bar.micro_lane().center().y()))
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bar.mapToGlobal(at))
    QApplication.sendEvent(bar, asked)
    menu = bar.findChild(QMenu)
    choose(menu, "Run to the end of: Backward, example 1 of 2")
    menu.close()
    walk = workspace.walk
    assert walk.phase is Phase.BACKWARD and trace[walk.at + 1].phase is Phase.FORWARD
    window.commands["run-to-loss"].trigger()
    assert workspace.walk.phase is Phase.LOSS and workspace.walk.example is None
    dock = window.docks.dock("call-stack")
    workspace.wanted.emit("call-stack")
    qtbot.waitUntil(lambda: dock.panel is not None and bool(dock.panel.rows))
    texts = [row.text() for row in dock.panel.rows if row.isVisible()]
    assert texts[:4] == ["epoch 1", "batch 1 of 2 = update 1", "example 2 of 2", "Loss"]
    menu = dock.panel._menu(2)
    choose(menu, "Run to the end of this")
    walk = workspace.walk
    assert walk.phase is Phase.BACKWARD and trace[walk.at + 1].phase is Phase.UPDATE


def test_divergence_offers_the_way_back(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    wild = Spec.of("gradient_descent", learning_rate=900.0)
    window = make_window(mlp(2, 4, 1, hidden="identity", output="identity", loss=Spec("mse"), optimizer=wild))
    window.workspace.training.set_pace(None)
    QTest.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(window.notices.shown) and not window.workspace.training.running)
    notice = window.notices.shown[-1]
    assert notice.sentence.startswith("Training stopped at update")
    assert len([each for each in window.notices.last if each.sentence == notice.sentence]) == 1
    back = notice.findChild(QPushButton)
    assert back.text() == "Go back before it"
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    J = window.workspace.curve.values
    best = min(range(len(J)), key=lambda update: (J[update], -update))
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == best)
