"""The explanations of a GRU in its three conventions. This module holds no kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.activations.logistic import logistic_cell
from engine.core.expressions import Expression, Function, Negative, Number, Power, Ref, minus, times, total
from engine.core.knobs import knob
from engine.core.place import Index, Place, steps_of_sum
from engine.core.plan import Phase
from engine.layers.base import Words
from engine.layers.recurrent import Half, Recurrent
from engine.layers.recurrent_words import blame_loop, recurrent_letters, recurrent_words

GATES = ("r", "z", "n")
AFTER, BEFORE, MIRRORED = "reset after", "reset before", "mirrored"


def gru_words(convention: str) -> dict[str, Words]:
    """What to say of the steps, in one of the conventions."""
    after, mirrored = convention == AFTER, convention == MIRRORED
    said = recurrent_words(GATES) | {
        "r": ("gate", "r⟨t⟩ = σ(zr⟨t⟩)", "r = sigmoid(zr)"),
        "z": ("gate", "z⟨t⟩ = σ(zz⟨t⟩)", "z = sigmoid(zz)"),
        "n": ("candidate", "n⟨t⟩ = tanh(zn⟨t⟩)", "n = tanh(zn)"),
        "dzr": ("delta", "dzr⟨t⟩ = dr⟨t⟩ ⊙ r⟨t⟩ ⊙ (1 − r⟨t⟩)", "dzr = dr * r * (1 - r)"),
        "dzz": ("delta", "dzz⟨t⟩ = dz⟨t⟩ ⊙ z⟨t⟩ ⊙ (1 − z⟨t⟩)", "dzz = dz * z * (1 - z)"),
        "dzn": ("delta", "dzn⟨t⟩ = dn⟨t⟩ ⊙ (1 − n⟨t⟩²)", "dzn = dn * (1 - n**2)"),
    }
    if mirrored:
        said |= {
            "a": (
                "activation",
                "a⟨t⟩ = (1 − z⟨t⟩) ⊙ a⟨t−1⟩ + z⟨t⟩ ⊙ n⟨t⟩",
                "a[t] = (1 - z) * a[t-1] + z * n",
            ),
            "dn": ("blame", "dn⟨t⟩ = dh⟨t⟩ ⊙ z⟨t⟩", "dn = dh * z"),
            "dz": ("blame", "dz⟨t⟩ = dh⟨t⟩ ⊙ (n⟨t⟩ − a⟨t−1⟩)", "dz = dh * (n - a[t-1])"),
        }
    else:
        said |= {
            "a": (
                "activation",
                "a⟨t⟩ = (1 − z⟨t⟩) ⊙ n⟨t⟩ + z⟨t⟩ ⊙ a⟨t−1⟩",
                "a[t] = (1 - z) * n + z * a[t-1]",
            ),
            "dn": ("blame", "dn⟨t⟩ = dh⟨t⟩ ⊙ (1 − z⟨t⟩)", "dn = dh * (1 - z)"),
            "dz": ("blame", "dz⟨t⟩ = dh⟨t⟩ ⊙ (a⟨t−1⟩ − n⟨t⟩)", "dz = dh * (a[t-1] - n)"),
        }
    if after:
        return said | {
            "s": ("value", "s⟨t⟩ = Un a⟨t−1⟩ + bu", "s = Un @ a[t-1] + bu"),
            "zn": ("value", "zn⟨t⟩ = Wn x⟨t⟩ + r⟨t⟩ ⊙ s⟨t⟩ + bn", "zn = Wn @ x[t] + r * s + bn"),
            "dh": (
                "blame", "dh⟨t⟩ = da⟨t⟩ + z⟨t+1⟩ ⊙ dh⟨t+1⟩ + Urᵀ dzr⟨t+1⟩ + Uzᵀ dzz⟨t+1⟩ + Unᵀ ds⟨t+1⟩",
                "dh = da[t] + z[t+1] * dh + Ur.T @ dzr + Uz.T @ dzz + Un.T @ ds",
            ),
            "dr": ("blame", "dr⟨t⟩ = dzn⟨t⟩ ⊙ s⟨t⟩", "dr = dzn * s"),
            "ds": ("delta", "ds⟨t⟩ = dzn⟨t⟩ ⊙ r⟨t⟩", "ds = dzn * r"),
            "dUn": ("gradient", "dUn = Σ ds⟨t⟩ a⟨t−1⟩ᵀ", "dUn += ds @ a[t-1].T"),
            "dVn": ("gradient", "dVn = Σ ds⟨t⟩ a⟨t+1⟩ᵀ", "dVn += ds @ a[t+1].T"),
            "dbu": ("gradient", "dbu = Σ ds⟨t⟩", "dbu += ds.sum(axis=1, keepdims=True)"),
        }  # fmt: skip
    keep = "(1 − z⟨t+1⟩)" if mirrored else "z⟨t+1⟩"
    code = "(1 - z[t+1])" if mirrored else "z[t+1]"
    return said | {
        "rh": ("value", "rh⟨t⟩ = r⟨t⟩ ⊙ a⟨t−1⟩", "rh = r * a[t-1]"),
        "zn": ("value", "zn⟨t⟩ = Wn x⟨t⟩ + Un rh⟨t⟩ + bn", "zn = Wn @ x[t] + Un @ rh + bn"),
        "dh": (
            "blame",
            f"dh⟨t⟩ = da⟨t⟩ + {keep} ⊙ dh⟨t+1⟩ + Urᵀ dzr⟨t+1⟩ + Uzᵀ dzz⟨t+1⟩ + r⟨t+1⟩ ⊙ drh⟨t+1⟩",
            f"dh = da[t] + {code} * dh + Ur.T @ dzr + Uz.T @ dzz + r[t+1] * drh",
        ),
        "drh": ("blame", "drh⟨t⟩ = Unᵀ dzn⟨t⟩", "drh = Un.T @ dzn"),
        "dr": ("blame", "dr⟨t⟩ = drh⟨t⟩ ⊙ a⟨t−1⟩", "dr = drh * a[t-1]"),
        "dUn": ("gradient", "dUn = Σ dzn⟨t⟩ rh⟨t⟩ᵀ", "dUn += dzn @ rh.T"),
        "dVn": ("gradient", "dVn = Σ dzn⟨t⟩ rh⟨t⟩ᵀ", "dVn += dzn @ rh.T"),
    }


def gru_loops(convention: str) -> dict[str, str]:
    """The un-vectorised loops of what is not at one place alone, in one of the conventions."""
    after, mirrored = convention == AFTER, convention == MIRRORED
    z, rest = ("1 - z[u, {t}, e]", "z[u, t, e]") if mirrored else ("z[u, {t}, e]", "(1 - z[u, t, e])")
    now, then = (f"({z.format(t=t)})" if mirrored else z.format(t=t) for t in ("t", "t + 1"))
    before = "(a[u, t - 1, e] if t > 0 else 0.0)"
    pairs = [("Ur", "dzr"), ("Uz", "dzz")]
    kept = f"{then} * dh[u, t + 1, e]"
    difference = f"n[u, t, e] - {before}" if mirrored else f"{before} - n[u, t, e]"
    made = {
        "a": f"a[u, t, e] = {rest} * n[u, t, e] + {now} * {before}",
        "dz": f"dz[u, t, e] = dh[u, t, e] * ({difference})",
    }
    if after:
        return made | {
            "s": "s[u, t, e] = sum[q](Un[u, q] * a[q, t - 1, e], where=t > 0) + bu[u, 0]",
            "zn": "zn[u, t, e] = sum[j](Wn[u, j] * a_prev[j, t, e]) + r[u, t, e] * s[u, t, e] + bn[u, 0]",
            "dh": blame_loop([*pairs, ("Un", "ds")], kept),
            "dUn": "dUn[u, q] = sum[t, e](ds[u, t, e] * a[q, t - 1, e], where=t > 0)",
            "dbu": "dbu[u, 0] = sum[t, e](ds[u, t, e])",
        }
    x, state = "sum[j](Wn[u, j] * a_prev[j, t, e])", "sum[q](Un[u, q] * rh[q, t, e], where=t > 0)"
    return made | {
        "rh": f"rh[u, t, e] = r[u, t, e] * {before}",
        "zn": f"zn[u, t, e] = {x} + {state} + bn[u, 0]",
        "dh": blame_loop(pairs, f"{kept} + r[u, t + 1, e] * drh[u, t + 1, e]"),
        "drh": "drh[u, t, e] = sum[q](Un[q, u] * dzn[q, t, e])",
        "dr": f"dr[u, t, e] = drh[u, t, e] * {before}",
        "dUn": "dUn[u, q] = sum[t, e](dzn[u, t, e] * rh[q, t, e], where=t > 0)",
    }


class _WordsOf:
    """The words of a GRU in its own convention; of the class itself in the first one."""

    def __get__(self, kind: GruCells | None, owner: type) -> Mapping[str, Words]:
        return _SAID[AFTER if kind is None else kind.convention]


_SAID = {convention: gru_words(convention) for convention in (AFTER, BEFORE, MIRRORED)}


@dataclass(frozen=True)
class GruCells(Recurrent):
    """The knobs of a GRU, the order of its steps, and how its numbers came about."""

    gates = GATES

    @property
    def loops(self) -> Mapping[str, str]:  # type: ignore[override]
        """Those of the convention."""
        return gru_loops(self.convention)

    rows = ("n", "r", "z")
    recurrent_rows = GATES
    letters = recurrent_letters(GATES)
    timed = frozenset({"r", "z", "n", "s", "rh", "h", "zr", "zz", "zn"})
    words = _WordsOf()

    convention: str = knob(
        AFTER,
        "Convention",
        choices=(AFTER, BEFORE, MIRRORED),
        help="Reset after: PyTorch. Reset before: Cho et al. Mirrored: reset before, and z and 1 − z"
        " change places.",
    )
    update_bias: float = knob(
        0.0,
        "First update bias",
        symbol="bz",
        minimum=-20.0,
        maximum=20.0,
        help="At what the bias of the update gate starts: a large one keeps the state for long (a small"
        " one where z is mirrored).",
    )

    @property
    def after(self) -> bool:
        """Whether the reset gate acts after the product with U."""
        return self.convention == AFTER

    @property
    def mirrored(self) -> bool:
        """Whether z is the share of the new, not of the old."""
        return self.convention == MIRRORED

    def order(self, phase: Phase) -> tuple[tuple[str, ...], ...]:
        """The arrays of one time step in groups; each group is calculated unit by unit."""
        if phase is Phase.FORWARD:
            gates = ("zr", "r", "zz", "z")
            return ((*gates, "s", "zn", "n", "a"),) if self.after else ((*gates, "rh"), ("zn", "n", "a"))
        first = ("da", "dh", "dn", "dzn", "dz", "dzz")
        return ((*first, "dr", "dzr", "ds"),) if self.after else (first, ("drh", "dr", "dzr"))

    def count(self, p: Place, array: str, half: Half, t: int) -> int | None:
        """In how many steps a cell of step t is calculated, the same for all units of a half."""
        H, inputs = half.units.stop - half.units.start, p.inputs[0].shape[0]
        first, last = half.before(t) is None, half.after(t) is None
        match array:
            case "da":
                return None
            case "zr" | "zz":
                return self.sum_steps(p, first)
            case "zn":
                return steps_of_sum(inputs + 1, 1) if self.after else self.sum_steps(p, first)
            case "s":
                return steps_of_sum(0 if first else H, 1)
            case "drh":
                return steps_of_sum(H, 0)
            case "dh" if not self.mirrored and not last:
                return steps_of_sum(3 * H + 1 if self.after else 2 * H + 2, 1)
        return 1

    def cell(self, p: Place, array: str, index: Index, example: int) -> Expression:
        match array:
            case "zr" | "zz" | "zn":
                return self._pre(p, array[1:], index, example)
            case "r" | "z":
                return logistic_cell(p.ref(f"z{array}", index, example))
            case "n":
                return Function("tanh", p.ref("zn", index, example))
            case "s" if self.after:
                return total(*self.from_state(p, "n", index, example), p.ref("bu", (index[0], 0)))
            case "dzr" | "dzz":
                gate = p.ref(array[2:], index, example)
                return times(p.ref("dr" if array == "dzr" else "dz", index, example), gate, _rest(gate))
            case "dzn":
                n = p.ref("n", index, example)
                return times(p.ref("dn", index, example), minus(Number(1.0), Power(n, 2)))
            case "dUn" | "dVn":
                if self.after:
                    return self.share(p, array, index, example, dz="ds")
                return self.share(p, array, index, example, state="rh", same=True)
            case "dbu":
                return total(*(p.ref("ds", (index[0], t), example) for t in range(p.shape[1])))
        return self._cell_of_state(p, array, index, example)

    def _pre(self, p: Place, gate: str, index: Index, example: int) -> Expression:
        terms = self.from_input(p, gate, index, example)
        if gate != "n":
            terms += self.from_state(p, gate, index, example)
        elif self.after:
            terms.append(times(p.ref("r", index, example), p.ref("s", index, example)))
        else:
            terms += self.from_state(p, gate, index, example, "rh", same=True)
        return total(*terms, p.ref(f"b{gate}", (index[0], 0)))

    def _cell_of_state(self, p: Place, array: str, index: Index, example: int) -> Expression:
        """The cells between the state and the gates."""

        def at(name: str) -> Ref:
            return p.ref(name, index, example)

        before = self.earlier(p, "a", index, example)
        match array:
            case "rh":
                return Number(0.0) if before is None else times(at("r"), before)
            case "a":
                new, old = (at("z"), _rest(at("z"))) if self.mirrored else (_rest(at("z")), at("z"))
                mixed = times(new, at("n"))
                return mixed if before is None else total(mixed, times(old, before))
            case "dh":
                return self._dh(p, index, example)
            case "dn":
                return times(at("dh"), at("z") if self.mirrored else _rest(at("z")))
            case "dz":
                if before is None:
                    return times(at("dh"), at("n") if self.mirrored else Negative(at("n")))
                return times(at("dh"), minus(at("n"), before) if self.mirrored else minus(before, at("n")))
            case "dr":
                if self.after:
                    return times(at("dzn"), at("s"))
                return Number(0.0) if before is None else times(at("drh"), before)
            case "ds":
                return times(at("dzn"), at("r"))
            case "drh":
                return total(*self.to_state(p, (("n", "dzn"),), index, index[1], example))
        return self.share(p, array, index, example)

    def _dh(self, p: Place, index: Index, example: int) -> Expression:
        da, after = p.ref("da", index, example), self.half(p, index[0]).after(index[1])
        if after is None:
            return da
        there = (index[0], after)
        z, dh = p.ref("z", there, example), p.ref("dh", there, example)
        terms: list[Expression] = [times(_rest(z) if self.mirrored else z, dh)]
        pairs = [("r", "dzr"), ("z", "dzz"), *([("n", "ds")] if self.after else [])]
        terms += self.to_state(p, pairs, index, after, example)
        if not self.after:
            terms.append(times(p.ref("r", there, example), p.ref("drh", there, example)))
        return total(*terms, da)


def _rest(gate: Ref) -> Expression:
    return minus(Number(1.0), gate)
