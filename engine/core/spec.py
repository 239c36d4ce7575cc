"""A specification names a kind and its settings as plain frozen data.

The document stores specifications, never kinds: so it can be written to a file, compared and
undone without knowing what a layer is. A registry turns a specification into the kind itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = "bool | int | float | str | Spec | tuple[Value, ...] | None"


@dataclass(frozen=True, slots=True)
class Spec:
    """A kind by name with the settings that differ from its defaults, sorted by name."""

    kind: str
    settings: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, kind: str, /, **settings: Value) -> Spec:
        """``Spec.of("dense", units=4)``."""
        return cls(kind, tuple(sorted(settings.items())))

    @classmethod
    def from_json(cls, data: object) -> Spec:
        """Read ``{"kind": "dense", "units": 4}`` or the short form ``"dense"``.

        Raises ``ValueError`` for anything else; knows nothing of which kinds exist.
        """
        if isinstance(data, str):
            return cls(data)
        if not isinstance(data, Mapping) or not isinstance(data.get("kind"), str):
            raise ValueError("a kind is written as its name or as an object with a text field 'kind'")
        settings = {str(name): _value(item) for name, item in data.items() if name != "kind"}
        return cls(data["kind"], tuple(sorted(settings.items())))

    def to_json(self) -> dict[str, object]:
        """The file entry: the kind first, then its settings."""
        return {"kind": self.kind, **{name: _plain(value) for name, value in self.settings}}

    def __iter__(self) -> Iterator[tuple[str, Value]]:
        return iter(self.settings)

    def get(self, name: str, default: Value = None) -> Value:
        """The setting, or ``default`` where the specification leaves it open."""
        return dict(self.settings).get(name, default)

    def with_(self, **settings: Value) -> Spec:
        """The same kind with some settings replaced."""
        return Spec.of(self.kind, **{**dict(self.settings), **settings})


def _value(item: object) -> Value:
    if item is None or isinstance(item, bool | int | float | str):
        return item
    if isinstance(item, Mapping):
        return Spec.from_json(item)
    if isinstance(item, list | tuple):
        return tuple(_value(each) for each in item)
    raise ValueError(f"a setting cannot be {type(item).__name__}")


def _plain(value: Value) -> object:
    if isinstance(value, Spec):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
