"""Training in the whole window: it learns, nothing is lost, nothing freezes, nothing is left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from engine.document import edits
from engine.learned import Learned
from engine.session.probes import State
from gui import crash
from gui.main_window import MainWindow

Make = Callable[..., MainWindow]


def learned_of(qtbot: QtBot, window: MainWindow) -> Learned:
    found: list[tuple[Learned, object, object]] = []
    window.workspace.link.ask(State(), found.append)
    qtbot.waitUntil(lambda: bool(found))
    return found[0][0]


def settled(qtbot: QtBot, window: MainWindow) -> None:
    """The window has everything that the worker has to say."""
    learned = learned_of(qtbot, window)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == learned.step)


def test_space_learns_xor_while_the_window_goes_on_ticking(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    ticks: list[float] = []
    timer = QTimer(window)
    timer.setInterval(10)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    window.canvas.setFocus()
    workspace.training.set_pace(None)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Space)
    assert workspace.training.running
    qtbot.waitUntil(lambda: workspace.snapshot.step > 2500, timeout=20000)
    qtbot.wait(300)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Space)
    assert not workspace.training.running
    settled(qtbot, window)
    timer.stop()
    values = workspace.curve.values
    assert len(values) == workspace.snapshot.step, "every update has its J"
    assert values[0] > 0.5
    assert values[-1] < 0.05
    assert np.isfinite(values).all()
    gaps = np.diff(ticks)
    assert len(gaps) > 20
    assert np.median(gaps) < 0.04, "the window ticks on"


def test_a_flood_of_updates_loses_no_value(qtbot: QtBot, window: MainWindow) -> None:
    workspace = window.workspace
    seen: list[int] = []
    workspace.snapshot_changed.connect(lambda snapshot: seen.append(snapshot.step))
    workspace.training.set_pace(None)
    began = time.perf_counter()
    workspace.training.play()
    qtbot.wait(500)
    time.sleep(0.4)  # a window that is busy elsewhere
    qtbot.wait(100)
    workspace.training.pause()
    settled(qtbot, window)
    took = time.perf_counter() - began
    assert len(workspace.curve) == workspace.snapshot.step > 300
    assert len(seen) <= 62 * took + 3


def test_undo_and_redo_in_the_middle_of_training(qtbot: QtBot, window: MainWindow) -> None:
    workspace, canvas = window.workspace, window.canvas
    canvas.setFocus()
    workspace.editing.attempt("units", edits.set_units, layer="hidden", units=6)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 100)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (4, 1))
    assert workspace.document.layer("hidden").size == 4
    while workspace.editing.undo_stack.canRedo():
        qtbot.keyClick(canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: workspace.snapshot.parameters["hidden.b"].shape == (6, 1))
    assert learned_of(qtbot, window).step > 100


def test_r_goes_back_to_the_initial_weights_and_undo_brings_the_learning_back(
    qtbot: QtBot, window: MainWindow
) -> None:
    workspace, canvas = window.workspace, window.canvas
    canvas.setFocus()
    first = learned_of(qtbot, window)
    workspace.training.advance(80)
    learned = learned_of(qtbot, window)
    qtbot.keyClick(canvas, Qt.Key.Key_R)
    assert learned_of(qtbot, window).same_bits(first)
    qtbot.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert learned_of(qtbot, window).same_bits(learned)


@pytest.mark.parametrize("running", [False, True])
def test_closing_ends_every_thread(qtbot: QtBot, make_window: Make, running: bool) -> None:
    before = set(threading.enumerate())
    window = make_window()
    if running:
        window.workspace.training.play()
        qtbot.waitUntil(lambda: window.workspace.snapshot.step > 10)
    window.recovery.copy()
    window.close_at_once()
    assert not window.isVisible()
    assert set(threading.enumerate()) <= before


def test_an_error_in_a_slot_is_told_and_the_window_lives_on(
    qtbot: QtBot, window: MainWindow, errors: list[str]
) -> None:
    watch = crash.Watch()
    try:
        crash.reporter().report(ZeroDivisionError("by hand"))
        notice = window.notices.shown[-1]
        assert "by hand" in notice.sentence
        assert notice.stays
        copy = notice.findChildren(type(notice._button("", lambda: None)))[0]
        qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
        from PySide6.QtGui import QGuiApplication

        assert "ZeroDivisionError: by hand" in QGuiApplication.clipboard().text()
        assert notice not in window.notices.shown
    finally:
        watch.end()
        assert len(errors) == 1
        errors.clear()
    window.workspace.training.advance(3)
    qtbot.waitUntil(lambda: window.workspace.snapshot.step == 3)


def test_an_action_that_fails_is_told(
    window: MainWindow, errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("no camera")

    monkeypatch.setattr(window.canvas, "fit", broken, raising=False)
    window.commands["fit"].trigger()
    assert "no camera" in window.notices.shown[-1].sentence
    assert len(errors) == 1
    errors.clear()


def test_a_diverging_network_is_one_sentence(qtbot: QtBot, window: MainWindow) -> None:
    from dataclasses import replace

    from engine.core.spec import Spec

    workspace = window.workspace
    wild = replace(
        workspace.document, loss=Spec("mse"), optimizer=Spec.of("gradient_descent", learning_rate=900.0)
    )
    wild = edits.set_knob(wild, layer="output", name="activation", value=Spec("identity"))
    wild = edits.set_knob(wild, layer="hidden", name="activation", value=Spec("identity"))
    workspace.editing.edit("wild", wild)
    workspace.training.play()
    qtbot.waitUntil(lambda: not workspace.training.running)
    assert any("learning rate" in each.sentence for each in window.notices.last)
    assert all(np.isfinite(each).all() for each in workspace.parameters.values())
