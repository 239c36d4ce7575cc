"""Registries: one a family of kinds; a kind is found because its file lies in the family's folder.

    activations: Registry[Activation] = Registry("activation", "engine.activations")

    @activations.add("tanh")
    @dataclass(frozen=True)
    class Tanh(Activation): ...

The palette, the inspector, the file format and the contract tests all go through a registry,
so that a new kind is one new file.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import ClassVar, Generic, TypeVar

from engine.core.knobs import checked, knobs
from engine.core.problems import UnknownKindError
from engine.core.spec import Spec


class Kind:
    """Base of every kind: a small frozen dataclass whose fields are its knobs."""

    kind: ClassVar[str] = ""
    """The name in files, given by ``Registry.add``."""
    title: ClassVar[str] = ""
    """What a menu calls it."""
    summary: ClassVar[str] = ""
    """One plain sentence for the palette and the inspector."""

    @property
    def spec(self) -> Spec:
        """The specification that makes this kind again."""
        return Spec.of(self.kind, **{each.name: getattr(self, each.name) for each in knobs(type(self))})


K = TypeVar("K", bound=Kind)


class Registry(Generic[K]):
    """The kinds of one family by name, in the order of their titles' files."""

    families: ClassVar[dict[str, Registry]] = {}  # type: ignore[type-arg]

    def __init__(self, family: str, package: str) -> None:
        self.family = family
        self.package = package
        self._kinds: dict[str, type[K]] = {}
        self._complete = False
        Registry.families[family] = self

    def add(self, name: str) -> Callable[[type[K]], type[K]]:
        """Class decorator that enters a kind under its file name."""

        def enter(cls: type[K]) -> type[K]:
            if name in self._kinds and self._kinds[name].__qualname__ != cls.__qualname__:
                raise ValueError(f"two kinds of {self.family} are called {name!r}")
            cls.kind = name
            self._kinds[name] = cls
            return cls

        return enter

    def __iter__(self) -> Iterator[type[K]]:
        self._discover()
        return iter(sorted(self._kinds.values(), key=lambda cls: (getattr(cls, "rank", 100), cls.title)))

    def __contains__(self, name: object) -> bool:
        self._discover()
        return name in self._kinds

    def __getitem__(self, name: str) -> type[K]:
        self._discover()
        try:
            return self._kinds[name]
        except KeyError:
            raise UnknownKindError(
                f"This version of Axon has no {self.family} called '{name[:60]}'."
            ) from None

    def make(self, spec: Spec | str) -> K:
        """The kind that a specification describes.

        Raises ``UnknownKindError`` or ``KnobError``, each with one sentence.
        """
        if isinstance(spec, str):
            spec = Spec(spec)
        cls = self[spec.kind]
        return cls(**checked(cls, dict(spec.settings)))

    def _discover(self) -> None:
        if self._complete:
            return
        package = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        self._complete = True
