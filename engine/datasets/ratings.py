"""Ratings that users give to items, for a network that recommends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.core.knobs import knob
from engine.core.plan import Array
from engine.datasets.arrays import read_only, standardised
from engine.datasets.base import Data, DataSet, Task, datasets
from engine.datasets.chance import bell, generator, shuffled

USERS, ITEMS, TASTES = 300, 120, 6
NEW = 60
"""How many users, the last ones by number, count as new."""
MEAN = 3.0
BIAS = 0.3
"""Standard deviation of the users' and of the items' biases."""
SPREAD = 1.3
"""Standard deviation of taste times character over all pairs."""


@datasets.add("ratings")
@dataclass(frozen=True)
class Ratings(DataSet):
    """``y = 3 + b_user + b_item + tasteᵀ character + noise``: what user u thinks of item i.

    A taste and a character are six hidden numbers each. The share ``told`` of a taste's variance
    follows from the user's age, region and sex, the rest is the user's own. Every example is one
    rating: the numbers of user (0..299) and item (0..119), the age from -1 to 1, the region as
    four rows of 0 and 1, and 1 for a woman. No pair comes twice; the order is random.

    Users 240 to 299 count as new: learn from the known ones and see what a network can say of
    somebody it has never met. The known and the new ratings together are those of all users. The
    project draws them from the knob ``seed``.

    Source: the model is that of Y. Koren, R. Bell and C. Volinsky, Matrix Factorization Techniques
    for Recommender Systems, Computer 42 (2009) 30-37.
    """

    title = "Ratings"
    summary = "Ratings of 120 items by 300 users of known age, region and sex, for recommending."
    group = "Generated"
    rank = 39

    examples: int = knob(
        6000, "Ratings", minimum=1000, maximum=USERS * ITEMS, help="Of all users, known and new."
    )
    users: str = knob("all", "Users", choices=("all", "known", "new"), help="New are the last 60 of 300.")
    told: float = knob(
        0.8, "Told by features", minimum=0.0, maximum=1.0, help="Share of the taste that features tell."
    )
    noise: float = knob(0.4, "Noise", minimum=0.0, maximum=2.0, help="The error that nobody can avoid.")
    seed: int = knob(0, "Seed", minimum=0, maximum=999_999, help="Another seed, other users and items.")

    def load(self, seed: int) -> Data:
        rng = generator(seed)
        features, told = _people(rng)
        own = standardised(bell(rng, (TASTES, USERS)))
        taste = np.sqrt(self.told) * told + np.sqrt(1.0 - self.told) * own
        character = SPREAD / np.sqrt(TASTES) * standardised(bell(rng, (TASTES, ITEMS)))
        liking, quality = (BIAS * standardised(bell(rng, (1, n)))[0] for n in (USERS, ITEMS))
        user, item = np.divmod(shuffled(rng, USERS * ITEMS)[: self.examples], ITEMS)
        y = MEAN + liking[user] + quality[item] + self.noise * bell(rng, (self.examples,))
        for row in range(TASTES):
            y += taste[row, user] * character[row, item]
        X = np.vstack([user, item, features[:, user]])
        if self.users != "all":
            chosen = (user >= USERS - NEW) == (self.users == "new")
            X, y = X[:, chosen], y[chosen]
        return Data(
            X=read_only(X),
            Y=read_only(y[np.newaxis]),
            features=("user", "item", "age", "north", "east", "south", "west", "woman"),
            targets=("rating",),
            task=Task.REGRESSION,
            source=f"Synthetic: drawn by Axon with seed {seed}; free to use.",
        )


def _people(rng: np.random.Generator) -> tuple[Array, Array]:
    """The users' features (6, 300) and what follows from them for their tastes (6, 300).

    Every region has a taste and a way in which it changes with age, every sex a taste; each of
    the six tastes is standardised over the users.
    """
    age = 2.0 * rng.random(USERS) - 1.0
    region = np.floor(4.0 * rng.random(USERS)).astype(np.int64)
    woman = np.floor(2.0 * rng.random(USERS))
    at_home, with_age = bell(rng, (TASTES, 4)), 1.7 * bell(rng, (TASTES, 4))
    of_women = bell(rng, (TASTES, 1))
    told = at_home[:, region] + with_age[:, region] * age + of_women * (2.0 * woman - 1.0)
    lives = region == np.arange(4)[:, np.newaxis]
    return np.vstack([age, lives, woman]), standardised(told)
