"""A project: everything that the window shows and the network knows, opened and saved as one file."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from engine.core.plan import Array
from engine.core.problems import AxonError, FileError
from engine.datasets import Data
from engine.document import Document
from engine.files import archive, text
from engine.files.atomic import replaced
from engine.files.document import document_of, table_of
from engine.files.migrations import migrated
from engine.files.numbers import Inline, InMemory, Numbers, learned_of
from engine.files.problems import Wrong, clipped, failed, why
from engine.files.runs import runs_of
from engine.files.schema import ProjectEntry
from engine.files.written import arrays_of, entry_of, with_numbers
from engine.layout import Layout
from engine.learned import Learned, fresh, frozen, restarted
from engine.optimizers import optimizers
from engine.runs import Runs

SUFFIX = ".axon"
MOST_BYTES = 4 * 2**30
"""A larger file is not opened."""
MOST_VIEW = 2**20
"""Characters of the window's settings."""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """A document with what was learned and where the user stood.

    ``view`` belongs to the window: any JSON object (camera, docks, theme). ``curve`` has J of
    every update from ``curve_start`` on, (updates,), double. ``walk`` is the step of the
    walkthrough within update ``learned.step``, or ``None`` outside one.
    """

    document: Document
    learned: Learned
    view: Mapping[str, Any] = field(default_factory=dict)
    curve: Array = field(default_factory=lambda: frozen(np.zeros(0)))
    curve_start: int = 0
    walk: int | None = None
    back_to: int | None = None
    """The earliest update that the timeline reached; 0 can be reached again by replaying."""
    runs: Runs = Runs()
    """All trainings with their curves, if any; ``run`` is the number of the present one."""
    run: int = 0

    @property
    def origin(self) -> Learned | None:
        """The state at update 0, if training came from it without an edit on the way."""
        step = self.learned.step
        if self.back_to != 0 or step == 0 or self.curve_start != 0 or len(self.curve) < step:
            return None
        return restarted(self.document, self.learned)

    @classmethod
    def new(cls, document: Document) -> Project:
        """Nothing learned yet; the first weights are drawn."""
        return cls(document, fresh(document))


# -------------------------------------------------------------------- opening


def open_project(path: str | os.PathLike[str]) -> Project:
    """Open an .axon file or plain JSON; which of the two, its content says.

    Raises ``FileError`` with one sentence, whatever is wrong, and nothing else.
    """
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            raise Wrong("it is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise Wrong("it is not an ordinary file")
        if status.st_size > MOST_BYTES:
            raise Wrong(f"it is larger than {MOST_BYTES // 2**30} GB")
        with Path(path).open("rb") as file:
            return _read(file, status.st_size, Path(path).stem)
    except Exception as error:
        raise _opening_failed(path, error) from error


def from_bytes(data: bytes, name: str = "project") -> Project:
    """The project in the bytes of a file; ``name`` is what a message calls it."""
    try:
        return _read(io.BytesIO(data), len(data), Path(name).stem)
    except Exception as error:
        raise _opening_failed(name, error) from error


def from_text(words: str, name: str = "project") -> Project:
    """The project in plain JSON text."""
    return from_bytes(words.encode("utf-8", "surrogatepass"), name)


def _opening_failed(path: str | os.PathLike[str], error: Exception) -> FileError:
    """Whatever was raised, in one sentence: what comes from outside never ends in a traceback."""
    return failed(path, "opened", why(error) or "it is damaged")


def _read(file: Any, size: int, name: str) -> Project:
    start = file.read(4)
    file.seek(0)
    if not start:
        raise Wrong("it is empty")
    if start.startswith(b"PK"):
        box = archive.Archive(file, size)
        entry = _entry(text.parsed(text.decoded(box.text())))
        if Inline(entry).given:
            raise Wrong(f"in an archive, numbers belong into arrays, not into {archive.PROJECT}")
        return _built(entry, box, name)
    entry = _entry(text.parsed(text.decoded(file.read(text.MOST_BYTES + 1))))
    return _built(entry, Inline(entry), name)


def _entry(found: dict[str, Any]) -> ProjectEntry:
    return ProjectEntry.model_validate(migrated(found))


def _built(entry: ProjectEntry, numbers: Numbers, name: str) -> Project:
    """The project of a checked entry; building the layout proves that it can be calculated."""
    if len(text.compact(entry.view)) > MOST_VIEW:
        raise Wrong("view is too large")
    document = document_of(entry, _table(entry, numbers), clipped(name, 200))
    layout = Layout(document)
    if isinstance(numbers, Inline):
        numbers.name_in_full(document)
        _check_names(layout, numbers, entry)
    has_curve = numbers.whole or numbers.has("curve")
    curve = numbers.read("curve", (None,)) if has_curve else np.zeros(0)
    if not np.isfinite(curve).all():
        raise Wrong("the loss curve has a number that is infinite or not a number")
    runs, run = runs_of(entry, numbers, curve)
    return Project(
        document=document,
        learned=learned_of(entry, layout, numbers),
        view=entry.view,
        curve=frozen(curve.astype(np.float64, copy=False)),
        curve_start=entry.curve.start,
        walk=entry.walk,
        back_to=entry.back_to,
        runs=runs,
        run=run,
    )


def _table(entry: ProjectEntry, numbers: Numbers) -> Data | None:
    if entry.table is None:
        return None
    if not numbers.has("table"):
        raise Wrong("table.rows is missing" if not numbers.whole else "the array table is missing")
    columns = None if entry.table.features is None else len(entry.table.features) + len(entry.table.targets)
    rows = numbers.read("table", (None, columns))
    if not len(rows):
        raise Wrong("the table has no rows")
    if not np.isfinite(rows).all():
        raise Wrong("the table has a number that is infinite or not a number")
    return table_of(entry.table, rows)


def _check_names(layout: Layout, numbers: Inline, entry: ProjectEntry) -> None:
    memories = optimizers.make(layout.document.optimizer).memories
    for vector in entry.memory:
        if vector not in memories:
            raise Wrong(f"memory: the optimizer keeps no vector '{clipped(vector, 40)}'")
    for group in ("parameters", "initial", *(f"memory/{vector}" for vector in memories)):
        for key in sorted(numbers.names(group) - layout.slots.keys()):
            known = ", ".join(layout.slots) or "none"
            raise Wrong(f"{group}: there is no '{clipped(key, 40)}' (there are {clipped(known, 80)})")


# -------------------------------------------------------------------- saving


def save_project(project: Project, path: str | os.PathLike[str]) -> None:
    """Save as plain JSON where the name ends in .json, else as an .axon archive.

    The project is checked first by the very code that opens files, and the file is replaced as a
    whole: what is on the disk can always be opened. Raises ``FileError`` with one sentence.
    """
    try:
        plain = Path(path).suffix.lower() == ".json"
        entry, arrays = _checked(project)
        words = text.encoded(with_numbers(entry, arrays) if plain else entry)
        if len(words) > (text.MOST_BYTES if plain else archive.MOST_TEXT):
            way = f"give it a name that ends in {SUFFIX}" if plain else "it has too many settings"
            raise Wrong(f"its JSON would be too large: {way}")
        with replaced(Path(path)) as file:
            if plain:
                file.write(words)
            else:
                archive.write(file, words, arrays)
    except Exception as error:
        what = why(error, saving=True)
        if what is None:
            raise  # a fault of the program, which no user can mend
        raise failed(path, "saved", what) from error


def to_text(project: Project) -> str:
    """The project as plain JSON; raises ``FileError``."""
    try:
        return text.encoded(with_numbers(*_checked(project))).decode()
    except (Wrong, AxonError, ValidationError) as error:
        raise failed(project.document.name, "saved", why(error) or "") from error


def _checked(project: Project) -> tuple[dict[str, Any], dict[str, Array]]:
    """The file's entry and arrays, after they went through everything that opening goes through."""
    entry, arrays = entry_of(project), arrays_of(project)
    view = text.parsed(text.encoded(entry["view"]).decode())
    _built(_entry({**entry, "view": view}), InMemory(arrays), project.document.name)
    return entry, arrays
