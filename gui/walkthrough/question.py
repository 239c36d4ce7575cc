"""The question: asks for the hidden number of a walk, says what an answer is, and keeps the score."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.core.notation import Notation, Row, Text, as_text, operator
from engine.core.printing import in_symbols, symbol
from engine.core.steps import Step
from engine.diagnosis import Verdict, asked_for
from gui.icons import icon
from gui.stepping.walk import Walk
from gui.theme import Theme
from gui.walkthrough.answer_edit import AnswerEdit
from gui.walkthrough.words import tr
from gui.walkthrough.writer import Writer
from gui.widgets.typeset import Typeset, typeset
from gui.workspace import Workspace

_TEXTS = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)


class Question(QFrame):
    """Above the formula, while a walk predicts: ``z[1]_2 = [   ]``, one sentence, the score."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setAccessibleName(self.tr("Predict the next number"))
        self.name = _Formula(workspace.theme, self)
        self.field = AnswerEdit(self.tr("Your prediction"), self)
        self.field.setPlaceholderText("?")
        self.show_it = self._button(self.tr("Show it"), "eye", workspace.walking.reveal)
        self.show_it.setToolTip(self.tr("Show the number; the next step forward does so too"))
        self.said = QLabel(self)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.score = QLabel(self)
        self.score.setTextFormat(Qt.TextFormat.PlainText)
        self.score.setToolTip(self.tr("Right at the first try, of all numbers asked in this walk"))
        self.anew = self._button("", "rotate-ccw", self._reset)
        self.anew.setAccessibleName(self.tr("Count anew"))
        self.anew.setToolTip(self.tr("Count anew"))
        self._step: Step | None = None
        self._lay_out()
        self.field.committed.connect(self._answered)
        self.field.problem.connect(self._say)
        self.field.textEdited.connect(lambda _: self._say(""))
        self.field.onward.connect(self._onward)
        self.field.left.connect(workspace.walking.leave)
        self.restyle(workspace.theme)
        self.hide()

    def show_walk(self, walk: Walk | None) -> None:
        """Ask for the walk's number, or show that it is found."""
        predicting = self.workspace.walking.predicting
        step = walk.step if walk is not None and predicting.on else None
        self.setVisible(step is not None)
        if walk is None or step is None:
            self._step = None
            return
        other, self._step = step is not self._step, step
        if other:
            self.name.show_formula(asked_name(walk, step), step.sign if step.final else "=")
            self.field.ask()
        self.field.setReadOnly(not walk.hidden)
        self.field.setPlaceholderText("?" if walk.hidden else "")
        self.show_it.setEnabled(walk.hidden)
        if not walk.hidden:
            self.field.setText(Writer.digits(step.target)(asked_for(step)))
        self._say_verdict(predicting.verdict, step)
        self._show_score()
        if walk.hidden:
            self._take_focus()

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        self.name.set_theme(theme)
        self.field.setFont(theme.fonts.math)
        self.field.setFixedWidth(theme.px(112))
        self.said.setFont(theme.fonts.ui)
        # room for two lines, so that the formula below does not jump with every sentence
        self.said.setMinimumHeight(2 * self.said.fontMetrics().lineSpacing())
        self.score.setFont(theme.fonts.small)
        for button, drawing in ((self.show_it, "eye"), (self.anew, "rotate-ccw")):
            button.setFont(theme.fonts.ui)
            button.setIcon(icon(drawing, theme))
            button.setIconSize(QSize(theme.px(16), theme.px(16)))
        palette = self.score.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("text-muted"))
        self.score.setPalette(palette)
        margin = theme.space(1.5)
        self._column.setContentsMargins(margin, margin, theme.space(1), theme.space(0.5))
        self._column.setSpacing(theme.space(0.75))
        self._row.setSpacing(theme.space(0.75))
        self._below.setSpacing(theme.space(0.5))

    # ---------------------------------------------------------------- inside

    def _lay_out(self) -> None:
        self._column, self._row, self._below = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        self._row.addWidget(self.name)
        self._row.addWidget(self.field)
        self._row.addStretch(1)
        self._below.addWidget(self.show_it)
        self._below.addStretch(1)
        self._below.addWidget(self.score)
        self._below.addWidget(self.anew)
        self._column.addLayout(self._row)
        self._column.addWidget(self.said)
        self._column.addLayout(self._below)

    def _button(self, text: str, drawing: str, run: object) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setIcon(icon(drawing, self.workspace.theme))
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon if text else style.ToolButtonIconOnly)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _=False: run())  # type: ignore[operator]
        return button

    def _answered(self, value: float) -> None:
        self.workspace.walking.answer(value)

    def _onward(self) -> None:
        self.workspace.walking.forward(self.workspace.walking.level)

    def _reset(self) -> None:
        self.workspace.walking.predicting.reset()
        self._show_score()

    def _say_verdict(self, verdict: Verdict | None, step: Step) -> None:
        if verdict is None:
            self._say("")
            return
        value = Writer.digits(step.target)(asked_for(step))
        named = {**verdict.values, "name": self.name.text, "value": value}
        self._say(tr(verdict.sentence, **named), "✓" if verdict.right else "→", verdict.right)

    def _say(self, sentence: str, sign: str = "", right: bool = False) -> None:
        theme, palette = self.workspace.theme, self.said.palette()
        ink = theme.colour("success") if right else theme.colour("text")
        palette.setColor(QPalette.ColorRole.WindowText, ink)
        self.said.setPalette(palette)
        self.said.setText(f"{sign} {sentence}".strip())
        self.said.setAccessibleDescription(sentence)

    def _show_score(self) -> None:
        score = self.workspace.walking.predicting.score
        self.score.setText(self.tr("{0} of {1} right").format(score.right, score.asked))
        self.anew.setEnabled(score.asked > 0)

    def _take_focus(self) -> None:
        """What is typed goes into the field, unless one is writing somewhere else."""
        window, now = self.window(), QApplication.focusWidget()
        if self.isVisible() and window.isActiveWindow() and not isinstance(now, _TEXTS):
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---------------------------------------------------------------- Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self.workspace.theme
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.colour("panel"))  # the ground of the formula below
            painter.setPen(theme.colour("border"))
            low = self.height() - 1
            painter.drawLine(0, low, self.width(), low)


class _Formula(QWidget):
    """A symbol with its indices, followed by an equals sign."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._notation = theme, Row(())  # type: tuple[Theme, Notation]
        self.text = ""
        self._made: Typeset | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_formula(self, notation: Notation, sign: str) -> None:
        """Another one."""
        self.text = as_text(notation).replace("{", "").replace("}", "")
        self._notation = Row((notation, operator(sign)))
        self.setAccessibleName(f"{self.text} {sign}")
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Other colours or sizes."""
        self._theme = theme
        self._made = typeset(self._notation, theme, None, 1.15)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        made = self._made
        return QSize(0, 0) if made is None else QSize(round(made.width) + 4, round(made.height) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._made is not None:
            with QPainter(self) as painter:
                self._made.paint(painter, 0, 0, self._theme)


def asked_name(walk: Walk, step: Step) -> Notation:
    """What is asked for: the target, a product of its sum, or the sum so far."""
    if step.final:
        return symbol(step.target, examples=step.target.owner == "loss" and walk.trace.m > 1)
    if step.kind == "product" and step.term is not None:
        return in_symbols(step.term)
    return Text("Σ")
