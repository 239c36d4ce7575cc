"""The other runs of a project in its file: their curves, names, and where they branched off.

Their weights are not saved: a run that was opened can be looked at and compared, not gone back to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.core.plan import Array
from engine.curve import Curve
from engine.files.problems import Wrong, clipped
from engine.runs import Run, Runs

if TYPE_CHECKING:
    from engine.files.numbers import Numbers
    from engine.files.project import Project
    from engine.files.schema import ProjectEntry, RunEntry


def array_name(number: int) -> str:
    """Under which name the curve of a run is kept."""
    return f"runs/{number}"


def runs_to_save(project: Project) -> tuple[Run, ...]:
    """The runs of the present network, if there is more to say than the project's own curve says."""
    if project.run not in project.runs:
        return ()
    present = project.runs[project.run]
    family = project.runs.family(project.run)
    plain = len(family) == 1 and present.name == Runs().free_name() and not present.change
    return () if plain else family


def entries_of(project: Project) -> list[dict[str, Any]]:
    """As JSON, without the curves."""
    family = runs_to_save(project)
    known = {each.number for each in family}
    return [
        {
            "number": each.number,
            "name": each.name,
            **({"parent": each.parent} if each.parent in known else {}),
            "fork": each.fork,
            "change": each.change,
            **({"present": True} if each.number == project.run else {"start": each.curve.start}),
        }
        for each in family
    ]


def arrays_of(project: Project) -> dict[str, Array]:
    """The curves of the runs beside the present one, whose own the project has."""
    others = (each for each in runs_to_save(project) if each.number != project.run)
    return {array_name(each.number): np.asarray(each.values, np.float64) for each in others}


def runs_of(entry: ProjectEntry, numbers: Numbers, curve: Array) -> tuple[Runs, int]:
    """The tree that a checked entry describes, and the number of the present run; raises ``Wrong``."""
    runs, present = Runs(), 0
    for each in sorted(entry.runs, key=lambda run: run.number):
        if each.number in runs:
            raise Wrong(f"runs: there are two with the number {each.number}")
        if each.parent is not None and (each.parent not in runs or each.parent == each.number):
            raise Wrong(f"runs: {clipped(each.name, 40)} branches off a run that is not before it")
        if any(run.name == each.name for run in runs):
            raise Wrong(f"runs: two are called {clipped(each.name, 40)}")
        if each.present and present:
            raise Wrong("runs: only one of them can be the present one")
        values = curve if each.present else _values(each, numbers)
        start = entry.curve.start if each.present else each.start
        present = each.number if each.present else present
        runs = runs.with_(
            Run(
                number=each.number,
                name=each.name,
                curve=Curve.of(values, start),
                tree=1,
                parent=each.parent,
                fork=each.fork,
                change=each.change,
            )
        )
    if entry.runs and not present:
        raise Wrong("runs: one of them must be the present one")
    return replace(runs, made=max((run.number for run in runs), default=0)), present


def _values(entry: RunEntry, numbers: Numbers) -> Array:
    name = array_name(entry.number)
    values = numbers.read(name, (None,))
    if not np.isfinite(values).all():
        raise Wrong(f"the curve of {clipped(entry.name, 40)} has a number that is infinite or not a number")
    return values
