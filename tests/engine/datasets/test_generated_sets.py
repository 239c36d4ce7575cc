"""Line, sine, ring, roll and ratings: the numbers that their formulas promise."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.document.edits import set_data
from engine.samples import mlp


def load(kind: str, seed: int = 1, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of(kind, **settings)).load(seed)


def test_line_fits_as_the_lesson_says() -> None:
    """Least squares by NumPy against the lesson's numbers, with and without a bias."""
    data = load("line")
    x, y = data.X[0], data.Y[0]
    np.testing.assert_allclose(np.polyfit(x, y, 1), [1.99, 1.04], atol=1e-12)
    assert (x * y).sum() == pytest.approx(70.1) and (x * x).sum() == 30.0
    assert data.task is Task.REGRESSION


def test_sine_without_noise_is_the_sine() -> None:
    data = load("sine", noise=0.0, examples=500)
    np.testing.assert_allclose(data.Y, np.sin(3.0 * data.X), atol=1e-14)
    assert data.X.shape == data.Y.shape == (1, 500)


def test_sine_covers_the_interval_evenly() -> None:
    data = load("sine")
    assert data.m == 12
    assert np.floor((data.X[0] + 1.0) * 6.0).tolist() == list(range(12))


def test_sine_noise_has_the_width_that_is_asked_for() -> None:
    data = load("sine", noise=0.3, examples=10_000)
    assert (data.Y - np.sin(3.0 * data.X)).std() == pytest.approx(0.3, rel=0.03)


def test_ring_of_eight_clouds() -> None:
    data = load("ring8", examples=8000)
    angle = 2.0 * np.pi * (np.arange(8000) % 8) / 8.0
    offset = data.X - 2.0 * np.array([np.cos(angle), np.sin(angle)])
    assert offset.std() == pytest.approx(0.05, rel=0.03) and abs(offset.mean()) < 0.002
    assert np.hypot(*offset).max() < 0.3


def test_swiss_roll_lies_on_a_spiral() -> None:
    data = load("swiss_roll", noise=0.0)
    radius = np.hypot(*data.X)
    assert 2.0 / 3.0 <= radius.min() < 0.7 and 1.97 < radius.max() <= 2.0
    angle = 2.25 * radius / 2.0 * 2.0 * np.pi
    np.testing.assert_allclose(data.X, [radius * np.cos(angle), radius * np.sin(angle)], atol=1e-13)


@pytest.mark.parametrize("kind", ["ring8", "swiss_roll"])
def test_a_cloud_asks_for_its_own_points(kind: str) -> None:
    data = load(kind)
    assert data.X.shape == (2, 1000) and np.array_equal(data.X, data.Y)
    assert data.task is Task.REGRESSION and data.classes == () and data.targets == ("x1", "x2")


@pytest.mark.parametrize("kind", ["sine", "ring8", "swiss_roll", "ratings"])
def test_a_project_draws_from_the_knob(kind: str) -> None:
    document = set_data(mlp(2, 2), spec=Spec.of(kind, seed=7))
    assert np.array_equal(data_of(document).X, load(kind, seed=7).X)


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("sine", "d4920559054d0ec3"),
        ("ring8", "092c02f16a0a1c39"),
        ("swiss_roll", "08af4a775cf34efb"),
        ("ratings", "6e88764e33c08b82"),
    ],
)
def test_bits_of_seed_one(kind: str, digest: str) -> None:
    """The same on every machine and with every version; a change breaks old projects."""
    data = load(kind)
    written = data.X.astype("<f8").tobytes() + data.Y.astype("<f8").tobytes()
    assert hashlib.sha256(written).hexdigest()[:16] == digest


# ---------------------------------------------------------------- ratings


def test_ratings_rows() -> None:
    data = load("ratings")
    user, item, age, *regions, woman = data.X
    assert data.m == 6000 and data.k == 1 and data.task is Task.REGRESSION
    assert set(user) <= set(range(300)) and set(item) == set(range(120))
    assert len(set(zip(user, item, strict=True))) == data.m
    assert -1.0 <= age.min() < -0.9 and 0.9 < age.max() <= 1.0
    assert (sum(regions) == 1.0).all() and set(np.unique(regions)) == {0.0, 1.0}
    assert set(woman) == {0.0, 1.0}


def test_a_user_has_the_same_features_in_every_rating() -> None:
    data = load("ratings")
    assert len(np.unique(data.X[[0, *range(2, 8)]], axis=1).T) == len(set(data.X[0]))


def test_known_and_new_users_make_up_all() -> None:
    every, known, new = (load("ratings", users=users) for users in ("all", "known", "new"))
    assert known.X[0].max() == 239 and new.X[0].min() == 240 and new.X[0].max() == 299
    assert known.m + new.m == every.m
    assert np.array_equal(every.X[:, every.X[0] < 240], known.X)
    assert np.array_equal(every.Y[:, every.X[0] >= 240], new.Y)


def table(**settings: bool | int | float | str) -> np.ndarray:
    """Every user's rating of every item (300, 120)."""
    data = load("ratings", examples=36_000, **settings)
    filled = np.full((300, 120), np.nan)
    user, item = data.X[:2].astype(int)
    filled[user, item] = data.Y[0]
    assert np.isfinite(filled).all()
    return filled


def centred(ratings: np.ndarray) -> np.ndarray:
    """What is left when users' and items' biases are taken away."""
    return ratings - ratings.mean(axis=0) - ratings.mean(axis=1, keepdims=True) + ratings.mean()


def test_ratings_without_noise_are_six_tastes_and_two_biases() -> None:
    ratings = table(noise=0.0)
    assert np.linalg.matrix_rank(centred(ratings), tol=1e-8) == 6
    assert ratings.mean() == pytest.approx(3.0, abs=0.01)
    assert centred(ratings).std() == pytest.approx(1.3, rel=0.1)


def test_the_best_prediction_leaves_the_noise() -> None:
    """Six singular values and the biases take everything but the noise; biases alone hardly anything."""
    left = centred(table())
    u, s, v = np.linalg.svd(left)
    rest = left - u[:, :6] * s[:6] @ v[:6]
    freedom = (300 - 1 - 6) * (120 - 1 - 6)
    assert np.sqrt((rest**2).sum() / freedom) == pytest.approx(0.4, rel=0.02)
    assert 1.25 < left.std() < 1.5 < 1.2 * table().std()


def test_features_tell_their_share_of_the_taste() -> None:
    """Least squares on the features, as a model for somebody new would use them."""
    shares = []
    for told in (0.0, 0.8, 1.0):
        data = load("ratings", examples=36_000, told=told, noise=0.0)
        user = data.X[0].astype(int)
        people = np.empty((300, 6))
        people[user] = data.X[2:].T
        age, regions, woman = people[:, :1], people[:, 1:5], people[:, 5:]
        known = np.hstack([regions, regions * age, woman])
        taste = centred(table(told=told, noise=0.0))
        found, *_ = np.linalg.lstsq(known, taste, rcond=None)
        shares.append(1.0 - float(((taste - known @ found) ** 2).sum() / (taste**2).sum()))
    assert shares[0] < 0.08
    assert shares[1] == pytest.approx(0.8, abs=0.07)
    assert shares[2] == pytest.approx(1.0, abs=1e-9)
