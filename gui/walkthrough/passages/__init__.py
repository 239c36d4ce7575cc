"""Passages: what a page says below the formula of a number, one concept a file.

A file of this folder has a ``RANK``, which says how far down its passage stands, and a function
``passage(told)`` that gives its parts, none where it has nothing to say.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import lru_cache

from gui.walkthrough.page import Part
from gui.walkthrough.told import Told

Passage = Callable[[Told], list[Part]]


@lru_cache(maxsize=1)
def all_passages() -> tuple[Passage, ...]:
    """Every passage in the order of the ranks."""
    names = (each.name for each in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return tuple(each.passage for each in sorted(modules, key=lambda each: (each.RANK, each.__name__)))


def passages(told: Told) -> list[Part]:
    """All that is to be said below the formula of a number."""
    return [part for each in all_passages() for part in each(told)]
