"""The sheet: a page as a widget; numbers light up under the mouse and explain themselves on a click."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.core.expressions import Ref
from gui.theme import Theme
from gui.walkthrough.blocks import Block, block_of, spot_at
from gui.walkthrough.commands import Press
from gui.walkthrough.folded import Folded, Opener
from gui.walkthrough.page import Name, Option, Page
from gui.walkthrough.spelling import CONSTANT
from gui.walkthrough.sums import Gap
from gui.walkthrough.tree import Fold
from gui.walkthrough.writer import Figure
from gui.widgets.numbers import format_full
from gui.widgets.typeset import Spot

_CLICKED = Ref | Gap | Option | Opener | Press
"""What does something when it is clicked."""


class Sheet(QWidget):
    """Lays a ``Page`` out for its width. Up and down go from number to number, Enter explains one; at a row
    of the expression tree right and left unfold and fold it."""

    hovered = Signal(object)
    """The ``Ref`` under the mouse, or the ``Name`` in a line of code; ``None`` for neither."""
    chosen = Signal(object)
    """A ``Ref`` was clicked: it wants to be explained."""
    switched = Signal(bool)
    """Another way to show a part of the page was chosen."""
    more = Signal()
    """More terms of a long sum are wanted."""
    opened = Signal(object)
    """An ``Opener`` was clicked: a part of the page is to open or to close."""
    pressed = Signal(object)
    """A ``Press`` was pressed: a command, or a row that unfolds."""
    reached = Signal(QRectF)
    """The keyboard went to what stands here."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._page = theme, Page(())
        self._lit: frozenset[Hashable] = frozenset()
        self._blocks: list[tuple[Block, float]] = []
        self._spots: list[Spot] = []
        self._column = theme.px(320)
        self._bottom = 0.0
        self._stale = True
        self._under: Spot | None = None
        self._marked = -1
        self.full = lambda ref: ""  # what the tool tip says of a number
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Formula"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    # ---------------------------------------------------------------- what is shown

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._page

    @property
    def blocks(self) -> list[tuple[Block, float]]:
        """The parts laid out, each with its upper edge."""
        self._lay_out()
        return self._blocks

    @property
    def spots(self) -> list[Spot]:
        """Where every number and symbol stands."""
        self._lay_out()
        return self._spots

    def show_page(self, page: Page) -> None:
        """Show another page."""
        if page == self._page:
            return
        marked = self.marked
        self._page, self._marked = page, -1
        self.setAccessibleDescription(page.as_text())
        self._anew()
        refs = [spot.ref for spot in self._spots]
        if isinstance(marked, Opener):
            same = (n for n, ref in enumerate(refs) if isinstance(ref, Opener) and ref.topic == marked.topic)
            self._marked = max(same, default=-1)
        elif isinstance(marked, Press):  # a row that was unfolded stays the one that the keyboard is at
            keys = [getattr(ref, "key", None) for ref in refs]
            self._marked = keys.index(marked.key) if marked.key in keys else -1

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._anew()

    def set_column(self, width: int) -> None:
        """How wide the text is. Given from outside, so that a scroll bar that comes changes nothing."""
        if width != self._column:
            self._column = width
            self._anew()

    def light(self, keys: frozenset[Hashable]) -> None:
        """Light up these numbers."""
        if keys != self._lit:
            self._lit = keys
            self.update()

    def spot_of(self, key: Hashable) -> Spot | None:
        """The first place where a number of this key stands."""
        return next((spot for spot in self.spots if getattr(spot.ref, "key", None) == key), None)

    @property
    def marked(self) -> object:
        """What the keyboard is at: a ``Ref``, a ``Press`` or nothing."""
        return self.spots[self._marked].ref if 0 <= self._marked < len(self.spots) else None

    def end_of(self, topic: str) -> float:
        """The lower edge of what is open of a topic; 0 where nothing is."""
        parts = zip(self._page.parts, self.blocks, strict=True)
        mine = (
            y + block.height for part, (block, y) in parts if isinstance(part, Folded) and part.topic == topic
        )
        return max(mine, default=0.0)

    # ---------------------------------------------------------------- layout

    def _anew(self) -> None:
        self._stale = True
        self._lay_out()
        self.setMinimumHeight(round(self._bottom))
        self.update()

    def _lay_out(self) -> None:
        if not self._stale:
            return
        self._stale = False
        theme, margin = self._theme, self._theme.space(1.5)
        inside = max(self._column - 2 * margin, 100)
        self._blocks, self._spots, y = [], [], float(margin)
        for part in self._page.parts:
            block = block_of(part, inside, theme)
            self._blocks.append((block, y))
            self._spots += [Spot(spot.rect.translated(margin, y), spot.ref) for spot in block.spots]
            y += block.height + theme.space(1.75)
        self._bottom = y - theme.space(1.75) + margin if self._page.parts else y
        self._under = None

    def _spot_at(self, point: QPointF) -> Spot | None:
        self._lay_out()
        found = spot_at(self._spots, point)
        wanted = isinstance(found.ref, _CLICKED | Name) if found is not None else False
        return found if wanted and not _is_constant(found) else None

    def _turn_to(self, spot: Spot | None) -> None:
        if spot is self._under:
            return
        self._under = spot
        points = spot is not None and not isinstance(spot.ref, Name)
        self.setCursor(Qt.CursorShape.PointingHandCursor if points else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(spot.ref if spot is not None and isinstance(spot.ref, Ref | Name) else None)
        self.update()

    def _choose(self, spot: Spot) -> None:
        if isinstance(spot.ref, Gap):
            self.more.emit()
        elif isinstance(spot.ref, Option):
            self.switched.emit(spot.ref.value)
        elif isinstance(spot.ref, Opener):
            self.opened.emit(spot.ref)
        elif isinstance(spot.ref, Press):
            self.pressed.emit(spot.ref)
        elif isinstance(spot.ref, Ref):
            self.chosen.emit(spot.ref)

    def _fold(self, open: bool) -> bool:
        """Unfold or fold the row that the keyboard is at; whether it is at one."""
        row = self.marked
        if isinstance(row, Fold) and row.open != open:
            self.pressed.emit(row)
        return isinstance(row, Fold)

    def _meant(self) -> Spot | None:
        """What Enter is for: the number that is marked, or else the first part that opens further."""
        if 0 <= self._marked < len(self.spots):
            return self._spots[self._marked]
        openers = (each for each in self._spots if isinstance(each.ref, Opener))
        return next((each for each in openers if each.ref.stage), None)  # type: ignore[attr-defined]

    def _mark(self, step: int) -> None:
        """With the keyboard to the next number."""
        places = [number for number, spot in enumerate(self.spots) if isinstance(spot.ref, _CLICKED)]
        if not places:
            return
        here = places.index(self._marked) if self._marked in places else (-1 if step > 0 else 0)
        self._marked = places[(here + step) % len(places)]
        spot = self._spots[self._marked]
        self.hovered.emit(spot.ref if isinstance(spot.ref, Ref) else None)
        self.reached.emit(spot.rect)
        self.update()

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(320), round(self._bottom))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._lay_out()
        theme, margin = self._theme, self._theme.space(1.5)
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("panel"))
            painter.translate(margin, 0)
            for block, y in self._blocks:
                if QRectF(0, y, self.width(), block.height + 4).intersects(QRectF(event.rect())):
                    block.paint(painter, y, theme, self._lit)
            painter.translate(-margin, 0)
            self._paint_marks(painter)

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.colour("accent"), self._theme.px(1.5)))
        if self._under is not None and not isinstance(self._under.ref, Name):
            rect = self._under.rect
            painter.drawLine(QPointF(rect.left(), rect.bottom()), QPointF(rect.right(), rect.bottom()))
        if self.hasFocus() and 0 <= self._marked < len(self._spots):
            painter.drawRoundedRect(self._spots[self._marked].rect.adjusted(-3, -2, 3, 2), 4, 4)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._turn_to(self._spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self._turn_to(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        spot = self._spot_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and spot is not None:
            self._choose(spot)
        else:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Down:
                self._mark(1)
            case Qt.Key.Key_Up:
                self._mark(-1)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if (spot := self._meant()) is not None:
                self._choose(spot)
            case Qt.Key.Key_Right | Qt.Key.Key_Left if self._fold(event.key() == Qt.Key.Key_Right):
                pass
            case _:
                super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            turns = event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Left} and isinstance(self.marked, Fold)
            if bare and turns:  # at a row of the tree they unfold it; elsewhere they are the walk's
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            spot = spot_at(self.spots, QPointF(event.pos()))
            said = "" if spot is None or _is_constant(spot) else _in_full(spot.ref, self.full)
            if spot is not None and said:
                QToolTip.showText(event.globalPos(), said, self, _rounded(spot.rect))
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _in_full(ref: object, full: Callable[[Ref], str]) -> str:
    """What the tool tip says of a number."""
    if isinstance(ref, Figure):
        return format_full(ref.value)
    return full(ref) if isinstance(ref, Ref) else ""


def _is_constant(spot: Spot | None) -> bool:
    return spot is not None and isinstance(spot.ref, Ref) and spot.ref.owner == CONSTANT


def _rounded(rect: QRectF) -> QRect:
    return rect.toAlignedRect()
