"""What training holds in memory, against its activations and parameters; prints JSON.

    python tests/benchmarks/bench_memory.py [--updates 2000]

``held`` is all that NumPy and Python have taken since before the trainer was made, after two
updates and after many: what grows with the number of updates would show. ``activations`` are the
a of every layer for one batch, and within recurrent layers the ``gates`` and the memory cell: they
are values of σ and tanh as a is, and the way back through time reads them. ``parameters`` are the
numbers of θ.

``parts`` says where it goes: ``learned`` are θ, its gradient and the optimizer's memory,
``outputs`` the a of every layer with its row of ones, ``shared`` the memory of passing arrays,
``data`` the examples in the order of an epoch; the rest is what layers keep for themselves, and
Python.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import tracemalloc
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import itertools

import numpy as np

from engine.architectures import architectures
from engine.architectures.base import data_for
from engine.core.place import Place
from engine.core.spec import Spec
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Connection, Document, Layer, Training
from engine.learned import fresh
from engine.samples import mlp
from engine.trainer import Trainer

CLASSES = {"loss": Spec("cross_entropy"), "optimizer": Spec("adam")}


def main() -> None:
    """Measure every network and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--updates", type=int, default=2000)
    options = parser.parse_args()
    found = [measured(*each, options.updates) for each in networks()]
    print(json.dumps({"benchmark": "memory", "networks": found}, indent=2))


def networks() -> list[tuple[str, Document, Data]]:
    """Dense with a small and a large batch, images, texts and sequences."""
    wide = mlp(784, 128, 64, 10, hidden="relu", output="softmax", **CLASSES)
    return [
        ("784-128-64-10, batch 64", _batch(wide, 64), _data(784, 10, 512)),
        ("784-128-64-10, batch 1024", _batch(wide, 1024), _data(784, 10, 1024)),
        ("CNN 1x28x28, batch 32", _batch(cnn(), 32), _data(784, 10, 64)),
        ("LSTM 8x20, 32 units, batch 32", _batch(recurrent("lstm"), 32), _data(160, 10, 64)),
        ("GRU 8x20, 32 units, batch 32", _batch(recurrent("gru"), 32), _data(160, 10, 64)),
        ("transformer, batch 16", *_made("transformer", 16)),
        ("segmentation, batch 8", *_made("segmentation", 8)),
    ]


def recurrent(kind: str) -> Document:
    """One recurrent layer that reads a sequence, and a class for all of it."""
    chain = [
        Layer("input", Spec.of("input", shape="8×20"), tuple(range(160))),
        Layer("read", Spec(kind), tuple(range(32))),
        Layer("last", Spec("last_step")),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(10))),
    ]
    wires = tuple(Connection(one.id, two.id) for one, two in itertools.pairwise(chain))
    return Document(kind, tuple(chain), wires, **CLASSES)  # type: ignore[arg-type]


def _made(kind: str, size: int) -> tuple[Document, Data]:
    """An architecture in double precision."""
    document = architectures.make(kind).document()
    training = replace(document.training, batch_size=size, precision="double")
    return replace(document, training=training), data_for(document.data)


def cnn() -> Document:
    """Two convolutions with pooling."""
    relu = Spec("relu")
    chain = [
        Layer("input", Spec.of("input", shape="1×28×28"), tuple(range(784))),
        Layer("conv1", Spec.of("conv2d", activation=relu), tuple(range(8))),
        Layer("pool1", Spec("max_pool")),
        Layer("conv2", Spec.of("conv2d", activation=relu), tuple(range(16))),
        Layer("pool2", Spec("max_pool")),
        Layer("flat", Spec("flatten")),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(10))),
    ]
    wires = tuple(Connection(one.id, two.id) for one, two in itertools.pairwise(chain))
    return Document("CNN", tuple(chain), wires, **CLASSES)  # type: ignore[arg-type]


def measured(name: str, document: Document, data: Data, updates: int) -> dict[str, object]:
    """What one network holds, in bytes and as a multiple of activations and parameters."""
    learned = fresh(document)
    gc.collect()
    tracemalloc.start()
    trainer = Trainer(document, data, learned)
    rows = sum(each.nbytes for each in trainer._rows)
    trainer.advance(2)
    early = tracemalloc.get_traced_memory()[0] - rows
    trainer.advance(updates)
    gc.collect()
    late = tracemalloc.get_traced_memory()[0] - rows
    tracemalloc.stop()
    curve = 8 * len(trainer.curve.values)
    network = trainer.network(trainer.batches.size)
    gates = sum(_gates(place) for place in network.places.values())
    activations = sum(math.prod(node.shape) for node in trainer.layout.active) * network.m * 8 + gates
    store = trainer.store
    parameters = store.theta.nbytes
    needed = activations + parameters
    networks, data = trainer._networks.values(), (trainer._ordered or (0, 0))[2:4]
    parts = {
        "learned": (2 + len(store.memory)) * parameters,
        "outputs": sum(
            place.a1.nbytes for each in networks for place in each.places.values() if not place.merged
        ),
        "shared": sum(each.memory.whole.nbytes for each in networks),
        "data": sum(
            each.nbytes for each in data if not any(np.may_share_memory(each, row) for row in trainer._rows)
        ),
    }
    parts["rest"] = early - sum(parts.values())
    return {
        "network": name,
        "activations": activations,
        "gates": gates,
        "parameters": parameters,
        "data_in_order": rows,
        "held_after_2": early,
        "held_after_many": late,
        "loss_curve": curve,
        "times": round(early / needed, 2),
        "parts": {name: round(size / needed, 2) for name, size in parts.items()},
    }


def _gates(place: Place) -> int:
    """The bytes of a recurrent layer's gates, its memory cell and the cell's tanh."""
    kept = (place.plan.arrays.get((place.id, name)) for name in ("c", "tanh_c"))
    gates = place.work.get("gates")
    return 0 if gates is None else gates.nbytes + sum(each.nbytes for each in kept if each is not None)


def _batch(document: Document, size: int) -> Document:
    return replace(document, training=Training(batch_size=size))


def _data(n: int, k: int, m: int) -> Data:
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(n, m)), np.eye(k)[:, rng.integers(k, size=m)]
    names = tuple(f"x{i}" for i in range(n)), tuple(f"y{i}" for i in range(k))
    return Data(X, Y, *names, Task.CLASSES, tuple(str(i) for i in range(k)))


if __name__ == "__main__":
    main()
