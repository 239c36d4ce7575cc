"""The names of parameters in the table are those of the formulas, for every architecture."""

from __future__ import annotations

import pytest

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document
from engine.document.edits import add_unit, connect, remove_units
from engine.learned import fresh
from engine.samples import first_light
from engine.session.weight_history import cell_named
from engine.symbols import symbol_of
from engine.trainer import Trainer
from gui.panels.weighing.naming import cell_key, name_of, parameter_of


def check(document: Document) -> None:
    trainer = Trainer(document, data_of(document), fresh(document))
    places = {}
    for turn in range(max(1, len(trainer.feeding.turns))):
        places |= trainer.network(2, turn).places
    for key, slot in trainer.layout.slots.items():
        if slot.layer not in places:
            continue
        index = tuple(size - 1 for size in slot.shape)
        symbol, ref = symbol_of(trainer.layout, key, index), places[slot.layer].ref(slot.part.name, index)
        assert (symbol.letter, symbol.above, symbol.below) == (ref.letter, ref.layer, ref.below), key


@pytest.mark.parametrize("kind", [each.kind for each in architectures])
def test_as_in_the_formulas(kind: str) -> None:
    check(architectures.make(Spec(kind)).document())


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_recurrent_cells(cell: str) -> None:
    check(architectures.make(Spec.of("sequence_classifier", cell=cell)).document())


def test_two_incoming_connections() -> None:
    check(connect(first_light(), source="input", target="output"))


def test_a_name_outlives_what_is_inserted_and_ends_with_its_unit() -> None:
    from gui.laid_out import layout_of

    before = first_light()
    name = name_of(layout_of(before), "hidden.W.input", (1, 0))
    grown = add_unit(before, layer="hidden", at=0)
    found = cell_named(layout_of(grown), name)
    assert found is not None and found.index == (2, 0)
    assert cell_named(layout_of(remove_units(before, layer="hidden", keys=(1,))), name) is None


@pytest.mark.parametrize("array", ["W.input", "dW.input", "mean dW.input", "new W.input", "new v W.input"])
def test_every_number_of_an_update_belongs_to_its_weight(array: str) -> None:
    assert parameter_of(("hidden", array, (2, 1), None)) == ("hidden.W.input", (2, 1))
    assert parameter_of(cell_key("hidden.b", (1, 0))) == ("hidden.b", (1, 0))
