"""Follow a number: from station to station to the loss, and back to its own gradient."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.expressions import Ref
from engine.core.notation import as_text
from engine.core.printing import symbol
from engine.following import Key, Way, joined_by
from engine.session.formulas_of import WayOf
from engine.trace import Trace
from gui import icons
from gui.theme import Theme
from gui.walkthrough.strip import Strip
from gui.walkthrough.writer import Writer
from gui.workspace import Workspace

MOST_WAYS = 40
"""Users that the menu of other ways offers."""


class Follower(QWidget):
    """Two rows: the commands, and the strip of stations. The worker finds the way; the window never waits."""

    moved = Signal()
    """Another station, or another way."""
    ended = Signal()
    """The user has seen enough."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._trace: Trace | None = None
        self._start: Ref | None = None
        self._chosen: dict[Key, Key] = {}
        self._joints: list[tuple[Ref, ...]] = []
        """The weights between the stations, as far as one has come."""
        self._asked: object = None
        self.done: int | None = None
        """The last step whose number may be seen; ``None`` for all."""
        self.way: Way | None = None
        self.at = 0
        self.setAccessibleName(self.tr("Follow a number"))
        self.previous = self._button(
            self.tr("Previous station"), "arrow-left", lambda: self.go_to(self.at - 1)
        )
        self.next = self._button(self.tr("Next station"), "arrow-right", lambda: self.go_to(self.at + 1))
        self.where = QLabel()
        self.where.setAccessibleName(self.tr("Where the way stands"))
        self.others = self._button(self.tr("Another way"), "split", lambda: None)
        self.others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.others.setToolTip(self.tr("Where the number goes next: it is used in several places"))
        self._menu = QMenu(self.others)
        self._menu.aboutToShow.connect(self._fill)
        self.others.setMenu(self._menu)
        self.close_button = self._button(self.tr("Follow no longer"), "x", self.ended.emit)
        self.strip = Strip(workspace.theme)
        self.strip.went_to.connect(self.go_to)
        self._area = QScrollArea()
        self._area.setWidget(self.strip)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.strip.marked.connect(self._reveal)
        self._head = QHBoxLayout()
        for each in (self.previous, self.next, self.where, self.others, self.close_button):
            self._head.addWidget(each, 1 if each is self.where else 0)
        self._column = QVBoxLayout(self)
        self._column.addLayout(self._head)
        self._column.addWidget(self._area)
        self.setFocusProxy(self.strip)
        self.restyle(workspace.theme)
        self.hide()

    def _button(self, text: str, icon: str, do: object) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setAccessibleName(text)
        button.setToolTip(text)
        button.setProperty("icon-name", icon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(do)
        return button

    def restyle(self, theme: Theme) -> None:
        """Colours and sizes."""
        side = theme.px(18)
        for button in (self.previous, self.next, self.others, self.close_button):
            button.setIcon(icons.icon(button.property("icon-name"), theme))
            button.setIconSize(QSize(side, side))
            button.setFont(theme.fonts.ui)
        self.where.setFont(theme.fonts.ui)
        self._menu.setFont(theme.fonts.ui)
        self._column.setContentsMargins(theme.space(0.5), theme.space(0.5), theme.space(0.5), 0)
        self._column.setSpacing(theme.space(0.25))
        self.strip.set_theme(theme)
        self._fit()

    # ---------------------------------------------------------------- the way

    @property
    def on(self) -> bool:
        """Whether a number is being followed."""
        return self._start is not None

    @property
    def ref(self) -> Ref | None:
        """The present station."""
        return self.way.refs[self.at] if self.way is not None else self._start

    @property
    def passed(self) -> tuple[Ref, ...]:
        """The stations so far, and the weights of the synapses between them."""
        if self.way is None or self._trace is None:
            return ()
        refs = self.way.refs[: self.at + 1]
        for one, two in pairwise(refs[len(self._joints) :]):
            self._joints.append(joined_by(self._trace, one, two))
        return (*refs, *(ref for found in self._joints[: self.at] for ref in found))

    def begin(self, trace: Trace, start: Ref) -> None:
        """Follow a number of a trace; nothing happens if that is being done."""
        if self._trace is trace and self._start is not None and self._start.key == start.key:
            return
        self._trace, self._start, self._chosen, self.way, self.at = trace, start, {}, None, 0
        self._look_for_the_way()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Follow nothing."""
        self._trace = self._start = self.way = None
        self._asked = None
        self.hide()

    def go_to(self, number: int) -> None:
        """To a station."""
        if self.way is not None and 0 <= number < len(self.way.stations):
            self.at = number
            self._show()
            self.moved.emit()

    def choose(self, user: Ref) -> None:
        """From the present station the way goes on to this user."""
        here = self.ref
        if here is not None:
            self._chosen[here.key] = user.key
            self._look_for_the_way(self.at + 1)

    def _look_for_the_way(self, then_at: int = 0) -> None:
        trace, start = self._trace, self._start
        if trace is None or start is None:
            return
        walk = self._workspace.walk
        example = (walk.example or 0) if walk is not None and walk.trace is trace else 0
        self._asked = asked = object()

        def take(way: Way | None) -> None:
            if self._asked is asked:
                self._joints = []
                self.way, self.at = way, 0 if way is None else min(then_at, len(way.stations) - 1)
                self._show()
                self.moved.emit()

        self._show()
        self._workspace.link.ask(WayOf(trace, start, dict(self._chosen), example), take)

    # ---------------------------------------------------------------- showing

    def _show(self) -> None:
        way = self.way
        self._area.setVisible(way is not None and len(way.stations) > 1)
        self.previous.setEnabled(way is not None and self.at > 0)
        self.next.setEnabled(way is not None and self.at < len(way.stations) - 1)
        ways = () if way is None else way.stations[self.at].ways
        self.others.setVisible(len(ways) > 1)
        if way is None:
            self.where.setText(self.tr("Looking for its way …"))
            return
        if len(way.stations) == 1:
            self.where.setText(self.tr("Nothing is calculated from this number."))
            return
        text = self.tr("Station {0} of {1}").format(self.at + 1, len(way.stations))
        self.where.setText(text)
        assert self._trace is not None
        self.strip.show_way(way, self.at, Writer(self._trace, done=self.done))
        self._fit()

    def _fill(self) -> None:
        """The users of the present station, the one on the way ticked."""
        self._menu.clear()
        way = self.way
        if way is None:
            return
        ways = way.stations[self.at].ways
        following = way.refs[self.at + 1].key if self.at + 1 < len(way.refs) else None
        for user in ways[:MOST_WAYS]:
            action = self._menu.addAction(as_text(symbol(user)))
            action.setCheckable(True)
            action.setChecked(user.key == following)
            action.triggered.connect(lambda _=False, user=user: self.choose(user))
        if len(ways) > MOST_WAYS:
            left = self._menu.addAction(self.tr("and {0} more").format(len(ways) - MOST_WAYS))
            left.setEnabled(False)

    def _reveal(self, rect: QRect) -> None:
        centre = rect.center()
        self._area.ensureVisible(centre.x(), centre.y(), rect.width() // 2 + self._workspace.theme.px(40), 0)

    def _fit(self) -> None:
        bar = self._area.horizontalScrollBar().sizeHint().height()
        self._area.setFixedHeight(self.strip.height() + bar)
