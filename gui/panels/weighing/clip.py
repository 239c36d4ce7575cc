"""Tables on the clipboard: text from a spreadsheet to numbers, and back.

Pure functions. Reading takes tabs, semicolons, commas or blanks between the numbers, decimal
points and commas, fractions such as 1/3, and brackets as NumPy prints them. What could mean two
tables is read in the way that fits the place it is pasted to; anything else is refused with one
sentence, and nothing is changed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from gui.widgets.numbers import parse_number

translate = QCoreApplication.translate
_PLAIN = re.compile(r"[-+.0-9eE]*")
LONGEST = 4_000_000
"""Characters of a table that is still read."""

Row = tuple[float | None, ...]
Table = tuple[Row, ...]
"""Rows of numbers; ``None`` for a cell that was left empty."""


def read(text: str, locale: QLocale | None = None, fits: tuple[int, int] | None = None) -> Table:
    """The numbers of a table; raises ``ValueError`` with one sentence.

    ``fits`` are the rows and columns that are wanted, to choose between two ways of reading.
    """
    if len(text) > LONGEST:
        raise ValueError(translate("clip", "The clipboard holds too much text for a table of weights."))
    lines = _lines(text)
    if not lines:
        raise ValueError(translate("clip", "The clipboard holds no numbers: copy some cells first."))
    tables: list[Table] = []
    problem = ""
    for split in _ways(lines):
        try:
            table = _table([split(line) for line in lines], locale)
        except ValueError as error:
            problem = problem or str(error)
        else:
            tables.append(table)
    if not tables:
        raise ValueError(problem)
    for table in tables:
        if fits is not None and (len(table), len(table[0])) == fits:
            return table
    return tables[0]


def written(rows: Sequence[Sequence[float]], locale: QLocale | None = None) -> str:
    """Tab-separated text with every digit, for a spreadsheet; an empty cell for NaN."""
    point = (locale or QLocale()).decimalPoint()
    text = "\n".join("\t".join(map(repr, row)) for row in rows)
    return re.sub(r"\.0(?=\s|$)", "", text).replace("nan", "").replace(".", point)


def _lines(text: str) -> list[str]:
    """The lines that say something; brackets around rows go."""
    bare = text.replace("\r\n", "\n").replace("\r", "\n")
    if "[" in bare:
        bare = re.sub(r"\b(np\.)?array\(|\)", "", bare)
        bare = re.sub(r"\]\s*,?[ ]*(?=\[)", "\n", bare).replace("[", "").replace("]", "")
        bare = "\n".join(line.strip().strip(",") for line in bare.split("\n") if line.strip(" ,"))
    lines = bare.split("\n")
    while lines and not lines[-1].strip(" ;,\t"):
        lines.pop()
    while lines and not lines[0].strip(" ;,\t"):
        lines.pop(0)
    return lines


def _ways(lines: list[str]) -> list[_Split]:
    """How the lines can be cut into cells, the likeliest way first."""
    whole = "\n".join(lines)
    if "\t" in whole:
        return [_Split("\t")]
    if ";" in whole:
        return [_Split(";")]
    ways = []
    blanks = any(re.search(r"\S\s+\S", line) for line in lines)
    if "," in whole:
        decimal = all(line.count(",") <= 1 for line in lines) and "." not in whole
        comma = _Split(",")
        ways = [_Split(None), comma] if decimal or (blanks and not re.search(r",\s", whole)) else [comma]
    elif blanks:
        ways = [_Split(None)]
    return ways or [_Split("\t")]


class _Split:
    """Cuts a line at a sign, or at blanks for ``None``."""

    def __init__(self, sign: str | None) -> None:
        self.sign = sign

    def __call__(self, line: str) -> list[str]:
        cells = line.split(self.sign) if self.sign is not None else line.split()
        return [cell.strip().strip('"').strip() for cell in cells]


def _table(cells: list[list[str]], locale: QLocale | None) -> Table:
    width = len(cells[0])
    found = []
    for number, row in enumerate(cells, 1):
        if len(row) != width:
            text = translate("clip", "Row {row} has {count} cells and the first row {first}.")
            raise ValueError(text.format(row=number, count=len(row), first=width))
        plain = _plain(row)
        found.append(plain or tuple(_number(text, number, at, locale) for at, text in enumerate(row, 1)))
    return tuple(found)


def _plain(row: list[str]) -> Row | None:
    """The numbers of a row of ordinary decimals, quickly; ``None`` where somebody must look closer."""
    if not all(row) or not _PLAIN.fullmatch("".join(row)):
        return None
    try:
        values = tuple(map(float, row))
    except ValueError:
        return None
    return values if all(map(math.isfinite, values)) else None


def _number(text: str, row: int, column: int, locale: QLocale | None) -> float | None:
    if not text:
        return None
    try:
        return parse_number(text, locale)
    except ValueError as error:
        where = translate("clip", "Row {row}, column {column}: {problem}")
        raise ValueError(where.format(row=row, column=column, problem=error)) from None
