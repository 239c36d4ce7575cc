"""Every kind of layer in the window: seen, trained, walked through, explained, edited and taken back."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.datasets.base import Data, Task
from engine.document import Connection, Document, Layer, Training, edits
from engine.files.project import Project, open_project, save_project
from engine.layers import LayerKind, layers
from engine.layout import Layout
from gui.editor import commands
from gui.editor.canvas import Canvas
from gui.editor.landing import landing
from gui.editor.menus import menu_for
from gui.editor.painters.pictures import picture_for
from gui.editor.palette import Palette, Shelf, icon_of
from gui.editor.pointing import cells_of
from gui.editor.walk_picture import picture_of_walk
from gui.panel import Panel
from gui.panels.activation import ActivationPanel
from gui.panels.boundary import BoundaryPanel
from gui.panels.inspector import InspectorPanel
from gui.panels.loss import LossPanel
from gui.selection import Selection
from gui.stepping.walk import Walk
from gui.theme import load_theme
from gui.walkthrough.call_stack import CallStack
from gui.walkthrough.formula import FormulaView
from gui.walkthrough.frames import frames
from gui.walkthrough.story import Story
from gui.workspace import Workspace

pytestmark = pytest.mark.slow
KINDS = [pytest.param(cls, id=cls.kind) for cls in layers if cls.role != "input"]
SHAPES: list[tuple[int, ...]] = [(3,), (3, 4), (2, 4, 4)]
"""Of a vector, a sequence and an image."""
STEPS = 40
"""Steps that are walked at the beginning and at the end of an update."""


def around(cls: type[LayerKind]) -> Iterator[Document]:
    """Small networks with one layer of the kind in them, one for every shape of input that it takes."""
    for shape in SHAPES:
        count = max(1, cls.takes[0])
        try:
            given = layers.make(cls.kind).output_shape(3, [shape] * count)
        except DocumentError:
            continue
        last = Layer("output", Spec.of("output", activation=Spec("identity")), (0, 1), x=600.0)
        made = network(cls, shape, count, last)
        try:
            yield with_data(made)
        except DocumentError:
            flat = Layer("flat", Spec("flatten"), x=500.0)
            assert len(given) > 1
            yield with_data(between(made, flat))


def network(cls: type[LayerKind], shape: tuple[int, ...], count: int, last: Layer) -> Document:
    """Inputs, the layer, and the output."""
    size = math.prod(shape)
    written = Spec.of("input", shape="x".join(map(str, shape)) if len(shape) > 1 else "")
    inputs = [Layer(f"in{n}", written, tuple(range(size)), y=200.0 * n) for n in range(count)]
    role_last = cls.role == "output"
    it = Layer("output" if role_last else "it", Spec(cls.kind), (0, 1, 2), "Special", x=300.0)
    wires = [] if cls.role == "source" else [Connection(each.id, it.id) for each in inputs]
    if cls.role == "source":
        wires = [Connection("in0", "output")]
    if not role_last:
        wires.append(Connection("it", "output"))
    ends = (it,) if role_last else (it, last)
    return Document(layers=(*inputs, *ends), connections=tuple(wires), loss=Spec("mse"))


def between(document: Document, flat: Layer) -> Document:
    """The document with a layer between the special one and the output."""
    wires = (Connection("it", "flat") if each.id == "it>output" else each for each in document.connections)
    joined = (*wires, Connection("flat", "output"))
    return replace(document, layers=(*document.layers, flat), connections=joined)


def with_data(document: Document) -> Document:
    """A table of random numbers that the document can be trained on."""
    layout, m = Layout(document), 4
    rng = np.random.default_rng(1)
    k = math.prod(layout.output.shape)
    rows = []
    for node in layout.inputs:
        readers = [each for each in layout.active if node.layer.id in each.inputs]
        symbols = any(each.kind.symbolic for each in readers)
        size = (math.prod(node.shape), m)
        rows.append(rng.integers(3, size=size).astype(float) if symbols else rng.normal(size=size))
    X, Y = np.concatenate(rows), rng.integers(0, 2, size=(k, m)).astype(float)
    shape = layout.output.shape
    data = Data(
        X, Y, tuple(f"f{n}" for n in range(len(X))), tuple(f"t{n}" for n in range(k)), Task.REGRESSION,
        target_shape=shape if len(shape) > 1 else (),
    )  # fmt: skip
    training = Training(batch_size=2, seed=3)
    return replace(document, data=Spec("table"), table=data, training=training)


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Callable[[Document], tuple[Workspace, Canvas]]]:
    """A workspace with its canvas."""
    made: list[tuple[Workspace, Canvas]] = []

    def open_(document: Document) -> tuple[Workspace, Canvas]:
        workspace = Workspace(load_theme("light"), document)
        workspace.training.set_pace(None)
        canvas = Canvas(workspace)
        canvas.pulse.enabled = False
        made.append((workspace, canvas))
        canvas.resize(700, 440)
        canvas.show()
        qtbot.waitExposed(canvas)
        qtbot.waitUntil(lambda: "canvas" in workspace.snapshot.answers or bool(workspace.snapshot.problem))
        return workspace, canvas

    yield open_
    for workspace, canvas in made:
        workspace.close()
        canvas.close()
        shiboken6.delete(canvas)


@contextmanager
def shown(workspace: Workspace, *kinds: type[Panel]) -> Iterator[list[Panel]]:
    """Panels that are looked at for a while."""
    panels = [kind(workspace) for kind in kinds]
    for panel in panels:
        panel.resize(360, 400)
        panel.show()
    yield panels
    for panel in panels:
        panel.close()
        shiboken6.delete(panel)


def painted(canvas: Canvas) -> QImage:
    """The whole network as a picture."""
    image = QImage(400, 260, QImage.Format.Format_ARGB32)
    image.fill(0)
    with QPainter(image) as painter:
        canvas.render_to(painter, image.rect().toRectF())
    return image


@pytest.mark.parametrize("cls", KINDS)
def test_it_is_shown_trained_walked_and_edited(
    cls: type[LayerKind],
    opened: Callable[[Document], tuple[Workspace, Canvas]],
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    tried = 0
    for document in around(cls):
        workspace, canvas = opened(document)
        assert workspace.snapshot.problem == ""
        id = "output" if cls.role == "output" else "it"
        place = canvas.network.geometry.places[id]
        shape = Layout(document).nodes[id].shape
        assert place.drawn.shape == shape
        assert place.is_block != (bool(place.units) and len(shape) == 1)
        shows_its_values(canvas, id)
        trains(workspace, qtbot)
        walks(workspace, canvas, qtbot)
        is_edited(workspace, canvas, id, tmp_path)
        canvas.hide()
        tried += 1
    assert tried


def shows_its_values(canvas: Canvas, id: str) -> None:
    network = canvas.network
    place = network.geometry.places[id]
    if place.is_block:
        face = network.blocks.items[id].face
        shape = place.drawn.shape
        if (
            place.layer.spec.kind == "attention"
        ):  # its weights are shown: for each head a time step by time step
            shape = (face.values.shape[0], shape[1], shape[1])
        assert face.values is not None and face.values.shape == shape
        assert picture_for(place.layer.spec.kind, len(place.drawn.shape)) is not None
    else:
        assert all(network.picture.faces[unit.unit].bottom.text for unit in place.units)
    into = [each for each in network.geometry.document.connections if id in (each.source, each.target)]
    for wire in into:
        drawn = sum(bundle.connection == wire for bundle in network.wires.bundles)
        drawn += network.trunks.number_of((wire.source, wire.target)) is not None
        assert drawn == 1, f"{wire.id} is drawn once"
    assert not painted(canvas).isNull()
    for thing in (canvas.thing_at(place.frame.center()), canvas.thing_at(place.caption.center())):
        assert thing.layer == id
        canvas.point_at(thing, canvas.mapFromScene(place.frame.center()))
        canvas.set_focus_thing(thing, spoken=True)
        assert canvas.accessibleDescription()
        cells_of(thing, network, canvas.workspace)
        menu = menu_for(canvas, thing, QPointF(0, 0))
        assert menu.actions()
        shiboken6.delete(menu)


def trains(workspace: Workspace, qtbot: QtBot) -> None:
    """Three updates, with all panels looking on, and a look at a step of the next one."""
    with shown(workspace, InspectorPanel, LossPanel, BoundaryPanel, ActivationPanel, CallStack):
        workspace.select(Selection(layers=frozenset({workspace.document.layers[-2].id})))
        workspace.training.advance(3)
        qtbot.waitUntil(lambda: workspace.snapshot.step == 3)
        assert workspace.snapshot.problem == ""
        workspace.walking.forward()
        qtbot.waitUntil(lambda: workspace.walk is not None)
        workspace.select(Selection())


def walks(workspace: Workspace, canvas: Canvas, qtbot: QtBot) -> None:
    """The first and the last steps, and some in between, with their formulas; then one step back."""
    assert workspace.walk is not None
    trace, story = workspace.walk.trace, Story(workspace.walk.trace)
    count = len(trace)
    ends = {*range(min(STEPS, count)), *range(max(0, count - STEPS), count)}
    numbers = sorted(ends | {count * share // 12 for share in range(1, 12)})
    with shown(workspace, FormulaView) as (formula,):
        assert isinstance(formula, FormulaView)
        for turn, number in enumerate(numbers):
            step = trace[number]
            assert story.of_step(number).as_text()
            if turn % 3 == 0:
                assert story.of_number(step.target, number).as_text()
            if turn % 10 == 0:
                workspace.walking.go_to(number)
                assert canvas.network.picture.walking
                painted(canvas)
                assert formula.page.as_text() == story.of_step(number).as_text()
                formula.sheet.grab()
            elif turn % 2:
                picture_of_walk(
                    Walk(trace, number), canvas.network.geometry, canvas.network.wires, frozenset()
                )
                frames(Walk(trace, number))
        workspace.walking.go_to(5)
        workspace.walking.back()
        assert workspace.walk.at == 4
    workspace.walking.leave()


def is_edited(workspace: Workspace, canvas: Canvas, id: str, folder: Path) -> None:
    """The layer is selected, frozen and removed; undo brings everything back."""
    before = workspace.document
    workspace.select(Selection(layers=frozenset({id})))
    assert workspace.editing.attempt("Freeze", edits.set_layer, layer=id, frozen=True)
    assert canvas.network.geometry.places[id].layer.frozen
    commands.remove(workspace, Selection(layers=frozenset({id})))
    assert not workspace.document.has(id)
    workspace.editing.undo()
    workspace.editing.undo()
    assert workspace.document == before
    save_project(Project.new(before), folder / "it.axon")
    read = open_project(folder / "it.axon").document
    assert (read.layers, read.connections) == (before.layers, before.connections)


@pytest.mark.parametrize("cls", KINDS)
def test_it_is_in_the_palette_and_can_be_dropped(cls: type[LayerKind], qtbot: QtBot) -> None:
    workspace = Workspace(load_theme("light"), Document())
    try:
        palette = Palette(workspace)
        qtbot.addWidget(palette)
        shelf = palette.findChild(Shelf)
        assert isinstance(shelf, Shelf)
        palette.search(cls.title)
        texts = [shelf.item(row).text() for row in range(shelf.count()) if not shelf.item(row).isHidden()]
        assert any(text.startswith(f"{cls.title}\n") for text in texts)
        assert not icon_of(cls.kind, workspace.theme).isNull()
        canvas = Canvas(workspace)
        qtbot.addWidget(canvas)
        network = canvas.network
        found = landing(network.geometry, network.wires, cls.kind, QPointF(40, 40))
        assert found.document is not None
        workspace.editing.edit(found.text, found.document)
        assert [each.spec.kind for each in workspace.document.layers] == [cls.kind]
        assert not painted(canvas).isNull()
        workspace.editing.undo()
        assert workspace.document == Document()
    finally:
        workspace.close()
