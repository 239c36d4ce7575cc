"""Axon's side: a document compiled to a plan and run as the trainer runs it."""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.core.problems import AxonError
from engine.core.registry import Registry
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Document
from engine.layers import layers
from engine.layout import Layout
from engine.learned import fresh
from engine.losses import losses
from engine.network import Network
from engine.optimizers import optimizers
from engine.parameters import ParameterStore
from engine.procedures import procedures
from engine.trainer import Trainer
from peers.workload import Array, NotAvailable, Setting, Side


def trainer(document: Document, data: Data, setting: Setting) -> Side:
    """Training steps, with the check of J and the loss curve that every training has.

    A step is one turn of each of the procedure's learners.
    """
    available(document)
    try:
        made = Trainer(document, data, fresh(document), dtype=setting.dtype)
        turns = len(procedures.make(document.training.procedure).turns(made.layout))
        made.advance(turns)
    except AxonError as error:
        raise NotAvailable(f"{type(error).__name__}: {error}") from error
    return Side(lambda steps: made.advance(steps * turns), made.layout.size)


def predictor(document: Document, X: Array, setting: Setting) -> Side:
    """Forward passes: the examples go in, the prediction comes out."""
    available(document)
    layout = Layout(document)
    store = ParameterStore(layout, setting.dtype)
    store.load(fresh(document))
    network = Network(store, X.shape[1], learns=False)

    def run(steps: int) -> None:
        for _ in range(steps):
            network.feed(X)
            network.forward()

    return Side(run, layout.size)


def available(document: Document) -> None:
    """Raises ``NotAvailable`` where the document names a kind that is not registered."""
    wanted: list[tuple[Registry[Any], str]] = [(layers, each.spec.kind) for each in document.layers]
    wanted += [
        (losses, document.loss.kind),
        (optimizers, document.optimizer.kind),
        (procedures, document.training.procedure.kind),
    ]
    absent = dict.fromkeys(f"{each.family} {kind}" for each, kind in wanted if kind not in each)
    if absent:
        raise NotAvailable(f"not registered: {', '.join(absent)}")


def data_of(X: Array, Y: Array, *, task: Task = Task.CLASSES, **details: object) -> Data:
    """A data set of the user's own; examples are columns."""
    return Data(
        X=np.asarray(X, np.float64),
        Y=np.asarray(Y, np.float64),
        features=tuple(f"x{row}" for row in range(len(X))),
        targets=tuple(f"y{row}" for row in range(len(Y))),
        task=task,
        **details,  # type: ignore[arg-type]
    )
