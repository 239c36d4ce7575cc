"""The keyboard alone: along the synapses, and connecting."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.document import edits
from engine.samples import first_light, mlp
from gui.editor.canvas import Canvas
from gui.editor.marks import GROUND, Kind, Thing
from gui.selection import Selection

Key = Qt.Key


def press(canvas: Canvas, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(canvas, key)


def unit(layer: str, key: int) -> Thing:
    return Thing(Kind.UNIT, layer, key)


def wire(canvas: Canvas, *synapse: object) -> Thing:
    return Thing(Kind.WIRE, wire=canvas.network.wires.number_of(synapse))


def three():
    """2-3-1 without any synapse."""
    document = mlp(2, 3, 1, name="XOR")
    ids = [each.id for each in document.layers]
    for source, target in pairwise(ids):
        document = edits.disconnect(document, source=source, target=target)
    return document


class TestAlong:
    def test_from_neuron_to_neuron_along_a_synapse_and_back(self, canvas) -> None:
        canvas.set_focus_thing(unit("input", 0), spoken=True)
        press(canvas, Key.Key_Period)
        assert canvas.focus_thing == wire(canvas, "input", 0, "hidden", 0), "the topmost one first"
        assert "Synapse" in canvas.accessibleDescription()
        press(canvas, Key.Key_Period)
        assert canvas.focus_thing == unit("hidden", 0)
        press(canvas, Key.Key_Period, Key.Key_Period)
        assert canvas.focus_thing == unit("output", 0)
        press(canvas, Key.Key_Period)
        assert canvas.focus_thing == unit("output", 0), "the end of the network"
        press(canvas, Key.Key_Comma, Key.Key_Comma, Key.Key_Comma, Key.Key_Comma)
        assert canvas.focus_thing == unit("input", 0)

    def test_up_and_down_go_to_the_other_synapses_of_the_neuron_one_came_from(self, canvas) -> None:
        canvas.set_focus_thing(unit("input", 1))
        press(canvas, Key.Key_Period, Key.Key_Down, Key.Key_Down)
        assert canvas.focus_thing == wire(canvas, "input", 1, "hidden", 2)
        press(canvas, Key.Key_Up)
        assert canvas.focus_thing == wire(canvas, "input", 1, "hidden", 1)
        press(canvas, Key.Key_Down, Key.Key_Down, Key.Key_Down, Key.Key_Period)
        assert canvas.focus_thing == unit("hidden", 3), "it stops at the last one"
        press(canvas, Key.Key_Comma, Key.Key_Down, Key.Key_Comma)
        assert canvas.focus_thing == unit("input", 1), "against the signal the incoming ones are passed"

    def test_cut_synapses_are_no_way(self, open_canvas) -> None:
        document = edits.cut_synapse(first_light(), source="input", sender=0, target="hidden", receiver=0)
        canvas = open_canvas(document)
        canvas.set_focus_thing(unit("input", 0))
        press(canvas, Key.Key_Period, Key.Key_Period)
        assert canvas.focus_thing == unit("hidden", 1)

    def test_from_layer_to_layer(self, canvas) -> None:
        canvas.set_focus_thing(Thing(Kind.CAPTION, "input"))
        press(canvas, Key.Key_Period)
        assert canvas.focus_thing == Thing(Kind.CAPTION, "hidden")
        press(canvas, Key.Key_Period, Key.Key_Period)
        assert canvas.focus_thing == Thing(Kind.CAPTION, "output")
        press(canvas, Key.Key_Comma)
        assert canvas.focus_thing == Thing(Kind.CAPTION, "hidden")

    def test_blocks_are_reached_along_their_lines(self, open_canvas) -> None:
        from engine.architectures import architectures

        canvas = open_canvas(architectures.make("autoencoder").document(), wait=False)
        order = canvas.workspace.document.order()
        canvas.set_focus_thing(Thing(Kind.CAPTION, order[0].id))
        seen = []
        for _ in range(4 * len(order)):
            press(canvas, Key.Key_Period)
            if canvas.focus_thing.layer:
                seen.append(canvas.focus_thing.layer)
        assert order[-1].id in seen

    def test_nothing_happens_on_the_ground(self, canvas) -> None:
        assert canvas.focus_thing == GROUND
        press(canvas, Key.Key_Period, Key.Key_Comma)
        assert canvas.focus_thing == GROUND


class TestConnecting:
    @pytest.fixture
    def canvas(self, open_canvas) -> Canvas:
        return open_canvas(three(), wait=False)

    @pytest.fixture
    def said(self, canvas) -> list[str]:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        return heard

    def connected(self, canvas) -> set[tuple[str, str, int]]:
        document = canvas.workspace.document
        sizes = {each.id: each.size for each in document.layers}
        return {
            (each.source, each.target, sizes[each.source] * sizes[each.target] - len(each.cut))
            for each in document.connections
        }

    def test_one_synapse(self, canvas) -> None:
        canvas.set_focus_thing(unit("input", 0))
        press(canvas, Key.Key_C)
        assert canvas.bubble.isVisible() and canvas.network.ghost.isVisible()
        assert "Enter" in canvas.bubble.text()
        assert canvas.workspace.document == three(), "nothing has happened yet"
        press(canvas, Key.Key_Down, Key.Key_Return)
        (made,) = canvas.workspace.document.connections
        assert (made.source, made.target) == ("input", "hidden")
        assert self.connected(canvas) == {("input", "hidden", 1)}
        assert canvas.focus_thing.kind is Kind.WIRE, "so that Enter edits its weight"
        assert not canvas.bubble.isVisible() and not canvas.network.ghost.isVisible()
        assert canvas.workspace.editing.undo_stack.count() == 1

    def test_two_layers(self, canvas) -> None:
        canvas.set_focus_thing(Thing(Kind.CAPTION, "input"))
        press(canvas, Key.Key_C, Key.Key_Return)
        assert self.connected(canvas) == {("input", "hidden", 6)}
        assert canvas.focus_thing == Thing(Kind.CAPTION, "hidden")
        press(canvas, Key.Key_C, Key.Key_Return)
        assert self.connected(canvas) == {("input", "hidden", 6), ("hidden", "output", 3)}

    def test_left_right_and_tab_choose_the_layer(self, canvas) -> None:
        canvas.set_focus_thing(unit("input", 0))
        press(canvas, Key.Key_C, Key.Key_Right, Key.Key_Return)
        assert self.connected(canvas) == {("input", "output", 1)}
        assert canvas.workspace.walk is None, "the arrows were not those of the walkthrough"
        canvas.set_focus_thing(Thing(Kind.CAPTION, "input"))
        press(canvas, Key.Key_C, Key.Key_Tab, Key.Key_Tab, Key.Key_Return)
        assert ("input", "hidden", 6) in self.connected(canvas)

    def test_a_refusal_is_said_in_words_and_another_goal_can_be_chosen(self, canvas, said) -> None:
        canvas.set_focus_thing(unit("hidden", 0))
        press(canvas, Key.Key_C, Key.Key_Left)
        assert "input" in canvas.bubble.text().lower()
        press(canvas, Key.Key_Return)
        assert said and "data" in said[-1]
        assert "data" in canvas.accessibleDescription()
        assert canvas.workspace.document == three()
        press(canvas, Key.Key_Right, Key.Key_Return)
        assert self.connected(canvas) == {("hidden", "output", 1)}

    def test_esc_leaves_it(self, canvas) -> None:
        canvas.set_focus_thing(unit("input", 0))
        press(canvas, Key.Key_C, Key.Key_Escape)
        assert not canvas.bubble.isVisible() and not canvas.network.ghost.isVisible()
        press(canvas, Key.Key_Return)
        assert not canvas.workspace.document.connections

    def test_from_what_is_selected(self, canvas) -> None:
        canvas.workspace.select(Selection(layers=frozenset({"hidden"})))
        press(canvas, Key.Key_C, Key.Key_Return)
        assert self.connected(canvas) == {("hidden", "output", 3)}

    def test_without_a_start_it_says_what_to_do(self, canvas, said) -> None:
        press(canvas, Key.Key_C)
        assert "Tab" in said[-1]
        canvas.set_focus_thing(Thing(Kind.CAPTION, "output"))
        press(canvas, Key.Key_C)
        assert "end of the network" in said[-1]
