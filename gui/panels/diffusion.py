"""Diffusion: examples on their way into noise, and samples on their way out of it, frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.plan import Array
from engine.datasets import Data
from engine.noising import moments, noised
from engine.procedures import procedures
from engine.procedures.denoising import Denoising
from engine.session import Snapshot
from engine.session.denoisings import Denoised, Sampler, Sampling, Wish
from gui.icons import icon
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.judging import number_of_classes
from gui.panels.making.either import Either
from gui.panels.making.pictures import as_pictures, makes_pictures
from gui.panels.making.player import Player
from gui.panels.making.tiles import Ranges, Tile, Tiles
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.widgets.switch import switch_style
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.denoising_chart import DenoisingChart

PROBE = "diffusion"
EVERY = 0.25
"""Seconds between two slices while training runs."""
POINTS, PICTURES = 150, 12
"""So many samples are made."""
SIDES = (17, 9)
"""How many arrows stand side by side, and one above the other."""
LEVELS = 7
"""Noise levels that are always shown."""
MOST_REAL = 400
WIDEST = 2.8
"""Plain noise lies within this for the most part."""


class DiffusionPanel(ChartPanel):
    """The slider goes through the frames of the one way or the other; samples begin with the same noise."""

    name = "diffusion"
    title = "Diffusion"
    icon = "shuffle"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 26
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: DenoisingChart | None = None
        self.found: Denoised | None = None
        self.draw = 0
        """Which noise the samples begin with."""
        self._sampler = Sampler(Wish(1), np.zeros((0, 0)))
        self._aimed: object = None
        self._asking = False
        self._pacing = Pacing(EVERY)
        self.denoising = self._way(self.tr("Denoising"), self.tr("Samples on their way out of noise"))
        self.noising = self._way(self.tr("Noising"), self.tr("The example on its way into noise"))
        self.denoising.setChecked(True)
        self._ways = QButtonGroup(self)
        for button in (self.denoising, self.noising):
            self._ways.addButton(button)
        self.player = Player(workspace.theme)
        self.player.moved.connect(self._draw)
        self.guess = QCheckBox("x₀")
        self.guess.setToolTip(self.tr("Show the example x₀ that follows from the noise predicted in x_t"))
        self.guess.toggled.connect(self._draw)
        self.classes = QComboBox()
        self.classes.setAccessibleName(self.tr("Class of the samples"))
        self.classes.activated.connect(lambda _: self._aim())
        self.other = QToolButton()
        self.other.setAccessibleName(self.tr("Begin with other noise"))
        self.other.setToolTip(self.other.accessibleName())
        self.other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.other.clicked.connect(self._draw_others)
        self.reading = QLabel()
        self.reading.setAccessibleName(self.tr("Where it stands"))
        self.tiles = Tiles(workspace.theme, self.tr("Frames"))
        self.tiles.chosen.connect(self._tile_chosen)
        self._levels: tuple[int, ...] = ()
        self.either = Either(self._laid_out())
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.either)
        self.restyle(workspace.theme)

    def _way(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(self._turned)
        return button

    def _laid_out(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        self._head, self._foot = QHBoxLayout(), QHBoxLayout()
        ways = QHBoxLayout()
        ways.setSpacing(0)
        for button in (self.denoising, self.noising):
            ways.addWidget(button)
        self._head.addLayout(ways)
        self._head.addWidget(self.player, 1)
        self._foot.addWidget(self.reading, 1)
        for widget in (self.classes, self.guess, self.other):
            self._foot.addWidget(widget)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.tiles)
        column.addLayout(self._head)
        column.addLayout(self._stack, 1)
        column.addLayout(self._foot)
        return page

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._aimed, self._asking = None, False
        self._pacing.again()

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)
        self._aimed, self._asking = None, False

    def refresh_state(self) -> None:
        if not self.ready:
            return
        sentence = self._needed(self.workspace.data)
        self.either.say(sentence)
        if sentence:
            self.player.stop()
            self.end()
        else:
            self._aim()
            self._draw()

    def refresh(self, snapshot: Snapshot) -> None:
        if not self.ready:
            return
        if self._aimed is None:
            self.refresh_state()
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, Denoised) and self._aimed is not None and self._pacing.due(snapshot):
            self._take(answer)

    def restyle(self, theme: Theme) -> None:
        self.either.set_theme(theme)
        for each in (self.denoising, self.noising, self.guess, self.classes, self.reading):
            each.setFont(theme.fonts.ui)
        for button in (self.denoising, self.noising):
            button.setStyleSheet(switch_style(theme))
        self.other.setIcon(icon("dices", theme))
        self.other.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.player.set_theme(theme)
        self.tiles.set_theme(theme)
        self.reading.setMinimumWidth(1)
        self._head.setSpacing(theme.space())
        self._foot.setSpacing(theme.space())
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)

    # ---------------------------------------------------------------- asking

    @property
    def procedure(self) -> Denoising | None:
        """How the network is trained, if it is a diffusion."""
        made = procedures.make(self.workspace.document.training.procedure)
        return made if isinstance(made, Denoising) else None

    def _needed(self, data: Data | None) -> str:
        """What is missing."""
        if self.procedure is None:
            return self.tr("This needs a network that learns to take noise away: choose a diffusion model in"
                           " Network > Ready-made.")  # fmt: skip
        if data is None:
            return self.workspace.snapshot.problem or self.tr("There is no data yet.")
        if not makes_pictures(data) and data.n != 2:
            return self.tr("Examples of two numbers, or pictures, can be shown here; these are neither.")
        return ""

    def _aim(self) -> None:
        """Ask for samples, if others are wanted than those that are on their way."""
        data, procedure, link = self.workspace.data, self.procedure, self.workspace.link
        if data is None or procedure is None:
            return
        names = data.classes if procedure.conditional and number_of_classes(data) else ()
        if names != tuple(self.classes.itemText(each) for each in range(1, self.classes.count())):
            self.classes.clear()
            self.classes.addItems([self.tr("all classes"), *names] if names else [])
        self.classes.setVisible(bool(names))
        asked = self.classes.currentIndex()
        aimed = (id(data), link.version, self.draw, asked)
        if aimed == self._aimed:
            return
        self._aimed, self._asking, self.found = aimed, False, None
        count = PICTURES if makes_pictures(data) else POINTS
        numbers = (each % len(names) if asked < 1 else asked - 1 for each in range(count)) if names else ()
        alone = not makes_pictures(data) and not (names and asked < 1)
        self._sampler = Sampler(
            Wish(count, self.draw, tuple(numbers)), _grid(_ranges(data)) if alone else np.zeros((data.n, 0))
        )
        self._pacing.again()
        link.watch(PROBE, Sampling(self._sampler), EVERY)

    def _take(self, found: Denoised) -> None:
        self.found = found
        if not found.complete and not self.workspace.snapshot.running and not self._asking:
            self._asking = True
            self.workspace.link.ask(Sampling(self._sampler), self._answered)
        self._draw()

    def _answered(self, answer: object) -> None:
        self._asking = False
        if isinstance(answer, Denoised) and self.isVisible() and self._aimed is not None:
            self._take(answer)

    def _draw_others(self) -> None:
        self.draw += 1
        self._aim()

    # ---------------------------------------------------------------- drawing

    def _turned(self, *_: object) -> None:
        """The other way."""
        procedure = self.procedure
        if procedure is not None:
            self.player.stop()
            self.player.slider.setRange(0, 0)
            self._draw()

    def _tile_chosen(self, number: int) -> None:
        if self.noising.isChecked() and number < len(self._levels):
            self.player.go_to(self._levels[number])

    def _draw(self, *_: object) -> None:
        data, procedure = self.workspace.data, self.procedure
        if data is None or procedure is None or not self.ready or self._needed(data):
            return
        forward = self.noising.isChecked()
        self.guess.setVisible(not forward)
        self.other.setVisible(not forward)
        self.classes.setVisible(not forward and self.classes.count() > 0)
        if forward:
            self._draw_noising(data, procedure)
        else:
            self._draw_denoising(data, procedure)

    def _draw_noising(self, data: Data, procedure: Denoising) -> None:
        """The example at some noise levels, and at the chosen one."""
        self.player.set_count(procedure.steps + 1)
        t = self.player.frame
        self._levels = tuple(sorted({*moments(procedure.steps, LEVELS), t}))
        flat = not makes_pictures(data)
        here = min(self.workspace.example, data.m - 1)
        X = data.X[:, :MOST_REAL] if flat else data.X[:, [here]]
        tiles = []
        for level, x in zip(self._levels, noised(procedure, X, self._levels), strict=True):
            pictures = as_pictures(x, data)
            caption = self.tr("t = {0}").format(level)
            tiles.append(Tile(caption, points=x) if pictures is None else Tile(caption, picture=pictures[0]))
        self._stack.setCurrentWidget(self.tiles)
        ranges = _ranges(data) if flat else None
        self.tiles.show_tiles(tuple(tiles), ranges, self._levels.index(t))
        left = float(procedure.alpha_bar()[t - 1]) if t else 1.0
        shares = (format_number(each, 2) for each in (np.sqrt(left), np.sqrt(1.0 - left)))
        self.reading.setText(
            self.tr("t = {0} of {1}: x_t = {2} x₀ + {3} ε").format(t, procedure.steps, *shares)
        )

    def _draw_denoising(self, data: Data, procedure: Denoising) -> None:
        """The samples at the chosen frame."""
        found = self.found
        if found is None or not found.frames:
            share = format_number(100 * (found.share if found is not None else 0.0), 2)
            self.reading.setText(self.tr("Samples are being made: {0} %").format(share))
            return
        if len(found.frames[0].x) != data.n:
            return
        self.player.set_count(len(found.frames))
        number = min(self.player.frame, len(found.frames) - 1)
        frame = found.frames[number]
        made = frame.x0 if self.guess.isChecked() else frame.x
        pictures = as_pictures(made, data)
        if pictures is not None:
            self._stack.setCurrentWidget(self.tiles)
            names = self._sampler.wish.classes
            captions = [data.classes[each] for each in names] or [""] * len(pictures)
            self.tiles.show_tiles(tuple(
                Tile(caption, picture) for caption, picture in zip(captions, pictures, strict=True)
            ))  # fmt: skip
        else:
            self._draw_points(data, made, found.arrows[number])
        said = self.tr("t = {0} of {1}, by the network after update {2}")
        self.reading.setText(said.format(frame.t, procedure.steps, found.step))
        self.reading.setToolTip(self.reading.text())

    def _draw_points(self, data: Data, made: Array, noise: Array) -> None:
        if self.chart is None:
            from gui.panels.charts.denoising_chart import DenoisingChart

            self.chart = DenoisingChart(self.workspace.theme)
            self._stack.addWidget(self.chart)
        chart = self.chart
        self._stack.setCurrentWidget(chart)
        (left, right), (bottom, top) = _ranges(data)
        chart.show_range(left, right, bottom, top)
        chart.label("bottom", self.tr("arrows: −ε") if noise.size else "")
        chart.show_data(data.X[:, :MOST_REAL])
        chart.show_samples(made)
        if chart.arrows is not None:
            places = self._sampler.places if noise.size else np.zeros((2, 0))
            chart.arrows.set(places, -noise)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(440), theme.px(300))


def _ranges(data: Data) -> Ranges:
    """The part of the plane in which both data and plain noise lie."""
    far = [max(WIDEST, 1.1 * float(np.abs(row).max())) for row in data.X]
    return (-far[0], far[0]), (-far[1], far[1])


def _grid(ranges: Ranges) -> Array:
    """The places of the arrows, (2, places)."""
    sides = [
        low + (np.arange(side) + 0.5) * (high - low) / side
        for (low, high), side in zip(ranges, SIDES, strict=True)
    ]
    x, y = np.meshgrid(*sides)
    return np.stack([x.ravel(), y.ravel()])
