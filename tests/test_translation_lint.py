"""What is shown can be translated: no f-string goes into ``tr``, which would take it as the text."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

GUI = Path(__file__).resolve().parents[1] / "gui"


def offences(source: str) -> list[int]:
    """Lines with an f-string, a sum or a formatted text inside a call of ``tr``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "tr":
            for argument in node.args[:1]:
                if isinstance(argument, ast.JoinedStr | ast.BinOp):
                    found.append(node.lineno)
    return found


def test_the_lint_finds_an_offence() -> None:
    assert offences('self.tr(f"{n} units")') == [1]
    assert offences('self.tr("units: " + n)') == [1]
    assert offences('self.tr("{n} units").format(n=n)') == []


@pytest.mark.parametrize("path", sorted(GUI.rglob("*.py")), ids=lambda path: str(path.relative_to(GUI)))
def test_no_f_string_is_translated(path: Path) -> None:
    assert offences(path.read_text(encoding="utf-8")) == []
