"""What many tests need, as fixtures that return functions."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from engine.core.expressions import Ref, evaluate
from engine.core.plan import Array, Phase
from engine.core.spec import Spec
from engine.core.steps import Step
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer
from engine.layout import Layout, Node
from engine.learned import Learned, fresh, frozen
from engine.network import Network
from engine.parameters import ParameterStore
from engine.samples import mlp
from engine.trace import Trace

# No window appears, and none is needed, however the tests are started.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The same examples on every machine, and nothing written next to the sources.
settings.register_profile(
    "axon",
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("axon")


def pytest_collection_finish() -> None:
    """Ten thousand tests are no garbage: every full collection would look through them all again."""
    gc.collect()
    gc.freeze()


def _data(X: Array, Y: Array) -> Data:
    X, Y = np.array(X, float), np.array(Y, float)
    return Data(
        X,
        Y,
        tuple(f"x{i + 1}" for i in range(len(X))),
        tuple(f"y{i + 1}" for i in range(len(Y))),
        Task.REGRESSION,
    )


@pytest.fixture
def make_data() -> Callable[[Array, Array], Data]:
    """Data of two arrays with the examples as columns."""
    return _data


@pytest.fixture
def some_data() -> Callable[..., Data]:
    """Random data that a document can be trained on; targets are one-hot (0 or 1 for one output)."""

    def made(document: Document, m: int = 4, seed: int = 1) -> Data:
        layout = Layout(document)
        rng = np.random.default_rng(seed)
        k, *at = layout.output.shape
        columns = math.prod(at) * m
        X = np.concatenate([_features(layout, node, rng, m) for node in layout.inputs])
        y = rng.integers(k, size=columns) if k > 1 else rng.integers(2, size=columns)
        Y = np.eye(k)[:, y] if k > 1 else y[None].astype(float)
        return _data(X, Y.reshape(-1, m))

    return made


def _features(layout: Layout, node: Node, rng: np.random.Generator, m: int) -> Array:
    """Random numbers for one input; numbers of symbols where a layer reads such."""
    n = math.prod(node.shape)
    readers = [each for each in layout.active if each.inputs[:1] == (node.layer.id,)]
    if any(each.kind.symbolic for each in readers):
        return rng.integers(3, size=(n, m)).astype(float)
    return rng.normal(0.0, 1.0, (n, m))


@pytest.fixture
def some_learned() -> Callable[..., Learned]:
    """Random weights and biases for a document: no number is 0, none like another."""

    def made(document: Document, seed: int = 3, scale: float = 0.8) -> Learned:
        rng = np.random.default_rng(seed)
        start = fresh(document)
        drawn = {key: frozen(rng.normal(0.0, scale, each.shape)) for key, each in start.parameters.items()}
        return replace(start, parameters=drawn, initial=drawn)

    return made


@pytest.fixture
def learned_from() -> Callable[[Document, Mapping[str, object]], Learned]:
    """Given weights by key; every key of the document must be there."""

    def made(document: Document, weights: Mapping[str, object]) -> Learned:
        start = fresh(document)
        given = {key: frozen(np.array(weights[key], float)) for key in start.parameters}
        assert {key: each.shape for key, each in given.items()} == {
            key: each.shape for key, each in start.parameters.items()
        }
        return replace(start, parameters=given, initial=given)

    return made


@pytest.fixture
def running() -> Callable[..., Network]:
    """A network with the weights loaded and the data fed."""

    def made(document: Document, data: Data, learned: Learned, *, explains: bool = True) -> Network:
        store = ParameterStore(Layout(document))
        store.load(learned)
        network = Network(store, data.m, explains=explains)
        network.feed(data.X, data.Y)
        return network

    return made


LECTURE = {
    "hidden.W.input": [[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2], [0.3, -0.1]],
    "hidden.b": [[0.1], [0.0], [-0.1], [0.2]],
    "output.W.hidden": [[0.2, -0.4, 0.5, 0.1]],
    "output.b": [[0.1]],
}
"""The reference weights of lessons L20, L21 and L25."""


@pytest.fixture
def lecture(learned_from: Callable[..., Learned]) -> tuple[Document, Data, Learned]:
    """2-4-1 with sigmoids, its reference weights, and the example x = (1, 2), y = 1."""
    document = mlp(2, 4, 1, hidden="sigmoid")
    return document, _data([[1.0], [2.0]], [[1.0]]), learned_from(document, LECTURE)


@pytest.fixture
def shapes_of_networks() -> dict[str, Document]:
    """Networks of every build: layer on layer, with skips, with cuts and locks, without bias."""
    dense, last = Spec("dense"), Spec("output")
    plain = mlp(3, 3, 2)
    i, h, o = plain.layers
    h2 = Layer("hidden2", Spec.of("dense", activation=Spec("sigmoid")), (0, 1))
    bare = {"bias": False}
    cut = (
        Connection("input", "hidden", cut=frozenset({(0, 1), (2, 0), (2, 1)})),
        Connection("hidden", "output", cut=frozenset({(1, 2)}), locked=frozenset({(0, 0), (1, 1)})),
    )
    skips = (
        Connection("input", "hidden"),
        Connection("hidden", "hidden2"),
        Connection("input", "hidden2"),
        Connection("hidden2", "output"),
        Connection("input", "output", cut=frozenset({(1, 1)})),
        Connection("hidden", "output"),
    )
    side = Layer("side", Spec("input"), (4, 9))
    two = (Connection("input", "hidden"), Connection("side", "hidden"), Connection("hidden", "output"))
    moved = replace(h, units=(5, 2, 7))
    return {
        "layer on layer": plain,
        "one neuron": Document(
            layers=(i, replace(o, units=(0,))), connections=(Connection("input", "output"),)
        ),
        "four layers": mlp(2, 3, 2, 3, 1),
        "without bias": replace(
            plain, layers=(i, replace(h, spec=dense.with_(**bare)), replace(o, spec=last.with_(**bare)))
        ),
        "cut and locked": replace(plain, connections=cut),
        "skips": replace(plain, layers=(i, h, h2, o), connections=skips),
        "two inputs": replace(plain, layers=(i, side, h, o), connections=two),
        "keys out of order": replace(
            plain,
            layers=(i, moved, o),
            connections=(
                Connection("input", "hidden", cut=frozenset({(7, 0)}), locked=frozenset({(5, 2)})),
                Connection("hidden", "output", cut=frozenset({(1, 2)})),
            ),
        ),
    }


Cell = tuple[str, str, tuple[int, ...], int | None]


def _cells(trace: Trace) -> list[Cell]:
    """Every cell of every array of a trace; idle layers have no part in it."""
    found: list[Cell] = []
    parameters = {(slot.layer, slot.part.name) for slot in trace.layout.slots.values()}
    shared = {(id, name) for id, node in trace.layout.nodes.items() for name in node.kind.shared}
    for (owner, array), values in trace.arrays.items():
        if owner != "loss" and owner not in trace.network.places:
            continue
        bare = array.split(" ")[-1]
        whole = (owner, bare) in parameters or (owner, bare.removeprefix("d")) in parameters
        if (owner, array) == ("loss", "J"):
            found.append((owner, array, (0,), None))
        elif whole or (owner, array) in shared:
            found += [(owner, array, index, None) for index in np.ndindex(values.shape)]
        else:
            found += [(owner, array, index[:-1], index[-1]) for index in np.ndindex(values.shape)]
    return found


def _given(trace: Trace, cell: Cell) -> bool:
    """What no formula explains: data, parameters and memory before the update, what is locked or cut."""
    owner, array, index, example = cell
    if (owner, array) == ("loss", "y"):
        return True
    if owner == "loss":
        return array == "share"
    node = trace.layout.nodes[owner]
    if not node.active:
        return True
    if node.kind.role == "input" and array == "a":
        return True
    if example is not None or array in node.kind.shared:
        return False
    if array.startswith("mean ") and trace.m == 1:
        return True
    new = array.startswith("new ")
    slot = trace.layout.slots.get(f"{owner}.{array.removeprefix('new ')}")
    if new and slot is not None and slot.learned and owner not in trace.network.learners:
        return True
    name = array.split(" ")[-1].removeprefix("d")
    if not new and not array.startswith(("d", "mean ")):
        return True
    wire = trace.document.connection(name.removeprefix("W."), owner) if name.startswith("W.") else None
    if wire is None or not (wire.cut or wire.locked):
        return False
    target, source = trace.document.layer(owner), trace.document.layer(wire.source)
    synapse = (target.units[index[0]], source.units[index[1]])
    return synapse in wire.cut or (
        synapse in wire.locked and array != f"new {name}" and not array.startswith("d")
    )


@pytest.fixture
def check_truth() -> Callable[..., int]:
    """Evaluates the explanation of every cell of a trace and compares; how many cells there were.

    Only what is given may go unexplained.
    """

    def check(trace: Trace, tolerance: float = 1e-12) -> int:
        checked = 0
        for owner, array, index, example in _cells(trace):
            values = trace.arrays[owner, array]
            ref: Ref = trace.ref(owner, array, index, example)
            if not trace.explained(ref):
                assert _given(trace, (owner, array, index, example)), f"no explanation for {ref}"
                continue
            there, said = trace.lookup(ref), evaluate(trace.cell(ref), trace.lookup)
            scale = max(float(np.abs(values).max()), 0.01)
            close = abs(there - said) <= tolerance * scale
            assert close or (math.isinf(there) and there == said), (
                f"{ref} is {there!r}, explained as {said!r}"
            )
            checked += 1
        return checked

    return check


def _last_steps(trace: Trace) -> Iterator[Step]:
    """Every step; of a long trace the last one of every number, where the number itself appears."""
    if len(trace) < 1500:
        yield from trace
        return
    for section, start in zip(trace.sections, trace.starts, strict=False):
        if section.phase is Phase.UPDATE:
            yield from (trace[number] for number in range(start, start + section.count))
        else:
            yield from (trace[start + end - 1] for end in section.counts[1:])


@pytest.fixture
def check_steps() -> Callable[[Trace], None]:
    """Demands a step for every cell of every array of a trace that is not given."""

    def check(trace: Trace) -> None:
        shown = {step.target.key for step in _last_steps(trace)}
        for cell in _cells(trace):
            owner, array, index, example = cell
            if _given(trace, cell):
                continue
            if example is None and array.startswith("d"):
                missing = [k for k in range(trace.m) if (owner, array, index, k) not in shown]
                assert not missing, f"no step for the share of example {missing} in {owner}.{array}{index}"
            else:
                assert cell in shown, f"no step for {owner}.{array}{index} of example {example}"

    return check


@pytest.fixture
def moments_missing() -> Callable[[Trace], list[Cell]]:
    """The cells of a trace that are not given and that no step ends in, or more than one of the update.

    Without making the steps, so that a whole network can be looked through; of the numbers between a
    gradient and its update the first and last few of each array.
    """

    def missing(trace: Trace) -> list[Cell]:
        told = {
            (section.owner, moment.array, moment.index, section.example)
            for section in trace.sections
            for moment in section.moments
        }
        found = []
        for cell in _cells(trace):
            owner, array, index, example = cell
            if _given(trace, cell):
                continue
            name = array.removeprefix("new ")
            if array.startswith("d") or (owner in trace.layout.nodes and array in _shared(trace, owner)):
                wanted = [(*cell[:3], k) for k in ([example] if example is not None else range(trace.m))]
                found += [each for each in wanted if each not in told]
            elif example is not None or owner == "loss" or f"{owner}.{name}" not in trace.layout.slots:
                if example is None and (array.startswith("new ") or " " in array):
                    found += [] if _on_the_way(trace, cell) else [cell]
                elif cell not in told:
                    found.append(cell)
            elif (owner, name, index, None) not in told and (owner, array, index, None) not in told:
                found.append(cell)
        return found

    return missing


def _shared(trace: Trace, owner: str) -> frozenset[str]:
    return trace.layout.nodes[owner].kind.shared


def _on_the_way(trace: Trace, cell: Cell) -> bool:
    """Whether one step of a parameter's update ends in a number of its gradient's or of its memory."""
    owner, array, index, _ = cell
    if max(index) > 2 and index != tuple(size - 1 for size in trace.arrays[owner, array].shape):
        return True
    name = array.split(" ")[-1].removeprefix("d")
    last = trace.number_of(owner, f"new {name}", index, None)
    if last is None:
        return False
    first = trace.moment_of(last)[1]
    return [trace[number].target.key for number in range(first, last + 1)].count(cell) == 1
