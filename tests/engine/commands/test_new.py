"""``new``: a project with a network to begin with."""

from __future__ import annotations

import pytest

from engine import cli
from engine.architectures import architectures
from engine.core.spec import Spec
from engine.files import open_project


@pytest.mark.parametrize("suffix", [".axon", ".json"])
def test_a_project_is_written_that_can_be_trained(tmp_path, said, answer, suffix):
    path = tmp_path / f"iris{suffix}"
    words = said("new", "mlp", path, "--set", "data=iris", "--set", "units=5")
    assert "3 layers" in words
    assert f"{4 * 5 + 5 + 5 * 3 + 3} weights and biases, data iris" in words
    made = architectures.make(Spec.of("mlp", data="iris", units=5)).document()
    assert open_project(path).document == made
    assert open_project(path).learned.step == 0
    assert answer("info", path)["problems"] == []
    assert answer("train", path, "--epochs", 30)["accuracy"] > 0.8


def test_json_says_what_was_written(tmp_path, answer):
    path = tmp_path / "a.axon"
    found = answer("new", "cnn", path, "--set", "norm=true", "--set", "dropout=0.25")
    assert found["command"] == "new"
    assert found["architecture"] == "cnn"
    assert found["file"] == str(path)
    assert (found["settings"]["norm"], found["settings"]["dropout"]) == (True, 0.25)
    assert found["settings"]["filters"] == 16
    assert found["data"] == {"kind": "digits"}
    assert found["layers"] == len(open_project(path).document.layers)
    assert found["epochs"] == architectures.make("cnn").epochs


def test_a_kind_is_set_by_its_name_or_as_an_object(tmp_path):
    for number, (words, spec) in enumerate(
        [("elu", Spec("elu")), ('{"kind": "elu", "alpha": 2}', Spec.of("elu", alpha=2))]
    ):
        path = tmp_path / f"{number}.axon"
        assert cli.main(["new", "mlp", str(path), "--set", f"activation={words}"]) == 0
        found = open_project(path).document.layer("hidden").spec.get("activation")
        assert (found.kind, float(found.get("alpha", 1.0))) == (spec.kind, float(spec.get("alpha", 1.0)))


def test_what_there_is_is_listed(said, answer):
    words = said("new", "list")
    found = answer("new", "list")["architectures"]
    assert [each["name"] for each in found] == [cls.kind for cls in architectures]
    for each in found:
        assert f"  {each['name']} " in words
        assert each["summary"] in words


def test_the_settings_of_one_are_listed(said, answer):
    words = said("new", "cnn")
    assert "filters=16" in words
    assert "1 to 64" in words
    (filters,) = (each for each in answer("new", "cnn")["settings"] if each["name"] == "filters")
    assert (filters["default"], filters["minimum"], filters["maximum"]) == (16, 1, 64)
    assert "behaviour or features or both" in said("new", "two_tower")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nonsense", "a.axon"], "There is no architecture called 'nonsense': there are perceptron, mlp,"),
        (["nonsense"], "There is no architecture called 'nonsense'"),
        (["cnn", "a.axon", "--set", "units=3"], "has no setting called 'units': there are filters, blocks,"),
        (["cnn", "a.axon", "--set", "filters=many"], "must be a whole number, not 'many'."),
        (["cnn", "a.axon", "--set", "filters=0"], "must be between 1 and 64, not 0."),
        (["cnn", "a.axon", "--set", "filters=true"], "must be a whole number, not True."),
        (["cnn", "a.axon", "--set", "norm=perhaps"], "must be true or false, not 'perhaps'."),
        (["mlp", "a.axon", "--set", "data=cats"], "must be one of digits,"),
        (["mlp", "a.axon", "--set", "activation={"], "Activation cannot be read"),
        (["mlp", "a.axon", "--set", "activation=nonsense"], "no activation called 'nonsense'."),
        (["cnn", "nowhere/a.axon"], "the folder does not exist."),
    ],
)
def test_mistakes_end_with_one_sentence(tmp_path, monkeypatch, capsys, words, sentence):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["new", *words]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert len(err.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_nothing_is_written_over(tmp_path, capsys):
    path = tmp_path / "a.axon"
    path.write_text("mine")
    assert cli.main(["new", "mlp", str(path)]) == 1
    assert "there is something of that name already" in capsys.readouterr().err
    assert path.read_text() == "mine"


def test_a_setting_without_a_value_is_wrong_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["new", "mlp", str(tmp_path / "a.axon"), "--set", "units"])
    assert ended.value.code == 2
    assert "KNOB=VALUE" in capsys.readouterr().err
