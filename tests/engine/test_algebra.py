"""How da · g'(z) grows together: every line gives the same number, for every loss after every activation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.activations import activations
from engine.core.algebra import Move, Stage, alike, grown, plain
from engine.core.expressions import (
    Expression,
    Negative,
    Number,
    Product,
    Quotient,
    Ref,
    Struck,
    Sum,
    evaluate,
    minus,
    times,
)
from engine.core.notation import STROKE, as_text
from engine.core.printing import in_symbols
from engine.core.spec import Spec
from engine.losses import losses


def ref(array: str, i: int) -> Ref:
    return Ref("loss" if array == "y" else "o", array, (i,), 0, array, "", str(i + 1))


def lines_of(loss: Spec, activation: Spec, k: int, seed: int = 0) -> tuple[tuple[Stage, ...], dict]:
    """The lines of dz_1 for k outputs, and the numbers that stand in them, drawn at random."""
    g, cost = activations.make(activation), losses.make(loss)
    rng = np.random.default_rng(seed)
    z = rng.normal(0.0, 1.0, (k, 1))
    a, y = g.value(z), rng.random((k, 1))
    if k > 1:
        y /= y.sum()
    names = {each: [ref(each, i) for i in range(k)] for each in ("z", "a", "y", "da", "slope")}
    given = {
        ref(each, i).key: float(array[i, 0])
        for each, array in (("z", z), ("a", a), ("y", y))
        for i in range(k)
    }

    def lookup(one: Ref) -> float:
        return given[one.key] if one.key in given else evaluate(opened(one), lookup)

    def opened(one: Ref) -> Expression | None:
        i = one.index[0]
        if one.array == "da":
            return cost.slope(names["a"], names["y"], i)
        if one.array == "slope":
            return g.slope(names["z"][i], names["a"][i])
        return None

    chain = g.delta(names["da"], names["a"], names["slope"], 0)
    stages = grown(chain, opened, lookup)
    da = cost.derivative(a, y)
    if g.elementwise:
        expected = float((da * g.derivative(z))[0, 0])
    else:  # of softmax: the Jacobian, column by column, as central differences
        h = 1e-6
        bumps = [(g.value(z + h * np.eye(k)[:, :1]) - g.value(z - h * np.eye(k)[:, :1])) / (2 * h)]
        expected = float((da * bumps[0]).sum())
    values = {"expected": expected, "near": 1e-12 if g.elementwise else 1e-7}
    values["lines"] = [evaluate(each.expression, lookup) for each in stages]
    values["chain"] = evaluate(chain, lookup)
    return stages, values


def pairs() -> Iterator[tuple[str, str, int]]:
    """All but the step, which has no slope, and the PReLU, whose α no expression here knows."""
    for loss, activation, k in itertools.product(losses, activations, (1, 3)):
        g, cost = activations.make(Spec(activation.kind)), losses.make(Spec(loss.kind))
        fits = not cost.refusal(g.title, g.bounds, k)
        if fits and (g.elementwise or k > 1) and activation.kind not in {"prelu", "step"}:
            yield loss.kind, activation.kind, k


@pytest.mark.parametrize(("loss", "activation", "k"), list(pairs()))
@pytest.mark.parametrize("seed", [1, 2])
def test_every_line_gives_the_same_number(loss: str, activation: str, k: int, seed: int) -> None:
    _, values = lines_of(Spec(loss), Spec(activation), k, seed)
    chain = values["chain"]
    assert chain == pytest.approx(values["expected"], rel=1e-9, abs=values["near"])
    for line in values["lines"]:
        assert line == pytest.approx(chain, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "activation", "k", "last"),
    [
        (Spec("bce"), "sigmoid", 1, "a_1 − y_1"),
        (Spec("bce"), "sigmoid", 3, "a_1 − y_1"),
        (Spec("cross_entropy"), "softmax", 3, "a_1 − y_1"),
        (Spec("kl_divergence"), "softmax", 3, "a_1 − y_1"),
        (Spec("mse"), "identity", 1, "a_1 − y_1"),
        (Spec("mse"), "sigmoid", 1, "(a_1 − y_1)·a_1·(1 − a_1)"),
        (Spec.of("mse", form="sum"), "sigmoid", 1, "2·(a_1 − y_1)·a_1·(1 − a_1)"),
        (Spec.of("mse", form="sum"), "identity", 1, "2·(a_1 − y_1)"),
        (Spec("mse"), "tanh", 1, "(a_1 − y_1)·(1 − a_1^2)"),
        (Spec("log_cosh"), "identity", 1, "tanh(a_1 − y_1)"),
        (Spec("mae"), "identity", 1, "sign(a_1 − y_1)"),
    ],
)  # fmt: skip
def test_where_the_lines_end(loss: Spec, activation: str, k: int, last: str) -> None:
    stages, _ = lines_of(loss, Spec(activation), k)
    assert as_text(in_symbols(stages[-1].expression)) == last


def test_what_cancels_is_struck_in_the_line_before() -> None:
    stages, _ = lines_of(Spec("bce"), Spec("sigmoid"), 1)
    moves = [each.move for each in stages]
    assert moves == [Move.OPENED, Move.CANCELS, Move.SHORTER, Move.ADDS_TO_NOTHING, Move.SHORTER]
    struck = [STROKE in as_text(in_symbols(each.expression)) for each in stages]
    assert struck == [False, True, False, True, False]


def test_what_does_not_cancel_is_not_struck() -> None:
    stages, _ = lines_of(Spec("mse"), Spec("sigmoid"), 1)
    assert [each.move for each in stages] == [Move.OPENED]


def test_targets_that_do_not_add_up_to_one_stay() -> None:
    names = [ref("y", i) for i in range(2)]
    a = [ref("a", i) for i in range(2)]
    da = [ref("da", i) for i in range(2)]
    chain = activations.make(Spec("softmax")).delta(da, a, (), 0)
    given = {ref("y", 0).key: 0.4, ref("y", 1).key: 0.4, ref("a", 0).key: 0.3, ref("a", 1).key: 0.7}
    stages = grown(
        chain,
        lambda one: Negative(Quotient(names[one.index[0]], a[one.index[0]])) if one.array == "da" else None,
        lambda one: given[one.key],
    )
    assert as_text(in_symbols(stages[-1].expression)) == "a_1·(y_1 + y_2) − y_1"
    assert evaluate(stages[-1].expression, lambda one: given[one.key]) == pytest.approx(0.3 * 0.8 - 0.4)


def test_one_target_alone_is_no_sum_of_targets() -> None:
    """1 − y is 1 for y = 0, and stays what it is."""
    a, y = ref("a", 0), ref("y", 0)
    given = {a.key: 0.3, y.key: 0.0}
    over = minus(Quotient(minus(Number(1.0), y), minus(Number(1.0), a)), Quotient(y, a))
    chain = times(over, a, minus(Number(1.0), a))
    stages = grown(chain, lambda one: None, lambda one: given[one.key])
    assert Move.ONE not in [each.move for each in stages]
    assert as_text(in_symbols(stages[-1].expression)) == "a_1 − y_1"


atoms = st.sampled_from([ref("a", 0), ref("a", 1), ref("y", 0), Number(1.0), Number(2.0), Number(0.5)])
trees = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda each: Sum(tuple(each))),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: Product(tuple(each))),
        st.tuples(inner, inner).map(lambda each: minus(*each)),
        inner.map(Negative),
        st.tuples(inner, atoms).map(lambda each: Quotient(*each)),
    ),
    max_leaves=14,
)


@given(trees, trees)
def test_any_product_keeps_its_number(left: Expression, right: Expression) -> None:
    given = {ref("a", 0).key: 0.7, ref("a", 1).key: -1.3, ref("y", 0).key: 0.45}

    def lookup(one: Ref) -> float:
        return given[one.key]

    product = times(left, right)
    value = evaluate(product, lookup)
    assert evaluate(plain(product), lookup) == pytest.approx(value, rel=1e-9, abs=1e-9)
    for stage in grown(product, lambda one: None, lookup):
        assert evaluate(stage.expression, lookup) == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_struck_parts_still_count() -> None:
    a = ref("a", 0)
    node = Quotient(times(Struck(a), Number(3.0)), Struck(a))
    assert evaluate(node, lambda one: 0.2) == pytest.approx(3.0)
    assert alike(Struck(a)) == alike(a)
