"""Plain JSON text: read strictly, written so that a person can read it.

Nothing is evaluated. Refused are depth and size that would take the memory, names that stand
twice in one object, NaN and Infinity; whole numbers too long for the machine become decimals.
"""

from __future__ import annotations

import json
import re
from typing import Any

from engine.files.problems import Wrong, clipped

MOST_BYTES = 64 * 2**20
"""No text may be longer."""
DEEPEST = 40
"""Brackets within brackets."""

_MARKS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_HALF = "it has half a character (a lone surrogate) in a text"
_DIGITS = 18


def decoded(data: bytes) -> str:
    """Text from bytes: UTF-8 with or without a byte-order mark, UTF-16 with one."""
    if len(data) > MOST_BYTES:
        raise Wrong(f"it is larger than {MOST_BYTES // 2**20} MB")
    code = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(code)
    except UnicodeDecodeError:
        raise Wrong("it is neither an Axon project nor a text in UTF-8") from None


def parsed(text: str) -> dict[str, Any]:
    """The object that the text describes; raises ``Wrong`` for anything else."""
    if not text.strip(" \t\r\n\0"):
        raise Wrong("it is empty")
    if text.lstrip()[:1] not in {"{", "["}:
        raise Wrong("it is not an Axon project")
    _check_depth(text)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_int=_whole, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Wrong(f"the JSON is broken or cut short in {where}: {_lowered(error.msg)}") from None
    except RecursionError:
        raise Wrong(_TOO_DEEP) from None
    if not isinstance(found, dict):
        raise Wrong("it must be an object in braces, not a list")
    if _SURROGATE.search(text):
        _check_characters(found)
    return found


def written(value: object) -> str:
    """JSON for people: short lists and objects on one line, a row of a matrix on one line."""
    return _pretty(value, "") + "\n"


def encoded(value: object) -> bytes:
    """``written`` in UTF-8; raises ``Wrong`` for what cannot be said in JSON."""
    try:
        return written(value).encode()
    except UnicodeEncodeError:
        raise Wrong(_HALF) from None
    except ValueError:
        raise Wrong("JSON has no infinite numbers: save it as an .axon file") from None
    except TypeError as error:
        raise Wrong(f"its settings are not plain JSON: {error}") from None


def compact(value: object) -> str:
    """JSON on one line; raises ``ValueError`` for what JSON cannot say."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _pretty(value: object, indent: str) -> str:
    deeper = indent + "  "
    nested = isinstance(value, list | tuple) and any(isinstance(item, dict | list | tuple) for item in value)
    if not nested and not isinstance(value, dict):
        return compact(value)
    if _count(value) <= 40 and len(line := compact(value)) + len(indent) <= (80 if nested else 100):
        return line
    if isinstance(value, dict):
        rows = [f"{deeper}{compact(str(name))}: {_pretty(item, deeper)}" for name, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}"
    assert isinstance(value, list | tuple)
    return "[\n" + ",\n".join(deeper + _pretty(item, deeper) for item in value) + f"\n{indent}]"


def _count(value: object) -> int:
    """About how many values there are, counted no further than needed."""
    if not isinstance(value, dict | list | tuple):
        return 1
    count = len(value)
    for item in value.values() if isinstance(value, dict) else value:
        if count > 40:
            break
        count += _count(item)
    return count


_TOO_DEEP = f"its JSON is nested more than {DEEPEST} deep"


def _check_depth(text: str) -> None:
    depth = 0
    for mark in _MARKS.finditer(text):
        sign = text[mark.start()]
        if sign in "[{":
            depth += 1
            if depth > DEEPEST:
                raise Wrong(_TOO_DEEP)
        elif sign in "]}":
            depth -= 1


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise Wrong(f"'{clipped(twice, 40)}' stands twice in one object")
    return found


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _no_constant(word: str) -> float:
    raise Wrong(f"{word} is not a number that a project can hold")


def _check_characters(found: dict[str, Any]) -> None:
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Wrong(_HALF) from None


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]
