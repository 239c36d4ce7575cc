"""The timeline bar: the whole training above, the steps of the present update below; both can be dragged."""

from __future__ import annotations

import time
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QWidget

from engine.core.plan import Phase
from engine.session import Snapshot
from engine.trace import Trace
from gui.colours import blend
from gui.icons import icon
from gui.pacing import Pacing
from gui.run_menu import open_run_menu
from gui.theme import Theme
from gui.walkthrough.forks import Forks
from gui.walkthrough.lane_menu import menu_at
from gui.walkthrough.words import example_name, layer_name, phase_name
from gui.workspace import Workspace

PHASE_COLOURS = {
    Phase.FORWARD: "accent",
    Phase.LOSS: "warning",
    Phase.BACKWARD: "gradient",
    Phase.UPDATE: "step",
}
SEEKS_A_SECOND = 25
MOST_TICKS = 80
SIDE = 30
"""Pixels of the button at the right end."""
EVERY = 1 / 15
"""Seconds between two pictures while training."""


class Gesture(Protocol):
    """One drag, from press to release."""

    def move(self, x: float) -> None:
        """The mouse is at x."""

    def end(self) -> None:
        """The button was released."""


class SeekGesture:
    """Drags through the updates of the training; the worker is asked only as often as it can answer."""

    def __init__(self, bar: TimelineBar, x: float) -> None:
        self._bar, self.step, self._sent, self._last = bar, -1, -1, 0.0
        self.move(x)

    def move(self, x: float) -> None:
        self.step = self._bar.step_at(x)
        now = time.perf_counter()
        if now - self._last > 1 / SEEKS_A_SECOND:
            self._last = now
            self._send()
        self._bar.update()

    def end(self) -> None:
        self._send()

    def _send(self) -> None:
        if self.step != self._sent:
            self._sent = self.step
            self._bar.workspace.training.seek(self.step)


class ScrubGesture:
    """Drags through the steps of the present update."""

    def __init__(self, bar: TimelineBar, x: float) -> None:
        self._bar = bar
        self.move(x)

    def move(self, x: float) -> None:
        self._bar.workspace.walking.go_to(self._bar.micro_at(x))

    def end(self) -> None:
        """Nothing is left to do."""


class TimelineBar(QWidget):
    """Two lanes. It takes no arrow keys: these belong to the steps, wherever the focus is."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setAccessibleName(self.tr("Timeline"))
        self.setAccessibleDescription(
            self.tr("Above all updates of the training, below the steps of the present one.")
        )
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._gesture: Gesture | None = None
        self._span = (0, 0)
        self.forks = Forks(self)
        self._drawn: tuple[object, QPixmap] | None = None
        self._pacing = Pacing(EVERY)
        self._lane: object = None
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.branch = QToolButton(self)
        self.branch.setAccessibleName(self.tr("Branch from here"))
        self.branch.setToolTip(self.tr("Branch from here (Y): the present run stays, and a new one begins"))
        self.branch.setAutoRaise(True)
        self.branch.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.branch.clicked.connect(lambda _=False: workspace.branches.branch())
        self.text = QLabel(self)
        self.text.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.text.setAutoFillBackground(True)
        self.text.setBackgroundRole(QPalette.ColorRole.Window)
        workspace.snapshot_changed.connect(self._snapshot)
        workspace.walk_changed.connect(self._refresh)
        workspace.state_changed.connect(self._refresh)
        workspace.theme_changed.connect(self._theme)
        self._theme(workspace.theme)
        self._snapshot(workspace.snapshot)

    # ---------------------------------------------------------------- where things are

    @property
    def span(self) -> tuple[int, int]:
        """The first update that can be restored and the furthest that was reached."""
        return self._span

    def training_lane(self) -> QRectF:
        """Where the updates are."""
        theme = self.workspace.theme
        side, right = theme.space(1.5), theme.px(SIDE) + theme.space(1)
        return QRectF(side, theme.px(8), self.width() - side - right, theme.px(10))

    def micro_lane(self) -> QRectF:
        """Where the steps of an update are."""
        theme = self.workspace.theme
        lane = self.training_lane()
        return QRectF(lane.left(), lane.bottom() + theme.px(7), lane.width(), theme.px(16))

    def step_at(self, x: float) -> int:
        """The update at x."""
        first, last = self._span
        lane = self.training_lane()
        return first + round(_share(x, lane) * (last - first))

    def micro_at(self, x: float) -> int:
        """The step of the walk at x; −1, before the first, at the left end."""
        walk = self.workspace.walk
        return -1 if walk is None else round(_share(x, self.micro_lane()) * len(walk.trace)) - 1

    def x_of_step(self, step: int) -> float:
        """Where an update is."""
        first, last = self._span
        lane = self.training_lane()
        return lane.left() + lane.width() * ((step - first) / (last - first) if last > first else 0.0)

    def x_of_micro(self, at: int) -> float:
        """Where a step of the walk ends."""
        walk, lane = self.workspace.walk, self.micro_lane()
        return lane.left() + lane.width() * ((at + 1) / len(walk.trace) if walk is not None else 0.0)

    # ---------------------------------------------------------------- plumbing

    def _snapshot(self, snapshot: Snapshot) -> None:
        branches = self.workspace.branches
        self._span = (branches.reach, max(self.workspace.curve.end, snapshot.step))
        if self.isVisible() and self._pacing.due(snapshot):
            self._say()
            self.forks.look()
            lane = self._what_the_lane_shows()
            if lane != self._lane:
                self._lane = lane
                self.update()

    def _refresh(self, *_: object) -> None:
        self._say()
        self.update()

    def _say(self) -> None:
        """The words below the lane, in a widget of their own: they change more often than the lane; and
        whether the button can be pressed."""
        self.text.setVisible(self.workspace.walk is None)
        self.text.setText(self._training_text())
        branches = self.workspace.branches  # where another way could be gone than was gone before
        self.branch.setEnabled(branches.possible and branches.in_the_past)

    def _what_the_lane_shows(self) -> object:
        """Equal for pictures that look the same."""
        first, last = self._span
        ticks = self._ticks()
        here = round(2 * self.x_of_step(self.workspace.snapshot.step))
        return (here, ticks, ticks and (first, last), self.forks.looks)

    def _ticks(self) -> int:
        """How many updates lie between two marks of epochs; 0 where the marks would be too many."""
        position, (first, last) = self.workspace.snapshot.position, self._span
        batches = position.batches if position is not None else 0
        return batches if batches and 0 < (last - first) // batches <= MOST_TICKS else 0

    def _theme(self, theme: Theme) -> None:
        self._drawn = None
        self.branch.setIcon(icon("git-branch", theme, colour="accent"))
        self.branch.setIconSize(QSize(theme.px(20), theme.px(20)))
        self.text.setFont(theme.fonts.small)
        palette = QPalette(theme.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("text-muted"))
        self.text.setPalette(palette)
        self.text.setGeometry(self.micro_lane().toAlignedRect())
        self.updateGeometry()
        self._refresh()

    # ---------------------------------------------------------------- painting

    def _paint_training(self, painter: QPainter, theme: Theme) -> None:
        lane, (first, last) = self.training_lane(), self._span
        walk = self.workspace.walk
        here = walk.trace.step_number if walk is not None else self.workspace.snapshot.step
        if isinstance(self._gesture, SeekGesture):
            here = self._gesture.step
        groove = QRectF(lane.left(), lane.center().y() - theme.px(2), lane.width(), theme.px(4))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("border"))
        painter.drawRoundedRect(groove, 2, 2)
        x = self.x_of_step(here)
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), x - groove.left(), groove.height()), 2, 2)
        batches = self._ticks()
        if batches:
            painter.setPen(QPen(theme.colour("outline"), 1))
            for epoch in range(-(-first // batches), last // batches + 1):
                at = self.x_of_step(epoch * batches)
                painter.drawLine(QPointF(at, groove.bottom() + 1), QPointF(at, groove.bottom() + theme.px(3)))
        self.forks.paint(painter)
        painter.setPen(QPen(theme.colour("panel"), theme.px(1.5)))
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(QPointF(x, lane.center().y()), theme.px(6), theme.px(6))

    def _paint_micro(self, painter: QPainter, theme: Theme) -> None:
        lane, walk = self.micro_lane(), self.workspace.walk
        if walk is None:
            return
        painter.drawPixmap(lane.topLeft(), self._segments(walk.trace, theme, lane))
        x = self.x_of_micro(walk.at)
        rest = QRectF(x, lane.top(), lane.right() - x, lane.height())
        painter.fillRect(rest, theme.colour("window", 0.55))
        painter.setPen(QPen(theme.colour("active"), theme.px(3)))
        painter.drawLine(QPointF(x, lane.top() - theme.px(2)), QPointF(x, lane.bottom() + theme.px(2)))

    def _training_text(self) -> str:
        first, last = self._span
        here = self.workspace.snapshot.step
        if last <= first:
            return self.tr("Space: train. Right arrow: walk through one update.")
        return self.tr("{0} of {1} updates").format(here, last)

    def _segments(self, trace: Trace, theme: Theme, lane: QRectF) -> QPixmap:
        """The sections of the trace, coloured by phase and shaded by layer; drawn once a trace."""
        ratio = self.devicePixelRatioF()
        key = (id(trace), theme, lane.width(), ratio)
        if self._drawn is not None and self._drawn[0] == key:
            return self._drawn[1]
        picture = QPixmap(round(lane.width() * ratio), round(lane.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme.colour("window"))
        with QPainter(picture) as painter:
            unit, height = lane.width() / len(trace), lane.height()
            for number, section in enumerate(trace.sections):
                left = trace.starts[number] * unit
                rect = QRectF(left, 0, max(1.0, section.count * unit), height)
                painter.fillRect(rect, _section_colour(trace, section.owner, section.phase, theme))
                if section.count * unit > 4:
                    painter.fillRect(QRectF(left, 0, 1, height), theme.colour("window"))
            self._name_phases(painter, trace, theme, unit, height)
        self._drawn = (key, picture)
        return picture

    def _name_phases(self, painter: QPainter, trace: Trace, theme: Theme, unit: float, height: float) -> None:
        painter.setFont(theme.fonts.small)
        begin = 0
        sections = trace.sections
        for number, section in enumerate(sections):
            follower = sections[number + 1] if number + 1 < len(sections) else None
            if (
                follower is not None
                and follower.phase is section.phase
                and follower.example == section.example
            ):
                continue
            rect = QRectF(begin * unit, 0, (trace.starts[number + 1] - begin) * unit, height)
            begin = trace.starts[number + 1]
            text = phase_name(section.phase)
            for name in (text, text[:1]):
                if painter.fontMetrics().horizontalAdvance(name) + theme.px(6) < rect.width():
                    painter.setPen(theme.ink_on(theme.colour(PHASE_COLOURS[section.phase])))
                    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), name)
                    break

    def _text_at(self, x: float, y: float) -> str:
        walk = self.workspace.walk
        if y < self.micro_lane().top() - 2:
            fork = self.forks.at(x)
            return self.forks.text(fork) if fork else self.tr("update {0}").format(self.step_at(x) + 1)
        if walk is None:
            return ""
        at = max(0, self.micro_at(x))
        _, section = walk.trace.section_of(at)
        parts = [phase_name(section.phase), example_name(walk.trace, section.example)]
        parts.append(layer_name(walk.trace, section.owner) if section.phase is not Phase.LOSS else "")
        return " · ".join(filter(None, parts))

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(400), round(self.micro_lane().bottom()) + theme.px(5))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.workspace.theme.px(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.workspace.theme
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.colour("window"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_training(painter, theme)
            self._paint_micro(painter, theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x, y = event.position().x(), event.position().y()
        border = (self.training_lane().bottom() + self.micro_lane().top()) / 2
        fork = self.forks.at(x) if y < border else None
        if fork is not None:
            self.forks.visit(fork, event.globalPosition().toPoint())
        elif y < border:
            self._gesture = SeekGesture(self, x)
        elif self.workspace.walk is not None:
            self._gesture = ScrubGesture(self, x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            self._gesture.move(event.position().x())
        else:
            self.setToolTip(self._text_at(event.position().x(), event.position().y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._gesture is not None:
            gesture, self._gesture = self._gesture, None
            gesture.end()
            self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        at = event.pos()
        if at.y() < self.micro_lane().top() - 2:
            open_run_menu(self.workspace, self, event.globalPos(), self.step_at(at.x()), None)
            return
        menu = menu_at(self.micro_at(at.x()), self.workspace, self)
        if menu is not None:
            menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = self.workspace.theme
        side = theme.px(SIDE)
        self.branch.setGeometry(self.width() - side - theme.px(4), (self.height() - side) // 2, side, side)
        self.text.setGeometry(self.micro_lane().toAlignedRect())


def _share(x: float, lane: QRectF) -> float:
    return min(1.0, max(0.0, (x - lane.left()) / max(1.0, lane.width())))


def _section_colour(trace: Trace, owner: str, phase: Phase, theme: Theme) -> QColor:
    colour = theme.colour(PHASE_COLOURS[phase])
    node = trace.layout.nodes.get(owner)
    odd = node is not None and node.number is not None and node.number % 2 == 0
    return blend(colour, theme.colour("window"), 0.25) if odd else colour
