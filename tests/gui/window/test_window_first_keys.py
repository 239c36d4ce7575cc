"""From the start of the program to the first explained product: one key; two at the most from anywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.document import Document
from engine.samples import mlp
from gui.main_window import MainWindow
from gui.walkthrough.formula import FormulaView
from gui.widgets.numbers import format_number

Key = Qt.Key


def press(key: Qt.Key) -> None:
    """To whatever has the focus, as a keyboard does."""
    where = QApplication.focusWidget()
    assert where is not None, "somebody must have the focus"
    QTest.keyClick(where, key)


def explained_product(window: MainWindow) -> str:
    """The page of a product that can be seen, with its numbers put in; empty if there is none."""
    walk, dock = window.workspace.walk, window.docks.dock("formula")
    if walk is None or walk.step is None or dock is None or not dock.isVisible():
        return ""
    panel = dock.panel
    if not isinstance(panel, FormulaView) or not panel.sheet.isVisible() or walk.step.kind != "product":
        return ""
    return panel.page.as_text()


@pytest.mark.parametrize("document", [None, mlp(2, 1)], ids=["at the start", "2-1"])
def test_one_key_explains_the_first_product(
    document: Document | None, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = make_window(document)
    window.greet()
    press(Key.Key_Right)
    qtbot.waitUntil(lambda: bool(explained_product(window)))
    walk, page = window.workspace.walk, explained_product(window)
    assert walk is not None and walk.at == 0
    first = window.workspace.document.layers[1].id
    w = float(np.asarray(window.workspace.parameters[f"{first}.W.input"])[0, 0])
    x = float(window.workspace.data.X[0, window.workspace.example])
    assert format_number(w) in page and format_number(x) in page
    assert f"= {format_number(w * x, near_zero=True)}" in page
    assert "w[1]_{1,1}·x_1" in page


@pytest.mark.slow
@pytest.mark.parametrize("before", [Key.Key_Space, Key.Key_F11, Key.Key_Escape, Key.Key_Tab])
def test_two_keys_do_whatever_came_first(
    before: Qt.Key, make_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    """While it trains, in full screen, with a message open, or with the focus elsewhere."""
    window = make_window()
    window.greet()
    press(before)
    press(Key.Key_Right)
    qtbot.waitUntil(lambda: bool(explained_product(window)))
    assert not window.workspace.training.running
