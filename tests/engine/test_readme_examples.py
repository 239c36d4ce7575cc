"""The examples of the engine's README run as they stand there, and print what they say they print."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import engine
from engine.core.registry import Registry

README = Path(__file__).resolve().parents[2] / "engine" / "README.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(text: str) -> list[tuple[int, str]]:
    """The Python blocks with the number of the line before each."""
    found = [(text[: each.start()].count("\n") + 1, each[1], each[2]) for each in FENCE.finditer(text)]
    assert {language for _, language, _ in found} == {"python"}, "a block in another language is not run"
    assert 2 * len(found) == text.count("```"), "a block is not closed, or stands within a line"
    return [(line, code) for line, _, code in found]


def run(code: str, names: dict[str, object], where: str) -> Iterator[tuple[int, list[str], list[str]]]:
    """Run a block statement by statement: its last line, what it prints, and the comment right under it."""
    lines = code.splitlines()
    for node in ast.parse(code).body:
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile(ast.Module([node], []), where, "exec"), names)  # noqa: S102
        end = node.end_lineno or 0
        said = []
        while end + len(said) < len(lines) and lines[end + len(said)].startswith("#"):
            said.append(lines[end + len(said)])
        yield end, [f"# {each}".rstrip() for each in printed.getvalue().splitlines()], said


@pytest.fixture
def names() -> Iterator[dict[str, object]]:
    """The names of one notebook; kinds that it adds are gone afterwards."""
    notebook = ModuleType("notebook")
    path = list(sys.path)
    sys.modules["notebook"] = notebook
    yield notebook.__dict__
    del sys.modules["notebook"]
    sys.path[:] = path
    for registry in Registry.families.values():
        for kind in [each for each, cls in registry._kinds.items() if cls.__module__ == "notebook"]:
            del registry._kinds[kind]


def test_every_example_prints_what_it_says(names: dict[str, object]) -> None:
    options = np.get_printoptions()
    printing = 0
    try:
        for line, code in blocks(README.read_text(encoding="utf-8")):
            for end, printed, said in run(code, names, f"README.md, block at line {line}"):
                assert said == printed, f"README.md, line {line + end}: {chr(10).join(printed)}"
                printing += bool(printed)
    finally:
        np.set_printoptions(**options)
    assert printing > 40, "or the examples show too little"
    assert "square" in names["activations"]  # type: ignore[operator]


def test_what_the_examples_added_is_gone() -> None:
    assert "square" not in Registry.families["activation"]
    assert "notebook" not in sys.modules


def test_the_table_has_all_families() -> None:
    text = README.read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| (\S[^|]*) \| [^|]+ \| `from (\S+) import (\w+)` \| ([^|]+) \|$", text, re.MULTILINE
    )
    for module in pkgutil.iter_modules(engine.__path__):
        if module.ispkg and (README.parent / module.name / "base.py").exists():
            importlib.import_module(f"engine.{module.name}")
    assert sorted(name for name, *_ in rows) == sorted(Registry.families)
    for name, package, variable, contract in rows:
        assert getattr(importlib.import_module(package), variable) is Registry.families[name]
        if contract.strip() != "–":
            assert (README.parents[1] / "tests" / contract.strip().strip("`")).is_file(), contract


def test_a_wrong_comment_or_a_missing_one_would_be_noticed() -> None:
    right = "print(1)\n# 1\nx = 2\n\n# a remark\nprint(x,\n      3)\n# 2 3\n"
    assert all(printed == said for _, printed, said in run(right, {}, "right"))
    for wrong in (
        right.replace("# 1", "# 7"),
        right.replace("# 1\n", ""),
        right.replace("= 2\n", "= 2\n# 2\n"),
    ):
        assert not all(printed == said for _, printed, said in run(wrong, {}, "wrong"))
    with pytest.raises(AssertionError, match="not closed"):
        blocks("```python\nx\n```\n\n```\n")
    with pytest.raises(AssertionError, match="another language"):
        blocks("```py\nx\n```\n")
