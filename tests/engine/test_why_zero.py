"""Why a number is 0: networks built to have each cause, and random ones where the named root is undone."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.core.plan import Array
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer
from engine.learned import Learned, fresh, frozen
from engine.samples import mlp
from engine.trace import Trace
from engine.why_zero import Cause, Why, why_zero


def data_of(X: Array, Y: Array) -> Data:
    names = tuple(f"x{i + 1}" for i in range(len(X)))
    return Data(np.array(X, float), np.array(Y, float), names, ("y",), Task.REGRESSION)


def learned(document: Document, weights: dict[str, object]) -> Learned:
    start = fresh(document)
    made = {key: frozen(np.array(weights.get(key, each), float)) for key, each in start.parameters.items()}
    return replace(start, parameters=made, initial=made)


def traced(document: Document, weights: dict[str, object], X: Array, Y: Array) -> Trace:
    data = data_of(X, Y)
    return Trace(document, data, learned(document, weights), np.arange(data.m))


def relu(**changes: object) -> Document:
    return mlp(2, 2, 1, hidden="relu", output="identity", loss=Spec("mse"), **changes)  # type: ignore[arg-type]


FULL = {
    "hidden.W.input": [[0.5, 0.4], [0.3, 0.2]],
    "hidden.b": [[0.1], [0.2]],
    "output.W.hidden": [[0.7, -0.6]],
    "output.b": [[0.3]],
}


def why(trace: Trace, owner: str, array: str, index: tuple[int, ...], example: int | None = 0) -> Why | None:
    return why_zero(trace, trace.ref(owner, array, index, example))


def the_root(found: Why | None) -> tuple[Cause, str, str, tuple[int, ...]]:
    assert found is not None and len(found.roots) == 1
    root = found.roots[0]
    return root.cause, root.ref.owner, root.ref.array, root.ref.index


def test_what_is_not_zero_has_no_reason() -> None:
    trace = traced(relu(), FULL, [[1.0], [2.0]], [[5.0]])
    for owner, array, index in (
        ("hidden", "dz", (0,)),
        ("output", "a", (0,)),
        ("hidden", "dW.input", (0, 1)),
    ):
        assert why(trace, owner, array, index) is None


def test_an_input_that_is_zero() -> None:
    trace = traced(relu(), FULL, [[0.0], [2.0]], [[5.0]])
    found = why(trace, "hidden", "dW.input", (1, 0))
    assert the_root(found) == (Cause.INPUT, "input", "a", (0,))
    assert found is not None and found.alone


def test_a_slope_that_is_zero() -> None:
    weights = {**FULL, "hidden.b": [[-9.0], [0.2]]}
    trace = traced(relu(), weights, [[1.0], [2.0]], [[5.0]])
    for array, index in (("dz", (0,)), ("dW.input", (0, 1)), ("db", (0, 0))):
        assert the_root(why(trace, "hidden", array, index)) == (Cause.FLAT, "hidden", "z", (0,))
    assert the_root(why(trace, "hidden", "a", (0,))) == (Cause.OFF, "hidden", "z", (0,))
    assert the_root(why(trace, "output", "dW.hidden", (0, 0))) == (Cause.OFF, "hidden", "z", (0,))


def test_the_path_leads_from_the_number_to_the_root() -> None:
    weights = {**FULL, "hidden.b": [[-9.0], [0.2]]}
    trace = traced(relu(), weights, [[1.0], [2.0]], [[5.0]])
    found = why(trace, "hidden", "dW.input", (0, 1))
    assert found is not None
    assert [ref.array for ref in found.roots[0].path] == ["dW.input", "dz", "slope"]


def test_nothing_comes_from_above_where_the_prediction_is_the_target() -> None:
    weights = {**FULL, "hidden.W.input": [[0.5, 0.5], [0.25, 0.25]], "hidden.b": [[0.0], [0.0]],
               "output.W.hidden": [[1.0, 2.0]], "output.b": [[0.0]]}  # fmt: skip
    trace = traced(relu(), weights, [[1.0], [2.0]], [[3.0]])
    for owner, array, index in (
        ("output", "dz", (0,)), ("output", "da", (0,)), ("hidden", "da", (1,)), ("hidden", "dz", (1,)),
        ("hidden", "dW.input", (1, 1)), ("hidden", "db", (0, 0)), ("output", "dW.hidden", (0, 1)),
    ):  # fmt: skip
        assert the_root(why(trace, owner, array, index)) == (Cause.MET, "output", "a", (0,)), (owner, array)
    assert the_root(why(trace, "hidden", "new W.input", (0, 0), None)) == (Cause.MET, "output", "a", (0,))


def test_all_weights_ahead_are_zero() -> None:
    document = mlp(2, 2, 2, hidden="sigmoid", output="identity", loss=Spec("mse"))
    weights = {**FULL, "output.W.hidden": [[0.0, 0.7], [0.0, 0.1]], "output.b": [[0.3], [0.1]]}
    trace = traced(document, weights, [[1.0], [2.0]], [[5.0], [4.0]])
    found = why(trace, "hidden", "dz", (0,))
    assert found is not None and found.alone and found.cause is Cause.WEIGHT
    assert [(root.ref.array, root.ref.index) for root in found.roots] == [
        ("W.hidden", (0, 0)),
        ("W.hidden", (1, 0)),
    ]


def test_a_sum_of_zeros_names_all_of_them() -> None:
    weights = {**FULL, "hidden.W.input": [[0.0, 0.4], [0.3, 0.2]], "hidden.b": [[0.0], [0.2]]}
    trace = traced(relu(), weights, [[1.0], [0.0]], [[5.0]])
    found = why(trace, "hidden", "z", (0,))
    assert found is not None and found.cause is None and found.alone
    assert {(root.cause, root.ref.array) for root in found.roots} == {
        (Cause.WEIGHT, "W.input"), (Cause.INPUT, "a"), (Cause.WEIGHT, "b"),
    }  # fmt: skip


def test_terms_that_cancel() -> None:
    weights = {**FULL, "hidden.W.input": [[1.0, -1.0], [0.3, 0.2]], "hidden.b": [[0.0], [0.2]]}
    trace = traced(relu(), weights, [[2.0], [2.0]], [[5.0]])
    assert the_root(why(trace, "hidden", "z", (0,))) == (Cause.BALANCE, "hidden", "z", (0,))


def test_dropout() -> None:
    document = mlp(2, 6, 1, hidden="sigmoid", output="identity", loss=Spec("mse"))
    i, h, o = document.layers
    drop = Layer("drop", Spec("dropout"), h.units)
    wires = (Connection("input", "hidden"), Connection("hidden", "drop"), Connection("drop", "output"))
    document = replace(document, layers=(i, h, drop, o), connections=wires)
    weights = {each: np.full(array.shape, 0.3) for each, array in fresh(document).parameters.items()}
    trace = traced(document, weights, [[1.0], [2.0]], [[5.0]])
    off = [n for n in range(6) if trace.lookup(trace.ref("drop", "mask", (n,), 0)) == 0.0]
    assert off, "no unit was switched off"
    for owner, array, index in (
        ("drop", "a", (off[0],)),
        ("hidden", "dz", (off[0],)),
        ("hidden", "db", (off[0], 0)),
    ):
        assert the_root(why(trace, owner, array, index)) == (Cause.MASKED, "drop", "mask", (off[0],))
    assert the_root(why(trace, "output", "dW.drop", (0, off[0])))[0] is Cause.MASKED


def test_cut_and_locked() -> None:
    document = relu()
    wires = (
        Connection("input", "hidden", cut=frozenset({(0, 0)}), locked=frozenset({(1, 1)})),
        Connection("hidden", "output"),
    )
    document = replace(document, connections=wires)
    trace = traced(document, FULL, [[1.0], [2.0]], [[5.0]])
    assert the_root(why(trace, "hidden", "dW.input", (0, 0)))[0] is Cause.CUT
    locked = why(trace, "hidden", "new W.input", (1, 1), None)
    assert the_root(locked) == (Cause.LOCKED, "hidden", "W.input", (1, 1))


def test_a_hinge_that_is_met() -> None:
    document = mlp(2, 2, 1, hidden="relu", output="identity", loss=Spec("hinge"))
    trace = traced(document, {**FULL, "output.b": [[9.0]]}, [[1.0], [2.0]], [[1.0]])
    for owner, array, index in (("output", "da", (0,)), ("hidden", "da", (0,)), ("hidden", "db", (1, 0))):
        assert the_root(why(trace, owner, array, index)) == (Cause.LOSS_FLAT, "output", "a", (0,))


def test_the_memory_of_the_first_update() -> None:
    document = relu(optimizer=Spec("momentum"))
    trace = traced(document, FULL, [[1.0], [2.0]], [[5.0]])
    velocity = next(
        name
        for owner, name in trace.arrays
        if owner == "hidden" and name.endswith(" W.input") and not name.startswith(("new", "mean"))
    )
    assert the_root(why(trace, "hidden", velocity, (0, 0), None))[0] is Cause.MEMORY


def test_every_example_has_its_own_reason() -> None:
    weights = {**FULL, "hidden.W.input": [[-1.0, 0.0], [0.3, 0.2]], "hidden.b": [[0.5], [0.2]]}
    trace = traced(relu(), weights, [[0.0, 1.0], [1.0, 1.0]], [[5.0, 5.0]])
    found = why(trace, "hidden", "dW.input", (0, 0), None)
    assert found is not None and {root.ref.array for root in found.roots} == {"a", "z"}


@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru", "conv1d"])
def test_layers_of_other_kinds(kind: str, some_learned: Callable[..., Learned]) -> None:
    """With all weights ahead at 0 nothing comes back, in whatever layer, and the weights are named."""
    from engine.architectures import architectures

    cell = {"rnn": "rnn", "lstm": "lstm", "gru": "gru"}.get(kind)
    if cell is None:
        document = architectures.make(Spec("cnn")).document()
    else:
        document = architectures.make(Spec.of("sequence_classifier", cell=cell)).document()
    from engine.data_of import data_of as document_data

    data = document_data(document)
    start = some_learned(document)
    last = document.connections[-1]
    key = f"{last.target}.W.{last.source}"
    zeroed = {**start.parameters, key: frozen(np.zeros_like(start.parameters[key]))}
    trace = Trace(document, data, replace(start, parameters=zeroed), np.arange(1))
    array = trace.arrays[last.source, "da"]
    index = tuple(0 for _ in array.shape[:-1])
    found = why(trace, last.source, "da", index)
    assert found is not None and found.cause is Cause.WEIGHT and found.alone
    assert {(root.ref.owner, root.ref.array) for root in found.roots} == {(last.target, f"W.{last.source}")}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["cnn", "sequence_classifier", "sequence_tagger", "transformer", "gan"])
def test_every_zero_of_every_kind_has_a_root_that_is_true(kind: str) -> None:
    """The roots are what they are said to be: 0, or the z at which something is flat."""
    from engine.architectures import architectures
    from engine.data_of import data_of as document_data

    document = architectures.make(Spec(kind)).document()
    trace = Trace(document, document_data(document), fresh(document), np.arange(1))
    zeros = 0
    for number in range(0, len(trace), max(1, len(trace) // 400)):
        target = trace[number].target
        if trace.lookup(target) != 0.0:
            continue
        found = why_zero(trace, target)
        assert found is not None and found.roots
        zeros += 1
        for root in found.roots:
            value = trace.lookup(root.ref)
            if root.cause in {
                Cause.INPUT,
                Cause.WEIGHT,
                Cause.MASKED,
                Cause.UNCOUNTED,
                Cause.MEMORY,
                Cause.ZERO,
            }:
                assert value == 0.0, (target, root)
            elif root.cause in {Cause.FLAT, Cause.OFF}:
                assert value <= 0.0, (target, root)
            assert all(trace.lookup(each) == 0.0 for each in root.path), (target, root)
    assert zeros or kind in {"gan"}


# ---------------------------------------------------------------- by an independent calculation


class Net:
    """2-3-2-1 with ReLU and squared error, forward and backward written out once more."""

    def __init__(self, rng: np.random.Generator, zeros: float) -> None:
        sizes = (2, 3, 2, 1)
        self.W = [rng.normal(0, 1, (b, a)) for a, b in itertools.pairwise(sizes)]
        self.b = [rng.normal(0, 1, (each, 1)) for each in sizes[1:]]
        self.x, self.y = rng.normal(0, 1, (2, 1)), rng.normal(0, 1, (1, 1))
        for array in (*self.W, *self.b, self.x):
            array[rng.random(array.shape) < zeros] = 0.0

    def run(self) -> dict[tuple[str, int], Array]:
        z1 = self.W[0] @ self.x + self.b[0]
        a1 = np.maximum(z1, 0)
        z2 = self.W[1] @ a1 + self.b[1]
        a2 = np.maximum(z2, 0)
        z3 = self.W[2] @ a2 + self.b[2]
        dz3 = z3 - self.y
        da2 = self.W[2].T @ dz3
        dz2 = da2 * (z2 > 0)
        da1 = self.W[1].T @ dz2
        dz1 = da1 * (z1 > 0)
        found = {("z", 0): z1, ("a", 0): a1, ("z", 1): z2, ("a", 1): a2, ("da", 0): da1, ("da", 1): da2,
                 ("dz", 0): dz1, ("dz", 1): dz2, ("dz", 2): dz3}  # fmt: skip
        for n, (dz, a) in enumerate(((dz1, self.x), (dz2, a1), (dz3, a2))):
            found["dW", n] = dz @ a.T
        return found


OWNERS = ("hidden", "hidden2", "output")


@given(seed=st.integers(0, 10_000), zeros=st.sampled_from([0.1, 0.3, 0.5]))
def test_undoing_a_single_root_undoes_the_zero(seed: int, zeros: float) -> None:
    rng = np.random.default_rng(seed)
    net = Net(rng, zeros)
    document = mlp(2, 3, 2, 1, hidden="relu", output="identity", loss=Spec("mse"))
    ids = [layer.id for layer in document.layers]
    weights: dict[str, object] = {}
    for n in range(3):
        weights[f"{ids[n + 1]}.W.{ids[n]}"], weights[f"{ids[n + 1]}.b"] = net.W[n], net.b[n]
    trace = traced(document, weights, net.x, net.y)
    before = net.run()
    asked = 0
    for (array, n), values in before.items():
        name = f"dW.{ids[n]}" if array == "dW" else array
        for at in np.ndindex(values.shape):
            index = at if array == "dW" else at[:1]
            found = why(trace, ids[n + 1], name, index)
            assert (found is None) == (values[at] != 0.0)
            if found is None or not found.alone or len(found.roots) != 1:
                continue
            root, other = found.roots[0], Net(np.random.default_rng(seed), zeros)
            where = ids.index(root.ref.owner) - 1
            if root.cause is Cause.INPUT:
                other.x[root.ref.index] = 0.37
            elif root.cause is Cause.WEIGHT and root.ref.array == "b":
                other.b[where][root.ref.index] = 0.41
            elif root.cause is Cause.WEIGHT:
                other.W[where][root.ref.index] = 0.43
            elif root.cause in {Cause.FLAT, Cause.OFF}:
                other.b[where][root.ref.index[0]] += 0.29 - before["z", where][root.ref.index[0], 0]
            else:
                continue
            # What was asked to be something may reach, on its new way, a neuron that is off for it.
            after = other.run()
            signs = [(before["z", k] > 0) == (after["z", k] > 0) for k in (0, 1)]
            others = [
                each
                for k, same in enumerate(signs)
                for i, each in enumerate(same)
                if (k, i) != (where, root.ref.index[0])
            ]
            if not all(others):
                continue
            if array == "a" and root.cause is not Cause.OFF:
                continue  # the z that is no longer 0 may be negative
            assert after[array, n][at] != 0.0, (root, array, n, at)
            asked += 1
    assume(asked > 0)
