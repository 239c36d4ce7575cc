"""The equation of the whole batch, and examples as rows: shapes, numbers, what is known, the NumPy line."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.core.notation import as_text
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.data_of import data_of
from engine.document import Document
from engine.learned import Learned
from engine.samples import mlp
from engine.trace import Trace
from gui.settings import EXAMPLES_AS_ROWS, WHOLE_BATCH, Settings
from gui.theme import load_theme
from gui.walkthrough.arrangement import Arrangement
from gui.walkthrough.blocks.equation import EquationBlock
from gui.walkthrough.formula import FormulaView
from gui.walkthrough.page import Code, Equation, Grid, Operand, Option, Switch
from gui.walkthrough.story import Story
from gui.workspace import Workspace

XOR = mlp(2, 4, 1, hidden="sigmoid")
CLASSES = mlp(4, 3, 3, output="softmax", loss=Spec("cross_entropy"), data=Spec("iris"))
SQUARES = mlp(2, 3, 2, 1, hidden="tanh", output="identity", loss=Spec("mse"), optimizer=Spec("momentum"))
DOCUMENTS = {"xor": XOR, "classes": CLASSES, "squares": SQUARES}
ALL = [Arrangement(whole, rows) for whole in (False, True) for rows in (False, True)]


def traced(document: Document, some_learned: Callable[..., Learned], m: int = 4) -> Trace:
    return Trace(document, data_of(document), some_learned(document), np.arange(m))


def equation_of(trace: Trace, number: int, arranged: Arrangement) -> Equation | None:
    page = Story(trace, arranged=arranged).of_step(number)
    return next((part for part in page.parts if isinstance(part, Equation)), None)


def step_of(trace: Trace, owner: str, array: str, example: int | None, index: tuple[int, ...] = (0,)) -> int:
    number = trace.number_of(owner, array, index, example)
    assert number is not None
    return number


def numbers(grid: Grid) -> Array:
    values = [[grid.value(i, j) for j in range(grid.columns)] for i in range(grid.rows)]
    return np.array([[np.nan if each is None else each for each in row] for row in values])


def grids(equation: Equation) -> list[Grid]:
    return [each.grid for each in equation.items if isinstance(each, Operand) and each.grid is not None]


def test_the_batch_stands_as_on_the_blackboard(some_learned: Callable[..., Learned]) -> None:
    trace = traced(XOR, some_learned)
    at = step_of(trace, "hidden", "z", 2, (1,))
    equation = equation_of(trace, at, Arrangement(whole=True))
    assert equation is not None
    assert equation.as_text() == "Z[1] (4×4) = W[1] (4×2) X (2×4) + b[1] (4×1)"
    Z, W, X, b = grids(equation)
    z = trace.arrays["hidden", "z"]
    shown = numbers(Z)
    assert shown[:, :2] == pytest.approx(z[:, :2]) and shown[:2, 2] == pytest.approx(z[:2, 2])
    assert np.isnan(shown[2:, 2]).all() and np.isnan(shown[:, 3]).all()
    assert [as_text(Z.column_heads(k)) for k in range(4)] == ["z[1](1)", "z[1](2)", "z[1](3)", "z[1](4)"]
    assert [as_text(X.column_heads(k)) for k in range(4)] == ["x(1)", "x(2)", "x(3)", "x(4)"]
    assert (Z.column, X.column, Z.active) == (2, 2, (1, 2))
    assert [b.ghost(0, j) for j in range(4)] == [False, True, True, True]
    locked = {as_text(each.symbol) for each in equation.items if isinstance(each, Operand) and each.locked}
    assert locked == {"W[1]", "b[1]"}
    assert numbers(W) @ numbers(X) + numbers(b) == pytest.approx(z)


def test_rows_transpose_the_equation(some_learned: Callable[..., Learned]) -> None:
    trace = traced(XOR, some_learned)
    at = step_of(trace, "hidden", "z", 1)
    one, whole = (equation_of(trace, at, Arrangement(each, rows=True)) for each in (False, True))
    assert one is not None and whole is not None
    assert one.as_text() == "z[1] (1×4) = x (1×2) W[1]ᵀ (2×4) + b[1]ᵀ (1×4)"
    assert whole.as_text() == "Z[1] (4×4) = X (4×2) W[1]ᵀ (2×4) + b[1]ᵀ (1×4)"
    Z, X, W, b = grids(whole)
    assert numbers(X) @ numbers(W) + numbers(b) == pytest.approx(trace.arrays["hidden", "z"].T)
    assert [as_text(Z.row_heads(k)) for k in range(2)] == ["z[1](1)", "z[1](2)"]
    assert Z.row == 1 and [b.ghost(i, 0) for i in range(3)] == [False, True, True]
    gradient = equation_of(trace, step_of(trace, "hidden", "dW.input", 3, (0, 0)), Arrangement(True, True))
    assert gradient is not None and gradient.as_text() == "dW[1] (4×2) = dZ[1]ᵀ (4×4) X (4×2)"


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("arranged", ALL, ids=str)
def test_every_equation_of_matrices_is_true(
    name: str, arranged: Arrangement, some_learned: Callable[..., Learned]
) -> None:
    """Multiplied and added as the symbols stand, the matrices give the left side."""
    trace = traced(DOCUMENTS[name], some_learned)
    checked = 0
    for number in range(len(trace)):
        step = trace[number]
        head = step.target.array.partition(".")[0]
        if step.position or head not in {"z", "da", "dW"}:
            continue
        page = Story(trace, arranged=arranged).of_number(step.target)
        equation = next((part for part in page.parts if isinstance(part, Equation)), None)
        if equation is None or len(grids(equation)) < 3:
            continue
        left, *factors = [each for each in equation.items if not isinstance(each, Operand) or each.grid]
        assert isinstance(left, Operand) and left.grid is not None
        total, product = 0.0, None
        for item in [*factors[1:], None]:
            if isinstance(item, Operand) and item.grid is not None:
                product = numbers(item.grid) if product is None else product @ numbers(item.grid)
                assert item.grid.broadcast or item.shape == (item.grid.rows, item.grid.columns)
            elif product is not None:
                total, product = total + product, None
        assert numbers(left.grid) == pytest.approx(total, abs=1e-12), equation.as_text()
        checked += 1
    assert checked > 10


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("rows", [False, True])
def test_the_printed_line_of_numpy_gives_the_array(
    name: str, rows: bool, some_learned: Callable[..., Learned]
) -> None:
    """Every line of a dense layer, run on the arrays of the trace as they lie in that arrangement."""
    trace = traced(DOCUMENTS[name], some_learned)
    done: set[tuple[str, str]] = set()
    for number in range(len(trace)):
        target = trace[number].target
        head = target.array.partition(".")[0]
        if target.owner == "loss" or (target.owner, target.array) in done or head.startswith("new "):
            continue
        page = Story(trace, arranged=Arrangement(rows=rows)).of_step(number)
        (code,) = [part.text for part in page.parts if isinstance(part, Code)]
        if "loss_prime" in code or head not in {"z", "a", "slope", "dz", "da", "dW", "db"}:
            continue
        name_of, given = names(trace, target.owner, head, rows)
        name_of = code.partition(" =")[0] if head == "slope" else name_of
        exec(code, given)  # noqa: S102
        expected = trace.arrays[target.owner, target.array]
        expected = expected.T if rows and head not in {"dW", "db"} else expected
        assert given[name_of] == pytest.approx(expected, abs=1e-12), code
        assert given[name_of].shape == expected.shape, code
        done.add((target.owner, target.array))
    assert {array.partition(".")[0] for _, array in done} >= {"z", "a", "dz", "da", "dW", "db"}


def names(trace: Trace, owner: str, head: str, rows: bool) -> tuple[str, dict[str, object]]:
    """What the names in a line mean, and which of them it sets."""
    last = owner == trace.network.output.layer.id
    sent = head == "da" and not last
    place = trace.network.places[owner]
    if sent:
        place = next(p for p in trace.network.places.values() if any(q.source == owner for q in p.inputs))
    turned = (lambda array: array.T) if rows else (lambda array: array)
    port = place.inputs[0]
    given: dict[str, object] = {"np": np, "m": trace.m, "W": trace.arrays[place.id, f"W.{port.source}"]}
    given["b"], given["a_prev"] = trace.arrays[place.id, "b"], turned(port.a)
    given["y"] = turned(trace.arrays["loss", "y"])
    for array in ("z", "a", "da", "dz", "slope"):
        if (place.id, array) in trace.arrays:
            given[array] = turned(trace.arrays[place.id, array])
    given["g_prime"] = lambda _: given["slope"]
    return {"slope": "g_prime", "da": "da_prev" if sent else "da"}.get(head, head), given


def test_long_batches_are_cut_around_the_example(qtbot: QtBot, some_learned: Callable[..., Learned]) -> None:
    from gui.walkthrough.sheet import Sheet

    document = mlp(2, 3, 1, data=Spec("moons"))
    trace = traced(document, some_learned, 60)
    at = step_of(trace, "hidden", "z", 30)
    sheet = Sheet(load_theme())
    sheet.set_column(320)
    sheet.show_page(Story(trace, arranged=Arrangement(whole=True)).of_step(at))
    shown = {spot.ref.example for spot in sheet.spots if getattr(spot.ref, "array", "") == "a"}
    assert {29, 30, 31} <= shown and len(shown) < 12
    assert all(block.height < 900 for block, _ in sheet.blocks)


def test_the_switch_is_clicked_and_kept(
    walking: Callable[..., Workspace], qtbot: QtBot, tmp_path: object
) -> None:
    workspace = walking(XOR)
    settings = Settings(tmp_path / "settings.ini")  # type: ignore[operator]
    view = FormulaView(workspace)
    qtbot.addWidget(view)
    view.keep_in(settings)
    view.resize(360, 900)
    view.show()
    qtbot.waitUntil(lambda: any(isinstance(part, Switch) for part in view.page.parts))
    assert "[one example] | whole batch" in view.page.as_text() and "Z[1]" not in view.page.as_text()
    spot = next(each for each in view.sheet.spots if isinstance(each.ref, Option))
    QTest.mouseClick(view.sheet, Qt.MouseButton.LeftButton, pos=spot.rect.center().toPoint())
    assert settings.get(WHOLE_BATCH) is True
    assert "Z[1] (4×4) = W[1] (4×2) X (2×4)" in view.page.as_text()
    settings.set(EXAMPLES_AS_ROWS, True)
    assert "Z[1] (4×4) = X (4×2) W[1]ᵀ (2×4)" in view.page.as_text()
    assert "z = a_prev @ W.T + b.T" in view.page.as_text()
    view.sheet.setFocus()
    places = [each for each in view.sheet.spots if isinstance(each.ref, Option)]
    for _ in range(200):
        QTest.keyClick(view.sheet, Qt.Key.Key_Down)
        if view.sheet._marked == view.sheet.spots.index(places[0]):
            break
    QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert settings.get(WHOLE_BATCH) is False


@pytest.mark.parametrize("width", [260, 300, 480])
def test_numbers_stay_in_a_narrow_panel(
    width: int, qtbot: QtBot, some_learned: Callable[..., Learned]
) -> None:
    trace = traced(mlp(2, 8, 8, 1, data=Spec("moons")), some_learned, 60)
    for index in ((0,), (4,), (7,)):
        equation = equation_of(trace, step_of(trace, "hidden2", "z", 30, index), Arrangement(whole=True))
        assert equation is not None
        block = EquationBlock(equation, width, load_theme())
        assert block.with_grids
        assert max(spot.rect.right() for spot in block.spots) <= width + 1
