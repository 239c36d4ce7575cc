"""Travelling: the worker goes to another update, and its trace comes back."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.session import Advance, Seek
from engine.session.probes import Tracing
from engine.session.standing import Standing
from engine.trace import Trace

if TYPE_CHECKING:
    from gui.workspace import Workspace

FEW = 32
"""Updates of the first portion of a long way."""
SOON = 0.1
"""Seconds that a portion may take, so that Esc can end the way."""

Arrive = Callable[[Trace], None]


class Travelling:
    """Forwards by training on, in portions; backwards by the timeline, to the exact state.

    One that stops on the way, at a breakpoint or because it diverges, arrives there.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._way = 0

    def go(self, here: int | None, update: int | None, arrive: Arrive) -> None:
        """From before one update to before another; ``None`` is wherever the worker stands."""
        self._way += 1
        workspace = self._workspace
        here = workspace.snapshot.step if here is None else here
        if update is None or update == here:
            self._ask(arrive)
        elif update < here:
            workspace.link.send(Seek(update))
            workspace.editing.keep_learning(force=True)
            self._ask(arrive)
        else:
            self._on(here, update, FEW, arrive)

    def forget(self) -> None:
        """The way ends at the present portion, and nobody arrives."""
        self._way += 1

    def _on(self, here: int, update: int, portion: int, arrive: Arrive) -> None:
        way, goal, began = self._way, min(update, here + portion), time.perf_counter()
        workspace = self._workspace
        workspace.link.send(Advance(goal - here))
        workspace.editing.keep_learning(force=True)
        if goal == update:
            self._ask(arrive)
            return

        def more(step: int) -> None:
            if way != self._way:
                return
            if step == goal:
                quick = time.perf_counter() - began < SOON
                self._on(goal, update, 2 * portion if quick else portion, arrive)
            else:
                self._ask(arrive)

        workspace.link.ask(Standing(), more)

    def _ask(self, arrive: Arrive) -> None:
        way = self._way

        def there(trace: Trace) -> None:
            if way == self._way:
                arrive(trace)

        self._workspace.link.ask(Tracing(), there)
