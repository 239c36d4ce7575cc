"""What the program remembers of its user: a table of settings, kept in one readable file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QCoreApplication,
    QObject,
    QSettings,
    QStandardPaths,
    Signal,
)

from gui.translate import QT_TRANSLATE_NOOP

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One value that a setting can have, and how it is called."""

    value: Value
    title: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name in the file, its default, and how the dialog asks for it.

    Without a ``title`` the dialog does not show it. Without ``choices`` it is ticked or not.
    """

    name: str
    default: Value
    title: str = ""
    summary: str = ""
    choices: tuple[Choice, ...] = ()

    def accepts(self, value: object) -> bool:
        """Whether the value is one that this setting can have."""
        if not isinstance(value, type(self.default)):
            return False
        return not self.choices or any(each.value == value for each in self.choices)


_DECIMALS = (
    QT_TRANSLATE_NOOP("settings", "2 decimals"),
    QT_TRANSLATE_NOOP("settings", "3 decimals"),
    QT_TRANSLATE_NOOP("settings", "4 decimals"),
    QT_TRANSLATE_NOOP("settings", "5 decimals"),
    QT_TRANSLATE_NOOP("settings", "6 decimals"),
    QT_TRANSLATE_NOOP("settings", "7 decimals"),
    QT_TRANSLATE_NOOP("settings", "8 decimals"),
)

LOOK = Setting(
    "look",
    "auto",
    QT_TRANSLATE_NOOP("settings", "Appearance"),
    QT_TRANSLATE_NOOP("settings", "Light or dark as the system has it, or always the same."),
    (
        Choice("auto", QT_TRANSLATE_NOOP("settings", "As the system")),
        Choice("light", QT_TRANSLATE_NOOP("settings", "Light")),
        Choice("dark", QT_TRANSLATE_NOOP("settings", "Dark")),
        Choice("high-contrast", QT_TRANSLATE_NOOP("settings", "High contrast")),
    ),
)
TEXT_SIZE = Setting(
    "text-size",
    100,
    QT_TRANSLATE_NOOP("settings", "Size of the text"),
    QT_TRANSLATE_NOOP("settings", "For this screen; projector mode chooses its own size."),
    tuple(Choice(percent, f"{percent} %") for percent in (90, 100, 110, 125, 150)),
)
RECOVERY = Setting(
    "recovery",
    True,
    QT_TRANSLATE_NOOP("settings", "Keep a recovery copy of unsaved work"),
    QT_TRANSLATE_NOOP("settings", "After a crash or a power cut Axon offers the copy when it starts."),
)
GREETING = Setting(
    "greeting",
    True,
    QT_TRANSLATE_NOOP("settings", "Say at the start which keys to press"),
    QT_TRANSLATE_NOOP("settings", "One sentence above the network."),
)
DECIMALS = Setting(
    "decimals",
    0,
    QT_TRANSLATE_NOOP("settings", "Digits of numbers"),
    QT_TRANSLATE_NOOP("settings", "Rounded is only what is shown: the full number is one hover away."),
    (
        Choice(0, QT_TRANSLATE_NOOP("settings", "Four significant digits")),
        *(Choice(number, title) for number, title in enumerate(_DECIMALS, 2)),
    ),
)
"""0 for significant digits, else how many stand after the decimal sign."""
DECIMAL_SIGN = Setting(
    "decimal-sign",
    "system",
    QT_TRANSLATE_NOOP("settings", "Decimal sign"),
    QT_TRANSLATE_NOOP("settings", "Both are understood when you type."),
    (
        Choice("system", QT_TRANSLATE_NOOP("settings", "As the system")),
        Choice("point", QT_TRANSLATE_NOOP("settings", "Point: 0.5")),
        Choice("comma", QT_TRANSLATE_NOOP("settings", "Comma: 0,5")),
    ),
)
FRACTIONS = Setting(
    "fractions",
    False,
    QT_TRANSLATE_NOOP("settings", "Write fractions where they are exact"),
    QT_TRANSLATE_NOOP("settings", "1/3 and −5/2 instead of 0.3333 and −2.5."),
)
EXAMPLES_AS_ROWS = Setting(
    "examples-as-rows",
    False,
    QT_TRANSLATE_NOOP("settings", "Examples as rows in the formulas"),
    QT_TRANSLATE_NOOP("settings", "Z = A Wᵀ + bᵀ as in Keras and PyTorch, instead of Z = W A + b."),
)
WHOLE_BATCH = Setting("whole-batch", False)
"""Whether the formula page shows the matrices of all examples of the batch."""
PERSPECTIVE = Setting("perspective", "train")
FAVOURITES = Setting("palette-favourites", "")
"""Entries of the palette that stand first, with strokes between them."""
FOLDS = Setting("palette-folded", "Images|Sequences|Attention|Merging|Regularisation")
"""Headings of the palette whose entries are hidden."""
SETTINGS = (
    LOOK, TEXT_SIZE, DECIMALS, DECIMAL_SIGN, FRACTIONS, EXAMPLES_AS_ROWS, RECOVERY, GREETING,
    WHOLE_BATCH, PERSPECTIVE, FAVOURITES, FOLDS,
)  # fmt: skip

MOST_RECENT = 10
"""So many files are remembered."""


class Settings(QObject):
    """The settings in a file. A value that makes no sense there counts as not written."""

    changed = Signal(object)
    """The ``Setting`` that has another value now."""

    def __init__(self, file: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file or default_file()
        self._store = QSettings(str(self.file), QSettings.Format.IniFormat)

    def get(self, setting: Setting) -> Any:
        """The value of a setting, of the type of its default."""
        found: object = self._store.value(setting.name, setting.default)
        if isinstance(setting.default, bool):
            found = {"true": True, "false": False}.get(str(found).lower(), setting.default)
        elif isinstance(setting.default, int):
            found = int(str(found)) if str(found).lstrip("-").isdigit() else setting.default
        return found if setting.accepts(found) else setting.default

    def set(self, setting: Setting, value: Value) -> None:
        """Remember another value."""
        if not setting.accepts(value):
            raise ValueError(f"{setting.name} cannot be {value!r}")
        if value != self.get(setting):
            self._store.setValue(setting.name, value)
            self.changed.emit(setting)

    @property
    def recent(self) -> tuple[Path, ...]:
        """The files that were open, the last one first."""
        found = self._store.value("recent-files", [])
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return tuple(Path(text) for text in texts if isinstance(text, str) and text)[:MOST_RECENT]

    def remember(self, file: Path) -> None:
        """Put a file at the head of the recent ones."""
        self._write_recent((file, *(each for each in self.recent if each != file)))

    def forget(self, file: Path | None = None) -> None:
        """Drop one of the recent files, or all of them."""
        self._write_recent(tuple(each for each in self.recent if file is not None and each != file))

    def layout(self, name: str) -> QByteArray:
        """A saved layout of the window (``geometry`` or a perspective); empty if there is none."""
        found = self._store.value(f"layout/{name}")
        return found if isinstance(found, QByteArray) else QByteArray()

    def set_layout(self, name: str, state: QByteArray) -> None:
        """Keep a layout of the window."""
        self._store.setValue(f"layout/{name}", state)

    def forget_layouts(self) -> None:
        """All layouts as they come with the program."""
        self._store.remove("layout")

    def reset(self) -> None:
        """Forget everything."""
        self._store.clear()
        self._store.sync()

    def save(self) -> None:
        """Write what is still only in memory."""
        self._store.sync()

    def _write_recent(self, files: tuple[Path, ...]) -> None:
        self._store.setValue("recent-files", [str(each) for each in files[:MOST_RECENT]])


def default_file() -> Path:
    """Where the settings are kept if nothing else is said."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "settings.ini"


def translated(text: str) -> str:
    """A text of the table in the user's language."""
    return QCoreApplication.translate("settings", text)
