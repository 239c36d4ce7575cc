"""The gated recurrent unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.core.place import Block, Moment, Part, Place, Shape
from engine.core.plan import Array, Phase
from engine.core.spec import Spec
from engine.layers.base import layers
from engine.layers.gru_cells import GruCells
from engine.layers.gru_time import (
    reset_after_backward,
    reset_after_forward,
    reset_before_backward,
    reset_before_forward,
)
from engine.layers.recurrent_arrays import by_time, by_unit, enter_gates, halved


@layers.add("gru")
@dataclass(frozen=True)
class Gru(GruCells):
    """``z_k⟨t⟩ = W_k x⟨t⟩ + U_k a⟨t−1⟩ + b_k`` and ``k = σ(z_k)`` for the gates k = r (reset) and
    z (update); a candidate n and the state a in one of the three conventions in use:

    - reset after (PyTorch, cuDNN): ``n = tanh(W_n x + b_n + r ⊙ s)`` with ``s = U_n a⟨t−1⟩ + b_u``,
      ``a = (1 − z) ⊙ n + z ⊙ a⟨t−1⟩``;
    - reset before (Cho et al.): ``n = tanh(W_n x + U_n (r ⊙ a⟨t−1⟩) + b_n)``,
      ``a = z ⊙ a⟨t−1⟩ + (1 − z) ⊙ n``;
    - mirrored (Chung et al.): n as with reset before, ``a = (1 − z) ⊙ a⟨t−1⟩ + z ⊙ n``.

    ``a⟨0⟩ = 0``. x is (n, T, m), the gates and a are (H, T, m), W_k (H, n), U_k (H, H), b_k (H, 1),
    with one bias for r and z, PyTorch's two added. Bidirectional: (2H, T, m), the forward half
    first; V_k takes the place of U_k in the backward half, and t+1 that of t−1.

    Backward through time (reset after): ``dh⟨t⟩ = da⟨t⟩ + z⟨t+1⟩ ⊙ dh⟨t+1⟩ + U_rᵀ dz_r⟨t+1⟩ +
    U_zᵀ dz_z⟨t+1⟩ + U_nᵀ ds⟨t+1⟩``, ``dn = dh ⊙ (1 − z)``, ``dz = dh ⊙ (a⟨t−1⟩ − n)``,
    ``dz_n = dn ⊙ (1 − n²)``, ``ds = dz_n ⊙ r``, ``dr = dz_n ⊙ s``, ``dz_k = dk ⊙ k (1 − k)``. With
    the reset before: ``drh = U_nᵀ dz_n``, ``dr = drh ⊙ a⟨t−1⟩``, and ``r⟨t+1⟩ ⊙ drh⟨t+1⟩`` instead
    of ``U_nᵀ ds⟨t+1⟩``. ``dW_k = Σ dz_k⟨t⟩ x⟨t⟩ᵀ``, ``db_k = Σ dz_k⟨t⟩``,
    ``dU_k = Σ dz_k⟨t⟩ a⟨t−1⟩ᵀ`` over t (for n: ds, or r ⊙ a⟨t−1⟩).

    Source: K. Cho et al., Learning phrase representations using RNN encoder-decoder, 2014;
    J. Chung et al., Empirical evaluation of gated recurrent neural networks, 2014.
    """

    title = "GRU"
    summary = "Reads a sequence with two gates: one forgets, one mixes the old state with the new."
    stem = "gru"
    rank = 30

    def blocks(self, id: str, shape: Shape, inputs: Sequence[tuple[str, Shape]]) -> tuple[Block, ...]:
        made = super().blocks(id, shape, inputs)
        if not self.after:
            return made
        every = (slice(None), slice(None))
        return (*made, Block((shape[0], 1), (Part("bu", every, Spec("zeros"), (id, None), bias=True),)))

    def first_bias(self, gate: str) -> Spec:
        return Spec.of("constant", value=self.update_bias) if gate == "z" else Spec("zeros")

    def forward(self, p: Place) -> None:
        n, T = p.shape
        W, U = halved(p, p.blocks[0], 0, slice(1, 3)), halved(p, p.blocks[1], 1, slice(0, 2))
        gates = p.work["gates"] = p.kept((T, 3, n, p.m))
        z, nothing, half = self.read(p, W, gates), p.scratch((n, p.m)), p.plan.constant(0.5)
        gated, h = p.kept((T, n, p.m)), p.passing((T, n, p.m))
        for each in self.halves(p):
            here = each.units
            steps = [
                (
                    (nothing if before is None else h[before])[here], z[t, 0, here], z[t, 1:, here],
                    gates[t, 0, here], gates[t, 1:, here], *gates[t, 1:, here], gated[t, here], h[t, here],
                )
                for t, before in ((t, each.before(t)) for t in each.times)
            ]  # fmt: skip
            of_half, product = U[each.number], p.passing((3, here.stop - here.start, p.m))
            if self.after:
                bu = p.passing(product[0].shape)
                p.forward("bu for all examples", "s", np.copyto, bu, p.parameters["bu"][here])
                line = (of_half, bu, product, half, steps)
                p.forward("for t: r, z, s = U a⟨t−1⟩ + bu, n, a", "a", reset_after_forward, *line)
            else:
                args = (of_half, product, half, steps, self.mirrored)
                p.forward("for t: r, z, rh = r ⊙ a⟨t−1⟩, n, a", "a", reset_before_forward, *args)
        self.hand_on(p, h)
        p.name("s" if self.after else "rh", by_unit(gated))
        enter_gates(p, self.rows, gates, z, whole="n")

    def backward(self, p: Place) -> None:
        n, T = p.shape
        assert p.da is not None
        gated = p.known("s" if self.after else "rh")
        h, da = by_time(p, p.a, "a"), by_time(p, p.da, "da")
        gates, gated_t, nothing = p.work["gates"], by_unit(gated), p.scratch((n, p.m))
        rows, kept = 3 + self.after, T if p.explains else 1  # of dh each step is used only once
        dz, dh, drh = p.passing((rows, n, T, p.m)), p.passing((kept, n, p.m)), p.passing((kept, n, p.m))
        for half in self.halves(p):
            here, U = half.units, p.blocks[1][half.number]
            line = (U.reshape(-1, U.shape[-1]).T, p.passing((rows, U.shape[-1], p.m)))
            steps = []
            for t in half.times[::-1]:
                early = half.before(t)
                h_before = () if self.after else ((nothing if early is None else h[early])[here],)
                blame = () if self.after else (drh[t % kept, here],)
                steps.append(
                    (
                        da[t, here], h[t, here], *h_before, gates[t, 0, here], gates[t, 1:, here],
                        *gates[t, 1:, here], gated_t[t, here], *blame, dh[t % kept, here],
                        dz[:, here, t],
                    )
                )  # fmt: skip
            if self.after:
                p.backward("for t backward: dh, dzn, ds, dzr, dzz", "dz", reset_after_backward, *line, steps)
            else:
                args = (*line, steps, self.mirrored)
                p.backward("for t backward: dh, dzn, drh, dzr, dzz", "dz", reset_before_backward, *args)
        self.input_gradients(p, dz[:3])
        before = self.shifted(p, p.a, h)
        for name, values in zip(("dzn", "dzr", "dzz", "ds"), dz, strict=False):
            p.name(name, values)
        if self.after:
            self.state_gradients(p, dz[1:], before, slice(None))
            if p.learns:
                ones = p.plan.full((T * p.m, 1), 1.0)
                p.backward("dbu = Σ ds over t", "db", dz[3].reshape(n, -1).dot, ones, p.gradients["bu"])
        else:
            rh = da.reshape(n, T, p.m)  # nobody needs da any more
            p.backward("r ⊙ a⟨t−1⟩", "rh", np.copyto, rh, gated)
            self.state_gradients(p, dz[1:], before, slice(0, 2))
            self.state_gradients(p, dz[:1], rh, slice(2, 3))
        if p.explains:
            p.name("dh", by_unit(dh))
            if not self.after:
                p.name("drh", by_unit(drh))
            self._explain(p, before)

    def _explain(self, p: Place, before: Array) -> None:
        """The lines for the gates' own gradients, which lie between dh and dz."""
        dh, z, n, dn, dz = p.known("dh"), p.known("z"), p.known("n"), p.array("dn"), p.array("dz")
        kept, new = (n, before) if self.mirrored else (before, n)
        p.backward("dz = dh ⊙ (a⟨t−1⟩ − n)", "dz", np.subtract, kept, new, dz)
        p.backward("dz = dh ⊙ (a⟨t−1⟩ − n)", "dz", np.multiply, dh, dz, dz)
        if self.mirrored:
            p.backward("dn = dh ⊙ z", "dn", np.multiply, dh, z, dn)
        else:
            p.backward("dn = 1 − z", "dn", np.subtract, p.plan.constant(1.0), z, dn)
            p.backward("dn = dh ⊙ (1 − z)", "dn", np.multiply, dh, dn, dn)
        left, right = (p.known("dzn"), p.known("s")) if self.after else (p.known("drh"), before)
        p.backward("dr", "dr", np.multiply, left, right, p.array("dr"))

    def steps(self, p: Place, phase: Phase) -> Iterator[Moment]:
        for half in self.halves(p):
            units = range(half.units.start, half.units.stop)
            for t in half.times if phase is Phase.FORWARD else half.times[::-1]:
                if phase in (Phase.FORWARD, Phase.BACKWARD):
                    for arrays in self.order(phase):
                        counted = [(array, self.count(p, array, half, t)) for array in arrays]
                        for k in units:
                            for array, steps in counted:
                                yield Moment(array, (k, t), steps)
        if phase is Phase.BACKWARD:
            yield from self.gradient_moments(p)
            if self.after:
                yield from (Moment("dbu", (k, 0)) for k in range(p.shape[0]))
