"""The layers side by side: weights, gradients, the next change, activations."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.core.problems import AxonError
from engine.session import Snapshot
from engine.session.layer_figures import Figures, Figuring, LayerFigures
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.layer_rows import LayerRow, LayerRows
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

PROBE = "layers"
COLOURS = {"gradients": "gradient", "changes": "step", "activations": "neuron-fill-high"}
"""Of the bars; those of the weights have that of the outlines."""
EVERY = 0.3
"""Seconds between two answers while training runs."""


class LayersPanel(Panel):
    """A histogram for each layer, and on one log axis how large its numbers are (root of the mean square).

    For the changes the log axis shows ‖Δw‖ / ‖w‖: about 0.001 is a good pace, far more or less is a sign.
    """

    name = "layers"
    title = "Layers"
    icon = "layers"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 43
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.figures: Figures | None = None
        self._pacing = Pacing(EVERY)
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("What is shown of the layers"))
        for kind, text in {
            "weights": self.tr("Weights w"),
            "gradients": self.tr("Gradients ∂J/∂w"),
            "changes": self.tr("Next change beside the weight"),
            "activations": self.tr("Activations a"),
        }.items():
            self.which.addItem(text, kind)
        self.which.currentIndexChanged.connect(lambda _: self._draw())
        self.explained = QLabel()
        self.explained.setAccessibleName(self.tr("What the bars mean"))
        self.rows = LayerRows(workspace.theme)
        self.rows.hovered.connect(self._hover)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.rows)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._head = QHBoxLayout()
        self._head.addWidget(self.which)
        self._head.addStretch(1)
        self._head.addWidget(self.explained)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._scroll, 1)
        self.restyle(workspace.theme)

    def begin(self) -> None:
        self._pacing.again()
        self.workspace.link.watch(PROBE, Figuring(), EVERY)

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)
        self.figures = None

    def refresh(self, snapshot: Snapshot) -> None:
        answer = snapshot.answers.get(PROBE)
        if isinstance(answer, Figures) and self._pacing.due(snapshot):
            self.figures = answer
            self._draw()

    def restyle(self, theme: Theme) -> None:
        self.which.setFont(theme.fonts.ui)
        self.explained.setFont(theme.fonts.small)
        self.explained.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._head.setContentsMargins(0, 0, theme.space(), 0)
        self._column.setContentsMargins(theme.space(), theme.space(0.5), 0, 0)
        self._column.setSpacing(theme.space(0.5))
        self.rows.set_theme(theme)

    # ---------------------------------------------------------------- drawing

    @property
    def kind(self) -> str:
        """What is shown: weights, gradients, changes, activations."""
        return str(self.which.currentData())

    def _draw(self) -> None:
        if self.figures is None:
            return
        try:
            nodes = layout_of(self.workspace.document).nodes
        except AxonError:
            return
        kind, rows = self.kind, []
        for each in self.figures.layers:
            node, spread = nodes.get(each.layer), each.spreads.get(kind)
            if node is None or spread is None:
                continue
            size = each.ratio if kind == "changes" else spread.rms
            title = f"{node.layer.name or node.kind.title} {node.label}"
            colour = COLOURS.get(kind, "outline")
            rows.append(LayerRow(each.layer, title, spread, size, self._note(each, size), colour))
        self.rows.show_rows(tuple(rows))
        said = self.tr("‖Δw‖ / ‖w‖") if kind == "changes" else self.tr("root of the mean square")
        self.explained.setText(said)

    def _note(self, layer: LayerFigures, size: float | None) -> str:
        spread = layer.spreads[self.kind]
        if spread.broken:
            return self.tr("{0} % are no numbers").format(format_number(100 * spread.broken, 2))
        said = [format_number(size, 3)] if size is not None else []
        if self.kind == "activations":
            said.append(self.tr("{0} % zeros").format(format_number(100 * spread.zeros, 2)))
            if layer.flat:
                said.append(self.tr("{0} % flat").format(format_number(100 * layer.flat, 2)))
        return " · ".join(said)

    def _hover(self, layer: str | None) -> None:
        """Light up the neurons of the layer under the mouse."""
        count = 0
        if layer is not None:
            count = len(self.workspace.document.layer(layer).units)
        keys = ((layer, "a", (unit,), self.workspace.example) for unit in range(count) if layer is not None)
        self.workspace.hover(frozenset(keys))
