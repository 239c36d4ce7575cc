"""Numbers side by side with their names: three that are told apart."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.notation import Notation, as_text
from gui.walkthrough.page import Part
from gui.widgets.typeset import Tone


@dataclass(frozen=True, slots=True)
class Column:
    """One of them: its name, its number with a sign before it, and how it looks."""

    name: str
    number: Notation
    sign: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Columns(Part):
    """All of them, from left to right."""

    columns: tuple[Column, ...]

    def as_text(self) -> str:
        return ", ".join(f"{each.name} {each.sign}{as_text(each.number)}" for each in self.columns)
