"""Workspaces with a walk in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.document import Document, Training
from engine.samples import mlp
from gui.theme import load_theme
from gui.workspace import Workspace


def xor(optimizer: str = "gradient_descent", hidden: str = "sigmoid") -> Document:
    """2-4-1 on XOR with all four examples in a batch."""
    return mlp(2, 4, 1, hidden=hidden, optimizer=Spec(optimizer), training=Training(seed=1))


def classes(optimizer: str = "gradient_descent", batch: int = 3) -> Document:
    """4-3-3 with softmax on iris."""
    return mlp(
        4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"), optimizer=Spec(optimizer),
        training=Training(batch_size=batch),
    )  # fmt: skip


@pytest.fixture
def make_workspace(qtbot: QtBot) -> Iterator[Callable[..., Workspace]]:
    """A workspace on a document whose first snapshot is there."""
    made: list[Workspace] = []

    def make(document: Document | None = None) -> Workspace:
        workspace = Workspace(load_theme(), document or xor())
        made.append(workspace)
        qtbot.waitUntil(lambda: workspace.data is not None)
        return workspace

    yield make
    for workspace in made:
        workspace.close()


@pytest.fixture
def walking(make_workspace: Callable[..., Workspace], qtbot: QtBot) -> Callable[..., Workspace]:
    """A workspace whose walk stands after its first step."""

    def make(document: Document | None = None) -> Workspace:
        workspace = make_workspace(document)
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        return workspace

    return make
