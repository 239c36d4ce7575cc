"""The worker: owns the running network, obeys messages, works, and publishes snapshots.

It has no thread of its own, so tests drive it step by step; ``Session`` runs it in one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.batches import Position
from engine.core.plan import Array
from engine.core.problems import AxonError, DivergenceError, DocumentError
from engine.curve import Curve
from engine.data_of import data_of
from engine.datasets import Data
from engine.document import Document
from engine.document.difference import difference
from engine.learned import Learned, carried, fresh, frozen, taken_back
from engine.network import Network
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
from engine.session.snapshot import Mailbox, Reply, Snapshot
from engine.session.watching import Watching
from engine.timeline import Timeline
from engine.trainer import Trainer

CHUNK = 0.004
"""Seconds of training between two looks at the messages."""
FRAME = 1 / 60
"""Seconds between two snapshots at the least."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A document with what was learned: what an undo entry goes back to.

    ``curve`` is the loss curve on which it lies; states of one training share it.
    """

    document: Document
    learned: Learned
    curve: Curve


class Worker:
    """See the module. ``clock`` is a source of seconds, exchanged in tests."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.version = 0
        self.running = False
        self.plays = 0
        self.trainer: Trainer | None = None
        self.timeline: Timeline | None = None
        self._now = Moment(Document(), Learned({}, {}), Curve())
        self._mark = self._now
        self._entries: dict[int, tuple[Moment, Moment]] = {}
        self._data: Data | None = None
        self._data_key: object = None
        self._problem: DocumentError | None = None
        self._run = 0
        self._sent = 0
        self._pace: float | None = None
        self._due = 0.0
        self._chunk = 1
        self._fresh = False
        self._published = 0.0
        self._stale = True
        self._speed = 0.0
        self._speed_from = (0.0, 0)
        self._watched: dict[str, Watch] = {}
        self._answered: dict[str, tuple[float, object]] = {}
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
            case Open(version, document, learned, curve, origin):
                self.running, self.version = False, version
                self._entries.clear()
                self.watching.forget()
                begin = learned if learned is not None else fresh(document)
                self._load(Moment(document, begin, curve if curve is not None else Curve(begin.step)), origin)
                self._mark = self._now
            case Edit():
                self._edit(message)
            case Mark(entry, merge):
                first = self._entries[entry][0] if merge and entry in self._entries else self._mark
                self._mark = self.now
                self._entries[entry] = (first, self._mark)
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
                if self.timeline is not None and step != self._step:
                    self._fresh = step > self.timeline.start and self.timeline.kept(step).step != step
                    self.timeline.seek(step)
            case Watch(name):
                self._watched[name] = message
                self._answered.pop(name, None)
            case Unwatch(name):
                self._watched.pop(name, None)
                self._answered.pop(name, None)
            case Ask(number, probe):
                self._reply(number, probe)
            case SetBreakpoints(specs):
                self._chunk = 1
                self.watching.watch_for(specs)

    def _edit(self, message: Edit) -> None:
        before = self.now
        after = carried(before.document, before.learned, message.document)
        if message.change is not None:
            try:
                after = message.change(message.document, after)
            except Exception as error:  # the window has the document already: keep step with it
                self.mailbox.notify(f"The numbers stay as they were: the change failed ({error!r:.80}).")
        first = (
            self._entries[message.entry][0] if message.merge and message.entry in self._entries else before
        )
        self.version = message.version
        self._load(Moment(message.document, after, _continued(before, message.document, after)))
        self._mark = self._now
        self._entries[message.entry] = (first, self._now)

    def _go(self, version: int, document: Document, entry: int, side: int) -> None:
        """To the state before (0) or after (1) an entry. Learning that no entry holds stays."""
        goal, other = self._entries[entry][side], self._entries[entry][1 - side]
        learned = goal.learned
        if self.ahead:
            now = self.now
            learned = taken_back(
                (goal.document, goal.learned), (other.document, other.learned), (now.document, now.learned)
            )
        self.version = version
        self._load(Moment(document, learned, self._now.curve if self.ahead else goal.curve))
        self._mark = Moment(document, goal.learned, goal.curve)

    def _reply(self, number: int, probe: Probe) -> None:
        if isinstance(probe, State):
            self.mailbox.reply(Reply(number, (self.now.learned, self._now.curve.copy(), self._position)))
            return
        if self.timeline is None:
            self.mailbox.reply(Reply(number, None, str(self._problem)))
            return
        try:
            answer = probe.answer_within(self.timeline, self._predictor)
        except AxonError as error:
            self.mailbox.reply(Reply(number, None, str(error)))
        else:
            self.mailbox.reply(Reply(number, answer))

    # ---------------------------------------------------------------- state

    @property
    def now(self) -> Moment:
        """The present state."""
        if self.trainer is not None and not self._unchanged:
            self._now = replace(self._now, learned=self.trainer.learned)
        return self._now

    @property
    def _unchanged(self) -> bool:
        return self.trainer is None or self._now.learned.step == self.trainer.step

    @property
    def ahead(self) -> bool:
        """Whether there is learning that no undo entry holds yet."""
        return self._step != self._mark.learned.step

    @property
    def _position(self) -> Position | None:
        return self.trainer.position if self.trainer is not None else None

    @property
    def _step(self) -> int:
        return self.trainer.step if self.trainer is not None else self._now.learned.step

    def _load(self, state: Moment, origin: Learned | None = None) -> None:
        """Take over another state; a change of looks only leaves the running network alone."""
        looks = difference(self._now.document, state.document).only_looks
        if self.trainer is not None and looks and state.learned is self.now.learned:
            self._now = state
            self.trainer.document = state.document
            return
        if state.curve is not self._now.curve:
            self._run += 1
            self._sent = state.curve.start
        self._now = state
        self.trainer = self.timeline = None
        self._fresh = False
        self._problem = None
        self._predictors.clear()
        self._answered.clear()
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
        if not state.curve.start <= self.trainer.step <= state.curve.end:
            self._now = replace(state, curve=self.trainer.curve)
            self._run += 1
            self._sent = self.trainer.step
        self.trainer.curve = self._now.curve
        self.timeline = Timeline(self.trainer, origin=origin)
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
        assert self.timeline is not None
        self._fresh = False
        if self.watching.advance(self.timeline, updates):
            self.running = False
        self._fresh = True

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
        trainer = self.trainer
        if trainer is None:
            learned, problem = self._now.learned, self._problem
            return Snapshot(
                version=self.version,
                run=self._run,
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
            )
        start = max(self._sent, trainer.curve.start)
        news = trainer.curve.since(start)
        self._sent = start + len(news)
        self._measure(now)
        return Snapshot(
            version=self.version,
            run=self._run,
            step=trainer.step,
            position=trainer.position,
            running=self.running,
            plays=self.plays,
            parameters=_copies(trainer.store.parameters),
            initial=trainer.initial,
            gradients=_copies(trainer.store.gradients) if self._fresh else {},
            answers=self._answers(now),
            curve_from=start,
            curve=news,
            data=trainer.data,
            speed=self._speed if self.running else 0.0,
            back_to=self.timeline.start if self.timeline is not None else trainer.step,
            ahead=self.ahead,
            hit=self.watching.hit,
        )

    def _answers(self, now: float) -> Mapping[str, object]:
        assert self.timeline is not None
        for name, watch in self._watched.items():
            last = self._answered.get(name)
            if last is None or not self.running or now - last[0] >= watch.every:
                self._answered[name] = (now, watch.probe.answer_within(self.timeline, self._predictor))
        return {name: answer for name, (_, answer) in self._answered.items()}

    def _measure(self, now: float) -> None:
        since, step = self._speed_from
        if now - since > 0.5:
            self._speed = (self._step - step) / (now - since)
            self._speed_from = (now, self._step)


def _continued(before: Moment, document: Document, after: Learned) -> Curve:
    """The curve on which an edited network goes on.

    Back at the start it begins anew. In the past it is a branch: a curve of its own up to there,
    because what was learned afterwards belongs to the network before the edit (and comes back
    with it when the edit is undone).
    """
    curve = before.curve
    if after.step < before.learned.step:
        return Curve(after.step)
    same = difference(before.document, document).only_looks and after is before.learned
    if same or after.step >= curve.end:
        return curve
    return Curve.of(curve.values[: max(0, after.step - curve.start)], curve.start)


def _copies(views: Mapping[str, Array]) -> dict[str, Array]:
    return {key: frozen(np.asarray(view)) for key, view in views.items()}
