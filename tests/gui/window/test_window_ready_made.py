"""Ready-made networks: dropped, chosen in the palette or a menu; one edit that can be taken back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.document import Document
from engine.samples import first_light
from gui import ready_made
from gui.command_palette import CommandPalette
from gui.editor.gestures.drop import MIME
from gui.editor.groups import READY_MADE
from gui.editor.palette import KIND, Palette, Shelf
from gui.main_window import MainWindow

pytestmark = pytest.mark.slow

DROPPED = ("cnn", "gan", "sequence_tagger")


def title(kind: str) -> str:
    return f"Ready-made: {architectures[kind].title}"


def seen(window: MainWindow) -> set[str]:
    """The layers that are drawn as a whole within the canvas."""
    canvas = window.canvas
    whole = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
    return {id for id, place in canvas.network.geometry.places.items() if whole.contains(place.frame)}


def drop(window: MainWindow, kind: str, *, release: bool = True) -> None:
    """Real events of a drag from the palette to the middle of the canvas."""
    mime = QMimeData()
    mime.setData(MIME, f"{ready_made.PREFIX}{kind}".encode())
    port = window.canvas.viewport()
    spot, copy = port.rect().center(), Qt.DropAction.CopyAction
    about = (copy, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(spot, *about)
    QApplication.sendEvent(port, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(port, QDragMoveEvent(spot, *about))
    if release:
        QApplication.sendEvent(port, QDropEvent(QPointF(spot), *about))


def arrived(qtbot: QtBot, window: MainWindow, kind: str) -> None:
    """Wait until the network is there and the worker has it."""
    workspace = window.workspace
    qtbot.waitUntil(lambda: workspace.editing.undo_stack.undoText() == title(kind), timeout=20_000)
    newest(qtbot, window)


def newest(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version, timeout=20_000)


@pytest.fixture
def palette(window: MainWindow) -> Palette:
    window.show_perspective("build")
    found = window.findChild(Palette)
    assert isinstance(found, Palette)
    return found


def row_of(shelf: Shelf, kind: str) -> int:
    names = [shelf.item(row).data(KIND) for row in range(shelf.count())]
    return names.index(f"{ready_made.PREFIX}{kind}")


class TestDropping:
    @pytest.mark.parametrize("kind", DROPPED)
    def test_dropped_trained_taken_back_and_done_again(
        self, qtbot: QtBot, window: MainWindow, kind: str
    ) -> None:
        workspace = window.workspace
        workspace.training.advance(20)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 20)
        before, learned = workspace.document, dict(workspace.snapshot.parameters)
        curve = workspace.curve.values.copy()
        drop(window, kind)
        arrived(qtbot, window, kind)
        made = architectures.make(kind).document()
        assert workspace.document == made
        assert (workspace.snapshot.step, workspace.snapshot.problem) == (0, "")
        assert seen(window) == {each.id for each in made.layers}
        first = dict(workspace.snapshot.parameters)
        workspace.training.advance(3)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 3, timeout=20_000)
        assert np.isfinite(workspace.curve.values).all()
        assert any((workspace.snapshot.parameters[key] != first[key]).any() for key in first)
        trained = dict(workspace.snapshot.parameters)

        qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 0, timeout=20_000)
        qtbot.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        newest(qtbot, window)
        assert workspace.document == before
        assert workspace.snapshot.step == 20
        assert all((workspace.snapshot.parameters[key] == learned[key]).all() for key in learned)
        assert np.array_equal(workspace.curve.values, curve)
        assert seen(window) == {each.id for each in before.layers}

        for _ in range(2):
            qtbot.keyClick(window.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
        newest(qtbot, window)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 3, timeout=20_000)
        assert workspace.document == made
        assert all((workspace.snapshot.parameters[key] == trained[key]).all() for key in trained)

    def test_the_preview_says_what_will_happen(self, qtbot: QtBot, window: MainWindow) -> None:
        drop(window, "cnn", release=False)
        assert architectures["cnn"].title in window.canvas.bubble.text()
        assert window.canvas.network.ghost.isVisible()
        QApplication.sendEvent(window.canvas.viewport(), QDragLeaveEvent())
        assert not window.canvas.network.ghost.isVisible()
        assert not window.canvas.bubble.isVisible()
        assert window.workspace.editing.undo_stack.count() == 0

    def test_on_an_empty_canvas(self, qtbot: QtBot, make_window) -> None:
        window = make_window(Document("Nothing"))
        drop(window, "mlp")
        arrived(qtbot, window, "mlp")
        assert seen(window) == {each.id for each in window.workspace.document.layers}
        window.workspace.editing.undo()
        assert window.workspace.document == Document("Nothing")

    def test_while_training_goes_on_nothing_of_one_network_gets_into_the_other(
        self, qtbot: QtBot, window: MainWindow
    ) -> None:
        workspace = window.workspace
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 5)
        drop(window, "perceptron")
        arrived(qtbot, window, "perceptron")
        assert not workspace.training.running
        assert workspace.snapshot.step == 0
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 2)
        workspace.editing.undo()
        newest(qtbot, window)
        assert not workspace.training.running
        assert workspace.snapshot.step == 0, "first what the new network learned is taken back"
        assert workspace.document.name == architectures["perceptron"].title
        workspace.editing.undo()
        newest(qtbot, window)
        assert workspace.document == first_light()
        assert workspace.snapshot.step > 5


class TestPalette:
    def test_it_lists_all_of_them_last_under_a_heading(self, palette: Palette) -> None:
        entries = palette.entries
        networks = [each for each in entries if each.group == READY_MADE]
        assert sorted(each.title for each in networks) == sorted(cls.title for cls in architectures)
        assert entries[-len(networks) :] == networks

    def test_a_tool_tip_has_title_and_summary_and_each_its_sign(self, palette: Palette) -> None:
        shelf = palette.findChild(Shelf)
        for cls in architectures:
            item = shelf.item(row_of(shelf, cls.kind))
            assert cls.title in item.toolTip()
            assert cls.summary in item.toolTip()
            assert not item.icon().isNull()

    def test_search_and_enter(self, qtbot: QtBot, window: MainWindow, palette: Palette) -> None:
        field = palette.findChild(QLineEdit)
        qtbot.keyClicks(field, "guesses the next")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        arrived(qtbot, window, "language_model")

    def test_double_click_and_enter_in_the_list(
        self, qtbot: QtBot, window: MainWindow, palette: Palette
    ) -> None:
        shelf = palette.findChild(Shelf)
        item = shelf.item(row_of(shelf, "perceptron"))
        shelf.scrollToItem(item)
        spot = shelf.visualItemRect(item).center()
        QTest.mouseClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(shelf.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        arrived(qtbot, window, "perceptron")
        shelf.setFocus()
        shelf.setCurrentRow(row_of(shelf, "mlp"))
        qtbot.keyClick(shelf, Qt.Key.Key_Return)
        arrived(qtbot, window, "mlp")
        assert window.workspace.editing.undo_stack.count() == 2


def test_the_menu_has_them_by_group(qtbot: QtBot, window: MainWindow) -> None:
    menu = window.commands.menus["ready-made"]
    for _ in range(2):  # made anew whenever it opens
        menu.aboutToShow.emit()
        groups = [action.menu() for action in menu.actions()]
        assert [each.title() for each in groups] == ["Vectors", "Images", "Sequences", "Generators"]
        for group in groups:
            group.aboutToShow.emit()
        texts = [action.text() for group in groups for action in group.actions()]
        assert sorted(texts) == sorted(cls.title for cls in architectures)
    wanted = architectures["gan"].title
    next(action for action in groups[3].actions() if action.text() == wanted).trigger()
    arrived(qtbot, window, "gan")


def test_the_command_palette_finds_them(qtbot: QtBot, window: MainWindow) -> None:
    window.canvas.setFocus()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.canvas, Qt.Key.Key_P, control)
    found = window.findChild(CommandPalette)
    ids = {each.id: each for each in found._commands}
    assert {f"ready-made-{cls.kind}" for cls in architectures} <= ids.keys()
    assert ids["ready-made-cnn"].menu == "Network: Ready-made: Images"
    qtbot.keyClicks(found.field, "two towers")
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    arrived(qtbot, window, "two_tower")


def test_the_inspector_shows_the_settings_of_each_without_cutting_them_off(
    qtbot: QtBot, window: MainWindow
) -> None:
    from gui.panels.inspecting.network_page import NetworkPage

    window.workspace.ready_made.put("transformer")
    arrived(qtbot, window, "transformer")
    page = window.findChild(NetworkPage)
    qtbot.waitUntil(page.isVisible)
    assert page.width() >= page.minimumSizeHint().width()
    assert page.minimumSizeHint().width() <= 300, "it has that much room in the usual window"
