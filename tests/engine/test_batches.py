"""Batches with examples held out: which are kept from training, and that no batch has them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.batches import Batches
from engine.document import Training


@pytest.mark.parametrize(
    ("share", "count"), [(0.0, 0), (0.01, 0), (0.1, 2), (0.25, 5), (0.5, 10), (0.99, 19), (1.0, 19)]
)
def test_so_many_are_held_out_and_one_always_stays(share: float, count: int) -> None:
    batches = Batches(20, Training(held_out=share))
    assert len(batches.held_out) == count
    assert batches.m == len(batches.chosen) == 20 - count
    assert sorted([*batches.held_out, *batches.chosen]) == list(range(20))
    assert (np.diff(batches.held_out) > 0).all()
    assert (np.diff(batches.chosen) > 0).all()


@pytest.mark.parametrize("size", [None, 1, 4, 15, 99])
@pytest.mark.parametrize("shuffle", [False, True])
def test_an_epoch_has_every_example_to_learn_from_once(size: int | None, shuffle: bool) -> None:
    batches = Batches(20, Training(size, shuffle, 3, held_out=0.25))
    assert batches.size == min(size or 15, 15)
    assert batches.count == -(-15 // batches.size)
    orders = []
    for epoch in range(3):
        updates = range(epoch * batches.count, (epoch + 1) * batches.count)
        seen = np.concatenate([batches.examples(update) for update in updates])
        assert sorted(seen) == batches.chosen.tolist()
        assert batches.order(epoch).tolist() == seen.tolist()
        orders.append(tuple(seen))
    assert len(set(orders)) == (3 if shuffle else 1)
    assert batches.position(batches.count).epoch == 2


def test_the_choice_depends_on_the_seed_alone() -> None:
    one = Batches(50, Training(seed=3, held_out=0.2)).held_out
    other_settings = Batches(50, Training(7, True, 3, held_out=0.2, patience=4, label_noise=0.5)).held_out
    assert one.tolist() == other_settings.tolist()
    assert one.tolist() != Batches(50, Training(seed=4, held_out=0.2)).held_out.tolist()


def test_with_a_larger_share_the_same_ones_are_held_out_and_more() -> None:
    shares = [set(Batches(50, Training(held_out=share)).held_out) for share in (0.1, 0.2, 0.5)]
    assert shares[0] < shares[1] < shares[2]


def test_every_example_is_held_out_by_some_seed_and_about_as_often() -> None:
    counts = np.zeros(20)
    for seed in range(400):
        counts[Batches(20, Training(seed=seed, held_out=0.25)).held_out] += 1
    # 400 draws with chance 1/4: mean 100, standard deviation 8.7
    assert counts.sum() == 2000
    assert np.abs(counts - 100).max() < 5 * 8.7


def test_the_orders_of_epochs_are_no_turns_of_the_choice() -> None:
    """What is held out comes from chance of its own, not from the order of some epoch."""
    batches = Batches(40, Training(4, True, 1, held_out=0.5))
    everyone = Batches(40, Training(4, True, 1))
    first = [set(everyone.order(epoch)[:20]) for epoch in range(50)]
    assert set(batches.held_out) not in first


def test_one_example_is_never_held_out() -> None:
    assert Batches(1, Training(held_out=0.9)).chosen.tolist() == [0]
