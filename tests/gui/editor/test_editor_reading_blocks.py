"""Reading blocks: kernels, time steps, shares of an attention, on the canvas and in the card."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, Training
from gui.drawn import Drawn
from gui.editor.block_face import BlockFace
from gui.editor.canvas import Canvas
from gui.editor.enlarged import FilterPicture, MatrixPicture, StepPicture
from gui.editor.geometry import Geometry
from gui.editor.marks import Kind, Thing
from gui.editor.now_blocks import PROBE
from gui.editor.painters.block_looks import paint_block
from gui.editor.painters.unrolled import MOST_STEPS, shown_steps
from gui.editor.sizes import Sizes
from gui.editor.spread import Spread
from gui.showing import Showing
from gui.theme import Theme, load_theme

PointAt = Callable[[Canvas, QPointF], None]


def show(canvas: Canvas, **choices: bool) -> None:
    canvas.workspace.show_as(canvas.workspace.showing.with_(**choices))


def tagger(cell: str = "rnn", time: int = 9, units: int = 3) -> Document:
    spec = Spec.of("sequence_tagger", cell=cell, time=time, units=units)
    return architectures.make(spec).document()


def images() -> Document:
    """8x8 digits through two convolutions."""
    layers = (
        Layer("input", Spec.of("input", shape="1x8x8"), tuple(range(64))),
        Layer("conv", Spec.of("conv2d", kernel=3, padding="valid"), (0, 1, 2), x=220.0),
        Layer("conv2", Spec.of("conv2d", kernel=3, padding="valid"), tuple(range(6)), x=440.0),
        Layer("flat", Spec("flatten"), (), x=660.0),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(10)), x=880.0),
    )
    names = [layer.id for layer in layers]
    wires = tuple(Connection(one, two) for one, two in itertools.pairwise(names))
    data = Spec.of("digits", examples=40)
    return Document("Digits", layers, wires, data=data, loss="cross_entropy", training=Training(seed=1))


def text_model() -> Document:
    spec = Spec.of("transformer", d=8, heads=2, blocks=1)
    return architectures.make(spec).document()


class TestKernels:
    @pytest.fixture
    def shown(self, open_canvas: Callable[..., Canvas]) -> Canvas:
        canvas = open_canvas(images())
        show(canvas, kernels=True)
        return canvas

    def test_a_convolution_shows_its_weights_and_they_follow_the_learning(
        self, shown: Canvas, qtbot: QtBot
    ) -> None:
        item = shown.network.blocks.items["conv"]
        before = item.face
        assert before.array == "W" and before.values is not None and before.values.shape == (3, 1, 3, 3)
        shown.workspace.training.advance(3)
        qtbot.waitUntil(lambda: shown.workspace.snapshot.step == 3)
        after = item.face.values
        assert after is not None and not np.array_equal(after, before.values)

    def test_the_mouse_shows_kernel_and_map_of_the_filter_it_points_at(
        self, shown: Canvas, point_at: PointAt
    ) -> None:
        shown.grab()
        item = shown.network.blocks.items["conv"]
        assert item.cells is not None
        for number in range(3):
            middle = item.cells.maps[number][0].center()
            point_at(shown, middle)
            large = shown.reading.picture(Thing(Kind.FRAME, "conv"), middle)
            assert isinstance(large, FilterPicture) and large.number == number
            assert large.kernel is not None and large.kernel.shape == (1, 3, 3)
            assert large.map is not None and large.map.shape == (6, 6)
            assert shown.card.isVisible() and not shown.card.grab().isNull()

    def test_feature_maps_show_it_too(self, shown: Canvas) -> None:
        show(shown, kernels=False)
        shown.grab()
        item = shown.network.blocks.items["conv2"]
        assert item.cells is not None
        large = shown.reading.picture(Thing(Kind.FRAME, "conv2"), item.cells.maps[4][0].center())
        assert isinstance(large, FilterPicture) and large.number == 4
        assert large.kernel is not None and large.kernel.shape == (3, 3, 3)

    def test_a_walk_keeps_in_sight_what_it_calculates(self, shown: Canvas, qtbot: QtBot) -> None:
        workspace = shown.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        assert workspace.walk is not None
        trace = workspace.walk.trace
        number = trace.number_of("conv", "z", (2, 1, 3), 0)
        assert number is not None
        workspace.walking.go_to(number)
        face = shown.network.blocks.items["conv"].face
        assert face.array == "a" and face.cell == (2, 1, 3) and "W" in face.others
        shown.grab()
        cells = shown.network.blocks.items["conv"].cells
        assert cells is not None and not cells.rect((2, 1, 3)).isEmpty()
        number = trace.number_of("conv", "dW.input", (1, 0, 2, 0), 0)
        assert number is not None
        workspace.walking.go_to(number)
        face = shown.network.blocks.items["conv"].face
        assert face.array == "W" and face.cell == (1, 0, 2, 0)


class TestUnrolled:
    def test_long_sequences_have_an_ellipsis_and_keep_the_walked_step(self) -> None:
        assert shown_steps(5) == (0, 1, 2, 3, 4)
        assert shown_steps(30) == (0, 1, 2, None, 27, 28, 29)
        for time in (8, 9, 12, 30):
            for walked in (None, *range(time)):
                steps = shown_steps(time, walked)
                assert len(steps) == MOST_STEPS, "the block does not change its size"
                numbers = [each for each in steps if each is not None]
                assert numbers == sorted(set(numbers)) and numbers[-1] < time
                assert walked is None or walked in numbers

    @pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
    def test_the_block_grows_and_pushes_its_neighbours_aside(self, cell: str) -> None:
        document = tagger(cell)
        plain = Geometry(document, Sizes())
        wide = Geometry(document, Sizes(showing=Showing(unrolled=True)))
        assert wide.places[cell].frame.width() > 2 * plain.places[cell].frame.width()
        frames = [place.frame for place in wide.places.values()]
        assert not any(one.intersects(two) for n, one in enumerate(frames) for two in frames[:n])
        for layer in document.layers:
            centre = wide.places[layer.id].frame.center()
            assert wide.to_document(centre) == pytest.approx((layer.x, layer.y))

    def test_states_of_both_directions_stand_above_one_another(
        self, open_canvas: Callable[..., Canvas]
    ) -> None:
        canvas = open_canvas(tagger())
        show(canvas, unrolled=True)
        canvas.grab()
        item = canvas.network.blocks.items["rnn"]
        assert item.face.both and item.face.values is not None and item.face.values.shape == (6, 9)
        cells = item.cells
        assert cells is not None
        forward, backward = cells.rect((0, 8)), cells.rect((3, 8))
        assert forward.top() > backward.bottom() and forward.left() == backward.left()
        assert cells.rect((0, 4)).isEmpty(), "left out"
        assert item.place.frame.contains(forward) and "x" in item.face.others

    def test_the_mouse_shows_gates_and_memory_of_a_step(
        self, open_canvas: Callable[..., Canvas], qtbot: QtBot, point_at: PointAt
    ) -> None:
        canvas = open_canvas(tagger("lstm"))
        show(canvas, unrolled=True)
        item = canvas.network.blocks.items["lstm"]
        qtbot.waitUntil(lambda: "c" in canvas.network.blocks.items["lstm"].face.others)
        canvas.grab()
        item = canvas.network.blocks.items["lstm"]
        assert item.cells is not None
        spot = item.cells.rect((0, 2)).center()
        point_at(canvas, spot)
        large = canvas.reading.picture(Thing(Kind.FRAME, "lstm"), spot)
        assert isinstance(large, StepPicture) and large.step == 2
        assert [name for name, _ in large.parts] == ["x", "i", "f", "g", "o", "c", "a"]
        assert canvas.card.isVisible() and not canvas.card.grab().isNull()

    def test_a_walk_lights_the_cell_of_its_step(
        self, open_canvas: Callable[..., Canvas], qtbot: QtBot
    ) -> None:
        canvas = open_canvas(tagger("lstm"))
        show(canvas, unrolled=True)
        workspace = canvas.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        assert workspace.walk is not None
        number = workspace.walk.trace.number_of("lstm", "a", (1, 4), 0)
        assert number is not None
        workspace.walking.go_to(number)
        canvas.grab()
        item = canvas.network.blocks.items["lstm"]
        face, cells = item.face, item.cells
        assert face.step == 4 and face.cell == (1, 4)
        assert cells is not None and not cells.rect((1, 4)).isEmpty()
        assert face.known is not None and face.known[0, 4] and not face.known[0, 5]
        assert face.memory_known is not None and not face.memory_known[0, 5]
        number = workspace.walk.trace.number_of("lstm", "dzi", (1, 3), 0)
        assert number is not None
        workspace.walking.go_to(number)
        face = item.face
        assert face.slope and face.array == "dh" and face.step == 3
        assert not canvas.grab().isNull()


class TestAttention:
    @pytest.fixture
    def shown(self, open_canvas: Callable[..., Canvas], qtbot: QtBot) -> Canvas:
        canvas = open_canvas(text_model())
        qtbot.waitUntil(lambda: canvas.network.blocks.items["attention"].face.array == "A")
        return canvas

    def test_it_shows_the_shares_of_each_head(self, shown: Canvas) -> None:
        face = shown.network.blocks.items["attention"].face
        assert face.values is not None and face.values.shape == (2, 12, 12)
        assert face.values.sum(axis=2) == pytest.approx(np.ones((2, 12)), abs=1e-5)
        assert len(face.tokens) == 12

    def test_the_mouse_shows_the_head_it_points_at_with_its_symbols(
        self, shown: Canvas, point_at: PointAt
    ) -> None:
        shown.grab()
        item = shown.network.blocks.items["attention"]
        assert item.cells is not None
        middle = item.cells.maps[1][0].center()
        point_at(shown, middle)
        large = shown.reading.picture(Thing(Kind.FRAME, "attention"), middle)
        assert isinstance(large, MatrixPicture) and large.head == 1 and len(large.tokens) == 12
        assert shown.card.isVisible() and not shown.card.grab().isNull()

    @pytest.mark.parametrize("array", ["Q", "S", "A", "a", "dA", "dQ"])
    def test_a_walk_keeps_in_sight_what_it_calculates(self, shown: Canvas, qtbot: QtBot, array: str) -> None:
        workspace = shown.workspace
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        assert workspace.walk is not None
        index = (1, 5, 3) if array in {"S", "A", "dA"} else (3, 5)
        number = workspace.walk.trace.number_of("attention", array, index, 0)
        assert number is not None
        workspace.walking.go_to(number)
        shown.grab()
        item = shown.network.blocks.items["attention"]
        assert item.face.array == array and item.face.cell == index
        assert item.cells is not None and not item.cells.rect(index).isEmpty()
        known = item.face.known
        assert known is not None and known[index] and not known.all()

    def test_only_what_is_shown_is_asked(self, shown: Canvas) -> None:
        probe = shown.workspace.link.watchers[PROBE].probe
        assert probe.wanted == (("attention", ("A",)),)
        shown.hide()
        assert PROBE not in shown.workspace.link.watchers


def test_a_spread_goes_there_and_back_without_a_jump() -> None:
    spread = Spread(1.5, [(100.0, 300.0), (130.0, 200.0), (600.0, 90.0)])
    xs = np.linspace(-300, 900, 241)
    scene = [spread.to_scene(float(x)) for x in xs]
    assert (np.diff(scene) > 0).all()
    assert [spread.to_document(each) for each in scene] == pytest.approx(list(xs))
    assert spread.to_scene(900) - 1.5 * 900 == pytest.approx(390), "two in a column share the room"
    assert Spread(2.0).to_document(Spread(2.0).to_scene(7.0)) == 7.0


@pytest.mark.parametrize("scale", [1.0, 1.8])
@pytest.mark.parametrize("look", ["light", "dark", "high-contrast"])
def test_every_picture_can_be_painted_whatever_the_numbers_are(qapp: object, look: str, scale: float) -> None:
    theme: Theme = load_theme(look, scale)
    every = Showing(kernels=True, unrolled=True)
    wrong = np.array([np.nan, np.inf, -1.0, 0.0])

    def filled(*shape: int) -> np.ndarray:
        return np.resize(wrong, shape)

    faces = [
        ("conv2d", BlockFace(filled(40, 1, 3, 3), array="W"), (40, 8, 8)),
        ("conv2d", BlockFace(filled(4, 9, 3, 3), array="W"), (4, 8, 8)),
        ("conv2d", BlockFace(filled(2, 3, 1, 1), array="W"), (2, 8, 8)),
        ("conv1d", BlockFace(filled(5, 2, 3), array="W"), (5, 9)),
        ("lstm", BlockFace(filled(4, 20), others={"c": filled(4, 20), "x": filled(2, 20)}, step=11), (4, 20)),
        ("gru", BlockFace(filled(4, 1), both=True, tokens=("a",)), (4, 1)),
        ("rnn", BlockFace(filled(4, 3), slope=True, array="dh", known=np.eye(4, 3) > 0), (4, 3)),
        ("attention", BlockFace(filled(1, 4, 6), array="A", tokens=tuple("abcd")), (4, 4)),
        ("attention", BlockFace(filled(3, 5, 5), array="dS", slope=True), (6, 5)),
    ]
    image = QImage(400, 300, QImage.Format.Format_ARGB32)
    for kind, face, shape in faces:
        image.fill(0)
        with QPainter(image) as painter:
            drawn = Drawn(neurons=False, shape=shape)
            cells = paint_block(painter, QRectF(5, 5, 390, 290), face, Spec(kind), drawn, every, theme)
        assert cells is not None, kind
