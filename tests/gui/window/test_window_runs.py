"""Runs in the whole window: branching, and going from one to the other, with real clicks and keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.document import edits
from engine.document.notes import add_note
from engine.learned import Learned
from engine.session.probes import State
from gui.main_window import MainWindow
from gui.panels.loss import LossPanel
from gui.panels.runs import RunsPanel

LEFT = Qt.MouseButton.LeftButton
pytestmark = pytest.mark.slow


def learned(qtbot: QtBot, window: MainWindow) -> Learned:
    """What the worker knows, once the window shows it too."""
    found: list[tuple[Learned, object, object, object, int]] = []
    window.workspace.link.ask(State(), found.append)
    qtbot.waitUntil(lambda: bool(found))
    state = found[0][0]
    workspace = window.workspace
    qtbot.waitUntil(
        lambda: workspace.snapshot.step == state.step and workspace.snapshot.version == workspace.link.version
    )
    return state


def rate(window: MainWindow) -> object:
    return window.workspace.document.optimizer.get("learning_rate", 0.5)


def set_rate(window: MainWindow, value: float) -> None:
    spec = Spec.of("gradient_descent", learning_rate=value)
    window.workspace.editing.attempt("Set learning rate", edits.set_optimizer, spec=spec)


def two_runs(qtbot: QtBot, window: MainWindow) -> dict[int, Learned]:
    """Run 1 of 200 updates; off it at 80 run 2, up to 140, with learning rate 2. Their last states."""
    training = window.workspace.training
    window.show_perspective("train")
    training.advance(200)
    first = learned(qtbot, window)
    training.seek(80)
    set_rate(window, 2.0)
    training.advance(60)
    second = learned(qtbot, window)
    assert [each.name for each in window.workspace.branches.shown] == ["run 1", "run 2"]
    said = [each.sentence for each in window.notices.last]
    assert said.count("Run 2 begins at update 80; run 1 stays as it is. Ctrl+B lists all runs.") == 1
    return {1: first, 2: second}


def loss_of(qtbot: QtBot, window: MainWindow) -> LossPanel:
    dock = window.docks.dock("loss")
    assert dock is not None and isinstance(dock.panel, LossPanel)
    panel = dock.panel
    qtbot.waitUntil(lambda: panel.chart is not None and panel.chart.others is not None)
    chart = panel.chart
    assert chart is not None
    qtbot.waitUntil(lambda: len(chart.others.lines) == len(window.workspace.branches.others))
    return panel


def runs_of(qtbot: QtBot, window: MainWindow) -> RunsPanel:
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    dock = window.docks.dock("runs")
    qtbot.waitUntil(lambda: dock is not None and isinstance(dock.panel, RunsPanel) and dock.panel.isVisible())
    panel = dock.panel
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == len(window.workspace.branches.shown))
    return panel


def chosen_in_menu(text: str) -> list[str]:
    """Click the row of the menu that comes up which begins with that text; the rows there were."""
    rows: list[str] = []

    def choose() -> None:
        menu = QApplication.activePopupWidget()
        if not isinstance(menu, QMenu):
            QTimer.singleShot(20, choose)
            return
        rows.extend(each.text().replace("&", "") for each in menu.actions())
        action = next(each for each in menu.actions() if each.text().replace("&", "").startswith(text))
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    QTimer.singleShot(20, choose)
    return rows


# -------------------------------------------------------------------- the curves


def test_both_curves_show_and_a_click_on_the_other_goes_there(qtbot: QtBot, window: MainWindow) -> None:
    ends = two_runs(qtbot, window)
    panel = loss_of(qtbot, window)
    chart, workspace = panel.chart, window.workspace
    (line,) = chart.others.lines
    assert line.parting == 80 and len(line.curve) == 200 and len(workspace.curve) == 140
    assert panel.runs.isVisible() and panel.runs.text() == "run 2"
    where = chart.to_screen(170, line.value(170)).toPoint()
    QTest.mouseMove(chart.viewport(), where)
    QTest.mouseClick(chart.viewport(), LEFT, pos=where)
    qtbot.waitUntil(lambda: workspace.snapshot.on == 1)
    state = learned(qtbot, window)
    assert 165 <= state.step <= 175 and rate(window) == 0.5
    workspace.training.seek(200)
    assert learned(qtbot, window).same_bits(ends[1])
    window.workspace.editing.undo()
    window.workspace.editing.undo()
    assert learned(qtbot, window).same_bits(ends[2]) and rate(window) == 2.0
    assert workspace.snapshot.on == 2


def test_the_mouse_reads_the_values_of_both(qtbot: QtBot, window: MainWindow) -> None:
    two_runs(qtbot, window)
    chart = loss_of(qtbot, window).chart
    QTest.mouseMove(chart.viewport(), QPoint(2, 2))
    QTest.mouseMove(chart.viewport(), chart.to_screen(120, 0.5).toPoint())
    others = chart.others
    qtbot.waitUntil(lambda: others._at is not None)
    (drawn,) = others._drawn.values()
    value = window.workspace.branches.runs[1].values[others._at]
    assert drawn.name.text().startswith("run 1 · J = 0.")
    assert float(drawn.name.text().split("= ")[1]) == pytest.approx(value, rel=1e-3)
    assert others._own[1].text() == "run 2" and others._own[0].isVisible()
    QTest.mouseMove(chart.viewport(), QPoint(3, 3))
    qtbot.waitUntil(lambda: drawn.name.text() == "run 1")


def test_the_logarithmic_scale_has_the_other_run_too(qtbot: QtBot, window: MainWindow) -> None:
    two_runs(qtbot, window)
    panel = loss_of(qtbot, window)
    panel.log.click()
    chart = panel.chart
    (line,) = chart.others.lines
    qtbot.waitUntil(lambda: chart.others._log)
    x, y = chart.others._drawn[1].line.getData()
    assert x[0] == 79 and 10 ** y[-1] == pytest.approx(line.curve.values[-1])


def test_the_menu_of_the_curve_branches_at_an_update_of_the_other_run(
    qtbot: QtBot, window: MainWindow
) -> None:
    two_runs(qtbot, window)
    chart, workspace = loss_of(qtbot, window).chart, window.workspace
    where = chart.to_screen(170, workspace.branches.runs[1].values[170]).toPoint()
    rows = chosen_in_menu("Branch at update")
    place = chart.viewport().mapToGlobal(where)
    QApplication.postEvent(chart.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, place))
    qtbot.waitUntil(lambda: workspace.snapshot.on == 3)
    state = learned(qtbot, window)
    assert rows[0].endswith("of run 1") and 165 <= state.step <= 175
    assert workspace.branches.present.parent == 1 and rate(window) == 0.5


# -------------------------------------------------------------------- the timeline


def test_the_button_and_the_fork_of_the_timeline(qtbot: QtBot, window: MainWindow) -> None:
    workspace, timeline = window.workspace, window.timeline
    workspace.training.advance(100)
    end = learned(qtbot, window)
    qtbot.waitUntil(lambda: timeline.span == (0, 100))
    assert not timeline.branch.isEnabled()
    lane = timeline.training_lane().center().y()
    QTest.mouseClick(timeline, LEFT, pos=QPoint(round(timeline.x_of_step(40)), round(lane)))
    qtbot.waitUntil(timeline.branch.isEnabled)
    QTest.mouseClick(timeline.branch, LEFT)
    qtbot.waitUntil(lambda: workspace.snapshot.on == 2)
    workspace.training.advance(30)
    state = learned(qtbot, window)
    qtbot.waitUntil(lambda: [each.step for each in timeline.forks.all] == [state.step - 30])
    fork = timeline.forks.all[0]
    place = QPoint(round(timeline.x_of_step(fork.step)) + 2, round(lane))
    QTest.mouseMove(timeline, place)
    assert "run 1" in timeline.toolTip()
    QTest.mouseClick(timeline, LEFT, pos=place)
    qtbot.waitUntil(lambda: workspace.snapshot.on == 1)
    assert learned(qtbot, window).same_bits(end)


def test_the_lane_reaches_back_before_a_change(qtbot: QtBot, window: MainWindow) -> None:
    """A knob that was turned in between is turned back, and undo leads to the end again."""
    workspace, timeline = window.workspace, window.timeline
    workspace.training.advance(50)
    middle = learned(qtbot, window)
    set_rate(window, 2.0)
    workspace.training.advance(50)
    end = learned(qtbot, window)
    qtbot.waitUntil(lambda: timeline.span == (0, 100))
    lane = timeline.training_lane().center().y()
    QTest.mouseClick(timeline, LEFT, pos=QPoint(round(timeline.x_of_step(20)), round(lane)))
    qtbot.waitUntil(lambda: rate(window) == 0.5)
    assert learned(qtbot, window).step in range(19, 22)
    workspace.training.seek(50)
    assert learned(qtbot, window).same_bits(middle)
    while rate(window) == 0.5:
        workspace.editing.undo()
    assert learned(qtbot, window).same_bits(end)
    assert [each.end for each in workspace.branches.shown] == [100]


# -------------------------------------------------------------------- keys and menus


def test_y_branches_and_nothing_learned_gets_a_sentence(qtbot: QtBot, window: MainWindow) -> None:
    workspace, said = window.workspace, []
    workspace.said.connect(said.append)
    window.canvas.setFocus()
    assert not window.commands["branch"].isEnabled()
    workspace.branches.branch()
    assert said == ["Nothing was learned in this run yet: train first, then branch."]
    workspace.training.advance(20)
    before = learned(qtbot, window)
    window.commands.refresh()
    QTest.keyClick(window.canvas, Qt.Key.Key_Y)
    qtbot.waitUntil(lambda: workspace.snapshot.on == 2)
    assert learned(qtbot, window).same_bits(before)
    workspace.training.advance(5)
    after = learned(qtbot, window)
    workspace.editing.undo()
    workspace.editing.undo()
    assert learned(qtbot, window).same_bits(before) and workspace.snapshot.on == 1
    workspace.editing.redo()
    workspace.editing.redo()
    assert learned(qtbot, window).same_bits(after) and workspace.snapshot.on == 2


def test_the_list_by_keys_alone(qtbot: QtBot, window: MainWindow) -> None:
    ends, workspace, said = two_runs(qtbot, window), window.workspace, []
    workspace.said.connect(said.append)
    panel = runs_of(qtbot, window)
    tree = panel.tree
    qtbot.waitUntil(tree.hasFocus)
    assert panel.chosen == 2
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    assert said == ["You are on run 2: go to another run before you delete it."]
    QTest.keyClick(tree, Qt.Key.Key_Up)
    QTest.keyClick(tree, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.snapshot.on == 1)
    assert learned(qtbot, window).same_bits(ends[1])
    QTest.keyClick(tree, Qt.Key.Key_F2)
    field = tree.findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    QTest.keyClicks(field, "slow")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: workspace.branches.runs[1].name == "slow")
    qtbot.waitUntil(lambda: tree.topLevelItem(0).text(0) == "slow")
    QTest.keyClick(tree, Qt.Key.Key_Down)
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [each.name for each in workspace.branches.shown] == ["slow"])
    workspace.editing.undo()
    qtbot.waitUntil(lambda: [each.name for each in workspace.branches.shown] == ["slow", "run 2"])
    workspace.branches.visit(2)
    assert learned(qtbot, window).same_bits(ends[2])
    workspace.editing.undo()
    workspace.editing.undo()
    qtbot.waitUntil(lambda: workspace.branches.runs[1].name == "run 1")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("   ", "A run needs a name."),
        ("run 2", "There is another run called run 2."),
        (41 * "x", "The name of a run has at most 40 characters."),
    ],
)
def test_a_name_that_will_not_do(qtbot: QtBot, window: MainWindow, name: str, sentence: str) -> None:
    two_runs(qtbot, window)
    said: list[str] = []
    window.workspace.said.connect(said.append)
    index = window.workspace.editing.undo_stack.index()
    assert not window.workspace.branches.rename(1, name)
    assert said == [sentence] and window.workspace.editing.undo_stack.index() == index


def test_the_menus_list_the_runs(qtbot: QtBot, window: MainWindow) -> None:
    ends = two_runs(qtbot, window)
    panel = loss_of(qtbot, window)
    rows = chosen_in_menu("run 1")
    QTest.mouseClick(panel.runs, LEFT)
    qtbot.waitUntil(lambda: window.workspace.snapshot.on == 1)
    assert rows[:2] == ["run 1", "run 2: learning rate 0.5 → 2"]
    assert learned(qtbot, window).same_bits(ends[1])
    found = {each.id: each for each in window.commands.all()}
    assert found["run-1"].checked and not found["run-2"].checked
    found["run-2"].run()
    assert learned(qtbot, window).same_bits(ends[2])


# -------------------------------------------------------------------- nothing is lost


def test_runs_are_saved_and_opened(
    qtbot: QtBot, make_window: Callable[..., MainWindow], tmp_path: Path
) -> None:
    window = make_window()
    ends = two_runs(qtbot, window)
    curves = [each.values.copy() for each in window.workspace.branches.shown]
    with qtbot.waitSignal(window.projects.saved):
        window.projects.write(tmp_path / "two.axon")
    other = make_window(file="other.ini")
    other.projects.load(tmp_path / "two.axon")
    qtbot.waitUntil(lambda: len(other.workspace.branches.shown) == 2)
    assert learned(qtbot, other).same_bits(ends[2])
    opened = other.workspace.branches.shown
    assert [each.values.tobytes() for each in opened] == [each.tobytes() for each in curves]
    assert [each.change for each in opened] == ["", "learning rate 0.5 → 2"]
    said: list[str] = []
    other.workspace.said.connect(said.append)
    assert not other.workspace.branches.visit(1)
    assert said == ["Of run 1 only the curve is kept, not the weights: you cannot go there."]


def test_what_looks_otherwise_now_still_does_in_another_run(qtbot: QtBot, window: MainWindow) -> None:
    """Names, places and notes are the project's, not those of a moment in its training."""
    two_runs(qtbot, window)
    workspace = window.workspace
    workspace.editing.attempt("Add note", add_note, text="Look here", x=1.0, y=2.0)
    workspace.branches.visit(1)
    learned(qtbot, window)
    assert [each.text for each in workspace.document.notes] == ["Look here"] and rate(window) == 0.5


def test_another_network_begins_a_tree_of_its_own(qtbot: QtBot, window: MainWindow) -> None:
    ends = two_runs(qtbot, window)
    workspace = window.workspace
    workspace.editing.replace_network("GAN", architectures.make("gan").document())
    qtbot.waitUntil(lambda: len(workspace.branches.shown) == 1)
    workspace.training.advance(20)
    learned(qtbot, window)
    workspace.training.seek(6)
    workspace.branches.branch()
    workspace.training.advance(14)
    learned(qtbot, window)
    one, two = workspace.branches.shown
    assert one.values.tobytes() == two.values.tobytes() and two.fork == 6  # a GAN's turns are the same again
    while len(workspace.document.layers) != 3:
        workspace.editing.undo()
    assert learned(qtbot, window).same_bits(ends[2])
    assert [each.name for each in workspace.branches.shown] == ["run 1", "run 2"]


def test_training_on_while_undoing_a_branch_takes_back_the_learning_first(
    qtbot: QtBot, window: MainWindow
) -> None:
    workspace = window.workspace
    workspace.training.advance(30)
    before = learned(qtbot, window)
    workspace.branches.branch()
    workspace.training.set_pace(None)
    workspace.training.play()
    qtbot.waitUntil(lambda: workspace.snapshot.step > 60)
    workspace.editing.undo()
    assert learned(qtbot, window).same_bits(before) and workspace.snapshot.on == 2
    workspace.editing.undo()
    assert learned(qtbot, window).same_bits(before) and workspace.snapshot.on == 1
