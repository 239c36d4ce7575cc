"""The network as plain frozen data, edits as pure functions, and the difference of two documents."""

from engine.document.document import Connection, Document, Layer, Note, Training, connection_id

__all__ = ["Connection", "Document", "Layer", "Note", "Training", "connection_id"]
