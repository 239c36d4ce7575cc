"""One layer alone: for a notebook, a test, or whoever wants to see the numbers of a single kind.

    from engine.alone import run_layer
    from engine.core.spec import Spec

    dense = Spec.of("dense", activation=Spec("relu"))
    run = run_layer(dense, x, units=2, parameters={"W.x": W, "b": b}, da=da)
    run.a, run.da_prev[0], run.gradients["W.x"], run.arrays["z"]

It is the very code that trains networks: the layer writes its lines into a plan, which is run once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.core.expressions import Expression, Ref, evaluate
from engine.core.place import Index, Place, Port
from engine.core.plan import Array, Phase, Plan
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.initializers import initializers
from engine.layers import LayerKind, layers

OWNER = "layer"


@dataclass(frozen=True, eq=False)
class LayerRun:
    """What a layer made of its inputs, and of the gradient that came back.

    All arrays have their examples last. ``gradients`` are sums over the examples, without 1/m.
    """

    kind: LayerKind
    place: Place
    a: Array
    da_prev: tuple[Array | None, ...]
    """The gradient for every input; empty if no ``da`` was given."""
    gradients: Mapping[str, Array]
    parameters: Mapping[str, Array]
    arrays: Mapping[str, Array]
    """Every named array of the run: z, a, dz, the gates of an LSTM ..."""

    def cell(self, array: str, *index: int, example: int = 0) -> Expression:
        """How one number came about."""
        return self.kind.cell(self.place, array, index, example)

    def lookup(self, ref: Ref) -> float:
        """The number that a reference in an expression stands for."""
        if ref.owner != OWNER:
            port = next(each for each in self.place.inputs if each.source == ref.owner)
            array = port.da if ref.array == "da" else port.a
            assert array is not None
        elif ref.example is not None and ref.array.removeprefix("d") in self.gradients:
            return evaluate(self.kind.cell(self.place, ref.array, ref.index, ref.example), self.lookup)
        else:
            array = self.arrays[ref.array]
        index: Index = ref.index if ref.example is None else (*ref.index, ref.example)
        return float(array[index])


def run_layer(
    kind: LayerKind | Spec | str,
    *inputs: Array,
    units: int | None = None,
    parameters: Mapping[str, Array] | None = None,
    da: Array | None = None,
    training: bool = True,
    seed: int = 1,
    step: int = 0,
    dtype: type = np.float64,
) -> LayerRun:
    """Run one layer forward, and backward if ``da`` is given.

    The kind is given as itself, by its specification or by its name. The inputs are called ``x`` if
    there is one, else ``x1``, ``x2``; parameters that are not given are drawn from the seed. Raises
    ``DocumentError`` where the inputs do not fit, ``KeyError`` for a parameter that the layer does
    not have.
    """
    if not isinstance(kind, LayerKind):
        kind = layers.make(kind)
    least, most = kind.takes
    if len(inputs) < least or (most is not None and len(inputs) > most):
        raise DocumentError(f"{kind.title} cannot run on {len(inputs)} input{'s' * (len(inputs) != 1)}.")
    arrays: list[Array] = [np.asarray(each, dtype) for each in inputs]
    names = ["x"] if len(arrays) == 1 else [f"x{n}" for n in range(1, len(arrays) + 1)]
    m = arrays[0].shape[-1] if arrays else (1 if da is None else da.shape[-1])
    if any(each.shape[-1] != m for each in arrays):
        raise DocumentError("All inputs must have as many examples, which are their last axis.")
    shapes = [each.shape[:-1] for each in arrays]
    shape = kind.output_shape(kind.starting_units if units is None else units, shapes)
    blocks = kind.blocks(OWNER, shape, list(zip(names, shapes, strict=True)))
    plan = Plan(m, np.dtype(dtype), explains=da is not None, training=training, seed=seed, step=step)
    numbers: list[Array] = [np.zeros(block.shape, dtype) for block in blocks]
    slopes: list[Array] = [np.zeros(block.shape, dtype) for block in blocks if block.learned]
    named = {
        part.name: part.seen_in(array)
        for block, array in zip(blocks, numbers, strict=True)
        for part in block.parts
    }
    learned = [block for block in blocks if block.learned]
    gradients = {
        part.name: part.seen_in(array)
        for block, array in zip(learned, slopes, strict=True)
        for part in block.parts
    }
    _fill(named, blocks, dict(parameters or {}), seed)
    backward = da is not None
    ports = tuple(_port(name, array, backward) for name, array in zip(names, arrays, strict=True))
    a1: Array = np.ones((shape[0] + 1, *shape[1:], m), dtype)
    place = Place(
        OWNER, "[1]", shape, plan, ports, a1[:-1], a1, np.zeros((*shape, m), dtype) if backward else None,
        letter=kind.letter, letters=kind.letters, timed=kind.timed, parameters=named, blocks=tuple(numbers),
        gradients=gradients, gradient_blocks=tuple(slopes),
    )  # fmt: skip
    a1[:-1] = 0.0
    plan.arrays[OWNER, "a"] = place.a
    plan.arrays.update({(OWNER, name): view for name, view in named.items()})
    kind.forward(place)
    if backward:
        assert place.da is not None
        plan.arrays[OWNER, "da"] = place.da
        np.copyto(place.da, np.asarray(da, dtype))
        kind.backward(place)
    before = {name: view.copy() for name, view in named.items()}
    for call in plan.calls(Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE):
        call()
    made: dict[str, Any] = {name: array for (_, name), array in plan.arrays.items()}
    made.update({f"new {name}": view for name, view in named.items()})
    made.update(before)
    made.update({f"d{name}": view for name, view in gradients.items()})
    return LayerRun(
        kind, place, place.a, tuple(port.da for port in ports) if backward else (), gradients, before, made
    )


def _port(name: str, values: Array, backward: bool) -> Port:
    a1 = np.ones((values.shape[0] + 1, *values.shape[1:]), values.dtype)
    a1[:-1] = values
    a = a1[:-1]
    return Port(
        name, "[0]", values.shape[:-1], a, a1, np.zeros_like(a) if backward else None, True, letter="x"
    )


def _fill(named: Mapping[str, Array], blocks: Any, given: dict[str, Array], seed: int) -> None:
    rng = np.random.default_rng(seed)
    for block in blocks:
        for part in block.parts:
            view = named[part.name]
            if part.name in given:
                view[...] = np.reshape(given.pop(part.name), view.shape)
            elif math.prod(view.shape):
                draw = initializers.make(part.start).draw
                view[...] = draw(rng, view.shape, part.fan_in, part.fan_out)
    if given:
        known = ", ".join(named) or "none"
        raise KeyError(f"The layer has no parameter called {', '.join(given)} (it has: {known}).")
