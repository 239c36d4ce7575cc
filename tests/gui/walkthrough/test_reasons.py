"""Questions on the page that open by mouse and key, slopes in their colour, roots of zeros, 1/m."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.expressions import Ref, evaluate
from engine.core.notation import STROKE
from engine.core.spec import Spec
from engine.core.steps import Step
from engine.data_of import data_of
from engine.document import Document, edits
from engine.learned import fresh
from engine.samples import mlp
from engine.trace import Trace
from gui.theme import load_theme
from gui.walkthrough.folded import Folded, Opener, Sentence
from gui.walkthrough.formula import FormulaView
from gui.walkthrough.passages.one_over_m import divided
from gui.walkthrough.sheet import Sheet
from gui.walkthrough.story import Story
from gui.walkthrough.tones import is_slope
from gui.widgets.typeset import Tone
from gui.workspace import Workspace


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Callable[..., FormulaView]]:
    views = []

    def show(workspace: Workspace, width: int = 320, height: int = 700) -> FormulaView:
        view = FormulaView(workspace)
        qtbot.addWidget(view)
        view.resize(width, height)
        view.show()
        qtbot.waitExposed(view)
        views.append(view)
        return view

    yield show
    for view in views:
        view.hide()


def go(workspace: Workspace, owner: str, array: str, nth: int = 0) -> None:
    assert workspace.walk is not None

    def wanted(step: Step) -> bool:
        return (step.target.owner, step.target.array, step.final) == (owner, array, True)

    numbers = [n for n, step in enumerate(workspace.walk.trace) if wanted(step)]
    workspace.walking.go_to(numbers[nth])


def openers(view: FormulaView) -> list[Opener]:
    return [spot.ref for spot in view.sheet.spots if isinstance(spot.ref, Opener)]


def click(view: FormulaView, opener: Opener) -> None:
    spot = view.sheet.spot_of(opener.key)
    assert spot is not None
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())


def test_the_question_opens_line_by_line_under_the_mouse(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    go(workspace, "output", "dz")
    assert STROKE not in view.page.as_text() and "The chain rule" not in view.page.as_text()
    lengths = [len(view.page.as_text())]
    click(view, Opener("chain rule", 1))
    assert "The chain rule:" in view.page.as_text()
    while (more := openers(view)[-1]).stage:
        lengths.append(len(view.page.as_text()))
        click(view, more)
    assert lengths == sorted(set(lengths)) and len(lengths) == 4
    assert "has cancelled" in view.page.as_text() and STROKE in view.page.as_text()
    assert view.sheet.accessibleDescription() == view.page.as_text()
    click(view, Opener("chain rule", 0))
    assert "The chain rule:" not in view.page.as_text()


def test_enter_opens_it_and_goes_on(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace, height=300)
    go(workspace, "output", "dz")
    view.sheet.setFocus()
    bar = view._scroll.verticalScrollBar()
    for _ in range(4):
        QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert "has cancelled" in view.page.as_text()
    assert bar.value() + view._scroll.viewport().height() >= view.sheet.end_of("chain rule"), "out of sight"


def test_what_was_opened_stays_open_from_step_to_step(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    go(workspace, "output", "dz")
    click(view, Opener("chain rule", 1))
    go(workspace, "hidden", "dz")
    assert "The chain rule, from the loss to z through a:" in view.page.as_text()
    workspace.walking.forward()
    workspace.walking.back()
    assert "The chain rule, from the loss to z through a:" in view.page.as_text()


def test_the_derivation_changes_with_the_loss(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView], qtbot: QtBot
) -> None:
    workspace = walking()
    view = shown(workspace)
    go(workspace, "output", "dz")
    click(view, openers(view)[-1])
    while openers(view)[-1].stage:
        click(view, openers(view)[-1])
    assert "Where does a − y come from?" in view.page.as_text() and STROKE in view.page.as_text()
    workspace.walking.leave()
    workspace.editing.edit("loss", edits.set_loss(workspace.document, spec=Spec("mse")))
    workspace.walking.forward()
    qtbot.waitUntil(lambda: workspace.walk is not None and workspace.walk.trace.document.loss == Spec("mse"))
    go(workspace, "output", "dz")
    text = view.page.as_text()
    assert "(a[2]_1 − y)·a[2]_1·(1 − a[2]_1)" in text and "Nothing cancels" in text and STROKE not in text


DOCUMENTS: dict[str, Callable[[], Document]] = {
    "xor": lambda: mlp(2, 4, 1, hidden="sigmoid"),
    "deep": lambda: mlp(2, 3, 2, 1, hidden="relu"),
    "classes": lambda: mlp(4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris")),
    "squares": lambda: mlp(2, 3, 1, loss=Spec("mse"), output="identity"),
}


def traced(name: str, m: int = 4) -> Trace:
    document = DOCUMENTS[name]()
    return Trace(document, data_of(document), fresh(document), np.arange(m))


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("width", [240, 320])
def test_open_pages_fit_and_their_numbers_can_be_clicked(qtbot: QtBot, name: str, width: int) -> None:
    trace, sheet = traced(name, 2), Sheet(load_theme())
    qtbot.addWidget(sheet)
    sheet.set_column(width)
    story = Story(trace, opened={"chain rule": 99, "1/m": 1})
    for number in range(0, len(trace), 3):
        page = story.of_step(number)
        sheet.show_page(page)
        for (block, top), part in zip(sheet.blocks, page.parts, strict=True):
            if isinstance(part, Folded | Sentence):
                rights = [spot.rect.right() for spot in block.spots]
                assert all(right <= width for right in rights), page.as_text()
            assert top + block.height <= sheet.minimumHeight() + 1


def test_slopes_are_green_and_values_are_not(qtbot: QtBot) -> None:
    trace, sheet = traced("xor"), Sheet(load_theme())
    qtbot.addWidget(sheet)
    number = next(n for n in range(len(trace)) if trace[n].kind == "update")
    sheet.show_page(Story(trace).of_step(number))
    tones: dict[bool, set[Tone]] = {True: set(), False: set()}

    def look(node: object, tone: Tone) -> None:
        ref = getattr(node, "ref", None)
        tone = ref if isinstance(ref, Tone) else tone
        if isinstance(ref, Ref):
            tones[is_slope(ref)].add(tone)
        for each in getattr(node, "items", ()):
            look(each, tone)

    for row in sheet.page.parts[1].rows:  # type: ignore[attr-defined]
        look(row.right, Tone.PLAIN)
    assert tones == {True: {Tone.SLOPE}, False: {Tone.PLAIN}}


def test_the_root_of_a_zero_can_be_clicked(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    assert workspace.walk is not None
    numbers = (
        n for n, step in enumerate(workspace.walk.trace) if step.kind == "gradient" and step.value == 0.0
    )
    workspace.walking.go_to(next(numbers))
    (sentence,) = [part for part in view.page.parts if isinstance(part, Sentence) and part.strong]
    assert sentence.as_text().startswith("Why 0? Because the input is 0")
    block = next(
        block for (block, _), part in zip(view.sheet.blocks, view.page.parts, strict=True) if part is sentence
    )
    top = next(top for (one, top) in view.sheet.blocks if one is block)
    spot = next(spot for spot in block.spots if isinstance(spot.ref, Ref))
    margin = view.sheet._theme.space(1.5)
    point = spot.rect.translated(margin, top).center().toPoint()
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=point)
    assert "a feature of the example" in view.page.as_text()


def test_one_over_m_in_both_books(
    walking: Callable[..., Workspace], shown: Callable[..., FormulaView]
) -> None:
    workspace = walking()
    view = shown(workspace)
    go(workspace, "hidden", "mean dW.input", 3)
    assert "The 1/m stands once, here." in view.page.as_text()
    click(view, Opener("1/m", 1))
    assert "divided by m already" in view.page.as_text()
    click(view, Opener("1/m", 0))
    assert "The 1/m stands once, here." in view.page.as_text()


@pytest.mark.parametrize("name", ["xor", "deep", "classes"])
def test_both_books_give_the_same(name: str) -> None:
    from engine.core.expressions import Number, Sum

    trace, checked = traced(name), 0
    for step in trace:
        if step.kind != "average":
            continue
        bare = step.target.array.removeprefix("mean ")
        shares = [
            trace.cell(trace.ref(step.target.owner, bare, step.target.index, k)) for k in range(trace.m)
        ]
        autograd = Sum(tuple(divided(each, Number(float(trace.m))) for each in shares))
        assert evaluate(autograd, trace.lookup) == pytest.approx(step.value, rel=1e-12, abs=1e-15)
        assert evaluate(autograd, trace.lookup) != pytest.approx(
            evaluate(Sum(tuple(shares)), trace.lookup)
        ) or (step.value == 0.0)
        checked += 1
    assert checked > 10


def test_steps_of_the_way_back_say_what_they_take_from_the_cache() -> None:
    trace = traced("xor", 1)
    story = Story(trace)

    def text(owner: str, array: str) -> str:
        number = next(
            n for n in range(len(trace)) if trace[n].target.key[:2] == (owner, array) and trace[n].final
        )
        return story.of_step(number).as_text()

    assert "From the cache: z[1]_1 = " in text("hidden", "slope")
    assert "From the cache: a[1]_1 = " in text("output", "dW.hidden")
    assert "The old weight: none changes before all slopes are known." in text("hidden", "da")
    assert "From the cache" not in text("output", "dz")
    assert "From the cache" not in text("hidden", "z")
