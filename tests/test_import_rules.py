"""Who may import whom: main -> gui -> engine -> numpy, and the storeys inside the engine and the window.

The tables are the rule. A module is under the rule of the longest prefix that fits; what the
tables do not name may import everything of its own house.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

HOUSES = {
    "main": ("main", "gui", "engine", "resources"),
    "gui": ("gui", "engine", "resources"),
    "engine": ("engine", "resources"),
    "resources": ("resources",),
    "start": ("start",),
}
"""Which of the program's own packages each may import."""

WINDOW = ("PySide6", "shiboken6", "pyqtgraph", "ziamath", "ziafont")
"""What only the window may import."""

ONLY = {
    "engine.core": ("engine.core",),
    "engine.activations": ("engine.activations", "engine.core"),
    "engine.losses": ("engine.losses", "engine.core"),
    "engine.optimizers": ("engine.optimizers", "engine.core"),
    "engine.initializers": ("engine.initializers", "engine.core"),
    "engine.datasets": ("engine.datasets", "engine.core"),
    "engine.schedules": ("engine.schedules", "engine.core"),
    "engine.clipping": ("engine.clipping", "engine.core", "engine.optimizers"),
    "engine.regularizers": ("engine.regularizers", "engine.core", "engine.optimizers"),
    "engine.augmentations": ("engine.augmentations", "engine.core"),
    "engine.metrics": ("engine.metrics", "engine.core"),
    "engine.layers": ("engine.layers", "engine.core", "engine.activations", "engine.initializers"),
    "engine.breakpoints": (
        "engine.breakpoints",
        "engine.core",
        "engine.datasets",
        "engine.evaluation",
        "engine.layout",
        "engine.losses",
        "engine.network",
        "engine.procedures",
        "engine.symbols",
    ),
    "engine.document": ("engine.document", "engine.core", "engine.datasets.base"),
    "engine.imports": ("engine.imports", "engine.core", "engine.datasets"),
    "engine.procedures": (
        "engine.procedures",
        "engine.activations",
        "engine.core",
        "engine.data_of",
        "engine.datasets",
        "engine.document",
        "engine.layers",
        "engine.layout",
        "engine.losses",
        "engine.optimizers",
    ),
}
"""All that these may import of the engine: the kinds know the vocabulary and nothing above."""

BARE = (
    *ONLY,
    "engine.batches",
    "engine.curve",
    "engine.layout",
    "engine.learned",
    "engine.parameters",
    "engine.feeding",
    "engine.network",
    "engine.predict",
    "engine.evaluation",
    "engine.trainer",
    "engine.timeline",
    "engine.stopping",
    "engine.symbols",
    "engine.trace",
    "engine.formulas",
    "engine.users",
    "engine.following",
    "engine.session",
)
"""These need nothing but NumPy and the standard library, so that they start fast and run in a notebook."""

STOREYS = (
    ("engine.core",),
    ("engine.activations", "engine.losses", "engine.optimizers", "engine.initializers", "engine.datasets"),
    (
        "engine.layers",
        "engine.document",
        "engine.imports",
        "engine.clipping",
        "engine.regularizers",
        "engine.schedules",
        "engine.augmentations",
    ),
    ("engine.batches", "engine.curve", "engine.layout"),
    ("engine.learned", "engine.procedures"),
    ("engine.parameters", "engine.feeding", "engine.fit", "engine.update_cells", "engine.symbols"),
    ("engine.network", "engine.network_cells"),
    ("engine.predict", "engine.divergence"),
    ("engine.trainer", "engine.trace", "engine.evaluation", "engine.sampling"),
    ("engine.timeline", "engine.breakpoints", "engine.formulas", "engine.users"),
    ("engine.stopping", "engine.following"),
    ("engine.session",),
    ("engine.files", "engine.exports", "engine.architectures"),
    ("engine.commands", "engine.cli"),
)
"""From the ground up: whoever is in the table imports nothing of a higher storey."""

NEIGHBOURS = ("gui.editor", "gui.panels", "gui.walkthrough", "gui.lessons", "gui.exports")
"""These never import one another; they meet in the workspace. The widgets know none of them."""


@dataclass(frozen=True)
class Import:
    """One import: who, in which file and line, imports what."""

    module: str
    path: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.module} imports {self.name}"


def imports_of(source: str, module: str, path: str = "", package: bool = False) -> Iterator[Import]:
    """Every import in a module, also those inside functions, with dots resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield Import(module, path, node.lineno, each.name)
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                above = module.split(".")[: None if package and node.level == 1 else -node.level + package]
                start = ".".join([*above, start] if start else above)
            for each in node.names:
                yield Import(module, path, node.lineno, f"{start}.{each.name}")


def within(name: str, *packages: str) -> bool:
    return any(name == each or name.startswith(f"{each}.") for each in packages)


def rule_for(module: str, table: tuple[str, ...]) -> str | None:
    """The longest prefix of the table that the module lies in."""
    return max((each for each in table if within(module, each)), key=len, default=None)


def storey(name: str) -> int | None:
    return next((number for number, each in enumerate(STOREYS) if within(name, *each)), None)


def broken_rule(found: Import) -> str | None:
    """Which rule an import breaks, in words, or nothing."""
    house = found.module.partition(".")[0]
    target = found.name.partition(".")[0]
    if target in HOUSES and target not in HOUSES[house]:
        return f"{house} may import {', '.join(HOUSES[house])}"
    if house in {"engine", "resources"} and target in WINDOW:
        return "the engine knows no window"
    if target == "engine":
        only = rule_for(found.module, tuple(ONLY))
        if only and not within(found.name, *ONLY[only]):
            return f"{only} may import {', '.join(ONLY[only])}"
        here, there = storey(found.module), storey(found.name)
        if here is not None and there is not None and there > here:
            return f"{STOREYS[there][0]} lies above"
    if within(found.module, *BARE) and target not in {"engine", "resources", "numpy", *_standard()}:
        return "here nothing but NumPy and the standard library"
    if target == "gui":
        neighbour = rule_for(found.name, NEIGHBOURS)
        home = rule_for(found.module, NEIGHBOURS)
        if neighbour and home and neighbour != home:
            return f"{home} and {neighbour} meet in the workspace only"
        if neighbour and within(found.module, "gui.widgets"):
            return "widgets know none of those that use them"
    return None


def _standard() -> frozenset[str]:
    import sys

    return frozenset(sys.stdlib_module_names)


def sources() -> Iterator[tuple[str, Path]]:
    """Every module of the program with its file."""
    for house in HOUSES:
        alone = ROOT / f"{house}.py"
        if alone.exists():
            yield house, alone
        for path in sorted((ROOT / house).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def violations() -> list[str]:
    found = []
    for module, path in sources():
        source = path.read_text(encoding="utf-8")
        where = str(path.relative_to(ROOT))
        for each in imports_of(source, module, where, package=path.name == "__init__.py"):
            rule = broken_rule(each)
            if rule:
                found.append(f"{each} ({rule})")
    return found


def test_nobody_breaks_the_rules() -> None:
    found = violations()
    assert not found, "\n".join(found)


def test_the_modules_are_found() -> None:
    found = {module for module, _ in sources()}
    assert {"engine", "engine.core.plan", "engine.layers.dense", "engine.network"} <= found


PLANTED = [
    ("engine.core.plan", "from engine.layers import layers"),
    ("engine.core.plan", "import pydantic"),
    ("engine.activations.tanh", "from engine.layers.base import LayerKind"),
    ("engine.losses.bce", "from engine.activations import activations"),
    ("engine.layers.dense", "import engine.network"),
    ("engine.layers.dense", "from engine import network"),
    ("engine.layers.dense", "def f():\n    from engine.document import Document"),
    ("engine.layers.dense", "from ..trace import Trace"),
    ("engine.datasets.gates", "from engine.document import Document"),
    ("engine.document.edits", "from engine.layers import layers"),
    ("engine.document.edits", "from engine.datasets import datasets"),
    ("engine.network", "from engine.trainer import Trainer"),
    ("engine.layout", "from engine.learned import Learned"),
    ("engine.trainer", "from engine.timeline import Timeline"),
    ("engine.trace", "from engine.session import Session"),
    ("engine.session.worker", "from engine.files import open_project"),
    ("engine.files.project", "import engine.cli"),
    ("engine.network", "import gui.theme"),
    ("engine.network", "from PySide6.QtCore import QObject"),
    ("engine.exports.chart", "import pyqtgraph as pg"),
    ("engine.cli", "from main import run"),
    ("gui.workspace", "import main"),
    ("gui.editor.view", "from gui.panels.inspector import Inspector"),
    ("gui.panels.inspector", "from gui import editor"),
    ("gui.walkthrough.player", "from gui.lessons import reader"),
    ("gui.exports.image", "import gui.walkthrough.player"),
    ("gui.widgets.numbers", "from gui.editor.view import View"),
    ("gui.widgets.numbers", "from ..panels import loss"),
    ("resources", "import engine"),
]


@pytest.mark.parametrize(("module", "source"), PLANTED)
def test_a_planted_violation_is_caught(module: str, source: str) -> None:
    found = list(imports_of(source, module, "planted.py"))
    assert found
    assert any(broken_rule(each) for each in found)
    line = source.count("\n") + 1
    assert str(found[0]).startswith(f"planted.py:{line}: {module} imports ")


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("engine.layers.dense", "from engine.activations import Activation, activations"),
        ("engine.layers.dense", "import numpy as np\nfrom math import pi\nfrom . import base"),
        ("engine.document.document", "from engine.datasets.base import Data"),
        ("engine.trace", "from engine.network import Network"),
        ("engine.files.schema", "from pydantic import BaseModel"),
        ("engine.data_of", "from engine.document import Document"),
        ("engine.commands.train", "from engine.files import open_project"),
        ("gui.panels.loss", "from gui.workspace import Workspace\nfrom engine.session import Snapshot"),
        ("gui.workspace", "from gui.panels import loss"),
        ("gui.editor.view", "from gui.editor.items import Item\nfrom gui.widgets import numbers"),
        ("main", "from gui.app import main\nfrom engine import cli"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert not [each for each in imports_of(source, module) if broken_rule(each)]


def test_dots_are_resolved() -> None:
    assert [each.name for each in imports_of("from . import base", "engine.layers.dense")] == [
        "engine.layers.base"
    ]
    assert [each.name for each in imports_of("from ..core import plan", "engine.layers.dense")] == [
        "engine.core.plan"
    ]
    inside = imports_of("from .base import layers", "engine.layers", package=True)
    assert [each.name for each in inside] == ["engine.layers.base.layers"]
