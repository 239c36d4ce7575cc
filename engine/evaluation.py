"""Evaluation: how well a network predicts, on any examples.

    from engine.evaluation import evaluate

    found = evaluate(document, data, learned, examples=batches.held_out)
    found.J, found.metrics["accuracy"]

The network only predicts (no dropout, no noise of training, running means instead of a batch's)
and runs on some examples after the other, so that memory is needed for a part of them only.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knobs
from engine.core.plan import Array, Phase
from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Document
from engine.fit import fit_problem
from engine.layout import Layout
from engine.learned import Learned
from engine.losses import Loss, losses
from engine.losses.base import OWNER as LOSS
from engine.losses.logits import Logits
from engine.metrics import Metric, metrics
from engine.network import Network
from engine.parameters import ParameterStore, precision
from engine.procedures import Batch, Wanted, procedures

Asked = Metric | Spec | str
"""A metric as itself, by its specification or by its name."""

MOST_NUMBERS = 2_000_000
"""About so many numbers of outputs are calculated at once."""
APART = 1 << 41
"""What sources of noise draw here is that of updates so late that no training comes there."""
SIGNED = frozenset({"hinge", "squared_hinge", "perceptron"})
"""Losses whose predictions answer by their sign."""
USUAL: Mapping[Task, tuple[str, ...]] = {
    Task.BINARY: ("accuracy", "f1", "roc_auc"),
    Task.CLASSES: ("accuracy", "f1"),
    Task.REGRESSION: ("rmse", "mae", "r2"),
}
"""The metrics of a task if none are asked for."""
OF_SYMBOLS = ("accuracy", "perplexity", "bits_per_symbol")
OF_PIXELS = ("accuracy", "iou", "dice")
"""Those of a text that is guessed symbol by symbol, and of a region marked in a picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What came out: the mean loss J, and each metric by its name."""

    J: float
    metrics: Mapping[str, float | Array]
    examples: int
    """How many examples were looked at."""

    def __str__(self) -> str:
        said = [f"{name} {value:.4g}" for name, value in self.metrics.items() if isinstance(value, float)]
        return ", ".join([f"J {self.J:.4g}", *said])


def evaluate(
    document: Document,
    data: Data,
    learned: Learned | ParameterStore,
    examples: Array | Sequence[int] | None = None,
    metrics: Sequence[Asked] | None = None,
) -> Evaluation:
    """Loss and metrics of a predicting network on some examples of the data; on all of them by default.

    ``examples`` are numbers of examples counted from 0. ``metrics`` are by default those that suit
    the task. Nothing that is given changes. Raises ``DocumentError`` where network and data do
    not fit together and ``DataError`` if there are no examples.
    """
    store = learned if isinstance(learned, ParameterStore) else None
    if store is None:
        assert isinstance(learned, Learned)
        store = ParameterStore(Layout(document), precision(document))
        store.load(learned)
    return Evaluator(data, store).of(examples, metrics)


class Evaluator:
    """Evaluates one running network again and again, as its weights change.

    It sees the numbers of the store as they are, so a trainer's store can be given while it learns.
    """

    def __init__(self, data: Data, store: ParameterStore, most_numbers: int = MOST_NUMBERS) -> None:
        self.data = data
        self.store = store
        training = store.layout.document.training
        self.procedure = procedures.make(training.procedure)
        self.wanted = self.procedure.wanted(data)
        problem = fit_problem(store.layout, self.wanted)
        if problem is not None:
            raise problem
        self.loss = losses.make(store.layout.document.loss)
        self._seed = training.seed
        self._turns = len(self.procedure.turns(store.layout))
        numbers = sum(math.prod(node.shape) for node in store.layout.active)
        self.size = max(1, most_numbers // max(1, numbers))
        """How many examples are calculated at once."""
        self._networks: dict[int, Network] = {}

    def of(
        self, examples: Array | Sequence[int] | None = None, metrics: Sequence[Asked] | None = None
    ) -> Evaluation:
        """Loss and metrics on some examples of the data, or on all."""
        chosen = np.arange(self.data.m) if examples is None else np.asarray(examples, np.intp)
        if not chosen.size:
            raise DataError("There are no examples to evaluate the network on.")
        wanted = [self._metric(each) for each in (self.usual if metrics is None else metrics)]
        losses_of: list[tuple[float, int]] = []
        predictions: list[Array] = []
        targets: list[Array] = []
        for number, start in enumerate(range(0, len(chosen), self.size)):
            batch = self._batch(chosen[start : start + self.size], number)
            network = self._run(batch, number)
            losses_of.append((network.J, network.m))
            if wanted:
                a, y = self._answers(network, batch)
                predictions.append(a)
                targets.append(y)
        found: dict[str, float | Array] = {}
        if wanted:
            a, y = (np.concatenate(each, axis=1) for each in (predictions, targets))
            found = {metric.kind: metric.value(a, y) for metric in wanted}
        return Evaluation(_mean(losses_of), found, len(chosen))

    @property
    def usual(self) -> tuple[str, ...]:
        """The metrics that suit the task."""
        return usual_metrics(self.wanted, bool(self.data.symbols))

    def _metric(self, asked: Asked) -> Metric:
        """A metric, with the threshold that goes with the loss unless another is chosen."""
        if isinstance(asked, Metric):
            return asked
        spec = Spec(asked) if isinstance(asked, str) else asked
        has = any(each.name == "threshold" for each in knobs(metrics[spec.kind]))
        signed = self.loss.kind in SIGNED or bool(self.data.Y.min() < 0.0 and not self.wanted.coded)
        if has and signed and "threshold" not in dict(spec.settings):
            spec = spec.with_(threshold=0.0)
        return metrics.make(spec)

    def _batch(self, examples: Array, number: int) -> Batch:
        X, Y = self.data.X[:, examples], self.data.Y[:, examples]
        if self.procedure.plain:
            return Batch(X, Y)
        return self.procedure.prepared(X, Y, APART + number * self._turns, self._seed)

    def _run(self, batch: Batch, number: int) -> Network:
        m = batch.X.shape[1]
        if m not in self._networks:
            self._networks[m] = Network(self.store, m, learns=False, measures=True)
        network = self._networks[m]
        network.plan.step = APART + number
        with np.errstate(all="ignore"):
            network.feed(batch.X, batch.Y)
            for call in network.calls(Phase.FORWARD, Phase.LOSS):
                call()
        return network

    def _answers(self, network: Network, batch: Batch) -> tuple[Array, Array]:
        """Predictions and targets as (k, columns), without the positions at which nothing is asked."""
        k = network.a.shape[0]
        a = network.a.reshape(k, -1)
        y = network.plan.arrays[LOSS, "y"].reshape(k, -1)
        if self.wanted.coded and batch.Y.size != y.size:
            asked = np.flatnonzero(batch.Y.reshape(-1) >= 0)
            a, y = a[:, asked], y[:, asked]
        return squashed(self.loss, a.copy()), y.copy()


def _mean(losses_of: list[tuple[float, int]]) -> float:
    """The mean of J over all columns, from that of each portion and its columns."""
    if len(losses_of) == 1:
        return losses_of[0][0]
    return sum(J * m for J, m in losses_of) / sum(m for _, m in losses_of)


def usual_metrics(wanted: Wanted, symbols: bool = False) -> tuple[str, ...]:
    """The names of the metrics that suit what a network gives out."""
    if wanted.task is Task.BINARY and len(wanted.output_shape) > 2:
        return OF_PIXELS
    if symbols and wanted.task is Task.CLASSES and len(wanted.output_shape) == 2:
        return OF_SYMBOLS
    return USUAL[wanted.task]


def squashed(loss: Loss, a: Array) -> Array:
    """The predictions as probabilities, where the loss has the sigmoid or softmax within it."""
    if not isinstance(loss, Logits):
        return a
    if loss.least_outputs < 2:
        return np.asarray(0.5 * np.tanh(0.5 * a) + 0.5)
    grown = np.exp(a - a.max(axis=0, keepdims=True))
    return np.asarray(grown / grown.sum(axis=0, keepdims=True))
