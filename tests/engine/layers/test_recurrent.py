"""What holds for the RNN, the LSTM and the GRU alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer
from engine.layers import layers
from engine.layout import Layout
from engine.learned import Learned, carried
from engine.network import Network
from engine.parameters import ParameterStore
from engine.trace import Trace

pytestmark = pytest.mark.slow

SPECS = [
    Spec("rnn"),
    Spec.of("rnn", activation="relu"),
    Spec("lstm"),
    Spec("gru"),
    Spec.of("gru", convention="reset before"),
    Spec.of("gru", convention="mirrored"),
]
every = pytest.mark.parametrize("spec", SPECS, ids=lambda each: "-".join(map(str, (each.kind, *each))))


def network(spec: Spec, units: tuple[int, ...] = (0, 1, 2), end: str = "") -> Document:
    """Two features at four steps, the layer, and an output at every step or after an end."""
    found = [
        Layer("input", Spec.of("input", shape="2x4"), tuple(range(8))),
        Layer("it", spec, units),
        Layer("output", Spec.of("output", activation=Spec("identity")), (0, 1)),
    ]
    names = ["input", "it", "output"]
    if end:
        found.insert(2, Layer("end", Spec(end)))
        names.insert(2, "end")
    wires = tuple(Connection(a, b) for a, b in pairwise(names))
    return Document(layers=tuple(found), connections=wires, loss=Spec("mse"))


@every
def test_a_bidirectional_layer_is_one_each_way(spec: Spec) -> None:
    rng = np.random.default_rng(2)
    x, da = rng.normal(size=(3, 5, 2)), rng.normal(size=(4, 5, 2))
    both = run_layer(layers.make(spec.with_(bidirectional=True)), x, units=2, da=da)
    kind, gradients, da_prev = layers.make(spec), [], np.zeros_like(x)
    for rows, letter, way in ((slice(0, 2), "U", 1), (slice(2, 4), "V", -1)):
        own = {}
        for name, values in both.parameters.items():
            if name[0] in "Wb":
                own[name] = values[rows]
            elif name[0] == letter:
                own["U" + name[1:]] = values
        run = run_layer(kind, x[:, ::way], units=2, parameters=own, da=da[rows, ::way])
        np.testing.assert_allclose(both.a[rows], run.a[:, ::way], atol=1e-14)
        da_prev += run.da_prev[0][:, ::way]  # type: ignore[index]
        gradients.append(run.gradients)
    np.testing.assert_allclose(both.da_prev[0], da_prev, atol=1e-13)
    for name, values in both.gradients.items():
        if name[0] in "Wb":
            wanted = np.concatenate([each[name] for each in gradients])
        else:
            wanted = gradients["UV".index(name[0])]["U" + name[1:]]
        np.testing.assert_allclose(values, wanted, atol=1e-13, err_msg=name)


@every
@pytest.mark.parametrize("m", [1, 3])
def test_one_step_alone_has_no_recurrence(spec: Spec, m: int) -> None:
    rng = np.random.default_rng(3)
    run = run_layer(layers.make(spec), rng.normal(size=(2, 1, m)), units=9, da=rng.normal(size=(9, 1, m)))
    assert not any(values.any() for name, values in run.gradients.items() if name[0] == "U")
    assert run.gradients[{"rnn": "Wx.x", "lstm": "Wg.x", "gru": "Wn.x"}[spec.kind]].any()
    assert np.isfinite(run.a).all()


@every
@pytest.mark.parametrize("both", [False, True])
def test_single_precision_stays_single_and_near(spec: Spec, both: bool) -> None:
    rng = np.random.default_rng(5)
    kind = layers.make(spec.with_(bidirectional=both))
    x, da = rng.normal(size=(3, 6, 2)), rng.normal(size=(4 * (1 + both), 6, 2))
    exact = run_layer(kind, x, units=4, da=da)
    rough = run_layer(kind, x, units=4, da=da, parameters=dict(exact.parameters), dtype=np.float32)
    assert {each.dtype for each in rough.arrays.values()} == {np.dtype(np.float32)}
    for name, values in exact.arrays.items():
        np.testing.assert_allclose(rough.arrays[name], values, atol=2e-4, err_msg=name)


@pytest.mark.parametrize("spec", [each for each in SPECS if each.get("activation") != "relu"], ids=str)
def test_large_numbers_do_no_harm(spec: Spec) -> None:
    """Gates far in their tails are exactly 0 or 1, and no warning is raised (it would be an error).

    Without ReLU, which has no bound.
    """
    x = np.full((2, 3, 2), 1e4) * np.array([1.0, -1.0])
    run = run_layer(layers.make(spec), x, units=3, da=np.ones((3, 3, 2)))
    assert (np.abs(run.a) <= 1.0).all()
    assert all(np.isfinite(each).all() for each in run.arrays.values())


@every
def test_units_that_stay_keep_their_weights(spec: Spec, some_learned: Callable[..., Learned]) -> None:
    """One unit goes from the middle and one comes: every weight between units that stay is the same."""
    before, after = network(spec, (0, 1, 2)), network(spec, (0, 2, 3))
    old = some_learned(before)
    new = carried(before, old, after)
    assert old.parameters.keys() == new.parameters.keys()
    for key, values in new.parameters.items():
        had, name = old.parameters[key], key.removeprefix("it.")
        if key.startswith("it.U"):
            np.testing.assert_array_equal(values[:2, :2], had[np.ix_([0, 2], [0, 2])], err_msg=name)
        elif key.startswith("it."):
            np.testing.assert_array_equal(values[:2], had[[0, 2]], err_msg=name)
    np.testing.assert_array_equal(
        new.parameters["output.W.it"][:, :2], old.parameters["output.W.it"][:, [0, 2]]
    )


@every
def test_a_unit_more_keeps_both_halves(spec: Spec, some_learned: Callable[..., Learned]) -> None:
    both = spec.with_(bidirectional=True)
    before, after = network(both, (0, 1)), network(both, (0, 1, 2))
    old = some_learned(before)
    new = carried(before, old, after)
    for key, values in new.parameters.items():
        had = old.parameters[key]
        if key.startswith(("it.U", "it.V")):
            np.testing.assert_array_equal(values[:2, :2], had, err_msg=key)
        elif key.startswith("it."):
            np.testing.assert_array_equal(values[[0, 1, 3, 4]], had, err_msg=key)
    wanted = old.parameters["output.W.it"]
    np.testing.assert_array_equal(new.parameters["output.W.it"][:, [0, 1, 3, 4]], wanted)


def test_keys_of_both_halves_are_told_apart() -> None:
    document = network(Spec.of("lstm", bidirectional=True), (4, 7))
    node = Layout(document).nodes["it"]
    assert node.shape == (4, 4)
    assert node.keys == ((4, 0), (7, 0), (4, 1), (7, 1))


@every
def test_recurrent_weights_start_orthogonal_in_each_direction(spec: Spec) -> None:
    run = run_layer(layers.make(spec.with_(bidirectional=True)), np.zeros((2, 1, 1)), units=4)
    found = [values for name, values in run.parameters.items() if name[0] in "UV"]
    assert len(found) in {2, 6, 8}
    for values in found:
        np.testing.assert_allclose(values @ values.T, np.eye(4), atol=1e-12)


@every
def test_only_sequences_are_read(spec: Spec) -> None:
    for shape in ((4,), (2, 4, 4)):
        with pytest.raises(DocumentError, match="reads a sequence"):
            layers.make(spec).output_shape(3, [shape])
    assert layers.make(spec).output_shape(3, [(2, 9)]) == (3, 9)
    assert layers.make(spec.with_(bidirectional=True)).output_shape(3, [(2, 9)]) == (6, 9)


@every
@pytest.mark.parametrize("end", ["", "last_step", "mean_over_time"])
def test_steps_are_counted_right(
    spec: Spec, end: str, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """The number of steps that a layer states in advance is that of the walkthrough's own count."""
    document = network(spec.with_(bidirectional=True), (0, 1), end)
    trace = Trace(document, some_data(document, 1), some_learned(document), np.arange(1))
    number = 0
    while number < len(trace):
        first = trace[number]
        assert first.position == 0, first.target
        run = [trace[number + each] for each in range(first.of)]
        assert {each.target.key for each in run} == {first.target.key} or first.phase == "update"
        assert [each.position for each in run] == list(range(first.of)), first.target
        number += first.of


@every
def test_a_frozen_layer_hands_back_the_same_gradient(
    spec: Spec, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    """A layer before it learns, it does not: no gradient of its own, the same for the layer before."""
    document = network(spec)
    dense = Layer("before", Spec("dense"), (0, 1))
    wires = (Connection("input", "before"), Connection("before", "it"), Connection("it", "output"))
    document = replace(document, layers=(document.layers[0], dense, *document.layers[1:]), connections=wires)
    still = tuple(replace(each, frozen=each.id == "it") for each in document.layers)
    found = []
    for each in (document, replace(document, layers=still)):
        data, learned = some_data(each, 3), some_learned(each)
        store = ParameterStore(Layout(each))
        store.load(learned)
        running = Network(store, 3)
        running.feed(data.X, data.Y)
        for call in running.calls():
            call()
        found.append(store.gradients)
    np.testing.assert_array_equal(found[0]["before.W.input"], found[1]["before.W.input"])
    own = [key for key in found[0] if key.startswith("it.")]
    assert all(found[0][key].any() for key in own)
    assert not any(found[1][key].any() for key in own)
