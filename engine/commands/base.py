"""What commands share: their form, their output, and small conversions for JSON."""

from __future__ import annotations

import argparse
import importlib
import json
import math
import pkgutil
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the window reads its command line before NumPy may come
    from engine.core.plan import Array

Options = argparse.Namespace


@dataclass(frozen=True)
class Command:
    """A command: one line for the help, its options, and what it does."""

    summary: str
    arguments: Callable[[argparse.ArgumentParser], object]
    run: Callable[[Options], None]


@cache
def names() -> tuple[str, ...]:
    """The commands that there are, found by their files without importing them."""
    package = importlib.import_module("engine.commands")
    return tuple(sorted(each.name for each in pkgutil.iter_modules(package.__path__) if each.name != "base"))


def find(name: str) -> Command:
    """The command of that name."""
    found = importlib.import_module(f"engine.commands.{name}").command
    assert isinstance(found, Command)
    return found


# -------------------------------------------------------------------- options


def file_argument(parser: argparse.ArgumentParser) -> None:
    """The file that nearly every command reads."""
    parser.add_argument("file", metavar="FILE", help="a project: an .axon file or plain JSON")


def json_option(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers between two bounds, for ``type=``."""

    def read(words: str) -> int:
        try:
            value = int(words) if len(words) < 30 else None
        except ValueError:
            value = None
        if value is None or not low <= value <= high:
            raise argparse.ArgumentTypeError(
                f"must be a whole number from {low} to {high}, not '{words[:40]}'"
            )
        return value

    return read


# -------------------------------------------------------------------- output


def say(*lines: str) -> None:
    """Lines for people, at once."""
    for line in lines:
        sys.stdout.write(line.rstrip() + "\n")
    sys.stdout.flush()


def counted_word(count: int, word: str) -> str:
    """``1 update``, ``2,000 updates``."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def say_json(value: object) -> None:
    """One JSON value on one line, or indented if it is short."""
    words = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)
    if len(words) > 100_000:
        words = json.dumps(value, ensure_ascii=False, allow_nan=False)
    sys.stdout.write(words + "\n")


def finite(value: float) -> float | None:
    """The number for JSON, which knows neither infinity nor NaN: ``None`` for these."""
    return float(value) if math.isfinite(value) else None


def nested(array: Array) -> Any:
    """An array as nested lists for JSON."""
    return _finite(array.tolist())


def _finite(value: Any) -> Any:
    return [_finite(each) for each in value] if isinstance(value, list) else finite(value)


def aligned(rows: Iterable[tuple[str, ...]], indent: str = "  ") -> list[str]:
    """Rows as lines, every column as wide as its widest cell."""
    table = list(rows)
    if not table:
        return []
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return [
        indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
