"""Runs: every training of a project, so that going back and trying something else loses none.

    run 1  ─────┬───────────
                └──────────────  run 2: learning rate 0.5 → 0.05

A run leaves its parent before an update, the *fork*, and has a loss curve of its own, which begins
with what the two have in common. Where something was changed while it went on, it has several
*legs*: in each of them one document is trained, and each keeps some states, so that every update
of the run can be gone back to, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.changes import in_words
from engine.core.plan import Array
from engine.core.problems import AxonError
from engine.curve import Curve
from engine.document import Document
from engine.document.difference import difference
from engine.document.wording import cleaned
from engine.learned import Learned

MOST_RUNS = 12
"""More curves than these nobody can tell apart; the oldest goes."""
MOST_LEGS = 48
"""Where more changes than these were made in one run, the shortest stretches cannot be gone back to."""
MOST_STATES = 64
"""States that are kept of a leg that is not trained at the moment."""
BUDGET = 256 * 2**20
"""Bytes of all states that the runs keep."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A stretch of a run in which one document was trained, from update ``start`` on.

    ``states`` are kept by their step; where there are none the stretch cannot be gone back to.
    """

    start: int
    document: Document
    states: Mapping[int, Learned]

    def kept(self, step: int) -> Learned | None:
        """The last state at or before a step."""
        known = [each for each in self.states if each <= step]
        return self.states[max(known)] if known else None

    def thinned(self, most: int) -> Leg:
        """With so many states at most: the first, the last, and some between, evenly."""
        steps = sorted(self.states)
        if len(steps) <= most:
            return self
        chosen = {steps[round(place * (len(steps) - 1) / (most - 1))] for place in range(most)}
        return replace(self, states={step: self.states[step] for step in sorted(chosen)})

    @property
    def bytes(self) -> int:
        """About how much memory the states take."""
        return sum(map(_bytes, list(self.states.values())[:1])) * len(self.states)


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One training. The curve grows while it goes on; everything else of a run never changes."""

    number: int
    """Never that of another run in the same project."""
    name: str
    curve: Curve
    legs: tuple[Leg, ...] = ()
    tree: int = 0
    """The same for all that began with one network."""
    parent: int | None = None
    fork: int = 0
    """The update before which it left its parent."""
    change: str = ""
    """What was changed there, in words."""
    left: tuple[Document, Learned] | None = None
    """What it left: the document and the numbers before the change."""

    @property
    def end(self) -> int:
        """The update that comes next after all that were done."""
        return self.curve.end

    @property
    def values(self) -> Array:
        """J of every update from ``curve.start`` on, the common ones included."""
        return self.curve.values

    @property
    def empty(self) -> bool:
        """Whether no update was done since it began."""
        return self.end <= self.fork

    def leg(self, step: int) -> Leg | None:
        """The leg in which update ``step`` is or would be done."""
        return next((each for each in reversed(self.legs) if each.start <= step), None)

    def following(self, start: int) -> int | None:
        """Where the leg ends that begins at ``start``; ``None`` for the last one."""
        return next((each.start for each in self.legs if each.start > start), None)

    def home(self, document: Document, learned: Learned) -> Leg | None:
        """The leg of which this is a state; ``None`` if this run never had it.

        Within a leg a state that is not kept is trusted: what was done is never done otherwise.
        """
        step = learned.step
        for leg in reversed(self.legs):
            end = self.following(leg.start)
            if leg.start <= step <= (self.end if end is None else end):
                known = leg.states.get(step)
                inside = step < (self.end if end is None else end)
                right = inside if known is None else known.same_bits(learned)
                if right and difference(leg.document, document).only_looks:
                    return leg
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """The tree of runs, the oldest first. What changes it gives another tree."""

    all: tuple[Run, ...] = ()
    made: int = field(default=0)
    """How many runs there ever were."""

    def __iter__(self) -> Iterator[Run]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def __contains__(self, number: object) -> bool:
        return any(each.number == number for each in self.all)

    def __getitem__(self, number: int) -> Run:
        found = self.get(number)
        if found is None:
            raise AxonError("That run is no longer there.")
        return found

    def get(self, number: int) -> Run | None:
        """The run of that number, if it is there."""
        return next((each for each in self.all if each.number == number), None)

    # ---------------------------------------------------------------- where things are

    def owner(self, number: int, step: int) -> Run:
        """Whose an update is: of the run itself, or of the one that it has it in common with."""
        run = self[number]
        while step < run.fork and run.parent is not None and run.parent in self:
            run = self[run.parent]
        return run

    def family(self, number: int) -> tuple[Run, ...]:
        """The runs that began with the same network as this one."""
        return tuple(each for each in self.all if each.tree == self[number].tree)

    def line(self, number: int) -> tuple[Run, ...]:
        """The run, its parent, and so on back to the first."""
        found = [self[number]] if number in self else []
        while found and found[-1].parent is not None and found[-1].parent in self:
            found.append(self[found[-1].parent])
        return tuple(found)

    def parting(self, one: int, other: int) -> int:
        """The first update that two runs have not in common."""
        until, limit = {}, self[one].end
        for run in self.line(one):
            until[run.number] = limit
            limit = min(limit, run.fork)
        limit = self[other].end
        for run in self.line(other):
            if run.number in until:
                return min(limit, until[run.number])
            limit = min(limit, run.fork)
        return max(self[one].curve.start, self[other].curve.start)

    def reach(self, number: int) -> int:
        """The earliest update that can be gone back to from this run."""
        starts = [each.start for run in self.line(number) for each in run.legs if each.states]
        return min(starts, default=self[number].end)

    def nearest(self, number: int, step: int) -> tuple[Run, Leg, int]:
        """Where a run can be gone back to: at that step, or as near behind or before it as there is."""
        run = self.owner(number, max(self[number].curve.start, min(step, self[number].end)))
        step = min(step, run.end)
        leg = run.leg(step)
        if leg is not None and leg.kept(step) is not None:
            return run, leg, step
        able = [each for each in run.legs if each.states]
        if not able:
            raise AxonError(f"Of {run.name} only the curve is kept, not the weights: you cannot go there.")
        later = [each for each in able if max(each.states) >= step]
        leg = later[0] if later else able[-1]
        return run, leg, min(leg.states) if later else max(leg.states)

    # ---------------------------------------------------------------- other trees

    def with_(self, run: Run) -> Runs:
        """With a run put in: a new one, or in the place of the one of that number."""
        others = tuple(each for each in self.all if each.number != run.number)
        found = tuple(sorted((*others, run), key=lambda each: each.number))
        return replace(self, all=found, made=max(self.made, run.number))

    def begun(
        self,
        document: Document,
        learned: Learned,
        curve: Curve,
        parent: int | None,
        *,
        left: tuple[Document, Learned] | None = None,
        change: str = "",
    ) -> Runs:
        """With one more run, the last of ``all``: from a state on, off a parent if there is one.

        ``left`` is the state that was changed; if it is not known, and neither has the parent one of that
        step, ``change`` says what was done.
        """
        if left is None and parent is not None:
            leg = self[parent].leg(learned.step)
            was = leg.states.get(learned.step) if leg is not None else None
            left = (leg.document, was) if leg is not None and was is not None else None
        run = Run(
            number=self.made + 1,
            name=self.free_name(),
            curve=curve,
            legs=(Leg(learned.step, document, {learned.step: learned}),),
            tree=self[parent].tree if parent is not None else self.made + 1,
            parent=parent,
            fork=learned.step,
            change=in_words(left, (document, learned)) if left is not None else change,
            left=left,
        )
        return self.with_(run)

    def changed(self, number: int, document: Document, learned: Learned) -> Runs:
        """A run whose network was changed at its end: it goes on in a leg of its own."""
        run = self[number]
        leg = Leg(learned.step, document, {learned.step: learned})
        legs = (*(each for each in run.legs if each.start < leg.start), leg)
        if leg.start == run.fork and run.left is not None:
            run = replace(run, change=in_words(run.left, (document, learned)))
        return self.with_(replace(run, legs=_fewer(legs)))

    def taken_back(self, number: int, step: int) -> Runs:
        """A run without the changes that were made at its end, after which nothing was learned."""
        run = self[number]
        return self.with_(replace(run, legs=tuple(each for each in run.legs if each.start < step)))

    def remembering(self, number: int, start: int, states: Mapping[int, Learned]) -> Runs:
        """With the states of a leg that was trained, if it is still the same."""
        if number not in self:
            return self
        run, legs = self[number], []
        for leg in run.legs:
            if leg.start == start and leg.states.get(start) is states.get(start):
                end = run.following(start) or run.end
                fit = {step: state for step, state in states.items() if start <= step <= end}
                leg = replace(leg, states=fit).thinned(MOST_STATES)
            legs.append(leg)
        return self.with_(replace(run, legs=tuple(legs)))

    def renamed(self, number: int, name: str) -> Runs:
        """With another name for a run; raises ``AxonError`` for one that will not do."""
        name = cleaned(name)
        if not name:
            raise AxonError("A run needs a name.")
        if len(name) > LONGEST_NAME:
            raise AxonError(f"The name of a run has at most {LONGEST_NAME} characters.")
        if any(each.name == name and each.number != number for each in self.all):
            raise AxonError(f"There is another run called {name}.")
        return self.with_(replace(self[number], name=name))

    def without(self, number: int) -> Runs:
        """Without a run. Those that branched off it keep what they have in common with it."""
        gone = self[number]
        kept = []
        for each in self.all:
            if each.parent == number:
                shared = tuple(_until(leg, each.fork) for leg in gone.legs if leg.start < each.fork)
                changes = "; ".join(filter(None, (gone.change, each.change)))
                each = replace(
                    each, parent=gone.parent, fork=min(gone.fork, each.fork), legs=(*shared, *each.legs),
                    change=changes if gone.parent is not None else "", left=None,
                )  # fmt: skip
            if each.number != number:
                kept.append(each)
        return replace(self, all=tuple(kept))

    def free_name(self) -> str:
        """run 1, run 2, ...: the first that no run has."""
        names = {each.name for each in self.all}
        return next(name for name in map("run {}".format, range(1, len(names) + 2)) if name not in names)

    # ---------------------------------------------------------------- within the memory

    def bounded(self, present: int) -> tuple[Runs, tuple[str, ...]]:
        """With no more runs and states than there is room for; and a sentence for what was lost."""
        runs, said = self, []
        while len(runs) > MOST_RUNS:
            oldest = next(each for each in runs if each.number != present)
            runs = runs.without(oldest.number)
            said.append(f"{oldest.name.capitalize()} is gone: the {MOST_RUNS} newest runs are kept.")
        while sum(leg.bytes for run in runs for leg in run.legs) > BUDGET:
            run, leg = max(
                ((run, leg) for run in runs for leg in run.legs), key=lambda each: len(each[1].states)
            )
            if len(leg.states) > 2:
                thinner = leg.thinned(max(2, len(leg.states) // 2))
                legs = tuple(thinner if each is leg else each for each in run.legs)
                runs = runs.with_(replace(run, legs=legs))
                continue
            other = next((run for run in runs if run.number != present and run.legs), None)
            if other is not None:
                runs = runs.with_(replace(other, legs=(), left=None))
                said.append(f"Of {other.name} only the curve is kept from now on: its weights need too much.")
                continue
            able = [place for place, leg in enumerate(runs[present].legs[:-1]) if leg.states]
            if not able:
                break
            runs = runs.with_(replace(runs[present], legs=_without_states(runs[present].legs, able[0])))
        return runs, tuple(said)


NO_RUNS = Runs()
"""A tree without any."""


def dressed(document: Document, like: Document) -> Document:
    """A document with the looks of another one: places, names, groups, folds and notes are as they are
    now, also where the network is as it was once."""
    looks = {each.id: each for each in like.layers}
    layers = tuple(
        replace(
            each, x=looks[each.id].x, y=looks[each.id].y, name=looks[each.id].name,
            group=looks[each.id].group, folded=looks[each.id].folded,
        )
        if each.id in looks else each
        for each in document.layers
    )  # fmt: skip
    there = {each.id: each for each in layers}
    notes = tuple(
        each
        for each in like.notes
        if not each.layer
        or (each.layer in there and (each.unit is None or each.unit in there[each.layer].units))
    )
    return replace(document, name=like.name, layers=layers, folded=like.folded, notes=notes)


def _bytes(learned: Learned) -> int:
    vectors = (learned.parameters, *learned.memory.values())
    return sum(array.nbytes for vector in vectors for array in vector.values())


def _until(leg: Leg, step: int) -> Leg:
    return replace(leg, states={at: state for at, state in leg.states.items() if at <= step})


def _fewer(legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """With so many legs that can be gone back to at most: the first and the last always."""
    able = [place for place, each in enumerate(legs[:-1]) if place and each.states]
    if len(able) + 2 <= MOST_LEGS:
        return legs
    shortest = min(able, key=lambda place: legs[place + 1].start - legs[place].start)
    return _without_states(legs, shortest)


def _without_states(legs: tuple[Leg, ...], which: int) -> tuple[Leg, ...]:
    return tuple(replace(leg, states={}) if place == which else leg for place, leg in enumerate(legs))
