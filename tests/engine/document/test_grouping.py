"""Groups of layers: joined, dissolved and renamed, and no number depends on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.core.problems import DocumentError
from engine.document import Document, edits
from engine.document.difference import difference
from engine.document.folding import fold_group, fold_layers, folded_into
from engine.document.grouping import (
    fresh_name,
    group_layers,
    group_of,
    groups,
    members,
    put_in_group,
    rename_group,
    ungroup,
    ungroup_layers,
)
from engine.learned import carried, fresh
from engine.samples import mlp


def grouped(**paths: str) -> Document:
    """2-3-3-1 with layers in groups."""
    document = mlp(2, 3, 3, 1)
    return replace(document, layers=tuple(replace(e, group=paths.get(e.id, "")) for e in document.layers))


def paths(document: Document) -> dict[str, str]:
    return {each.id: each.group for each in document.layers if each.group}


def refused(edit: Callable[..., Document], *args: object, **details: object) -> str:
    with pytest.raises(DocumentError) as caught:
        edit(*args, **details)
    assert str(caught.value).endswith(".")
    return str(caught.value)


def test_layers_become_a_group() -> None:
    document = group_layers(mlp(2, 3, 3, 1), layers=["hidden", "hidden2"], name="  Body\n ")
    assert paths(document) == {"hidden": "Body", "hidden2": "Body"}
    assert groups(document) == ("Body",)
    assert fresh_name(document, "Body") == "Body 1"


def test_a_group_within_the_group_they_have_in_common() -> None:
    document = grouped(hidden="Body", hidden2="Body", output="Body/Head")
    inner = group_layers(document, layers=["hidden", "hidden2"], name="Block")
    assert paths(inner) == {"hidden": "Body/Block", "hidden2": "Body/Block", "output": "Body/Head"}
    outer = group_layers(document, layers=["hidden", "output"], name="All")
    assert paths(outer) == {"hidden": "Body/All", "hidden2": "Body", "output": "Body/All/Head"}
    around = group_layers(document, layers=["input", "hidden"], name="Front")
    assert paths(around)["hidden"] == "Front/Body", "what they were in goes along"
    assert group_of(document, ["hidden", "output"]) == "Body"


def test_a_name_holds_no_stroke_and_is_not_empty() -> None:
    document = group_layers(mlp(2, 3, 1), layers=["hidden"], name="a/b\x00\u202e")
    assert paths(document) == {"hidden": "a b"}
    assert "name" in refused(group_layers, document, layers=["hidden"], name=" / ")
    assert "Select" in refused(group_layers, document, layers=[], name="x")
    longest = group_layers(document, layers=["hidden"], name="x" * 5000)
    assert len(paths(longest)["hidden"].rpartition("/")[2]) == 80
    for _ in range(8):
        longest = group_layers(longest, layers=["hidden"], name="y" * 80)
    assert "deep" in refused(group_layers, longest, layers=["hidden"], name="y" * 80)


def test_a_layer_is_put_into_a_group_by_its_path() -> None:
    document = put_in_group(mlp(2, 3, 1), layers=["hidden"], path=" Encoder / Block\x07 1 //")
    assert paths(document) == {"hidden": "Encoder/Block 1"}
    folded = fold_group(document, path="Encoder")
    assert put_in_group(folded, layers=["hidden"], path="") == mlp(2, 3, 1), "nothing stays folded"


def test_a_group_is_dissolved() -> None:
    document = grouped(hidden="Body/Block", hidden2="Body", output="Head")
    assert paths(ungroup(document, path="Body")) == {"hidden": "Block", "output": "Head"}
    assert paths(ungroup(document, path="Body/Block")) == {
        "hidden": "Body",
        "hidden2": "Body",
        "output": "Head",
    }
    assert "no group" in refused(ungroup, document, path="Bod")


def test_selected_layers_are_ungrouped() -> None:
    document = grouped(hidden="Body/Block", hidden2="Body", output="Head")
    whole = ungroup_layers(document, layers=["hidden", "hidden2", "output"])
    assert paths(whole) == {"hidden": "Block"}, "the outermost groups that are selected as a whole"
    one = ungroup_layers(document, layers=["hidden2"])
    assert paths(one) == {"hidden": "Body/Block", "output": "Head"}, "a part of a group leaves it"
    assert "group" in refused(ungroup_layers, document, layers=["input"])


def test_a_group_is_renamed_with_what_is_in_it() -> None:
    document = grouped(hidden="Body/Block", hidden2="Body", output="Body 2")
    document = fold_group(document, path="Body/Block")
    named = rename_group(document, path="Body", name="Trunk")
    assert paths(named) == {"hidden": "Trunk/Block", "hidden2": "Trunk", "output": "Body 2"}
    assert named.folded == {"Trunk/Block"}
    assert "already" in refused(rename_group, document, path="Body", name="Body 2")
    assert rename_group(document, path="Body", name=" Body ") is document


def test_what_is_folded_goes_with_its_group() -> None:
    document = grouped(hidden="Body/Block", hidden2="Body")
    document = fold_group(fold_group(document, path="Body"), path="Body/Block")
    assert folded_into(document) == {"hidden": "Body", "hidden2": "Body"}
    apart = ungroup(document, path="Body")
    assert apart.folded == {"Block"} and folded_into(apart) == {"hidden": "Block"}
    assert fold_group(document, path="Body", folded=False).folded == {"Body/Block"}
    assert "no group" in refused(fold_group, document, path="Head")
    assert members(document, "Body") == {"hidden", "hidden2"}


def test_none_of_it_changes_a_number() -> None:
    document = mlp(2, 3, 3, 1)
    learned = fresh(document)
    body = group_layers(document, layers=["hidden"], name="Body")
    for after in (
        body,
        fold_group(body, path="Body"),
        fold_layers(document, layers=["hidden", "output"]),
        edits.set_layer(document, layer="hidden", group="Other"),
    ):
        found = difference(document, after)
        assert found and found.only_looks
        assert carried(document, learned, after) is learned
    assert not difference(body, fold_layers(body, layers=["hidden"], folded=False))
