"""Tables that are shipped with the program: a line of names, then numbers and, last, the class."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from engine.core.plan import Array
from engine.datasets.arrays import read_only


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """``measured`` is (n, m), one row a feature of ``names``; ``labels`` (m,) are places in ``classes``."""

    measured: Array
    labels: Array
    names: tuple[str, ...]
    classes: tuple[str, ...]


@cache
def shipped(file: str) -> Table:
    """The table in that file of ``resources/data``; the classes are in the order they first appear."""
    raw = (files("resources") / "data" / file).read_bytes()
    text = (gzip.decompress(raw) if file.endswith(".gz") else raw).decode("utf-8")
    header, *lines = csv.reader(text.splitlines())
    classes = tuple(dict.fromkeys(line[-1] for line in lines))
    labels = np.array([classes.index(line[-1]) for line in lines])
    labels.setflags(write=False)
    measured = np.array([line[:-1] for line in lines]).astype(np.float64).T
    return Table(read_only(measured), labels, tuple(header[:-1]), classes)
