"""Every augmentation: the same chance gives the same copies, and nothing that is given changes."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from engine.augmentations import Augmentation, augmentations
from engine.core.chance import Chance
from engine.core.knobs import knobs
from engine.core.plan import Array

KINDS = [pytest.param(cls, id=cls.kind) for cls in augmentations]
SHAPES = [(6,), (2, 5), (1, 4, 5), (2, 3, 4)]
SHIFTS = augmentations["shifts"]


def examples(shape: tuple[int, ...], m: int = 7) -> Array:
    return np.random.default_rng(3).normal(0, 1, (int(np.prod(shape)), m))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("cls", KINDS)
def test_copies_have_the_shape_of_the_examples_which_stay(
    cls: type[Augmentation], shape: tuple[int, ...]
) -> None:
    X = examples(shape)
    before = X.copy()
    X.setflags(write=False)
    for m in (7, 1):
        varied = cls().varied(X[:, :m], shape, Chance(1, "a").at(0))
        assert varied.shape == (len(X), m)
    assert np.array_equal(X, before)


@pytest.mark.parametrize("cls", KINDS)
def test_the_same_chance_gives_the_same_copies(cls: type[Augmentation]) -> None:
    X, shape, chance = examples((1, 4, 5)), (1, 4, 5), Chance(1, "a")
    made = [cls().varied(X, shape, chance.at(update)) for update in (0, 1, 0)]
    assert made[0].tobytes() == made[2].tobytes()
    assert (made[0].tobytes() == made[1].tobytes()) == cls.plain
    assert np.array_equal(made[0], X) == cls.plain


@pytest.mark.parametrize("cls", KINDS)
def test_it_does_not_matter_how_the_examples_lie_in_memory(cls: type[Augmentation]) -> None:
    """A batch is a stretch of columns, or the transpose of rows."""
    X, shape = examples((2, 3, 4), 12), (2, 3, 4)
    one = cls().varied(np.ascontiguousarray(X[:, 2:9]), shape, Chance(1, "a").at(0))
    for batch in (X[:, 2:9], np.asfortranarray(X)[:, 2:9], np.ascontiguousarray(X.T)[2:9].T):
        assert np.array_equal(cls().varied(batch, shape, Chance(1, "a").at(0)), one)


@pytest.mark.parametrize("cls", KINDS)
def test_places_move_alike_however_many_rows_they_have(cls: type[Augmentation]) -> None:
    """So the targets of single places can go along with them."""
    if not cls.moves:
        return
    X = examples((1, 4, 5))
    twice = np.concatenate([X, 2 * X])
    one = cls().varied(X, (1, 4, 5), Chance(1, "a").at(3))
    two = cls().varied(twice, (2, 4, 5), Chance(1, "a").at(3))
    assert np.array_equal(two, np.concatenate([one, 2 * one]))


def test_the_kinds_are_found() -> None:
    assert {"none", "shifts", "noise"} <= {cls.kind for cls in augmentations}
    assert [cls.kind for cls in augmentations if cls.plain] == ["none"]
    assert {each.name for each in knobs(SHIFTS)} == {"pixels"}


# ---------------------------------------------------------------- shifts


def moved(picture: Array, down: int, right: int) -> Array:
    """One picture (channels, height, width) moved, pixel by pixel."""
    made = np.zeros_like(picture)
    channels, height, width = picture.shape
    for c, i, j in product(range(channels), range(height), range(width)):
        if 0 <= i + down < height and 0 <= j + right < width:
            made[c, i + down, j + right] = picture[c, i, j]
    return made


@pytest.mark.parametrize("pixels", [1, 2, 6])
@pytest.mark.parametrize("shape", [(1, 4, 5), (3, 5, 2)])
def test_every_picture_is_moved_as_a_plain_loop_moves_it(shape: tuple[int, int, int], pixels: int) -> None:
    """Also by more pixels than there are: then nothing is left."""
    X = examples(shape, 60)
    varied = SHIFTS(pixels=pixels).varied(X, shape, Chance(1, "a").at(0))
    steps = range(-pixels, pixels + 1)
    for example in range(60):
        picture = X[:, example].reshape(shape)
        ways = [moved(picture, *way) for way in product(steps, steps)]
        assert any(np.array_equal(way, varied[:, example].reshape(shape)) for way in ways)


@pytest.mark.parametrize("pixels", [1, 2])
def test_all_shifts_occur_and_about_as_often(pixels: int) -> None:
    side = 2 * pixels + 1
    dot = np.zeros((1, side, side))
    dot[0, pixels, pixels] = 1.0
    m = 400 * side * side
    X = np.repeat(dot.reshape(-1, 1), m, axis=1)
    counts = SHIFTS(pixels=pixels).varied(X, (1, side, side), Chance(1, "a").at(0)).sum(axis=1)
    # every way 400 times on average, with a standard deviation of nearly 20
    assert len(counts) == side * side
    assert np.abs(counts - 400).max() < 5 * 20
    assert counts.sum() == m


def test_a_sequence_moves_along_the_time_and_a_vector_stays() -> None:
    X = examples((2, 5), 60)
    varied = SHIFTS(pixels=1).varied(X, (2, 5), Chance(1, "a").at(0)).reshape(2, 5, 60)
    seen = set()
    for example in range(60):
        picture = X[:, example].reshape(1, 2, 5)
        way = [np.array_equal(moved(picture, 0, step)[0], varied[:, :, example]) for step in (-1, 0, 1)]
        assert sum(way) == 1
        seen.add(way.index(True))
    assert seen == {0, 1, 2}
    assert np.array_equal(SHIFTS(pixels=1).varied(X, (10,), Chance(1, "a").at(0)), X)


# ---------------------------------------------------------------- noise


def test_noise_has_the_chosen_deviation_and_is_different_everywhere() -> None:
    X = np.full((40, 500), 3.0)
    noise = augmentations["noise"](deviation=0.2).varied(X, (40,), Chance(1, "a").at(0)) - X
    assert len(np.unique(noise)) == noise.size
    # standard errors of mean and deviation of 20000 numbers: 0.0014 and 0.001
    assert abs(noise.mean()) < 5 * 0.0014
    assert abs(noise.std() - 0.2) < 5 * 0.001
    assert np.array_equal(augmentations["noise"](deviation=0.0).varied(X, (40,), Chance(1, "a").at(0)), X)
