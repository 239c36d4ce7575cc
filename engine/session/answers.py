"""The answers of the probes that are watched: each as often as it is wanted, and as its cost allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.network import Network
from engine.session.messages import Watch
from engine.timeline import Timeline

SHARE = 0.015
"""The share of the worker's time that one watched probe may take while training runs."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a probe found, and what that cost."""

    at: float
    cost: float
    """Seconds of the processor."""
    found: object

    def stale(self, now: float, watch: Watch) -> bool:
        """Whether it is time to ask again, while training goes on."""
        rest = 0.0 if watch.probe.sparing else self.cost / SHARE
        return now - self.at >= max(watch.every, rest)


class Answers:
    """Asks the probes that are watched, and keeps what they said."""

    def __init__(self) -> None:
        self._watched: dict[str, Watch] = {}
        self._last: dict[str, Answer] = {}

    def watch(self, watch: Watch) -> None:
        """Ask this one from now on."""
        self._watched[watch.name] = watch
        self._last.pop(watch.name, None)

    def unwatch(self, name: str) -> None:
        """Ask it no more."""
        self._watched.pop(name, None)
        self._last.pop(name, None)

    def forget(self) -> None:
        """Another network: what was found in the one before says nothing."""
        self._last.clear()

    def now(
        self, now: float, running: bool, timeline: Timeline, networks: Callable[[int], Network]
    ) -> Mapping[str, object]:
        """What the probes find, by name; while training runs some say what they found a moment ago."""
        for name, watch in self._watched.items():
            last = self._last.get(name)
            if last is None or not running or last.stale(now, watch):
                began = time.thread_time()
                found = watch.probe.answer_within(timeline, networks)
                # the first time a network is compiled for it; that says nothing of the next
                cost = 0.0 if last is None else time.thread_time() - began
                self._last[name] = Answer(now, cost, found)
        return {name: each.found for name, each in self._last.items()}
