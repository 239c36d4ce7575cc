"""Branching: on which run the worker's present state stands, and when a new one begins.

A run is never rewritten. Whoever stands in its past and changes something, or trains on where it
was changed once, begins another one; so every update that was ever done can be gone back to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.core.problems import AxonError
from engine.curve import Curve
from engine.document import Document
from engine.document.difference import difference
from engine.learned import Learned
from engine.runs import Leg, Run, Runs
from engine.session.entries import Moment
from engine.session.messages import Open
from engine.session.run_messages import Branch, BringBackRun, DeleteRun, GoTo, NameRun, RunMessage
from engine.timeline import Timeline

GONE = 8
"""So many runs that were deleted, or had no update, are kept for whoever undoes that."""


class Branching:
    """The tree of runs, and the run and the leg that are trained."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.runs = Runs()
        self.number = 0
        """The present run."""
        self._say = say
        self._start = 0
        """Where the present leg begins."""
        self._gone: dict[int, Run] = {}
        self._line: tuple[Timeline, int, int] | None = None

    # ---------------------------------------------------------------- the present

    @property
    def run(self) -> Run:
        """The present run."""
        return self.runs[self.number]

    @property
    def leg(self) -> Leg:
        """The present leg."""
        leg = self.run.leg(self._start)
        assert leg is not None
        return leg

    def end_of_leg(self) -> int | None:
        """The update at which the present run was changed once; ``None`` if it never was from here on."""
        return self.run.following(self._start)

    def follow(self, timeline: Timeline) -> None:
        """The present leg is trained there from now on."""
        self._line = (timeline, self.number, self._start)

    def keep(self) -> None:
        """Remember what can be had of the states that are about to be left."""
        if self._line is None:
            return
        timeline, number, start = self._line
        state = timeline.trainer.learned
        states = {step: timeline.kept(step) for step in timeline.checkpoints}
        self.runs = self.runs.remembering(
            number, start, {**states, state.step: states.get(state.step, state)}
        )

    # ---------------------------------------------------------------- coming to a state

    def open(self, message: Open, learned: Learned) -> int:
        """Another project, with the runs that it brings; the number of the present one."""
        self._gone.clear()
        self._line = None
        document, curve, origin = message.document, message.curve, message.origin
        if curve is None or not curve.start <= learned.step <= curve.end:
            curve = Curve(learned.step)
        begin = origin if origin is not None and origin.step < learned.step else learned
        leg = Leg(begin.step, document, {begin.step: begin, learned.step: learned})
        runs, number = message.runs, message.run
        if number not in runs:
            runs, number = runs.begun(document, learned, curve, None), runs.made + 1
        fork = runs[number].fork if number in message.runs else curve.start
        self.runs = runs.with_(replace(runs[number], curve=curve, legs=(leg,), fork=fork))
        return self._stand(number, begin.step)

    def obey(self, message: RunMessage, now: Moment) -> tuple[Moment, int] | None:
        """Do what a message says; where it leads to, as a state to load and the step to reach then."""
        match message:
            case Branch():
                number = self._begin(self.number, now, (now.document, now.learned))
                return replace(now, run=number), now.learned.step
            case GoTo(run=run, step=step, document=document):
                return self._found(run, step, document)
            case NameRun(run, name):
                self.runs = self.runs.renamed(run, name)
            case DeleteRun(run):
                if run == self.number:
                    raise AxonError(f"You are on {self.run.name}: go to another run before you delete it.")
                self._drop(run)
            case BringBackRun(run):
                self._bring_back(run)
                if run not in self.runs:
                    raise AxonError("That run is no longer there.")
        return None

    def edited(
        self, before: tuple[Document, Learned], document: Document, learned: Learned, anew: bool
    ) -> int:
        """The run of an edited network; ``anew`` if another network took its place."""
        if difference(before[0], document).only_looks and learned is before[1]:
            return self.number
        self.keep()
        if anew:
            self.runs = self.runs.begun(document, learned, Curve(learned.step), None)
            return self._stand(self.runs.made, learned.step)
        if learned.step < before[1].step:
            return self.come_to(self.number, document, learned, change="back to the initial weights")
        return self.changed(document, learned, left=before)

    def come_to(
        self, number: int, document: Document, learned: Learned, *, sure: bool = True, change: str = ""
    ) -> int:
        """The run on which a state stands that once was one of ``number``'s.

        Without ``sure`` it may be another state by now, as one that an edit made.
        """
        self.keep()
        if number not in self.runs:
            self._bring_back(number)
        if number not in self.runs:
            self.runs = self.runs.begun(document, learned, Curve(learned.step), None)
            return self._stand(self.runs.made, learned.step)
        run = self.runs.owner(number, learned.step)
        if sure:
            back = self.runs.taken_back(run.number, learned.step) if learned.step == run.end else self.runs
            for runs in (back, self.runs):
                home = runs[run.number].home(document, learned)
                if home is not None:
                    self.runs = runs
                    return self._stand(run.number, home.start)
        return self.changed(document, learned, run.number, change=change)

    def changed(
        self,
        document: Document,
        learned: Learned,
        number: int | None = None,
        *,
        left: tuple[Document, Learned] | None = None,
        change: str = "",
    ) -> int:
        """A state that the run never had: at its end it goes on, in its past another one begins."""
        self.keep()
        run = self.runs.owner(self.number if number is None else number, learned.step)
        if learned.step < run.end or not run.legs:
            return self._begin(run.number, Moment(document, learned), left, change)
        self.runs = self.runs.changed(run.number, document, learned)
        return self._stand(run.number, learned.step)

    # ---------------------------------------------------------------- inside

    def _found(self, number: int, step: int, document: Document) -> tuple[Moment, int]:
        self.keep()
        run, leg, step = self.runs.nearest(number, step)
        state = leg.kept(step)
        assert state is not None
        self._stand(run.number, leg.start)
        if not difference(leg.document, document).only_looks:
            document = leg.document
        return Moment(document, state, run.number), step

    def to_save(self, now: Moment) -> tuple[Runs, int]:
        """The tree as a file can hold it, in which the present run has one leg, its last one."""
        if self.end_of_leg() is None:
            return self.runs, self.number
        runs = self._with_branch(self.number, now, (now.document, now.learned))
        return runs, runs.made

    def _begin(
        self, number: int, goal: Moment, left: tuple[Document, Learned] | None, change: str = ""
    ) -> int:
        self.keep()
        self.runs = self._with_branch(number, goal, left, change)
        return self._stand(self.runs.made, goal.learned.step)

    def _with_branch(
        self, number: int, goal: Moment, left: tuple[Document, Learned] | None, change: str = ""
    ) -> Runs:
        step = goal.learned.step
        run = self.runs.owner(number, step)
        common = run.values[: max(0, step - run.curve.start)]
        start = run.curve.start if run.curve.start + len(common) == step else step
        curve = Curve.of(common, start) if start < step else Curve(start)
        return self.runs.begun(goal.document, goal.learned, curve, run.number, left=left, change=change)

    def _stand(self, number: int, start: int) -> int:
        """Be in a leg of a run; runs without any update that were left are forgotten."""
        self.number, self._start = number, start
        for each in self.runs:
            if each.empty and each.number != number:
                self._drop(each.number)
        self.runs, said = self.runs.bounded(number)
        for sentence in said:
            self._say(sentence)
        return number

    def _drop(self, number: int) -> None:
        self._gone[number] = self.runs[number]
        for old in list(self._gone)[:-GONE]:
            del self._gone[old]
        self.runs = self.runs.without(number)

    def _bring_back(self, number: int) -> None:
        run = self._gone.pop(number, None)
        if run is None:
            return
        name = self.runs.free_name() if any(each.name == run.name for each in self.runs) else run.name
        parent = run.parent if run.parent is not None and run.parent in self.runs else None
        self.runs = self.runs.with_(replace(run, name=name, parent=parent))
