"""What stands on a page is true as it is printed: "=" exactly, "≈" within the rounding of its digits."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from engine.core.notation import as_text
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document
from engine.learned import Learned, frozen
from engine.samples import mlp
from engine.trace import Trace
from gui.walkthrough.page import Line, Lines
from gui.walkthrough.story import Story
from gui.widgets.numbers import Writing, write_as, writing

Between = tuple[float, float]
NUMBER = re.compile(r"(?<![\w_.{])\d+(?:\.\d+)?(?:e−?\d+)?")
DOCUMENTS = {
    "sigmoid": mlp(2, 4, 1, hidden="sigmoid"),
    "relu-adam": mlp(2, 3, 1, hidden="relu", optimizer=Spec("adam")),
    "tanh-squares": mlp(2, 3, 2, 1, output="identity", loss=Spec("mse"), optimizer=Spec("momentum")),
}


@pytest.fixture(autouse=True)
def as_usual() -> Iterator[None]:
    yield
    write_as(Writing())


def half_a_digit(text: str) -> float:
    """By how much a number may differ that is written so."""
    value = float(text.replace("−", "-"))
    if value == 0.0 and "." not in text:
        return 0.0
    decimals = writing().decimals
    if decimals is not None and abs(value) < 1e6:
        return 0.5 * 10.0**-decimals if "." in text else 0.0
    return 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - 3)


def rising(f: Callable[[float], float]) -> Callable[[Between], Between]:
    return lambda x: (f(x[0]), f(x[1]))


FUNCTIONS = {
    "sigma": rising(lambda x: 1 / (1 + math.exp(-x))),
    "tanh": rising(math.tanh),
    "exp": rising(math.exp),
    "ln": rising(lambda x: math.log(max(x, 1e-300))),
    "sqrt": rising(lambda x: math.sqrt(max(x, 0.0))),
}


def between(node: ast.expr, slack: float) -> Between:
    """Between which values an expression lies; each of its numbers may be off by its rounding."""
    match node:
        case ast.Constant(value=str(text)):
            value, off = float(text.replace("−", "-")), slack * half_a_digit(text)
            return value - off, value + off
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            low, high = between(inner, slack)
            return -high, -low
        case ast.Call(func=ast.Name(id="max"), args=[one, two]):
            pairs = between(one, slack), between(two, slack)
            return max(p[0] for p in pairs), max(p[1] for p in pairs)
        case ast.Call(func=ast.Name(id=name), args=[inner]):
            return FUNCTIONS[name](between(inner, slack))
        case ast.BinOp(left=inner, op=ast.Pow(), right=ast.Constant(value=str(text))):
            (a, b), power = between(inner, slack), int(text)
            corners = [a**power, b**power] + ([0.0] if a < 0 < b else [])
            return min(corners), max(corners)
        case ast.BinOp(left=left, op=op, right=right):
            (a, b), (c, d) = between(left, slack), between(right, slack)
            if isinstance(op, ast.Add):
                return a + c, b + d
            if isinstance(op, ast.Sub):
                return a - d, b - c
            if isinstance(op, ast.Div):
                if c <= 0 <= d:  # by what is shown as 0: then anything may come out
                    return -math.inf, math.inf
                c, d = 1 / d, 1 / c
            corners = [a * c, a * d, b * c, b * d]
            return min(corners), max(corners)
    raise NotImplementedError(ast.dump(node))


def parsed(text: str) -> ast.expr | None:
    """A printed row of numbers as an expression whose constants are the texts of its numbers."""
    if not re.search(r"\d", text) or re.search(r"[\[_?…]", text.replace("e^{", "")):
        return None
    text = re.sub(r"e\^\{([^{}]*)\}", r"exp(\1)", text)
    text = re.sub(r"\^(\d)", r"**\1", text)
    text = NUMBER.sub(lambda found: f"'{found[0]}'", text)
    for sign, plain in (("·", "*"), ("−", "-"), ("σ", "sigma"), ("√", "sqrt")):
        text = text.replace(sign, plain)
    if re.search(r"[^\x00-\x7f]", re.sub(r"'[^']*'", "", text)):
        return None
    made = ast.parse(text.strip(), mode="eval").body
    names = {each.id for each in ast.walk(made) if isinstance(each, ast.Name)}
    return made if names <= {"max", *FUNCTIONS} else None


def traces(document: Document, some_learned: Callable[..., Learned], seed: int) -> Trace:
    learned = some_learned(document, seed=seed)
    if seed % 2:
        rounded = {key: frozen(np.round(each, 2)) for key, each in learned.parameters.items()}
        learned = replace(learned, parameters=rounded, initial=rounded)
    return Trace(document, data_of(document), learned, np.arange(2))


@pytest.mark.slow
@pytest.mark.parametrize("style", [Writing(), Writing(2), Writing(6), Writing(None, fractions=True)], ids=str)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_printed_relation_is_true(
    name: str, style: Writing, some_learned: Callable[..., Learned]
) -> None:
    write_as(style)
    seen = {"=": 0, "≈": 0}
    for seed in range(2):
        trace = traces(DOCUMENTS[name], some_learned, seed)
        story = Story(trace)
        for number in range(len(trace)):
            step = trace[number]
            page = story.of_step(number)
            for part in (each for each in page.parts if isinstance(each, Lines)):
                check(part.rows, step.value if step.final else None, seen)
    assert seen["="] > 20 and seen["≈"] > 20, seen


def check(rows: tuple[Line, ...], value: float | None, seen: dict[str, int]) -> None:
    """Every row of numbers says the same as the row before it, in the sense of its sign."""
    before: ast.expr | None = None
    for row in rows:
        text = as_text(row.right)
        if row.sign not in seen or "→" in text:
            before = None
            continue
        sides = re.split(r" ([=≈]) ", text)
        here = [parsed(side) for side in sides[::2]]
        signs = [row.sign, *sides[1::2]]
        for sign, side in zip(signs, here, strict=True):
            if row.left is not None and side is here[0]:
                before = None
            if side is not None and before is not None:
                holds(before, sign, side, seen)
            before = side
    if value is not None and before is not None and rows[-1].sign in seen:
        low, high = between(before, 1.0)
        assert low - 1e-9 <= value <= high + 1e-9


def holds(left: ast.expr, sign: str, right: ast.expr, seen: dict[str, int]) -> None:
    slack = float(sign == "≈")
    (a, b), (c, d) = between(left, slack), between(right, slack)
    off = 1e-9 * max(1.0, abs(a), abs(c))
    assert a <= d + off and c <= b + off, (ast.unparse(left), sign, ast.unparse(right))
    seen[sign] += 1
