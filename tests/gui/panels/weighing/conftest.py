"""The table of weights with a real worker, and what mouse and keyboard do to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from engine.document import Document
from gui.panels.weights import WeightsPanel
from gui.workspace import Workspace


@pytest.fixture
def open_panel(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Callable[..., WeightsPanel]:
    QLocale.setDefault(QLocale("en_GB"))

    def made(document: Document | None = None) -> WeightsPanel:
        workspace = make_workspace(document)
        panel = WeightsPanel(workspace)
        qtbot.addWidget(panel)
        panel.resize(420, 420)
        panel.show()
        qtbot.waitExposed(panel)
        qtbot.waitUntil(lambda: workspace.snapshot.data is not None)
        panel.activateWindow()
        panel.table.setFocus()
        qtbot.waitUntil(panel.table.hasFocus)
        return panel

    return made


@pytest.fixture
def panel(open_panel: Callable[..., WeightsPanel]) -> WeightsPanel:
    return open_panel()
