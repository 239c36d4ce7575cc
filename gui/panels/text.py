"""Text: what comes next after a prompt, and the text that is sampled symbol by symbol."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.problems import AxonError
from engine.datasets import Data
from engine.procedures import procedures
from engine.procedures.next_token import NextToken
from engine.procedures.writing import prompt_numbers
from engine.session import Snapshot
from engine.session.writing_on import NextSymbol, WritingOn
from gui.icons import icon
from gui.pacing import Pacing
from gui.panel import Panel
from gui.panels.making.either import Either
from gui.panels.making.symbol_bars import SymbolBars, shown
from gui.panels.making.written import Written
from gui.theme import Theme
from gui.widgets.number_edit import NumberEdit
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

PROBE = "text"
EVERY = 0.25
"""Seconds between two answers while training runs."""
BEAT = 90
"""Milliseconds from symbol to symbol."""
LONGEST = 600
"""A text that is sampled ends here."""
HOTTEST = 2.0


class TextPanel(Panel):
    """The bars are those of the next symbol, or of a sampled one that is chosen: what it was drawn from."""

    name = "text"
    title = "Text"
    icon = "message-square"
    area = Qt.DockWidgetArea.BottomDockWidgetArea
    rank = 27
    open_at_start: ClassVar[bool] = False

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(workspace, parent)
        self.sampled: list[NextSymbol] = []
        """What was drawn, symbol by symbol."""
        self.next: NextSymbol | None = None
        self._prompt: tuple[int, ...] = ()
        self._data: Data | None = None
        self._pacing = Pacing(EVERY)
        self._beat = QTimer(self)
        self._beat.setInterval(BEAT)
        self._beat.timeout.connect(self.step)
        self.prompt = QLineEdit()
        self.prompt.setAccessibleName(self.tr("Prompt"))
        self.prompt.textEdited.connect(self._prompted)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.setAccessibleName(self.tr("What cannot be read"))
        self.play = self._button(self.tr("Sample on"), self.play_or_pause)
        self.one = self._button(self.tr("Sample one symbol"), self.step)
        self.back = self._button(self.tr("Take one symbol back"), self.step_back)
        self.clear = self._button(self.tr("Begin again behind the prompt"), self.begin_again)
        self.written = Written(workspace.theme)
        self.written.chosen.connect(lambda _: self._draw_bars())
        self._room = QScrollArea()
        self._room.setWidgetResizable(True)
        self._room.setFrameShape(QScrollArea.Shape.NoFrame)
        self._room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room.setWidget(self.written)
        self.temperature = QSlider(Qt.Orientation.Horizontal)
        self.temperature.setRange(0, round(100 * HOTTEST))
        self.temperature.setValue(100)
        self.temperature.setAccessibleName(self.tr("Temperature"))
        self.temperature.setToolTip(
            self.tr("Below 1 likely symbols become likelier, above 1 all more alike.")
        )
        self.temperature.valueChanged.connect(self._ask)
        self.degrees = QLabel()
        self.seed = NumberEdit(0.0, minimum=0.0, maximum=1e6, step=1.0, name=self.tr("Seed"))
        self.seed.setToolTip(self.tr("The same seed draws the same text."))
        self.seed.committed.connect(lambda _: self.begin_again())
        self.heading = QLabel()
        self.heading.setMinimumWidth(1)
        self.heading.setAccessibleName(self.tr("What the bars are of"))
        self.bars = SymbolBars(workspace.theme)
        self._names = [QLabel(self.tr("Prompt")), QLabel(self.tr("Temperature")), QLabel(self.tr("Seed"))]
        self.either = Either(self._laid_out())
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.either)
        self.restyle(workspace.theme)

    def _button(self, name: str, then: object) -> QToolButton:
        button = QToolButton()
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(then)
        return button

    def _laid_out(self) -> QWidget:
        """The text at the left, the bars at the right, the settings below."""
        page = QWidget()
        above, left, right, below = QHBoxLayout(), QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        above.addWidget(self._names[0])
        above.addWidget(self.prompt, 1)
        for button in (self.clear, self.back, self.one, self.play):
            above.addWidget(button)
        for widget in (self._names[1], self.temperature, self.degrees, self._names[2], self.seed):
            below.addWidget(widget, 1 if widget is self.temperature else 0)
        left.addLayout(above)
        left.addWidget(self.problem)
        left.addWidget(self._room, 1)
        right.addWidget(self.heading)
        right.addWidget(self.bars, 1)
        self._both = QHBoxLayout()
        self._both.addLayout(left, 3)
        self._both.addLayout(right, 2)
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._both, 1)
        whole.addLayout(below)
        self._rows = (above, below, left, right, whole)
        return page

    # ---------------------------------------------------------------- panel

    def begin(self) -> None:
        self._pacing.again()
        self._ask()

    def end(self) -> None:
        self._beat.stop()
        self._draw_buttons()
        self.workspace.link.unwatch(PROBE)

    def refresh_state(self) -> None:
        data = self.workspace.data
        learns = isinstance(procedures.make(self.workspace.document.training.procedure), NextToken)
        if data is None or not data.symbols or not learns:
            self._data = None
            self._beat.stop()
            self.workspace.link.unwatch(PROBE)
            self.either.say(
                self.tr(
                    "This needs a network that learns the next symbol of texts:"
                    " choose a language model in Network > Ready-made."
                )
            )
            return
        self.either.say("")
        if data is not self._data:
            self._data = data
            self.prompt.setText(shown(data.symbols[int(data.X[0, 0])]))
            self._prompted()

    def refresh(self, snapshot: Snapshot) -> None:
        if snapshot.data is not self._data:
            self.refresh_state()
        answer = snapshot.answers.get(PROBE)
        if not isinstance(answer, NextSymbol) or self._data is None or not self._pacing.due(snapshot):
            return
        if answer.text == self._text() and len(answer.shares) == len(self._data.symbols):
            self.next = answer
            self._draw_bars()

    def restyle(self, theme: Theme) -> None:
        self.either.set_theme(theme)
        for label in (*self._names, self.problem, self.degrees, self.heading, self.seed):
            label.setFont(theme.fonts.ui)
        self.prompt.setFont(theme.fonts.mono)
        self.problem.setStyleSheet(f"color: {theme.css('error')}")
        self.problem.setVisible(bool(self.problem.text()))
        self.seed.setFixedWidth(theme.px(56))
        self.degrees.setMinimumWidth(theme.px(36))
        for button, name in (
            (self.one, "step-forward"), (self.back, "step-back"), (self.clear, "skip-back"),
        ):  # fmt: skip
            button.setIcon(icon(name, theme))
            button.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.play.setIconSize(QSize(theme.px(18), theme.px(18)))
        self._column.setContentsMargins(theme.space(), theme.space(0.5), theme.space(), theme.space(0.5))
        for row in self._rows:
            row.setSpacing(theme.space(0.75))
        self._both.setSpacing(theme.space(2))
        self.written.set_theme(theme)
        self.bars.set_theme(theme)
        for each in (self._room, self.bars):
            each.setMinimumHeight(theme.px(44))
        self._draw_buttons()

    # ---------------------------------------------------------------- sampling

    def play_or_pause(self) -> None:
        """Sample symbol after symbol, or stop."""
        if self._beat.isActive():
            self._beat.stop()
        elif self._prompt:
            self._beat.start()
            self.step()
        self._draw_buttons()

    def step(self) -> None:
        """Sample one symbol."""
        if len(self.sampled) >= LONGEST or self.workspace.snapshot.problem:
            self._beat.stop()
            self._draw_buttons()
        elif self._prompt and self._data is not None:
            self.workspace.link.ask(self._question(), self._drawn)

    def step_back(self) -> None:
        """Take the last sampled symbol back."""
        self._beat.stop()
        del self.sampled[-1:]
        self._ask()

    def begin_again(self) -> None:
        """Nothing but the prompt."""
        self._beat.stop()
        self.sampled.clear()
        self._ask()

    def _drawn(self, answer: object) -> None:
        """A symbol; one that belongs to another text comes too late."""
        here = self._data is not None and self.isVisible()
        if here and isinstance(answer, NextSymbol) and answer.text == self._text():
            self.sampled.append(answer)
            self.written.choose(None)
            self._ask()
            last = self.written.box_of(len(self.sampled) - 1).center()
            self._room.ensureVisible(round(last.x()), round(last.y()))

    def _prompted(self, *_: object) -> None:
        """Another prompt; what cannot be read leaves the one before."""
        assert self._data is not None
        known = {shown(symbol): symbol for symbol in self._data.symbols}
        typed = self.prompt.text().replace("␣", " ")
        words = self._words
        pieces = typed.split() if words else [known.get(each, each) for each in typed]
        try:
            self._prompt = tuple(prompt_numbers(pieces, self._data.symbols))
            self.problem.clear()
        except AxonError as error:
            self.problem.setText(str(error))
        self.problem.setVisible(bool(self.problem.text()))
        self.begin_again()

    @property
    def _words(self) -> bool:
        """Whether the symbols are words, with blanks between them."""
        return self._data is not None and any(len(each) > 1 for each in self._data.symbols)

    def _text(self) -> tuple[int, ...]:
        return self._prompt + tuple(each.number for each in self.sampled)

    def _question(self) -> WritingOn:
        return WritingOn(self._text(), self.temperature.value() / 100, round(self.seed.value()))

    def _ask(self, *_: object) -> None:
        """The text or the temperature is another one."""
        self.degrees.setText(format_number(self.temperature.value() / 100, 3))
        if self._data is None or not self._prompt:
            return
        self._pacing.again()
        if self.isVisible():
            self.workspace.link.watch(PROBE, self._question(), EVERY)
        blank = " " if self._words else ""
        symbols = tuple(self._data.symbols[each] + blank for each in self._text())
        many = len(self._prompt)
        self.written.show_text(symbols[:many], symbols[many:])
        self._draw_buttons()

    # ---------------------------------------------------------------- drawing

    def _draw_bars(self) -> None:
        data, choice = self._data, self.written.choice
        if data is None:
            return
        if choice is not None:
            looked = self.sampled[choice]
            self.heading.setText(
                self.tr("Symbol {0}: “{1}” was drawn").format(choice + 1, shown(data.symbols[looked.number]))
            )
            self.bars.show_shares(data.symbols, looked.shares, looked.plain, looked.number)
        elif self.next is not None:
            before = "".join(shown(data.symbols[each]) for each in self.next.text[-8:])
            self.heading.setText(self.tr("Next after “{0}”").format(before))
            self.bars.show_shares(data.symbols, self.next.shares, self.next.plain, None)

    def _draw_buttons(self) -> None:
        playing = self._beat.isActive()
        self.play.setIcon(icon("pause" if playing else "play", self.workspace.theme))
        name = self.tr("Pause sampling") if playing else self.tr("Sample on")
        self.play.setAccessibleName(name)
        self.play.setToolTip(name)
        self.back.setEnabled(bool(self.sampled))

    def sizeHint(self) -> QSize:
        theme = self.workspace.theme
        return QSize(theme.px(640), theme.px(260))
