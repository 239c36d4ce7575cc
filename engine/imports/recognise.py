"""How a table is written: its delimiter, decimal sign and header, recognised by trying them.

``csv.Sniffer`` guesses from letters and is often wrong. Here each delimiter splits the first
rows, and the one that gives rows of one length and the most numbers wins.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from engine.core.problems import DataError

DELIMITERS = ("\t", ";", "|", ",", " ")
"""In this order where two fit equally well."""

SAMPLE = 200
"""How many rows the recognition looks at."""

MISSING = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "?", "-"})
"""What stands for a missing value, in small letters."""

INFINITE = frozenset({"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "∞", "+∞", "-∞"})

NUMBER = {
    ".": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?(?:[0-9]+(?:,[0-9]*)?|,[0-9]+)(?:[eE][+-]?[0-9]+)?"),
}
"""What a number looks like, by decimal sign."""

ONLY_NUMBERS = {".": re.compile(r"[0-9eE.+\-\0]*"), ",": re.compile(r"[0-9eE,+\-\0]*")}
"""The signs of numbers joined by NUL (which no text has); what Python reads of them is a number."""

Row = tuple[int, list[str]]
"""The number of a row's first line in the file, and its fields without outer blanks."""


def is_number(field: str) -> bool:
    """Whether this is a number with either decimal sign."""
    return any(pattern.fullmatch(field) for pattern in NUMBER.values())


def is_missing(field: str) -> bool:
    """Whether this stands for a missing value."""
    return len(field) <= 4 and field.lower() in MISSING


def rows_of(text: str, delimiter: str) -> Iterator[Row]:
    """The rows of a table, without the comments at its top and without empty rows.

    Raises ``DataError`` at a quotation mark that is not closed.
    """
    lines = io.StringIO(text, newline=None)
    skipped = 0
    for line in lines:
        if line.strip() and not line.startswith("#") and not _said_delimiter(line):
            break
        skipped += 1
    else:
        return
    whole = chain([line], lines)
    split = _blank_rows(whole, skipped + 1) if delimiter == " " else _csv_rows(whole, delimiter, skipped + 1)
    for number, fields in split:
        row = [field.strip() for field in fields]
        if any(row):
            yield number, row


def said_delimiter(text: str) -> str | None:
    """The delimiter that spreadsheet programs write into a first line ``sep=;``."""
    return _said_delimiter(text[:20].partition("\n")[0])


def delimiter_of(text: str) -> str:
    """The delimiter that splits the first rows best.

    Raises ``DataError`` without one: the table has a single column, or a quotation mark is open.
    """
    best: tuple[tuple[bool, float], str] | None = None
    problem = DataError(
        "there is only one column; a table needs at least one feature and a target, "
        "separated by comma, semicolon, tab or space."
    )
    for delimiter in DELIMITERS:
        try:
            rows = [fields for _, fields in islice(rows_of(text, delimiter), SAMPLE)]
        except DataError as error:
            problem = error
            continue
        width = common_width(rows)
        if width < 2:
            continue
        fitting = [fields for fields in rows if len(fields) == width]
        below = fitting[1:] or fitting
        numbers = sum(is_number(field) or is_missing(field) for fields in below for field in fields)
        score = (len(fitting) >= 0.8 * len(rows), numbers / (len(below) * width))
        if best is None or score > best[0]:
            best = (score, delimiter)
    if best is None:
        raise problem
    return best[1]


def common_width(rows: Sequence[Sequence[str]]) -> int:
    """The number of fields that most rows have; 0 without rows."""
    counts = Counter(map(len, rows))
    return max(counts, key=lambda width: (counts[width], width), default=0)


def decimal_of(rows: Iterable[Sequence[str]]) -> str | None:
    """The decimal sign that more numbers have; ``None`` if no number has one."""
    count = Counter[str]()
    for fields in rows:
        for field in fields:
            for sign in ".,":
                if sign in field and NUMBER[sign].fullmatch(field):
                    count[sign] += 1
    if not count:
        return None
    return "," if count[","] > count["."] else "."


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row holds names: texts only, over numbers or over other texts."""
    first, below = rows[0], rows[1:]
    if any(is_number(field) for field in first):
        return False
    columns = list(zip(*below, strict=False))
    if not columns:
        return True
    named = [(name, column) for name, column in zip(first, columns, strict=False) if not is_missing(name)]
    if any(is_number(field) for _, column in named for field in column):
        return True
    return bool(named) and not any(name in column for name, column in named)


def _said_delimiter(line: str) -> str | None:
    said = line.strip(' \r\n"').lower()
    return said[4] if said.startswith("sep=") and len(said) == 5 and said[4] in DELIMITERS else None


def _csv_rows(lines: Iterator[str], delimiter: str, first: int) -> Iterator[Row]:
    """Rows by the rules of CSV; ``first`` is the number of the first line."""
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    while True:
        number = first + reader.line_num
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise DataError(
                f"a quotation mark in line {number} is not closed or stands in the wrong place; correct it."
            ) from None
        yield number, fields


def _blank_rows(lines: Iterator[str], first: int) -> Iterator[Row]:
    """Rows whose fields are separated by any number of blanks; quotes may hold blanks together."""
    for number, line in enumerate(lines, first):
        if '"' in line:
            found = re.findall(r'"([^"]*)"|([^\s"]+)', line)
            yield number, [quoted or bare for quoted, bare in found]
        else:
            yield number, line.split()
