"""Strides of every level, run goals and retraced presses against plain loops over all steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.architectures import architectures
from engine.batches import Batches
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Training
from engine.learned import fresh
from engine.losses.base import OWNER as LOSS
from engine.samples import first_light
from engine.trace import Trace
from engine.trainer import Trainer
from gui.stepping.goals import Goal, first_reached
from gui.stepping.strides import LEVELS, Level, example_of, stride
from gui.stepping.walk import Walk


def small_cnn() -> Trace:
    return traced("cnn", 2)


def small_lstm() -> Trace:
    return traced("sequence_classifier", 2, cell="lstm")


def xor() -> Trace:
    document = first_light()
    trainer = Trainer(document, data_of(document), fresh(document))
    return Trace(document, trainer.data, fresh(document), trainer.batches.examples(0), trainer.position)


def traced(kind: str, examples: int, **knobs: object) -> Trace:
    document = architectures.make(Spec.of(kind, **knobs)).document()
    trainer = Trainer(document, data_of(document), fresh(document))
    return Trace(
        document, trainer.data, fresh(document), trainer.batches.examples(0)[:examples], trainer.position
    )


TRACES: dict[str, Callable[[], Trace]] = {"xor": xor, "cnn": small_cnn, "lstm": small_lstm}


@pytest.fixture(scope="module", params=list(TRACES))
def trace(request: pytest.FixtureRequest) -> Trace:
    return TRACES[request.param]()


def around(trace: Trace, many: int = 60) -> list[int]:
    """Some steps, those at the borders of sections among them."""
    borders = [each + off for each in trace.starts for off in (-1, 0)]
    drawn = np.random.default_rng(1).integers(len(trace), size=many).tolist()
    return sorted({each for each in (*borders[:80], *drawn) if 0 <= each < len(trace)})


def test_strides_cover_the_update_and_lie_within_one_another(trace: Trace) -> None:
    for number in around(trace):
        inner = (number, number)
        for level in LEVELS:
            first, last = stride(trace, number, level)
            assert first <= inner[0] <= inner[1] <= last
            for edge in (first, last):
                assert stride(trace, edge, level) == (first, last)
            for beyond in (first - 1, last + 1):
                if 0 <= beyond < len(trace):
                    assert stride(trace, beyond, level) != (first, last)
            inner = (first, last)
        assert inner == (0, len(trace) - 1)


def test_a_stride_is_about_one_thing() -> None:
    trace = xor()
    for number in range(len(trace)):
        step, (_, section) = trace[number], trace.section_of(number)
        for level, what in (
            (Level.NEURON, lambda s: (s.phase, s.example, s.target.owner, s.target.index[:1])),
            (Level.LAYER, lambda s: (s.phase, s.target.owner)),
            (Level.PHASE, lambda s: s.phase),
        ):
            first, last = stride(trace, number, level)
            assert {what(trace[each]) for each in range(first, last + 1)} == {what(step)}
        first, last = stride(trace, number, Level.EXAMPLE)
        within = {example_of(trace, trace.section_of(each)[1]) for each in range(first, last + 1)}
        assert within == {example_of(trace, section)}


def test_the_mean_loss_belongs_to_the_last_example() -> None:
    trace = xor()
    J = next(n for n, step in enumerate(trace) if (step.target.owner, step.target.array) == (LOSS, "J"))
    first, last = stride(trace, J, Level.EXAMPLE)
    assert trace[first].phase is Phase.FORWARD and trace[last].phase is Phase.BACKWARD
    assert {step.example for step in map(trace.__getitem__, range(first, last + 1))} == {trace.m - 1, None}


@pytest.mark.parametrize("layer", ["hidden", "output"])
def test_a_neuron_is_run_to_where_its_last_number_is_known(layer: str) -> None:
    trace = xor()
    goal = Goal(frozenset({layer}), (0,))
    last = {}
    for n, step in enumerate(trace):
        weight = step.phase is Phase.BACKWARD and step.target.array in {"dW.input", "dW.hidden", "db"}
        if step.target.owner == layer and step.target.index[0] == 0 and not weight:
            last[step.phase, step.example] = n
    ends = sorted(last.values())
    assert len(ends) == 2 * trace.m + 1
    for at in range(-1, len(trace)):
        assert goal.after(trace, at) == next((end for end in ends if end > at), None)
        assert goal.before(trace, at) == next((end for end in reversed(ends) if end < at), None)


def test_a_synapse_is_run_to_at_its_product_its_gradient_and_its_new_value() -> None:
    trace = xor()
    goal, at, found = Goal(frozenset({"hidden"}), (2, 1), "W.input"), -1, []
    while (end := goal.after(trace, at)) is not None:
        found.append(trace[end])
        at = end
    forward = [step for step in found if step.phase is Phase.FORWARD]
    assert len(forward) == trace.m
    assert all(step.kind == "product" and "W.input" in str(step.term) for step in forward)
    gradients = [step for step in found if step.phase is Phase.BACKWARD]
    assert [step.target.key for step in gradients] == [
        ("hidden", "dW.input", (2, 1), k) for k in range(trace.m)
    ]
    assert found[-1].target.key == ("hidden", "new W.input", (2, 1), None) and found[-1].final


def test_a_phase_and_a_group_are_run_to_at_their_ends(trace: Trace) -> None:
    end = Goal(phase=Phase.FORWARD).after(trace, -1)
    assert end is not None and trace[end].phase is Phase.FORWARD and trace[end + 1].phase is Phase.LOSS
    last = Goal(example=1).before(trace, len(trace))
    assert last is not None and example_of(trace, trace.section_of(last)[1]) == 1
    assert example_of(trace, trace.section_of(last + 1)[1]) != 1
    owners = [section.owner for section in trace.sections[:2]]
    both = Goal(frozenset(owners)).after(trace, -1)
    assert both == trace.starts[2] - 1
    assert Goal(frozenset({"nothing"})).after(trace, -1) is None


def test_what_is_reached_first_is_what_a_loop_finds_first() -> None:
    trace = xor()
    goals = (Goal(frozenset({"hidden"}), (3,)), Goal(frozenset({"output"})))
    begins = []
    for n, step in enumerate(trace):
        about = step.target.owner == "output" or (step.target.owner == "hidden" and step.target.index[0] == 3)
        before = trace[n - 1] if n else None
        same = before is not None and (before.target.owner, before.phase, before.example) == (
            step.target.owner, step.phase, step.example,
        )  # fmt: skip
        if about and not (same and (step.target.owner == "output" or before.target.index[0] == 3)):
            begins.append(n)
    for at in range(-1, len(trace), 3):
        for until in (at, at + 1, at + 7, len(trace) - 1):
            until = min(until, len(trace) - 1)
            found = first_reached(trace, at, until, goals)
            first = {}
            for n in begins:  # only the first step of a neuron in a section counts
                first.setdefault((trace.section_of(n)[0], trace[n].target.owner), n)
            expected = next((n for n in sorted(first.values()) if at < n <= until), None)
            assert (found[0] if found else None) == expected


def test_out_goes_up_level_by_level() -> None:
    trace = xor()
    walk, size, seen = Walk(trace, 0), Level.TERM, []
    while size is not Level.EPOCH:
        end, size = walk.out(size)
        seen.append((end, size))
        walk = Walk(trace, end)
    assert [level for _, level in seen] == sorted({level for _, level in seen}, key=LEVELS.index)
    assert seen[0] == (4, Level.NEURON) and seen[-2] == (len(trace) - 1, Level.UPDATE)


def test_positions_of_updates_with_turns() -> None:
    batches = Batches(10, Training(batch_size=4), turns=2)
    first, last = batches.position(0), batches.position(11)
    assert (first.turn, first.turns, first.round, first.an_epoch) == (1, 2, 1, 6)
    assert (last.epoch, last.batch, last.batches, last.turn, last.round) == (2, 3, 3, 2, 6)
    assert all(first.at(update) == batches.position(update) for update in range(20))
