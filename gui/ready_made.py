"""Ready-made networks: how the window lists them, and how one takes the place of the present network.

The first time a network is made its data is loaded, which may take longer than a window may stand
still. So it is made in a thread; the second time it is there at once.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Qt, Signal

from engine.core.problems import AxonError
from engine.document import Document
from gui import crash

if TYPE_CHECKING:
    from engine.architectures import Architecture
    from gui.workspace import Workspace

PREFIX: Final = "ready-made:"
"""What stands before the name of an architecture where kinds of layers are named, too."""
ORDER: Final = ("Vectors", "Images", "Sequences", "Generators")
"""The groups that come first; others follow."""
TITLES: Final[dict[str, Any]] = {
    "Vectors": QT_TRANSLATE_NOOP("ReadyMade", "Vectors"),
    "Images": QT_TRANSLATE_NOOP("ReadyMade", "Images"),
    "Sequences": QT_TRANSLATE_NOOP("ReadyMade", "Sequences"),
    "Generators": QT_TRANSLATE_NOOP("ReadyMade", "Generators"),
}
"""The names of groups in the user's language; a group that is not here is called by its own name."""
ICONS: Final = {
    "perceptron": "circle-dot",
    "mlp": "network",
    "two_tower": "split",
    "cnn": "grid-3x3",
    "vit": "scan",
    "segmentation": "spline",
    "autoencoder": "minimize",
    "denoising_autoencoder": "sun",
    "sequence_classifier": "list-checks",
    "sequence_tagger": "list",
    "language_model": "message-square",
    "transformer": "workflow",
    "gan": "repeat",
    "diffusion": "shuffle",
}
"""The signs of some architectures; others have that of their group."""
SIGNS: Final = {"Vectors": "network", "Images": "image", "Sequences": "list", "Generators": "dices"}


class ReadyMade(QObject):
    """Makes networks for one workspace; the wish that came last counts."""

    _made = Signal(object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._thread: ThreadPoolExecutor | None = None
        self._known: dict[str, Document] = {}
        self._wishes = 0
        self._made.connect(lambda work: work(), Qt.ConnectionType.QueuedConnection)

    def put(self, kind: str) -> None:
        """Put the network of an architecture in the place of the present one, now or in a moment."""
        self._wishes += 1
        if kind in self._known:
            self._take(kind, self._known[kind])
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "axon-ready-made")
        future = self._thread.submit(_document, kind)
        future.add_done_callback(self._arriving(kind, self._wishes))

    def close(self) -> None:
        """Finish what is being made."""
        self._wishes += 1
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def _arriving(self, kind: str, wish: int) -> Callable[[Future[Document]], None]:
        """Called in the thread; what it hands on is called in the window's."""

        def arrived(future: Future[Document]) -> None:
            if not future.cancelled():
                self._made.emit(lambda: self._show(kind, wish, future))

        return arrived

    def _show(self, kind: str, wish: int, future: Future[Document]) -> None:
        with crash.guarded():
            try:
                document = future.result()
            except AxonError as error:
                self._workspace.say(str(error))
                return
            self._known[kind] = document
            if wish == self._wishes:
                self._take(kind, document)

    def _take(self, kind: str, document: Document) -> None:
        text = QCoreApplication.translate("ReadyMade", "Ready-made: {title}")
        self._workspace.editing.replace_network(text.format(title=title_of(kind)), document)


def _document(kind: str) -> Document:
    from engine.architectures import architectures

    return architectures.make(kind).document()


def grouped() -> dict[str, list[type[Architecture]]]:
    """The architectures by group."""
    from engine.architectures import architectures

    found: dict[str, list[type[Architecture]]] = {group: [] for group in ORDER}
    for cls in architectures:
        found.setdefault(cls.group, []).append(cls)
    return {group: kinds for group, kinds in found.items() if kinds}


def group_title(group: str) -> str:
    """What a group is called."""
    return QCoreApplication.translate("ReadyMade", TITLES.get(group, group))


def title_of(kind: str) -> str:
    """What an architecture is called."""
    from engine.architectures import architectures

    return architectures[kind].title


def icon_name(kind: str) -> str:
    """The bundled drawing that stands for an architecture."""
    from engine.architectures import architectures

    return ICONS.get(kind) or SIGNS.get(architectures[kind].group, "network")


def kind_of(name: str) -> str:
    """The architecture that the palette means by a name; empty where it means a layer."""
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
