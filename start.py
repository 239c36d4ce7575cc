#!/usr/bin/env python3
"""Axon on a fresh machine: make the environment, then open the window or run the tests.

    python3 start.py                  open the window
    python3 start.py FILE             open the window with a project
    python3 start.py COMMAND ...      run a command of the program that needs no window
    python3 start.py test ...         run the tests, without a window (the rest goes to pytest)
    python3 start.py check            look at the source: format, lint, types

The first start makes the folder .venv beside this file and downloads the packages named in
pyproject.toml into it; later starts need no network. In a muddle, delete .venv and start again.
As root on Debian or Ubuntu (a container, CI) missing system packages are installed as well.
"""

# Only the standard library, and only the syntax of Python 3.6: an older Python must get far enough to
# be told so in words. All words go to standard error; standard output belongs to the program.

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from typing import Any, Dict, Mapping

OLDEST, NEWEST = (3, 11), (3, 14)  # anything newer is welcome too, but not looked for

LINUX = sys.platform.startswith("linux")
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "axon.json"  # what was installed; written last, so a half-made environment has none

# Shared libraries that Qt's wheels do not bring on Linux, each with the Debian package that holds it.
Libraries = Dict[str, str]
OFFSCREEN: Libraries = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",  # newer releases rename it, but still answer to this name
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X11: Libraries = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
WAYLAND: Libraries = {
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}
# Qt's platforms that need a display: the variable that offers one, and the libraries they take.
DISPLAYS = {"wayland": ("WAYLAND_DISPLAY", WAYLAND), "xcb": ("DISPLAY", X11)}


class Missing(Exception):
    """Something is missing. The text says what, and how to mend it."""


def main(arguments: "list[str]") -> int:
    """Do what the command line asks for and return the exit code."""
    commands = {"test": run_tests, "check": run_checks, "-h": show_help, "--help": show_help}
    try:
        require_python(arguments)
        if arguments and arguments[0] in commands:
            return commands[arguments[0]](arguments[1:])
        return run_program(arguments)
    except Missing as words:
        say(f"\n{words}")
        return 1
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    """Say something to the user."""
    print(text, file=sys.stderr, flush=True)


# --- the commands ---


def run_program(arguments: "list[str]") -> int:
    """Run main.py, after a look for a display and Qt's libraries if it will open its window."""
    if opens_window(arguments):
        require_system(missing_for_window(os.environ))
    else:
        require_system(missing(OFFSCREEN) if "--pictures" in arguments else {})
    require_environment()
    return hand_over(str(ROOT / "main.py"), *arguments)


def run_tests(arguments: "list[str]") -> int:
    """Run pytest on Qt's offscreen platform."""
    require_system(missing(OFFSCREEN))
    require_environment("test")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.chdir(ROOT)
    return hand_over("-m", "pytest", *arguments)


def run_checks(_: "list[str]") -> int:
    """Run every check of the source, so that one round shows all there is to mend."""
    require_system({})
    require_environment("lint")
    checks = ("ruff format --check .", "ruff check .", "mypy")
    failed = [check for check in checks if subprocess.call([PYTHON, "-m", *check.split()], cwd=ROOT)]
    for check in failed:
        say(f"failed: {check}")
    return 1 if failed else 0


def show_help(_: "list[str]") -> int:
    """Print how to call this file and, once there is an environment, the program's own help."""
    print(__doc__, flush=True)
    return hand_over(str(ROOT / "main.py"), "--help") if read_stamp() else 0


def opens_window(arguments: "list[str]") -> bool:
    """Whether main.py will open its window: a first word that is no file is a command without one."""
    if not arguments:
        return True
    if {"-h", "--help", "--version", "--pictures"} & set(arguments):
        return False
    return not re.match(r"[a-z][a-z-]*$", arguments[0]) or Path(arguments[0]).exists()


def hand_over(*arguments: str) -> int:
    """Become the environment's Python; on Windows, where that cannot be, wait for its exit code."""
    command = [str(PYTHON), *arguments]
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def follow(command: "list[str]", **variables: str) -> "tuple[int, str]":
    """Run a command, say what it downloads, and return its exit code and its last lines."""
    last: "deque[str]" = deque(maxlen=8)
    streams: Dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    with subprocess.Popen(command, env=dict(os.environ, **variables), **streams) as process:
        for line in process.stdout or []:
            last.append(line.decode(errors="replace").rstrip())
            if last[-1].lstrip().startswith(("Downloading", "Need to get")):
                say(f"  {last[-1].strip()}")
    return process.returncode, "\n".join(last)


# --- Python ---


def require_python(arguments: "list[str]") -> None:
    """Go on only with a Python that is new enough; another one on the PATH will do."""
    if sys.version_info >= OLDEST:
        return
    newer = newer_python()
    if newer is None:
        raise Missing(too_old(sys.version.split()[0], sys.executable, system()))
    say(f"Python {sys.version.split()[0]} is too old for Axon: going on with {newer}")
    sys.exit(subprocess.call([newer, str(ROOT / "start.py"), *arguments]))


def newer_python() -> "str | None":
    """Return the newest Python on the PATH that is new enough and really starts."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        if path and subprocess.call([path, "-c", "import venv"], stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def too_old(version: str, executable: str, system: str) -> str:
    """Say that this Python is too old, and how to get another one."""
    lines = {
        "debian": "sudo apt update && sudo apt install python3.11 python3.11-venv",
        "fedora": "sudo dnf install python3.12",
        "macos": "brew install python@3.13",
        "windows": "winget install Python.Python.3.13",
    }
    text = f"Axon needs Python 3.11 or newer; this is Python {version} ({executable}).\n"
    if system in lines:
        text += f"Where your system offers a newer one, this line installs it:\n\n    {lines[system]}\n\n"
    return f"{text}Every version is at https://www.python.org/downloads/ - then run start.py with it."


# --- the system: display, libraries, venv ---


def system() -> str:
    """Return the kind of this system: debian, fedora, macos, windows or, if unknown, nothing."""
    if not LINUX:
        return {"win32": "windows", "darwin": "macos"}.get(sys.platform, "")
    try:
        return linux_kind(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        return ""


def linux_kind(os_release: str) -> str:
    """Return the kind of Linux that the text of /etc/os-release names."""
    names = set(" ".join(re.findall(r"""^ID(?:_LIKE)?=["']?([^"'\n]*)""", os_release, re.MULTILINE)).split())
    if names & {"debian", "ubuntu"}:
        return "debian"
    return "fedora" if names & {"fedora", "rhel"} else ""


def platforms(environment: Mapping[str, str]) -> "list[str]":
    """Return the Qt platforms that can show a window here, in the order in which Qt tries them."""
    asked = environment.get("QT_QPA_PLATFORM") or "wayland;xcb"
    names = [name.partition(":")[0] for name in asked.split(";")]
    return [name for name in names if name not in DISPLAYS or environment.get(DISPLAYS[name][0])]


def missing_for_window(environment: Mapping[str, str]) -> Libraries:
    """Return the libraries that are missing to open a window; of several kinds of display one will do."""
    if not LINUX:
        return {}
    names = platforms(environment)
    if not names:
        raise Missing(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n"
            "Start Axon from a terminal on the desktop, or from another machine through ssh -X.\n"
            "Where xvfb is installed, this line makes a display that nobody sees:\n\n"
            "    xvfb-run python3 start.py\n\n"
            "The tests (python3 start.py test) and the commands (python3 start.py --help) need none."
        )
    lacking = [missing(DISPLAYS[name][1]) if name in DISPLAYS else {} for name in names]
    least = min(lacking, key=len)
    return {**missing(OFFSCREEN), **least}


def missing(libraries: Libraries) -> Libraries:
    """Return those of the libraries that a Linux system cannot load."""
    if not LINUX:
        return {}
    from ctypes import CDLL

    absent = {}
    for soname, package in libraries.items():
        try:
            CDLL(soname)
        except OSError:
            absent[soname] = package
    return absent


def require_system(libraries: Libraries) -> None:
    """Install these missing libraries, and the part of venv that Debian cuts off, or say how to."""
    lacking = dict(libraries)
    if not read_stamp() and importlib.util.find_spec("ensurepip") is None:
        lacking["Python's module ensurepip"] = f"python3.{sys.version_info[1]}-venv"
    if not lacking:
        return
    if system() != "debian" or os.geteuid() != 0:
        raise Missing(what_is_missing(lacking, system()))
    install_debian(list(lacking.values()))


def install_debian(packages: "list[str]") -> None:
    """Install Debian packages, as root."""
    say(f"Installing the missing system packages: {' '.join(packages)}")
    apt_get = ["apt-get", "-o", "DPkg::Lock::Timeout=120"]
    follow([*apt_get, "update"], DEBIAN_FRONTEND="noninteractive")
    command = [*apt_get, "install", "-y", "--no-install-recommends", *packages]
    code, last = follow(command, DEBIAN_FRONTEND="noninteractive")
    if code:
        raise Missing(
            f"{last}\n\napt-get could not install the system packages; its last lines above say why."
        )


def what_is_missing(lacking: Libraries, kind: str) -> str:
    """Say what is missing, and the line that installs it."""
    text = f"This system lacks {', '.join(lacking)}.\n"
    if kind == "debian":
        line = "sudo apt update && sudo apt install --no-install-recommends " + " ".join(lacking.values())
    elif kind == "fedora":  # its package manager finds a library by its own name
        line = "sudo dnf install " + " ".join(f"'{name}()(64bit)'" for name in lacking if ".so." in name)
    else:
        return f"{text}Install it with your system's package manager, then run start.py again."
    return f"{text}This line installs it; then run start.py again:\n\n    {line}"


# --- the environment ---


def require_environment(*extras: str) -> None:
    """See to it that .venv holds what pyproject.toml asks for, with these of its extras."""
    project, stamp = read_project(), read_stamp()
    installed = stamp.get("requirements", [])
    wanted = requirements(project, *extras)
    if set(wanted) <= set(installed):
        return
    began = time.time()
    if not stamp:
        make_environment()
    others = requirements(project, *project["optional-dependencies"])
    wanted += [line for line in others if line in installed and line not in wanted]
    install(wanted)
    write_stamp(wanted, stamp.get("base", sys.base_prefix))
    say(f"Ready after {time.time() - began:.0f} seconds.\n")


def read_project() -> Dict[str, Any]:
    """Return the table `project` of pyproject.toml."""
    import tomllib

    project: Dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def requirements(project: Dict[str, Any], *extras: str) -> "list[str]":
    """Return what the project needs with these of its extras, each line once."""
    optional = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return list(dict.fromkeys(project["dependencies"] + optional))


def read_stamp() -> Dict[str, Any]:
    """Return what the environment holds, or nothing where it is half-made, broken or not there."""
    try:
        stamp: Dict[str, Any] = json.loads(STAMP.read_text("utf-8"))
        whole = (
            PYTHON.exists()  # not a link to a Python that has gone
            and os.path.realpath(PYTHON) == stamp["python"]  # nor to one of another version
            and Path(stamp["base"]).is_dir()
            and set(stamp["packages"]) <= {path.name for path in (VENV / stamp["site"]).iterdir()}
        )
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return stamp if whole else {}


def write_stamp(installed: "list[str]", base: str) -> None:
    """Write down what the environment holds and which Python it stands on."""
    site = next(VENV.glob("**/site-packages"))
    stamp = {
        "requirements": installed,
        "python": os.path.realpath(PYTHON),
        "base": base,
        "site": str(site.relative_to(VENV)),
        "packages": sorted(init.parent.name for init in site.glob("*/__init__.py")),
    }
    STAMP.write_text(json.dumps(stamp, indent=1), "utf-8")


def make_environment() -> None:
    """Make .venv anew, over whatever is left of an old one."""
    say(f"Making the environment {VENV} (only this once; it downloads about 120 MB) ...")
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    code, last = follow(command)
    if code:
        raise Missing(
            f"{last}\n\nPython could not make the folder {VENV}; its last lines above say why.\n"
            "Is the disk full, or may you not write there? Then copy Axon to a folder of your own."
        )


def install(wanted: "list[str]") -> None:
    """Let pip install these."""
    say("Installing the packages ...")
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar=off", *wanted]
    code, last = follow(command, PIP_DISABLE_PIP_VERSION_CHECK="1", PYTHONUNBUFFERED="1")
    if code:
        raise Missing(f"{last}\n\n{pip_failure(last)}")


def pip_failure(words: str) -> str:
    """Say what pip's last words mean."""
    if re.search("connection|name resolution|timed out|proxy|SSL", words, re.IGNORECASE):
        return (
            "The packages could not be downloaded: there is no way to the package index. Connect this\n"
            "machine to the network (behind a proxy, set HTTPS_PROXY) and run start.py again."
        )
    return "pip could not install the packages; its last lines above say why."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
