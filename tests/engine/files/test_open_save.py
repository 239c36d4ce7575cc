"""What was saved comes back bit for bit, from archives and from plain JSON."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from engine.core.problems import FileError
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.files import Project, from_bytes, from_text, open_project, save_project, to_text
from engine.learned import Learned, fresh, frozen
from engine.samples import first_light, mlp
from engine.trainer import Trainer


def assert_same(one: Project, two: Project) -> None:
    assert replace(one.document, table=None) == replace(two.document, table=None)
    assert one.learned.same_bits(two.learned)
    assert dict(one.view) == dict(two.view)
    assert one.curve.tobytes() == two.curve.tobytes()
    assert (one.curve_start, one.walk) == (two.curve_start, two.walk)
    left, right = one.document.table, two.document.table
    if left is None or right is None:
        assert left is right
        return
    assert left.X.tobytes() == right.X.tobytes()
    assert left.Y.tobytes() == right.Y.tobytes()
    for name in ("features", "targets", "task", "classes", "source"):
        assert getattr(left, name) == getattr(right, name)


@pytest.mark.parametrize("suffix", [".axon", ".json"])
def test_everything_comes_back(trained, tmp_path, suffix):
    path = tmp_path / f"prüfung{suffix}"
    save_project(trained, path)
    assert_same(trained, open_project(path))


@pytest.mark.parametrize("suffix", [".axon", ".json"])
def test_the_same_project_gives_the_same_bytes(trained, tmp_path, suffix):
    one, two = tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"
    save_project(trained, one)
    save_project(open_project(one), two)
    assert one.read_bytes() == two.read_bytes()


def test_training_goes_on_as_if_nothing_had_been_saved(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    opened = open_project(tmp_path / "a.axon")
    trainers = [Trainer(each.document, data_of(each.document), each.learned) for each in (trained, opened)]
    for trainer in trainers:
        trainer.advance(20)
    assert trainers[0].learned.same_bits(trainers[1].learned)


def test_arrays_are_read_only(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    opened = open_project(tmp_path / "a.axon")
    arrays = [*opened.learned.parameters.values(), *opened.learned.memory["v"].values(), opened.curve]
    assert not any(array.flags.writeable for array in arrays)
    assert opened.document.table is not None
    assert not opened.document.table.X.flags.writeable


def test_a_new_project_shares_parameters_and_first_values(tmp_path):
    project = Project.new(first_light())
    save_project(project, tmp_path / "a.axon")
    learned = open_project(tmp_path / "a.axon").learned
    assert learned.initial is learned.parameters
    assert "initial" not in json.loads(to_text(project))


def test_minus_zero_is_not_taken_for_zero():
    document = mlp(1, 1)
    plus, minus = fresh(document).parameters, {}
    for key, value in plus.items():
        minus[key] = frozen(np.full_like(value, -0.0))
    zero = {key: frozen(np.zeros_like(value)) for key, value in plus.items()}
    project = Project(document, Learned(zero, minus, {}, 1, 1))
    assert from_text(to_text(project)).learned.same_bits(project.learned)


def test_single_precision_stays_single(tmp_path):
    project = Project.new(first_light())
    single = {key: frozen(value.astype(np.float32)) for key, value in project.learned.parameters.items()}
    save_project(Project(project.document, Learned(single, single)), tmp_path / "a.axon")
    assert open_project(tmp_path / "a.axon").learned.parameters["hidden.b"].dtype == np.float32


def test_incomplete_networks_can_be_saved(tmp_path):
    from engine.document import Document, edits

    for document in (
        Document(),
        edits.add_layer(Document(), spec=Spec("dense")),
        edits.add_layer(edits.add_layer(Document(), spec=Spec("output")), spec=Spec("input")),
        replace(first_light(), data=Spec("table")),
    ):
        save_project(Project.new(document), tmp_path / "a.axon")
        assert open_project(tmp_path / "a.axon").document == document


def test_the_content_says_what_it_is_not_the_name(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    save_project(trained, tmp_path / "b.json")
    (tmp_path / "a.axon").replace(tmp_path / "c")
    (tmp_path / "b.json").replace(tmp_path / "a.axon")
    assert_same(open_project(tmp_path / "c"), open_project(tmp_path / "a.axon"))


def test_from_bytes_reads_both_forms(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    assert_same(trained, from_bytes((tmp_path / "a.axon").read_bytes()))
    assert_same(trained, from_bytes(to_text(trained).encode()))


def test_extra_entries_are_left_alone(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    with zipfile.ZipFile(tmp_path / "a.axon", "a") as archive:
        archive.writestr("__MACOSX/._project.json", b"\0")
        archive.writestr("arrays/parameters/ghost.b.npy", b"nonsense")
        archive.writestr("arrays/", b"")
    assert_same(trained, open_project(tmp_path / "a.axon"))


def test_a_packed_archive_is_read_too(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    with (
        zipfile.ZipFile(tmp_path / "a.axon") as source,
        zipfile.ZipFile(tmp_path / "b.axon", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            target.writestr(name, source.read(name))
    assert_same(trained, open_project(tmp_path / "b.axon"))


def test_json_is_readable(trained, tmp_path):
    save_project(trained, tmp_path / "a.axon")
    with zipfile.ZipFile(tmp_path / "a.axon") as archive:
        words = archive.read("project.json").decode()
    assert words.startswith('{\n  "format": "axon-project",\n  "version": 3,\n')
    assert '    {"source": "input", "target": "hidden", "locked": [[1, 1]]},\n' in words
    assert "网络" in words


# -------------------------------------------------------------------- what cannot be saved


def test_infinite_weights_are_not_saved(tmp_path):
    project = Project.new(first_light())
    parameters = dict(project.learned.parameters)
    parameters["output.b"] = frozen(np.array([[np.inf]]))
    with pytest.raises(FileError, match=r"^'a.axon' cannot be saved: the weights output\.b have a number"):
        save_project(
            replace(project, learned=replace(project.learned, parameters=parameters)), tmp_path / "a.axon"
        )
    assert list(tmp_path.iterdir()) == []


def test_an_infinite_memory_can_be_saved_in_an_archive_only(tmp_path):
    project = Project.new(mlp(1, 1, optimizer=Spec("momentum")))
    endless = {
        "v": {key: frozen(np.full_like(value, np.inf)) for key, value in project.learned.parameters.items()}
    }
    project = replace(project, learned=replace(project.learned, memory=endless))
    save_project(project, tmp_path / "a.axon")
    assert open_project(tmp_path / "a.axon").learned.same_bits(project.learned)
    with pytest.raises(FileError, match=r"save it as an \.axon file"):
        save_project(project, tmp_path / "a.json")


@pytest.mark.parametrize(
    "view", [{"a": object()}, {"a": float("nan")}, {"a": "\ud800"}, {"a": "x" * 2_000_000}]
)
def test_impossible_views_are_refused(tmp_path, view):
    with pytest.raises(FileError, match="cannot be saved"):
        save_project(replace(Project.new(first_light()), view=view), tmp_path / "a.axon")


def test_learned_of_another_network_is_refused(tmp_path):
    project = Project(mlp(2, 3, 1), fresh(mlp(2, 4, 1)))
    with pytest.raises(FileError, match=r"hidden\.W\.input must be 3 x 2, not 4 x 2"):
        save_project(project, tmp_path / "a.axon")
