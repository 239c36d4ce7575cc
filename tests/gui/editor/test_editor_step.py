"""What a step of the walkthrough looks like on the canvas: bubbles, numbers that make room, padlocks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontInfo, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Document, edits
from engine.fitting import choose_data
from engine.samples import first_light, mlp
from gui.editor.items.chips import font_of
from gui.editor.items.names import broken
from gui.editor.items.text import scaled
from gui.editor.marks import Kind, Thing
from gui.editor.picture import Lock
from gui.theme import load_theme, projector_scale

pytestmark = pytest.mark.slow

WINDOWS = {(1024, 768): (648, 662), (1440, 900): (912, 778), (1920, 1080): (1220, 930)}
"""Windows in projector mode, and the canvas in each of them."""


@pytest.fixture
def walking(open_canvas, qtbot):
    def opened(document: Document | None = None, window: tuple[int, int] | None = None):
        canvas = open_canvas(document)
        if window is not None:
            canvas.resize(*WINDOWS[window])
            canvas.workspace.set_theme(load_theme("light", projector_scale(window[1])))
        canvas.workspace.choose_example(1)
        canvas.workspace.walking.forward()
        qtbot.waitUntil(lambda: canvas.workspace.walk is not None)
        return canvas

    return opened


def steps(canvas):
    for number in range(len(canvas.workspace.walk.trace)):
        canvas.workspace.walking.go_to(number)
        yield canvas.workspace.walk.step


def neurons(canvas):
    network = canvas.network
    for unit in network.geometry.units():
        yield network.rect_of(Thing(Kind.UNIT, unit.layer, unit.key)).adjusted(4, 4, -4, -4), unit


@pytest.mark.parametrize("window", [None, *WINDOWS])
def test_a_bubble_covers_no_neuron_and_stays_in_sight(walking, window) -> None:
    canvas = walking(None, window)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    for _ in steps(canvas):
        for bubble in canvas.network.notes.bubbles:
            assert seen.adjusted(-1, -1, 1, 1).contains(bubble.rect)
            assert not [unit for rect, unit in neurons(canvas) if bubble.rect.intersects(rect)]


def test_a_bubble_stays_on_its_side_while_its_neuron_is_calculated(walking) -> None:
    canvas = walking()
    places: dict[object, set[object]] = {}
    for step in steps(canvas):
        if step.phase is Phase.FORWARD and canvas.network.notes.bubbles:
            about = step.example, step.target.owner, step.target.index
            bubble = canvas.network.notes.bubbles[0]
            unit = canvas.network.geometry.unit(*bubble.note.unit)
            side = bubble.rect.center().x() > unit.x, bubble.rect.center().y() > unit.y
            places.setdefault(about, set()).add(side)
    assert places
    assert sum(len(sides) > 1 for sides in places.values()) <= len(places) / 4


@pytest.mark.parametrize("window", [None, (1024, 768)])
def test_no_number_is_half_covered(walking, window) -> None:
    canvas = walking(None, window)
    chips, notes = canvas.network.chips, canvas.network.notes
    for _ in steps(canvas):
        shown = [n for n in chips.figures if n not in chips.hidden and chips.figures[n].text]
        strong = {n: chips.plate(n) for n in shown if chips.figures[n].framed}
        above = [*strong.values(), *(bubble.rect for bubble in notes.bubbles)]
        for number in shown:
            plate = chips.plate(number)
            assert number in strong or not any(plate.intersects(rect) for rect in above)


@pytest.mark.parametrize("window", WINDOWS)
def test_the_text_of_a_step_can_be_read_from_the_last_row(walking, window) -> None:
    canvas = walking(None, window)
    network, zoom = canvas.network, canvas.camera.zoom
    growth, least = network._growth, 0.025 * window[1]
    for step in steps(canvas):
        if step.term is not None:
            break
    bubble = QFontInfo(scaled(network.theme.fonts.strong, growth)).pixelSize() * zoom
    (number,) = network.picture.active
    chip = QFontInfo(font_of(network.picture.chips[number], network.theme, growth)).pixelSize() * zoom
    assert bubble >= least - 1.0
    assert chip >= least - 1.0
    assert network.chips.plate(number).height() * zoom >= least


@pytest.mark.parametrize("window", WINDOWS)
def test_projector_mode_uses_the_room(walking, window) -> None:
    canvas = walking(None, window)
    bounds = canvas.network.bounds_at(canvas.camera.zoom)  # the caches below the layers too
    room = canvas.camera.room(*canvas.fitting.edges())
    shares = (
        bounds.width() * canvas.camera.zoom / room.width(),
        bounds.height() * canvas.camera.zoom / room.height(),
    )
    assert max(shares) == pytest.approx(1.0, abs=0.02)
    assert min(shares) > 0.7
    if window == (1024, 768):
        assert canvas.network.geometry.sizes.closeness > 1.2
    assert canvas.workspace.document == first_light(), "the document knows nothing of it"


def test_old_weights_are_held_on_the_way_back_and_free_after_it(walking) -> None:
    canvas = walking()
    seen = set()
    for step in steps(canvas):
        chips = canvas.network.picture.chips.values()
        lock = {Phase.BACKWARD: Lock.HELD, Phase.UPDATE: Lock.RELEASED}.get(step.phase, Lock.OPEN)
        for chip in chips:
            value = not chip.text.startswith(("dw ", "∂")) and not chip.parts
            assert chip.lock is (lock if value else Lock.OPEN), (step.target, chip)
        worn = {chip.lock for chip in chips} - {Lock.OPEN}
        seen |= worn
        texts = " ".join(canvas.legend.texts())
        assert ("old weight, held" in texts) == (Lock.HELD in worn)
        assert ("free to change" in texts) == (Lock.RELEASED in worn)
    assert seen == {Lock.HELD, Lock.RELEASED}


def test_a_locked_weight_has_its_own_padlock(open_canvas) -> None:
    document = edits.lock_synapse(first_light(), source="input", sender=0, target="hidden", receiver=1)
    canvas = open_canvas(document)
    number = canvas.network.wires.number_of(("input", 0, "hidden", 1))
    locks = {n for n, chip in canvas.network.picture.chips.items() if chip.lock is Lock.LOCKED}
    assert locks == {number}
    assert "locked" in canvas.legend.texts()


@pytest.mark.parametrize("scale", [1.0, 1.45, 1.75])
@pytest.mark.parametrize("width", [500, 648, 1200])
def test_nothing_of_the_legend_is_cut_off(walking, width: int, scale: float) -> None:
    canvas = walking()
    canvas.resize(width, 700)
    canvas.workspace.set_theme(load_theme("light", scale))
    legend = canvas.legend
    assert canvas.rect().contains(legend.geometry())
    assert [text for _, text, _ in legend._places] == legend.texts(), "nothing is shortened"
    assert all(legend.rect().toRectF().contains(rect) for _, _, rect in legend._places)
    assert legend.height() <= legend.room()


def test_only_the_number_of_the_legend_is_drawn_again(canvas) -> None:
    canvas.grab()
    legend, synapses = canvas.legend, canvas.network.synapses
    drawing = legend._drawing
    synapses.widest += 0.13
    legend.show_state(synapses, False)
    assert legend._drawing is drawing
    assert f"{synapses.widest:.2f}" in legend.texts()[2]


class TestNames:
    def test_a_long_name_takes_two_lines(self, open_canvas, theme) -> None:
        assert broken("petal width (standardised)", theme.fonts.small, 60, 130) == [
            "petal width",
            "(standardised)",
        ]
        assert broken("x1", theme.fonts.ui, 84, 130) == ["x1"]
        assert "".join(broken("a_very_long_name_of_a_feature", theme.fonts.ui, 60, 130)) == (
            "a_very_long_name_of_a_feature"
        )

    def test_all_names_of_the_flowers_can_be_read(self, open_canvas) -> None:
        canvas = open_canvas(choose_data(mlp(4, 8, 3), Spec("iris")))
        item = canvas.network.names["input"]
        text = " ".join(line.text for line in item.lines)
        assert all(name in text for name, _ in item.names)
        assert canvas.network.geometry.bounds.left() <= min(line.rect.left() for line in item.lines)

    def test_a_name_that_is_cut_says_all_of_itself(self, canvas) -> None:
        item, long = canvas.network.names["input"], "unbelievably-" + "long" * 30
        item.set_names(((long, ""), ("x2", "")))
        line = item.lines[1]
        assert line.text.endswith("…")
        assert canvas.network.full_name_at(line.rect.center()) == long
        assert canvas.network.full_name_at(QPointF(1e4, 0)) == ""
        at = canvas.mapFromScene(line.rect.center())
        event = QHelpEvent(QHelpEvent.Type.ToolTip, at, canvas.viewport().mapToGlobal(at))
        QApplication.sendEvent(canvas.viewport(), event)
        assert QToolTip.text() == long
        QToolTip.hideText()


class TestPainting:
    def test_what_looks_the_same_is_the_same(self, canvas) -> None:
        before = canvas.network.picture.chips
        canvas._refresh()
        assert all(canvas.network.picture.chips[n] is chip for n, chip in before.items())

    def test_an_unchanged_neuron_is_not_painted_again(self, canvas, monkeypatch) -> None:
        canvas.grab()
        painted = []
        item = canvas.network.neurons["hidden"]
        monkeypatch.setattr(item, "_neuron", lambda painter, unit, face, *_: painted.append(unit.key))
        face = canvas.network.picture.faces["hidden", 2]
        item.set_faces({**canvas.network.picture.faces, ("hidden", 2): replace(face, fill=0.123)})
        QApplication.processEvents()
        assert painted in ([], [2])
