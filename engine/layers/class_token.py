"""The class token: a learned vector at the head of a sequence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression
from engine.core.knobs import knob
from engine.core.place import HANDED_ON, Block, Index, Moment, Part, Place, Port, Shape, Terms
from engine.core.plan import Array, Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers
from engine.layers.copies import copied


@layers.add("class_token")
@dataclass(frozen=True)
class ClassToken(LayerKind):
    """``a = [c, x_1, ..., x_T]``: x is (d, T, m), c (d, 1), a (d, T + 1, m).

    The token c is the same for every example. It says nothing of its own; attention lets it gather
    what the answer needs, and the answer is then read off at its position (Devlin et al., 2019;
    Dosovitskiy et al., 2021). Backward: ``dc = Σ da_1`` over the examples, ``dx_t = da_(t+1)``.
    """

    title = "Class token"
    summary = "Puts a learned vector before a sequence, which gathers what the answer needs."
    stem = "token"
    group = "Attention"
    sized = False
    rank = 65
    letters = {"token": "c"}
    loops = {
        "a": "a[i, t, e] = token[i, 0] if t == 0 else a_prev[i, t - 1, e]",
        "dtoken": "dtoken[i, 0] = sum[e](da[i, 0, e])",
        "da": "da_prev[i, t, e] = da[i, t + 1, e]",
    }
    words = {
        "a": ("copy", "a = [c, a_prev]", "a = np.concatenate([c, a_prev], axis=1)"),
        "da": ("blame", "da[l] = da[l+1] without its first position", "da_prev = da[:, 1:]"),
        "dtoken": ("gradient", "dc = Σ da_1", "dc = da[:, 0].sum(axis=1, keepdims=True)"),
    }

    initializer: Spec = knob(Spec.of("normal", deviation=0.02), "First weights", family="initializer")

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 2:
            raise DocumentError(
                "A class token goes before a sequence, such as 8×20; cut an image in patches first."
            )
        d, time = inputs[0]
        return (d, time + 1)

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        token = Part("token", (slice(None), slice(None)), self.initializer, (id, None))
        return (Block((shape[0], 1), (token,)),)

    def forward(self, p: Place) -> None:
        p.forward("a_1 = c", "a", copied, p.blocks[0], p.a[:, 0])
        p.forward("a_(t+1) = a_prev_t", "a", copied, p.inputs[0].a, p.a[:, 1:])

    def backward(self, p: Place) -> None:
        assert p.da is not None
        if p.learns:
            p.backward("dc = Σ da_1", "dtoken", _summed, p.da[:, 0], p.gradient_blocks[0])
        p.hand_back(p.inputs[0], "da_prev_t = da_(t+1)", copied, p.da[:, 1:])

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        d, time = p.shape
        if phase is not Phase.UPDATE:
            array, steps = ("a", 1) if phase is Phase.FORWARD else ("da", None)
            for t in range(time):
                yield from (Moment(array, (i, t), steps) for i in range(d))
        if phase is Phase.BACKWARD:
            yield from (Moment("dtoken", (i, 0)) for i in range(d))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, t = index
        match array:
            case "a" if t == 0:
                return p.ref("token", (i, 0))
            case "a":
                return p.ref_a_prev(p.inputs[0], (i, t - 1), example)
            case "dtoken":
                return p.ref("da", (i, 0), example)
        raise KeyError(array)

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", (index[0], index[1] + 1), example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON


def _summed(values: Array, out: Array) -> None:
    np.sum(values, axis=1, keepdims=True, out=out)
