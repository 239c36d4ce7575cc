"""What can be put on the canvas: found in the registry, dropped with a preview, or added by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListWidgetItem, QMenu

from engine.document import Document, edits
from engine.layers import layers
from engine.samples import first_light
from gui import ready_made
from gui.editor.geometry import Geometry
from gui.editor.gestures.drop import MIME, kind_in
from gui.editor.groups import READY_MADE, group_title, grouped
from gui.editor.landing import NEURON, landing
from gui.editor.palette import KIND, Palette, Shelf
from gui.editor.search_words import WORDS
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires
from gui.panel import all_panels
from gui.selection import Selection
from gui.settings import FAVOURITES, Settings
from gui.theme import load_theme

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
        palette.resize(280, 700)
        palette.show()
        qtbot.waitExposed(palette)
        for group in grouped():
            palette.fold(group, False)
        return palette

    @pytest.fixture
    def shelf(self, palette) -> Shelf:
        return palette.findChild(Shelf)

    @pytest.fixture
    def field(self, palette) -> QLineEdit:
        return palette.findChild(QLineEdit)

    def items(self, shelf: Shelf) -> list[QListWidgetItem]:
        return [item for row in range(shelf.count()) if not (item := shelf.item(row)).isHidden()]

    def shown(self, shelf: Shelf) -> list[str]:
        """What can be chosen; headings left out."""
        return [item.text().splitlines()[0] for item in self.items(shelf) if item.data(KIND)]

    def headings(self, shelf: Shelf) -> list[str]:
        return [item.text() for item in self.items(shelf) if not item.data(KIND)]

    def item(self, shelf: Shelf, title: str, nth: int = 0) -> QListWidgetItem:
        return [each for each in self.items(shelf) if each.text().splitlines()[0] == title][nth]

    def click(self, shelf: Shelf, spot: QPoint) -> None:
        QTest.mouseClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)

    def star(self, shelf: Shelf, item: QListWidgetItem) -> None:
        shelf.scrollToItem(item)
        self.click(shelf, shelf.look.star_rect(shelf.visualItemRect(item)).center())

    def test_it_is_found_as_a_panel_and_has_every_kind(self, palette, shelf) -> None:
        assert Palette in all_panels()
        titles = [kind.title for kinds in grouped().values() for kind in kinds]
        networks = [cls.title for kinds in ready_made.grouped().values() for cls in kinds]
        assert self.shown(shelf) == ["Neuron", *titles, *networks]
        assert sorted(titles) == sorted(kind.title for kind in layers)
        assert self.headings(shelf) == [*map(group_title, grouped()), group_title(READY_MADE)]

    def test_an_entry_takes_one_line(self, palette, shelf) -> None:
        heights = {shelf.visualItemRect(item).height() for item in self.items(shelf) if item.data(KIND)}
        assert max(heights) <= 30
        assert palette.grab().height() == 700, "it can be painted"

    def test_searching(self, shelf, field) -> None:
        QTest.keyClicks(field, "hidden fully")
        assert self.shown(shelf) == ["Dense layer"]
        assert self.headings(shelf) == [group_title("Layers")], "headings with nothing below are hidden"
        QTest.keyClicks(field, " zzz")
        assert self.shown(shelf) == self.headings(shelf) == []

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("ReLU", "Dense layer"),
            ("fully connected", "Dense layer"),
            ("MLP", "Dense layer"),
            ("kernel", "Convolution"),
            ("residual", "Add"),
            ("max pool", "Max-pooling"),
            ("recurrent", "RNN"),
            ("unet", "U-Net"),
            ("adversarial", "GAN"),
            ("multi layer", "Multi-layer perceptron"),
            ("drop", "Dropout"),
            ("perceptron", "Perceptron"),
        ],
    )
    def test_other_words_of_the_lecture_find_it(self, shelf, field, typed: str, found: str) -> None:
        QTest.keyClicks(field, typed)
        assert shelf.currentItem().text().splitlines()[0] == found

    def test_every_kind_with_other_words_is_there(self, palette) -> None:
        assert set(WORDS) <= {entry.kind for entry in palette.entries}

    def test_the_best_hit_is_chosen_and_enter_puts_it(self, palette, shelf, field) -> None:
        QTest.keyClicks(field, "kernel")
        assert len(self.shown(shelf)) > 2
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert palette.workspace.document.layers[-1].spec.kind == "conv2d"
        assert field.selectedText() == "kernel", "the next name replaces it"
        QTest.keyClicks(field, "drop")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert palette.workspace.document.layers[-1].spec.kind == "dropout"

    def test_arrows_choose_while_typing_and_esc_empties_the_field(self, palette, shelf, field) -> None:
        wanted: list[str] = []
        palette.workspace.wanted.connect(wanted.append)
        QTest.keyClicks(field, "kernel")
        first = shelf.currentRow()
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert shelf.currentRow() != first
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == "" and not wanted
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert wanted == ["canvas"]

    def test_what_is_dragged_names_its_kind(self, shelf) -> None:
        mime = shelf.mimeData([shelf.item(0)])
        assert kind_in(mime) == NEURON
        assert shelf.mimeTypes()[0] == MIME
        heading = next(item for item in self.items(shelf) if not item.data(KIND))
        assert not kind_in(shelf.mimeData([heading]))

    def test_enter_adds_a_layer_on_free_ground(self, palette, shelf) -> None:
        shelf.setFocus()
        shelf.setCurrentItem(self.item(shelf, "Dense layer"))
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
        self.click(shelf, spot)
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

    # ---------------------------------------------------------------- headings and favourites

    def test_headings_fold_by_click_and_key_and_searching_looks_below(self, palette, shelf, field) -> None:
        images = self.item(shelf, group_title("Images"))
        shelf.scrollToItem(images)
        self.click(shelf, shelf.visualItemRect(images).center())
        assert "Convolution" not in self.shown(shelf)
        assert group_title("Images") in self.headings(shelf)
        QTest.keyClicks(field, "convolution")
        assert "Convolution" in self.shown(shelf)
        field.clear()
        assert "Convolution" not in self.shown(shelf)
        shelf.setFocus()
        shelf.setCurrentItem(images)
        QTest.keyClick(shelf, Qt.Key.Key_Return)
        assert "Convolution" in self.shown(shelf)
        assert palette.workspace.document == first_light(), "a heading puts nothing on the canvas"

    def test_the_star_makes_a_favourite_that_stands_first(self, palette, shelf) -> None:
        self.star(shelf, self.item(shelf, "GAN"))
        assert self.shown(shelf)[:2] == ["Neuron", "GAN"]
        assert self.headings(shelf)[0] == "Favourites"
        shelf.setFocus()
        shelf.setCurrentItem(self.item(shelf, "Dense layer"))
        QTest.keyClicks(shelf, "*")
        assert self.shown(shelf)[:3] == ["Neuron", "GAN", "Dense layer"]
        assert shelf.currentItem().text().startswith("Dense layer"), "the keyboard stays where it was"
        assert palette.workspace.document == first_light()
        self.star(shelf, self.item(shelf, "GAN"))
        self.star(shelf, self.item(shelf, "Dense layer"))
        assert "Favourites" not in self.headings(shelf)

    def test_a_favourite_is_found_once(self, palette, shelf, field) -> None:
        palette.star("dense")
        QTest.keyClicks(field, "dense layer")
        assert self.shown(shelf).count("Dense layer") == 1

    def test_a_double_click_on_the_star_puts_nothing(self, palette, shelf) -> None:
        item = self.item(shelf, "Dense layer")
        spot = shelf.look.star_rect(shelf.visualItemRect(item)).center()
        QTest.mouseDClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        assert palette.workspace.document == first_light()

    def test_favourites_and_folds_are_kept(self, open_workspace, palette, shelf, qtbot, tmp_path) -> None:
        settings = Settings(tmp_path / "settings.ini")
        palette.keep_in(settings)
        assert "Convolution" not in self.shown(shelf), "as the settings say"
        self.star(shelf, self.item(shelf, "Output"))
        palette.fold("Images", False)
        settings.save()
        other = Palette(open_workspace())
        qtbot.addWidget(other)
        other.keep_in(Settings(tmp_path / "settings.ini"))
        twin = other.findChild(Shelf)
        assert self.shown(twin)[:2] == ["Neuron", "Output"]
        assert "Convolution" in self.shown(twin)
        assert "LSTM" not in self.shown(twin)

    def test_nonsense_in_the_settings_is_passed_over(self, palette, shelf, tmp_path) -> None:
        settings = Settings(tmp_path / "settings.ini")
        settings.set(FAVOURITES, "teapot||dense")
        palette.keep_in(settings)
        assert self.shown(shelf)[:2] == ["Neuron", "Dense layer"]

    def test_the_line_below_says_what_it_is(self, palette, shelf) -> None:
        shelf.setCurrentItem(self.item(shelf, "Output"))
        about = " ".join(each.text() for each in palette.findChildren(QLabel))
        assert layers["output"].summary in about
        assert layers["output"].summary in self.item(shelf, "Output").toolTip()

    def test_the_menu_has_what_the_mouse_does(self, palette, shelf, qtbot) -> None:
        item = self.item(shelf, "Output")
        shelf.customContextMenuRequested.emit(shelf.visualItemRect(item).center())
        menu = palette.findChild(QMenu)
        texts = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
        assert texts == ["Put it on the canvas", "Favourite", "Fold all headings", "Unfold all headings"]
        next(action for action in menu.actions() if action.text().startswith("Fold")).trigger()
        assert self.shown(shelf) == ["Neuron"]
        menu.close()

    @pytest.mark.parametrize(("look", "scale"), [("light", 1.0), ("dark", 1.0), ("high-contrast", 1.8)])
    def test_it_can_be_painted_in_every_look(self, palette, shelf, look: str, scale: float) -> None:
        palette.star("dense")
        palette.workspace.set_theme(load_theme(look, scale))
        assert not palette.grab().isNull()
        assert shelf.visualItemRect(shelf.item(0)).height() >= round(28 * scale) - 1
