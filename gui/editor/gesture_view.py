"""A view that hands Qt's events on: to the gestures, the camera and the table of keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from gui import ready_made
from gui.editor import folding
from gui.editor.camera import Camera
from gui.editor.gestures.dispatcher import Dispatcher
from gui.editor.gestures.drop import Drop, kind_in
from gui.editor.gestures.drop_network import DropNetwork
from gui.editor.gestures.gesture import Pointer
from gui.editor.gestures.wheel import Wheel
from gui.editor.keys import Keys
from gui.editor.marks import GROUND, Kind, Thing
from gui.editor.menus import menu_for
from gui.editor.scene import NetworkScene
from gui.workspace import Workspace


class GestureView(QGraphicsView):
    """The half of the canvas that listens to the user; what it shows is decided by ``Canvas``."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.network = NetworkScene(workspace.theme, self)
        self.setScene(self.network)
        self.camera = Camera(self, self.zoomed)
        self.gestures = Dispatcher(self)  # type: ignore[arg-type]
        self.wheel = Wheel(self)  # type: ignore[arg-type]
        self._keys = Keys(self)  # type: ignore[arg-type]
        self.focus_thing = GROUND
        """What the keyboard is about."""
        self._mouse = QPoint()
        self._set_up()

    def cancel(self) -> bool:
        """Leave the gesture that is going on; whether there was one."""
        return self.gestures.cancel()

    def zoom_in(self) -> None:
        """A step nearer."""
        self.camera.zoom_by(1.25)

    def zoom_out(self) -> None:
        """A step farther."""
        self.camera.zoom_by(0.8)

    def thing_at(self, point: QPointF) -> Thing:
        """What lies at a point of the scene."""
        return self.network.thing_at(point, self.camera.zoom)

    def zoomed(self, zoom: float) -> None:
        """The camera is nearer or farther."""
        self.network.set_zoom(zoom)

    def point_at(self, thing: Thing, mouse: QPoint) -> None:
        """The mouse points at something else."""
        raise NotImplementedError

    def edit(self, thing: Thing) -> QWidget | None:
        """A field over a weight, a bias or a caption."""
        raise NotImplementedError

    def set_focus_thing(self, thing: Thing, *, spoken: bool = False) -> None:
        """Something else is in the keyboard's focus."""
        raise NotImplementedError

    def press_begins(self) -> None:
        """A mouse button goes down."""

    def _pointer(self, position: QPointF, keys: Qt.KeyboardModifier) -> Pointer:
        view = position.toPoint()
        return Pointer(self.mapToScene(view), view, keys)

    def _set_up(self) -> None:
        self.setObjectName("canvas")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setInteractive(False)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setMinimumSize(200, 150)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)

    # ---------------------------------------------------------------- Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.press_begins()
        self.gestures.press(event.button(), self._pointer(event.position(), event.modifiers()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pointer = self._pointer(event.position(), event.modifiers())
        if self.gestures.gesture is not None:
            self.gestures.move(pointer)
        else:
            self.point_at(self.thing_at(pointer.scene), pointer.view)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.gestures.release(self._pointer(event.position(), event.modifiers()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.gestures.cancel()
            point = self.mapToScene(event.position().toPoint())
            thing = self.thing_at(point)
            if folding.double_clicked(self, thing, point):  # type: ignore[arg-type]
                return
            if thing.kind not in {Kind.GROUND, Kind.FRAME, Kind.HANDLE, Kind.FOLD}:
                self.edit(thing)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheel.turn(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if self.wheel.pinch(event):
            return True
        if event.type() == QEvent.Type.Leave and self.gestures.gesture is None:
            self.point_at(GROUND, self._mouse)
        return super().viewportEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard_asks = event.reason() == QContextMenuEvent.Reason.Keyboard
        point = self.mapToScene(event.pos())
        thing = self.focus_thing if keyboard_asks else self.thing_at(point)
        where = event.globalPos()
        if keyboard_asks and thing != GROUND:
            point = self.network.rect_of(thing).center()
            where = self.viewport().mapToGlobal(self.mapFromScene(point))
        self.set_focus_thing(thing)
        menu = menu_for(self, thing, point)  # type: ignore[arg-type]
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            busy = self.gestures.gesture is not None or self.gestures.scissors
            if busy and event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
            if self._keys.connecting.takes(event.key(), event.modifiers()):
                event.accept()
                return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}
            and self._keys.press(event)
        ):
            return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        kind = kind_in(event.mimeData())
        if kind:
            drop = (DropNetwork if ready_made.kind_of(kind) else Drop)(self, kind)
            self.gestures.start(drop, self._pointer(event.position(), event.modifiers()))
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if isinstance(self.gestures.gesture, Drop):
            self.gestures.move(self._pointer(event.position(), event.modifiers()))
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.gestures.cancel()

    def dropEvent(self, event: QDropEvent) -> None:
        if isinstance(self.gestures.gesture, Drop):
            self.gestures.release(self._pointer(event.position(), event.modifiers()))
            event.acceptProposedAction()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
