"""Edits: every function, what it changes, what it leaves, and the sentence where it makes no sense."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, edits
from engine.samples import mlp

START = mlp(2, 3, 1)


def sentence(call: Callable[[], object]) -> str:
    with pytest.raises(DocumentError) as caught:
        call()
    said = str(caught.value)
    assert said.endswith(".")
    assert said[0].isupper()
    return said


def test_edits_leave_the_document_they_came_from() -> None:
    before = repr(START)
    edits.add_unit(START, layer="hidden")
    edits.cut_synapse(START, source="input", sender=0, target="hidden", receiver=0)
    edits.remove_layer(START, layer="hidden")
    assert repr(START) == before


def test_add_layer() -> None:
    after = edits.add_layer(START, spec=Spec("dense"), id="new", units=3, x=1.0, y=2.0, name="New")
    new = after.layer("new")
    assert (new.units, new.name, new.x, new.y) == ((0, 1, 2), "New", 1.0, 2.0)
    assert after.connections == START.connections
    assert after.layers[:3] == START.layers


def test_ids_are_fresh() -> None:
    after = START
    for expected in ("dense", "dense2", "dense3"):
        after = edits.add_layer(after, spec=Spec("dense"))
        assert after.layers[-1].id == expected
    assert edits.fresh_id(after, "hidden") == "hidden2"
    assert "There is a layer 'hidden' already" in sentence(
        lambda: edits.add_layer(START, spec=Spec("dense"), id="hidden")
    )


@pytest.mark.parametrize("units", [0, -1, edits.MOST_UNITS + 1])
def test_too_few_or_too_many_units(units: int) -> None:
    assert str(units) in sentence(lambda: edits.add_layer(START, spec=Spec("dense"), units=units))
    assert str(units) in sentence(lambda: edits.set_units(START, layer="hidden", units=units))


def test_remove_layer() -> None:
    after = edits.remove_layer(START, layer="hidden")
    assert [each.id for each in after.layers] == ["input", "output"]
    assert after.connections == ()
    assert "no layer 'nobody'" in sentence(lambda: edits.remove_layer(START, layer="nobody"))


def test_move_and_rename() -> None:
    after = edits.move_layers(START, places={"hidden": (3.0, 4.0), "nobody": (0.0, 0.0)})
    assert (after.layer("hidden").x, after.layer("hidden").y) == (3.0, 4.0)
    assert after.layer("input") is START.layer("input")
    assert len(edits.rename_layer(START, layer="hidden", name="n" * 500).layer("hidden").name) == 80
    assert edits.rename(START, name="Mine").name == "Mine"
    assert sentence(lambda: edits.rename_layer(START, layer="nobody", name="x"))


def test_set_units_keeps_the_keys_of_those_that_stay() -> None:
    more = edits.set_units(START, layer="hidden", units=5)
    assert more.layer("hidden").units == (0, 1, 2, 3, 4)
    assert edits.set_units(more, layer="hidden", units=2).layer("hidden").units == (0, 1)
    assert edits.set_units(START, layer="hidden", units=3) == START


def test_add_unit_at_any_place() -> None:
    assert edits.add_unit(START, layer="hidden").layer("hidden").units == (0, 1, 2, 3)
    assert edits.add_unit(START, layer="hidden", at=0).layer("hidden").units == (3, 0, 1, 2)
    assert edits.add_unit(START, layer="hidden", at=2).layer("hidden").units == (0, 1, 3, 2)
    full = edits.set_units(START, layer="hidden", units=edits.MOST_UNITS)
    assert sentence(lambda: edits.add_unit(full, layer="hidden"))


def test_remove_units() -> None:
    after = edits.remove_units(START, layer="hidden", keys=[1])
    assert after.layer("hidden").units == (0, 2)
    again = edits.add_unit(after, layer="hidden")
    assert again.layer("hidden").units == (0, 2, 3), "a key in the middle is not used again"
    gone = edits.remove_units(START, layer="hidden", keys=[0, 1, 2])
    assert not gone.has("hidden")
    assert gone.connections == ()


def test_cuts_and_locks_of_a_unit_go_with_it() -> None:
    after = edits.cut_synapse(START, source="input", sender=1, target="hidden", receiver=2)
    after = edits.lock_synapse(after, source="input", sender=0, target="hidden", receiver=2)
    after = edits.lock_synapse(after, source="hidden", sender=2, target="output", receiver=0)
    after = edits.lock_synapse(after, source="hidden", sender=0, target="output", receiver=0)
    after = edits.remove_units(after, layer="hidden", keys=[2])
    wire = after.connection("input", "hidden")
    assert wire is not None
    assert (wire.cut, wire.locked) == (frozenset(), frozenset())
    other = after.connection("hidden", "output")
    assert other is not None
    assert other.locked == {(0, 0)}


def test_connect_and_disconnect() -> None:
    after = edits.connect(START, source="input", target="output")
    assert after.connections[-1] == Connection("input", "output")
    assert edits.disconnect(after, source="input", target="output") == START
    assert edits.connect(START, source="input", target="hidden") == START
    cut = edits.cut_synapse(START, source="input", sender=0, target="hidden", receiver=0)
    assert edits.connect(cut, source="input", target="hidden") == START


def test_connections_that_make_no_sense() -> None:
    two = edits.add_layer(START, spec=Spec("dense"), id="second")
    two = edits.connect(two, source="hidden", target="second")
    for source, target, word in [
        ("hidden", "hidden", "feed itself"),
        ("hidden", "input", "from the data"),
        ("output", "second", "nothing follows"),
        ("second", "hidden", "circle"),
        ("nobody", "hidden", "nobody"),
        ("hidden", "nobody", "nobody"),
    ]:
        assert word in sentence(lambda s=source, t=target: edits.connect(two, source=s, target=t))
        assert sentence(
            lambda s=source, t=target: edits.draw_synapse(two, source=s, sender=0, target=t, receiver=0)
        )


def test_a_new_connection_of_one_synapse() -> None:
    two = edits.add_layer(START, spec=Spec("dense"), id="second", units=2)
    after = edits.draw_synapse(two, source="input", sender=1, target="second", receiver=0)
    wire = after.connection("input", "second")
    assert wire is not None
    assert wire.cut == {(0, 0), (1, 0), (1, 1)}
    after = edits.draw_synapse(after, source="input", sender=0, target="second", receiver=1)
    wire = after.connection("input", "second")
    assert wire is not None
    assert wire.cut == {(0, 0), (1, 1)}
    same = edits.draw_synapse(after, source="input", sender=0, target="second", receiver=1)
    assert same == after


def test_cut_synapse() -> None:
    after = edits.lock_synapse(START, source="input", sender=0, target="hidden", receiver=0)
    after = edits.cut_synapse(after, source="input", sender=0, target="hidden", receiver=0)
    assert after.connection("input", "hidden") == Connection("input", "hidden", frozenset({(0, 0)}))
    for receiver, sender in [(0, 1), (1, 0), (1, 1), (2, 0)]:
        after = edits.cut_synapse(after, source="input", sender=sender, target="hidden", receiver=receiver)
    assert after.connection("input", "hidden") is not None
    after = edits.cut_synapse(after, source="input", sender=1, target="hidden", receiver=2)
    assert after.connection("input", "hidden") is None, "with the last synapse the connection goes too"
    assert sentence(lambda: edits.cut_synapse(after, source="input", sender=1, target="hidden", receiver=2))


def test_lock_synapse() -> None:
    after = edits.lock_synapse(START, source="input", sender=0, target="hidden", receiver=1)
    wire = after.connection("input", "hidden")
    assert wire is not None
    assert wire.locked == {(1, 0)}
    assert (
        edits.lock_synapse(after, source="input", sender=0, target="hidden", receiver=1, locked=False)
        == START
    )
    cut = edits.cut_synapse(START, source="input", sender=0, target="hidden", receiver=1)
    assert sentence(lambda: edits.lock_synapse(cut, source="input", sender=0, target="hidden", receiver=1))
    assert sentence(lambda: edits.lock_synapse(cut, source="input", sender=0, target="output", receiver=0))


@pytest.mark.parametrize("edit", [edits.draw_synapse, edits.cut_synapse, edits.lock_synapse])
@pytest.mark.parametrize(("sender", "receiver"), [(7, 0), (0, 7), (-1, 0)])
def test_synapses_of_units_that_are_not_there(
    edit: Callable[..., Document], sender: int, receiver: int
) -> None:
    """Otherwise the document holds a cell that no network can be built with."""
    assert sentence(lambda: edit(START, source="input", sender=sender, target="hidden", receiver=receiver))


def test_with_its_last_synapse_a_connection_goes_also_when_units_go() -> None:
    after = edits.add_layer(START, spec=Spec("dense"), id="second", units=2)
    after = edits.draw_synapse(after, source="input", sender=1, target="second", receiver=0)
    after = edits.remove_units(after, layer="second", keys=[0])
    assert after.connection("input", "second") is None
    after = edits.add_layer(START, spec=Spec("dense"), id="second", units=2)
    after = edits.draw_synapse(after, source="input", sender=1, target="second", receiver=1)
    after = edits.set_units(after, layer="second", units=1)
    assert after.connection("input", "second") is None


def test_knobs_and_choices() -> None:
    after = edits.set_knob(START, layer="hidden", name="bias", value=False)
    assert after.layer("hidden").spec.get("bias") is False
    assert after.layer("hidden").spec.get("activation") == Spec("tanh")
    assert edits.set_loss(START, spec=Spec("mse")).loss == Spec("mse")
    assert edits.set_optimizer(START, spec=Spec("adam")).optimizer == Spec("adam")
    assert edits.set_data(START, spec=Spec("and")).data == Spec("and")
    after = edits.set_training(START, batch_size=3, shuffle=True, seed=9)
    assert (after.training.batch_size, after.training.shuffle, after.training.seed) == (3, True, 9)
    assert edits.set_training(after, batch_size=None).training.batch_size is None


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_examples(size: int) -> None:
    assert sentence(lambda: edits.set_training(START, batch_size=size))


def test_a_circle_in_a_file_is_a_sentence() -> None:
    wires = (*START.connections, Connection("output", "hidden"))
    round_ = Document(layers=START.layers, connections=wires)
    assert "circle" in sentence(round_.order)


def test_order_puts_senders_first() -> None:
    wires = tuple(reversed(START.connections))
    backwards = Document(layers=tuple(reversed(START.layers)), connections=wires)
    assert [each.id for each in backwards.order()] == ["input", "hidden", "output"]


def test_finding() -> None:
    assert START.has("hidden")
    assert not START.has("nobody")
    assert [each.id for each in START.of_kind("dense")] == ["hidden"]
    assert START.reaches("input", "output")
    assert not START.reaches("output", "input")
    assert START.layer("hidden").unit(2) == 2
    assert START.connection("input", "output") is None
    assert [each.id for each in START.incoming("output")] == ["hidden>output"]
    assert [each.id for each in START.outgoing("input")] == ["input>hidden"]


def test_set_layer_changes_only_what_is_named() -> None:
    frozen = edits.set_layer(START, layer="hidden", frozen=True)
    assert frozen.layer("hidden").frozen
    assert not frozen.layer("output").frozen
    grouped = edits.set_layer(frozen, layer="hidden", group="  Encoder/Block 1 ")
    assert (grouped.layer("hidden").frozen, grouped.layer("hidden").group) == (True, "Encoder/Block 1")
    assert edits.set_layer(frozen, layer="hidden", frozen=False) == START
    assert "no layer" in sentence(lambda: edits.set_layer(START, layer="nowhere", frozen=True))


def test_insert_layer_takes_the_place_of_the_connection() -> None:
    document = edits.connect(START, source="input", target="output")
    after = edits.insert_layer(
        document, source="hidden", target="output", spec=Spec("dense"), id="new", x=9.0
    )
    assert [each.source for each in after.incoming("output")] == ["new", "input"], "in the order as before"
    assert after.connection("hidden", "output") is None
    assert after.connection("hidden", "new") is not None
    assert after.layer("new").x == 9.0
    assert "no connection" in sentence(
        lambda: edits.insert_layer(START, source="input", target="output", spec=Spec("dense"))
    )
    assert "takes its numbers from the data" in sentence(
        lambda: edits.insert_layer(START, source="input", target="hidden", spec=Spec("input"))
    )


def test_bridge_layer_connects_the_neighbours() -> None:
    after = edits.bridge_layer(START, layer="hidden")
    assert [each.id for each in after.layers] == ["input", "output"]
    assert after.connections == (Connection("input", "output"),)
    assert "between others" in sentence(lambda: edits.bridge_layer(START, layer="input"))


def test_bridge_layer_keeps_what_was_connected_and_the_order() -> None:
    document = edits.add_layer(START, spec=Spec("dense"), id="side")
    document = edits.connect(document, source="input", target="side")
    document = edits.connect(document, source="side", target="output")
    document = edits.cut_synapse(document, source="input", sender=0, target="side", receiver=0)
    document = edits.connect(document, source="side", target="hidden")
    document = edits.cut_synapse(document, source="input", sender=0, target="hidden", receiver=1)
    after = edits.bridge_layer(document, layer="side")
    assert [each.source for each in after.incoming("output")] == ["hidden", "input"]
    assert after.connection("input", "hidden") == document.connection("input", "hidden")
