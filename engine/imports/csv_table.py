"""A table read from a text file: what was recognised, a preview, and its columns as numbers or texts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np

from engine.core.plan import Array
from engine.core.problems import DataError
from engine.datasets.arrays import read_only
from engine.imports.recognise import (
    DELIMITERS,
    INFINITE,
    NUMBER,
    ONLY_NUMBERS,
    SAMPLE,
    Row,
    common_width,
    decimal_of,
    delimiter_of,
    has_header,
    is_missing,
    rows_of,
    said_delimiter,
)
from engine.imports.text_file import load_text, shown

MAX_COLUMNS = 1_000
MAX_ROWS = 1_000_000

HEAD = 10
"""How many rows the preview has."""

BLOCK = 4_096
"""How many rows are turned into numbers at a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A field that gives trouble: its line in the file and its text."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: ``numbers`` (m,) has NaN where there is none; ``texts`` is empty if all are numbers.

    In a column with texts the missing values are the empty text.
    """

    name: str
    numbers: Array
    texts: tuple[str, ...] = ()
    count_of_texts: int = 0
    count_of_missing: int = 0
    first_text: Cell | None = None
    first_missing: Cell | None = None
    first_infinite: Cell | None = None

    @property
    def type(self) -> str:
        """``number`` or ``text``."""
        return "text" if self.texts else "number"


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What was read and how; ``head`` has the first rows as they stand in the file, for a preview."""

    name: str
    """How a sentence calls it: ``'flowers.csv'`` or ``the pasted text``."""
    delimiter: str
    decimal: str
    header: bool
    encoding: str
    columns: tuple[Column, ...]
    head: tuple[tuple[str, ...], ...]

    @property
    def m(self) -> int:
        """The number of rows below the header: the examples."""
        return len(self.columns[0].numbers)

    def position(self, which: str | int | None) -> int:
        """The number, from 0, of a column given by its name or number; ``None`` is the last.

        Numbers below 0 count from the end. Raises ``DataError`` if there is no such column.
        """
        count = len(self.columns)
        if which is None:
            return count - 1
        if isinstance(which, int):
            if not -count <= which < count:
                raise DataError(f"In {self.name}, there is no column number {which}; it has {count} columns.")
            return which % count
        names = [column.name for column in self.columns]
        if which in names:
            return names.index(which)
        small = [name.casefold() for name in names]
        if small.count(which.casefold()) == 1:
            return small.index(which.casefold())
        listed = ", ".join(f"'{shown(name)}'" for name in names[:10]) + (", …" if count > 10 else "")
        raise DataError(f"In {self.name}, there is no column '{shown(which)}'; its columns are {listed}.")


def read_table(
    source: str | bytes | os.PathLike[str],
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    header: bool | None = None,
) -> Table:
    """Read a table from a file (a path) or from its content (bytes, or a text with a line break).

    What is left ``None`` is recognised: the delimiter (comma, semicolon, tab, bar or blanks), the
    decimal sign (point or comma), whether the first row holds the names. Without names the
    columns are x1 ... xn and y. Comments (#) at the top and empty rows are skipped.
    Raises ``FileError`` and ``DataError``, each with one sentence.
    """
    for sign, known, what in ((delimiter, DELIMITERS, "delimiter"), (decimal, tuple(NUMBER), "decimal sign")):
        if sign is not None and sign not in known:
            raise DataError(f"'{shown(sign)}' cannot be a {what}; choose another.")
    text, encoding, name = load_text(source)
    try:
        return _read(text, encoding, name, delimiter, decimal, header)
    except DataError as error:
        raise DataError(f"In {name}, {error}") from None


def _read(
    text: str, encoding: str, name: str, delimiter: str | None, decimal: str | None, header: bool | None
) -> Table:
    if not any(True for _ in rows_of(text, " ")):
        raise DataError("there are no rows; it is empty.")
    delimiter = delimiter or said_delimiter(text) or delimiter_of(text)
    rows = rows_of(text, delimiter)
    sample = list(islice(rows, SAMPLE))
    width = common_width([fields for _, fields in sample])
    _check_width(width)
    example = next(line for line, fields in sample if len(fields) == width)
    if header is None:
        header = has_header([fields for _, fields in sample if len(fields) == width])
    decimal = decimal or _decimal(text, delimiter, [fields for _, fields in sample])
    checked = _of_one_width(chain(sample, rows), width, example)
    names = next(checked)[1] if header else []
    columns = [_Growing(decimal) for _ in range(width)]
    head: list[tuple[str, ...]] = []
    m = 0
    while block := list(islice(checked, BLOCK)):
        m += len(block)
        if m > MAX_ROWS:
            raise DataError(f"there are more than {MAX_ROWS} rows; keep only some of them.")
        lines = [line for line, _ in block]
        fields = [fields for _, fields in block]
        head += [tuple(row) for row in fields[: HEAD - len(head)]]
        for column, cells in zip(columns, zip(*fields, strict=True), strict=True):
            column.add(cells, lines)
    if m == 0:
        raise DataError("there are no rows below the names of the columns; add some examples.")
    if width > 2 and columns[-1].count_of_missing == m and not any(names[-1:]):
        columns, names, width = columns[:-1], names[:-1], width - 1
        head = [row[:-1] for row in head]
    return Table(
        name=name,
        delimiter=delimiter,
        decimal=decimal,
        header=header,
        encoding=encoding,
        columns=tuple(column.done(each) for column, each in zip(columns, _names(names, width), strict=True)),
        head=tuple(head),
    )


def _check_width(width: int) -> None:
    if width < 2:
        raise DataError("there is only one column; a table needs at least one feature and a target.")
    if width > MAX_COLUMNS:
        raise DataError(f"there are {width} columns; at most {MAX_COLUMNS} can be read.")


def _decimal(text: str, delimiter: str, sample: Sequence[Sequence[str]]) -> str:
    """The decimal sign by the sample, or by all rows where the sample does not tell."""
    sign = decimal_of(sample)
    if sign is None and delimiter != "," and "," in text:
        sign = decimal_of(fields for _, fields in rows_of(text, delimiter))
    return sign or "."


def _of_one_width(rows: Iterator[Row], width: int, example: int) -> Iterator[Row]:
    for line, fields in rows:
        if len(fields) != width:
            found = f"{len(fields)} field" + ("" if len(fields) == 1 else "s")
            raise DataError(
                f"line {line} has {found}, but {width} were expected as in line {example}; "
                "look for a missing or an extra separator."
            )
        yield line, fields


def _names(names: Sequence[str], width: int) -> list[str]:
    """A name for every column, no two the same: x1 ... xn, y where the file has none."""
    plain = [*(f"x{i}" for i in range(1, width)), "y"]
    return distinct(shown(name, 100) or instead for name, instead in zip(names or plain, plain, strict=True))


@dataclass(slots=True)
class _Growing:
    """A column while it is being read, block by block."""

    decimal: str
    numbers: list[Array] = field(default_factory=list)
    texts: list[tuple[str, ...] | None] = field(default_factory=list)
    """A block's fields, or ``None`` for a block of numbers only."""
    count_of_texts: int = 0
    count_of_missing: int = 0
    first_text: Cell | None = None
    first_missing: Cell | None = None
    first_infinite: Cell | None = None
    same: dict[str, str] = field(default_factory=dict)
    """One object for equal texts, to save memory."""

    def add(self, cells: Sequence[str], lines: Sequence[int]) -> None:
        """Append a block of fields; ``lines`` says where they stand."""
        values = self._plain(cells)
        if values is not None:
            self.texts.append(None)
            if not np.isfinite(values).all():
                at = int(np.argmin(np.isfinite(values)))
                self.first_infinite = self.first_infinite or Cell(lines[at], cells[at])
        else:
            values = np.array([self._odd(cell, line) for cell, line in zip(cells, lines, strict=True)])
            self.texts.append(tuple(self.same.setdefault(cell, cell) for cell in cells))
        self.numbers.append(values)

    def done(self, name: str) -> Column:
        """The column as frozen data; a minus is no gap where the classes are plus and minus."""
        texts: list[str] = []
        if self.count_of_texts:
            for block, values in zip(self.texts, self.numbers, strict=True):
                texts += block if block is not None else map(label, values.tolist())
            if set(texts) == {"+", "-"}:
                self.count_of_missing, self.first_missing = 0, None
            else:
                texts = ["" if is_missing(text) else text for text in texts]
        return Column(
            name=name,
            numbers=read_only(np.concatenate(self.numbers)),
            texts=tuple(texts),
            count_of_texts=self.count_of_texts,
            count_of_missing=self.count_of_missing,
            first_text=self.first_text,
            first_missing=self.first_missing,
            first_infinite=self.first_infinite,
        )

    def _plain(self, cells: Sequence[str]) -> Array | None:
        """The values of a block of numbers, fast; ``None`` if there is anything else in it."""
        joined = "\0".join(cells)
        if not ONLY_NUMBERS[self.decimal].fullmatch(joined):
            return None
        if self.decimal == ",":
            cells = joined.replace(",", ".").split("\0")
        try:
            return np.array(list(map(float, cells)))
        except ValueError:
            return None

    def _value(self, cell: str) -> float:
        return float(cell.replace(",", ".") if self.decimal == "," else cell)

    def _odd(self, cell: str, line: int) -> float:
        """The number in a field that may hold anything; NaN without one, and a note of the first."""
        if is_missing(cell):
            self.count_of_missing += 1
            self.first_missing = self.first_missing or Cell(line, cell)
            return np.nan
        cell = cell.replace("−", "-")
        infinite = cell.lower() in INFINITE
        if infinite or NUMBER[self.decimal].fullmatch(cell):
            value = np.inf if infinite else self._value(cell)
            if np.isinf(value):
                self.first_infinite = self.first_infinite or Cell(line, cell)
            return value
        self.count_of_texts += 1
        self.first_text = self.first_text or Cell(line, cell)
        return np.nan


def distinct(names: Iterable[str]) -> list[str]:
    """The names with a number in brackets after each that was there before."""
    result: dict[str, None] = {}
    for base in names:
        name, number = base, 1
        while name in result:
            number += 1
            name = f"{base} ({number})"
        result[name] = None
    return list(result)


def label(value: float) -> str:
    """A number as the name of a class: 3, not 3.0."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
