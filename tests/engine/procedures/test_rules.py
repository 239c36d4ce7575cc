"""The perceptron rule and the delta rule as ways of training (lessons L06, L09, oddities E14 to E16)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.core.notation import as_text
from engine.core.plan import Array, Phase
from engine.core.printing import in_symbols
from engine.core.problems import DivergenceError, DocumentError
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.document import Document, Training
from engine.layout import Layout
from engine.learned import Learned, fresh, frozen
from engine.network import Network
from engine.procedures import procedures
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer

STEP = Spec("step")


def neuron(procedure: str, activation: Spec = STEP, *sizes: int, **chosen: Any) -> Document:
    training = chosen.pop("training", Training())
    made = mlp(
        *(sizes or (2, 1)), loss=chosen.pop("loss", Spec("mse")), data=Spec("and"),
        training=replace(training, procedure=Spec(procedure)), **chosen,
    )  # fmt: skip
    output = made.layer("output")
    return made.with_layer(replace(output, spec=output.spec.with_(activation=activation)))


def starting(document: Document, w: Array, b: Array) -> Learned:
    first = {"output.W.input": frozen(np.array(w, float)), "output.b": frozen(np.array(b, float))}
    return replace(fresh(document), parameters=first, initial=first)


def rate(alpha: float) -> Spec:
    return Spec.of("gradient_descent", learning_rate=alpha)


def test_dz_is_the_error_and_the_rule_is_gradient_descent_with_it(
    running: Callable[..., Network], make_data: Callable[..., Data]
) -> None:
    """E16: +α (y − h) x is −α dW with dW = (h − y) x, though the step has no slope."""
    document = neuron("perceptron_rule", optimizer=rate(0.5))
    data = make_data([[2.0], [-3.0]], [[1.0]])  # type: ignore[arg-type]
    network = running(document, data, starting(document, [[-1.0, 0.5]], [[0.25]]))  # type: ignore[arg-type]
    for call in network.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
        call()
    place = network.places["output"]
    assert place.a.tolist() == [[0.0]] and place.known("dz").tolist() == [[-1.0]]
    assert place.gradients["W.input"].tolist() == [[-2.0, 3.0]]
    assert network.J == 0.5
    for call in network.calls(Phase.UPDATE):
        call()
    assert place.parameters["W.input"].tolist() == [[0.0, -1.0]]
    assert place.parameters["b"].tolist() == [[0.75]]


def test_a_batch_takes_the_mean(make_data: Callable[..., Data]) -> None:
    """Σ is the same with m times the learning rate."""
    X, Y = np.array([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0]]), np.array([[0.0, 0.0, 1.0]])
    w, b = np.array([[1.0, -0.25]]), np.array([[0.5]])
    h = (w @ X + b >= 0).astype(float)
    assert (Y - h).any()
    document = neuron("perceptron_rule", optimizer=rate(0.3))
    trainer = Trainer(document, make_data(X, Y), starting(document, w, b))
    trainer.advance()
    after = trainer.learned.parameters
    assert after["output.W.input"] == pytest.approx(w + 0.3 * (Y - h) @ X.T / 3, abs=1e-12)
    assert after["output.b"] == pytest.approx(b + 0.3 * (Y - h).sum() / 3, abs=1e-12)


def test_several_units_learn_each_for_itself(make_data: Callable[..., Data]) -> None:
    """Two neurons at once, AND and OR: the weights of two neurons alone."""
    document = neuron("perceptron_rule", STEP, 2, 2, optimizer=rate(1.0), training=Training(batch_size=1))
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    data = make_data(X, np.array([[0, 0, 0, 1], [0, 1, 1, 1]]))
    trainer = Trainer(document, data, starting(document, np.zeros((2, 2)), np.zeros((2, 1))))
    trainer.advance(24)
    after = trainer.learned.parameters
    assert after["output.W.input"].tolist() == [[2, 1], [1, 1]]
    assert after["output.b"].tolist() == [[-3], [-1]]
    assert trainer.curve.since(20).tolist() == [0.0] * 4, "the first epoch without a mistake is the 6th"


@pytest.mark.parametrize("m", [1, 4])
def test_every_number_is_explained(
    m: int, some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    for procedure, activation in (
        ("perceptron_rule", STEP), ("perceptron_rule", Spec.of("step", outputs="{-1, +1}", comparison=">")),
        ("delta_rule", Spec("identity")), ("delta_rule", Spec("sigmoid")),
    ):  # fmt: skip
        document = neuron(procedure, activation, 3, 2, optimizer=rate(0.3))
        trace = Trace(document, some_data(document, m), some_learned(document), np.arange(m))
        assert check_truth(trace) > 20
        check_steps(trace)


def test_the_explanation_says_that_it_rounds(some_data: Callable[..., Data]) -> None:
    document = neuron("perceptron_rule")
    trace = Trace(document, some_data(document, 2), fresh(document), np.arange(2))
    for array, example in (("new W.input", None), ("a", 0)):
        index = (0, 0) if example is None else (0,)
        assert "round" in as_text(in_symbols(trace.cell(trace.ref("output", array, index, example))))


def test_locked_and_cut_weights_keep_their_bits(make_data: Callable[..., Data]) -> None:
    """Rounding is for what is learned: 1/3 stays 1/3 where it is locked."""
    document = neuron("perceptron_rule", optimizer=rate(0.1), training=Training(batch_size=1))
    wire = replace(document.connections[0], locked=frozenset({(0, 1)}))
    document = replace(document, connections=(wire,))
    start = starting(document, [[1 / 3, 1 / 3]], [[-2.0]])  # type: ignore[arg-type]
    data = make_data([[1.0, 0.0], [1.0, 1.0]], [[1.0, 1.0]])  # type: ignore[arg-type]
    trainer = Trainer(document, data, start)
    trainer.advance(3)
    weights = trainer.learned.parameters["output.W.input"][0]
    assert weights[1] == 1 / 3
    assert weights[0] == round(weights[0], 12) != 1 / 3


def test_the_curve_counts_mistakes(make_data: Callable[..., Data]) -> None:
    """J is half the share of mistakes for outputs 0 and 1, and twice the share for −1 and +1."""
    for code, per_mistake in (("{0, 1}", 0.5), ("{-1, +1}", 2.0)):
        data = datasets.make(Spec.of("or", outputs=code)).load(0)
        document = neuron("perceptron_rule", Spec.of("step", outputs=code))
        trainer = Trainer(document, data, starting(document, np.zeros((1, 2)), np.zeros((1, 1))))
        trainer.advance()
        assert trainer.curve.since(0).tolist() == [per_mistake / 4], "at zero only 00 is wrong"


LESSON_09 = [
    ([0, 0, 0, 1], (-0.25, 0.5, 0.5), 0.03125),
    ([0, 1, 1, 1], (0.25, 0.5, 0.5), 0.03125),
    ([0, 1, 1, 0], (0.5, 0.0, 0.0), 0.125),
]


@pytest.mark.parametrize(("targets", "weights", "cost"), LESSON_09)
def test_the_delta_rule_ends_where_the_squared_error_is_least(
    targets: list[int], weights: tuple[float, ...], cost: float, make_data: Callable[..., Data]
) -> None:
    X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]])
    with_bias = np.vstack([np.ones(4), X])
    exact = np.linalg.lstsq(with_bias.T, np.array(targets, float), rcond=None)[0]
    assert exact == pytest.approx(weights, abs=1e-12)
    document = neuron("delta_rule", Spec("identity"), optimizer=rate(0.5))
    trainer = Trainer(document, make_data(X, np.array([targets])), fresh(document))
    trainer.advance(800)
    after = trainer.learned.parameters
    assert [after["output.b"][0, 0], *after["output.W.input"][0]] == pytest.approx(weights, abs=1e-9)
    assert trainer.curve.since(799)[0] == pytest.approx(cost, abs=1e-12)


def test_the_largest_stable_rate_on_the_line() -> None:
    """x = 0 to 4: the largest eigenvalue of 1/m Σ (1, x)(1, x)ᵀ is 6.70, and 2 / 6.70 = 0.2984."""
    data = datasets.make("line").load(0)
    with_bias = np.vstack([np.ones(data.m), data.X])
    largest = np.linalg.eigvalsh(with_bias @ with_bias.T / data.m).max()
    assert 2.0 / largest == pytest.approx(0.2984, abs=5e-5)
    for alpha, settles in ((0.298, True), (0.299, False)):
        document = neuron("delta_rule", Spec("identity"), 1, 1, optimizer=rate(alpha))
        trainer = Trainer(document, data, starting(document, [[0.0]], [[0.0]]))  # type: ignore[arg-type]
        trainer.advance(3000)
        curve = trainer.curve.since(0)
        assert (curve[-1] < curve[0]) == settles
        if settles:
            best = np.linalg.lstsq(with_bias.T, data.Y[0], rcond=None)[0]
            assert trainer.learned.parameters["output.W.input"][0, 0] == pytest.approx(best[1], abs=1e-3)
    document = neuron("delta_rule", Spec("identity"), 1, 1, optimizer=rate(3.0))
    with pytest.raises(DivergenceError):
        Trainer(document, data, fresh(document)).advance(1000)


def test_the_delta_rule_of_a_sigmoid_unit(make_data: Callable[..., Data]) -> None:
    """One update by the formula with σ′ = a (1 − a)."""
    X, Y = np.array([[1.0, 2.0], [-0.5, 0.3]]), np.array([[1.0, 0.0]])
    w, b = np.array([[0.2, -0.4]]), np.array([[0.1]])
    a = 1.0 / (1.0 + np.exp(-(w @ X + b)))
    delta = (Y - a) * a * (1.0 - a)
    document = neuron("delta_rule", Spec("sigmoid"), optimizer=rate(0.8))
    trainer = Trainer(document, make_data(X, Y), starting(document, w, b))
    trainer.advance()
    after = trainer.learned.parameters
    assert after["output.W.input"] == pytest.approx(w + 0.8 * delta @ X.T / 2, rel=1e-13)
    assert after["output.b"] == pytest.approx(b + 0.8 * delta.sum() / 2, rel=1e-13)


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (neuron("perceptron_rule", STEP, 2, 3, 1), "one layer of neurons"),
        (neuron("perceptron_rule", Spec("sigmoid")), "with the binary step"),
        (neuron("perceptron_rule", loss=Spec("bce")), "squared error"),
        (neuron("perceptron_rule", optimizer=Spec("adam")), "gradient descent"),
        (neuron("perceptron_rule", training=Training(regularizer=Spec("l2"))), "penalty"),
        (neuron("perceptron_rule", training=Training(precision="single")), "double precision"),
        (neuron("delta_rule", Spec("identity"), 2, 3, 1), "one layer of neurons"),
        (neuron("delta_rule", STEP), "identity or the sigmoid"),
        (neuron("delta_rule", Spec("identity"), loss=Spec("mae")), "half the squared error"),
        (neuron("delta_rule", Spec("identity"), loss=Spec.of("mse", form="sum")), "half the squared error"),
        (neuron("delta_rule", Spec("identity"), optimizer=Spec("momentum")), "gradient descent"),
    ],
)
def test_refusals(document: Document, said: str) -> None:
    procedure = procedures.make(document.training.procedure)
    sentence = procedure.refusal(Layout(document))
    assert said in sentence and sentence.endswith(".") and sentence.count(":") == 1
    with pytest.raises(DocumentError, match=said):
        Trainer(document, datasets.make("and").load(0), fresh(document))


def test_fitting_networks_are_not_refused() -> None:
    for document in (
        neuron("perceptron_rule"), neuron("perceptron_rule", STEP, 4, 3),
        neuron("delta_rule", Spec("identity")), neuron("delta_rule", Spec("sigmoid"), 1, 1),
    ):  # fmt: skip
        assert procedures.make(document.training.procedure).refusal(Layout(document)) == ""


def test_targets_must_be_coded_like_the_outputs() -> None:
    """E14, as a warning."""
    rule = procedures.make("perceptron_rule")
    for data, step in (("{0, 1}", "{0, 1}"), ("{-1, +1}", "{-1, +1}")):
        document = replace(neuron("", Spec.of("step", outputs=step)), data=Spec.of("and", outputs=data))
        assert rule.advice(Layout(document)) == ""
    for data, step in (("{0, 1}", "{-1, +1}"), ("{-1, +1}", "{0, 1}")):
        document = replace(neuron("", Spec.of("step", outputs=step)), data=Spec.of("and", outputs=data))
        assert "code the two alike" in rule.advice(Layout(document))


def test_gates_with_signs() -> None:
    plain = datasets.make("xor").load(0)
    coded = datasets.make(Spec.of("xor", inputs="{-1, +1}", outputs="{-1, +1}")).load(0)
    assert coded.X.tolist() == [[-1, -1, 1, 1], [-1, 1, -1, 1]] and coded.Y.tolist() == [[-1, 1, 1, -1]]
    half = datasets.make(Spec.of("xor", outputs="{-1, +1}")).load(0)
    assert np.array_equal(half.X, plain.X) and np.array_equal(half.Y, coded.Y)
