"""The .axon file: a zip with ``project.json`` and ``arrays/*.npy``.

What it declares is checked before anything is unpacked, and what it unpacks to cannot be more
than it declared. Entries that the format does not know are left alone: nothing is ever written
to the disk from an archive.
"""

from __future__ import annotations

import errno
import stat
import zipfile
import zlib
from collections.abc import Mapping
from typing import IO

from engine.core.plan import Array
from engine.files import npy
from engine.files.problems import Wrong, clipped

PROJECT = "project.json"
MOST_ENTRIES = 5000
MOST_TEXT = 16 * 2**20
"""Bytes of ``project.json``."""
MOST_TOTAL = 4 * 2**30
"""Bytes of all entries together, unpacked."""
MOST_RATIO = 200
"""Unpacked bytes for each packed one, above ``SMALL`` bytes in all."""
SMALL = 64 * 2**20

_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
    IndexError,
    OSError,
)
"""What ``zipfile`` raises when bytes are not what they should be."""
_DAMAGED = "it is damaged or cut short"


def array_entry(name: str) -> str:
    """Where an array lies in the archive: ``parameters/hidden.b`` in ``arrays/parameters/hidden.b.npy``."""
    return f"arrays/{name}.npy"


class Archive:
    """A checked archive; ``whole`` because every array of the project must be in it."""

    whole = True

    def __init__(self, file: IO[bytes], size: int) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _BROKEN as error:
            raise _damaged(error) from None
        self._entries = _checked(self._zip.infolist(), size)
        if PROJECT not in self._entries:
            raise Wrong(f"it is not an Axon project: there is no {PROJECT} in it")

    def text(self) -> bytes:
        """The bytes of ``project.json``."""
        entry = self._entries[PROJECT]
        if entry.file_size > MOST_TEXT:
            raise Wrong(f"{PROJECT} is larger than {MOST_TEXT // 2**20} MB")
        try:
            with self._zip.open(entry) as file:
                data = file.read(MOST_TEXT + 1)
        except _BROKEN as error:
            raise _damaged(error) from None
        if len(data) != entry.file_size:
            raise Wrong(_DAMAGED)
        return data

    def has(self, name: str) -> bool:
        """Whether there is an array of that name."""
        return array_entry(name) in self._entries

    def read(self, name: str, shape: npy.Wanted) -> Array:
        """The array of that name and shape."""
        entry = self._entries.get(array_entry(name))
        if entry is None:
            raise Wrong(f"the array {name} is missing")
        try:
            with self._zip.open(entry) as file:
                return npy.read(file, entry.file_size, name, shape)
        except Wrong:
            raise
        except _BROKEN as error:
            raise _damaged(error) from None


def _damaged(error: Exception) -> Exception:
    """A trouble of the disk stays what it is; an impossible offset is the archive's fault."""
    ours = isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}
    return error if ours else Wrong(_DAMAGED)


def _checked(entries: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
    if len(entries) > MOST_ENTRIES:
        raise Wrong(f"it has {len(entries)} entries, more than {MOST_ENTRIES}")
    found: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.orig_filename
        if _leaves(name):
            raise Wrong(f"its entry '{clipped(name, 60)}' leads out of the archive")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise Wrong(f"its entry '{clipped(name, 60)}' is a link")
        if entry.flag_bits & 0x41:
            raise Wrong("it is encrypted")
        if name in found:
            raise Wrong(f"its entry '{clipped(name, 60)}' stands in it twice")
        if entry.compress_type not in _PACKINGS:
            raise Wrong("it is packed in a way that Axon does not read")
        found[name] = entry
    total = sum(entry.file_size for entry in entries)
    if total > MOST_TOTAL or (total > SMALL and total > MOST_RATIO * size):
        raise Wrong(f"it would unpack to {total / 2**20:,.0f} MB, which no project of its size does")
    return found


def _leaves(name: str) -> bool:
    """Whether a path is absolute, has a drive or goes up."""
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\0" in name


def write(file: IO[bytes], text: bytes, arrays: Mapping[str, Array]) -> None:
    """Write an archive; the same project always gives the same bytes.

    Arrays are stored as they are: weights hardly shrink, and saving stays fast.
    """
    with zipfile.ZipFile(file, "w") as archive:
        _put(archive, PROJECT, text, zipfile.ZIP_DEFLATED)
        for name, array in arrays.items():
            _put(archive, array_entry(name), npy.written(array), zipfile.ZIP_STORED)


def _put(archive: zipfile.ZipFile, name: str, data: bytes, packing: int) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = packing
    entry.external_attr = (stat.S_IFREG | 0o644) << 16
    entry.create_system = 3
    archive.writestr(entry, data)
