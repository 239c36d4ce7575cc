"""One small document of every kind of everything that an update is made of, to walk through it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest

from engine.activations import activations
from engine.architectures import architectures
from engine.architectures.base import Architecture, data_for
from engine.core.knobs import knobs
from engine.core.problems import DocumentError
from engine.core.registry import Registry
from engine.core.spec import Spec, Value
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer, Training
from engine.fit import fit_problem
from engine.layers import LayerKind, layers
from engine.layout import Layout
from engine.learned import Learned, fresh, frozen
from engine.losses import losses
from engine.procedures import procedures
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer

SHAPES: list[tuple[int, ...]] = [(3,), (3, 4), (2, 4, 4)]
"""Of a vector, a sequence and an image."""
FAMILIES = ("layer", "activation", "loss", "optimizer", "clipping", "regularizer", "schedule",
            "augmentation", "procedure", "architecture")  # fmt: skip
"""Of whose kinds there is a document each."""
QUICK = {
    "layer": ("dense", "conv2d", "max_pool", "batch_norm", "dropout", "lstm", "attention", "embedding"),
    "activation": ("relu", "softmax", "prelu"),
    "loss": ("bce", "cross_entropy"),
    "optimizer": ("gradient_descent", "adam"),
    "schedule": ("warm_up",),
    "regularizer": ("l2",),
    "clipping": ("by_norm",),
    "augmentation": ("noise",),
    "synapses": ("cut and locked",),
}
"""Some of every sort; all the others, procedures and whole architectures wait for the slow job."""
EXAMPLES, BATCH = 5, 2
UPDATES = 3
"""So many that a GAN has had both turns, a schedule has moved, and the memories are not zero."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for ``kind_of`` is run for every kind of every family: "layer: dense"."""
    if "kind_of" in metafunc.fixturenames:
        names = [(family, cls.kind) for family in FAMILIES for cls in _kinds(family)]
        names.append(("synapses", "cut and locked"))
        marked = [
            pytest.param(each, id=": ".join(each), marks=pytest.mark.slow if _large(*each) else ())
            for each in names
        ]
        metafunc.parametrize("kind_of", marked, scope="module")


def _large(family: str, kind: str) -> bool:
    return kind not in QUICK.get(family, ())


def _kinds(family: str) -> Iterator[type]:
    importable = {"architecture": architectures, "procedure": procedures, "layer": layers}
    registry = importable.get(family) or Registry.families[family]
    return (cls for cls in registry if getattr(cls, "role", "") != "input")


@dataclass(frozen=True)
class Subject:
    """What is trained and walked through."""

    document: Document
    data: Data
    learned: Learned

    def trainer(self) -> Trainer:
        """A trainer at the beginning."""
        return Trainer(self.document, self.data, self.learned)

    @staticmethod
    def next_update(trainer: Trainer) -> Trace:
        """The update that a trainer would do now, step by step."""
        examples = trainer.batches.examples(trainer.step)
        dtype = trainer.store.dtype.type
        return Trace(trainer.document, trainer.data, trainer.learned, examples, trainer.position, dtype)


@dataclass(frozen=True)
class Update:
    """One update twice: step by step, and as the trainer did it."""

    trace: Trace
    after: Learned
    J: float


@pytest.fixture(scope="module")
def subjects(kind_of: tuple[str, str]) -> tuple[Subject, ...]:
    """The documents of a kind, each with data and first weights; none of these is 0, none like another."""
    family, kind = kind_of
    rng, found = np.random.default_rng(3), []
    for document, data in _documents(family, kind):
        start, slots = fresh(document), Layout(document).slots
        if family not in {"architecture", "procedure"}:
            drawn = {
                key: frozen(rng.normal(0.0, 0.8, each.shape)) if slots[key].learned else each
                for key, each in start.parameters.items()
            }
            start = replace(start, parameters=drawn, initial=drawn)
        found.append(Subject(document, data, start))
    return tuple(found)


@pytest.fixture(scope="module")
def updates(subjects: tuple[Subject, ...]) -> tuple[Update, ...]:
    """The first updates of every document of a kind."""
    found = []
    for subject in subjects:
        trainer = subject.trainer()
        for _ in range(UPDATES):
            trace = subject.next_update(trainer)
            trainer.advance()
            found.append(Update(trace, trainer.learned, trainer.curve.values[-1]))
    return tuple(found)


def _documents(family: str, kind: str) -> Iterator[tuple[Document, Data]]:
    made = {"layer": _with_layer, "loss": _with_loss, "architecture": _smallest, "procedure": _procedure}
    if family in made:
        yield from made[family](kind)
        return
    training = Training(batch_size=BATCH, shuffle=True, seed=3)
    plain = mlp(2, 3, 2, hidden="tanh", output="identity", loss=Spec("mse"), training=training)
    if family == "synapses":
        wires = (
            Connection("input", "hidden", cut=frozenset({(0, 1), (2, 0)}), locked=frozenset({(1, 0)})),
            Connection("hidden", "output", cut=frozenset({(1, 2)}), locked=frozenset({(0, 0), (0, 2)})),
        )
        document = replace(plain, connections=wires, optimizer=Spec("adam"))
    elif family == "activation":
        hidden = replace(plain.layer("hidden"), spec=Spec.of("dense", activation=Spec(kind)))
        document = replace(
            plain, layers=tuple(hidden if each.id == "hidden" else each for each in plain.layers)
        )
    elif family == "optimizer":
        document = replace(plain, optimizer=Spec(kind), training=replace(training, clipping=Spec("by_norm")))
    else:
        document = replace(plain, training=replace(training, **{family: Spec(kind)}), optimizer=Spec("adam"))
    yield document, _data(document)


def _data(document: Document) -> Data:
    """Random numbers that fit; targets are 0 or 1, one of several is 1 where there are several outputs."""
    layout, rng = Layout(document), np.random.default_rng(7)
    rows = []
    for node in layout.inputs:
        size = (math.prod(node.shape), EXAMPLES)
        readers = [each for each in layout.active if each.inputs[:1] == (node.layer.id,)]
        symbols = any(each.kind.symbolic for each in readers)
        rows.append(rng.integers(3, size=size).astype(float) if symbols else rng.normal(size=size))
    X, (k, *at) = np.concatenate(rows), layout.output.shape
    columns = math.prod(at) * EXAMPLES
    Y = (
        np.eye(k)[:, rng.integers(k, size=columns)]
        if k > 1
        else rng.integers(2, size=(1, columns)).astype(float)
    )
    Y = Y.reshape(-1, EXAMPLES)
    names = tuple(f"x{i + 1}" for i in range(len(X))), tuple(f"y{i + 1}" for i in range(len(Y)))
    return Data(X, Y, *names, Task.REGRESSION, target_shape=(k, *at) if at else ())


def _with_layer(kind: str) -> Iterator[tuple[Document, Data]]:
    """A network around a layer of the kind for every shape that it takes, and as the output's neighbour."""
    cls, found = layers[kind], False
    for shape in SHAPES:
        for flat in (False, True):
            document = _around(cls, shape, flat)
            try:
                data = _data(document)
                problem = fit_problem(Layout(document), procedures.make("supervised").wanted(data))
            except DocumentError:
                continue
            if problem is None:
                found = True
                yield document, data
                break
    assert found, f"no document with {kind}"


def _around(cls: type[LayerKind], shape: tuple[int, ...], flat: bool) -> Document:
    size, count = math.prod(shape), max(1, cls.takes[0])
    written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
    inputs = [Layer(f"in{n}", written, tuple(range(size))) for n in range(count)]
    it = Layer("output" if cls.role == "output" else "it", Spec(cls.kind), (0, 1, 2))
    wires = [] if cls.role == "source" else [Connection(each.id, it.id) for each in inputs]
    made, last = [*inputs, it], it.id
    if cls.role == "source":
        wires.append(Connection("in0", "output"))
    if flat:
        made.append(Layer("flat", Spec("flatten")))
        wires.append(Connection(last, "flat"))
        last = "flat"
    if cls.role != "output":
        made.append(Layer("output", Spec.of("output", activation=Spec("identity")), (0, 1)))
        wires.append(Connection(last, "output"))
    training = Training(batch_size=BATCH, shuffle=True, seed=3)
    return Document(
        "", tuple(made), tuple(wires), Spec("mse"), optimizer=Spec("momentum"), training=training
    )  # fmt: skip


def _with_loss(kind: str) -> Iterator[tuple[Document, Data]]:
    """After every usual activation that the loss takes."""
    loss, found = losses.make(kind), False
    for name in dict.fromkeys((*sorted(loss.fuses), "identity", "sigmoid", "softmax", "tanh")):
        if name not in activations:
            continue
        k = max(2 if name == "softmax" else 1, loss.least_outputs)
        training = Training(batch_size=BATCH, seed=3)
        document = mlp(2, 3, k, output=name, loss=Spec(kind), training=training)
        data = _data(document)
        if fit_problem(Layout(document), procedures.make("supervised").wanted(data)) is None:
            found = True
            yield document, data
    assert found, f"no document with {kind}"


def _procedure(kind: str) -> Iterator[tuple[Document, Data]]:
    """The smallest of the ready-made networks that are trained in this way."""
    found = False
    for cls in architectures:
        for made in (_least(cls), *cls.judged()):
            document = made.document()
            if document.training.procedure.kind == kind and document.data.kind != "sentiment":
                found = True
                yield _small(document)
                break
        if found:
            return
    assert found, f"no document with {kind}"


def _smallest(kind: str) -> Iterator[tuple[Document, Data]]:
    yield _small(_least(architectures[kind]).document())


def _least(cls: type[Architecture]) -> Architecture:
    """With every number as small as can be."""
    numbers = {each.name: each.minimum for each in knobs(cls) if each.type in {"int", "float"}}
    chosen: dict[str, Value] = {name: least for name, least in numbers.items() if least is not None}
    return cls(**chosen)


def _small(document: Document) -> tuple[Document, Data]:
    """With batches of two examples, and the first of the data only."""
    data = data_for(document.data)
    few = replace(data, X=data.X[:, :EXAMPLES], Y=data.Y[:, :EXAMPLES])
    training = replace(document.training, batch_size=BATCH, held_out=0.0)
    return replace(document, training=training), few
