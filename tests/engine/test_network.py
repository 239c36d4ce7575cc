"""The network: one matrix product for all examples, arrays bound once, sentences where nothing fits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.gradient_check import gradient_check, numeric_gradient
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, edits
from engine.fit import fit_problem
from engine.layout import MOST_PARAMETERS, Layout
from engine.learned import Learned, fresh
from engine.network import Network
from engine.parameters import ParameterStore
from engine.procedures import Wanted
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer

Running = Callable[..., Network]


def test_all_examples_at_once_is_the_loop_over_examples(
    running: Running, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    make_data: Callable[..., Data],
) -> None:  # fmt: skip
    for document in shapes_of_networks.values():
        data, learned, m = some_data(document, 6), some_learned(document), 6
        whole = running(document, data, learned)
        for call in whole.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
            call()
        gradient, J = np.zeros_like(whole.store.gradient), 0.0
        for i in range(m):
            one = running(document, make_data(data.X[:, [i]], data.Y[:, [i]]), learned)
            for call in one.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
                call()
            assert one.a[:, 0] == pytest.approx(whole.a[:, i], abs=1e-12)
            gradient += one.store.gradient
            J += one.J / m
        assert whole.J == pytest.approx(J, abs=1e-12)
        assert whole.store.gradient == pytest.approx(gradient, abs=1e-12)


def test_forward_is_the_blackboard(
    running: Running, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """z = W a + b, a = g(z), written once more in plain NumPy."""
    document = mlp(3, 5, 5, 3, 1, hidden="sigmoid")
    data, learned = some_data(document, 6), some_learned(document)
    a, behind = data.X, "input"
    for id in ("hidden", "hidden2", "hidden3", "output"):
        z = learned.parameters[f"{id}.W.{behind}"] @ a + learned.parameters[f"{id}.b"]
        a, behind = 1.0 / (1.0 + np.exp(-z)), id
    assert running(document, data, learned).forward() == pytest.approx(a, abs=1e-14)


def test_skips_add_up(
    running: Running, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    document = shapes_of_networks["skips"]
    data, learned = some_data(document, 4), some_learned(document)
    p = learned.parameters
    mask = np.ones((2, 3))
    mask[1, 1] = 0.0
    h = np.tanh(p["hidden.W.input"] @ data.X + p["hidden.b"])
    z = p["hidden2.W.hidden"] @ h + p["hidden2.W.input"] @ data.X + p["hidden2.b"]
    h2 = 1 / (1 + np.exp(-z))
    z = p["output.W.hidden2"] @ h2 + (mask * p["output.W.input"]) @ data.X + p["output.W.hidden"] @ h
    a = 1 / (1 + np.exp(-(z + p["output.b"])))
    assert running(document, data, learned).forward() == pytest.approx(a, abs=1e-14)


def test_predicting_compiles_the_forward_phase_only(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    store = ParameterStore(Layout(document))
    store.load(some_learned(document))
    network = Network(store, 5, learns=False)
    network.feed(np.ones((2, 5)))
    assert network.forward().shape == (1, 5)
    assert {line.phase for line in network.plan.lines} == {Phase.FORWARD}


def test_networks_of_one_store_share_the_weights(some_learned: Callable[..., Learned]) -> None:
    document = mlp(2, 3, 1)
    store = ParameterStore(Layout(document))
    store.load(some_learned(document))
    one, five = Network(store, 1), Network(store, 5)
    X = np.random.default_rng(0).normal(size=(2, 5))
    five.feed(X)
    one.feed(X[:, [3]])
    assert one.forward()[0, 0] == pytest.approx(five.forward()[0, 3], abs=1e-15)
    store.theta += 0.1
    assert one.forward()[0, 0] == pytest.approx(five.forward()[0, 3], abs=1e-15)


def test_single_precision(some_data: Callable[..., Data]) -> None:
    for document in (mlp(3, 4, 1), mlp(3, 4, 2, output="softmax", loss=Spec("cross_entropy"))):
        cut = edits.cut_synapse(document, source="input", sender=0, target="hidden", receiver=0)
        for kind in ("gradient_descent", "momentum", "adam"):
            made = edits.set_optimizer(cut, spec=Spec(kind))
            data = some_data(made, 4)
            single = Trainer(made, data, fresh(made), dtype=np.float32)
            double = Trainer(made, data, fresh(made))
            single.advance(5)
            double.advance(5)
            for key, each in single.learned.parameters.items():
                assert each.dtype == np.float32
                assert each == pytest.approx(double.learned.parameters[key], abs=1e-4)


def test_a_cut_synapse_weighs_nothing_and_has_no_slope(
    running: Running, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    document = shapes_of_networks["cut and locked"]
    network = running(document, some_data(document), some_learned(document))
    for call in network.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
        call()
    for index in [(0, 1), (2, 0), (2, 1)]:
        assert network.store.parameters["hidden.W.input"][index].tobytes() == np.float64(0.0).tobytes()
        assert network.store.gradients["hidden.W.input"][index] == 0.0


def test_a_cut_weight_may_hold_anything(
    running: Running, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    document = shapes_of_networks["cut and locked"]
    learned = some_learned(document)
    wild = np.array(learned.parameters["hidden.W.input"])
    wild[0, 1] = np.inf
    learned = replace(learned, parameters={**learned.parameters, "hidden.W.input": wild})
    network = running(document, some_data(document), learned)
    assert np.isfinite(network.forward()).all()


# ---------------------------------------------------------------- idle layers


def with_idle() -> Document:
    """A layer that no data reaches feeds the hidden one; another one leads nowhere."""
    made = edits.add_layer(mlp(2, 3, 1), spec=Spec("dense"), id="idle", units=2)
    made = edits.connect(made, source="idle", target="hidden")
    made = edits.add_layer(made, spec=Spec("dense"), id="end", units=2)
    made = edits.connect(made, source="hidden", target="end")
    return edits.connect(
        edits.add_layer(made, spec=Spec("input"), id="far", units=4), source="far", target="end"
    )


def test_idle_layers_change_nothing(
    running: Running, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = with_idle()
    data, learned = some_data(document), some_learned(document)
    plain = mlp(2, 3, 1)
    same = running(plain, data, replace(learned, parameters={**learned.parameters})).forward()
    network = running(document, data, learned)
    assert np.array_equal(network.forward(), same)
    assert gradient_check(network).agrees()


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
def test_idle_weights_do_not_drift(
    optimizer: str, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """What no step of the walkthrough moves must not move: not on a memory of earlier days either."""
    whole = edits.set_optimizer(mlp(2, 3, 3, 1), spec=Spec(optimizer))
    data = some_data(whole)
    trainer = Trainer(whole, data, some_learned(whole))
    trainer.advance(5)
    learned = trainer.learned
    loose = edits.connect(whole, source="hidden", target="output")
    loose = edits.disconnect(loose, source="hidden2", target="output")
    from engine.learned import carried

    before = carried(whole, learned, loose)
    trainer = Trainer(loose, data, before)
    trainer.advance(5)
    for key in ("hidden2.W.hidden", "hidden2.b"):
        assert trainer.learned.parameters[key].tobytes() == before.parameters[key].tobytes()


def test_an_idle_layer_does_not_disturb_the_trace(
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    document = with_idle()
    trace = Trace(document, some_data(document), some_learned(document), np.arange(2))
    assert len(list(trace)) == len(trace)
    assert check_truth(trace) > 50
    check_steps(trace)


# ---------------------------------------------------------------- what does not fit


def sentence(document: Document) -> str:
    error = None
    try:
        error = fit_problem(Layout(document), Wanted(2, (1,)))
    except DocumentError as raised:
        error = raised
    assert error is not None
    assert str(error).endswith(".")
    return str(error)


def test_sentences() -> None:
    good = mlp(2, 3, 1)
    assert fit_problem(Layout(good), Wanted(2, (1,))) is None
    assert "no output" in sentence(Document())
    assert "no output" in sentence(edits.remove_layer(good, layer="output"))
    assert "No input reaches" in sentence(edits.disconnect(good, source="input", target="hidden"))
    assert "2 features but the input has 3 units" in sentence(edits.add_unit(good, layer="input"))
    assert "1 target but the output has 2 units" in sentence(edits.add_unit(good, layer="output"))
    two = edits.add_layer(good, spec=Spec("output"), id="second")
    assert "two outputs" in sentence(edits.connect(two, source="hidden", target="second"))
    with pytest.raises(DocumentError) as caught:
        Trainer(good, _nothing(), fresh(good))
    assert caught.value.layer == "input"


def _nothing() -> Data:
    from engine.datasets.base import Task

    return Data(np.zeros((5, 3)), np.zeros((1, 3)), tuple("abcde"), ("y",), Task.BINARY)


def test_too_many_weights_are_refused_before_memory_is_taken() -> None:
    huge = edits.set_units(mlp(2, 3, 3, 1), layer="hidden", units=4096)
    for number in range(4):
        huge = edits.add_layer(huge, spec=Spec("dense"), id=f"big{number}", units=4096)
        behind = f"big{number - 1}" if number else "hidden"
        huge = edits.connect(huge, source=behind, target=f"big{number}")
    with pytest.raises(DocumentError, match=f"{MOST_PARAMETERS:,}"):
        Layout(huge)


def test_layers_are_numbered_as_in_the_lecture() -> None:
    nodes = Layout(with_idle()).nodes
    labels = {id: node.label for id, node in nodes.items()}
    assert labels["input"] == "[0]"
    assert (labels["hidden"], labels["output"]) == ("[1]", "[2]")
    assert labels["idle"] == labels["end"] == "[ ]"


def test_two_inputs_share_no_symbol() -> None:
    """The features are dealt out one after another, so the second input goes on counting."""
    document = Document(
        layers=(
            Layer("one", Spec("input"), (0, 1)),
            Layer("two", Spec("input"), (0,)),
            Layer("output", Spec("output"), (0,)),
        ),
        connections=(Connection("one", "output"), Connection("two", "output")),
    )
    store = ParameterStore(Layout(document))
    network = Network(store, 1, explains=True)
    from engine.core.expressions import references

    cell = network.cell("output", "z", (0,), 0)
    spelled = [(ref.letter, ref.layer, ref.below) for ref in references(cell)]
    assert len(set(spelled)) == len(spelled) == 7


def test_parameters_are_views_of_one_vector() -> None:
    store = ParameterStore(Layout(mlp(3, 5, 5, 3, 1)))
    assert store.theta.size == 72
    assert sum(view.size for view in store.parameters.values()) == 72
    for view in store.parameters.values():
        assert np.shares_memory(view, store.theta)
    store.theta[:] = np.arange(72)
    assert sorted(value for view in store.parameters.values() for value in view.ravel()) == list(range(72))


# ---------------------------------------------------------------- the gradient check itself


def test_numeric_gradient_of_a_known_function() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    slopes = numeric_gradient(lambda: float((x**3).sum()), x)
    assert slopes == pytest.approx(3 * x**2, rel=1e-8)
    assert x.tolist() == [[1.0, -2.0], [0.5, 3.0]]
    some = numeric_gradient(lambda: float((x**2).sum()), x, skip=x > 0)
    assert some == pytest.approx(np.array([[0.0, -4.0], [0.0, 0.0]]))


def test_a_planted_bug_turns_the_gradient_check_red(
    running: Running, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    document = mlp(3, 3, 2)
    network = running(document, some_data(document), some_learned(document))
    before = network.store.theta.copy()
    report = gradient_check(network)
    assert report.agrees(1e-6)
    assert report.worst.error < 1e-6
    assert "hidden.W.input" in str(report)
    assert network.store.theta.tobytes() == before.tobytes()
    W = network.store.gradients["hidden.W.input"]
    network.plan.line(Phase.BACKWARD, "hidden", "forgotten", "dW", lambda: np.copyto(W, W.T.copy()))
    wrong = gradient_check(network)
    assert not wrong.agrees(1e-3)
    assert wrong.worst.name == "hidden.W.input"
    network.plan.line(Phase.BACKWARD, "hidden", "not a number", "dW", lambda: W.fill(np.nan))
    assert gradient_check(network).worst.error == float("inf")


def test_a_layer_that_lacks_an_input_lets_nothing_through() -> None:
    """It is idle rather than wrong, so that it can be drawn; the output says what is missing."""
    start = mlp(2, 3, 1)
    wires = (Connection("input", "hidden"), Connection("hidden", "both"), Connection("both", "output"))
    document = replace(start, layers=(*start.layers, Layer("both", Spec("add"))), connections=wires)
    layout = Layout(document)
    assert not layout.nodes["both"].active and not layout.nodes["hidden"].active
    with pytest.raises(DocumentError, match="needs 2 inputs and has 1: connect another layer"):
        _ = layout.output
    whole = replace(document, connections=(*wires, Connection("input", "both")))
    with pytest.raises(DocumentError):
        Layout(whole)
    other = replace(whole.layer("input"), units=(0, 1, 2))
    assert Layout(whole.with_layer(other)).output.layer.id == "output"
