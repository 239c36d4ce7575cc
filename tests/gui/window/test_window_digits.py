"""How numbers are written holds in the whole window, at once and without a change of what is calculated."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from engine.datasets.base import Data
from engine.document import Document
from engine.learned import Learned
from engine.samples import mlp
from engine.trace import Trace
from gui.main_window import MainWindow
from gui.panels.weighing.table import WeightTable
from gui.settings import DECIMAL_SIGN, DECIMALS, FRACTIONS, WHOLE_BATCH
from gui.walkthrough.story import Story
from gui.widgets.numbers import Writing, format_full, format_number, sign_as, write_as, writing

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    yield
    write_as(Writing())
    sign_as("system")


def network() -> Document:
    return mlp(2, 4, 1, hidden="sigmoid")


def set_weights(window: MainWindow, qtbot: QtBot, tables: dict[str, list[list[float]]]) -> None:
    """Weights as if they had been typed."""
    for key, rows in tables.items():
        for (i, j), value in np.ndenumerate(np.array(rows)):
            window.workspace.editing.set_weight(key, (i, j), float(value))
    parameters = lambda: window.workspace.snapshot.parameters  # noqa: E731
    qtbot.waitUntil(lambda: all((parameters()[key] == rows).all() for key, rows in tables.items()))


def test_keys_choose_decimals_everywhere(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(network())
    third = 1 / 3
    set_weights(window, qtbot, {"hidden.W.input": [[third, 0.1], [0.2, 0.3], [0.4, 0.5], [0.6, 0.7]]})

    def on_canvas() -> str:
        return window.canvas.network.chips.figures[0].text

    qtbot.waitUntil(lambda: on_canvas() == "0.33")
    for wanted, shown in (
        (5, "0.33333"),
        (6, "0.333333"),
        (7, "0.3333333"),
        (8, "0.33333333"),
        (8, "0.33333333"),
    ):
        QTest.keyClick(window.canvas, Qt.Key.Key_Period, ALT)
        assert window.settings.get(DECIMALS) == wanted
        assert on_canvas() == shown
    for _ in range(9):
        QTest.keyClick(window.canvas, Qt.Key.Key_Comma, ALT)
    assert window.settings.get(DECIMALS) == 2 and on_canvas() == "0.33"
    QTest.keyClick(window.canvas, Qt.Key.Key_Slash, ALT)
    assert window.settings.get(FRACTIONS) is True and on_canvas() == "1/3"
    assert window.workspace.snapshot.parameters["hidden.W.input"][0, 0] == third
    QTest.keyClick(window.canvas, Qt.Key.Key_Slash, ALT)
    assert on_canvas() == "0.33"


def test_the_figures_of_the_lecture_with_six_decimals(
    lecture: tuple[Document, Data, Learned], window: MainWindow
) -> None:
    window.settings.set(DECIMALS, 6)
    trace = Trace(*lecture, np.array([0]))
    pages = "\n".join(Story(trace).of_step(number).as_text() for number in range(len(trace)))
    forward = ("−0.2", "0.450166", "0.731059", "0.574443", "0.180137", "0.544913", "0.607129")
    for figure in (*forward, "−0.455087", "−0.332695", "−0.022528", "0.035790", "−0.056321", "−0.011125"):
        assert figure in pages, figure


def test_a_comma_everywhere_and_back(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(network())
    set_weights(window, qtbot, {"output.b": [[0.1]], "output.W.hidden": [[0.125, 0.2, 0.3, 0.4]]})
    before = QLocale().decimalPoint()
    window.settings.set(DECIMAL_SIGN, "comma")
    assert "0,20" in {each.text for each in window.canvas.network.chips.figures.values()}
    assert format_number(0.25) == "0,25"
    window.settings.set(DECIMAL_SIGN, "point")
    assert format_number(0.25) == "0.25"
    window.settings.set(DECIMAL_SIGN, "system")
    assert QLocale().decimalPoint() == before


def test_settings_are_taken_over_at_the_start(make_window: Callable[..., MainWindow]) -> None:
    make_window().settings.set(DECIMALS, 3)
    write_as(Writing())
    make_window()
    assert writing() == Writing(decimals=3)


def test_the_mouse_on_a_weight_reads_the_full_number(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(network())
    set_weights(window, qtbot, {"hidden.W.input": [[1 / 3, 0.1], [0.2, 0.3], [0.4, 0.5], [0.6, 0.7]]})
    canvas = window.canvas
    spot = canvas.mapFromScene(canvas.network.chips.spots[0])
    canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)
    QTest.mouseMove(canvas.viewport(), spot + QPoint(60, 60))
    QTest.mouseMove(canvas.viewport(), spot)
    qtbot.waitUntil(canvas.card.isVisible)
    assert "0.3333333333333333" in canvas.card.said()


def test_readout_and_inspector_follow_at_once(make_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = make_window(network())
    window.workspace.training.advance(1)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == 1)
    J = float(window.workspace.curve.values[0])
    window.settings.set(DECIMALS, 7)
    shown = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
    assert sum(f"{J:.7f}" in each for each in shown) >= 2, shown  # the transport's and the loss panel's
    full = [each.toolTip() for each in window.findChildren(QLabel) if each.isVisible()]
    assert sum(format_full(J) in each for each in full) >= 2, full


def test_a_key_turns_to_the_whole_batch(make_window: Callable[..., MainWindow]) -> None:
    window = make_window(network())
    QTest.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert window.settings.get(WHOLE_BATCH) is True
    QTest.keyClick(window.canvas, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    assert window.settings.get(WHOLE_BATCH) is False


def test_the_table_of_weights_has_room_for_the_digits(
    make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(network())
    window._open_panel("weights")
    table = window.findChild(WeightTable)
    assert table is not None
    qtbot.waitUntil(lambda: table.numbers.rowCount() > 0)
    window.settings.set(DECIMALS, 8)
    index = table.numbers.index(0, 0)
    text = table.numbers.data(index)
    assert len(str(text).partition(".")[2]) == 8
    assert table.columns.sectionSize(0) > table.fontMetrics().horizontalAdvance(str(text))
    value = table.numbers.value(0, 0)
    assert value is not None
    assert table.numbers.data(index, Qt.ItemDataRole.ToolTipRole) == format_full(value)
