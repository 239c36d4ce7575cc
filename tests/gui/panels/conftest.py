"""Workspaces with a real worker, closed after the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication

from engine.document import Document
from engine.samples import first_light
from gui import theme as themes
from gui.workspace import Workspace

Making = Callable[..., Workspace]


@pytest.fixture
def make_workspace(qapp: QApplication) -> Iterator[Making]:
    made: list[Workspace] = []
    look = themes.load_theme()
    themes.apply(qapp, look)

    def make(document: Document | None = None) -> Workspace:
        made.append(Workspace(look, document if document is not None else first_light()))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def workspace(make_workspace: Making) -> Workspace:
    return make_workspace()
