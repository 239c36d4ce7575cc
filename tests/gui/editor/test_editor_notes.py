"""Notes on the canvas: written, read, moved, made wider, removed, saved; on layers and neurons too."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.document import Document, edits
from engine.document.notes import MOST_TEXT, add_note
from engine.files import Project, open_project, save_project
from engine.learned import fresh
from engine.samples import first_light
from gui.editor.canvas import Canvas
from gui.editor.extra_text import card_of_extra
from gui.editor.items.note_slip import MOST_LINES
from gui.editor.keyboard import described
from gui.editor.marks import Kind, Thing
from gui.editor.menus import menu_for
from gui.editor.note_editing import NoteField
from gui.selection import Selection
from gui.theme import load_theme

CTRL = Qt.KeyboardModifier.ControlModifier


def noted() -> Document:
    """2-4-1 with a free note, one on a layer, one on a neuron."""
    document = add_note(first_light(), text="Look here.\nAnd here.", x=40.0, y=260.0, width=180.0)
    document = add_note(document, text="<b>four</b> neurons", layer="hidden")
    return add_note(document, text="saturated", layer="hidden", unit=1)


@pytest.fixture
def canvas(open_canvas) -> Canvas:
    return open_canvas(noted())


@pytest.fixture
def hand(canvas, hand_of):
    return hand_of(canvas)


def field_of(canvas: Canvas) -> NoteField:
    (found,) = [each for each in canvas.findChildren(NoteField) if each.isVisible()]
    return found


def texts(canvas: Canvas) -> list[str]:
    return [each.text for each in canvas.workspace.document.notes]


def middle(canvas: Canvas, id: str) -> QPointF:
    return canvas.network.extras.rect_of(id).center()


def chosen(canvas: Canvas, thing: Thing, words: str, point: QPointF | None = None) -> None:
    menu = menu_for(canvas, thing, point if point is not None else QPointF())
    next(each for each in menu.actions() if words in each.text()).trigger()
    menu.deleteLater()


class TestWriting:
    def test_a_note_is_written_on_the_ground(self, canvas) -> None:
        workspace = canvas.workspace
        chosen(canvas, Thing(), "Note here", QPointF(300.0, -200.0))
        field = field_of(canvas)
        assert field.accessibleName() == "Text of the note" and field.hasFocus()
        QTest.keyClicks(field, "First")
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, "second")
        QTest.keyClick(field, Qt.Key.Key_Return, CTRL)
        note = workspace.document.notes[-1]
        assert (note.text, note.x, note.y) == ("First\nsecond", 300.0, -200.0)
        assert workspace.editing.undo_stack.undoText() == "Write a note"
        assert canvas.hasFocus()
        workspace.editing.undo()
        assert workspace.document == noted()
        workspace.editing.redo()
        assert len(workspace.document.notes) == 4

    def test_the_key_writes_one_and_esc_leaves_nothing(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_N)
        QTest.keyClicks(field_of(canvas), "x")
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Escape)
        assert canvas.workspace.document == noted()
        QTest.keyClick(canvas, Qt.Key.Key_N)
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Return, CTRL)
        assert canvas.workspace.document == noted(), "an empty note is none"

    def test_a_double_click_changes_it(self, canvas, hand) -> None:
        hand.double(middle(canvas, "note1"))
        field = field_of(canvas)
        assert field.toPlainText() == "Look here.\nAnd here."
        field.selectAll()
        QTest.keyClicks(field, "Other")
        hand.click(QPointF(0.0, -300.0))
        canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        assert texts(canvas)[0] == "Other"
        assert canvas.workspace.editing.undo_stack.undoText() == "Change a note"

    def test_an_emptied_note_goes(self, canvas, hand) -> None:
        hand.double(middle(canvas, "note1"))
        field_of(canvas).selectAll()
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Delete)
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Return, CTRL)
        assert len(texts(canvas)) == 2
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == noted()

    def test_a_note_on_a_layer_and_on_a_neuron(self, canvas) -> None:
        chosen(canvas, Thing(Kind.CAPTION, "output"), "Note on this layer")
        QTest.keyClicks(field_of(canvas), "one")
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Return, CTRL)
        chosen(canvas, Thing(Kind.UNIT, "hidden", 3), "Note on this neuron")
        QTest.keyClicks(field_of(canvas), "two")
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Return, CTRL)
        found = canvas.workspace.document.notes[-2:]
        assert [(e.layer, e.unit) for e in found] == [("output", None), ("hidden", 3)]
        chosen(canvas, Thing(Kind.UNIT, "hidden", 1), "Change the note")
        assert field_of(canvas).toPlainText() == "saturated"

    def test_text_without_end_is_cut_with_a_sentence(self, canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        QTest.keyClick(canvas, Qt.Key.Key_N)
        QApplication.clipboard().setText("word \u202e\x07" * 5000)
        field_of(canvas).paste()
        assert heard == ["A note has at most 2000 characters: the rest was left out."]
        QTest.keyClick(field_of(canvas), Qt.Key.Key_Return, CTRL)
        text = texts(canvas)[-1]
        assert len(text) <= MOST_TEXT and "\u202e" not in text and "\x07" not in text
        assert not canvas.grab().isNull()


class TestHands:
    def test_a_click_selects_and_del_removes(self, canvas, hand) -> None:
        hand.click(middle(canvas, "note1"))
        assert canvas.workspace.selection == Selection(notes=frozenset({"note1"}))
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert texts(canvas) == ["<b>four</b> neurons", "saturated"]
        assert canvas.workspace.editing.undo_stack.undoText() == "Remove a note"
        assert not canvas.workspace.selection
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == noted()

    def test_it_is_dragged(self, canvas, hand) -> None:
        start = middle(canvas, "note1")
        hand.drag(start, start + QPointF(60, -30))
        note = canvas.workspace.document.notes[0]
        assert (note.x, note.y) == (pytest.approx(100, abs=3), pytest.approx(230, abs=3))
        assert canvas.workspace.editing.undo_stack.count() == 1
        assert canvas.workspace.document.layers == noted().layers

    def test_notes_and_layers_are_dragged_together(self, canvas, hand) -> None:
        both = Selection(layers=frozenset({"output"}), notes=frozenset({"note1"}))
        canvas.workspace.select(both)
        start = middle(canvas, "note1")
        hand.drag(start, start + QPointF(0, 50))
        document, before = canvas.workspace.document, noted()
        down = document.notes[0].y - before.notes[0].y
        assert down == pytest.approx(50, abs=3)
        assert document.layer("output").y - before.layer("output").y == pytest.approx(down)
        assert document.layer("hidden") == before.layer("hidden")

    def test_its_right_edge_makes_it_wider(self, canvas, hand) -> None:
        rect = canvas.network.extras.rect_of("note1")
        edge = QPointF(rect.right() - 2, rect.center().y())
        hand.drag(edge, edge + QPointF(70, 0))
        assert canvas.workspace.document.notes[0].width == pytest.approx(250, abs=6)

    def test_a_rubber_band_selects_it(self, canvas, hand) -> None:
        rect = canvas.network.extras.rect_of("note1").adjusted(-15, -6, 15, 15)
        hand.drag(rect.bottomRight(), rect.topLeft())
        assert canvas.workspace.selection.notes == {"note1"}

    def test_the_sign_of_a_neuron_tells_and_selects(self, canvas, hand) -> None:
        spot = middle(canvas, "note3")
        thing = canvas.thing_at(spot)
        assert thing == Thing(Kind.NOTE, note="note3")
        assert card_of_extra(thing, canvas.network) == "saturated"
        markup = card_of_extra(Thing(Kind.NOTE, note="note2"), canvas.network)
        assert markup == "&lt;b&gt;four&lt;/b&gt; neurons", "a text is never markup"
        hand.hover(spot)
        hand.click(spot)
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert len(texts(canvas)) == 2 and canvas.workspace.document.layer("hidden").size == 4

    def test_tab_stops_at_notes(self, canvas) -> None:
        said = []
        for _ in range(60):
            QTest.keyClick(canvas, Qt.Key.Key_Tab)
            said.append(described(canvas.focus_thing, canvas.network, canvas.workspace))
            if len([each for each in said if each.startswith("Note")]) == 3:
                break
        assert "Note: Look here.\nAnd here." in said and "Note on hidden: saturated" in said
        QTest.keyClick(canvas, Qt.Key.Key_F2)
        assert field_of(canvas).toPlainText() == "saturated"


class TestShowing:
    def test_fitting_shows_it_whole(self, canvas) -> None:
        canvas.resize(420, 380)
        canvas.fit()
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        assert seen.contains(canvas.network.extras.rect_of("note1"))

    def test_it_grows_with_the_theme(self, canvas) -> None:
        extras = canvas.network.extras
        before = extras.rect_of("note1").width() / extras.slips["note1"].growth
        canvas.workspace.set_theme(load_theme("dark", 1.75))
        assert extras.rect_of("note1").width() / extras.slips["note1"].growth == pytest.approx(1.75 * before)
        assert not canvas.grab().isNull()

    def test_it_stays_legible_from_far_away(self, canvas, hand) -> None:
        extras, camera = canvas.network.extras, canvas.camera
        near = extras.rect_of("note1")
        hand.click(middle(canvas, "note1"))
        camera.zoom_to(0.4)
        far = extras.rect_of("note1")
        assert extras.growth == 2.0 and far.width() == pytest.approx(2 * 180)
        assert far.topLeft() == near.topLeft()
        assert extras.slips["note1"]._marked[0], "it stays selected"
        camera.zoom_to(1.5)
        assert extras.growth == 1.0
        canvas.fit()
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        assert seen.contains(extras.rect_of("note1"))

    def test_it_does_not_grow_over_a_layer(self, open_canvas) -> None:
        canvas = open_canvas(add_note(first_light(), text="beside", x=20.0, y=120.0, width=150.0))
        canvas.camera.zoom_to(0.4)
        slip, frame = canvas.network.extras.slips["note1"], canvas.network.geometry.places["hidden"].frame
        assert not slip.rect.intersects(frame) and slip.growth < canvas.network.extras.growth

    def test_a_note_goes_with_its_neuron_and_comes_back(self, canvas) -> None:
        canvas.workspace.editing.attempt("Remove", edits.remove_units, layer="hidden", keys=[1])
        assert texts(canvas) == ["Look here.\nAnd here.", "<b>four</b> neurons"]
        assert canvas.network.extras.rect_of("note3").isEmpty()
        canvas.workspace.editing.undo()
        assert not canvas.network.extras.rect_of("note3").isEmpty()

    @pytest.mark.parametrize(
        "text", ["x" * 2000, "\n".join("abcdefgh" for _ in range(220)), "a\u0301" * 900, "網" * 1500]
    )
    def test_odd_texts_find_a_place(self, open_canvas, text: str) -> None:
        canvas = open_canvas(add_note(first_light(), text=text, width=200.0))
        slip = canvas.network.extras.slips["note1"]
        growth = slip.growth
        assert slip.rect.width() == pytest.approx(200 * growth)
        assert slip.rect.height() < 40 * growth * MOST_LINES
        assert not canvas.grab().isNull()

    def test_they_are_saved_and_opened(self, canvas, tmp_path: Path, open_canvas) -> None:
        document = canvas.workspace.document
        save_project(Project(document, fresh(document)), tmp_path / "a.axon")
        again = open_canvas(open_project(tmp_path / "a.axon").document)
        assert texts(again) == texts(canvas)
        assert again.network.extras.slips.keys() == {"note1"}
        assert again.network.extras.signs.signs.keys() == {"note2", "note3"}

    def test_the_worker_goes_on(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        workspace.training.advance(5)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 5)
        start = middle(canvas, "note1")
        hand.drag(start, start + QPointF(30, 0))
        workspace.training.advance(1)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 6)
        assert len(workspace.curve) == 6
