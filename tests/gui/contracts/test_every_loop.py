"""The un-vectorised loops are true: run in plain Python on the arrays of a trace, they give its arrays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.core.expressions import Ref
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.shapes import spoken
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer
from engine.layers import LayerKind, layers
from engine.learned import Learned
from engine.losses.base import OWNER as LOSS
from engine.samples import mlp
from engine.trace import Trace
from gui.walkthrough.loops import loop_of

PYTHON = {name: getattr(math, name) for name in dir(math) if not name.startswith("_")}
PYTHON["sign"] = lambda x: (x > 0) - (x < 0)
SHAPES: list[tuple[int, ...]] = [(3,), (3, 4), (2, 3, 3), (1, 4, 4)]
KINDS = [pytest.param(cls, id=cls.kind) for cls in layers if cls.role != "input"]
DRAWN = {
    ("noise", "a"),
    ("dropout", "mask"),
    ("gaussian_noise", "epsilon"),
    ("mcp", "new W"),
    ("mcp_output", "new W"),
}
"""Drawn by lot, or kept as it was: nothing calculates them."""


def around(cls: type[LayerKind], spec: Spec) -> Iterator[Document]:
    """Small networks with a layer of the kind, one for every shape of input that it takes."""
    for shape in SHAPES:
        count = max(1, cls.takes[0])
        try:
            layers.make(spec).output_shape(3, [shape] * count)
        except DocumentError:
            continue
        size = math.prod(shape)
        written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
        ends = [Layer(f"input{n}", written, tuple(range(size))) for n in range(count)]
        it = Layer("output" if cls.role == "output" else "it", spec, (0, 1, 2))
        last = Layer("output", Spec("output"), (0, 1))
        if cls.role == "source":
            wires = [Connection("input0", "output"), Connection("it", "output")]
        elif cls.symbolic:
            wires = [Connection(end.id, it.id) for end in ends]
        else:
            before = Spec("dense") if len(shape) < 3 else Spec.of("activation", activation=Spec("tanh"))
            ends.append(Layer("before", before, tuple(range(shape[0]))))
            wires = [Connection("input0", "before"), Connection("before", it.id)]
            wires += [Connection(f"input{n}", it.id) for n in range(1, count)]
        if cls.role == "output":
            yield Document(layers=(*ends, it), connections=tuple(wires), loss=Spec("mse"))
            continue
        wires += [] if cls.role == "source" else [Connection("it", "output")]
        yield Document(layers=(*ends, it, last), connections=tuple(wires), loss=Spec("mse"))


def cells(trace: Trace) -> Iterator[Ref]:
    """One cell of every array that the walk has a step for."""
    seen = set()
    for section in trace.sections:
        for moment in section.moments:
            update = section.phase is Phase.UPDATE
            array = moment.array
            slot = trace.layout.slots.get(f"{section.owner}.{array}")
            example = None if update else section.example
            if update and slot is not None:
                for link in trace._links(trace.ref(section.owner, array, moment.index, None)):
                    if (section.owner, link.target.array) not in seen:
                        seen.add((section.owner, link.target.array))
                        yield link.target
                continue
            if (section.owner, array) not in seen:
                seen.add((section.owner, array))
                shared = trace.layout.nodes.get(section.owner)
                if shared is not None and array in shared.kind.shared:
                    example = None
                yield trace.ref(section.owner, array, moment.index, example)


def check(trace: Trace, ref: Ref) -> bool:
    """Run the loop of a cell's array; whether there is one."""
    loop = loop_of(trace, ref)
    if loop is None:
        return False
    given = {name: np.array(trace.arrays[address]) for name, address in loop.names.items()}
    for place in trace.network.places.values():
        for number, port in enumerate(place.inputs, 1):
            if port.mask is not None and place.id == loop.result[0]:
                given[f"mask_{number}" if len(place.inputs) > 1 else "mask"] = port.mask
    expected = np.array(trace.arrays[loop.result])
    if loop.result != loop.names.get(loop.target, loop.result):
        made = given[loop.target]  # an update works in place
    else:
        made = given[loop.target] = np.full(expected.shape, np.nan)
    exec(loop.text, {**PYTHON, **given}, space := {})  # noqa: S102
    made = np.array(space.get(loop.target, made))
    assert made.reshape(-1) == pytest.approx(expected.reshape(-1), abs=1e-10), loop.text
    return True


def traced(document: Document, some_data: Callable[..., Data], some_learned: Callable[..., Learned]) -> Trace:
    return Trace(document, some_data(document, 3), some_learned(document), np.arange(3))


@pytest.mark.slow
@pytest.mark.parametrize("cls", KINDS)
def test_every_kind_has_true_loops(
    cls: type[LayerKind], some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    tried = 0
    for document in around(cls, Spec(cls.kind)):
        trace = traced(document, some_data, some_learned)
        for ref in cells(trace):
            last = ref.owner == "output"  # what the loss says of every time step is no equation of the layer
            sent = ref.array == "da" and not last
            mine = sent or (ref.owner == ("output" if cls.role == "output" else "it") and ref.array != "da")
            found = check(trace, ref)
            drawn = (cls.kind, ref.array.partition(".")[0]) in DRAWN
            assert found or not mine or drawn, (
                ref.owner,
                ref.array,
                spoken(trace.arrays[ref.owner, ref.array].shape),
            )
            tried += found
    assert tried > 3 or cls.role == "source"


SETTINGS = [
    Spec.of("conv2d", stride=2, padding="same"),
    Spec.of("conv2d", padding="valid", dilation=2, kernel=2, bias=False),
    Spec.of("conv1d", padding="1", stride=2),
    Spec.of("transposed_conv2d", stride=2, padding="1"),
    Spec.of("max_pool", padding="same", stride=1),
    Spec.of("average_pool", stride=1),
    Spec.of("global_pool", over="max"),
    Spec.of("attention", heads=3, causal=True),
    Spec.of("attention", bias=False),
    Spec.of("gru", convention="reset before"),
    Spec.of("gru", convention="mirrored"),
    Spec.of("rnn", activation="relu"),
    Spec.of("dense", activation=Spec("softmax")),
    Spec.of("dense", bias=False),
]


@pytest.mark.parametrize("spec", SETTINGS, ids=str)
def test_loops_follow_the_settings(
    spec: Spec, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    documents = list(around(layers[spec.kind], spec))
    assert documents
    for document in documents:
        trace = traced(document, some_data, some_learned)
        assert all(check(trace, ref) for ref in cells(trace) if ref.owner == "it" and ref.array != "da")


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam", "rmsprop"])
def test_loops_of_the_update(
    optimizer: str, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    trace = traced(mlp(2, 3, 1, optimizer=Spec(optimizer)), some_data, some_learned)
    found = [check(trace, ref) for ref in cells(trace) if ref.array.startswith(("new ", "mean "))]
    assert len(found) >= 8 and all(found)


def test_loops_of_every_build_of_dense_layers(
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    for name, document in shapes_of_networks.items():
        trace = traced(document, some_data, some_learned)
        told = {ref.array.partition(".")[0] for ref in cells(trace) if check(trace, ref)}
        assert told >= {"z", "a", "dz"}, name


def test_the_cost_is_a_loop_too(some_data: Callable[..., Data], some_learned: Callable[..., Learned]) -> None:
    trace = traced(mlp(2, 3, 1), some_data, some_learned)
    assert check(trace, trace.ref(LOSS, "J", (0,), None))
