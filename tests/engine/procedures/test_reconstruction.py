"""Reconstruction: the input is the target, and noise is added to the one but not to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets import datasets
from engine.datasets.base import Data, Task
from engine.document import Training
from engine.learned import fresh
from engine.procedures.reconstruction import Reconstruction
from engine.samples import mlp
from engine.trainer import Trainer


def test_the_target_is_the_input() -> None:
    X, Y = np.arange(6.0).reshape(2, 3), np.zeros((1, 3))
    batch = Reconstruction().prepared(X, Y, 0, 1)
    assert batch.X is X
    assert batch.Y is X


def test_noise_on_the_input_only() -> None:
    X = np.full((10, 2000), 3.0)
    batch = Reconstruction(noise=0.4).prepared(X, X[:1], 5, 1)
    assert batch.Y is X
    added = batch.X - X
    assert added.std() == pytest.approx(0.4, rel=0.02)
    assert abs(added.mean()) < 0.01
    assert (X == 3.0).all()
    again, other = (Reconstruction(noise=0.4).prepared(X, X[:1], update, 1) for update in (5, 6))
    assert again.X.tobytes() == batch.X.tobytes()
    assert other.X.tobytes() != batch.X.tobytes()


def test_what_is_wanted() -> None:
    """A row of numbers, or the picture's own shape; the classes do not matter."""
    wanted = Reconstruction().wanted(datasets.make(Spec.of("digits", examples=10)).load(0))
    assert (wanted.features, wanted.output_shape, wanted.task) == (64, (64,), Task.REGRESSION)
    assert wanted.shape_for((10,)) == (64,)
    assert wanted.shape_for((3, 8, 8)) == (1, 8, 8)
    assert not wanted.coded
    with pytest.raises(DataError, match="symbols"):
        Reconstruction().wanted(datasets.make("text").load(0))


def test_4_2_4(make_data: Callable[..., Data]) -> None:
    """Four patterns of one 1 among four go through two numbers and come back."""
    X = np.eye(4)
    document = mlp(
        4, 2, 4,
        loss=Spec("bce"),
        optimizer=Spec.of("adam", learning_rate=0.05),
        training=Training(procedure=Spec("reconstruction")),
    )  # fmt: skip
    trainer = Trainer(document, make_data(X, np.zeros((1, 4))), fresh(document))
    trainer.advance(600)
    assert (trainer.network(4).a.round() == X).all()


def test_a_linear_one_finds_the_principal_components(make_data: Callable[..., Data]) -> None:
    """Its squared error is what PCA leaves, the variance beyond the first component (Baldi, Hornik 1989)."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3, 3)) @ rng.normal(size=(3, 40))
    X -= X.mean(axis=1, keepdims=True)
    document = mlp(
        3, 1, 3,
        hidden="identity", output="identity",
        loss=Spec.of("mse", form="sum"),
        optimizer=Spec.of("adam", learning_rate=0.02),
        training=Training(procedure=Spec("reconstruction")),
    )  # fmt: skip
    trainer = Trainer(document, make_data(X, X[:1]), fresh(document))
    trainer.advance(3000)
    left = (np.linalg.svd(X, compute_uv=False)[1:] ** 2).sum() / 40
    assert trainer.curve.values[-1] == pytest.approx(left, rel=1e-4)


def test_the_same_bits_on_every_way(
    make_data: Callable[..., Data], same_on_every_way: Callable[..., None]
) -> None:
    X = np.random.default_rng(1).normal(size=(3, 10))
    training = Training(4, True, 3, procedure=Spec.of("reconstruction", noise=0.3))
    document = mlp(3, 2, 3, output="identity", loss=Spec("mse"), optimizer=Spec("adam"), training=training)
    same_on_every_way(document, make_data(X, X[:1]))
    without = replace(document, training=replace(training, procedure=Spec("reconstruction")))
    same_on_every_way(without, make_data(X, X[:1]))
