"""Chance: the same numbers for the same seed, owner and update, and others for any other."""

from __future__ import annotations

import zlib
from itertools import combinations

import numpy as np
import pytest

from engine.core.chance import Chance
from engine.core.plan import Phase, Plan


@pytest.mark.parametrize("update", [0, 1, 7, 2**40])
def test_the_numbers_are_those_of_the_counter(update: int) -> None:
    """Philox with the key of seed and names, and the update's number in the third word of its counter."""
    words = [5, zlib.crc32(b"hidden"), zlib.crc32(b"mask"), 3]
    key = np.random.SeedSequence(words).generate_state(2, np.uint64)
    own = np.random.Generator(np.random.Philox(key=key, counter=[0, 0, update, 0]))
    assert Chance(5, "hidden", "mask", 3).at(update).random(9).tobytes() == own.random(9).tobytes()


def test_any_order_and_any_amount_gives_the_same_numbers() -> None:
    one = Chance(1, "mask")
    known = [Chance(1, "mask").at(update).standard_normal(5).tobytes() for update in range(6)]
    for update in [3, 0, 5, 5, 1, 4, 2, 0]:
        assert one.at(update).standard_normal(5).tobytes() == known[update]
        one.at(update).random(update * 100, dtype=np.float32)
        one.at(9).integers(0, 7, 3, dtype=np.int32)
        one.at(9).bytes(3)


def test_half_a_number_that_was_left_over_is_thrown_away() -> None:
    """Short whole numbers are made of halves of long ones."""
    chance = Chance(1, "mask")
    known = chance.at(0).integers(0, 1000, 4, dtype=np.int32).tolist()
    for left_over in (0, 1, 2, 3):
        chance.at(7).integers(0, 1000, left_over, dtype=np.int32)
        assert chance.at(0).integers(0, 1000, 4, dtype=np.int32).tolist() == known


def test_other_seeds_owners_and_updates_give_other_numbers() -> None:
    made = {
        "as it is": Chance(1, "a", "b").at(0),
        "another seed": Chance(2, "a", "b").at(0),
        "another owner": Chance(1, "c", "b").at(0),
        "another name": Chance(1, "a", "c").at(0),
        "the other way round": Chance(1, "b", "a").at(0),
        "one name": Chance(1, "ab").at(0),
        "a number behind": Chance(1, "a", "b", 1).at(0),
        "another number behind": Chance(1, "a", "b", 2).at(0),
        "another update": Chance(1, "a", "b").at(1),
    }
    drawn = {name: chance.random(50) for name, chance in made.items()}
    for (one, first), (two, second) in combinations(drawn.items(), 2):
        assert not np.isin(first, second).any(), f"{one} and {two}"


def test_updates_never_run_into_one_another() -> None:
    """An update that draws very much does not reach the numbers of the next."""
    much = Chance(1, "a").at(0).random(100_000)
    assert not np.isin(Chance(1, "a").at(1).random(100), much).any()


def test_over_many_updates_the_numbers_are_spread_evenly() -> None:
    chance = Chance(3, "mask")
    drawn = np.array([chance.at(update).random(4) for update in range(5000)])
    counts = np.histogram(drawn, bins=10, range=(0, 1))[0] / drawn.size
    # the share of a tenth has a standard deviation of 0.0021 here
    assert np.abs(counts - 0.1).max() < 5 * 0.0021
    between = np.corrcoef(drawn[:-1, 0], drawn[1:, 0])[0, 1]
    assert abs(between) < 5 / np.sqrt(5000)


def test_a_seed_may_be_any_whole_number() -> None:
    assert Chance(-1, "a").at(0).random() == Chance(2**32 - 1, "a").at(0).random()
    assert Chance(2**32 + 5, "a").at(0).random() == Chance(5, "a").at(0).random()


def test_a_plan_draws_for_the_update_that_is_run() -> None:
    plan = Plan(2, np.dtype(float), seed=4)
    mask, noise = plan.array("it", "mask", (3, 2)), plan.array("it", "noise", (3, 2))
    assert not plan.random
    plan.draw(Phase.FORWARD, "it", "mask", lambda rng: rng.random(out=mask))
    plan.draw(Phase.FORWARD, "it", "noise", lambda rng: rng.random(out=noise))
    assert plan.random
    assert [line.equation for line in plan.lines] == ["mask is drawn", "noise is drawn"]
    seen = []
    for plan.step in [0, 3, 0]:
        for line in plan.lines:
            line()
        seen.append((mask.copy(), noise.copy()))
        assert mask.tobytes() == Chance(4, "it", "mask").at(plan.step).random((3, 2)).tobytes()
    assert seen[0][0].tobytes() == seen[2][0].tobytes() != seen[1][0].tobytes()
    assert not np.isin(seen[0][0], seen[0][1]).any()
