"""What happens with errors nobody expected: they are written down and told, and the window lives on."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TextIO

import PySide6
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QStandardPaths,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)

log = logging.getLogger("axon")
QUIET = 5.0
"""Seconds in which the same error is told only once."""
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Reporter(QObject):
    """Takes errors from any thread; ``happened`` is heard in the window's thread."""

    happened = Signal(str, str)
    """A sentence for the user, and the details to copy."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, float] = {}

    def report(self, error: BaseException) -> None:
        """Write an error down and, if it is not one of a flood, tell it."""
        details = "".join(traceback.format_exception(error))
        log.error("%s", details)
        where = traceback.extract_tb(error.__traceback__)[-1:]
        kind = f"{type(error).__name__} {where}"
        now = time.monotonic()
        if now - self._told.get(kind, -QUIET) < QUIET:
            return
        self._told[kind] = now
        short = " ".join(str(error).split())[:100] or type(error).__name__
        sentence = self.tr("Axon stumbled ({error}). Your network is unharmed; save it to be safe.")
        self.happened.emit(sentence.replace("{error}", short), details + about_this_machine())


_reporters: list[Reporter] = []


def reporter() -> Reporter:
    """The one reporter of the program."""
    if not _reporters:
        _reporters.append(Reporter())
    return _reporters[0]


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Whatever goes wrong inside is reported and goes no further."""
    try:
        yield
    except Exception as error:
        reporter().report(error)


def about_this_machine() -> str:
    """Versions that a report needs."""
    import platform

    return (
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, "
        f"{platform.system()} {platform.release()}\n"
    )


def folder() -> Path:
    """Where logs and recovery copies are kept; it is made if it is not there."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    found = Path(place)
    found.mkdir(parents=True, exist_ok=True)
    return found


class _LogFile(logging.Handler):
    """A log of limited size. What it takes to write one is imported with the first line."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(
                self._path, maxBytes=500_000, backupCount=2, encoding="utf-8", delay=True
            )
            self._file.setFormatter(self.formatter)
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


class Watch:
    """The hooks for errors, and what they were before; ``end`` puts those back."""

    def __init__(self) -> None:
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        self._handler: logging.Handler | None = None
        self._faults: TextIO | None = None
        self._faults_before = False
        self._open_files()
        reporter()
        sys.excepthook = _unexpected
        threading.excepthook = _in_thread
        sys.unraisablehook = _unraisable
        qInstallMessageHandler(_qt_message)

    def _open_files(self) -> None:
        """A log and a file for hard crashes; without a writable disk the program runs without them."""
        try:
            place = folder()
            self._handler = _LogFile(place / "axon.log")
            self._handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
            log.addHandler(self._handler)
            log.setLevel(logging.INFO)
            self._faults_before = faulthandler.is_enabled()
            self._faults = (place / "crash.txt").open("a", encoding="utf-8")
            faulthandler.enable(self._faults)
        except OSError as error:
            log.warning("no log is written: %s", error)

    def end(self) -> None:
        """Put back what was there before."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before
        qInstallMessageHandler(None)
        if self._handler is not None:
            log.removeHandler(self._handler)
            self._handler.close()
        if self._faults is not None:
            faulthandler.disable()
            self._faults.close()
            if self._faults_before and sys.__stderr__ is not None:
                with contextlib.suppress(OSError, ValueError):
                    faulthandler.enable(sys.__stderr__)


def _unexpected(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    sys.__excepthook__(kind, error, trace)
    reporter().report(error.with_traceback(trace))


def _in_thread(details: threading.ExceptHookArgs) -> None:
    if details.exc_value is not None:
        _unexpected(details.exc_type, details.exc_value, details.exc_traceback)


def _unraisable(details: object) -> None:
    error = getattr(details, "exc_value", None)
    if isinstance(error, Exception):
        reporter().report(error)


def _qt_message(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    log.log(_LEVELS.get(kind, logging.WARNING), "Qt: %s", text)
    if kind in {QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg}:
        print(f"Qt: {text}", file=sys.stderr)


def told(then: Callable[[str, str], object]) -> None:
    """Have errors told to ``then``."""
    reporter().happened.connect(then)
