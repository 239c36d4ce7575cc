"""A layer that is no column of neurons: a picture of its output, or its sign, within its frame."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.editor.block_face import EMPTY, BlockFace, Index
from gui.editor.geometry import LayerPlace
from gui.editor.items.text import LEGIBLE, elided, scaled, write, zoom_of
from gui.editor.marks import Marks
from gui.editor.painters.block_looks import note_of, paint_block
from gui.editor.painters.glyphs import glyph_of
from gui.editor.painters.pictures import Cells
from gui.editor.sizes import Sizes
from gui.theme import Theme

SIGN = 30.0
"""Side of the sign of a kind, at scale 1."""
LINE = 15.0
"""Height of a line of text at the foot."""


class BlockItem(QGraphicsItem):
    """What is inside the frame of a block; frame and caption are a ``FrameItem``'s."""

    # Of the class too: Qt may still ask while Python is taking the canvas apart.
    _bounds = QRectF()

    def __init__(self, place: LayerPlace, sizes: Sizes, theme: Theme) -> None:
        super().__init__()
        self.place, self.sizes, self.theme = place, sizes, theme
        self.face = EMPTY
        self.cells: Cells | None = None
        """Where the numbers of the face stood when it was painted last."""
        self._indices: frozenset[Index] = frozenset()
        self.ported = False
        """Whether the handle is shown from which it is connected."""
        self.setZValue(30)
        reach = 2 * sizes.port
        self._bounds = place.frame.adjusted(-reach, -reach, reach, reach)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)

    def set_face(self, face: BlockFace) -> None:
        """Newer numbers."""
        before, self.face = self.face, face
        if not face.same_as(before):
            self.update()

    def set_lit(self, indices: frozenset[Index]) -> None:
        """Which cells are spoken of somewhere: pointed at, explained, followed."""
        if indices != self._indices:
            self._indices = indices
            self.update()

    def set_marks(self, marks: Marks) -> None:
        """Whether the mouse is here."""
        ported = self.place.id in marks.handles
        if ported != self.ported:
            self.ported = ported
            self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.5 if self.face.faded else 1.0)
        room = self._foot(painter)
        place, showing = self.place, self.sizes.showing
        self.cells = paint_block(painter, room, self.face, place.layer.spec, place.drawn, showing, self.theme)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.cells is not None:
            self._lit(painter, self.cells)
        else:
            self._sign(painter, room)
        painter.setOpacity(1.0)
        if self.ported:
            self._port(painter)

    # ---------------------------------------------------------------- parts

    def _foot(self, painter: QPainter) -> QRectF:
        """The line at the foot, where there is something to say; the room above it."""
        scale, frame = self.sizes.scale, self.place.frame
        room = frame.adjusted(9 * scale, 9 * scale, -9 * scale, -9 * scale)
        text = self._text()
        if not text:
            return room
        line = QRectF(frame.left() + 4 * scale, frame.bottom() - (LINE + 5) * scale,
                      frame.width() - 8 * scale, LINE * scale)  # fmt: skip
        room.setBottom(line.top() - 3 * scale)
        if zoom_of(painter) * 11 * scale >= LEGIBLE:
            font = scaled(self.theme.fonts.small, 0.9)
            ink = self.theme.colour("gradient" if self.face.slope else "text-muted")
            write(painter, line, elided(font, text, line.width()), font, ink)
        return room

    def _text(self) -> str:
        """What is shown if it is not the output; else the kind of a layer that has a name of its own."""
        note = note_of(self.face, self.place.layer.spec, self.place.drawn, self.sizes.showing)
        if note:
            return note
        if self.face.array not in {"a", "da", "dh"}:
            return self.face.array
        if self.face.slope:
            return "∂L/∂a"
        if self.place.layer.name:
            return self.place.drawn.title
        return "t →" if len(self.place.drawn.shape) == 2 else ""

    def _sign(self, painter: QPainter, room: QRectF) -> None:
        side = min(SIGN * self.sizes.scale, room.width(), room.height())
        square = QRectF(0, 0, side, side)
        square.moveCenter(room.center())
        ink = self.theme.colour("outline" if self.place.active else "text-muted")
        pen = QPen(ink, 2.0 * self.sizes.scale)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(glyph_of(self.place.layer.spec.kind)(square))

    def _lit(self, painter: QPainter, cells: Cells) -> None:
        """The cell that is calculated now, and those that it is calculated from."""
        scale, active = self.sizes.scale, self.theme.colour("active")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(active, 1.2 * scale))
        for index in self.face.near:
            painter.drawRect(cells.rect(index))
        if self._indices:
            painter.setPen(QPen(self.theme.colour("accent"), 2.0 * scale))
            for index in self._indices:
                painter.drawRect(cells.rect(index))
        cell = cells.rect(self.face.cell) if self.face.cell is not None else QRectF()
        if not cell.isEmpty():
            more = max(0.0, 6 * scale - min(cell.width(), cell.height())) / 2 + 1.0 * scale
            painter.setPen(QPen(active, 2.5 * scale))
            painter.drawRect(cell.adjusted(-more, -more, more, more))

    def _port(self, painter: QPainter) -> None:
        centre = self.place.handle(self.sizes)
        draw_port(painter, centre, self.sizes, self.theme)


def draw_port(painter: QPainter, centre: QPointF, sizes: Sizes, theme: Theme) -> None:
    """The round handle with a plus from which something is connected."""
    size, scale = sizes.port, sizes.scale
    painter.setPen(QPen(theme.colour("canvas"), 1.5 * scale))
    painter.setBrush(theme.colour("accent"))
    painter.drawEllipse(centre, size, size)
    painter.setPen(QPen(theme.colour("accent-text"), 1.8 * scale))
    arm = size * 0.5
    plus = QPainterPath(QPointF(centre.x() - arm, centre.y()))
    plus.lineTo(centre.x() + arm, centre.y())
    plus.moveTo(centre.x(), centre.y() - arm)
    plus.lineTo(centre.x(), centre.y() + arm)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(plus)
