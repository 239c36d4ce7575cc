"""Sentences appear calmly, stay long enough, and go without a trace but the list."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui.main_window import MainWindow
from gui.status import MOST_AT_ONCE, Notices
from gui.theme import load_theme
from gui.widgets.notice import Notice, Tone, reading_time


@pytest.fixture
def notices(qtbot: QtBot) -> Notices:
    stage = QWidget()
    stage.resize(600, 400)
    qtbot.addWidget(stage)
    stage.show()
    return Notices(stage, load_theme())


def test_a_sentence_is_shown_inside_the_stage(notices: Notices) -> None:
    notice = notices.tell("A long sentence that goes on. " * 8)
    assert notice is not None
    assert notice.isVisible()
    assert notices.stage.rect().contains(notice.geometry())
    label = notice._text
    assert label.height() >= label.heightForWidth(label.width())


def test_it_is_there_long_enough_to_be_read() -> None:
    words = "Training stopped at update 12: the loss J is not a number."
    assert reading_time(words) > 7000
    assert reading_time("Saved.") >= 4000


def test_the_cross_closes_it(qtbot: QtBot, notices: Notices) -> None:
    notice = notices.tell("One")
    assert notice is not None
    qtbot.mouseClick(notice.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert notices.shown == []
    assert [each.sentence for each in notices.last] == ["One"]


def test_it_goes_by_itself_unless_it_stays(qtbot: QtBot, notices: Notices) -> None:
    passing, staying = notices.tell("Passing"), notices.tell("Staying", stays=True)
    assert passing is not None
    assert staying is not None
    assert not staying._timer.isActive()
    passing._timer.setInterval(10)
    passing._timer.start()
    qtbot.waitUntil(lambda: notices.shown == [staying])


def test_a_flood_shows_a_few_and_keeps_what_must_stay(notices: Notices) -> None:
    staying = notices.tell("Staying", stays=True)
    for number in range(300):
        notices.tell(f"Sentence {number}")
    assert len(notices.shown) == MOST_AT_ONCE
    assert staying in notices.shown
    assert len(notices.last) == 100
    assert notices.last[-1].sentence == "Sentence 299"


def test_the_same_sentence_is_shown_once(notices: Notices) -> None:
    assert notices.tell("Again") is notices.tell("Again")
    assert len(notices.shown) == len(notices.last) == 1


def test_a_button_runs_and_closes(qtbot: QtBot, notices: Notices) -> None:
    ran: list[int] = []
    notice = notices.tell("Do it?", buttons=(("Yes", lambda: ran.append(1)),), tone=Tone.WARNING)
    assert notice is not None
    button = notice.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    yes = next(each for each in button if each.accessibleName() == "Yes")
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    assert ran == [1]
    assert notices.shown == []


def test_what_the_workspace_says_is_shown(window: MainWindow) -> None:
    window.workspace.say("Hello from a panel.")
    assert window.notices.shown[-1].sentence == "Hello from a panel."
    assert isinstance(window.notices.shown[-1], Notice)


def test_notices_stay_inside_while_the_canvas_shrinks(qtbot: QtBot, window: MainWindow) -> None:
    window.workspace.say("A sentence of some length that has to be broken when the window becomes small.")
    window.resize(800, 560)
    qtbot.wait(50)
    assert window.stage.rect().contains(window.notices.shown[-1].geometry())


def test_it_grows_with_the_projector(notices: Notices) -> None:
    notice = notices.tell("Readable from the last row?")
    assert notice is not None
    before = notice.height()
    notices.restyle(load_theme("dark", 1.75))
    assert notice.height() > 1.3 * before


def test_a_hint_goes_as_soon_as_the_user_does_something(qtbot: QtBot, window: MainWindow) -> None:
    window.notices.hint("Space lets the network learn.")
    window.notices.tell("Something that matters.")
    window.workspace.training.play()
    assert [each.sentence for each in window.notices.shown] == ["Something that matters."]
    window.workspace.training.pause()


def test_the_hint_of_projector_mode_goes_with_it(qtbot: QtBot, window: MainWindow) -> None:
    window.set_projector(True)
    assert [each.sentence for each in window.notices.shown] == ["Projector mode. Ctrl+1 leaves it."]
    window.set_projector(False)
    assert not window.notices.shown


def test_notices_stand_beside_the_legend_where_there_is_room(qtbot: QtBot) -> None:
    stage = QWidget()
    qtbot.addWidget(stage)
    notices = Notices(stage, load_theme(), lambda: QSize(400, 40))
    for width, beside in ((1000, True), (600, False)):
        stage.resize(width, 500)
        notice = notices.tell("The output is the end of the network: nothing follows it.")
        notices.place()
        rect = notice.geometry()
        assert stage.rect().contains(rect)
        assert (rect.left() > 400) is beside
        assert beside or rect.bottom() < 500 - 40


def test_a_sentence_takes_the_place_of_a_hint(window: MainWindow) -> None:
    window.notices.hint("Try this.")
    window.notices.tell("This cannot be done.")
    assert [each.sentence for each in window.notices.shown] == ["This cannot be done."]
