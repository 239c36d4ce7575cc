"""The two printers: brackets where they are needed, and nowhere else."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

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
    Sum,
    Truth,
    evaluate,
    minus,
)
from engine.core.notation import Fence, Fraction, Notation, Row, Script, Text, as_text
from engine.core.printing import full_digits, in_numbers, in_symbols, plain_digits, symbol

A, B, C = (Ref("u", name, (), None, name) for name in "abc")
VALUES = {A: 2.0, B: -0.5, C: 3.0}
ONE, TWO = Number(1.0), Number(2.0)


def symbols(node: Expression) -> str:
    return as_text(in_symbols(node))


def numbers(node: Expression) -> str:
    return as_text(in_numbers(node, VALUES.__getitem__))


@pytest.mark.parametrize(
    ("node", "in_letters", "in_digits"),
    [
        (Sum((Product((A, B)), C)), "a·b + c", "2·(−0.5) + 3"),
        (Sum((B, A)), "b + a", "−0.5 + 2"),
        (Sum((A, B)), "a + b", "2 + (−0.5)"),
        (minus(A, B), "a − b", "2 − (−0.5)"),
        (minus(A, Sum((B, C))), "a − (b + c)", "2 − (−0.5 + 3)"),
        (Negative(Sum((A, B))), "−(a + b)", "−(2 + (−0.5))"),
        (Negative(B), "−b", "−(−0.5)"),
        (Product((Sum((A, B)), C)), "(a + b)·c", "(2 + (−0.5))·3"),
        (Product((B, A)), "b·a", "−0.5·2"),
        (Product((A, minus(ONE, A))), "a·(1 − a)", "2·(1 − 2)"),
        (Power(B, 2), "b^2", "(−0.5)^2"),
        (Power(minus(A, B), 2), "(a − b)^2", "(2 − (−0.5))^2"),
        (Quotient(A, C), "a/c", "2/3"),
        (Quotient(minus(ONE, A), minus(ONE, C)), "(1 − a)/(1 − c)", "(1 − 2)/(1 − 3)"),
        (Function("exp", Negative(A)), "e^{−a}", "e^{−2}"),
        (Function("exp", Negative(B)), "e^{−b}", "e^{−(−0.5)}"),
        (Function("σ", B), "σ(b)", "σ(−0.5)"),
        (Function("abs", B), "|b|", "|−0.5|"),
        (Maximum((Number(0.0), B)), "max(0, b)", "max(0, −0.5)"),
        (Truth(B, ">", Number(0.0)), "[b > 0]", "[−0.5 > 0]"),
        (Product((Number(0.25, "1/4"), Sum((A, C)))), "1/4·(a + c)", "1/4·(2 + 3)"),
    ],
)
def test_brackets(node: Expression, in_letters: str, in_digits: str) -> None:
    assert symbols(node) == in_letters
    assert numbers(node) == in_digits


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Quotient(A, Quotient(B, C)), "a/(b/c)"),
        (Quotient(A, Product((B, C))), "a/(b·c)"),
        (Power(Number(0.9), 1234567), "0.9^{1234567}"),
    ],
)
def test_one_line_of_text_reads_in_one_way_only(node: Expression, text: str) -> None:
    assert symbols(node) == text


def test_a_symbol() -> None:
    ref = Ref("hidden", "W.input", (2, 1), 4, "w", "[1]", "3,2")
    assert as_text(symbol(ref)) == "w[1]_{3,2}"
    assert as_text(symbol(ref, examples=True)) == "w[1](5)_{3,2}"
    assert as_text(symbol(Ref("loss", "J", (0,), None, "J"))) == "J"
    assert symbol(ref).ref is ref
    assert as_text(symbol(Ref("input", "a", (0,), 0, "x", "", "1"), examples=True)) == "x(1)_1"


def every_ref(node: Notation) -> list[object]:
    found = [node.ref] if node.ref is not None else []
    match node:
        case Row(items=items):
            inner: tuple[Notation | None, ...] = items
        case Script(base=base, above=above, below=below):
            inner = (base, above, below)
        case Fraction(above=above, below=below):
            inner = (above, below)
        case Fence(inner=part):
            inner = (part,)
        case _:
            inner = ()
    return found + [ref for part in inner if part is not None for ref in every_ref(part)]


def test_every_number_keeps_its_reference() -> None:
    node = Sum((Product((A, B)), Quotient(C, Power(A, 2)), Negative(B)))
    assert every_ref(in_symbols(node)) == [A, B, C, A, B]
    assert every_ref(in_numbers(node, VALUES.__getitem__)) == [A, B, C, A, B]


@pytest.mark.parametrize(
    ("value", "plain", "full"),
    [
        (0.0, "0", "0.0"),
        (-0.0, "0", "−0.0"),
        (2.0, "2", "2.0"),
        (-0.25, "−0.25", "−0.25"),
        (-2.8e-17, "0", "−2.8e−17"),
        (0.30000000000000004, "0.3", "0.30000000000000004"),
        (1234.5678, "1235", "1234.5678"),
        (math.inf, "inf", "inf"),
        (-math.inf, "−inf", "−inf"),
        (math.nan, "nan", "nan"),
    ],
)
def test_digits(value: float, plain: str, full: str) -> None:
    assert plain_digits(value) == plain
    assert full_digits(value) == full


def printed_and_read_back(node: Expression) -> float:
    """What a reader makes of the formula with all its digits: the text is calculated again."""
    text = as_text(in_numbers(node, VALUES.__getitem__, lambda value: repr(float(value)).replace("-", "−")))
    text = text.replace("−", "-").replace("·", "*")
    text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text).replace("^", "**")
    return float(eval(text, {"__builtins__": {"max": max}}))  # noqa: S307 - the test wrote it itself


def readable() -> st.SearchStrategy[Expression]:
    def grow(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        some = st.lists(part, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            some.map(Sum),
            some.map(Product),
            some.map(Maximum),
            st.builds(Quotient, part, part),
            st.builds(Negative, part),
            st.builds(Power, part, st.just(2)),
        )

    leaf = st.one_of(st.sampled_from([A, B, C]), st.sampled_from([0.5, 3.0, -1.25]).map(Number))
    return st.recursive(leaf, grow, max_leaves=7)


@given(readable())
def test_the_text_says_what_the_tree_says(node: Expression) -> None:
    meant = evaluate(node, VALUES.__getitem__)
    assume(math.isfinite(meant) and abs(meant) < 1e6)
    try:
        read = printed_and_read_back(node)
    except (ZeroDivisionError, OverflowError):
        assume(False)
    assert read == pytest.approx(meant, rel=1e-9, abs=1e-9)


def test_text_of_a_row_of_operators() -> None:
    assert as_text(Row((Text("a"), Text("+", "operator"), Text("b")))) == "a + b"
