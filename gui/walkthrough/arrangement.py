"""How the matrices of a page are arranged: of one example or the whole batch, examples as columns or rows.

Everything is made with the examples as columns, as on the blackboard. ``by_rows`` and ``code_by_rows`` are
the one place that turns it round, as Keras and PyTorch have it: every matrix with examples is its transpose
now, parameters stay as they are. ``Z = W A + b`` becomes ``Z = A Wᵀ + bᵀ``, ``dW = dZ Aᵀ`` becomes
``dW = dZᵀ A``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.core.notation import Notation, Script, Text
from gui.walkthrough.page import Equation, Operand


@dataclass(frozen=True, slots=True)
class Arrangement:
    """``whole`` shows all examples of the batch at once, ``rows`` has the examples as rows."""

    whole: bool = False
    rows: bool = False


# ---------------------------------------------------------------- on the page


def by_rows(equation: Equation) -> Equation:
    """The equation for examples as rows.

    Where the left side has examples all of it is transposed: every matrix turned round, the factors of a
    product in the other order. Where it has none (dW, an update) the numbers stay where they are, and what
    has examples is called by its transpose.
    """
    first = equation.items[0]
    if not isinstance(first, Operand):
        return equation
    if first.parameter:
        return Equation(tuple(map(_renamed, equation.items)))
    items: list[Operand | Notation] = []
    product: list[Operand] = []
    for item in equation.items:
        if isinstance(item, Operand):
            product.insert(0, _turned(item))
        else:
            items += [*product, item]
            product = []
    return Equation((*items, *product))


def _renamed(item: Operand | Notation) -> Operand | Notation:
    if not isinstance(item, Operand) or item.parameter:
        return item
    return replace(item, symbol=_transposed(item.symbol))


def _turned(operand: Operand) -> Operand:
    shape = operand.shape if operand.shape is None else (*operand.shape[:-2], *reversed(operand.shape[-2:]))
    grid = None if operand.grid is None else operand.grid.transposed
    symbol = _transposed(operand.symbol) if operand.parameter else operand.symbol
    return replace(operand, symbol=symbol, shape=shape, grid=grid)


def _transposed(symbol: Notation) -> Notation:
    """Wᵀ for W, and W for Wᵀ."""
    match symbol:
        case Script(base=base, above=Text(text="ᵀ"), below=None):
            return base
        case Script(above=Text(text=text) as above):
            turned = text.removesuffix("ᵀ") if text.endswith("ᵀ") else f"{text}ᵀ"
            return replace(symbol, above=replace(above, text=turned))
    return Script(symbol, Text("ᵀ"))


# ---------------------------------------------------------------- in NumPy

WITH_EXAMPLES = frozenset({"z", "a", "a_prev", "x", "y", "da", "da_prev", "dz", "slope", "g_prime"})
"""The arrays of a dense layer that have one column an example."""


def code_by_rows(line: str) -> str:
    """The line of NumPy of a dense layer for examples as rows.

    An array with examples is transposed now, so it stands for its transpose in every formula; where the
    result has examples too, the formula is transposed as a whole.
    """
    made = ast.parse(line)
    (statement,) = made.body
    if not isinstance(statement, ast.Assign):
        return line
    data = any(each in WITH_EXAMPLES for each in _names(statement.targets[0]))
    statement.value = _plain(_T(statement.value) if data else _S(statement.value))
    return ast.unparse(made)


def _names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


def _T(node: ast.expr) -> ast.expr:
    """The transpose of what the node gives with examples as columns."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            return ast.BinOp(_T(right), ast.MatMult(), _T(left))
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(_T(left), op, _T(right))
        case ast.UnaryOp(op=op, operand=inner):
            return ast.UnaryOp(op, _T(inner))
        case ast.Compare(left=left, ops=ops, comparators=others):
            return ast.Compare(_T(left), ops, [_T(each) for each in others])
        case ast.Attribute(value=inner, attr="T"):
            return _S(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="sum") as called, keywords=keywords):
            axes = [_other_axis(each) for each in keywords]
            if not any(each.arg == "keepdims" for each in keywords):
                axes.append(ast.keyword("keepdims", ast.Constant(True)))
            return ast.Call(ast.Attribute(_T(inner), called.attr), [], axes)
        case ast.Call(func=called, args=arguments):
            return ast.Call(called, [_T(each) for each in arguments], [])
        case ast.Name(id=name) if name not in WITH_EXAMPLES and name[:1] in "Wbd":
            return ast.Attribute(node, "T")
    return node


def _S(node: ast.expr) -> ast.expr:
    """What the node gives with examples as columns, of arrays that have them as rows."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(_S(left), op, _S(right))
        case ast.Attribute(value=inner, attr="T"):
            return _T(inner)
        case ast.Call(func=ast.Attribute(value=inner, attr="sum") as called, keywords=keywords):
            return ast.Call(ast.Attribute(_S(inner), called.attr), [], keywords)
        case ast.Name(id=name) if name in WITH_EXAMPLES:
            return ast.Attribute(node, "T")
    return node


def _other_axis(keyword: ast.keyword) -> ast.keyword:
    match keyword:
        case ast.keyword(arg="axis", value=ast.Constant(value=int(axis))):
            return ast.keyword("axis", ast.Constant(1 - axis))
    return keyword


def _plain(node: ast.expr) -> ast.expr:
    return ast.fix_missing_locations(node)
