"""What the window says to the worker: frozen messages through one queue, obeyed in order.

``version`` counts the documents; the worker's snapshots carry the version they belong to.
``entry`` is the number of an entry in the window's undo stack: the worker keeps the learned
numbers before and after it, the window the documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from engine.core.spec import Spec
from engine.curve import Curve
from engine.document import Document
from engine.learned import Learned
from engine.runs import Runs
from engine.session.probes import Probe
from engine.session.run_messages import RunMessage

Change: TypeAlias = Callable[[Document, Learned], Learned]
"""What an edit does to the learned numbers besides carrying them over, e.g. sets a weight."""


@dataclass(frozen=True, slots=True)
class Open:
    """Begin with another document; everything before is forgotten. Training stands still."""

    version: int
    document: Document
    learned: Learned | None = None
    curve: Curve | None = None
    """The loss curve so far, where a project brings one."""
    origin: Learned | None = None
    """An earlier state of the same training, from which it can be replayed."""
    runs: Runs = Runs()
    """The runs that a project brings, and which of them is the present one."""
    run: int = 0


@dataclass(frozen=True, slots=True)
class Edit:
    """Go on with an edited document; learned numbers are carried over, training goes on."""

    version: int
    entry: int
    document: Document
    change: Change | None = None
    merge: bool = False
    """Whether this continues the same entry (a drag): its state before stays."""
    anew: bool = False
    """Whether another network takes its place: its runs have nothing to do with those before."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Make the learning since the last entry an entry of its own; ``merge`` extends that one."""

    entry: int
    merge: bool = False


@dataclass(frozen=True, slots=True)
class Undo:
    """Take an entry back."""

    version: int
    entry: int
    document: Document


@dataclass(frozen=True, slots=True)
class Redo:
    """Do an entry again."""

    version: int
    entry: int
    document: Document


@dataclass(frozen=True, slots=True)
class Play:
    """Train until told otherwise; ``pace`` in updates a second, ``None`` as fast as it goes."""

    pace: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still after the present update."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Some updates, then stand still."""

    updates: int = 1


@dataclass(frozen=True, slots=True)
class Seek:
    """The exact state before update ``step``; training stands still there."""

    step: int


@dataclass(frozen=True, slots=True)
class Watch:
    """Answer a probe with every snapshot, at most every ``every`` seconds while training."""

    name: str
    probe: Probe
    every: float = 0.0


@dataclass(frozen=True, slots=True)
class Unwatch:
    """No more answers to the probe of that name."""

    name: str


@dataclass(frozen=True, slots=True)
class Ask:
    """One answer to a probe, as a ``Reply`` with this number."""

    number: int
    probe: Probe


@dataclass(frozen=True, slots=True)
class SetBreakpoints:
    """Stop training at these events from now on, instead of at those before."""

    breakpoints: tuple[Spec, ...] = ()


Message: TypeAlias = (
    Open | Edit | Mark | Undo | Redo | Play | Pause | Advance | Seek | Watch | Unwatch | Ask | SetBreakpoints
    | RunMessage
)  # fmt: skip
