"""The ways of editing: dropping between layers, bridging, panning, choosing many; with real events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.core.spec import Spec
from engine.document import Document, edits
from engine.samples import first_light
from gui.editor.gestures.drop import MIME
from gui.selection import Selection

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RIGHT, MIDDLE = Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def over(canvas, kind: str, point: QPointF) -> QMimeData:
    """Drag something from the palette over a point of the scene."""
    mime, view = QMimeData(), canvas.mapFromScene(point)
    mime.setData(MIME, kind.encode())
    about = Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, NONE
    QApplication.sendEvent(canvas.viewport(), QDragEnterEvent(view, *about))
    QApplication.sendEvent(canvas.viewport(), QDragMoveEvent(view, *about))
    return mime


def drop(canvas, kind: str, point: QPointF) -> None:
    """Drag something from the palette to a point of the scene and let go."""
    mime, view = over(canvas, kind, point), canvas.mapFromScene(point)
    event = QDropEvent(
        QPointF(view),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def present(canvas, qtbot):
    """The numbers of the document that is shown now."""
    workspace = canvas.workspace
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)
    return workspace.snapshot.parameters


def popup(qtbot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, start: str) -> None:
    """Choose the line that begins so."""
    next(action for action in menu.actions() if action.text().startswith(start)).trigger()
    menu.close()


class TestDropping:
    def test_a_layer_into_a_connection_keeps_the_weights_beside_it(self, canvas, hand, qtbot) -> None:
        before = dict(present(canvas, qtbot))
        drop(canvas, "dropout", hand.wire("hidden", 2, "output", 0, t=0.4))
        document = canvas.workspace.document
        new = document.incoming("output")[0].source
        assert document.layer(new).spec.kind == "dropout"
        assert document.connection("hidden", new) is not None
        after = present(canvas, qtbot)
        assert np.array_equal(after[f"output.W.{new}"], before["output.W.hidden"])
        assert np.array_equal(after["hidden.W.input"], before["hidden.W.input"])
        assert canvas.workspace.editing.undo_stack.count() == 1
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()
        assert np.array_equal(present(canvas, qtbot)["output.W.hidden"], before["output.W.hidden"])
        canvas.workspace.editing.redo()
        assert canvas.workspace.document == document
        assert np.array_equal(present(canvas, qtbot)[f"output.W.{new}"], before["output.W.hidden"])

    def test_leaving_with_the_drag_takes_the_preview_back(self, canvas, hand) -> None:
        """Esc during a drag from the palette ends in the same event."""
        over(canvas, "dense", hand.wire("hidden", 2, "output", 0, t=0.4))
        assert canvas.network.ghost.isVisible()
        QApplication.sendEvent(canvas.viewport(), QDragLeaveEvent())
        assert not canvas.network.ghost.isVisible()
        assert canvas.workspace.document == first_light()

    @pytest.mark.parametrize("kind", ["neuron", "dense"])
    def test_nothing_jumps_when_a_layer_is_added(self, canvas, hand, kind: str) -> None:
        canvas.zoom_out()
        corner, zoom = canvas.mapToScene(QPoint(0, 0)), canvas.camera.zoom
        at = canvas.mapToScene(QPoint(760, 80))
        where = canvas.mapFromScene(hand.unit("hidden", 0))
        drop(canvas, kind, at)
        assert len(canvas.workspace.document.layers) == 4
        assert (canvas.mapToScene(QPoint(0, 0)), canvas.camera.zoom) == (corner, zoom)
        assert canvas.mapFromScene(hand.unit("hidden", 0)) == where
        new = canvas.network.geometry.places[canvas.workspace.document.layers[-1].id]
        assert (new.frame.center() - at).manhattanLength() < 40

    def test_what_does_not_fit_between_says_why(self, canvas, hand) -> None:
        over(canvas, "conv2d", hand.wire("hidden", 2, "output", 0, t=0.4))
        assert "takes an image" in canvas.bubble.text()


class TestInsertingByMenu:
    def test_from_the_menu_of_a_synapse(self, canvas, hand, qtbot) -> None:
        before = dict(present(canvas, qtbot))
        at = hand.view(hand.wire("hidden", 2, "output", 0, t=0.4))
        QTest.mouseClick(canvas.viewport(), RIGHT, NONE, at)
        menu = popup(qtbot)
        below = next(each.menu() for each in menu.actions() if each.text() == "Insert a layer here")
        below.aboutToShow.emit()
        choose(below, "Activation")
        menu.close()
        new = canvas.workspace.document.incoming("output")[0].source
        assert canvas.workspace.document.layer(new).spec.kind == "activation"
        assert np.array_equal(present(canvas, qtbot)[f"output.W.{new}"], before["output.W.hidden"])


class TestBridging:
    def test_a_layer_that_hands_units_on_leaves_the_weights(self, open_canvas, hand_of, qtbot) -> None:
        document = edits.insert_layer(
            first_light(), source="hidden", target="output", spec=Spec("dropout"), id="drop", x=330.0
        )
        document = edits.move_layers(document, places={"output": (480.0, 0.0)})
        canvas = open_canvas(document)
        before = dict(present(canvas, qtbot))
        centre = canvas.network.geometry.places["drop"].frame.center()
        QTest.mouseClick(canvas.viewport(), RIGHT, NONE, canvas.mapFromScene(centre))
        choose(popup(qtbot), "Remove the layer and connect")
        assert canvas.workspace.document.connection("hidden", "output") is not None
        assert not canvas.workspace.document.has("drop")
        after = present(canvas, qtbot)
        assert np.array_equal(after["output.W.hidden"], before["output.W.drop"])
        assert canvas.workspace.editing.undo_stack.count() == 1
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == document
        assert np.array_equal(present(canvas, qtbot)["output.W.drop"], before["output.W.drop"])
        canvas.workspace.editing.redo()
        assert not canvas.workspace.document.has("drop")

    def test_a_dense_layer_leaves_the_rest(self, canvas, qtbot) -> None:
        before = dict(present(canvas, qtbot))
        caption = canvas.network.geometry.places["hidden"].caption.center()
        QTest.mouseClick(canvas.viewport(), RIGHT, NONE, canvas.mapFromScene(caption))
        choose(popup(qtbot), "Remove the layer and connect")
        assert [each.id for each in canvas.workspace.document.connections] == ["input>output"]
        after = present(canvas, qtbot)
        assert np.array_equal(after["output.b"], before["output.b"])
        assert after["output.W.input"].shape == (1, 2)

    def test_it_is_not_offered_at_the_ends(self, canvas, qtbot) -> None:
        caption = canvas.network.geometry.places["output"].caption.center()
        QTest.mouseClick(canvas.viewport(), RIGHT, NONE, canvas.mapFromScene(caption))
        menu = popup(qtbot)
        assert not any("connect its" in action.text() for action in menu.actions())
        menu.close()

    def test_where_shapes_do_not_fit_the_reason_is_told(self, open_canvas, qtbot) -> None:
        document = edits.add_layer(Document(), spec=Spec.of("input", shape="1×8×8"), id="input", units=64)
        for id, kind, x in (("flat", "flatten", 200.0), ("out", "output", 400.0)):
            document = edits.add_layer(document, spec=Spec(kind), id=id, x=x)
            document = edits.connect(document, source=document.layers[-2].id, target=id)
        document = edits.insert_layer(document, source="input", target="flat", spec=Spec("conv2d"), id="conv")
        document = edits.insert_layer(document, source="flat", target="out", spec=Spec("dense"), id="dense")
        canvas = open_canvas(edits.move_layers(document, places={"dense": (300, 200)}), wait=False)
        from gui.editor.commands import why_not_bridge

        assert not why_not_bridge(document, "conv")
        assert "flatten" in why_not_bridge(document, "flat")
        assert canvas.workspace.document.has("flat")


class TestConnecting:
    def test_shapes_that_do_not_fit_refuse_while_dragging(self, open_canvas, hand_of) -> None:
        document = edits.add_layer(first_light(), spec=Spec("conv2d"), id="conv", x=440.0, y=300.0)
        canvas = open_canvas(document)
        hand = hand_of(canvas)
        start, goal = hand.port("hidden", 3), canvas.network.geometry.places["conv"].frame.center()
        hand.press(start)
        hand.move(start + QPointF(25, 10))
        hand.move(goal)
        assert "takes an image" in canvas.bubble.text()
        hand.release(goal)
        assert canvas.workspace.document == document

    def test_from_the_handle_of_a_block(self, open_canvas, hand_of, qtbot) -> None:
        document = edits.add_layer(first_light(), spec=Spec("dropout"), id="drop", x=330.0, y=260.0)
        document = edits.connect(document, source="hidden", target="drop")
        canvas = open_canvas(document)
        hand = hand_of(canvas)
        geometry = canvas.network.geometry
        start = geometry.places["drop"].handle(geometry.sizes)
        hand.drag(start, geometry.places["output"].frame.center())
        assert canvas.workspace.document.connection("drop", "output") is not None
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == document

    def test_the_output_feeds_nothing(self, canvas, hand) -> None:
        hand.press(hand.unit("output", 0), CTRL)
        hand.move(hand.unit("output", 0) - QPointF(40, 0))
        hand.move(hand.unit("hidden", 0))
        assert "end of the network" in canvas.bubble.text()
        hand.release(hand.unit("hidden", 0))
        assert canvas.workspace.document == first_light()


class TestRightButton:
    def test_a_drag_pans_and_opens_no_menu(self, canvas) -> None:
        at, by = QPoint(600, 60), QPoint(70, 30)
        before = canvas.mapToScene(QPoint(0, 0))
        QTest.mousePress(canvas.viewport(), RIGHT, NONE, at)
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
        QApplication.sendEvent(canvas.viewport(), asked)  # as some systems do when the button goes down
        assert QApplication.activePopupWidget() is None
        for share in (0.3, 0.7, 1.0):
            QTest.mouseMove(canvas.viewport(), at + by * share)
        QTest.mouseRelease(canvas.viewport(), RIGHT, NONE, at + by)
        assert QApplication.activePopupWidget() is None
        moved = (before - canvas.mapToScene(QPoint(0, 0))) * canvas.camera.zoom
        assert (moved.x(), moved.y()) == pytest.approx((70, 30), abs=1.5)
        assert canvas.workspace.document == first_light()

    def test_a_click_opens_the_menu_once(self, canvas, qtbot) -> None:
        at = QPoint(600, 60)
        QTest.mouseClick(canvas.viewport(), RIGHT, NONE, at)
        menu = popup(qtbot)
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
        QApplication.sendEvent(canvas.viewport(), asked)  # as other systems do when it comes up
        assert popup(qtbot) is menu
        menu.close()
        assert QApplication.activePopupWidget() is None

    def test_esc_during_panning(self, canvas) -> None:
        at = QPoint(600, 60)
        QTest.mousePress(canvas.viewport(), RIGHT, NONE, at)
        QTest.mouseMove(canvas.viewport(), at + QPoint(40, 0))
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert canvas.gestures.gesture is None
        QTest.mouseRelease(canvas.viewport(), RIGHT, NONE, at)
        assert QApplication.activePopupWidget() is None


class TestChoosingMany:
    def test_ctrl_and_shift_both_add(self, canvas, hand) -> None:
        hand.click(hand.unit("hidden", 0))
        hand.click(hand.unit("hidden", 2), CTRL)
        hand.click(hand.chip("input", 0, "hidden", 0), SHIFT)
        assert canvas.workspace.selection == Selection(
            units=frozenset({("hidden", 0), ("hidden", 2)}), synapses=frozenset({("input", 0, "hidden", 0)})
        )
        hand.click(hand.unit("hidden", 2), CTRL)
        assert canvas.workspace.selection.units == {("hidden", 0)}

    @pytest.mark.parametrize("keys", [CTRL, SHIFT])
    def test_a_rubber_band_adds(self, canvas, keys) -> None:
        canvas.workspace.select(Selection(layers=frozenset({"input"})))
        frame = canvas.network.geometry.places["output"].frame
        start, end = canvas.mapToScene(QPoint(895, 480)), frame.topLeft() - QPointF(10, 60)
        QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, keys, canvas.mapFromScene(start))
        for share in (0.5, 1.0):
            point = canvas.mapFromScene(start + share * (end - start))
            QApplication.sendEvent(canvas.viewport(), moving(canvas, point, keys))
        QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, keys, canvas.mapFromScene(end))
        assert canvas.workspace.selection.layers == {"input", "output"}


def moving(canvas, point: QPoint, keys):
    """A move of the mouse with keys held."""
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    left = Qt.MouseButton.LeftButton
    where = QPointF(canvas.viewport().mapToGlobal(point))
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(point), where, Qt.MouseButton.NoButton, left, keys)


class TestSavedAndOpened:
    def test_what_was_edited_is_there_again(self, canvas, hand, qtbot) -> None:
        """Drop, draw, lock, set, tidy: through a file and back."""
        from engine.files import Project, from_bytes, to_text
        from gui.present_project import present_project

        workspace = canvas.workspace
        drop(canvas, "dropout", hand.wire("hidden", 2, "output", 0, t=0.4))
        hand.drag(hand.port("input", 1), hand.unit("output", 0))
        hand.click(hand.chip("input", 0, "hidden", 0))
        QTest.keyClick(canvas, Qt.Key.Key_L)
        workspace.editing.set_weight("hidden.W.input", (1, 1), 0.25)
        QTest.keyClick(canvas, Qt.Key.Key_T, CTRL)
        numbers = dict(present(canvas, qtbot))
        found: list[Project] = []
        present_project(workspace, {}, found.append)
        qtbot.waitUntil(lambda: bool(found))
        again = from_bytes(to_text(found[0]).encode())
        assert again.document.layers == workspace.document.layers
        assert again.document.connections == workspace.document.connections
        for key, value in numbers.items():
            there = value != 0.0  # a cut synapse has no weight
            assert np.array_equal(again.learned.parameters[key][there], value[there]), key
        count = workspace.editing.undo_stack.count()
        for _ in range(count):
            workspace.editing.undo()
        assert workspace.document == first_light()
        for _ in range(count):
            workspace.editing.redo()
        assert workspace.document.layers == again.document.layers
