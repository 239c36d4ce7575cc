"""What the window says to the worker about runs: to begin one, to go to one, to name or delete one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.document import Document


@dataclass(frozen=True, slots=True)
class Branch:
    """Begin a run of its own at the present state, as an entry that can be undone."""

    version: int
    entry: int
    merge: bool = False


@dataclass(frozen=True, slots=True)
class GoTo:
    """Go to an update of a run, as an entry that can be undone; training stands still there.

    ``document`` is the one of that stretch of the run, with the looks that the window has now.
    """

    version: int
    entry: int
    run: int
    step: int
    document: Document
    merge: bool = False
    """Whether this continues the same entry (a drag)."""


@dataclass(frozen=True, slots=True)
class NameRun:
    """Call a run otherwise."""

    run: int
    name: str


@dataclass(frozen=True, slots=True)
class DeleteRun:
    """Forget a run; it can be brought back."""

    run: int


@dataclass(frozen=True, slots=True)
class BringBackRun:
    """Have a deleted run again."""

    run: int


RunMessage: TypeAlias = Branch | GoTo | NameRun | DeleteRun | BringBackRun
