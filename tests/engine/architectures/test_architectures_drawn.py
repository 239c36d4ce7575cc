"""The networks of the course: sizes, groups and settings as the lessons have them."""

from __future__ import annotations

import math

import pytest

from engine.architectures import architectures
from engine.architectures.base import Architecture
from engine.architectures.builder import TITLE
from engine.architectures.diffusion import last_beta
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, Layer
from engine.layout import Layout
from engine.procedures import procedures


def document(name: str, **chosen: object) -> Document:
    return architectures.make(Spec.of(name, **chosen)).document()  # type: ignore[arg-type]


def shapes(found: Document) -> dict[str, tuple[int, ...]]:
    return {id: node.shape for id, node in Layout(found).nodes.items()}


def groups(found: Document) -> list[str]:
    return list(dict.fromkeys(each.group for each in found.layers if each.group))


@pytest.mark.parametrize(
    ("name", "chosen", "parameters"),
    [
        # Σ over the layers of (inputs + 1) · units; a kernel 3x3 has 9 · channels + 1 a filter
        ("mlp", {}, 65 * 32 + 33 * 10),
        ("cnn", {}, 10 * 16 + (16 * 9 + 1) * 32 + (32 * 2 * 2 + 1) * 10),
        ("autoencoder", {}, 65 * 64 + 65 * 32 + 33 * 2 + 3 * 32 + 33 * 64 + 65 * 64),
        ("denoising_autoencoder", {}, 65 * 128 + 129 * 32 + 33 * 128 + 129 * 64),
        ("segmentation", {}, 10 * 8 + 73 * 16 + 145 * 32 + (48 * 9 + 1) * 16 + (24 * 9 + 1) * 8 + 9 * 3),
        ("gan", {}, 3 * 64 + 65 * 64 + 65 * 2 + 3 * 64 + 65 * 64 + 65),
        ("diffusion", {}, 19 * 128 + 2 * 129 * 128 + 129 * 2),
        # gates r, z, n: W (48, 16), U (48, 48), one bias each and one more for the state of n
        ("language_model", {"data": "names", "units": 48}, 27 * 16 + 3 * 48 * (16 + 48 + 1) + 48 + 49 * 27),
        ("sequence_tagger", {}, 2 * 12 * (1 + 12 + 1) + 25 * 2),
        ("perceptron", {}, 3),
    ],
)
def test_parameters_are_those_of_the_lesson(name: str, chosen: dict[str, object], parameters: int) -> None:
    assert Layout(document(name, **chosen)).size == parameters


def test_a_transformer_block_has_four_square_matrices_and_a_dense_part_four_times_as_wide() -> None:
    d, symbols = 48, 11
    block = 4 * d * (d + 1) + (d + 1) * 4 * d + (4 * d + 1) * d + 4 * d
    every = symbols * d + (d + 1) * symbols
    assert Layout(document("transformer")).size == every + 2 * block + 2 * d
    assert Layout(document("transformer", norm="after")).size == every + 2 * block


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("cnn", ["Block 1", "Block 2"]),
        ("transformer", ["Block 1", "Block 2"]),
        ("autoencoder", ["Encoder", "Decoder"]),
        ("denoising_autoencoder", ["Encoder", "Decoder"]),
        ("segmentation", ["Encoder", "Decoder"]),
        ("gan", ["Generator", "Discriminator"]),
        ("two_tower", ["User tower", "Item tower"]),
    ],
)
def test_groups_are_called_as_in_the_lecture(name: str, said: list[str]) -> None:
    assert groups(document(name)) == said


def test_the_norm_stands_before_or_behind_its_part() -> None:
    before = Layout(document("transformer", blocks=1)).nodes
    ways = {id: node.inputs for id, node in before.items()}
    assert ways["norm"] == ("position",)
    assert ways["attention"] == ("norm",)
    assert ways["add"] == ("position", "attention")
    assert ways["norm2"] == ("add",)
    assert ways["add2"] == ("add", "hidden2")
    assert ways["output"] == ("norm3",)
    after = Layout(document("transformer", blocks=1, norm="after")).nodes
    ways = {id: node.inputs for id, node in after.items()}
    assert ways["attention"] == ("position",)
    assert ways["norm"] == ("add",)
    assert ways["add2"] == ("norm", "hidden2")
    assert ways["output"] == ("norm2",)


def test_the_attention_of_a_language_model_looks_back_only() -> None:
    kinds = {each.spec.get("causal") for each in document("transformer").of_kind("attention")}
    assert kinds == {True}
    assert {each.spec.get("causal") for each in document("vit").of_kind("attention")} == {False}


def test_the_features_of_attention_are_a_multiple_of_the_heads() -> None:
    assert shapes(document("transformer", d=50, heads=4))["embedding"][0] == 48
    assert shapes(document("vit", d=33, heads=8))["patches"] == (32, 16)


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_a_u_joins_maps_of_the_same_size(levels: int) -> None:
    found = document("segmentation", levels=levels, filters=4)
    layout = Layout(found)
    smallest = min(node.shape[-1] for node in layout.nodes.values())
    assert smallest == 32 // 2**levels
    joined = [node for node in layout.nodes.values() if node.layer.spec.kind == "concatenate"]
    assert len(joined) == levels
    for node in joined:
        up, across = (layout.nodes[each] for each in node.inputs)
        assert up.shape[0] == 2 * across.shape[0]
    assert layout.output.shape == (3, 32, 32)
    assert not list(document("segmentation", shortcuts=False).of_kind("concatenate"))


def test_the_code_is_the_narrowest_layer() -> None:
    found = shapes(document("autoencoder", code=3))
    assert [shape[0] for shape in found.values()] == [64, 64, 32, 3, 32, 64, 64]


@pytest.mark.parametrize("steps", [10, 50, 100, 200])
def test_diffusion_leaves_nothing_of_the_example(steps: int) -> None:
    """ᾱ_T < 0.01, multiplied out here: Π (1 − β_t) with β in equal steps."""
    betas = [1e-4 + (last_beta(steps) - 1e-4) * t / (steps - 1) for t in range(steps)]
    assert math.prod(1.0 - beta for beta in betas) < 0.01
    procedure = procedures.make(document("diffusion", steps=steps).training.procedure)
    assert procedure.advice(Layout(document("diffusion", steps=steps))) == ""


def test_only_data_with_classes_is_made_by_class() -> None:
    for data, inputs in (("swiss_roll", 2), ("moons", 3), ("digits", 3)):
        found = document("diffusion", data=data, conditional=True)
        assert len(Layout(found).inputs) == inputs
        assert found.training.procedure.get("conditional") is (inputs == 3)


def test_the_first_memory_reaches_the_gate_that_keeps() -> None:
    for cell, knob in (("lstm", "forget_bias"), ("gru", "update_bias")):
        found = document("sequence_classifier", data="recall", cell=cell, memory=3.0)
        assert found.layer(cell).spec.get(knob) == 3.0
    assert document("sequence_classifier", cell="rnn", memory=3.0).layer("rnn").spec == Spec("rnn")


def test_the_number_of_a_user_begins_without_a_bias_of_its_own() -> None:
    from engine.learned import fresh

    found = document("two_tower")
    learned = fresh(found)
    names = {each.id: each.name for each in found.of_kind("embedding")}
    biases = [id for id, name in names.items() if name == "Bias"]
    assert len(biases) == 2
    for id in biases:
        assert not learned.parameters[f"{id}.W"].any()


@pytest.mark.parametrize("user", ["behaviour", "features", "both"])
def test_towers_meet_in_one_number(user: str) -> None:
    found = document("two_tower", user=user)
    layout = Layout(found)
    (dot,) = (node for node in layout.nodes.values() if node.layer.spec.kind == "dot_product")
    assert [layout.nodes[each].shape for each in dot.inputs] == [(6,), (6,)]
    assert dot.shape == (1,)
    assert data_of(found).n == 8


@pytest.mark.parametrize("kind", list(architectures))
def test_no_other_layer_stands_among_those_of_a_group(kind: type[Architecture]) -> None:
    """So a frame can be drawn round every group: of all choices that an architecture is judged by."""
    for architecture in kind.judged():
        found = architecture.document()
        for group in groups(found):
            inside = [each for each in found.layers if f"{each.group}/".startswith(f"{group}/")]
            left, right = min(each.x for each in inside), max(each.x for each in inside)
            top = min(each.y - half_of(each) for each in inside)
            bottom = max(each.y + half_of(each) for each in inside)
            for each in found.layers:
                if each not in inside and left <= each.x <= right:
                    assert not (each.y + half_of(each) > top and each.y - half_of(each) < bottom), (
                        group,
                        each.id,
                    )


def half_of(layer: Layer) -> float:
    """Half the height of a column of at most twelve neurons; of a block at least."""
    return 84.0 * min(layer.size, 12) / 2 if layer.spec.kind in {"input", "dense", "noise"} else 65.0


@pytest.mark.parametrize("user", ["behaviour", "features", "both"])
def test_the_towers_hold_their_biases_and_leave_room_for_a_title_between_them(user: str) -> None:
    layers = document("two_tower", user=user).layers
    assert sum(each.name == "Bias" and each.group != "" for each in layers) == 2
    lowest = max(each.y for each in layers if each.group == "User tower")
    highest = min(each.y for each in layers if each.group == "Item tower")
    assert highest - lowest >= 230 + TITLE
