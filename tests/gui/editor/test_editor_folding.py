"""Folding and grouping on the canvas, by mouse, key and menu; nothing learned changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMenu

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, edits
from engine.document.folding import fold_group
from engine.document.grouping import group_layers, members
from engine.files import Project, open_project, save_project
from engine.learned import fresh
from engine.samples import mlp
from gui.editor.canvas import Canvas
from gui.editor.geometry import Geometry
from gui.editor.keyboard import described
from gui.editor.marks import Kind, Thing
from gui.editor.menus import menu_for
from gui.editor.sizes import Sizes
from gui.selection import Selection

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


def body() -> Document:
    """2-3-3-1 with both hidden layers in a group."""
    return group_layers(mlp(2, 3, 3, 1, data=Spec("xor")), layers=["hidden", "hidden2"], name="Body")


@pytest.fixture
def canvas(open_canvas) -> Canvas:
    return open_canvas(body())


@pytest.fixture
def hand(canvas, hand_of):
    return hand_of(canvas)


def sign(canvas: Canvas, layer: str) -> QPointF:
    return next(each.rect.center() for each in canvas.network.extras.folds.signs if each.layer == layer)


def group_sign(canvas: Canvas, path: str) -> QPointF:
    if path in canvas.network.enclosures.nodes:
        return canvas.network.enclosures.nodes[path].sign.center()
    return next(e.sign.center() for e in canvas.network.enclosures.items if e.enclosure.path == path)


def press(canvas: Canvas, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    canvas.setFocus()
    QTest.keyClick(canvas, key, keys)


def triggered(menu: QMenu, words: str) -> None:
    next(each for each in menu.actions() if words in each.text()).trigger()
    menu.deleteLater()


def name_field(canvas: Canvas) -> QLineEdit:
    (found,) = [each for each in canvas.findChildren(QLineEdit) if each.isVisible()]
    return found


class TestLayers:
    def test_the_sign_folds_and_unfolds(self, canvas, hand) -> None:
        workspace, network = canvas.workspace, canvas.network
        before, weights = workspace.document, dict(workspace.parameters)
        assert len(network.wires) == 2 * 3 + 3 * 3 + 3
        hand.click(sign(canvas, "hidden"))
        assert workspace.document.layer("hidden").folded
        assert network.geometry.places["hidden"].is_block
        assert len(network.wires) == 3 and len(network.trunks) == 2, "one line for each connection"
        assert workspace.editing.undo_stack.undoText() == "Fold hidden"
        hand.click(sign(canvas, "hidden"))
        assert workspace.document == before and len(network.wires) == 18
        assert all(np.array_equal(workspace.parameters[key], value) for key, value in weights.items())
        assert workspace.editing.undo_stack.count() == 2

    def test_what_is_folded_shows_its_values(self, canvas, hand, qtbot) -> None:
        hand.click(sign(canvas, "hidden"))

        def shown() -> bool:
            face = canvas.network.blocks.items["hidden"].face
            return face.values is not None and face.values.shape == (3,)

        qtbot.waitUntil(shown)

    def test_the_key_folds_what_is_selected(self, canvas) -> None:
        workspace = canvas.workspace
        workspace.select(Selection(layers=frozenset({"hidden", "output"})))
        press(canvas, Qt.Key.Key_F)
        folded = [each.id for each in workspace.document.layers if each.folded]
        assert folded == ["hidden", "output"] and workspace.editing.undo_stack.count() == 1
        press(canvas, Qt.Key.Key_F)
        assert not any(each.folded for each in workspace.document.layers)
        workspace.select(Selection(units=frozenset({("hidden2", 1)})))
        press(canvas, Qt.Key.Key_F)
        assert workspace.document.layer("hidden2").folded
        workspace.editing.undo()
        workspace.editing.undo()
        assert workspace.document.layer("hidden").folded

    def test_a_double_click_on_the_block_unfolds(self, canvas, hand) -> None:
        hand.click(sign(canvas, "hidden"))
        hand.double(canvas.network.geometry.places["hidden"].frame.center())
        assert not canvas.workspace.document.layer("hidden").folded

    def test_the_menu_folds(self, canvas) -> None:
        menu = menu_for(canvas, Thing(Kind.CAPTION, "hidden"), QPointF())
        triggered(menu, "Fold to a block")
        assert canvas.workspace.document.layer("hidden").folded
        triggered(menu_for(canvas, Thing(Kind.FRAME, "hidden"), QPointF()), "Unfold to neurons")
        assert not canvas.workspace.document.layer("hidden").folded

    def test_nothing_to_fold_is_said(self, canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        press(canvas, Qt.Key.Key_F)
        assert heard and heard[0].startswith("Select") and canvas.workspace.document == body()

    def test_the_network_runs_on(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        workspace.training.advance(5)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 5)
        hand.click(sign(canvas, "hidden"))
        workspace.training.advance(5)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 10)
        assert len(workspace.curve) == 10, "the curve goes on"


class TestGroups:
    def test_the_sign_folds_a_group_to_one_node(self, canvas, hand) -> None:
        workspace, network = canvas.workspace, canvas.network
        before = workspace.document
        hand.click(group_sign(canvas, "Body"))
        assert workspace.document.folded == {"Body"}
        assert list(network.geometry.places) == ["input", "output"]
        place = network.geometry.folds["Body"]
        assert place.layers == ("hidden", "hidden2") and place.shapes == ((3,),)
        assert {network.trunks.wire(n) for n in range(2)} == {("input", "hidden"), ("hidden2", "output")}
        assert canvas.thing_at(place.frame.center()) == Thing(Kind.GROUP, group="Body")
        assert not network.enclosures.items
        hand.click(group_sign(canvas, "Body"))
        assert workspace.document == before
        workspace.editing.undo()
        assert workspace.document.folded == {"Body"}
        workspace.editing.redo()
        assert workspace.document == before

    def test_a_click_selects_all_its_layers_and_the_key_unfolds(self, canvas, hand) -> None:
        hand.click(group_sign(canvas, "Body"))
        hand.click(canvas.network.geometry.folds["Body"].frame.center())
        assert canvas.workspace.selection == Selection(layers=frozenset({"hidden", "hidden2"}))
        press(canvas, Qt.Key.Key_F)
        assert not canvas.workspace.document.folded

    def test_a_double_click_unfolds_and_one_on_the_title_renames(self, canvas, hand) -> None:
        hand.click(group_sign(canvas, "Body"))
        hand.double(canvas.network.geometry.folds["Body"].caption.center())
        name_field(canvas).setText("Trunk")
        QTest.keyClick(name_field(canvas), Qt.Key.Key_Return)
        assert canvas.workspace.document.folded == {"Trunk"}
        hand.double(canvas.network.geometry.folds["Trunk"].frame.center())
        assert not canvas.workspace.document.folded

    def test_the_node_is_dragged_with_its_layers(self, canvas, hand) -> None:
        hand.click(group_sign(canvas, "Body"))
        before = {each.id: (each.x, each.y) for each in canvas.workspace.document.layers}
        start = canvas.network.geometry.folds["Body"].frame.center()
        hand.drag(start, start + QPointF(0, 120))
        after = {each.id: (each.x, each.y) for each in canvas.workspace.document.layers}
        assert after["hidden"][1] == pytest.approx(before["hidden"][1] + 120, abs=12)
        assert after["hidden"][1] - before["hidden"][1] == after["hidden2"][1] - before["hidden2"][1]
        assert after["output"] == before["output"]
        assert canvas.workspace.editing.undo_stack.undoText() == "Move Body"
        canvas.workspace.editing.undo()
        QTest.mouseMove(canvas.viewport(), QPoint(3, 3))
        hand.drag(start, start + QPointF(60, 90))
        moved = canvas.network.geometry.folds["Body"].frame.center() - start
        assert (moved.x(), moved.y()) == (pytest.approx(60, abs=12), pytest.approx(90, abs=12))

    def test_a_line_of_several_connections_is_cut_as_one(self, open_canvas, hand_of) -> None:
        document = edits.connect(body(), source="hidden", target="output")
        canvas = open_canvas(fold_group(document, path="Body"))
        network = canvas.network
        number = network.trunks.number_of(("hidden", "output"))
        assert number == network.trunks.number_of(("hidden2", "output"))
        hand_of(canvas).click(network.trunks.middle(number))
        assert canvas.workspace.selection.wires == {("hidden", "output"), ("hidden2", "output")}
        press(canvas, Qt.Key.Key_Delete)
        left = {(each.source, each.target) for each in canvas.workspace.document.connections}
        assert left == {("input", "hidden"), ("hidden", "hidden2")}
        canvas.workspace.editing.undo()
        assert len(canvas.workspace.document.connections) == 4
        middle = network.trunks.middle(network.trunks.number_of(("hidden", "output")))
        alt = Qt.KeyboardModifier.AltModifier
        hand_of(canvas).drag(middle + QPointF(0, -40), middle + QPointF(0, 40), alt)
        assert len(canvas.workspace.document.connections) == 2

    def test_groups_within_a_folded_group_are_hidden_too(self, open_canvas) -> None:
        document = group_layers(body(), layers=["hidden"], name="Inner")
        canvas = open_canvas(fold_group(fold_group(document, path="Body/Inner"), path="Body"))
        assert list(canvas.network.geometry.folds) == ["Body"]
        triggered(menu_for(canvas, Thing(Kind.GROUP, group="Body"), QPointF()), "Unfold the group")
        assert list(canvas.network.geometry.folds) == ["Body/Inner"]
        (frame,) = canvas.network.enclosures.items
        inner = canvas.network.geometry.folds["Body/Inner"].frame
        assert frame.enclosure.path == "Body" and frame.enclosure.rect.contains(inner)

    def test_the_canvas_closes_up_where_nothing_is_drawn(self) -> None:
        wide = Geometry(body(), Sizes()).places
        folded = Geometry(fold_group(body(), path="Body"), Sizes())
        assert folded.places["input"].frame.center() == wide["input"].frame.center()
        near, far = folded.places["output"].frame.center().x(), wide["output"].frame.center().x()
        assert near == pytest.approx(far - 220, abs=10)
        node = folded.folds["Body"].frame
        assert not any(node.intersects(place.frame) for place in folded.places.values())
        x, y = folded.to_document(folded.to_scene(400.0, 30.0))
        assert (x, y) == pytest.approx((400.0, 30.0))

    def test_fold_all_and_unfold_everything(self, canvas, hand) -> None:
        canvas.workspace.select(Selection(layers=frozenset({"output"})))
        press(canvas, Qt.Key.Key_F)
        triggered(menu_for(canvas, Thing(), QPointF(0, 900)), "Fold all groups")
        assert canvas.workspace.document.folded == {"Body"}
        triggered(menu_for(canvas, Thing(), QPointF(0, 900)), "Unfold everything")
        assert canvas.workspace.document == body()

    def test_tab_stops_there_and_says_what_it_is(self, open_canvas) -> None:
        canvas = open_canvas(fold_group(body(), path="Body"))
        canvas.setFocus()
        said = []
        for _ in range(40):
            QTest.keyClick(canvas, Qt.Key.Key_Tab)
            said.append(described(canvas.focus_thing, canvas.network, canvas.workspace))
            if canvas.focus_thing.kind is Kind.GROUP:
                break
        assert said[-1] == "Folded group Body, 2 layers, gives 3"
        press(canvas, Qt.Key.Key_F)
        assert not canvas.workspace.document.folded

    def test_a_step_within_it_lights_it(self, open_canvas, qtbot) -> None:
        canvas = open_canvas(fold_group(body(), path="Body"))
        workspace = canvas.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        steps = list(workspace.walk.trace)
        inside = next(n for n, each in enumerate(steps) if each.target.owner == "hidden2")
        workspace.walking.go_to(inside)
        node = canvas.network.enclosures.nodes["Body"]
        assert node._step == ("hidden2", True)
        (note,) = canvas.network.picture.notes
        assert note.unit[0] == "hidden2" and note.text.startswith("Σ = "), "its number stands below the node"
        assert canvas.network.notes.texts == (note.text,)
        last = next(n for n, e in enumerate(steps) if e.target.owner == "hidden2" and e.target.array == "a")
        workspace.walking.go_to(last)
        assert canvas.network.notes.texts[0].startswith("tanh(")
        out = next(n for n, e in enumerate(steps) if e.target.owner == "output" and e.phase is Phase.FORWARD)
        workspace.walking.go_to(out)
        assert node._step == ("", True)
        assert canvas.network.picture.trunks == {canvas.network.trunks.number_of(("hidden2", "output"))}
        assert not canvas.grab().isNull()

    def test_a_walk_goes_on_while_it_is_unfolded(self, open_canvas, hand_of, qtbot) -> None:
        canvas = open_canvas(fold_group(body(), path="Body"))
        workspace = canvas.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        workspace.walking.go_to(6)
        hand_of(canvas).click(group_sign(canvas, "Body"))
        assert workspace.walk is not None and workspace.walk.at == 6
        assert canvas.network.picture.walking and canvas.network.picture.active, "its synapses are seen now"
        workspace.editing.undo()
        assert workspace.walk is not None and workspace.document.folded
        workspace.walking.forward()
        assert workspace.walk.at == 7
        workspace.editing.set_weight("hidden.b", (0, 0), 0.5)
        assert workspace.walk is None, "other numbers are another walk"

    def test_it_is_saved_and_opened(self, canvas, hand, tmp_path: Path, open_canvas) -> None:
        canvas.workspace.select(Selection(layers=frozenset({"output"})))
        press(canvas, Qt.Key.Key_F)
        hand.click(group_sign(canvas, "Body"))
        document = canvas.workspace.document
        save_project(Project(document, fresh(document)), tmp_path / "a.axon")
        again = open_canvas(open_project(tmp_path / "a.axon").document)
        assert list(again.network.geometry.folds) == ["Body"]
        assert again.network.geometry.places["output"].is_block


class TestGrouping:
    def test_the_key_groups_and_asks_for_the_title(self, open_canvas) -> None:
        canvas = open_canvas(mlp(2, 3, 3, 1))
        workspace = canvas.workspace
        workspace.select(Selection(layers=frozenset({"hidden", "hidden2"})))
        press(canvas, Qt.Key.Key_G, CTRL)
        field = name_field(canvas)
        assert field.text() == "Group 1" and field.accessibleName() == "Name of the group"
        QTest.keyClicks(field, "Body")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert members(workspace.document, "Body") == {"hidden", "hidden2"}
        assert workspace.editing.undo_stack.count() == 1, "making and naming are one edit"
        workspace.editing.undo()
        assert workspace.document == mlp(2, 3, 3, 1)
        workspace.editing.redo()
        assert [e.enclosure.path for e in canvas.network.enclosures.items] == ["Body"]

    def test_esc_leaves_the_name_as_it_is(self, open_canvas) -> None:
        canvas = open_canvas(mlp(2, 3, 1))
        canvas.workspace.select(Selection(layers=frozenset({"hidden"})))
        press(canvas, Qt.Key.Key_G, CTRL)
        QTest.keyClicks(name_field(canvas), "x")
        QTest.keyClick(name_field(canvas), Qt.Key.Key_Escape)
        assert canvas.workspace.document.layer("hidden").group == "Group 1"

    def test_ungroup_by_key_and_menu(self, canvas, hand) -> None:
        item = canvas.network.enclosures.items[0]
        hand.click(item.title_rect.center())
        press(canvas, Qt.Key.Key_G, CTRL | SHIFT)
        assert not any(each.group for each in canvas.workspace.document.layers)
        canvas.workspace.editing.undo()
        triggered(menu_for(canvas, Thing(Kind.GROUP, group="Body"), QPointF()), "Ungroup")
        assert not any(each.group for each in canvas.workspace.document.layers)

    def test_a_double_click_on_the_title_renames(self, canvas, hand) -> None:
        hand.double(canvas.network.enclosures.items[0].title_rect.center())
        field = name_field(canvas)
        QTest.keyClicks(field, "Trunk")
        field.insert("\u202e")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert canvas.workspace.document.layer("hidden").group == "Trunk"
        assert canvas.workspace.editing.undo_stack.undoText() == "Rename Body"

    def test_f2_renames_the_group_in_the_focus(self, canvas, hand) -> None:
        hand.click(canvas.network.enclosures.items[0].title_rect.center())
        press(canvas, Qt.Key.Key_F2)
        assert name_field(canvas).text() == "Body"

    def test_a_name_that_is_there_is_refused_with_a_sentence(self, open_canvas) -> None:
        document = group_layers(body(), layers=["output"], name="Head")
        canvas = open_canvas(document)
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        field = canvas.edit(Thing(Kind.GROUP, group="Head"))
        field.selectAll()
        QTest.keyClicks(field, "Body")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert canvas.workspace.document == document
        assert heard == ["There is a group 'Body' here already: choose another name."]

    def test_an_endless_name_is_cut(self, canvas) -> None:
        field = canvas.edit(Thing(Kind.GROUP, group="Body"))
        field.selectAll()
        QTest.keyClicks(field, "y" * 300)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert len(canvas.workspace.document.layer("hidden").group) == 80
        assert not canvas.grab().isNull()


def test_a_rubber_band_takes_a_folded_group(open_canvas, hand_of) -> None:
    canvas = open_canvas(fold_group(body(), path="Body"))
    rect = canvas.network.geometry.folds["Body"].frame.adjusted(-30, -70, 30, 40)
    QTest.mouseMove(canvas.viewport(), QPoint(2, 2))
    hand_of(canvas).drag(rect.topLeft(), rect.bottomRight())
    assert {"hidden", "hidden2"} <= canvas.workspace.selection.layers


def test_hidden_layers_are_not_the_units_of_anything(open_canvas) -> None:
    canvas = open_canvas(fold_group(body(), path="Body"))
    network = canvas.network
    assert network.geometry.unit("hidden", 0) is None and network.geometry.node("hidden") is not None
    canvas.workspace.select(Selection(layers=frozenset({"hidden"}), units=frozenset({("hidden2", 1)})))
    canvas.workspace.hover(frozenset({("hidden", "a", (0,), 0)}))
    assert not canvas.grab().isNull()


def test_the_frame_stays_when_a_layer_is_away_from_the_group(open_canvas) -> None:
    document = edits.move_layers(body(), places={"hidden2": (660.0, 0.0), "output": (440.0, 0.0)})
    canvas = open_canvas(document)
    frames = [each.enclosure for each in canvas.network.enclosures.items]
    assert [each.path for each in frames] == ["Body", "Body"]
    assert replace(frames[0], rects=()).layers == {"hidden", "hidden2"}


def test_what_is_hidden_loses_the_focus_and_harms_no_menu(canvas, hand) -> None:
    hand.click(canvas.network.geometry.unit("hidden", 1).centre)
    assert canvas.focus_thing.layer == "hidden"
    hand.click(group_sign(canvas, "Body"))
    assert not canvas.focus_thing.layer
    canvas.workspace.select(Selection(layers=frozenset({"hidden"})))
    assert canvas.edit(Thing(Kind.CAPTION, "hidden")) is None
    press(canvas, Qt.Key.Key_F2)
    assert name_field(canvas).text() == "Body", "the group has the focus"
    QTest.keyClick(name_field(canvas), Qt.Key.Key_Escape)
    for thing in (Thing(Kind.UNIT, "input", 0), Thing(Kind.CAPTION, "input"), Thing(Kind.TRUNK, wire=0)):
        menu_for(canvas, thing, QPointF()).deleteLater()
    for point in (canvas.network.trunks.middle(0), canvas.network.geometry.folds["Body"].frame.center()):
        hand.hover(point)
        assert canvas.card.isVisible()
