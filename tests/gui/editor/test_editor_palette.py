"""What can be put on the canvas: found in the registry, dropped with a preview, or added by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.document import Document, edits
from engine.layers import layers
from engine.samples import first_light
from gui import ready_made
from gui.editor.geometry import Geometry
from gui.editor.gestures.drop import MIME, kind_in
from gui.editor.groups import READY_MADE, group_title, grouped
from gui.editor.landing import NEURON, landing
from gui.editor.palette import KIND, Palette, Shelf
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires
from gui.panel import all_panels
from gui.selection import Selection

FAR = QPointF(700, 300)


def at(document: Document, kind: str, point: QPointF):
    geometry = Geometry(document, Sizes())
    return landing(geometry, Wires(geometry), kind, point)


class TestLanding:
    @pytest.mark.parametrize("layer", ["input", "hidden", "output"])
    def test_a_neuron_joins_the_layer_it_is_dropped_on(self, layer: str) -> None:
        document = first_light()
        place = Geometry(document, Sizes()).places[layer]
        found = at(document, NEURON, place.frame.center() + QPointF(0, 10))
        assert found.document.layer(layer).size == document.layer(layer).size + 1
        assert found.selection.units

    def test_at_the_height_where_it_is_dropped(self) -> None:
        document = first_light()
        place = Geometry(document, Sizes()).places["hidden"]
        above = QPointF(place.units[2].x, place.units[2].y - 10)
        assert at(document, NEURON, above).document.layer("hidden").units == (0, 1, 4, 2, 3)
        end = QPointF(place.units[3].x, place.frame.bottom() - 2)
        assert at(document, NEURON, end).document.layer("hidden").units == (0, 1, 2, 3, 4)

    def test_a_neuron_on_free_ground_is_a_layer_of_one(self) -> None:
        made = at(first_light(), NEURON, FAR).document.layers[-1]
        assert (made.spec.kind, made.size, made.x, made.y) == ("dense", 1, 700, 300)

    @pytest.mark.parametrize("kind", ["input", "output", "dense"])
    def test_a_layer_on_free_ground(self, kind: str) -> None:
        found = at(first_light(), kind, FAR)
        made = found.document.layers[-1]
        assert (made.spec.kind, made.size) == (kind, layers[kind].starting_units)
        assert found.selection == Selection(layers=frozenset({made.id}))
        assert not found.ghost.isEmpty()

    @pytest.mark.parametrize("kind", ["input", "output"])
    def test_input_on_input_and_output_on_output_add_a_unit(self, kind: str) -> None:
        document = first_light()
        centre = Geometry(document, Sizes()).places[kind].frame.center()
        assert at(document, kind, centre).document.layer(kind).size == document.layer(kind).size + 1

    def test_other_layers_on_a_layer_are_refused_with_a_reason(self) -> None:
        document = first_light()
        centre = Geometry(document, Sizes()).places["hidden"].frame.center()
        for kind in ("input", "output", "dense"):
            found = at(document, kind, centre)
            assert found.document is None
            assert "layer here" in found.text

    def test_a_dense_layer_on_a_connection_goes_between(self) -> None:
        document = first_light()
        geometry = Geometry(document, Sizes())
        wires = Wires(geometry)
        point = wires.point(wires.number_of(("hidden", 1, "output", 0)), 0.5)
        found = landing(geometry, wires, "dense", point)
        made = found.document
        new = found.selection.layer
        assert made.connection("hidden", "output") is None
        assert made.connection("hidden", new) and made.connection(new, "output")
        assert made.connection("input", "hidden") == document.connection("input", "hidden")
        places = Geometry(made, Sizes()).places
        assert not places[new].frame.intersects(places["output"].frame), "the layers behind make room"
        assert found.wires

    def test_a_full_layer_says_so(self) -> None:
        document = edits.set_units(first_light(), layer="hidden", units=edits.MOST_UNITS)
        centre = Geometry(document, Sizes()).places["hidden"].frame.center()
        found = at(document, NEURON, centre)
        assert found.document is None
        assert str(edits.MOST_UNITS) in found.text

    def test_what_no_registry_has_is_refused(self) -> None:
        assert at(first_light(), "teapot", FAR).document is None


def mime_of(kind: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(MIME, kind.encode())
    return mime


ACTIONS = (Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


class TestDropping:
    def send(self, canvas, kind: str, point: QPointF, *, drop: bool = True):
        mime, view = mime_of(kind), canvas.mapFromScene(point)
        action, button, keys = ACTIONS
        enter = QDragEnterEvent(view, action, mime, button, keys)
        QApplication.sendEvent(canvas.viewport(), enter)
        move = QDragMoveEvent(view, action, mime, button, keys)
        QApplication.sendEvent(canvas.viewport(), move)
        if drop:
            QApplication.sendEvent(canvas.viewport(), QDropEvent(QPointF(view), action, mime, button, keys))
        return enter.isAccepted()

    def test_the_preview_says_what_will_happen_and_the_drop_does_it(self, canvas) -> None:
        centre = canvas.network.geometry.places["hidden"].frame.center()
        assert self.send(canvas, NEURON, centre, drop=False)
        assert canvas.network.ghost.isVisible()
        assert "hidden" in canvas.bubble.text()
        assert canvas.workspace.document == first_light(), "nothing has happened yet"
        QApplication.sendEvent(canvas.viewport(), QDragLeaveEvent())
        assert not canvas.network.ghost.isVisible()
        assert not canvas.bubble.isVisible()
        self.send(canvas, NEURON, centre)
        assert canvas.workspace.document.layer("hidden").size == 5
        assert canvas.workspace.selection.units
        assert canvas.workspace.editing.undo_stack.count() == 1
        canvas.workspace.editing.undo()
        assert canvas.workspace.document == first_light()

    def test_dropping_while_training_keeps_what_was_learned(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 200)
        self.send(canvas, NEURON, canvas.network.geometry.places["hidden"].frame.center())
        qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (5, 1))
        assert workspace.training.running
        assert workspace.snapshot.step > 200
        workspace.training.pause()

    def test_a_refused_drop_says_why(self, canvas) -> None:
        heard = []
        canvas.workspace.said.connect(heard.append)
        self.send(canvas, "dense", canvas.network.geometry.places["hidden"].frame.center())
        assert canvas.workspace.document == first_light()
        assert heard

    def test_foreign_things_are_not_taken(self, canvas) -> None:
        mime = QMimeData()
        mime.setText("hello")
        action, button, keys = ACTIONS
        event = QDragEnterEvent(canvas.rect().center(), action, mime, button, keys)
        QApplication.sendEvent(canvas.viewport(), event)
        assert not event.isAccepted()


class TestPalette:
    @pytest.fixture
    def palette(self, open_workspace, qtbot) -> Palette:
        palette = Palette(open_workspace())
        qtbot.addWidget(palette)
        palette.resize(280, 500)
        palette.show()
        qtbot.waitExposed(palette)
        return palette

    @pytest.fixture
    def shelf(self, palette) -> Shelf:
        return palette.findChild(Shelf)

    def shown(self, shelf: Shelf) -> list[str]:
        """What can be chosen; headings left out."""
        rows = (shelf.item(row) for row in range(shelf.count()))
        there = (item for item in rows if not item.isHidden() and item.data(KIND))
        return [item.text().splitlines()[0] for item in there]

    def headings(self, shelf: Shelf) -> list[str]:
        rows = (shelf.item(row) for row in range(shelf.count()))
        return [item.text() for item in rows if not item.isHidden() and not item.data(KIND)]

    def row_of(self, shelf: Shelf, title: str) -> int:
        rows = range(shelf.count())
        return next(row for row in rows if shelf.item(row).text().startswith(f"{title}\n"))

    def test_it_is_found_as_a_panel_and_has_every_kind(self, palette, shelf) -> None:
        assert Palette in all_panels()
        titles = [kind.title for kinds in grouped().values() for kind in kinds]
        networks = [cls.title for kinds in ready_made.grouped().values() for cls in kinds]
        assert self.shown(shelf) == ["Neuron", *titles, *networks]
        assert sorted(titles) == sorted(kind.title for kind in layers)
        assert self.headings(shelf) == [*map(group_title, grouped()), group_title(READY_MADE)]

    def test_searching(self, palette, shelf) -> None:
        QTest.keyClicks(palette.findChild(QLineEdit), "dense connected neurons")
        assert self.shown(shelf) == ["Dense layer"]
        assert self.headings(shelf) == [group_title("Layers")], "headings with nothing below are hidden"
        QTest.keyClicks(palette.findChild(QLineEdit), " zzz")
        assert self.shown(shelf) == self.headings(shelf) == []

    def test_what_is_dragged_names_its_kind(self, shelf) -> None:
        mime = shelf.mimeData([shelf.item(0)])
        assert kind_in(mime) == NEURON
        assert shelf.mimeTypes()[0] == MIME

    def test_enter_adds_a_layer_on_free_ground(self, palette, shelf) -> None:
        shelf.setFocus()
        shelf.setCurrentRow(self.row_of(shelf, "Dense layer"))
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        document = palette.workspace.document
        assert len(document.layers) == 4
        geometry = Geometry(document, Sizes())
        frames = [place.frame for place in geometry.places.values()]
        assert not any(one.intersects(two) for n, one in enumerate(frames) for two in frames[:n])
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        frames = [place.frame for place in Geometry(palette.workspace.document, Sizes()).places.values()]
        assert not any(one.intersects(two) for n, one in enumerate(frames) for two in frames[:n])

    def test_double_click_adds_a_neuron_to_the_chosen_layer_once(self, palette, shelf) -> None:
        palette.workspace.select(Selection(layers=frozenset({"hidden"})))
        spot = shelf.visualItemRect(shelf.item(0)).center()
        QTest.mouseClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert palette.workspace.document.layer("hidden").size == 5
        palette.workspace.editing.undo()
        assert palette.workspace.document == first_light()

    def test_an_empty_document_can_be_built_from_the_keyboard(self, open_workspace, qtbot) -> None:
        palette = Palette(open_workspace(Document()))
        qtbot.addWidget(palette)
        for kind in ("input", "dense", "output"):
            assert palette.add(kind)
        assert [each.id for each in palette.workspace.document.layers] == ["input", "hidden", "output"]
