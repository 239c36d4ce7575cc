"""The canvas as a whole: keyboard, walkthrough, live numbers, odd documents, looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer, edits
from engine.samples import first_light, mlp
from engine.session.snapshot import Snapshot
from gui.editor.inline import WeightField
from gui.editor.marks import GROUND, Kind, Thing
from gui.editor.menus import menu_for
from gui.editor.picture import Lock, Look
from gui.selection import Selection
from gui.stepping.walk import Level
from gui.theme import load_theme

TAB, BACKTAB = Qt.Key.Key_Tab, Qt.Key.Key_Backtab


class TestKeyboard:
    def test_tab_walks_through_layers_neurons_biases_and_synapses(self, canvas) -> None:
        kinds = []
        for _ in range(10):
            QTest.keyClick(canvas, TAB)
            kinds.append(canvas.focus_thing.kind)
        assert kinds[:3] == [Kind.CAPTION, Kind.UNIT, Kind.UNIT]
        assert kinds[3:8] == [Kind.CAPTION, Kind.UNIT, Kind.BIAS, Kind.WIRE, Kind.WIRE]
        assert canvas.network.marks.focus == canvas.focus_thing
        QTest.keyClick(canvas, BACKTAB)
        assert canvas.focus_thing.kind is kinds[-2]

    def test_what_has_the_focus_is_said(self, canvas) -> None:
        said = set()
        for _ in range(8):
            QTest.keyClick(canvas, TAB)
            said.add(canvas.accessibleDescription())
        assert any(text.startswith("Layer input, 2 neurons") for text in said)
        assert any("Bias b[1]_1" in text for text in said)
        assert any("w[1]_{1,2}" in text for text in said)
        assert any("x_1" in text for text in said)

    def test_up_and_down_go_to_the_next_of_the_same_kind(self, canvas) -> None:
        canvas.set_focus_thing(Thing(Kind.UNIT, "hidden", 0))
        QTest.keyClick(canvas, Qt.Key.Key_Down)
        assert canvas.focus_thing == Thing(Kind.UNIT, "hidden", 1)
        QTest.keyClick(canvas, Qt.Key.Key_Up)
        assert canvas.focus_thing == Thing(Kind.UNIT, "hidden", 0)

    @pytest.mark.parametrize(
        "key", [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_PageDown]
    )
    def test_the_keys_of_the_window_are_left_to_it(self, canvas, key, monkeypatch) -> None:
        heard = []
        monkeypatch.setattr(canvas, "keyPressEvent", lambda event: heard.append(canvas._keys.press(event)))
        QTest.keyClick(canvas, key)
        assert heard == [False]

    def test_a_weight_is_edited_and_cut_without_a_mouse(self, canvas, qtbot) -> None:
        while canvas.focus_thing.kind is not Kind.WIRE:
            QTest.keyClick(canvas, TAB)
        QTest.keyClick(canvas, Qt.Key.Key_Return)
        field = canvas.findChild(WeightField)
        QTest.keyClicks(field, "0.5")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.parameters["hidden.W.input"][0, 0] == 0.5)
        QTest.keyClick(canvas, Qt.Key.Key_Delete)
        assert canvas.workspace.document.connection("input", "hidden").cut == {(0, 0)}

    def test_insert_adds_a_neuron_and_f2_names_the_layer(self, canvas) -> None:
        canvas.set_focus_thing(Thing(Kind.CAPTION, "hidden"))
        QTest.keyClick(canvas, Qt.Key.Key_Insert)
        assert canvas.workspace.document.layer("hidden").size == 5

    def test_at_the_end_tab_leaves_the_canvas(self, canvas) -> None:
        canvas.set_focus_thing(GROUND)
        stops = 0
        while stops < 60:
            before = canvas.focus_thing
            canvas.focusNextPrevChild(True)
            if canvas.focus_thing == before:
                break
            stops += 1
        assert stops == 3 + 7 + 5 + 12


class TestMenus:
    def texts(self, canvas, thing: Thing) -> list[str]:
        menu = menu_for(canvas, thing, canvas.mapToScene(QPoint(5, 5)))
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        menu.deleteLater()
        return texts

    def test_each_kind_of_thing_has_its_menu_with_keys(self, canvas) -> None:
        assert any(text.startswith("Set the weight") for text in self.texts(canvas, Thing(Kind.WIRE, wire=0)))
        assert any(text.endswith("\tDel") for text in self.texts(canvas, Thing(Kind.UNIT, "hidden", 1)))
        assert "Activation" in self.texts(canvas, Thing(Kind.CAPTION, "hidden"))
        assert "Neuron here" in self.texts(canvas, GROUND)

    def test_the_menu_key_opens_it_for_the_focus(self, canvas) -> None:
        canvas.set_focus_thing(Thing(Kind.CAPTION, "hidden"))
        QTest.keyClick(canvas, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        menu.close()

    def test_right_click_opens_it_for_what_is_under_the_mouse(self, canvas, hand) -> None:
        at = hand.view(hand.unit("hidden", 2))
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, canvas.mapToGlobal(at))
        QApplication.sendEvent(canvas.viewport(), event)
        assert canvas.focus_thing == Thing(Kind.UNIT, "hidden", 2)
        QApplication.activePopupWidget().close()

    def test_connecting_and_activation_without_a_mouse(self, canvas) -> None:
        menu = menu_for(canvas, Thing(Kind.CAPTION, "input"), QPoint(0, 0))
        connect = next(action for action in menu.actions() if action.text() == "Connect to").menu()
        goals = {action.text(): action for action in connect.actions()}
        assert not goals["hidden"].isEnabled(), "connected already"
        goals["output"].trigger()
        assert canvas.workspace.document.connection("input", "output") is not None
        menu.deleteLater()
        menu = menu_for(canvas, Thing(Kind.CAPTION, "hidden"), QPoint(0, 0))
        kinds = next(action for action in menu.actions() if action.text() == "Activation").menu()
        next(action for action in kinds.actions() if action.text().startswith("ReLU")).trigger()
        assert canvas.workspace.document.layer("hidden").spec.get("activation") == Spec("relu")
        menu.deleteLater()


class TestWalking:
    @pytest.fixture
    def walking(self, canvas, qtbot):
        canvas.workspace.walking.forward()
        qtbot.waitUntil(lambda: canvas.workspace.walk is not None)
        return canvas

    def seek(self, canvas, wanted) -> None:
        walk = canvas.workspace.walk
        canvas.workspace.walking.go_to(next(n for n, step in enumerate(walk.trace) if wanted(step)))

    def test_a_product_stands_on_its_synapse_and_the_sum_at_the_neuron(self, walking) -> None:
        self.seek(walking, lambda s: s.kind == "product" and s.example == 1 and s.target.index == (2,))
        picture = walking.network.picture
        number = walking.network.wires.number_of(("input", 0, "hidden", 2))
        assert picture.active == {number}
        assert picture.chips[number].text[0] in "+−"
        assert picture.chips[number].text.endswith("· (0)")
        assert walking.network.notes.texts[0].startswith("Σ = ")
        assert picture.faces["hidden", 2].active
        assert picture.faces["hidden", 0].faded

    def test_what_is_not_calculated_is_blank_and_what_is_shows(self, walking) -> None:
        self.seek(walking, lambda s: s.kind == "activation" and s.target.index == (1,))
        faces = walking.network.picture.faces
        assert faces["hidden", 2].bottom.text == "·"
        assert faces["hidden", 2].fill is None
        assert faces["hidden", 1].bottom.text not in {"·", ""}
        assert walking.network.notes.texts[0].startswith("tanh(")

    def test_the_loss_the_slopes_and_the_padlocks(self, walking) -> None:
        self.seek(walking, lambda s: s.kind == "loss")
        assert walking.network.notes.texts[0].startswith("L ≈ ")
        self.seek(walking, lambda s: s.kind == "gradient" and s.target.owner == "hidden")
        picture, wires = walking.network.picture, walking.network.wires
        assert picture.backward
        assert picture.chips[wires.number_of(("hidden", 0, "output", 0))].text.startswith("dw ")
        values = [chip for chip in picture.chips.values() if not chip.text.startswith("dw ")]
        assert values and all(chip.lock is Lock.HELD for chip in values), "an old weight that is not held"
        assert picture.faces["output", 0].bottom.text.startswith("dz ")

    def test_the_update_goes_from_old_to_new(self, walking) -> None:
        self.seek(walking, lambda s: s.kind == "update")
        picture = walking.network.picture
        (number,) = picture.active
        figure = picture.chips[number]
        assert [look for _, look in figure.parts] == [Look.PLAIN, Look.SLOPE, Look.STEP]
        assert [text[:1] for text in figure.rows][1:] in (["∂", "↑"], ["∂", "↓"])
        assert picture.notes[0].text.startswith("w := ")
        untouched = [chip for n, chip in picture.chips.items() if not chip.parts]
        assert untouched and all(chip.lock is Lock.RELEASED for chip in untouched)

    def test_every_step_of_the_update_can_be_shown(self, walking) -> None:
        walk = walking.workspace.walk
        for number in range(-1, len(walk.trace)):
            walking.workspace.walking.go_to(number)
        assert walking.workspace.walk.phase is Phase.UPDATE
        walking.workspace.walking.leave()
        assert not walking.network.picture.walking

    def test_several_layers_many_examples_softmax(self, open_canvas, qtbot) -> None:
        document = mlp(4, 3, 3, hidden="relu", output="softmax")
        document = replace(document, data=Spec("iris"), loss=Spec("cross_entropy"))
        document = edits.connect(document, source="input", target="output")
        canvas = open_canvas(document)
        canvas.workspace.walking.forward(Level.LAYER)
        qtbot.waitUntil(lambda: canvas.workspace.walk is not None)
        for _ in range(12):
            canvas.workspace.walking.forward(Level.NEURON)
        for _ in range(6):
            canvas.workspace.walking.forward(Level.LAYER)
        assert canvas.network.picture.walking

    def test_motion_is_short_and_leaves_nothing_behind(self, walking, qtbot) -> None:
        walking.pulse.enabled = True
        walking.workspace.walking.forward()
        items = len(walking.network.items())
        qtbot.wait(320)
        assert len(walking.network.items()) == items - 1
        assert not walking.pulse._dots


class TestLive:
    def test_training_moves_numbers_and_lines(self, canvas, qtbot) -> None:
        chips = dict(canvas.network.picture.chips)
        widest = canvas.network.synapses.widest
        canvas.workspace.training.set_pace(None)
        canvas.workspace.training.play()
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.step > 500)
        canvas.workspace.training.pause()
        assert canvas.network.picture.chips != chips
        assert canvas.network.synapses.widest != widest
        assert f"{canvas.network.synapses.widest:.2f}" in canvas.legend.texts()[2]

    def test_a_hidden_canvas_asks_for_nothing(self, canvas, qtbot) -> None:
        canvas.hide()
        assert "canvas" not in canvas.workspace.link.watchers
        before = canvas.network.picture
        canvas.workspace.training.advance(5)
        qtbot.waitUntil(lambda: canvas.workspace.snapshot.step == 5)
        assert canvas.network.picture is before
        canvas.show()
        assert "canvas" in canvas.workspace.link.watchers
        qtbot.waitUntil(lambda: canvas.network.picture is not before)

    def test_another_example_is_watched(self, canvas, qtbot) -> None:
        canvas.workspace.choose_example(3)
        qtbot.waitUntil(lambda: canvas.network.picture.faces["input", 1].bottom.text == "1.00")
        assert canvas.network.names["output"].names[0][1] == "y = 0"

    def test_arrays_of_another_network_are_ignored(self, canvas) -> None:
        before = canvas.network.picture
        wrong = Snapshot(0, parameters={"hidden.W.input": np.ones((9, 9))})
        canvas.network.show(wrong, None, 0)
        assert canvas.network.picture is before
        odd = {"hidden": {"z": np.ones(9), "a": "nonsense"}, "input": {"a": np.ones((3, 3))}}
        canvas.network.show(Snapshot(0, answers={"canvas": odd}), None, 0)
        assert canvas.network.picture.faces["hidden", 0].bottom.text == ""

    def test_nan_is_never_silent(self, canvas) -> None:
        parameters = {"hidden.W.input": np.full((4, 2), np.nan), "hidden.b": np.full((4, 1), np.inf)}
        canvas.network.show(Snapshot(0, parameters=parameters), None, 0)
        picture = canvas.network.picture
        assert picture.chips[0].text == "NaN"
        assert picture.faces["hidden", 0].bias.text == "∞"
        canvas.grab()


UNKNOWN = Layer("mystery", Spec("teapot"), (0, 1), x=100, y=100)
HOSTILE = {
    "empty": Document(),
    "one layer": Document(layers=(Layer("input", Spec("input"), (0, 1)),)),
    "no output": Document(layers=mlp(2, 3, 1).layers[:2], connections=mlp(2, 3, 1).connections[:1]),
    "not connected": Document(layers=mlp(2, 3, 1).layers),
    "4096 units": edits.set_units(mlp(2, 3, 1), layer="hidden", units=4096),
    "no units": Document(layers=(Layer("hidden", Spec("dense"), ()),)),
    "same place": edits.move_layers(mlp(2, 3, 1), places={"hidden": (0, 0), "output": (0, 0)}),
    "long name": edits.rename_layer(mlp(2, 3, 1), layer="hidden", name="W" * 80),
    "many layers": mlp(2, *[3] * 40, 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("walk", [False, True])
def test_odd_documents_are_drawn_without_a_word(open_canvas, qtbot, name: str, walk: bool) -> None:
    canvas = open_canvas(HOSTILE[name], wait=False)
    canvas.select_all()
    QTest.keyClick(canvas, TAB)
    if walk and name != "4096 units":  # its trace takes long
        canvas.workspace.walking.forward()
        qtbot.wait(30)
    canvas.grab()
    canvas.network.thing_at(canvas.mapToScene(QPoint(100, 100)), canvas.camera.zoom)
    canvas.remove_selected()
    canvas.grab()


def test_documents_that_cannot_be_built_are_drawn_too(canvas) -> None:
    """The worker would refuse them; a preview or a future kind must not crash the canvas."""
    circle = Document(
        layers=mlp(2, 3, 1).layers,
        connections=(Connection("hidden", "output"), Connection("output", "hidden")),
    )
    for document in (circle, Document(layers=(UNKNOWN,)), replace(circle, layers=(*circle.layers, UNKNOWN))):
        canvas.preview(document)
        canvas.grab()
    canvas.preview(None)


def test_idle_layers_are_dashed_and_say_so(open_canvas) -> None:
    document = edits.add_layer(first_light(), spec=Spec("dense"), id="idle", x=200, y=300)
    canvas = open_canvas(document)
    place = canvas.network.geometry.places["idle"]
    assert not place.active
    assert canvas.network.frames["idle"].words.subtitles == ("not connected",)


def test_a_problem_is_said_and_its_layer_is_marked(open_canvas, qtbot) -> None:
    canvas = open_canvas(mlp(3, 2, 1), wait=False)
    qtbot.waitUntil(lambda: bool(canvas.workspace.snapshot.problem))
    assert canvas.banner.isVisible()
    assert canvas.banner.text() == canvas.workspace.snapshot.problem
    marked = [id for id, frame in canvas.network.frames.items() if frame.problem]
    assert marked == [canvas.workspace.snapshot.problem_layer]


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.75])
def test_another_theme_at_any_time(canvas, name: str, scale: float) -> None:
    canvas.workspace.select(Selection(units=frozenset({("hidden", 0)})))
    canvas.workspace.set_theme(load_theme(name, scale))
    assert canvas.network.geometry.sizes.radius == pytest.approx(26 * scale)
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.network.geometry.bounds.adjusted(3, 3, -3, -3))
    ground = load_theme(name).colour("canvas")
    assert canvas.grab().toImage().pixelColor(3, 3) == ground


def test_a_picture_without_the_rest(canvas) -> None:
    image = QImage(canvas.picture_size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        canvas.render_to(painter, QRectF(image.rect()))
    white = image.pixel(0, 0)
    colours = {image.pixel(x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5)}
    assert len(colours - {white}) > 5


def test_opening_another_document_fits_it(canvas, qtbot) -> None:
    canvas.zoom_in()
    canvas.workspace.open(mlp(2, 8, 8, 1))
    seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    assert seen.contains(canvas.network.geometry.bounds.adjusted(3, 3, -3, -3))
