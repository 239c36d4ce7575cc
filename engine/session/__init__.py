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
    SetBreakpoints,
    Undo,
    Unwatch,
    Watch,
)
from engine.session.run_messages import Branch, BringBackRun, DeleteRun, GoTo, NameRun
from engine.session.session import Session
from engine.session.snapshot import Mailbox, Reply, Snapshot
from engine.session.watching import Hit

__all__ = [
    "Advance",
    "Ask",
    "Branch",
    "BringBackRun",
    "DeleteRun",
    "Edit",
    "GoTo",
    "Hit",
    "Mailbox",
    "Mark",
    "Message",
    "NameRun",
    "Open",
    "Pause",
    "Play",
    "Redo",
    "Reply",
    "Seek",
    "Session",
    "SetBreakpoints",
    "Snapshot",
    "Undo",
    "Unwatch",
    "Watch",
]
