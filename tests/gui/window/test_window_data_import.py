"""The import dialog: what it recognises, what can be changed, and what it says of a bad table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialogButtonBox
from pytestqt.qtbot import QtBot

from engine.datasets import Data
from engine.datasets.base import Task
from gui.data_import import DataImport
from gui.main_window import MainWindow
from gui.theme import load_theme

FLOWERS = "height;width;kind\n1,0;2,5;rose\n1,5;2,0;tulip\n2,0;1,5;rose\n2,5;1,0;tulip\n"


@pytest.fixture
def flowers(tmp_path: Path) -> Path:
    file = tmp_path / "flowers.csv"
    file.write_text(FLOWERS, "utf-8")
    return file


def opened(qtbot: QtBot, file: Path | None) -> DataImport:
    dialog = DataImport(load_theme(), file)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(box: QComboBox, text: str) -> None:
    """As a person does with the keyboard: the box tells that something was chosen."""
    place = box.findText(text, Qt.MatchFlag.MatchContains)
    assert place >= 0
    steps = place - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert box.currentIndex() == place


def ok(dialog: DataImport):
    return dialog._buttons.button(QDialogButtonBox.StandardButton.Ok)


def test_it_recognises_how_the_table_is_written(qtbot: QtBot, flowers: Path) -> None:
    dialog = opened(qtbot, flowers)
    assert dialog.delimiter.currentData() == ";"
    assert dialog.decimal.currentData() == ","
    assert dialog.header.isChecked()
    assert dialog.target.currentText() == "kind"
    assert dialog.task.currentData() == Task.BINARY
    assert dialog.preview.item(0, 0).text() == "1,0"
    assert dialog.preview.horizontalHeaderItem(2).text() == "kind → y"
    assert "4 examples, 2 features" in dialog.message.text()
    assert ok(dialog).isEnabled()


def test_everything_can_be_changed(qtbot: QtBot, flowers: Path) -> None:
    dialog = opened(qtbot, flowers)
    choose(dialog.target, "width")
    assert "must be a number" in dialog.message.text(), "the text column cannot be a feature"
    assert not ok(dialog).isEnabled()
    choose(dialog.target, "kind")
    assert ok(dialog).isEnabled()
    choose(dialog.delimiter, "Bar")
    assert not ok(dialog).isEnabled()
    assert "one column" in dialog.message.text()
    choose(dialog.delimiter, "Semicolon")
    assert ok(dialog).isEnabled()
    QTest.keyClick(dialog.header, Qt.Key.Key_Space)
    assert not dialog.header.isChecked()
    assert dialog.preview.item(0, 0).text() == "height"


def test_standardised_data_comes_out(qtbot: QtBot, flowers: Path) -> None:
    dialog = opened(qtbot, flowers)
    QTest.keyClick(dialog.standardise, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        qtbot.mouseClick(ok(dialog), Qt.MouseButton.LeftButton)
    data, name = chosen.args
    assert isinstance(data, Data)
    assert name == "flowers.csv"
    assert np.allclose(data.X.mean(axis=1), 0)
    assert np.allclose(data.X.std(axis=1), 1)
    assert data.Y.tolist() == [[0, 1, 0, 1]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,c\n1,2,3\n4,5\n7,8,9\n", "line 3 has 2 fields"),
        ("a,b,y\n1,,0\n2,3,1\n", "1 value is missing"),
        ("", "empty"),
        ("a,b\n", "no rows"),
    ],
)
def test_a_bad_table_is_said_in_the_dialog(qtbot: QtBot, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text, "utf-8")
    dialog = opened(qtbot, file)
    assert words in dialog.message.text()
    assert dialog.message.text().startswith("⚠")
    assert not ok(dialog).isEnabled()


def test_without_a_file_it_says_what_is_wanted(qtbot: QtBot) -> None:
    dialog = opened(qtbot, None)
    assert "Choose a file" in dialog.message.text()
    assert not ok(dialog).isEnabled()


def test_own_data_is_one_undo_entry_and_trains(qtbot: QtBot, window: MainWindow, flowers: Path) -> None:
    workspace = window.workspace
    before = workspace.document
    window.projects.open(flowers)
    dialog = window.findChild(DataImport)
    assert dialog is not None
    qtbot.waitUntil(dialog.isVisible)
    qtbot.mouseClick(ok(dialog), Qt.MouseButton.LeftButton)
    assert workspace.document.data.kind == "table"
    assert workspace.editing.undo_stack.count() == 1
    features = ("height", "width")
    qtbot.waitUntil(lambda: workspace.data is not None and workspace.data.features == features)
    workspace.training.advance(3)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
    window.commands["undo"].trigger()
    window.commands["undo"].trigger()
    assert workspace.document == before


def test_the_menu_of_data_has_all_kinds_and_the_own_table(
    qtbot: QtBot, window: MainWindow, flowers: Path
) -> None:
    menu = window.commands.menus["data"]
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert "XOR" in texts
    assert "Iris" in texts
    moons = next(action for action in menu.actions() if action.text() == "Moons")
    moons.trigger()
    assert window.workspace.document.data.kind == "moons"
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Moons"]
