"""Versions of the file format, and how an older file becomes one of today.

``MIGRATIONS[3]`` turns the JSON of version 3 into that of version 4. A change of the format takes
three steps: raise ``VERSION``, add the function here, keep a file of the old version as a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.files.problems import Wrong, shown

FORMAT = "axon-project"
VERSION = 3

Entry = dict[str, Any]
Migration = Callable[[Entry], Entry]


def _as_it_is(entry: Entry) -> Entry:
    """Version 2 only has more to say: notes, and what is folded; version 3: other runs."""
    return entry


MIGRATIONS: dict[int, Migration] = {1: _as_it_is, 2: _as_it_is}
"""For each older version the function to the next one."""


def migrated(
    entry: Entry, *, version: int = VERSION, migrations: Mapping[int, Migration] = MIGRATIONS
) -> Entry:
    """The JSON in today's version; a file that names no version is of version 1."""
    if entry.get("format", FORMAT) != FORMAT:
        raise Wrong(f"its format is {shown(entry['format'])}, but an Axon project has '{FORMAT}'")
    found = entry.get("version", 1)
    if isinstance(found, bool) or not isinstance(found, int) or found < 1:
        raise Wrong(f"version must be a whole number from 1 on, not {shown(found)}")
    if found > version:
        raise Wrong(
            f"it was made by a newer Axon (file version {shown(found)}, here up to {version}): update Axon"
        )
    while found < version:
        entry = migrations[found](entry)
        found += 1
    return {**entry, "version": version}
