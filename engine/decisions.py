"""Decisions of a classifier: what was taken for what, how surely, and how right that is.

A network that says 0.9 should be right nine times out of ten. Whether it is, the calibration tells: the
examples are sorted into bins by how sure it was, and each bin's share of right answers stands beside its mean
sureness; the weighted mean of their distances is the expected calibration error.

Source: Guo, Pleiss, Sun, Weinberger, "On calibration of modern neural networks", 2017.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.plan import Array
from engine.datasets import Data
from engine.datasets.base import Task
from engine.metrics import metrics
from engine.metrics.roc import RocCurve, roc_curve

BINS = 10
SLACK = 1e-6
"""By so much shares may miss 0, 1, or their sum 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """By bin of sureness: how many examples, how sure the network was, and what share of them was right."""

    counts: Array
    sure: Array
    right: Array

    @property
    def error(self) -> float:
        """The expected calibration error: Σ counts · |right − sure| / m."""
        there = self.counts > 0
        gaps = np.abs(self.right[there] - self.sure[there])
        return float((self.counts[there] * gaps).sum() / max(1, self.counts.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """Of m examples the true and the predicted class, counted from 0."""

    classes: tuple[str, ...]
    true: Array
    predicted: Array
    sure: Array | None
    """The share that the predicted class got, (m,); ``None`` where the outputs are no shares."""
    curves: tuple[RocCurve, ...]
    """Of class 1 alone where there are two, else of each class against the others."""
    areas: tuple[float, ...]

    @property
    def counts(self) -> Array:
        """The confusion matrix: rows are the true classes, columns the predicted ones."""
        k = len(self.classes)
        counted: Array = np.bincount(self.true * k + self.predicted, minlength=k * k).reshape(k, k)
        return counted

    @property
    def right(self) -> int:
        """How many were predicted right."""
        return int((self.true == self.predicted).sum())

    def mistakes(self, true: int | None = None, predicted: int | None = None) -> Array:
        """Numbers of examples predicted wrong, the surest first; or those of one cell of the matrix."""
        chosen = self.true != self.predicted
        if true is not None:
            chosen = (self.true == true) & (self.predicted == predicted)
        found = np.flatnonzero(chosen)
        return found if self.sure is None else found[np.argsort(-self.sure[found], kind="stable")]

    @property
    def calibration(self) -> Calibration | None:
        """How right the network is where it is how sure; ``None`` where its outputs are no shares."""
        if self.sure is None:
            return None
        place = np.minimum((self.sure * BINS).astype(int), BINS - 1)
        counts = np.bincount(place, minlength=BINS)
        with np.errstate(invalid="ignore", divide="ignore"):
            sure = np.bincount(place, self.sure, BINS) / counts
            right = np.bincount(place, self.true == self.predicted, BINS) / counts
        return Calibration(counts, sure, right)


def decisions(a: Array, data: Data) -> Decisions | None:
    """Of predictions (k, m) for the first m examples; ``None`` where examples have not one class each.

    An example with a prediction that is no number counts as class 0, never silently as right: ``nan`` is not
    the largest and not beyond the middle.
    """
    m = a.shape[-1]
    if a.ndim != 2 or data.task is Task.REGRESSION or data.target_shape or not m:
        return None
    Y = data.Y[:, :m]
    if len(a) == 1:
        low, high = float(data.Y.min()), float(data.Y.max())
        if low == high:
            return None
        true = (Y[0] >= (low + high) / 2).astype(int)
        share = (a[0] - low) / (high - low)
        predicted = (share >= 0.5).astype(int)
        names: tuple[str, ...] = data.classes if len(data.classes) == 2 else ("0", "1")
        sure = np.where(predicted == 1, share, 1.0 - share) if _shares(share[None]) else None
        scores, rows = a, true[None]
    else:
        true = Y[0].astype(int) if data.coded else Y.argmax(axis=0)
        predicted = np.where(np.isnan(a), -np.inf, a).argmax(axis=0)
        names = data.classes if len(data.classes) == len(a) else tuple(map(str, range(len(a))))
        sure = a.max(axis=0) if _shares(a) else None
        scores, rows = a, (true == np.arange(len(a))[:, None]).astype(int)
    area, finite = metrics.make("roc_auc"), bool(np.isfinite(a).all())
    curves = tuple(roc_curve(s, r) for s, r in zip(scores, rows, strict=True)) if finite else ()
    pairs = zip(scores, rows, strict=True) if finite else ()
    areas = tuple(float(area.measured(s[None], r[None])) for s, r in pairs)
    return Decisions(names, true, predicted, sure, curves, areas)


def _shares(a: Array) -> bool:
    """Whether every output lies between 0 and 1, and several of them add up to 1."""
    if not (np.isfinite(a).all() and (a >= -SLACK).all() and (a <= 1 + SLACK).all()):
        return False
    return len(a) == 1 or bool(np.allclose(a.sum(axis=0), 1.0, atol=1e-4))
