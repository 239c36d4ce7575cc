"""Projects, data and the program's own settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gui.actions.table import Item, Row, Submenu
from gui.translate import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from gui.main_window import MainWindow


def recent_files(window: MainWindow) -> tuple[Row, ...]:
    """The files that were open, the last one first."""

    def row(number: int, file: Path) -> Row:
        text = f"&{number} {file.name}" if number < 10 else file.name
        return Row(f"recent-{number}", text, lambda w: w.projects.open(file), tip=str(file))

    found = [row(number, file) for number, file in enumerate(window.settings.recent, 1)]
    if found:
        clear = QT_TRANSLATE_NOOP("actions", "&Forget these files")
        found.append(Row("forget-recent", clear, lambda w: w.settings.forget(), section=True))
    return tuple(found)


ITEMS: tuple[Item, ...] = (
    Row(
        "new",
        QT_TRANSLATE_NOOP("actions", "&New network"),
        lambda w: w.projects.new(),
        ("Ctrl+N",),
        "file-plus",
        QT_TRANSLATE_NOOP("actions", "Begin again with a small network that learns XOR"),
    ),
    Row(
        "open",
        QT_TRANSLATE_NOOP("actions", "&Open…"),
        lambda w: w.projects.choose(),
        ("Ctrl+O",),
        "folder-open",
        QT_TRANSLATE_NOOP("actions", "Open a project; a file can also be dropped on the window"),
    ),
    Submenu("recent", QT_TRANSLATE_NOOP("actions", "Open &recent"), recent_files, "history"),
    Row(
        "save",
        QT_TRANSLATE_NOOP("actions", "&Save"),
        lambda w: w.projects.save(),
        ("Ctrl+S",),
        "save",
        QT_TRANSLATE_NOOP("actions", "Save the network, what it learned and where you are"),
        section=True,
    ),
    Row(
        "save-as",
        QT_TRANSLATE_NOOP("actions", "Save &as…"),
        lambda w: w.projects.save_as(),
        ("Ctrl+Shift+S",),
        "download",
    ),
    Row(
        "import-data",
        QT_TRANSLATE_NOOP("actions", "&Import data…"),
        lambda w: w.dialogs.import_data(),
        ("Ctrl+I",),
        "table",
        QT_TRANSLATE_NOOP("actions", "A table of your own (CSV) as the data to learn from"),
        section=True,
    ),
    Row(
        "preferences",
        QT_TRANSLATE_NOOP("actions", "&Preferences…"),
        lambda w: w.dialogs.preferences(),
        ("Ctrl+,",),
        "settings",
        section=True,
    ),
    Row(
        "quit",
        QT_TRANSLATE_NOOP("actions", "&Quit"),
        lambda w: w.close(),
        ("Ctrl+Q",),
        "log-out",
        section=True,
    ),
)
