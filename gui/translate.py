"""Marking texts of tables for translation."""

from __future__ import annotations


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """The text itself. The name is the one that lupdate looks for; Qt's own is typed as ``object``."""
    return text
