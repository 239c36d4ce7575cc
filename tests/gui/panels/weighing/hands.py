"""What mouse and keyboard do to the table of weights."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from gui.panels.weights import WeightsPanel

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
W = "hidden.W.input"


def now(panel: WeightsPanel, key: str = W) -> np.ndarray:
    return panel.workspace.parameters[key]


def go(panel: WeightsPanel, row: int, column: int) -> None:
    spot = panel.table.visualRect(panel.table.numbers.index(row, column)).center()
    QTest.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def type_in(
    panel: WeightsPanel, text: str, end: Key = Key.Key_Return, keys=Qt.KeyboardModifier.NoModifier
) -> None:
    table = panel.table
    QTest.keyClicks(table, text[:1])
    field = table.viewport().findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, text[1:])
    QTest.keyClick(field, end, keys)


def drag(panel: WeightsPanel, first: tuple[int, int], last: tuple[int, int]) -> None:
    table = panel.table
    start, end = (table.visualRect(table.numbers.index(*each)).center() for each in (first, last))
    QTest.mousePress(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(table.viewport(), (start + end) / 2)
    QTest.mouseMove(table.viewport(), end)
    QTest.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)


def clip(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def press(menu: QMenu, text: str) -> None:
    action = next(each for each in menu.actions() if each.text().startswith(text))
    assert action.isEnabled()
    action.trigger()
    menu.deleteLater()
