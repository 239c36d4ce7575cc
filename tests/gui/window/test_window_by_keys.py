"""A whole network from nothing, by key events alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.document import Document
from gui.editor.marks import GROUND, Kind
from gui.main_window import MainWindow

Key = Qt.Key


def test_a_network_is_built_trained_and_taken_back_by_keys_alone(
    qtbot: QtBot, make_window: Callable[..., MainWindow]
) -> None:
    window = make_window(Document())
    workspace, canvas = window.workspace, window.canvas

    def keys(*pressed: Qt.Key) -> None:
        for key in pressed:
            widget = QApplication.focusWidget()
            assert widget is not None
            QTest.keyClick(widget, key)

    def typed(text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)

    canvas.setFocus()
    keys(Key.Key_Insert)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    for name in ("input", "dense", "output"):
        typed(name)
        keys(Key.Key_Return)
    keys(Key.Key_Escape, Key.Key_Escape)
    assert QApplication.focusWidget() is canvas
    canvas.set_focus_thing(GROUND)
    keys(Key.Key_Tab, Key.Key_Insert)  # the first layer gets a neuron more
    shown = [(each.spec.kind, each.size) for each in workspace.document.layers]
    assert shown == [("input", 2), ("dense", 3), ("output", 1)], "2-3-1"
    keys(Key.Key_C, Key.Key_Return, Key.Key_C, Key.Key_Return)
    sizes = [(each.source, each.target, len(each.cut)) for each in workspace.document.connections]
    assert sizes == [("input", "hidden", 0), ("hidden", "output", 0)]
    qtbot.waitUntil(lambda: not workspace.snapshot.problem)
    keys(Key.Key_Tab, Key.Key_Comma)  # the neuron of the output, then a synapse into it
    assert canvas.focus_thing.kind is Kind.WIRE
    cell, index = canvas.network.wires.cell(canvas.focus_thing.wire)
    keys(Key.Key_Return)
    typed("0.75")
    keys(Key.Key_Return)
    qtbot.waitUntil(lambda: cell in workspace.parameters and workspace.parameters[cell][index] == 0.75)
    QTest.keyClick(canvas, Key.Key_Space)
    qtbot.waitUntil(lambda: workspace.snapshot.step > 20)
    QTest.keyClick(canvas, Key.Key_Space)
    qtbot.waitUntil(lambda: not workspace.training.running)
    assert workspace.parameters[cell][index] != 0.75
    while workspace.editing.undo_stack.canUndo():
        QTest.keyClick(canvas, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not workspace.document.layers
