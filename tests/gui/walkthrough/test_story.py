"""Every step of whole updates has a page that says its number, in words, symbols, numbers and code."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from engine.core.expressions import Product, Sum
from engine.core.notation import STROKE
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document, edits
from engine.learned import Learned, fresh, frozen
from engine.samples import mlp
from engine.trace import Trace
from gui.theme import load_theme
from gui.walkthrough.blocks.lines import LinesBlock
from gui.walkthrough.page import Code, Equation, Heading, Lines, Page
from gui.walkthrough.sheet import Sheet
from gui.walkthrough.story import Story
from gui.walkthrough.sums import Gap, gap_text, shown


def traced(document: Document, m: int, steps: int = 0) -> Trace:
    from engine.trainer import Trainer

    data = data_of(document)
    learned = fresh(document)
    if steps:
        trainer = Trainer(document, data, learned)
        trainer.advance(steps)
        learned = trainer.learned
    return Trace(document, data, learned, np.arange(m))


def by_hand() -> Trace:
    """2-4-1 with the weights of the lecture, on x = (1, 2), y = 1."""
    from engine.datasets.base import Data, Task

    document = mlp(2, 4, 1, hidden="sigmoid")
    given = {
        "hidden.W.input": frozen(np.array([[0.1, -0.2], [0.4, 0.3], [-0.5, 0.2], [0.3, -0.1]])),
        "hidden.b": frozen(np.array([[0.1], [0.0], [-0.1], [0.2]])),
        "output.W.hidden": frozen(np.array([[0.2, -0.4, 0.5, 0.1]])),
        "output.b": frozen(np.array([[0.1]])),
    }
    data = Data(np.array([[1.0], [2.0]]), np.array([[1.0]]), ("x1", "x2"), ("y",), Task.BINARY, ("0", "1"))
    return Trace(document, data, Learned(given, given, {}, 0, 0), np.array([0]))


def with_idle() -> Document:
    """2-3-1 whose hidden layer is fed, too, by one that nothing reaches."""
    made = edits.add_layer(mlp(2, 3, 1), spec=Spec("dense"), id="idle", units=2)
    return edits.connect(made, source="idle", target="hidden")


TRACES = {
    "idle": lambda: traced(with_idle(), 2),
    "xor": lambda: traced(mlp(2, 4, 1, hidden="sigmoid"), 4),
    "xor-adam": lambda: traced(mlp(2, 4, 1, optimizer=Spec("adam")), 4, 3),
    "xor-momentum": lambda: traced(mlp(2, 4, 1, hidden="relu", optimizer=Spec("momentum")), 4, 3),
    "classes": lambda: traced(
        mlp(4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris")), 2
    ),
    "squares": lambda: traced(mlp(2, 3, 1, output="sigmoid", loss=Spec("mse")), 1),
    "softmax-squares": lambda: traced(mlp(4, 2, 3, output="softmax", loss=Spec("mse"), data=Spec("iris")), 1),
    "one-input": lambda: traced(mlp(2, 1, output="identity", loss=Spec("mse")), 4),
}


@pytest.fixture
def sheet(qapp: QApplication) -> Sheet:
    return Sheet(load_theme())


def value_texts(story: Story, number: int) -> set[str]:
    step = story.trace[number]
    return {story.writer.digits(step.target)(step.value)}


@pytest.mark.slow
@pytest.mark.parametrize("name", TRACES)
def test_every_step_is_told_with_its_value(name: str, sheet: Sheet) -> None:
    trace = TRACES[name]()
    story = Story(trace)
    sheet.set_column(300)
    for number in range(len(trace)):
        page = story.of_step(number)
        heading, lines, *_ = page.parts
        assert isinstance(heading, Heading) and heading.text and "{" not in heading.text
        assert isinstance(lines, Lines)
        text = page.as_text()
        assert value_texts(story, number) & set(text.split()), text
        assert any(isinstance(part, Code) for part in page.parts), text
        if number % 7 == 0:  # laying out all of them takes its time
            sheet.show_page(page)
            fits(sheet, 300)


@pytest.mark.parametrize("name", ["xor-adam", "classes"])
@pytest.mark.parametrize("column", [220, 300, 600])
def test_pages_fit_their_column(name: str, column: int, sheet: Sheet) -> None:
    trace = TRACES[name]()
    sheet.set_column(column)
    for number in range(0, len(trace), 17):
        sheet.show_page(Story(trace).of_step(number))
        fits(sheet, column)


def fits(sheet: Sheet, column: int) -> None:
    """Blocks below one another, every number inside of its block and of the column, rows aligned."""
    for (one, top), (_, after) in itertools.pairwise(sheet.blocks):
        assert top + one.height <= after
    for block, top in sheet.blocks:
        inside = QRectF(-3, -3, column, block.height + 6)
        assert all(inside.contains(spot.rect) for spot in block.spots), (top, sheet.page.as_text())
        if isinstance(block, LinesBlock):
            rows = [(made, x, y) for made, x, y in block.rows]
            for (made, _, y), (_, _, following) in itertools.pairwise(rows):
                assert following >= y or following + 60 > y + made.height
            signs = [x + made.width / 2 for made, x, _ in rows if abs(x + made.width / 2 - block.sign_x) < 1]
            assert len(signs) >= 1


def test_the_hand_calculated_numbers_are_on_the_page() -> None:
    trace = by_hand()
    story = Story(trace)
    page = story.of_step(1)
    assert page.as_text().splitlines()[:1] == ["Layer 1, neuron 1: multiply weight and input"]
    assert "w[1]_{1,2}·x_2 = −0.4" in page.as_text()
    assert "Σ = 0.1 − 0.4 = −0.3" in page.as_text()
    assert "Σ = −0.3" in story.of_step(2).as_text()
    assert story.of_step(3).as_text().count("−0.2") >= 2
    assert "≈ 0.4502" in story.of_step(4).as_text()


def test_the_general_equation_has_shapes() -> None:
    text = Story(by_hand()).of_step(0).as_text()
    assert "z[1] (4×1) = W[1] (4×2) x (2×1) + b[1] (4×1)" in text
    trace = by_hand()
    gradient = next(n for n in range(len(trace)) if trace[n].target.array == "dW.hidden")
    assert "dW[2] (1×4) = dz[2] (1×1) a[1]ᵀ (1×4)" in Story(trace).of_step(gradient).as_text()
    blame = next(
        n for n in range(len(trace)) if trace[n].target.owner == "hidden" and trace[n].kind == "blame"
    )
    assert "da[1] (4×1) = W[2]ᵀ (4×1) dz[2] (1×1)" in Story(trace).of_step(blame).as_text()


def test_the_fused_error_is_derived_with_both_factors() -> None:
    trace = by_hand()
    number = next(n for n in range(len(trace)) if trace[n].target.key[:2] == ("output", "dz"))
    text = Story(trace).of_step(number).as_text()
    assert "dz[2]_1 = a[2]_1 − y" in text
    assert "≈ 0.5449 − 1" in text
    assert "Where does a − y come from?" in text and "cancel" not in text
    opened = Story(trace, opened={"chain rule": 1}).of_step(number).as_text()
    assert "≈ −1.835" in opened and "≈ 0.248" in opened and "cancel" not in opened
    whole = Story(trace, opened={"chain rule": 9}).of_step(number).as_text()
    assert "(1 − y)·a[2]_1 − y·(1 − a[2]_1)" in whole and "≈ 0.5449 − 1 ≈ −0.4551" in whole
    assert whole.count(STROKE) > 8 and "has cancelled" in whole


def test_an_update_assigns_and_shows_old_and_new() -> None:
    trace = by_hand()
    number = next(n for n in range(len(trace)) if trace[n].kind == "update")
    text = Story(trace).of_step(number).as_text()
    assert "w[1]_{1,1} := w[1]_{1,1} − α·dw[1]_{1,1}" in text
    assert "old value 0.1, slope ∂ −0.02253, step ↑ 0.01126, new value 0.1113" in text
    assert "W = W - alpha * dW" in text


@pytest.mark.parametrize(("rate", "beta1"), [(0.9, 0.9), (1.0, 0.9), (0.1, 0.5)])
def test_letters_stand_for_the_settings_even_where_these_are_equal(rate: float, beta1: float) -> None:
    adam = Spec.of("adam", learning_rate=rate, beta1=beta1)
    trace = traced(mlp(2, 2, 1, optimizer=adam), 4)
    symbols = {}
    for number in range(len(trace)):
        step = trace[number]
        if step.kind in {"memory", "update"} and step.target.key[2] == (0, 0) and len(symbols) < 3:
            symbols[step.target.array] = Story(trace).of_step(number).parts[1].rows[0].as_text()
    memory, square, update = symbols.values()
    assert "β₁·m" in memory and "(1 − β₁)" in memory
    assert "β₂·v" in square and "(1 − β₂)" in square
    assert "− α·(m" in update and "/(1 − β₁^1)" in update and "+ ε" in update


def test_the_mean_shows_the_share_of_every_example() -> None:
    trace = TRACES["xor"]()
    number = next(n for n in range(len(trace)) if trace[n].kind == "average")
    text = Story(trace).of_step(number).as_text()
    assert "1/m·(dw[1](1)_{1,1} + dw[1](2)_{1,1} + dw[1](3)_{1,1} + dw[1](4)_{1,1})" in text


def test_numbers_that_are_not_reached_yet_stay_blank() -> None:
    trace = TRACES["xor-adam"]()
    means = [n for n in range(len(trace)) if trace[n].target.array == "mean dW.input"]
    for place, number in enumerate(means[:3]):
        equation = next(part for part in Story(trace).of_step(number).parts if isinstance(part, Equation))
        grid = equation.items[0].grid
        filled = [grid.value(i, j) is not None for i in range(4) for j in range(2)]
        assert filled == [True] * (place + 1) + [False] * (7 - place)


def test_a_zero_gradient_says_why() -> None:
    trace = TRACES["xor"]()
    number = next(n for n in range(len(trace)) if trace[n].kind == "gradient" and trace[n].value == 0.0)
    assert "Why 0? Because the input is 0 in this example: x_1 = 0." in Story(trace).of_step(number).as_text()


def test_numbers_lead_down_to_what_is_given() -> None:
    trace = by_hand()
    story = Story(trace)
    assert "the data" in story.of_number(trace.ref("input", "a", (0,), 0)).as_text()
    assert "first value" in story.of_number(trace.ref("hidden", "W.input", (0, 0), None)).as_text()
    assert "target" in story.of_number(trace.ref("loss", "y", (0,), 0)).as_text()
    page = story.of_number(trace.ref("hidden", "a", (1,), 0))
    assert "Layer 1, neuron 2: the activation a" in page.as_text()
    assert "0.7311" in page.as_text()


def test_every_number_that_is_shown_can_be_explained_down_to_the_ground() -> None:
    from engine.core.expressions import references

    trace = TRACES["xor-adam"]()
    story = Story(trace)
    waiting = [trace[len(trace) - 1].target]
    seen = set()
    while waiting:
        ref = waiting.pop()
        if ref.key in seen:
            continue
        seen.add(ref.key)
        assert story.of_number(ref).as_text()
        if trace.explained(ref):
            waiting += list(references(trace.cell(ref)))
    assert {"input", "loss", "hidden", "output"} <= {owner for owner, *_ in seen}


def test_long_sums_are_shortened_around_the_active_term() -> None:
    assert shown(12, None) == list(range(12))
    places = shown(784, 400)
    kept = [each for each in places if isinstance(each, int)]
    assert {0, 1, 2, 3, 399, 400, 401, 783} <= set(kept)
    assert len(kept) + sum(len(each) for each in places if isinstance(each, range)) == 784
    assert "376" in gap_text(376) and gap_text(376).startswith("…")


def test_a_wide_layer_is_shortened_on_the_page_and_shows_more(sheet: Sheet) -> None:
    from engine.datasets.base import Data, Task

    rng = np.random.default_rng(1)
    document = mlp(200, 2, 1)
    data = Data(rng.normal(size=(200, 1)), np.ones((1, 1)), ("x",) * 200, ("y",), Task.BINARY, ("0", "1"))
    trace = Trace(document, data, fresh(document), np.array([0]))
    page = Story(trace).of_step(100)
    assert "more terms" in page.as_text()
    sheet.set_column(320)
    sheet.show_page(page)
    assert any(isinstance(spot.ref, Gap) for spot in sheet.spots)
    more = Story(trace, 48).of_step(100)
    assert len(more.as_text()) > len(page.as_text())
    assert isinstance(trace[100].expression, Sum) and isinstance(trace[100].expression.terms[0], Product)


def test_numbers_beyond_all_bounds_are_named() -> None:
    document = mlp(1, 1, output="identity", loss=Spec("mse"), data=Spec("xor"))
    from engine.datasets.base import Data, Task

    huge = {
        "output.W.input": frozen(np.array([[1e308]])),
        "output.b": frozen(np.array([[1e308]])),
    }
    data = Data(np.array([[10.0]]), np.array([[0.0]]), ("x",), ("y",), Task.REGRESSION)
    with np.errstate(all="ignore"):
        trace = Trace(document, data, Learned(huge, huge, {}, 0, 0), np.array([0]))
        last = next(n for n in range(len(trace)) if trace[n].target.array == "a")
        assert math.isinf(trace[last].value)
        assert "Too large" in Story(trace).of_step(last).as_text()


def test_a_page_is_the_same_for_the_same_step() -> None:
    trace = by_hand()
    first, again = Story(trace).of_step(3), Story(trace).of_step(3)
    assert first.as_text() == again.as_text()
    assert isinstance(first, Page)
    assert any(isinstance(part, Equation) for part in first.parts)
