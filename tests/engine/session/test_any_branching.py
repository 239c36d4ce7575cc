"""Whatever is trained, gone back to, changed, branched and undone: every update can be had again."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import Document, edits
from engine.learned import Learned, restarted, with_weight
from engine.samples import mlp
from engine.session import (
    Advance,
    Branch,
    BringBackRun,
    DeleteRun,
    Edit,
    GoTo,
    Mailbox,
    Mark,
    NameRun,
    Open,
    Pause,
    Play,
    Redo,
    Seek,
    Undo,
)
from engine.session.worker import Worker

Bits = dict[str, bytes]


class AnyBranching(RuleBasedStateMachine):
    """Keeps the window's side of the undo stack, and of every update what it was once."""

    def __init__(self) -> None:
        super().__init__()
        self.document = mlp(2, 2, 1, optimizer=Spec("momentum"))
        self.version = self.entry = 0
        self.stack: list[tuple[int, Document, Document, Bits, Bits]] = []
        self.at = 0
        self.updates: dict[tuple[int, int], tuple[Bits, Bits, float]] = {}
        self.worker = Worker(Mailbox())
        self.worker.obey(Open(0, self.document))

    # ---------------------------------------------------------------- the window's part

    def bits(self) -> Bits:
        learned = self.worker.now.learned
        vectors = {"": learned.parameters, **learned.memory}
        found = {
            f"{name}/{key}": each.tobytes() for name, all in vectors.items() for key, each in all.items()
        }
        return {**found, "step": str(learned.step).encode()}

    def numbers(self) -> tuple[int, int]:
        self.version, self.entry = self.version + 1, self.entry + 1
        return self.version, self.entry

    def pushed(self, act: Callable[[int, int], object], after: Document) -> None:
        before, had = self.document, self.bits()
        act(*self.numbers())
        self.document = after
        del self.stack[self.at :]
        self.stack.append((self.entry, before, after, had, self.bits()))
        self.at += 1

    def once(self) -> None:
        """One update, which must be what it was if it was done before."""
        worker = self.worker
        before, step = self.bits(), worker.trainer.step
        worker.obey(Advance(1))
        curve = worker.branching.run.curve
        done = (before, self.bits(), float(curve.values[step - curve.start]))
        known = self.updates.setdefault((worker.branching.number, step), done)
        assert known == done

    # ---------------------------------------------------------------- what a user does

    @rule(updates=st.integers(1, 7))
    def train(self, updates: int) -> None:
        before = self.bits()
        for _ in range(updates):
            self.once()
        self.worker.obey(Mark(self.numbers()[1]))
        del self.stack[self.at :]
        self.stack.append((self.entry, self.document, self.document, before, self.bits()))
        self.at += 1

    @rule(back=st.integers(1, 9))
    def seek(self, back: int) -> None:
        before, worker = self.bits(), self.worker
        worker.obey(Seek(max(worker.timeline.start, worker.trainer.step - back)))
        worker.obey(Mark(self.numbers()[1]))
        del self.stack[self.at :]
        self.stack.append((self.entry, self.document, self.document, before, self.bits()))
        self.at += 1

    @rule(rate=st.sampled_from((0.1, 0.5, 2.0)))
    def turn_a_knob(self, rate: float) -> None:
        after = edits.set_optimizer(self.document, spec=Spec.of("momentum", learning_rate=rate))
        self.pushed(lambda version, entry: self.worker.obey(Edit(version, entry, after)), after)

    @rule(value=st.sampled_from((-1.0, 0.25, 3.0)))
    def set_a_weight(self, value: float) -> None:
        def change(_: Document, learned: Learned) -> Learned:
            return with_weight(learned, key="hidden.W.input", index=(1, 0), value=value)

        same = self.document
        self.pushed(lambda version, entry: self.worker.obey(Edit(version, entry, same, change)), same)

    @rule()
    def reset(self) -> None:
        same = self.document
        self.pushed(lambda version, entry: self.worker.obey(Edit(version, entry, same, restarted)), same)

    @rule()
    def branch(self) -> None:
        self.pushed(lambda version, entry: self.worker.obey(Branch(version, entry)), self.document)

    @rule(pick=st.integers(0, 20), share=st.floats(0, 1))
    def go_to(self, pick: int, share: float) -> None:
        self.worker.branching.keep()
        runs = self.worker.branching.runs
        run = runs.all[pick % len(runs)]
        step = round(share * run.end)
        _, leg, _ = runs.nearest(run.number, step)
        there = leg.document
        self.pushed(
            lambda version, entry: self.worker.obey(GoTo(version, entry, run.number, step, there)), there
        )

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        self.at -= 1
        entry, before, _, had, _ = self.stack[self.at]
        self.worker.obey(Undo(self.numbers()[0], entry, before))
        self.document = before
        assert self.bits() == had

    @precondition(lambda self: self.at < len(self.stack))
    @rule()
    def redo(self) -> None:
        entry, _, after, _, have = self.stack[self.at]
        self.at += 1
        self.worker.obey(Redo(self.numbers()[0], entry, after))
        self.document = after
        assert self.bits() == have

    # ---------------------------------------------------------------- what always holds

    @invariant()
    def window_and_worker_agree(self) -> None:
        assert self.worker.trainer.document == self.document
        assert not self.worker.mailbox.take()[2]

    @invariant()
    def no_update_is_lost_from_a_curve(self) -> None:
        runs = self.worker.branching.runs
        for (number, step), (_, _, J) in self.updates.items():
            for run in runs:
                if number in runs and runs.owner(run.number, step).number == number and step < run.end:
                    assert run.values[step - run.curve.start] == J

    def teardown(self) -> None:
        """Every update of every run can be gone back to, and gives what it gave."""
        for run in self.worker.branching.runs:
            for step in range(run.end - 1, -1, -1):
                if run.number not in self.worker.branching.runs:
                    break  # it had no update of its own, and was left
                owner = self.worker.branching.runs.owner(run.number, step)
                known = self.updates.get((owner.number, step))
                assert known is not None
                leg = owner.leg(step)
                self.worker.obey(GoTo(*self.numbers(), run.number, step, leg.document))
                self.document = leg.document
                assert self.worker.branching.number == owner.number
                assert self.bits() == known[0]
                self.once()
                assert self.bits() == known[1]


AnyBranching.TestCase.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
TestAnyBranching = AnyBranching.TestCase


@pytest.mark.slow
def test_a_curve_of_a_hundred_thousand_updates_is_gone_back_to_from_another_run() -> None:
    worker = Worker(Mailbox())
    document = mlp(2, 2, 1)
    worker.obey(Open(0, document))
    worker.obey(Advance(60_000))
    there = worker.now.learned
    worker.obey(Advance(40_000))
    end = worker.now.learned
    worker.obey(Seek(500))
    faster = edits.set_optimizer(document, spec=Spec.of("gradient_descent", learning_rate=1.0))
    worker.obey(Edit(1, 1, faster))
    worker.obey(Advance(2000))
    assert [run.end for run in worker.branching.runs] == [100_000, 2500]
    assert len(worker.branching.runs[1].legs[0].states) <= 64
    worker.obey(GoTo(2, 2, 1, 60_000, document))
    assert worker.now.learned.same_bits(there) and worker.branching.number == 1
    worker.obey(Seek(100_000))
    assert worker.now.learned.same_bits(end)
    assert np.isfinite(worker.branching.runs[2].values).all()


def test_the_rounds_of_a_gan_branch_and_come_back() -> None:
    """A round has two turns: the branch begins within one, and every update is what it was."""
    worker = Worker(Mailbox())
    document = architectures.make("gan").document()
    worker.obey(Open(0, document))
    worker.obey(Advance(9))
    end = worker.now.learned
    worker.obey(Seek(5))
    there = worker.now.learned
    slower = edits.set_optimizer(document, spec=document.optimizer.with_(learning_rate=1e-4))
    worker.obey(Edit(1, 1, slower))
    worker.obey(Advance(8))
    first, second = worker.branching.runs
    assert (first.end, second.end, second.fork) == (9, 13, 5)
    assert np.array_equal(first.values[:5], second.values[:5]) and second.values[6] != first.values[6]
    worker.obey(GoTo(2, 2, 1, 5, document))
    assert worker.now.learned.same_bits(there)
    worker.obey(Advance(4))
    assert worker.now.learned.same_bits(end) and len(worker.branching.runs) == 2


def test_live_changes_while_it_trains_are_one_run_and_going_back_and_on_is_another() -> None:
    worker = Worker(Mailbox())
    document = mlp(2, 2, 1)
    worker.obey(Open(0, document))
    for number, rate in enumerate((0.5, 0.6, 0.7), 1):
        document = edits.set_optimizer(document, spec=Spec.of("gradient_descent", learning_rate=rate))
        worker.obey(Edit(number, number, document))
        worker.obey(Play())
        before = worker.trainer.step
        while worker.trainer.step < before + 20:
            worker.work()
    worker.obey(Pause())
    (run,) = worker.branching.runs
    assert len(run.legs) == 3 and run.end == worker.trainer.step
    first = run.legs[0]
    worker.obey(GoTo(9, 9, 1, 3, first.document))
    worker.obey(Play())
    while worker.trainer.step <= run.legs[1].start:
        worker.work()
    assert worker.running and worker.branching.number == 2
    assert worker.branching.run.fork == run.legs[1].start
    assert worker.branching.run.change == "learning rate 0.6 → 0.5"


def test_what_is_not_there_gets_one_sentence_and_changes_nothing() -> None:
    worker = Worker(Mailbox())
    document = mlp(2, 2, 1)
    worker.obey(Open(0, document))
    worker.obey(Advance(5))
    state = worker.now.learned
    for message in (NameRun(7, "x"), DeleteRun(7), BringBackRun(7), DeleteRun(1), NameRun(1, "")):
        worker.obey(message)
        _, _, said = worker.mailbox.take()
        assert len(said) == 1 and said[0].endswith(".")
    worker.obey(GoTo(4, 1, 7, 2, document))
    assert worker.mailbox.take()[2] == ["That run is no longer there."]
    assert worker.version == 4 and worker.now.learned.same_bits(state)
    worker.obey(Undo(5, 1, document))
    assert worker.now.learned.same_bits(state)


def test_a_network_that_cannot_be_trained_loses_no_run() -> None:
    worker = Worker(Mailbox())
    document = mlp(2, 2, 1)
    worker.obey(Open(0, document))
    worker.obey(Advance(5))
    state = worker.now.learned
    worker.obey(Edit(1, 1, mlp(3, 2, 1)))
    assert worker.trainer is None and len(worker.branching.runs) == 1
    worker.obey(GoTo(2, 2, 1, 3, document))
    assert worker.trainer is not None and worker.trainer.step == 3
    worker.obey(Undo(3, 2, mlp(3, 2, 1)))
    assert worker.trainer is None
    worker.obey(Undo(4, 1, document))
    assert worker.now.learned.same_bits(state)
