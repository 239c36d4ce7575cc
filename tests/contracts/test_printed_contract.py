"""Every number that the formula page prints is the engine's, to the digits that are shown.

The page of a step is read as it is typeset: every number with a reference, in rows and in matrices, is
parsed back from its text and compared with the cell of the array that the reference names.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import product

import numpy as np
import pytest

from engine.core.expressions import Product, Ref, evaluate
from engine.core.notation import Text, as_text
from engine.trace import Trace
from gui.walkthrough.blocks.equation import DIGITS as IN_MATRICES
from gui.walkthrough.blocks.equation import _text as in_a_cell
from gui.walkthrough.page import Equation, Grid, Line, Lines, Operand, Page
from gui.walkthrough.story import LARGE, Story

IN_ROWS = 4
MOST = 30
"""Steps of a trace whose pages are read."""


def pages(trace: Trace) -> Iterator[tuple[int, Page]]:
    """The pages of the first and last steps of every layer's phases, and of some in between."""
    found, seen = set(), set()
    for start, section in zip(trace.starts, trace.sections, strict=False):
        if (section.phase, section.owner) not in seen:
            seen.add((section.phase, section.owner))
            found |= {start, start + section.count - 1}
    found |= {int(each) for each in np.linspace(0, len(trace) - 1, MOST)}
    story = Story(trace)
    return ((number, story.of_step(number)) for number in sorted(found))


def numbers_in(part: object) -> Iterator[tuple[str, Ref]]:
    """Every text on a page that stands for a cell, with its reference, in whatever part it is."""
    if isinstance(part, Text):
        if part.style == "number" and isinstance(part.ref, Ref):
            yield part.text, part.ref
    elif isinstance(part, tuple):
        for each in part:
            yield from numbers_in(each)
    elif is_dataclass(part) and not isinstance(part, Ref | Grid):
        for each in fields(part):
            yield from numbers_in(getattr(part, each.name))


def lines_of(page: Page) -> Iterator[Line]:
    """The rows of all formulas of a page."""
    for part in page.parts:
        if isinstance(part, Lines):
            yield from part.rows


def grids_of(page: Page) -> Iterator[tuple[str, Ref]]:
    """The numbers in the matrices of a page, as they are written, with what they stand for."""
    for part in page.parts:
        for item in part.items if isinstance(part, Equation) else ():
            if isinstance(item, Operand) and item.grid is not None:
                grid = item.grid
                for i, j in product(ends(grid.rows), ends(grid.columns)):
                    text = in_a_cell(grid.value(i, j))
                    if text:
                        yield text, grid.ref(i, j)


def ends(count: int) -> list[int]:
    """The first and last few of so many."""
    return [k for k in range(count) if min(k, count - 1 - k) < 3]


def in_the_engine(trace: Trace, ref: Ref) -> float:
    """The cell of the array; the share of one example in a gradient by the lecture's formula."""
    array = trace.arrays[ref.owner, ref.array]
    parameter = ref.array.removeprefix("d")
    share = ref.example is not None and f"{ref.owner}.{parameter}" in trace.layout.slots
    if share:
        return evaluate(trace.network.cell(ref.owner, ref.array, ref.index, ref.example), trace.lookup)
    place = ref.index if ref.example is None else (*ref.index, ref.example)
    if (ref.owner, ref.array) == ("loss", "J"):
        place = (0, 0)
    return float(array[place])


def agrees(text: str, value: float, digits: int) -> bool:
    """Whether a text is the value rounded to so many significant digits; noise may read 0."""
    if math.isnan(value) or math.isinf(value):
        return text == ("NaN" if math.isnan(value) else "∞" if value > 0 else "−∞")
    shown = float(text.replace("−", "-"))
    if value == 0.0 or (shown == 0.0 and abs(value) < 1e-12):
        return shown == 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - digits + 1)
    return abs(shown - value) <= 0.5000001 * unit + 1e-12 * abs(value)


@pytest.fixture
def traces(updates: tuple) -> list[Trace]:
    """The last of the updates of each document: memories are not zero there."""
    by_document = {id(update.trace.document): update.trace for update in updates}
    return list(by_document.values())


def test_numbers_in_rows(traces: list[Trace]) -> None:
    for trace in traces:
        seen = 0
        for number, page in pages(trace):
            for text, ref in numbers_in(page):
                if text != "?":
                    value = in_the_engine(trace, ref)
                    assert agrees(text, value, IN_ROWS), (number, ref, text, value)
                    seen += 1
        assert seen > 20


def test_numbers_in_matrices(traces: list[Trace]) -> None:
    for trace in traces:
        for number, page in pages(trace):
            for text, ref in grids_of(page):
                value = in_the_engine(trace, ref)
                assert agrees(text, value, IN_MATRICES), (number, ref, text, value)


def test_results_products_and_sums(traces: list[Trace]) -> None:
    """The large number is what the step found: a cell of an array, a product, or the sum so far."""
    for trace in traces:
        for number, page in pages(trace):
            step = trace[number]
            large = [line for line in lines_of(page) if line.size == LARGE]
            assert len(large) == (1 if step.final or step.kind != "bias" else 0), page.as_text()
            if step.final:
                assert agrees(as_text(large[0].right), in_the_engine(trace, step.target), IN_ROWS)
            elif step.kind == "product" and isinstance(step.term, Product):
                factors = [in_the_engine(trace, each) for each in step.term.factors]  # type: ignore[arg-type]
                assert agrees(as_text(large[0].right), math.prod(factors), IN_ROWS), page.as_text()


def test_no_matrix_gives_away_what_comes_later(traces: list[Trace]) -> None:
    """A cell that a later step calculates is blank."""
    for trace in traces:
        for number, page in pages(trace):
            for _, ref in grids_of(page):
                end = trace.number_of(*ref.key)
                assert end is None or end <= number, (number, ref)
