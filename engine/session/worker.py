"""The worker: owns the running network, obeys messages, works, and publishes snapshots.

It has no thread of its own, so tests drive it step by step; ``Session`` runs it in one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.core.plan import Array
from engine.core.problems import AxonError, DivergenceError, DocumentError
from engine.curve import Curve
from engine.data_of import data_of
from engine.datasets import Data
from engine.document import Document
from engine.document.difference import difference
from engine.learned import Learned, carried, fresh, frozen, taken_back
from engine.network import Network
from engine.session.answers import Answers
from engine.session.branching import Branching
from engine.session.entries import Entries, Moment
from engine.session.messages import (
    Advance,
    Ask,
    Edit,
    Mark,
    Message,
    Open,
    Pause,
    Play,
    Redo,
    Seek,
    SetBreakpoints,
    Undo,
    Unwatch,
    Watch,
)
from engine.session.probes import Probe, State
from engine.session.run_messages import Branch, GoTo, RunMessage
from engine.session.snapshot import Mailbox, Reply, Snapshot
from engine.session.watching import Watching
from engine.timeline import Timeline
from engine.trainer import Trainer

CHUNK = 0.004
"""Seconds of training between two looks at the messages."""
FRAME = 1 / 60
"""Seconds between two snapshots at the least."""


class Worker:
    """See the module. ``clock`` is a source of seconds, exchanged in tests."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.version = 0
        self.running = False
        self.plays = 0
        self.trainer: Trainer | None = None
        self.timeline: Timeline | None = None
        self.branching = Branching(mailbox.notify)
        self._now = Moment(Document(), Learned({}, {}))
        self._entries = Entries(self._now)
        self._data: Data | None = None
        self._data_key: object = None
        self._problem: DocumentError | None = None
        self._curve = Curve()
        self._curves = 0
        self._sent = 0
        self._pace: float | None = None
        self._due = 0.0
        self._chunk = 1
        self._fresh = False
        self._published = 0.0
        self._stale = True
        self._speed = 0.0
        self._speed_from = (0.0, 0)
        self._answers = Answers()
        self._predictors: dict[int, Network] = {}
        self.watching = Watching()

    # ---------------------------------------------------------------- messages

    def obey(self, message: Message) -> None:
        """Do what one message says; an error of the user's becomes a notice."""
        self._stale = True
        try:
            self._obey(message)
        except AxonError as error:
            self._stumbled(error)

    def _obey(self, message: Message) -> None:
        match message:
            case Open():
                self._open(message)
            case Edit():
                self._edit(message)
            case Mark(entry, merge):
                self._entries.enter(entry, self._entries.mark, self.now, merge)
            case Undo(version, entry, document):
                self._go(version, document, entry, 0)
            case Redo(version, entry, document):
                self._go(version, document, entry, 1)
            case Play(pace):
                self.plays += 1
                self._pace, self._due = pace, time.perf_counter()
                self.running = self.trainer is not None
                self._speed_from = (time.perf_counter(), self._step)
                if self._problem is not None:
                    self.mailbox.notify(str(self._problem))
            case Pause():
                self.running = False
            case Advance(updates):
                self.running = False
                if self.timeline is None:
                    self.mailbox.notify(str(self._problem))
                else:
                    self._advance(updates)
            case Seek(step):
                self.running = False
                self._seek(min(step, self.branching.end_of_leg() or step))
            case Watch():
                self._answers.watch(message)
            case Unwatch(name):
                self._answers.unwatch(name)
            case Ask(number, probe):
                self._reply(number, probe)
            case SetBreakpoints(specs):
                self._chunk = 1
                self.watching.watch_for(specs)
            case _:
                self._obey_run(message)

    def _open(self, message: Open) -> None:
        self.running, self.version = False, message.version
        self.watching.forget()
        begin = message.learned if message.learned is not None else fresh(message.document)
        self._load(Moment(message.document, begin, self.branching.open(message, begin)))
        self._entries = Entries(self._now)

    def _edit(self, message: Edit) -> None:
        before = self.now
        after = carried(before.document, before.learned, message.document)
        if message.change is not None:
            try:
                after = message.change(message.document, after)
            except Exception as error:  # the window has the document already: keep step with it
                self.mailbox.notify(f"The numbers stay as they were: the change failed ({error!r:.80}).")
        self.version = message.version
        run = self.branching.edited((before.document, before.learned), message.document, after, message.anew)
        self._load(Moment(message.document, after, run))
        self._entries.enter(message.entry, before, self._now, message.merge)

    def _obey_run(self, message: RunMessage) -> None:
        before = self.now
        try:
            found = self.branching.obey(message, before)
        except AxonError:
            if isinstance(message, GoTo):  # the window has that document already: keep step with it
                self._edit(Edit(message.version, message.entry, message.document, merge=message.merge))
            raise
        if found is None or not isinstance(message, Branch | GoTo):
            return
        self.running, self.version = self.running and isinstance(message, Branch), message.version
        self._load(found[0])
        self._seek(found[1])
        self._entries.enter(message.entry, before, self.now, message.merge)

    def _go(self, version: int, document: Document, entry: int, side: int) -> None:
        """To the state before (0) or after (1) an entry. Learning that no entry holds stays."""
        goal, other = self._entries.sides(entry)[:: 1 - 2 * side]
        learned = goal.learned
        if self.ahead:
            now = self.now
            learned = taken_back(
                (goal.document, goal.learned), (other.document, other.learned), (now.document, now.learned)
            )
        self.version = version
        once = self._now.run if self.ahead else goal.run
        run = self.branching.come_to(once, document, learned, sure=not self.ahead)
        self._load(Moment(document, learned, run))
        self._entries.mark = Moment(document, goal.learned, goal.run)

    def _reply(self, number: int, probe: Probe) -> None:
        if isinstance(probe, State):
            position = self.trainer.position if self.trainer is not None else None
            runs, present = self.branching.to_save(self.now)
            curve = runs[present].curve.copy()
            self.mailbox.reply(Reply(number, (self.now.learned, curve, position, runs, present)))
            return
        if self.timeline is None:
            self.mailbox.reply(Reply(number, None, str(self._problem)))
            return
        try:
            self.mailbox.reply(Reply(number, probe.answer_within(self.timeline, self._predictor)))
        except AxonError as error:
            self.mailbox.reply(Reply(number, None, str(error)))

    # ---------------------------------------------------------------- state

    @property
    def now(self) -> Moment:
        """The present state."""
        if self.trainer is not None and self._now.learned.step != self.trainer.step:
            self._now = replace(self._now, learned=self.trainer.learned)
        return self._now

    @property
    def ahead(self) -> bool:
        """Whether there is learning that no undo entry holds yet."""
        return self._step != self._entries.mark.learned.step

    @property
    def _step(self) -> int:
        return self.trainer.step if self.trainer is not None else self._now.learned.step

    def _load(self, state: Moment) -> None:
        """Take over another state; a change of looks only leaves the running network alone."""
        looks = difference(self._now.document, state.document).only_looks
        alike = looks and state.learned is self.now.learned and state.run == self._now.run
        if self.trainer is not None and alike:
            self._now = state
            self.trainer.document = state.document
            return
        curve = self.branching.run.curve
        if curve is not self._curve:
            self._curve, self._curves, self._sent = curve, self._curves + 1, curve.start
        self._now = state
        self.trainer = self.timeline = None
        self._fresh = False
        self._problem = None
        self._predictors.clear()
        self._answers.forget()
        try:
            self.trainer = Trainer(state.document, self._data_of(state.document), state.learned)
        except DocumentError as error:
            self._problem = error
        except AxonError as error:
            self._problem = DocumentError(str(error))
        self.watching.follow(self.trainer)
        if self.trainer is None:
            self.running = False
            return
        self.trainer.curve = curve
        self.timeline = Timeline(self.trainer, known=self.branching.leg.states)
        self.branching.follow(self.timeline)
        self._chunk = 1

    def _data_of(self, document: Document) -> Data:
        key = (document.data, document.table)
        if self._data is None or self._data_key != key:
            self._data, self._data_key = data_of(document), key
        return self._data

    def _predictor(self, examples: int) -> Network:
        assert self.trainer is not None
        if examples not in self._predictors:
            if len(self._predictors) > 8:
                self._predictors.clear()
            self._predictors[examples] = Network(self.trainer.store, examples, learns=False)
        return self._predictors[examples]

    # ---------------------------------------------------------------- work

    def _seek(self, step: int) -> None:
        """The exact state before an update; its gradients are known if the one before it was replayed."""
        if self.timeline is not None and step != self._step:
            self._fresh = step > self.timeline.start and self.timeline.kept(step).step != step
            self.timeline.seek(step)

    def work(self) -> float:
        """Train for a moment if training runs; the seconds until there is more to do."""
        if not self.running or self.timeline is None:
            return 1.0
        now = time.perf_counter()
        if self._pace is not None:
            if now < self._due:
                return self._due - now
            behind = int((now - self._due) * self._pace) + 1
            updates = min(behind, self._chunk)
            self._due = max(self._due + updates / self._pace, now - 0.25)
        else:
            updates = self._chunk
        try:
            self._advance(updates)
        except AxonError as error:
            self._stumbled(error)
        took = time.perf_counter() - now
        if took < CHUNK / 2:
            self._chunk = min(self._chunk * 2, 4096)
        elif took > CHUNK:
            self._chunk = max(1, self._chunk // 2)
        self._stale = True
        return 0.0

    def _advance(self, updates: int) -> None:
        """Train on, to a breakpoint at most; the gradients are those of the last update, unless it failed."""
        self._fresh = False
        goal = self._step + updates
        while self._step < goal and self.timeline is not None:
            end = self.branching.end_of_leg()
            if end == self._step:  # the run was changed here once, and now it is not: another one begins
                now = self.now
                self._load(replace(now, run=self.branching.changed(now.document, now.learned)))
                continue
            if self.watching.advance(self.timeline, (goal if end is None else min(goal, end)) - self._step):
                self.running = False
                break
        self._fresh = True
        if self.watching.rewind is not None:
            self._seek(self.watching.rewind)

    def _stumbled(self, error: AxonError) -> None:
        """Stand still and say why; where training diverged the window offers the way back."""
        self.running = False
        if isinstance(error, DivergenceError) and self.timeline is not None:
            self.watching.diverged(str(error), self.timeline)
        else:
            self.mailbox.notify(str(error))

    def publish(self, *, force: bool = False) -> float:
        """Put a snapshot into the mailbox if there is news and room; seconds until it may."""
        if not self._stale:
            return 1.0
        now = time.perf_counter()
        wait = self._published + FRAME - now
        if not force and self.running and (wait > 0 or not self.mailbox.empty):
            return max(wait, 0.002)
        self._published, self._stale = now, False
        self.mailbox.put(self._snapshot(now))
        return 1.0

    def _snapshot(self, now: float) -> Snapshot:
        trainer, timeline = self.trainer, self.timeline
        if trainer is None or timeline is None:
            learned, problem = self._now.learned, self._problem
            return Snapshot(
                version=self.version,
                run=self._curves,
                plays=self.plays,
                step=learned.step,
                parameters=learned.parameters,
                initial=learned.initial,
                data=self._data,
                problem=str(problem) if problem is not None else "",
                problem_layer=problem.layer if problem is not None else None,
                back_to=learned.step,
                curve_from=self._sent,
                ahead=self.ahead,
                hit=self.watching.hit,
                runs=self.branching.runs,
                on=self.branching.number,
            )
        start = max(self._sent, trainer.curve.start)
        news = trainer.curve.since(start)
        self._sent = start + len(news)
        self._measure(now)
        return Snapshot(
            version=self.version,
            run=self._curves,
            step=trainer.step,
            position=trainer.position,
            running=self.running,
            plays=self.plays,
            parameters=_copies(trainer.store.parameters),
            initial=trainer.initial,
            gradients=_copies(trainer.store.gradients) if self._fresh else {},
            answers=self._answers.now(now, self.running, timeline, self._predictor),
            curve_from=start,
            curve=news,
            data=trainer.data,
            speed=self._speed if self.running else 0.0,
            back_to=timeline.start,
            ahead=self.ahead,
            hit=self.watching.hit,
            runs=self.branching.runs,
            on=self.branching.number,
        )

    def _measure(self, now: float) -> None:
        since, step = self._speed_from
        if now - since > 0.5:
            self._speed = (self._step - step) / (now - since)
            self._speed_from = (now, self._step)


def _copies(views: Mapping[str, Array]) -> dict[str, Array]:
    return {key: frozen(np.asarray(view)) for key, view in views.items()}
