"""The formula panel: the present step of the walkthrough in words, symbols, numbers, matrices and code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.core.expressions import Ref
from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.panel import Panel
from gui.settings import EXAMPLES_AS_ROWS, WHOLE_BATCH, Setting, Settings
from gui.theme import Theme
from gui.walkthrough.arrangement import Arrangement
from gui.walkthrough.sums import MOST_TERMS
from gui.widgets.numbers import format_full
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.walk import Walk
    from gui.walkthrough.folded import Opener
    from gui.walkthrough.page import Page


class FormulaView(Panel):
    """Shows where the walk stands. A click on any number shows where that number comes from, and so on
    down to the data and the weights; the trail leads back.

    Without a walk it explains the neuron or synapse that is selected, on the example that is looked at.
    """

    name = "formula"
    title = "Formula"
    icon = "sigma"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 10

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        # here and not above: the window finds its panels before its first picture
        from gui.walkthrough.question import Question
        from gui.walkthrough.sheet import Sheet
        from gui.walkthrough.single_trace import SingleTrace
        from gui.walkthrough.trail import Trail

        super().__init__(workspace, parent)
        self.setAccessibleName(self.tr("Formula"))
        self.trail = Trail(self)
        self.question = Question(workspace, self)
        self.sheet = Sheet(workspace.theme, self)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self.sheet)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.question)
        column.addWidget(self.trail)
        column.addWidget(self._scroll, 1)
        self.trail.hide()
        self._clicked: list[Ref] = []
        self._most = MOST_TERMS
        self._settings: Settings | None = None
        self._arranged = Arrangement()
        self._opened: dict[str, int] = {}
        self._at: object = None
        self._single = SingleTrace(workspace, self)
        self._single.changed.connect(self.refresh_state)
        self.sheet.full = self._in_full
        self.sheet.hovered.connect(self._hover)
        self.sheet.chosen.connect(self.explain)
        self.sheet.switched.connect(self._switch)
        self.sheet.more.connect(self._show_more)
        self.sheet.opened.connect(self._open)
        self.trail.went_to.connect(self._back_to)
        self.sheet.installEventFilter(self)

    # ---------------------------------------------------------------- panel

    def keep_in(self, settings: Settings) -> None:
        from gui.walkthrough.predicting import PREDICT

        if settings.get(PREDICT):
            self.workspace.walking.predict(True)
        self._settings = settings
        settings.changed.connect(self._arrange)
        self._arrange()

    def begin(self) -> None:
        self.workspace.hover_changed.connect(self._light)
        self._single.begin()

    def end(self) -> None:
        self.workspace.hover_changed.disconnect(self._light)
        self._single.end()

    def refresh_state(self) -> None:
        walk = self.workspace.walk
        here = (walk.trace, walk.at) if walk is not None else self._single.subject
        if here != self._at:
            self._at, self._clicked, self._most = here, [], MOST_TERMS
            self._scroll.verticalScrollBar().setValue(0)
        self.question.show_walk(walk)
        self._show()

    def restyle(self, theme: Theme) -> None:
        self.question.restyle(theme)
        self.sheet.set_theme(theme)
        self._fit()
        self._show()

    # ---------------------------------------------------------------- what is shown

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.sheet.page

    @property
    def trace(self) -> Trace | None:
        """The trace whose numbers are shown."""
        walk = self.workspace.walk
        return walk.trace if walk is not None else self._single.trace

    def explain(self, ref: Ref) -> None:
        """Show where a number comes from."""
        if self.trace is not None and (not self._clicked or self._clicked[-1].key != ref.key):
            self._clicked.append(ref)
            self._most = MOST_TERMS
            self._show()
            self._scroll.verticalScrollBar().setValue(0)

    def back(self) -> None:
        """One place back on the trail."""
        self._back_to(max(0, len(self._clicked) - 1))

    def _show(self) -> None:
        trace = self.trace
        if trace is None:
            self.trail.hide()
            self.sheet.show_page(self._empty())
            return
        from gui.walkthrough.story import Story

        walk = self.workspace.walk
        story = Story(trace, self._most, self._done(walk), self._arranged, dict(self._opened))
        names = [as_text(symbol(ref, examples=trace.m > 1)) for ref in self._clicked]
        first = self.tr("Step") if walk is not None else self.tr("Selection")
        if names or self.trail.isVisible():
            self.trail.show_places(first, names, self.workspace.theme)
        if self._clicked:
            page = story.of_number(self._clicked[-1], None if walk is None else walk.done)
        elif walk is None:
            page = story.of_number(self._single.ref) if self._single.ref else self._empty()
        elif walk.at < 0:
            page = self._before()
        else:
            page = story.of_step(walk.at)
        self.sheet.show_page(page)
        self._light()

    def _empty(self) -> Page:
        from gui.walkthrough.page import Heading, Page, Remark

        sentences = (
            self.tr("Right arrow: one smallest step forward. Left arrow: one step back."),
            self.tr("With Shift over a whole layer, with Ctrl over a whole phase."),
            self.tr("Every step shows its formula here, in symbols and with the numbers put in."),
            self.tr("Click any number to see where it comes from."),
            self.tr("Or select a neuron or a synapse: its formula for the present example appears."),
        )
        return Page((Heading(self.tr("Step by step")), *(Remark(each) for each in sentences)))

    def _before(self) -> Page:
        from gui.walkthrough.page import Heading, Page, Remark

        return Page(
            (
                Heading(self.tr("Before the first step of this update")),
                Remark(self.tr("Right arrow: the first step. Left arrow: back into the update before.")),
            )
        )

    # ---------------------------------------------------------------- slots

    def _hover(self, ref: Ref | None) -> None:
        self.workspace.hover(frozenset() if ref is None else frozenset({ref.key}))

    def _light(self) -> None:
        self.sheet.light(frozenset(self.workspace.hovered))

    def _show_more(self) -> None:
        self._most *= 4
        self._show()

    def _switch(self, whole: bool) -> None:
        """One example, or the whole batch."""
        if self._settings is not None:
            self._settings.set(WHOLE_BATCH, whole)
        else:
            self._arranged = replace(self._arranged, whole=whole)
            self._show()

    def _arrange(self, changed: Setting | None = None) -> None:
        """Take over how matrices are to be shown."""
        if self._settings is not None and changed in {None, WHOLE_BATCH, EXAMPLES_AS_ROWS}:
            get = self._settings.get
            self._arranged = Arrangement(get(WHOLE_BATCH), get(EXAMPLES_AS_ROWS))
            if changed is not None and self.isVisible():
                self._show()

    def _open(self, opener: Opener) -> None:
        """Parts stay open from step to step."""
        self._opened[opener.topic] = opener.stage
        self._show()
        below = self.sheet.end_of(opener.topic)
        if below:
            self.sheet.resize(self.sheet.width(), self.sheet.minimumHeight())  # the bar learns of it at once
            self._scroll.ensureVisible(0, round(below), 0, self.workspace.theme.px(12))

    def _back_to(self, keep: int) -> None:
        del self._clicked[keep:]
        self._show()

    def _done(self, walk: Walk | None) -> int | None:
        """The last step whose number may be seen, where the coming ones are to be predicted."""
        return walk.done if walk is not None and self.workspace.walking.predicting.on else None

    def _in_full(self, ref: Ref) -> str:
        from gui.walkthrough.writer import Writer

        trace = self.trace
        if trace is None:
            return ""
        name = as_text(symbol(ref, examples=trace.m > 1 or ref.owner == LOSS))
        if Writer(trace, done=self._done(self.workspace.walk)).hides(ref):
            return f"{name} = ?"
        return f"{name} = {format_full(trace.lookup(ref))}"

    def _fit(self) -> None:
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self.sheet.set_column(self.width() - bar)

    # ---------------------------------------------------------------- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or not self._clicked:
            return super().eventFilter(watched, event)
        if event.key() == Qt.Key.Key_Backspace:
            self.back()
            return True
        return super().eventFilter(watched, event)
