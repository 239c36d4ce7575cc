"""What is kept with the parameters and not learned, such as a running mean: only its own lines move it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from engine.core.expressions import Expression, Number, Product, Sum, minus, total
from engine.core.gradient_check import gradient_check
from engine.core.place import Block, Index, Moment, Part, Place, Port, Shape
from engine.core.plan import Array, Phase
from engine.core.problems import DivergenceError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, Training, edits
from engine.evaluation import evaluate
from engine.files import Project, open_project, save_project
from engine.layers import LayerKind, layers
from engine.layout import Layout
from engine.learned import Learned, carried, fresh, with_weight
from engine.network import Network
from engine.optimizers import optimizers
from engine.parameters import ParameterStore
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer

RHO = 0.25


@dataclass(frozen=True)
class Centred(LayerKind):
    """``a = γ ⊙ (x − μ̄)`` with γ learned, and ``μ̄ := (1 − ρ) μ̄ + ρ mean(x)`` kept: for these tests alone."""

    title = "Centred"
    summary = "Subtracts a running mean."
    sized = False
    words = {
        "a": ("value", "a = γ (x − μ̄)", "a = gamma * (x - running)"),
        "dgamma": ("gradient", "dγ = Σ da (x − μ̄)", "dgamma = (da * (x - running)).sum(axis=1)"),
        "new running": ("memory", "μ̄ := (1 − ρ) μ̄ + ρ mean(x)", "running += rho * (x.mean() - running)"),
    }
    letters = {"gamma": "γ", "running": "μ̄"}

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        return inputs[0]

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        def one(name: str, value: float) -> Part:
            return Part(name, (slice(None), slice(None)), Spec.of("constant", value=value), (id, None))

        n = shape[0]
        return (
            Block((n, 1), (one("running", 0.5),), learned=False),
            Block((n, 1), (one("gamma", 1.0),)),
        )

    def forward(self, p: Place) -> None:
        running, gamma = p.parameters["running"], p.parameters["gamma"]
        x, apart = p.inputs[0].a, p.scratch(p.a.shape)
        p.forward("x − μ̄", "a", np.subtract, x, running, apart)
        p.forward("a = γ (x − μ̄)", "a", np.multiply, apart, gamma, p.a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        da, x, running, gamma = p.da, p.inputs[0].a, p.parameters["running"], p.parameters["gamma"]
        if p.learns:
            out = p.gradients["gamma"]
            p.backward(
                "dγ = Σ da (x − μ̄)",
                "dgamma",
                lambda: np.sum(da * (x - running), axis=1, keepdims=True, out=out),
            )
        p.hand_back(p.inputs[0], "da_prev = γ da", np.multiply, da, gamma)

        def keep() -> None:
            running[...] = (1 - RHO) * running + RHO * x.mean(axis=1, keepdims=True)

        p.update("μ̄ := (1 − ρ) μ̄ + ρ mean(x)", "running", keep)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        each = range(p.shape[0])
        if phase is Phase.FORWARD:
            yield from (Moment("a", (i,)) for i in each)
        if phase is Phase.BACKWARD:
            yield from (Moment("da", (i,), None) for i in each)
            yield from (Moment("dgamma", (i, 0)) for i in each)
        if phase is Phase.UPDATE:
            yield from (Moment("new running", (i, 0), None) for i in each)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i = index[0]
        x = p.ref_a_prev(p.inputs[0], (i,), example)
        running, gamma = p.ref("running", (i, 0)), p.ref("gamma", (i, 0))
        match array:
            case "a":
                return Product((gamma, minus(x, running)))
            case "dgamma":
                return Product((p.ref("da", (i,), example), minus(x, running)))
            case "new running":
                every = total(*(p.ref_a_prev(p.inputs[0], (i,), k) for k in range(p.m)))
                share = Number(RHO / p.m)
                return Sum((Product((Number(1 - RHO), running)), Product((share, every))))
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return Product((p.ref("gamma", (index[0], 0)), p.ref("da", index, example)))


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    """The kind is there for one test."""
    assert "centred" not in layers
    layers.add("centred")(Centred)
    yield
    del layers._kinds["centred"]


def network(**chosen: object) -> Document:
    made = (
        Layer("input", Spec("input"), (0, 1)),
        Layer("hidden", Spec("dense"), (0, 1, 2)),
        Layer("it", Spec("centred"), (0, 1, 2)),
        Layer("output", Spec("output"), (0,)),
    )
    pairs = [("input", "hidden"), ("hidden", "it"), ("it", "output")]
    return Document(layers=made, connections=tuple(Connection(*each) for each in pairs), **chosen)  # type: ignore[arg-type]


def means_by_loop(document: Document, data: Data, updates: int) -> Array:
    """The running mean after some updates, from the states on the way and the batches."""
    trainer, running = Trainer(document, data, fresh(document)), np.full((3, 1), 0.5)
    for update in range(updates):
        p = trainer.learned.parameters
        h = np.tanh(p["hidden.W.input"] @ data.X[:, trainer.batches.examples(update)] + p["hidden.b"])
        running = 0.75 * running + 0.25 * h.mean(axis=1, keepdims=True)
        trainer.advance()
    return running


def test_it_lies_behind_theta_and_has_no_gradient() -> None:
    layout = Layout(network())
    store = ParameterStore(layout)
    assert (layout.size, layout.whole) == (9 + 3 + 4, 9 + 3 + 4 + 3)
    assert layout.slots["it.running"].learned is False
    assert layout.slots["it.gamma"].learned is True
    assert (store.theta.size, store.gradient.size, store.kept.size) == (16, 16, 3)
    assert "it.running" not in store.gradients
    store.load(fresh(network()))
    assert store.kept.tolist() == [0.5, 0.5, 0.5]
    assert np.shares_memory(store.parameters["it.running"], store.kept)
    assert not np.shares_memory(store.parameters["it.gamma"], store.kept)


@pytest.mark.parametrize("training", [Training(), Training(3, True), Training(1)])
def test_its_own_lines_move_it(training: Training, some_data: Callable[..., Data]) -> None:
    document = network(training=training)
    data = some_data(document, 7)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(10)
    expected = means_by_loop(document, data, 10)
    assert np.allclose(trainer.learned.parameters["it.running"], expected, rtol=0, atol=1e-13)
    assert not np.allclose(expected, 0.5, atol=0.05)


@pytest.mark.parametrize("optimizer", [cls.kind for cls in optimizers])
def test_no_optimizer_regularizer_or_clipping_touches_it(
    optimizer: str, some_data: Callable[..., Data]
) -> None:
    """With a learning rate of nothing γ stays (or decays), and μ̄ goes its way."""
    training = Training(
        regularizer=Spec.of("l2", strength=5.0, biases=True), clipping=Spec.of("by_norm", bound=1e-3)
    )
    document = network(optimizer=Spec(optimizer), training=training)
    data = some_data(document, 7)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(4)
    learned = trainer.learned
    expected = means_by_loop(document, data, 4)
    assert np.allclose(learned.parameters["it.running"], expected, rtol=0, atol=1e-13)
    assert all("it.running" not in vector and "it.gamma" in vector for vector in learned.memory.values())


def test_gradients_of_what_is_learned_are_right(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned], running: Callable[..., Network]
) -> None:
    document = network()
    report = gradient_check(running(document, some_data(document, 4), some_learned(document)))
    assert report.agrees(1e-6), report
    assert "it.gamma" in {each.name for each in report}
    assert "it.running" not in {each.name for each in report}


@pytest.mark.parametrize("m", [1, 3])
def test_the_walk_shows_how_it_moves(
    m: int, some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    document = network()
    data, learned = some_data(document, m), some_learned(document)
    trace = Trace(document, data, learned, np.arange(m))
    assert check_truth(trace) > 30
    check_steps(trace)
    assert np.array_equal(trace.arrays["it", "running"], learned.parameters["it.running"])
    trainer = Trainer(document, data, learned)
    trainer.advance()
    after = trainer.learned.parameters
    assert np.array_equal(trace.arrays["it", "new running"], after["it.running"])
    assert np.array_equal(trace.arrays["it", "new gamma"], after["it.gamma"])
    shown = [step for step in trace if step.target.array == "new running"]
    assert {step.phase for step in shown} == {Phase.UPDATE}
    assert [step.value for step in shown if step.final] == after["it.running"][:, 0].tolist()


def test_going_back_brings_it_back_bit_for_bit(some_data: Callable[..., Data]) -> None:
    document = network(optimizer=Spec("adam"), training=Training(3, True))
    data = some_data(document, 7)
    timeline = Timeline(Trainer(document, data, fresh(document)), budget=0)
    timeline.advance(40)
    for step in (13, 0, 39, 40):
        timeline.seek(step)
        straight = Trainer(document, data, fresh(document))
        straight.advance(step)
        assert timeline.trainer.learned.same_bits(straight.learned)
    assert not fresh(document).same_bits(replace(fresh(document), parameters=straight.learned.parameters))


def test_predicting_and_evaluating_leave_it(some_data: Callable[..., Data]) -> None:
    document = network()
    data = some_data(document, 7)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(3)
    before = trainer.learned
    one, two = evaluate(document, data, trainer.store).J, evaluate(document, data, trainer.store).J
    assert one == two
    assert trainer.learned.same_bits(before)


def test_an_update_that_diverges_leaves_it(some_data: Callable[..., Data]) -> None:
    document = network(loss=Spec("mse"))
    data = some_data(document, 7)
    trainer = Trainer(document, replace(data, Y=np.full_like(data.Y, 1e200)), fresh(document))
    with pytest.raises(DivergenceError):
        trainer.advance(3)
    assert trainer.learned.same_bits(fresh(document))


def test_it_is_saved_and_opened(tmp_path: Path) -> None:
    document = network()
    document = replace(document, data=Spec("xor"))
    project = Project.new(document)
    trainer = Trainer(document, _xor(), project.learned)
    trainer.advance(5)
    for name in ("a.axon", "a.json"):
        save_project(replace(project, learned=trainer.learned), tmp_path / name)
        found = open_project(tmp_path / name).learned
        assert found.same_bits(trainer.learned)
        again = Trainer(document, _xor(), found)
        again.advance(4)
        straight = Trainer(document, _xor(), fresh(document))
        straight.advance(9)
        assert again.learned.same_bits(straight.learned)


def _xor() -> Data:
    from engine.data_of import data_of

    return data_of(Document(data=Spec("xor")))


def test_an_edit_keeps_that_of_the_units_that_stay(some_data: Callable[..., Data]) -> None:
    document = network()
    trainer = Trainer(document, some_data(document, 7), fresh(document))
    trainer.advance(6)
    before = trainer.learned
    wider = edits.add_unit(document, layer="hidden")
    after = carried(document, before, wider)
    assert np.array_equal(after.parameters["it.running"][:3], before.parameters["it.running"])
    assert after.parameters["it.running"][3].tolist() == [0.5]
    gone = edits.remove_units(document, layer="hidden", keys=[1])
    kept = carried(document, before, gone).parameters["it.running"]
    assert np.array_equal(kept, before.parameters["it.running"][[0, 2]])


def test_it_can_be_set_by_hand(some_data: Callable[..., Data]) -> None:
    document = network()
    data = some_data(document, 7)
    changed = with_weight(fresh(document), key="it.running", index=(1, 0), value=2.0)
    one, two = (Trainer(document, data, each) for each in (fresh(document), changed))
    for trainer in (one, two):
        trainer.advance()
    moved = two.learned.parameters["it.running"] - one.learned.parameters["it.running"]
    assert np.allclose(moved[:, 0], [0.0, 0.75 * 1.5, 0.0], rtol=0, atol=1e-15)


# ---------------------------------------------------------------- batch normalisation


def test_a_network_that_predicts_uses_what_was_kept(some_data: Callable[..., Data]) -> None:
    """Mean and unbiased variance of the batches, (1 − ρ) of the old and ρ of the new, in single loops."""
    document = network(training=Training(3, True, 2))
    it = Layer("it", Spec.of("batch_norm", momentum=0.25), (0, 1, 2))
    document = document.with_layer(it)
    data = some_data(document, 9)
    trainer = Trainer(document, data, fresh(document))
    mean, variance = np.zeros(3), np.ones(3)
    for update in range(8):
        p = trainer.learned.parameters
        h = np.tanh(p["hidden.W.input"] @ data.X[:, trainer.batches.examples(update)] + p["hidden.b"])
        mean = 0.75 * mean + 0.25 * h.mean(axis=1)
        variance = 0.75 * variance + 0.25 * h.var(axis=1, ddof=1)
        trainer.advance()
    p = trainer.learned.parameters
    assert np.allclose(p["it.running_mean"][:, 0], mean, rtol=0, atol=1e-13)
    assert np.allclose(p["it.running_variance"][:, 0], variance, rtol=0, atol=1e-13)
    h = np.tanh(p["hidden.W.input"] @ data.X + p["hidden.b"])
    epsilon = layers.make(it.spec).epsilon  # type: ignore[attr-defined]
    xhat = (h - mean[:, None]) / np.sqrt(variance[:, None] + epsilon)
    z = p["output.W.it"] @ (p["it.gamma"] * xhat + p["it.beta"]) + p["output.b"]
    a = 1 / (1 + np.exp(-z))
    J = -np.mean(data.Y * np.log(a) + (1 - data.Y) * np.log(1 - a))
    assert pytest.approx(J, abs=1e-12) == evaluate(document, data, trainer.learned).J
    alone = evaluate(document, data, trainer.learned, [4]).J
    assert np.isfinite(alone), "one example has no variance of its own"
