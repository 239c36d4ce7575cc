"""What was learned survives edits: every weight whose two units are still there keeps its bits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.plan import Array
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data
from engine.document import Connection, Document, Layer, edits
from engine.layout import Layout
from engine.learned import Learned, carried, fresh, restarted, taken_back, with_initial, with_weight
from engine.samples import mlp
from engine.trainer import Trainer

START = replace(mlp(2, 3, 3, 1), optimizer=Spec("adam"))

Named = dict[tuple[object, ...], bytes]


def by_name(document: Document, parameters: Mapping[str, Array]) -> Named:
    """Every weight under the ids and keys of its two units, every bias under those of its one."""
    found: Named = {}
    for key, values in parameters.items():
        layer, _, part = key.partition(".")
        for index in np.ndindex(values.shape):
            receiver = document.layer(layer).units[index[0]]
            if part == "b":
                found[layer, receiver] = values[index].tobytes()
            else:
                source = part.removeprefix("W.")
                sender = document.layer(source).units[index[1]]
                found[layer, receiver, source, sender] = values[index].tobytes()
    return found


def all_vectors(document: Document, learned: Learned) -> dict[str, Named]:
    vectors = {"parameters": learned.parameters, "initial": learned.initial, **learned.memory}
    return {name: by_name(document, each) for name, each in vectors.items()}


def check_kept(before: Document, old: Learned, after: Document, new: Learned) -> None:
    """What both documents have is the same bits, in all vectors; and everything fits the layout."""
    was, now = all_vectors(before, old), all_vectors(after, new)
    same_optimizer = before.optimizer.kind == after.optimizer.kind
    for name in was.keys() & now.keys() if same_optimizer else {"parameters", "initial"}:
        for weight in was[name].keys() & now[name].keys():
            assert was[name][weight] == now[name][weight], (name, weight)
    slots = Layout(after).slots
    for vector in (new.parameters, new.initial, *new.memory.values()):
        assert {key: each.shape for key, each in vector.items()} == {k: s.shape for k, s in slots.items()}
        assert all(np.isfinite(each).all() and not each.flags.writeable for each in vector.values())
    assert new.step == old.step


@pytest.fixture
def trained(some_data: Callable[..., Data]) -> Learned:
    trainer = Trainer(START, some_data(START, 5), fresh(START))
    trainer.advance(20)
    return trainer.learned


def inserted(document: Document) -> Document:
    """A layer between hidden and hidden2."""
    made = edits.disconnect(document, source="hidden", target="hidden2")
    made = edits.add_layer(made, spec=Spec("dense"), id="between", units=2)
    made = edits.connect(made, source="hidden", target="between")
    return edits.connect(made, source="between", target="hidden2")


STRUCTURE: dict[str, Callable[[Document], Document]] = {
    "a unit at the end": lambda d: edits.add_unit(d, layer="hidden"),
    "a unit at the start": lambda d: edits.add_unit(d, layer="hidden", at=0),
    "a unit in the middle": lambda d: edits.add_unit(d, layer="hidden2", at=1),
    "an input more": lambda d: edits.add_unit(d, layer="input"),
    "an output more, first": lambda d: edits.add_unit(d, layer="output", at=0),
    "the first unit less": lambda d: edits.remove_units(d, layer="hidden", keys=[0]),
    "a middle unit less": lambda d: edits.remove_units(d, layer="hidden2", keys=[1]),
    "more units": lambda d: edits.set_units(d, layer="hidden", units=6),
    "fewer units": lambda d: edits.set_units(d, layer="hidden", units=2),
    "a layer between": inserted,
    "a layer less": lambda d: edits.remove_layer(d, layer="hidden2"),
    "a skip": lambda d: edits.connect(d, source="input", target="output"),
    "a connection less": lambda d: edits.disconnect(d, source="hidden", target="hidden2"),
    "without bias": lambda d: edits.set_knob(d, layer="hidden", name="bias", value=False),
    "one after another": lambda d: edits.add_unit(
        edits.remove_units(inserted(d), layer="hidden", keys=[1]), layer="hidden", at=0
    ),
}


@pytest.mark.parametrize("name", STRUCTURE)
def test_surviving_weights_keep_their_bits(name: str, trained: Learned) -> None:
    after = STRUCTURE[name](START)
    new = carried(START, trained, after)
    check_kept(START, trained, after, new)
    assert new.clock == trained.clock
    untouched = [
        key
        for key, slot in Layout(after).slots.items()
        if key in trained.parameters
        and all(axis is None or after.layer(axis).units == START.layer(axis).units for axis in slot.part.axes)
    ]
    for key in untouched:
        assert new.parameters[key] is trained.parameters[key], "the same object where nothing changed"
        assert new.memory["m"][key] is trained.memory["m"][key]


NO_STRUCTURE: dict[str, Callable[[Document], Document]] = {
    "activation": lambda d: edits.set_knob(d, layer="hidden", name="activation", value=Spec("relu")),
    "initialiser": lambda d: edits.set_knob(d, layer="hidden", name="initializer", value=Spec("he")),
    "loss": lambda d: edits.set_loss(d, spec=Spec("mse")),
    "learning rate": lambda d: edits.set_optimizer(d, spec=Spec.of("adam", learning_rate=0.5)),
    "batch size": lambda d: edits.set_training(d, batch_size=2, shuffle=True),
    "seed": lambda d: edits.set_training(d, seed=7),
    "data": lambda d: edits.set_data(d, spec=Spec("and")),
    "place": lambda d: edits.move_layers(d, places={"hidden": (1.0, 2.0)}),
    "name": lambda d: edits.rename(edits.rename_layer(d, layer="hidden", name="H"), name="N"),
    "lock": lambda d: edits.lock_synapse(d, source="input", sender=0, target="hidden", receiver=0),
}


@pytest.mark.parametrize("name", NO_STRUCTURE)
def test_nothing_else_resets_anything(name: str, trained: Learned) -> None:
    assert carried(START, trained, NO_STRUCTURE[name](START)) is trained


def test_another_optimizer_keeps_the_weights_and_starts_its_memory(trained: Learned) -> None:
    after = edits.set_optimizer(START, spec=Spec("momentum"))
    new = carried(START, trained, after)
    check_kept(START, trained, after, new)
    assert all(new.parameters[key] is each for key, each in trained.parameters.items())
    assert new.memory.keys() == {"v"}
    assert not any(each.any() for each in new.memory["v"].values())
    assert (new.step, new.clock) == (20, 0)


def test_first_weights_stay_the_same_object_until_learning(trained: Learned) -> None:
    after = STRUCTURE["a unit at the end"](START)
    new = carried(START, fresh(START), after)
    assert new.initial is new.parameters
    assert carried(START, trained, after).initial is not carried(START, trained, after).parameters


# ---------------------------------------------------------------- new weights


def incoming(document: Document, learned: Learned, layer: str) -> list[bytes]:
    """For every unit of a layer its incoming weights as bytes."""
    keys = [key for key in learned.parameters if key.startswith(f"{layer}.W.")]
    whole = np.hstack([learned.parameters[key] for key in keys])
    assert len(whole) == document.layer(layer).size
    return [row.tobytes() for row in whole]


@pytest.mark.parametrize("initializer", ["normal", "glorot", "uniform"])
@pytest.mark.parametrize("name", ["a unit at the start", "a unit in the middle", "removed and added"])
def test_a_new_unit_is_no_twin_of_an_old_one(name: str, initializer: str) -> None:
    """Two units with the same weights learn the same for ever."""
    document = edits.set_knob(mlp(2, 3, 1), layer="hidden", name="initializer", value=Spec(initializer))
    document = edits.set_knob(document, layer="output", name="initializer", value=Spec("normal"))
    change = {
        "a unit at the start": lambda d: [edits.add_unit(d, layer="hidden", at=0)],
        "a unit in the middle": lambda d: [edits.add_unit(d, layer="hidden", at=1)],
        "removed and added": lambda d: [
            edits.remove_units(d, layer="hidden", keys=[1]),
            edits.add_unit(edits.remove_units(d, layer="hidden", keys=[1]), layer="hidden"),
        ],
    }[name]
    learned, before = fresh(document), document
    for after in change(document):
        learned, before = carried(before, learned, after), after
    rows = incoming(before, learned, "hidden")
    assert len(set(rows)) == len(rows), "two units start with the same weights"
    directions = [np.frombuffer(each) / np.linalg.norm(np.frombuffer(each)) for each in rows]
    for i, one in enumerate(directions):
        for other in directions[:i]:
            assert not np.allclose(one, other, atol=1e-9), "one unit starts as a multiple of another"
    outgoing = learned.parameters["output.W.hidden"][0]
    assert len(set(outgoing.tolist())) == len(outgoing)


def test_fresh_weights_depend_on_the_seed_and_the_name_alone() -> None:
    one = fresh(START)
    assert one.same_bits(fresh(edits.rename(START, name="other")))
    other = fresh(edits.set_training(START, seed=2))
    for key, each in one.parameters.items():
        assert each.any() == (not key.endswith(".b"))
        assert key.endswith(".b") or each.tobytes() != other.parameters[key].tobytes()
    longer = fresh(inserted(START))
    assert longer.parameters["hidden.W.input"].tobytes() == one.parameters["hidden.W.input"].tobytes()
    assert one.initial is one.parameters


# ---------------------------------------------------------------- cutting and healing


def trained_on(document: Document, learned: Learned, data: Data, updates: int = 7) -> Learned:
    trainer = Trainer(document, data, learned)
    trainer.advance(updates)
    return trainer.learned


CUT = edits.cut_synapse(START, source="input", sender=1, target="hidden", receiver=2)


def test_cutting_changes_no_other_weight(trained: Learned) -> None:
    check_kept(START, trained, CUT, carried(START, trained, CUT))


def test_a_healed_synapse_has_a_weight_again(trained: Learned, some_data: Callable[..., Data]) -> None:
    """Not the 0 of the cut: that would make twins of units whose synapses are drawn one by one."""
    data = some_data(START, 5)
    now = trained_on(CUT, carried(START, trained, CUT), data)
    healed = edits.draw_synapse(CUT, source="input", sender=1, target="hidden", receiver=2)
    trainer = Trainer(healed, data, carried(CUT, now, healed))
    assert trainer.store.parameters["hidden.W.input"][2, 1] != 0.0


def test_synapses_drawn_one_by_one_while_it_runs(some_data: Callable[..., Data]) -> None:
    document = Document(
        layers=(
            Layer("input", Spec("input"), (0, 1)),
            Layer("hidden", Spec("dense"), (0, 1)),
            Layer("output", Spec("output"), (0,)),
        ),
        connections=(Connection("hidden", "output"),),
    )
    learned = fresh(document)
    for sender, receiver in [(0, 0), (1, 0), (0, 1), (1, 1)]:
        after = edits.draw_synapse(
            document, source="input", sender=sender, target="hidden", receiver=receiver
        )
        learned = carried(document, learned, after)
        trainer = Trainer(after, some_data(after), learned)
        learned, document = trainer.learned, after
    weights = trainer.store.parameters["hidden.W.input"]
    assert (weights != 0.0).all()
    assert len(set(weights.ravel().tolist())) == 4


def test_taking_back_a_cut_after_learning_on(trained: Learned, some_data: Callable[..., Data]) -> None:
    other = carried(START, trained, CUT)
    now = trained_on(CUT, other, some_data(START, 5))
    back = taken_back((START, trained), (CUT, other), (CUT, now))
    assert back.parameters["hidden.W.input"][2, 1] == trained.parameters["hidden.W.input"][2, 1]
    kept = now.parameters["hidden.W.input"][0, 0]
    assert back.parameters["hidden.W.input"][0, 0] == kept != trained.parameters["hidden.W.input"][0, 0]


@pytest.mark.parametrize("name", [name for name in STRUCTURE if name not in {"an input more"}])
def test_taking_an_edit_back_keeps_what_was_learned_since(
    name: str, trained: Learned, some_data: Callable[..., Data]
) -> None:
    after = STRUCTURE[name](START)
    other = carried(START, trained, after)
    try:
        Trainer(after, some_data(after, 5), other)
    except DocumentError:
        now = other
    else:
        now = trained_on(after, other, some_data(after, 5))
    back = taken_back((START, trained), (after, other), (after, now))
    was, is_, since = (
        by_name(START, trained.parameters),
        by_name(START, back.parameters),
        by_name(after, now.parameters),
    )
    for weight, bits in is_.items():
        assert bits == since.get(weight, was[weight]), weight
    assert back.step == now.step
    assert Trainer(START, some_data(START, 5), back).learned.step == back.step


def test_taking_back_a_weight_set_by_hand(trained: Learned, some_data: Callable[..., Data]) -> None:
    other = with_weight(trained, key="hidden.W.input", index=(0, 0), value=9.0)
    now = trained_on(START, other, some_data(START, 5))
    back = taken_back((START, trained), (START, other), (START, now))
    assert back.parameters["hidden.W.input"][0, 0] == trained.parameters["hidden.W.input"][0, 0]
    assert back.parameters["hidden.W.input"][1, 0] == now.parameters["hidden.W.input"][1, 0]


# ---------------------------------------------------------------- by hand, and back to the start


def test_restarted(trained: Learned) -> None:
    again = restarted(START, trained)
    assert again.same_bits(fresh(START))
    assert again.parameters is again.initial is trained.initial


def test_a_weight_set_by_hand(trained: Learned) -> None:
    made = with_weight(trained, key="hidden.W.input", index=(1, 0), value=0.25)
    assert made.parameters["hidden.W.input"][1, 0] == 0.25
    assert made.initial is trained.initial
    assert trained.parameters["hidden.W.input"][1, 0] != 0.25
    assert made.parameters["hidden2.W.hidden"] is trained.parameters["hidden2.W.hidden"]
    first = with_weight(fresh(START), key="hidden.b", index=(0, 0), value=2.0)
    assert first.initial["hidden.b"][0, 0] == 2.0
    changed = with_initial(trained, key="hidden.b", index=(0, 0), value=2.0)
    assert changed.initial["hidden.b"][0, 0] == 2.0
    assert changed.parameters is trained.parameters


def test_a_first_value_set_by_hand_survives_another_weight() -> None:
    first = with_initial(fresh(START), key="hidden.b", index=(0, 0), value=2.0)
    then = with_weight(first, key="hidden.b", index=(1, 0), value=3.0)
    assert then.initial["hidden.b"][:, 0].tolist() == [2.0, 3.0, 0.0]


def test_same_bits(trained: Learned) -> None:
    assert trained.same_bits(replace(trained))
    assert not trained.same_bits(replace(trained, step=1))
    assert not trained.same_bits(replace(trained, memory={}))
    negative = {**trained.parameters, "output.b": -0.0 * trained.parameters["output.b"]}
    positive = {**trained.parameters, "output.b": 0.0 * trained.parameters["output.b"]}
    assert not replace(trained, parameters=negative).same_bits(replace(trained, parameters=positive))


# ---------------------------------------------------------------- any edits at all


def one_edit(draw: st.DataObject, document: Document) -> Document:
    """A random edit, as a user might make it."""
    ids = [each.id for each in document.layers]
    layer = draw.draw(st.sampled_from(ids))
    source, target = draw.draw(st.sampled_from(ids)), draw.draw(st.sampled_from(ids))
    units = document.layer(layer).units
    unit = draw.draw(st.sampled_from(units))
    ends = {
        "source": source,
        "target": target,
        "sender": draw.draw(st.sampled_from(document.layer(source).units)),
        "receiver": draw.draw(st.sampled_from(document.layer(target).units)),
    }
    place = draw.draw(st.integers(0, len(units)))
    match draw.draw(st.integers(0, 13)):
        case 0:
            return edits.add_layer(document, spec=Spec("dense"), units=draw.draw(st.integers(1, 3)))
        case 1:
            return edits.remove_layer(document, layer=layer)
        case 2:
            return edits.add_unit(document, layer=layer, at=place)
        case 3:
            return edits.remove_units(document, layer=layer, keys=[unit])
        case 4:
            return edits.set_units(document, layer=layer, units=draw.draw(st.integers(1, 4)))
        case 5 | 6:
            return edits.connect(document, source=source, target=target)
        case 7:
            return edits.disconnect(document, source=source, target=target)
        case 8:
            return edits.draw_synapse(document, **ends)
        case 9 | 10:
            return edits.cut_synapse(document, **ends)
        case 11:
            return edits.lock_synapse(document, **ends, locked=draw.draw(st.booleans()))
        case 12:
            kind = draw.draw(st.sampled_from(["gradient_descent", "momentum", "adam"]))
            return edits.set_optimizer(document, spec=Spec(kind))
        case _:
            name, value = draw.draw(
                st.sampled_from([("bias", False), ("bias", True), ("activation", Spec("relu"))])
            )
            if document.layer(layer).spec.kind == "input":
                return document
            return edits.set_knob(document, layer=layer, name=name, value=value)


@pytest.mark.slow
@settings(max_examples=60)
@given(draw=st.data())
def test_any_sequence_of_edits_leaves_a_network_and_what_it_learned(
    some_data: Callable[..., Data], draw: st.DataObject
) -> None:
    document = mlp(2, 2, 1)
    learned = fresh(document)
    for _ in range(draw.draw(st.integers(1, 12))):
        try:
            after = one_edit(draw, document)
        except DocumentError as error:
            assert str(error).endswith(".")
            continue
        if not after.layers:
            continue
        new = carried(document, learned, after)
        check_kept(document, learned, after, new)
        for wire in after.connections:
            receivers, senders = after.layer(wire.target).units, after.layer(wire.source).units
            assert all(to in receivers and come in senders for to, come in wire.cut | wire.locked)
            assert not wire.cut & wire.locked
            assert len(wire.cut) < len(receivers) * len(senders), "a connection without a synapse"
        document, learned = after, new
        try:
            data = some_data(document, 3)
        except DocumentError:
            continue
        trainer = Trainer(document, data, learned)
        before = trainer.learned
        check_kept(document, learned, document, before)
        trainer.advance(2)
        learned = trainer.learned


class TestALayerThatHandsUnitsOn:
    """Dropout or an activation put between two layers, or taken out: the weights behind stay."""

    @pytest.mark.parametrize("kind", ["dropout", "activation"])
    def test_put_in_and_taken_out_again(self, kind: str) -> None:
        document = mlp(2, 3, 1)
        learned = fresh(document)
        between = edits.insert_layer(document, source="hidden", target="output", spec=Spec(kind), id="mid")
        after = carried(document, learned, between)
        assert np.array_equal(after.parameters["output.W.mid"], learned.parameters["output.W.hidden"])
        back = carried(between, after, edits.bridge_layer(between, layer="mid"))
        assert back.parameters.keys() == learned.parameters.keys()
        assert all(np.array_equal(back.parameters[key], value) for key, value in learned.parameters.items())
        assert all(np.array_equal(back.initial[key], value) for key, value in learned.initial.items())

    def test_two_of_them_and_the_memory_of_the_optimizer(self) -> None:
        document = edits.set_optimizer(mlp(2, 3, 1), spec=Spec("momentum"))
        learned = fresh(document)
        memory = {
            name: {key: value + 2.0 for key, value in each.items()} for name, each in learned.memory.items()
        }
        learned = replace(learned, memory=memory)
        made = document
        for id, kind in (("one", "dropout"), ("two", "activation")):
            source = made.incoming("output")[0].source
            made = edits.insert_layer(made, source=source, target="output", spec=Spec(kind), id=id)
        after = carried(document, learned, made)
        assert np.array_equal(after.parameters["output.W.two"], learned.parameters["output.W.hidden"])
        assert all((each["output.W.two"] == 2.0).all() for each in after.memory.values())

    def test_units_that_went_meanwhile_take_their_weights_with_them(self) -> None:
        document = mlp(2, 3, 1)
        learned = fresh(document)
        made = edits.insert_layer(document, source="hidden", target="output", spec=Spec("dropout"), id="mid")
        made = edits.remove_units(made, layer="hidden", keys=[1])
        after = carried(document, learned, made)
        old = learned.parameters["output.W.hidden"]
        assert np.array_equal(after.parameters["output.W.mid"], old[:, [0, 2]])

    def test_a_dense_layer_hands_nothing_on(self) -> None:
        document = mlp(2, 3, 1)
        learned = fresh(document)
        made = edits.insert_layer(
            document, source="hidden", target="output", spec=Spec("dense"), id="mid", units=3
        )
        after = carried(document, learned, made)
        assert np.array_equal(after.parameters["hidden.W.input"], learned.parameters["hidden.W.input"])
        assert not np.array_equal(after.parameters["output.W.mid"], learned.parameters["output.W.hidden"])
