"""Tables on the clipboard: text from a spreadsheet to numbers, and back.

Pure functions. Reading takes tabs, semicolons, commas or blanks between the numbers, decimal
points and commas, fractions such as 1/3, and brackets as NumPy prints them. What could mean two
tables is read in the way that fits the place it is pasted to; anything else is refused with one
sentence, and nothing is changed.
"""

from __future__ import annotations

import math
import re

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale

from engine.core.plan import Array
from gui.widgets.numbers import parse_number

translate = QCoreApplication.translate
_THOUSANDS = re.compile(r"(?:^|[^\d.,])[1-9]\d{0,2},\d{3}(?![\d.,])")
"""Where a comma may separate thousands."""
_THREE = re.compile(r",\d{3}(?![\d.,eE])")
"""The quick question whether that can be anywhere."""
_MINUS = "\u2212\u2013"
"""Other signs for minus that spreadsheets write."""
_WORDS = ("_", "n", "N")
"""What Python reads as a number (nan, inf, 1_000) and a person does not."""
_DECIMAL = re.compile(r"[+-]?\d{1,20}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
LONGEST = 4_000_000
"""Characters of a table that is still read."""
MOST_CELLS = 120_000
"""Cells that are still read or written: more would take too long."""
MOST_CAREFUL = 10_000
"""Different texts that are no plain decimals, such as 1/3."""


def read(text: str, locale: QLocale | None = None, fits: tuple[int, int] | None = None) -> Array:
    """The numbers of a table, NaN for a cell that was left empty; raises ``ValueError`` with one sentence.

    ``fits`` are the rows and columns that are wanted, to choose between two ways of reading.
    """
    if len(text) > LONGEST:
        raise ValueError(translate("clip", "The clipboard holds too much text for a table of weights."))
    lines = _lines(text)
    if not lines:
        raise ValueError(translate("clip", "The clipboard holds no numbers: copy some cells first."))
    tables: list[Array] = []
    problem = ""
    for split in _ways(lines):
        try:
            table = _table(lines, split, locale)
        except ValueError as error:
            problem = problem or str(error)
        else:
            tables.append(table)
    if not tables:
        raise ValueError(problem)
    for table in tables:
        if fits is not None and table.shape == fits:
            return table
    return tables[0]


def written(numbers: Array, locale: QLocale | None = None) -> str:
    """Tab-separated text with every digit, for a spreadsheet; an empty cell for NaN.

    Raises ``ValueError`` with one sentence if there are too many.
    """
    if numbers.size > MOST_CELLS:
        text = translate("clip", "These are {0} cells: copy at most {1} at a time.")
        raise ValueError(text.format(numbers.size, MOST_CELLS))
    text = "\n".join(["\t".join(map(repr, row)) for row in numbers.tolist()]) + "\n"
    text = text.replace(".0\t", "\t").replace(".0\n", "\n").removesuffix("\n")
    if np.isnan(numbers).any():
        text = text.replace("nan", "")
    return text.replace(".", (locale or QLocale()).decimalPoint())


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
        return line.split(self.sign)


def _table(lines: list[str], split: _Split, locale: QLocale | None) -> Array:
    width = len(split(lines[0]))
    if width * len(lines) > MOST_CELLS:
        text = translate("clip", "The clipboard has {0} cells: paste at most {1} at a time.")
        raise ValueError(text.format(width * len(lines), MOST_CELLS))
    rows = [split(line) for line in lines]
    for number, row in enumerate(rows, 1):
        if len(row) != width:
            text = translate("clip", "Row {row} has {count} cells and the first row {first}.")
            raise ValueError(text.format(row=number, count=len(row), first=width))
    simple = _simplified("\n".join(lines), split, locale)
    doubtful = any(sign in simple for sign in _WORDS)
    found, careful = np.empty((len(rows), width)), _Careful(locale)
    for at, line in enumerate(simple.split("\n")):
        if doubtful or not _plain(split(line), found[at]):
            found[at] = [careful.number(text, at + 1, place) for place, text in enumerate(rows[at], 1)]
    return found


def _simplified(text: str, split: _Split, locale: QLocale | None) -> str:
    """With decimal points and ordinary minus signs, where it is beyond doubt what they are."""
    if not text.isascii():
        for minus in _MINUS:
            text = text.replace(minus, "-")
    if '"' in text and split.sign is not None:
        text = text.replace(f'"{split.sign}"', split.sign).replace('"\n"', "\n").strip('"')
    if split.sign == "," or "," not in text:
        return text
    point = (locale or QLocale()).decimalPoint()
    doubtful = point != "," and _THREE.search(text) and _THOUSANDS.search(text)
    return text if doubtful else text.replace(",", ".")


def _plain(cells: list[str], into: Array) -> bool:
    """The numbers of ordinary decimals, all at once; whether that is what they are."""
    try:
        into[:] = list(map(float, cells))
    except ValueError:
        return False
    return bool(np.isfinite(into).all())


class _Careful:
    """Reads cells one by one; a text that comes again is read once."""

    def __init__(self, locale: QLocale | None) -> None:
        self._locale = locale
        self._known = {"": math.nan}

    def number(self, text: str, row: int, column: int) -> float:
        """NaN for an empty cell; raises ``ValueError`` with one sentence."""
        cell = text.strip().strip('"').strip()
        found = self._known.get(cell)
        if found is None:
            found = _decimal(cell)
        if found is None:
            if len(self._known) > MOST_CAREFUL:
                said = translate("clip", "More than {0} cells are no plain decimals: paste fewer at a time.")
                raise ValueError(said.format(MOST_CAREFUL))
            found = self._known[cell] = _number(cell, row, column, self._locale)
        return found


def _decimal(cell: str) -> float | None:
    """An ordinary decimal with a point, quickly."""
    return float(cell) if _DECIMAL.fullmatch(cell) else None


def _number(text: str, row: int, column: int, locale: QLocale | None) -> float:
    try:
        return parse_number(text, locale)
    except ValueError as error:
        where = translate("clip", "Row {row}, column {column}: {problem}")
        raise ValueError(where.format(row=row, column=column, problem=error)) from None
