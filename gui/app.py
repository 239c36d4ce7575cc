"""The start of the window: application, look, error hooks, and the first picture as soon as may be."""

from __future__ import annotations

import gc
import os
import time

gc.disable()  # what is imported stays; looking through it again and again takes time
_BEGAN = time.perf_counter()
# Small products are faster on one thread, and a second one starves the window. Before NumPy comes.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import signal  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, NamedTuple  # noqa: E402

from PySide6.QtCore import Qt, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from engine.samples import first_light  # noqa: E402
from gui import crash, icons  # noqa: E402
from gui import theme as themes  # noqa: E402
from gui.collector import Collector  # noqa: E402
from gui.look import Look  # noqa: E402
from gui.main_window import MainWindow  # noqa: E402
from gui.settings import Settings  # noqa: E402
from gui.workspace import Workspace  # noqa: E402

gc.enable()

if TYPE_CHECKING:
    from argparse import Namespace

SWITCH = 5e-4
"""Seconds that Python lets the worker go on while the window waits for its turn."""
FIRST_FILE = 0.4
"""Seconds that the first picture waits for the file of the command line."""
MEASURE = "AXON_FIRST_PAINT"
"""With this variable set, the time to the first picture is printed and the program ends."""

first_paint_seconds: float | None = None
"""Seconds from the import of this module to the first picture, once there was one."""


def main(argv: list[str] | None = None) -> int:
    """Open the window and return the exit code; ``--pictures`` only takes pictures of it."""
    options = _options(sys.argv[1:] if argv is None else argv)
    if options.pictures:
        from gui import pictures

        pictures.write(Path(options.pictures))
        return 0
    if not has_display():
        print(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set. "
            "The commands (main.py --help) need none.",
            file=sys.stderr,
        )
        return 1
    gc.disable()  # until the first picture
    app = application()
    watch = crash.Watch()
    sys.setswitchinterval(SWITCH)
    settings = Settings()
    if options.reset:
        settings.reset()
    window = open_window(settings, options)
    collectors: list[Collector] = []
    window.painted.connect(lambda: collectors.append(Collector()))
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    try:
        return app.exec()
    finally:
        for collector in collectors:
            collector.end()
        if not window.closed:
            window.workspace.close()
        watch.end()


def application() -> QApplication:
    """The application object with name, fonts and sharp scaling; the same one if there is one."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    policy = Qt.HighDpiScaleFactorRoundingPolicy.PassThrough
    QApplication.setHighDpiScaleFactorRoundingPolicy(policy)
    app = QApplication(sys.argv[:1])
    app.setApplicationName("axon")
    app.setApplicationDisplayName("Axon")
    app.setDesktopFileName("axon")
    themes.load_fonts()
    return app


def open_window(settings: Settings, options: Namespace | _NoOptions) -> MainWindow:
    """The window on the file that was named, or on a network that can be played at once."""
    look = Look(settings)
    look.put_on()
    QApplication.setWindowIcon(icons.icon("brain", look.theme, size=64, colour="accent"))
    window = MainWindow(Workspace(look.theme, first_light()), settings, look)
    window.painted.connect(lambda: _painted(window))
    if options.file:
        window.projects.load(Path(options.file), wait=FIRST_FILE)
    elif not options.no_welcome:
        window.painted.connect(window.greet)
    window.show()
    return window


def has_display() -> bool:
    """Whether a window can be opened at all; Qt itself would end the program without a word."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not sys.platform.startswith("linux") or platform.split(":")[0] not in {"", "xcb", "wayland"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class _NoOptions(NamedTuple):
    """A start without arguments, for which no parser need be loaded."""

    file: None = None
    reset: bool = False
    no_welcome: bool = False
    pictures: None = None


def _options(argv: list[str]) -> Namespace | _NoOptions:
    if not argv:
        return _NoOptions()
    from engine.cli import check_window

    return check_window(argv)


def _painted(window: MainWindow) -> None:
    global first_paint_seconds  # noqa: PLW0603
    first_paint_seconds = time.perf_counter() - _BEGAN
    gc.freeze()
    gc.enable()
    if os.environ.get(MEASURE):
        print(f"first paint {first_paint_seconds:.3f}", flush=True)
        QTimer.singleShot(0, window.close)
