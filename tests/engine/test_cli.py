"""The command line, as a user runs it: exit codes, sentences, help and wrong usage."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from engine import cli
from engine.commands import base
from engine.files import Project, save_project
from engine.samples import first_light

pytestmark = pytest.mark.slow

MAIN = Path(__file__).resolve().parents[2] / "main.py"


def axon(*words: object, code: int = 0, **options: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONWARNINGS": "error", "PYTHONUTF8": "0"}
    command = [sys.executable, str(MAIN), *map(str, words)]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", env=environment, check=False, timeout=50, **options
    )
    assert done.returncode == code, done.stderr
    return done


def called(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """The same without a process of its own."""
    try:
        code = cli.main([str(word) for word in words])
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def lecture(tmp_path) -> Path:
    path = tmp_path / "lecture.json"
    path.write_text('{"layers": [2, 4, 1], "table": {"rows": [[1, 2, 1]]}}', encoding="utf-8")
    return path


@pytest.fixture
def xor(tmp_path) -> Path:
    path = tmp_path / "xor.axon"
    save_project(Project.new(first_light()), path)
    return path


def test_divergence_is_a_sentence(tmp_path):
    path = tmp_path / "wild.json"
    entry = {"layers": [2, 3, {"activation": "identity"}], "loss": "mse"}
    entry["optimizer"] = {"kind": "gradient_descent", "learning_rate": 1000}
    path.write_text(json.dumps(entry))
    done = axon("train", path, "--json", "--output", tmp_path / "out.axon", code=1)
    assert done.stdout == ""
    assert "learning rate" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.axon").exists()


# -------------------------------------------------------------------- how a command ends


@pytest.mark.parametrize("command", ["train", "trace", "info"])
def test_what_cannot_be_opened(command, tmp_path, capsys):
    (tmp_path / "bad.json").write_text('{"layers": [2, 0]}')
    for name in ("bad.json", "nothing.axon", "."):
        for more in ((), ("--json",)):
            code, out, err = called(capsys, command, tmp_path / name, *more)
            assert (code, out) == (1, "")
            assert err.count("\n") == 1
            assert "cannot be opened" in err


@pytest.mark.parametrize("command", ["train", "trace"])
def test_what_cannot_be_calculated(command, tmp_path, capsys):
    path = tmp_path / "a.json"
    path.write_text('{"layers": [3, 1]}')
    assert called(capsys, command, path)[::2] == (
        1,
        "The data has 2 features but the input has 3 units: change one of them.\n",
    )


def test_an_example_that_is_not_there(lecture, capsys):
    for number in (0, 2, -1):
        code, out, err = called(capsys, "trace", lecture, "--example", number)
        assert (code, out) == (1, "")
        assert err == f"There is no example {number}: the data has examples 1 to 1.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("train",),
        ("train", "x", "--epochs", "0"),
        ("train", "x", "--epochs", "many"),
        ("train", "x", "--epochs", "9" * 5000),
        ("train", "x", "--seed", "-1"),
        ("train", "x", "--epoch", "1"),
        ("trace", "x", "--example", "one"),
        ("info",),
        ("fly",),
        (),
    ],
)
def test_wrong_usage(words, capsys):
    code, out, err = called(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith("usage: ")


def test_wrong_usage_of_main():
    assert "must be a whole number from 1 to" in axon("train", "x", "--epochs", "0", code=2).stderr
    assert "neither a command nor a file called 'trian'" in axon("trian", code=2).stderr
    assert "unrecognized arguments: --nonsense" in axon("--nonsense", code=2).stderr


def test_help_and_version():
    words = axon("--help").stdout
    for word in ("FILE", "--reset", "--no-welcome", "--pictures", "--version", *base.names()):
        assert word in words
    assert axon("--version").stdout == f"Axon {cli.version()}\n"
    for name in base.names():
        with redirect_stdout(io.StringIO()) as out, pytest.raises(SystemExit):
            cli.main([name, "--help"])
        assert out.getvalue().startswith("usage: ")


def test_commands_need_no_qt(lecture):
    words = "import sys, main; main.main(sys.argv[1:]); print({'PySide6', 'gui'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", words, "info", str(lecture), "--json"],
        capture_output=True, text=True, cwd=MAIN.parent, check=True, encoding="utf-8",
    )  # fmt: skip
    assert done.stdout.endswith("}\nset()\n")


def test_the_command_line_is_read_before_numpy_comes():
    """The window decides on the threads of the products first, and shall not wait for the commands."""
    code = (
        "import sys; from engine import cli; cli.check_window(['--no-welcome']); "
        "late = {'numpy', 'engine.files', 'engine.trainer', 'importlib.metadata'}; "
        "sys.exit(bool(late & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=root).returncode == 0


def test_the_output_cannot_be_saved(lecture, tmp_path, capsys):
    for place in (tmp_path / "no" / "a.axon", tmp_path):
        code, out, err = called(capsys, "train", lecture, "--output", place)
        assert (code, out) == (1, "")
        assert "cannot be saved" in err


@pytest.mark.skipif(os.name == "nt", reason="POSIX only")
def test_a_closed_pipe_is_silent(xor):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, str(MAIN), "trace", str(xor)], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_the_output_is_a_sentence(xor):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, str(MAIN), "trace", str(xor), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(b"The output cannot be written: ")
    assert done.stderr.count(b"\n") == 1


def test_every_command_is_a_file():
    assert {"info", "schema", "trace", "train"} <= set(base.names())
    for name in base.names():
        assert base.find(name).summary
