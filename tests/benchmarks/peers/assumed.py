"""All that is taken for granted about kinds of layers beyond the dense one; adapt it here.

Names of kinds, names of knobs, and the data that each network expects.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.spec import Spec, Value
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Connection, Document, Layer, Training
from peers.axon import data_of
from peers.workload import Array

ADAM = Spec.of("adam", learning_rate=1e-5)


class Sketch:
    """Layers added one behind the other."""

    def __init__(self) -> None:
        self.group = ""
        self.layers: list[Layer] = []
        self.wires: list[Connection] = []

    def add(self, kind: str, units: int = 1, *, after: tuple[str, ...] | None = None, **knobs: Value) -> str:
        """A layer behind the last one, or behind the layers named."""
        id = f"{kind}{len(self.layers)}"
        sources = after if after is not None else tuple(each.id for each in self.layers[-1:])
        self.layers.append(Layer(id, Spec.of(kind, **knobs), tuple(range(units)), group=self.group))
        self.wires += [Connection(source, id) for source in sources]
        return id

    def document(self, name: str, *, optimizer: Spec = ADAM, batch: int | None = None) -> Document:
        """The document; data is given to the trainer directly."""
        training = Training(batch_size=batch, shuffle=batch is not None)
        return Document(
            name,
            tuple(self.layers),
            tuple(self.wires),
            loss=Spec("cross_entropy"),
            optimizer=optimizer,
            training=training,
        )


def images(batch: int | None) -> Document:
    """1x28x28, twice convolution 3x3 with ReLU and max-pooling by 2, and ten classes."""
    sketch = Sketch()
    sketch.add("input", 784, shape="1x28x28")
    for filters in (8, 16):
        sketch.add("conv2d", filters, kernel=3, stride=1, padding="same", activation=Spec("relu"))
        sketch.add("max_pool", size=2)
    sketch.add("flatten")
    sketch.add("output", 10, activation=Spec("softmax"))
    return sketch.document("CNN", batch=batch)


def image_data(X: Array, Y: Array) -> Data:
    """X is (784, m) in C order of (1, 28, 28), Y one-hot (10, m)."""
    return data_of(X, Y, classes=_names(len(Y)), shape=(1, 28, 28))


def recurrent(kind: str, *, time: int, symbols: int, d: int, units: int, batch: int | None) -> Document:
    """Symbols, embedding, one recurrent layer, and at every time the next symbol."""
    sketch = Sketch()
    sketch.add("input", time)
    sketch.add("embedding", d, vocabulary=symbols)
    sketch.add(kind, units)
    sketch.add("output", symbols, activation=Spec("softmax"))
    return sketch.document(kind, batch=batch)


def transformer(*, time: int, symbols: int, d: int, heads: int, blocks: int, batch: int | None) -> Document:
    """Blocks with the norm before each part: x + attention(norm x), x + dense(dense(norm x))."""
    sketch = Sketch()
    sketch.add("input", time)
    sketch.add("embedding", d, vocabulary=symbols)
    here = sketch.add("positional_encoding")
    for _ in range(blocks):
        sketch.add("layer_norm")
        attended = sketch.add("attention", heads=heads, causal=True)
        here = sketch.add("add", after=(here, attended))
        sketch.add("layer_norm")
        sketch.add("dense", 4 * d, activation=Spec.of("gelu", form="tanh"))
        widened = sketch.add("dense", d, activation=Spec("identity"))
        here = sketch.add("add", after=(here, widened))
    sketch.add("layer_norm")
    sketch.add("output", symbols, activation=Spec("softmax"))
    return sketch.document("Transformer", batch=batch)


def text_data(X: Array, Y: Array, symbols: int) -> Data:
    """X and Y are (time, m) of symbol numbers; at every time one of ``symbols`` classes is asked."""
    names = _names(symbols)
    return data_of(X, Y, classes=names, symbols=names, coded=True, target_shape=(symbols, len(Y)))


def gan(*, latent: int, width: int, optimizer: Spec, batch: int | None) -> Document:
    """Generator latent-width-width-2 and discriminator 2-width-width-1, with the switch between them.

    The procedure's turns (discriminator, generator) together are one step of the benchmark.
    """
    sketch = Sketch()
    sketch.group = "Generator"
    sketch.add("noise", latent, after=())
    for _ in range(2):
        sketch.add("dense", width, activation=Spec("relu"))
    made = sketch.add("dense", 2, activation=Spec("identity"))
    sketch.group = ""
    real = sketch.add("input", 2, after=())
    switch = sketch.add("input", 1, after=())
    sketch.add("choice", after=(real, made, switch))
    sketch.group = "Discriminator"
    for _ in range(2):
        sketch.add("dense", width, activation=Spec("relu"))
    sketch.add("output", 1, activation=Spec("sigmoid"))
    document = sketch.document("GAN", optimizer=optimizer, batch=batch)
    training = replace(document.training, procedure=Spec("gan"))
    return replace(document, loss=Spec("bce"), training=training)


def point_data(points: Array) -> Data:
    """Points (2, m); a GAN has no targets, so they stand there once more."""
    return data_of(points, points, task=Task.REGRESSION)


def _names(k: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(k))
