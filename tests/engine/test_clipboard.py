"""Copies of pieces of a network: what comes along, under which names, and as text."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import AxonError, DocumentError, FileError
from engine.core.spec import Spec
from engine.document import Connection, Document, edits
from engine.document.clipboard import Clip, duplicated, put, taken
from engine.ends import hidden_instead, instead_of_outputs
from engine.files.clipboard import (
    MOST_NUMBERS,
    MOST_TEXT,
    check_length,
    from_text,
    to_text,
    why_without_weights,
)
from engine.learned import Learned, carried, fresh, settled, taken_along, twinned, with_weight
from engine.predict import Predictor
from engine.samples import first_light, mlp


def clip_of(document: Document, learned: Learned, **what: object) -> Clip:
    piece = taken(document, **what)  # type: ignore[arg-type]
    return Clip(piece, *taken_along(document, learned, piece))


def learned_of(document: Document) -> Learned:
    """Not as drawn: every number is another one, and the first weights differ from the present."""
    first = fresh(document)
    changed = {
        key: value + np.arange(value.size).reshape(value.shape) for key, value in first.parameters.items()
    }
    return replace(first, parameters=changed)


def predicted(document: Document, learned: Learned) -> np.ndarray:
    return Predictor(document, learned)(np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]))


class TestTaking:
    def test_layers_with_the_synapses_among_them(self) -> None:
        document = edits.lock_synapse(first_light(), source="hidden", sender=2, target="output", receiver=0)
        piece = taken(document, layers={"hidden", "output"})
        assert [each.id for each in piece.layers] == ["hidden", "output"]
        assert piece.connections == (Connection("hidden", "output", locked=frozenset({(0, 2)})),)
        assert piece.table is None and piece.data == Document().data

    def test_single_units_make_a_smaller_layer(self) -> None:
        document = edits.cut_synapse(first_light(), source="input", sender=1, target="hidden", receiver=3)
        piece = taken(document, layers={"input"}, units=[("hidden", 3), ("hidden", 1)])
        assert piece.layer("hidden").units == (1, 3)
        assert piece.connection("input", "hidden") == Connection("input", "hidden", frozenset({(3, 1)}))

    def test_a_connection_of_cut_synapses_only_stays_behind(self) -> None:
        document = first_light()
        document = edits.cut_synapse(document, source="hidden", sender=1, target="output", receiver=0)
        assert not taken(document, layers={"output"}, units=[("hidden", 1)]).connections

    def test_nothing_is_refused(self) -> None:
        with pytest.raises(DocumentError, match="nothing to copy"):
            taken(first_light(), layers=())

    def test_a_note_comes_along_with_its_layer(self) -> None:
        from engine.document.notes import add_note

        document = add_note(first_light(), text="The curve bends here", layer="hidden", unit=2)
        document = add_note(document, text="elsewhere", x=5.0)
        piece = taken(document, layers=(), units=[("hidden", 0), ("hidden", 2)])
        assert [each.text for each in piece.notes] == ["The curve bends here"]
        found = put(document, piece)
        new = found.document.notes[-1]
        assert (new.layer, new.unit) == (found.names["hidden"], 1)
        assert len({each.id for each in found.document.notes}) == 3


class TestPutting:
    def test_ids_names_and_keys_are_counted_anew(self) -> None:
        document = edits.rename_layer(first_light(), layer="hidden", name="Edges")
        document = edits.remove_units(document, layer="hidden", keys=[0])
        document = edits.cut_synapse(document, source="input", sender=0, target="hidden", receiver=3)
        found = put(document, taken(document, layers={"input", "hidden"}), dx=10.0, dy=300.0)
        assert found.names == {"input": "input2", "hidden": "hidden2"}
        new = found.document.layer("hidden2")
        assert (new.units, new.name, new.x, new.y) == ((0, 1, 2), "Edges 2", 230.0, 300.0)
        wire = found.document.connection("input2", "hidden2")
        assert wire is not None and wire.cut == {(2, 0)}
        again = put(found.document, taken(found.document, layers={"hidden2"}))
        assert again.names == {"hidden2": "hidden3"}
        assert again.document.layer("hidden3").name == "Edges 3"

    def test_into_an_empty_network_nothing_is_renamed(self) -> None:
        document = first_light()
        found = put(Document(), taken(document, layers={each.id for each in document.layers}))
        assert found.document.layers == document.layers
        assert found.document.connections == document.connections

    def test_a_whole_group_becomes_another_group_and_a_single_layer_joins_its_own(self) -> None:
        document = first_light()
        for id in ("hidden", "output"):
            document = edits.set_layer(document, layer=id, group="Encoder/Block 1")
        both = put(document, taken(document, layers={"hidden", "output"})).document
        assert [each.group for each in both.layers[3:]] == ["Encoder 2/Block 1"] * 2
        one = put(document, taken(document, layers={"hidden"})).document
        assert one.layers[-1].group == "Encoder/Block 1"

    def test_a_folded_group_is_folded_again(self) -> None:
        document = first_light()
        for id in ("hidden", "output"):
            document = edits.set_layer(document, layer=id, group="Encoder")
        document = replace(document, folded=frozenset({"Encoder"}))
        found = put(document, taken(document, layers={"hidden", "output"})).document
        assert found.folded == {"Encoder", "Encoder 2"}

    def test_a_second_output_becomes_the_hidden_layer_that_it_is_made_from(self) -> None:
        document = first_light()
        piece = taken(document, layers={"output"})
        instead = instead_of_outputs(document, piece)
        assert instead["output"].kind == "dense"
        assert instead["output"].get("activation") == Spec("sigmoid")
        found = put(document, piece, instead=instead).document
        assert len(list(found.of_kind("output"))) == 1
        assert not instead_of_outputs(Document(), piece)
        assert hidden_instead(Spec("mcp_output")).kind == "mcp"

    def test_two_outputs_in_one_piece(self) -> None:
        document = edits.add_layer(first_light(), spec=Spec("output"), id="other")
        assert list(instead_of_outputs(Document(), taken(document, layers={"output", "other"}))) == ["other"]


class TestWeights:
    def test_weights_and_first_weights_come_along(self) -> None:
        document = first_light()
        learned = learned_of(document)
        clip = clip_of(document, learned, layers={"input", "hidden"})
        found = put(document, clip.document)
        after = settled(
            carried(document, learned, found.document), clip.parameters, clip.initial, found.names
        )
        for new, old in (("hidden2.W.input2", "hidden.W.input"), ("hidden2.b", "hidden.b")):
            assert np.array_equal(after.parameters[new], learned.parameters[old])
            assert np.array_equal(after.initial[new], learned.initial[old])
            assert np.array_equal(after.parameters[old], learned.parameters[old])

    def test_single_units_take_their_rows_and_columns(self) -> None:
        document = first_light()
        learned = learned_of(document)
        clip = clip_of(document, learned, layers={"input", "output"}, units=[("hidden", 3), ("hidden", 1)])
        assert np.array_equal(clip.parameters["hidden.W.input"], learned.parameters["hidden.W.input"][[1, 3]])
        assert np.array_equal(
            clip.parameters["output.W.hidden"], learned.parameters["output.W.hidden"][:, [1, 3]]
        )

    def test_in_single_precision_too(self) -> None:
        document = first_light()
        clip = clip_of(document, learned_of(document), layers={"input", "hidden"})
        goal = replace(document, training=replace(document.training, precision="single"))
        found = put(goal, clip.document)
        before = fresh(goal)
        after = settled(before, clip.parameters, clip.initial, {id: id for id in found.names})
        assert all(after.parameters[key].dtype == value.dtype for key, value in before.parameters.items())

    def test_what_does_not_fit_is_left_as_it_is(self) -> None:
        document = first_light()
        learned = fresh(document)
        after = settled(learned, {"hidden.b": np.zeros((9, 1)), "nobody.b": np.zeros((1, 1))}, {}, {})
        assert after.same_bits(learned)


class TestDuplicating:
    def test_a_layer_is_fed_as_its_original_and_changes_no_prediction(self) -> None:
        document = edits.lock_synapse(first_light(), source="input", sender=0, target="hidden", receiver=1)
        learned = learned_of(document)
        found = duplicated(document, layers={"hidden"}, dy=200.0)
        wire = found.document.connection("input", "hidden2")
        assert wire is not None and wire.locked == {(1, 0)}
        assert not found.document.outgoing("hidden2")
        after = twinned(found.document, carried(document, learned, found.document), found.names, found.units)
        assert np.array_equal(after.parameters["hidden2.W.input"], learned.parameters["hidden.W.input"])
        assert np.array_equal(after.initial["hidden2.b"], learned.initial["hidden.b"])
        assert np.array_equal(predicted(found.document, after), predicted(document, learned))

    def test_twins_of_units_have_the_same_synapses_on_both_sides(self) -> None:
        document = edits.cut_synapse(first_light(), source="input", sender=1, target="hidden", receiver=2)
        document = edits.lock_synapse(document, source="hidden", sender=2, target="output", receiver=0)
        learned = learned_of(document)
        found = duplicated(document, layers=(), units=[("hidden", 2), ("hidden", 0)])
        assert found.units == {"hidden": {4: 0, 5: 2}}
        made = found.document
        assert made.layer("hidden").units == (0, 1, 2, 4, 5, 3), "below the last of their originals"
        wire, behind = made.connection("input", "hidden"), made.connection("hidden", "output")
        assert wire is not None and wire.cut == {(2, 1), (5, 1)}
        assert behind is not None and behind.locked == {(0, 2), (0, 5)}
        after = twinned(made, carried(document, learned, made), found.names, found.units)
        W = after.parameters["hidden.W.input"]
        assert np.array_equal(W[3:5], W[[0, 2]])
        V = after.parameters["output.W.hidden"]
        assert np.array_equal(V[:, 3:5], V[:, [0, 2]])
        assert np.array_equal(V[:, [0, 1, 2, 5]], learned.parameters["output.W.hidden"])

    def test_twins_seen_through_a_layer_that_hands_units_on(self) -> None:
        document = edits.insert_layer(first_light(), source="hidden", target="output", spec=Spec("dropout"))
        learned = learned_of(document)
        found = duplicated(document, layers=(), units=[("hidden", 1)])
        after = twinned(found.document, carried(document, learned, found.document), found.names, found.units)
        V = after.parameters["output.W.dropout"]
        assert V.shape == (1, 5)
        assert V[0, 2] == V[0, 1]

    def test_the_memory_of_the_optimizer_comes_along(self) -> None:
        document = edits.set_optimizer(first_light(), spec=Spec("adam"))
        learned = fresh(document)
        memory = {
            name: {key: value + 1.5 for key, value in part.items()} for name, part in learned.memory.items()
        }
        learned = replace(learned, memory=memory)
        found = duplicated(document, layers={"hidden"})
        after = twinned(found.document, carried(document, learned, found.document), found.names, found.units)
        assert all((part["hidden2.W.input"] == 1.5).all() for part in after.memory.values())

    def test_no_layer_grows_beyond_what_is_allowed(self) -> None:
        document = edits.set_units(first_light(), layer="hidden", units=edits.MOST_UNITS)
        with pytest.raises(DocumentError, match="at most"):
            duplicated(document, layers=(), units=[("hidden", 0)])


class TestAsText:
    def test_there_and_back(self) -> None:
        document = edits.rename_layer(first_light(), layer="hidden", name="Größe <b>")
        document = edits.lock_synapse(document, source="hidden", sender=2, target="output", receiver=0)
        clip = clip_of(document, learned_of(document), layers={"hidden", "output"}, units=[("input", 1)])
        back = from_text(to_text(clip))
        assert back.document.layers == clip.document.layers
        assert back.document.connections == clip.document.connections
        for key, value in clip.parameters.items():
            assert np.array_equal(back.parameters[key], value)
            assert np.array_equal(back.initial[key], clip.initial[key])

    def test_layers_that_are_not_connected_stay_so(self) -> None:
        piece = taken(first_light(), layers={"input", "output"})
        assert not from_text(to_text(Clip(piece))).document.connections

    def test_any_project_can_be_pasted(self) -> None:
        clip = from_text('{"layers": [2, 3, 1], "parameters": {"hidden.b": ["1/3", 0, 1]}}')
        assert [each.size for each in clip.document.layers] == [2, 3, 1]
        assert clip.parameters["hidden.b"][0, 0] == 1 / 3

    def test_very_many_weights_stay_out_of_the_text(self) -> None:
        document = mlp(400, 300, 1)
        clip = clip_of(document, fresh(document), layers={"input", "hidden"})
        assert sum(value.size for value in clip.parameters.values()) * 2 > MOST_NUMBERS
        assert "too many" in why_without_weights(clip)
        assert not from_text(to_text(clip)).parameters

    def test_weights_that_are_no_numbers_stay_out_of_the_text(self) -> None:
        document = first_light()
        learned = with_weight(fresh(document), key="hidden.b", index=(0, 0), value=float("nan"))
        clip = clip_of(document, learned, layers={"input", "hidden"})
        assert "no numbers" in why_without_weights(clip)
        assert not from_text(to_text(clip)).parameters

    HOSTILE = (
        "",
        "hello",
        "{",
        "[1, 2]",
        "{}",
        '{"layers": []}',
        '{"layers": [2, {"units": 5000}]}',
        '{"layers": [4000, 4000, 4000]}',
        '{"layers": [2, 3, 1], "parameters": {"hidden.W": [[NaN, 1]]}}',
        '{"layers": [2, 3, 1], "parameters": {"hidden.W": [[1e999, 1], [1, 1], [1, 1]]}}',
        '{"layers": [2, 3, 1], "parameters": {"hidden.W": [[1, 1]]}}',
        '{"layers": [2, 3, 1], "parameters": 7}',
        '{"layers": [{"kind": "__import__"}]}',
        '{"layers": [{"kind": "dense", "activation": {"kind": "tanh", "x": 1}}]}',
        '{"layers": [{"id": "a"}, {"id": "b"}], "connections": [{"source": "a", "target": "z"}]}',
        '{"layers": [{"id": "a", "kind": "dense"}, {"id": "b", "kind": "dense"}], "connections": '
        '[{"source": "a", "target": "b"}, {"source": "b", "target": "a"}]}',
        '{"format": "something-else", "layers": [1]}',
        '{"version": 99, "layers": [1]}',
        '{"layers": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"layers": [1], "layers": [2]}',
        '{"layers": [{"name": "\\ud800"}]}',
        "\ud800{",
        '{"layers": [' + ", ".join(["1"] * 500) + "]}",
    )

    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_hostile_text_gives_one_sentence(self, text: str) -> None:
        with pytest.raises(FileError) as caught:
            from_text(text)
        said = str(caught.value)
        assert said.startswith("The clipboard holds no layers that Axon can read: ")
        assert len(said) <= 200 and said.count("\n") == 0 and said.endswith(".")

    def test_long_text_is_not_even_looked_at(self) -> None:
        with pytest.raises(FileError, match="too much"):
            from_text("{" + " " * MOST_TEXT)
        with pytest.raises(AxonError, match="too much"):
            check_length(MOST_TEXT + 1)

    def test_random_damage_never_ends_in_a_traceback(self) -> None:
        text = to_text(clip_of(first_light(), fresh(first_light()), layers={"hidden", "output"}))
        rng = np.random.default_rng(4)
        for _ in range(150):
            at, letter = int(rng.integers(len(text))), chr(int(rng.integers(32, 126)))
            damaged = text[:at] + letter + text[at + int(rng.integers(3)) :]
            try:
                found = from_text(damaged)
            except FileError:
                continue
            assert found.document.layers

    def test_what_is_written_is_plain_json(self) -> None:
        found = json.loads(to_text(Clip(taken(first_light(), layers={"hidden"}))))
        assert found["format"] == "axon-project"
        assert "data" not in found and "training" not in found and "view" not in found
