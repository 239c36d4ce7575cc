"""What every registered data set must obey, whoever wrote it."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from engine.core.knobs import knobs
from engine.datasets import Data, DataSet, datasets
from engine.datasets.base import Task

pytestmark = pytest.mark.slow

KINDS = [pytest.param(cls, id=cls.kind) for cls in datasets]


def settings(cls: type[DataSet]) -> list[DataSet]:
    """The defaults, and each knob at its ends or at each of its choices."""
    made = [cls()]
    for each in knobs(cls):
        values: tuple[object, ...] = each.choices or (each.minimum, each.maximum)
        if each.type == "bool":
            values = (True, False)
        made += [cls(**{each.name: each.checked(value)}) for value in values if value is not None]
    return made


@cache
def loaded(kind: DataSet) -> Data:
    """The data of seed 1; it is read-only, so the tests can share it."""
    return kind.load(1)


@pytest.mark.parametrize("cls", KINDS)
def test_shapes_and_values(cls: type[DataSet]) -> None:
    for kind in settings(cls):
        data = loaded(kind)
        assert data.X.shape == (len(data.features), data.m) and data.n >= 1 and data.m >= 1
        assert data.Y.shape == (len(data.targets), data.m) and data.k >= 1
        for values in (data.X, data.Y):
            assert values.dtype == np.float64 and values.flags.c_contiguous
            assert np.isfinite(values).all()
        for names in (data.features, data.targets, data.classes):
            assert isinstance(names, tuple) and len(set(names)) == len(names) and all(names)


@pytest.mark.parametrize("cls", KINDS)
def test_read_only(cls: type[DataSet]) -> None:
    data = cls().load(1)
    for values in (data.X, data.Y):
        with pytest.raises(ValueError, match="read-only"):
            values[0, 0] = 1.0


@pytest.mark.parametrize("cls", KINDS)
def test_task_fits_targets_and_classes(cls: type[DataSet]) -> None:
    for kind in settings(cls):
        data = loaded(kind)
        match data.task:
            case Task.BINARY:
                assert data.k == 1 and len(data.classes) == 2
                assert set(np.unique(data.Y)) == {0.0, 1.0}
            case Task.CLASSES if data.coded:
                assert len(data.classes) >= 2
                assert set(np.unique(data.Y)) <= set(range(-1, len(data.classes)))
                assert (data.Y.max(axis=0) >= 0.0).all(), "of every example something is asked"
            case Task.CLASSES:
                assert len(data.classes) >= 2
                assert len(data.classes) == (data.target_shape[0] if data.target_shape else data.k)
                assert set(np.unique(data.Y)) == {0.0, 1.0}
                one_each = data.Y.reshape(len(data.classes), -1, data.m).sum(axis=0)
                assert (one_each == 1.0).all() and (data.Y.sum(axis=1) > 0.0).all()
            case Task.REGRESSION:
                assert data.classes == () and not data.coded


@pytest.mark.parametrize("cls", KINDS)
def test_shapes_of_pictures_and_sequences(cls: type[DataSet]) -> None:
    """Vectors hold them in C order: the numbers of a shape multiply to the rows."""
    for kind in settings(cls):
        data = loaded(kind)
        for shape in (data.shape, data.target_shape):
            assert isinstance(shape, tuple) and all(isinstance(n, int) and n >= 1 for n in shape)
        assert math.prod(data.shape) == data.n or data.shape == ()
        if data.coded:
            assert data.k == math.prod(data.target_shape[1:])
            assert data.output_shape[0] == len(data.classes)
        else:
            assert math.prod(data.output_shape) == data.k


@pytest.mark.parametrize("cls", KINDS)
def test_symbols_are_what_the_numbers_stand_for(cls: type[DataSet]) -> None:
    data = cls().load(1)
    assert isinstance(data.symbols, tuple) and len(set(data.symbols)) == len(data.symbols)
    if data.symbols:
        assert (data.X == np.rint(data.X)).all()
        assert data.X.min() >= 0.0 and data.X.max() < len(data.symbols)


@pytest.mark.parametrize("cls", KINDS)
@pytest.mark.parametrize("seed", [0, 1, -1, 2**64 + 5])
def test_same_seed_same_bits(cls: type[DataSet], seed: int) -> None:
    one, other = cls().load(seed), cls().load(seed)
    assert bits(one) == bits(other)


@pytest.mark.parametrize("cls", KINDS)
def test_another_seed_changes_what_is_drawn_only(cls: type[DataSet]) -> None:
    """What is drawn says with which seed."""
    one, other = cls().load(1), cls().load(2)
    assert (bits(one) != bits(other)) == ("with seed 1" in one.source)
    assert ("with seed 1" in one.source) == ("with seed 2" in other.source)
    assert cls.group not in ("Gates", "Real", "Own") or "with seed" not in one.source


@pytest.mark.parametrize("cls", KINDS)
def test_words(cls: type[DataSet]) -> None:
    assert cls.title and cls.summary.endswith(".")
    assert cls.group in ("Gates", "Generated", "Real", "Sequences", "Text", "Own")
    source = cls().load(1).source
    assert source.endswith(".")
    synthetic = "synthetic" in source.lower()
    assert synthetic or (cls.group != "Generated" and "with seed" not in source)
    assert not synthetic or cls.group not in ("Gates", "Real", "Own")


@pytest.mark.parametrize("cls", KINDS)
def test_made_again_from_its_specification(cls: type[DataSet]) -> None:
    for kind in settings(cls):
        assert datasets.make(kind.spec) == kind


def bits(data: Data) -> bytes:
    return data.X.tobytes() + data.Y.tobytes()
