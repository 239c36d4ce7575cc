"""Commands on a page: a few words that do something when they are pressed, by the mouse or with Enter."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from gui.walkthrough.page import Part


@dataclass(frozen=True, slots=True)
class Press:
    """Something on a page that does what ``key`` says when it is pressed."""

    key: Hashable


DOWN, UP = Press("down"), Press("up")
"""Unfold everything down to the inputs; fold all of it."""
FOLLOW, GO_THERE = Press("follow"), Press("go there")
"""Follow the number to the loss and back; go to the update that is explained."""


@dataclass(frozen=True, slots=True)
class Commands(Part):
    """Some of them below one another or, where there is room, side by side."""

    items: tuple[tuple[Press, str], ...]

    def as_text(self) -> str:
        return "\n".join(text for _, text in self.items)
