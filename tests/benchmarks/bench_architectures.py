"""Trains every architecture without the window and measures the figures that it promises.

    python tests/benchmarks/bench_architectures.py [--only cnn,vit] [--seconds 60] [--seed 1]

prints one JSON object: for each choice of settings the CPU seconds of the training and, figure by
figure, what was measured, what is promised, and what something simple reaches. One after the
other, with one BLAS thread.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from engine.architectures import Architecture, Figure, architectures
from engine.core.plan import Array
from engine.data_of import data_of
from engine.datasets import Data, datasets
from engine.datasets.grammar import is_valid
from engine.evaluation import evaluate
from engine.learned import fresh
from engine.measures import Modes, modes_covered, sliced_wasserstein
from engine.predict import Predictor
from engine.sampling import generated, samples, texts
from engine.trainer import Trainer

SAMPLES = 2000
POINTS = 1000
PORTIONS = 20


@dataclass(frozen=True)
class Trained:
    """A trained network and what a figure is measured on."""

    trainer: Trainer
    data: Data
    examples: Array
    """The numbers of the examples to judge by."""

    @property
    def predictor(self) -> Predictor:
        """The network with the weights as they are now."""
        return Predictor.of(self.trainer.store)

    def metric(self, name: str) -> float:
        """A metric of the engine."""
        found = evaluate(self.trainer.document, self.data, self.trainer.store, self.examples, [name])
        value = found.metrics[name]
        assert isinstance(value, float)
        return value

    def classes(self) -> Array:
        """The predicted class of every example, or of every position of every example."""
        found: Array = self.predictor(self.data.X[:, self.examples]).argmax(axis=0)
        return found


# -------------------------------------------------------------------- measures


def exact(t: Trained) -> float:
    """The share of examples that are right at every position where something is asked."""
    asked = t.data.Y[:, t.examples]
    right = (t.classes() == asked) | (asked < 0)
    return float(right.all(axis=0).mean())


def dice(t: Trained, c: int) -> float:
    """``2 |A ∩ B| / (|A| + |B|)`` of the pixels of class c in all pictures."""
    predicted = t.classes().reshape(t.data.k, -1) == c
    true = t.data.Y[:, t.examples] == c
    return float(2 * (predicted & true).sum() / (predicted.sum() + true.sum()))


def valid(t: Trained) -> float:
    """The share of valid sentences among those that the network writes."""
    written = texts(t.predictor, t.data.symbols, ".", t.data.n - 1, count=100)
    sentences = [each for text in written for each in text[1:].split(".")[:-1]]
    return sum(is_valid(f"{each}.") for each in sentences) / max(1, len(sentences))


def ring(t: Trained) -> Modes:
    """How the points of a generator lie in the eight clouds; 0.2 is four deviations of a cloud."""
    turn = np.arange(8) * np.pi / 4
    centres = 2.0 * np.stack([np.cos(turn), np.sin(turn)])
    return modes_covered(generated(t.predictor, SAMPLES), centres, 0.2)


def distance_ratio(t: Trained) -> float:
    """How far samples are from real points, compared with the distance of real points drawn twice.

    The real points are drawn at random from many: a data set may be spread more evenly than chance.
    """
    kind = datasets.make(t.trainer.document.data)
    many = replace(kind, examples=10_000).load(101).X  # type: ignore[type-var]
    rng = np.random.default_rng(1)
    drawn = [many[:, rng.integers(0, many.shape[1], POINTS)] for _ in range(4)]
    floor = np.mean([sliced_wasserstein(one, other) for one, other in combinations(drawn, 2)])
    made = [samples(t.predictor, POINTS, seed) for seed in range(2)]
    return float(np.mean([sliced_wasserstein(one, other) for one in made for other in drawn]) / floor)


def agreement(t: Trained) -> float:
    """How often a perceptron trained on real digits sees the class that was asked for."""
    judge = architectures.make("mlp").document()
    trainer = Trainer(judge, data_of(judge), fresh(judge))
    trainer.advance(40 * trainer.batches.count)
    asked = np.arange(500) % 10
    made = samples(t.predictor, len(asked), classes=asked)
    seen = Predictor.of(trainer.store)(np.clip(made, 0.0, 1.0)).argmax(axis=0)
    return float((seen == asked).mean())


MEASURES: Mapping[str, Callable[[Trained], float]] = {
    "accuracy": lambda t: t.metric("accuracy"),
    "bits": lambda t: t.metric("bits_per_symbol"),
    "rmse": lambda t: t.metric("rmse"),
    "mse": lambda t: t.metric("rmse") ** 2,
    "dice_1": lambda t: dice(t, 1),
    "dice_2": lambda t: dice(t, 2),
    "exact": exact,
    "valid": valid,
    "modes": lambda t: float(ring(t).covered),
    "in_modes": lambda t: ring(t).share,
    "distance_ratio": distance_ratio,
    "agreement": agreement,
}


# -------------------------------------------------------------------- training


def judged(only: list[str]) -> Iterator[Architecture]:
    """The choices to train."""
    for cls in architectures:
        if not only or cls.kind in only:
            yield from cls.judged()


def train(made: Architecture, seconds: float, seed: int) -> tuple[Trainer, float]:
    """Trains until the epochs or the seconds are over; the trainer and its CPU seconds."""
    document = made.document()
    document = replace(document, training=replace(document.training, seed=seed))
    trainer = Trainer(document, data_of(document), fresh(document))
    whole = made.epochs * trainer.batches.count
    began, portion = time.process_time(), max(1, min(whole // PORTIONS, 500))
    while trainer.step < whole and time.process_time() - began < seconds:
        trainer.advance(min(portion, whole - trainer.step))
    return trainer, time.process_time() - began


def measured(trainer: Trainer, figure: Figure) -> dict[str, object]:
    """A figure with what it is compared with."""
    data, examples = trainer.data, trainer.batches.held_out
    if figure.data is not None:
        kind = datasets.make(figure.data)
        data = kind.load(getattr(kind, "seed", figure.seed))
        examples = np.arange(data.m)
    value = MEASURES[figure.measure](Trained(trainer, data, examples))
    reached = value >= figure.target if figure.higher else value <= figure.target
    return {
        "measure": figure.measure,
        "value": round(value, 4),
        "target": figure.target,
        "reached": bool(reached),
        "baseline": figure.baseline,
        "simple": figure.simple,
        "on": figure.data.to_json() if figure.data else "held out",
    }


def main() -> None:
    """Train, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--only", default="", help="names of architectures, with commas")
    parser.add_argument("--seconds", type=float, default=60.0, help="CPU seconds a training at the most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    results = []
    for made in judged([each for each in options.only.split(",") if each]):
        trainer, seconds = train(made, options.seconds, options.seed)
        result = {
            "architecture": made.kind,
            "settings": {name: value for name, value in made.spec.to_json().items() if name != "kind"},
            "parameters": trainer.layout.size,
            "updates": trainer.step,
            "epochs": round(trainer.step / trainer.batches.count, 1),
            "seconds": round(seconds, 1),
            "figures": [measured(trainer, each) for each in made.figures()],
        }
        results.append(result)
        said = ", ".join(
            f"{each['measure']} {each['value']} ({each['target']})" for each in result["figures"]
        )
        print(f"{made.kind} {seconds:.1f} s: {said}", file=sys.stderr, flush=True)
    print(json.dumps({"seed": options.seed, "results": results}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
