"""Training steps a second without the window: XOR 2-4-1 and 2-8-8-1 on 500 points, batch 10.

    python tests/benchmarks/bench_training.py

prints one JSON object. Beside Axon's plan the same XOR step in plain NumPy as one would write it
by hand is timed in turn, so that the ratio holds on a busy machine.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from engine.core.spec import Spec
from engine.datasets import datasets
from engine.document import Document, Training
from engine.learned import fresh
from engine.samples import mlp
from engine.timeline import Timeline
from engine.trainer import Trainer


def xor() -> Document:
    """2-4-1, sigmoid, all four examples an update."""
    return mlp(2, 4, 1, hidden="sigmoid")


def small() -> Document:
    """2-8-8-1, tanh, 10 of 500 points an update."""
    circles = Spec.of("circles", examples=500)
    training = Training(batch_size=10, shuffle=True)
    return mlp(2, 8, 8, 1, data=circles, training=training)


def trainer(document: Document) -> Timeline:
    """The document with a timeline, as the window trains it."""
    data = datasets.make(document.data).load(0)
    return Timeline(Trainer(document, data, fresh(document)))


def by_hand() -> Callable[[int], None]:
    """The XOR step as plain NumPy, without a plan."""
    rng = np.random.default_rng(1)
    W1, b1, W2, b2 = rng.normal(size=(4, 2)), np.zeros((4, 1)), rng.normal(size=(1, 4)), np.zeros((1, 1))
    X, Y = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0.0, 1, 1, 0]])

    def run(steps: int) -> None:
        nonlocal W1, b1, W2, b2
        for _ in range(steps):
            a1 = 1 / (1 + np.exp(-(W1 @ X + b1)))
            a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
            -(Y * np.log(a2) + (1 - Y) * np.log(1 - a2)).mean()
            dz2 = a2 - Y
            dW2, db2 = dz2 @ a1.T / 4, dz2.sum(axis=1, keepdims=True) / 4
            dz1 = (W2.T @ dz2) * a1 * (1 - a1)
            dW1, db1 = dz1 @ X.T / 4, dz1.sum(axis=1, keepdims=True) / 4
            W1, b1, W2, b2 = W1 - 0.5 * dW1, b1 - 0.5 * db1, W2 - 0.5 * dW2, b2 - 0.5 * db2

    return run


def rounds(runs: dict[str, Callable[[int], object]], steps: int, repeats: int = 15) -> dict[str, list[float]]:
    """Steps a second of each, measured in turn."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            start = time.perf_counter()
            run(steps)
            found[name].append(steps / (time.perf_counter() - start))
    return found


def main() -> None:
    """Measure and print."""
    runs: dict[str, Callable[[int], object]] = {
        "xor_2_4_1": trainer(xor()).advance,
        "small_2_8_8_1": trainer(small()).advance,
        "xor_numpy_by_hand": by_hand(),
    }
    for run in runs.values():
        run(2000)
    found = rounds(runs, 2000)
    ratios = [one / other for one, other in zip(found["xor_2_4_1"], found["xor_numpy_by_hand"], strict=True)]
    result = {
        name: {"median": round(statistics.median(values)), "best": round(max(values))}
        for name, values in found.items()
    }
    print(
        json.dumps(
            {
                "unit": "training steps a second",
                **result,
                "xor_ratio_to_numpy_by_hand": round(statistics.median(ratios), 2),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
