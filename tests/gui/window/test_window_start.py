"""The start of the program as a whole, in processes of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from engine.files import Project, save_project
from engine.samples import mlp

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]


def run(*words: str, home: Path, code: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """main.py, or a piece of code, in a process with a home of its own."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(home), **variables}
    environment |= {
        f"XDG_{each}_HOME": str(home / each.lower()) for each in ("CONFIG", "DATA", "CACHE", "STATE")
    }
    command = [sys.executable, "-c", code] if code else [sys.executable, str(ROOT / "main.py"), *words]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50, check=False
    )


@pytest.mark.parametrize("words", [(), ("--no-welcome",), ("--reset",)])
def test_the_window_opens_and_closes(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = run(*words, home=tmp_path, AXON_FIRST_PAINT="1")
    assert done.returncode == 0, done.stderr
    found = re.search(r"first paint (\d+\.\d+)", done.stdout)
    assert found, done.stdout
    assert float(found[1]) < 8, "a slow machine under load; the benchmark measures the real thing"
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "data").rglob("*.axon")), "no recovery copy is left"


def test_the_window_opens_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.axon"
    save_project(Project.new(mlp(3, 5, 2, name="Mine")), file)
    code = f"""
import sys
from PySide6.QtCore import QTimer
from gui import app, main_window
def look(window):
    print(window.windowTitle(), window.workspace.document.name, window.isWindowModified())
    QTimer.singleShot(0, window.close)
before = main_window.MainWindow.wake
def wake(self):
    before(self)
    look(self)
main_window.MainWindow.wake = wake
sys.exit(app.main([{str(file)!r}]))
"""
    done = run(home=tmp_path, code=code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["mine.axon[*]", "–", "Axon", "Mine", "False"]


def test_without_a_display_it_says_so(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("elsewhere there is always a display")
    variables = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
    done = run(home=tmp_path, **variables)
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_at_a_scale_factor_of_one_and_a_half_nothing_is_cut_off(tmp_path: Path) -> None:
    code = """
from gui.app import application
application()
from PySide6.QtCore import QSize
from gui import pictures
from engine.samples import first_light
with pictures.opened(first_light(), QSize(1024, 768)) as window:
    pictures.trained(50)(window)
    pictures.settle(window)
    grabbed = window.grab()
    grabbed.save("PICTURE")
    canvas = window.canvas
    print(window.width(), window.height(), grabbed.devicePixelRatio())
    print(canvas.width() * canvas.height() / (window.width() * window.height()))
    for widget in (window.transport, window.timeline, window.menu_corner, window.stage):
        place = widget.rect().translated(widget.mapTo(window, widget.rect().topLeft()))
        assert window.rect().contains(place), widget
""".replace("PICTURE", str(tmp_path / "scaled.png"))
    done = run(home=tmp_path, code=code, QT_SCALE_FACTOR="1.5")
    assert done.returncode == 0, done.stderr
    width, height, ratio, share = done.stdout.split()
    assert (width, height, ratio) == ("1024", "768", "1.5")
    assert float(share) >= 0.4
    assert QImage(str(tmp_path / "scaled.png")).width() == 1536


@pytest.mark.slow
def test_pictures_are_the_same_each_time(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from gui import pictures
pictures.SCENES = {name: pictures.SCENES[name] for name in ("trained", "backward-delta")}
pictures.write(Path(sys.argv[1] if len(sys.argv) > 1 else "FOLDER"))
"""
    for name in ("one", "two"):
        done = run(home=tmp_path, code=code.replace("FOLDER", str(tmp_path / name)))
        assert done.returncode == 0, done.stderr
    files = sorted(each.name for each in (tmp_path / "one").iterdir())
    assert files == ["backward-delta.png", "trained.png"]
    for name in files:
        first, second = QImage(str(tmp_path / "one" / name)), QImage(str(tmp_path / "two" / name))
        assert first.width() == 1440
        assert first == second, name


def test_after_a_hard_end_the_copy_is_found(tmp_path: Path) -> None:
    code = """
import os
from gui.app import application
application()
from engine.samples import first_light
from gui import pictures
from gui.settings import RECOVERY
with pictures.opened(first_light()) as window:
    window.settings.set(RECOVERY, True)
    pictures.trained(30)(window)
    window.recovery.copy()
    pictures.wait_for(lambda: window.recovery.file.exists() and not window.projects.saving)
    print(window.recovery.file, flush=True)
    os.abort()
"""
    done = run(home=tmp_path, code=code)
    assert done.returncode != 0
    copy = Path(done.stdout.strip())
    assert copy.is_file()
    look = """
from gui.app import application
application()
from engine.samples import first_light
from gui import pictures
with pictures.opened(first_light()) as window:
    print([each.name for each in window.recovery.left_behind()])
    print([each.stays for each in window.notices.shown])
"""
    done = run(home=tmp_path, code=look)
    assert done.stdout.split() == ["['XOR']", "[True]"], done.stderr


def test_an_error_in_a_slot_is_told_logged_and_survived(tmp_path: Path) -> None:
    code = """
import sys, threading
from PySide6.QtCore import QTimer
from gui import app, main_window
def broken():
    raise ValueError("in a slot")
def thread():
    raise ValueError("in a thread")
def look(window):
    window.workspace.training.advance(5)
    print([each.sentence.split("(")[1].split(")")[0] for each in window.notices.shown if each.stays])
    QTimer.singleShot(300, lambda: (print(window.workspace.snapshot.step), window.close_at_once()))
before = main_window.MainWindow.wake
def wake(self):
    before(self)
    QTimer.singleShot(0, broken)
    threading.Thread(target=thread).start()
    QTimer.singleShot(200, lambda: look(self))
main_window.MainWindow.wake = wake
sys.exit(app.main([]))
"""
    done = run(home=tmp_path, code=code)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.splitlines()[0].strip("[]").split(", ")) == {"'in a slot'", "'in a thread'"}
    assert done.stdout.splitlines()[1] == "5"
    logs = list((tmp_path / "data").rglob("axon.log"))
    assert len(logs) == 1
    assert "ValueError: in a slot" in logs[0].read_text("utf-8")


def test_after_something_was_copied_the_program_ends_as_it_should(tmp_path: Path) -> None:
    code = """
from gui.app import application
application()
from engine.samples import first_light
from gui import pictures
from gui.editor import clipboard
with pictures.opened(first_light()) as window:
    window.canvas.select_all()
    assert clipboard.copy(window.canvas)
"""
    done = run(home=tmp_path, code=code)
    assert done.returncode == 0, done.stderr
