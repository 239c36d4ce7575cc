"""Two towers, one for users and one for items, that meet in a dot product."""

from __future__ import annotations

from dataclasses import dataclass

from engine.architectures.base import Architecture, Figure, architectures
from engine.architectures.builder import Builder
from engine.core.knobs import knob
from engine.core.spec import Spec
from engine.document import Document, Training

USERS, ITEMS, FEATURES = 300, 120, 6
RATINGS = 9000
KNOWN = ("behaviour", "features", "both")


@architectures.add("two_tower")
@dataclass(frozen=True)
class TwoTower(Architecture):
    """``y = u(user)ᵀ v(item) + b_user + b_item + b``: taste times character.

    v is an embedding of the item. u is an embedding of the user, learned from what this very user
    has rated (matrix factorisation), or made by hidden layers of age, region and sex, which a new
    user has too, or the sum of both. The biases of users and items are embeddings of one number
    that begin at 0.

    Source: Y. Koren, R. Bell and C. Volinsky, Matrix Factorization Techniques for Recommender
    Systems, Computer 42 (2009) 30-37.
    """

    title = "Two towers"
    summary = "Recommends: a vector for the user, one for the item, and how well they agree."
    group = "Vectors"
    rank = 25

    user: str = knob("behaviour", "The user is known by", choices=KNOWN)
    d: int = knob(6, "Numbers a taste", symbol="d", minimum=1, maximum=32)
    units: int = knob(32, "Hidden units", minimum=1, maximum=256)

    def document(self) -> Document:
        spec = Spec.of("ratings", users="known", examples=RATINGS)
        small = Spec.of("normal", deviation=0.1)
        draw = Builder()
        user = draw.add("input", 1, name="User")
        item = draw.add("input", 1, name="Item", row=2)
        beside_rating = 3 if self.user == "behaviour" else None
        person = draw.add("input", FEATURES, name="Profile", row=-2, column=beside_rating)
        tastes = []
        with draw.group("User tower"):
            if self.user != "features":
                draw.add("embedding", self.d, vocabulary=USERS, initializer=small, after=user, name="Taste")
                tastes.append(draw.add("flatten"))
            if self.user != "behaviour":
                draw.add("dense", self.units, activation=Spec("tanh"), after=person, row=-2)
                tastes.append(draw.add("dense", self.d, activation=Spec("identity"), row=-2, name="Taste"))
            taste = draw.add("add", after=tastes) if len(tastes) > 1 else tastes[0]
        with draw.group("Item tower"):
            draw.add(
                "embedding", self.d, vocabulary=ITEMS, initializer=small, after=item, row=2, name="Character"
            )
            character = draw.add("flatten", row=2)
        draw.add("dot_product", after=(taste, character), name="Agreement")
        sums = [draw.last]
        zeros = Spec("zeros")
        for tower, source, count, row in (("User", user, USERS, -1), ("Item", item, ITEMS, 3)):
            with draw.group(f"{tower} tower"):
                draw.add(
                    "embedding", 1, vocabulary=count, initializer=zeros, after=source, row=row, name="Bias"
                )
                sums.append(draw.add("flatten", row=row))
        if self.user == "behaviour":
            sums.append(person)
        draw.add("output", 1, activation=Spec("identity"), after=sums, name="Rating")
        regularizer = Spec("none") if self.user == "behaviour" else Spec.of("l2", strength=0.0005)
        return draw.document(
            self.title,
            data=spec,
            loss="mse",
            optimizer=Spec.of("adam", learning_rate=0.01),
            training=Training(batch_size=64, shuffle=True, held_out=0.2, regularizer=regularizer),
        )

    @property
    def epochs(self) -> int:
        return 30

    def figures(self) -> tuple[Figure, ...]:
        if self.user == "both":
            return ()
        if self.user == "behaviour":
            return (Figure("rmse", 0.8, higher=False, baseline=1.38, simple="biases alone"),)
        new = Spec.of("ratings", users="new", examples=RATINGS)
        return (
            Figure("rmse", 0.95, higher=False, baseline=1.38, simple="biases alone"),
            Figure("rmse", 0.95, higher=False, baseline=1.43, simple="the mean", data=new),
        )

    @classmethod
    def judged(cls) -> tuple[TwoTower, ...]:
        return cls(), cls(user="features")
