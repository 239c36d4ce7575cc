"""The rules of one neuron line by line, against the same rules in exact fractions (lessons L04 to L09)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from engine.alone_rules import RuleRow, delta_trace, end_of_epochs, mistakes, perceptron_trace
from engine.core.problems import DataError, DocumentError

pytestmark = pytest.mark.slow

X = [[0, 0, 1, 1], [0, 1, 0, 1]]
BIPOLAR = [[-1, -1, 1, 1], [-1, 1, -1, 1]]
AND, OR, XOR = [0, 0, 0, 1], [0, 1, 1, 1], [0, 1, 1, 0]
REVERSED = [3, 2, 1, 0]


def signs(bits: Sequence[int]) -> list[int]:
    return [2 * each - 1 for each in bits]


def blackboard(
    columns: Sequence[Sequence[int]], targets: Sequence[int], rate: str, strict: bool,
    outputs: tuple[int, int], order: Sequence[int], start: Sequence[str], epochs: int | None = None,
) -> list[tuple[object, ...]]:  # fmt: skip
    """Rosenblatt's rule in exact arithmetic: rows as the engine's, with fractions."""
    alpha = Fraction(rate)
    w = [Fraction(each) for each in start]
    rows: list[tuple[object, ...]] = []
    for epoch in range(1, (epochs or 100) + 1):
        wrong = False
        for j in order:
            x = [Fraction(1), *(Fraction(row[j]) for row in columns)]
            z = sum((one * two for one, two in zip(w, x, strict=True)), Fraction(0))
            fires = z > 0 if strict else z >= 0
            h = outputs[1] if fires else outputs[0]
            error = targets[j] - h
            change = [alpha * error * each for each in x]
            w = [one + two for one, two in zip(w, change, strict=True)]
            rows.append((epoch, j, targets[j], z, h, error, tuple(change), tuple(w)))
            wrong = wrong or error != 0
        if not wrong and epochs is None:
            break
    return rows


def floats(row: tuple[object, ...]) -> tuple[object, ...]:
    """A row of fractions as the nearest floating-point numbers."""

    def of(value: object) -> object:
        return tuple(float(each) for each in value) if isinstance(value, tuple) else float(value)  # type: ignore[arg-type]

    return tuple(of(each) for each in row)


def shown(row: RuleRow) -> tuple[object, ...]:
    return (row.epoch, row.example, row.y, row.z, row.h, row.error, row.change, row.w)


SETTINGS = [
    pytest.param(*each, id="-".join(str(one) for one in each))
    for each in product(["AND", "OR"], [False, True], ["1", "0.5", "0.1"], [(0, 1), (-1, 1)], [False, True])
]


def test_there_are_48() -> None:
    assert len(SETTINGS) == 48


@pytest.mark.parametrize(("gate", "strict", "rate", "outputs", "backwards"), SETTINGS)
def test_the_48_traces(gate: str, strict: bool, rate: str, outputs: tuple[int, int], backwards: bool) -> None:
    """Every number of every row is the float nearest to the exact one."""
    bits = AND if gate == "AND" else OR
    targets = bits if outputs == (0, 1) else signs(bits)
    order = REVERSED if backwards else [0, 1, 2, 3]
    rows = perceptron_trace(X, targets, rate=float(rate), strict=strict, outputs=outputs, order=order)
    exact = blackboard(X, targets, rate, strict, outputs, order, "000")
    assert [shown(row) for row in rows] == [floats(each) for each in exact]
    assert mistakes(rows)[-1] == 0 and all(mistakes(rows)[:-1])


@pytest.mark.parametrize(
    ("targets", "strict", "rate", "epoch", "weights", "changes"),
    [
        (AND, False, 1.0, 6, (-3, 2, 1), 11),
        (AND, False, 0.5, 6, (-1.5, 1, 0.5), 11),
        (AND, False, 0.1, 6, (-0.3, 0.2, 0.1), 11),
        (OR, False, 1.0, 4, (-1, 1, 1), 5),
        (AND, True, 1.0, 6, (-2, 2, 1), None),
        (OR, True, 1.0, 4, (0, 1, 1), None),
    ],
)
def test_the_figures_of_lesson_06(
    targets: list[int], strict: bool, rate: float, epoch: int, weights: tuple[float, ...], changes: int | None
) -> None:
    rows = perceptron_trace(X, targets, rate=rate, strict=strict)
    assert (rows[-1].epoch, rows[-1].w) == (epoch, weights)
    assert changes is None or sum(any(row.change) for row in rows) == changes


def test_plain_floating_point_would_lead_elsewhere() -> None:
    """The trap: −0.2 + 0.2 is −2.8e-17 there, and AND seems to be learned in epoch 4 at (−0.2, 0.2, 0.1)."""
    w, epoch, wrong = [0.0, 0.0, 0.0], 0, True
    while wrong:
        epoch, wrong = epoch + 1, False
        for j in range(4):
            x = [1.0, float(X[0][j]), float(X[1][j])]
            error = AND[j] - float(w[0] * x[0] + w[1] * x[1] + w[2] * x[2] >= 0)
            w = [each + 0.1 * error * value for each, value in zip(w, x, strict=True)]
            wrong = wrong or error != 0
    assert (epoch, [round(each, 9) for each in w]) == (4, [-0.2, 0.2, 0.1])
    assert perceptron_trace(X, AND, rate=0.1)[-1].epoch == 6


@pytest.mark.parametrize("rate", ["0.1", "0.2", "0.3", "0.7", "0.01"])
@pytest.mark.parametrize("start", [("0", "0", "0"), ("0.1", "-0.3", "0.2"), ("-0.7", "0.6", "0.1")])
def test_decimal_rates_and_starts_stay_on_the_blackboard(rate: str, start: tuple[str, ...]) -> None:
    for targets, strict, order in product([AND, OR, XOR], [False, True], [[0, 1, 2, 3], REVERSED]):
        rows = perceptron_trace(
            X, targets, rate=float(rate), strict=strict, order=order, epochs=12,
            start=[float(each) for each in start],
        )  # fmt: skip
        exact = blackboard(X, targets, rate, strict, (0, 1), order, start, 12)
        assert [shown(row) for row in rows] == [floats(each) for each in exact]


def test_only_mistakes_teach() -> None:
    """A step adds or takes away the input itself, and nothing happens where it is right."""
    rows = perceptron_trace(X, AND, rate=0.5)
    before = (0.0, 0.0, 0.0)
    for row in rows:
        expected = tuple(0.5 * row.error * each for each in (1.0, *row.x))
        assert row.change == pytest.approx(expected, abs=1e-15)
        assert row.w == tuple(one + two for one, two in zip(before, expected, strict=True))
        before = row.w
    assert {row.error for row in rows} == {-1.0, 0.0, 1.0}


def test_from_zeros_the_rate_only_scales() -> None:
    one, tenth = perceptron_trace(X, AND), perceptron_trace(X, AND, rate=0.1)
    assert [row.h for row in one] == [row.h for row in tenth]
    for large, small in zip(one, tenth, strict=True):
        assert small.w == pytest.approx([0.1 * each for each in large.w], abs=1e-14)


def test_the_figures_of_lesson_07() -> None:
    """Other codes, another order: other lines, all of them right."""
    back = perceptron_trace(X, AND, order=REVERSED)
    assert (back[-1].epoch, back[-1].w) == (8, (-3, 1, 2))
    both = perceptron_trace(BIPOLAR, signs(AND), outputs=(-1, 1), rate=0.5)
    assert (both[-1].epoch, both[-1].w) == (2, (-1, 1, 1))
    plain = perceptron_trace(X, AND)
    coded = perceptron_trace(X, signs(AND), outputs=(-1, 1), rate=0.5)
    assert [row.w for row in coded] == [row.w for row in plain], "−1 and +1 make steps of twice the size"
    assert [row.h > 0 for row in coded] == [row.h > 0 for row in plain]
    assert {row.error for row in coded} == {-2.0, 0.0, 2.0}


def test_the_figures_of_lesson_08() -> None:
    """XOR goes round in a circle, and never are all four right."""
    rows = perceptron_trace(X, XOR, epochs=20)
    ends = end_of_epochs(rows)
    assert ends[0] == (-1, -1, 0) and set(ends[1:]) == {(0, -1, 0)}
    for row in rows:
        right = sum(
            (row.w[0] + row.w[1] * X[0][j] + row.w[2] * X[1][j] >= 0) == bool(XOR[j]) for j in range(4)
        )
        assert right <= 3
    assert len(perceptron_trace(X, XOR)) == 400, "without an end it stops after 100 epochs"


def test_14_of_16_functions_of_two_inputs_and_104_of_256_of_three() -> None:
    done = [mistakes(perceptron_trace(X, bits, epochs=12))[-1] == 0 for bits in product([0, 1], repeat=4)]
    assert done.count(True) == 14
    assert not done[0b0110] and not done[0b1001], "XOR and XNOR"
    cube = np.array(list(product([0, 1], repeat=3))).T
    halves = ((0, *rest) for rest in product([0, 1], repeat=7))
    done = [mistakes(perceptron_trace(cube, bits, epochs=12))[-1] == 0 for bits in halves]
    assert 2 * done.count(True) == 104, "a line for a function is a line for its opposite"


def test_the_comparison_matters_at_zero_and_the_threshold_is_minus_the_bias() -> None:
    """Lesson L04: with zeros the very first example has z = 0."""
    bias, strict = perceptron_trace(X, OR), perceptron_trace(X, OR, strict=True)
    assert (bias[0].z, bias[0].h, strict[0].z, strict[0].h) == (0.0, 1.0, 0.0, 0.0)
    assert [row.threshold for row in bias] == [-row.w[0] for row in bias]
    assert math.copysign(1.0, perceptron_trace(X, [1, 1, 1, 1])[0].threshold) == 1.0, "no −0"


def test_another_start_another_line() -> None:
    one, two = perceptron_trace(X, AND), perceptron_trace(X, AND, start=(-1.0, 0.5, 2.0))
    assert one[-1].w != two[-1].w
    assert mistakes(one)[-1] == mistakes(two)[-1] == 0


@pytest.mark.parametrize("rate", ["0.1", "0.5"])
def test_the_delta_rule_in_fractions(rate: str) -> None:
    """Identity: w := w + α (y − z) x, exactly, for three epochs."""
    alpha, w = Fraction(rate), [Fraction(0)] * 3
    rows = iter(delta_trace(X, AND, rate=float(rate), epochs=3))
    for epoch in range(1, 4):
        for j in range(4):
            x = [Fraction(1), Fraction(X[0][j]), Fraction(X[1][j])]
            a = sum((one * two for one, two in zip(w, x, strict=True)), Fraction(0))
            change = [alpha * (AND[j] - a) * each for each in x]
            w = [one + two for one, two in zip(w, change, strict=True)]
            row = next(rows)
            assert (row.epoch, row.example) == (epoch, j)
            assert (row.z, row.h) == pytest.approx((float(a), float(a)), abs=1e-14)
            assert row.error == pytest.approx(float(AND[j] - a), abs=1e-14)
            assert row.change == pytest.approx([float(each) for each in change], abs=1e-14)
            assert row.w == pytest.approx([float(each) for each in w], abs=1e-14)
    assert next(rows, None) is None


def test_the_delta_rule_of_a_sigmoid_has_its_slope() -> None:
    w = [0.2, -0.1, 0.4]
    for row in delta_trace(X, OR, rate=0.7, activation="sigmoid", start=w, order=REVERSED, epochs=2):
        z = w[0] + w[1] * row.x[0] + w[2] * row.x[1]
        a = 1.0 / (1.0 + math.exp(-z))
        change = [0.7 * (row.y - a) * a * (1.0 - a) * each for each in (1.0, *row.x)]
        w = [one + two for one, two in zip(w, change, strict=True)]
        assert (row.z, row.h) == pytest.approx((z, a), abs=1e-14)
        assert row.w == pytest.approx(w, abs=1e-14)
        assert row.change == pytest.approx(change, abs=1e-14)


def test_what_does_not_fit_is_refused() -> None:
    for settings in (
        {"Y": [0, 1, 2, 1]}, {"Y": signs(AND)}, {"Y": AND, "outputs": (-1, 1)}, {"Y": [0, 1]},
        {"Y": AND, "order": [0, 1, 2]}, {"Y": AND, "order": [0, 1, 2, 2]}, {"Y": AND, "start": [0.0]},
        {"Y": AND, "outputs": (0, 2)},
    ):  # fmt: skip
        with pytest.raises(DataError, match=r"\.$"):
            perceptron_trace(X, **settings)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="features × examples"):
        perceptron_trace([0, 1], [0, 1])
    with pytest.raises(DocumentError, match="identity or the sigmoid"):
        delta_trace(X, AND, activation="tanh")
