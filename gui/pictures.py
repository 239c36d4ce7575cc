"""Pictures of the window in its main states, taken without a screen.

They are the same each time: a fixed seed, a fixed number of updates, a fixed step of the
walkthrough; the clock decides nothing.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEventLoop, QSize, QTimer
from PySide6.QtWidgets import QApplication, QCheckBox, QWidget

from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.core.steps import Step
from engine.document import Document, Training
from engine.fitting import choose_data
from engine.samples import first_light, mlp
from gui.look import Look
from gui.main_window import MainWindow
from gui.settings import GREETING, LOOK, RECOVERY, Settings
from gui.workspace import Workspace

USUAL = QSize(1440, 900)
PATIENCE = 20_000
"""Milliseconds that the worker may take for one picture."""

WALKED = 1
"""The example that is walked through, counted from 0: x = (0, 1), y = 1."""

Pose = Callable[[MainWindow], None]
"""Brings a window into the state of its picture."""


def write(folder: Path) -> list[Path]:
    """Take all pictures and return the files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from gui.app import application

    application()
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, scene in SCENES.items():
        with opened(scene.document(), scene.size, scene.look) as window:
            for pose in scene.poses:
                pose(window)
            settle(window)
            files.append(folder / f"{name}.png")
            window.grab().save(str(files[-1]))
    return files


@contextmanager
def opened(document: Document, size: QSize = USUAL, look: str = "light") -> Iterator[MainWindow]:
    """A window with settings of its own, closed without a question."""
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(Path(place) / "settings.ini")
        settings.set(LOOK, look)
        settings.set(GREETING, False)
        settings.set(RECOVERY, False)
        chosen = Look(settings)
        chosen.put_on()
        window = MainWindow(Workspace(chosen.theme, document), settings, chosen)
        window.resize(size)
        window.show()
        window.activateWindow()
        settle(window)
        try:
            yield window
        finally:
            window.close_at_once()
            window.deleteLater()
            QApplication.processEvents()


# ---------------------------------------------------------------- waiting


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the window go on until something is so; raises ``TimeoutError`` if it never is."""
    loop = QEventLoop()
    look, last = QTimer(), QTimer()
    look.timeout.connect(lambda: loop.quit() if condition() else None)
    last.setSingleShot(True)
    last.timeout.connect(loop.quit)
    look.start(5)
    last.start(PATIENCE)
    loop.exec()
    if not condition():
        raise TimeoutError("the picture is not ready")


def settle(window: MainWindow) -> None:
    """Wait until the window shows all that the worker has to say."""
    from engine.session.probes import State

    known: list[int] = []
    workspace = window.workspace
    wait_for(lambda: workspace.snapshot.data is not None or bool(workspace.snapshot.problem))
    if not workspace.snapshot.problem:
        workspace.link.ask(State(), lambda found: known.append(found[0].step))
        wait_for(lambda: bool(known) and workspace.snapshot.step == known[-1])
    for _ in range(3):
        pause(120)


def pause(milliseconds: int) -> None:
    """Let animations and the turns of the panels end."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


# ---------------------------------------------------------------- poses


def trained(updates: int) -> Pose:
    """So many updates."""

    def pose(window: MainWindow) -> None:
        goal = window.workspace.snapshot.step + updates
        window.workspace.training.advance(updates)
        wait_for(lambda: window.workspace.snapshot.step == goal)

    return pose


def perspective(name: str) -> Pose:
    """Other panels."""
    return lambda window: window.show_perspective(name)


def projector(window: MainWindow) -> None:
    """For the last row, without the sentence that says so."""
    window.set_projector(True)
    while window.notices.dismiss():
        pass


def showing(**choices: bool) -> Pose:
    """Neurons and blocks in another way."""

    def pose(window: MainWindow) -> None:
        window.workspace.show_as(window.workspace.showing.with_(**choices))

    return pose


def opening(*names: str) -> Pose:
    """Panels that are closed at first."""

    def pose(window: MainWindow) -> None:
        for name in names:
            window.workspace.wanted.emit(name)
            pause(50)

    return pose


def ticking(name: str) -> Pose:
    """Whatever a panel shows only if it is asked to."""

    def pose(window: MainWindow) -> None:
        pause(300)
        for box in window.findChildren(QWidget, name)[0].findChildren(QCheckBox):
            box.setChecked(True)

    return pose


def framed(frame: int, *, forward: bool = False) -> Pose:
    """A frame on the way out of noise, or into it."""

    def pose(window: MainWindow) -> None:
        from gui.panels.diffusion import DiffusionPanel

        (panel,) = window.findChildren(DiffusionPanel)
        wait_for(lambda: panel.found is not None and panel.found.complete)
        (panel.noising if forward else panel.denoising).click()
        panel.player.go_to(frame)

    return pose


def sampling(window: MainWindow) -> None:
    """Thirty symbols of a text, and what the last but one was drawn from."""
    from gui.panels.text import TextPanel

    (panel,) = window.findChildren(TextPanel)
    for count in range(30):
        panel.step()
        wait_for(partial(_has, panel.sampled, count + 1))
    panel.written.choose(28)


def _has(found: Sized, count: int) -> bool:
    return len(found) >= count


def choosing(owner: str, array: str, *index: int) -> Pose:
    """A weight that is looked at."""
    return lambda window: window.workspace.choose_cells(((owner, array, index, None),))


def example(number: int) -> Pose:
    """Another example on the canvas."""
    return lambda window: window.workspace.choose_example(number)


def stepped(phase: Phase, array: str, owner: str, nth: int = 0) -> Pose:
    """In the walkthrough to the nth step of a phase that gives a cell of an array, for ``WALKED``."""

    def wanted(step: Step) -> bool:
        target = step.target
        return (
            step.phase is phase
            and (target.owner, target.array) == (owner, array)
            and step.example in {None, WALKED}
        )

    def pose(window: MainWindow) -> None:
        workspace = window.workspace
        workspace.walking.forward()
        wait_for(lambda: workspace.walk is not None)
        assert workspace.walk is not None
        found = [number for number, step in enumerate(workspace.walk.trace) if wanted(step)]
        workspace.walking.go_to(found[nth])

    return pose


def moons() -> Document:
    """Two hidden layers on the moons."""
    document = mlp(2, 8, 8, 1, name="Moons", data=Spec("moons"), training=Training(seed=3))
    return replace(document, optimizer=Spec("adam"))


def iris() -> Document:
    """Three classes of flowers."""
    return choose_data(mlp(4, 8, 3, name="Iris", training=Training(seed=2)), Spec("iris"))


def ready_made(kind: str, **knobs: str) -> Callable[[], Document]:
    """The network of an architecture with these settings."""

    def made() -> Document:
        from engine.architectures import architectures

        return architectures.make(Spec.of(kind, **knobs)).document()

    return made


SMALL, LARGE = QSize(1024, 768), QSize(1920, 1080)
_WALK = (example(WALKED), trained(40), perspective("walk"))
_PRODUCT = stepped(Phase.FORWARD, "z", "hidden", 4)
_ACTIVATION = stepped(Phase.FORWARD, "a", "hidden", 2)
_DELTA = stepped(Phase.BACKWARD, "dz", "hidden", 1)
_GRADIENT = stepped(Phase.BACKWARD, "dW.input", "hidden", 3)
_NEW_WEIGHT = stepped(Phase.UPDATE, "new W.input", "hidden", 2)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: what is done before it is taken, and in which window."""

    poses: tuple[Pose, ...] = ()
    document: Callable[[], Document] = first_light
    size: QSize = USUAL
    look: str = "light"


SCENES = {
    "start": Scene(),
    "training": Scene((trained(120),)),
    "trained": Scene((trained(1500), example(WALKED))),
    "build": Scene((perspective("build"),)),
    "forward-product": Scene((*_WALK, _PRODUCT)),
    "forward-activation": Scene((*_WALK, _ACTIVATION)),
    "backward-delta": Scene((*_WALK, _DELTA)),
    "backward-gradient": Scene((*_WALK, _GRADIENT)),
    "update": Scene((*_WALK, _NEW_WEIGHT)),
    "nudge": Scene((trained(40), opening("nudge", "gradient-check"), choosing("hidden", "W.input", 1, 0))),
    "dark": Scene((trained(300),), look="dark"),
    "dark-walk": Scene((*_WALK, _DELTA), look="dark"),
    "high-contrast": Scene((trained(300),), look="high-contrast"),
    "projector-forward": Scene((*_WALK, _PRODUCT, projector)),
    "projector-backward": Scene((*_WALK, _DELTA, projector)),
    "small": Scene((trained(120),), size=SMALL),
    "small-walk": Scene((*_WALK, _ACTIVATION), size=SMALL),
    "small-projector": Scene((*_WALK, _DELTA, projector), size=SMALL),
    "large": Scene((trained(120),), size=LARGE),
    "moons": Scene((trained(150),), moons),
    "iris": Scene((trained(200),), iris),
    "cnn": Scene((trained(60),), ready_made("cnn")),
    "cnn-dark": Scene((trained(60),), ready_made("cnn"), look="dark"),
    "gan": Scene((trained(60),), ready_made("gan")),
    "gan-dark": Scene((trained(60),), ready_made("gan"), look="dark"),
    "lstm": Scene((trained(40),), ready_made("sequence_classifier", cell="lstm")),
    "transformer": Scene((trained(20),), ready_made("transformer")),
    "u-net": Scene((trained(20),), ready_made("segmentation")),
    "gan-panel": Scene((trained(400), opening("gan")), ready_made("gan")),
    "gan-panel-dark": Scene((trained(400), opening("gan")), ready_made("gan"), look="dark"),
    "gan-panel-projector": Scene((trained(400), projector, opening("gan")), ready_made("gan")),
    "diffusion": Scene((trained(800), opening("diffusion"), framed(38)), ready_made("diffusion")),
    "diffusion-dark": Scene(
        (trained(800), opening("diffusion"), framed(38)), ready_made("diffusion"), look="dark"
    ),
    "diffusion-noising": Scene(
        (trained(100), opening("diffusion"), framed(10, forward=True)), ready_made("diffusion", data="digits")
    ),
    "diffusion-projector": Scene(
        (trained(800), projector, opening("diffusion"), framed(38)), ready_made("diffusion")
    ),
    "latent": Scene((trained(400), opening("latent"), ticking("latent")), ready_made("autoencoder")),
    "latent-dark": Scene((trained(400), opening("latent")), ready_made("autoencoder"), look="dark"),
    "latent-projector": Scene(
        (trained(400), projector, opening("latent"), ticking("latent")), ready_made("autoencoder")
    ),
    "text": Scene((trained(150), opening("text"), sampling), ready_made("language_model")),
    "text-dark": Scene((trained(150), opening("text"), sampling), ready_made("language_model"), look="dark"),
    "text-projector": Scene(
        (trained(150), projector, opening("text"), sampling), ready_made("language_model")
    ),
    "surfaces": Scene((trained(1500), example(WALKED), showing(surfaces=True))),
    "surfaces-dark": Scene((trained(1500), example(WALKED), showing(surfaces=True)), look="dark"),
    "surfaces-projector": Scene((trained(1500), example(WALKED), showing(surfaces=True), projector)),
    "moons-surfaces": Scene((trained(150), showing(surfaces=True)), moons),
    "kernels": Scene((trained(60), showing(kernels=True)), ready_made("cnn")),
    "lstm-unrolled": Scene(
        (trained(40), showing(unrolled=True)), ready_made("sequence_classifier", cell="lstm")
    ),
    "brnn-unrolled": Scene((trained(40), showing(unrolled=True)), ready_made("sequence_tagger")),
}
"""All pictures, by the name of the file."""
