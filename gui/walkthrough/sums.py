"""Long sums: shortened in the middle, and printed with the active term lit and the coming ones dimmed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QCoreApplication

from engine.core.expressions import (
    Expression,
    Function,
    Maximum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Struck,
    Sum,
    Truth,
)
from engine.core.notation import Fence, Fraction, Notation, Row, Script, Text
from gui.widgets.typeset import Tone

MOST_TERMS: Final = 12
"""A sum with more terms is shortened."""
_DOTS: Final = "… "


@dataclass(frozen=True, slots=True)
class Gap:
    """Stands in a formula where terms are left out; a click on it shows more of them."""

    key: Hashable = "gap"


def shown(count: int, active: int | None, most: int = MOST_TERMS, around: int = 1) -> list[int | range]:
    """Which of so many terms are written: numbers, and ranges that are left out.

    The first and the last few are always there, and so many around the active one.
    """
    if count <= most:
        return list(range(count))
    ends = max(1, most // 3)
    kept = set(range(ends)) | set(range(count - ends, count))
    if active is not None:
        kept |= set(range(max(0, active - around), min(count, active + around + 1)))
    found: list[int | range] = []
    at = 0
    for place in sorted(kept):
        if place - at == 1:
            found.append(at)
        elif place > at:
            found.append(range(at, place))
        found.append(place)
        at = place + 1
    return found


def gap_text(count: int) -> str:
    """What stands for so many terms."""
    sentence = QCoreApplication.translate("walkthrough", "%n more terms", None, count)
    return f"{_DOTS}{sentence.replace('%n', str(count))} …"


def shortened(node: Expression, most: int = MOST_TERMS) -> Expression:
    """The expression with every long sum in it cut short."""
    match node:
        case Sum(terms=terms):
            kept: list[Expression] = []
            for each in shown(len(terms), None, most):
                if isinstance(each, range):
                    kept.append(Number(0.0, gap_text(len(each))))
                else:
                    kept.append(shortened(terms[each], most))
            return Sum(tuple(kept))
        case Product(factors=factors):
            return Product(tuple(shortened(each, most) for each in factors))
        case Maximum(arguments=arguments):
            return Maximum(tuple(shortened(each, most) for each in arguments))
        case Quotient(above=above, below=below):
            return Quotient(shortened(above, most), shortened(below, most))
        case Negative(inner=inner):
            return Negative(shortened(inner, most))
        case Struck(inner=inner):
            return Struck(shortened(inner, most))
        case Power(base=base):
            return replace(node, base=shortened(base, most))
        case Truth(left=left, right=right):
            return replace(node, left=shortened(left, most), right=shortened(right, most))
        case Function(argument=argument):
            return replace(node, argument=shortened(argument, most))
    return node


Printer = Callable[[Expression], Notation]


def printed(
    node: Expression,
    printer: Printer,
    *,
    active: int | None = None,
    reached: int | None = None,
    most: int = MOST_TERMS,
) -> Notation:
    """The expression through a printer. In a sum, term number ``active`` is lit and those from ``reached`` on
    are dimmed."""
    if not isinstance(node, Sum):
        return _with_gaps(printer(shortened(node, most)))
    places = shown(len(node.terms), active, most)
    terms = [
        Number(0.0, gap_text(len(each))) if isinstance(each, range) else shortened(node.terms[each], most)
        for each in places
    ]
    row = printer(Sum(tuple(terms)))
    assert isinstance(row, Row)
    items: list[Notation] = []
    at = 0
    for number, (place, term) in enumerate(zip(places, terms, strict=True)):
        signs = int(number > 0 or isinstance(term, Negative))
        group = row.items[at : at + signs + 1]
        at += signs + 1
        first = place.start if isinstance(place, range) else place
        coming = reached is not None and first >= reached
        if coming:
            items.append(Row(group, Tone.DIM))
        elif first == active and not isinstance(place, range):
            items += [*group[:-1], Row(group[-1:], Tone.ACTIVE)]
        else:
            items += group
    return _with_gaps(Row(tuple(items)))


def _with_gaps(node: Notation) -> Notation:
    match node:
        case Text(text=text) if text.startswith(_DOTS):
            return Row((Text(text, "roman", Gap()),), Tone.MUTED)
        case Row(items=items):
            return replace(node, items=tuple(_with_gaps(item) for item in items))
        case Fence(inner=inner):
            return replace(node, inner=_with_gaps(inner))
        case Fraction(above=above, below=below):
            return replace(node, above=_with_gaps(above), below=_with_gaps(below))
        case Script(base=base):
            return replace(node, base=_with_gaps(base))
    return node
