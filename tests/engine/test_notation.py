"""Notation: one tree, printed as text and as LaTeX."""

from __future__ import annotations

import re

import pytest

from engine.core.expressions import Expression, Function, Negative, Number, Power, Product, Quotient, Ref, Sum
from engine.core.notation import (
    Fence,
    Fraction,
    Notation,
    Script,
    Text,
    as_latex,
    as_text,
    operator,
    row,
)
from engine.core.place import spelled
from engine.core.printing import in_symbols, symbol

Z = Ref("hidden", "z", (1,), 0, "z", "[1]", "2")


@pytest.mark.parametrize(
    ("node", "text", "latex"),
    [
        (Text("z", "italic"), "z", "z"),
        (Text("ln"), "ln", r"\mathrm{ln}"),
        (Text("−0.5", "number"), "−0.5", "-0.5"),
        (row("a", operator("+"), "b"), "a + b", "a + b"),
        (Script(Text("w", "italic"), Text("[1]"), Text("3,2")), "w[1]_{3,2}", "{w}_{3,2}^{[1]}"),
        (Script(Text("a"), Text("2")), "a^2", "{a}^{2}"),
        (Script(Text("W"), Text("ᵀ")), "Wᵀ", r"{W}^{\mathsf{T}}"),
        (Fraction(Text("1"), Text("m")), "1/m", r"\frac{1}{m}"),
        (Fence(Text("z")), "(z)", r"\left( z \right)"),
        (Fence(Text("z"), "{", "}"), "{z}", r"\left\{ z \right\}"),
        (Fence(Text("z"), "", "|"), "z|", r"\left. z \right|"),
    ],
)
def test_both_ways(node: Notation, text: str, latex: str) -> None:
    assert as_text(node) == text
    assert as_latex(node) == latex


FORMULAS: list[Expression] = [
    Product((Ref("o", "mean dW.h", (0, 0), None, spelled("mean dW"), "[2]", "1,1"), Number(2.0))),
    Ref("o", "slope", (0,), 0, spelled("slope"), "[2]", "1"),
    Quotient(Number(1.0), Sum((Function("√", Z), Number(1e-8)))),
    Function("σ", Z),
    Function("exp", Negative(Z)),
    Power(Z, 2),
]


@pytest.mark.parametrize("node", FORMULAS)
def test_latex_is_made_of_commands_that_exist(node: Expression) -> None:
    """``\\partialJ`` is no command, and ``\\sqrt`` needs its argument in braces."""
    latex = as_latex(in_symbols(node))
    known = {
        "partial", "prime", "sqrt", "sigma", "frac", "left", "right", "cdot", "mathrm", "mathsf", "sum",
    }  # fmt: skip
    assert set(re.findall(r"\\([a-zA-Z]+)", latex)) <= known
    assert not re.search(r"\\sqrt\s*(?!\{)\S", latex), latex
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert latex.isascii()


def test_a_prime_stands_above() -> None:
    latex = as_latex(symbol(Ref("o", "slope", (0,), 0, spelled("slope"), "[2]", "1")))
    assert re.search(r"'|\^\{?\\prime", latex), latex


def test_letters_of_arrays() -> None:
    assert [spelled(head) for head in ("W", "dW", "b", "db", "slope", "z")] == [
        "w",
        "dw",
        "b",
        "db",
        "g′",
        "z",
    ]
    assert spelled("new W") == "w"
    assert spelled("mean dW") == "∂J/∂w"
    assert spelled("mean db") == "∂J/∂b"
    assert spelled("v W") == spelled("new v W") == "v"
