"""The learning rules of one neuron, line by line as on the blackboard, for a notebook or a test.

    from engine.alone_rules import perceptron_trace

    X, Y = [[0, 0, 1, 1], [0, 1, 0, 1]], [0, 0, 0, 1]
    for row in perceptron_trace(X, Y, rate=0.1):
        print(row.epoch, row.example, row.x, row.z, row.h, row.error, row.change, row.w)

It is the very engine that trains networks: a document with one unit, and a trainer that takes one
example an update.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from engine.core.expressions import DECIMALS
from engine.core.plan import Array
from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.document import Training
from engine.learned import fresh, frozen
from engine.samples import mlp
from engine.trainer import Trainer

MOST_EPOCHS = 100
"""Where a trace ends that never makes an epoch without a mistake."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One example in one epoch; ``w`` and ``change`` are (w0, w1, ..., wn), with the bias w0 = b first."""

    epoch: int
    """Counted from 1."""
    example: int
    """Its column in the data, counted from 0."""
    x: tuple[float, ...]
    y: float
    z: float
    """w0 + Σ w x before the update."""
    h: float
    """What the neuron gives out."""
    error: float
    """y − h."""
    change: tuple[float, ...]
    """Δw."""
    w: tuple[float, ...]
    """The weights after the update."""

    @property
    def threshold(self) -> float:
        """θ = −w0 after the update: Σ w x is compared with it where there is no bias."""
        return 0.0 - self.w[0]


def perceptron_trace(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    rate: float = 1.0,
    start: Sequence[float] | None = None,
    strict: bool = False,
    outputs: tuple[int, int] = (0, 1),
    order: Sequence[int] | None = None,
    epochs: int | None = None,
) -> list[RuleRow]:
    """The perceptron rule ``w := w + α (y − h) x`` on examples (n, m) with targets (m,) or (1, m).

    ``start`` is (w0, w1, ..., wn), by default zeros. The unit fires for z ≥ 0, with ``strict`` for
    z > 0, and gives out ``outputs``: (0, 1) or (−1, 1). ``order`` lists the columns in the order
    of an epoch. Without ``epochs`` it ends after the first epoch without a mistake, or after 100. All
    numbers are rounded to 12 decimals, as the rule itself does it.

    Raises ``DataError`` where targets are no outputs or shapes do not fit.
    """
    data = _data(X, Y, order)
    if outputs not in {(0, 1), (-1, 1)}:
        raise DataError("The outputs of a step unit are (0, 1) or (-1, 1).")
    if not np.isin(data.Y, outputs).all():
        raise DataError(f"The targets must be {outputs[0]} and {outputs[1]}, like the outputs.")
    step = Spec.of(
        "step", comparison=">" if strict else ">=", outputs="{0, 1}" if outputs == (0, 1) else "{-1, +1}"
    )
    return _trace("perceptron_rule", step, data, rate, start, order, epochs, _rounded)


def delta_trace(
    X: ArrayLike,
    Y: ArrayLike,
    *,
    rate: float = 0.1,
    start: Sequence[float] | None = None,
    activation: str = "identity",
    order: Sequence[int] | None = None,
    epochs: int = 1,
) -> list[RuleRow]:
    """The delta rule ``w := w + α (y − a) g'(z) x``, example by example; ``activation`` may be sigmoid.

    ``h`` of a row is a. Raises ``DocumentError`` for another activation, ``DataError`` where shapes
    do not fit.
    """
    return _trace("delta_rule", Spec(activation), _data(X, Y, order), rate, start, order, epochs)


def end_of_epochs(rows: Sequence[RuleRow]) -> list[tuple[float, ...]]:
    """The weights after each epoch."""
    last = {row.epoch: row.w for row in rows}
    return list(last.values())


def mistakes(rows: Sequence[RuleRow]) -> list[int]:
    """For each epoch how many examples were wrong; the first 0 means that the perceptron is done."""
    count = dict.fromkeys((row.epoch for row in rows), 0)
    for row in rows:
        count[row.epoch] += row.error != 0.0
    return list(count.values())


def _trace(
    procedure: str,
    activation: Spec,
    data: Data,
    rate: float,
    start: Sequence[float] | None,
    order: Sequence[int] | None,
    epochs: int | None,
    written: Callable[[float], float] = float,
) -> list[RuleRow]:
    document = mlp(
        data.n, 1, loss=Spec("mse"),
        optimizer=Spec.of("gradient_descent", learning_rate=rate),
        training=Training(batch_size=1, procedure=Spec(procedure)),
    )  # fmt: skip
    output = document.layer("output")
    document = document.with_layer(replace(output, spec=output.spec.with_(activation=activation)))
    first = _first(start, data.n)
    learned = fresh(document)
    weights = {"output.b": frozen(first[:1, None]), "output.W.input": frozen(first[None, 1:])}
    trainer = Trainer(document, data, replace(learned, parameters=weights, initial=weights))
    place = trainer.network(1).places["output"]
    columns = range(data.m) if order is None else order
    rows: list[RuleRow] = []
    before = first
    for epoch in range(1, (MOST_EPOCHS if epochs is None else epochs) + 1):
        right = True
        for position, column in enumerate(columns):
            trainer.advance()
            after = np.concatenate([place.parameters["b"][:, 0], place.parameters["W.input"][0]])
            h, y = float(place.a[0, 0]), float(data.Y[0, position])
            z, x = place.known("z")[0, 0], data.X[:, position]
            numbers = written(z), h, written(y - h), _tuple(after - before, written), _tuple(after, written)
            rows.append(RuleRow(epoch, int(column), _tuple(x), y, *numbers))
            before, right = after, right and h == y
        if right and epochs is None:
            break
    return rows


def _data(X: ArrayLike, Y: ArrayLike, order: Sequence[int] | None) -> Data:
    """The examples in the order of an epoch."""
    x, y = np.array(X, float), np.array(Y, float)
    y = y.reshape(1, -1)
    if x.ndim != 2 or not x.size or x.shape[1] != y.shape[1]:
        raise DataError("X must be features × examples, and Y one target for every example.")
    if order is not None:
        if sorted(order) != list(range(x.shape[1])):
            raise DataError("The order must name every example once, counted from 0.")
        x, y = x[:, list(order)], y[:, list(order)]
    return Data(x, y, tuple(f"x{n}" for n in range(1, len(x) + 1)), ("y",), Task.REGRESSION)


def _first(start: Sequence[float] | None, n: int) -> Array:
    first = np.zeros(n + 1) if start is None else np.array(start, float)
    if first.shape != (n + 1,):
        raise DataError(f"The start must be {n + 1} weights: w0 and one for every feature.")
    return first


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS) + 0.0


def _tuple(values: Array, written: Callable[[float], float] = float) -> tuple[float, ...]:
    return tuple(written(each) for each in values)
