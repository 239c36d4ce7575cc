"""The gradient ladder: how the blame shrinks or grows on one path from the loss down to a neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.core.expressions import Ref
from engine.core.plan import Phase
from engine.ladder import Key, Ladder, carries_blame, ladder
from engine.session import Snapshot
from engine.session.probes import Tracing
from gui.panel import Panel
from gui.theme import Theme
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

if TYPE_CHECKING:
    from engine.trace import Trace

MOST_PARAMETERS = 20_000
"""A trace of a larger network takes too long to be made on every click; a walk shows its ladder."""


class LadderPanel(Panel):
    """Follows the neuron or synapse that is selected, on the example that is looked at; else the walk.

    The path goes through what is selected, and at every other fork the strongest way, or one that is chosen
    here.
    """

    name = "ladder"
    title = "Gradient ladder"
    icon = "chevrons-left"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 40
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        # here and not above: the window finds its panels before its first picture
        from gui.walkthrough.ladder_view import LadderView

        super().__init__(workspace, parent)
        self.head = QLabel()
        self.head.setWordWrap(True)
        self.head.setAccessibleName(self.tr("What the ladder shows"))
        self.view = LadderView(workspace.theme)
        self.view.hovered.connect(workspace.hover)
        self.view.turned.connect(self._turn)
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(self.view)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.head)
        self._column.addWidget(self._scroll, 1)
        self._turns: dict[Key, Key] = {}
        """Where the path was sent another way: below which number through which one."""
        self._shown: object = None
        self._asked: object = None
        self._traced: tuple[object, Trace] | None = None
        """What a trace was asked of, and the trace, while there is no walk."""
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def end(self) -> None:
        self._asked = self._traced = None

    def refresh(self, snapshot: Snapshot) -> None:
        self.refresh_state()

    def refresh_state(self) -> None:
        workspace, trace = self.workspace, self._trace()
        foot = None if trace is None else self._foot(trace)
        hides = trace is not None and foot is not None and self._hides(trace, foot)
        shown = (trace, foot, workspace.selection, hides)
        if shown != self._shown:
            if foot != (self._shown[1] if isinstance(self._shown, tuple) else None):
                self._turns.clear()
            self._shown = shown
            self._draw()

    def restyle(self, theme: Theme) -> None:
        self.head.setFont(theme.fonts.ui)
        self._column.setContentsMargins(theme.space(), theme.space(0.5), 0, 0)
        self._column.setSpacing(theme.space(0.5))
        self.view.set_theme(theme)

    # ---------------------------------------------------------------- which trace

    def _trace(self) -> Trace | None:
        """That of the walk; else one of the next update on the example that is looked at, asked for here."""
        workspace, snapshot = self.workspace, self.workspace.snapshot
        if workspace.walk is not None:
            return workspace.walk.trace
        size = sum(each.size for each in snapshot.parameters.values())
        if (
            not workspace.selection
            or workspace.training.running
            or snapshot.problem
            or size > MOST_PARAMETERS
        ):
            return None
        wanted = (workspace.example, snapshot.version, snapshot.step)
        if self._traced is not None and self._traced[0] == wanted:
            return self._traced[1]
        if wanted != self._asked:
            self._asked = wanted
            workspace.link.ask(Tracing(workspace.example), lambda trace: self._take(wanted, trace))
        return None

    def _take(self, wanted: object, trace: Trace) -> None:
        if wanted == self._asked and self.isVisible():
            self._traced = (wanted, trace)
            self.refresh_state()

    # ---------------------------------------------------------------- which path

    def _foot(self, trace: Trace) -> Ref | None:
        """The number at whose blame the ladder ends: of what is selected the earliest."""
        walk, selection = self.workspace.walk, self.workspace.selection
        example = (walk.example if walk is not None else 0) or 0
        units = [*selection.units, *((target, key) for *_, target, key in selection.synapses)]
        stands = {node.layer.id: place for place, node in enumerate(trace.layout.active)}
        for layer, key in sorted(units, key=lambda unit: (stands.get(unit[0], -1), unit[1])):
            if layer in stands and key in trace.document.layer(layer).units:
                found = self._blame(trace, layer, (trace.document.layer(layer).unit(key),), example)
                if found is not None:
                    return found
        step = walk.step if walk is not None else None
        if step is not None and step.phase is Phase.BACKWARD and carries_blame(trace, step.target):
            return step.target
        for node in trace.layout.active:
            if node.number and len(node.shape) == 1:
                return self._blame(trace, node.layer.id, (0,), example)
        return None

    def _blame(self, trace: Trace, layer: str, index: tuple[int, ...], example: int) -> Ref | None:
        for array in ("dz", "da"):
            held = trace.arrays.get((layer, array))
            if held is not None and held.ndim == len(index) + 1 and index[0] < held.shape[0]:
                ref = trace.ref(layer, array, index, example)
                if carries_blame(trace, ref):
                    return ref
        return None

    def _wanted(self, trace: Trace, foot: Ref) -> set[Key]:
        """What the path is to go through: the neurons that are selected."""
        found: set[Key] = set()
        for layer, key in self.workspace.selection.units:
            if layer in trace.layout.nodes and key in trace.document.layer(layer).units:
                index = (trace.document.layer(layer).unit(key),)
                found |= {(layer, array, index, foot.example) for array in ("dz", "da")}
        return found

    def _turn(self, rung: int) -> None:
        """At a fork the next way."""
        made = self.view.ladder
        fork = made.rungs[rung].fork if made is not None else None
        if fork is None:
            return
        ways = fork.ways
        following = ways[(ways.index(fork.chosen) + 1) % len(ways)]
        self._turns[fork.below.key] = following.key
        self._draw()

    # ---------------------------------------------------------------- drawing

    def _draw(self) -> None:
        trace, foot = self._shown[:2] if isinstance(self._shown, tuple) else (None, None)
        if trace is not None and foot is not None and self._hides(trace, foot):
            self.view.show_ladder(None, None)
            self.head.setText(self.tr("The ladder appears when its numbers have been predicted."))
            return
        made = None if trace is None or foot is None else self._made(trace, foot)
        self.view.show_ladder(made, trace)
        self.head.setText(self._said(made))

    def _hides(self, trace: Trace, foot: Ref) -> bool:
        """Whether the walk has still to predict the last of its numbers."""
        walk, number = self.workspace.walk, trace.number_of(*foot.key)
        asked = walk is not None and self.workspace.walking.predicting.on
        return asked and walk is not None and number is not None and number > walk.done

    def _made(self, trace: Trace, foot: Ref) -> Ladder | None:
        return ladder(trace, foot, self._wanted(trace, foot), self._turns)

    def _said(self, made: Ladder | None) -> str:
        if made is None:
            return self.tr(
                "Select a neuron: its blame is followed from the loss down to it, factor by factor."
            )
        if not made.rungs:
            return self.tr("Here the blame begins: the loss hands it to the output.")
        begin, end = abs(made.value), abs(made.rungs[-1].along)
        count = len(made.rungs)
        if end == 0.0:
            return self.tr("Nothing arrives along this path: one of its factors is 0.")
        ratio = begin / end
        if ratio >= 1.0:
            said = self.tr("Along this path the blame becomes {0} times smaller in {1} steps.")
        else:
            said, ratio = (
                self.tr("Along this path the blame becomes {0} times larger in {1} steps."),
                1 / ratio,
            )
        return said.format(format_number(ratio, 3), count)
