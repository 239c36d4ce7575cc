"""scikit-learn's side, where it is installed."""

from __future__ import annotations

import importlib.util

import numpy as np

from peers.workload import Array, NotAvailable, Setting, Side

PASSES = 16
"""Batches a call at the least: the checks of ``partial_fit`` are shared by all of them."""


def classifier(
    X: Array,
    classes: Array,
    sizes: tuple[int, ...],
    optimizer: str,
    rate: float,
    batch: int,
    setting: Setting,
) -> Side:
    """``MLPClassifier.partial_fit``; X is (m, n). A call does one pass over its examples."""
    if importlib.util.find_spec("sklearn") is None:
        raise NotAvailable("scikit-learn is not installed")
    from sklearn.neural_network import MLPClassifier

    several = len(X) > batch
    if not several:
        X, classes = np.tile(X, (PASSES, 1)), np.tile(classes, PASSES)
    X = np.ascontiguousarray(X, setting.dtype)
    model = MLPClassifier(
        hidden_layer_sizes=sizes[1:-1],
        activation="relu",
        solver="adam" if optimizer == "adam" else "sgd",
        momentum=0.9,
        nesterovs_momentum=False,
        alpha=0.0,
        batch_size=batch,
        learning_rate_init=rate,
        shuffle=several,
        random_state=1,
    )
    model.partial_fit(X, classes, classes=np.arange(sizes[-1]))
    passes = len(X) // batch

    def run(steps: int) -> None:
        for _ in range(steps // passes):
            model.partial_fit(X, classes)

    return Side(run, sum(each.size for each in (*model.coefs_, *model.intercepts_)), least=passes)
