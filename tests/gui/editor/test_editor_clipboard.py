"""Copy, cut, paste and duplicate with the keyboard's own keys, within a window and between two."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from engine.document import edits
from engine.files import Project, from_bytes, to_text
from engine.samples import first_light, mlp
from gui.editor import clipboard
from gui.editor.clipboard import MIME
from gui.selection import Selection

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HIDDEN = Selection(layers=frozenset({"hidden"}))
ALL = Selection(layers=frozenset({"input", "hidden", "output"}))


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    QGuiApplication.clipboard().clear()
    clipboard._last.clear()
    yield
    QGuiApplication.clipboard().clear()


def key(canvas, letter: str) -> None:
    QTest.keyClick(canvas, getattr(Qt.Key, f"Key_{letter}"), CTRL)


def learn(canvas, qtbot) -> None:
    """Some updates, so that present and first weights differ."""
    canvas.workspace.training.advance(30)
    qtbot.waitUntil(lambda: canvas.workspace.snapshot.step == 30)


def fresh_numbers(canvas, qtbot) -> None:
    """Wait for a snapshot of the present document."""
    workspace = canvas.workspace
    qtbot.waitUntil(lambda: workspace.snapshot.version == workspace.link.version)


def rect(canvas, layer: str):
    place = canvas.network.geometry.places[layer]
    return place.frame.united(place.caption)


class TestCopyAndPaste:
    def test_a_layer_lands_beside_the_original_and_is_selected(self, canvas, hand) -> None:
        hand.click(canvas.network.geometry.places["hidden"].caption.center())
        key(canvas, "C")
        key(canvas, "V")
        document = canvas.workspace.document
        assert document.layer("hidden2").size == 4
        assert canvas.workspace.selection == Selection(layers=frozenset({"hidden2"}))
        assert document.layer("hidden2").x == document.layer("hidden").x
        assert not rect(canvas, "hidden2").intersects(rect(canvas, "hidden"))
        assert canvas.workspace.editing.undo_stack.count() == 1

    def test_a_second_paste_is_beside_the_first(self, canvas) -> None:
        canvas.workspace.select(HIDDEN)
        key(canvas, "C")
        key(canvas, "V")
        key(canvas, "V")
        assert not rect(canvas, "hidden3").intersects(rect(canvas, "hidden2"))
        assert not rect(canvas, "hidden3").intersects(rect(canvas, "hidden"))

    def test_weights_locks_and_cuts_come_along(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        learn(canvas, qtbot)
        ends = {"source": "hidden", "sender": 1, "target": "output", "receiver": 0}
        workspace.editing.attempt("Lock", edits.lock_synapse, **ends)
        ends = {"source": "input", "sender": 1, "target": "hidden", "receiver": 2}
        workspace.editing.attempt("Cut", edits.cut_synapse, **ends)
        fresh_numbers(canvas, qtbot)
        before, first = workspace.snapshot.parameters, workspace.snapshot.initial
        workspace.select(ALL)
        key(canvas, "C")
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        now, initial = workspace.snapshot.parameters, workspace.snapshot.initial
        assert np.array_equal(now["hidden2.W.input2"], before["hidden.W.input"])
        assert np.array_equal(now["hidden2.b"], before["hidden.b"])
        assert np.array_equal(initial["hidden2.W.input2"], first["hidden.W.input"])
        assert not np.array_equal(initial["hidden2.W.input2"], now["hidden2.W.input2"])
        new = workspace.document.connection("input2", "hidden2")
        assert new is not None and new.cut == {(2, 1)}
        behind = workspace.document.connection("hidden2", "hidden3")
        assert behind is not None and behind.locked == {(0, 1)}

    def test_a_second_output_becomes_a_hidden_layer_and_that_is_said(self, canvas, qtbot) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        before = dict(canvas.workspace.snapshot.parameters)
        canvas.workspace.select(ALL)
        key(canvas, "C")
        key(canvas, "V")
        document = canvas.workspace.document
        assert len(list(document.of_kind("output"))) == 1
        assert len(document.layers) == 6
        assert "output already" in heard[-1]
        fresh_numbers(canvas, qtbot)
        assert not canvas.workspace.snapshot.problem
        end = document.incoming(document.layers[-1].id)[0]
        copied = canvas.workspace.snapshot.parameters[f"{end.target}.W.{end.source}"]
        assert np.array_equal(copied, before["output.W.hidden"])

    def test_undo_and_redo_in_one_step(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        learn(canvas, qtbot)
        before = workspace.document
        workspace.select(ALL)
        key(canvas, "C")
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        after, numbers = workspace.document, dict(workspace.snapshot.parameters)
        workspace.editing.undo()
        assert workspace.document == before
        fresh_numbers(canvas, qtbot)
        assert "hidden2.W.input2" not in workspace.snapshot.parameters
        workspace.editing.redo()
        assert workspace.document == after
        fresh_numbers(canvas, qtbot)
        found = workspace.snapshot.parameters
        assert all(np.array_equal(found[name], value) for name, value in numbers.items())

    def test_saved_and_opened_again(self, canvas, qtbot) -> None:
        from gui.present_project import present_project

        workspace = canvas.workspace
        workspace.select(ALL)
        key(canvas, "C")
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        found: list[Project] = []
        present_project(workspace, {}, found.append)
        qtbot.waitUntil(lambda: bool(found))
        again = from_bytes(to_text(found[0]).encode())
        assert again.document.layers == workspace.document.layers
        assert again.document.connections == workspace.document.connections
        for name, value in workspace.snapshot.parameters.items():
            assert np.array_equal(again.learned.parameters[name], value)

    def test_single_neurons_become_a_smaller_layer(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        hand.click(hand.unit("hidden", 1))
        hand.click(hand.unit("hidden", 3), CTRL)
        hand.click(canvas.network.geometry.places["output"].caption.center(), SHIFT)
        key(canvas, "C")
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        assert workspace.document.layer("hidden2").units == (0, 1)
        new = workspace.document.layers[-1].id
        weights = workspace.snapshot.parameters
        assert np.array_equal(weights[f"{new}.W.hidden2"], weights["output.W.hidden"][:, [1, 3]])

    def test_paste_here_centres_on_the_mouse(self, canvas, hand) -> None:
        canvas.workspace.select(HIDDEN)
        key(canvas, "C")
        at = canvas.mapToScene(QPoint(700, 520))
        assert clipboard.paste(canvas, at)
        centre = rect(canvas, "hidden2").center()
        assert (centre - at).manhattanLength() < 1.0

    def test_pasting_does_not_move_the_camera_unless_it_follows(self, canvas) -> None:
        for _ in range(5):
            canvas.zoom_out()
        canvas.workspace.select(HIDDEN)
        zoom, corner = canvas.camera.zoom, canvas.mapToScene(QPoint(0, 0))
        key(canvas, "C")
        key(canvas, "V")
        assert (canvas.camera.zoom, canvas.mapToScene(QPoint(0, 0))) == (zoom, corner)

    def test_what_is_pasted_out_of_sight_is_shown(self, canvas) -> None:
        canvas.zoom_in()
        zoom = canvas.camera.zoom
        canvas.workspace.select(HIDDEN)
        key(canvas, "C")
        key(canvas, "V")
        seen = canvas.mapToScene(canvas.viewport().rect()).boundingRect()
        assert seen.intersects(rect(canvas, "hidden2"))
        assert canvas.camera.zoom == zoom

    def test_during_training(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        workspace.training.play()
        qtbot.waitUntil(lambda: workspace.snapshot.step > 100)
        workspace.select(ALL)
        key(canvas, "C")
        key(canvas, "V")
        step = workspace.snapshot.step
        qtbot.waitUntil(lambda: workspace.snapshot.step > step + 50)
        assert workspace.training.running
        workspace.training.pause()
        assert "hidden2.W.input2" in workspace.snapshot.parameters


class TestCutAndDuplicate:
    def test_cut_is_one_entry_and_can_be_pasted_back(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        before = dict(workspace.snapshot.parameters)
        workspace.select(ALL)
        key(canvas, "X")
        assert workspace.document.layers == ()
        assert workspace.editing.undo_stack.count() == 1
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        assert workspace.document.layers == first_light().layers
        found = workspace.snapshot.parameters
        assert all(np.array_equal(found[name], value) for name, value in before.items())
        workspace.editing.undo()
        workspace.editing.undo()
        assert workspace.document == first_light()

    def test_scissors_are_still_x_alone(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_X)
        assert canvas.gestures.scissors
        QTest.keyClick(canvas, Qt.Key.Key_Escape)

    def test_a_duplicate_is_fed_as_the_original(self, canvas, qtbot) -> None:
        workspace = canvas.workspace
        learn(canvas, qtbot)
        workspace.select(HIDDEN)
        key(canvas, "D")
        fresh_numbers(canvas, qtbot)
        assert workspace.document.connection("input", "hidden2") is not None
        assert not workspace.document.outgoing("hidden2")
        found = workspace.snapshot
        assert np.array_equal(found.parameters["hidden2.W.input"], found.parameters["hidden.W.input"])
        assert np.array_equal(found.initial["hidden2.W.input"], found.initial["hidden.W.input"])
        assert workspace.selection == Selection(layers=frozenset({"hidden2"}))
        assert not clipboard.can_paste(), "the clipboard is left alone"

    def test_a_twin_of_a_neuron(self, canvas, hand, qtbot) -> None:
        workspace = canvas.workspace
        hand.click(hand.unit("hidden", 1))
        key(canvas, "D")
        fresh_numbers(canvas, qtbot)
        assert workspace.document.layer("hidden").units == (0, 1, 4, 2, 3)
        W, V = (workspace.snapshot.parameters[name] for name in ("hidden.W.input", "output.W.hidden"))
        assert np.array_equal(W[2], W[1]) and V[0, 2] == V[0, 1]
        assert workspace.selection.units == {("hidden", 4)}
        workspace.editing.undo()
        assert workspace.document == first_light()
        fresh_numbers(canvas, qtbot)
        workspace.editing.redo()
        fresh_numbers(canvas, qtbot)
        assert np.array_equal(workspace.snapshot.parameters["hidden.W.input"], W)

    def test_nothing_selected_says_what_to_do(self, canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        for letter in ("C", "X", "D"):
            key(canvas, letter)
            assert "select layers or neurons first" in heard[-1]
        assert canvas.workspace.document == first_light()

    def test_what_is_in_the_focus_counts_without_a_selection(self, canvas) -> None:
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
        assert not canvas.workspace.selection
        key(canvas, "D")
        assert canvas.workspace.document.has("input2")


class TestBetweenWindows:
    def test_from_one_window_to_another(self, open_canvas, qtbot) -> None:
        one, two = open_canvas(), open_canvas(mlp(3, 2, 1), wait=False)
        one.workspace.select(Selection(layers=frozenset({"input", "hidden"})))
        key(one, "C")
        clipboard._last.clear()  # as in another program: only the text is there
        key(two, "V")
        fresh_numbers(two, qtbot)
        names = [each.id for each in two.workspace.document.layers]
        assert names == ["input", "hidden", "output", "input2", "hidden2"]
        assert np.array_equal(
            two.workspace.snapshot.parameters["hidden2.W.input2"],
            one.workspace.snapshot.parameters["hidden.W.input"],
        )

    def test_plain_text_from_a_mail(self, canvas, qtbot) -> None:
        QGuiApplication.clipboard().setText('\n  {"layers": [2, 5, 1], "name": "From a mail"}\n')
        key(canvas, "V")
        assert [each.size for each in canvas.workspace.document.layers] == [2, 4, 1, 2, 5, 1]

    def test_the_clipboard_has_text_that_can_be_mailed(self, canvas) -> None:
        canvas.workspace.select(HIDDEN)
        key(canvas, "C")
        mime = QGuiApplication.clipboard().mimeData()
        assert mime.hasFormat(MIME)
        assert mime.text() == bytes(mime.data(MIME).data()).decode()
        assert '"axon-project"' in mime.text()

    @pytest.mark.parametrize(
        "text", ["", "Dear students,", "{", '{"layers": [1e9]}', '{"layers": ' + "[" * 3000, "{}", "\x00\x01"]
    )
    @pytest.mark.parametrize("own", [False, True])
    def test_other_text_gives_one_sentence_and_changes_nothing(self, canvas, text: str, own: bool) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        mime = QMimeData()
        if own:
            mime.setData(MIME, text.encode() + b"\xff")
        else:
            mime.setText(text)
        QGuiApplication.clipboard().setMimeData(mime)
        key(canvas, "V")
        assert len(heard) == 1 and heard[0].startswith("The clipboard ") and heard[0].endswith(".")
        assert canvas.workspace.document == first_light()
        assert not canvas.workspace.editing.undo_stack.count()

    def test_an_empty_clipboard(self, canvas) -> None:
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        key(canvas, "V")
        assert "empty" in heard[-1]

    def test_more_layers_than_a_file_can_hold_are_refused(self, canvas, monkeypatch) -> None:
        monkeypatch.setattr("engine.files.schema.MOST_LAYERS", 9)
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        QGuiApplication.clipboard().setText('{"layers": [1, 2, 1]}')
        for _ in range(3):
            key(canvas, "V")
        assert len(canvas.workspace.document.layers) == 9
        assert "at most 9 layers" in heard[-1]

    def test_very_many_weights_stay_in_this_program(self, open_canvas, qtbot) -> None:
        canvas = open_canvas(mlp(400, 300, 1), wait=False)
        heard: list[str] = []
        canvas.workspace.said.connect(heard.append)
        canvas.workspace.select(Selection(layers=frozenset({"input", "hidden"})))
        qtbot.waitUntil(lambda: "hidden.W.input" in canvas.workspace.snapshot.parameters)
        key(canvas, "C")
        assert "without their weights" in heard[-1]
        assert len(QGuiApplication.clipboard().text()) < 20_000
        key(canvas, "V")
        fresh_numbers(canvas, qtbot)
        found = canvas.workspace.snapshot.parameters
        assert np.array_equal(found["hidden2.W.input2"], found["hidden.W.input"])
