"""The page of one number that somebody asked about: its story, and what can be done with it."""

from __future__ import annotations

from gui.explaining import Asked
from gui.walkthrough.commands import DOWN, FOLLOW, GO_THERE, UP, Commands, Press
from gui.walkthrough.page import Page, Part, Remark
from gui.walkthrough.subject import Subject
from gui.walkthrough.tree import Fold, More
from gui.walkthrough.words import tr
from gui.workspace import Workspace


def number_page(story: Page, past: int | None, *, following: bool) -> Page:
    """``past`` is the number of the update that it is of, where that has been done already."""
    before: list[Part] = []
    if past is not None:
        said = tr("From update {number}, which lies in the past: with the weights from before it.",
                  number=past + 1)  # fmt: skip
        before = [Remark(said), Commands(((GO_THERE, tr("Go there")),))]
    follow = Commands(((FOLLOW, tr("Follow this number to the loss and back")),))
    return Page((*before, *story.parts, *(() if following else (follow,))))


def pressed(press: Press, subject: Subject, workspace: Workspace) -> None:
    """Do what a command on the page says."""
    unfolding, trace, ref = subject.unfolding, subject.trace, subject.ref
    if unfolding is None or trace is None or ref is None:
        return
    if isinstance(press, Fold):
        unfolding.turn(press.path)
    elif isinstance(press, More):
        unfolding.show_more(press.path)
    elif press == DOWN:
        unfolding.down()
    elif press == UP:
        unfolding.up()
    elif press == GO_THERE:
        workspace.training.seek_on_curve(trace.step_number)
    elif press == FOLLOW:
        owner, array, index, example = subject.outside(ref.key)
        past = None if subject.walked else subject.single.past
        cell = (owner, array.removeprefix("new "), index, example)
        workspace.explaining.ask(Asked(cell, past, follow=True))
