"""Digits, wine and breast cancer: the shipped numbers are those of the sources."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.datasets import Data, datasets
from engine.datasets.base import Task
from engine.datasets.shipped import shipped
from resources import path, read_text


def load(kind: str, **settings: bool | int | float | str) -> Data:
    return datasets.make(Spec.of(kind, **settings)).load(1)


def test_the_first_digit_is_the_zero_of_the_file() -> None:
    data = load("digits")
    picture = data.X[:, 0].reshape(data.shape)[0] * 16
    assert picture.astype(int).tolist() == [
        [0, 0, 5, 13, 9, 1, 0, 0],
        [0, 0, 13, 15, 10, 15, 5, 0],
        [0, 3, 15, 2, 0, 11, 8, 0],
        [0, 4, 12, 0, 0, 8, 8, 0],
        [0, 5, 8, 0, 0, 9, 8, 0],
        [0, 4, 11, 0, 1, 12, 7, 0],
        [0, 2, 14, 5, 10, 12, 0, 0],
        [0, 0, 6, 13, 10, 0, 0, 0],
    ]
    assert data.Y[:, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]


def test_digits_counted() -> None:
    """UCI's table of the test pictures of each digit."""
    data = load("digits")
    assert data.X.shape == (64, 1797) and data.shape == (1, 8, 8) and data.output_shape == (10,)
    assert data.Y.sum(axis=1).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert data.classes == tuple("0123456789") and data.task is Task.CLASSES and not data.coded
    assert data.features[0] == "pixel 1" and data.features[-1] == "pixel 64"
    assert (data.X * 16 == np.rint(data.X * 16)).all() and data.X.min() == 0.0 and data.X.max() == 1.0
    assert round(float((data.X * 16).sum())) == 561_718


def test_fewer_digits_are_the_first_ones() -> None:
    every, some = load("digits"), load("digits", examples=300)
    assert some.m == 300
    assert np.array_equal(some.X, every.X[:, :300]) and np.array_equal(some.Y, every.Y[:, :300])
    assert load("digits", examples=10).Y.tolist() == np.eye(10).tolist()
    with pytest.raises(KnobError, match="between 10 and 1797"):
        load("digits", examples=1798)


def test_wine_untouched() -> None:
    """Means and extremes as UCI gives them."""
    data = load("wine", standardise=False)
    assert data.X.shape == (13, 178) and data.Y.sum(axis=1).tolist() == [59, 71, 48]
    assert data.classes == ("cultivar 1", "cultivar 2", "cultivar 3")
    rows = dict(zip(data.features, data.X, strict=True))
    assert rows["alcohol"][0] == 14.23 and rows["proline"][0] == 1065.0
    np.testing.assert_allclose(
        [rows[name].mean() for name in ("alcohol", "malic acid", "magnesium", "hue", "proline")],
        [13.0, 2.34, 99.7, 0.96, 746.0],
        atol=0.95e-1,
        rtol=1.5e-3,
    )
    assert (rows["proline"].min(), rows["proline"].max()) == (278.0, 1680.0)
    assert (rows["flavanoids"].min(), rows["flavanoids"].max()) == (0.34, 5.08)


def test_breast_cancer_untouched() -> None:
    """Malignant is 1; extremes as UCI gives them."""
    data = load("breast_cancer", standardise=False)
    assert data.X.shape == (30, 569) and data.task is Task.BINARY
    assert data.classes == ("benign", "malignant")
    assert int(data.Y.sum()) == 212 and data.Y[0, :3].tolist() == [1.0, 1.0, 1.0]
    assert data.Y[0, -2:].tolist() == [1.0, 0.0]
    rows = dict(zip(data.features, data.X, strict=True))
    extremes = {
        "mean radius": (6.981, 28.11),
        "mean area": (143.5, 2501.0),
        "error of texture": (0.3602, 4.885),
        "worst perimeter": (50.41, 251.2),
        "worst concavity": (0.0, 1.252),
    }
    for name, (low, high) in extremes.items():
        assert (rows[name].min(), rows[name].max()) == (low, high)
    radius = rows["mean radius"]
    assert radius[data.Y[0] == 1].mean() > radius[data.Y[0] == 0].mean() + 4.0


@pytest.mark.parametrize("kind", ["wine", "breast_cancer"])
def test_standardised(kind: str) -> None:
    raw, data = load(kind, standardise=False).X, load(kind)
    np.testing.assert_allclose(data.X.mean(axis=1), 0.0, atol=1e-13)
    np.testing.assert_allclose(data.X.var(axis=1), 1.0, rtol=1e-12)
    expected = (raw - raw.mean(axis=1, keepdims=True)) / raw.std(axis=1, keepdims=True)
    np.testing.assert_allclose(data.X, expected, atol=1e-12)
    assert "standardised" in data.source and "standardised" not in load(kind, standardise=False).source


@pytest.mark.parametrize(
    ("kind", "file"),
    [("digits", "digits.csv.gz"), ("wine", "wine.csv"), ("breast_cancer", "breast_cancer.csv")],
)
def test_licence_and_citation_are_shipped(kind: str, file: str) -> None:
    source, licences = load(kind).source, read_text("data", "LICENSES.txt")
    doi = source.split("doi.org/")[1].split(" ")[0]
    assert f"\n{file}\n{'=' * len(file)}\n" in licences and f"https://doi.org/{doi}\n" in licences
    assert "CC BY 4.0" in source and "BSD-3-Clause" in source and "BSD 3-Clause License" in licences
    assert path("data", file).stat().st_size < 130_000


def test_a_file_is_read_once() -> None:
    assert shipped("wine.csv") is shipped("wine.csv")
