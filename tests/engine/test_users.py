"""The users of a number are the inverse of what a number is made of, for every kind of layer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from engine.core.expressions import Ref, references
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Document, Training
from engine.layers import layers
from engine.learned import Learned
from engine.samples import mlp
from engine.trace import Trace
from engine.users import Users

KINDS = [pytest.param(cls, id=cls.kind) for cls in layers if cls.role != "input"]
SAMPLES = 150


def every_cell(trace: Trace) -> Iterator[Ref]:
    """Every number of a trace that may stand in a formula, found without ``Users``."""
    parameters = {(slot.layer, slot.part.name) for slot in trace.layout.slots.values()}
    for (owner, array), values in trace.arrays.items():
        if owner == "optimizer" or (owner != "loss" and owner not in trace.network.places):
            continue
        if (owner, array) == ("loss", "J"):
            yield trace.ref(owner, array, (0,), None)
            continue
        shared = owner != "loss" and array in trace.layout.nodes[owner].kind.shared
        gradient = (owner, array.removeprefix("d")) in parameters and (owner, array) not in parameters
        if shared or gradient or " " in array or (owner, array) in parameters:
            yield from (trace.ref(owner, array, index, None) for index in np.ndindex(values.shape))
            if gradient:
                for k in range(trace.m):
                    yield from (trace.ref(owner, array, index, k) for index in np.ndindex(values.shape))
        else:
            for *index, k in np.ndindex(values.shape):
                yield trace.ref(owner, array, tuple(index), k)


def by_force(trace: Trace) -> tuple[dict[tuple, set[tuple]], list[Ref]]:
    """For each number the keys of all that are made of it: every formula is looked through."""
    found: dict[tuple, set[tuple]] = defaultdict(set)
    cells = {ref.key: ref for ref in every_cell(trace)}
    for ref in list(cells.values()):
        if trace.explained(ref):
            for each in references(trace.cell(ref)):
                found[each.key].add(ref.key)
                cells.setdefault(each.key, each)  # the norm of the gradient is in no layer
    return found, list(cells.values())


def check(trace: Trace, samples: int = SAMPLES) -> None:
    inverse, cells = by_force(trace)
    users, rng = Users(trace), np.random.default_rng(1)
    chosen = cells if len(cells) <= samples else [cells[n] for n in rng.choice(len(cells), samples, False)]
    some = 0
    for ref in chosen:
        found = {each.key for each in users.of(ref)}
        assert found == inverse[ref.key], f"users of {ref}"
        some += len(found)
    assert some > 0


@pytest.mark.slow
@pytest.mark.parametrize("cls", KINDS)
def test_users_are_the_inverse_of_references(
    cls: type,
    around: Callable[..., Iterator[Document]],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for document in around(cls):
        check(Trace(document, some_data(document, 2), some_learned(document), np.arange(2)))


@pytest.mark.parametrize("optimizer", ["gradient_descent", "momentum", "adam"])
@pytest.mark.parametrize("clipping", ["off", "by_norm", "by_value"])
def test_on_the_way_of_an_update_too(
    optimizer: str, clipping: str, some_data: Callable[..., Data], some_learned: Callable[..., Learned]
) -> None:
    training = Training(clipping=Spec(clipping), regularizer=Spec("l2"))
    document = mlp(2, 3, 2, optimizer=Spec(optimizer), training=training)
    check(Trace(document, some_data(document, 3), some_learned(document), np.arange(3)), 10_000)


def test_every_build_of_network(
    shapes_of_networks: dict[str, Document],
    some_data: Callable[..., Data],
    some_learned: Callable[..., Learned],
) -> None:
    for document in shapes_of_networks.values():
        check(Trace(document, some_data(document, 2), some_learned(document), np.arange(2)))


def test_only_the_arrays_that_are_wanted(lecture: tuple[Document, Data, Learned]) -> None:
    trace = Trace(*lecture, np.array([0]))
    x = trace.ref("input", "a", (0,), 0)
    users = Users(trace)
    assert {each.array for each in users.of(x)} == {"z", "dW.input"}
    named = users.of(x, lambda array: array == ("hidden", "z"))
    assert [each.key for each in named] == [("hidden", "z", (i,), 0) for i in range(4)]
