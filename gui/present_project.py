"""The project as it is at this moment: the document, what the worker has learned, and the place in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from engine.curve import Curve
from engine.learned import Learned, frozen
from engine.runs import Runs
from engine.session.probes import State
from gui.workspace import Workspace

if TYPE_CHECKING:
    from engine.files import Project


def present_project(workspace: Workspace, view: Mapping[str, Any], then: Callable[[Project], object]) -> None:
    """Ask the worker what was learned and hand the project to ``then``, in the window's thread.

    Training may go on meanwhile: the project is one state that really was.
    """
    document, walk = workspace.document, workspace.walk
    at = walk.at if walk is not None and walk.at >= 0 else None

    def answered(found: tuple[Learned, Curve, object, Runs, int]) -> None:
        from engine.files import Project

        learned, curve, _, runs, run = found
        whole = curve.start <= learned.step <= curve.end
        start = curve.start if whole else learned.step
        values = frozen(curve.values if whole else curve.values[:0])
        back_to = workspace.snapshot.back_to
        then(Project(document, learned, dict(view), values, start, at, back_to, runs, run))

    workspace.link.ask(State(), answered)
