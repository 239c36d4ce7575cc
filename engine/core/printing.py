"""The two printers of an expression: in symbols, and with the numbers put in."""

from __future__ import annotations

from collections.abc import Callable

from engine.core.expressions import (
    Expression,
    Function,
    Lookup,
    Maximum,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Ref,
    Struck,
    Sum,
    Truth,
)
from engine.core.notation import Fence, Fraction, Notation, Row, Script, Text, operator
from engine.core.notation import Struck as StruckOut

Digits = Callable[[float], str]
"""Writes a number; a minus is U+2212 so that it reads as one."""

_SUM, _PRODUCT, _POWER, _LEAF = range(4)


def plain_digits(value: float) -> str:
    """Four significant digits, as the window shows numbers; noise below 1e-12 reads 0."""
    if abs(value) < 1e-12:
        return "0"
    return f"{value:.4g}".replace("-", "−")


def full_digits(value: float) -> str:
    """All digits that the number has."""
    return repr(float(value)).replace("-", "−")


def symbol(ref: Ref, examples: bool = False) -> Notation:
    """The reference as its symbol; ``examples`` adds the example's number in round brackets."""
    above = ref.layer
    if examples and ref.example is not None:
        above += f"({ref.example + 1})"
    letter = Text(ref.letter or ref.array, "italic")
    if not above and not ref.below:
        return Text(letter.text, "italic", ref)
    return Script(letter, Text(above) if above else None, Text(ref.below) if ref.below else None, ref)


def in_symbols(node: Expression, examples: bool = False) -> Notation:
    """The formula as on the blackboard."""
    return _print(node, lambda ref: symbol(ref, examples), plain_digits)


def in_numbers(node: Expression, lookup: Lookup, digits: Digits = plain_digits) -> Notation:
    """The same formula with the numbers put in; every number keeps its reference."""
    return _print(node, lambda ref: Text(digits(lookup(ref)), "number", ref), digits)


def _print(node: Expression, leaf: Callable[[Ref], Notation], digits: Digits) -> Notation:
    def inner(part: Expression, level: int, first: bool = True) -> Notation:
        if isinstance(part, Struck):
            return StruckOut(inner(part.inner, level, first))
        if isinstance(part, Product) and level == _PRODUCT:
            return make(part, first)
        printed = make(part)
        bare = _level(part) >= level and (first or not _negative(printed))
        return printed if bare else Fence(printed)

    def make(part: Expression, first: bool = True) -> Notation:
        match part:
            case Ref():
                return leaf(part)
            case Number(value=value, text=text):
                return Text(text or digits(value), "number")
            case Sum(terms=terms):
                items: list[Notation] = []
                for place, term in enumerate(terms):
                    if isinstance(term, Negative):
                        items += [operator("−") if place else Text("−"), inner(term.inner, _PRODUCT, False)]
                    else:
                        items += [operator("+")] if place else []
                        items.append(inner(term, _PRODUCT, place == 0))
                return Row(tuple(items))
            case Product(factors=factors):
                items = []
                for place, factor in enumerate(factors):
                    items += [Text("·", "operator")] if place else []
                    items.append(inner(factor, _POWER, first and place == 0))
                return Row(tuple(items))
            case Quotient(above=above, below=below):
                return Fraction(make(above), make(below))
            case Negative(inner=hidden):
                return Row((Text("−"), inner(hidden, _PRODUCT, False)))
            case Struck():
                return inner(part, _SUM)
            case Power(base=base, exponent=exponent):
                return Script(inner(base, _LEAF, False), Text(_exponent(exponent)))
            case Maximum(arguments=arguments):
                items = [Text("max")]
                for place, argument in enumerate(arguments):
                    items.append(Text(", " if place else "("))
                    items.append(make(argument))
                return Row((*items, Text(")")))
            case Truth(left=left, sign=sign, right=right):
                return Fence(Row((make(left), operator(sign), make(right))), "[", "]")
            case Function(name=name, argument=argument):
                if name == "exp":
                    return Script(Text("e", "italic"), make(argument))
                if name == "abs":
                    return Fence(make(argument), "|", "|")
                return Row((Text(name), Fence(make(argument))))
        raise TypeError(part)

    return make(node)


def _exponent(value: float) -> str:
    text = str(int(value)) if value == int(value) else f"{value:g}"
    return text.replace("-", "−")


def _level(node: Expression) -> int:
    match node:
        case Sum() | Negative():
            return _SUM
        case Product():
            return _PRODUCT
        case Power() | Quotient():
            return _POWER
        case Number(value=value) if value < 0:
            return _SUM
        case _:
            return _LEAF


def _negative(printed: Notation) -> bool:
    if isinstance(printed, Row):
        return bool(printed.items) and _negative(printed.items[0])
    return isinstance(printed, Text) and printed.text.startswith("−")
