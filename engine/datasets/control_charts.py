"""Control charts of a process."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import one_hot, read_only, target_names
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import cosine_sine, generator
from engine.datasets.tokens import step_names

CHARTS = ("normal", "cyclic", "trend up", "trend down", "shift up", "shift down")
LENGTH = 60
MEAN, DEVIATION = 30.0, 2.0
CENTRE, UNIT = 30.0, 10.0
"""A scaled value is (p − 30) / 10."""

GOALS = ("classify", "rebuild normal", "rebuild all")


@datasets.add("control_charts")
@dataclass(frozen=True)
class ControlCharts(DataSet):
    """60 measurements of a process at t = 1 ... 60: ``p(t) = 30 + 2 r(t)``, r uniform in [−3, 3].

    Added to it by the kind of chart: cyclic ``a sin(2πt / P)``, a and P in [10, 15]; trend ``± g t``,
    g in [0.2, 0.5]; shift ``± s`` from step t₃ on, s in [7.5, 20], t₃ in [20, 40]. The six kinds take turns.

    With the goal "classify" the targets are the six classes, one-hot. With "rebuild normal" all
    charts are normal and the targets are the chart itself: an autoencoder learns what normal is.
    "Rebuild all" has the same targets for charts of all six kinds (example i is of kind i mod 6),
    to see where the error of rebuilding rings the alarm.

    Source: R. Alcock and Y. Manolopoulos, Time-Series Similarity Queries Employing a
    Feature-Based Approach, 7th Hellenic Conference on Informatics, 1999.
    """

    title = "Control charts"
    summary = "Sixty measurements of a process that runs normally, swings, drifts or jumps."
    group = "Sequences"
    rank = 74

    examples: int = knob(600, "Examples", symbol="m", minimum=12, maximum=10_000)
    scale: bool = knob(True, "Scale", help="(p − 30) / 10 instead of the measurements themselves.")
    goal: str = knob("classify", "Goal", choices=GOALS, help="Name the chart, or give it out again.")

    def load(self, seed: int) -> Data:
        kinds = np.arange(self.examples) % len(CHARTS)
        if self.goal == "rebuild normal":
            kinds[:] = 0
        X = charts(seed, kinds)
        if self.scale:
            X = (X - CENTRE) / UNIT
        classify = self.goal == "classify"
        return Data(
            X=read_only(X),
            Y=read_only(one_hot(kinds, len(CHARTS)) if classify else X),
            features=step_names("x", LENGTH),
            targets=target_names(len(CHARTS)) if classify else step_names("y", LENGTH),
            task=Task.CLASSES if classify else Task.REGRESSION,
            classes=CHARTS if classify else (),
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
        )


def charts(seed: int, kinds: Array) -> Array:
    """One chart (60,) a column, of the kinds (m,) numbered as in ``CHARTS``."""
    rng, m = generator(seed), len(kinds)
    t = np.arange(1.0, LENGTH + 1.0)[:, np.newaxis]
    r = 6.0 * rng.random((LENGTH, m)) - 3.0
    amplitude, period = 10.0 + 5.0 * rng.random(m), 10.0 + 5.0 * rng.random(m)
    slope, height = 0.2 + 0.3 * rng.random(m), 7.5 + 12.5 * rng.random(m)
    start = 20.0 + 20.0 * rng.random(m)
    _, sine = cosine_sine(t / period)
    trend, shift = slope * t, np.where(t >= start, height, 0.0)
    quiet = np.zeros((LENGTH, m))
    added: Array = np.choose(kinds, (quiet, amplitude * sine, trend, -trend, shift, -shift))
    return MEAN + DEVIATION * r + added
