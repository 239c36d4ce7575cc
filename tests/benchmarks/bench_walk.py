"""The walkthrough in the window: showing a step, opening a walk, and scrubbing through a training.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_walk.py [--only xor,lstm] [--steps 120]

prints one JSON object with the goals beside; milliseconds. A step is measured from the key press until
everything is painted that can be seen: formula, call stack, canvas, timeline and activation. ``cpu`` is
the window's thread, ``wall`` the clock. The steps lie all over the update: at the beginning, in the
middle and at the end of every phase of every layer; ``yardstick`` is a fixed piece of Python, timed in
between, to tell a busy machine. Opening is from the key press to the first
explained number, in the window's thread and on the clock, together with the longest time in which
the window did not answer. Scrubbing goes to random places of a long training, and of one update.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import gui.app  # noqa: E402, I001  (sets the BLAS threads before NumPy comes)

import numpy as np  # noqa: E402
from PySide6.QtCore import QEventLoop, QPointF, QSettings, Qt, QTimer  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from bench_window import Latency, wait  # noqa: E402
from engine.architectures import architectures  # noqa: E402
from engine.core.plan import Phase  # noqa: E402
from engine.core.spec import Spec  # noqa: E402
from engine.datasets.base import Data, Task  # noqa: E402
from engine.document import Document, Training  # noqa: E402
from engine.learned import fresh  # noqa: E402
from engine.samples import first_light, mlp  # noqa: E402
from engine.timeline import Timeline  # noqa: E402
from engine.data_of import data_of  # noqa: E402
from engine.trainer import Trainer  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.settings import Settings  # noqa: E402

GOAL_STEP, GOAL_SCRUB, GOAL_STALL = 16.0, 200.0, 100.0
PANELS = ("formula", "call-stack", "activation")
RUN = 100_000
"""Updates of the training that is scrubbed through."""
BATCH = 8


def table(features: int, classes: int) -> Data:
    """Random features, random classes."""
    rng = np.random.default_rng(1)
    X, Y = rng.random((features, 40)), np.eye(classes)[:, rng.integers(classes, size=40)]
    names = tuple(f"x{i + 1}" for i in range(features)), tuple(f"y{i + 1}" for i in range(classes))
    return Data(X, Y, *names, Task.CLASSES)


def single_layer(features: int, classes: int) -> Document:
    """A layer of softmax units on a table."""
    return mlp(
        features, classes, output="softmax", loss=Spec("cross_entropy"), data=Spec("table"),
        table=table(features, classes), training=Training(batch_size=BATCH),
    )  # fmt: skip


def architecture(kind: str, **chosen: object) -> Document:
    """A ready-made network with small batches."""
    document = architectures[kind](**chosen).document()
    size = min(BATCH, document.training.batch_size or BATCH)
    return replace(document, training=replace(document.training, batch_size=size))


def two_hidden() -> Document:
    """2-16-16-2 on a table of two classes."""
    return replace(single_layer(2, 2), layers=(net := mlp(2, 16, 16, 2, output="softmax")).layers,
                   connections=net.connections)  # fmt: skip


NETWORKS: dict[str, Callable[[], Document]] = {
    "xor": first_light,
    "2_16_16_2": two_hidden,
    "784_10": lambda: single_layer(784, 10),
    "100_100": lambda: single_layer(100, 100),
    "cnn": lambda: architecture("cnn"),
    "lstm": lambda: architecture("sequence_classifier", cell="lstm"),
    "gru": lambda: architecture("sequence_classifier"),
    "transformer": lambda: architecture("transformer"),
    "language_model": lambda: architecture("language_model"),
    "segmentation": lambda: architecture("segmentation"),
}


def until(done: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the event loop run until something is so."""
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    timer.start(1)
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    assert done()


def spread(values: list[float]) -> dict[str, float]:
    """Best tenth, median, 99th percentile, worst."""
    ordered = sorted(values)
    return {
        "best_tenth": round(ordered[len(ordered) // 10], 2),
        "median": round(statistics.median(ordered), 2),
        "p99": round(ordered[int(0.99 * (len(ordered) - 1))], 2),
        "worst": round(ordered[-1], 2),
    }


def yardstick() -> float:
    """Milliseconds for a fixed piece of Python: how fast the machine is just now (about 10 alone)."""
    start, total = time.thread_time(), 0
    for number in range(200_000):
        total += number % 7
    return 1000 * (time.thread_time() - start)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of this thread and of the clock."""
    cpu, start = time.thread_time(), time.perf_counter()
    work()
    return 1000 * (time.thread_time() - cpu), 1000 * (time.perf_counter() - start)


def painted() -> None:
    """Everything that waits to be laid out and painted."""
    for _ in range(3):
        QApplication.processEvents()


class Window:
    """The real window as a user sees it in a walk."""

    def __init__(self) -> None:
        self.window: MainWindow = gui.app.open_window(Settings(), gui.app._NoOptions(no_welcome=True))
        self.window.resize(1280, 800)
        wait(1.0)
        self.window.activateWindow()
        self.window.canvas.setFocus()
        wait(0.2)
        self.window.show_perspective("walk")
        for name in PANELS:
            self.window._open_panel(name)
        wait(0.3)

    def open(self, document: Document) -> None:
        """Another network, with its first snapshot shown."""
        workspace = self.window.workspace
        workspace.open(document)
        workspace.look_anew()
        until(lambda: workspace.snapshot.data is not None)
        self.window.canvas.fit()
        wait(0.5)

    def key(self, key: Qt.Key) -> None:
        """A key press and all that is painted for it."""
        QTest.keyClick(self.window.canvas, key)
        painted()

    def opening(self) -> dict[str, object]:
        """The first explained number of a walk, a few times."""
        walking, cpu, wall, stalls = self.window.workspace.walking, [], [], []
        for _ in range(4):
            walking.leave()
            wait(0.1)
            latency = Latency()
            latency.start()
            before = time.thread_time()
            _, took = timed(lambda: (self.key(Qt.Key.Key_Right), until(lambda: walking.walk is not None)))
            painted()
            cpu.append(1000 * (time.thread_time() - before))
            wall.append(took)
            wait(0.05)
            stalls.append(latency.stop()["worst_ms"])
        assert walking.walk is not None and walking.walk.at == 0
        return {
            "steps": len(walking.walk.trace),
            "first_number_wall": spread(wall),
            "window_cpu": spread(cpu),
            "longest_stall": {**spread(stalls), "goal": GOAL_STALL},
        }

    def stepping(self, most: int) -> dict[str, object]:
        """One step to the right, all over the update."""
        walking = self.window.workspace.walking
        cpu, wall, phases = [], [], {each: [] for each in Phase}
        machine = []
        for start in self._starts(most // 4):
            walking.go_to(start)
            painted()
            machine.append(yardstick())
            for _ in range(4):
                if walking.walk is None or walking.walk.at >= len(walking.walk.trace) - 1:
                    break
                one, other = timed(lambda: self.key(Qt.Key.Key_Right))
                cpu.append(one)
                wall.append(other)
                phases[walking.walk.step.phase].append(one)
        medians = {str(each): spread(found) for each, found in phases.items() if found}
        return {"steps": len(cpu), "cpu": {**spread(cpu), "goal": GOAL_STEP}, "wall": spread(wall),
                "cpu_of_phase": medians, "yardstick": spread(machine)}  # fmt: skip

    def _starts(self, most: int) -> list[int]:
        """Steps before the beginning, the middle and the end of sections of all kinds."""
        walk = self.window.workspace.walk
        assert walk is not None
        seen: set[tuple[Phase, str]] = set()
        found: set[int] = set()
        for start, section in zip(walk.trace.starts, walk.trace.sections, strict=False):
            if (section.phase, section.owner) not in seen:
                seen.add((section.phase, section.owner))
                last = start + section.count - 1
                found |= {start - 1, (start + last) // 2, max(start - 1, last - 5)}
        ordered = sorted(found)
        return ordered if len(ordered) <= most else sorted(random.Random(1).sample(ordered, most))

    def scrubbing_a_walk(self, times: int) -> dict[str, object]:
        """A click somewhere in the lane of the present update."""
        bar = self.window.timeline
        lane, rng = bar.micro_lane(), random.Random(2)
        cpu, wall = [], []
        for _ in range(times):
            point = QPointF(lane.left() + rng.random() * lane.width(), lane.center().y()).toPoint()
            one, other = timed(
                lambda p=point: (QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=p), painted())
            )
            cpu.append(one)
            wall.append(other)
        return {"cpu": spread(cpu), "wall": {**spread(wall), "goal": GOAL_SCRUB}}

    def scrubbing_a_training(self, document: Document, times: int) -> dict[str, object]:
        """A click somewhere in the lane of a long training, until the numbers of that update are shown."""
        self.open(document)
        workspace, bar = self.window.workspace, self.window.timeline
        workspace.training.advance(RUN)
        until(lambda: workspace.snapshot.step == RUN, 300.0)
        wait(0.2)
        lane, rng, wall = bar.training_lane(), random.Random(3), []
        for _ in range(times):
            x = lane.left() + rng.random() * lane.width()
            goal = bar.step_at(round(x))
            start = time.perf_counter()
            QTest.mouseClick(
                bar, Qt.MouseButton.LeftButton, pos=QPointF(round(x), lane.center().y()).toPoint()
            )
            until(lambda g=goal: workspace.snapshot.step == g)
            painted()
            wall.append(1000 * (time.perf_counter() - start))
        return {"updates": RUN, "wall": {**spread(wall), "goal": GOAL_SCRUB}}

    def close(self) -> None:
        """No question is asked."""
        self.window.close_at_once()


def iris() -> Document:
    """4-8-3 on iris, ten examples an update."""
    return mlp(
        4, 8, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"),
        training=Training(batch_size=10, shuffle=True),
    )  # fmt: skip


def headless(document: Document, times: int) -> dict[str, float]:
    """The seek alone, without a window."""
    timeline = Timeline(Trainer(document, data_of(document), fresh(document)))
    timeline.advance(RUN)
    rng = random.Random(3)
    return spread([timed(lambda: timeline.seek(rng.randrange(RUN)))[1] for _ in range(times)])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="", help="names, with commas between them")
    parser.add_argument("--steps", type=int, default=160)
    parser.add_argument("--times", type=int, default=50)
    chosen = parser.parse_args()
    names = [each for each in chosen.only.split(",") if each]
    result: dict[str, object] = {"unit": "milliseconds"}
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        gui.app.application()
        sys.setswitchinterval(gui.app.SWITCH)
        shown = Window()
        for name, made in NETWORKS.items():
            if names and name not in names:
                continue
            shown.open(made())
            result[name] = {
                "opening": shown.opening(),
                "step": shown.stepping(chosen.steps),
                "scrub_update": shown.scrubbing_a_walk(chosen.times),
            }
            print(name, file=sys.stderr)
        for name, document in (("scrub_xor", first_light()), ("scrub_iris", iris())):
            if not names or name in names:
                result[name] = {
                    **shown.scrubbing_a_training(document, chosen.times),
                    "headless": headless(document, chosen.times),
                }
        shown.close()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
