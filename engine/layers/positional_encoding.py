"""The positional encoding: says where in the sequence a vector stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.expressions import Expression, Number, Sum
from engine.core.knobs import knob
from engine.core.place import HANDED_ON, Block, Index, Moment, Part, Place, Port, Shape, Terms
from engine.core.plan import Phase
from engine.core.problems import DocumentError
from engine.core.spec import Spec
from engine.layers.base import LayerKind, layers
from engine.layers.copies import copied
from engine.layers.waves import wave, waves


@layers.add("positional_encoding")
@dataclass(frozen=True)
class PositionalEncoding(LayerKind):
    """``a_t = x_t + p_t``: x and a are (d, T, m), and P is (d, T), the same for every example.

    Sinusoidal, with positions t and features i counted from 0: ``p_t,i = sin(t / 10000^(i/d))`` for
    even i and ``cos(t / 10000^((i−1)/d))`` for odd i (Vaswani et al., 2017). Learned: P is a parameter.
    Backward: ``dx = da``, ``dP = Σ da`` over the examples.
    """

    title = "Positional encoding"
    summary = "Adds to every vector of a sequence a pattern that says where it stands."
    stem = "position"
    group = "Sequences"
    sized = False
    rank = 55
    letters = {"PE": "p", "P": "p"}
    shared = frozenset({"PE"})
    loops = {
        "PE": "PE[i, t] = sin(t / 10000 ** (i / d)) if i % 2 == 0 else cos(t / 10000 ** ((i - 1) / d))",
    }
    words = {
        "PE": ("position", "p_t = sin, cos(t / 10000^(i/d))", "P = waves(d, T)"),
        "a": ("sum", "a_t = a_prev_t + p_t", "a = a_prev + P[:, :, None]"),
        "da": ("blame", "da[l] = da[l+1]", "da_prev = da"),
        "dP": ("gradient", "dP = Σ da[l]", "dP = da.sum(axis=2)"),
    }

    form: str = knob(
        "sinusoidal",
        "Form",
        choices=("sinusoidal", "learned"),
        help="Fixed waves of many lengths, or a vector for each position that is learned.",
    )

    @property
    def _array(self) -> str:
        return "P" if self.form == "learned" else "PE"

    def output_shape(self, units: int, inputs: Sequence[Shape]) -> Shape:
        if len(inputs[0]) != 2:
            raise DocumentError(
                "A positional encoding takes sequences, such as 8×20; put an embedding before it."
            )
        return inputs[0]

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        if self.form != "learned":
            return ()
        start = Spec.of("normal", deviation=0.02)
        return (Block((shape[0], shape[1]), (Part("P", (slice(None), slice(None)), start, (id, None)),)),)

    def forward(self, p: Place) -> None:
        d, time = p.shape
        if self.form == "learned":
            each = p.blocks[0].reshape(d, time, 1)
        else:
            fixed = p.array("PE", (d, time))
            fixed[...] = waves(np.arange(time), d)
            each = fixed[:, :, None]
        p.forward("a = a_prev + P", "a", np.add, p.inputs[0].a, each, p.a)

    def backward(self, p: Place) -> None:
        assert p.da is not None
        if self.form == "learned" and p.learns:
            ones, dP = p.plan.full((p.m,), 1.0), p.gradient_blocks[0].reshape(-1)
            p.backward("dP = Σ da", "dP", p.da.reshape(-1, p.m).dot, ones, dP)
        p.hand_back(p.inputs[0], "da_prev = da", copied, p.da)

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        d, time = p.shape
        arrays: tuple[tuple[str, int | None], ...] = (("da", None),)
        if phase is Phase.FORWARD:
            arrays = (("a", 1),) if self.form == "learned" else (("PE", 1), ("a", 1))
        if phase is not Phase.UPDATE:
            for t in range(time):
                for i in range(d):
                    yield from (Moment(array, (i, t), steps) for array, steps in arrays)
        if phase is Phase.BACKWARD and self.form == "learned":
            yield from (Moment("dP", index) for index in np.ndindex(p.shape))

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        i, t = index
        match array:
            case "PE":
                return wave(Number(float(t)), i, p.shape[0])
            case "a":
                return Sum((p.ref_a_prev(p.inputs[0], index, example), p.ref(self._array, index)))
            case "dP":
                return p.ref("da", index, example)
        raise KeyError(array)

    def numbers_in_loops(self, p: Place) -> Mapping[str, float]:
        return {"d": p.shape[0]}

    def sent(self, p: Place, port: Port, index: Index, example: int) -> Expression:
        return p.ref("da", index, example)

    def sends(self, p: Place, port: Port, index: Index) -> Terms:
        return HANDED_ON
