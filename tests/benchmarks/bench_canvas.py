"""The canvas: frames with many synapses live, hover, pan and zoom, opening and undo on a large network.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_canvas.py

prints one JSON object with the goals; milliseconds, best and median, of the window's thread (``cpu``) and
of the clock (``wall``). A frame takes over other weights for all synapses and paints the whole canvas at
1280 x 800.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import gui.app  # noqa: E402, I001  (sets the BLAS threads before NumPy comes)

import numpy as np  # noqa: E402
import shiboken6  # noqa: E402
from PySide6.QtCore import QEventLoop, QPoint, QPointF, QTimer  # noqa: E402
from PySide6.QtGui import QPainter  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from engine.document import Document, edits  # noqa: E402
from engine.samples import mlp  # noqa: E402
from engine.session.snapshot import Snapshot  # noqa: E402
from gui import theme as themes  # noqa: E402
from gui.editor.canvas import Canvas  # noqa: E402
from gui.workspace import Workspace  # noqa: E402

GOALS = {
    "10000 frame antialiased": 16.7,
    "100000 frame antialiased": 33.3,
    "100000 hover hit_test": 1.0,
    "camera pan": 2.0,
    "camera zoom": 2.0,
    "10000 camera refined_ms": 150.0,
}
"""Milliseconds that what is measured here should not exceed."""

NETWORKS = {
    100: (2, 10, 6, 3),
    1_000: (2, 20, 30, 11, 3),
    10_000: (2, 70, 70, 68, 2),
    100_000: (200, 200, 200, 100),
}
DIGITS = (784, 128, 64, 10)


def network(*sizes: int) -> Document:
    """Fully connected, without data: nothing trains."""
    return mlp(*sizes)


def wait(seconds: float, until: Callable[[], bool] | None = None) -> None:
    """Let the event loop run, up to so long."""
    loop, timer = QEventLoop(), QTimer()
    if until is not None:
        timer.timeout.connect(lambda: loop.quit() if until() else None)
        timer.start(1)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


@contextmanager
def shown(document: Document, most_units: int = 200) -> Iterator[Canvas]:
    """A canvas on the screen, with everything drawn."""
    workspace = Workspace(themes.load_theme("light"), document)
    canvas = Canvas(workspace)
    canvas.pulse.enabled = False
    workspace.show_as(workspace.showing.with_(most_units=most_units))
    canvas.resize(1280, 800)
    canvas.show()
    settle(canvas)
    try:
        yield canvas
    finally:
        canvas.close()
        workspace.close()
        shiboken6.delete(canvas)


def settle(canvas: Canvas) -> None:
    """Until the picture is that of the camera."""
    wait(0.3)
    wait(20.0, lambda: refined(canvas))


def refined(canvas: Canvas) -> bool:
    """Whether the picture is that of the camera."""
    synapses = canvas.network.synapses
    exact = canvas.glide.isHidden() and synapses.image.ready_at(canvas.camera.zoom)
    return exact or not synapses.as_image


def timed(work: Callable[[], object], repeats: int) -> dict[str, float]:
    """Best and median of some repeats, in milliseconds."""
    cpu, wall = [], []
    for _ in range(repeats):
        before, start = time.thread_time(), time.perf_counter()
        work()
        cpu.append(1000 * (time.thread_time() - before))
        wall.append(1000 * (time.perf_counter() - start))
    return {
        "cpu_best": round(min(cpu), 3),
        "cpu_median": round(statistics.median(cpu), 3),
        "wall_best": round(min(wall), 3),
        "wall_median": round(statistics.median(wall), 3),
    }


def wander(snapshot: Snapshot, count: int = 12) -> list[Snapshot]:
    """The weights as they change while a network learns."""
    rng = np.random.default_rng(1)
    found, arrays = [], dict(snapshot.parameters)
    for _ in range(count):
        arrays = {
            key: array + 0.03 * np.abs(array).max() * rng.standard_normal(array.shape)
            for key, array in arrays.items()
        }
        found.append(replace(snapshot, parameters=arrays))
    return found


def frames(canvas: Canvas) -> dict[str, object]:
    """Other weights and a whole frame."""
    snapshots = wander(canvas.workspace.snapshot)
    turn = 0

    def frame() -> None:
        nonlocal turn
        turn += 1
        canvas.network.show_lines(snapshots[turn % len(snapshots)])
        canvas.viewport().repaint()

    found: dict[str, object] = {}
    for name, smooth in (("aliased", False), ("antialiased", True)):
        canvas.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
        frame()
        found[name] = timed(frame, 40)
    settle(canvas)
    return found


def hovering(canvas: Canvas) -> dict[str, object]:
    """What is under the mouse, and the whole of a move of the mouse with what it lights up."""
    rng = np.random.default_rng(2)
    wires = canvas.network.wires
    spots = zip(rng.integers(0, len(wires), 60).tolist(), rng.random(60).tolist(), strict=True)
    points = [wires.point(number, t) for number, t in spots]
    turn = 0

    def next_point() -> QPointF:
        nonlocal turn
        turn += 1
        return points[turn % len(points)]

    def move() -> None:
        QTest.mouseMove(canvas.viewport(), canvas.mapFromScene(next_point()))
        QApplication.processEvents()

    return {
        "hit_test": timed(lambda: canvas.thing_at(next_point()), 200),
        "move_and_repaint": timed(move, 60),
    }


def moving(canvas: Canvas) -> dict[str, object]:
    """A frame of a pan and of a zoom, and how long after the last of them all is exact again."""
    turn = 0

    def pan() -> None:
        nonlocal turn
        turn += 1
        canvas.camera.pan(QPoint(9, 4) if turn % 20 < 10 else QPoint(-9, -4))
        QApplication.processEvents()

    def zoom() -> None:
        nonlocal turn
        turn += 1
        canvas.camera.zoom_by(1.03 if turn % 20 < 10 else 1 / 1.03)
        QApplication.processEvents()

    found: dict[str, object] = {"pan": timed(pan, 40)}
    settle(canvas)
    found["zoom"] = timed(zoom, 40)
    times = []
    for _ in range(3):
        settle(canvas)
        zoom()
        start = time.perf_counter()
        wait(20.0, lambda: refined(canvas))
        times.append(1000 * (time.perf_counter() - start))
    found["refined_ms"] = {"best": round(min(times), 1), "median": round(statistics.median(times), 1)}
    return found


def large(most_units: int) -> dict[str, object]:
    """Opening 784-128-64-10, and undo of an edit on it."""
    found: dict[str, object] = {}
    document = network(*DIGITS)
    with shown(network(2, 3, 1), most_units) as canvas:
        workspace = canvas.workspace

        def open_it() -> None:
            workspace.open(document)
            canvas.viewport().repaint()

        def close_it() -> None:
            workspace.open(network(2, 3, 1))
            canvas.viewport().repaint()

        close_it()
        times = []
        for _ in range(4):
            close_it()
            times.append(timed(open_it, 1))
        found["open"] = {key: min(each[key] for each in times) for key in times[0]}
        start = time.perf_counter()
        wait(20.0, lambda: refined(canvas))
        found["open_refined_ms"] = round(1000 * (time.perf_counter() - start), 1)
        found["synapses"] = len(canvas.network.wires)
        times = []
        for _ in range(4):
            workspace.editing.attempt("Add a neuron", edits.add_unit, layer="hidden2")
            wait(0.5)
            times.append(timed(lambda: (workspace.editing.undo_stack.undo(), canvas.viewport().repaint()), 1))
            wait(0.5)
        found["undo"] = {key: min(each[key] for each in times) for key in times[0]}
    return found


def main() -> None:
    """Measure and print."""
    gui.app.application()
    sys.setswitchinterval(gui.app.SWITCH)
    themes.load_fonts()
    result: dict[str, object] = {"unit": "ms", "goals": GOALS}
    for count, sizes in NETWORKS.items():
        with shown(network(*sizes)) as canvas:
            result[str(count)] = {
                "synapses": len(canvas.network.wires),
                "frame": frames(canvas),
                "hover": hovering(canvas),
                "camera": moving(canvas),
            }
    result["784-128-64-10"] = {"ends_only": large(12), "up_to_200_units": large(200)}
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
