"""What the program writes to: the console, whatever encoding it has."""

from __future__ import annotations

import io
import sys


def utf8() -> None:
    """Write UTF-8; a character that cannot be written is spelled out and never an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
