"""Expressions in other words: constants by their names, cells as matrices, and as a line of NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from engine.clipping import clippings
from engine.core.expressions import (
    Expression,
    Function,
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
    minus,
    references,
)
from engine.core.knobs import knobs
from engine.core.notation import Notation
from engine.core.printing import in_symbols
from engine.core.registry import Kind
from engine.optimizers import optimizers
from engine.regularizers import regularizers
from engine.schedules import schedules
from engine.trace import Trace
from engine.update_cells import STAGES

CONSTANT: Final = "constant"
"""The owner of references that stand for a setting: α, β, m."""
_NAMES: Final = {
    "α": "alpha",
    "β": "beta",
    "β₁": "beta1",
    "β₂": "beta2",
    "ε": "epsilon",
    "m": "m",
    "λ": "lambda_",
    "s": "s",
}
_FUNCTIONS: Final = {"√": "np.sqrt", "ln": "np.log", "abs": "np.abs"}
_PLAIN: Final = {"√": "sqrt", "ln": "log", "ln1p": "log1p", "arctan": "atan"}


def mapped(
    node: Expression, change: Callable[[Expression], Expression | None], *, opened: bool = True
) -> Expression:
    """The expression with every part replaced for which ``change`` has something else.

    With ``opened`` the definitions of functions too; a formula on the screen does not show them, and the
    logarithm of a softmax over a hundred classes has ten thousand terms there.
    """

    def inside(part: Expression) -> Expression:
        other = change(part)
        if other is not None:
            return other
        match part:
            case Sum(terms=parts):
                return Sum(tuple(map(inside, parts)))
            case Product(factors=parts):
                return Product(tuple(map(inside, parts)))
            case Maximum(arguments=parts):
                return Maximum(tuple(map(inside, parts)))
            case Quotient(above=above, below=below):
                return Quotient(inside(above), inside(below))
            case Negative(inner=inner):
                return Negative(inside(inner))
            case Struck(inner=inner):
                return Struck(inside(inner))
            case Power(base=base):
                return replace(part, base=inside(base))
            case Truth(left=left, right=right):
                return replace(part, left=inside(left), right=inside(right))
            case Function(argument=argument, definition=definition):
                whole = inside(definition) if opened and definition is not None else definition
                return replace(part, argument=inside(argument), definition=whole)
        return part

    return inside(node)


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """What an expression is made of, as it is printed."""
    match node:
        case Sum(terms=parts) | Product(factors=parts) | Maximum(arguments=parts):
            return parts
        case Quotient(above=one, below=two) | Truth(left=one, right=two):
            return (one, two)
        case Negative(inner=one) | Power(base=one) | Function(argument=one):
            return (one,)
    return ()


def constant(letter: str) -> Ref:
    """A setting as a symbol."""
    return Ref(CONSTANT, letter, (), None, letter)


def spelled_out(node: Expression, trace: Trace, target: Ref) -> Expression:
    """The expression for its symbolic form: 1/m for 1/4, and the optimizer's settings by their letters."""
    share = f"1/{trace.m}"

    def mean(part: Expression) -> Expression | None:
        if isinstance(part, Number) and part.text == share and trace.m > 1:
            return Quotient(Number(1.0), constant("m"))
        return None

    if target.array.startswith(("whole ", "clipped ")):
        kind = _kind_of_stage(trace, target.array)
        return mapped(node, _Named(_settings(kind), [], False))
    if not target.array.startswith("new "):
        return mapped(node, mean, opened=False)
    optimizer = optimizers.make(trace.document.optimizer)
    settings = _settings(optimizer)
    words = target.array.split(" ")
    memory = optimizer.memories.index(words[1]) if words[1] in optimizer.memories else None
    betas = [(symbol, value) for symbol, value in settings if symbol.startswith("β")]
    if memory is not None and betas:
        betas = betas[min(memory, len(betas) - 1) :]
    rate = schedules.make(trace.document.training.schedule).factor(trace.step_number)
    return mapped(node, _Named(settings, betas, memory is not None, rate))


def _settings(kind: Kind) -> list[tuple[str, float]]:
    """The settings of a kind that have a letter, as they are now."""
    found = ((each.symbol, getattr(kind, each.name)) for each in knobs(type(kind)) if each.symbol)
    numbers = ((symbol, value) for symbol, value in found if isinstance(value, int | float))
    return [(symbol, float(value)) for symbol, value in numbers if not isinstance(value, bool)]


def constants(trace: Trace) -> dict[str, float]:
    """The numbers behind the letters of ``spelled_out``, by letter."""
    training = trace.document.training
    rate = schedules.make(training.schedule).factor(trace.step_number)
    kinds = (clippings.make(training.clipping), regularizers.make(training.regularizer))
    found = {"m": float(trace.m), "s": rate}
    for kind in (*kinds, optimizers.make(trace.document.optimizer)):
        found |= dict(_settings(kind))
    return found


def code_name(letter: str) -> str:
    """What a setting is called in code: alpha for α."""
    return _NAMES.get(letter, letter)


def _kind_of_stage(trace: Trace, array: str) -> Kind:
    training = trace.document.training
    if array.startswith("whole "):
        return regularizers.make(training.regularizer)
    return clippings.make(training.clipping)


class _Named:
    """Puts letters for numbers where an optimizer's formula has a setting: by where the number stands, since
    two settings may be equal."""

    def __init__(
        self,
        settings: list[tuple[str, float]],
        betas: list[tuple[str, float]],
        memory: bool,
        rate: float = 1.0,
    ) -> None:
        self._settings, self._betas, self._memory, self._rate = settings, betas, memory, rate
        self._epsilon = [each for each in settings if each[0] == "ε"]

    def __call__(self, part: Expression) -> Expression | None:
        match part:
            case Product(factors=factors):
                gradients = (*(f"{stage}d" for stage in STAGES), "d")
                slope = any(ref.array.startswith(gradients) for ref in references(part))
                made = [self._factor(each, slope) for each in factors]
                return Product(tuple(self._paced(made, factors)))
            case Power(base=Number(value=value)) if letter := _letter_of(value, self._betas):
                return replace(part, base=constant(letter))
            case Number(value=value) if letter := _letter_of(value, self._epsilon):
                return constant(letter)
        return None

    def _paced(self, made: list[Expression], factors: tuple[Expression, ...]) -> list[Expression]:
        """The schedule's s, which stands right after α."""
        for place in range(1, len(made)):
            before, here = made[place - 1], factors[place]
            alpha = isinstance(before, Ref) and before.owner == CONSTANT and before.letter == "α"
            if alpha and isinstance(here, Number) and here.value == self._rate != 1.0:
                made[place] = constant("s")
        return made

    def _factor(self, part: Expression, slope: bool) -> Expression:
        """One factor; in a memory the one beside the slope is 1 − β."""
        if not isinstance(part, Number):
            return mapped(part, self)
        if not self._memory:
            letter = _letter_of(part.value, self._settings)
            return constant(letter) if letter else part
        if slope and (letter := _letter_of(1.0 - part.value, self._betas[:1])):
            return minus(Number(1.0), constant(letter))
        letter = _letter_of(part.value, self._betas[:1])
        return constant(letter) if letter else part


def _letter_of(value: float, settings: list[tuple[str, float]]) -> str:
    return next((symbol for symbol, each in settings if abs(each - value) <= 1e-15 * max(1.0, abs(each))), "")


def as_matrices(node: Expression) -> Notation:
    """The expression in symbols, every cell by the matrix it is of: W for w with its indices."""

    def change(part: Expression) -> Expression | None:
        if isinstance(part, Ref) and part.owner != CONSTANT:
            letter = part.letter.replace("w", "W")
            return replace(part, letter=letter, below="", index=())
        return None

    return in_symbols(mapped(node, change))


def as_code(node: Expression, name: Callable[[Ref], str], plain: bool = False) -> str:
    """The expression in NumPy's words, or for single numbers in ``plain`` Python's."""

    def inner(part: Expression) -> str:
        text = as_code(part, name, plain)
        return f"({text})" if isinstance(part, Sum | Negative | Quotient | Product) else text

    def factor(part: Expression) -> str:
        text = as_code(part, name, plain)
        return f"({text})" if isinstance(part, Sum | Negative) else text

    match node:
        case Ref():
            return _NAMES.get(node.array, node.array) if node.owner == CONSTANT else name(node)
        case Number(value=value):
            return repr(value) if plain and value != int(value) else f"{value:g}"
        case Sum(terms=terms):
            text = ""
            for number, term in enumerate(terms):
                negative = isinstance(term, Negative)
                sign = (" - " if negative else " + ") if number else ("-" if negative else "")
                text += sign + (
                    factor(term.inner) if isinstance(term, Negative) else as_code(term, name, plain)
                )
            return text
        case Product(factors=factors):
            return " * ".join(factor(each) for each in factors)
        case Quotient(above=above, below=below):
            return f"{inner(above)} / {inner(below)}"
        case Negative(inner=hidden):
            return f"-{inner(hidden)}"
        case Power(base=base, exponent=exponent):
            return f"{inner(base)}**{exponent:g}"
        case Maximum(arguments=arguments):
            largest = "max" if plain else "np.maximum"
            return f"{largest}({', '.join(as_code(each, name, plain) for each in arguments)})"
        case Truth(left=left, sign=sign, right=right):
            sign = {"≥": ">=", "≤": "<=", "=": "=="}.get(sign, sign)
            return f"({as_code(left, name, plain)} {sign} {as_code(right, name, plain)})"
        case Function(name=called, argument=argument, definition=definition):
            if definition is not None:
                return as_code(definition, name, plain)
            known = _PLAIN.get(called, called) if plain else _FUNCTIONS.get(called, f"np.{called}")
            return f"{known}({as_code(argument, name, plain)})"
    raise TypeError(node)
