"""Numbers as people type and read them, and the field that edits one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from gui.widgets.number_edit import NumberEdit
from gui.widgets.numbers import as_fraction, format_fixed, format_full, format_number, parse_number

ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedStates)
GERMAN = QLocale(QLocale.Language.German, QLocale.Country.Germany)
Key = Qt.Key
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", 0.5), ("0,5", 0.5), (",5", 0.5), (".5", 0.5), ("5.", 5), ("+2", 2), ("0,125", 0.125),
        ("1/3", 1 / 3), ("-2/3", -2 / 3), ("1 / 3", 1 / 3), ("1⁄3", 1 / 3), ("0,5/2", 0.25), ("1/-4", -0.25),
        ("1e-3", 0.001), ("1E3", 1000), ("1,5e−3", 0.0015), ("−0.5", -0.5), ("–0.5", -0.5), ("\u00a0 7 ", 7),
        ("½", 0.5), ("-¾", -0.75), ("⅓", 1 / 3), ("1½", 1.5), ("2 ¼", 2.25),
        ("25 %", 0.25), ("12,5%", 0.125), ("1/2 %", 0.005), ("-0", 0.0), ("1e-999", 0.0),
    ],
)  # fmt: skip
def test_what_is_understood(text: str, value: float, locale: QLocale):
    assert parse_number(text, locale) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("abc", "'abc' is not a number: write 0.5, 1/3 or 1e-3."),
        ("2*0.1", "'2*0.1' is not a number: write 0.5, 1/3 or 1e-3."),
        ("1/0", "'1/0' divides by zero: write a number other than 0 after the /."),
        ("1,234", "'1,234' can mean two numbers: write 1.234 or 1234."),
        ("nan", "'nan' cannot be calculated with: write a finite number such as 0.5."),
        ("-inf", "'-inf' cannot be calculated with: write a finite number such as 0.5."),
        ("1e999", "'1e999' is too large: the largest number is about 1e308."),
        ("1e300/1e-300", "'1e300/1e-300' is too large: the largest number is about 1e308."),
        ("9" * 61, "This text is too long for a number: write 0.5, 1/3 or 1e-3."),
        ("x" * 40, f"'{'x' * 23}…' is not a number: write 0.5, 1/3 or 1e-3."),
        ("  ", "Type a number, for example 0.5, 1/3 or 1e-3."),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(text: str, sentence: str):
    with pytest.raises(ValueError) as caught:
        parse_number(text, ENGLISH)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "1/2/3",
        "1 000",
        "1_000",
        "0x10",
        "1,234.5",
        "1.2.3",
        "1,2,3",
        "--1",
        "1/",
        "/2",
        "%",
        "1e",
        "{0}",
        "½½",
    ],
)
@pytest.mark.parametrize("locale", [ENGLISH, GERMAN])
def test_nothing_is_guessed(text: str, locale: QLocale):
    with pytest.raises(ValueError, match=r"^'.*' is not a number"):
        parse_number(text, locale)


def test_a_comma_is_plain_where_it_is_the_decimal_sign():
    assert parse_number("1,234", GERMAN) == 1.234


# ---------------------------------------------------------------- writing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"), (0.5, "0.5"), (-1.23456, "−1.235"), (1 / 3, "0.3333"), (2, "2"), (-0.0, "0"),
        (0.99996, "1"), (12345.6, "12346"), (60000, "60000"), (1234567, "1.235e6"), (999999.7, "1e6"),
        (0.000123, "0.000123"), (0.0000123456, "1.235e−5"), (-2.8e-17, "−2.8e−17"),
        (math.nan, "NaN"), (math.inf, "∞"), (-math.inf, "−∞"), (np.float32(0.1), "0.1"),
    ],
)  # fmt: skip
def test_four_digits_for_people(value: float, text: str):
    assert format_number(value, locale=ENGLISH) == text


def test_the_noise_of_a_sum_is_zero_only_on_request():
    noise = -0.2 + 0.2 - 2.8e-17
    assert format_number(noise, locale=ENGLISH, near_zero=True) == "0"
    assert format_number(1e-9, locale=ENGLISH, near_zero=True) == "1e−9"


def test_digits_locale_and_fractions():
    assert format_number(math.pi, 2, ENGLISH) == "3.1"
    assert format_number(-math.pi, 6, GERMAN) == "−3,14159"
    assert format_number(1 / 3, locale=ENGLISH, fractions=True) == "1/3"
    assert format_number(0.1234567, locale=ENGLISH, fractions=True) == "0.1235"
    assert format_number(0, fractions=True) == "0"


def test_fixed_columns_have_no_negative_zero():
    assert [format_fixed(v, 2, ENGLISH) for v in (-0.001, 1, -1.005, math.nan)] == [
        "0.00",
        "1.00",
        "−1.00",
        "NaN",
    ]
    assert format_fixed(-0.4, 0, GERMAN) == "0"
    assert format_fixed(0.5, 1, GERMAN) == "0,5"


def test_the_full_value_is_for_the_hover():
    assert format_full(0.1 + 0.2, ENGLISH) == "0.30000000000000004"
    assert format_full(-2.7755575615628914e-17, GERMAN) == "−2,7755575615628914e−17"
    assert format_full(1.0) == "1" and format_full(-0.0) == "0" and format_full(math.inf) == "∞"
    assert format_full(np.float32(0.1), ENGLISH) == "0.1"


def test_fractions_are_found_only_where_they_are_exact():
    assert [as_fraction(v) for v in (1 / 3, -2.5, 4, 0, 1 / 97)] == ["1/3", "−5/2", "4", "0", "1/97"]
    assert as_fraction(0.3333) is None and as_fraction(1 / 101) is None and as_fraction(math.nan) is None
    assert as_fraction(1e-9) is None


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([ENGLISH, GERMAN]))
def test_what_is_written_in_full_is_read_back_exactly(value: float, locale: QLocale):
    assert parse_number(format_full(value, locale), locale) == value


@given(st.floats(-1e300, 1e300), st.integers(1, 15), st.sampled_from([ENGLISH, GERMAN]), st.booleans())
def test_what_is_written_is_read_back_nearly(value: float, digits: int, locale: QLocale, fractions: bool):
    back = parse_number(format_number(value, digits, locale, fractions), locale)
    assert back == pytest.approx(value, rel=0.51 * 10 ** (1 - digits), abs=0)


@given(st.text(max_size=80))
def test_any_text_gives_a_finite_number_or_one_sentence(text: str):
    try:
        assert math.isfinite(parse_number(text, ENGLISH))
    except ValueError as reason:
        assert str(reason).endswith(".") and len(str(reason)) < 120


# ---------------------------------------------------------------- the field


class Form(QWidget):
    """Two fields and a shortcut on Esc, as in the window."""

    def __init__(self) -> None:
        super().__init__()
        self.number = NumberEdit(0.5, minimum=-2, maximum=2, name="weight w")
        self.number.setLocale(ENGLISH)
        self.other = QLineEdit()
        layout = QVBoxLayout(self)
        layout.addWidget(self.number)
        layout.addWidget(self.other)
        self.escaped = 0
        QShortcut(QKeySequence(Key.Key_Escape), self, activated=self.count)
        self.committed: list[float] = []
        self.nudged: list[float] = []
        self.problems: list[str] = []
        self.number.committed.connect(self.committed.append)
        self.number.nudged.connect(self.nudged.append)
        self.number.problem.connect(self.problems.append)

    def count(self) -> None:
        self.escaped += 1

    def type(self, text: str) -> None:
        self.number.selectAll()
        QTest.keyClicks(self.number, text)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.number, key, modifiers)


@pytest.fixture
def form(qtbot) -> Form:
    widget = Form()
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.number.setFocus()
    qtbot.waitUntil(widget.number.hasFocus)
    return widget


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_Enter, Key.Key_Tab])
def test_enter_and_tab_take_the_number(form: Form, key: Qt.Key):
    form.type("1/3")
    assert form.number.value() == 0.5  # not before
    form.press(key)
    assert form.committed == [1 / 3]
    assert form.number.text() == "0.3333"
    assert form.number.toolTip() == "0.3333333333333333"


def test_a_click_elsewhere_takes_the_number(form: Form):
    form.type("-1")
    QTest.mouseClick(form.other, Qt.MouseButton.LeftButton)
    assert form.committed == [-1.0] and form.number.text() == "−1"


def test_leaving_without_typing_changes_nothing(form: Form):
    form.number.set_value(1 / 3)
    form.press(Key.Key_Tab)
    assert form.committed == [] and form.number.value() == 1 / 3
    form.number.setFocus()
    form.press(Key.Key_Return)  # an answer is confirmed, to the last bit
    assert form.committed == [1 / 3]


def test_escape_brings_the_old_number_back_then_belongs_to_the_window(form: Form):
    form.type("7")
    form.press(Key.Key_Escape)
    assert form.number.text() == "0.5" and form.committed == [] and form.escaped == 0
    form.press(Key.Key_Escape)
    assert form.escaped == 1


def test_wrong_text_says_why_and_loses_nothing(form: Form):
    form.type("abc")
    form.press(Key.Key_Return)
    sentence = "'abc' is not a number: write 0.5, 1/3 or 1e-3."
    assert form.problems == [sentence] and form.number.toolTip() == sentence
    assert form.number.problem_text() == form.number.accessibleDescription() == sentence
    assert form.number.value() == 0.5 and form.number.text() == "abc" and form.committed == []
    form.press(Key.Key_Tab)
    assert form.number.text() == "abc" and form.number.value() == 0.5
    form.number.setFocus()
    form.type("1")
    assert form.problems == [sentence, ""]  # typing on ends the complaint
    form.press(Key.Key_Return)
    assert form.committed == [1.0]


def test_the_trouble_is_drawn_in_the_colour_of_errors(form: Form):
    from gui import theme

    form.type("abc")
    form.press(Key.Key_Return)
    picture = form.number.grab().toImage()
    assert picture.pixelColor(1, picture.height() // 2) == theme.current().colour("error")


def test_limits_have_sentences(form: Form):
    form.type("5")
    form.press(Key.Key_Return)
    form.type("-5")
    form.press(Key.Key_Return)
    assert form.problems == [
        "5 is too large: it must be at most 2.", "", "−5 is too small: it must be at least −2."
    ]  # fmt: skip
    form.number.set_range(None, None)
    form.press(Key.Key_Return)
    assert form.committed == [-5.0] and form.number.problem_text() == ""


def test_arrows_nudge_by_steps(form: Form):
    form.press(Key.Key_Up)
    form.press(Key.Key_Up, SHIFT)
    form.press(Key.Key_Down, CTRL)
    form.press(Key.Key_Down)
    assert form.nudged == [0.6, 1.6, 1.59, 1.49]  # no 0.6000000000000001
    assert form.committed == []
    form.press(Key.Key_Up, SHIFT)
    assert form.number.value() == 2  # not past the limit
    form.press(Key.Key_Return)
    assert form.committed == [2.0]


def test_escape_takes_a_nudge_back_everywhere(form: Form):
    form.press(Key.Key_Up)
    form.press(Key.Key_Escape)
    assert form.nudged == [0.6, 0.5] and form.number.value() == 0.5


def test_a_nudge_goes_on_from_what_is_typed(form: Form):
    form.type("1")
    form.press(Key.Key_Up)
    assert form.nudged == [1.1]
    form.number.set_step(0.5)
    form.press(Key.Key_Down)
    assert form.nudged == [1.1, 0.6]


def turn(widget: QWidget, amount: int) -> QWheelEvent:
    place = QPointF(5, 5)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, amount), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
    return event


def test_the_wheel_nudges_only_with_the_focus(form: Form):
    turn(form.number, 120)
    turn(form.number, 60)
    turn(form.number, 60)  # a touch pad: two halves
    assert form.nudged == [0.6, 0.7]
    form.other.setFocus()
    assert form.committed == [0.7]
    turn(form.number, 120)
    assert form.nudged == [0.6, 0.7] and not form.number.hasFocus()


def test_a_read_only_field_stays(form: Form):
    form.number.setReadOnly(True)
    form.press(Key.Key_Up)
    turn(form.number, 120)
    assert form.nudged == []


def test_a_value_from_outside_does_not_disturb_typing(form: Form):
    form.type("1.2")
    form.number.set_value(0.9)
    assert form.number.text() == "1.2" and form.number.value() == 0.9
    form.press(Key.Key_Escape)
    assert form.number.text() == "0.9"
    assert form.committed == form.nudged == []


def test_names_and_locale(form: Form):
    assert form.number.accessibleName() == "weight w"
    form.number.setLocale(GERMAN)
    assert form.number.text() == "0,5"
    form.type("1,25")
    form.press(Key.Key_Return)
    assert form.committed == [1.25] and form.number.text() == "1,25"
