"""The open window: training steps a second beside headless, latency of the event loop, first paint.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_window.py [--seconds 4]

prints one JSON object. The window stands open with its default panels while the worker trains flat
out. Latency is how much later than due a 4 ms timer of the event loop fires. Headless and window are
measured in turn, so that the share holds on a busy machine.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

import gui.app  # noqa: E402, I001  (sets the BLAS threads before NumPy comes)

from bench_training import small, trainer, xor  # noqa: E402
from PySide6.QtCore import QEventLoop, QSettings, Qt, QTimer  # noqa: E402

from engine.document import Document  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.settings import Settings  # noqa: E402

TICK = 0.004
"""Seconds between two ticks of the timer that measures latency."""


def wait(seconds: float) -> None:
    """Let the event loop run."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()


class Latency:
    """A precise timer that notes how late it fires."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._due = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to measure."""
        self.late.clear()
        self._due = time.perf_counter() + TICK
        self._timer.start(round(TICK * 1000))

    def stop(self) -> dict[str, float]:
        """Milliseconds: median, 99th percentile and the worst."""
        self._timer.stop()
        late = sorted(self.late)
        return {
            "median_ms": round(1000 * statistics.median(late), 2),
            "p99_ms": round(1000 * late[int(0.99 * (len(late) - 1))], 2),
            "worst_ms": round(1000 * late[-1], 2),
        }

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(max(0.0, now - self._due))
        self._due = now + TICK


def headless(document: Document, seconds: float) -> float:
    """Training steps a second without a window, in this thread."""
    timeline = trainer(document)
    timeline.advance(500)
    start, step = time.perf_counter(), timeline.trainer.step
    while time.perf_counter() - start < seconds:
        timeline.advance(200)
    return (timeline.trainer.step - step) / (time.perf_counter() - start)


def in_window(window: MainWindow, document: Document, seconds: float) -> tuple[float, dict[str, float], int]:
    """Training steps a second, latency, and snapshots shown, with the window open."""
    workspace = window.workspace
    workspace.open(document)
    workspace.training.set_pace(None)
    wait(0.5)
    shown = 0

    def count(_: object) -> None:
        nonlocal shown
        shown += 1

    workspace.snapshot_changed.connect(count)
    latency = Latency()
    workspace.training.play()
    wait(1.0)
    latency.start()
    shown, start, step = 0, time.perf_counter(), workspace.snapshot.step
    wait(seconds)
    rate = (workspace.snapshot.step - step) / (time.perf_counter() - start)
    found = latency.stop()
    workspace.training.pause()
    workspace.snapshot_changed.disconnect(count)
    wait(0.2)
    return rate, found, round(shown / seconds)


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
    return {"cold_s": round(times[0], 3), "warm_median_s": round(statistics.median(times[1:]), 3)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=4.0)
    seconds = parser.parse_args().seconds
    result: dict[str, object] = {"unit": "training steps a second", "first_paint": first_paint()}
    with tempfile.TemporaryDirectory() as folder:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
        gui.app.application()
        sys.setswitchinterval(gui.app.SWITCH)
        window = gui.app.open_window(Settings(), gui.app._options([]))
        wait(1.0)
        for name, document in (("xor_2_4_1", xor()), ("small_2_8_8_1", small())):
            shares, rates, found = [], [], {}
            shown = 0
            for _ in range(3):
                alone = headless(document, seconds / 3)
                rate, found, shown = in_window(window, document, seconds)
                shares.append(rate / alone)
                rates.append((alone, rate))
            result[name] = {
                "headless": round(statistics.median(alone for alone, _ in rates)),
                "window": round(statistics.median(rate for _, rate in rates)),
                "share": round(statistics.median(shares), 3),
                "latency": found,
                "snapshots_a_second": shown,
            }
        window.close_at_once()
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
