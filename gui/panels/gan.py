"""The game of a GAN: real and generated examples, what D says of them, where the generator is pulled."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.plan import Array
from engine.datasets import Data
from engine.procedures import procedures
from engine.session import Snapshot
from engine.session.game import Game, Standoff, Watcher
from gui.icons import icon
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.making.either import Either
from gui.panels.making.pictures import as_pictures, makes_pictures
from gui.panels.making.tiles import Tile, Tiles
from gui.panels.plane import Plane, side_for
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.game_chart import GameChart

PROBE = "gan"
EVERY = 0.25
"""Seconds between two answers while training runs."""
POINTS, PICTURES = 80, 16
"""So many examples are generated."""
MOST_REAL = 300
"""So many real points are drawn."""
FINEST = 48


class GanPanel(ChartPanel):
    """Examples keep their noise from answer to answer, so that each can be followed."""

    name = "gan"
    title = "GAN"
    icon = "split"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 25
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: GameChart | None = None
        self.found: Standoff | None = None
        self.plane: Plane | None = None
        self.draw = 0
        """Which noise is drawn."""
        self._aimed: object = None
        self._watcher = Watcher()
        self._pacing = Pacing(EVERY)
        self.marks = (QLabel(), QLabel())
        self.real, self.fake = QLabel(), QLabel()
        self.real.setAccessibleName(self.tr("What the discriminator says of the real examples"))
        self.fake.setAccessibleName(self.tr("What the discriminator says of the generated examples"))
        self.arrows = QCheckBox(self.tr("Arrows"))
        self.arrows.setToolTip(
            self.tr(
                "Against the gradient of the generator's loss: the way in which D would be deceived better"
            )
        )
        self.arrows.setChecked(True)
        self.arrows.toggled.connect(self._draw)
        self.other = QToolButton()
        self.other.setAccessibleName(self.tr("Draw other noise"))
        self.other.setToolTip(self.other.accessibleName())
        self.other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.other.clicked.connect(self._draw_others)
        self.sheet = Tiles(
            workspace.theme, self.tr("Generated pictures, with what the discriminator says of each")
        )
        page = QWidget()
        self._head = QHBoxLayout()
        for widget in (self.marks[0], self.real, self.marks[1], self.fake):
            self._head.addWidget(widget)
        self._head.addStretch(1)
        self._head.addWidget(self.arrows)
        self._head.addWidget(self.other)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.sheet)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._head)
        column.addLayout(self._stack, 1)
        self.either = Either(page)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.either)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._aimed = None
        self._pacing.again()

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)
        self._watcher, self._aimed = Watcher(), None

    def refresh_state(self) -> None:
        if not self.ready:
            return
        sentence = self._needed(self.workspace.data)
        self.either.say(sentence)
        if sentence:
            self.end()
        else:
            self._aim()

    def refresh(self, snapshot: Snapshot) -> None:
        if not self.ready:
            return
        if self._aimed is None:
            self.refresh_state()
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, Standoff) and self._aimed is not None and self._pacing.due(snapshot):
            self.found = answer
            self._draw()

    def restyle(self, theme: Theme) -> None:
        from gui.panels.charts.markers import marker_picture  # costs time to load: only once it is shown

        self.either.set_theme(theme)
        self.sheet.set_theme(theme)
        for each in (self.real, self.fake, self.arrows):
            each.setFont(theme.fonts.ui)
        for number, mark in zip((1, 0), self.marks, strict=True):
            mark.setPixmap(marker_picture(theme, number, 12, self.devicePixelRatioF()))
        self.other.setIcon(icon("dices", theme))
        self.other.setIconSize(QSize(theme.px(18), theme.px(18)))
        self._head.setSpacing(theme.space(0.75))
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
        self._draw()

    # ---------------------------------------------------------------- asking

    def _needed(self, data: Data | None) -> str:
        """What is missing."""
        if not procedures.make(self.workspace.document.training.procedure).adversarial:
            return self.tr(
                "This needs a generator and a discriminator: choose a GAN in Network > Ready-made."
            )
        if data is None:
            return self.workspace.snapshot.problem or self.tr("There is no data yet.")
        if not makes_pictures(data) and data.n != 2:
            return self.tr("Examples of two numbers, or pictures, can be shown here; these are neither.")
        return ""

    def _aim(self) -> None:
        """Ask how the game stands."""
        workspace, data = self.workspace, self.workspace.data
        aimed = (id(data), workspace.link.version, self.draw)
        if aimed == self._aimed or data is None:
            return
        self._aimed = aimed
        X, count = np.zeros((data.n, 0)), PICTURES
        if not makes_pictures(data):
            self.plane = Plane.over(data, (0, 1), min(FINEST, 2 * side_for(workspace.parameters)))
            X, count = self.plane.X, POINTS
            self._chart().set_plane(self.plane)
        self._pacing.again()
        workspace.link.watch(PROBE, Game(self._watcher, count, X, self.draw), EVERY)

    def _draw_others(self) -> None:
        self.draw += 1
        self._aim()

    # ---------------------------------------------------------------- drawing

    def _chart(self) -> GameChart:
        if self.chart is None:
            from gui.panels.charts.game_chart import GameChart

            self.chart = GameChart(self.workspace.theme)
            self._stack.addWidget(self.chart)
        return self.chart

    def _draw(self, *_: object) -> None:
        found, data = self.found, self.workspace.data
        if found is None or data is None or len(found.fake) != data.n or not self.ready:
            return
        self.real.setText(self.tr("real: D = {0} on average").format(_mean(found.real)))
        self.fake.setText(self.tr("generated: {0}").format(_mean(found.verdict)))
        pictures = as_pictures(found.fake, data)
        self.arrows.setVisible(pictures is None)
        if pictures is not None:
            self._stack.setCurrentWidget(self.sheet)
            self.sheet.show_tiles(tuple(
                Tile(format_number(verdict, 2), picture)
                for verdict, picture in zip(found.verdict, pictures, strict=True)
            ))  # fmt: skip
            return
        chart, plane = self._chart(), self.plane
        self._stack.setCurrentWidget(chart)
        if plane is not None and found.field.size == plane.X.shape[1] and plane.data is data:
            chart.show_field(plane, found.field)
        chart.show_points(data.X[:, :MOST_REAL], found.fake)
        if chart.arrows is not None:
            wanted = self.arrows.isChecked()
            nothing = np.zeros((2, 0))
            chart.arrows.set(found.fake if wanted else nothing, found.pull if wanted else nothing)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(420), theme.px(300))


def _mean(verdict: Array) -> str:
    return format_number(float(verdict.mean()), 2) if len(verdict) else ""
