"""The lines that a GAN's updates can do without. This module holds no kind.

In the discriminator's turn the first half of the columns are real and the second half generated,
in the generator's turn all are generated. So nothing is generated where an example is real, and
the switch copies instead of multiplying by 0 and 1.

Both turns of a round see the same generated examples: those of the generator's turn, of whose
network the discriminator's borrows the generator. The discriminator's turn does not move the
generator, so the generator's turn, if it follows at once, finds them there; where training goes
on from between the two it makes them anew, with the same calls on the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from engine.core.plan import Array, Line, Phase, Plan
from engine.procedures.compiled import Ahead, Compiled, N
from engine.procedures.gan_parts import Parts


def shortened(network: N, parts: Parts) -> Ahead[N] | None:
    """Take out what is not needed; what a round has in common is done ahead for its second turn.

    A plan that explains keeps its lines: they find the same numbers.
    """
    if network.turn == 0:
        return _generated_once(network, parts)
    if not network.plan.explains:
        _all_generated(network, parts)
    return None


def _all_generated(network: Compiled, parts: Parts) -> None:
    """The switch of the generator's turn: ``a = g``, ``dg = da``."""
    plan, switch, made = network.plan, network.places[parts.choice], network.places[parts.fake]
    _replace(plan, Phase.FORWARD, parts.choice, [_let_through(plan, parts, made.a, switch.a)])
    if made.da is not None and switch.da is not None:
        back = _line(Phase.BACKWARD, parts.choice, "dg = da", "da_prev", np.copyto, made.da, switch.da)
        _replace(plan, Phase.BACKWARD, parts.choice, [back])


def _generated_once(network: N, parts: Parts) -> Ahead[N] | None:
    """The discriminator's turn with the generator of the generator's turn.

    It keeps its own where the two turns must differ: some layer of the generator learns from every
    forward without a gradient (batch normalisation), or calculates with the update's number.
    """
    plan, m = network.plan, network.m // 2
    fades = any(getattr(network.layout.nodes[id].kind, "fades", None) for id in parts.generator)
    if network.m % 2 or fades or any(line.phase is Phase.UPDATE for line in _of(plan, parts.generator)):
        return None
    second = network.for_turn(m, 1)
    theirs = [line for line in _of(second.plan, parts.generator) if line.phase is Phase.FORWARD]

    def follow() -> None:
        second.plan.step = plan.step + 1

    begin = [_line(Phase.FORWARD, parts.fake, "the round's second update", "a", follow), *theirs]
    if plan.explains:
        _replace(plan, Phase.FORWARD, parts.generator, [*begin, *_twice(plan, second.plan, parts)])
        return None
    _replace(plan, Phase.FORWARD, parts.generator, begin)
    real, switch = network.places[parts.real].a, network.places[parts.choice].a
    halves = [
        _line(Phase.FORWARD, parts.choice, "a = x", "a", np.copyto, switch[..., :m], real[..., :m]),
        _let_through(plan, parts, second.places[parts.fake].a, switch[..., m:]),
    ]
    _replace(plan, Phase.FORWARD, parts.choice, halves)
    _lend(second, network, parts)
    done = {id(line) for line in theirs}
    rest = (line.call for line in second.plan.lines if id(line) not in done and line.phase in _UP_TO_J)
    return Ahead(second, tuple(rest))


def _lend(second: Compiled, network: Compiled, parts: Parts) -> None:
    """The generator of one network stands for that of the other, whose own arrays nobody needs then."""
    for port in network.places[parts.choice].inputs:
        if port.source == parts.fake:
            made = port.behind = second.places[parts.fake]
            port.a, port.a1 = made.a, made.a1
    for owner in parts.generator:
        network.places[owner] = second.places[owner]
    for key in [key for key in network.plan.arrays if key[0] in parts.generator]:
        if key in second.plan.arrays:
            network.plan.arrays[key] = second.plan.arrays[key]
        else:
            del network.plan.arrays[key]


_UP_TO_J = (Phase.FORWARD, Phase.LOSS)


def _twice(plan: Plan, second: Plan, parts: Parts) -> Iterator[Line]:
    """The generator of a plan that explains: what is drawn and what comes of it, for both halves alike.

    Behind a real example stands the generated one that the switch holds back.
    """
    for line in _of(plan, parts.generator):
        if line.phase is Phase.FORWARD:
            yield _copied(plan, second, line.owner, line.writes) if line.draws else line
    for (owner, name), array in plan.arrays.items():
        half = second.arrays.get((owner, name))
        if owner in parts.generator and half is not None and array.shape == _doubled(half):
            yield _copied(plan, second, owner, name)


def _doubled(half: Array) -> tuple[int, ...]:
    return (*half.shape[:-1], 2 * half.shape[-1])


def _copied(plan: Plan, second: Plan, owner: str, name: str) -> Line:
    """An array of the generator's turn for both halves of the columns."""
    half, whole = second.arrays[owner, name], plan.arrays[owner, name]
    return _line(Phase.FORWARD, owner, f"{name} of both", name, np.concatenate, (half, half), -1, whole)


def _let_through(plan: Plan, parts: Parts, g: Array, a: Array) -> Line:
    """``a = g`` with the bits of ``s x + (1 − s) g`` for s = 0 and x = 0, which makes 0 of −0."""
    return _line(Phase.FORWARD, parts.choice, "a = g", "a", np.add, g, plan.constant(0.0), a)


def _line(
    phase: Phase, owner: str, equation: str, writes: str, call: Callable[..., object], *args: object
) -> Line:
    return Line(phase, owner, equation, writes, partial(call, *args))


def _of(plan: Plan, owners: Iterable[str]) -> list[Line]:
    return [line for line in plan.lines if line.owner in owners]


def _replace(plan: Plan, phase: Phase, owners: str | frozenset[str], new: list[Line]) -> None:
    """Put lines in the place of those that some layers have in a phase."""
    all_of = frozenset({owners}) if isinstance(owners, str) else owners
    old = [number for number, line in enumerate(plan.lines) if line.owner in all_of and line.phase is phase]
    for number in reversed(old):
        del plan.lines[number]
    plan.lines[old[0] : old[0]] = new
