"""The numbers of each data set."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.arrays import standardised
from engine.datasets.base import Task
from engine.datasets.chance import bell, cosine_sine, generator, shuffled


def load(kind: str, seed: int = 1, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of(kind, **settings)).load(seed)


@pytest.mark.parametrize(
    ("gate", "y"),
    [
        ("and", [0, 0, 0, 1]),
        ("or", [0, 1, 1, 1]),
        ("nand", [1, 1, 1, 0]),
        ("nor", [1, 0, 0, 0]),
        ("xor", [0, 1, 1, 0]),
        ("xnor", [1, 0, 0, 1]),
    ],
)
def test_gates(gate: str, y: list[int]) -> None:
    data = load(gate)
    assert data.X.T.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.Y.tolist() == [y]
    assert data.features == ("x1", "x2") and data.targets == ("y",) and data.classes == ("0", "1")
    assert data.task is Task.BINARY and datasets[gate].title == gate.upper()


def test_menu_order() -> None:
    assert [cls.title for cls in datasets if cls.group == "Gates"] == [
        "AND", "OR", "NAND", "NOR", "XOR", "XNOR",
    ]  # fmt: skip
    groups = [cls.group for cls in datasets]
    assert groups == sorted(groups, key=["Gates", "Generated", "Real", "Sequences", "Text"].index)


def test_moons_lie_on_two_half_circles() -> None:
    data = load("moons", noise=0.0, examples=101)
    x, y = data.X[:, data.Y[0] == 0]
    assert x.shape == (51,)
    np.testing.assert_allclose(x**2 + y**2, 1.0, atol=1e-14)
    assert y.min() == 0.0 and x.min() == -1.0 and x.max() == 1.0 and (x[y == 1.0] == 0.0).all()
    x, y = data.X[:, data.Y[0] == 1]
    np.testing.assert_allclose((x - 1.0) ** 2 + (y - 0.5) ** 2, 1.0, atol=1e-14)
    assert y.max() == 0.5 and x.min() == 0.0 and x.max() == 2.0


def test_circles_radii() -> None:
    data = load("circles", noise=0.0, inner=0.25)
    radius = np.hypot(*data.X)
    np.testing.assert_allclose(radius[data.Y[0] == 0], 1.0, atol=1e-14)
    np.testing.assert_allclose(radius[data.Y[0] == 1], 0.25, atol=1e-14)


def test_spirals_angle_grows_with_the_radius() -> None:
    data = load("spirals", noise=0.0, turns=2.0)
    for c in (0, 1):
        x, y = data.X[:, data.Y[0] == c]
        radius = np.hypot(x, y)
        np.testing.assert_allclose(np.sort(radius), np.arange(1, 101) / 100, atol=1e-14)
        angle = 2 * np.pi * (2.0 * radius + c / 2)
        np.testing.assert_allclose([x, y], [radius * np.cos(angle), radius * np.sin(angle)], atol=1e-13)


def test_blobs_round_their_centres() -> None:
    for k in range(2, 7):
        data = load("blobs", classes=k, noise=0.0, examples=60)
        which = data.Y[0].astype(int) if k == 2 else data.Y.argmax(axis=0)
        assert which.tolist() == [i % k for i in range(60)]
        angle = 2 * np.pi * (0.125 + which / k)
        np.testing.assert_allclose(data.X, [2 * np.cos(angle), 2 * np.sin(angle)], atol=1e-13)
        assert data.task is (Task.BINARY if k == 2 else Task.CLASSES)
        assert data.targets == (("y",) if k == 2 else tuple(f"y{i}" for i in range(1, k + 1)))


def test_noise_has_the_width_that_is_asked_for() -> None:
    clean, noisy = (load("blobs", noise=noise, examples=10_000) for noise in (0.0, 0.5))
    assert (noisy.X - clean.X).std() == pytest.approx(0.5, rel=0.02)
    assert (noisy.X - clean.X).mean() == pytest.approx(0.0, abs=0.02)


@pytest.mark.parametrize(
    ("kind", "digest"),
    [
        ("moons", "5077190331382d53"),
        ("circles", "eeffaba9c0688713"),
        ("spirals", "f20ec9d144466671"),
        ("blobs", "d97f41d80f5fdb96"),
    ],
)
def test_bits_of_seed_one(kind: str, digest: str) -> None:
    """The same on every machine and with every version; a change breaks old projects."""
    data = load(kind)
    assert hashlib.sha256(data.X.astype("<f8").tobytes()).hexdigest()[:16] == digest


def test_first_values_of_the_generator() -> None:
    assert (generator(1).random(3) * 2**53).astype(np.int64).tolist() == [
        2734297772371024,
        7644488817661889,
        1406337056432321,
    ]


def test_bell_and_shuffled() -> None:
    noise = bell(generator(3), (100_000,))
    assert noise.mean() == pytest.approx(0.0, abs=0.02) and noise.std() == pytest.approx(1.0, abs=0.02)
    assert np.abs(noise).max() <= 6.0
    assert sorted(shuffled(generator(3), 50).tolist()) == list(range(50))


def test_cosine_and_sine() -> None:
    turns = np.linspace(-2.0, 2.0, 4001)
    cosine, sine = cosine_sine(turns)
    np.testing.assert_allclose(cosine, np.cos(2 * np.pi * turns), atol=2e-15)
    np.testing.assert_allclose(sine, np.sin(2 * np.pi * turns), atol=2e-15)
    quarters = [part.tolist() for part in cosine_sine(np.array([0.0, 0.25, 0.5, 0.75]))]
    assert quarters == [[1.0, 0.0, -1.0, 0.0], [0.0, 1.0, 0.0, -1.0]]
    assert not any(np.signbit(part[part == 0.0]).any() for part in cosine_sine(turns))


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        ("moons", {"examples": 5}, "Examples must be between 10 and 10000, not 5."),
        ("blobs", {"classes": 7}, "Classes must be between 2 and 6, not 7."),
        ("circles", {"noise": -0.1}, "Noise must be between 0 and 2, not -0.1."),
        ("iris", {"features": "leaf"}, "Features must be one of all, petal, sepal, not 'leaf'."),
        ("xor", {"noise": 0.1}, "XOR has no setting called 'noise'."),
    ],
)
def test_settings_out_of_range(kind: str, settings: dict[str, float], sentence: str) -> None:
    with pytest.raises(KnobError) as error:
        load(kind, **settings)
    assert str(error.value) == sentence


def test_iris_in_centimetres() -> None:
    data = load("iris", standardise=False)
    assert (data.n, data.m, data.k) == (4, 150, 3)
    assert data.X[:, 0].tolist() == [5.1, 3.5, 1.4, 0.2]
    assert data.X[:, 149].tolist() == [5.9, 3.0, 5.1, 1.8]
    assert data.Y.sum(axis=1).tolist() == [50, 50, 50]
    assert data.classes == ("setosa", "versicolor", "virginica")
    assert data.features == (
        "sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)",
    )  # fmt: skip
    np.testing.assert_allclose(data.X.mean(axis=1), [5.8433, 3.0573, 3.7580, 1.1993], atol=5e-5)
    assert "Fisher" in data.source and "BSD-3-Clause" in data.source


def test_iris_has_not_the_known_errata() -> None:
    X = load("iris", standardise=False).X
    assert X[:, 34].tolist() == [4.9, 3.1, 1.5, 0.2]
    assert X[:, 37].tolist() == [4.9, 3.6, 1.4, 0.1]


def test_iris_on_a_plane_and_standardised() -> None:
    petal = load("iris", features="petal", standardise=False)
    assert petal.features == ("petal length (cm)", "petal width (cm)")
    assert petal.X[:, 0].tolist() == [1.4, 0.2]
    sepal = load("iris", features="sepal")
    assert sepal.features == ("sepal length", "sepal width")
    np.testing.assert_allclose(sepal.X.mean(axis=1), 0.0, atol=1e-14)
    np.testing.assert_allclose(sepal.X.var(axis=1), 1.0, rtol=1e-14)


def test_standardised_survives_extreme_rows() -> None:
    X = np.array([[1e308, -1e308, 0.0], [5e-324, 0.0, 0.0], [7.0, 7.0, 7.0], [1.0, 1.0, 1.0 + 2**-52]])
    result = standardised(X)
    np.testing.assert_allclose(result[0], [1.5**0.5, -(1.5**0.5), 0.0])
    np.testing.assert_allclose(result[1], [2**0.5, -(0.5**0.5), -(0.5**0.5)])
    assert result[2].tolist() == [0.0, 0.0, 0.0]
    assert np.isfinite(result).all() and result[3, 2] > result[3, 0]
