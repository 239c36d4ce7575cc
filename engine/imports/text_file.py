"""From a file to text: its limits, its encoding, and one sentence for whatever is no text file."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from engine.core.problems import DataError, FileError

MAX_BYTES = 50_000_000

MAGIC = {
    b"PK\x03\x04": "a spreadsheet or zip archive",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a packed archive",
    b"\x93NUMPY": "a NumPy array",
}

BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe\x00\x00", "utf-32", "UTF-32"),
    (b"\x00\x00\xfe\xff", "utf-32", "UTF-32"),
    (b"\xff\xfe", "utf-16", "UTF-16"),
    (b"\xfe\xff", "utf-16", "UTF-16"),
)
"""Byte-order mark, the codec that reads it, and the name to show; longer marks first."""

PASTED = "the pasted text"


def load_text(source: str | bytes | os.PathLike[str]) -> tuple[str, str, str]:
    """The text, the name of its encoding and how sentences call it.

    A text with a line break is the table itself, one without is the path of a file. Raises
    ``FileError`` if the file cannot be read and ``DataError`` if it is no text.
    """
    if isinstance(source, bytes):
        return *_decoded(source, PASTED), PASTED
    if isinstance(source, str) and ("\n" in source or "\r" in source or not source.strip()):
        _check_size(len(source), PASTED)
        if "\0" in source:
            raise DataError(_no_table(PASTED))
        return source.encode("utf-8", "replace").decode("utf-8").removeprefix("\ufeff"), "UTF-8", PASTED
    name = f"'{shown(Path(source).name)}'"
    return *_decoded(_content(Path(source), name), name), name


def shown(text: str, width: int = 40) -> str:
    """A piece of somebody's text, fit to stand in a sentence: one line, printable, not too long."""
    line = "".join(sign if sign.isprintable() else " " for sign in text[: 4 * width])
    line = " ".join(line.split())
    return line if len(line) <= width else line[: width - 1] + "…"


def _content(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileError(f"{name} is a folder, not a file; choose a file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{name} is not an ordinary file; choose a text file with a table.")
        _check_size(status.st_size, name)
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileError(f"There is no file {name}; check its name and its folder.") from None
    except PermissionError:
        raise FileError(f"{name} may not be read; ask its owner for permission or copy it.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "this is not the name of a file"
        raise FileError(f"{name} cannot be read ({why}); choose another file.") from None
    _check_size(len(content), name)
    return content


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        raise FileError(
            f"{capital(name)} is larger than {MAX_BYTES // 1_000_000} MB; keep only some of its rows."
        )


def _decoded(content: bytes, name: str) -> tuple[str, str]:
    _check_size(len(content), name)
    for magic, what in MAGIC.items():
        if content.startswith(magic):
            raise DataError(
                f"{capital(name)} is {what}, not a table as text; in a spreadsheet program save it as CSV."
            )
    marked = [(codec, encoding) for mark, codec, encoding in BOMS if content.startswith(mark)]
    for codec, encoding in marked[:1] or (("utf-8", "UTF-8"), ("cp1252", "Windows-1252")):
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text, encoding
    raise DataError(_no_table(name))


def _no_table(name: str) -> str:
    return f"{capital(name)} is not a text file; save the table as CSV in UTF-8."


def capital(sentence: str) -> str:
    """The sentence with a capital letter at its start."""
    return sentence[:1].upper() + sentence[1:]
