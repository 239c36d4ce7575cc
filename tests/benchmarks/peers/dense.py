"""W1 to W4 and W9: perceptrons.

Learning rates of W3 and W4 are tiny, so that thousands of steps neither reach the end of learning
nor numbers too small for full speed; the work of a step does not depend on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.core.spec import Spec
from engine.datasets.base import Task
from engine.document import Document, Training
from engine.samples import mlp
from peers import axon, naive, sklearn_peer
from peers.workload import (
    FED_BATCHES,
    Array,
    Setting,
    Side,
    Workload,
    dense_products,
    labels,
    noise,
    one_hot,
    trained,
)


@dataclass(frozen=True)
class Perceptron:
    """Sizes and choices of one workload; ``rate`` is the learning rate."""

    sizes: tuple[int, ...]
    hidden: str
    batch: int
    optimizer: str
    rate: float
    examples: int = 0
    """In the data set; 0 for one batch (or 32 batches with feeding)."""

    @property
    def binary(self) -> bool:
        """One sigmoid output; otherwise softmax."""
        return self.sizes[-1] == 1

    def m(self, setting: Setting) -> int:
        """Examples of the data set."""
        return self.examples or self.batch * (FED_BATCHES if setting.fed else 1)

    def data(self, setting: Setting) -> tuple[Array, Array]:
        """X (n, m) and the classes (m,); four examples are XOR."""
        m = self.m(setting)
        if m == 4:
            X = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], setting.dtype)
            return X, np.array([0, 1, 1, 0])
        return noise(setting, self.sizes[0], m), labels(max(2, self.sizes[-1]), m)

    def document(self, setting: Setting) -> Document:
        """The network as Axon has it."""
        whole = self.m(setting) == self.batch
        return mlp(
            *self.sizes,
            hidden=self.hidden,
            output="sigmoid" if self.binary else "softmax",
            loss=Spec("bce" if self.binary else "cross_entropy"),
            optimizer=Spec.of(self.optimizer, learning_rate=self.rate),
            training=Training(batch_size=None if whole else self.batch, shuffle=not whole),
        )

    def axon(self, setting: Setting) -> Side:
        """Axon's trainer."""
        X, classes = self.data(setting)
        Y = classes[None] if self.binary else one_hot(classes, self.sizes[-1])
        names = tuple(str(number) for number in range(max(2, self.sizes[-1])))
        task = Task.BINARY if self.binary else Task.CLASSES
        return axon.trainer(self.document(setting), axon.data_of(X, Y, task=task, classes=names), setting)

    def torch(self, setting: Setting) -> Mapping[str, Side]:
        """PyTorch's modules."""
        from peers import torch_models, torch_peer

        X, classes = self.data(setting)
        return torch_peer.variants(
            lambda: torch_models.perceptron(self.sizes, self.hidden),
            torch_peer.bce if self.binary else torch_peer.cross_entropy,
            (X.T, classes[:, None].astype(setting.dtype) if self.binary else classes),
            self.optimizer,
            self.rate,
            self.batch,
            setting,
        )

    def naive(self, setting: Setting) -> Side:
        """The textbook's loop."""
        X, classes = self.data(setting)
        Y = classes[None] if self.binary else one_hot(classes, self.sizes[-1])
        network = naive.Perceptron(self.sizes, self.hidden, self.optimizer, self.rate, setting.dtype)
        return network.trained(X, Y.astype(setting.dtype), self.batch)

    def sklearn(self, setting: Setting) -> Side:
        """scikit-learn's classifier."""
        X, classes = self.data(setting)
        return sklearn_peer.classifier(
            X.T, classes, self.sizes, self.optimizer, self.rate, self.batch, setting
        )


FORWARD = Perceptron((784, 128, 10), "relu", 1, "gradient_descent", 0.0)


def _forward_axon(setting: Setting) -> Side:
    return axon.predictor(FORWARD.document(setting), noise(setting, 784, 1), setting)


def _forward_torch(setting: Setting) -> Mapping[str, Side]:
    from peers import torch_models, torch_peer

    model = torch_models.perceptron(FORWARD.sizes, FORWARD.hidden)
    return {"eager": torch_peer.predictor(model, noise(setting, 1, 784), setting)}


def _forward_naive(setting: Setting) -> Side:
    network = naive.Perceptron(FORWARD.sizes, FORWARD.hidden, "", 0.0, setting.dtype)
    return network.predicting(noise(setting, 784, 1))


def _workload(
    name: str, title: str, made: Perceptron, floor: float, goal: float, *, sklearn: bool = False
) -> Workload:
    products = dense_products(made.batch, *made.sizes)
    others = {"naive NumPy": made.naive} | ({"scikit-learn": made.sklearn} if sklearn else {})
    return Workload(name, title, made.batch, trained(*products), floor, goal, made.axon, made.torch, others)


WORKLOADS = (
    _workload(
        "W1",
        "XOR 2-4-1 sigmoid, BCE, batch 4, gradient descent",
        Perceptron((2, 4, 1), "sigmoid", 4, "gradient_descent", 0.5, examples=4),
        20.0,
        28.0,
    ),
    _workload(
        "W2",
        "2-8-8-1 tanh, BCE, batch 10 of 500, gradient descent",
        Perceptron((2, 8, 8, 1), "tanh", 10, "gradient_descent", 0.01, examples=500),
        20.0,
        27.0,
    ),
    _workload(
        "W3",
        "784-128-64-10 ReLU softmax, batch 64, Adam",
        Perceptron((784, 128, 64, 10), "relu", 64, "adam", 1e-5),
        1.35,
        1.5,
        sklearn=True,
    ),
    _workload(
        "W4",
        "784-512-512-10 ReLU softmax, batch 256, momentum",
        Perceptron((784, 512, 512, 10), "relu", 256, "momentum", 1e-5),
        0.95,
        1.05,
        sklearn=True,
    ),
    Workload(
        "W9",
        "one forward pass of 784-128-10 ReLU softmax, one example",
        1,
        sum(dense_products(1, *FORWARD.sizes)),
        3.0,
        3.7,
        _forward_axon,
        _forward_torch,
        {"naive NumPy": _forward_naive},
    ),
)
