"""A piece of a network as text: the JSON of a small project, so that it can be mailed, saved and opened.

Read with the checks of a project: what comes from elsewhere ends in a piece or in one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from engine.core.plan import Array
from engine.core.problems import FileError
from engine.document.clipboard import Clip
from engine.files import text
from engine.files.document import document_of
from engine.files.migrations import migrated
from engine.files.numbers import Inline
from engine.files.problems import LONGEST, Wrong, clipped, why
from engine.files.project import Project
from engine.files.schema import ProjectEntry
from engine.files.written import arrays_of, entry_of, with_numbers
from engine.layout import Layout
from engine.learned import Learned, frozen

MOST_TEXT = 16 * 2**20
"""Characters of a text that is still looked at."""
MOST_NUMBERS = 200_000
"""With more weights than this a piece is written without them: the text would be too large to mail."""
PARTS = ("format", "version", "name", "layers", "connections", "folded", "notes", "parameters", "initial")
"""What of a project belongs to a piece."""


def to_text(clip: Clip) -> str:
    """The piece as JSON, with its weights if they are few enough; raises ``FileError``."""
    few = not why_without_weights(clip)
    empty: Mapping[str, Array] = {}
    learned = Learned(clip.parameters if few else empty, clip.initial if few else empty)
    project = Project(clip.document, learned)
    entry = with_numbers(entry_of(project), arrays_of(project))
    try:
        return text.encoded({name: entry[name] for name in PARTS if name in entry}).decode()
    except Wrong as error:
        raise FileError(f"These layers cannot be copied: {error}.") from None


def why_without_weights(clip: Clip) -> str:
    """Why a piece is written without its weights; empty if they are written."""
    arrays = [array for each in (clip.parameters, clip.initial) for array in each.values()]
    if sum(array.size for array in arrays) > MOST_NUMBERS:
        return "Copied. Outside this window the layers come without their weights: there are too many."
    if not all(np.isfinite(array).all() for array in arrays):
        return "Copied. Outside this window the layers come without their weights: some are no numbers."
    return ""


def check_length(count: int) -> None:
    """Raises ``FileError`` for a text that is too long to be looked at."""
    if count > MOST_TEXT:
        raise FileError(f"The clipboard holds more than {MOST_TEXT // 2**20} MB: that is too much to paste.")


def from_text(words: str) -> Clip:
    """The piece that a text describes; raises ``FileError`` with one sentence for any other text."""
    check_length(len(words))
    try:
        return _read(words)
    except Exception as error:  # whatever comes from outside never ends in a traceback
        start = "The clipboard holds no layers that Axon can read: "
        what = clipped((why(error) or "it is damaged").strip().rstrip("."), LONGEST - len(start) - 1)
        raise FileError(f"{start}{what}.") from error


def _read(words: str) -> Clip:
    if not words.lstrip().startswith("{"):
        raise Wrong("it is some other text")
    found: dict[str, Any] = migrated(text.parsed(words))
    entry = ProjectEntry.model_validate(found)
    document = document_of(entry, None, "Network")
    if not document.layers and not document.notes:
        raise Wrong("it has no layers")
    layout, numbers = Layout(document), Inline(entry)
    numbers.name_in_full(document)
    parameters, initial = (
        {
            key: _finite(numbers.read(f"{group}/{key}", slot.shape), key)
            for key, slot in layout.slots.items()
            if numbers.has(f"{group}/{key}")
        }
        for group in ("parameters", "initial")
    )
    initial = {key: initial.get(key, value) for key, value in parameters.items()}
    alike = all(initial[key] is value for key, value in parameters.items())
    return Clip(document, parameters, parameters if alike else initial)


def _finite(array: Array, key: str) -> Array:
    if not np.isfinite(array).all():
        raise Wrong(f"the weights {key} have a number that is infinite or not a number")
    return frozen(array)
