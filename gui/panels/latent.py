"""The latent plane: a point is dragged between the codes of the examples, and decoded at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.datasets import Data
from engine.decoding import decodable
from engine.session import Snapshot
from engine.session.latent import Codes, Decoding
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panels.chart_panel import ChartPanel
from gui.panels.judging import class_of
from gui.panels.making.code_choice import CodeChoice
from gui.panels.making.either import Either
from gui.panels.making.pictures import as_pictures, inked, makes_pictures, mosaic
from gui.panels.making.tiles import Tile, Tiles
from gui.panels.trying.answer import Answer
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.latent_chart import LatentChart

CODES, POINT, GRID = "latent.codes", "latent.point", "latent.grid"
"""Names of the probes."""
EVERY, SELDOM = 0.25, 0.5
WIDE = 26
"""About how many pixels wide a picture of the background is, at scale 1."""
FAINT = 0.6
"""How strong they are behind the points."""
Place = tuple[float, float]


class LatentPanel(ChartPanel):
    """The point begins at the example that is looked at and stays with it until it is moved.

    Of a code of more than two numbers two are chosen; the others are those of the example.
    """

    name = "latent"
    title = "Latent plane"
    icon = "scan"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 24
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.chart: LatentChart | None = None
        self.place: Place | None = None
        """Where the user put the point; ``None`` while it is at the example."""
        self._codes: Array | None = None
        self._aimed: object = None
        self._gridded: object = None
        self._columns = 1
        self._example = 0
        self._pacing = Pacing(EVERY)
        self.choice = CodeChoice()
        self.choice.changed.connect(self._chosen)
        self.pictures = QCheckBox(self.tr("Pictures"))
        self.pictures.setToolTip(self.tr("Decode the whole plane, as a background of pictures"))
        self.pictures.toggled.connect(self._aim_grid)
        self.reading = QLabel()
        self.reading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.reading.setMinimumWidth(1)
        self.reading.setAccessibleName(self.tr("The code at the point"))
        self.picture = Tiles(workspace.theme, self.tr("What is decoded"))
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.answer = Answer(workspace.theme)
        self.decoded = QStackedWidget()
        self.decoded.addWidget(self.picture)
        self.decoded.addWidget(self.answer)
        page = QWidget()
        self._head, self._both = QHBoxLayout(), QHBoxLayout()
        left, right = QVBoxLayout(page), QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        self._head.addWidget(self.choice)
        self._head.addWidget(self.pictures)
        self._head.addStretch(1)
        self._room = QVBoxLayout()
        right.addWidget(self.decoded, 1)
        right.addWidget(self.reading)
        self._both.addLayout(self._room, 3)
        self._both.addLayout(right, 2)
        left.addLayout(self._head)
        left.addLayout(self._both, 1)
        self.either = Either(page)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.either)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._aimed = self._gridded = None
        self._pacing.again()

    def end(self) -> None:
        for probe in (CODES, POINT, GRID):
            self.workspace.link.unwatch(probe)

    def refresh_state(self) -> None:
        if not self.ready:
            return
        try:
            layout = layout_of(self.workspace.document)
            nodes = decodable(layout) if len(layout.inputs) == 1 else ()
        except AxonError:
            nodes = ()
        if self.choice.offer(nodes):
            self._begin_anew()
        self.either.say(
            "" if nodes else
            self.tr("This needs a hidden layer of two units or more that everything passes through, such as"
                    " the code of an autoencoder: choose one in Network > Ready-made.")
        )  # fmt: skip
        if self.workspace.example != self._example:
            self._example, self.place = self.workspace.example, None
            self._aimed = None
        self._aim()
        if self._codes is not None:
            self._draw_point()

    def refresh(self, snapshot: Snapshot) -> None:
        data, node = snapshot.data, self.choice.node
        if not self.ready or data is None or node is None:
            return
        if self._aimed is None:
            self._aim()
        answers = snapshot.answers
        codes, decoded, grid = (answers.get(name) for name in (CODES, POINT, GRID))
        if isinstance(decoded, np.ndarray):
            self._show_decoded(decoded, data)
        if not self._pacing.due(snapshot) or not isinstance(codes, np.ndarray):
            return
        if codes.shape != (node.shape[0], min(data.m, Codes("").limit)) or not np.isfinite(codes).all():
            return
        self._codes = codes
        i, j = self.choice.axes
        chart = self._chart()
        chart.show_spots(codes[i], codes[j], class_of(data)[: codes.shape[1]])
        self._draw_point()
        if isinstance(grid, np.ndarray) and self.pictures.isChecked():
            self._show_grid(grid, data)
        self._aim_grid()

    def restyle(self, theme: Theme) -> None:
        self.either.set_theme(theme)
        self.choice.set_theme(theme)
        for each in (self.pictures, self.reading):
            each.setFont(theme.fonts.ui)
        self.picture.set_theme(theme)
        self.answer.set_theme(theme)
        self._both.setSpacing(theme.space())
        self._head.setSpacing(theme.space())
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        if self.chart is not None:
            self.chart.restyle(theme)
            self._gridded = None
            self._aim_grid()

    # ---------------------------------------------------------------- asking

    def _aim(self) -> None:
        """Ask for the codes of the chosen layer."""
        node, data, link = self.choice.node, self.workspace.data, self.workspace.link
        self.pictures.setVisible(makes_pictures(data))
        if node is None or data is None:
            self.end()
            self._aimed = None
            return
        aimed = (node.layer.id, id(data), link.version)
        if aimed != self._aimed:
            self._aimed = aimed
            link.watch(CODES, Codes(node.layer.id), EVERY)

    def _aim_point(self, place: Place) -> None:
        """Ask what is decoded there."""
        node = self.choice.node
        if node is not None:
            question = Decoding(node.layer.id, self.choice.axes, np.array(place)[:, None], self._example)
            self.workspace.link.watch(POINT, question, EVERY)

    def _aim_grid(self, *_: object) -> None:
        """Ask what is decoded all over the plane, if that is wanted."""
        node, chart = self.choice.node, self.chart
        if node is None or chart is None or not self.pictures.isChecked() or not self.pictures.isVisible():
            self.workspace.link.unwatch(GRID)
            self._gridded = None
            if chart is not None:
                chart.show_pictures(None)
            return
        sides, version = chart.sides(WIDE), self.workspace.link.version
        wanted = (node.layer.id, self.choice.axes, chart.reach, sides, self._example, version)
        if wanted != self._gridded:
            self._gridded = wanted
            left, right, bottom, top = chart.reach
            shares = [(np.arange(side) + 0.5) / side for side in sides]
            x, y = np.meshgrid(left + shares[0] * (right - left), top - shares[1] * (top - bottom))
            self._columns = sides[0]
            places = np.stack([x.ravel(), y.ravel()])
            self.workspace.link.watch(
                GRID, Decoding(node.layer.id, self.choice.axes, places, self._example), SELDOM
            )

    def _chosen(self) -> None:
        self._begin_anew()
        self._aim()
        self.refresh(self.workspace.snapshot)

    def _begin_anew(self) -> None:
        """Other axes."""
        self.place, self._codes = None, None
        self._aimed = self._gridded = None
        self._pacing.again()
        if self.chart is not None:
            self.chart.begin_anew()
            self._name_axes(self.chart)

    def _move(self, x: float, y: float) -> None:
        """The user moved the point."""
        self.place = (x, y)
        self._draw_point()

    def _look(self, x: float, y: float) -> None:
        assert self.chart is not None and self.chart.points is not None
        found = self.chart.points.near(x, y)
        if found is not None:
            self.place = None
            self.workspace.choose_example(found)

    # ---------------------------------------------------------------- drawing

    def _chart(self) -> LatentChart:
        if self.chart is None:
            from gui.panels.charts.latent_chart import LatentChart

            self.chart = LatentChart(self.workspace.theme)
            self.chart.moved.connect(self._move)
            self.chart.looked.connect(self._look)
            self._room.addWidget(self.chart)
            self._name_axes(self.chart)
        return self.chart

    def _name_axes(self, chart: LatentChart) -> None:
        chart.label("bottom", self.choice.across.currentText())
        chart.label("up", self.choice.up.currentText())

    def _draw_point(self) -> None:
        """The point where it is now: where the user put it, or at the example."""
        codes, chart = self._codes, self._chart()
        assert codes is not None
        i, j = self.choice.axes
        here = min(self._example, codes.shape[1] - 1)
        place = self.place or (float(codes[i, here]), float(codes[j, here]))
        if chart.points is not None:
            chart.points.choose(self._example)
        chart.show_place(place)
        self._aim_point(place)
        x, y = (format_number(each, 3) for each in place)
        said = self.tr("Decoded at ({0}, {1})") if self.place else self.tr("Example {2}, at ({0}, {1})")
        self.reading.setText(said.format(x, y, self._example + 1))

    def _show_decoded(self, made: Array, data: Data) -> None:
        pictures = as_pictures(made, data)
        if pictures is not None:
            self.picture.show_tiles((Tile(picture=pictures[0]),))
            self.decoded.setCurrentWidget(self.picture)
            return
        values = np.asarray(made, np.float64).reshape(len(made), -1)[:, -1]
        same = next((each for each in (data.features, data.classes) if len(each) == len(values)), ())
        names = same if data.k != len(values) or data.classes == same else data.targets
        self.answer.show_answer(tuple(names) or tuple(str(each + 1) for each in range(len(values))), values)
        self.decoded.setCurrentWidget(self.answer)

    def _show_grid(self, made: Array, data: Data) -> None:
        pictures = as_pictures(made, data)
        if pictures is not None and len(pictures) % self._columns == 0:
            chart = self._chart()
            apart = np.pad(pictures, ((0, 0), (0, 1), (0, 1)))
            chart.show_pictures(inked(mosaic(apart, self._columns), self.workspace.theme, FAINT), chart.reach)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(480), theme.px(280))
