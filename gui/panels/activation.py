"""The activation panel: g and g′ of a layer, with the present z of one of its neurons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from engine.activations import Activation, activations
from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.core.spec import Spec
from engine.layout import Node
from engine.session import Snapshot
from engine.session.probes import OnData, UnitsOfExample
from gui.explaining import Asked
from gui.explains import how_to_ask
from gui.laid_out import layout_of
from gui.pacing import Pacing
from gui.panels.boundary_head import MOST_NEURONS, QuietCombo, subscript
from gui.panels.chart_panel import ChartPanel
from gui.stepping.walk import Walk
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.panels.charts.activation_chart import ActivationChart, SharesChart

UNITS, SPREAD = "activation.units", "activation.spread"
"""Names of the probes."""


def shows_activation(node: Node) -> bool:
    """Whether a layer is a vector of neurons with an activation function that can be drawn."""
    spec = getattr(node.kind, "activation", None)
    return isinstance(spec, Spec) and spec.kind in activations and len(node.shape) == 1


class ActivationPanel(ChartPanel):
    """Follows the selected layer, or shows the first hidden one; moves with training and the walk."""

    name = "activation"
    title = "Activation g and g′"
    icon = "activity"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 30

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.curves: ActivationChart | None = None
        self.shares: SharesChart | None = None
        self.node: Node | None = None
        self._g: Activation | None = None
        self._z: Array | None = None
        self._spread: object = None
        self._shown: object = None
        self._chosen: dict[str, int] = {}
        self._watched: tuple[object, ...] = ()
        self._pacing = Pacing(1 / 20)
        self.neuron = QuietCombo(self.tr("Neuron"))
        self.neuron.activated.connect(self._choose)
        self.numbers = QLabel()
        self.numbers.setTextFormat(Qt.TextFormat.RichText)
        self.numbers.setAccessibleName(self.tr("z, g(z) and g′(z) of the neuron"))
        self.numbers.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.numbers.setToolTip(how_to_ask(True))
        self.numbers.linkActivated.connect(self._explain)
        self.numbers.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.empty = QLabel(
            self.tr("Connect a layer between input and output: its activation is drawn here.")
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._head = QHBoxLayout()
        self._head.addWidget(self.neuron)
        self._head.addWidget(self.numbers, 1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.empty)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addLayout(self._stack, 1)
        self.restyle(workspace.theme)

    @property
    def unit(self) -> int:
        """The neuron that is shown, counted from 0."""
        return max(0, self.neuron.currentIndex())

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._watched = ()
        self._pacing.again()

    def end(self) -> None:
        self.workspace.link.unwatch(UNITS)
        self.workspace.link.unwatch(SPREAD)
        self._watched = ()

    def refresh_state(self) -> None:
        if not self.ready:
            return
        self._follow()
        self._pacing.again()
        if self._z is not None or self.workspace.walk is not None:
            self._show(self.workspace.snapshot)

    def refresh(self, snapshot: Snapshot) -> None:
        if self.node is None or not self._pacing.due(snapshot):
            return
        answer = snapshot.answers.get(UNITS)
        layer = answer.get(self.node.layer.id) if isinstance(answer, dict) else None
        z = layer.get("z") if layer is not None else None
        self._z = z if z is not None and z.shape == self.node.shape else None
        self._show(snapshot)

    def restyle(self, theme: Theme) -> None:
        self.neuron.setFont(theme.fonts.small)
        self.numbers.setFont(theme.fonts.math)
        self.empty.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._head.setSpacing(theme.space(1))
        self._column.setContentsMargins(theme.space(1), theme.space(0.5), theme.space(1), theme.space(0.5))
        self._column.setSpacing(theme.space(0.5))
        for chart in (self.curves, self.shares):
            if chart is not None:
                chart.restyle(theme)
        self._spread = self._shown = None
        self._pacing.again()
        if self.node is not None:
            self._show(self.workspace.snapshot)

    # ---------------------------------------------------------------- what is looked at

    def _follow(self) -> None:
        """The selected layer if it has an activation, else the one shown, else the first."""
        workspace = self.workspace
        try:
            active = layout_of(workspace.document).active
        except AxonError:
            active = []
        nodes = [each for each in active if shows_activation(each)]
        self._say_why(len(nodes) < len(active) and any(len(each.shape) > 1 for each in active))
        by_id = {each.layer.id: each for each in nodes}
        selected = workspace.selection.layer or ""
        before = self.node.layer.id if self.node is not None else ""
        first = next(iter(nodes), None)
        self.node = by_id.get(selected) or by_id.get(before) or first
        if self.node is None:
            self._g = self._z = None
            self._stack.setCurrentWidget(self.empty)
            self.neuron.clear()
            self.numbers.clear()
            self.end()
            return
        spec = getattr(self.node.kind, "activation", None)
        assert isinstance(spec, Spec)
        if self._g is None or self._g.spec != activations.make(spec).spec or self.node.layer.id != before:
            self._g, self._z, self._spread = activations.make(spec), None, None
        self._offer()
        id = self.node.layer.id
        for layer, key in workspace.selection.units:
            if layer == id:
                self.neuron.setCurrentIndex(min(self.node.layer.unit(key), self.neuron.count() - 1))
        walk = workspace.walk
        if (
            walk is not None
            and walk.step is not None
            and walk.step.target.owner == id
            and walk.step.target.index
        ):
            self.neuron.setCurrentIndex(min(walk.step.target.index[0], self.neuron.count() - 1))
        wanted = (id, workspace.example)
        if wanted != self._watched:
            self._watched = wanted
            workspace.link.watch(UNITS, UnitsOfExample(workspace.example))
            if self._g.elementwise:
                workspace.link.watch(SPREAD, OnData((id,), ("z",), 500), 0.2)
            else:
                workspace.link.unwatch(SPREAD)

    def _say_why(self, images: bool) -> None:
        """What to do where nothing can be drawn."""
        text = self.tr("Connect a layer between input and output: its activation is drawn here.")
        if images:
            text = self.tr(
                "Only layers that are a column of neurons are drawn here, not images and sequences."
            )
        self.empty.setText(text)

    def _offer(self) -> None:
        assert self.node is not None and self._g is not None
        node = self.node
        names = [f"z{node.label}{subscript(i + 1)}" for i in range(min(node.shape[0], MOST_NEURONS))]
        if names != [self.neuron.itemText(i) for i in range(self.neuron.count())]:
            kept = self._chosen.get(node.layer.id, 0)
            self.neuron.clear()
            self.neuron.addItems(names)
            self.neuron.setCurrentIndex(min(kept, len(names) - 1))
        if self._g.elementwise:
            curves = self._the_curves()
            curves.set_function(self._g)
            self._stack.setCurrentWidget(curves)
        else:
            self._stack.setCurrentWidget(self._the_shares())

    def _choose(self, _: int) -> None:
        if self.node is not None:
            self._chosen[self.node.layer.id] = self.unit
            self._spread = None
            self._show(self.workspace.snapshot)

    def _the_curves(self) -> ActivationChart:
        if self.curves is None:
            from gui.panels.charts.activation_chart import ActivationChart

            self.curves = ActivationChart(self.workspace.theme)
            self._stack.addWidget(self.curves)
        return self.curves

    def _the_shares(self) -> SharesChart:
        if self.shares is None:
            from gui.panels.charts.activation_chart import SharesChart

            self.shares = SharesChart(self.workspace.theme)
            self._stack.addWidget(self.shares)
        return self.shares

    # ---------------------------------------------------------------- what is shown

    def _present(self) -> Array | None:
        """z of every unit of the layer: in the walk only what it has calculated (else NaN)."""
        walk, node = self.workspace.walk, self.node
        if walk is None or node is None:
            return self._z
        here, example = node.layer.id, walk.example or 0
        if self.workspace.walking.predicting.on and _asked(walk, here, example, self.unit):
            return np.full(node.shape[0], np.nan)  # the curve would give the hidden number away
        z = np.full(node.shape[0], np.nan)
        whole = self._g is not None and not self._g.elementwise
        for i in range(node.shape[0]) if whole else (self.unit,):
            found = walk.value(here, "z", (i,), example)
            if found is None:
                break  # a softmax is drawn only when all are known
            z[i] = found
        return z

    def _show(self, snapshot: Snapshot) -> None:
        if self.node is None or self._g is None:
            return
        z = self._present()
        if not self._g.elementwise:
            self._show_shares(z)
            return
        curves = self._the_curves()
        here = float(z[self.unit]) if z is not None and self.unit < len(z) else np.nan
        answer = snapshot.answers.get(SPREAD)
        shown = (self._g, None if np.isnan(here) else here, self.unit, self.node.layer.id, id(answer))
        if shown == self._shown and self.workspace.walk is not None:
            return  # most steps of a walk are about other numbers
        self._shown = shown
        curves.show_z(None if np.isnan(here) else here)
        seen = (id(answer), self.unit, self.node.layer.id)
        if seen != self._spread:
            self._spread = seen
            found = answer.get((self.node.layer.id, "z")) if isinstance(answer, dict) else None
            curves.show_spread(
                found[self.unit] if found is not None and self.unit < len(found) else np.zeros(0)
            )
        if np.isnan(here):
            unknown = self.tr("z is not calculated yet") if self.workspace.walk is not None else ""
            self.numbers.setText(unknown)
            return
        at = np.array([here])
        value, slope = float(self._g.value(at)[0]), float(self._g.derivative(at)[0])
        parts = (
            self._linked("z", f"<i>z</i> = {format_number(here, near_zero=True)}"),
            self._inked("active", "● ") + self._linked("a", f"<i>g</i>(<i>z</i>) = {format_number(value)}"),
            self._linked("slope", f"◆ <i>g</i>′(<i>z</i>) = {format_number(slope)}", "gradient"),
        )
        self.numbers.setText(" &nbsp;".join(parts))

    def _linked(self, array: str, text: str, colour: str = "text") -> str:
        """A number that explains itself on a click."""
        ink = self.workspace.theme.css(colour)
        return f"<a href='{array}' style='color:{ink}; text-decoration:none'>{text}</a>"

    def asked_number(self) -> Asked | None:
        """a of the neuron, for the key E."""
        return self._asked("a")

    def _asked(self, array: str) -> Asked | None:
        walk, node = self.workspace.walk, self.node
        if node is None:
            return None
        example = self.workspace.example if walk is None else walk.example or 0
        return Asked((node.layer.id, array, (self.unit,), example))

    def _explain(self, array: str) -> None:
        asked = self._asked(array)
        if asked is not None:
            self.workspace.explain(asked.cell)

    def _inked(self, colour: str, text: str) -> str:
        return f"<span style='color:{self.workspace.theme.css(colour)}'>{text}</span>"

    def _show_shares(self, z: Array | None) -> None:
        assert self.node is not None and self._g is not None
        chart, unit = self._the_shares(), self.unit
        if z is None or np.isnan(z).any():
            self.numbers.setText(
                self.tr("z is not calculated yet") if self.workspace.walk is not None else ""
            )
            chart.show_shares(np.zeros(self.node.shape[0]), unit, self._names())
            return
        shares = self._g.value(z[:, np.newaxis])[:, 0]
        chart.show_shares(shares, unit, self._names())
        self.numbers.setText(
            self._linked("z", f"<i>z</i> = {format_number(z[unit])}")
            + " &nbsp; "
            + self._linked("a", f"<i>a</i> = {format_number(shares[unit])}")
        )

    def _names(self) -> list[str]:
        assert self.node is not None
        data, k = self.workspace.data, self.node.shape[0]
        if self.node.kind.role == "output" and data is not None and len(data.classes) == k:
            return list(data.classes)
        return [f"a{subscript(i + 1)}" for i in range(k)] if k <= 20 else [""] * k


def _asked(walk: Walk, layer: str, example: int, unit: int) -> bool:
    """Whether a unit's a, or its slope just now, is still to be predicted."""
    step = walk.step
    slope = walk.hidden and step is not None and step.target.key[:3] == (layer, "slope", (unit,))
    return slope or not walk.known(layer, "a", (unit,), example)
