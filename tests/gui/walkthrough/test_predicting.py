"""Predict, then reveal, with real keys in a whole window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.core.plan import Phase
from engine.diagnosis import asked_for
from engine.document import Document, Training
from engine.samples import mlp
from gui import crash
from gui import theme as themes
from gui.look import Look
from gui.main_window import MainWindow
from gui.settings import Settings
from gui.stepping.walk import Level
from gui.walkthrough.formula import FormulaView
from gui.walkthrough.predicting import PREDICT, Score
from gui.walkthrough.question import Question
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

pytestmark = pytest.mark.slow

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def xor() -> Document:
    return mlp(2, 3, 1, hidden="sigmoid", training=Training(seed=1))


@pytest.fixture
def open_window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], MainWindow]]:
    """A window with settings of its own; without a question at its end."""
    monkeypatch.setattr(crash, "folder", lambda: tmp_path)
    interval = sys.getswitchinterval()
    themes.load_fonts()
    opened: list[MainWindow] = []

    def made() -> MainWindow:
        settings = Settings(tmp_path / "settings.ini")
        look = Look(settings)
        look.put_on()
        window = MainWindow(Workspace(look.theme, xor()), settings, look)
        opened.append(window)
        window.resize(1280, 860)
        with qtbot.waitSignal(window.painted):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow() and window.workspace.snapshot.data is not None)
        return window

    yield made
    for window in opened:
        window.close_at_once()
        window.deleteLater()
    QApplication.processEvents()
    sys.setswitchinterval(interval)


@pytest.fixture
def window(open_window: Callable[[], MainWindow], qtbot: QtBot) -> MainWindow:
    """The walk stands at a hidden first step; the field waits."""
    window = open_window()
    window.canvas.setFocus()
    press(Key.Key_P, SHIFT)
    assert window.workspace.walking.predicting.on
    press(Key.Key_Right)
    qtbot.waitUntil(lambda: window.workspace.walk is not None)
    qtbot.waitUntil(lambda: view_of(window).isVisible() and question_of(window).isVisible())
    qtbot.waitUntil(lambda: QApplication.focusWidget() is question_of(window).field)
    return window


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def write(text: str) -> None:
    """Typed key by key, also signs that no key code stands for, and Enter."""
    for sign in text:
        code = Key.Key_unknown if ord(sign) > 127 else Key(ord(sign.upper()))
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, sign)
            QApplication.sendEvent(QApplication.focusWidget(), event)
    press(Key.Key_Return)


def view_of(window: MainWindow) -> FormulaView:
    dock = window.docks.dock("formula")
    assert dock is not None and isinstance(dock.panel, FormulaView)
    return dock.panel


def question_of(window: MainWindow) -> Question:
    return view_of(window).question


def go(window: MainWindow, array: str, owner: str, phase: Phase | None = None) -> None:
    """To the last step of an array of a layer, on the example that tells most."""
    trace = window.workspace.walk.trace
    steps = (
        number
        for number, step in enumerate(trace)
        if step.target.owner == owner
        and step.target.array == array
        and step.final
        and (phase is None or step.phase is phase)
        and step.example in {None, 3}
    )
    window.workspace.walking.go_to(next(steps))
    assert window.workspace.walk.hidden


def texts_of_canvas(window: MainWindow) -> str:
    return "|".join(note.text for note in window.canvas.network.picture.notes)


def test_the_number_is_hidden_everywhere_until_it_is_found(window: MainWindow) -> None:
    workspace = window.workspace
    go(window, "a", "hidden")
    walk, step = workspace.walk, workspace.walk.step
    said = format_number(step.value)
    page = view_of(window).page.as_text()
    assert said not in page and "= ?" in page
    assert said not in texts_of_canvas(window) and "≈ ?" in texts_of_canvas(window)
    assert walk.value(*step.target.key) is None
    view_of(window).explain(step.target)
    assert said not in view_of(window).page.as_text()
    view_of(window).back()
    assert "?" in view_of(window).sheet.full(step.target)
    assert window.transport.readout.cost.text() == "J ?"
    write(said)
    assert not workspace.walk.hidden
    assert said in view_of(window).page.as_text() and said in texts_of_canvas(window)
    assert "✓ Right" in question_of(window).said.text()
    assert workspace.walking.predicting.score == Score(1, 1)


def test_a_wrong_answer_is_told_what_it_looks_like(window: MainWindow) -> None:
    workspace, question = window.workspace, question_of(window)
    go(window, "dz", "hidden", Phase.BACKWARD)
    trace, step = workspace.walk.trace, workspace.walk.step
    da = trace.lookup(trace.ref("hidden", "da", step.target.index, step.example))
    write(format_number(da))
    assert "multiplied by the slope" in question.said.text()
    assert workspace.walk.hidden and workspace.walking.predicting.score == Score(0, 1)
    write(format_number(-step.value))  # the text was selected: it is written over
    assert "sign" in question.said.text()
    write(format_number(step.value))
    assert "Right" in question.said.text()
    assert question.score.text() == "0 of 1 right"


def test_fractions_a_comma_and_the_real_minus_sign(window: MainWindow) -> None:
    workspace, question = window.workspace, question_of(window)
    go(window, "z", "hidden")
    value = asked_for(workspace.walk.step)
    write("abc")
    assert "is not a number" in question.said.text()
    assert workspace.walking.predicting.score == Score()
    question.field.setLocale(QLocale(QLocale.Language.German))
    press(Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    write(f"{value:.6f}".replace(".", ",").replace("-", "−"))
    assert not workspace.walk.hidden
    workspace.walking.go_to(workspace.walk.at + 1)
    write(f"{round(asked_for(workspace.walk.step) * 1e6)}/1000000")
    assert not workspace.walk.hidden
    assert workspace.walking.predicting.score == Score(2, 2)


def test_the_next_stride_reveals_first(window: MainWindow) -> None:
    workspace = window.workspace
    at = workspace.walk.at
    press(Key.Key_Right)
    assert workspace.walk.at == at and not workspace.walk.hidden
    press(Key.Key_Right)
    assert workspace.walk.at == at + 1 and workspace.walk.hidden
    assert workspace.walking.predicting.score == Score(0, 1)
    press(Key.Key_Left)  # back to what was seen: it stays so
    assert workspace.walk.at == at and not workspace.walk.hidden
    press(Key.Key_Right)
    assert workspace.walk.hidden
    press(Key.Key_Right, SHIFT)
    assert workspace.walk.at == at + 1 and not workspace.walk.hidden


def test_enter_twice_answers_and_goes_on(window: MainWindow) -> None:
    workspace = window.workspace
    for _ in range(6):
        at = workspace.walk.at
        write(format_number(asked_for(workspace.walk.step), digits=5))
        assert not workspace.walk.hidden
        press(Key.Key_Return)
        assert workspace.walk.at == at + 1
        assert question_of(window).field.text() == ""
    assert workspace.walking.predicting.score == Score(6, 6)


def test_show_it_and_count_anew(window: MainWindow) -> None:
    workspace, question = window.workspace, question_of(window)
    QTest.mouseClick(question.show_it, Qt.MouseButton.LeftButton)
    assert not workspace.walk.hidden and not question.show_it.isEnabled()
    assert question.score.text() == "0 of 1 right"
    QTest.mouseClick(question.anew, Qt.MouseButton.LeftButton)
    assert question.score.text() == "0 of 0 right"
    assert not workspace.walk.hidden
    assert workspace.walking.predicting.score == Score()
    press(Key.Key_Right)
    press(Key.Key_P, SHIFT)  # off: nothing is hidden any more
    assert not workspace.walk.hidden and not question.isVisible()
    workspace.walking.forward(Level.NEURON)
    assert not workspace.walk.hidden


def test_an_empty_field_keeps_no_key_from_the_walk(window: MainWindow) -> None:
    workspace, field = window.workspace, question_of(window).field
    press(Key.Key_W)
    assert window.transport.walking_on and "w" not in field.text().lower()
    press(Key.Key_W)
    assert not window.transport.walking_on
    workspace.walking.go_to(9)
    assert workspace.walk.hidden
    QTest.keyClicks(QApplication.focusWidget(), "12")  # not the sizes of a step
    assert field.text() == "12" and window.transport.level is Level.TERM
    press(Key.Key_Escape)
    assert field.text() == "" and workspace.walk is not None
    press(Key.Key_Escape)
    assert workspace.walk is None
    assert not question_of(window).isVisible()
    assert workspace.walking.predicting.score == Score()


def test_looking_elsewhere_is_no_answer(window: MainWindow) -> None:
    QTest.keyClicks(question_of(window).field, "7")
    window.canvas.setFocus()
    assert window.workspace.walk.hidden
    assert window.workspace.walking.predicting.score == Score()
    press(Key.Key_Right)
    press(Key.Key_Right)  # the next question has the keys again
    assert QApplication.focusWidget() is question_of(window).field


def test_every_kind_of_step_asks_and_takes_its_number(window: MainWindow) -> None:
    workspace = window.workspace
    seen: set[tuple[str, str]] = set()
    for number, step in enumerate(workspace.walk.trace):
        kind = (step.kind, step.target.array)
        if kind in seen:
            continue
        seen.add(kind)
        workspace.walking.go_to(number)
        if workspace.walk.hidden:
            view_of(window).grab()
            verdict = workspace.walking.answer(asked_for(step))
            assert verdict is not None and verdict.right, kind
        assert not workspace.walk.hidden
    assert len({each for each, _ in seen}) >= 8


def test_into_the_next_update_and_back(window: MainWindow, qtbot: QtBot) -> None:
    workspace = window.workspace
    last = len(workspace.walk.trace) - 1
    workspace.walking.go_to(last)
    press(Key.Key_Right)
    assert workspace.walk.at == last and not workspace.walk.hidden
    press(Key.Key_Right)
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.step_number == 1)
    assert workspace.walk.hidden
    press(Key.Key_Left)
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.step_number == 0)
    assert workspace.walk.at == last and not workspace.walk.hidden


def test_it_is_remembered(window: MainWindow, open_window: Callable[[], MainWindow], qtbot: QtBot) -> None:
    assert window.settings.get(PREDICT)
    window.settings.save()
    again = open_window()
    qtbot.waitUntil(lambda: again.workspace.walking.predicting.on)
    again.canvas.setFocus()
    press(Key.Key_P, SHIFT)
    assert not again.settings.get(PREDICT)
    assert not again.workspace.walking.predicting.on
