"""The running network in a thread of its own: messages in, frozen snapshots out."""

from engine.session.messages import (
    Advance,
    Ask,
    Edit,
    Mark,
    Message,
    Open,
    Pause,
    Play,
    Redo,
    Seek,
    Undo,
    Unwatch,
    Watch,
)
from engine.session.session import Session
from engine.session.snapshot import Mailbox, Reply, Snapshot

__all__ = [
    "Advance",
    "Ask",
    "Edit",
    "Mailbox",
    "Mark",
    "Message",
    "Open",
    "Pause",
    "Play",
    "Redo",
    "Reply",
    "Seek",
    "Session",
    "Snapshot",
    "Undo",
    "Unwatch",
    "Watch",
]
