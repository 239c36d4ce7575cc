"""Try it: an example of one's own, drawn, set or typed, and the network's answer at once."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from engine.core.plan import Array
from engine.datasets import Data
from engine.session import Snapshot
from engine.session.probes import Outputs
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.trying.answer import Answer
from gui.panels.trying.maker import Maker
from gui.panels.trying.pad import Pad
from gui.panels.trying.sliders import Sliders
from gui.panels.trying.typed import Typed
from gui.theme import Theme
from gui.workspace import Workspace

PROBE = "try-it"
EVERY = 0.05
MAKERS: tuple[type[Maker], ...] = (Typed, Pad, Sliders)
"""The ways to make an example, the one that suits first first."""


class TryItPanel(Panel):
    """The example is nobody's: data and training do not change. It begins with the one that is looked at."""

    name = "try-it"
    title = "Try it"
    icon = "pencil"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 23
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.maker: Maker | None = None
        self._data: Data | None = None
        self._output = ""
        self._pacing = Pacing(EVERY)
        self.answer = Answer(workspace.theme)
        self.empty = QLabel()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMinimumWidth(1)
        self.take = QPushButton(self.tr("Take the example"))
        self.take.setToolTip(self.tr("Begin with the example that is looked at"))
        self.take.clicked.connect(self._take)
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.setToolTip(self.tr("An empty picture"))
        self.clear.clicked.connect(self._clear)
        self._room = QScrollArea()
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QScrollArea.Shape.NoFrame)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = QHBoxLayout()
        for button in (self.take, self.clear):
            buttons.addWidget(button)
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self._room, 1)
        left.addLayout(buttons)
        self.shown = QWidget()
        self._both = QHBoxLayout(self.shown)
        self._both.setContentsMargins(0, 0, 0, 0)
        self._both.addLayout(left, 1)
        self._both.addWidget(self.answer, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.shown)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        self._ask()

    def end(self) -> None:
        self.workspace.link.unwatch(PROBE)

    def refresh_state(self) -> None:
        data = self.workspace.data
        output = next((each.id for each in self.workspace.document.of_kind("output")), "")
        if data is not self._data:
            self._data = data
            self._make(data)
        if output != self._output:
            self._output = output
            self._ask()

    def refresh(self, snapshot: Snapshot) -> None:
        if snapshot.data is not self._data:
            self.refresh_state()
        answers = snapshot.answers.get(PROBE)
        found = answers.get((self._output, "a")) if isinstance(answers, dict) else None
        if found is None or self._data is None or not self._pacing.due(snapshot):
            return
        picture = _picture(found[..., 0], self._data)
        if picture is not None:
            self.answer.show_picture(picture)
        else:
            self.answer.show_answer(*_answer(found[..., 0], self._data))

    def restyle(self, theme: Theme) -> None:
        for each in (self.empty, self.take, self.clear):
            each.setFont(theme.fonts.ui)
        self.empty.setStyleSheet(f"color: {theme.css('text-muted')}")
        self._both.setSpacing(theme.space())
        self.shown.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        self.answer.set_theme(theme)
        if self.maker is not None:
            self.maker.restyle(theme)

    # ---------------------------------------------------------------- the example

    def _make(self, data: Data | None) -> None:
        """The way to make an example that suits the data."""
        kind = next((each for each in MAKERS if each.suits(data)), None) if data is not None else None
        self.maker = None
        if kind is None or data is None:
            self.workspace.link.unwatch(PROBE)
            self.empty.setText(
                self.tr("There is no data yet.") if data is None
                else self.tr("Examples of these data have too many numbers to be set by hand.")
            )  # fmt: skip
            self._stack.setCurrentWidget(self.empty)
            return
        self.maker = kind(data, self.workspace.theme)
        self.maker.changed.connect(self._ask)
        self._room.setWidget(self.maker)
        self.clear.setVisible(isinstance(self.maker, Pad))
        self._stack.setCurrentWidget(self.shown)
        self._take()

    def _take(self) -> None:
        data = self._data
        if self.maker is not None and data is not None and data.m:
            self.maker.take(data.X[:, min(self.workspace.example, data.m - 1)])

    def _clear(self) -> None:
        if isinstance(self.maker, Pad):
            self.maker.clear()

    def _ask(self) -> None:
        if self.maker is not None and self._output and self.isVisible():
            X = self.maker.vector()[:, None]
            self.workspace.link.watch(PROBE, Outputs(X, (self._output,)), EVERY)

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(480), theme.px(240))


def _picture(a: Array, data: Data) -> Array | None:
    """The answer as a picture (rows, columns), where one comes out: a region marked, or drawn again."""
    if len(data.shape) != 3:
        return None
    if a.ndim == 3:
        classes: Array = a.argmax(axis=0) / max(1, len(a) - 1) if len(a) > 1 else a[0]
        return classes
    size = int(np.prod(data.shape))
    return a.reshape(data.shape).mean(axis=0) if a.size == size and data.k == size else None


def _answer(a: Array, data: Data) -> tuple[tuple[str, ...], Array]:
    """The outputs with their names; of a prediction at many positions that of the last one."""
    values = np.asarray(a, np.float64)
    values = values.reshape(len(values), -1)[:, -1]
    names = data.symbols if data.symbols and len(data.symbols) == len(values) else data.classes
    if len(names) != len(values):
        names = data.targets
    if len(names) != len(values):
        names = tuple(str(each + 1) for each in range(len(values)))
    return tuple(_shown(name) for name in names), values


def _shown(name: str) -> str:
    """A symbol that leaves no ink as a sign that does."""
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(name, name)
