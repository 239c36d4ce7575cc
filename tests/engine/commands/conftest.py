"""Ways to run a command, and projects to run it on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from engine import cli
from engine.files import Project, save_project
from engine.samples import first_light

MAIN = Path(__file__).resolve().parents[3] / "main.py"

LECTURE = """
{
  "layers": [2, {"units": 4, "activation": "sigmoid"}, 1],
  "parameters": {
    "hidden.W": [[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2], [0.3, -0.1]],
    "hidden.b": ["1/10", 0, "-1/10", 0.2],
    "output.W": [0.2, "-2/5", 0.5, 0.1],
    "output.b": 0.1
  },
  "table": {"rows": [[1, 2, 1]]}
}
"""
"""The course's 2-4-1 network, lessons 20 and 25."""


@pytest.fixture
def process() -> Callable[..., str]:
    """Runs ``main.py`` as a user does, on a console of Windows, and gives what it prints."""

    def run(*words: object) -> str:
        environment = {
            **os.environ,
            "PYTHONIOENCODING": "cp1252",
            "PYTHONWARNINGS": "error",
            "PYTHONUTF8": "0",
        }
        command = [sys.executable, str(MAIN), *map(str, words)]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=50
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


@pytest.fixture
def said() -> Callable[..., str]:
    """Runs a command without a process of its own and gives what it prints."""

    def run(*words: object) -> str:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
            code = cli.main([str(word) for word in words])
        assert (code, err.getvalue()) == (0, "")
        return out.getvalue()

    return run


@pytest.fixture
def parsed() -> Callable[[str], dict[str, Any]]:
    """Reads one JSON object that has no NaN or Infinity in it."""

    def never(word: str) -> None:
        raise AssertionError(word)

    def read(words: str) -> dict[str, Any]:
        found = json.loads(words, parse_constant=never)
        assert isinstance(found, dict)
        return found

    return read


@pytest.fixture
def answer(said, parsed) -> Callable[..., dict[str, Any]]:
    """Runs a command with ``--json``."""
    return lambda *words: parsed(said(*words, "--json"))


@pytest.fixture
def lecture(tmp_path) -> Path:
    path = tmp_path / "lecture.json"
    path.write_text(LECTURE, encoding="utf-8")
    return path


@pytest.fixture
def xor(tmp_path) -> Path:
    path = tmp_path / "xor.axon"
    save_project(Project.new(first_light()), path)
    return path
