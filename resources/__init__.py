"""Data of the program (fonts, icons, themes ...), found whatever the working directory is."""

from pathlib import Path

__all__ = ["path", "read_text"]

_FOLDER = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """The file or folder at these parts under ``resources``; it need not exist.

    A real path is wanted because Qt opens fonts and pictures by name. The program is always installed
    unpacked (wheel, source folder or one-folder bundle), so one exists.
    """
    return _FOLDER.joinpath(*parts)


def read_text(*parts: str) -> str:
    """The text of a resource, as UTF-8 whatever the computer's own encoding is."""
    return path(*parts).read_text(encoding="utf-8")
