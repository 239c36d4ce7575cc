"""Details of the canvas: labels that stay, numbers that are not known yet, folded groups, biases, notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from engine.core.spec import Spec
from engine.document import Document
from engine.document.folding import fold_group
from engine.document.grouping import group_layers, members
from engine.document.notes import add_note
from engine.samples import first_light, mlp
from gui.editor.canvas import Canvas
from gui.editor.cells import bias_cell
from gui.editor.gestures.drop import MIME
from gui.editor.hover_text import Changes, card_of
from gui.editor.items.synapse_codes import BROKEN
from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection
from gui.theme import load_theme

CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def press(canvas: Canvas, key: Qt.Key) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, key, CTRL)


def drop(canvas: Canvas, kind: str, point: QPointF) -> None:
    mime, at = QMimeData(), canvas.mapFromScene(point)
    mime.setData(MIME, kind.encode())
    about = Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    for event in (QDragEnterEvent(at, *about), QDragMoveEvent(at, *about), QDropEvent(QPointF(at), *about)):
        QApplication.sendEvent(canvas.viewport(), event)


def known(canvas: Canvas, qtbot) -> None:
    workspace = canvas.workspace
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)


# -------------------------------------------------------------------- the plates below


@pytest.mark.parametrize("scale", [1.0, 1.6, 2.0])
@pytest.mark.parametrize("width", [420, 760, 912, 1300])
def test_the_slider_always_says_what_it_is_about(canvas, scale: float, width: int) -> None:
    canvas.workspace.set_theme(load_theme("light", scale=scale))
    canvas.resize(width, 640)
    label = canvas.weakest.findChild(QLabel)
    assert label.isVisible()
    assert label.text() in {"weakest shown", "weakest", "|w| ≥"}
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
    assert not canvas.weakest.geometry().intersects(canvas.legend.geometry())
    assert label.buddy() is canvas.weakest.slider


def test_the_legend_speaks_of_the_numbers_that_are_there(canvas, qtbot) -> None:
    assert "z above a" in canvas.legend.texts()
    for _ in range(12):
        canvas.zoom_out()
    qtbot.waitUntil(lambda: "a, low to high" in canvas.legend.texts())  # once the hand rests
    assert "z above a" not in canvas.legend.texts()
    canvas.fit()
    assert "z above a" in canvas.legend.texts()


# -------------------------------------------------------------------- not known yet


def test_there_is_no_gradient_before_an_update_and_after_an_edit(canvas, hand, qtbot) -> None:
    workspace = canvas.workspace
    wire = Thing(Kind.WIRE, wire=0)

    def slope() -> bool:
        card = card_of(wire, canvas.network, workspace, Changes())
        return not isinstance(card, str) and any(line.slope for line in card.lines)

    assert not slope()
    workspace.training.advance()
    qtbot.waitUntil(lambda: workspace.snapshot.step == 1)
    assert slope()
    assert any(each.any() for each in workspace.snapshot.gradients.values())
    canvas.set_focus_thing(Thing(Kind.CAPTION, "hidden"))
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    known(canvas, qtbot)
    assert workspace.snapshot.step == 1
    assert not workspace.snapshot.gradients
    assert not slope()


def test_a_weight_that_is_not_known_yet_is_pale_and_has_no_number(canvas, qtbot) -> None:
    workspace, network = canvas.workspace, canvas.network
    snapshot = workspace.snapshot
    some = {key: value for key, value in snapshot.parameters.items() if key != "output.W.hidden"}
    network.show(replace(snapshot, parameters=some), None, 0)
    codes, wires = network.synapses.codes, network.wires
    (bundle,) = (each for each in wires.bundles if each.key == "output.W.hidden")
    fresh = range(bundle.start, bundle.stop)
    assert (codes[bundle.start : bundle.stop] == 0).all()
    assert not set(fresh) & network.chips.figures.keys()
    assert set(range(len(wires))) - set(fresh) <= network.chips.figures.keys()
    broken = dict(snapshot.parameters)
    broken["output.W.hidden"] = np.full_like(broken["output.W.hidden"], np.nan)
    network.show(replace(snapshot, parameters=broken), None, 0)
    assert (network.synapses.codes[bundle.start : bundle.stop] == BROKEN).all()
    assert set(fresh) <= network.chips.figures.keys()


def test_an_edit_that_adds_synapses_paints_none_as_broken(open_canvas, hand_of, qtbot) -> None:
    canvas = open_canvas(mlp(2, 3, 3, 1, data=Spec("xor")))
    seen: list[bool] = []
    canvas.workspace.document_changed.connect(
        lambda _: seen.append((canvas.network.synapses.codes == BROKEN).any())
    )
    geometry, hand = canvas.network.geometry, hand_of(canvas)
    hand.hover(geometry.places["input"].frame.center())
    hand.drag(geometry.places["input"].handle(geometry.sizes), geometry.places["hidden2"].frame.center())
    assert canvas.workspace.document.connection("input", "hidden2") is not None
    assert seen and not any(seen)
    known(canvas, qtbot)
    assert len(canvas.network.chips.figures) >= len(canvas.network.wires.bundles)


# -------------------------------------------------------------------- folded groups


def body(folded: bool = True) -> Document:
    """2-3-3-1 with both hidden layers in a group."""
    made = group_layers(mlp(2, 3, 3, 1, data=Spec("xor")), layers=["hidden", "hidden2"], name="Body")
    return fold_group(made, path="Body") if folded else made


@pytest.mark.parametrize("kind", ["dense", "neuron", "input"])
def test_nothing_is_dropped_onto_a_folded_group(open_canvas, kind: str) -> None:
    canvas = open_canvas(body())
    said: list[str] = []
    canvas.workspace.said.connect(said.append)
    before = canvas.workspace.document
    drop(canvas, kind, canvas.network.geometry.folds["Body"].frame.center())
    assert canvas.workspace.document is before
    assert said == ["Body is folded: unfold it first, or drop this beside it."]


def test_what_is_pasted_does_not_hide_in_a_folded_group(open_canvas, qtbot) -> None:
    canvas = open_canvas(body(folded=False))
    workspace = canvas.workspace
    workspace.select(Selection(layers=frozenset({"hidden"})))
    press(canvas, Qt.Key.Key_C)
    workspace.editing.attempt("Fold", fold_group, path="Body")
    for key in (Qt.Key.Key_V, Qt.Key.Key_D):
        press(canvas, key)
        (new,) = workspace.selection.layers
        assert workspace.document.layer(new).group == ""
        assert new in canvas.network.geometry.places
        place = canvas.network.geometry.places[new].frame
        assert not place.intersects(canvas.network.geometry.folds["Body"].frame)
    assert members(workspace.document, "Body") == {"hidden", "hidden2"}


# -------------------------------------------------------------------- a bias


def test_a_click_on_a_bias_selects_it(canvas, hand) -> None:
    workspace, geometry = canvas.workspace, canvas.network.geometry
    unit = geometry.unit("hidden", 1)
    chip = geometry.places["hidden"].bias_rect(unit, geometry.sizes).center()
    hand.click(chip)
    assert workspace.selection == Selection(units=frozenset({("hidden", 1)}))
    assert workspace.chosen_cells == (bias_cell(unit),)
    assert canvas.network.marks.biases == {("hidden", 1)}
    hand.click(unit.centre)
    assert workspace.selection == Selection(units=frozenset({("hidden", 1)}))
    assert workspace.chosen_cells == ()
    assert not canvas.network.marks.biases
    hand.click(chip)
    hand.hover(QPointF(chip.x() + 300, chip.y() + 300))
    canvas.set_focus_thing(GROUND)
    assert framed(canvas, chip)
    workspace.select(Selection())
    assert not framed(canvas, chip)


def framed(canvas: Canvas, chip: QPointF) -> bool:
    """Whether there is an edge in the colour of what is selected round a number."""
    painted, accent = canvas.grab().toImage(), canvas.workspace.theme.colour("accent")
    middle = canvas.mapFromScene(chip)
    near = (painted.pixelColor(middle.x() + x, middle.y() + y) for x in range(-40, 41) for y in range(-6, 7))
    return any(
        abs(each.red() - accent.red()) + abs(each.green() - accent.green()) + abs(each.blue() - accent.blue())
        < 60
        for each in near
    )


# -------------------------------------------------------------------- notes


def noted(*others: str) -> Document:
    document = first_light()
    for number, text in enumerate(("See the sign.", *others)):
        document = add_note(document, text=text, x=40.0, y=420.0 + 90.0 * number)
    return document


def test_notes_alone_are_copied_and_pasted(open_canvas, hand_of) -> None:
    canvas = open_canvas(noted())
    workspace, hand = canvas.workspace, hand_of(canvas)
    hand.click(canvas.network.extras.rect_of("note1").center())
    assert workspace.selection == Selection(notes=frozenset({"note1"}))
    press(canvas, Qt.Key.Key_C)
    press(canvas, Qt.Key.Key_V)
    first, second = workspace.document.notes
    assert second.text == first.text
    assert (second.x, second.y) != (first.x, first.y)
    assert workspace.selection == Selection(notes=frozenset({second.id}))
    assert workspace.editing.undo_stack.undoText() == "Paste a note"
    press(canvas, Qt.Key.Key_V)
    places = {(each.x, each.y) for each in workspace.document.notes}
    assert len(places) == 3
    workspace.editing.undo()
    workspace.editing.undo()
    assert workspace.document == noted()


def test_notes_are_cut_duplicated_and_read_from_text(open_canvas, open_workspace) -> None:
    canvas = open_canvas(noted("And here."))
    workspace = canvas.workspace
    workspace.select(Selection(notes=frozenset({"note1", "note2"})))
    press(canvas, Qt.Key.Key_D)
    assert len(workspace.document.notes) == 4
    assert workspace.editing.undo_stack.undoText() == "Duplicate 2 notes"
    press(canvas, Qt.Key.Key_X)
    assert {each.id for each in workspace.document.notes} == {"note1", "note2"}
    board = QApplication.clipboard()
    board.setText(board.text())
    other = open_canvas(first_light())
    press(other, Qt.Key.Key_V)
    assert [each.text for each in other.workspace.document.notes] == ["See the sign.", "And here."]


def test_a_note_on_a_layer_is_copied_as_one_that_stands_free(open_canvas) -> None:
    canvas = open_canvas(add_note(first_light(), text="Four of them.", layer="hidden"))
    canvas.workspace.select(Selection(notes=frozenset({"note1"})))
    press(canvas, Qt.Key.Key_C)
    press(canvas, Qt.Key.Key_V)
    old, new = canvas.workspace.document.notes
    assert (old.layer, new.layer, new.text) == ("hidden", "", "Four of them.")


# -------------------------------------------------------------------- beside a wide block


@pytest.mark.parametrize("with_note", [False, True])
def test_a_layer_dragged_past_a_wide_block_follows_the_mouse(open_canvas, hand_of, with_note: bool) -> None:
    from engine.architectures import architectures

    document = architectures.make(Spec("sequence_tagger")).document()
    document = add_note(document, text="Both ways.", x=0.0, y=500.0)
    canvas = open_canvas(document, wait=False)
    workspace = canvas.workspace
    workspace.show_as(workspace.showing.with_(unrolled=True, snapping=False))
    places = canvas.network.geometry.places
    block = max(places.values(), key=lambda each: each.frame.width())
    moved = next(id for id, each in places.items() if each.role == "output")
    if with_note:
        workspace.select(Selection(layers=frozenset({moved}), notes=frozenset({"note1"})))
    start = places[moved].caption.center()
    end = QPointF(block.frame.left() - 120, start.y() - 40)
    hand = hand_of(canvas)
    hand.press(start)
    for share in np.linspace(0.05, 1.0, 12):
        point = start + float(share) * (end - start)
        at = canvas.mapToScene(canvas.mapFromScene(point))
        hand.move(point)
        caption = canvas.network.geometry.places[moved].caption
        assert caption.center().x() == pytest.approx(at.x(), abs=3.0)
    hand.release(end)
