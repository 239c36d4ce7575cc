"""Layers drawn as blocks: their places, their lines, what they show, and what the mouse does with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, Training
from gui.editor.canvas import Canvas
from gui.editor.commands import why_not
from gui.editor.geometry import Geometry
from gui.editor.landing import landing
from gui.editor.marks import Kind
from gui.editor.painters.pictures import picture_for
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires
from gui.selection import Selection

ALT = Qt.KeyboardModifier.AltModifier


def images() -> Document:
    """1×8×8 → convolution → flatten → output on the digits."""
    layers = (
        Layer("input", Spec.of("input", shape="1×8×8"), tuple(range(64))),
        Layer("conv", Spec.of("conv2d"), (0, 1, 2), x=220.0),
        Layer("flat", Spec("flatten"), x=440.0),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(10)), x=660.0),
    )
    wires = (Connection("input", "conv"), Connection("conv", "flat"), Connection("flat", "output"))
    return Document("digits", layers, wires, loss=Spec("cross_entropy"), data=Spec("digits"),
                    training=Training(batch_size=4))  # fmt: skip


@pytest.fixture
def canvas(open_canvas: Callable[..., Canvas]) -> Canvas:
    return open_canvas(images())


@pytest.fixture
def hand(canvas: Canvas, hand_of):
    return hand_of(canvas)


def trunk_point(canvas: Canvas, source: str, target: str) -> QPointF:
    number = canvas.network.trunks.number_of((source, target))
    assert number is not None
    return canvas.network.trunks.middle(number)


class TestPlaces:
    def test_which_layers_are_blocks(self, canvas: Canvas) -> None:
        places = canvas.network.geometry.places
        assert [id for id, place in places.items() if place.is_block] == ["input", "conv", "flat"]
        assert len(places["output"].units) == 10
        assert places["conv"].drawn.shape[0] == 3
        assert not len(canvas.network.wires)
        assert len(canvas.network.trunks) == 3

    def test_nothing_overlaps(self, canvas: Canvas) -> None:
        frames = [place.frame for place in canvas.network.geometry.places.values()]
        assert not any(one.intersects(two) for n, one in enumerate(frames) for two in frames[:n])

    def test_lines_run_from_edge_to_edge(self, canvas: Canvas) -> None:
        network = canvas.network
        for number in range(len(network.trunks)):
            source, target = (network.geometry.places[id] for id in network.trunks.wire(number))
            path = network.trunks.path(number)
            assert path.pointAtPercent(0.0).x() == pytest.approx(source.frame.right())
            assert path.pointAtPercent(1.0).x() == pytest.approx(target.frame.left())
            assert path.pointAtPercent(1.0).y() == pytest.approx(target.middle)

    def test_a_line_round_another_layer_keeps_clear_of_its_middle(self) -> None:
        document = images()
        skip = (*document.connections, Connection("input", "flat"))
        from gui.editor.trunks import Trunks

        geometry = Geometry(replace(document, connections=skip), Sizes())
        trunks = Trunks(geometry)
        number = trunks.number_of(("input", "flat"))
        assert number is not None
        assert not geometry.places["conv"].frame.contains(trunks.middle(number))

    def test_several_lines_into_a_layer_end_apart(self) -> None:
        from gui.editor.trunks import Trunks

        layers = (*images().layers, Layer("add", Spec("add"), x=900.0))
        wires = (Connection("input", "add"), Connection("conv", "add"))
        trunks = Trunks(Geometry(Document(layers=layers, connections=wires), Sizes()))
        ends = [trunks.path(number).pointAtPercent(1.0).y() for number in range(2)]
        assert abs(ends[0] - ends[1]) >= 10.0

    def test_a_layer_without_inputs_says_so(self) -> None:
        document = replace(images(), connections=())
        place = Geometry(document, Sizes()).places["flat"]
        assert place.is_block and place.drawn.shape == ()


class TestShowing:
    def test_the_present_example_is_seen_in_the_input(self, canvas: Canvas, qtbot: QtBot) -> None:
        workspace = canvas.workspace
        workspace.choose_example(7)

        def same() -> bool:
            face = canvas.network.blocks.items["input"].face
            data = workspace.data
            return face.values is not None and data is not None and bool(
                np.array_equal(face.values.ravel(), data.X[:, 7])
            )  # fmt: skip

        qtbot.waitUntil(same)

    def test_pictures_differ_where_values_do(self, canvas: Canvas) -> None:
        from PySide6.QtCore import QRectF
        from PySide6.QtGui import QImage, QPainter

        def painted(values: np.ndarray) -> QImage:
            image = QImage(60, 60, QImage.Format.Format_ARGB32)
            image.fill(0)
            paint = picture_for("conv2d", values.ndim)
            assert paint is not None
            with QPainter(image) as painter:
                cells = paint(painter, QRectF(0, 0, 60, 60), values, None, False, canvas.workspace.theme)
            inside = cells.rect((0,) * values.ndim)
            assert QRectF(0, 0, 60, 60).contains(inside) and not inside.isEmpty()
            return image

        for shape in ((4,), (3, 5), (2, 4, 4)):
            zeros, ones = np.zeros(shape), np.zeros(shape)
            ones[(0,) * len(shape)] = 1.0
            assert painted(zeros) != painted(ones)
            assert painted(ones) != painted(-ones)
            assert not painted(np.full(shape, np.nan)).isNull()

    def test_a_walk_fills_the_maps_cell_by_cell(self, canvas: Canvas, qtbot: QtBot) -> None:
        workspace = canvas.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        counts = []
        for number in (20, 400, 900):
            workspace.walking.go_to(number)
            face = canvas.network.blocks.items["conv"].face
            assert face.known is not None and face.cell is not None
            counts.append(int(face.known.sum()))
            near = canvas.network.blocks.items["input"].face.near
            assert 4 <= len(near) <= 9, "the window that the kernel looks at"
        assert counts == sorted(set(counts))
        assert canvas.network.picture.trunks == {canvas.network.trunks.number_of(("input", "conv"))}


class TestHands:
    def test_a_line_is_selected_and_cut(self, canvas: Canvas, hand) -> None:
        hand.click(trunk_point(canvas, "conv", "flat"))
        assert canvas.workspace.selection == Selection(wires=frozenset({("conv", "flat")}))
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert canvas.workspace.document.connection("conv", "flat") is None
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == images()

    def test_scissors_cut_a_line(self, canvas: Canvas, hand) -> None:
        point = trunk_point(canvas, "input", "conv")
        hand.drag(point + QPointF(0, -40), point + QPointF(0, 40), ALT)
        assert canvas.workspace.document.connection("input", "conv") is None
        assert canvas.workspace.editing.undo_stack.count() == 1

    def test_a_block_is_connected_from_its_handle(self, canvas: Canvas, hand) -> None:
        workspace = canvas.workspace
        hand.click(trunk_point(canvas, "flat", "output"))
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        network = canvas.network
        places, sizes = network.geometry.places, network.geometry.sizes
        hand.drag(places["flat"].handle(sizes), places["output"].frame.center())
        assert workspace.document.connection("flat", "output") is not None

    def test_what_does_not_fit_is_refused_with_the_engines_sentence(self, canvas: Canvas) -> None:
        document = images()
        assert "vectors" in why_not(document, "conv", "output")
        assert why_not(document, "input", "flat"), "flatten takes one input"
        assert why_not(document, "output", "conv")
        apart = replace(document, connections=())
        assert why_not(apart, "input", "conv") == ""
        assert why_not(apart, "conv", "flat") == "", "nothing is known of what comes in yet"

    def test_a_vector_into_an_idle_convolution_is_refused(self) -> None:
        vector = replace(images().layers[0], spec=Spec("input"))
        document = replace(images(), layers=(vector, *images().layers[1:]), connections=())
        assert why_not(document, "input", "conv")

    def test_a_layer_dropped_on_a_line_is_inserted(self, canvas: Canvas) -> None:
        network = canvas.network
        point = trunk_point(canvas, "conv", "flat")
        found = landing(network.geometry, network.wires, "max_pool", point)
        assert found.document is not None
        wires = [each.id for each in found.document.connections]
        assert "conv>pool" in wires and "pool>flat" in wires and "conv>flat" not in wires
        refused = landing(network.geometry, network.wires, "lstm", point)
        assert refused.document is None and refused.text.endswith(".")

    def test_tab_stops_at_blocks_and_lines(self, canvas: Canvas) -> None:
        canvas.setFocus()
        said = []
        for _ in range(6):
            QTest.keyClick(canvas, Qt.Key.Key_Tab)
            said.append(canvas.accessibleDescription())
        assert said[0].startswith("Input input, output 1×8×8")
        assert any("Connection from input to conv" in each for each in said)
        assert any("Convolution conv, output 3×" in each for each in said)

    def test_synapses_stay_between_neurons(self, open_canvas: Callable[..., Canvas]) -> None:
        document = images()
        dense = Layer("dense", Spec("dense"), (0, 1, 2), x=550.0)
        wires = (*document.connections[:2], Connection("flat", "dense"), Connection("dense", "output"))
        shown = open_canvas(replace(document, layers=(*document.layers, dense), connections=wires))
        network = shown.network
        assert isinstance(network.wires, Wires) and len(network.wires) == 30
        assert len(network.trunks) == 3
        assert shown.thing_at(trunk_point(shown, "flat", "dense")).kind is Kind.TRUNK

    def test_units_of_a_derived_layer_cannot_be_added(self, canvas: Canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        canvas.workspace.select(Selection(layers=frozenset({"flat"})))
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_Insert)
        assert canvas.workspace.document == images()
        assert heard and "follows from" in heard[0]
