"""start.py: what it decides and what it says; nothing here installs, downloads or leaves the process."""

import ast
import os
import sys
import tomllib
from pathlib import Path

import pytest

import start

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX only")

PROJECT = {
    "dependencies": ["numpy>=2.0"],
    "optional-dependencies": {"test": ["pytest>=8.4", "numpy>=2.0"], "lint": ["ruff"]},
}


# --- Python ---


def test_an_old_python_can_read_the_file():
    ast.parse(Path(start.__file__).read_text("utf-8"), feature_version=(3, 6))


def test_oldest_python_is_that_of_the_project():
    assert start.read_project()["requires-python"] == f">=3.{start.OLDEST[1]}"


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("debian", "sudo apt update && sudo apt install python3.11 python3.11-venv"),
        ("fedora", "sudo dnf install python3.12"),
        ("macos", "brew install python@3.13"),
        ("windows", "winget install Python.Python.3.13"),
    ],
)
def test_too_old_names_the_line(kind, line):
    words = start.too_old("3.8.18", "/usr/bin/python3", kind)
    assert words.startswith("Axon needs Python 3.11 or newer; this is Python 3.8.18 (/usr/bin/python3).\n")
    assert f"\n\n    {line}\n\n" in words
    assert words.endswith("https://www.python.org/downloads/ - then run start.py with it.")


def test_too_old_on_an_unknown_system_names_the_site():
    assert start.too_old("3.8.18", "python3", "").splitlines()[1:] == [
        "Every version is at https://www.python.org/downloads/ - then run start.py with it."
    ]


def test_old_python_without_a_newer_one_stops(monkeypatch):
    monkeypatch.setattr(start, "newer_python", lambda: None)
    with monkeypatch.context() as old:
        old.setattr(sys, "version_info", (3, 10, 2))
        with pytest.raises(start.Missing, match=r"Axon needs Python 3\.11 or newer"):
            start.require_python([])


def test_old_python_goes_on_with_a_newer_one(monkeypatch, capsys):
    called = []
    monkeypatch.setattr(start, "newer_python", lambda: "/opt/python3.12")
    monkeypatch.setattr(start.subprocess, "call", lambda command: called.append(command) or 5)
    with monkeypatch.context() as old:
        old.setattr(sys, "version_info", (3, 10, 2))
        with pytest.raises(SystemExit) as exit_code:
            start.require_python(["test", "-x"])
    assert exit_code.value.code == 5
    assert called == [["/opt/python3.12", start.__file__, "test", "-x"]]
    assert "is too old for Axon: going on with /opt/python3.12" in capsys.readouterr().err


@posix_only
def test_newer_python_is_the_newest_that_starts(tmp_path, monkeypatch):
    for name, code in (("python3.14", 127), ("python3.12", 0), ("python3.11", 0), ("python3.9", 0)):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\nexit {code}\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start.newer_python() == str(tmp_path / "python3.12")


def test_newer_python_may_be_nowhere(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start.newer_python() is None


# --- the command line ---


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["net.axon"], True),
        (["/home/me/net"], True),
        (["--reset"], True),
        (["train", "net.axon", "--json"], False),
        (["export-onnx", "net.axon"], False),
        (["--help"], False),
        (["--pictures", "docs/pictures"], False),
        (["net.axon", "--version"], False),
    ],
)
def test_opens_window(arguments, window):
    assert start.opens_window(arguments) is window


def test_a_file_may_be_named_like_a_command(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not start.opens_window(["train"])
    Path("train").touch()
    assert start.opens_window(["train"])


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        ([], ("run_program", [])),
        (["net.axon"], ("run_program", ["net.axon"])),
        (["train", "x"], ("run_program", ["train", "x"])),
        (["test", "-k", "x"], ("run_tests", ["-k", "x"])),
        (["check"], ("run_checks", [])),
        (["--help"], ("show_help", [])),
    ],
)
def test_main_passes_arguments_and_exit_code_on(arguments, called, monkeypatch):
    for name in ("run_program", "run_tests", "run_checks", "show_help"):
        monkeypatch.setattr(start, name, lambda rest, name=name: (name, rest))
    assert start.main(arguments) == called


def test_main_says_what_is_missing_on_standard_error(monkeypatch, capsys):
    def run_program(_):
        raise start.Missing("This and that.")

    monkeypatch.setattr(start, "run_program", run_program)
    assert start.main([]) == 1
    assert capsys.readouterr() == ("", "\nThis and that.\n")


def test_tests_run_offscreen_unless_told_otherwise(monkeypatch):
    handed = []
    monkeypatch.setattr(start, "require_system", lambda libraries: None)
    monkeypatch.setattr(start, "require_environment", handed.append)
    monkeypatch.setattr(start, "hand_over", lambda *arguments: handed.append(arguments) or 3)
    monkeypatch.chdir(start.ROOT)
    monkeypatch.setenv("QT_QPA_PLATFORM", "")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    assert start.run_tests(["-x"]) == 3
    assert handed == ["test", ("-m", "pytest", "-x")]
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    start.run_tests([])
    assert os.environ["QT_QPA_PLATFORM"] == "xcb"


# --- the system ---


@pytest.mark.parametrize(
    ("os_release", "kind"),
    [
        ('NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n', "debian"),
        ("ID=ubuntu\nID_LIKE=debian\n", "debian"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "debian"),
        ("ID=fedora\n", "fedora"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
        ("ID=arch\n", ""),
        ("", ""),
    ],
)
def test_linux_kind(os_release, kind):
    assert start.linux_kind(os_release) == kind


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({}, []),
        ({"DISPLAY": ""}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "offscreen"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, ["vnc"]),
        ({"QT_QPA_PLATFORM": "xcb"}, []),
        ({"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, ["xcb"]),
        ({"QT_QPA_PLATFORM": "wayland;xcb", "DISPLAY": ":0"}, ["xcb"]),
    ],
)
def test_platforms(environment, names):
    assert start.platforms(environment) == names


@linux_only
def test_no_display_is_said_in_words():
    with pytest.raises(start.Missing) as words:
        start.missing_for_window({})
    assert str(words.value).startswith("There is no display to open a window on: neither DISPLAY nor")
    assert "\n\n    xvfb-run python3 start.py\n\n" in str(words.value)


@linux_only
def test_one_kind_of_display_is_enough(monkeypatch):
    absent = {"libEGL.so.1", *start.X11}
    monkeypatch.setattr(
        start, "missing", lambda libraries: {k: v for k, v in libraries.items() if k in absent}
    )
    both = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    assert start.missing_for_window(both) == {"libEGL.so.1": "libegl1"}
    assert start.missing_for_window({"DISPLAY": ":0"}) == {"libEGL.so.1": "libegl1", **start.X11}
    assert start.missing_for_window({"QT_QPA_PLATFORM": "offscreen"}) == {"libEGL.so.1": "libegl1"}


@linux_only
def test_missing_tries_to_load():
    assert start.missing({"libc.so.6": "libc6", "libaxon-none.so.9": "none"}) == {"libaxon-none.so.9": "none"}


def test_what_is_missing_names_the_line():
    lacking = {"libGL.so.1": "libgl1", "Python's module ensurepip": "python3.12-venv"}
    assert start.what_is_missing(lacking, "debian") == (
        "This system lacks libGL.so.1, Python's module ensurepip.\n"
        "This line installs it; then run start.py again:\n\n"
        "    sudo apt update && sudo apt install --no-install-recommends libgl1 python3.12-venv"
    )
    assert start.what_is_missing({"libGL.so.1": "libgl1"}, "fedora").endswith(
        "\n\n    sudo dnf install 'libGL.so.1()(64bit)'"
    )
    assert start.what_is_missing({"libGL.so.1": "libgl1"}, "") == (
        "This system lacks libGL.so.1.\n"
        "Install it with your system's package manager, then run start.py again."
    )


@pytest.fixture
def debian_without_pip(monkeypatch):
    """A fresh Debian, whose venv lacks a half; returns the packages that start.py has installed."""
    installed = []
    monkeypatch.setattr(start, "system", lambda: "debian")
    monkeypatch.setattr(start, "read_stamp", dict)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(start, "install_debian", installed.extend)
    return installed


def test_root_on_debian_installs(debian_without_pip, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    start.require_system({"libEGL.so.1": "libegl1"})
    assert debian_without_pip == ["libegl1", f"python3.{sys.version_info.minor}-venv"]


def test_a_user_on_debian_is_told(debian_without_pip, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(start.Missing, match=r"sudo apt update && sudo apt install .* libegl1 python3"):
        start.require_system({"libEGL.so.1": "libegl1"})
    assert debian_without_pip == []


def test_nothing_is_asked_for_when_all_is_there(debian_without_pip, monkeypatch):
    monkeypatch.setattr(start, "read_stamp", lambda: {"requirements": []})
    start.require_system({})
    assert debian_without_pip == []


def test_apt_that_fails_shows_its_last_lines(monkeypatch, capsys):
    monkeypatch.setattr(start, "follow", lambda command, **variables: (100, "E: no such package"))
    with pytest.raises(start.Missing, match="E: no such package\n\napt-get could not install"):
        start.install_debian(["libgl1", "libegl1"])
    assert capsys.readouterr().err == "Installing the missing system packages: libgl1 libegl1\n"


# --- the environment ---


def test_requirements():
    assert start.requirements(PROJECT) == ["numpy>=2.0"]
    assert start.requirements(PROJECT, "test", "lint") == ["numpy>=2.0", "pytest>=8.4", "ruff"]


def test_project_keeps_clear_of_the_qt_that_aborts_python_3_11():
    tables = tomllib.loads((start.ROOT / "pyproject.toml").read_text("utf-8"))
    assert "PySide6-Essentials>=6.8,<6.12; python_version < '3.12'" in tables["project"]["dependencies"]


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """A folder that looks like an environment with two packages, in the place of .venv."""
    base = tmp_path / "base"
    base.mkdir()
    for name in ("python3.11", "python3.12"):
        (base / name).touch()
    site = tmp_path / "venv" / "lib" / "python3.11" / "site-packages"
    for name in ("numpy", "pip"):
        (site / name).mkdir(parents=True)
        (site / name / "__init__.py").touch()
    (site / "__pycache__").mkdir()
    python = tmp_path / "venv" / "python"
    python.symlink_to(base / "python3.11")
    monkeypatch.setattr(start, "VENV", tmp_path / "venv")
    monkeypatch.setattr(start, "PYTHON", python)
    monkeypatch.setattr(start, "STAMP", tmp_path / "venv" / "axon.json")
    return tmp_path


@posix_only
def test_stamp_of_a_whole_environment(environment):
    assert start.read_stamp() == {}
    start.write_stamp(["numpy>=2.0"], str(environment / "base"))
    assert start.read_stamp()["requirements"] == ["numpy>=2.0"]
    (environment / "venv/lib/python3.11/site-packages/__pycache__").rmdir()
    assert start.read_stamp()


def lose_a_package(root):
    (root / "venv/lib/python3.11/site-packages/numpy").rename(root / "gone")


def lose_all_packages(root):
    (root / "venv/lib").rename(root / "gone")


def lose_the_base(root):
    (root / "base").rename(root / "gone")


def change_the_python(root):
    start.PYTHON.unlink()
    start.PYTHON.symlink_to(root / "base" / "python3.12")


def cut_the_stamp(root):
    start.STAMP.write_text(start.STAMP.read_text()[:20])


def replace_the_stamp(root):
    start.STAMP.write_text("[1]")


@posix_only
@pytest.mark.parametrize(
    "harm",
    [
        lose_a_package,
        lose_all_packages,
        lose_the_base,
        change_the_python,
        cut_the_stamp,
        replace_the_stamp,
    ],
)
def test_stamp_of_a_broken_environment(environment, harm):
    start.write_stamp(["numpy>=2.0"], str(environment / "base"))
    harm(environment)
    assert start.read_stamp() == {}


@pytest.fixture
def doings(environment, monkeypatch):
    """What require_environment does to the environment, in order."""
    done = []
    monkeypatch.setattr(start, "read_project", lambda: PROJECT)
    monkeypatch.setattr(start, "make_environment", lambda: done.append("make"))
    monkeypatch.setattr(start, "install", done.append)
    return done


@posix_only
def test_environment_is_made_once(doings):
    start.require_environment()
    assert doings == ["make", ["numpy>=2.0"]]
    start.require_environment()
    assert len(doings) == 2


@posix_only
def test_extras_are_added_and_kept(doings):
    start.require_environment("lint")
    start.require_environment("test")
    assert doings[2:] == [["numpy>=2.0", "pytest>=8.4", "ruff"]]
    start.require_environment("lint")
    start.require_environment()
    assert len(doings) == 3


@posix_only
def test_changed_requirements_are_installed_into_the_same_environment(doings, monkeypatch):
    start.require_environment("lint")
    changed = {"dependencies": ["numpy>=2.1"], "optional-dependencies": {"lint": ["ruff"]}}
    monkeypatch.setattr(start, "read_project", lambda: changed)
    start.require_environment()
    assert doings[2:] == [["numpy>=2.1", "ruff"]]


@posix_only
def test_failed_installation_leaves_what_was_there(doings, monkeypatch):
    start.require_environment()

    def fail(_):
        raise start.Missing("no network")

    monkeypatch.setattr(start, "install", fail)
    with pytest.raises(start.Missing):
        start.require_environment("test")
    assert start.read_stamp()["requirements"] == ["numpy>=2.0"]
    start.require_environment()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        (
            "Failed to establish a new connection: [Errno 111] Connection refused",
            "no way to the package index",
        ),
        ("Temporary failure in name resolution", "no way to the package index"),
        ("Read timed out.", "no way to the package index"),
        ("No space left on device", "pip could not install the packages"),
    ],
)
def test_pip_failure(words, meaning):
    assert meaning in start.pip_failure(words)


def test_failed_pip_shows_its_last_lines(monkeypatch):
    monkeypatch.setattr(start, "follow", lambda command, **variables: (1, "ERROR: [Errno 28] No space left"))
    with pytest.raises(start.Missing, match=r"^ERROR: \[Errno 28\] No space left\n\npip could not install"):
        start.install(["numpy"])


def test_failed_venv_shows_its_last_lines(monkeypatch):
    monkeypatch.setattr(start, "follow", lambda command: (1, "Error: [Errno 13] Permission denied"))
    with pytest.raises(
        start.Missing, match=r"^Error: \[Errno 13\] Permission denied\n\nPython could not make"
    ):
        start.make_environment()


def test_follow_says_downloads_and_keeps_the_last_lines(capsys):
    program = "import sys; print(*range(20), '  Downloading numpy (17 MB)', sep='\\n'); sys.exit(4)"
    code, last = start.follow([sys.executable, "-c", program])
    assert code == 4
    assert last.splitlines()[-2:] == ["19", "  Downloading numpy (17 MB)"]
    assert len(last.splitlines()) == 8
    assert capsys.readouterr() == ("", "  Downloading numpy (17 MB)\n")
