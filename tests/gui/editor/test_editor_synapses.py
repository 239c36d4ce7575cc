"""Thousands of synapses: one picture that is always true, found under the mouse, and thinned by a slider."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.samples import mlp
from gui.colours import blend
from gui.editor.canvas import Canvas
from gui.editor.items.synapse_codes import MOST, STRONGEST
from gui.editor.items.synapses import PATHS
from gui.editor.marks import GROUND, Kind, Thing
from gui.theme import load_theme

WIDE = (2, 40, 40, 1)


@pytest.fixture
def wide(open_canvas, qtbot) -> Canvas:
    """Some 1,700 synapses, all drawn."""
    canvas = open_canvas(mlp(*WIDE))
    canvas.workspace.show_as(canvas.workspace.showing.with_(most_units=100))
    refined(canvas, qtbot)
    return canvas


def refined(canvas: Canvas, qtbot) -> None:
    image = canvas.network.synapses.image

    def exact() -> bool:
        return canvas.glide.isHidden() and image.ready_at(canvas.camera.zoom)

    qtbot.waitUntil(exact, timeout=8000)


def strongest(canvas: Canvas) -> int:
    return int(np.argmax(np.abs(canvas.network.synapses.weights)))


def set_weights(canvas: Canvas, change) -> None:
    arrays = {key: change(np.array(array)) for key, array in canvas.workspace.snapshot.parameters.items()}
    canvas.workspace.snapshot = replace(canvas.workspace.snapshot, parameters=arrays)
    canvas.network.show(canvas.workspace.snapshot, None, 0)


def coloured(image: QImage, colour: QColor) -> int:
    """How many pixels come near a colour."""
    bits = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), dtype=np.uint8)
    pixels = bits.reshape(-1, 4)[:, :3].astype(int)
    return int((np.abs(pixels - (colour.blue(), colour.green(), colour.red())).max(axis=1) < 40).sum())


def test_few_are_paths_and_many_one_picture(canvas, wide) -> None:
    assert not canvas.network.synapses.as_image
    assert not canvas.network.synapses.image.isVisible()
    assert wide.network.synapses.as_image
    assert len(wide.network.wires) > PATHS
    assert wide.network.synapses.drawn.all()
    assert wide.network.synapses.hidden == 0


def test_both_signs_can_be_seen(wide) -> None:
    picture = wide.viewport().grab().toImage()
    theme = wide.workspace.theme
    assert coloured(picture, theme.colour("positive")) > 200
    assert coloured(picture, theme.colour("negative")) > 200


def test_newer_weights_are_other_colours_at_once(wide) -> None:
    theme = wide.workspace.theme
    set_weights(wide, np.abs)
    picture = wide.viewport().grab().toImage()
    assert coloured(picture, theme.colour("negative")) < 20
    assert coloured(picture, theme.colour("positive")) > 400


def test_what_is_no_number_is_seen(wide, qtbot) -> None:
    set_weights(wide, lambda array: np.where(np.arange(array.size).reshape(array.shape) == 7, np.nan, array))
    refined(wide, qtbot)
    assert coloured(wide.viewport().grab().toImage(), wide.workspace.theme.colour("error")) > 20


def test_the_point_on_the_strongest_finds_it(wide) -> None:
    number = strongest(wide)
    found = {wide.thing_at(wide.network.wires.point(number, t)) for t in (0.3, 0.45, 0.6)}
    assert Thing(Kind.WIRE, wire=number) in found
    assert wide.thing_at(QPointF(1e5, 1e5)) == GROUND


def test_hover_and_click_work_as_on_few(wide, hand_of, qtbot) -> None:
    hand, number = hand_of(wide), strongest(wide)
    at = next(
        wide.network.wires.point(number, t)
        for t in np.linspace(0.2, 0.8, 30)
        if wide.thing_at(wide.network.wires.point(number, t)) == Thing(Kind.WIRE, wire=number)
    )
    hand.hover(at)
    assert wide.network.marks.hovered_wires == {number}
    assert wide.network.chips.figures.keys() == {number}
    hand.click(at)
    assert wide.workspace.selection.synapses == {wide.network.wires.synapse(number)}
    wide.point_at(GROUND, QPoint(0, 0))
    halo = blend(wide.workspace.theme.colour("canvas"), wide.workspace.theme.colour("accent"), 0.55)
    assert coloured(wide.viewport().grab().toImage(), halo) > 100, "above all the others"


def test_zooming_shows_the_last_picture_and_then_the_exact_one(wide, qtbot) -> None:
    before = wide.camera.zoom
    middle = wide.viewport().rect().center()
    for _ in range(3):
        wheel = QWheelEvent(
            QPointF(middle),
            QPointF(wide.viewport().mapToGlobal(middle)),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(wide.viewport(), wheel)
        assert wide.glide.isVisible()
        wide.grab()
    assert wide.camera.zoom > 1.2 * before
    refined(wide, qtbot)
    assert wide.glide.isHidden()
    hand = wide.network.wires.point(strongest(wide), 0.5)
    assert wide.thing_at(hand).kind in {Kind.WIRE, Kind.UNIT, Kind.CAPTION, Kind.FRAME}


def test_panning_moves_the_picture(wide, qtbot) -> None:
    before = wide.viewport().grab().toImage()
    wide.camera.pan(QPoint(30, 0))
    after = wide.viewport().grab().toImage()
    fine = round(after.devicePixelRatio())
    there, here = ((fine * x, fine * 200, fine * 300, fine * 200) for x in (200, 170))
    assert after.copy(*there) == before.copy(*here)
    refined(wide, qtbot)


def test_in_a_walkthrough_they_step_back(wide) -> None:
    theme = wide.workspace.theme
    before = coloured(wide.viewport().grab().toImage(), theme.colour("positive"))
    wide.network.synapses.fade(True)
    assert coloured(wide.viewport().grab().toImage(), theme.colour("positive")) < before / 4


def test_a_hidden_canvas_makes_no_tables(wide) -> None:
    wide.hide()
    wide.network.synapses.rest()
    assert not wide.network.synapses.image._timer.isActive()
    wide.show()


@pytest.mark.parametrize("sizes", [(2, 30, 25, 1), (2, 60, 60, 1)])
def test_pictures_for_a_file_show_all(open_canvas, qtbot, sizes) -> None:
    canvas = open_canvas(mlp(*sizes), wait=False)
    canvas.workspace.show_as(canvas.workspace.showing.with_(most_units=100))
    qtbot.waitUntil(lambda: bool(canvas.network.synapses.drawn.all()))
    image = QImage(600, 800, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        canvas.render_to(painter, QRectF(image.rect()))
    theme = canvas.workspace.theme
    assert coloured(image, theme.colour("positive")) > 200
    assert max(canvas.picture_size().width(), canvas.picture_size().height()) <= 6000


def test_another_theme_and_another_document(wide, qtbot) -> None:
    wide.workspace.set_theme(load_theme("dark", 1.5))
    refined(wide, qtbot)
    dark = wide.workspace.theme
    assert coloured(wide.viewport().grab().toImage(), dark.colour("positive")) > 200
    wide.workspace.open(mlp(2, 3, 1))
    assert not wide.network.synapses.as_image
    assert not wide.network.synapses.image.isVisible()
    wide.grab()


def test_layers_stand_apart_where_the_network_is_tall(wide) -> None:
    bounds, port = wide.network.geometry.bounds, wide.viewport().rect()
    assert wide.fitting.closeness < 1
    assert bounds.width() / bounds.height() > 0.6 * port.width() / port.height()
    seen = wide.mapToScene(port).boundingRect()
    assert seen.contains(bounds.adjusted(3, 3, -3, -3))


def test_from_afar_neurons_are_dots_and_near_they_have_numbers(open_canvas, qtbot) -> None:
    canvas = open_canvas(mlp(2, 90, 90, 1))
    canvas.workspace.show_as(canvas.workspace.showing.with_(most_units=100))
    network = canvas.network
    assert network.dots.isVisible()
    assert not any(each.isVisible() for each in network.neurons.values())
    canvas.camera.zoom_to(1.0)
    assert not network.dots.isVisible()
    assert all(each.isVisible() for each in network.neurons.values())
    canvas.fit()
    assert network.dots.isVisible()
    canvas.grab()


class TestWeakest:
    def test_the_slider_hides_the_weak_and_the_legend_counts_them(self, canvas) -> None:
        slider = canvas.weakest.slider
        assert canvas.weakest.isVisible()
        slider.setFocus()
        for _ in range(6):
            QTest.keyClick(slider, Qt.Key.Key_PageUp)
        assert canvas.workspace.showing.weakest == pytest.approx(0.30)
        synapses = canvas.network.synapses
        weak = np.abs(synapses.weights) < 0.3 * synapses.widest
        assert 0 < weak.sum() < len(weak)
        assert (synapses.drawn == ~weak).all()
        assert any(str(int(weak.sum())) in text and "30 %" in text for text in canvas.legend.texts())

    def test_what_is_hidden_has_no_number_and_is_not_under_the_mouse(self, canvas, hand) -> None:
        synapses, wires = canvas.network.synapses, canvas.network.wires
        number = int(np.argmin(np.abs(synapses.weights)))
        at = wires.point(number, 0.9)
        assert canvas.thing_at(at).wire == number
        canvas.workspace.show_as(canvas.workspace.showing.with_(weakest=0.2))
        assert not synapses.drawn[number]
        assert canvas.thing_at(at).wire != number
        assert number not in canvas.network.chips.figures
        canvas.workspace.show_as(canvas.workspace.showing.with_(weakest=0.0))
        assert canvas.network.synapses.drawn.all()
        assert number in canvas.network.chips.figures

    def test_nothing_is_placed_anew(self, canvas) -> None:
        wires, zoom = canvas.network.wires, canvas.camera.zoom
        canvas.workspace.show_as(canvas.workspace.showing.with_(weakest=0.4))
        assert canvas.network.wires is wires
        assert canvas.camera.zoom == zoom
        assert canvas.weakest.slider.value() == 40

    def test_a_walk_has_the_room_of_the_slider(self, canvas, qtbot) -> None:
        assert canvas.weakest.isVisible()
        canvas.workspace.walking.forward()
        qtbot.waitUntil(lambda: canvas.workspace.walk is not None and canvas.weakest.isHidden())
        canvas.workspace.walking.leave()
        qtbot.waitUntil(canvas.weakest.isVisible)

    def test_it_stays_when_the_network_is_edited(self, canvas) -> None:
        canvas.workspace.show_as(canvas.workspace.showing.with_(weakest=0.4))
        canvas.set_focus_thing(Thing(Kind.CAPTION, "hidden"))
        QTest.keyClick(canvas, Qt.Key.Key_Insert)
        assert canvas.network.synapses.weakest == 0.4
        assert canvas.network.synapses.hidden > 0

    def test_among_thousands_too(self, wide, qtbot) -> None:
        theme = wide.workspace.theme
        wide.workspace.show_as(wide.workspace.showing.with_(weakest=0.9))
        refined(wide, qtbot)
        few = coloured(wide.viewport().grab().toImage(), theme.colour("positive"))
        wide.workspace.show_as(wide.workspace.showing.with_(weakest=0.0))
        refined(wide, qtbot)
        assert coloured(wide.viewport().grab().toImage(), theme.colour("positive")) > few

    @pytest.mark.parametrize("width", [420, 620, 900])
    def test_it_stays_within_the_canvas_and_off_the_legend(self, canvas, width: int) -> None:
        canvas.resize(width, 500)
        assert canvas.rect().contains(canvas.weakest.geometry())
        assert not canvas.weakest.geometry().intersects(canvas.legend.geometry())
        assert canvas.weakest.slider.accessibleName()


@pytest.mark.slow
def test_beyond_what_can_be_drawn_the_strongest_are(open_canvas, qtbot) -> None:
    canvas = open_canvas(mlp(200, 200, 200, 200, 200, 200, 200), wait=False)
    canvas.workspace.show_as(canvas.workspace.showing.with_(most_units=200))
    qtbot.waitUntil(lambda: canvas.network.synapses.hidden > 0, timeout=20000)
    assert len(canvas.network.wires) == 240_000 > MOST
    assert canvas.network.synapses.drawn.sum() == STRONGEST
    assert any("strongest" in text for text in canvas.legend.texts())
