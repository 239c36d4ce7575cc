"""The runs of a project as the user begins, visits, names and deletes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from engine.core.problems import AxonError
from engine.document.difference import difference
from engine.runs import Run, Runs, dressed
from engine.session import Branch, BringBackRun, DeleteRun, GoTo, NameRun, Snapshot

if TYPE_CHECKING:
    from gui.workspace import Workspace


class Branches:
    """What can be done with runs. All of it can be undone, and no run is ever rewritten."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._told: int | None = None
        """The newest run of which the user knows."""

    # ---------------------------------------------------------------- what there is

    @property
    def runs(self) -> Runs:
        """All runs, as the newest snapshot has them."""
        return self._workspace.snapshot.runs

    @property
    def present(self) -> Run | None:
        """The run that is trained."""
        snapshot = self._workspace.snapshot
        return snapshot.runs.get(snapshot.on)

    @property
    def shown(self) -> tuple[Run, ...]:
        """The runs of the present network, the oldest first."""
        present = self.present
        return self.runs.family(present.number) if present is not None else ()

    @property
    def others(self) -> tuple[Run, ...]:
        """Those of them that are not trained."""
        return tuple(each for each in self.shown if each is not self.present)

    @property
    def reach(self) -> int:
        """The earliest update that can be gone back to."""
        present = self.present
        return self._workspace.snapshot.back_to if present is None else self.runs.reach(present.number)

    @property
    def in_the_past(self) -> bool:
        """Whether more was learned already in this run than is shown."""
        return self.present is not None and self._workspace.snapshot.step < self._workspace.curve.end

    @property
    def possible(self) -> bool:
        """Whether a run can branch off here: only one in which something was learned."""
        return self.present is not None and not self.present.empty and not self._workspace.snapshot.problem

    def near(self, step: int) -> bool:
        """Whether a step lies in the stretch of training in which the network was never changed."""
        present, back_to = self.present, self._workspace.snapshot.back_to
        if present is None:
            return step >= back_to
        end = present.following(back_to)
        return back_to <= step and (end is None or step <= end)

    def forget(self) -> None:
        """Another project begins."""
        self._told = None

    def take(self, snapshot: Snapshot) -> None:
        """Say when a run has begun in the past of another one, which stays."""
        known, self._told = self._told, snapshot.runs.made
        run = snapshot.runs.get(snapshot.on)
        parent = snapshot.runs.get(run.parent) if run is not None and run.parent is not None else None
        if run is None or parent is None or known is None or run.number <= known:
            return
        text = _tr("{0} begins at update {1}; {2} stays as it is. Ctrl+B lists all runs.")
        self._workspace.say(text.format(run.name.capitalize(), run.fork, parent.name))

    # ---------------------------------------------------------------- what is done

    def branch(self, step: int | None = None) -> None:
        """From here on a run of its own; the present one stays as it is."""
        workspace = self._workspace
        if not self.possible:
            workspace.say(_tr("Nothing was learned in this run yet: train first, then branch."))
            return
        workspace.training.pause()
        text = _tr("Branch at update {0}").format(workspace.snapshot.step if step is None else step)
        workspace.editing.travel(text, workspace.document, lambda version, entry, _: Branch(version, entry))
        workspace.state_changed.emit()

    def branch_at(self, number: int, step: int) -> None:
        """As ``branch``, at another update of some run."""
        if self.go(number, step):
            self.branch(step)

    def go(self, number: int, step: int, *, merge: str | None = None) -> bool:
        """To the exact state of an update in some run; whether that is possible."""
        workspace = self._workspace
        try:
            run, leg, found = self.runs.nearest(number, step)
        except AxonError as error:
            workspace.say(str(error))
            return False
        document = dressed(leg.document, workspace.document)
        if run is self.present and self.near(found) and difference(document, workspace.document).only_looks:
            workspace.training.seek(found)
            return True
        workspace.training.pause()
        workspace.walking.leave()
        workspace.editing.travel(
            _tr("Go to {0}").format(run.name),
            document,
            lambda version, entry, merged: GoTo(version, entry, number, step, document, merged),
            merge,
        )
        if found != step and step <= self.runs[number].end:
            workspace.say(_tr("The nearest state that is kept is that of update {0}.").format(found))
        return True

    def visit(self, number: int) -> bool:
        """To the end of a run."""
        return number in self.runs and self.go(number, self.runs[number].end)

    def rename(self, number: int, name: str) -> bool:
        """Call a run otherwise; a name that will not do becomes a sentence."""
        workspace = self._workspace
        try:
            old, new = self.runs[number].name, self.runs.renamed(number, name)[number].name
        except AxonError as error:
            workspace.say(str(error))
            return False
        if new != old:
            send = workspace.link.send
            workspace.editing.deed(
                _tr("Rename {0}").format(old),
                partial(send, NameRun(number, new)),
                partial(send, NameRun(number, old)),
            )
        return True

    def delete(self, number: int) -> bool:
        """Forget a run other than the present one; undo brings it back."""
        workspace, present = self._workspace, self.present
        if number not in self.runs:
            return False
        name = self.runs[number].name
        if present is None or number == present.number:
            workspace.say(_tr("You are on {0}: go to another run before you delete it.").format(name))
            return False
        send = workspace.link.send
        workspace.editing.deed(
            _tr("Delete {0}").format(name),
            partial(send, DeleteRun(number)),
            partial(send, BringBackRun(number)),
        )
        return True


def _tr(text: str) -> str:
    return QCoreApplication.translate("Branches", text)
