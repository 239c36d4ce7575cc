"""The long short-term memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.activations.logistic import logistic_cell
from engine.core.expressions import Expression, Function, Number, Power, Product, Ref, minus, times, total
from engine.core.knobs import knob
from engine.core.place import Index, Moment, Place, steps_of_sum
from engine.core.plan import Phase
from engine.core.spec import Spec
from engine.layers.base import layers
from engine.layers.lstm_time import lstm_backward, lstm_forward
from engine.layers.recurrent import Recurrent
from engine.layers.recurrent_arrays import by_time, by_unit, enter_gates, halved
from engine.layers.recurrent_words import blame_loop, recurrent_letters, recurrent_words

_GATES = ("i", "f", "g", "o")


@layers.add("lstm")
@dataclass(frozen=True)
class Lstm(Recurrent):
    """``z_k⟨t⟩ = W_k x⟨t⟩ + U_k a⟨t−1⟩ + b_k`` for the gates k = i, f, g, o, and
    ``i = σ(z_i)``, ``f = σ(z_f)``, ``g = tanh(z_g)``, ``o = σ(z_o)``,
    ``c⟨t⟩ = f ⊙ c⟨t−1⟩ + i ⊙ g``, ``a⟨t⟩ = o ⊙ tanh(c⟨t⟩)``; ``a⟨0⟩ = c⟨0⟩ = 0``.

    x is (n, T, m); gates, c and a are (H, T, m), W_k (H, n), U_k (H, H), b_k (H, 1). The order
    i, f, g, o is PyTorch's; there is one bias b_k for each gate, PyTorch's two added.
    Bidirectional: (2H, T, m), the forward half first; V_k takes the place of U_k in the backward
    half, and t+1 that of t−1.

    Backward through time: ``dh⟨t⟩ = da⟨t⟩ + Σ_k U_kᵀ dz_k⟨t+1⟩`` (from the layer above, and from
    the future), ``do = dh ⊙ tanh c``, ``dc⟨t⟩ = dh ⊙ o ⊙ (1 − tanh² c) + dc⟨t+1⟩ ⊙ f⟨t+1⟩``,
    ``di = dc ⊙ g``, ``dg = dc ⊙ i``, ``df = dc ⊙ c⟨t−1⟩``; ``dz_k = dk ⊙ k (1 − k)`` for a σ and
    ``dz_g = dg ⊙ (1 − g²)``; ``dW_k = Σ dz_k⟨t⟩ x⟨t⟩ᵀ``, ``dU_k = Σ dz_k⟨t⟩ a⟨t−1⟩ᵀ``,
    ``db_k = Σ dz_k⟨t⟩`` over t; ``dx⟨t⟩ = Σ_k W_kᵀ dz_k⟨t⟩``.

    Source: S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, Neural Computation 9 (1997)
    1735-1780; the forget gate: F. Gers, J. Schmidhuber and F. Cummins, 2000; its first bias:
    R. Jozefowicz, W. Zaremba and I. Sutskever, 2015.
    """

    title = "LSTM"
    summary = "Reads a sequence with a conveyor belt c for what must be kept, and three gates around it."
    stem = "lstm"
    rank = 20
    gates = _GATES
    rows = recurrent_rows = ("o", "i", "f", "g")  # the three σ side by side, and the three that dc leads to
    letters = recurrent_letters(_GATES) | {"tanh_c": "tanh c"}
    timed = frozenset({*_GATES, *(f"z{gate}" for gate in _GATES), "c", "tanh_c", "h"})
    loops = {
        "c": "c[u, t, e] = (f[u, t, e] * c[u, t - 1, e] if t > 0 else 0.0) + i[u, t, e] * g[u, t, e]",
        "dh": blame_loop([(f"U{k}", f"dz{k}") for k in _GATES]),
        "dc": (
            "dc[u, t, e] = dh[u, t, e] * o[u, t, e] * (1 - tanh_c[u, t, e] ** 2)"
            " + (dc[u, t + 1, e] * f[u, t + 1, e] if t < last else 0.0)"
        ),
        "df": "df[u, t, e] = dc[u, t, e] * c[u, t - 1, e] if t > 0 else 0.0",
    }
    words = recurrent_words(_GATES) | {
        "i": ("gate", "i⟨t⟩ = σ(zi⟨t⟩)", "i = sigmoid(zi)"),
        "f": ("gate", "f⟨t⟩ = σ(zf⟨t⟩)", "f = sigmoid(zf)"),
        "g": ("candidate", "g⟨t⟩ = tanh(zg⟨t⟩)", "g = tanh(zg)"),
        "o": ("gate", "o⟨t⟩ = σ(zo⟨t⟩)", "o = sigmoid(zo)"),
        "c": ("memory cell", "c⟨t⟩ = f⟨t⟩ ⊙ c⟨t−1⟩ + i⟨t⟩ ⊙ g⟨t⟩", "c[t] = f * c[t-1] + i * g"),
        "tanh_c": ("activation", "tanh(c⟨t⟩)", "tanh_c = tanh(c[t])"),
        "a": ("activation", "a⟨t⟩ = o⟨t⟩ ⊙ tanh(c⟨t⟩)", "a[t] = o * tanh_c"),
        "dh": ("blame", "dh⟨t⟩ = da⟨t⟩ + Σ Uᵀ dz⟨t+1⟩", "dh = da[t] + U.T @ dz"),
        "do": ("blame", "do⟨t⟩ = dh⟨t⟩ ⊙ tanh(c⟨t⟩)", "do = dh * tanh_c"),
        "dc": (
            "blame",
            "dc⟨t⟩ = dh⟨t⟩ ⊙ o⟨t⟩ ⊙ (1 − tanh²(c⟨t⟩)) + dc⟨t+1⟩ ⊙ f⟨t+1⟩",
            "dc = dh * o * (1 - tanh_c**2) + dc * f[t+1]",
        ),
        "di": ("blame", "di⟨t⟩ = dc⟨t⟩ ⊙ g⟨t⟩", "di = dc * g"),
        "df": ("blame", "df⟨t⟩ = dc⟨t⟩ ⊙ c⟨t−1⟩", "df = dc * c[t-1]"),
        "dg": ("blame", "dg⟨t⟩ = dc⟨t⟩ ⊙ i⟨t⟩", "dg = dc * i"),
        "dzi": ("delta", "dzi⟨t⟩ = di⟨t⟩ ⊙ i⟨t⟩ ⊙ (1 − i⟨t⟩)", "dzi = di * i * (1 - i)"),
        "dzf": ("delta", "dzf⟨t⟩ = df⟨t⟩ ⊙ f⟨t⟩ ⊙ (1 − f⟨t⟩)", "dzf = df * f * (1 - f)"),
        "dzg": ("delta", "dzg⟨t⟩ = dg⟨t⟩ ⊙ (1 − g⟨t⟩²)", "dzg = dg * (1 - g**2)"),
        "dzo": ("delta", "dzo⟨t⟩ = do⟨t⟩ ⊙ o⟨t⟩ ⊙ (1 − o⟨t⟩)", "dzo = do * o * (1 - o)"),
    }

    forget_bias: float = knob(
        1.0,
        "First forget bias",
        symbol="bf",
        minimum=-20.0,
        maximum=20.0,
        help="At what the bias of the forget gate starts: the larger, the longer the first memory.",
    )

    def first_bias(self, gate: str) -> Spec:
        return Spec.of("constant", value=self.forget_bias) if gate == "f" else Spec("zeros")

    def forward(self, p: Place) -> None:
        n, T = p.shape
        W, U = (halved(p, block, axis, slice(0, 3)) for axis, block in enumerate(p.blocks))
        gates = p.work["gates"] = p.kept((T, 4, n, p.m))
        z, nothing = self.read(p, W, gates), p.scratch((n, p.m))
        h, c, tanh_c = p.passing((T, n, p.m)), p.kept((T, n, p.m)), p.kept((T, n, p.m))
        for half in self.halves(p):
            here = half.units
            first = (nothing[here], nothing[here])
            steps = [
                (
                    *(first if before is None else (h[before, here], c[before, here])),
                    z[t, :, here], gates[t, :, here], gates[t, :3, here],
                    *gates[t, :, here], c[t, here], tanh_c[t, here], h[t, here],
                )
                for t, before in ((t, half.before(t)) for t in half.times)
            ]  # fmt: skip
            product = p.passing((4, here.stop - here.start, p.m))
            line = (U[half.number], product, p.plan.constant(0.5), steps)
            p.forward(
                "for t: z = W x + U a⟨t−1⟩ + b, c = f ⊙ c⟨t−1⟩ + i ⊙ g, a = o ⊙ tanh c",
                "a",
                lstm_forward,
                *line,
            )
        self.hand_on(p, h)
        enter_gates(p, self.rows, gates, z, whole="g")
        p.name("c", by_unit(c))
        p.name("tanh_c", by_unit(tanh_c))

    def backward(self, p: Place) -> None:
        n, T = p.shape
        assert p.da is not None
        kept = T if p.explains else 1  # of dh and dc each step is used only once
        dh, dc = p.passing((kept, n, p.m)), p.passing((kept, n, p.m))
        dz = p.passing((4, n, T, p.m))
        gates, da = p.work["gates"], by_time(p, p.da, "da")
        c, tanh_c = by_unit(p.known("c")), by_unit(p.known("tanh_c"))
        nothing = p.scratch((n, p.m))
        for half in self.halves(p):
            here = half.units
            steps = [
                (
                    da[t, here], (nothing if before is None else c[before])[here],
                    gates[t, :3, here], *gates[t, :, here], tanh_c[t, here], dh[t % kept, here],
                    dc[t % kept, here], dz[:, here, t],
                )
                for t, before in ((t, half.before(t)) for t in half.times[::-1])
            ]  # fmt: skip
            U = p.blocks[1][half.number]
            p.backward(
                "for t backward: dh = da + Uᵀ dz⟨t+1⟩, dc = dh ⊙ o ⊙ (1 − tanh² c) + dc⟨t+1⟩ ⊙ f⟨t+1⟩, dz",
                "dz", lstm_backward, U.reshape(-1, U.shape[-1]).T, p.passing((*U.shape[:2], p.m)), steps,
            )  # fmt: skip
        self.input_gradients(p, dz)
        self.state_gradients(p, dz, self.shifted(p, p.a, da), slice(None))
        for row, gate in enumerate(self.rows):
            p.name(f"dz{gate}", dz[row])
        if p.explains:
            p.name("dh", by_unit(dh))
            p.name("dc", by_unit(dc))
            self._explain(p)

    def _explain(self, p: Place) -> None:
        """The lines for the gates' own gradients, which lie between dh or dc and dz."""
        for gate, (left, right) in _INTO.items():
            out = p.array(f"d{gate}")
            p.backward(
                f"d{gate} = {left} ⊙ {right}", f"d{gate}", np.multiply, p.known(left), p.known(right), out
            )
        c = p.known("c")
        before = self.shifted(p, c, p.scratch(c.shape))
        p.backward("df = dc ⊙ c⟨t−1⟩", "df", np.multiply, p.known("dc"), before, p.array("df"))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        H = p.shape[0] // (1 + self.bidirectional)
        for half in self.halves(p):
            for t in half.times if phase is Phase.FORWARD else half.times[::-1]:
                for k in range(half.units.start, half.units.stop):
                    first, last = half.before(t) is None, half.after(t) is None
                    if phase is Phase.FORWARD:
                        for gate in self.gates:
                            yield Moment(f"z{gate}", (k, t), self.sum_steps(p, first))
                            yield Moment(gate, (k, t))
                        yield Moment("c", (k, t), steps_of_sum(1 if first else 2, 0))
                        yield Moment("tanh_c", (k, t))
                        yield Moment("a", (k, t))
                    if phase is Phase.BACKWARD:
                        yield Moment("da", (k, t), None)
                        yield Moment("dh", (k, t), steps_of_sum(0 if last else 4 * H, 1))
                        for array in ("do", "dzo", "dc", "df", "dzf", "di", "dzi", "dg", "dzg"):
                            yield Moment(array, (k, t))
        if phase is Phase.BACKWARD:
            yield from self.gradient_moments(p)

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        if array in {f"z{k}" for k in self.gates}:
            terms = self.from_input(p, array[1:], index, example) + self.from_state(
                p, array[1:], index, example
            )
            return total(*terms, p.ref(f"b{array[1:]}", (index[0], 0)))
        if array in self.gates:
            z = p.ref(f"z{array}", index, example)
            return Function("tanh", z) if array == "g" else logistic_cell(z)
        if array[:2] == "dz" and array[2:] in self.gates:
            gate, blame = p.ref(array[2:], index, example), p.ref(f"d{array[2:]}", index, example)
            if array == "dzg":
                return times(blame, minus(Number(1.0), Power(gate, 2)))
            return times(blame, gate, minus(Number(1.0), gate))
        if array[1:] in _INTO:
            return Product(tuple(p.ref(name, index, example) for name in _INTO[array[1:]]))
        return self._cell_of_memory(p, array, index, example)

    def _cell_of_memory(self, p: Place, array: str, index: Index, example: int) -> Expression:
        """The cells along the conveyor belt."""

        def at(name: str) -> Ref:
            return p.ref(name, index, example)

        c_before = self.earlier(p, "c", index, example)
        match array:
            case "c":
                new = times(at("i"), at("g"))
                return new if c_before is None else total(times(at("f"), c_before), new)
            case "tanh_c":
                return Function("tanh", at("c"))
            case "a":
                return times(at("o"), at("tanh_c"))
            case "dh":
                pairs = [(gate, f"dz{gate}") for gate in self.gates]
                after = self.half(p, index[0]).after(index[1])
                return total(*self.to_state(p, pairs, index, after, example), at("da"))
            case "dc":
                dc, f = self.later(p, "dc", index, example), self.later(p, "f", index, example)
                here = times(at("dh"), at("o"), minus(Number(1.0), Power(at("tanh_c"), 2)))
                return here if dc is None or f is None else total(here, times(dc, f))
            case "df":
                return Number(0.0) if c_before is None else times(at("dc"), c_before)
        return self.share(p, array, index, example)


_INTO = {"o": ("dh", "tanh_c"), "i": ("dc", "g"), "g": ("dc", "i")}
"""What the gradient of a gate is the product of."""
