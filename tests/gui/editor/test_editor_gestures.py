"""Every gesture with real events: what it does, what Esc takes back, what undo takes back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.core.spec import Spec
from engine.document import edits
from engine.samples import first_light
from gui.editor.canvas import Canvas
from gui.editor.inline import NameField, WeightField
from gui.selection import Selection

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
MIDDLE = Qt.MouseButton.MiddleButton


def spin(
    canvas: Canvas, at: QPoint, notches: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
):
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


class TestSelecting:
    def test_a_click_on_a_neuron_a_synapse_a_caption_and_the_ground(self, canvas, hand) -> None:
        workspace = canvas.workspace
        hand.click(hand.unit("hidden", 1))
        assert workspace.selection == Selection(units=frozenset({("hidden", 1)}))
        hand.click(hand.wire("input", 0, "hidden", 0, t=0.85))
        assert workspace.selection == Selection(synapses=frozenset({("input", 0, "hidden", 0)}))
        hand.click(hand.chip("hidden", 2, "output", 0))
        assert workspace.selection == Selection(synapses=frozenset({("hidden", 2, "output", 0)}))
        hand.click(canvas.network.geometry.places["hidden"].caption.center())
        assert workspace.selection == Selection(layers=frozenset({"hidden"}))
        hand.click(canvas.mapToScene(QPoint(6, 6)))
        assert not workspace.selection

    def test_shift_adds_and_takes_away(self, canvas, hand) -> None:
        hand.click(hand.unit("hidden", 1))
        hand.click(hand.unit("hidden", 2), SHIFT)
        assert canvas.workspace.selection.units == {("hidden", 1), ("hidden", 2)}
        hand.click(hand.unit("hidden", 1), SHIFT)
        assert canvas.workspace.selection.units == {("hidden", 2)}

    def test_a_rubber_band_takes_what_lies_in_it(self, canvas, hand) -> None:
        frame = canvas.network.geometry.places["output"].frame
        start = canvas.mapToScene(QPoint(890, 500))
        hand.drag(start, frame.topLeft() - QPointF(10, 60))
        assert canvas.workspace.selection == Selection(layers=frozenset({"output"}))
        assert not canvas.network.ghost.isVisible()

    def test_esc_brings_the_selection_back(self, canvas, hand) -> None:
        hand.click(hand.unit("hidden", 1))
        before = canvas.workspace.selection
        start = canvas.mapToScene(QPoint(890, 500))
        hand.press(start)
        hand.move(start - QPointF(100, 100))
        hand.move(canvas.network.geometry.places["output"].frame.topLeft() - QPointF(10, 60))
        assert canvas.workspace.selection != before
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert canvas.workspace.selection == before
        assert canvas.gestures.gesture is None
        hand.release(start)
        assert canvas.workspace.selection == before

    def test_ctrl_a_and_esc(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_A, CTRL)
        assert canvas.workspace.selection.layers == {"input", "hidden", "output"}
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not canvas.workspace.selection

    def test_a_selection_made_elsewhere_is_marked(self, canvas) -> None:
        canvas.workspace.select(Selection(units=frozenset({("hidden", 0)})))
        assert canvas.network.marks.units == {("hidden", 0)}


class TestMoving:
    def test_dragging_a_neuron_moves_its_layer_in_one_entry(self, canvas, hand) -> None:
        workspace = canvas.workspace
        before = workspace.document
        start = hand.unit("hidden", 1)
        hand.drag(start, start + QPointF(40, 90), ALT | SHIFT)
        layer = workspace.document.layer("hidden")
        assert (layer.x, layer.y) == pytest.approx((260, 90), abs=1.5)
        assert workspace.editing.undo_stack.count() == 1
        workspace.editing.undo()
        assert workspace.document == before
        workspace.editing.redo()
        assert workspace.document.layer("hidden") == layer

    def test_centres_line_up(self, canvas, hand) -> None:
        start = canvas.network.geometry.places["hidden"].caption.center()
        hand.drag(start, start + QPointF(30, 4))
        assert canvas.workspace.document.layer("hidden").y == 0.0

    def test_the_selected_layers_move_together(self, canvas, hand) -> None:
        canvas.workspace.select(Selection(layers=frozenset({"hidden", "output"})))
        start = canvas.network.geometry.places["hidden"].caption.center()
        hand.drag(start, start + QPointF(0, 60))
        document = canvas.workspace.document
        assert document.layer("hidden").y == pytest.approx(document.layer("output").y)
        assert document.layer("input").y == 0.0

    def test_esc_puts_everything_back(self, canvas, hand) -> None:
        before = canvas.workspace.document
        start = canvas.network.geometry.places["hidden"].caption.center()
        hand.press(start)
        hand.move(start + QPointF(0, 40))
        hand.move(start + QPointF(0, 80))
        assert canvas.network.geometry.document != before, "the picture follows the mouse"
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert canvas.network.geometry.document == before
        hand.release(start)
        assert canvas.workspace.document is before
        assert not canvas.workspace.editing.undo_stack.count()

    def test_an_undo_in_the_middle_of_a_drag_ends_the_drag(self, canvas, hand) -> None:
        canvas.workspace.editing.attempt("x", edits.add_unit, layer="hidden")
        start = canvas.network.geometry.places["hidden"].caption.center()
        hand.press(start)
        hand.move(start + QPointF(0, 60))
        canvas.workspace.editing.undo()
        assert canvas.gestures.gesture is None
        hand.release(start)
        assert canvas.workspace.document == first_light()


class TestConnecting:
    def test_a_synapse_from_handle_to_neuron(self, open_canvas, hand_of) -> None:
        canvas = open_canvas()
        hand = hand_of(canvas)
        canvas.workspace.editing.attempt(
            "cut", edits.cut_synapse, source="input", sender=0, target="hidden", receiver=0
        )
        hand.drag(hand.port("input", 0), hand.unit("hidden", 0))
        assert not canvas.workspace.document.connection("input", "hidden").cut
        assert canvas.workspace.selection.synapses == {("input", 0, "hidden", 0)}

    def test_a_single_skip_synapse(self, canvas, hand) -> None:
        hand.drag(hand.port("input", 1), hand.unit("output", 0))
        wire = canvas.workspace.document.connection("input", "output")
        assert wire is not None
        assert wire.cut == {(0, 0)}
        canvas.workspace.editing.undo()
        assert canvas.workspace.document.connection("input", "output") is None

    def test_ctrl_and_a_drag_connects_too(self, canvas, hand) -> None:
        hand.drag(hand.unit("input", 1), hand.unit("output", 0), CTRL)
        assert canvas.workspace.document.connection("input", "output") is not None

    def test_an_illegal_goal_refuses_while_dragging_and_says_why(self, canvas, hand) -> None:
        heard = []
        canvas.workspace.said.connect(heard.append)
        start, goal = hand.port("hidden", 0), hand.unit("input", 0)
        hand.press(start)
        hand.move(start - QPointF(30, 0))
        hand.move(goal)
        assert canvas.bubble.isVisible()
        assert "takes its numbers from the data" in canvas.bubble.text()
        hand.release(goal)
        assert not canvas.bubble.isVisible()
        assert canvas.workspace.document == first_light()
        assert heard and "takes its numbers from the data" in heard[-1]

    def test_a_circle_is_refused(self, open_canvas, hand_of) -> None:
        document = edits.add_layer(first_light(), spec=Spec("dense"), id="late", x=220, y=330)
        document = edits.connect(document, source="hidden", target="late")
        canvas = open_canvas(document)
        hand = hand_of(canvas)
        start, goal = hand.port("late", 0), hand.unit("hidden", 1)
        hand.press(start)
        hand.move(start + QPointF(20, -20))
        hand.move(goal)
        assert "circle" in canvas.bubble.text()
        hand.release(goal)
        assert canvas.workspace.document == document

    def test_what_is_connected_already_says_so(self, canvas, hand) -> None:
        start, goal = hand.port("input", 0), hand.unit("hidden", 0)
        hand.press(start)
        hand.move(start + QPointF(30, 0))
        hand.move(goal)
        assert "already" in canvas.bubble.text()
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not canvas.bubble.isVisible()
        hand.release(goal)
        assert canvas.workspace.document == first_light()

    def test_layer_to_layer(self, canvas, hand) -> None:
        geometry = canvas.network.geometry
        start = geometry.places["input"].handle(geometry.sizes)
        hand.drag(start, geometry.places["output"].caption.center())
        wire = canvas.workspace.document.connection("input", "output")
        assert wire is not None and not wire.cut

    def test_nothing_happens_on_the_ground(self, canvas, hand) -> None:
        start = hand.port("input", 0)
        hand.drag(start, canvas.mapToScene(QPoint(10, 10)))
        assert canvas.workspace.document == first_light()


class TestCutting:
    def test_delete_cuts_the_selected_synapses_at_once(self, canvas, hand) -> None:
        hand.click(hand.chip("input", 0, "hidden", 0))
        hand.click(hand.chip("hidden", 2, "output", 0), SHIFT)
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        document = canvas.workspace.document
        assert document.connection("input", "hidden").cut == {(0, 0)}
        assert document.connection("hidden", "output").cut == {(0, 2)}
        assert canvas.workspace.editing.undo_stack.count() == 1
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()

    @pytest.mark.parametrize("way", ["alt", "tool"])
    def test_scissors_cut_what_they_cross(self, canvas, hand, way: str) -> None:
        x = hand.unit("output", 0).x() - 70
        frame = canvas.network.geometry.places["hidden"].frame
        start, end = QPointF(x, frame.top()), QPointF(x, frame.bottom())
        if way == "tool":
            QTest.keyClick(canvas, Qt.Key.Key_X)
            assert canvas.gestures.scissors
            hand.drag(start, end)
            assert not canvas.gestures.scissors, "one cut"
        else:
            hand.drag(start, end, ALT)
        assert canvas.workspace.document.connection("hidden", "output") is None
        assert canvas.workspace.editing.undo_stack.count() == 1
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()

    def test_esc_lays_the_scissors_down(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_X)
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not canvas.gestures.scissors

    def test_delete_removes_neurons_and_layers_in_one_entry(self, canvas, hand) -> None:
        hand.click(hand.unit("hidden", 1))
        hand.click(hand.unit("hidden", 2), SHIFT)
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert canvas.workspace.document.layer("hidden").units == (0, 3)
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()
        QTest.keyClick(canvas, Qt.Key.Key_A, CTRL)
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert canvas.workspace.document.layers == ()
        assert "palette" in canvas.empty.how.text()
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()


class TestNudging:
    def value(self, canvas, key="hidden.W.input", index=(0, 0)) -> float:
        return float(canvas.workspace.snapshot.parameters[key][index])

    def test_the_wheel_over_a_number_turns_the_weight(self, canvas, hand, qtbot) -> None:
        before = self.value(canvas)
        at = hand.view(hand.chip("input", 0, "hidden", 0))
        for _ in range(3):
            spin(canvas, at, 1)
        qtbot.waitUntil(lambda: self.value(canvas) == pytest.approx(before + 0.15))
        assert canvas.workspace.editing.undo_stack.count() == 1, "one entry for the whole turn"
        canvas.workspace.editing.undo()
        qtbot.waitUntil(lambda: self.value(canvas) == before)

    def test_ctrl_and_a_vertical_drag(self, canvas, hand, qtbot) -> None:
        before = self.value(canvas)
        start = hand.chip("input", 0, "hidden", 0)
        hand.press(start, CTRL)
        up = canvas.mapToScene(hand.view(start) - QPoint(0, 12))
        hand.move(up)
        up = canvas.mapToScene(hand.view(start) - QPoint(0, 24))
        hand.move(up)
        hand.release(up, CTRL)
        qtbot.waitUntil(lambda: self.value(canvas) == pytest.approx(before + 0.2))
        assert canvas.workspace.editing.undo_stack.count() == 1

    def test_esc_takes_a_nudge_back(self, canvas, hand, qtbot) -> None:
        before = self.value(canvas)
        start = hand.chip("input", 0, "hidden", 0)
        hand.press(start, CTRL)
        hand.move(canvas.mapToScene(hand.view(start) - QPoint(0, 30)))
        qtbot.waitUntil(lambda: self.value(canvas) != before)
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: self.value(canvas) == before)

    def test_a_bias_too(self, canvas, hand, qtbot) -> None:
        geometry = canvas.network.geometry
        rect = geometry.places["hidden"].bias_rect(geometry.unit("hidden", 2), geometry.sizes)
        spin(canvas, hand.view(rect.center()), -2)
        qtbot.waitUntil(lambda: self.value(canvas, "hidden.b", (2, 0)) == pytest.approx(-0.1))


class TestCamera:
    def test_ctrl_and_wheel_zoom_about_the_mouse(self, canvas) -> None:
        at = QPoint(300, 200)
        before, zoom = canvas.mapToScene(at), canvas.camera.zoom
        spin(canvas, at, 2, CTRL)
        after = canvas.mapToScene(at)
        assert canvas.camera.zoom > zoom * 1.2
        assert (after - before).manhattanLength() < 2.5
        QTest.keyClick(canvas, Qt.Key.Key_0, CTRL)
        assert canvas.camera.zoom == pytest.approx(zoom)

    def test_keys_zoom(self, canvas) -> None:
        zoom = canvas.camera.zoom
        QTest.keyClick(canvas, Qt.Key.Key_Plus, CTRL)
        assert canvas.camera.zoom == pytest.approx(1.25 * zoom)
        QTest.keyClick(canvas, Qt.Key.Key_Minus, CTRL)
        assert canvas.camera.zoom == pytest.approx(zoom)

    def test_the_plain_wheel_scrolls(self, canvas) -> None:
        before = canvas.mapToScene(QPoint(10, 10))
        spin(canvas, QPoint(10, 10), 1)
        assert canvas.mapToScene(QPoint(10, 10)).y() < before.y()

    def test_the_middle_button_pans(self, canvas, hand) -> None:
        before = canvas.mapToScene(QPoint(0, 0))
        at = QPoint(100, 100)
        QTest.mousePress(canvas.viewport(), MIDDLE, Qt.KeyboardModifier.NoModifier, at)
        QTest.mouseMove(canvas.viewport(), at + QPoint(60, 20))
        QTest.mouseRelease(canvas.viewport(), MIDDLE, Qt.KeyboardModifier.NoModifier, at + QPoint(60, 20))
        moved = before - canvas.mapToScene(QPoint(0, 0))
        assert moved.x() * canvas.camera.zoom == pytest.approx(60, abs=1.5)
        assert moved.y() * canvas.camera.zoom == pytest.approx(20, abs=1.5)

    def test_the_network_stays_in_sight_until_the_user_moves_the_camera(self, canvas) -> None:
        canvas.resize(500, 400)
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        assert seen.contains(canvas.network.geometry.bounds.adjusted(2, 2, -2, -2))
        canvas.zoom_in()
        zoom = canvas.camera.zoom
        canvas.resize(900, 640)
        assert canvas.camera.zoom == zoom


class TestEditingInPlace:
    def field(self, canvas, cls=WeightField):
        return next((each for each in canvas.findChildren(cls) if each.isVisible()), None)

    @pytest.mark.parametrize(("typed", "value"), [("1/3", 1 / 3), ("-0.25", -0.25), ("1e-3", 0.001)])
    def test_a_weight(self, canvas, hand, qtbot, typed: str, value: float) -> None:
        hand.double(hand.chip("input", 1, "hidden", 3))
        field = self.field(canvas)
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.parameters["hidden.W.input"][3, 1] == value)
        assert self.field(canvas) is None
        assert canvas.hasFocus()
        assert canvas.workspace.snapshot.initial["hidden.W.input"][3, 1] == value
        canvas.workspace.editing.undo()
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.parameters["hidden.W.input"][3, 1] != value)

    def test_a_bias(self, canvas, hand, qtbot) -> None:
        geometry = canvas.network.geometry
        rect = geometry.places["output"].bias_rect(geometry.unit("output", 0), geometry.sizes)
        hand.double(rect.center())
        field = self.field(canvas)
        QTest.keyClicks(field, "0.5")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.parameters["output.b"][0, 0] == 0.5)

    def test_esc_changes_nothing(self, canvas, hand) -> None:
        hand.double(hand.chip("input", 1, "hidden", 3))
        field = self.field(canvas)
        QTest.keyClicks(field, "7")
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert self.field(canvas) is None
        assert not canvas.workspace.editing.undo_stack.count()

    def test_enter_without_typing_changes_nothing(self, canvas, hand) -> None:
        hand.double(hand.chip("input", 1, "hidden", 3))
        QTest.keyClick(self.field(canvas), Qt.Key.Key_Return)
        assert self.field(canvas) is None
        assert not canvas.workspace.editing.undo_stack.count()

    def test_nonsense_keeps_the_field_open_and_says_why(self, canvas, hand) -> None:
        hand.double(hand.chip("input", 1, "hidden", 3))
        field = self.field(canvas)
        QTest.keyClicks(field, "abc")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.isVisible()
        assert "not a number" in field.problem_text()
        QTest.keyClick(field, Qt.Key.Key_Escape)

    def test_a_click_elsewhere_takes_it_over(self, canvas, hand, qtbot) -> None:
        hand.double(hand.chip("input", 1, "hidden", 3))
        QTest.keyClicks(self.field(canvas), "2")
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.parameters["hidden.W.input"][3, 1] == 2.0)

    def test_the_field_goes_with_the_neurons_it_belongs_to(self, canvas, hand) -> None:
        workspace = canvas.workspace
        workspace.editing.attempt("Grow", edits.add_unit, layer="hidden", at=0)
        hand.double(hand.chip("input", 1, "hidden", 3))
        field = self.field(canvas)
        QTest.keyClicks(field, "7")
        workspace.editing.undo()
        assert self.field(canvas) is None
        assert workspace.editing.undo_stack.index() == 0, "nothing was set in another neuron's place"

    def test_the_name_of_a_layer(self, canvas, hand) -> None:
        hand.double(canvas.network.geometry.places["hidden"].caption.center())
        field = self.field(canvas, NameField)
        QTest.keyClicks(field, "Feature detectors")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert canvas.workspace.document.layer("hidden").name == "Feature detectors"


class TestWhileTraining:
    """Edits in the middle of training: it goes on, and undo takes back the edit alone."""

    def test_edits_and_undo_keep_the_learning(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 200)
        start = hand.unit("hidden", 1)
        hand.drag(start, start + QPointF(0, 60), ALT | SHIFT)
        hand.drag(hand.port("input", 1), hand.unit("output", 0))
        qtbot.waitUntil(lambda: "output.W.input" in workspace.snapshot.parameters)
        assert workspace.training.running
        step = workspace.snapshot.step
        qtbot.waitUntil(lambda: workspace.snapshot.step > step + 100)
        workspace.editing.undo()
        assert workspace.document.connection("input", "output") is None
        qtbot.waitUntil(lambda: "output.W.input" not in workspace.snapshot.parameters)
        later = workspace.snapshot.step
        qtbot.waitUntil(lambda: workspace.snapshot.step > later + 100)
        assert later >= step
        workspace.editing.redo()
        qtbot.waitUntil(lambda: "output.W.input" in workspace.snapshot.parameters)
        workspace.training.pause()
        assert canvas.network.wires.number_of(("input", 1, "output", 0)) is not None

    def test_a_locked_weight_stands_still(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        hand.click(hand.chip("input", 0, "hidden", 0))
        QTest.keyClick(canvas, Qt.Key.Key_L)
        assert workspace.document.connection("input", "hidden").locked == {(0, 0)}
        before = np.array(workspace.snapshot.parameters["hidden.W.input"])
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 300)
        workspace.training.pause()
        after = workspace.snapshot.parameters["hidden.W.input"]
        assert after[0, 0] == before[0, 0]
        assert after[1, 1] != before[1, 1]


class TestHovering:
    def test_a_synapse_lights_up_everywhere_and_the_card_names_it(self, canvas, hand) -> None:
        hand.hover(hand.chip("input", 1, "hidden", 2))
        assert canvas.workspace.hovered == {("hidden", "W.input", (2, 1), None)}
        canvas.card.hide()
        hand.hover(hand.unit("hidden", 3))
        assert canvas.workspace.hovered == {("hidden", "z", (3,), 0), ("hidden", "a", (3,), 0)}

    def test_what_is_hovered_elsewhere_lights_up_here(self, canvas) -> None:
        canvas.workspace.hover(frozenset({("hidden", "mean dW.input", (2, 1), None)}))
        number = canvas.network.wires.number_of(("input", 1, "hidden", 2))
        assert canvas.network.marks.hovered_wires == {number}
        canvas.workspace.hover(frozenset({("hidden", "dz", (2,), 0), ("output", "new b", (0, 0), None)}))
        assert canvas.network.marks.hovered_units == {("hidden", 2)}
        assert canvas.network.marks.hovered_biases == {("output", 0)}

    def test_esc_during_a_gesture_is_kept_from_the_window(self, canvas, hand) -> None:
        start = hand.port("input", 0)
        hand.press(start)
        hand.move(start + QPointF(40, 0))
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        event.ignore()
        QApplication.sendEvent(canvas, event)
        assert event.isAccepted()
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        hand.release(start)
