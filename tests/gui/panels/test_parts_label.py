"""A label of many statements shows those that have room, from the first on."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from engine.datasets import Data
from engine.datasets.base import Task
from gui.panels.plane import Plane
from gui.widgets.parts_label import BETWEEN, PartsLabel


@pytest.mark.parametrize("width", [40, 200, 600])
@pytest.mark.parametrize("count", [1, 3, 800])
def test_as_many_as_fit_and_not_one_less(qtbot: QtBot, width: int, count: int) -> None:
    label = PartsLabel("values")
    qtbot.addWidget(label)
    label.resize(width, 20)
    label.show()
    parts = [f"feature {number} = 0.25" for number in range(count)]
    label.show_parts(parts)
    assert label.text()
    if label.text().endswith("…"):
        return
    shown = len(label.text().split(BETWEEN))
    assert label.text() == BETWEEN.join(parts[:shown])
    room = QFontMetrics(label.font())
    assert room.horizontalAdvance(label.text()) <= width
    if shown < count:
        assert room.horizontalAdvance(BETWEEN.join(parts[: shown + 1])) > width
        assert parts[-1] in label.toolTip()


def test_no_parts_no_text(qtbot: QtBot) -> None:
    label = PartsLabel("values")
    qtbot.addWidget(label)
    label.show_parts(["one"])
    label.show_parts([])
    assert not label.text()


def test_what_is_held_is_named_with_its_mean() -> None:
    X = np.array([[0.0, 1.0], [2.0, 4.0], [1.0, 2.0], [-1.0, -2.0]])
    data = Data(X, np.zeros((1, 2)), ("p", "q", "r", "s"), ("y",), Task.REGRESSION)
    plane = Plane.over(data, (0, 2), 4)
    assert plane.held == ("q = 3", "s = −1.5")
    assert plane.held is plane.held
