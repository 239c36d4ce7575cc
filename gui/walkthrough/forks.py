"""Where other runs leave the present one: marks on the lane of the training, to be clicked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QPointF
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QMenu

from engine.runs import Run

if TYPE_CHECKING:
    from gui.walkthrough.timeline import TimelineBar


@dataclass(frozen=True, slots=True)
class Fork:
    """An update before which one or more runs go another way."""

    step: int
    runs: tuple[Run, ...]


class Forks:
    """The marks of one timeline bar."""

    def __init__(self, bar: TimelineBar) -> None:
        self._bar = bar
        self.all: tuple[Fork, ...] = ()

    def look(self) -> None:
        """Which forks there are on the way of the present run."""
        branches = self._bar.workspace.branches
        present, found = branches.present, dict[int, list[Run]]()
        for run in branches.others if present is not None else ():
            assert present is not None
            found.setdefault(branches.runs.parting(present.number, run.number), []).append(run)
        self.all = tuple(Fork(step, tuple(runs)) for step, runs in sorted(found.items()))

    @property
    def looks(self) -> object:
        """Equal for marks that look the same."""
        numbers = (tuple(run.number for run in each.runs) for each in self.all)
        return tuple(
            zip((round(2 * self._bar.x_of_step(each.step)) for each in self.all), numbers, strict=True)
        )

    def at(self, x: float) -> Fork | None:
        """The one under the mouse; where the handle stands, the handle goes first."""
        bar, near = self._bar, self._bar.workspace.theme.px(7)
        places = {bar.x_of_step(each.step): each for each in self.all}
        close = [place for place in places if -near / 2 <= x - place <= 1.5 * near]
        if not close or abs(x - bar.x_of_step(bar.workspace.snapshot.step)) <= near / 2:
            return None
        return places[min(close, key=lambda place: abs(x - place))]

    def text(self, fork: Fork) -> str:
        """What a tool tip says."""
        first = _tr("Another way was gone from update {0} on. A click goes to the end of:")
        return "\n".join([first.format(fork.step), *map(_worded, fork.runs)])

    def visit(self, fork: Fork, place: QPoint) -> None:
        """To the run that goes another way here; where there are several, a menu asks to which."""
        visit = self._bar.workspace.branches.visit
        if len(fork.runs) == 1:
            visit(fork.runs[0].number)
            return
        menu = QMenu(self._bar)
        menu.aboutToHide.connect(menu.deleteLater)
        for run in fork.runs:
            menu.addAction(_worded(run).replace("&", "&&"), partial(visit, run.number))
        menu.popup(place)

    def paint(self, painter: QPainter) -> None:
        """Lines that leave the lane upwards and go on beside it, with a dot where they leave."""
        theme, y = self._bar.workspace.theme, self._bar.training_lane().center().y()
        for fork in self.all:
            at = QPointF(self._bar.x_of_step(fork.step), y)
            path = QPainterPath(at)
            path.lineTo(at + QPointF(theme.px(6), -theme.px(8)))
            path.lineTo(at + QPointF(theme.px(16), -theme.px(8)))
            painter.setPen(QPen(theme.colour("text"), theme.px(1.5)))
            painter.setBrush(theme.colour("window", 0.0))
            painter.drawPath(path)
            painter.setPen(QPen(theme.colour("window"), 1))
            painter.setBrush(theme.colour("text"))
            painter.drawEllipse(at, theme.px(3.5), theme.px(3.5))


def _worded(run: Run) -> str:
    return f"{run.name}: {run.change}" if run.change else run.name


def _tr(text: str) -> str:
    return QCoreApplication.translate("Forks", text)
