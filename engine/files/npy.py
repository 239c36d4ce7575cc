"""Arrays in the npy format, read with care: the header is checked before memory is taken.

Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. Only plain numbers
are read: whole ones and floating-point ones of 2, 4 or 8 bytes, in any byte order and both memory
orders. Nothing is evaluated or unpickled.
"""

from __future__ import annotations

import io
import math
import re
from typing import IO

import numpy as np

from engine.core.plan import Array
from engine.files.problems import Wrong

Shape = tuple[int, ...]
Wanted = tuple[int | None, ...]
"""A shape with ``None`` for a side that may have any length."""

MOST_NUMBERS = 50_000_000
"""More numbers than this in one array are refused."""

_MAGIC = b"\x93NUMPY"
_LONGEST_HEADER = 4096
_DESCR = re.compile(r"'descr'\s*:\s*'([<>=|])([a-zA-Z])(\d{1,3})'")
_ORDER = re.compile(r"'fortran_order'\s*:\s*(True|False)")
_SHAPE = re.compile(r"'shape'\s*:\s*\(([\d,\s]*)\)")


def written(array: Array) -> bytes:
    """The array as the bytes of an npy file."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def read(file: IO[bytes], size: int, name: str, wanted: Wanted) -> Array:
    """The array of that shape from a file of ``size`` bytes; single precision stays single.

    Raises ``Wrong``; ``name`` says in its sentence which array it is.
    """
    dtype, fortran, shape, offset = _header(file, name)
    if not fits(shape, wanted):
        raise Wrong(f"{name} must be {sides(wanted)}, not {sides(shape)}")
    count = math.prod(shape)
    if count > MOST_NUMBERS:
        raise Wrong(f"{name} has {count:,} numbers, more than {MOST_NUMBERS:,}")
    if size != offset + count * dtype.itemsize:
        raise Wrong(f"{name} is cut short or too long for its shape")
    data = file.read(count * dtype.itemsize)
    if len(data) != count * dtype.itemsize:
        raise Wrong(f"{name} is cut short")
    flat = np.frombuffer(data, dtype)
    native = np.float32 if dtype.kind == "f" and dtype.itemsize == 4 else np.float64
    ordered = flat.reshape(shape, order="F" if fortran else "C")
    return np.ascontiguousarray(ordered, dtype=native).reshape(shape)


def fits(shape: Shape, wanted: Wanted) -> bool:
    """Whether a shape is the one that is wanted."""
    return len(shape) == len(wanted) and all(
        side == want or want is None for side, want in zip(shape, wanted, strict=True)
    )


def sides(shape: Wanted) -> str:
    """A shape in words: ``4 x 2``."""
    return " x ".join("any" if side is None else str(side) for side in shape[:6]) or "one number"


def _header(file: IO[bytes], name: str) -> tuple[np.dtype[np.generic], bool, Shape, int]:
    start = file.read(8)
    if len(start) < 8 or not start.startswith(_MAGIC) or start[6] not in (1, 2, 3):
        raise Wrong(f"{name} is not in the npy format")
    width = 2 if start[6] == 1 else 4
    length = int.from_bytes(file.read(width), "little")
    if length > _LONGEST_HEADER:
        raise Wrong(f"{name} has a header that is too long")
    text = file.read(length).decode("latin-1")
    descr, order, shape = _DESCR.search(text), _ORDER.search(text), _SHAPE.search(text)
    if (
        descr is None
        or descr[2] not in "fiu"
        or descr[3] not in {"1", "2", "4", "8"}
        or descr[2] + descr[3] == "f1"
    ):
        raise Wrong(f"{name} does not hold plain numbers")
    if order is None or shape is None:
        raise Wrong(f"{name} has a broken header")
    numbers = [side.strip() for side in shape[1].split(",") if side.strip()]
    if any(not side.isdigit() or len(side) > 15 for side in numbers):
        raise Wrong(f"{name} has an impossible shape")
    dtype = np.dtype(f"{descr[1]}{descr[2]}{descr[3]}")
    return dtype, order[1] == "True", tuple(int(side) for side in numbers), 8 + width + length
