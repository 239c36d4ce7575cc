"""The menu's rows about folding, groups, notes and how many neurons are shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.document.grouping import group_layers
from engine.samples import mlp
from gui.actions.folding import COUNT_ROWS, COUNTS, FOLDS, GROUPS, NOTE
from gui.editor.note_editing import NoteField
from gui.main_window import MainWindow
from gui.selection import Selection
from gui.showing import Showing

pytestmark = pytest.mark.slow

ROWS = {row.id: row for row in (*FOLDS, *GROUPS, NOTE, *COUNT_ROWS)}


def done(window: MainWindow, id: str) -> None:
    ROWS[id].run(window)


def test_how_many_neurons_are_shown_is_chosen(window: MainWindow) -> None:
    window.workspace.open(mlp(2, 30, 1))
    places = window.canvas.network.geometry.places
    assert len(places["hidden"].units) == 11, "twelve places, one of them for the dots"
    for count in COUNTS:
        row = ROWS[f"show-{count}-units"]
        row.run(window)
        assert [each.checked(window) for each in COUNT_ROWS].count(True) == 1 and row.checked(window)
        drawn = len(window.canvas.network.geometry.places["hidden"].units)
        assert drawn == (30 if count >= 30 else count - 1)
        assert str(count) in row.caption(window)
        assert Showing.read(window.workspace.showing.plain()) == window.workspace.showing


def test_rows_fold_and_group(window: MainWindow) -> None:
    workspace = window.workspace
    workspace.open(group_layers(mlp(2, 3, 3, 1), layers=["hidden", "hidden2"], name="Body"))
    assert ROWS["fold-all"].enabled(window) and not ROWS["unfold-all"].enabled(window)
    done(window, "fold-all")
    assert workspace.document.folded == {"Body"}
    done(window, "unfold-all")
    assert not workspace.document.folded
    workspace.select(Selection(layers=frozenset({"hidden"})))
    done(window, "fold")
    assert workspace.document.layer("hidden").folded
    workspace.select(Selection(layers=frozenset({"hidden", "hidden2"})))
    assert ROWS["ungroup"].enabled(window)
    done(window, "ungroup")
    assert not workspace.document.layer("hidden").group
    workspace.select(Selection())
    window.canvas.set_focus_thing(type(window.canvas.focus_thing)())
    assert not ROWS["group"].enabled(window)


def test_a_note_is_written_with_keys_that_the_window_knows_too(window: MainWindow) -> None:
    window.canvas.setFocus()
    done(window, "note")
    field = window.canvas.findChildren(NoteField)[-1]
    QTest.keyClicks(field, "a b n f x 1")
    QTest.keyClick(field, Qt.Key.Key_Home)
    QTest.keyClick(field, Qt.Key.Key_Space)
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert [each.text for each in window.workspace.document.notes] == ["a b n f x 1"]
    assert not window.workspace.training.running, "Space was a letter here"
