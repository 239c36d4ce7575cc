"""Other runs in a project file: their curves come back, and nonsense is refused in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.core.problems import FileError
from engine.core.spec import Spec
from engine.document import edits
from engine.files import Project, from_text, open_project, save_project, to_text
from engine.samples import first_light
from engine.session import Advance, Ask, Edit, GoTo, Mailbox, NameRun, Open, Seek
from engine.session.probes import State
from engine.session.worker import Worker

OLD = Path(__file__).parent / "old" / "version2.json"


def saved(worker: Worker) -> Project:
    """As the window saves it."""
    worker.obey(Ask(1, State()))
    learned, curve, _, runs, run = worker.mailbox.take()[1][0].answer
    back_to = worker.timeline.start
    return Project(worker.now.document, learned, {}, curve.values, curve.start, None, back_to, runs, run)


@pytest.fixture
def worker() -> Worker:
    """Run 1 of 60 updates; off it at 20 run 2 of 50, with another learning rate."""
    made = Worker(Mailbox())
    made.obey(Open(1, first_light()))
    made.obey(Advance(60))
    made.obey(Seek(20))
    faster = edits.set_optimizer(first_light(), spec=Spec.of("gradient_descent", learning_rate=2.0))
    made.obey(Edit(2, 1, faster))
    made.obey(Advance(30))
    made.obey(NameRun(1, "Längere"))
    return made


@pytest.mark.parametrize("suffix", [".axon", ".json"])
def test_all_curves_come_back(worker: Worker, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"two{suffix}"
    save_project(saved(worker), file)
    found = open_project(file)
    assert [(each.number, each.name, each.parent, each.fork) for each in found.runs] == [
        (1, "Längere", None, 0),
        (2, "run 2", 1, 20),
    ]
    assert found.run == 2 and found.runs[2].change == "learning rate 0.5 → 2"
    for number in (1, 2):
        assert found.runs[number].values.tobytes() == worker.branching.runs[number].values.tobytes()
    again = tmp_path / f"again{suffix}"
    save_project(found, again)
    assert again.read_bytes() == file.read_bytes()


def test_an_opened_run_goes_on_and_the_others_are_curves(worker: Worker, tmp_path: Path) -> None:
    save_project(saved(worker), tmp_path / "two.axon")
    found = open_project(tmp_path / "two.axon")
    other = Worker(Mailbox())
    curve = worker.branching.run.curve.copy()
    other.obey(Open(1, found.document, found.learned, curve, found.origin, found.runs, found.run))
    other.obey(Advance(10))
    worker.obey(Advance(10))
    assert other.now.learned.same_bits(worker.now.learned)
    assert other.branching.run.values.tobytes() == worker.branching.run.values.tobytes()
    other.obey(GoTo(2, 1, 1, 40, found.document))
    _, _, said = other.mailbox.take()
    assert said == ["Of Längere only the curve is kept, not the weights: you cannot go there."]
    assert other.branching.number == 2 and other.now.learned.same_bits(worker.now.learned)


def test_standing_in_an_earlier_stretch_the_later_one_is_saved_too(worker: Worker) -> None:
    slower = edits.set_optimizer(first_light(), spec=Spec.of("gradient_descent", learning_rate=0.1))
    worker.obey(Edit(3, 2, slower))
    worker.obey(Advance(25))
    whole = worker.branching.run.values.copy()
    earlier = worker.branching.runs[2].legs[0].document
    worker.obey(GoTo(4, 3, 2, 35, earlier))
    project = from_text(to_text(saved(worker)))
    assert project.runs[2].values.tobytes() == whole.tobytes() and len(whole) == 75
    assert project.run == 3 and project.runs[3].parent == 2 and project.runs[3].fork == 35
    assert project.curve.tobytes() == whole[:35].tobytes()


def test_one_plain_run_needs_no_words(worker: Worker) -> None:
    alone = Worker(Mailbox())
    alone.obey(Open(1, first_light()))
    alone.obey(Advance(5))
    assert "runs" not in json.loads(to_text(saved(alone)))


def test_a_file_of_version_2_opens() -> None:
    project = from_text(OLD.read_text("utf-8"))
    assert len(project.runs) == 0 and project.learned.step == 3 and len(project.curve) == 3
    assert len(project.document.notes) == 1


def run(**fields: object) -> dict[str, object]:
    return {"number": 1, "name": "run 1", "present": True, **fields}


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        ([run(), run(name="b", present=False, values=[])], "there are two with the number 1"),
        ([run(), run(number=2, present=False, values=[])], "two are called run 1"),
        ([run(), run(number=2, name="b", values=[])], "only one of them can be the present one"),
        ([run(present=False, values=[1])], "one of them must be the present one"),
        ([run(parent=1)], "run 1 branches off a run that is not before it"),
        ([run(parent=7)], "run 1 branches off a run that is not before it"),
        ([run(), run(number=2, name="b", present=False)], "runs/2 is missing"),
        ([run(), run(number=2, name="b", present=False, values=["x"])], "where a number must stand"),
        ([run(name="")], "must not be empty"),
        ([run(name="a\u202eb")], "cannot be shown"),
        ([run(name=41 * "a")], "at most 40"),
        ([run(number=0)], "at least 1"),
        ([run(fork=-1)], "at least 0"),
        (13 * [run()], "at most 12"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_one_sentence(runs: list[object], sentence: str) -> None:
    with pytest.raises(FileError) as error:
        from_text(json.dumps({"layers": [2, 1], "runs": runs}))
    said = str(error.value)
    assert sentence in said and len(said) <= 200 and said.count(". ") == 0


def test_a_curve_that_is_no_number_is_not_saved(worker: Worker, tmp_path: Path) -> None:
    project = saved(worker)
    bad = replace(project.runs[1], curve=type(project.runs[1].curve).of(np.array([1.0, np.nan])))
    with pytest.raises(FileError, match="infinite or not a number"):
        save_project(replace(project, runs=project.runs.with_(bad)), tmp_path / "bad.axon")
    assert not (tmp_path / "bad.axon").exists()
