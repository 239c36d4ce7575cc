"""Aligning, distributing, tidying, moving by keys and snapping, with real keys and mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from engine.core.spec import Spec
from engine.document import edits
from engine.samples import first_light, mlp
from gui.selection import Selection

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
ALL = frozenset({"input", "hidden", "output"})


@pytest.fixture
def scattered(open_canvas):
    """2-4-1 with its layers anywhere."""
    places = {"input": (-20.0, 60.0), "hidden": (260.0, -35.0), "output": (420.0, 20.0)}
    canvas = open_canvas(edits.move_layers(first_light(), places=places))
    canvas.workspace.select(Selection(layers=ALL))
    return canvas


def frames(canvas) -> list:
    return [canvas.network.geometry.places[id].frame for id in ("input", "hidden", "output")]


def places(canvas) -> dict[str, tuple[float, float]]:
    return {each.id: (each.x, each.y) for each in canvas.workspace.document.layers}


EDGES = {
    "L": lambda rect: rect.left(),
    "R": lambda rect: rect.right(),
    "T": lambda rect: rect.top(),
    "B": lambda rect: rect.bottom(),
}


class TestAligning:
    @pytest.mark.parametrize("letter", EDGES)
    def test_edges(self, scattered, letter: str) -> None:
        before = scattered.workspace.document
        QTest.keyClick(scattered, getattr(Qt.Key, f"Key_{letter}"), CTRL | SHIFT)
        found = {round(EDGES[letter](rect), 6) for rect in frames(scattered)}
        assert len(found) == 1
        assert scattered.workspace.editing.undo_stack.count() == 1
        after = scattered.workspace.document
        scattered.workspace.editing.undo()
        assert scattered.workspace.document == before
        scattered.workspace.editing.redo()
        assert scattered.workspace.document == after

    def test_centres_and_middles(self, scattered) -> None:
        QTest.keyClick(scattered, Qt.Key.Key_M, CTRL | SHIFT)
        assert len({round(y, 6) for _, y in places(scattered).values()}) == 1
        QTest.keyClick(scattered, Qt.Key.Key_C, CTRL | SHIFT)
        assert len({round(x, 6) for x, _ in places(scattered).values()}) == 1

    def test_distribute(self, scattered) -> None:
        QTest.keyClick(scattered, Qt.Key.Key_H, CTRL | SHIFT)
        one, two, three = frames(scattered)
        assert two.left() - one.right() == pytest.approx(three.left() - two.right())
        assert places(scattered)["input"] == (-20.0, 60.0)
        QTest.keyClick(scattered, Qt.Key.Key_V, CTRL | SHIFT)
        assert scattered.workspace.editing.undo_stack.count() == 2

    def test_too_few_layers_say_so(self, scattered) -> None:
        heard: list[str] = []
        scattered.workspace.said.connect(heard.append)
        scattered.workspace.select(Selection(units=frozenset({("hidden", 0)})))
        QTest.keyClick(scattered, Qt.Key.Key_L, CTRL | SHIFT)
        assert "at least 2 layers" in heard[-1]
        QTest.keyClick(scattered, Qt.Key.Key_H, CTRL | SHIFT)
        assert "at least 3 layers" in heard[-1]
        assert not scattered.workspace.editing.undo_stack.count()

    def test_neither_locks_nor_resets_by_the_way(self, scattered) -> None:
        """L locks and R resets without Ctrl+Shift."""
        scattered.workspace.select(Selection(layers=ALL, synapses=frozenset({("input", 0, "hidden", 0)})))
        QTest.keyClick(scattered, Qt.Key.Key_L, CTRL | SHIFT)
        assert not scattered.workspace.document.connection("input", "hidden").locked


class TestTidying:
    def test_columns_in_one_step_and_twice_is_once(self, scattered, qtbot) -> None:
        workspace = scattered.workspace
        weights = dict(workspace.snapshot.parameters)
        QTest.keyClick(scattered, Qt.Key.Key_T, CTRL)
        found = places(scattered)
        assert found["input"] == (-20.0, 60.0), "the first layer stays"
        assert {y for _, y in found.values()} == {60.0}
        assert found["output"][0] - found["hidden"][0] == found["hidden"][0] - found["input"][0]
        QTest.keyClick(scattered, Qt.Key.Key_T, CTRL)
        assert workspace.editing.undo_stack.count() == 1, "nothing is left to do"
        qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)
        assert all((workspace.snapshot.parameters[key] == value).all() for key, value in weights.items())
        workspace.editing.undo()
        assert places(scattered)["hidden"] == (260.0, -35.0)

    def test_captions_and_frames_do_not_overlap(self, open_canvas) -> None:
        document = mlp(3, 5, 4, 2)
        document = edits.connect(document, source="input", target=document.layers[2].id)
        document = edits.add_layer(document, spec=Spec("dense"), id="alone", units=2)
        document = edits.move_layers(document, places={each.id: (0, 0) for each in document.layers})
        canvas = open_canvas(document, wait=False)
        QTest.keyClick(canvas, Qt.Key.Key_T, CTRL)
        rects = [place.frame for place in canvas.network.geometry.places.values()]
        assert not any(one.intersects(two) for one in rects for two in rects if one is not two)

    def test_the_camera_follows_only_if_it_did(self, scattered) -> None:
        scattered.zoom_in()
        corner = scattered.mapToScene(QPoint(0, 0))
        QTest.keyClick(scattered, Qt.Key.Key_T, CTRL)
        assert scattered.mapToScene(QPoint(0, 0)) == corner


class TestSteps:
    def test_alt_shift_and_arrows_move_the_selection_in_one_entry(self, scattered) -> None:
        scattered.workspace.select(Selection(layers=frozenset({"hidden"}), units=frozenset({("output", 0)})))
        before = places(scattered)
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Up):
            QTest.keyClick(scattered, key, ALT | SHIFT)
        QTest.keyClick(scattered, Qt.Key.Key_Down, ALT | SHIFT)
        after = places(scattered)
        for id in ("hidden", "output"):
            assert after[id] == (before[id][0] + 10, before[id][1] + 10)
        assert after["input"] == before["input"]
        assert scattered.workspace.editing.undo_stack.count() == 1
        scattered.workspace.editing.undo()
        assert places(scattered) == before

    def test_nothing_selected_says_what_to_do(self, canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        QTest.keyClick(canvas, Qt.Key.Key_Up, ALT | SHIFT)
        assert "Select layers first" in heard[-1]

    def test_what_is_in_the_focus_counts_without_a_selection(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        QTest.keyClick(canvas, Qt.Key.Key_Up, ALT | SHIFT)
        assert canvas.workspace.document.layer("input").y == -10.0

    def test_up_and_down_alone_still_walk_through_the_network(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        first = canvas.focus_thing
        QTest.keyClick(canvas, Qt.Key.Key_Down)
        assert canvas.focus_thing != first
        assert canvas.workspace.document == first_light()


class TestSnapping:
    @pytest.fixture
    def moving(self, open_canvas, hand_of):
        document = edits.add_layer(first_light(), spec=Spec("dense"), id="more", units=2, x=300.0, y=360.0)
        canvas = open_canvas(document)
        return canvas, hand_of(canvas)

    def drag(self, canvas, hand, x: float, y: float, keys=NONE) -> tuple[float, float]:
        """Drag the layer to (x, y) of the document; where it lands."""
        sizes = canvas.network.geometry.sizes
        start = canvas.network.geometry.places["more"].caption.center()
        layer = canvas.workspace.document.layer("more")
        end = start + QPointF((x - layer.x) * sizes.across, (y - layer.y) * sizes.down)
        hand.press(start, keys)
        hand.move(start + 0.5 * (end - start))
        hand.move(end)
        self.shown = canvas.network.ghost.isVisible()
        hand.release(end, keys)
        assert not canvas.network.ghost.isVisible()
        found = canvas.workspace.document.layer("more")
        return found.x, found.y

    def test_in_line_with_another_layer(self, moving) -> None:
        x, y = self.drag(*moving, 223.0, 300.0)
        assert x == 220.0
        assert y == pytest.approx(300.0, abs=1.5)
        assert self.shown, "a guide line says why"
        assert moving[0].workspace.editing.undo_stack.count() == 1

    def test_as_far_as_the_others_are_apart(self, moving) -> None:
        x, _ = self.drag(*moving, 657.0, 300.0)
        assert x == 660.0
        assert self.shown

    def test_between_two_layers(self, moving) -> None:
        x, _ = self.drag(*moving, 112.0, 300.0)
        assert x == 110.0

    def test_level_with_neurons_not_with_frames(self, moving) -> None:
        _, y = self.drag(*moving, 800.0, 4.0)
        assert y == 0.0

    def test_free_elsewhere(self, moving) -> None:
        x, y = self.drag(*moving, 160.0, 310.0)
        assert (x, y) == pytest.approx((160.0, 310.0), abs=1.5)
        assert not self.shown

    def test_alt_and_shift_let_go(self, moving) -> None:
        x, _ = self.drag(*moving, 224.0, 300.0, ALT | SHIFT)
        assert x != 220.0

    def test_the_setting_lets_go(self, moving) -> None:
        workspace = moving[0].workspace
        workspace.show_as(workspace.showing.with_(snapping=False))
        x, _ = self.drag(*moving, 224.0, 300.0)
        assert x != 220.0
        assert not self.shown

    def test_esc_puts_it_back(self, moving) -> None:
        canvas, hand = moving
        before = canvas.workspace.document
        start = canvas.network.geometry.places["more"].caption.center()
        hand.press(start)
        hand.move(start - QPointF(40, 20))
        hand.move(start - QPointF(78, 20))
        QTest.keyClick(canvas, Qt.Key.Key_Escape)
        assert not canvas.network.ghost.isVisible()
        hand.release(start)
        assert canvas.workspace.document is before
