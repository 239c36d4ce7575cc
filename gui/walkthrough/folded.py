"""Folded parts: a question on a page that opens step by step, and a choice of ways to tell something."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.notation import Notation, as_text
from gui.walkthrough.page import Part


@dataclass(frozen=True, slots=True)
class Opener:
    """Stands on a page where something opens or closes: after a click so many stages of a topic are open."""

    topic: str
    stage: int

    @property
    def key(self) -> tuple[str, str, int]:
        """What identifies it."""
        return ("opener", self.topic, self.stage)


@dataclass(frozen=True, slots=True)
class Folded(Part):
    """A question with its answer in stages, of which the first ``seen`` are open.

    What was opened stays open from page to page: the topic says what belongs together.
    """

    topic: str
    question: str
    stages: tuple[tuple[Part, ...], ...]
    onward: str
    """What the button says that opens the next stage, with {n} and {all}."""
    seen: int = 0

    @property
    def open(self) -> int:
        """How many stages are open."""
        return min(self.seen, len(self.stages))

    @property
    def next(self) -> str:
        """The text of the button for the next stage; empty at the end, and while nothing is open."""
        if not 0 < self.open < len(self.stages):
            return ""
        return self.onward.format(n=self.open + 1, all=len(self.stages))

    def as_text(self) -> str:
        inside = [part.as_text() for stage in self.stages[: self.open] for part in stage]
        return "\n".join(filter(None, (self.question, *inside, self.next)))


@dataclass(frozen=True, slots=True)
class Choice(Part):
    """One of several ways to tell the same; ``chosen`` says which."""

    topic: str
    options: tuple[str, ...]
    chosen: int = 0

    def as_text(self) -> str:
        return " | ".join(f"[{each}]" if n == self.chosen else each for n, each in enumerate(self.options))


@dataclass(frozen=True, slots=True)
class Sentence(Part):
    """A sentence with numbers and symbols in it that can be clicked; words are plain strings."""

    pieces: tuple[str | Notation, ...]
    strong: bool = False
    """In the ink of the text and not of a remark."""

    def as_text(self) -> str:
        return "".join(each if isinstance(each, str) else as_text(each) for each in self.pieces)
