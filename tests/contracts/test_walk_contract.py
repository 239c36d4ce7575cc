"""Walking through an update by the smallest steps reaches, bit for bit, what training reaches.

For every kind of layer, activation, loss, optimizer, clipping, regularizer, schedule, augmentation and
procedure, and for every architecture at its smallest: forward to the end, back to the beginning, every
number once, in as many steps as were announced.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from engine.core.plan import Array, Phase
from engine.core.steps import Step
from engine.session.messages import Advance, Open, Seek
from engine.session.snapshot import Mailbox
from engine.session.worker import Worker
from engine.trace import Trace
from gui.stepping.walk import Level, Walk

MOST = 400
"""Of a longer trace only so many steps are walked: spread evenly, and the ends of every layer's phases."""


def visited(trace: Trace) -> list[int]:
    """All steps; of a long trace the first and last of every section and some evenly in between."""
    if len(trace) <= MOST:
        return list(range(len(trace)))
    found, seen = set(), set()
    for start, section in zip(trace.starts, trace.sections, strict=False):
        if (section.phase, section.owner) not in seen:
            seen.add((section.phase, section.owner))
            found |= {start, start + section.count - 1}
    return sorted(found | {int(each) for each in np.linspace(0, len(trace) - 1, MOST - len(found))})


def state_of(trace: Trace, prefix: str = "") -> dict[tuple[str, str], Array]:
    """Copies of all parameters and of the optimizer's memory, before the update or ("new ") after it."""
    return {
        (owner, name.removeprefix("new ")): trace.arrays[owner, prefix + name.removeprefix("new ")].copy()
        for owner, name in trace.arrays
        if name.startswith("new ")
    }


def enter(step: Step, state: dict[tuple[str, str], Array]) -> None:
    """Do to the state what a step says."""
    array = step.target.array
    if array.startswith("new "):
        state[step.target.owner, array.removeprefix("new ")][step.target.index] = step.value


def test_forward_to_what_training_reaches(updates: tuple) -> None:
    for update in updates:
        trace, after = update.trace, update.after
        assert trace.J == update.J
        state, numbers = state_of(trace), visited(trace)
        everything = len(numbers) == len(trace)
        walk = Walk(trace)
        for number in numbers:
            walk = Walk(trace, walk.forward(Level.TERM)) if everything else Walk(trace, number)
            assert walk.at == number and walk.step is not None
            enter(walk.step, state)
            if walk.step.final:
                assert walk.step.value == trace.lookup(walk.step.target) or np.isnan(walk.step.value)
        assert Walk(trace, len(trace) - 1).forward(Level.TERM) == len(trace) - 1
        reached = state if everything else state_of(trace, "new ")
        for key, slot in trace.layout.slots.items():
            name, layer = slot.part.name, slot.layer
            there = np.broadcast_to(trace.network.store.masks.get(key, 1.0) != 0.0, slot.shape)
            assert reached[layer, name][there].tobytes() == after.parameters[key][there].tobytes(), key
            assert not reached[layer, name][~there].any(), "a cut synapse carries nothing"
            if slot.learned and layer in trace.network.learners:
                for vector, parts in after.memory.items():
                    assert reached[layer, f"{vector} {name}"].tobytes() == parts[key].tobytes(), key


def test_back_to_the_bits_of_the_start(updates: tuple) -> None:
    """Each step back takes away what the step set; at the beginning nothing is left of the update."""
    for trace in (update.trace for update in updates):
        start = state_of(trace)
        state, numbers = state_of(trace, "new "), visited(trace)
        everything = len(numbers) == len(trace)
        for number in reversed(numbers):
            walk = Walk(trace, number)
            step = walk.step
            assert step is not None and walk.back(Level.TERM) == number - 1
            owner, array = step.target.owner, step.target.array
            if array.startswith("new "):
                name, index = array.removeprefix("new "), step.target.index
                state[owner, name][index] = trace.arrays[owner, name][index]
        if everything:
            assert all(state[key].tobytes() == start[key].tobytes() for key in start)
        assert Walk(trace, -1).back(Level.TERM) == -1


def test_the_session_seeks_back_to_the_same_bits(subjects: tuple) -> None:
    """As the window does it: some updates on, and back before them; and on again to the same."""
    for subject in subjects:
        worker = Worker(Mailbox())
        worker._data_of = lambda document, data=subject.data: data  # type: ignore[method-assign,misc]
        worker.obey(Open(1, subject.document, subject.learned))
        assert worker.trainer is not None, worker._problem
        states = [worker.trainer.learned]
        assert states[0].same_bits(subject.trainer().learned)
        for _ in range(3):
            worker.obey(Advance(1))
            states.append(worker.now.learned)
        for step in (2, 0, 1, 3, 0):
            worker.obey(Seek(step))
            assert worker.now.learned.same_bits(states[step]), step
        assert not states[0].same_bits(states[1])


def test_every_number_has_one_step_that_ends_in_it(
    updates: tuple, moments_missing: Callable[[Trace], list]
) -> None:
    """What belongs to the whole batch, such as a mean over it, is told with every example."""
    for trace in (update.trace for update in updates):
        ends: Counter = Counter()
        for section in trace.sections:
            for moment in section.moments:
                ends[section.owner, moment.array, moment.index, section.example] += 1
                assert moment.array.startswith("new ") or section.phase is not Phase.UPDATE or moment.steps
        twice = [cell for cell, count in ends.items() if count > 1]
        assert not twice, twice[:3]
        assert not moments_missing(trace)


def test_numbers_take_the_steps_that_were_announced(updates: tuple) -> None:
    for trace in (update.trace for update in updates):
        for number in visited(trace):
            step = trace[number]
            moment, first = trace.moment_of(number)
            assert number == first + step.position
            assert step.target.index == moment.index
            section = trace.section_of(number)[1]
            assert trace.moment_of(first + step.of - 1) == (moment, first)
            last = first + step.of
            assert last == trace.starts[trace.section_of(number)[0]] + section.count or (
                trace.moment_of(last)[1] == last
            )


def test_every_sum_grows_term_by_term(updates: tuple) -> None:
    """A product is the product of the arrays' numbers; each running sum is the one before plus its term."""
    for trace in (update.trace for update in updates):
        for number in visited(trace):
            step = trace[number]
            if step.kind != "product" or step.of == 1:
                continue
            factors = [trace.lookup(each) for each in step.term.factors]  # type: ignore[union-attr]
            assert step.value == float(np.prod(factors)) or step.final or np.isnan(step.value)
            before = trace[number - 1].running if step.position else 0.0
            assert step.running == pytest.approx(before + np.prod(factors), rel=1e-6, abs=1e-9, nan_ok=True)
