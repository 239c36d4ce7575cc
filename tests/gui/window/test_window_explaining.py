"""A number is asked about wherever it is shown: with the mouse, by the key E, in the menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, Layer
from engine.samples import mlp
from gui.editor.marks import Kind, Thing
from gui.main_window import MainWindow
from gui.panels.weighing.model import Mode
from gui.selection import Selection

ALT, PLAIN, LEFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
SYNAPSE = ("input", 1, "hidden", 2)
WEIGHT = ("hidden", "W.input", (2, 1), None)


def click_canvas(window: MainWindow, point: QPointF, keys: Qt.KeyboardModifier = PLAIN) -> None:
    view = window.canvas.mapFromScene(point)
    QTest.mouseClick(window.canvas.viewport(), LEFT, keys, view)


def asked(window: MainWindow) -> object:
    found = window.workspace.explaining.asked
    return None if found is None else found.cell


def page(window: MainWindow) -> str:
    dock = window.docks.dock("formula")
    return dock.panel.page.as_text() if dock is not None and dock.panel is not None else ""


def panel(window: MainWindow, name: str, qtbot: QtBot):
    window.workspace.wanted.emit(name)
    dock = window.docks.dock(name)
    qtbot.waitUntil(lambda: dock.panel is not None and dock.panel.isVisible())
    return dock.panel


def trained(window: MainWindow, qtbot: QtBot, updates: int) -> None:
    goal = window.workspace.snapshot.step + updates
    window.workspace.training.advance(updates)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == goal)


def unit(window: MainWindow, layer: str, key: int) -> QPointF:
    return window.canvas.network.geometry.unit(layer, key).centre


def chip(window: MainWindow, synapse: tuple) -> QPointF:
    network = window.canvas.network
    return network.chips.spots[network.wires.number_of(synapse)]


# ---------------------------------------------------------------- the canvas at rest


def test_alt_and_a_click_explain_and_open_the_panel(window: MainWindow, qtbot: QtBot) -> None:
    formula = window.docks.dock("formula")
    formula.hide()
    window.canvas.setFocus()
    click_canvas(window, unit(window, "hidden", 1) + QPointF(0, 12), ALT)
    assert asked(window) == ("hidden", "a", (1,), 0)
    qtbot.waitUntil(lambda: "Layer 1, neuron 2: the activation a" in page(window))
    assert formula.isVisible() and window.canvas.hasFocus(), "the keyboard stays where it is"
    click_canvas(window, unit(window, "hidden", 1) - QPointF(0, 12), ALT)
    assert asked(window) == ("hidden", "z", (1,), 0)
    click_canvas(window, chip(window, SYNAPSE), ALT)
    assert asked(window) == WEIGHT
    assert not window.workspace.selection and not window.workspace.editing.undo_stack.count()


def test_a_plain_click_selects_as_ever(window: MainWindow, qtbot: QtBot) -> None:
    click_canvas(window, unit(window, "hidden", 1))
    assert asked(window) is None
    assert window.workspace.selection == Selection(units=frozenset({("hidden", 1)}))


def test_alt_and_a_drag_still_cut(window: MainWindow) -> None:
    canvas = window.canvas
    middle = canvas.network.wires.point(canvas.network.wires.number_of(("input", 0, "hidden", 0)), 0.35)
    start, end = canvas.mapFromScene(middle - QPointF(0, 14)), canvas.mapFromScene(middle + QPointF(0, 14))
    QTest.mousePress(canvas.viewport(), LEFT, ALT, start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas.viewport(), start + (end - start) * share)
    QTest.mouseRelease(canvas.viewport(), LEFT, ALT, end)
    assert window.workspace.document.connection("input", "hidden").cut
    assert asked(window) is None


def test_the_key_explains_what_is_in_the_focus_and_esc_goes_back(window: MainWindow, qtbot: QtBot) -> None:
    canvas = window.canvas
    canvas.setFocus()
    canvas.set_focus_thing(Thing(Kind.BIAS, "hidden", 2))
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert asked(window) == ("hidden", "b", (2, 0), None)
    formula = window.docks.dock("formula").panel
    qtbot.waitUntil(lambda: formula.isAncestorOf(QApplication.focusWidget()))
    qtbot.waitUntil(lambda: "the bias" in page(window))
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert asked(window) is None and canvas.hasFocus()


def test_the_key_explains_the_selection(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    assert asked(window) == WEIGHT


def test_with_nothing_to_explain_it_says_so(window: MainWindow) -> None:
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_E)
    assert asked(window) is None
    assert "E explains it" in window.notices.shown[-1].sentence


def test_shift_and_the_key_follow(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    window.canvas.set_focus_thing(Thing(Kind.UNIT, "input", 0))
    QTest.keyClick(window.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    follower = window.docks.dock("formula").panel.follower
    qtbot.waitUntil(lambda: follower.way is not None)
    qtbot.waitUntil(follower.strip.hasFocus)
    QTest.keyClick(follower.strip, Qt.Key.Key_Right)
    assert follower.at == 1 and window.workspace.walk is None, "the arrow is the strip's, not the walk's"
    marks = window.canvas.network.marks
    assert {("input", 0)} < marks.hovered_units and len(marks.hovered_wires) == 1
    QTest.keyClick(follower.strip, Qt.Key.Key_Escape)
    assert not follower.isVisible()


def test_the_menu_has_both(window: MainWindow) -> None:
    from gui.editor.menus import menu_for

    canvas = window.canvas
    number = canvas.network.wires.number_of(SYNAPSE)
    menu = menu_for(canvas, Thing(Kind.WIRE, wire=number), QPointF(1e6, 1e6))
    texts = [each.text() for each in menu.actions()]
    assert texts[:2] == ["Explain this number\tE", "Follow this number\tShift+E"]
    menu.actions()[0].trigger()
    assert asked(window) == WEIGHT
    menu.deleteLater()


# ---------------------------------------------------------------- the canvas in a walk


def go_to(window: MainWindow, qtbot: QtBot, phase: Phase, owner: str, array: str, nth: int = 0) -> None:
    workspace = window.workspace
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None)
    found = [
        number
        for number, step in enumerate(workspace.walk.trace)
        if step.phase is phase and (step.target.owner, step.target.array) == (owner, array) and step.final
    ]
    workspace.walking.go_to(found[nth])


def test_in_a_walk_a_click_on_a_number_explains_it(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, Phase.FORWARD, "hidden", "a", 2)
    above, below = QPointF(0, -12), QPointF(0, 12)
    click_canvas(window, unit(window, "hidden", 0) + above)
    assert asked(window) == ("hidden", "z", (0,), 0)
    click_canvas(window, unit(window, "hidden", 0) + below)
    assert asked(window) == ("hidden", "a", (0,), 0)
    assert "the activation a" in page(window)
    click_canvas(window, unit(window, "output", 0) + below)
    assert asked(window) is None, "what is not calculated yet is not given away"


def test_the_bubble_of_the_step_explains_the_step(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, Phase.FORWARD, "hidden", "a", 2)
    bubble = window.canvas.network.notes.bubbles[0]
    click_canvas(window, bubble.rect.center())
    assert asked(window) == ("hidden", "a", (2,), 0)


def test_in_the_backward_phase_it_is_the_slope(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, Phase.BACKWARD, "hidden", "db", 3)
    click_canvas(window, unit(window, "hidden", 1) + QPointF(0, 12))
    assert asked(window) == ("hidden", "dz", (1,), 0)
    network = window.canvas.network
    number = network.wires.number_of(("input", 0, "hidden", 0))
    assert network.picture.chips[number].text.startswith("dw")
    click_canvas(window, chip(window, ("input", 0, "hidden", 0)))
    assert asked(window) == ("hidden", "dW.input", (0, 0), 0)
    assert "dw, the change of the loss with the weight" in page(window)


def test_in_the_update_it_is_the_new_weight(window: MainWindow, qtbot: QtBot) -> None:
    go_to(window, qtbot, Phase.UPDATE, "hidden", "new b", 3)
    click_canvas(window, chip(window, SYNAPSE))
    assert asked(window) == ("hidden", "new W.input", (2, 1), None)


# ---------------------------------------------------------------- blocks


def images() -> Document:
    conv = Layer("conv", Spec.of("conv2d", activation=Spec("relu")), (0, 1), x=220.0)
    flat = Layer("flatten", Spec("flatten"), (), x=440.0)
    plain = mlp(64, 10, output="softmax", loss=Spec("cross_entropy"), data=Spec("digits"))
    first, last = plain.layers
    from dataclasses import replace

    from engine.document import Connection

    wires = (Connection("input", "conv"), Connection("conv", "flatten"), Connection("flatten", "output"))
    first = replace(first, spec=Spec.of("input", shape="1x8x8"), units=tuple(range(64)))
    return replace(plain, layers=(first, conv, flat, replace(last, x=660.0)), connections=wires)


def test_a_pixel_of_a_feature_map(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(images())
    item = window.canvas.network.blocks.items["conv"]
    qtbot.waitUntil(lambda: item.face.values is not None)
    window.canvas.grab()
    point = item.cells.rect((1, 4, 6)).center()
    QTest.mouseMove(window.canvas.viewport(), window.canvas.mapFromScene(point))
    assert window.workspace.hovered == {("conv", "a", (1, 4, 6), 0)}
    assert "<sub>2,5,7</sub>" in window.canvas.card.said() or not window.canvas.underMouse()
    click_canvas(window, point, ALT)
    assert asked(window) == ("conv", "a", (1, 4, 6), 0)
    qtbot.waitUntil(lambda: "channel 2, row 5, column 7" in page(window))
    window.canvas.point_at(Thing(), QPoint(0, 0))
    assert item._indices == {(1, 4, 6)}, "it stays outlined while it is explained"


def test_a_weight_of_a_kernel(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(images())
    window.workspace.show_as(window.workspace.showing.with_(kernels=True))
    item = window.canvas.network.blocks.items["conv"]
    qtbot.waitUntil(lambda: window.canvas.network.blocks.items["conv"].face.array == "W")
    item = window.canvas.network.blocks.items["conv"]
    window.canvas.grab()
    click_canvas(window, item.cells.rect((1, 0, 2, 1)).center(), ALT)
    assert asked(window) == ("conv", "W.input", (1, 0, 2, 1), None)


# ---------------------------------------------------------------- panels


def test_the_table_of_weights(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 3)
    weights = panel(window, "weights", qtbot)
    table = weights.table
    where = table.visualRect(table.numbers.index(2, 1)).center()
    QTest.mouseClick(table.viewport(), LEFT, ALT, where)
    assert asked(window) == ("hidden", "new W.input", (2, 1), None)
    assert window.workspace.explaining.asked.update == 2
    qtbot.waitUntil(lambda: "From update 3" in page(window))
    table.setFocus()
    table.go_to(0, 1)
    weights.set_mode(Mode.GRADIENT)
    QTest.keyClick(table, Qt.Key.Key_E)
    assert asked(window) == ("hidden", "mean dW.input", (0, 1), None)
    qtbot.waitUntil(lambda: "a mean over the examples" in page(window))


def test_the_inspector(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 3)
    inspector = panel(window, "inspector", qtbot)
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    QTest.mouseClick(inspector.page.gradient, LEFT)
    assert asked(window) == ("hidden", "mean dW.input", (2, 1), None)
    QTest.mouseClick(inspector.page.weight, LEFT, ALT)
    assert asked(window) == ("hidden", "new W.input", (2, 1), None)
    window.workspace.select(Selection(units=frozenset({("hidden", 3)})))
    inspector.page.z.setFocus()
    QTest.keyClick(inspector.page.z, Qt.Key.Key_Return)
    assert asked(window) == ("hidden", "z", (3,), 0)


def test_the_gradient_in_the_inspector_is_the_one_explained(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 5)
    inspector = panel(window, "inspector", qtbot)
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    qtbot.waitUntil(lambda: inspector.page.gradient.text() != "–")
    QTest.mouseClick(inspector.page.gradient, LEFT)
    formula = panel(window, "formula", qtbot)
    qtbot.waitUntil(lambda: formula.trace is not None and formula.trace.step_number == 4)
    value = formula.trace.lookup(formula._subject.ref)
    assert value == pytest.approx(float(window.workspace.snapshot.gradients["hidden.W.input"][2, 1]))


def test_the_loss(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 6)
    loss = panel(window, "loss", qtbot)
    qtbot.waitUntil(lambda: loss.value.text().startswith("J"))
    QTest.mouseClick(loss.value, LEFT)
    assert asked(window) == ("loss", "J", (0,), None) and window.workspace.explaining.asked.update == 5
    formula = window.docks.dock("formula").panel
    qtbot.waitUntil(lambda: formula.trace is not None and formula.trace.J == window.workspace.curve.values[5])
    chart = loss.chart
    across = chart.view.mapViewToScene(QPointF(2.0, 0.5))
    QTest.mouseClick(chart.viewport(), LEFT, ALT, chart.mapFromScene(QPointF(across.x(), across.y())))
    assert window.workspace.explaining.asked.update == 2
    assert window.workspace.snapshot.step == 6, "it only asks, and does not go there"


def test_the_readout(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 2)
    cost = next(each for each in window.transport.findChildren(QLabel) if each.text().startswith("J "))
    QTest.mouseClick(cost, LEFT)
    assert asked(window) == ("loss", "J", (0,), None) and window.workspace.explaining.asked.update == 1


def test_the_activation_panel(window: MainWindow, qtbot: QtBot) -> None:
    activation = panel(window, "activation", qtbot)
    qtbot.waitUntil(lambda: "href='slope'" in activation.numbers.text())
    activation.numbers.setFocus(Qt.FocusReason.TabFocusReason)
    activation.numbers.linkActivated.emit("slope")
    assert asked(window) == ("hidden", "slope", (0,), 0)
    qtbot.waitUntil(lambda: "the slope of tanh at z" in page(window))
    assert "href='a'" in activation.numbers.text() and "href='z'" in activation.numbers.text()


def test_a_point_of_the_history_is_the_update_that_made_it(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 8)
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    history = panel(window, "history", qtbot)
    qtbot.waitUntil(lambda: history.chart is not None and bool(history.chart.values(5)[0]))
    value = history.chart.values(5)[0][0]
    at = history.chart.view.mapViewToScene(QPointF(5.0, value))
    QTest.mouseClick(history.chart.viewport(), LEFT, ALT, history.chart.mapFromScene(at))
    assert asked(window) == ("hidden", "new W.input", (2, 1), None)
    formula = window.docks.dock("formula").panel
    qtbot.waitUntil(lambda: formula.trace is not None and formula.trace.step_number == 4)
    assert formula.trace.lookup(formula._subject.ref) == pytest.approx(value)
    assert "From update 5, which lies in the past" in page(window)
    assert window.workspace.snapshot.step == 8


def test_the_menu_of_a_number_that_is_read(window: MainWindow, qtbot: QtBot) -> None:
    trained(window, qtbot, 2)
    inspector = panel(window, "inspector", qtbot)
    window.workspace.select(Selection(synapses=frozenset({SYNAPSE})))
    label = inspector.page.gradient
    QTest.mouseClick(label, Qt.MouseButton.RightButton)
    from PySide6.QtGui import QContextMenuEvent

    where = label.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, label.mapToGlobal(where))
    QApplication.sendEvent(label, event)
    menu = next(each for each in label.findChildren(QMenu) if each.isVisible())
    menu.actions()[0].trigger()
    assert asked(window) == ("hidden", "mean dW.input", (2, 1), None)
    menu.close()
