"""Below every layer in a walkthrough: what it keeps for the way back, and padlocks on the old weights."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from engine.architectures import architectures
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.core.steps import Step
from engine.samples import mlp
from gui.editor.canvas import Canvas
from gui.editor.picture import Lock
from gui.editor.walk_cache import Chip


@pytest.fixture
def walking(open_canvas: Callable[..., Canvas], qtbot: QtBot) -> Callable[..., Canvas]:
    def made(document=None) -> Canvas:
        canvas = open_canvas(document or mlp(2, 3, 1, hidden="sigmoid"))
        canvas.workspace.walking.forward()
        qtbot.waitUntil(lambda: canvas.workspace.walk is not None)
        return canvas

    return made


def go(canvas: Canvas, wanted: Callable[[Step], bool], nth: int = 0) -> None:
    walk = canvas.workspace.walk
    canvas.workspace.walking.go_to([n for n, step in enumerate(walk.trace) if wanted(step)][nth])


def chips(canvas: Canvas) -> dict[str, dict[str, Chip]]:
    items = canvas.network.caches.items
    return {id: {slot.name: slot.chip for slot in item.slots} for id, item in items.items()}


def at(phase: Phase, owner: str, array: str, example: int | None = 0) -> Callable[[Step], bool]:
    return lambda step: (step.phase, step.target.owner, step.target.array, step.example) == (
        phase, owner, array, example,
    )  # fmt: skip


def test_there_is_none_without_a_walk(open_canvas: Callable[..., Canvas]) -> None:
    canvas = open_canvas(mlp(2, 3, 1))
    assert not canvas.network.caches.items


def test_it_fills_on_the_way_forward(walking: Callable[..., Canvas]) -> None:
    canvas = walking()
    canvas.workspace.walking.go_to(0)
    assert chips(canvas)["hidden"] == {"x": Chip.KEPT, "z[1]": Chip.EMPTY, "W[1]": Chip.KEPT}
    assert set(chips(canvas)["output"].values()) == {Chip.EMPTY}
    go(canvas, at(Phase.FORWARD, "output", "z"))
    assert set(chips(canvas)["hidden"].values()) == {Chip.KEPT}
    assert chips(canvas)["output"] == {"a[1]": Chip.KEPT, "z[2]": Chip.EMPTY, "W[2]": Chip.KEPT}
    go(canvas, lambda step: step.kind == "loss")
    assert {chip for cache in chips(canvas).values() for chip in cache.values()} == {Chip.KEPT}


def test_the_way_back_reads_it_and_the_update_empties_it(walking: Callable[..., Canvas]) -> None:
    canvas = walking()
    for owner, array, reader, name in (
        ("output", "slope", "output", "z[2]"),
        ("output", "dW.hidden", "output", "a[1]"),
        ("hidden", "da", "output", "W[2]"),
        ("hidden", "slope", "hidden", "z[1]"),
        ("hidden", "dW.input", "hidden", "x"),
    ):
        go(canvas, at(Phase.BACKWARD, owner, array))
        read = {
            (id, one)
            for id, cache in chips(canvas).items()
            for one, chip in cache.items()
            if chip is Chip.READ
        }
        assert read == {(reader, name)}, (owner, array)
    go(canvas, at(Phase.BACKWARD, "hidden", "dz"))
    assert not any(chip is Chip.READ for cache in chips(canvas).values() for chip in cache.values())
    go(canvas, lambda step: step.phase is Phase.UPDATE)
    assert {chip for cache in chips(canvas).values() for chip in cache.values()} == {Chip.EMPTY}


def test_every_example_has_its_own(walking: Callable[..., Canvas]) -> None:
    canvas = walking()
    go(canvas, at(Phase.BACKWARD, "hidden", "db", 0))
    canvas.workspace.walking.forward()
    go(canvas, at(Phase.FORWARD, "hidden", "z", 1))
    assert set(chips(canvas)["output"].values()) == {Chip.EMPTY}


def test_it_can_be_turned_off_and_leaves_with_the_walk(walking: Callable[..., Canvas], qtbot: QtBot) -> None:
    canvas = walking()
    workspace = canvas.workspace
    assert "kept for the way back" in canvas.legend.texts()
    workspace.show_as(workspace.showing.with_(caches=False))
    assert not canvas.network.caches.items
    assert "kept for the way back" not in canvas.legend.texts()
    workspace.show_as(workspace.showing.with_(caches=True))
    qtbot.waitUntil(lambda: bool(canvas.network.caches.items))
    workspace.walking.leave()
    assert not canvas.network.caches.items


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mlp", "cnn", "sequence_classifier", "gan"])
@pytest.mark.parametrize("size", [(900, 520), (520, 420)])
def test_trays_stand_free_and_in_sight(
    walking: Callable[..., Canvas], kind: str, size: tuple[int, int], qtbot: QtBot
) -> None:
    document = mlp(2, 4, 3, 1) if kind == "mlp" else architectures.make(Spec(kind)).document()
    canvas = walking(document)
    canvas.resize(*size)
    canvas.fit()
    network = canvas.network
    trays = network.caches.trays(canvas.camera.zoom)
    assert trays
    frames = [place.frame for place in network.geometry.places.values()]
    for n, tray in enumerate(trays):
        assert not any(tray.intersects(frame) for frame in frames)
        assert not any(tray.intersects(other) for other in trays[:n])
        assert canvas.viewport().rect().contains(canvas.mapFromScene(tray).boundingRect())


def test_old_weights_are_held_on_the_way_back_and_free_in_the_update(walking: Callable[..., Canvas]) -> None:
    canvas = walking()
    go(canvas, at(Phase.FORWARD, "output", "z"))
    assert not any(each.lock is not Lock.OPEN for each in canvas.network.picture.chips.values())
    go(canvas, at(Phase.BACKWARD, "output", "dz"))
    held = canvas.network.picture.chips.values()
    assert held and all(each.lock is Lock.HELD for each in held)
    assert "old weight, held" in canvas.legend.texts()
    go(canvas, lambda step: step.phase is Phase.UPDATE)
    assert any(each.lock is Lock.RELEASED for each in canvas.network.picture.chips.values())
    assert "free to change" in canvas.legend.texts() and "old weight, held" not in canvas.legend.texts()


def test_lines_between_blocks_bear_one_padlock_each(walking: Callable[..., Canvas]) -> None:
    canvas = walking(architectures.make(Spec("cnn")).document())
    blocks, trunks = canvas.network.blocks, canvas.network.trunks
    assert not blocks.locked_lines
    trace = canvas.workspace.walk.trace
    start = next(n for n, each in enumerate(trace.sections) if each.phase is Phase.BACKWARD)
    canvas.workspace.walking.go_to(trace.starts[start])
    ends = {trunks.wire(number)[1] for number in blocks.locked_lines}
    assert ends == {"conv", "conv2", "output"} & {trunks.wire(n)[1] for n in range(len(trunks))}
    assert "old weight, held" in canvas.legend.texts()


def test_da_stands_in_the_neuron_until_dz_does(walking: Callable[..., Canvas]) -> None:
    canvas = walking()
    go(canvas, at(Phase.BACKWARD, "hidden", "da"))
    unit = ("hidden", canvas.workspace.document.layer("hidden").units[0])
    assert canvas.network.picture.faces[unit].bottom.text.startswith("da ")
    go(canvas, at(Phase.BACKWARD, "hidden", "dz"))
    assert canvas.network.picture.faces[unit].bottom.text.startswith("dz ")
