"""The open window: how much of headless training it leaves, frames, latency of the event loop, first paint.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_window.py [--seconds 3] [--only xor iris]
        [--duty balanced smooth turbo] [--no-start]

prints one JSON object, the goals beside what was measured. The window stands open, 1440 x 900, with the
panels of the perspective Train while the worker trains flat out.

Headless and window are measured in turn, three times, so that the share holds on a busy machine; what a
thread waited for a processor while other programs had it is left out of ``share`` (Linux counts it) and
stays in ``share_of_the_clock``. ``worker`` and ``window`` say where the time of the two threads went, as
shares of a second: at work, waiting for a processor, and blocked (the worker: by the interpreter's lock).

Latency is how much later than due a 4 ms timer of the event loop fires. It has a run of its own, because
such a timer takes the interpreter's lock 250 times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import gui.app  # noqa: E402, I001  (sets the BLAS threads before NumPy comes)

import numpy as np  # noqa: E402
from bench_training import small, xor  # noqa: E402
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QWidget  # noqa: E402

from engine.core.spec import Spec  # noqa: E402
from engine.data_of import TABLE, data_of  # noqa: E402
from engine.datasets import Data  # noqa: E402
from engine.datasets.base import Task  # noqa: E402
from engine.document import Document, Training  # noqa: E402
from engine.learned import fresh  # noqa: E402
from engine.samples import mlp  # noqa: E402
from engine.timeline import Timeline  # noqa: E402
from engine.trainer import Trainer  # noqa: E402
from gui.collector import Collector  # noqa: E402
from gui.governor import BALANCED, SMOOTH, TURBO  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.settings import Settings  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

TICK = 0.004
"""Seconds between two ticks of the timer that measures latency."""
REPEATS = 3
DUTIES = {"balanced": BALANCED, "smooth": SMOOTH, "turbo": TURBO}
GOALS: dict[str, dict[str, float]] = {
    "balanced": {"share": 0.9, "p99_ms": 12.0, "worst_ms": 100.0, "frames_a_second": 25.0},
    "smooth": {"share": 0.7, "p99_ms": 12.0, "worst_ms": 100.0, "frames_a_second": 50.0},
    "turbo": {"share": 0.95, "p99_ms": 12.0, "worst_ms": 100.0, "frames_a_second": 8.0},
}


@dataclass(frozen=True)
class Case:
    """A network, and how many units of a layer the canvas shows."""

    document: Document
    most_units: int = 12


def _large() -> Document:
    """784-128-64-10 on 60 made-up pictures, each with ten labels: it never settles, all weights move."""
    rng = np.random.default_rng(1)
    Y = np.eye(10)[:, rng.integers(0, 10, 600)]
    features = tuple(f"x{number}" for number in range(784))
    classes = tuple("0123456789")
    data = Data(np.tile(rng.random((784, 60)), 10), Y, features, classes, Task.CLASSES, classes)
    training = Training(batch_size=64, shuffle=True)
    made = mlp(784, 128, 64, 10, hidden="relu", output="softmax", training=training, table=data)
    return replace(made, data=Spec(TABLE), loss=Spec("cross_entropy"))


def cases() -> dict[str, Case]:
    """By name."""
    iris = mlp(4, 50, 50, 3, output="softmax", data=Spec("iris"), loss=Spec("cross_entropy"))
    digits = mlp(
        64, 32, 10, hidden="relu", output="softmax", data=Spec("digits"), loss=Spec("cross_entropy"),
        training=Training(batch_size=32, shuffle=True),
    )  # fmt: skip
    moons = mlp(2, 8, 8, 1, data=Spec.of("moons", examples=500), training=Training(batch_size=10))
    wide = mlp(2, 200, 200, 1, data=Spec("moons"))
    return {
        "xor": Case(xor()),
        "circles": Case(small()),
        "iris": Case(iris, 200),
        "moons": Case(moons),
        "digits": Case(digits, 200),
        "synapses_40600": Case(wide, 200),
        "synapses_109184": Case(_large()),
        "synapses_109184_live": Case(_large(), 784),
    }


def wait(seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


# -------------------------------------------------------------------- measuring


@dataclass(frozen=True)
class Times:
    """What the system says of a thread, in seconds."""

    clock: float
    work: float
    queue: float
    """Ready, but another thread or program had the processor."""

    @classmethod
    def of(cls, thread: int) -> Times:
        """Of a thread by its number; without a count of the system only the clock."""
        try:
            work, queue, _ = Path(f"/proc/self/task/{thread}/schedstat").read_text().split()
        except OSError:
            return cls(time.perf_counter(), 0.0, 0.0)
        return cls(time.perf_counter(), int(work) / 1e9, int(queue) / 1e9)

    def until(self, end: Times) -> Times:
        """From one moment to another."""
        return Times(end.clock - self.clock, end.work - self.work, end.queue - self.queue)

    @property
    def undisturbed(self) -> float:
        """Seconds in which no other program had the processor that the thread wanted."""
        return max(self.clock - self.queue, 1e-9)

    def shares(self) -> dict[str, float]:
        """Of a second."""
        blocked = self.clock - self.work - self.queue
        parts = {"work": self.work, "queue": self.queue, "blocked": blocked}
        return {name: round(each / self.clock, 3) for name, each in parts.items()}


class Latency:
    """A precise timer that notes how late it fires."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self.busy: list[float] = []
        """Seconds of the processor that the thread took between two ticks: a busy machine changes nothing."""
        self._due = self._cpu = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self.late.clear()
        self.busy.clear()
        self._cpu = time.thread_time()
        self._due = time.perf_counter() + TICK
        self._timer.start(round(TICK * 1000))

    def stop(self) -> dict[str, float]:
        """Milliseconds: median, 99th percentile and the worst."""
        self._timer.stop()
        late, busy = sorted(self.late), sorted(self.busy)
        return {
            "busy_p99_ms": round(1000 * busy[int(0.99 * (len(busy) - 1))], 2),
            "busy_worst_ms": round(1000 * busy[-1], 2),
            "median_ms": round(1000 * statistics.median(late), 2),
            "p99_ms": round(1000 * late[int(0.99 * (len(late) - 1))], 2),
            "worst_ms": round(1000 * late[-1], 2),
        }

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.late.append(max(0.0, now - self._due))
        self.busy.append(cpu - self._cpu)
        self._due, self._cpu = now + TICK, cpu


@dataclass(frozen=True)
class Run:
    """Some seconds of training."""

    steps: int
    times: Times

    @property
    def rate(self) -> float:
        """Updates a second."""
        return self.steps / self.times.clock

    @property
    def undisturbed(self) -> float:
        """Updates a second of undisturbed time."""
        return self.steps / self.times.undisturbed


def headless(document: Document, seconds: float) -> Run:
    """Without a window, in this thread."""
    timeline = Timeline(Trainer(document, data_of(document), fresh(document)))
    many = 1
    while True:  # as many updates at once as the worker would do
        start = time.perf_counter()
        timeline.advance(many)
        if time.perf_counter() - start > 0.002 or many >= 4096:
            break
        many *= 2
    first, step = Times.of(threading.get_native_id()), timeline.trainer.step
    while time.perf_counter() - first.clock < seconds:
        timeline.advance(many)
    return Run(timeline.trainer.step - step, first.until(Times.of(threading.get_native_id())))


class Paints(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


@contextmanager
def counted(window: MainWindow) -> Iterator[Callable[[], tuple[int, int]]]:
    """How many snapshots were shown, and how often the canvas was painted: not, where nothing moved."""
    shown = 0

    def count(_: object) -> None:
        nonlocal shown
        shown += 1

    viewport = window.canvas.viewport()
    paints = Paints(viewport)
    window.workspace.snapshot_changed.connect(count)
    yield lambda: (shown, paints.count)
    window.workspace.snapshot_changed.disconnect(count)
    viewport.removeEventFilter(paints)


def measure(window: MainWindow, case: Case, seconds: float, duty: str) -> dict[str, object]:
    """A network in the open window, in turn with headless training."""
    workspace = window.workspace
    workspace.link.governor.duty = DUTIES[duty]
    worker = next(each for each in threading.enumerate() if each.name == "axon-worker").native_id
    assert worker is not None
    runs: list[tuple[Run, Run, Times, float]] = []
    latencies: list[dict[str, float]] = []
    workspace.show_as(workspace.showing.with_(most_units=case.most_units))
    for _ in range(REPEATS):
        alone = headless(case.document, seconds / 2)
        workspace.open(case.document)
        workspace.training.set_pace(None)
        wait(0.5)
        workspace.training.play()
        wait(1.0)
        with counted(window) as frames:
            first, drawing = Times.of(worker), Times.of(threading.get_native_id())
            step = workspace.snapshot.step
            wait(seconds)
            beside = Run(workspace.snapshot.step - step, first.until(Times.of(worker)))
            drawn = drawing.until(Times.of(threading.get_native_id()))
            shown, painted = frames()
            runs.append((alone, beside, drawn, shown / beside.times.clock))
        latency = Latency()
        latency.start()
        wait(seconds / 2)
        latencies.append(latency.stop())
        workspace.training.pause()
        wait(0.2)
    _, beside, drawn, _ = runs[-1]
    fps = statistics.median(each[3] for each in runs)
    found = {
        "share": statistics.median(b.undisturbed / a.undisturbed for a, b, _, _ in runs),
        "p99_ms": statistics.median(each["p99_ms"] for each in latencies),
        "worst_ms": max(each["worst_ms"] for each in latencies),
        "frames_a_second": fps,
    }
    return {
        **{name: {"measured": round(value, 3), "goal": GOALS[duty][name]} for name, value in found.items()},
        "busy_p99_ms": statistics.median(each["busy_p99_ms"] for each in latencies),
        "busy_worst_ms": max(each["busy_worst_ms"] for each in latencies),
        "median_ms": statistics.median(each["median_ms"] for each in latencies),
        "canvas_paints_a_second": round(painted / beside.times.clock, 1),
        "synapses_drawn": len(window.canvas.network.wires),
        "share_of_the_clock": round(statistics.median(b.rate / a.rate for a, b, _, _ in runs), 3),
        "headless": round(statistics.median(a.undisturbed for a, _, _, _ in runs), 1),
        "worker": beside.times.shares(),
        "window": drawn.shares(),
        "window_ms_a_frame": round(1000 * drawn.work / max(1.0, fps * drawn.clock), 2),
    }


def first_paint(repeats: int = 5) -> dict[str, float]:
    """Seconds from the start of the process to the first picture; the first run warms the disk."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment[gui.app.MEASURE] = "1"
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        command = [sys.executable, str(ROOT / "main.py")]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("first paint"):
                    times.append(time.perf_counter() - start)
                    break
            process.communicate()
    warm = round(statistics.median(times[1:]), 3)
    return {"cold_s": round(times[0], 3), "warm_median_s": warm, "goal_s": 0.5}


def open_window(folder: Path) -> MainWindow:
    """As the program opens it, with the panels of training, and settings of its own."""
    gui.app.application()
    sys.setswitchinterval(gui.app.SWITCH)
    window = gui.app.open_window(Settings(folder / "settings.ini"), gui.app._options([]))
    window.showNormal()
    window.resize(1440, 900)
    wait(0.5)
    window.docks.show_perspective("train")
    wait(1.5)
    return window


def main() -> None:
    """Measure and print."""
    known = cases()
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--only", nargs="*", choices=known, default=list(known))
    parser.add_argument("--duty", nargs="*", choices=DUTIES, default=["balanced"])
    parser.add_argument("--no-start", action="store_true", help="leave out the time to the first picture")
    chosen = parser.parse_args()
    result: dict[str, object] = {} if chosen.no_start else {"first_paint": first_paint()}
    with tempfile.TemporaryDirectory() as folder:
        window = open_window(Path(folder))
        collector = Collector()
        for duty in chosen.duty:
            result[duty] = {name: measure(window, known[name], chosen.seconds, duty) for name in chosen.only}
        collector.end()
        window.close_at_once()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
