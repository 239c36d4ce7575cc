"""The census of hidden units: who is dead, since when, and for how many examples the others are flat."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.census import LayerCensus
from engine.core.problems import AxonError
from engine.session import Snapshot
from engine.session.mortality import Census, Counting, Mortality
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.census_view import Band, CensusView, Unit
from gui.selection import Selection
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

PROBE = "census"
EVERY = 0.25
"""Seconds between two counts while training runs."""
MOST_NAMED = 3
"""So many dead units are named one by one."""


class CensusPanel(Panel):
    """While training runs it counts; when it stands still the deaths are traced back to the very update."""

    name = "census"
    title = "Dead units"
    icon = "activity"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 42
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.census: Census | None = None
        self._mortality = Mortality()
        self._pacing = Pacing(EVERY)
        self._asking = False
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.verdict.setAccessibleName(self.tr("Result of the census"))
        self.view = CensusView(workspace.theme)
        self.view.said = self.said
        self.view.hovered.connect(self._hover)
        self.view.chosen.connect(self._choose)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.view)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.verdict)
        self._column.addWidget(self._scroll, 1)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        self.workspace.link.watch(PROBE, Counting(self._mortality, 0.0), EVERY)

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)
        self._mortality, self.census, self._asking = Mortality(), None, False

    def refresh(self, snapshot: Snapshot) -> None:
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, Census) and self._pacing.due(snapshot):
            self._take(answer)

    def restyle(self, theme: Theme) -> None:
        self.verdict.setFont(theme.fonts.ui)
        self._column.setContentsMargins(theme.space(), theme.space(0.5), 0, 0)
        self._column.setSpacing(theme.space(0.5))
        self.view.set_theme(theme)

    # ---------------------------------------------------------------- asking

    def _take(self, census: Census) -> None:
        self.census = census
        if not census.complete and not self.workspace.snapshot.running and not self._asking:
            self._asking = True
            self.workspace.link.ask(Counting(self._mortality), self._answered)
        self._draw()

    def _answered(self, answer: object) -> None:
        self._asking = False
        if isinstance(answer, Census) and self.isVisible():
            self._take(answer)

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        census = self.census
        assert census is not None
        try:
            nodes = layout_of(self.workspace.document).nodes
        except AxonError:
            return
        bands: list[Band] = []
        for each in census.layers:
            node = nodes.get(each.layer)
            if node is None:
                continue
            g = getattr(node.kind, "g", None)
            name = node.layer.name or node.kind.title
            title = f"{name} {node.label} · {getattr(g, 'title', '')}"
            if not bands:
                title += self.tr(" · share of the examples without a slope")
            bands.append(Band(each.layer, title, each.flat, each.dead))
        self.view.show_bands(tuple(bands))
        self.verdict.setText(self._verdict(census))

    def _verdict(self, census: Census) -> str:
        units = sum(len(each.flat) for each in census.layers)
        if not units:
            return self.tr("No hidden layer here has an activation function that can be flat.")
        if not census.deaths:
            flat = sum(float(each.flat.sum()) for each in census.layers) / units
            return self.tr(
                "All {0} hidden units are alive; on average they are flat for {1} % of the examples."
            ).format(units, format_number(100 * flat, 2))
        said = self.tr("{0} of {1} hidden units are dead: ").format(len(census.deaths), units)
        named = [self._death(unit) for unit in sorted(census.deaths)[:MOST_NAMED]]
        more = len(census.deaths) - len(named)
        if more:
            named.append(self.tr("{0} more").format(more))
        end = "" if census.complete else " …"
        return f"{said}{'; '.join(named)}.{end}"

    def _death(self, unit: Unit) -> str:
        assert self.census is not None
        layer, number = unit
        death = self.census.deaths[unit]
        name = self.tr("unit {0} of {1}").format(number + 1, self._label(layer))
        if death.alive is None:
            if death.dead <= self.census.start:
                return self.tr("{0} since the beginning").format(name)
            return self.tr("{0} since update {1} or before").format(name, death.dead)
        epoch = self._epoch_of(death.dead)
        if death.exact:
            return self.tr("{0} since update {1} (epoch {2})").format(name, death.dead, epoch)
        return self.tr("{0} since an update from {1} to {2}").format(name, death.alive + 1, death.dead)

    def _epoch_of(self, update: int) -> int:
        position = self.workspace.snapshot.position
        batches = position.batches if position is not None else 1
        return (update - 1) // max(1, batches) + 1

    def _label(self, layer: str) -> str:
        try:
            return layout_of(self.workspace.document).nodes[layer].label
        except (AxonError, KeyError):
            return layer

    def said(self, unit: Unit) -> str:
        """All about one unit."""
        found = self._of(unit)
        if found is None or self.census is None:
            return ""
        share = self.tr("Unit {0} of {1}: no slope for {2} % of {3} examples").format(
            unit[1] + 1,
            self._label(unit[0]),
            format_number(100 * float(found.flat[unit[1]]), 3, chosen=False),
            self.census.m,
        )
        return f"{share}. {self._death(unit)}." if unit in self.census.deaths else share

    def _of(self, unit: Unit) -> LayerCensus | None:
        layers = self.census.layers if self.census is not None else ()
        return next((each for each in layers if each.layer == unit[0] and unit[1] < len(each.flat)), None)

    # ---------------------------------------------------------------- mouse

    def _hover(self, unit: Unit | None) -> None:
        keys = (
            frozenset() if unit is None else frozenset({(unit[0], "a", (unit[1],), self.workspace.example)})
        )
        self.workspace.hover(keys)

    def _choose(self, unit: Unit) -> None:
        units = self.workspace.document.layer(unit[0]).units
        if unit[1] < len(units):
            self.workspace.select(Selection(units=frozenset({(unit[0], units[unit[1]])})))
