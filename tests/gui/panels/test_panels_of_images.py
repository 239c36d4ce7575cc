"""Panels beside networks that read images or answer at many positions: they say what they cannot show."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.core.spec import Spec
from engine.datasets import Data
from engine.datasets.base import Task
from engine.document import Connection, Document, Layer, Training
from gui.panels.activation import ActivationPanel
from gui.panels.boundary import BoundaryPanel
from gui.panels.judging import class_of, correct, number_of_classes
from gui.panels.loss import LossPanel
from gui.theme import load_theme
from gui.workspace import Workspace


def next_bits() -> Document:
    """A recurrent network that predicts at every time step."""
    layers = (
        Layer("input", Spec.of("input", shape="1×12"), tuple(range(12))),
        Layer("rnn", Spec("rnn"), (0, 1, 2), x=200.0),
        Layer("output", Spec.of("output", activation=Spec("softmax")), (0, 1), x=400.0),
    )
    wires = (Connection("input", "rnn"), Connection("rnn", "output"))
    return Document("bits", layers, wires, loss=Spec("cross_entropy"), data=Spec("next_bit"),
                    training=Training(batch_size=20))  # fmt: skip


@pytest.fixture
def bits(qtbot: QtBot) -> Iterator[Workspace]:
    workspace = Workspace(load_theme("light"), next_bits())
    qtbot.waitUntil(lambda: workspace.data is not None)
    yield workspace
    workspace.close()


def test_the_boundary_says_in_a_sentence_why_there_is_none(bits: Workspace, qtbot: QtBot) -> None:
    panel = BoundaryPanel(bits)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "many answers" in panel.empty.text())
    assert panel.plane is None and panel.empty.isVisible()
    panel.hide()


def test_the_boundary_comes_back_with_data_of_two_features(bits: Workspace, qtbot: QtBot) -> None:
    panel = BoundaryPanel(bits)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "many answers" in panel.empty.text())
    from engine.samples import first_light

    bits.editing.edit("other", first_light())
    qtbot.waitUntil(lambda: panel.plane is not None and panel.head.isVisible())
    panel.hide()


def test_the_activation_panel_says_what_it_draws(bits: Workspace, qtbot: QtBot) -> None:
    panel = ActivationPanel(bits)
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "column of neurons" in panel.empty.text())
    panel.hide()


def test_the_loss_panel_counts_every_position_that_is_asked(bits: Workspace, qtbot: QtBot) -> None:
    panel = LossPanel(bits)
    qtbot.addWidget(panel)
    panel.show()
    bits.training.advance(5)
    qtbot.waitUntil(lambda: "%" in panel.accuracy.text())
    panel.hide()


def coded(Y: np.ndarray, shape: tuple[int, ...]) -> Data:
    X = np.zeros((1, Y.shape[1]))
    return Data(X, Y, ("x",), ("y",) * len(Y), Task.CLASSES, ("a", "b"), target_shape=shape, coded=True)


def test_right_and_wrong_at_every_position() -> None:
    data = coded(np.array([[0.0, 1.0], [1.0, -1.0], [0.0, 0.0]]), (2, 3))
    a = np.zeros((2, 3, 2))
    a[0] = 1.0  # class 0 everywhere
    assert correct(a, data).tolist() == [True, False, False, True, True]
    assert number_of_classes(data) == 0
    assert correct(np.zeros((2, 5, 2)), data).size == 0, "of another length nothing can be said"


def test_one_class_number_an_example() -> None:
    data = coded(np.array([[0.0, 1.0, 1.0]]), ())
    a = np.array([[0.9, 0.2, 0.6], [0.1, 0.8, 0.4]])
    assert correct(a, data).tolist() == [True, True, False]
    assert class_of(data).tolist() == [0, 1, 1]
    assert number_of_classes(data) == 2
