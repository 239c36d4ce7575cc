"""What the worker says to the window: frozen snapshots in a one-place mailbox, and replies.

The newest arrays win; the scalars of the loss curve add up until they are taken, so none is
lost however fast training runs.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from engine.batches import Position
from engine.core.plan import Array
from engine.datasets import Data
from engine.runs import Runs
from engine.session.watching import Hit

NOTHING = np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The running network at one moment, read-only."""

    version: int
    """The document it belongs to; a window drops those of another version."""
    run: int = 0
    """Counts the loss curves: another number means that the curve begins anew."""
    step: int = 0
    position: Position | None = None
    running: bool = False
    plays: int = 0
    """How many ``Play`` messages were obeyed: an older snapshot says nothing of the last one."""
    parameters: Mapping[str, Array] = field(default_factory=dict)
    initial: Mapping[str, Array] = field(default_factory=dict)
    gradients: Mapping[str, Array] = field(default_factory=dict)
    """∂J/∂θ of the update that led here; empty before the first, after an edit, and where the state was
    restored as it was kept."""
    answers: Mapping[str, object] = field(default_factory=dict)
    """What the probes that are watched found, by name."""
    curve_from: int = 0
    """The update to which the first of ``curve`` belongs."""
    curve: Array = field(default_factory=lambda: NOTHING)
    """J of the updates since the last snapshot that was taken."""
    data: Data | None = None
    problem: str = ""
    """Why the network cannot be trained as it is; empty if it can."""
    problem_layer: str | None = None
    speed: float = 0.0
    """Updates a second, measured."""
    back_to: int = 0
    """The earliest update that the timeline can restore."""
    ahead: bool = False
    """Whether there is learning that no undo entry holds yet."""
    hit: Hit | None = None
    """The last breakpoint at which training stopped, in this project."""
    runs: Runs = Runs()
    """All runs, with their curves; that of the present one goes on growing."""
    on: int = 0
    """The number of the present run."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to an ``Ask``; ``problem`` says why there is none."""

    number: int
    answer: object = None
    problem: str = ""


class Mailbox:
    """One snapshot, the newest; all replies and notices, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._replies: list[Reply] = []
        self._notices: list[str] = []

    @property
    def empty(self) -> bool:
        """Whether the last snapshot was taken."""
        return self._snapshot is None

    def put(self, snapshot: Snapshot) -> None:
        """The newest snapshot; the untaken part of the loss curve is handed on to it."""
        with self._lock:
            old = self._snapshot
            if (
                old is not None
                and old.run == snapshot.run
                and old.curve_from + len(old.curve) == snapshot.curve_from
            ):
                whole = np.concatenate([old.curve, snapshot.curve])
                snapshot = replace(snapshot, curve=whole, curve_from=old.curve_from)
            self._snapshot = snapshot

    def reply(self, reply: Reply) -> None:
        """An answer that must not be lost."""
        with self._lock:
            self._replies.append(reply)

    def notify(self, sentence: str) -> None:
        """A sentence for the user: training diverged, the worker stumbled."""
        with self._lock:
            self._notices.append(sentence)

    def take(self) -> tuple[Snapshot | None, list[Reply], list[str]]:
        """All that has come since the last time."""
        with self._lock:
            taken = self._snapshot, self._replies, self._notices
            self._snapshot, self._replies, self._notices = None, [], []
            return taken
