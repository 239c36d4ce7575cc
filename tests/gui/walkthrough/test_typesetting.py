"""Boxes that do not overlap, lines that fit, and a reference under every symbol."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from engine.core.expressions import Function, Number, Power, Product, Quotient, Ref, Sum, minus
from engine.core.notation import Fence, Fraction, Notation, Row, Script, Text, operator, row
from engine.core.printing import in_symbols
from gui.theme import Theme, load_theme
from gui.widgets.typeset import Tone, Typeset, draw_notation, typeset


def weight(j: int) -> Ref:
    return Ref("hidden", "W.input", (0, j), None, "w", "[1]", f"1,{j + 1}")


def feature(j: int) -> Ref:
    return Ref("input", "a", (j,), 0, "x", "", str(j + 1))


def weighted(count: int) -> Sum:
    return Sum(tuple(Product((weight(j), feature(j))) for j in range(count)))


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return load_theme()


def leaves(made: Typeset) -> list[QRectF]:
    return [spot.rect for spot in made.spots]


def is_apart(made: Typeset) -> bool:
    """No two symbols cover one another."""
    inset = [rect.adjusted(0.5, 0.5, -0.5, -0.5) for rect in leaves(made)]
    return not any(a.intersects(b) for a, b in itertools.combinations(inset, 2))


@pytest.mark.parametrize("count", [1, 3, 9, 20])
@pytest.mark.parametrize("width", [90, 180, 300, 600])
def test_a_sum_is_broken_to_fit_and_nothing_overlaps(theme: Theme, count: int, width: int) -> None:
    made = typeset(in_symbols(weighted(count)), theme, width)
    assert len(made.spots) == 2 * count
    assert is_apart(made)
    whole = QRectF(0, 0, made.width, made.height).adjusted(-1, -1, 1, 1)
    assert all(whole.contains(rect) for rect in leaves(made))
    assert made.width <= width


def test_every_line_after_the_first_begins_with_a_sign(theme: Theme) -> None:
    made = typeset(in_symbols(weighted(9)), theme, 200)
    assert made.lines > 2
    lefts = {round(rect.left()) for rect in leaves(made)}
    assert sum(left == 0 for left in lefts) == 1  # only the very first symbol stands at the left edge


def test_a_sum_in_brackets_is_broken_inside_them(theme: Theme) -> None:
    mean = Product((Number(0.25, "1/4"), weighted(8)))
    made = typeset(in_symbols(mean), theme, 200)
    assert made.lines > 1
    assert made.size == 1.0


def test_what_cannot_be_broken_is_made_smaller(theme: Theme) -> None:
    fraction = Fraction(Text("a" * 30, "italic"), Text("b"))
    made = typeset(fraction, theme, 150)
    assert made.size < 1.0
    assert made.lines == 1


def test_scripts_are_stacked_and_nested_fractions_stand_on_their_line(theme: Theme) -> None:
    above, below = Ref("a", "a", (0,)), Ref("b", "b", (0,))
    script = typeset(Script(Text("w", "italic"), Text("[1]", ref=above), Text("3,2", ref=below)), theme)
    up, down = (spot.rect for spot in script.spots)
    assert abs(up.left() - down.left()) < 0.01
    assert up.bottom() <= down.top() + 0.5
    nested = Fraction(Fraction(Text("1", ref=above), Text("2")), Fraction(Text("3"), Text("4", ref=below)))
    first, last = (spot.rect for spot in typeset(nested, theme).spots)
    assert first.bottom() < last.top()


@pytest.mark.parametrize(
    "expression",
    [
        Quotient(Number(1.0), Sum((Number(1.0), Function("exp", weight(0))))),
        minus(
            weight(0), Product((Number(0.1), Quotient(weight(1), Sum((Function("√", weight(2)), weight(3))))))
        ),
        Power(minus(weight(0), weight(1)), 2),
        Function("abs", Quotient(weight(0), weight(1))),
        Power(Ref("h", "mean dW", (0, 0), None, "∂J/∂w", "[1]", "1,1"), 2),
    ],
)
def test_every_kind_of_notation_has_a_place(theme: Theme, expression: Sum) -> None:
    made = typeset(in_symbols(expression), theme)
    assert made.width > 5
    assert made.height >= 10
    assert is_apart(made)


def test_the_reference_under_a_point_is_the_innermost(theme: Theme) -> None:
    made = typeset(in_symbols(weighted(2)), theme)
    for spot in made.spots:
        assert made.hit(spot.rect.center().x(), spot.rect.center().y()) == spot.ref
    assert made.hit(-5, -5) is None
    assert len(list(made.rects({weight(1).key}))) == 1


def test_the_active_part_has_a_ground_of_its_own(theme: Theme) -> None:
    part = Row((Text("b", "italic"),), Tone.ACTIVE)
    made = typeset(row(Text("a", "italic"), operator("+"), part), theme)
    (pill,) = made.pills
    assert pill.left() > 10
    assert pill.right() <= made.width + 4


def test_digits_are_of_equal_width(theme: Theme) -> None:
    widths = {typeset(Text(digit * 4, "number"), theme).width for digit in "0123456789"}
    assert max(widths) - min(widths) < 0.01


@pytest.mark.parametrize("scale", [1.0, 1.75])
def test_it_grows_with_the_theme_and_paints(qapp: QApplication, scale: float) -> None:
    theme = load_theme("dark", scale)
    formula: Notation = row(
        Text("√"), Fence(in_symbols(weighted(2))), operator("="), Fence(Text("x"), "[", "]")
    )
    image = QImage(600, 80, QImage.Format.Format_RGB32)
    image.fill(theme.colour("panel"))
    blank = image.copy()
    with QPainter(image) as painter:
        made = draw_notation(painter, formula, 5, 50, theme)
        made.paint(painter, 5, 5, theme, {weight(0).key})
    assert image != blank
    assert made.height == pytest.approx(typeset(formula, load_theme()).height * scale, rel=0.1)
