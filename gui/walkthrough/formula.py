"""The formula panel: the present step of the walkthrough in words, symbols, numbers, matrices and code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from engine.core.expressions import Ref
from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.losses.base import OWNER as LOSS
from engine.trace import Trace
from gui.panel import Panel
from gui.settings import Settings
from gui.theme import Theme
from gui.widgets.numbers import format_full
from gui.workspace import Workspace

if TYPE_CHECKING:
    from gui.walkthrough.commands import Press
    from gui.walkthrough.folded import Opener
    from gui.walkthrough.page import Name, Page


class FormulaView(Panel):
    """Shows where the walk stands. A click on any number shows where that number comes from, and so on
    down to the data and the weights; the trail leads back.

    It answers whoever asks about a number anywhere in the window (``workspace.explain``). Without a walk and
    a question it explains the neuron or synapse that is selected, on the example that is looked at.
    """

    name = "formula"
    title = "Formula"
    icon = "sigma"
    area = Qt.DockWidgetArea.RightDockWidgetArea
    rank = 10

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        # here and not above: the window finds its panels before its first picture
        from gui.walkthrough.follower import Follower
        from gui.walkthrough.question import Question
        from gui.walkthrough.sheet import Sheet
        from gui.walkthrough.single_trace import SingleTrace
        from gui.walkthrough.subject import Subject
        from gui.walkthrough.telling import Telling
        from gui.walkthrough.trail import Trail

        super().__init__(workspace, parent)
        self.setAccessibleName(self.tr("Formula"))
        self.trail = Trail(self)
        self.question = Question(workspace, self)
        self.follower = Follower(workspace, self)
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
        for each in (self.question, self.follower, self.trail):
            column.addWidget(each)
        column.addWidget(self._scroll, 1)
        self.trail.hide()
        self.setFocusProxy(self.sheet)
        self._telling = Telling(self)
        self._telling.changed.connect(self._tell_anew)
        self._single = SingleTrace(workspace, self)
        self._single.changed.connect(self.refresh_state)
        self._subject = Subject(workspace, self._single)
        self.sheet.setWhatsThis(
            self.tr(
                "Click a number, or Enter: where it comes from; Backspace goes back. A row of the tree"
                " unfolds on a click, or with the right arrow key. Elsewhere Alt and a click, or E, asks."
            )
        )
        self.sheet.full = self._in_full
        self.sheet.hovered.connect(self._hover)
        self.sheet.chosen.connect(self.explain)
        self.sheet.switched.connect(self._telling.switch)
        self.sheet.more.connect(self._telling.more)
        self.sheet.opened.connect(self._open)
        self.sheet.pressed.connect(self._press)
        self.sheet.reached.connect(self._reveal)
        self.follower.moved.connect(self._at_a_station)
        self.follower.ended.connect(workspace.explaining.end)
        self.trail.went_to.connect(self._back_to)
        self.sheet.installEventFilter(self)

    # ---------------------------------------------------------------- panel

    def keep_in(self, settings: Settings) -> None:
        from gui.walkthrough.predicting import PREDICT

        if settings.get(PREDICT):
            self.workspace.walking.predict(True)
        self._telling.keep_in(settings)

    def begin(self) -> None:
        self.workspace.hover_changed.connect(self._light)
        self.workspace.explained.connect(self.refresh_state)
        self._single.begin()

    def end(self) -> None:
        self.workspace.hover_changed.disconnect(self._light)
        self.workspace.explained.disconnect(self.refresh_state)
        self._single.end()
        self.workspace.explaining.light(frozenset())

    def refresh_state(self) -> None:
        before = self._subject.ref
        if self._subject.moved() or self._subject.ref is not before:
            self._telling.begin_anew()
            self._scroll.verticalScrollBar().setValue(0)
        self.question.show_walk(self.workspace.walk)
        self._follow()
        self._show()

    def restyle(self, theme: Theme) -> None:
        self.question.restyle(theme)
        self.follower.restyle(theme)
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
        return self._subject.trace

    def explain(self, ref: Ref) -> None:
        """Show where a number comes from."""
        clicked = self._subject.clicked
        if self.trace is not None and (not clicked or clicked[-1].key != ref.key):
            clicked.append(ref)
            self._show_from_the_top()

    def back(self) -> None:
        """One place back on the trail."""
        self._back_to(max(0, len(self._subject.clicked) - 1))

    def _show_from_the_top(self) -> None:
        self._telling.begin_anew()
        self._show()
        self._scroll.verticalScrollBar().setValue(0)

    def _tell_anew(self) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        from gui.walkthrough import empty_pages
        from gui.walkthrough.number_page import number_page

        trace, subject, walk = self.trace, self._subject, self.workspace.walk
        if trace is None:
            self.trail.hide()
            why = self._single.why
            self.sheet.show_page(empty_pages.why_not(why) if why else empty_pages.how_to_begin())
            self.workspace.explaining.light(frozenset())
            return
        self._show_trail(trace)
        ref, story = subject.ref, self._telling.story(trace, self._done, subject.unfolding)
        if ref is not None:
            at = walk.done if walk is not None and subject.walked else None
            past = None if subject.walked else self._single.past
            page = number_page(story.of_number(ref, at), past, following=self.follower.on)
        elif not subject.walked or walk is None:
            page = empty_pages.why_not(self._single.why)
        elif walk.at < 0:
            page = empty_pages.before_the_walk()
        else:
            page = story.of_step(walk.at)
        self.sheet.show_page(page)
        way = frozenset(subject.outside(ref.key) for ref in self.follower.passed)
        self.workspace.explaining.light(way or subject.lit())
        self._light()

    def _show_trail(self, trace: Trace) -> None:
        names = [as_text(symbol(ref, examples=trace.m > 1)) for ref in self._subject.clicked]
        first = self.tr("Step") if self._subject.walked else self.tr("Selection")
        if not self._subject.walked and self.workspace.explaining.asked is not None:
            first = self.tr("Number")
        if self.follower.on:
            names = []
        if names or self.trail.isVisible():
            self.trail.show_places(first, names, self.workspace.theme)

    # ---------------------------------------------------------------- following

    def _follow(self) -> None:
        """The way of the number that is asked about, if it was asked to be followed."""
        asked, trace = self.workspace.explaining.asked, self.trace
        if asked is None or not asked.follow:
            self.follower.end()
        elif trace is not None and (start := self._subject.asked_for()) is not None:
            self.follower.done = self._done
            self.follower.begin(trace, start)

    def _at_a_station(self) -> None:
        ref = self.follower.ref
        if ref is not None and self.trace is not None:
            self._subject.clicked = [ref]
            self._show_from_the_top()

    # ---------------------------------------------------------------- slots

    def _hover(self, under: Ref | Name | None) -> None:
        from gui.walkthrough.code_names import cells_of

        trace, outside = self.trace, self._subject.outside
        if under is None or trace is None:
            self.workspace.hover(frozenset())
        elif isinstance(under, Ref):
            self.workspace.hover(frozenset({outside(under.key)}))
        else:
            self.workspace.hover(frozenset(map(outside, cells_of(under, trace))))

    def _light(self) -> None:
        self.sheet.light(frozenset(map(self._subject.inside, self.workspace.hovered)))

    def _press(self, press: Press) -> None:
        from gui.walkthrough.number_page import pressed

        pressed(press, self._subject, self.workspace)
        self._show()

    def _reveal(self, rect: QRectF) -> None:
        middle = rect.center().toPoint()
        self._scroll.ensureVisible(middle.x(), middle.y(), 0, round(rect.height() / 2) + 20)

    def _open(self, opener: Opener) -> None:
        self._telling.open(opener.topic, opener.stage)
        below = self.sheet.end_of(opener.topic)
        if below:
            self.sheet.resize(self.sheet.width(), self.sheet.minimumHeight())  # the bar learns of it at once
            self._scroll.ensureVisible(0, round(below), 0, self.workspace.theme.px(12))

    def _back_to(self, keep: int) -> None:
        del self._subject.clicked[keep:]
        self._show()

    @property
    def _done(self) -> int | None:
        """The last step whose number may be seen, where the coming ones are to be predicted."""
        walk, predicting = self.workspace.walk, self.workspace.walking.predicting
        return walk.done if walk is not None and predicting.on and self._subject.walked else None

    def _in_full(self, ref: Ref) -> str:
        from gui.walkthrough.writer import Writer

        trace = self.trace
        if trace is None:
            return ""
        name = as_text(symbol(ref, examples=trace.m > 1 or ref.owner == LOSS))
        if Writer(trace, done=self._done).hides(ref):
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
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if pressed and event.key() == Qt.Key.Key_Backspace and self._subject.clicked:  # type: ignore[attr-defined]
            if not self.follower.on:
                self.back()
            return True
        return super().eventFilter(watched, event)
