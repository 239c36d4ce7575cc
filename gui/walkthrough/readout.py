"""Where training stands, in figures: the update, its cost J, and the speed."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFontMetrics, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.batches import Position
from engine.losses.base import OWNER as LOSS
from engine.session import Snapshot
from gui.explaining import MEAN_LOSS, Asked
from gui.explains import Explains
from gui.pacing import Pacing
from gui.theme import Theme
from gui.walkthrough.frames import place_said
from gui.walkthrough.steady_label import SteadyLabel
from gui.walkthrough.turn_words import next_of, noise_of, turn_of
from gui.widgets.numbers import format_full, format_number
from gui.workspace import Workspace

EVERY = 1 / 10
"""Seconds between two figures while training: nobody reads them faster."""


class Readout(QWidget):
    """Figures in a row.

    It places them itself: in a layout every new figure would have the whole window laid out anew.
    """

    widened = Signal()
    """It needs more room than before."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.position = SteadyLabel(self.tr("Where training stands"), self)
        self.cost = SteadyLabel(self.tr("Cost J"), self)
        self.procedure = SteadyLabel(self.tr("What this way of training does now"), self)
        self.speed = SteadyLabel(self.tr("Updates a second"), self)
        Explains(self.cost, workspace, lambda: Asked(MEAN_LOSS))
        self._labels = (self.position, self.procedure, self.cost, self.speed)
        self._pacing = Pacing(EVERY)
        self._short = 0
        self._room = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        for label in self._labels:
            label.widened.connect(self._arrange)
            # what fills its own background need not have that of the whole window painted first
            label.setAutoFillBackground(True)
            label.setBackgroundRole(QPalette.ColorRole.Window)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """A new snapshot; while training some of them are left out."""
        if self.isVisible() and self._pacing.due(snapshot):
            self.refresh()

    def refresh(self) -> None:
        """Show the present state."""
        workspace, snapshot = self.workspace, self.workspace.snapshot
        if workspace.walk is not None:
            trace = workspace.walk.trace
            self.position.show_text(self._position_text(trace.position, trace.step_number))
            self.position.setToolTip(place_said(workspace.walk, workspace.data))
            self._show_cost(None if self._hides_cost() else trace.J, "J ?")
        else:
            done = _last_done(snapshot)
            text = self.tr("no update yet") if done is None else self._position_text(done, done.update)
            self.position.show_text(text)
            self.position.setToolTip("")
            self._show_cost(self._last_cost(snapshot), "J –")
        self.procedure.show_text(self._procedure_text())
        shown = round(snapshot.speed) if snapshot.running and snapshot.speed else 0
        speed = format_number(shown, digits=3, chosen=False) if shown else ""
        self.speed.show_text(self.tr("{0} updates/s").format(speed) if speed else "")

    def shorten(self, short: int) -> None:
        """How much to leave out: 2 the epoch and the speed, 3 what the training does now, 4 J as well."""
        self._short = short
        self.speed.setVisible(short < 2)
        self.procedure.setVisible(short < 3)
        self.cost.setVisible(short < 4)
        self.refresh()
        self.position.set_font(self.workspace.theme.fonts.ui)
        self._arrange()

    def restyle(self, theme: Theme) -> None:
        """Take over fonts."""
        self.position.set_font(theme.fonts.ui, self.tr("no update yet"))
        self.procedure.set_font(theme.fonts.ui, "")
        self.cost.set_font(theme.fonts.strong, "J 0.0004213")
        self.speed.set_font(theme.fonts.small, "")
        self.refresh()
        self._arrange()

    def _arrange(self) -> None:
        """One beside the other; what is around hears of it only if more room is needed."""
        gap, x = self.workspace.theme.space(1), 0
        for label in self._labels:
            if not label.isHidden():
                label.setGeometry(x, 0, label.minimumWidth(), self.height())
                x += label.minimumWidth() + gap
        grown, self._room = x > self._room, x
        self.updateGeometry()
        if grown and self.isVisible():
            self.widened.emit()

    def _procedure_text(self) -> str:
        """In a walk: whose turn it is, how much noise there is, which symbol is to come."""
        walk = self.workspace.walk
        if walk is None:
            return ""
        trace, step = walk.trace, walk.step
        said = turn_of(trace) or noise_of(trace, walk.example)
        return said or ("" if step is None else next_of(trace, step, self.workspace.data))

    def _show_cost(self, J: float | None, unknown: str) -> None:
        self.cost.show_text(unknown if J is None else f"J {format_number(J)}")
        said = self.tr("The mean loss J of the update's examples, measured before that update")
        self.cost.setToolTip(said if J is None else f"{said}\nJ = {format_full(J)}")

    def _hides_cost(self) -> bool:
        """Whether J is still to be predicted in the walk."""
        walk = self.workspace.walk
        if walk is None or not self.workspace.walking.predicting.on:
            return False
        return not walk.known(LOSS, "J", (0,), None)

    def _position_text(self, position: Position | None, update: int) -> str:
        if position is None or self._short >= 2:
            return self.tr("update {0}").format(update + 1)
        return self.tr("update {0} = epoch {1}, batch {2} of {3}").format(
            position.update + 1, position.epoch, position.batch, position.batches
        )

    def _last_cost(self, snapshot: Snapshot) -> float | None:
        """J of the last update that was done, measured before it."""
        curve = self.workspace.curve
        place = snapshot.step - 1 - curve.start
        return float(curve.values[place]) if 0 <= place < len(curve) else None

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        return QSize(self._room, QFontMetrics(self.cost.font()).height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: object) -> None:
        for label in self._labels:
            label.resize(label.width(), self.height())


def _last_done(snapshot: Snapshot) -> Position | None:
    """The position of the last update that was done; the snapshot's is that of the next."""
    if snapshot.step == 0 or snapshot.position is None:
        return None
    return snapshot.position.at(snapshot.step - 1)
