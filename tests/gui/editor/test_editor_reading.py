"""Reading neurons: their outputs over the plane of inputs, and the choices of what is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.spec import Spec
from engine.fitting import choose_data
from engine.samples import mlp
from gui.actions.showing import ROWS, showing
from gui.editor.canvas import Canvas
from gui.editor.enlarged import SurfacePicture
from gui.editor.figures import brief
from gui.editor.marks import Kind, Thing
from gui.editor.picture import SURFACES
from gui.workspace import Workspace

PointAt = Callable[[Canvas, QPointF], None]


def show(canvas: Canvas, **choices: bool) -> None:
    canvas.workspace.show_as(canvas.workspace.showing.with_(**choices))


class TestSurfaces:
    @pytest.fixture
    def shown(self, canvas: Canvas, qtbot: QtBot) -> Canvas:
        show(canvas, surfaces=True)
        qtbot.waitUntil(lambda: canvas.network.picture.faces["hidden", 0].surface is not None)
        return canvas

    def test_every_neuron_shows_its_output_over_the_plane(self, shown: Canvas) -> None:
        faces = shown.network.picture.faces
        assert all(face.surface is not None for face in faces.values())
        x1 = faces["input", 0].surface
        assert x1 is not None and not x1.is_curve
        image = x1.image(shown.workspace.theme)
        left, right = (image.pixelColor(x, image.height() // 2).lightness() for x in (0, image.width() - 1))
        assert left > right + 100, "from empty to full of ink"

    def test_it_is_seen_in_the_neuron(self, shown: Canvas) -> None:
        def inside() -> QImage:
            unit = shown.network.geometry.unit("input", 0)
            assert unit is not None
            reach = 0.4 * shown.network.geometry.sizes.radius
            corners = (unit.centre + QPointF(-reach, 0), unit.centre + QPointF(reach, 0))
            grabbed = shown.viewport().grab().toImage()
            ratio = grabbed.devicePixelRatio()
            return [grabbed.pixelColor(shown.mapFromScene(each) * ratio).lightness() for each in corners]

        left, right = inside()
        assert left > right + 40

    def test_the_shade_at_the_example_is_its_activation(self, shown: Canvas, qtbot: QtBot) -> None:
        workspace = shown.workspace
        workspace.choose_example(1)
        qtbot.waitUntil(
            lambda: tuple(workspace.snapshot.answers[SURFACES].spot) == tuple(workspace.data.X[:, 1])
        )
        surface = workspace.snapshot.answers[SURFACES].values["hidden"][0]
        spot = shown.network.picture.faces["hidden", 0].surface.spot
        rows, columns = surface.shape
        there = surface[int(spot.y() * rows), int(spot.x() * columns)]
        qtbot.waitUntil(lambda: "canvas" in workspace.snapshot.answers)
        assert there == pytest.approx(float(workspace.snapshot.answers["canvas"]["hidden"]["a"][0]), abs=0.1)

    def test_the_mouse_shows_it_large(self, shown: Canvas, point_at: PointAt) -> None:
        unit = shown.network.geometry.unit("hidden", 1)
        assert unit is not None
        plain = shown.card.height()
        point_at(shown, unit.centre)
        assert shown.card.isVisible() and shown.card.height() > plain + 100
        large = shown.reading.picture(Thing(Kind.UNIT, "hidden", 1))
        assert isinstance(large, SurfacePicture)
        assert large.names == ("x1", "x2")
        assert not shown.card.grab().isNull()

    def test_so_does_the_keyboard_and_only_while_it_is_there(self, shown: Canvas) -> None:
        shown.setFocus()
        for _ in range(2):
            QTest.keyClick(shown, Qt.Key.Key_Tab)
        assert shown.focus_thing.kind is Kind.UNIT
        assert shown.reading.card.isVisible() and "Neuron 1" in shown.reading.card.said()
        shown.clearFocus()
        assert not shown.reading.card.isVisible()

    def test_a_walk_shows_its_numbers(self, shown: Canvas, qtbot: QtBot) -> None:
        shown.workspace.walking.forward()
        qtbot.waitUntil(lambda: shown.workspace.walk is not None)
        assert all(face.surface is None for face in shown.network.picture.faces.values())
        shown.workspace.walking.leave()
        assert shown.network.picture.faces["hidden", 0].surface is not None

    def test_nothing_is_asked_that_is_not_seen(self, shown: Canvas) -> None:
        watchers = shown.workspace.link.watchers
        assert SURFACES in watchers
        shown.hide()
        assert SURFACES not in watchers
        shown.show()
        assert SURFACES in watchers
        show(shown, surfaces=False)
        assert SURFACES not in watchers
        assert all(face.surface is None for face in shown.network.picture.faces.values())

    def test_one_input_makes_curves(self, open_canvas: Callable[..., Canvas], qtbot: QtBot) -> None:
        canvas = open_canvas(choose_data(mlp(1, 3, 1, output="linear"), Spec("sine")))
        show(canvas, surfaces=True)
        qtbot.waitUntil(lambda: canvas.network.picture.faces["output", 0].surface is not None)
        surface = canvas.network.picture.faces["output", 0].surface
        assert surface is not None and surface.is_curve
        assert not canvas.grab().isNull()

    def test_an_input_that_is_held_shows_its_number(
        self, open_canvas: Callable[..., Canvas], qtbot: QtBot
    ) -> None:
        canvas = open_canvas(choose_data(mlp(4, 3, 3), Spec("iris")))
        show(canvas, surfaces=True)
        qtbot.waitUntil(lambda: canvas.network.picture.faces["hidden", 0].surface is not None)
        faces = canvas.network.picture.faces
        assert faces["input", 1].surface is not None
        assert faces["input", 2].surface is None and faces["input", 2].bottom.text


class TestChoices:
    @pytest.mark.parametrize(
        ("kind", "choice", "word"),
        [
            ("cnn", "surfaces", "images"),
            ("transformer", "surfaces", "text"),
            ("sequence_tagger", "surfaces", "sequences"),
            ("sequence_tagger", "kernels", "no convolution"),
            ("cnn", "unrolled", "no recurrent"),
        ],
    )
    def test_a_choice_that_would_change_nothing_says_why(
        self, open_canvas: Callable[..., Canvas], kind: str, choice: str, word: str
    ) -> None:
        canvas = open_canvas(architectures.make(kind).document())
        said: list[str] = []
        canvas.workspace.said.connect(said.append)
        window = SimpleNamespace(workspace=canvas.workspace, canvas=canvas)
        row = next(each for each in ROWS if each.id == f"show-{choice}")
        row.run(window)  # type: ignore[arg-type]
        assert len(said) == 1 and word in said[0]
        assert not getattr(canvas.workspace.showing, choice)

    def test_the_rows_tick_and_turn(self, canvas: Canvas) -> None:
        window = SimpleNamespace(workspace=canvas.workspace, canvas=canvas)
        row = showing(window)[0]  # type: ignore[arg-type]
        assert row.checked is not None and not row.checked(window)  # type: ignore[arg-type]
        row.run(window)  # type: ignore[arg-type]
        assert row.checked(window) and canvas.workspace.showing.surfaces  # type: ignore[arg-type]
        row.run(window)  # type: ignore[arg-type]
        assert not canvas.workspace.showing.surfaces


def test_numbers_of_far_neurons_are_brief() -> None:
    assert brief(0.0006) == "≈0" and brief(-12.34) == "−12.3"
    assert brief(0.5) == "" and brief(0.0) == "" and brief(float("nan")) == ""


def test_choices_change_no_document(open_workspace: Callable[..., Workspace]) -> None:
    workspace = open_workspace()
    before = workspace.document
    workspace.show_as(replace(workspace.showing, surfaces=True, kernels=True, unrolled=True))
    assert workspace.document is before and not workspace.editing.undo_stack.count()
