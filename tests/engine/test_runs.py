"""The tree of runs: what belongs to whom, what stays when one goes, and what there is room for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine import runs as module
from engine.core.problems import AxonError
from engine.curve import Curve
from engine.document import Document, Note
from engine.document.edits import add_unit
from engine.learned import Learned, fresh, with_weight
from engine.runs import NO_RUNS, Leg, Run, Runs, dressed
from engine.samples import first_light

DOCUMENT = first_light()


def at(step: int, value: float = 0.0) -> Learned:
    """Some state after so many updates."""
    learned = with_weight(fresh(DOCUMENT), key="output.b", index=(0, 0), value=value)
    return replace(learned, step=step, clock=step)


def curve(end: int, start: int = 0) -> Curve:
    return Curve.of(np.arange(start, end, dtype=float), start)


def tree() -> Runs:
    """
    1 ───────┬──────────┬────── 100
             20         60
             └ 2 ──┬── 50   └ 4 ─── 90
                   30
                   └ 3 ──── 80
    """
    runs = NO_RUNS.begun(DOCUMENT, at(0), curve(100), None)
    runs = runs.begun(DOCUMENT, at(20, 1.0), curve(50), 1)
    runs = runs.begun(DOCUMENT, at(30, 2.0), curve(80), 2)
    return runs.begun(DOCUMENT, at(60, 3.0), curve(90), 1)


def test_an_update_belongs_to_the_run_that_did_it() -> None:
    runs = tree()
    owners = [runs.owner(3, step).number for step in (0, 19, 20, 29, 30, 79)]
    assert owners == [1, 1, 2, 2, 3, 3]
    assert [each.number for each in runs.line(3)] == [3, 2, 1]
    assert [each.name for each in runs] == ["run 1", "run 2", "run 3", "run 4"]


@pytest.mark.parametrize(
    ("one", "other", "step"),
    [(1, 2, 20), (2, 1, 20), (2, 3, 30), (3, 1, 20), (3, 4, 20), (4, 1, 60), (4, 2, 20)],
)
def test_where_two_runs_part(one: int, other: int, step: int) -> None:
    assert tree().parting(one, other) == step


def test_runs_that_replay_one_another_part_at_their_fork() -> None:
    runs = NO_RUNS.begun(DOCUMENT, at(0), curve(10), None).begun(DOCUMENT, at(0), curve(5), 1)
    assert runs.parting(1, 2) == runs.parting(2, 1) == 0


def test_what_branched_off_keeps_what_it_had_in_common_with_a_run_that_goes() -> None:
    runs = tree().without(2)
    child = runs[3]
    assert (child.parent, child.fork) == (1, 20)
    assert [leg.start for leg in child.legs] == [20, 30]
    run, leg, step = runs.nearest(3, 25)
    assert (run.number, leg.start, step) == (3, 20, 25)
    assert runs.owner(3, 19).number == 1


def test_without_the_first_run_the_others_are_still_one_family() -> None:
    runs = tree().without(1)
    assert [each.number for each in runs.family(3)] == [2, 3, 4]
    assert runs[4].parent is None and runs[4].legs[0].states[0].step == 0
    assert runs.reach(3) == runs.reach(4) == 0


def test_numbers_are_never_used_again_and_names_are() -> None:
    runs = tree().without(4)
    runs = runs.begun(DOCUMENT, at(70), curve(70), 1)
    assert runs.all[-1].number == 5 and runs.all[-1].name == "run 4"


def test_going_where_nothing_is_kept_leads_to_the_nearest_that_is() -> None:
    run = Run(1, "run 1", curve(100), (Leg(40, DOCUMENT, {40: at(40)}), Leg(60, DOCUMENT, {})), tree=1)
    runs = Runs((run,), 1)
    assert runs.nearest(1, 10)[2] == 40
    assert runs.nearest(1, 50)[2] == 50
    assert runs.nearest(1, 80)[2] == 40
    assert runs.nearest(1, 1000)[0] is run
    with pytest.raises(AxonError, match="Of run 1 only the curve is kept"):
        Runs((replace(run, legs=()),), 1).nearest(1, 50)
    with pytest.raises(AxonError, match="no longer there"):
        runs.nearest(7, 0)


@pytest.mark.parametrize("name", ["", " \t", "run 2", 41 * "x", "\u202e"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(AxonError):
        tree().renamed(1, name)


def test_a_name_is_cleaned() -> None:
    assert tree().renamed(1, "  slow\n one ")[1].name == "slow one"
    assert tree().renamed(2, "run 2")[2].name == "run 2"


def test_a_state_is_at_home_only_where_it_is_the_same() -> None:
    run = tree()[2]
    assert run.home(DOCUMENT, at(20, 1.0)) is run.legs[0]
    assert run.home(DOCUMENT, at(20, 1.5)) is None
    assert run.home(DOCUMENT, at(35, 9.0)) is run.legs[0], "within a leg a state is trusted"
    assert run.home(DOCUMENT, at(50, 9.0)) is None, "at the end it is not"
    assert run.home(add_unit(DOCUMENT, layer="hidden"), at(35)) is None
    assert run.home(replace(DOCUMENT, name="Other"), at(35)) is run.legs[0]


# -------------------------------------------------------------------- memory


def test_thirteen_runs_are_one_too_many() -> None:
    runs = NO_RUNS.begun(DOCUMENT, at(0), curve(100), None)
    for step in range(1, module.MOST_RUNS + 1):
        runs = runs.begun(DOCUMENT, at(step), curve(50), 1)
    bounded, said = runs.bounded(13)
    assert [each.number for each in bounded] == list(range(2, 14))
    assert said == ("Run 1 is gone: the 12 newest runs are kept.",)
    assert bounded.reach(13) == 0
    assert runs.bounded(1)[0].all[0].number == 1, "the present one stays"


def test_states_are_thinned_first_and_then_only_curves_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Leg(0, DOCUMENT, {0: at(0)}).bytes
    runs = NO_RUNS
    for _ in range(3):
        runs = runs.begun(DOCUMENT, at(0), curve(100), runs.all[-1].number if runs.all else None)
        number = runs.made
        states = {step: runs[number].legs[0].states[0] if not step else at(step) for step in range(0, 100, 2)}
        runs = runs.remembering(number, 0, states)
    monkeypatch.setattr(module, "BUDGET", 40 * one)
    thinner, said = runs.bounded(3)
    assert not said and sum(leg.bytes for run in thinner for leg in run.legs) <= 40 * one
    assert all({0, 98} <= set(run.legs[0].states) for run in thinner)
    monkeypatch.setattr(module, "BUDGET", 3 * one)
    fewer, said = runs.bounded(3)
    assert said[0] == "Of run 1 only the curve is kept from now on: its weights need too much."
    assert len(fewer[1].values) == 100 and not fewer[1].legs and fewer[3].legs


def test_a_run_alone_gives_up_its_earlier_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = NO_RUNS.begun(DOCUMENT, at(0), Curve(), None)
    for step in (10, 20, 30):
        runs[1].curve.extend(runs[1].end, np.ones(10))
        runs = runs.changed(1, DOCUMENT, at(step, float(step)))
    monkeypatch.setattr(module, "BUDGET", 2 * Leg(0, DOCUMENT, {0: at(0)}).bytes)
    bounded, _ = runs.bounded(1)
    assert [bool(leg.states) for leg in bounded[1].legs] == [False, False, True, True]
    assert bounded.reach(1) == 20 and bounded.nearest(1, 5)[2] == 20


def test_many_changes_in_one_run_leave_the_shortest_stretches_out() -> None:
    runs = NO_RUNS.begun(DOCUMENT, at(0), Curve(), None)
    step = 0
    for number in range(module.MOST_LEGS + 30):
        step += 1 if number % 2 else 50
        runs[1].curve.extend(runs[1].end, np.ones(step - runs[1].end))
        runs = runs.changed(1, DOCUMENT, at(step, float(number)))
    able = [leg for leg in runs[1].legs if leg.states]
    assert len(able) == module.MOST_LEGS and able[0].start == 0 and able[-1].start == step
    lost = [place for place, leg in enumerate(runs[1].legs) if not leg.states]
    assert all(runs[1].legs[place + 1].start - runs[1].legs[place].start == 1 for place in lost)


def test_a_leg_keeps_its_ends_and_some_states_between() -> None:
    leg = Leg(0, DOCUMENT, {step: at(step) for step in range(500)}).thinned(64)
    assert len(leg.states) == 64 and {0, 499} <= set(leg.states)
    assert max(np.diff(sorted(leg.states))) <= 9
    kept = leg.kept(250)
    assert kept is not None and 240 < kept.step <= 250


# -------------------------------------------------------------------- looks


def test_a_document_of_the_past_has_the_looks_of_today() -> None:
    past: Document = add_unit(DOCUMENT, layer="hidden")
    moved = replace(DOCUMENT.layer("hidden"), x=99.0, name="Middle", folded=True)
    notes = (Note("a", "free"), Note("b", "on a unit", layer="hidden", unit=0), Note("c", "gone", layer="x"))
    today = replace(DOCUMENT.with_layer(moved), name="Lecture 3", notes=notes)
    found = dressed(past, today)
    assert found.layer("hidden").size == 5 and found.layer("hidden").x == 99.0
    assert found.layer("hidden").name == "Middle" and found.layer("hidden").folded
    assert found.name == "Lecture 3" and [each.id for each in found.notes] == ["a", "b"]
