"""Plain NumPy as a textbook writes it: lists of matrices, a new array for every result."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from peers.workload import Array, Side


class Perceptron:
    """A perceptron in the lecture's shapes: examples are columns."""

    def __init__(self, sizes: tuple[int, ...], hidden: str, optimizer: str, rate: float, dtype: type) -> None:
        rng = np.random.default_rng(3)
        self.W = [(rng.normal(size=(two, one)) / np.sqrt(one)).astype(dtype) for one, two in pairwise(sizes)]
        self.b: list[Array] = [np.zeros((two, 1), dtype) for two in sizes[1:]]
        self.hidden, self.optimizer, self.rate = hidden, optimizer, rate
        self.memory = [
            [np.zeros_like(each), np.zeros_like(each)]
            for pair in zip(self.W, self.b, strict=True)
            for each in pair
        ]
        self.t = 0

    @property
    def parameters(self) -> int:
        """How many numbers learn."""
        return sum(each.size for each in (*self.W, *self.b))

    def forward(self, X: Array) -> list[Array]:
        """The activations of all layers."""
        a = [X]
        for l, (W, b) in enumerate(zip(self.W, self.b, strict=True), 1):
            z = W @ a[-1] + b
            a.append(self._g(z) if l < len(self.W) else self._output(z))
        return a

    def step(self, X: Array, Y: Array) -> float:
        """One update; J."""
        a, m = self.forward(X), X.shape[1]
        A = a[-1]
        if len(A) == 1:
            J = -np.mean(Y * np.log(A) + (1 - Y) * np.log(1 - A))
        else:
            J = -np.sum(Y * np.log(A)) / m
        dz = A - Y
        gradients: list[Array] = []
        for l in reversed(range(len(self.W))):
            gradients += [dz.sum(axis=1, keepdims=True) / m, dz @ a[l].T / m]
            if l:
                dz = (self.W[l].T @ dz) * self._slope(a[l])
        gradients.reverse()
        self._update(gradients)
        return float(J)

    def trained(self, X: Array, Y: Array, batch: int) -> Side:
        """Training steps."""
        feed = batches(X, Y, batch)

        def run(steps: int) -> None:
            for _ in range(steps):
                self.step(*next(feed))

        return Side(run, self.parameters)

    def predicting(self, X: Array) -> Side:
        """Forward passes."""

        def run(steps: int) -> None:
            for _ in range(steps):
                self.forward(X)

        return Side(run, self.parameters)

    def _g(self, z: Array) -> Array:
        match self.hidden:
            case "relu":
                return np.maximum(z, 0)
            case "tanh":
                return np.tanh(z)
        return 1 / (1 + np.exp(-z))

    def _slope(self, a: Array) -> Array:
        match self.hidden:
            case "relu":
                return a > 0
            case "tanh":
                return 1 - a * a
        return a * (1 - a)

    def _output(self, z: Array) -> Array:
        if len(z) == 1:
            return 1 / (1 + np.exp(-z))
        e = np.exp(z - z.max(axis=0, keepdims=True))
        return e / e.sum(axis=0, keepdims=True)

    def _update(self, gradients: list[Array]) -> None:
        weights = [each for pair in zip(self.W, self.b, strict=True) for each in pair]
        self.t += 1
        for w, g, memory in zip(weights, gradients, self.memory, strict=True):
            match self.optimizer:
                case "adam":
                    memory[0] = 0.9 * memory[0] + 0.1 * g
                    memory[1] = 0.999 * memory[1] + 0.001 * g**2
                    m_hat = memory[0] / (1 - 0.9**self.t)
                    v_hat = memory[1] / (1 - 0.999**self.t)
                    w -= self.rate * m_hat / (np.sqrt(v_hat) + 1e-8)
                case "momentum":
                    memory[0] = 0.9 * memory[0] + g
                    w -= self.rate * memory[0]
                case _:
                    w -= self.rate * g


def batches(X: Array, Y: Array, batch: int) -> Iterator[tuple[Array, Array]]:
    """Batches for ever; several of them are shuffled anew every epoch."""
    m, rng = X.shape[1], np.random.default_rng(4)
    while True:
        if batch < m:
            order = rng.permutation(m)
            X, Y = X[:, order], Y[:, order]
        for start in range(0, m, batch):
            yield X[:, start : start + batch], Y[:, start : start + batch]
