"""The un-vectorised loops stand below the line of NumPy, with the place of the walk marked in them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from engine.core.expressions import Product, Ref
from engine.data_of import data_of
from engine.document import Document
from engine.learned import Learned
from engine.samples import mlp
from engine.trace import Trace
from gui.theme import load_theme
from gui.walkthrough.blocks.loops import LoopsBlock
from gui.walkthrough.page import Loops
from gui.walkthrough.sheet import Sheet
from gui.walkthrough.story import Story

XOR = mlp(2, 4, 1, hidden="sigmoid")


@pytest.fixture
def trace(some_learned: Callable[..., Learned]) -> Trace:
    return traced(XOR, some_learned)


def traced(document: Document, some_learned: Callable[..., Learned]) -> Trace:
    return Trace(document, data_of(document), some_learned(document), np.arange(3))


def loops_at(trace: Trace, number: int) -> tuple[str, str]:
    """The loops of a step, and their line that is done now."""
    (part,) = [each for each in Story(trace).of_step(number).parts if isinstance(each, Loops)]
    assert part.line is not None
    return part.text, part.text.split("\n")[part.line].strip()


def test_the_loops_of_z_as_the_lecture_writes_them(trace: Trace) -> None:
    last = trace.number_of("hidden", "z", (2,), 1)
    assert last is not None
    first = last - trace[last].of + 1
    product, line = loops_at(trace, first + 1)
    assert isinstance(trace[first + 1].term, Product)
    assert product.split("\n") == [
        "for e in range(3):  # here e = 1",
        "    for i in range(4):  # here i = 2",
        "        z[i, e] = b[i, 0]",
        "        for j in range(2):  # here j = 1",
        "            z[i, e] += W[i, j] * a_prev[j, e]",
    ]
    assert line == "z[i, e] += W[i, j] * a_prev[j, e]"
    assert isinstance(trace[last].term, Ref)
    assert loops_at(trace, last)[1] == "z[i, e] = b[i, 0]"


def test_every_step_of_an_update_has_loops(trace: Trace) -> None:
    for number in range(len(trace)):
        if trace[number].target.array != "L":
            assert loops_at(trace, number)[1], trace[number]
    text, line = loops_at(trace, len(trace) - 1)
    assert "alpha = 0.5" in text and line == "b[i, j] = b[i, j] - alpha * db[i, j]"


def test_an_activation_and_the_share_of_an_example(trace: Trace) -> None:
    at = trace.number_of("hidden", "a", (3,), 2)
    share = trace.number_of("hidden", "dW.input", (3, 1), 2)
    assert at is not None and share is not None
    assert loops_at(trace, at)[1] == "a[i, e] = 1 / (1 + exp(-z[i, e]))"
    text, line = loops_at(trace, share)
    assert line == "dW[i, j] += dz[i, e] * a_prev[j, e]"
    assert "for e in range(3):  # here e = 2" in text and "for i in range(4):  # here i = 3" in text


@pytest.mark.parametrize("column", [220, 320, 700])
def test_no_line_is_cut_off(column: int, trace: Trace, qapp: QApplication) -> None:
    sheet = Sheet(load_theme())
    sheet.set_column(column)
    for number in range(0, len(trace), 9):
        sheet.show_page(Story(trace).of_step(number))
        for block, _ in sheet.blocks:
            if isinstance(block, LoopsBlock):
                assert max(block.widths) <= block.room + 1
