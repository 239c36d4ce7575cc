"""Numbers from the clipboard into the table of weights, and back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from gui.panels.weights import WeightsPanel
from tests.gui.panels.weighing.hands import CONTROL, Key, clip, drag, go, now


def test_copy_and_paste_are_exact_and_one_entry(panel: WeightsPanel, qtbot: QtBot) -> None:
    before = now(panel).copy()
    QTest.keyClick(panel.table, Key.Key_A, CONTROL)
    QTest.keyClick(panel.table, Key.Key_C, CONTROL)
    text = QGuiApplication.clipboard().text()
    assert [len(line.split("\t")) for line in text.splitlines()] == [3] * 4
    QTest.keyClick(panel.table, Key.Key_Delete)
    qtbot.waitUntil(lambda: not now(panel).any())
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: np.array_equal(now(panel), before))
    assert panel.workspace.editing.undo_stack.count() == 2


@pytest.mark.parametrize(
    "text",
    ["1\t-2\n1/3\t0.5\n", "1;-2\n1/3;0,5", "1,-2\n1/3,0.5", "[[1 -2]\n [1/3 0.5]]", '"1"\t"−2"\r\n⅓\t½\r\n'],
)
def test_paste_from_a_spreadsheet(panel: WeightsPanel, qtbot: QtBot, text: str) -> None:
    go(panel, 1, 0)
    clip(text)
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: now(panel)[1:3].tolist() == [[1.0, -2.0], [1 / 3, 0.5]])
    assert panel.workspace.editing.undo_stack.count() == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1\t2\t3\t4", "room for 4 × 3"),
        ("a\tb", "Row 1, column 1"),
        ("1\t2\n3", "Row 2 has 1 cells"),
        ("", "no numbers"),
    ],
)
def test_a_paste_that_does_not_fit_changes_nothing(panel: WeightsPanel, text: str, said: str) -> None:
    go(panel, 0, 0)
    clip(text)
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    assert said in panel.detail.text()
    assert panel.workspace.editing.undo_stack.count() == 0


def test_a_paste_into_a_selection_of_another_shape_is_refused(panel: WeightsPanel, qtbot: QtBot) -> None:
    drag(panel, (0, 0), (1, 1))
    clip("1\t2\t3\n4\t5\t6")
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    assert "2 × 2 cells are selected" in panel.detail.text()
    clip("7")
    QTest.keyClick(panel.table, Key.Key_V, CONTROL)
    qtbot.waitUntil(lambda: bool((now(panel)[:2] == 7).all()))
