"""A project with any kind of layer is saved and opened again, as an archive and as plain JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.document import Connection, Document, Layer
from engine.files import Project, open_project, save_project
from engine.layers import layers
from engine.layout import Layout
from engine.learned import fresh

SHAPES = ("", "3×4", "2×4×4")


def around(kind: str) -> Document:
    """Inputs, a layer of the kind, and an output: the first shape that fits."""
    cls = layers[kind]
    count = cls.takes[0] or (cls.takes[1] != 0)
    for shape in SHAPES:
        units = {"": 3, "3×4": 12, "2×4×4": 32}[shape]
        ends = [
            Layer(f"in{n}", Spec.of("input", shape=shape), tuple(range(units))) for n in range(count or 1)
        ]
        it, out = Layer("it", Spec(kind), (0, 1, 5)), Layer("output", Spec("output"), (0,))
        wires = [Connection(end.id, "it") for end in ends[:count]]
        if cls.role == "output":
            made = Document(layers=(*ends, it), connections=tuple(wires))
        else:
            wires += [Connection("it", "output")] + [Connection("in0", "output")] * (cls.role == "source")
            made = Document(layers=(*ends, it, out), connections=tuple(wires))
        try:
            if Layout(made).nodes["it"].active:
                return made
        except DocumentError:
            continue
    raise AssertionError(f"no shape fits {kind}")


@pytest.mark.parametrize("ending", ["axon", "json"])
@pytest.mark.parametrize("kind", [cls.kind for cls in layers if cls.role != "input"])
def test_saved_and_opened_again(kind: str, ending: str, tmp_path: Path) -> None:
    document = around(kind)
    learned, path = fresh(document), tmp_path / f"one.{ending}"
    save_project(Project(document, learned), path)
    again = open_project(path)
    assert again.document.layers == document.layers
    assert again.document.connections == document.connections
    assert again.learned.same_bits(learned)
