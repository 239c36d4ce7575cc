"""The expression tree: the number unfolds level by level, down to inputs, weights and targets."""

from __future__ import annotations

from gui.walkthrough.commands import DOWN, UP, Commands, Press
from gui.walkthrough.page import Part
from gui.walkthrough.told import Told
from gui.walkthrough.words import tr

RANK = 50


def passage(told: Told) -> list[Part]:
    unfolding = told.unfolding
    tree = None if unfolding is None else unfolding.tree(told.writer)
    if unfolding is None or tree is None:
        return []
    commands: list[tuple[Press, str]] = [(DOWN, tr("Down to the inputs"))]
    if not unfolding.folded:
        commands.append((UP, tr("Fold all")))
    return [tree, Commands(tuple(commands))]
