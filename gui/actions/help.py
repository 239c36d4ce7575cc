"""Finding one's way."""

from __future__ import annotations

from gui.actions.table import Item, Row
from gui.translate import QT_TRANSLATE_NOOP

ITEMS: tuple[Item, ...] = (
    Row(
        "help",
        QT_TRANSLATE_NOOP("actions", "&Help on what has the focus"),
        lambda w: w.dialogs.help(),
        ("F1",),
        "circle-help",
    ),
    Row(
        "commands",
        QT_TRANSLATE_NOOP("actions", "&All commands…"),
        lambda w: w.dialogs.commands(),
        ("Ctrl+Shift+P",),
        "command",
        QT_TRANSLATE_NOOP("actions", "Search everything that Axon can do"),
    ),
    Row(
        "shortcuts",
        QT_TRANSLATE_NOOP("actions", "&Keys…"),
        lambda w: w.dialogs.shortcuts(),
        ("Ctrl+F1",),
        "keyboard",
    ),
    Row(
        "messages",
        QT_TRANSLATE_NOOP("actions", "&Last messages…"),
        lambda w: w.dialogs.messages(),
        ("Ctrl+M",),
        "message-square",
    ),
    Row(
        "about",
        QT_TRANSLATE_NOOP("actions", "A&bout Axon"),
        lambda w: w.dialogs.about(),
        ("Shift+F1",),
        "info",
        section=True,
    ),
)
