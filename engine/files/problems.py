"""What is wrong with a file, in words: from an exception to one sentence of at most 200 characters."""

from __future__ import annotations

import difflib
import errno
import json
import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from engine.core.problems import AxonError, FileError

LONGEST = 200
"""A sentence has at most so many characters."""


class Wrong(ValueError):
    """What is wrong inside a file: the second half of a sentence that begins with the file's name."""


def failed(path: str | os.PathLike[str], deed: str, what: str) -> FileError:
    """``'homework.json' cannot be opened: layers[1].units must be at least 1, not 0.``"""
    start = f"'{shown_name(path)}' cannot be {deed}: "
    return FileError(start + clipped(what.strip().rstrip("."), LONGEST - len(start) - 1) + ".")


def shown_name(path: str | os.PathLike[str]) -> str:
    """The last part of a path, short enough for a sentence."""
    return clipped(Path(path).name or str(path), 60)


def clipped(text: str, most: int) -> str:
    """The text on one line, without characters that cannot be seen, cut to ``most`` characters."""
    seen = "".join(each if each.isprintable() else " " for each in text[: 4 * most])
    seen = " ".join(seen.split())
    return seen if len(seen) <= most else seen[: most - 1].rstrip() + "…"


def shown(value: object, most: int = 30) -> str:
    """A value of the file as it stands there, cut short."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    return clipped(json.dumps(value, ensure_ascii=False) if _plain(value) else repr(value), most)


def _plain(value: object) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


_OPENING = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such file",
    errno.EACCES: "you may not read it",
    errno.EPERM: "you may not read it",
    errno.EISDIR: "it is a folder, not a file",
    errno.ENAMETOOLONG: "its name is too long",
}
_SAVING = {
    errno.ENOENT: "the folder does not exist",
    errno.ENOTDIR: "the folder does not exist",
    errno.EACCES: "you may not write there",
    errno.EPERM: "you may not write there",
    errno.EISDIR: "there is a folder of that name",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENOSPC: "the disk is full",
    errno.EROFS: "the disk is write-protected",
    errno.EFBIG: "the disk takes no files of that size",
}
if hasattr(errno, "EDQUOT"):
    _SAVING[errno.EDQUOT] = "your share of the disk is used up"


def why(error: Exception, *, saving: bool = False) -> str | None:
    """What is wrong, as the second half of a sentence; ``None`` for an exception nobody expects."""
    match error:
        case ValidationError():
            return first_of(error)
        case Wrong() | AxonError():
            return str(error)
        case OSError():
            return in_words(error, saving=saving)
        case MemoryError():
            return "it needs more memory than there is"
        case ValueError() if "null" in str(error):
            return "a file cannot have such a name"
    return None


def in_words(error: OSError, *, saving: bool) -> str:
    """Why the system refused, as the second half of a sentence."""
    words = (_SAVING if saving else _OPENING).get(error.errno or 0)
    return words or (error.strerror or "the system gave no reason").lower()


def first_of(error: ValidationError) -> str:
    """The first problem that the schema found, and how many there are besides."""
    errors = error.errors(include_url=False)
    first = _sentence(errors[0])
    rest = len(errors) - 1
    more = f" (and {rest} more)" if rest else ""
    return clipped(first, 130) + more


def place(location: tuple[int | str, ...]) -> str:
    """``("layers", 1, "units")`` as ``layers[1].units``."""
    path = ""
    for step in location:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{clipped(step, 40)}" if path else clipped(step, 40)
    return path or "the file"


_TYPES = {
    "missing": "is missing",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number that is not infinite",
    "string_type": "must be a text",
    "string_unicode": "has a broken character",
    "bool_type": "must be true or false",
    "list_type": "must be a list in square brackets",
    "dict_type": "must be an object in braces",
    "model_type": "must be an object in braces",
    "model_attributes_type": "must be an object in braces",
}


def _sentence(error: Any) -> str:
    kind, path, value = error["type"], place(error["loc"]), error["input"]
    limits = error.get("ctx", {})
    if kind in {"missing", "string_unicode"}:
        return f"{path} {_TYPES[kind]}"
    if kind in _TYPES:
        return f"{path} {_TYPES[kind]}, not {shown(value)}"
    if kind == "extra_forbidden":
        return f"{path} is not a field of the format{_hint(error['loc'])}"
    if kind == "greater_than_equal":
        return f"{path} must be at least {limits['ge']}, not {shown(value)}"
    if kind == "less_than_equal":
        return f"{path} must be at most {limits['le']}, not {shown(value)}"
    if kind in {"too_long", "string_too_long"}:
        return f"{path} is too long: at most {limits['max_length']} are allowed"
    if kind in {"too_short", "string_too_short"}:
        return f"{path} is too short: at least {limits['min_length']} must be there"
    if kind == "value_error":
        return f"{path}: {limits['error']}"
    return f"{path}: {error['msg']}"


def _hint(location: tuple[int | str, ...]) -> str:
    from engine.files.schema import field_names

    close = difflib.get_close_matches(str(location[-1])[:60], field_names(), 1)
    return f" (did you mean '{close[0]}'?)" if close else ""
