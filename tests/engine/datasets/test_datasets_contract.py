"""What every registered data set must obey, whoever wrote it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.core.knobs import knobs
from engine.datasets import Data, DataSet, datasets
from engine.datasets.base import Task

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


@pytest.mark.parametrize("cls", KINDS)
def test_shapes_and_values(cls: type[DataSet]) -> None:
    for kind in settings(cls):
        data = kind.load(1)
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
        data = kind.load(2)
        match data.task:
            case Task.BINARY:
                assert data.k == 1 and len(data.classes) == 2
                assert set(np.unique(data.Y)) == {0.0, 1.0}
            case Task.CLASSES:
                assert data.k == len(data.classes) >= 2
                assert set(np.unique(data.Y)) == {0.0, 1.0}
                assert (data.Y.sum(axis=0) == 1.0).all() and (data.Y.sum(axis=1) > 0.0).all()
            case Task.REGRESSION:
                assert data.classes == ()


@pytest.mark.parametrize("cls", KINDS)
@pytest.mark.parametrize("seed", [0, 1, -1, 2**64 + 5])
def test_same_seed_same_bits(cls: type[DataSet], seed: int) -> None:
    one, other = cls().load(seed), cls().load(seed)
    assert bits(one) == bits(other)


@pytest.mark.parametrize("cls", KINDS)
def test_another_seed_changes_what_is_generated_only(cls: type[DataSet]) -> None:
    differs = bits(cls().load(1)) != bits(cls().load(2))
    assert differs == (cls.group == "Generated")


@pytest.mark.parametrize("cls", KINDS)
def test_words(cls: type[DataSet]) -> None:
    assert cls.title and cls.summary.endswith(".") and cls.group in ("Gates", "Generated", "Real", "Own")
    source = cls().load(1).source
    assert source.endswith(".")
    assert ("synthetic" in source.lower()) == (cls.group == "Generated")


@pytest.mark.parametrize("cls", KINDS)
def test_made_again_from_its_specification(cls: type[DataSet]) -> None:
    for kind in settings(cls):
        assert datasets.make(kind.spec) == kind


def bits(data: Data) -> bytes:
    return data.X.tobytes() + data.Y.tobytes()
