"""The window as a picture: everything inside it, the canvas the largest part, names for all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDockWidget,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui import icons
from gui.actions.table import MENUS, Row, items, plain, rows
from gui.main_window import MainWindow
from gui.panel import Panel
from gui.panels.loss import LossPanel
from gui.perspectives import PERSPECTIVES
from gui.settings import LOOK, TEXT_SIZE

pytestmark = pytest.mark.slow

Make = Callable[..., MainWindow]
INTERACTIVE = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QTabBar,
    QGraphicsView,
)  # fmt: skip
QTS_OWN = re.compile(r"^(qt_|ScrollLeftButton|ScrollRightButton)")


def place_of(window: MainWindow, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())


def canvas_share(window: MainWindow) -> float:
    canvas = window.canvas
    return canvas.width() * canvas.height() / (window.width() * window.height())


def outside(window: MainWindow) -> list[str]:
    """What sticks out of the window: bars, docks, and the widgets directly in them."""
    found = []
    for widget in [window.transport, window.timeline, window.stage, window.menu_corner, *window.docks.all]:
        seen = widget.isVisible() and not widget.visibleRegion().isEmpty()
        if seen and not window.rect().contains(place_of(window, widget)):
            found.append(f"{widget.objectName() or widget} {place_of(window, widget)}")
    return found


@pytest.mark.parametrize("name", [each.name for each in PERSPECTIVES])
@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_every_size_shows_all_and_the_canvas_most(
    qtbot: QtBot, make_window: Make, size: tuple[int, int], name: str
) -> None:
    window = make_window(size=size)
    window.docks.show_perspective(name)
    qtbot.wait(80)
    assert (window.width(), window.height()) == size
    assert outside(window) == []
    assert canvas_share(window) >= 0.4
    assert window.minimumSizeHint().width() <= 1024
    assert window.minimumSizeHint().height() <= 768


def test_the_bottom_row_becomes_tabs_in_a_small_window(qtbot: QtBot, make_window: Make) -> None:
    window = make_window(size=(1600, 1000))
    window.docks.show_perspective("train")
    row = [each for each in window.docks.all if each.isVisible() and window.dockWidgetArea(each) == BOTTOM]
    assert len(row) == 3
    assert all(not window.tabifiedDockWidgets(each) for each in row)
    window.resize(1024, 768)
    qtbot.waitUntil(lambda: all(len(window.tabifiedDockWidgets(each)) == 2 for each in row))
    qtbot.waitUntil(lambda: sum(not each.visibleRegion().isEmpty() for each in row) == 1)
    qtbot.waitUntil(lambda: canvas_share(window) >= 0.4)
    window.resize(1600, 1000)
    qtbot.waitUntil(lambda: all(not window.tabifiedDockWidgets(each) for each in row))
    qtbot.waitUntil(lambda: max(each.width() for each in row) < 1.3 * min(each.width() for each in row))


BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


def test_perspectives_only_arrange(qtbot: QtBot, window: MainWindow) -> None:
    names = {each.name for each in PERSPECTIVES}
    assert names == {"build", "train", "walk"}
    enabled = {row.id: window.commands[row.id].isEnabled() for _, row in rows()}
    for name in names:
        window.show_perspective(name)
        assert {row.id: window.commands[row.id].isEnabled() for _, row in rows()} == enabled


def test_a_perspective_keeps_what_the_user_made_of_it(qtbot: QtBot, make_window: Make) -> None:
    window = make_window()
    window.show_perspective("train")
    loss = window.docks.dock("loss")
    assert loss is not None
    window.docks.toggle(loss)
    assert loss.isHidden()
    window.show_perspective("build")
    window.show_perspective("train")
    assert loss.isHidden()
    window.close()
    again = make_window()
    assert again.docks.perspective.name == "train"
    loss = again.docks.dock("loss")
    assert loss is not None
    assert loss.isHidden()
    again.commands["reset-layout"].trigger()
    assert not loss.isHidden()


def test_hidden_panels_do_no_work(qtbot: QtBot, make_window: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    refreshed: list[object] = []
    monkeypatch.setattr(LossPanel, "refresh", lambda self, snapshot: refreshed.append(snapshot))
    window = make_window()
    window.show_perspective("train")
    closed = [each for each in window.docks.all if each.isHidden()]
    assert closed
    assert all(each.panel is None for each in closed), "a panel that nobody saw was never made"
    loss = window.docks.dock("loss")
    assert loss is not None
    assert isinstance(loss.panel, Panel)
    calls: list[object] = []
    window.workspace.snapshot_changed.connect(calls.append)
    assert refreshed
    window.docks.toggle(loss)
    refreshed.clear()
    window.workspace.training.advance(5)
    qtbot.waitUntil(lambda: bool(calls))
    assert refreshed == []


def test_projector_mode_leaves_canvas_transport_and_formula(qtbot: QtBot, window: MainWindow) -> None:
    window.show_perspective("train")
    qtbot.wait(30)
    before = [(each.objectName(), each.isHidden()) for each in window.docks.all]
    window.set_projector(True)
    qtbot.wait(80)
    assert {each.kind.name for each in window.docks.all if each.isVisible()} <= {"formula"}
    assert window.transport.isVisible()
    assert not window.menuBar().isVisible()
    line = window.workspace.theme.fonts.math.pointSizeF() * window.logicalDpiY() / 72
    assert line >= 0.02 * window.height()
    assert outside(window) == []
    assert canvas_share(window) >= 0.4
    window.set_projector(False)
    assert [(each.objectName(), each.isHidden()) for each in window.docks.all] == before
    assert window.menuBar().isVisible()


@pytest.mark.parametrize("size", [(1024, 768), (1920, 1080)])
def test_projector_mode_fits_the_screen(qtbot: QtBot, make_window: Make, size: tuple[int, int]) -> None:
    window = make_window(size=size)
    window.set_projector(True)
    qtbot.wait(80)
    assert (window.width(), window.height()) == size
    assert outside(window) == []


def test_every_action_has_text_icon_menu_and_a_key_of_its_own(window: MainWindow) -> None:
    keys: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for menu, row in rows():
        action = window.commands[row.id]
        assert plain(action.text())
        assert row.icon in icons.available_icons()
        assert row.keys, f"{row.id} has no key"
        assert action.toolTip()
        keys.update(QKeySequence(key).toString() for key in row.keys)
        assert all(not QKeySequence(key).isEmpty() for key in row.keys)
        ids[row.id] += 1
        shown = window.commands.menus[menu].actions()
        menus = (each.menu() for each in shown)
        below = [each for found in menus if isinstance(found, QMenu) for each in found.actions()]
        assert action in shown or action in below
    assert max(keys.values()) == 1, keys.most_common(3)
    assert max(ids.values()) == 1
    bound = Counter(
        shortcut.toString() for action in window.actions() for shortcut in action.shortcuts() if action.text()
    )
    assert max(bound.values()) == 1, bound.most_common(3)


def test_menus_in_their_order_with_distinct_access_keys(window: MainWindow) -> None:
    titles = [action.text() for action in window.menuBar().actions()]
    assert [plain(each) for each in titles] == [
        "File", "Edit", "Arrange", "View", "Network", "Training", "Walkthrough", "Help",
    ]  # fmt: skip
    marks = [each[each.index("&") + 1].lower() for each in titles]
    assert len(set(marks)) == len(marks)
    for name, _ in MENUS:
        found = [row for row in items(name) if isinstance(row, Row) and "&" in row.text]
        inside = Counter(row.text[row.text.index("&") + 1].lower() for row in found)
        assert not inside or max(inside.values()) == 1, f"{name}: {inside.most_common(2)}"


@pytest.mark.parametrize("name", [each.name for each in PERSPECTIVES])
def test_every_interactive_widget_has_an_accessible_name(qtbot: QtBot, window: MainWindow, name: str) -> None:
    window.show_perspective(name)
    for dock in window.docks.all:
        if dock.isVisible():
            dock.raise_()
            qtbot.wait(5)
    nameless = []
    for widget in window.findChildren(QWidget):
        own = not isinstance(widget.parentWidget(), QDockWidget | QMenu)
        if not isinstance(widget, INTERACTIVE) or QTS_OWN.match(widget.objectName()) or not own:
            continue
        if isinstance(widget, QScrollBar) or not widget.isVisibleTo(window):
            continue
        if isinstance(
            widget.parentWidget(), QComboBox | QLineEdit | QAbstractSpinBox | QTabBar | QAbstractItemView
        ):
            continue
        if isinstance(widget.window(), MainWindow) and not _name(widget):
            nameless.append(f"{type(widget).__name__} in {_chain(widget)}")
    assert nameless == []


def _name(widget: QWidget) -> str:
    if isinstance(widget, QAbstractButton):
        return widget.accessibleName() or widget.text()
    if isinstance(widget, QTabBar):
        return widget.accessibleName() or " ".join(widget.tabText(n) for n in range(widget.count()))
    return widget.accessibleName()


def _chain(widget: QWidget) -> str:
    names = []
    parent = widget.parentWidget()
    while parent is not None:
        names.append(parent.objectName() or type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(names[:5])


def test_every_look_can_be_put_on(qtbot: QtBot, window: MainWindow) -> None:
    for choice in ("dark", "high-contrast", "light", "auto"):
        window.commands[f"look-{choice}"].trigger()
        assert window.settings.get(LOOK) == choice
        expected = "light" if choice == "auto" else choice
        assert window.workspace.theme.name == expected
        assert window.commands[f"look-{choice}"].isChecked()
    window.settings.set(TEXT_SIZE, 125)
    assert window.workspace.theme.scale == 1.25


def test_the_corner_shows_the_perspective(qtbot: QtBot, window: MainWindow) -> None:
    buttons = [each for each in window.menu_corner.findChildren(QAbstractButton) if each.text() == "Walk"]
    qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)
    assert window.docks.perspective.name == "walk"
    assert buttons[0].isChecked()


def test_a_walk_brings_its_formula(qtbot: QtBot, window: MainWindow) -> None:
    formula = window.docks.dock("formula")
    assert formula is not None and not formula.isVisible()
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.workspace.walk is not None and formula.isVisible())
    window.show_perspective("train")
    qtbot.keyClick(window.canvas, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.workspace.walk is not None and window.workspace.walk.at == 1)
    assert not formula.isVisible(), "who puts it away in the middle of a walk wants it away"
