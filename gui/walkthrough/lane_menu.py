"""The menu of the lane of steps: run to the phase, or to the layer in it, that lies under the mouse."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from engine.losses.base import OWNER as LOSS
from gui.icons import icon
from gui.stepping.goals import Goal
from gui.stepping.strides import example_of
from gui.walkthrough.words import example_name, layer_name, phase_name, tr
from gui.workspace import Workspace


def menu_at(number: int, workspace: Workspace, parent: QWidget) -> QMenu | None:
    """For a step of the present update; what lies before the walk is run to in the next update."""
    walk = workspace.walk
    if walk is None:
        return None
    trace, theme = walk.trace, workspace.theme
    _, section = trace.section_of(max(0, number))
    example = example_of(trace, section)
    phase = phase_name(section.phase)
    words = ", ".join(filter(None, (phase, example_name(trace, example))))
    places = [(words, Goal(phase=section.phase, example=example))]
    if section.owner != LOSS:
        layer = layer_name(trace, section.owner)
        places.append(
            (f"{layer}, {words}", Goal(frozenset({section.owner}), None, "", section.phase, example))
        )
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setFont(theme.fonts.ui)
    for text, name, onward in (
        (tr("Run to the end of: {what}", what="{what}"), "arrow-right-to-line", True),
        (tr("Run back to the end of: {what}", what="{what}"), "arrow-left-to-line", False),
    ):
        for what, goal in places:
            action = menu.addAction(icon(name, theme), text.replace("{what}", what))
            action.triggered.connect(
                lambda _=False, goal=goal, onward=onward: workspace.walking.run(goal, onward)
            )
    return menu
