"""Slices: what is drawn, and that grey alone does not tell it."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task


def load(seed: int = 1, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of("slices", **settings)).load(seed)


def pictures(data: Data) -> tuple[np.ndarray, np.ndarray]:
    """Grey values and classes (m, 32, 32)."""
    return data.X.T.reshape(-1, 32, 32), data.Y.T.reshape(-1, 32, 32)


def dice(predicted: np.ndarray, true: np.ndarray) -> float:
    return 2.0 * float((predicted & true).sum()) / float(predicted.sum() + true.sum())


def test_shapes() -> None:
    data = load()
    assert data.X.shape == data.Y.shape == (1024, 400)
    assert data.shape == (1, 32, 32) and data.output_shape == (3, 32, 32) and data.coded
    assert data.task is Task.CLASSES and data.classes == ("background", "organ", "lesion")
    assert data.targets[0] == "pixel 1" and data.targets[-1] == "pixel 1024"


def test_every_picture_has_an_organ_with_a_lesion_in_it() -> None:
    _, classes = pictures(load())
    organ, lesion = (classes == 1).sum(axis=(1, 2)), (classes == 2).sum(axis=(1, 2))
    assert (organ > 50).all() and (lesion >= 4).all() and (lesion < organ).all()
    assert 0.09 < organ.mean() / 1024 < 0.14 and 0.01 < lesion.mean() / 1024 < 0.02


def test_no_lesion_touches_much_of_the_background() -> None:
    """Of the pixels beside a lesion's pixels nearly all are lesion or organ."""
    _, classes = pictures(load())
    beside = [np.roll(classes, by, axis)[classes == 2] for axis in (1, 2) for by in (1, -1)]
    assert (np.concatenate(beside) > 0).mean() > 0.95


def test_an_organ_is_of_one_piece() -> None:
    """Filling from any of its pixels reaches every other."""
    _, classes = pictures(load(examples=50))
    for mask in classes > 0:
        reached = np.zeros_like(mask)
        reached[tuple(np.argwhere(mask)[0])] = True
        before = 0
        while reached.sum() > before:
            before = reached.sum()
            for axis in (0, 1):
                for by in (1, -1):
                    reached |= np.roll(reached, by, axis) & mask
        assert (reached == mask).all()


def test_a_lesion_is_a_little_darker_than_its_organ() -> None:
    grey, classes = pictures(load(noise=0.0))
    difference = [picture[mask == 1].mean() - picture[mask == 2].mean() for picture, mask in
                  zip(grey, classes, strict=True)]  # fmt: skip
    assert 0.07 < np.mean(difference) < 0.17 and np.mean(np.array(difference) > 0.0) > 0.97


def test_no_threshold_finds_the_organ() -> None:
    """The best grey threshold of all is far from the 0.9 that a network reaches."""
    data = load()
    best = max(dice(data.X >= grey, data.Y == 1) for grey in np.linspace(0.2, 0.8, 61))
    assert 0.53 < best < 0.64


def test_no_band_of_grey_finds_the_lesion() -> None:
    data = load(examples=100)
    lows, widths = np.linspace(0.2, 0.6, 21), (0.05, 0.1, 0.2)
    best = max(
        dice((data.X >= low) & (data.X < low + width), data.Y == 2) for low in lows for width in widths
    )
    assert best < 0.2


def test_noise_is_laid_on_top() -> None:
    clean, noisy = load(noise=0.0, examples=100), load(noise=0.2, examples=100)
    assert np.array_equal(clean.Y, noisy.Y)
    assert (noisy.X - clean.X).std() == pytest.approx(0.2, rel=0.02)
    assert clean.X.min() > -0.2 and clean.X.max() < 1.1


def test_more_pictures_leave_the_first_as_they_are() -> None:
    some, more = load(examples=60), load(examples=130)
    assert some.m == 60 and more.m == 130
    assert np.array_equal(some.X, more.X[:, :60]) and np.array_equal(some.Y, more.Y[:, :60])


def test_bits_of_seed_one() -> None:
    """The same on every machine and with every version; a change breaks old projects."""
    data = load(examples=50)
    written = data.X.astype("<f8").tobytes() + data.Y.astype("<f8").tobytes()
    assert hashlib.sha256(written).hexdigest()[:16] == "aa351d7d02e98731"
