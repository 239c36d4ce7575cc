"""What can be done with the weights of the table, as a menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from gui import icons
from gui.explains import add_to
from gui.panels.weighing import changing

if TYPE_CHECKING:
    from gui.panels.weights import WeightsPanel


def menu_of(panel: WeightsPanel) -> QMenu:
    """The menu for the selected cells, and for the weights as a whole."""
    workspace, table, sheet = panel.workspace, panel.table, panel.sheet
    menu = QMenu(panel)
    menu.setFont(workspace.theme.fonts.ui)
    menu.setAccessibleName(panel.tr("What can be done with these weights"))
    menu.aboutToHide.connect(menu.deleteLater)

    def entry(text: str, icon: str, do: Callable[[], object], key: str = "", on: bool = True) -> None:
        action = menu.addAction(f"{text}\t{key}" if key else text)
        if icon:
            action.setIcon(icons.icon(icon, workspace.theme))
        action.setEnabled(on)
        action.triggered.connect(lambda _=False: do())

    if sheet is None:
        return menu
    asked = panel.asked_number()
    if asked is not None:
        add_to(menu, workspace, asked)
        menu.addSeparator()
    chosen = table.selected()
    some, editable = bool(chosen.any()), table.numbers.mode.editable
    entry(panel.tr("Copy"), "copy", table.copy, "Ctrl+C", some)
    entry(panel.tr("Paste"), "clipboard-paste", table.paste, "Ctrl+V", some and editable)
    entry(panel.tr("Set to 0"), "", table.clear, panel.tr("Del"), some and editable)
    rows = int(chosen.any(axis=1).sum()) if some else 0
    entry(panel.tr("Fill down"), "arrow-down", table.fill_down, "Ctrl+D", rows > 1 and editable)
    menu.addSeparator()
    open_ones = chosen & ~sheet.cut & ~sheet.locked
    synapses = sheet.wire is not None and bool((chosen & ~sheet.cut)[:, : sheet.weights].any())
    free = bool(open_ones[:, : sheet.weights].any())
    text = panel.tr("Lock: training leaves them as they are") if free else panel.tr("Unlock")
    entry(
        text,
        "lock" if free else "lock-open",
        lambda: changing.lock(workspace, sheet, chosen, free),
        "",
        synapses,
    )
    text = panel.tr("Back to their initial values")
    entry(text, "rotate-ccw", lambda: changing.go_back(workspace, sheet, chosen), "", some)
    text = panel.tr("Take them as their initial values")
    entry(text, "flag", lambda: changing.take_as_initial(workspace, sheet, chosen), "", some)
    text = panel.tr("Show their history")
    entry(text, "history", lambda: workspace.wanted.emit("history"), "", some)
    menu.addSeparator()
    text = panel.tr("Whole network back to the initial weights")
    entry(text, "rotate-ccw", workspace.editing.reset, "R")
    text = panel.tr("Take all present weights as the initial ones")
    entry(text, "flag", lambda: changing.take_as_initial(workspace))
    entry(panel.tr("Draw new initial weights"), "dices", workspace.editing.redraw)
    return menu
