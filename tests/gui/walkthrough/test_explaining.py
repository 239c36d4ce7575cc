"""Any number explains itself: the tree that unfolds, the way that is followed, the update that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.expressions import Ref, evaluate
from engine.core.spec import Spec
from engine.document import Training
from engine.samples import mlp
from gui.selection import Selection
from gui.theme import load_theme
from gui.walkthrough.commands import DOWN, FOLLOW, GO_THERE, UP
from gui.walkthrough.formula import FormulaView
from gui.walkthrough.page import Name
from gui.walkthrough.tree import More, Tree
from gui.workspace import Workspace

Make = Callable[..., Workspace]
Show = Callable[..., FormulaView]
OUTPUT = ("output", "a", (0,), 0)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Show]:
    views = []

    def show(workspace: Workspace, width: int = 340) -> FormulaView:
        view = FormulaView(workspace)
        qtbot.addWidget(view)
        view.resize(width, 900)
        view.show()
        qtbot.waitExposed(view)
        views.append(view)
        return view

    yield show
    for view in views:
        view.hide()


def click(view: FormulaView, key: object) -> None:
    """A click on a number, or near the left edge of a row, where none of its numbers stands."""
    spot = view.sheet.spot_of(key)
    assert spot is not None, key
    where = spot.rect.center().toPoint()
    if isinstance(key, tuple) and key[0] in {"fold", "more"}:
        where = spot.rect.topLeft().toPoint() + QPoint(3, 8)
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=where)


def tree(view: FormulaView) -> Tree:
    return next(part for part in view.page.parts if isinstance(part, Tree))


def asked(view: FormulaView, qtbot: QtBot, cell: tuple, update: int | None = None) -> None:
    view.workspace.explain(cell, update)
    qtbot.waitUntil(lambda: view.trace is not None and view._subject.ref is not None)


# ---------------------------------------------------------------- one way in


def test_a_number_that_is_asked_about_is_explained_and_lights_up(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.choose_example(2)
    asked(view, qtbot, ("output", "a", (0,), 2))
    assert "Layer 2, neuron 1: the activation a" in view.page.as_text()
    assert "example 3" in view.page.as_text()
    assert workspace.lit == {("output", "a", (0,), 2), ("output", "z", (0,), 2)}
    workspace.hover(frozenset({("hidden", "a", (0,), 2)}))
    assert workspace.lit == {("hidden", "a", (0,), 2)}, "what is pointed at comes first"
    workspace.hover(frozenset())
    workspace.explaining.end()
    assert workspace.lit == frozenset() and "Right arrow" in view.page.as_text()


def test_it_answers_a_question_from_before_it_was_seen(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    workspace = make_workspace()
    workspace.explain(OUTPUT)
    view = shown(workspace)
    qtbot.waitUntil(lambda: "the activation a" in view.page.as_text())


def test_in_a_walk_the_trail_leads_back_to_the_step(walking: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = walking()
    view = shown(workspace)
    step = view.page.as_text()
    workspace.explain(("hidden", "W.input", (2, 1), None))
    assert "w[1]_{3,2}" in view.page.as_text()
    assert view.trail.isVisible() and view.trail.buttons[0].text() == "Step"
    QTest.mouseClick(view.trail.buttons[0], Qt.MouseButton.LeftButton)
    assert view.page.as_text() == step
    workspace.explain(("hidden", "W.input", (0, 0), None))
    workspace.walking.forward()
    assert workspace.explaining.asked is None and not view.trail.isVisible()


def test_a_selection_ends_the_question(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    asked(view, qtbot, OUTPUT)
    workspace.select(Selection(units=frozenset({("hidden", 1)})))
    qtbot.waitUntil(lambda: "Layer 1, neuron 2" in view.page.as_text())


# ---------------------------------------------------------------- large networks, and why not


def test_a_large_network_is_explained_too(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    """64-300-100-10 has more than 50 000 weights; before, nothing was said of it."""
    document = mlp(
        64, 300, 100, 10, output="softmax", loss=Spec("cross_entropy"), data=Spec("digits"),
        training=Training(batch_size=32),
    )  # fmt: skip
    workspace = make_workspace(document)
    view = shown(workspace)
    workspace.select(Selection(units=frozenset({("hidden2", 5)})))
    qtbot.waitUntil(lambda: "Layer 2, neuron 6: the activation a" in view.page.as_text())
    click(view, ("hidden2", "z", (5,), 0))
    assert "293 more terms" in view.page.as_text()
    trace, ref = view.trace, view._subject.ref
    assert trace is not None and ref is not None
    assert evaluate(trace.cell(ref), trace.lookup) == pytest.approx(trace.lookup(ref), rel=1e-12)


def test_it_says_why_nothing_is_shown(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.training.set_pace(20.0)
    workspace.select(Selection(units=frozenset({("hidden", 0)})))
    workspace.training.play()
    qtbot.waitUntil(lambda: "Space pauses training" in view.page.as_text())
    workspace.training.pause()
    qtbot.waitUntil(lambda: "the activation a" in view.page.as_text())
    workspace.explain(("hidden", "nothing of the kind", (0,), 0))
    qtbot.waitUntil(lambda: "takes no part" in view.page.as_text())


# ---------------------------------------------------------------- the past


def test_a_weight_is_explained_by_the_update_that_made_it(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.training.advance(7)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 7)
    cell = ("hidden", "W.input", (1, 0), None)
    asked(view, qtbot, cell)
    trace, ref = view.trace, view._subject.ref
    assert trace is not None and ref is not None and trace.step_number == 6
    now = float(workspace.parameters["hidden.W.input"][1, 0])
    assert trace.lookup(ref) == now and evaluate(trace.cell(ref), trace.lookup) == pytest.approx(now)
    assert "From update 7, which lies in the past" in view.page.as_text()
    click(view, GO_THERE.key)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 6)
    qtbot.waitUntil(lambda: "lies in the past" not in view.page.as_text())


def test_the_mean_loss_is_that_of_the_curve(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.training.advance(5)
    qtbot.waitUntil(lambda: workspace.snapshot.step == 5)
    for update in (4, 2):
        asked(view, qtbot, ("loss", "J", (0,), None), update)
        qtbot.waitUntil(lambda update=update: view.trace is not None and view.trace.step_number == update)
        assert view.trace is not None and view.trace.J == workspace.curve.values[update]


def test_an_update_before_the_timeline_is_refused_with_a_sentence(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    workspace.explain(("loss", "J", (0,), None), 400)
    qtbot.waitUntil(lambda: "Update 400 lies" in view.page.as_text())


# ---------------------------------------------------------------- the tree


def test_rows_unfold_under_the_mouse(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    view = shown(make_workspace())
    asked(view, qtbot, OUTPUT)
    assert [row.depth for row in tree(view).rows] == [0]
    click(view, ("fold", (0,)))
    rows = tree(view).rows
    assert [row.depth for row in rows] == [0] + 9 * [1], "z with four weights, four a and the bias"
    assert rows[1].note == "weight" and rows[9].note == "bias"
    click(view, ("fold", (0, 1)))
    click(view, ("fold", (0, 1, 0)))
    notes = [row.note for row in tree(view).rows if row.depth == 3]
    assert notes == ["weight", "input", "weight", "input", "bias"]
    click(view, ("fold", (0,)))
    assert len(tree(view).rows) == 1
    click(view, ("fold", (0,)))
    assert len(tree(view).rows) == 10, "what lay below is folded with it"


def test_every_row_is_true(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    view = shown(make_workspace())
    asked(view, qtbot, ("output", "dz", (0,), 0))
    click(view, DOWN.key)
    trace = view.trace
    assert trace is not None
    for row in tree(view).rows:
        assert isinstance(row.ref, Ref)
        if trace.explained(row.ref):
            assert evaluate(trace.cell(row.ref), trace.lookup) == pytest.approx(trace.lookup(row.ref))
        else:
            assert row.note in {"weight", "bias", "input", "target"}
    assert "all of it" in tree(view).as_text()
    click(view, UP.key)
    assert {row.depth for row in tree(view).rows} == {0}


def test_the_keyboard_unfolds_and_folds(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    view = shown(make_workspace())
    asked(view, qtbot, OUTPUT)
    view.sheet.setFocus()
    while getattr(view.sheet.marked, "key", None) != ("fold", (0,)):
        QTest.keyClick(view.sheet, Qt.Key.Key_Down)
    QTest.keyClick(view.sheet, Qt.Key.Key_Right)
    assert len(tree(view).rows) == 10
    assert getattr(view.sheet.marked, "key", None) == ("fold", (0,)), "the keyboard stays at the row"
    QTest.keyClick(view.sheet, Qt.Key.Key_Left)
    assert len(tree(view).rows) == 1
    QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert len(tree(view).rows) == 10


def test_down_to_the_inputs_has_a_bound_and_says_how_many_are_left(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    document = mlp(4, 12, 12, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"))
    view = shown(make_workspace(document))
    asked(view, qtbot, ("output", "a", (0,), 0))
    click(view, DOWN.key)
    part = tree(view)
    assert 100 < len(part.rows) < 260
    assert "more numbers lie deeper" in part.left
    more = next(row.press for row in part.rows if isinstance(row.press, More))
    click(view, more.key)
    assert len(tree(view).rows) > len(part.rows)


def test_what_is_to_be_predicted_stays_hidden_in_the_tree(walking: Make, shown: Show) -> None:
    workspace = walking()
    view = shown(workspace)
    workspace.walking.predict(True)
    workspace.explain(OUTPUT)
    assert "z[2]_1 ≈ " in tree(view).as_text() and tree(view).as_text().rstrip().endswith("= ?")


# ---------------------------------------------------------------- following


def follow(view: FormulaView, qtbot: QtBot, cell: tuple) -> None:
    view.workspace.follow(cell)
    qtbot.waitUntil(lambda: view.follower.way is not None)


def test_a_number_is_followed_to_the_loss_and_back(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = make_workspace()
    view = shown(workspace)
    follow(view, qtbot, ("input", "a", (0,), 0))
    way = view.follower.way
    assert way is not None and view.follower.isVisible()
    assert view.follower.where.text() == f"Station 1 of {len(way.stations)}"
    pages = [view.page.as_text()]
    for number in range(1, len(way.stations)):
        QTest.keyClick(view.follower.strip, Qt.Key.Key_Right)
        assert view.follower.at == number
        assert {view._subject.outside(ref.key) for ref in way.refs[: number + 1]} <= workspace.lit
        pages.append(view.page.as_text())
    assert len(set(pages)) == len(pages), "every station is explained"
    assert not view.follower.next.isEnabled()
    assert ("hidden", "W.input", (way.refs[1].index[0], 0), None) in workspace.lit
    QTest.keyClick(view.follower.strip, Qt.Key.Key_Home)
    assert view.page.as_text() == pages[0] and view.follower.at == 0
    QTest.mouseClick(view.follower.next, Qt.MouseButton.LeftButton)
    assert view.page.as_text() == pages[1]
    place = view.follower.strip.places[3].center().toPoint()
    QTest.mouseClick(view.follower.strip, Qt.MouseButton.LeftButton, pos=place)
    assert view.page.as_text() == pages[3]
    QTest.mouseClick(view.follower.close_button, Qt.MouseButton.LeftButton)
    assert not view.follower.isVisible() and workspace.lit == frozenset()


def test_another_way_may_be_taken(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    view = shown(make_workspace())
    follow(view, qtbot, ("input", "a", (1,), 0))
    first = view.follower.way
    assert first is not None and view.follower.others.isVisible()
    view.follower._menu.aboutToShow.emit()
    actions = view.follower._menu.actions()
    assert [each.text() for each in actions] == [f"z[1]_{i}" for i in range(1, 5)]
    assert [each.isChecked() for each in actions].count(True) == 1
    other = next(each for each in actions if not each.isChecked())
    name = other.text()
    other.trigger()
    qtbot.waitUntil(lambda: view.follower.way is not first and view.follower.way is not None)
    assert view.follower.at == 1 and name in view.page.as_text()


def test_the_page_of_a_number_offers_to_follow_it(make_workspace: Make, shown: Show, qtbot: QtBot) -> None:
    view = shown(make_workspace())
    asked(view, qtbot, ("hidden", "z", (2,), 0))
    click(view, FOLLOW.key)
    qtbot.waitUntil(lambda: view.follower.way is not None)
    assert view.follower.way is not None and view.follower.way.refs[0].key == ("hidden", "z", (2,), 0)


def test_in_a_walk_it_is_the_example_that_is_walked(walking: Make, shown: Show, qtbot: QtBot) -> None:
    workspace = walking()
    trace = workspace.walk.trace
    number = next(n for n, step in enumerate(trace) if step.example == 2)
    workspace.walking.go_to(number)
    view = shown(workspace)
    follow(view, qtbot, ("hidden", "b", (0, 0), None))
    assert view.follower.way is not None
    assert {ref.example for ref in view.follower.way.refs} == {2, None}
    workspace.walking.forward()
    assert not view.follower.isVisible()


# ---------------------------------------------------------------- linked four ways


def names(view: FormulaView) -> dict[str, Name]:
    from gui.walkthrough.page import Code

    code = next(part for part in view.page.parts if isinstance(part, Code))
    return {code.text[name.start : name.end]: name for name in code.names}


def test_a_name_in_the_code_lights_its_matrix_and_synapses(walking: Make, shown: Show) -> None:
    workspace = walking()
    view = shown(workspace)
    assert set(names(view)) == {"z", "W", "a_prev", "b"}
    spot = next(each for each in view.sheet.spots if each.ref is names(view)["W"])
    QTest.mouseMove(view.sheet, spot.rect.center().toPoint())
    assert workspace.hovered == {("hidden", "W.input", (i, j), None) for i in range(4) for j in range(2)}
    QTest.mouseMove(view.sheet, QPoint(2, 2))
    assert workspace.hovered == frozenset()


def test_a_synapse_lights_its_name_in_the_code(walking: Make, shown: Show) -> None:
    workspace = walking()
    view = shown(workspace)
    spot = next(each for each in view.sheet.spots if each.ref is names(view)["W"])
    other = next(each for each in view.sheet.spots if each.ref is names(view)["b"])

    def ground(of: object) -> int:
        image = view.sheet.grab(of.rect.toAlignedRect()).toImage()  # type: ignore[attr-defined]
        return image.pixel(0, 0)

    before = ground(spot), ground(other)
    workspace.hover(frozenset({("hidden", "W.input", (3, 1), None)}))
    assert ground(spot) != before[0] and ground(other) == before[1]


def test_without_a_walk_examples_are_those_of_the_data(
    make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    """The trace of one example has one column; the window speaks of example 4."""
    workspace = make_workspace()
    view = shown(workspace)
    workspace.choose_example(3)
    asked(view, qtbot, ("hidden", "a", (0,), 3))
    spot = view.sheet.spot_of(("hidden", "z", (0,), 0))
    assert spot is not None
    QTest.mouseMove(view.sheet, spot.rect.center().toPoint())
    assert workspace.hovered == {("hidden", "z", (0,), 3)}
    before = view.sheet.grab().toImage()
    QTest.mouseMove(view.sheet, QPoint(2, 2))
    workspace.hover(frozenset({("hidden", "z", (0,), 3)}))
    assert view.sheet.grab().toImage() != before


@pytest.mark.parametrize(("look", "scale"), [("dark", 1.0), ("high-contrast", 1.0), ("light", 2.0)])
def test_in_every_look_and_size(
    look: str, scale: float, make_workspace: Make, shown: Show, qtbot: QtBot
) -> None:
    workspace = make_workspace()
    view = shown(workspace, 260)
    workspace.set_theme(load_theme(look, scale))
    follow(view, qtbot, ("input", "a", (0,), 0))
    click(view, DOWN.key) if view.sheet.spot_of(DOWN.key) else None
    assert not view.grab().isNull()
    assert view.sheet.width() <= view.width()
