"""Expressions: evaluation, references, and what happens at the edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.expressions import (
    FUNCTIONS,
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
    references,
    times,
    total,
)

X, Y = Ref("u", "x", (0,), 0, "x"), Ref("u", "y", (1,), None, "y")
VALUES = {X: 3.0, Y: -2.0}


def value(node: Expression) -> float:
    return evaluate(node, VALUES.__getitem__)


def number(x: float) -> Number:
    return Number(float(x))


@pytest.mark.parametrize(
    ("node", "result"),
    [
        (X, 3.0),
        (number(0.5), 0.5),
        (Sum((X, Y, number(1))), 2.0),
        (Product((X, Y, number(0.5))), -3.0),
        (Quotient(X, Y), -1.5),
        (Negative(Y), 2.0),
        (Power(Y, 2), 4.0),
        (Power(X, 0.5), math.sqrt(3.0)),
        (Maximum((number(0), Y, X)), 3.0),
        (Truth(X, ">", Y), 1.0),
        (Truth(X, "≤", Y), 0.0),
        (Truth(X, "=", X), 1.0),
        (Truth(X, "≥", X), 1.0),
        (Truth(X, "<", X), 0.0),
        (Function("exp", Y), math.exp(-2.0)),
        (Function("ln", X), math.log(3.0)),
        (Function("√", X), math.sqrt(3.0)),
        (Function("abs", Y), 2.0),
        (Function("sign", Y), -1.0),
        (Function("anything", X, Sum((X, number(1)))), 4.0),
        (minus(X, Y), 5.0),
        (total(), 0.0),
        (total(X), 3.0),
        (total(X, Y), 1.0),
        (times(X, Y), -6.0),
    ],
)
def test_value(node: Expression, result: float) -> None:
    assert value(node) == pytest.approx(result, rel=1e-15)


def test_a_single_term_stays_as_it_is() -> None:
    assert total(X) is X
    assert total(X, Y) == Sum((X, Y))


def test_references_from_left_to_right() -> None:
    node = Sum(
        (
            Quotient(X, Negative(Y)),
            Power(X, 2),
            Maximum((Y, X)),
            Truth(Y, ">", number(0)),
            Function("σ", X, Quotient(number(1), Y)),
            Product((number(2), Y)),
        )
    )
    assert list(references(node)) == [X, Y, X, Y, X, Y, X, Y]


def test_a_definition_counts_and_not_its_name() -> None:
    assert value(Function("nobody knows", X, Power(X, 2))) == 9.0
    with pytest.raises(KeyError):
        value(Function("nobody knows", X))


@pytest.mark.parametrize(
    ("node", "result"),
    [
        (Quotient(number(1), number(0)), math.inf),
        (Quotient(number(-1), number(0)), -math.inf),
        (Quotient(number(0), number(0)), math.nan),
        (Quotient(number(math.nan), number(0)), math.nan),
        (Function("exp", number(1000)), math.inf),
        (Function("exp", number(-1000)), 0.0),
        (Function("ln", number(0)), -math.inf),
        (Function("ln", number(-1)), math.nan),
        (Function("ln1p", number(-1)), -math.inf),
        (Function("ln1p", number(-2)), math.nan),
        (Function("√", number(-1)), math.nan),
        (Power(number(1e200), 2), math.inf),
        (Power(number(-1e200), 3), -math.inf),
        (Power(number(0), -1), math.inf),
        (Power(number(-1), 0.5), math.nan),
        (Maximum((number(0), number(math.nan))), math.nan),
        (Maximum((number(math.nan), number(0))), math.nan),
    ],
)
def test_edges_are_numbers_and_no_exceptions(node: Expression, result: float) -> None:
    """As NumPy has it: an explanation of a diverged run must not crash."""
    found = value(node)
    assert isinstance(found, float)
    assert found == result or (math.isnan(found) and math.isnan(result))


def test_the_key_is_the_cell_and_not_its_spelling() -> None:
    assert Ref("u", "x", (0,), 0, "x", "[1]", "1").key == X.key
    assert X.key != Y.key


def leaves() -> st.SearchStrategy[Expression]:
    return st.one_of(st.just(X), st.just(Y), st.floats(-1e3, 1e3).map(Number))


def trees() -> st.SearchStrategy[Expression]:
    def grow(part: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        some = st.lists(part, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            some.map(Sum),
            some.map(Product),
            some.map(Maximum),
            st.builds(Quotient, part, part),
            st.builds(Negative, part),
            st.builds(Power, part, st.sampled_from([-2, 2, 3, 0.5])),
            st.builds(Truth, part, st.sampled_from([">", "≥", "<", "≤", "="]), part),
            st.builds(Function, st.sampled_from(sorted(FUNCTIONS)), part),
        )

    return st.recursive(leaves(), grow, max_leaves=8)


@given(trees())
def test_any_tree_gives_a_float(node: Expression) -> None:
    assert isinstance(value(node), float)
    assert all(ref in VALUES for ref in references(node))
