"""Knobs: the settings of a kind, declared once as dataclass fields.

A field with a knob is at once the row of the inspector's form, the entry in the file and the
argument of the constructor. ``knobs(cls)`` lists them; ``checked(cls, settings)`` refuses what
is out of range with one sentence.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any

from engine.core.problems import KnobError
from engine.core.spec import Spec, Value


@dataclass(frozen=True, slots=True)
class Knob:
    """What a form, a file and a reader need to know of one setting."""

    name: str
    label: str
    default: Value
    help: str = ""
    symbol: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    family: str = ""
    """Name of the registry whose kinds may be chosen, for a knob that holds a kind."""
    optional: bool = False
    """Whether ``None`` is a value ("all", "off")."""
    none_label: str = ""
    """What a form calls ``None``."""

    @property
    def type(self) -> str:
        """One of kind, choice, bool, int, float, text."""
        if self.family:
            return "kind"
        if self.choices:
            return "choice"
        sample = self.default
        if isinstance(sample, bool):
            return "bool"
        if isinstance(sample, int):
            return "int"
        if isinstance(sample, float):
            return "float"
        return "int" if sample is None and self.minimum is not None else "text"

    def checked(self, value: Value) -> Value:
        """The value in the knob's type; raises ``KnobError`` with one sentence if it does not fit."""
        if value is None and self.optional:
            return None
        match self.type:
            case "kind":
                if isinstance(value, str):
                    return Spec(value)
                if not isinstance(value, Spec):
                    raise KnobError(f"{self.label} must name a kind, not {value!r}.")
                return value
            case "choice":
                if value not in self.choices:
                    raise KnobError(f"{self.label} must be one of {', '.join(self.choices)}, not {value!r}.")
                return value
            case "bool":
                if not isinstance(value, bool):
                    raise KnobError(f"{self.label} must be true or false, not {value!r}.")
                return value
            case "text":
                if not isinstance(value, str):
                    raise KnobError(f"{self.label} must be a text, not {value!r}.")
                return value
            case _:
                return self._number(value)

    def _number(self, value: Value) -> int | float:
        whole = self.type == "int"
        if isinstance(value, bool) or not isinstance(value, int | float) or not _finite(value):
            raise KnobError(f"{self.label} must be a {'whole ' if whole else ''}number, not {value!r:.40}.")
        if whole and value != int(value):
            raise KnobError(f"{self.label} must be a whole number, not {value!r}.")
        low, high = self.minimum, self.maximum
        if (low is not None and value < low) or (high is not None and value > high):
            if low is not None and high is not None:
                bounds = f"between {low:g} and {high:g}"
            else:
                bounds = f"at least {low:g}" if low is not None else f"at most {high:g}"
            raise KnobError(f"{self.label} must be {bounds}, not {value:g}.")
        return int(value) if whole else float(value)


def _finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def knob(default: Value, label: str, **details: Any) -> Any:
    """A dataclass field with a knob: ``units: int = knob(4, "Units", minimum=1)``."""
    return field(default=default, metadata={"knob": {"label": label, **details}})


def knobs(cls: type) -> tuple[Knob, ...]:
    """The knobs of a kind, in the order they are declared."""
    return _knobs(cls)


@cache
def _knobs(cls: Hashable) -> tuple[Knob, ...]:
    assert isinstance(cls, type) and is_dataclass(cls)
    found = []
    for each in fields(cls):
        details = each.metadata.get("knob")
        if details is not None:
            default = None if each.default is MISSING else each.default
            found.append(Knob(name=each.name, default=default, **details))
    return tuple(found)


def checked(cls: type, settings: Mapping[str, Value]) -> dict[str, Value]:
    """The settings a kind can be made of; raises ``KnobError`` for an unknown or unfit one."""
    known = {each.name: each for each in knobs(cls)}
    for name in settings:
        if name not in known:
            title = getattr(cls, "title", cls.__name__)
            raise KnobError(f"{title} has no setting called '{name}'.")
    return {name: known[name].checked(value) for name, value in settings.items()}
