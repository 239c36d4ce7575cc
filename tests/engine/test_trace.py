"""The trace: the same run as the trainer's, every number once, in order, with its formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.expressions import Product, Sum, evaluate
from engine.core.notation import as_text
from engine.core.plan import Phase
from engine.core.printing import in_numbers, in_symbols
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document, Training, edits
from engine.learned import Learned, fresh
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer

OPTIMIZERS = ["gradient_descent", "momentum", "adam"]


def next_update(trainer: Trainer) -> Trace:
    return Trace(
        trainer.document,
        trainer.data,
        trainer.learned,
        trainer.batches.examples(trainer.step),
        trainer.position,
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch", [1, 3, None])
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_bit_for_bit_what_the_trainer_does(
    optimizer: str, batch: int | None, output: str, some_data: Callable[..., Data]
) -> None:
    document = mlp(
        2, 4, 1 if output == "sigmoid" else 3, output=output, optimizer=Spec(optimizer),
        loss=Spec("bce" if output == "sigmoid" else "cross_entropy"), training=Training(batch, True, 2),
    )  # fmt: skip
    trainer = Trainer(document, some_data(document, 7), fresh(document))
    for _ in range(5):
        trace = next_update(trainer)
        trainer.advance()
        after = trainer.learned
        assert trace.J == trainer.curve.values[-1]
        for key, slot in trace.layout.slots.items():
            name = slot.part.name
            assert trace.arrays[slot.layer, f"new {name}"].tobytes() == after.parameters[key].tobytes()
            for vector, parts in after.memory.items():
                assert trace.arrays[slot.layer, f"new {vector} {name}"].tobytes() == parts[key].tobytes()
        for id, place in trainer.network(trace.m).places.items():
            assert trace.arrays[id, "a"].tobytes() == place.a.tobytes()


def test_tracing_changes_nothing(some_data: Callable[..., Data]) -> None:
    document = mlp(2, 3, 1, optimizer=Spec("adam"))
    trainer = Trainer(document, some_data(document), fresh(document))
    trainer.advance(3)
    before = trainer.learned
    trace = next_update(trainer)
    list(trace)
    assert trainer.learned.same_bits(before)
    for array in trace.arrays.values():
        assert not array.flags.writeable


@pytest.fixture
def trace(some_data: Callable[..., Data], some_learned: Callable[..., Learned]) -> Trace:
    document = mlp(2, 3, 2, 2, optimizer=Spec("momentum"))
    return Trace(document, some_data(document, 3), some_learned(document), np.array([2, 0]))


def test_random_access_is_the_same_as_one_after_another(trace: Trace) -> None:
    steps = list(trace)
    assert len(steps) == len(trace)
    rng = np.random.default_rng(0)
    fresh_one = Trace.__new__(Trace)
    fresh_one.__dict__.update(trace.__dict__)
    trace._cached_step.cache_clear()
    for number in rng.permutation(len(trace)):
        assert trace[int(number)] == steps[number]
    for number in (-1, len(trace)):
        with pytest.raises(IndexError):
            trace[number]


def test_sections_tile_the_steps(trace: Trace) -> None:
    assert trace.starts[0] == 0
    assert len(trace.starts) == len(trace.sections) + 1
    for number, step in enumerate(trace):
        place, section = trace.section_of(number)
        assert trace.starts[place] <= number < trace.starts[place] + section.count
        assert (step.phase, step.target.owner, step.example) == (
            section.phase,
            section.owner,
            section.example,
        )


def test_no_number_is_used_before_it_is_known(trace: Trace) -> None:
    from engine.core.expressions import references

    known = {
        (owner, array)
        for owner, array in trace.arrays
        if (owner, array) == ("loss", "y") or (owner == "input" and array == "a")
    }
    shown = set()
    for step in trace:
        for ref in references(step.expression):
            parameter = ref.example is None and not ref.array.startswith(("new ", "mean ", "d"))
            summed = ref.example is None and ref.array.startswith("d")
            if parameter or (ref.owner, ref.array) in known:
                continue
            if summed:
                assert all((*ref.key[:3], k) in shown for k in range(trace.m)), ref
            else:
                assert ref.key in shown, (step.target, ref)
        if step.final or step.phase is Phase.UPDATE:
            shown.add(step.target.key)


def test_phases_come_in_order(trace: Trace) -> None:
    order = [(step.phase, step.example) for step in trace]
    one = [phase for phase, example in order if example == 0]
    ranks = [list(Phase).index(phase) for phase in one]
    assert ranks == sorted(ranks)
    updates = [number for number, (phase, _) in enumerate(order) if phase is Phase.UPDATE]
    assert updates == list(range(updates[0], len(order))), "nothing changes before the third stage"


def test_running_sums(trace: Trace) -> None:
    seen = 0
    for number, step in enumerate(trace):
        assert 0 <= step.position < step.of
        if step.position and step.phase is not Phase.UPDATE:
            before = trace[number - 1]
            assert (before.target, before.position) == (step.target, step.position - 1)
        if step.kind in {"product", "bias"} and step.of > 1:
            assert isinstance(step.expression, Sum)
            assert step.term in step.expression.terms
            done = step.expression.terms[: step.expression.terms.index(step.term) + 1]
            assert step.running == pytest.approx(sum(evaluate(t, trace.lookup) for t in done), abs=1e-12)
            if not step.final:
                assert step.value == evaluate(step.term, trace.lookup)
            assert step.kind != "product" or isinstance(step.term, Product)
            seen += 1
        if step.final and step.of > 1 and step.running is not None:
            assert step.running == step.value
    assert seen > 30


def test_final_values_come_from_the_arrays_of_the_run(trace: Trace) -> None:
    for step in trace:
        if step.final:
            assert step.value == trace.lookup(step.target)


def test_every_parameter_has_its_update(trace: Trace) -> None:
    targets = [step.target for step in trace if step.kind == "update"]
    assert len(targets) == len({each.key for each in targets}) == trace.layout.size
    assert all(each.array.startswith("new ") for each in targets)


def test_number_of_finds_the_step(trace: Trace) -> None:
    for number, step in enumerate(trace):
        if step.final and step.kind not in {"average", "memory"}:
            owner, array, index, example = step.target.key
            assert trace.number_of(owner, array, index, example) == number
    assert trace.number_of("nobody", "z", (0,), 0) is None
    for owner, array, example in (("hidden", "z", 1), ("output", "dz", 0), ("input", "a", 0)):
        cells = [(k,) for k in range(trace.arrays[owner, array].shape[0])]
        one_by_one = [trace.number_of(owner, array, cell, example) for cell in cells]
        assert trace.numbers_of(owner, array, cells, example) == [-1 if n is None else n for n in one_by_one]


def test_what_a_step_helps_to_calculate(trace: Trace) -> None:
    for number, step in enumerate(trace):
        moment, first = trace.moment_of(number)
        assert (moment.index, first) == (step.target.index, number - step.position)


def test_locked_weights_have_one_step_that_says_so(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = edits.set_optimizer(mlp(2, 2, 1), spec=Spec("adam"))
    document = edits.lock_synapse(document, source="input", sender=0, target="hidden", receiver=1)
    trace = Trace(document, some_data(document), some_learned(document), np.arange(3))
    steps = [step for step in trace if step.target.key == ("hidden", "new W.input", (1, 0), None)]
    assert len(steps) == 1
    (only,) = steps
    assert only.kind == "update"
    assert as_text(in_symbols(only.expression)) == "w[1]_{2,1}"
    assert only.value == trace.arrays["hidden", "W.input"][1, 0]


def test_cut_synapses_have_no_step(
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    document = shapes_of_networks["cut and locked"]
    trace = Trace(document, some_data(document), some_learned(document), np.arange(2))
    for step in trace:
        if step.target.owner == "hidden" and step.target.array.endswith("W.input"):
            assert step.target.index not in {(0, 1), (2, 0), (2, 1)}


def test_what_a_step_says_is_what_happens(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """The general equation beside the numbers must be that of the network at hand."""
    document = mlp(2, 3, 1)
    data, learned = some_data(document), some_learned(document)
    said = {
        (step.target.owner, step.target.array): step.equation for step in Trace(document, data, learned, [0])
    }
    assert "W" not in said["output", "da"], "nothing follows the output, so no W hands its da back"
    assert "g" not in said["output", "dz"], "with sigmoid and cross-entropy dz is a − y"
    assert "⊙" in said["hidden", "dz"]
    for kind in ("momentum", "adam"):
        other = replace(document, optimizer=Spec(kind))
        trace = Trace(other, data, replace(learned, memory={}), [0])
        update = next(step for step in trace if step.kind == "update")
        assert update.equation != "w := w − α ∂J/∂w", f"{kind} does not step along the gradient"
        assert update.code != "W -= alpha * dW"


@pytest.mark.parametrize("size", [40.0, 800.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_explanations_hold_however_sure_the_network_is(
    size: float, y: float, make_data: Callable[..., Data], learned_from: Callable[..., Learned],
    check_truth: Callable[..., int],
) -> None:  # fmt: skip
    document = mlp(1, 1)
    learned = learned_from(document, {"output.W.input": [[size]], "output.b": [[0.0]]})
    data = make_data([[1.0, -1.0]], [[y, y]])
    with np.errstate(over="raise", invalid="raise"):
        trace = Trace(document, data, learned, np.arange(2))
    loss = [step for step in trace if step.kind == "loss"]
    assert sorted(step.value for step in loss) == pytest.approx([0.0, size])
    for step in loss:
        assert evaluate(step.expression, trace.lookup) == pytest.approx(step.value, abs=1e-12)


def test_explanations_hold_for_sure_classes(
    make_data: Callable[..., Data], learned_from: Callable[..., Learned], check_truth: Callable[..., int]
) -> None:
    document = mlp(1, 3, output="softmax", loss=Spec("cross_entropy"))
    learned = learned_from(document, {"output.W.input": [[800.0], [-800.0], [30.0]], "output.b": [[0.0]] * 3})
    data = make_data([[1.0, -1.0, 0.0]], np.eye(3))
    trace = Trace(document, data, learned, np.arange(3))
    for step in trace:
        if step.phase in {Phase.FORWARD, Phase.LOSS} and step.final:
            assert evaluate(step.expression, trace.lookup) == pytest.approx(step.value, rel=1e-12, abs=1e-12)


def test_a_diverged_network_can_still_be_looked_at(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = mlp(2, 3, 1, hidden="relu", output="identity", loss=Spec("mse"))
    trace = Trace(document, some_data(document), some_learned(document, scale=1e120), np.arange(2))
    for step in trace:
        as_text(in_symbols(step.expression))
        as_text(in_numbers(step.expression, trace.lookup))
        evaluate(step.expression, trace.lookup)


def test_every_step_can_be_printed(trace: Trace) -> None:
    for step in trace:
        assert as_text(in_symbols(step.expression))
        assert as_text(in_numbers(step.expression, trace.lookup))
        assert step.equation
        assert step.code
        assert step.sign == (":=" if step.phase is Phase.UPDATE and step.kind != "average" else "=")


def test_an_array_of_a_share_is_the_share_of_its_example(trace: Trace) -> None:
    ref = trace.ref("hidden", "dW.input", (1, 0), 1)
    share = trace.arrays["hidden", "dz"][1, 1] * trace.arrays["input", "a"][0, 1]
    assert trace.lookup(ref) == pytest.approx(share, abs=1e-15)
    whole = trace.ref("hidden", "dW.input", (1, 0), None)
    both = sum(trace.lookup(trace.ref("hidden", "dW.input", (1, 0), k)) for k in range(2))
    assert trace.lookup(whole) == pytest.approx(both, abs=1e-15)


def test_a_large_network_is_laid_out_at_once_and_counts_its_steps(
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    """The steps that a layer announces for a cell are those in which its formula is calculated."""
    for document in shapes_of_networks.values():
        data = some_data(document, 2)
        trace = Trace(document, data, some_learned(document), np.arange(2))
        for section, start in zip(trace.sections, trace.starts, strict=False):
            for moment, before, after in zip(
                section.moments, section.counts, section.counts[1:], strict=False
            ):
                steps = [trace[start + number] for number in range(before, after)]
                assert {step.of for step in steps} == {len(steps)}, (section.owner, moment)
                assert steps[-1].final
