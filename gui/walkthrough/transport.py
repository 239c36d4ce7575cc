"""The transport bar: play, steps, into, over, out, their size, the pace, and where training stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from gui.icons import icon
from gui.stepping.strides import Level
from gui.theme import Theme
from gui.walkthrough import foretelling
from gui.walkthrough.readout import Readout
from gui.walkthrough.walking_on import Rest, WalkingOn
from gui.walkthrough.words import tr as worded
from gui.widgets.numbers import format_number
from gui.workspace import Workspace

PACES: tuple[float | None, ...] = (1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 300.0, 1000.0, None)
"""Updates a second; the last is as fast as it goes."""
LEVELLED = ("into", "over", "out")
WORDED = (*LEVELLED, "walk_on", "leave_walk", "reset")
"""Buttons with their name beside the icon, where there is room."""
WALK_PACES: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Steps a second while the walk goes on by itself."""


class Transport(QWidget):
    """Space always trains. The arrows take the smallest step, into, over and out go by the chosen size; with
    Shift they go backwards. ``Walk on`` takes steps of the chosen size by itself; during a walk the pace is
    that of these steps.

    ``commands`` holds the actions by id: home, step_back, play, step_forward, into, over, out, walk_on,
    reset, leave_walk, and size_term ... size_epoch.
    """

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.setAccessibleName(self.tr("Transport"))
        self.commands: dict[str, QAction] = {}
        self.buttons: dict[str, QToolButton] = {}
        self.walking_by_itself = WalkingOn(workspace, self)
        self._icons: dict[str, str] = {}
        self._make_commands()
        self.sizes = self._combo(self.tr("Size of a step"), self._size_chosen)
        self.paces = self._combo(self.tr("Pace"), self._pace_chosen)
        self.readout = Readout(workspace, self)
        self._row = QHBoxLayout(self)
        self._dividers: list[QFrame] = []
        self._fill()
        self._fill_sizes()
        self._walking: bool | None = None
        self._fitting = False
        workspace.theme_changed.connect(self.restyle)
        workspace.state_changed.connect(self.refresh)
        workspace.walk_changed.connect(self.refresh)
        workspace.document_changed.connect(self.refresh)
        workspace.snapshot_changed.connect(self.readout.show_snapshot)
        self.readout.widened.connect(self._fit)
        self.walking_by_itself.changed.connect(self.refresh)
        self.restyle(workspace.theme)

    # ---------------------------------------------------------------- what it is set to

    @property
    def level(self) -> Level:
        """The size of a step that is chosen."""
        return self.workspace.walking.size

    def set_level(self, level: Level) -> None:
        """Choose the size of a step."""
        self.workspace.walking.choose(level)

    @property
    def walking_on(self) -> bool:
        """Whether the walk goes on by itself."""
        return self.walking_by_itself.on

    # ---------------------------------------------------------------- what it shows

    def refresh(self, *_: object) -> None:
        """After a change of state: which icons, what is possible, which paces."""
        workspace, theme = self.workspace, self.workspace.theme
        walking = workspace.walk is not None
        if self.walking_on and (workspace.training.running or (not walking and workspace.walking.settled)):
            self.walking_by_itself.stop()
        play = self.commands["play"]
        play.setIcon(icon("pause" if workspace.training.running else "play", theme))
        play.setText(self.tr("Pause") if workspace.training.running else self.tr("Play"))
        play.setToolTip(
            self.tr("Stop training (Space)")
            if workspace.training.running
            else self.tr("Train until paused (Space)")
        )
        on = self.commands["walk_on"]
        on.setIcon(icon("pause" if self.walking_on else "chevrons-right", theme))
        on.setText(self.tr("Halt") if self.walking_on else self.tr("Walk on"))
        self.commands["leave_walk"].setEnabled(walking)
        if self.buttons["leave_walk"].isHidden() == walking:
            self.buttons["leave_walk"].setVisible(walking)
            self._fit()
        self.sizes.setCurrentIndex(self.sizes.findData(str(self.level)))
        self._fill_paces(walking)
        self._foretell()
        self.readout.refresh()

    def _foretell(self) -> None:
        """Into, over and out say what they will do now."""
        walk, size = self.workspace.walk, self.level
        for name, said, keys in (
            ("into", foretelling.into_said(walk, size), self.tr("Alt+Down")),
            ("over", foretelling.over_said(walk, size), self.tr("Page Down")),
            ("out", foretelling.out_said(walk, size), self.tr("Alt+Up")),
        ):
            tip = self.tr("{what} ({keys}). With Shift: backwards").replace("{what}", said)
            self.commands[name].setToolTip(tip.replace("{keys}", keys))
        self.commands["into"].setEnabled(size is not Level.TERM)

    def restyle(self, theme: Theme) -> None:
        """Take over colours and sizes."""
        side = theme.px(20)
        for name, action in self.commands.items():
            if name in self._icons:
                action.setIcon(icon(self._icons[name], theme))
        for button in self.buttons.values():
            button.setIconSize(QSize(side, side))
            button.setFont(theme.fonts.ui)
        for combo in (self.sizes, self.paces):
            combo.setFont(theme.fonts.ui)
        self.readout.restyle(theme)
        self._row.setSpacing(theme.space(0.5))
        self._row.setContentsMargins(theme.space(0.5), 0, theme.space(0.5), 0)
        self.refresh()
        self._fit()

    # ---------------------------------------------------------------- commands

    def _make_commands(self) -> None:
        workspace = self.workspace
        tips = {
            "home": self.tr("To the first step of the walk, or to the first update (Home)"),
            "step_back": self.tr("One smallest step back (Left). Page Up: the chosen size"),
            "step_forward": self.tr("One smallest step (Right). Page Down: the chosen size"),
            "walk_on": self.tr("Go through the steps of the chosen size, one after the other"),
            "reset": self.tr("Back to the initial weights (R); can be undone"),
            "leave_walk": self.tr("End the walkthrough; the weights stay as before this update (Esc)"),
        }
        for name, text, picture, run in (
            ("home", self.tr("To the start"), "skip-back", self._home),
            ("step_back", self.tr("Step back"), "step-back", workspace.walking.back),
            ("play", self.tr("Play"), "play", workspace.training.play_or_pause),
            ("step_forward", self.tr("Step forward"), "step-forward", workspace.walking.forward),
            ("into", self.tr("Into"), "arrow-down", lambda: workspace.walking.into(_onward())),
            ("over", self.tr("Over"), "redo-dot", lambda: workspace.walking.over(_onward())),
            ("out", self.tr("Out"), "arrow-up", lambda: workspace.walking.out(_onward())),
            ("back_into", self.tr("Back into"), "arrow-down", lambda: workspace.walking.into(False)),
            ("back_over", self.tr("Back over"), "undo-dot", lambda: workspace.walking.over(False)),
            ("back_out", self.tr("Back out"), "arrow-up", lambda: workspace.walking.out(False)),
            ("walk_on", self.tr("Walk on"), "chevrons-right", self._walk_on),
            ("reset", self.tr("Reset"), "rotate-ccw", workspace.editing.reset),
            ("leave_walk", self.tr("Leave walk"), "x", workspace.walking.leave),
        ):
            self._command(name, text, picture, run, tips.get(name, ""))
        for level in Level:
            self._command(
                f"size_{level}", self._size_name(level), "", lambda level=level: self.set_level(level), ""
            )

    def _command(self, name: str, text: str, picture: str, run: Callable[..., object], tip: str) -> None:
        action = QAction(text, self)
        if tip:
            action.setToolTip(tip)
        action.triggered.connect(lambda _=False: run())
        if picture:
            self._icons[name] = picture
        self.commands[name] = action

    def _size_name(self, level: Level) -> str:
        return worded(foretelling.ONE[level])

    def _home(self) -> None:
        workspace = self.workspace
        if workspace.walk is not None:
            workspace.walking.go_to(0)
        else:
            workspace.training.seek(workspace.snapshot.back_to)

    def _walk_on(self) -> None:
        if self.walking_on:
            self.walking_by_itself.stop()
        else:
            self.walking_by_itself.start()

    def _goes_back(self, button: QToolButton, back: QAction) -> None:
        """What a button does backwards, for who has no Shift at hand: in a menu of its own."""
        menu = QMenu(button)
        menu.addAction(back)
        button.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        button.customContextMenuRequested.connect(lambda at: menu.popup(button.mapToGlobal(at)))

    def _rests(self) -> QMenu:
        """What happens at the end of a phase while the walk goes on by itself."""
        menu = QMenu(self)
        for rest, text in (
            (Rest.NONE, self.tr("All steps alike")),
            (Rest.LONGER, self.tr("A longer rest at the end of each phase")),
            (Rest.STOP, self.tr("Stop at the end of each phase")),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.triggered.connect(lambda _=False, rest=rest: self.walking_by_itself.set_rest(rest))
            menu.aboutToShow.connect(
                lambda action=action, rest=rest: action.setChecked(self.walking_by_itself.rest is rest)
            )
        return menu

    # ---------------------------------------------------------------- room

    def _fit(self) -> None:
        """Say it shorter where there is no room: buttons without words, then only the update's number."""
        if self._fitting:
            return
        self._fitting = True
        for short in range(5):
            self._shorten(short)
            if self._row.minimumSize().width() <= self.width():
                break
        self._fitting = False

    def _shorten(self, short: int) -> None:
        style = Qt.ToolButtonStyle
        for name in WORDED:
            words = style.ToolButtonTextBesideIcon if short == 0 else style.ToolButtonIconOnly
            self.buttons[name].setToolButtonStyle(words)
        for line in self._dividers:
            line.setVisible(short == 0)
        self.readout.shorten(short)
        self._row.invalidate()

    # ---------------------------------------------------------------- boxes

    def _combo(self, name: str, chosen: Callable[[int], object]) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        # not by a click: the arrow keys belong to the steps
        combo.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        combo.activated.connect(chosen)
        return combo

    def _fill(self) -> None:
        groups: Sequence[Sequence[str | QWidget]] = (
            ("home", "step_back", "play", "step_forward"),
            (*LEVELLED, self.sizes, "walk_on", "leave_walk"),
            (self.paces, "reset"),
            (self.readout,),
        )
        for number, group in enumerate(groups):
            if number:
                line = QFrame(self)
                self._dividers.append(line)
                line.setFrameShape(QFrame.Shape.VLine)
                line.setFrameShadow(QFrame.Shadow.Sunken)
                self._row.addWidget(line)
            for each in group:
                if isinstance(each, str):
                    button = QToolButton(self)
                    button.setDefaultAction(self.commands[each])
                    button.setAutoRaise(True)
                    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                    if each in WORDED:
                        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                    if each in LEVELLED:
                        self._goes_back(button, self.commands[f"back_{each}"])
                    if each == "walk_on":
                        button.setMenu(self._rests())
                        button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
                    self.buttons[each] = button
                    each = button
                self._row.addWidget(each)
        self._row.addStretch(1)

    def _fill_sizes(self) -> None:
        for level in Level:
            self.sizes.addItem(self._size_name(level), str(level))

    def _size_chosen(self, _: int) -> None:
        self.set_level(Level(self.sizes.currentData()))
        self.sizes.clearFocus()

    def _fill_paces(self, walking: bool) -> None:
        chosen = self.walking_by_itself.pace if walking else self.workspace.training.pace
        paces: tuple[float | None, ...] = WALK_PACES if walking else PACES
        if walking != self._walking:
            self._walking = walking
            self.paces.clear()
            for pace in paces:
                self.paces.addItem(self._pace_name(pace, walking), pace)
        self.paces.setCurrentIndex(paces.index(chosen) if chosen in paces else -1)
        if self.paces.currentIndex() < 0:
            self.paces.setPlaceholderText(self._pace_name(chosen, walking))

    def _pace_name(self, pace: float | None, walking: bool) -> str:
        if pace is None:
            return self.tr("flat out")
        number = format_number(pace, chosen=False)
        return self.tr("{0} steps/s").format(number) if walking else self.tr("{0} updates/s").format(number)

    def _pace_chosen(self, index: int) -> None:
        pace = self.paces.itemData(index)
        if self._walking and pace is not None:
            self.walking_by_itself.set_pace(float(pace))
        else:
            self.workspace.training.set_pace(pace)
        self.paces.clearFocus()

    # ---------------------------------------------------------------- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self.workspace.theme.px(300), super().minimumSizeHint().height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.walking_by_itself.stop()


def _onward() -> bool:
    """Not with Shift."""
    return not QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
