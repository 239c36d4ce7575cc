"""Where dz, da and dw come from: the chain rule grows factor by factor, and what cancels is struck through.

At the output da and the activation's slope are opened, multiplied out and shortened, so that
``dz = a − y`` can be seen to come out, or not, with this loss. Before it the chain is the one along the
layers, and a brace says which part of it is known from the layer after.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from engine.core.algebra import Move, Stage, grown
from engine.core.expressions import Expression, Number, Product, Ref, Sum, evaluate, references
from engine.core.notation import Fence, Fraction, Notation, Row, Text, Under, operator, row
from engine.trace import Trace
from gui.translate import QT_TRANSLATE_NOOP
from gui.walkthrough.folded import Folded
from gui.walkthrough.page import Line, Lines, Part, Remark
from gui.walkthrough.told import Told
from gui.walkthrough.words import fused, layer_name, tr
from gui.walkthrough.writer import Writer
from gui.widgets.typeset import Tone

RANK = 10
TOPIC: Final = "chain rule"
MOST_PATHS: Final = 3
"""Of more neurons after it only the first are written."""
NEAR: Final = 1e-9
"""How far, against its size, a rule's number may be from the derivative's to be called one."""

_MOVES: Final = {
    Move.OPENED: QT_TRANSLATE_NOOP("walkthrough", "Both factors opened:"),
    Move.CANCELS: QT_TRANSLATE_NOOP(
        "walkthrough", "Multiplied out. What stands above and below a line cancels:"
    ),
    Move.ADDS_TO_NOTHING: QT_TRANSLATE_NOOP(
        "walkthrough", "Multiplied out again. What stands there with + and with − cancels:"
    ),
    Move.ONE: QT_TRANSLATE_NOOP("walkthrough", "The targets add up to 1:"),
    Move.SHORTER: QT_TRANSLATE_NOOP("walkthrough", "Shorter:"),
}


def passage(told: Told) -> list[Part]:
    if told.value is None or told.target.owner not in told.trace.layout.nodes:
        return []
    head = told.target.array.partition(".")[0]
    if head == "dz":
        return _of_output(told) if _is_output(told) else _of_hidden(told)
    if head == "da" and not _is_output(told):
        return _of_blame(told)
    return _of_gradient(told) if head in {"dW", "db"} and told.target.example is not None else []


def _is_output(told: Told) -> bool:
    return told.target.owner == told.trace.network.output.layer.id


# ---------------------------------------------------------------- at the output


def _of_output(told: Told) -> list[Part]:
    """``da · g'(z)`` opened until nothing cancels any more."""
    trace, target = told.trace, told.target
    chain = _chain(trace, target)
    if chain is None:
        return []
    if not all(math.isfinite(trace.lookup(ref)) for ref in references(chain)):
        if not fused(trace, target):
            return []
        return [Remark(tr("The slope is so flat here that da is beyond all numbers; a − y stays exact."))]
    value = evaluate(chain, trace.lookup)
    if abs(value - (told.value or 0.0)) > NEAR * max(1.0, abs(value)):
        return [
            Remark(
                tr("This is a rule and no derivative: with it the slope of the activation does not count.")
            )
        ]
    lines = grown(chain, lambda ref: _cell(trace, ref), trace.lookup)
    plainly = isinstance(chain, Product) and all(isinstance(each, Ref) for each in chain.factors)
    stages = [_first(told, chain)] if plainly or fused(trace, target) else []
    stages += [_written(told, group) for group in _grouped(lines)]
    cancels = any(each.move is Move.CANCELS for each in lines)
    if fused(trace, target):
        question = tr("Where does {formula} come from?", formula="a − y")
        end = tr("The same number: the slope of the activation has cancelled.")
        if not cancels:
            end = tr("The same number: the slope of the activation is 1.")
    else:
        question = tr("What is in it, with this loss?")
        end = "" if cancels else _uncancelled(lines)
    if end:
        stages[-1] = (*stages[-1], Remark(end))
    return [_folded(told, question, stages)]


def _uncancelled(lines: tuple[Stage, ...]) -> str:
    """What is said where the slope stays in dz, or was 1."""
    opened = lines[0].expression
    if isinstance(opened, Product) and any(each == Number(1.0) for each in opened.factors):
        return tr("The slope of the activation is 1: only that of the loss is left.")
    return tr("Nothing cancels with this loss and this activation: the slope stays in dz.")


def _chain(trace: Trace, target: Ref) -> Expression | None:
    """dz as the product of da and the slope, whatever the run made of it."""
    kind, place = trace.layout.nodes[target.owner].kind, trace.network.places[target.owner]
    try:
        return kind.cell(place, "dz", target.index, target.example or 0)
    except KeyError:
        return None


def _cell(trace: Trace, ref: Ref) -> Expression | None:
    """What da and a slope stand for; all else stays a name."""
    return trace.cell(ref) if ref.array in {"da", "slope"} else None


def _first(told: Told, chain: Expression) -> tuple[Part, ...]:
    """The chain rule itself."""
    writer, target = told.writer, told.target
    factors = chain.factors if isinstance(chain, Product) else ()
    if len(factors) != 2 or not all(isinstance(each, Ref) for each in factors):
        rows: tuple[Line, ...] = (
            Line(writer.symbol(target), "=", writer.symbols(chain)),
            Line(None, writer.relation(target, chain), writer.numbers(chain, target)),
        )
        return Remark(tr("The chain rule; every a depends on every z:")), Lines(rows)
    da, slope = factors
    assert isinstance(da, Ref) and isinstance(slope, Ref)
    a, z = told.trace.ref(target.owner, "a", da.index, da.example), _argument(told.trace, target)
    product = _times(
        Under(_partial(Text("L", "italic"), writer.symbol(a)), _equal(writer, da)),
        Under(_partial(writer.symbol(a), writer.symbol(z)), _equal(writer, slope)),
    )
    left = _partial(Text("L", "italic"), writer.symbol(z))
    return Remark(tr("The chain rule:")), Lines((Line(left, "=", product),))


def _grouped(lines: tuple[Stage, ...]) -> Iterator[tuple[Stage, ...]]:
    """What is struck stands together with what is left of it."""
    waiting: tuple[Stage, ...] = ()
    for line in lines:
        waiting = (*waiting, line)
        if line.move not in {Move.CANCELS, Move.ADDS_TO_NOTHING}:
            yield waiting
            waiting = ()


def _written(told: Told, group: tuple[Stage, ...]) -> tuple[Part, ...]:
    """Lines in symbols, the last one with its numbers."""
    writer, target = told.writer, told.target
    rows = [Line(None, "=", writer.symbols(each.expression)) for each in group]
    last = group[-1].expression
    items: list[Notation] = [Row((writer.numbers(last, target),), Tone.MUTED)]
    if not isinstance(last, Ref):
        value = evaluate(last, told.trace.lookup)
        items += [operator(writer.relation(target, last, value)), writer.value(value, target)]
    rows.append(Line(None, writer.relation(target, last), Row(tuple(items))))
    return Remark(tr(_MOVES[group[0].move])), Lines(tuple(rows))


# ---------------------------------------------------------------- along the layers


def _of_hidden(told: Told) -> list[Part]:
    """``∂L/∂z = ∂L/∂a · ∂a/∂z``, and then ∂L/∂a from the layer after."""
    expression = told.expression
    match expression:
        case Product(factors=(Ref(array="da") as da, Ref(array="slope") as slope)):
            pass
        case _:
            return []
    trace, writer, target = told.trace, told.writer, told.target
    a, z = trace.ref(target.owner, "a", da.index, da.example), _argument(trace, target)
    L = Text("L", "italic")
    slope_factor = Under(_partial(writer.symbol(a), writer.symbol(z)), _equal(writer, slope))
    first = _times(Under(_partial(L, writer.symbol(a)), _equal(writer, da)), slope_factor)
    left = _partial(L, writer.symbol(z))
    stages: list[tuple[Part, ...]] = [
        (Remark(tr("The chain rule, from the loss to z through a:")), Lines((Line(left, "=", first),)))
    ]
    paths = _paths(trace, trace.cell(da))
    if paths:
        opens = (paths[0][0].owner, "slope") in trace.arrays
        for deep, said in _DEPTHS[: 1 + opens]:
            inner, more = _sum_over(told, paths, a, deep)
            if len(paths) > 1:
                inner = Fence(inner)
            rows = (Line(left, "=", _times(inner, slope_factor)),)
            parts: tuple[Part, ...] = (
                Remark(tr(said, layer=layer_name(trace, paths[0][0].owner))),
                Lines(rows),
            )
            stages.append((*parts, *more))
    return [_folded(told, tr("Where does {formula} come from?", formula="da · g′(z)"), stages)]


_DEPTHS: Final = (
    (
        False,
        QT_TRANSLATE_NOOP(
            "walkthrough", "∂L/∂a opened, along every way to {layer}. In braces: known from there."
        ),
    ),
    (
        True,
        QT_TRANSLATE_NOOP("walkthrough", "The whole chain. In braces what {layer} has calculated before:"),
    ),
)
"""Whether the ∂L/∂z of the layer after is opened too, and what is said of it."""


def _of_blame(told: Told) -> list[Part]:
    """``∂L/∂a = Σ ∂L/∂z · ∂z/∂a`` over the neurons after it."""
    paths = _paths(told.trace, told.expression)
    if not paths:
        return []
    a = told.trace.ref(told.target.owner, "a", told.target.index, told.target.example)
    inner, more = _sum_over(told, paths, a, False)
    left = _partial(Text("L", "italic"), told.writer.symbol(a))
    said = tr(
        "The loss changes with a along every way to {layer}:", layer=layer_name(told.trace, paths[0][0].owner)
    )
    stage = (Remark(said), Lines((Line(left, "=", inner),)), *more)
    return [_folded(told, tr("Where does this come from?"), [stage])]


def _of_gradient(told: Told) -> list[Part]:
    """``∂L/∂w = ∂L/∂z · ∂z/∂w``: what comes back times what the synapse carried."""
    writer, target, expression = told.writer, told.target, told.expression
    L, bias = Text("L", "italic"), target.array.startswith("db")
    carried: Ref | None = None
    match expression:
        case Product(factors=(Ref(array="dz") as dz, Ref() as carried)):
            pass
        case Ref(array="dz") as dz if bias:
            pass
        case _:
            return []
    z = _argument(told.trace, dz)
    name = "b" if bias else "W." + target.array.partition(".")[2]
    w = writer.symbol(told.trace.ref(target.owner, name, target.index, None))
    known = Under(_partial(L, writer.symbol(z)), row(writer.symbol(dz), _equal(writer, dz)), True)
    below = (
        row(operator("="), "1") if carried is None else row(writer.symbol(carried), _equal(writer, carried))
    )
    product = _times(known, Under(_partial(writer.symbol(z), w), below))
    said = tr("z changes with w as much as the synapse carries:")
    if bias:
        said = tr("z changes with b as much as b itself:")
    stage = (Remark(said), Lines((Line(_partial(L, w), "=", product),)))
    return [_folded(told, tr("Where does this come from?"), [stage])]


Path = tuple[Ref, Ref]
"""A dz of the layer after, and the weight that leads there."""


def _paths(trace: Trace, blame: Expression) -> list[Path]:
    """The ways on which a da comes back; none where it is no plain sum of w · dz."""
    terms = blame.terms if isinstance(blame, Sum) else (blame,)
    found: list[Path] = []
    for term in terms:
        match term:
            case Product(factors=(Ref(example=None) as w, Ref(array="dz") as dz)):
                found.append((dz, w))
            case _:
                return []
    return found if (found and (found[0][0].owner, "z") in trace.arrays) else []


def _sum_over(told: Told, paths: list[Path], a: Ref, deep: bool) -> tuple[Notation, list[Part]]:
    """``Σ ∂L/∂z · ∂z/∂a``, and a remark where only some of the terms are written."""
    trace, writer = told.trace, told.writer
    items: list[Notation] = []
    for number, (dz, w) in enumerate(paths[:MOST_PATHS]):
        items += [operator("+")] if number else []
        z = _argument(trace, dz)
        factor = Under(_partial(writer.symbol(z), writer.symbol(a)), row(writer.symbol(w), _equal(writer, w)))
        items.append(_times(_known(told, dz, z, deep), factor))
    left_out = len(paths) - MOST_PATHS
    if left_out <= 0:
        return Row(tuple(items)), []
    more = tr("and so on: one such product for each of the {all} neurons after it", all=len(paths))
    return Row((*items, operator("+"), Text("…"))), [Remark(more)]


def _known(told: Told, dz: Ref, z: Ref, deep: bool) -> Notation:
    """∂L/∂z of the layer after, in a brace; ``deep`` shows what it was made of."""
    trace, writer, L = told.trace, told.writer, Text("L", "italic")
    base: Notation = _partial(L, writer.symbol(z))
    if deep and (dz.owner, "slope") in trace.arrays:
        after = trace.ref(dz.owner, "a", dz.index, dz.example)
        base = _times(_partial(L, writer.symbol(after)), _partial(writer.symbol(after), writer.symbol(z)))
    return Under(base, row(writer.symbol(dz), _equal(writer, dz)), True)


# ---------------------------------------------------------------- notation


def _folded(told: Told, question: str, stages: list[tuple[Part, ...]]) -> Folded:
    onward = QT_TRANSLATE_NOOP("walkthrough", "Next line ({n} of {all})")
    return Folded(TOPIC, question, tuple(stages), tr(onward, n="{n}", all="{all}"), told.opened.get(TOPIC, 0))


def _argument(trace: Trace, dz: Ref) -> Ref:
    return trace.ref(dz.owner, "z", dz.index, dz.example)


def _partial(above: Notation, below: Notation) -> Notation:
    """``∂above/∂below``."""
    return Fraction(Row((Text("∂", "italic"), above)), Row((Text("∂", "italic"), below)))


def _equal(writer: Writer, ref: Ref) -> Notation:
    """``= 0.25``, to stand below a factor."""
    value = writer.trace.lookup(ref)
    return Row((operator(writer.relation(ref, value)), writer.value(value, ref)))


def _times(*factors: Notation) -> Notation:
    items: list[Notation] = []
    for each in factors:
        items += [operator("·")] if items else []
        items.append(each)
    return Row(tuple(items))
