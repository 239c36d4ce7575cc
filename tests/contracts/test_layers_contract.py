"""Every layer: gradients agree with differences, explanations are true, and no array goes unshown."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activations
from engine.core.gradient_check import gradient_check
from engine.core.knobs import knobs
from engine.core.place import Block
from engine.core.problems import DocumentError
from engine.core.registry import Registry
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer
from engine.layers import LayerKind, layers
from engine.layout import Layout
from engine.learned import Learned
from engine.losses import losses
from engine.network import Network
from engine.samples import mlp
from engine.trace import Trace

Running = Callable[..., Network]

KINDS = [pytest.param(cls, id=cls.kind) for cls in layers if cls.role != "input"]
NETWORKS = [
    "layer on layer",
    "one neuron",
    "four layers",
    "without bias",
    "cut and locked",
    "skips",
    "two inputs",
    "keys out of order",
]


def fits(loss: str, activation: str) -> bool:
    """Whether the loss is finite for whatever the activation gives out."""
    z = np.linspace(-4.0, 4.0, 18).reshape(3, 6)
    with np.errstate(all="ignore"):
        a = activations.make(activation).value(z)
        return bool(np.isfinite(losses.make(loss).value(a, np.eye(3)[:, [0, 1, 2, 0, 1, 2]])).all())


USUAL = {"sigmoid", "tanh", "relu", "identity", "softmax"}
PAIRS = [
    (loss.kind, g.kind)
    for loss in losses
    for g in activations
    if (loss.kind == "mse" or g.kind in USUAL or g.kind in loss.fuses) and fits(loss.kind, g.kind)
]
"""Every activation with one loss, and every loss with the usual activations."""


def test_enough_pairs_fit() -> None:
    assert {("bce", "sigmoid"), ("cross_entropy", "softmax"), ("mse", "identity")} <= set(PAIRS)
    assert not {("bce", "identity"), ("bce", "tanh"), ("cross_entropy", "relu")} & set(PAIRS)


SHAPES: list[tuple[int, ...]] = [(3,), (3, 4), (2, 3, 3)]
"""Of a vector, a sequence and an image."""
LARGER = (1, 4, 4)
"""An image for kinds that none of these fits: four patches."""


def around(cls: type[LayerKind], spec: Spec | None = None) -> Iterator[Document]:
    """Small networks with one layer of the kind in them, one for every shape of input that it takes."""
    spec, count = spec or Spec(cls.kind), max(1, cls.takes[0])
    fitting = [shape for shape in SHAPES if _takes(spec, shape, count)]
    if not fitting and _takes(spec, LARGER, count):
        fitting = [LARGER]
    for shape in fitting:
        yield _network(cls, spec, shape, count)


def _takes(spec: Spec, shape: tuple[int, ...], count: int) -> bool:
    try:
        layers.make(spec).output_shape(3, [shape] * count)
    except DocumentError:
        return False
    return True


def _network(cls: type[LayerKind], spec: Spec, shape: tuple[int, ...], count: int) -> Document:
    size = math.prod(shape)
    written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
    ends = [Layer(f"input{n}", written, tuple(range(size))) for n in range(count)]
    it = Layer("output" if cls.role == "output" else "it", spec, (0, 1, 2))
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
        return Document(layers=(*ends, it), connections=tuple(wires), loss=Spec("mse"))
    if cls.role != "source":
        wires.append(Connection("it", "output"))
    last = Layer("output", Spec("output"), (0, 1))
    return Document(layers=(*ends, it, last), connections=tuple(wires), loss=Spec("mse"))


def specs(cls: type[LayerKind]) -> Iterator[Spec]:
    """The kind with its defaults, and with every other value of each knob that has few."""
    yield Spec(cls.kind)
    for each in knobs(cls):
        if each.family and cls.kind != "dense":
            others = {"activation": ("sigmoid", "softmax"), "initializer": ("orthogonal",)}
            yield from (Spec.of(cls.kind, **{each.name: Spec(one)}) for one in others.get(each.family, ()))
        elif each.family == "activation":
            yield from (Spec.of(cls.kind, **{each.name: g().spec}) for g in activations)
        elif each.type == "kind":
            yield from (Spec.of(cls.kind, **{each.name: k().spec}) for k in Registry.families[each.family])
        elif each.type == "bool":
            yield Spec.of(cls.kind, **{each.name: not each.default})
        elif each.type == "choice":
            yield from (Spec.of(cls.kind, **{each.name: value}) for value in each.choices)


@pytest.mark.parametrize("cls", KINDS)
@pytest.mark.parametrize("m", [1, 4])
def test_gradients_of_every_setting(
    cls: type[LayerKind], m: int, running: Running,
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    tried = 0
    for spec in specs(cls):
        for document in around(cls, spec):
            network = running(document, some_data(document, m), some_learned(document))
            report = gradient_check(network)
            assert report.agrees(1e-6), f"{spec}\n{report}"
            tried += 1
    assert tried


@pytest.mark.slow
@pytest.mark.parametrize("cls", KINDS)
def test_cells_of_every_setting_are_true_and_shown(
    cls: type[LayerKind], some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    for number, spec in enumerate(specs(cls)):
        for document in list(around(cls, spec))[: None if number == 0 else 1]:
            data = some_data(document, 2)
            trace = Trace(document, data, some_learned(document), np.arange(2))
            assert check_truth(trace) > 30
            check_steps(trace)


@pytest.mark.slow
@pytest.mark.parametrize(("loss", "last"), PAIRS)
@pytest.mark.parametrize("hidden", [cls.kind for cls in activations])
def test_gradients_of_every_activation_and_loss(
    loss: str, last: str, hidden: str, running: Running,
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    shapes_of_networks: dict[str, Document],
) -> None:  # fmt: skip
    document = shapes_of_networks["skips"]
    mixed = tuple(
        each
        if each.spec.kind == "input"
        else replace(each, spec=each.spec.with_(activation=Spec(last if each.id == "output" else hidden)))
        for each in document.layers
    )
    settings = (
        [Spec(loss)] if loss != "mse" else [Spec.of("mse", form=form) for form in ("half", "sum", "mean")]
    )
    for spec in settings:
        made = replace(document, layers=mixed, loss=spec)
        report = gradient_check(running(made, some_data(made, 3), some_learned(made, scale=0.6)))
        assert report.agrees(1e-6), f"{spec}\n{report}"


@pytest.mark.parametrize("m", [1, 5])
@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_of_every_network(
    name: str, m: int, running: Running, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
) -> None:  # fmt: skip
    document = shapes_of_networks[name]
    network = running(document, some_data(document, m), some_learned(document))
    report = gradient_check(network)
    assert report.agrees(1e-6), report
    assert {each.name for each in report} >= set(network.layout.slots)
    assert any(each.name == "input.a" for each in report)


@pytest.mark.parametrize("m", [1, 3])
@pytest.mark.parametrize("name", NETWORKS)
def test_cells_of_every_network_are_true_and_shown(
    name: str, m: int, shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    document = shapes_of_networks[name]
    trace = Trace(document, some_data(document, m), some_learned(document), np.arange(m))
    assert check_truth(trace) > 10
    check_steps(trace)


def test_all_shapes_of_networks_are_tried(shapes_of_networks: dict[str, Document]) -> None:
    assert list(shapes_of_networks) == NETWORKS


@pytest.mark.parametrize("cls", [pytest.param(cls, id=cls.kind) for cls in layers])
def test_shapes_and_blocks(cls: type[LayerKind]) -> None:
    """Parts tile their blocks: every number of θ has exactly one name."""
    documents = [Layout(each) for each in around(cls)] if cls.role != "input" else [Layout(mlp(3, 2))]
    for layout in documents:
        id = {"input": "input", "output": "output"}.get(cls.role, "it")
        node = layout.nodes[id]
        assert node.active
        assert len(node.keys) == node.shape[0] and len(set(node.keys)) == len(node.keys)
        seen: set[str] = set()
        for block in node.kind.blocks(
            id, node.shape, [(one, layout.nodes[one].shape) for one in node.inputs]
        ):
            assert_tiled(block)
            for part in block.parts:
                assert part.name not in seen
                seen.add(part.name)
                assert " " not in part.name
                sample = part.seen_in(np.zeros(block.shape))
                assert len(part.axes) == sample.ndim
                for axis, size in zip(part.axes, sample.shape, strict=True):
                    assert axis is None or axis in {id, *node.inputs}
                    assert axis is None or len(layout.nodes[axis].keys) == size
                assert part.start.kind in Registry.families["initializer"]


def assert_tiled(block: Block) -> None:
    count = np.zeros(block.shape)
    for part in block.parts:
        count[part.region] += 1
    assert (count == 1).all()


@pytest.mark.parametrize("cls", KINDS)
def test_output_has_the_shape_it_says(
    cls: type[LayerKind],
    running: Running,
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for document in around(cls):
        network = running(document, some_data(document, 5), some_learned(document))
        network.forward()
        for id, place in network.places.items():
            assert place.a.shape == (*Layout(document).nodes[id].shape, 5)
            assert np.isfinite(place.a).all()
            assert (place.a1[-1] == 1.0).all(), "the row of ones below a must stay"


@pytest.mark.parametrize("cls", KINDS)
def test_file_entry_gives_the_same_network(cls: type[LayerKind]) -> None:
    for spec in specs(cls):
        read = Spec.from_json(json.loads(json.dumps(layers.make(spec).spec.to_json())))
        assert layers.make(read) == layers.make(spec)
        for one, two in zip(around(cls, spec), around(cls, read), strict=True):
            assert {key: slot.shape for key, slot in Layout(one).slots.items()} == {
                key: slot.shape for key, slot in Layout(two).slots.items()
            }


@pytest.mark.parametrize("cls", KINDS)
def test_lines_know_where_they_belong(
    cls: type[LayerKind],
    running: Running,
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for document in around(cls):
        network = running(document, some_data(document, 2), some_learned(document))
        for line in network.plan.lines:
            assert line.owner in network.places or line.owner in {"loss", "optimizer"}
            assert line.equation
            assert line.writes


@pytest.mark.parametrize("cls", KINDS)
def test_explaining_changes_no_bit(
    cls: type[LayerKind],
    running: Running,
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for spec in specs(cls):
        for document in around(cls, spec):
            data, learned = some_data(document, 3), some_learned(document)
            two = [running(document, data, learned, explains=each) for each in (False, True)]
            two[0].memory.whole.fill(255)  # not a number: what passing arrays hold at first must not matter
            for network in two:
                for call in network.calls():
                    call()
            assert two[0].store.theta.tobytes() == two[1].store.theta.tobytes(), spec
            assert two[0].store.gradient.tobytes() == two[1].store.gradient.tobytes(), spec
            assert two[0].J == two[1].J
