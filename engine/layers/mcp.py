"""The neuron of McCulloch and Pitts: logic without learning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Product, Ref, Truth, total
from engine.core.knobs import knob
from engine.core.place import Block, Index, Moment, Part, Place, Port, Shape, Terms
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers
from engine.layers.copies import nothing

ON = 0.5
"""An input is on if it is larger."""


@layers.add("mcp")
@dataclass(frozen=True)
class McCullochPitts(LayerKind):
    """``a = [z ≥ θ] [v = 0]``: it fires if enough excitatory inputs are on and no inhibitory one is.

    ``z = Σ_j [w_j > 0] [x_j > ½]`` counts the excitatory inputs that are on, ``v`` the inhibitory
    ones (w < 0); a single one of these forbids firing (absolute inhibition). All synapses weigh the
    same, only the sign of W (n[l], n[l−1]) counts: +1 excites, −1 inhibits, 0 is no synapse.
    Nothing is learned, and no gradient passes. AND is θ = 2, OR is θ = 1, NOT is one inhibitory input and
    θ = 0. Source: McCulloch and Pitts, *A logical calculus of the ideas immanent in nervous
    activity*, 1943.
    """

    title = "McCulloch-Pitts neurons"
    summary = (
        "Neurons of 1943: they fire if enough exciting inputs are on and none that inhibits; no learning."
    )
    stem = "mcp"
    synapses = True
    takes = (1, None)
    rank = 30
    letters = {"inhibition": "v"}
    loops = {
        "z": "z[i, e] = sum[j](1.0, where=W[i, j] > 0 and a_prev[j, e] > 0.5)",
        "inhibition": "inhibition[i, e] = sum[j](1.0, where=W[i, j] < 0 and a_prev[j, e] > 0.5)",
        "da": "da_prev[j, e] = 0.0",
    }
    words = {
        "z": ("count", "z = Σ x of the excitatory inputs", "z = (W > 0) @ (x > 0.5)"),
        "inhibition": ("count", "v = Σ x of the inhibitory inputs", "v = (W < 0) @ (x > 0.5)"),
        "a": ("activation", "a = [z ≥ θ] [v = 0]", "a = (z >= theta) & (v == 0)"),
        "da": ("blame", "da = 0, for no gradient passes", "da = 0"),
        "new W": ("kept", "w := w, for it does not learn", "pass"),
    }

    threshold: int = knob(
        1,
        "Threshold",
        minimum=0,
        maximum=1000,
        symbol="θ",
        help="So many exciting inputs must be on: all of them for AND, one for OR, none for NOT.",
    )

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if any(len(shape) > 1 for shape in inputs):
            raise DocumentError(
                "A McCulloch-Pitts neuron takes vectors of on and off; put a flatten layer before it."
            )
        return (units,)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        n, whole = shape[0], (slice(None), slice(None))
        excites = Spec.of("constant", value=1.0)
        return tuple(
            Block((n, size), (Part(f"W.{source}", whole, excites, (id, source), size, n),), learned=False)
            for source, (size, *_) in inputs
        )

    def forward(self, p: Place) -> None:
        z, v = p.array("z"), p.array("inhibition")
        for place, port in enumerate(p.inputs):
            W, on = p.parameters[f"W.{port.source}"], p.passing(port.a.shape)
            kind, part = p.passing(W.shape), p.passing(z.shape)
            p.forward("[x > ½]", "z", np.greater, port.a, ON, on)
            for array, name, sign, is_of in ((z, "z", ">", np.greater), (v, "inhibition", "<", np.less)):
                p.forward(f"[W {sign} 0]", name, is_of, W, 0.0, kind)
                p.forward(f"{name} = [W {sign} 0] [x > ½]", name, kind.dot, on, array if place == 0 else part)
                if place:
                    p.forward("and of a further input", name, np.add, array, part, array)
        p.forward("a = [z ≥ θ] [v = 0]", "a", _fires, z, v, float(self.threshold), p.a)

    def backward(self, p: Place) -> None:
        for port in p.inputs:
            p.hand_back(port, "da_prev = 0", nothing)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        for i in range(p.shape[0]):
            if phase is Phase.FORWARD:
                yield from (Moment(array, (i,)) for array in ("z", "inhibition", "a"))
            if phase is Phase.BACKWARD and p.da is not None:
                yield Moment("da", (i,), None)
            if phase is Phase.UPDATE:
                for port in p.inputs:
                    yield from (Moment(f"new W.{port.source}", (i, j)) for j in _joined(port, i))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array.split("."):
            case ["z"]:
                return total(*_counted(p, index[0], ">", example))
            case ["inhibition"]:
                return total(*_counted(p, index[0], "<", example))
            case ["a"]:
                enough = Truth(p.ref("z", index, example), "≥", Number(float(self.threshold)))
                free = Truth(p.ref("inhibition", index, example), "=", Number(0.0))
                return Product((enough, free))
            case ["new W", source]:
                return p.ref(f"W.{source}", index)
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return Number(0.0)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return Terms()


def _joined(port: Port, i: int) -> list[int]:
    """The units of an input whose synapse to unit i is not cut."""
    return [j for j in range(port.shape[0]) if port.mask is None or port.mask[i, j]]


def _counted(p: Place, i: int, sign: str, example: int) -> Iterator[Expression]:
    """For each synapse whether it is of that sign and its input is on."""
    for port in p.inputs:
        for j in _joined(port, i):
            weight: Ref = p.ref(f"W.{port.source}", (i, j))
            on = Truth(p.ref_a_prev(port, (j,), example), ">", Number(ON, "½"))
            yield Product((Truth(weight, sign, Number(0.0)), on))


def _fires(z: Array, v: Array, threshold: float, out: Array) -> None:
    """``out = [z ≥ θ] [v = 0]``."""
    np.logical_and(z >= threshold, v == 0.0, out)
