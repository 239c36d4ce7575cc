"""What all layers with an activation function share: from z to a, and back from da to dz.

It works at every position alike: the one of a vector, every time step of a sequence, every
pixel of an image. This module holds no kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.activations import Activation, activations
from engine.core.expressions import Expression, Ref
from engine.core.knobs import knob
from engine.core.place import Index, Moment, Place, positions
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.layers.base import LayerKind, Words


@dataclass(frozen=True)
class Activated(LayerKind):
    """``a[l] = g[l](z[l])`` and ``dz = da ⊙ g'(z)``; a kind says how z comes about."""

    activation: Spec = knob(Spec("tanh"), "Activation", family="activation", symbol="g")

    @property
    def g(self) -> Activation:
        """The activation function."""
        return activations.make(self.activation)

    @property
    def letters(self) -> Mapping[str, str]:  # type: ignore[override]
        """Those of the activation."""
        return self.g.letters

    def room_for_z(self, p: Place) -> Array:
        """Where z is calculated: in the place of a itself if nobody looks at z afterwards.

        At the z of an output the loss looks, and whoever wants to see how sure a prediction is.
        """
        if p.plan.memory is None or (self.role == "output" and not self.g.same):
            return p.array("z")
        return p.kept(name="z") if self.g.needs_z else p.name("z", p.a)

    def activate(self, p: Place, z: Array) -> None:
        """The lines from z to a."""
        if not (self.g.same and z is p.a):
            self.g.forward(p, z, p.a)

    def begin_backward(self, p: Place) -> Array:
        """The lines from da to dz; ``dz``."""
        z = p.known("z")
        if p.explains:
            self.g.explain(p, z)
        if p.dz_given:
            return p.known("dz")
        assert p.da is not None
        if self.g.same and p.plan.memory is not None:
            return p.name("dz", p.da)
        dz = p.passing(name="dz")
        self.g.backward(p, z, p.a, p.da, dz)
        return dz

    def activation_steps(
        self,
        p: Place,
        arrays: tuple[tuple[str, int | None], ...],
        then: str,
        at: Iterable[Index] | None = None,
    ) -> Iterator[Moment]:
        """Unit by unit at every position: arrays with the number of their steps, then ``then``.

        Where the activation needs all units of a position (softmax), ``then`` comes after the
        arrays of all of them.
        """
        together = (*arrays, (then, 1)) if self.g.elementwise else arrays
        for place in positions(p.shape) if at is None else at:
            for i in range(p.shape[0]):
                for array, steps in together:
                    yield Moment(array, (i, *place), steps)
            if not self.g.elementwise:
                for i in range(p.shape[0]):
                    yield Moment(then, (i, *place))

    def backward_steps(self, p: Place, at: Iterable[Index] | None = None) -> Iterator[Moment]:
        """da, g'(z) and dz, unit by unit at every position."""
        slope: tuple[tuple[str, int | None], ...] = (("slope", 1),) if self.g.elementwise else ()
        yield from self.activation_steps(p, (("da", None), *slope), "dz", at)
        yield from self.g.steps(p)

    def activated_cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        """The cells of a, slope and dz, and of what belongs to the activation itself."""
        i, at = index[0], index[1:]
        match array:
            case "a":
                return self.g.cell(self._each(p, "z", at, example), i)
            case "slope":
                return self.g.slope(p.ref("z", index, example), p.ref("a", index, example))
            case "dz":
                da, a = self._each(p, "da", at, example), self._each(p, "a", at, example)
                return self.g.delta(da, a, self._each(p, "slope", at, example), i)
        return self.g.parameter_cell(p, array, index, example)

    def loop(self, p: Place, array: str) -> str:
        return "" if array == "dz" and p.dz_given else self.g.loops.get(array, "") or super().loop(p, array)

    def _each(self, p: Place, array: str, at: Index, example: int) -> Sequence[Ref]:
        return _Units(p, array, at, example)


@dataclass(frozen=True, slots=True)
class _Units(Sequence[Ref]):
    """The cells of all units at one position, made as they are asked for: most activations need one."""

    place: Place
    array: str
    at: Index
    example: int

    def __len__(self) -> int:
        return self.place.shape[0]

    def __getitem__(self, i: int) -> Ref:  # type: ignore[override]
        if not 0 <= i < len(self):
            raise IndexError(i)
        return self.place.ref(self.array, (i, *self.at), self.example)


ACTIVATED: dict[str, Words] = {
    "slope": ("slope", "g[l]′(z[l])", "slope = g_prime(z)"),
    "dz": ("delta", "dz[l] = da[l] ⊙ g[l]′(z[l])", "dz = da * g_prime(z)"),
}
"""The words of the arrays that every such layer has."""
