"""Feeding: which numbers the network sees, with noisy labels, varied examples and prepared batches."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.augmentations import augmentations
from engine.core.chance import Chance
from engine.core.place import Shape
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer, Training
from engine.feeding import Feeding, noisy_labels
from engine.learned import fresh
from engine.samples import mlp
from engine.trace import Trace
from engine.trainer import Trainer

NONE = np.zeros(0, int)


def of_classes(m: int = 200, k: int = 4, *, coded: bool = False) -> Data:
    true = np.random.default_rng(1).integers(k, size=m)
    Y = true[None].astype(float) if coded else np.eye(k)[:, true]
    names = tuple(f"c{i}" for i in range(k))
    return Data(np.zeros((2, m)), Y, ("a", "b"), names, Task.CLASSES, names, coded=coded)


def of_two(m: int = 200) -> Data:
    Y = np.random.default_rng(1).integers(2, size=(1, m)).astype(float)
    return Data(np.zeros((2, m)), Y, ("a", "b"), ("y",), Task.BINARY, ("no", "yes"))


def classes_of(data: Data, Y: Array) -> Array:
    return Y[0] if data.coded or data.task is Task.BINARY else Y.argmax(axis=0)


SETS = {"one-hot": of_classes(), "coded": of_classes(coded=True), "binary": of_two()}


# ---------------------------------------------------------------- label noise


@pytest.mark.parametrize("name", SETS)
def test_with_all_labels_noisy_every_class_is_as_likely(name: str) -> None:
    data = {"one-hot": of_classes(4000), "coded": of_classes(4000, coded=True), "binary": of_two(4000)}[name]
    drawn = classes_of(data, noisy_labels(data, 1.0, 3, NONE))
    true, k = classes_of(data, data.Y), 2 if name == "binary" else 4
    for c in range(k):
        counts = np.bincount(drawn[true == c].astype(int), minlength=k)
        n, p = counts.sum(), 1 / k
        assert np.abs(counts - n * p).max() < 5 * np.sqrt(n * p * (1 - p)), "whatever the true class is"


@pytest.mark.parametrize("share", [0.1, 0.3, 0.85])
@pytest.mark.parametrize("name", SETS)
def test_of_the_share_the_right_number_is_wrong(name: str, share: float) -> None:
    """A label drawn among k classes is wrong with the chance (k − 1)/k."""
    data = SETS[name]
    k = 2 if name == "binary" else 4
    wrong = [
        (classes_of(data, noisy_labels(data, share, seed, NONE)) != classes_of(data, data.Y)).sum()
        for seed in range(40)
    ]
    drawn, p = round(200 * share), (k - 1) / k
    assert max(wrong) <= drawn
    assert abs(np.mean(wrong) - drawn * p) < 5 * np.sqrt(drawn * p * (1 - p) / 40)


@pytest.mark.parametrize("name", SETS)
def test_targets_stay_targets(name: str) -> None:
    data = SETS[name]
    before = data.Y.copy()
    Y = noisy_labels(data, 0.5, 3, NONE)
    assert Y.shape == data.Y.shape
    assert set(np.unique(Y)) == set(np.unique(before))
    if name == "one-hot":
        assert (Y.sum(axis=0) == 1).all()
    assert np.array_equal(data.Y, before)
    assert not Y.flags.writeable


def test_held_out_examples_keep_their_labels_and_the_share_is_of_the_others() -> None:
    data = of_classes(4000)
    true = classes_of(data, data.Y)
    spared = np.arange(0, 4000, 2)
    wrong = classes_of(data, noisy_labels(data, 0.4, 3, spared)) != true
    assert not wrong[spared].any()
    # 800 of the 2000 others are drawn, of which 3/4 become wrong, with a standard deviation of 12
    assert abs(wrong.sum() - 600) < 5 * 12.3
    everyone = classes_of(data, noisy_labels(data, 1.0, 3, spared))
    assert np.array_equal(everyone[spared], true[spared])


def test_labels_are_drawn_once_and_for_all() -> None:
    """The same for every update and epoch, whatever the size of the batches; another seed, other labels."""
    data = of_classes()
    document = mlp(2, 3, 4, output="softmax", loss=Spec("cross_entropy"))

    def fed(**training: object) -> Array:
        feeding = Feeding(replace(document, training=Training(label_noise=0.3, **training)), data)
        return feeding.Y

    assert np.array_equal(fed(), fed(batch_size=7, shuffle=True, augmentation=Spec("noise")))
    assert not np.array_equal(fed(), fed(seed=2))
    feeding = Feeding(
        replace(document, training=Training(batch_size=9, shuffle=True, label_noise=0.3, seed=4)), data
    )
    for update in (0, 5, 23, 24, 1000):
        examples = feeding.batches.examples(update)
        assert np.array_equal(feeding.batch(update).Y, feeding.Y[:, examples])


def test_with_a_larger_share_the_noisy_labels_stay_and_others_join() -> None:
    data = of_classes()
    few, more = (noisy_labels(data, share, 3, NONE) for share in (0.2, 0.6))
    changed = (few != data.Y).any(axis=0)
    assert changed.any()
    assert np.array_equal(more[:, changed], few[:, changed])
    assert ((more != data.Y).any(axis=0)).sum() > changed.sum()


def test_a_noisy_label_does_not_depend_on_what_is_held_out() -> None:
    data = of_classes()
    spared = np.arange(0, 200, 3)
    one, two = noisy_labels(data, 0.5, 3, NONE), noisy_labels(data, 0.5, 3, spared)
    both = (one != data.Y).any(axis=0) & (two != data.Y).any(axis=0)
    assert both.sum() > 20
    assert np.array_equal(one[:, both], two[:, both])


def test_the_true_class_is_drawn_as_often_as_any() -> None:
    """With 30 % of 300 labels noisy about 27 % are wrong where there are ten classes."""
    data = of_classes(300, 10)
    wrong = [
        (classes_of(data, noisy_labels(data, 0.3, seed, NONE)) != classes_of(data, data.Y)).mean()
        for seed in range(60)
    ]
    assert abs(np.mean(wrong) - 0.27) < 5 * np.sqrt(0.9 * 0.1 / 90 / 60) * 0.3


def test_what_is_no_class_of_the_whole_example_stays() -> None:
    data = of_classes()
    numbers = replace(data, task=Task.REGRESSION, classes=())
    assert noisy_labels(numbers, 0.9, 1, NONE) is numbers.Y
    every = replace(data, target_shape=(2, 2))
    assert noisy_labels(every, 0.9, 1, NONE) is every.Y
    assert noisy_labels(data, 0.0, 1, NONE) is data.Y


# ---------------------------------------------------------------- augmentation


def digits(**training: object) -> tuple[Document, Data]:
    document = mlp(
        64, 5, 10, output="softmax", loss=Spec("cross_entropy"), data=Spec.of("digits", examples=60),
        training=Training(**{"batch_size": 16, "shuffle": True, **training}),
    )  # fmt: skip
    return document, data_of(document)


@pytest.mark.parametrize("kind", ["shifts", "noise"])
def test_pictures_are_varied_anew_in_every_update_and_targets_stay(kind: str) -> None:
    document, data = digits(augmentation=Spec(kind), held_out=0.3)
    feeding = Feeding(document, data)
    assert not feeding.plain
    seen = []
    for update in (0, 1, feeding.batches.count, 7, 0):
        examples = feeding.batches.examples(update)
        chance = Chance(document.training.seed, "augmentation").at(update)
        expected = augmentations.make(kind).varied(data.X[:, examples], (1, 8, 8), chance)
        batch = feeding.batch(update)
        assert np.array_equal(batch.X, expected)
        assert np.array_equal(batch.Y, data.Y[:, examples])
        assert not np.array_equal(batch.X, data.X[:, examples])
        seen.append(batch.X.tobytes())
    assert seen[0] == seen[-1]
    assert len(set(seen)) == 4


def test_training_and_the_walk_see_the_same_examples() -> None:
    document, data = digits(augmentation=Spec("shifts"), label_noise=0.3)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(5)
    trace = Trace(document, data, trainer.learned, trainer.batches.examples(5))
    batch = trainer.feeding.batch(5)
    assert np.array_equal(trace.arrays["input", "a"], batch.X)
    assert np.array_equal(trace.arrays["loss", "y"], batch.Y)
    trainer.advance()
    assert trainer.curve.values[5] == trace.J
    assert np.array_equal(trace.arrays["hidden", "new W.input"], trainer.learned.parameters["hidden.W.input"])


def test_without_anything_random_every_update_is_the_same() -> None:
    document, data = digits(batch_size=None, shuffle=False)
    assert Feeding(document, data).always_same
    for other in ({"batch_size": 16}, {"shuffle": True}, {"augmentation": Spec("noise")}):
        changed = replace(document, training=replace(document.training, **other))
        assert not Feeding(changed, data).always_same


def over_places(
    shape: Shape, loss: str, k: int = 3, m: int = 5, *, coded: bool = True
) -> tuple[Document, Data]:
    """A network that says something of every place: its targets are the class of the number there."""
    n = int(np.prod(shape))
    layers = [
        Layer("input", Spec.of("input", shape="×".join(map(str, shape))), tuple(range(n))),
        Layer("dense", Spec("dense"), tuple(range(k))),
        Layer("output", Spec.of("output", activation=Spec("softmax")), tuple(range(k))),
    ]
    wires = tuple(Connection(a.id, b.id) for a, b in pairwise(layers))
    classes = np.random.default_rng(1).integers(1, k, (n // shape[0], m)).astype(float)
    X = np.concatenate([classes] * shape[0])
    Y = classes if coded else np.concatenate([classes == i for i in range(k)]).astype(float)
    names = tuple(map(str, range(n)))
    data = Data(
        X, Y, names, names[: len(Y)], Task.CLASSES, names[:k], shape=shape, target_shape=(k, *shape[1:]),
        coded=coded,
    )  # fmt: skip
    training = Training(augmentation=Spec("shifts"), seed=2)
    return Document(layers=tuple(layers), connections=wires, loss=Spec(loss), training=training), data


def test_targets_of_single_places_move_along() -> None:
    """Where a place came in from the edge (its number is 0), nothing is asked."""
    document, data = over_places((2, 6), "cross_entropy", m=40)
    batch = Feeding(document, data).batch(0)
    there = batch.X[:6]
    assert np.array_equal(there, batch.X[6:])
    assert not np.array_equal(batch.Y, data.Y)
    assert np.array_equal(batch.Y, np.where(there > 0, there, -1.0))
    assert 5 < (batch.Y < 0).sum() < 40


def test_targets_in_rows_move_along_too() -> None:
    document, data = over_places((1, 6), "cross_entropy", m=40, coded=False)
    batch = Feeding(document, data).batch(0)
    rows = batch.Y.reshape(3, 6, 40)
    for c in (1, 2):
        assert np.array_equal(rows[c], batch.X == c)
    assert (rows.sum(axis=0) == (batch.X > 0)).all()


def test_a_loss_that_asks_everywhere_finds_class_0_at_the_edge() -> None:
    document, data = over_places((1, 6), "dice", m=40)
    batch = Feeding(document, data).batch(0)
    assert np.array_equal(batch.Y, batch.X)
    trainer = Trainer(document, data, fresh(document))
    trainer.advance(3)
    assert np.isfinite(trainer.curve.values).all()


def test_numbers_of_symbols_are_not_varied() -> None:
    """Noise on the number of a letter would make it another letter, or none."""
    layers = (
        Layer("input", Spec("input"), tuple(range(4))),
        Layer("embedding", Spec("embedding"), (0, 1)),
        Layer("flat", Spec("flatten")),
        Layer("beside", Spec("input"), (0, 1)),
        Layer("output", Spec("output"), (0,)),
    )
    pairs = [("input", "embedding"), ("embedding", "flat"), ("flat", "output"), ("beside", "output")]
    training = Training(augmentation=Spec("noise"))
    document = Document(
        layers=layers, connections=tuple(Connection(*each) for each in pairs), training=training
    )
    X = np.random.default_rng(1).integers(0, 3, (6, 9)).astype(float)
    data = Data(X, np.zeros((1, 9)), tuple("abcdef"), ("y",), Task.BINARY, ("0", "1"))
    batch = Feeding(document, data).batch(0)
    assert np.array_equal(batch.X[:4], X[:4])
    assert (batch.X[4:] != X[4:]).all()
