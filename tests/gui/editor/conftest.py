"""A shown canvas on a live workspace, and the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.document import Document
from engine.samples import first_light
from gui.editor.canvas import Canvas
from gui.theme import Theme, load_theme
from gui.workspace import Workspace

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


class Hand:
    """Real mouse events on a canvas, at points of its scene."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def view(self, point: QPointF) -> QPoint:
        return self.canvas.mapFromScene(point)

    def unit(self, layer: str, key: int) -> QPointF:
        return self.canvas.network.geometry.unit(layer, key).centre

    def port(self, layer: str, key: int) -> QPointF:
        geometry = self.canvas.network.geometry
        return geometry.port(geometry.unit(layer, key)) + QPointF(4, 0)

    def wire(self, *synapse: object, t: float = 0.5) -> QPointF:
        wires = self.canvas.network.wires
        return wires.point(wires.number_of(synapse), t)

    def chip(self, *synapse: object) -> QPointF:
        network = self.canvas.network
        return network.chips.spots[network.wires.number_of(synapse)]

    def hover(self, point: QPointF) -> None:
        QTest.mouseMove(self.canvas.viewport(), self.view(point) + QPoint(40, 40))
        QTest.mouseMove(self.canvas.viewport(), self.view(point))

    def click(self, point: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, self.view(point))

    def double(self, point: QPointF) -> None:
        QTest.mouseDClick(self.canvas.viewport(), LEFT, NONE, self.view(point))

    def press(self, point: QPointF, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT) -> None:
        QTest.mousePress(self.canvas.viewport(), button, keys, self.view(point))

    def move(self, point: QPointF) -> None:
        QTest.mouseMove(self.canvas.viewport(), self.view(point))

    def release(
        self, point: QPointF, keys: Qt.KeyboardModifier = NONE, button: Qt.MouseButton = LEFT
    ) -> None:
        QTest.mouseRelease(self.canvas.viewport(), button, keys, self.view(point))

    def drag(self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        self.press(start, keys)
        for share in (0.3, 0.7, 1.0):
            self.move(start + share * (end - start))
        self.release(end, keys)


@pytest.fixture
def theme(qapp: object) -> Theme:
    return load_theme("light")


@pytest.fixture
def open_workspace(qtbot, theme: Theme) -> Iterator[Callable[[Document], Workspace]]:
    made: list[Workspace] = []

    def opened(document: Document | None = None) -> Workspace:
        workspace = Workspace(theme, document if document is not None else first_light())
        workspace.training.set_pace(None)
        made.append(workspace)
        return workspace

    yield opened
    for workspace in made:
        workspace.close()


@pytest.fixture
def open_canvas(qtbot, open_workspace) -> Iterator[Callable[[Document], Canvas]]:
    made: list[Canvas] = []

    def opened(document: Document | None = None, wait: bool = True) -> Canvas:
        workspace = open_workspace(document)
        canvas = Canvas(workspace)
        canvas.pulse.enabled = False
        canvas.resize(900, 640)
        made.append(canvas)
        canvas.show()
        qtbot.waitExposed(canvas)
        canvas.setFocus()
        if wait:
            qtbot.waitUntil(lambda: "canvas" in workspace.snapshot.answers)
        return canvas

    yield opened
    for canvas in made:
        canvas.close()
        shiboken6.delete(canvas)  # at once, while Python still has all of it


@pytest.fixture
def canvas(open_canvas) -> Canvas:
    """2-4-1 on XOR."""
    return open_canvas()


@pytest.fixture
def hand(canvas: Canvas) -> Hand:
    return Hand(canvas)


@pytest.fixture
def hand_of() -> type[Hand]:
    """A hand for a canvas of the test's own."""
    return Hand


@pytest.fixture
def point_at() -> Callable[[Canvas, QPointF], None]:
    """The mouse comes into a canvas and stops at a point of its scene."""

    def pointed(canvas: Canvas, point: QPointF) -> None:
        view = canvas.mapFromScene(point)
        where, on_screen = QPointF(view), QPointF(canvas.viewport().mapToGlobal(view))
        QApplication.sendEvent(canvas, QEnterEvent(where, where, on_screen))
        canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
        QTest.mouseMove(canvas.viewport(), view + canvas.viewport().rect().topLeft())
        QTest.mouseMove(canvas.viewport(), view)

    return pointed
