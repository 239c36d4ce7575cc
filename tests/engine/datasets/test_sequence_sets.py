"""The sequences: recall, next bit, control charts."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task


def load(kind: str, seed: int = 1, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of(kind, **settings)).load(seed)


@pytest.mark.parametrize("time", [5, 20, 200])
def test_recall_asks_for_the_marked_first_symbol(time: int) -> None:
    data = load("recall", time=time, examples=400)
    assert data.shape == (2, time) and data.X.shape == (2 * time, 400) and data.Y.shape == (1, 400)
    assert data.task is Task.BINARY and data.output_shape == (1,) and not data.coded
    symbols, marker = data.X.reshape(2, time, 400)
    assert set(np.unique(symbols)) == {-1.0, 1.0}
    assert (marker[0] == 1.0).all() and (marker[1:] == 0.0).all()
    for i in range(400):
        assert data.Y[0, i] == (1.0 if symbols[0, i] == 1.0 else 0.0)
    assert data.Y[0, :4].tolist() == [0.0, 1.0, 0.0, 1.0] and data.classes == ("first is −1", "first is +1")
    assert data.features[0] == "x1(t=1)" and data.features[time] == "x2(t=1)"
    assert data.features[-1] == f"x2(t={time})"


def test_recall_cannot_be_guessed_from_the_later_symbols() -> None:
    data = load("recall", time=10, examples=5000)
    later = data.X[1:10]
    with_target = (later * (2.0 * data.Y - 1.0)).mean(axis=1)
    assert np.abs(with_target).max() < 0.06 and np.abs(later.mean(axis=1)).max() < 0.06
    assert np.abs((later[:-1] * later[1:]).mean(axis=1)).max() < 0.06


def test_next_bit_is_the_xor_with_the_following_bit() -> None:
    data = load("next_bit", time=7, examples=50)
    assert data.shape == (1, 7) and data.target_shape == (2, 7) == data.output_shape
    assert data.coded and data.task is Task.CLASSES and data.classes == ("0", "1")
    for bits, changes in zip(data.X.T.astype(int).tolist(), data.Y.T.astype(int).tolist(), strict=True):
        assert changes == [bits[t] ^ bits[t + 1] for t in range(6)] + [-1]
    assert data.features[6] == "x1(t=7)" and data.targets[0] == "y(t=1)"


def test_next_bit_cannot_be_known_from_the_past() -> None:
    data = load("next_bit", time=20, examples=5000)
    for one in (0, 1):
        for two in (0, 1):
            seen = (data.X[:-2] == one) & (data.X[1:-1] == two)
            assert data.Y[1:-1][seen].mean() == pytest.approx(0.5, abs=0.02)


@pytest.fixture(scope="module")
def charts() -> dict[str, np.ndarray]:
    """Of each kind 200 charts minus the mean 30, in measurements: (60, 200)."""
    data = load("control_charts", examples=1200, scale=False)
    assert data.X.shape == (60, 1200) and data.Y.shape == (6, 1200) and data.shape == ()
    return {name: data.X[:, data.Y[row] == 1.0] - 30.0 for row, name in enumerate(data.classes)}


def test_control_charts_have_six_kinds_in_turns(charts: dict[str, np.ndarray]) -> None:
    assert list(charts) == ["normal", "cyclic", "trend up", "trend down", "shift up", "shift down"]
    assert {chart.shape for chart in charts.values()} == {(60, 200)}
    assert load("control_charts").Y[:, :12].argmax(axis=0).tolist() == [0, 1, 2, 3, 4, 5] * 2


def test_normal_charts_are_uniform_noise(charts: dict[str, np.ndarray]) -> None:
    normal = charts["normal"]
    assert -6.0 <= normal.min() < -5.95 and 5.95 < normal.max() <= 6.0
    assert normal.mean() == pytest.approx(0.0, abs=0.1)
    assert normal.var() == pytest.approx(12.0, rel=0.03), "(2 · 6)² / 12"


def test_cyclic_charts_swing_with_periods_of_10_to_15(charts: dict[str, np.ndarray]) -> None:
    swing = charts["cyclic"]
    assert np.abs(swing).max() <= 21.0
    t = np.arange(1, 61)[:, np.newaxis]
    periods = np.linspace(9.0, 16.0, 141)
    sines = np.sin(2.0 * np.pi * t / periods)
    amplitude = sines.T @ swing / (sines**2).sum(axis=0)[:, np.newaxis]
    rest = ((swing[:, np.newaxis] - sines[:, :, np.newaxis] * amplitude) ** 2).sum(axis=0)
    best = rest.argmin(axis=0)
    found = amplitude[best, np.arange(200)]
    assert periods[best].min() > 9.7 and periods[best].max() < 15.4
    assert periods[best].mean() == pytest.approx(12.5, abs=0.4)
    assert found.min() > 8.0 and found.max() < 17.0 and found.mean() == pytest.approx(12.5, abs=0.4)
    assert rest.min(axis=0).mean() / 60 == pytest.approx(12.0, rel=0.08), "what is left is the noise"


@pytest.mark.parametrize(("name", "sign"), [("trend up", 1.0), ("trend down", -1.0)])
def test_trends_have_slopes_of_a_fifth_to_a_half(
    charts: dict[str, np.ndarray], name: str, sign: float
) -> None:
    trend, t = sign * charts[name], np.arange(1.0, 61.0)
    slope = t @ trend / (t @ t)
    assert slope.min() > 0.15 and slope.max() < 0.55 and slope.mean() == pytest.approx(0.35, abs=0.02)
    assert np.abs(trend - t[:, np.newaxis] * slope).max() < 6.0 + 60 * 0.06


@pytest.mark.parametrize(("name", "sign"), [("shift up", 1.0), ("shift down", -1.0)])
def test_shifts_happen_in_the_middle_third(charts: dict[str, np.ndarray], name: str, sign: float) -> None:
    shift = sign * charts[name]
    assert np.abs(shift[:19]).max() <= 6.0
    assert shift[39:].min() >= 1.5 and shift[39:].max() <= 26.0
    assert shift[39:].mean() == pytest.approx(13.75, abs=0.7)
    middle = shift[19:39].mean(axis=1)
    assert middle[0] < 3.0 and middle[-1] > 11.0 and middle[10] == pytest.approx(13.75 / 2, abs=2.0)


def test_control_charts_scaled_and_rebuilt() -> None:
    plain, scaled = load("control_charts", scale=False), load("control_charts")
    np.testing.assert_allclose(scaled.X, (plain.X - 30.0) / 10.0, atol=1e-15)
    every = load("control_charts", goal="rebuild all")
    assert (every.X == scaled.X).all() and (every.Y == every.X).all()
    normal = load("control_charts", goal="rebuild normal")
    assert (normal.Y == normal.X).all() and np.abs(normal.X).max() <= 0.6
    for data in (every, normal):
        assert data.task is Task.REGRESSION and data.classes == () and len(data.targets) == 60


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("recall", "9889efc6aa8e6e30"),
        ("next_bit", "39895d140fd306d6"),
        ("control_charts", "52eda67a64379e5c"),
    ],
)
def test_bits_of_seed_one(kind: str, digest: str) -> None:
    """The same on every machine and with every version; a change breaks old projects."""
    data = load(kind)
    values = data.X.astype("<f8").tobytes() + data.Y.astype("<f8").tobytes()
    assert hashlib.sha256(values).hexdigest()[:16] == digest
