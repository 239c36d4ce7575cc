"""Texts that people write into a document: what a text of theirs may hold."""

from __future__ import annotations

import unicodedata

_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows, also of the text behind them."""


def cleaned(text: str, *, lines: bool = False) -> str:
    """The text without characters that cannot be shown; with ``lines`` it keeps its lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = text.replace("\t", " ")
    if not lines:
        text = " ".join(text.split())
    return "".join(each for each in text if (each == "\n" and lines) or _shown(each)).strip()


def writable(text: str) -> bool:
    """Whether all of it can be shown."""
    return all(each in "\n\r\t" or _shown(each) for each in text)


def _shown(character: str) -> bool:
    return character not in _TURNS and unicodedata.category(character) not in {"Cc", "Cs"}
