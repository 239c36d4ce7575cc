"""Any sequence of edits, undos, redos, training, saving and reopening leaves everything consistent.

Hypothesis plays the user: drags, drops, clicks and keys on a whole window, in any order. After each
of them document, canvas and parameters must agree; undoing all gives the first document and its
bits, and doing all again gives the last ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from engine.document import Document
from engine.layout import Layout
from engine.learned import Learned
from engine.samples import mlp
from engine.session.probes import State
from gui.editor.gestures.drop import MIME
from gui.editor.landing import NEURON
from gui.editor.marks import Kind, Thing
from gui.main_window import MainWindow

LEFT, NO_KEYS = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MOST_UNITS = 40
"""A document that has grown larger grows no further: the test is about order, not size."""

share = st.floats(0.02, 0.98)
number = st.integers(0, 10_000)
numbers = st.sampled_from(["0", "-1.5", "1/3", "2,5", "1e-3", "word", "", "nan", "1e400"])
kinds = st.sampled_from(
    [NEURON, "dense", "dropout", "activation", "layer_norm", "input", "concatenate", "add"]
)


class AnyEdits(RuleBasedStateMachine):
    """A window, and what the user may do in it."""

    window: MainWindow
    qtbot: object
    folder: Path

    @initialize(hidden=st.integers(1, 4))
    def begin(self, hidden: int) -> None:
        self.saved = 0
        self.open(mlp(2, hidden, 1))

    def open(self, document: Document) -> None:
        self.window.workspace.open(document)
        self.window.canvas.fit()
        self.start = self.learned()

    # ---------------------------------------------------------------- help

    @property
    def workspace(self):
        return self.window.workspace

    @property
    def port(self):
        return self.window.canvas.viewport()

    @property
    def small(self) -> bool:
        return sum(each.size for each in self.workspace.document.layers) < MOST_UNITS

    def learned(self) -> tuple[Document, Learned]:
        """The present document and what the worker knows of it, after all that was sent so far."""
        found: list = []
        self.workspace.link.ask(State(), lambda answer: found.append(answer[0]))
        self.qtbot.waitUntil(lambda: bool(found), timeout=10_000)
        return self.workspace.document, found[0]

    def spot(self, x: float, y: float) -> QPoint:
        return QPoint(round(x * self.port.width()), round(y * self.port.height()))

    def things(self) -> list[Thing]:
        """All neurons, captions and synapses, in order."""
        network = self.window.canvas.network
        found = []
        for place in network.geometry.places.values():
            found.append(Thing(Kind.CAPTION, place.id))
            found += [Thing(Kind.UNIT, place.id, unit.key) for unit in place.units]
        found += [Thing(Kind.WIRE, wire=wire) for wire in range(len(network.wires))]
        return found

    def place(self, which: int) -> QPoint:
        """Where one of them stands."""
        canvas, things = self.window.canvas, self.things()
        if not things:
            return self.spot(0.5, 0.5)
        return canvas.mapFromScene(canvas.network.rect_of(things[which % len(things)]).center())

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NO_KEYS) -> None:
        self.window.canvas.setFocus()
        QTest.keyClick(self.window.canvas, key, keys)

    # ---------------------------------------------------------------- what the user does

    @rule(kind=kinds, x=share, y=share)
    def drop(self, kind: str, x: float, y: float) -> None:
        if not self.small:
            return
        self.drop_at(kind, self.spot(x, y))

    @rule(kind=kinds, which=number)
    def drop_on(self, kind: str, which: int) -> None:
        if self.small:
            self.drop_at(kind, self.place(which))

    def drop_at(self, kind: str, at: QPoint) -> None:
        mime = QMimeData()
        mime.setData(MIME, kind.encode())
        about = Qt.DropAction.CopyAction, mime, LEFT, NO_KEYS
        QApplication.sendEvent(self.port, QDragEnterEvent(at, *about))
        QApplication.sendEvent(self.port, QDragMoveEvent(at, *about))
        QApplication.sendEvent(self.port, QDropEvent(QPointF(at), *about))

    @rule(one=number, two=number, keys=st.sampled_from([NO_KEYS, SHIFT, CTRL]))
    def drag(self, one: int, two: int, keys: Qt.KeyboardModifier) -> None:
        """From one thing to another: connects, moves or selects, as it comes."""
        start, end = self.place(one), self.place(two)
        QTest.mousePress(self.port, LEFT, keys, start)
        QTest.mouseMove(self.port, (start + end) / 2)
        QTest.mouseMove(self.port, end)
        QTest.mouseRelease(self.port, LEFT, keys, end)

    @rule(one=number, two=number)
    def connect(self, one: int, two: int) -> None:
        """From the port of a neuron to another neuron."""
        network = self.window.canvas.network
        units = [unit for place in network.geometry.places.values() for unit in place.units]
        if not units:
            return
        start = network.geometry.port(units[one % len(units)]) + QPointF(4, 0)
        goal = units[two % len(units)]
        canvas = self.window.canvas
        here, there = canvas.mapFromScene(start), canvas.mapFromScene(goal.centre)
        QTest.mousePress(self.port, LEFT, NO_KEYS, here)
        QTest.mouseMove(self.port, (here + there) / 2)
        QTest.mouseMove(self.port, there)
        QTest.mouseRelease(self.port, LEFT, NO_KEYS, there)

    @rule(which=number, keys=st.sampled_from([NO_KEYS, SHIFT, CTRL]))
    def click(self, which: int, keys: Qt.KeyboardModifier) -> None:
        QTest.mouseClick(self.port, LEFT, keys, self.place(which))

    @rule(which=number, key=st.sampled_from([Qt.Key.Key_Delete, Qt.Key.Key_Insert, Qt.Key.Key_L]))
    def click_and_key(self, which: int, key: Qt.Key) -> None:
        if key != Qt.Key.Key_Insert or self.small:
            QTest.mouseClick(self.port, LEFT, NO_KEYS, self.place(which))
            self.key(key)

    @rule(which=number, text=numbers)
    def type_over(self, which: int, text: str) -> None:
        """A double click opens a field for a weight or a name; words and nonsense are typed too."""
        QTest.mouseDClick(self.port, LEFT, NO_KEYS, self.place(which))
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            QTest.keyClicks(field, text)
            QTest.keyClick(field, Qt.Key.Key_Return)
        if isinstance(QApplication.focusWidget(), QLineEdit):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    @rule(which=number, turns=st.integers(-3, 3))
    def turn_the_wheel(self, which: int, turns: int) -> None:
        canvas = self.window.canvas
        canvas.zoom_in() if turns > 0 else canvas.zoom_out()

    @rule(x=share, y=share, z=share, w=share)
    def rubber_band(self, x: float, y: float, z: float, w: float) -> None:
        start, end = self.spot(x, y), self.spot(z, w)
        QTest.mousePress(self.port, LEFT, NO_KEYS, start)
        QTest.mouseMove(self.port, end)
        QTest.mouseRelease(self.port, LEFT, NO_KEYS, end)

    @rule()
    def select_all(self) -> None:
        self.key(Qt.Key.Key_A, CTRL)

    @rule(letter=st.sampled_from([Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_V, Qt.Key.Key_D, Qt.Key.Key_G]))
    def clipboard(self, letter: Qt.Key) -> None:
        if self.small or letter in {Qt.Key.Key_C, Qt.Key.Key_X}:
            self.key(letter, CTRL)
            field = QApplication.focusWidget()
            if isinstance(field, QLineEdit):
                QTest.keyClick(field, Qt.Key.Key_Return)

    @rule(which=number)
    def fold(self, which: int) -> None:
        QTest.mouseClick(self.port, LEFT, NO_KEYS, self.place(which))
        self.key(Qt.Key.Key_F)

    @rule(key=st.sampled_from([Qt.Key.Key_F, Qt.Key.Key_U]))
    def fold_or_unfold_all(self, key: Qt.Key) -> None:
        self.key(key, Qt.KeyboardModifier.AltModifier | SHIFT)

    @rule()
    def ungroup(self) -> None:
        self.key(Qt.Key.Key_G, CTRL | SHIFT)

    @rule(which=number, text=numbers)
    def note(self, which: int, text: str) -> None:
        QTest.mouseClick(self.port, LEFT, NO_KEYS, self.place(which))
        self.key(Qt.Key.Key_N)
        field = QApplication.focusWidget()
        if field is not None and field is not self.window.canvas:
            QTest.keyClicks(field, text)
            self.window.canvas.setFocus()

    @rule(key=st.sampled_from([Qt.Key.Key_T, Qt.Key.Key_D]))
    def tidy_or_duplicate(self, key: Qt.Key) -> None:
        if self.small:
            self.key(key, CTRL)

    @rule(key=st.sampled_from([Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_H]))
    def align(self, key: Qt.Key) -> None:
        self.key(key, CTRL | SHIFT)

    @rule(updates=st.integers(1, 8))
    def train(self, updates: int) -> None:
        self.workspace.training.advance(updates)

    @rule()
    def play_and_pause(self) -> None:
        self.key(Qt.Key.Key_Space)
        self.qtbot.wait(15)
        self.key(Qt.Key.Key_Space)

    @rule()
    def step_back(self) -> None:
        self.workspace.training.seek(max(0, self.learned()[1].step - 1))

    @rule()
    def walk(self) -> None:
        self.key(Qt.Key.Key_Right)
        self.learned()

    @rule(times=st.integers(1, 3))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self.key(Qt.Key.Key_Z, CTRL)

    @rule(times=st.integers(1, 3))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self.key(Qt.Key.Key_Y, CTRL)

    @rule(suffix=st.sampled_from([".axon", ".json"]))
    def save_and_reopen(self, suffix: str) -> None:
        self.workspace.training.pause()
        document, before = self.learned()
        self.saved += 1
        file = self.folder / f"{self.saved}{suffix}"
        with self.qtbot.waitSignal(self.window.projects.saved, timeout=10_000):
            self.window.projects.write(file)
        with self.qtbot.waitSignal(self.window.projects.opened, timeout=10_000):
            self.window.projects.open(file)
        after, learned = self.learned()
        assert after == document
        assert learned.same_bits(before)
        self.start = after, learned

    # ---------------------------------------------------------------- what must hold

    @invariant()
    def document_canvas_and_parameters_agree(self) -> None:
        if not hasattr(self, "start"):
            return
        document, learned = self.learned()
        canvas, layout = self.window.canvas, Layout(document)
        assert canvas.network.geometry.document is document
        assert {key: slot.shape for key, slot in layout.slots.items()} == {
            key: array.shape for key, array in learned.parameters.items()
        }
        assert learned.initial.keys() == learned.parameters.keys()
        assert all(np.isfinite(array).all() for array in learned.parameters.values())
        assert self.workspace.selection == self.workspace.selection.within(document)
        for bundle in canvas.network.wires.bundles:
            wire = document.connection(bundle.connection.source, bundle.connection.target)
            senders, receivers = document.layer(wire.source).units, document.layer(wire.target).units
            drawn = {
                (receivers[i], senders[j])
                for i, j in zip(bundle.receivers.tolist(), bundle.senders.tolist(), strict=True)
            }
            shown = [
                {unit.key for unit in canvas.network.geometry.places[id].units}
                for id in (wire.target, wire.source)
            ]
            assert drawn == {(i, j) for i in shown[0] for j in shown[1]} - wire.cut

    def teardown(self) -> None:
        if not hasattr(self, "start"):
            return
        self.workspace.training.pause()
        end, learned = self.learned()
        stack = self.workspace.editing.undo_stack
        count = stack.index()
        for _ in range(count):
            self.workspace.editing.undo()
        first, bits = self.learned()
        assert first == self.start[0]
        assert bits.same_bits(self.start[1])
        for _ in range(count):
            self.workspace.editing.redo()
        last, again = self.learned()
        assert last == end
        assert again.same_bits(learned)


def play(window: MainWindow, qtbot: object, folder: Path, *, examples: int, steps: int) -> None:
    class Machine(AnyEdits):
        pass

    Machine.window, Machine.qtbot, Machine.folder = window, qtbot, folder
    window.canvas.pulse.enabled = False
    # Not made shorter when it fails: each try is a whole session with a window.
    once = settings(max_examples=examples, stateful_step_count=steps, phases=[Phase.generate], deadline=None)
    run_state_machine_as_test(Machine, settings=once)


@pytest.mark.slow
def test_a_few_sequences(window: MainWindow, qtbot, tmp_path: Path) -> None:
    play(window, qtbot, tmp_path, examples=6, steps=20)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_many_sequences(window: MainWindow, qtbot, tmp_path: Path) -> None:
    play(window, qtbot, tmp_path, examples=40, steps=40)
