"""Zoom, pan and the map in the corner, with real events; and what an empty canvas says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.document import Document
from engine.samples import first_light, mlp
from gui.editor.canvas import Canvas
from gui.theme import load_theme

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
FREE = QPoint(60, 60)
"""A place of the canvas where nothing lies."""


def wheel(canvas: Canvas, at: QPoint, turn: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    phase, source = Qt.ScrollPhase.NoScrollPhase, Qt.MouseEventSource.MouseEventNotSynthesized
    where = canvas.viewport().mapToGlobal(at)
    event = QWheelEvent(
        QPointF(at), QPointF(where), QPoint(), turn, Qt.MouseButton.NoButton, keys, phase, False, source
    )
    QApplication.sendEvent(canvas.viewport(), event)


def pinch(canvas: Canvas, at: QPoint, value: float) -> None:
    device = QPointingDevice.primaryPointingDevice()
    where = QPointF(canvas.viewport().mapToGlobal(at))
    kind = Qt.NativeGestureType.ZoomNativeGesture
    event = QNativeGestureEvent(kind, device, 2, QPointF(at), QPointF(at), where, value, QPointF())
    QApplication.sendEvent(canvas.viewport(), event)


class TestCamera:
    def test_ctrl_and_the_wheel_zoom_about_the_mouse(self, canvas) -> None:
        at, before = QPoint(500, 300), canvas.camera.zoom
        held = canvas.mapToScene(at)
        wheel(canvas, at, QPoint(0, 240), CTRL)
        assert canvas.camera.zoom > 1.3 * before
        assert (canvas.mapFromScene(held) - at).manhattanLength() <= 2
        wheel(canvas, at, QPoint(0, -240), CTRL)
        assert canvas.camera.zoom == pytest.approx(before)
        assert not canvas.camera.follows

    def test_the_wheel_alone_scrolls(self, canvas) -> None:
        held = canvas.mapToScene(FREE)
        wheel(canvas, FREE, QPoint(0, 120))
        assert canvas.mapFromScene(held) - FREE == QPoint(0, 60)
        wheel(canvas, FREE, QPoint(0, 120), SHIFT)
        assert canvas.mapFromScene(held) - FREE == QPoint(60, 60)

    def test_pinching_zooms_about_the_fingers(self, canvas) -> None:
        at, before = QPoint(300, 200), canvas.camera.zoom
        held = canvas.mapToScene(at)
        pinch(canvas, at, 0.5)
        assert canvas.camera.zoom == pytest.approx(1.5 * before)
        assert (canvas.mapFromScene(held) - at).manhattanLength() <= 2

    def test_dragging_with_the_middle_button_moves_the_picture(self, canvas) -> None:
        middle = Qt.MouseButton.MiddleButton
        start, end = QPoint(450, 320), QPoint(510, 280)
        held = canvas.mapToScene(start)
        QTest.mousePress(canvas.viewport(), middle, NONE, start)
        assert canvas.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
        QTest.mouseMove(canvas.viewport(), QPoint(480, 300))
        QTest.mouseMove(canvas.viewport(), end)
        QTest.mouseRelease(canvas.viewport(), middle, NONE, end)
        assert canvas.mapFromScene(held) == end
        assert canvas.viewport().cursor().shape() != Qt.CursorShape.ClosedHandCursor
        assert canvas.workspace.document == first_light()

    def test_ctrl_0_and_ctrl_plus_and_minus(self, canvas) -> None:
        fitted = canvas.camera.zoom
        QTest.keyClick(canvas, Qt.Key.Key_Plus, CTRL)
        assert canvas.camera.zoom > fitted
        QTest.keyClick(canvas, Qt.Key.Key_Minus, CTRL)
        assert canvas.camera.zoom == pytest.approx(fitted)
        QTest.keyClick(canvas, Qt.Key.Key_Plus, CTRL)
        QTest.keyClick(canvas, Qt.Key.Key_0, CTRL)
        assert canvas.camera.zoom == pytest.approx(fitted)
        assert canvas.camera.follows

    def test_it_goes_neither_too_near_nor_too_far(self, canvas) -> None:
        for turn in (12_000, -24_000):
            wheel(canvas, FREE, QPoint(0, turn), CTRL)
            assert 0.01 < canvas.camera.zoom < 10


class TestOverview:
    def zoomed(self, canvas) -> None:
        wheel(canvas, FREE, QPoint(0, 900), CTRL)

    def test_it_comes_where_the_network_is_out_of_sight_and_goes_when_it_is_seen(self, canvas) -> None:
        assert not canvas.overview.isVisible()
        self.zoomed(canvas)
        assert canvas.overview.isVisible()
        canvas.fit()
        assert not canvas.overview.isVisible()

    def test_it_is_always_there_when_asked_for(self, canvas) -> None:
        workspace = canvas.workspace
        workspace.show_as(workspace.showing.with_(overview=True))
        assert canvas.overview.isVisible()
        assert canvas.rect().contains(canvas.overview.geometry())
        workspace.show_as(workspace.showing.with_(overview=False))
        assert not canvas.overview.isVisible()

    def test_it_can_be_sent_away(self, canvas) -> None:
        self.zoomed(canvas)
        close = next(each for each in canvas.overview.children() if each.property("autoRaise"))
        QTest.mouseClick(close, Qt.MouseButton.LeftButton)
        assert not canvas.overview.isVisible()
        wheel(canvas, FREE, QPoint(0, 120))
        assert not canvas.overview.isVisible(), "it does not come back at once"
        canvas.fit()
        self.zoomed(canvas)
        assert canvas.overview.isVisible()

    def test_dragging_in_it_moves_the_canvas(self, canvas) -> None:
        self.zoomed(canvas)
        overview, left = canvas.overview, Qt.MouseButton.LeftButton
        bounds = canvas.network.geometry.bounds
        for point in (QPointF(0.2, 0.5), QPointF(0.8, 0.5)):
            goal = QPointF(bounds.left() + point.x() * bounds.width(), bounds.center().y())
            spot = overview._to_map(goal).toPoint()
            QTest.mousePress(overview, left, NONE, spot)
            if not overview.frame.contains(QPointF(spot)):
                raise AssertionError("the frame is where it was clicked")
            QTest.mouseRelease(overview, left, NONE, spot)
        before = overview.seen.center()
        inside = overview.frame.center().toPoint()
        QTest.mousePress(overview, left, NONE, inside)
        assert (overview.seen.center() - before).manhattanLength() < 2, "taken within the frame it stays"
        QTest.mouseMove(overview, inside - QPoint(20, 0))
        assert overview.seen.center().x() < before.x() - 20
        QTest.mouseRelease(overview, left, NONE, inside - QPoint(20, 0))
        assert canvas.workspace.document == first_light()
        assert not canvas.workspace.selection

    def test_the_frame_is_around_what_is_seen(self, canvas) -> None:
        self.zoomed(canvas)
        inside = QRectF(canvas.overview.rect())
        assert inside.contains(canvas.overview.frame)
        wide = canvas.overview.frame.width()
        wheel(canvas, FREE, QPoint(0, 300), CTRL)
        assert canvas.overview.frame.width() < wide

    def test_a_small_canvas_has_no_room_for_it(self, canvas) -> None:
        canvas.workspace.show_as(canvas.workspace.showing.with_(overview=True))
        canvas.resize(240, 160)
        assert not canvas.overview.isVisible()

    @pytest.mark.parametrize(("look", "scale"), [("dark", 1.0), ("high-contrast", 1.75)])
    def test_it_can_be_painted_in_every_look(self, open_canvas, look: str, scale: float) -> None:
        canvas = open_canvas(mlp(2, 40, 40, 1), wait=False)
        canvas.workspace.show_as(canvas.workspace.showing.with_(overview=True))
        canvas.workspace.set_theme(load_theme(look, scale))
        assert canvas.overview.isVisible()
        assert not canvas.overview.grab().isNull()


class TestEmpty:
    def test_it_says_how_a_network_begins(self, open_canvas, qtbot) -> None:
        canvas = open_canvas(Document(), wait=False)
        wanted: list[str] = []
        canvas.workspace.wanted.connect(wanted.append)
        assert canvas.empty.title.isVisible()
        assert "palette" in canvas.empty.how.text()
        assert not canvas.banner.isVisible(), "it is said once"
        button = canvas.empty.buttons.findChildren(QPushButton)[0]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.keyClick(canvas, Qt.Key.Key_Insert)
        assert wanted == ["palette", "palette"]

    def test_it_goes_with_the_first_layer_and_comes_back(self, open_canvas) -> None:
        canvas = open_canvas(Document(), wait=False)
        workspace = canvas.workspace
        workspace.editing.edit("Draw", first_light())
        assert not canvas.empty.title.isVisible() and not canvas.empty.buttons.isVisible()
        workspace.editing.undo()
        assert canvas.empty.title.isVisible()

    def test_its_menu_has_the_ready_made_networks(self, open_canvas, qtbot) -> None:
        canvas = open_canvas(Document(), wait=False)
        canvas.empty.menu.aboutToShow.emit()
        named = [action for action in canvas.empty.menu.actions() if not action.isSeparator()]
        next(action for action in named if action.text() == "Perceptron").trigger()
        qtbot.waitUntil(lambda: bool(canvas.workspace.document.layers))
        assert not canvas.empty.buttons.isVisible()

    def test_its_words_fit_into_a_narrow_canvas(self, open_canvas) -> None:
        canvas = open_canvas(Document(), wait=False)
        canvas.resize(300, 300)
        assert canvas.rect().contains(canvas.empty.how.geometry())
