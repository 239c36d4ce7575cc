"""The docks around the canvas, and the perspectives that arrange them.

A perspective only says which panels are open; what is allowed never depends on it. Every
perspective keeps the arrangement that the user gave it, once for narrow and once for wide windows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.panel import all_panels
from gui.panel_dock import PanelDock
from gui.settings import PERSPECTIVE, Settings
from gui.theme import Theme
from gui.translate import QT_TRANSLATE_NOOP
from gui.workspace import Workspace

Area = Qt.DockWidgetArea
NARROW = QSize(1200, 800)
"""In a window below this width the docks of one edge become tabs, below this height they are flatter."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """Which panels are open. A panel that no perspective names is open everywhere."""

    name: str
    title: str
    tip: str
    panels: tuple[str, ...]
    roomy: tuple[str, ...] = ()
    """Open as well where there is room; in a narrow window they would take it from the canvas."""
    tall_right: bool = False
    """Whether the panels at the right go down to the timeline, and the bottom row ends before them."""


PERSPECTIVES = (
    Perspective(
        "build",
        QT_TRANSLATE_NOOP("perspectives", "Build"),
        QT_TRANSLATE_NOOP("perspectives", "Palette and inspector: draw the network"),
        ("palette", "inspector"),
        ("boundary", "activation"),
    ),
    Perspective(
        "train",
        QT_TRANSLATE_NOOP("perspectives", "Train"),
        QT_TRANSLATE_NOOP("perspectives", "Loss, boundary and activation: watch it learn"),
        ("inspector", "loss", "boundary", "activation"),
        ("palette",),
    ),
    Perspective(
        "walk",
        QT_TRANSLATE_NOOP("perspectives", "Walk"),
        QT_TRANSLATE_NOOP("perspectives", "Formula and call stack: go through it step by step"),
        ("formula", "call-stack"),
        ("activation", "boundary"),
        tall_right=True,
    ),
)
NAMED = frozenset(name for each in PERSPECTIVES for name in (*each.panels, *each.roomy))
SHARES = {"formula": 100, "call-stack": 32}
"""Heights of panels that lie one above the other; 100 where nothing is said."""
FOR_THE_LAST_ROW = ("formula",)
"""Panels that projector mode leaves open."""


class Docks(QObject):
    """All docks of a window."""

    changed = Signal()
    """Another perspective, or projector mode began or ended."""
    made = Signal(object)
    """A panel was seen for the first time."""

    def __init__(self, window: QMainWindow, workspace: Workspace, settings: Settings) -> None:
        super().__init__(window)
        self.window, self.workspace, self.settings = window, workspace, settings
        self.perspective = PERSPECTIVES[0]
        self.projecting = False
        self._open_before: QByteArray = QByteArray()
        self._awake = False
        self._narrow: bool | None = None
        self.all = tuple(PanelDock(kind, workspace, window) for kind in all_panels())
        for dock in self.all:
            dock.visibilityChanged.connect(lambda seen, dock=dock: self._seen(dock, seen))
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomLeftCorner, Area.BottomDockWidgetArea)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._fit)

    def dock(self, name: str) -> PanelDock | None:
        """The dock of the panel of that name, if there is such a panel."""
        return next((each for each in self.all if each.kind.name == name), None)

    def wake(self) -> None:
        """From now on panels are made; called after the first paint."""
        self._awake = True
        for dock in self.all:
            if dock.isVisible() and not dock.visibleRegion().isEmpty():
                self._fill(dock)

    def toggle(self, dock: PanelDock) -> None:
        """Close an open panel; open a closed one and bring it to the front."""
        dock.setVisible(dock.isHidden())
        if not dock.isHidden():
            dock.raise_()
        self.changed.emit()

    def focus_next(self) -> None:
        """The keyboard to the canvas, then from one open panel to the next."""
        centre = self.window.centralWidget()
        stops: list[QWidget] = [centre] if centre is not None else []
        stops += [each for each in self.all if each.isVisible() and not each.visibleRegion().isEmpty()]
        here = QApplication.focusWidget()
        at = next((n for n, each in enumerate(stops) if here is not None and each.isAncestorOf(here)), -1)
        for step in range(1, len(stops) + 1):
            inside = stops[(at + step) % len(stops)].findChildren(QWidget)
            target = next((each for each in inside if _takes_focus(each)), None)
            if target is not None:
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return

    # ---------------------------------------------------------------- perspectives

    def show_perspective(self, name: str) -> None:
        """Arrange the docks as the user last had them there, or as they come."""
        self.keep()
        self.perspective = next((each for each in PERSPECTIVES if each.name == name), PERSPECTIVES[0])
        self.settings.set(PERSPECTIVE, self.perspective.name)
        self._narrow = self._is_narrow()
        self._restore()
        self.changed.emit()

    def _restore(self) -> None:
        tall = self.perspective.tall_right
        right = Area.RightDockWidgetArea if tall else Area.BottomDockWidgetArea
        self.window.setCorner(Qt.Corner.BottomRightCorner, right)
        saved = self.settings.layout(self._key())
        if saved.isEmpty() or not self.window.restoreState(saved):
            self.arrange()
            return
        for dock in self.all:  # a layout that an older version kept leaves newer panels lying about
            if not _knows(saved, dock):
                self.window.addDockWidget(dock.kind.area, dock)
                dock.hide()

    def arrange(self) -> None:
        """The present perspective as it comes with the program."""
        names = self.perspective.panels + (() if self._narrow else self.perspective.roomy)
        shown = [
            each
            for each in self.all
            if each.kind.name in names or (each.kind.name not in NAMED and each.kind.open_at_start)
        ]
        self._arrange(shown)

    def keep(self) -> None:
        """Remember how the docks of this perspective are arranged."""
        if self._narrow is not None and not self.projecting:
            self.settings.set_layout(self._key(), self.window.saveState())

    def reset(self) -> None:
        """All perspectives as they come with the program."""
        self.settings.forget_layouts()
        self._narrow = self._is_narrow()
        self.arrange()
        self.changed.emit()

    # ---------------------------------------------------------------- projector

    def begin_projector(self, enlarge: Callable[[], None]) -> None:
        """Only what must be read from the last row; ``enlarge`` puts on the larger theme."""
        if self.projecting:
            return
        self.keep()
        self._open_before = self.window.saveState()
        self.projecting = True
        self._hide_all()  # what will not be seen need not be laid out anew
        enlarge()
        self._titles(False)
        self._arrange([each for each in self.all if each.kind.name in FOR_THE_LAST_ROW])
        self.changed.emit()

    def end_projector(self, shrink: Callable[[], None]) -> None:
        """The docks as they were before."""
        if self.projecting:
            self._hide_all()
            shrink()
            self._titles(True)
            self.projecting = False
            self.window.restoreState(self._open_before)
            self.changed.emit()

    def _titles(self, shown: bool) -> None:
        for dock in self.all:
            if dock.kind.name in FOR_THE_LAST_ROW:
                dock.show_title(shown)

    def _hide_all(self) -> None:
        for dock in self.all:
            dock.hide()

    # ---------------------------------------------------------------- sizes

    def resized(self) -> None:
        """The window has another size; looked at once it has settled."""
        self._settle.start()

    def _fit(self) -> None:
        narrow = self._is_narrow()
        if self._narrow is None or narrow == self._narrow or self.projecting:
            return
        self.keep()
        self._narrow = narrow
        self._restore()
        QTimer.singleShot(0, self, self._sizes)  # what was saved is of a window of another size

    def _is_narrow(self) -> bool:
        size = self.window.size()
        scale = self.workspace.theme.scale
        return size.width() < NARROW.width() * scale or size.height() < NARROW.height() * scale

    def _key(self) -> str:
        return f"{self.perspective.name}-{'narrow' if self._narrow else 'wide'}"

    # ---------------------------------------------------------------- arranging

    def _arrange(self, shown: list[PanelDock]) -> None:
        for dock in self.all:
            dock.setFloating(False)
            self.window.removeDockWidget(dock)
        for area in (Area.LeftDockWidgetArea, Area.RightDockWidgetArea, Area.BottomDockWidgetArea):
            self._row([each for each in shown if each.kind.area == area], area)
        hidden = [each for each in self.all if each not in shown]
        for dock in hidden:
            self.window.addDockWidget(dock.kind.area, dock)
            dock.hide()
        self._sizes()

    def _row(self, docks: list[PanelDock], area: Area) -> None:
        """The docks of one edge: side by side, or as tabs where there is little room."""
        along = Qt.Orientation.Horizontal if area == Area.BottomDockWidgetArea else Qt.Orientation.Vertical
        tabs = area == Area.LeftDockWidgetArea or (self._narrow and not self.projecting)
        for place, dock in enumerate(docks):
            if place == 0:
                self.window.addDockWidget(area, dock, along)
            elif tabs:
                self.window.tabifyDockWidget(docks[place - 1], dock)
            else:
                self.window.splitDockWidget(docks[place - 1], dock, along)
            dock.show()
        if tabs and docks:
            docks[0].raise_()

    def _sizes(self) -> None:
        """Widths and heights that leave the canvas the largest part."""
        theme, size = self.workspace.theme, self.window.size()
        narrow = bool(self._narrow)
        left, right = (180, 240) if narrow else (200, 320)
        if self.projecting:
            right = round(0.36 * size.width() / theme.scale)
        bottom = min(240, max(150, round(0.235 * size.height() / theme.scale)))
        for area, wish, way in (
            (Area.LeftDockWidgetArea, left, Qt.Orientation.Horizontal),
            (Area.RightDockWidgetArea, right, Qt.Orientation.Horizontal),
            (Area.BottomDockWidgetArea, bottom, Qt.Orientation.Vertical),
        ):
            docks = self._open_in(area)
            if docks:
                self.window.resizeDocks(docks[:1], [theme.px(wish)], way)
        for area, way in (
            (Area.BottomDockWidgetArea, Qt.Orientation.Horizontal),
            (Area.RightDockWidgetArea, Qt.Orientation.Vertical),
        ):
            row = self._open_in(area)
            if len(row) > 1 and not narrow:
                across = way == Qt.Orientation.Horizontal
                shares = [100 if across else SHARES.get(each.kind.name, 100) for each in row]
                self.window.resizeDocks(row, [10 * each for each in shares], way)

    def _open_in(self, area: Area) -> list[PanelDock]:
        return [
            each
            for each in self.all
            if not each.isHidden() and not each.isFloating() and self.window.dockWidgetArea(each) == area
        ]

    def _seen(self, dock: PanelDock, seen: bool) -> None:
        if seen and self._awake:
            self._fill(dock)

    def _fill(self, dock: PanelDock) -> None:
        if dock.fill():
            self.made.emit(dock.panel)

    def restyle(self, theme: Theme) -> None:
        """Another scale needs other sizes."""
        self._settle.start()


def _knows(layout: QByteArray, dock: PanelDock) -> bool:
    """Whether a dock is in a saved layout: Qt writes each with its name, the length before it."""
    name = dock.objectName().encode("utf-16-be")
    return len(name).to_bytes(4, "big") + name in layout.data()


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled()
