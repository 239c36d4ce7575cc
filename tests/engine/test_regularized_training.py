"""Whole updates with a schedule, a regularizer and clipping: by formulas, in the walk, and back in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.notation import as_text
from engine.core.plan import Array
from engine.core.printing import in_numbers, symbol
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Training, edits
from engine.learned import Learned, carried, fresh
from engine.optimizers import optimizers
from engine.samples import mlp
from engine.schedules import schedules
from engine.timeline import Timeline
from engine.trace import Trace
from engine.trainer import Trainer

Some = Callable[..., Data]
L2 = Spec.of("l2", strength=0.3)
COSINE = Spec.of("cosine", updates=20, floor=0.1)
NORM = Spec.of("by_norm", bound=0.05)
KEYS = ("hidden.W.input", "hidden.b", "output.W.hidden", "output.b")


def network(rate: float = 0.4, optimizer: str = "gradient_descent", **training: object) -> Document:
    spec = Spec.of(optimizer, learning_rate=rate) if optimizer == "gradient_descent" else Spec(optimizer)
    return mlp(2, 3, 1, optimizer=spec, training=Training(**training))


def slopes_of(learned: Learned, X: Array, Y: Array) -> dict[str, Array]:
    """The gradient of the mean binary cross-entropy after tanh and sigmoid, by the formulas."""
    W1, b1, W2, b2 = (learned.parameters[key] for key in KEYS)
    h = np.tanh(W1 @ X + b1)
    dz2 = (1 / (1 + np.exp(-(W2 @ h + b2))) - Y) / X.shape[1]
    dz1 = (W2.T @ dz2) * (1 - h**2)
    found = (dz1 @ X.T, dz1.sum(1, keepdims=True), dz2 @ h.T, dz2.sum(1, keepdims=True))
    return dict(zip(KEYS, found, strict=True))


def by_hand(
    document: Document, data: Data, updates: int, decay: Callable[[str, Array, int], Array]
) -> Learned:
    """So many updates of gradient descent, one formula after the other; ``decay`` is ∂R/∂θ."""
    training, learned = document.training, fresh(document)
    batches = Trainer(document, data, learned).batches
    rate = dict(document.optimizer.settings)["learning_rate"]
    for update in range(updates):
        columns = batches.examples(update)
        g = slopes_of(learned, data.X[:, columns], data.Y[:, columns])
        g = {key: each + decay(key, learned.parameters[key], len(columns)) for key, each in g.items()}
        if training.clipping.kind == "by_norm":
            length = np.sqrt(sum(float((each**2).sum()) for each in g.values()))
            g = {key: each * min(1.0, 0.05 / length) for key, each in g.items()}
        if training.clipping.kind == "by_value":
            g = {key: np.clip(each, -0.02, 0.02) for key, each in g.items()}
        s = 0.1 + 0.9 * (1 + np.cos(np.pi * update / 20)) / 2 if training.schedule.kind == "cosine" else 1.0
        moved = {key: learned.parameters[key] - rate * s * each for key, each in g.items()}
        learned = replace(learned, parameters=moved)
    return learned


def assert_close(one: Learned, two: Learned) -> None:
    for key in KEYS:
        assert np.allclose(one.parameters[key], two.parameters[key], rtol=0, atol=1e-13), key


def trained(document: Document, data: Data, updates: int) -> Learned:
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(updates)
    return trainer.learned


def weights_only(slope: Callable[[Array, int], Array]) -> Callable[[str, Array, int], Array]:
    return lambda key, theta, m: slope(theta, m) if ".W." in key else np.zeros_like(theta)


DECAYS = {
    "λ/2": (Spec.of("l2", strength=0.3, convention="λ/2"), weights_only(lambda w, m: 0.3 * w)),
    "λ/2m": (Spec.of("l2", strength=0.3, convention="λ/2m"), weights_only(lambda w, m: 0.3 / m * w)),
    "λ": (Spec.of("l2", strength=0.3, convention="λ"), weights_only(lambda w, m: 0.6 * w)),
    "biases too": (Spec.of("l2", strength=0.3, biases=True), lambda key, w, m: 0.3 * w),
    "l1": (Spec.of("l1", strength=0.3), weights_only(lambda w, m: 0.3 * np.sign(w))),
}


@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize("name", DECAYS)
def test_what_large_weights_cost_is_added_to_the_gradient(
    name: str, batch: int | None, some_data: Some
) -> None:
    """Of seven examples in threes the last batch is one alone: with λ/2m it decays three times as much."""
    spec, decay = DECAYS[name]
    document = network(regularizer=spec, batch_size=batch, shuffle=batch is not None)
    data = some_data(document, 7)
    found = trained(document, data, 7)
    assert_close(found, by_hand(document, data, 7, decay))
    plain = trained(network(batch_size=batch, shuffle=batch is not None), data, 7)
    assert not np.allclose(found.parameters["hidden.W.input"], plain.parameters["hidden.W.input"], atol=1e-2)


@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize("clipping", [Spec("off"), NORM, Spec.of("by_value", bound=0.02)])
@pytest.mark.parametrize("schedule", [Spec("constant"), COSINE])
def test_the_whole_update_by_its_formulas(
    schedule: Spec, clipping: Spec, batch: int | None, some_data: Some
) -> None:
    """Mean, then the penalty, then the bound, then the step with the rate of this update."""
    document = network(regularizer=L2, schedule=schedule, clipping=clipping, batch_size=batch)
    data = some_data(document, 7)
    assert_close(trained(document, data, 12), by_hand(document, data, 12, DECAYS["λ/2"][1]))


def test_the_three_conventions_are_one_another(some_data: Some) -> None:
    """With all m = 5 examples in a batch: λ/2m with λ = 0.5 is λ/2 with 0.1 is λ with 0.05."""
    pairs = [("λ/2m", 0.5), ("λ/2", 0.1), ("λ", 0.05)]
    documents = [network(regularizer=Spec.of("l2", strength=value, convention=name)) for name, value in pairs]
    data = some_data(documents[0], 5)
    first, *others = (trained(each, data, 30) for each in documents)
    for other in others:
        assert_close(first, other)


def test_the_loss_that_is_shown_is_without_the_penalty(some_data: Some) -> None:
    document = network(regularizer=Spec.of("l2", strength=100.0))
    data = some_data(document, 5)
    curves = []
    for each in (document, network()):
        trainer = Trainer(each, data, fresh(each))
        trainer.advance()
        curves.append(trainer.curve.values[0])
    assert curves[0] == curves[1]


# ---------------------------------------------------------------- the walk


COMBINATIONS = [
    ("gradient_descent", L2, COSINE, NORM),
    ("gradient_descent", Spec.of("l2", strength=0.3, convention="λ/2m"), Spec("constant"), Spec("off")),
    ("gradient_descent", Spec("none"), Spec.of("step", every=2, gamma=0.5), Spec.of("by_value", bound=0.02)),
    ("momentum", Spec.of("l1", strength=0.2), Spec.of("warm_up", updates=9), NORM),
    ("adam", Spec("elastic_net"), COSINE, Spec.of("by_norm", bound=1e9)),
    ("adamw", Spec.of("l2", strength=0.3, convention="λ", biases=True), COSINE, NORM),
    ("rmsprop", L2, Spec.of("exponential", gamma=0.9), Spec("off")),
]


@pytest.mark.parametrize("m", [1, 4])
@pytest.mark.parametrize(("optimizer", "regularizer", "schedule", "clipping"), COMBINATIONS)
def test_the_walk_tells_the_truth_and_skips_nothing(
    optimizer: str, regularizer: Spec, schedule: Spec, clipping: Spec, m: int, some_data: Some,
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    document = network(
        optimizer=optimizer, regularizer=regularizer, schedule=schedule, clipping=clipping, seed=3
    )
    data = some_data(document, m)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(5)
    trace = Trace(document, data, trainer.learned, np.arange(m))
    assert check_truth(trace) > 50
    check_steps(trace)
    trainer.advance()
    for key in KEYS:
        layer, name = key.split(".", 1)
        assert trace.arrays[layer, f"new {name}"].tobytes() == trainer.learned.parameters[key].tobytes()


def test_the_links_of_one_weight_in_digits(some_data: Some) -> None:
    """dW → mean → with the penalty → bounded → the step: each step's number follows from the one before."""
    document = network(regularizer=L2, schedule=COSINE, clipping=NORM)
    data = some_data(document, 4)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(7)
    trace = Trace(document, data, trainer.learned, np.arange(4))
    w = float(trainer.learned.parameters["hidden.W.input"][1, 0])
    steps = [step for step in trace if step.target.array.endswith("W.input") and step.target.index == (1, 0)]
    update = [step for step in steps if step.phase == "update" and step.final]
    assert [step.target.array for step in update] == [
        "mean dW.input", "whole dW.input", "clipped dW.input", "new W.input",
    ]  # fmt: skip
    mean, whole, clipped, new = (step.value for step in update)
    slopes = slopes_of(trainer.learned, data.X, data.Y)
    whole_slopes = {k: g + 0.3 * trainer.learned.parameters[k] * (".W." in k) for k, g in slopes.items()}
    norm = np.sqrt(sum(float((each**2).sum()) for each in whole_slopes.values()))
    assert norm > 0.05
    assert mean == pytest.approx(slopes["hidden.W.input"][1, 0], abs=1e-14)
    assert whole == pytest.approx(mean + 0.3 * w, abs=1e-14)
    assert clipped == pytest.approx(whole * 0.05 / norm, abs=1e-14)
    assert new == pytest.approx(w - 0.4 * schedules.make(COSINE).factor(7) * clipped, abs=1e-14)
    said = as_text(in_numbers(update[-1].expression, trace.lookup))
    assert said.startswith(as_text(in_numbers(trace.ref("hidden", "W.input", (1, 0), None), trace.lookup)))
    assert as_text(symbol(update[1].target)).startswith("∂(J+R)/∂w")


def test_biases_have_no_link_for_a_penalty_that_spares_them(some_data: Some) -> None:
    for biases in (False, True):
        document = network(regularizer=Spec.of("l2", strength=0.3, biases=biases))
        trace = Trace(document, some_data(document, 4), fresh(document), np.arange(4))
        shown = {(step.target.owner, step.target.array) for step in trace}
        assert ("hidden", "whole dW.input") in shown
        assert (("hidden", "whole db") in shown) == biases


# ---------------------------------------------------------------- what must not move


@pytest.mark.parametrize("optimizer", [cls.kind for cls in optimizers])
@pytest.mark.parametrize("regularizer", [Spec("none"), L2, Spec.of("l1", strength=0.3, biases=True)])
def test_locked_cut_and_frozen_weights_keep_their_bits(
    optimizer: str, regularizer: Spec, some_data: Some
) -> None:
    """No decay, no memory and no bound moves them."""
    document = network(optimizer=optimizer, regularizer=regularizer, schedule=COSINE, clipping=NORM)
    wires = (
        Connection("input", "hidden", cut=frozenset({(0, 0)}), locked=frozenset({(1, 0), (2, 1)})),
        Connection("hidden", "output"),
    )
    document = edits.set_layer(replace(document, connections=wires), layer="output", frozen=True)
    data = some_data(document, 6)
    start, found = fresh(document), trained(document, data, 9)
    same = found.parameters["hidden.W.input"] == start.parameters["hidden.W.input"]
    assert same.tolist() == [[True, False], [True, False], [False, True]]
    for key in ("output.W.hidden", "output.b"):
        assert found.parameters[key].tobytes() == start.parameters[key].tobytes()
    assert not (found.parameters["hidden.b"] == start.parameters["hidden.b"]).any()


def test_the_bound_looks_at_what_may_learn_alone(some_data: Some) -> None:
    """The norm of the gradient is that of the free parameters: with the output frozen only of the others."""
    document = edits.set_layer(network(clipping=NORM), layer="output", frozen=True)
    data = some_data(document, 6)
    g = slopes_of(fresh(document), data.X, data.Y)
    norm = np.sqrt(sum(float((g[key] ** 2).sum()) for key in KEYS[:2]))
    assert norm > 0.05
    found, start = trained(document, data, 1), fresh(document)
    for key in KEYS[:2]:
        expected = start.parameters[key] - 0.4 * g[key] * 0.05 / norm
        assert np.allclose(found.parameters[key], expected, rtol=0, atol=1e-15)


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(("optimizer", "regularizer", "schedule", "clipping"), COMBINATIONS)
def test_every_past_state_comes_back_bit_for_bit(
    optimizer: str, regularizer: Spec, schedule: Spec, clipping: Spec, some_data: Some
) -> None:
    document = network(
        optimizer=optimizer, regularizer=regularizer, schedule=schedule, clipping=clipping,
        batch_size=3, shuffle=True, held_out=0.1, augmentation=Spec("noise"), label_noise=0.2,
    )  # fmt: skip
    data = some_data(document, 8)
    timeline = Timeline(Trainer(document, data, fresh(document)), budget=2000)
    timeline.advance(40)
    for step in (17, 3, 39, 0, 40):
        timeline.seek(step)
        assert timeline.trainer.learned.same_bits(trained(document, data, step)), step


def test_a_schedule_counts_the_updates_of_the_whole_training(some_data: Some) -> None:
    """Also where the optimizer was exchanged on the way and counts anew for itself."""
    slow = Spec.of("step", every=5, gamma=0.1)
    document = network(optimizer="adam", schedule=slow)
    data = some_data(document, 6)
    before = trained(document, data, 6)
    other = edits.set_optimizer(document, spec=Spec.of("gradient_descent", learning_rate=0.4))
    went = carried(document, before, other)
    assert (went.step, went.clock) == (6, 0)
    trainer = Trainer(other, data, went)
    trainer.advance()
    g = slopes_of(before, data.X, data.Y)
    for key in KEYS:
        expected = before.parameters[key] - 0.4 * 0.1 * g[key]
        assert np.allclose(trainer.learned.parameters[key], expected, rtol=0, atol=1e-15)


def test_the_cure_for_overfitting_works() -> None:
    """Few noisy points: weight decay lowers the loss on the curve that they come from (lesson 33 a)."""
    rng = np.random.default_rng(1)
    x = np.linspace(-1.5, 1.5, 12)[None]
    y = np.sin(3 * x) + rng.normal(0, 0.25, x.shape)
    X = np.linspace(-1.5, 1.5, 101)[None]
    mistakes = []
    for regularizer in (Spec("none"), Spec.of("l2", strength=0.003)):
        document = mlp(
            1, 64, 64, 1, output="identity", loss=Spec("mse"),
            optimizer=Spec.of("adam", learning_rate=0.01), training=Training(regularizer=regularizer),
        )  # fmt: skip
        names = ("x",), ("y",)
        trainer = Trainer(document, Data(x, y, *names, task="regression"), fresh(document))  # type: ignore[arg-type]
        trainer.advance(800)
        p = trainer.learned.parameters
        h = np.tanh(p["hidden.W.input"] @ X + p["hidden.b"])
        h = np.tanh(p["hidden2.W.hidden"] @ h + p["hidden2.b"])
        a = p["output.W.hidden2"] @ h + p["output.b"]
        mistakes.append(float(((a - np.sin(3 * X)) ** 2).mean()))
    assert mistakes[1] < 0.8 * mistakes[0]
