"""Every architecture: whatever is chosen, it makes a network that fits its data and learns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.architectures import Architecture, architectures
from engine.architectures.base import data_for
from engine.core.knobs import Knob, knobs
from engine.core.registry import Registry
from engine.core.spec import Value
from engine.datasets import Data, datasets
from engine.document import Document
from engine.files import Project, open_project, save_project
from engine.fit import fit_problem
from engine.layout import Layout
from engine.learned import fresh
from engine.procedures import procedures
from engine.trainer import Trainer

pytestmark = pytest.mark.slow

KINDS = [pytest.param(cls, id=cls.kind) for cls in architectures]
UPDATES = 2
BATCH = 4
"""Examples an update here: whether it learns does not depend on that."""


def ends(knob: Knob) -> list[Value]:
    """The values of a knob where something may go wrong."""
    match knob.type:
        case "choice":
            return list(knob.choices)
        case "bool":
            return [False, True]
        case "kind":
            return [cls().spec for cls in Registry.families[knob.family] if cls.kind in _ACTIVATIONS]
    return [each for each in (knob.minimum, knob.maximum) if each is not None]


_ACTIVATIONS = ("identity", "relu", "prelu")


def choices(cls: type[Architecture]) -> Iterator[dict[str, Value]]:
    """The defaults; every end of every knob; the choices in pairs; all numbers small, all large."""
    yield {}
    found = {each.name: ends(each) for each in knobs(cls)}
    for name, values in found.items():
        yield from ({name: value} for value in values)
    named = {each.name: found[each.name] for each in knobs(cls) if each.type in {"choice", "bool"}}
    for one, other in itertools.combinations(named, 2):
        yield from ({one: a, other: b} for a in named[one] for b in named[other])
    for end in (0, -1):
        yield {name: values[end] for name, values in found.items()}


CHOSEN = [
    pytest.param(cls(**chosen), id=f"{cls.kind}-{number}")
    for cls in architectures
    for number, chosen in enumerate(choices(cls))
]


@pytest.mark.parametrize("made", CHOSEN)
def test_every_choice_makes_a_network_that_fits_its_data(made: Architecture) -> None:
    document = made.document()
    layout = Layout(document)
    wanted = procedures.make(document.training.procedure).wanted(data_for(document.data))
    problem = fit_problem(layout, wanted)
    assert problem is None, problem
    assert all(node.active for node in layout.nodes.values()), "a layer takes no part"
    assert layout.size > 0


@pytest.mark.parametrize("cls", KINDS)
def test_all_small_and_all_large_networks_learn(cls: type[Architecture]) -> None:
    """J and the weights stay finite."""
    for chosen in ({}, *list(choices(cls))[-2:]):
        document, data = small(cls(**chosen).document())
        trainer = Trainer(document, data, fresh(document))
        trainer.advance(UPDATES)
        assert np.isfinite(trainer.curve.values).all()
        assert np.isfinite(trainer.store.theta).all()


@pytest.mark.parametrize("cls", KINDS)
def test_every_judged_choice_learns(cls: type[Architecture]) -> None:
    """Every parameter that is learned has moved within some updates."""
    for made in cls.judged():
        document, data = small(made.document())
        begin = fresh(document)
        trainer = Trainer(document, data, begin)
        # a bias of the keys adds the same to all scores of a query: it has no slope
        still = {key for key, slot in trainer.layout.slots.items() if slot.learned} - {
            f"{each.id}.bK" for each in document.of_kind("attention")
        }
        for _ in range(8):
            trainer.advance()
            now = trainer.learned.parameters
            still -= {key for key in still if not np.array_equal(begin.parameters[key], now[key])}
        assert np.isfinite(trainer.curve.values).all()
        assert not still, made


@pytest.mark.parametrize("cls", KINDS)
def test_layers_stand_apart_and_signals_run_to_the_right(cls: type[Architecture]) -> None:
    for chosen in choices(cls):
        document = cls(**chosen).document()
        places = [(each.x, each.y) for each in document.layers]
        assert len(set(places)) == len(places)
        for wire in document.connections:
            assert document.layer(wire.target).x > document.layer(wire.source).x
        columns: dict[float, list[float]] = {}
        for x, y in places:
            columns.setdefault(x, []).append(y)
        for each in columns.values():
            apart = np.diff(sorted(each))
            assert (apart >= 200.0).all()


@pytest.mark.parametrize("cls", KINDS)
def test_it_is_written_to_a_file_and_read_again(cls: type[Architecture], tmp_path: Path) -> None:
    document = cls().document()
    for name in ("a.axon", "a.json"):
        save_project(Project.new(document), tmp_path / name)
        assert open_project(tmp_path / name).document == document


@pytest.mark.parametrize("cls", KINDS)
def test_the_same_choice_makes_the_same_document(cls: type[Architecture]) -> None:
    assert cls().document() == cls().document()
    assert cls().document().name == cls.title


@pytest.mark.parametrize("cls", KINDS)
def test_groups_are_whole_stretches_of_the_network(cls: type[Architecture]) -> None:
    """No signal leaves a group and comes back into it from outside, so a group can fold to one node."""
    document = cls().document()
    for group in {each.group for each in document.layers} - {""}:
        inside = {each.id for each in document.layers if f"{each.group}/".startswith(f"{group}/")}
        outside = [each.id for each in document.layers if each.id not in inside]
        for id in outside:
            fed = any(document.reaches(one, id) for one in inside)
            feeds = any(document.reaches(id, one) for one in inside)
            assert not (fed and feeds), (group, id)


@pytest.mark.parametrize("cls", KINDS)
def test_what_is_promised_can_be_measured(cls: type[Architecture]) -> None:
    assert cls.judged()
    for made in cls.judged():
        assert made.epochs >= 1
        document = made.document()
        assert made.figures(), made
        for figure in made.figures():
            if figure.baseline is not None and figure.simple:
                assert (figure.target > figure.baseline) is figure.higher
            if figure.data is None and figure.measure in {"accuracy", "mse", "rmse"}:
                assert document.training.held_out > 0
            if figure.data is not None:
                datasets.make(figure.data)


def small(document: Document) -> tuple[Document, Data]:
    """The document with small batches, and its first examples only."""
    data = data_for(document.data)
    m = min(data.m, 40)
    few = replace(data, X=data.X[:, :m], Y=data.Y[:, :m])
    training = document.training
    if training.batch_size is not None:
        training = replace(training, batch_size=min(BATCH, training.batch_size))
    return replace(document, training=training), few
