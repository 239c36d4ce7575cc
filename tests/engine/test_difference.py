"""The difference of two documents."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.document import Document, edits
from engine.document.difference import Difference, difference
from engine.document.folding import fold_layers
from engine.document.notes import add_note
from engine.samples import mlp

START = mlp(2, 3, 1)


def parts(found: Difference) -> dict[str, tuple[str, ...]]:
    names = (
        "added",
        "removed",
        "changed",
        "moved",
        "wires_added",
        "wires_removed",
        "wires_changed",
        "chosen",
    )
    return {name: getattr(found, name) for name in names if getattr(found, name)}


CASES = {
    "nothing": (START, {}, True),
    "a layer more": (edits.add_layer(START, spec=Spec("dense"), id="new"), {"added": ("new",)}, False),
    "a layer less": (
        edits.remove_layer(START, layer="hidden"),
        {"removed": ("hidden",), "wires_removed": ("input>hidden", "hidden>output")},
        False,
    ),
    "moved": (edits.move_layers(START, places={"hidden": (7.0, 8.0)}), {"moved": ("hidden",)}, True),
    "called": (edits.rename_layer(START, layer="hidden", name="H"), {"moved": ("hidden",)}, True),
    "in a group": (edits.set_layer(START, layer="hidden", group="Body"), {"moved": ("hidden",)}, True),
    "folded": (fold_layers(START, layers=["hidden"]), {"moved": ("hidden",)}, True),
    "a note": (add_note(START, text="Look"), {"chosen": ("notes",)}, True),
    "a fold": (replace(START, folded=frozenset({"Body"})), {"chosen": ("folded",)}, True),
    "frozen": (edits.set_layer(START, layer="hidden", frozen=True), {"changed": ("hidden",)}, False),
    "a unit more": (edits.add_unit(START, layer="hidden"), {"changed": ("hidden",)}, False),
    "a knob": (
        edits.set_knob(START, layer="hidden", name="bias", value=False),
        {"changed": ("hidden",)},
        False,
    ),
    "a skip": (
        edits.connect(START, source="input", target="output"),
        {"wires_added": ("input>output",)},
        False,
    ),
    "a cut": (
        edits.cut_synapse(START, source="input", sender=0, target="hidden", receiver=1),
        {"wires_changed": ("input>hidden",)},
        False,
    ),
    "a lock": (
        edits.lock_synapse(START, source="input", sender=0, target="hidden", receiver=1),
        {"wires_changed": ("input>hidden",)},
        False,
    ),
    "a name": (edits.rename(START, name="N"), {"chosen": ("name",)}, True),
    "a loss": (edits.set_loss(START, spec=Spec("mse")), {"chosen": ("loss",)}, False),
    "an optimizer": (edits.set_optimizer(START, spec=Spec("adam")), {"chosen": ("optimizer",)}, False),
    "a batch size": (edits.set_training(START, batch_size=2), {"chosen": ("training",)}, False),
    "a data set": (edits.set_data(START, spec=Spec("and")), {"chosen": ("data",)}, False),
}


@pytest.mark.parametrize("name", CASES)
def test_what_differs(name: str) -> None:
    after, expected, looks = CASES[name]
    found = difference(START, after)
    assert parts(found) == expected
    assert found.only_looks is looks
    assert bool(found) is bool(expected)


def test_there_and_back() -> None:
    after = edits.add_layer(edits.remove_layer(START, layer="hidden"), spec=Spec("dense"), id="new")
    forth, back = difference(START, after), difference(after, START)
    assert (forth.added, forth.removed) == (back.removed, back.added)
    assert (forth.wires_added, forth.wires_removed) == (back.wires_removed, back.wires_added)


def test_the_same_table_is_no_difference_and_another_is() -> None:
    table = Data(np.zeros((2, 3)), np.zeros((1, 3)), ("a", "b"), ("y",), Task.BINARY)
    one = replace(START, table=table)
    assert not difference(one, replace(one))
    assert difference(one, replace(one, table=replace(table))).chosen == ("table",)
    assert difference(START, one).chosen == ("table",)


def test_an_equal_document_has_no_difference() -> None:
    copy = Document(**{name: getattr(START, name) for name in START.__dataclass_fields__})
    assert not difference(START, copy)
