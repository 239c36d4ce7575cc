"""Un-vectorised loops: an equation with indices as the plain Python that calculates it, number by number.

A kind writes one line an array, in Python's own syntax with ``sum[j](...)`` for Σ over j and ``max[j](...)``:

    z[i, at, e] = sum[j](W[i, j] * a_prev[j, at, e]) + b[i, 0]

``e`` is the example; ``j:3`` gives a range that no array tells (``range[j:3]`` on a line of its own, too);
``at`` stands for the position axes of the layer: none for a vector, ``t`` for a
sequence, ``y, x`` for an image. ``where=`` leaves terms out. The ranges follow from the shapes of the arrays:

    for e in range(5):
        for i in range(4):
            z[i, e] = b[i, 0]
            for j in range(2):
                z[i, e] += W[i, j] * a_prev[j, e]
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

POSITIONS: Final = {1: (), 2: ("t",), 3: ("y", "x")}
"""What the position axes of a layer are called, by how many axes one example has."""
Shapes = Mapping[str, Sequence[int]]
_FOLDS: Final = {"sum": ("total", "0.0"), "max": ("most", "-inf")}


def written_out(equation: str, shapes: Shapes, axes: int, numbers: Mapping[str, float]) -> str:
    """The loops of an equation. ``axes`` is how many one example has; ``numbers`` are settings by name."""
    tree = _Plain(POSITIONS[axes], numbers).visit(ast.parse(equation))
    told = dict(_told(tree))
    made: list[ast.stmt] = []
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Subscript(slice=ast.Slice())]) | ast.For():
                made.append(statement)
            case ast.Assign() | ast.AugAssign():
                made += _Loops(statement, shapes, told).made()
    return "\n".join(ast.unparse(ast.fix_missing_locations(each)) for each in made)


class _Plain(ast.NodeTransformer):
    """Puts in the position axes and the settings, and leaves out what they make superfluous: ``1 * y``."""

    def __init__(self, at: tuple[str, ...], numbers: Mapping[str, float]) -> None:
        self._at, self._numbers = at, numbers

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        items: list[ast.expr] = []
        for each in node.elts:
            if isinstance(each, ast.Name) and each.id == "at":
                items += [ast.Name(name) for name in self._at]
            else:
                items.append(self.visit(each))
        return items[0] if len(items) == 1 else ast.Tuple(items)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.slice, ast.Name) and node.slice.id == "at":
            return ast.Subscript(node.value, ast.Tuple([ast.Name(name) for name in self._at]))
        return ast.Subscript(node.value, self.visit(node.slice))

    def visit_Slice(self, node: ast.Slice) -> ast.expr:
        return ast.Slice(node.lower, node.upper and self.visit(node.upper))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Constant(self._numbers[node.id]) if node.id in self._numbers else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        match node.op, left, right:
            case (ast.Mult(), ast.Constant(value=1), other) | (ast.Mult(), other, ast.Constant(value=1)):
                return other  # type: ignore[no-any-return]
            case (ast.Add() | ast.Sub(), other, ast.Constant(value=0)):
                return other  # type: ignore[no-any-return]
            case (ast.FloorDiv(), other, ast.Constant(value=1)):
                return other  # type: ignore[no-any-return]
        return ast.BinOp(left, node.op, right)


class _Loops:
    """The loops of one assignment."""

    def __init__(
        self, statement: ast.Assign | ast.AugAssign, shapes: Shapes, told: Mapping[str, int]
    ) -> None:
        target = statement.target if isinstance(statement, ast.AugAssign) else statement.targets[0]
        assert isinstance(target, ast.Subscript)
        self._statement, self._target, self._value = statement, target, statement.value
        self._shapes, self._ranges = (
            shapes,
            {**told, **dict(_ranges(statement, shapes)), **dict(_ranges(target, shapes))},
        )
        self._names = 0

    def made(self) -> list[ast.stmt]:
        """Loops around the assignment over every index of its left side, the example outermost.

        What is added to a cell (``+=``) is so over every index of its right side too.
        """
        if isinstance(self._statement, ast.Assign):
            return self._around(self._indices(self._target.slice), self._assigned())
        value, body = self._value, list[ast.stmt]()
        if isinstance(value, ast.IfExp):
            body = _if(_conditions(value.test), [ast.AugAssign(self._target, ast.Add(), value.body)])
        return self._around(self._indices(value, self._target.slice), body or [self._statement])

    def _backward(self) -> set[str]:
        """Indices that must run backward, because a cell is made of the next one of its own array."""
        array = ast.unparse(self._target.value)
        found = set()
        for node in ast.walk(self._value):
            match node:
                case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=places)) if name == array:
                    for place in places:
                        match place:
                            case ast.BinOp(left=ast.Name(id=index), op=ast.Add()):
                                found.add(index)
        return found

    def _indices(self, *nodes: ast.AST) -> list[str]:
        found = [each.id for node in nodes for each in _names(node)]
        indices = [each for each in dict.fromkeys(found) if each in self._ranges]
        return sorted(indices, key=lambda name: name != "e")

    def _around(self, indices: Sequence[str], body: list[ast.stmt]) -> list[ast.stmt]:
        for name in reversed(indices):
            numbers: ast.expr = ast.Call(ast.Name("range"), [ast.Constant(self._ranges[name])], [])
            if name in self._backward():
                numbers = ast.Call(ast.Name("reversed"), [numbers], [])
            body = [ast.For(ast.Name(name), numbers, body, [])]
        return body

    def _assigned(self) -> list[ast.stmt]:
        """The right side: sums that stand alone are added up in the place of the result itself."""
        terms = [each for each in _terms(self._value) if not self._missing(each[0])]
        sums = [(each, sign) for each, sign in terms if _fold(each) == "sum"]
        if not sums and len(terms) == len(list(_terms(self._value))):
            before, value = self._hoisted(self._value)
            return [*before, ast.Assign([self._target], value)]
        rest = [each for each in terms if _fold(each[0]) != "sum"]
        start: ast.expr = ast.Constant(0.0)
        for number, (each, sign) in enumerate(rest):
            signed = ast.UnaryOp(ast.USub(), each) if isinstance(sign, ast.Sub) else each
            start = signed if number == 0 else ast.BinOp(start, sign, each)
        made, start = self._hoisted(start)
        made.append(ast.Assign([self._target], start))
        for each, sign in sums:
            made += self._folded(each, lambda term, op=sign: ast.AugAssign(self._target, op, term))
        return made

    def _missing(self, term: ast.expr) -> bool:
        """Whether a term is a parameter that the layer does not have, such as a bias."""
        match term:
            case ast.Subscript(value=ast.Name(id=array)):
                return array not in self._shapes
        return False

    def _folded(self, node: ast.expr, add: object) -> list[ast.stmt]:
        """The loops of one ``sum`` or ``max``; ``add`` makes the line that takes in a term."""
        assert isinstance(node, ast.Call) and isinstance(node.func, ast.Subscript) and callable(add)
        indices = [each.id for each in _names(node.func.slice)]
        before, term = self._hoisted(node.args[0])
        body = [*before, add(term)]
        inner, outer = list[ast.expr](), list[ast.expr]()
        for condition in (part for each in node.keywords for part in _conditions(each.value)):
            names = {each.id for each in _names(condition)}
            (inner if names & set(indices) else outer).append(condition)
        body = self._around(indices, _if(inner, body))
        return _if(outer, body)

    def _hoisted(self, node: ast.expr) -> tuple[list[ast.stmt], ast.expr]:
        """The expression with every sum within it calculated in a line before."""
        before: list[ast.stmt] = []
        loops = self

        class Hoist(ast.NodeTransformer):
            def visit_Call(self, call: ast.Call) -> ast.expr:
                fold = _fold(call)
                if not fold:
                    self.generic_visit(call)
                    return call
                name, start = _FOLDS[fold]
                loops._names += 1
                name = name if loops._names == 1 else f"{name}{loops._names}"
                held = ast.Name(name)
                before.append(ast.Assign([held], ast.parse(start, mode="eval").body))

                def add(term: ast.expr) -> ast.stmt:
                    if fold == "sum":
                        return ast.AugAssign(held, ast.Add(), term)
                    return ast.Assign([held], ast.Call(ast.Name("max"), [held, term], []))

                before.extend(loops._folded(call, add))
                return held

        return before, Hoist().visit(node)


def _names(node: ast.AST) -> list[ast.Name]:
    return [each for each in ast.walk(node) if isinstance(each, ast.Name)]


def _fold(node: ast.AST) -> str:
    match node:
        case ast.Call(func=ast.Subscript(value=ast.Name(id=name))) if name in _FOLDS:
            return name
    return ""


def _terms(node: ast.expr, sign: ast.operator | None = None) -> Iterator[tuple[ast.expr, ast.operator]]:
    """The terms of a sum from left to right, with their signs."""
    match node:
        case ast.BinOp(left=left, op=(ast.Add() | ast.Sub()) as op, right=right) if not isinstance(
            sign, ast.Sub
        ):
            yield from _terms(left)
            yield from _terms(right, op)
        case _:
            yield node, sign or ast.Add()


def _conditions(node: ast.expr) -> list[ast.expr]:
    return node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And) else [node]


def _if(conditions: list[ast.expr], body: list[ast.stmt]) -> list[ast.stmt]:
    if not conditions:
        return body
    test = conditions[0] if len(conditions) == 1 else ast.BoolOp(ast.And(), conditions)
    return [ast.If(test, body, [])]


def _told(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """How far an index runs where the equation says so: ``j:3``."""
    for node in ast.walk(tree):
        match node:
            case ast.Slice(lower=ast.Name(id=index), upper=ast.Constant(value=int(size))):
                yield index, size


def _ranges(tree: ast.AST, shapes: Shapes) -> Iterator[tuple[str, int]]:
    """How far every index runs: as far as the axis of an array that it stands at by itself."""
    for node in ast.walk(tree):
        match node:
            case ast.Subscript(value=ast.Name(id=array), slice=index) if array in shapes:
                places = index.elts if isinstance(index, ast.Tuple) else [index]
                for place, size in zip(places, shapes[array], strict=True):
                    if isinstance(place, ast.Name):
                        yield place.id, size
