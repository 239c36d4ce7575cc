"""Which synapse is under the mouse, which ones a cut crosses, and how they are drawn."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from engine.document import Connection, Document, edits
from engine.samples import mlp
from gui.editor import labels
from gui.editor.geometry import Geometry, shown_indices
from gui.editor.items.synapse_codes import ABSENT, BROKEN, MOST, STEPS, STRONGEST, codes_of
from gui.editor.sizes import Sizes
from gui.editor.wires import Wires


def wires_of(document: Document, most: int = 12) -> Wires:
    return Wires(Geometry(document, Sizes(1.0, most)))


SKIP = edits.connect(mlp(2, 4, 1), source="input", target="output")


@pytest.mark.parametrize("document", [mlp(2, 4, 1), mlp(3, 5, 5, 2), SKIP], ids=["2-4-1", "3-5-5-2", "skip"])
def test_the_point_on_a_synapse_finds_that_synapse(document: Document) -> None:
    wires = wires_of(document)
    for number in range(len(wires)):
        for t in (0.13, 0.87):
            point = wires.point(number, t)
            found = wires.nearest(point.x(), point.y(), 6.0)
            # where two cross, the other one is as right
            assert found is not None
            there = np.array([point.x(), point.y()])
            nearest = min(
                math.dist(there, (p.x(), p.y()))
                for p in (wires.point(found, s) for s in np.linspace(0, 1, 100))
            )
            assert found == number or nearest < 3.5


def test_beyond_the_reach_there_is_none() -> None:
    wires = wires_of(mlp(1, 1))
    middle = wires.point(0, 0.5)
    assert wires.nearest(middle.x(), middle.y() + 5.9, 6.0) == 0
    assert wires.nearest(middle.x(), middle.y() + 6.1, 6.0) is None
    assert wires.nearest(middle.x() - 500, middle.y(), 6.0) is None, "a line ends at the neurons"


def test_what_is_not_drawn_is_not_found() -> None:
    wires = wires_of(mlp(1, 1))
    middle = wires.point(0, 0.5)
    assert wires.nearest(middle.x(), middle.y(), 6.0, np.array([False])) is None


def test_no_synapses_at_all() -> None:
    wires = wires_of(Document())
    assert len(wires) == 0
    assert wires.nearest(0, 0, 1e9) is None
    assert not len(wires.crossed(QPointF(0, 0), QPointF(9, 9)))
    assert not len(wires.within(QRectF(-1e9, -1e9, 2e9, 2e9)))


def test_a_cut_crosses_what_qt_says_it_crosses() -> None:
    wires = wires_of(SKIP)
    rng = np.random.default_rng(3)
    for _ in range(60):
        (a, b), (c, d) = rng.uniform((-60, -250), (500, 250), (2, 2))
        found = set(wires.crossed(QPointF(a, b), QPointF(c, d)).tolist())
        want = set()
        for number in range(len(wires)):
            points = [wires.point(number, t) for t in np.linspace(0, 1, 15)]
            if any(_cross((a, b), (c, d), p, q) for p, q in itertools.pairwise(points)):
                want.add(number)
        assert found == want


def _cross(a, b, p: QPointF, q: QPointF) -> bool:
    def side(u, v, w):
        return (v[0] - u[0]) * (w[1] - u[1]) - (v[1] - u[1]) * (w[0] - u[0])

    p, q = (p.x(), p.y()), (q.x(), q.y())
    return side(a, b, p) * side(a, b, q) <= 0 and side(p, q, a) * side(p, q, b) <= 0


def test_a_cut_without_length_crosses_nothing() -> None:
    wires = wires_of(mlp(2, 2))
    point = wires.point(0, 0.5)
    assert not len(wires.crossed(point, point))


def test_numbers_and_names_go_both_ways() -> None:
    wires = wires_of(mlp(2, 4, 1))
    for number in range(len(wires)):
        assert wires.number_of(wires.synapse(number)) == number
        assert wires.number_at(*wires.cell(number)) == number
    assert wires.number_of(("input", 9, "hidden", 0)) is None
    assert wires.number_at("hidden.W.output", (0, 0)) is None


def test_units_keep_their_synapses_by_key_not_by_place() -> None:
    document = edits.remove_units(mlp(2, 4, 1), layer="hidden", keys=[1])
    wires = wires_of(document)
    number = wires.number_of(("input", 0, "hidden", 3))
    assert number is not None
    assert wires.cell(number) == ("hidden.W.input", (2, 0))


def test_cut_synapses_are_not_there() -> None:
    document = edits.cut_synapse(mlp(2, 4, 1), source="input", sender=0, target="hidden", receiver=2)
    wires = wires_of(document)
    assert len(wires) == 11
    assert wires.number_of(("input", 0, "hidden", 2)) is None


def test_a_skip_connection_goes_round_the_layers_between() -> None:
    wires = wires_of(SKIP)
    number = wires.number_of(("input", 0, "output", 0))
    assert wires.bent[number]
    place = wires.geometry.places["hidden"]
    for t in np.linspace(0.1, 0.9, 60):
        assert not place.frame.contains(wires.point(number, t))
    path = QPainterPath()
    wires.add_to(path, number)
    assert path.elementCount() == 4, "a curve"


def test_wide_layers_show_their_ends() -> None:
    assert shown_indices(5, 12) == (0, 1, 2, 3, 4)
    assert shown_indices(784, 12) == (0, 1, 2, 3, 4, 5, 779, 780, 781, 782, 783)
    assert shown_indices(3, 2) == (0, 2)
    place = Geometry(mlp(784, 2, 1), Sizes()).places["input"]
    assert place.left_out == 773
    assert place.ellipsis is not None
    heights = [unit.y for unit in place.units]
    assert heights == sorted(heights)
    assert place.units[5].y < place.ellipsis.y() < place.units[6].y


def test_values_of_other_shapes_are_no_values() -> None:
    wires = wires_of(mlp(2, 4, 1))
    assert np.isnan(wires.values({})).all()
    assert np.isnan(wires.values({"hidden.W.input": np.ones((2, 2))})).all()
    assert not wires.fits({"hidden.W.input": np.ones((2, 2))})
    assert wires.fits({"hidden.W.input": np.ones((4, 2))})


def test_codes_say_sign_and_size() -> None:
    codes, widest = codes_of(np.array([1.0, -1.0, 0.5, 0.0, np.nan]))
    assert widest == 1.0
    assert codes.tolist() == [2 * STEPS, 2 * STEPS + 1, STEPS, 0, BROKEN]
    assert codes_of(np.zeros(3))[0].tolist() == [0, 0, 0]


def test_beyond_the_limit_only_the_strongest_are_drawn() -> None:
    weights = np.random.default_rng(1).normal(size=MOST + 500)
    codes, _ = codes_of(weights)
    drawn = codes != ABSENT
    assert drawn.sum() == STRONGEST
    assert np.abs(weights[drawn]).min() >= np.abs(weights[~drawn]).max()


def test_what_is_too_weak_is_absent_and_what_is_broken_is_not() -> None:
    weights = np.array([1.0, -0.5, 0.2, -0.19, 0.0, np.nan])
    codes, widest = codes_of(weights, weakest=0.2)
    assert widest == 1.0
    assert (codes == ABSENT).tolist() == [False, False, False, True, True, False]
    assert codes[5] == BROKEN
    assert (codes_of(weights, weakest=0.0)[0] != ABSENT).all()


def test_weights_are_left_as_they_are() -> None:
    weights = np.array([-2.0, np.inf, 0.5])
    codes_of(weights, weakest=0.5)
    assert weights.tolist() == [-2.0, np.inf, 0.5]


def test_values_go_to_their_synapses_whatever_is_cut_or_left_out() -> None:
    document = edits.cut_synapse(mlp(30, 20, 2), source="input", sender=3, target="hidden", receiver=5)
    wires = wires_of(document, most=6)
    rng = np.random.default_rng(0)
    arrays = {"hidden.W.input": rng.normal(size=(20, 30)), "output.W.hidden": rng.normal(size=(2, 20))}
    values = wires.values(arrays)
    for number in range(len(wires)):
        key, index = wires.cell(number)
        assert values[number] == arrays[key][index]
        assert wires.number_at(key, index) == number


def test_labels_stand_clear_of_each_other_and_of_the_neurons() -> None:
    wires = wires_of(mlp(2, 4, 1))
    spots = labels.placed(wires)
    assert len(spots) == 12, "there is room for all"
    width, height = wires.geometry.sizes.chip
    spread = list(spots.values())
    for n, one in enumerate(spread):
        for two in spread[:n]:
            assert abs(one.x() - two.x()) >= width or abs(one.y() - two.y()) >= height
        assert wires.geometry.unit_at(one.x(), one.y()) is None


def test_layers_at_impossible_places_are_drawn_somewhere() -> None:
    document = mlp(2, 3, 1)
    document = edits.move_layers(
        document, places={"input": (math.nan, 1e300), "output": (math.inf, -math.inf)}
    )
    wires = wires_of(document)
    assert np.isfinite(wires.P).all()
    assert np.isfinite(wires.Q).all()


def test_layers_on_top_of_each_other_still_have_synapses() -> None:
    document = edits.move_layers(mlp(2, 2), places={"output": (0.0, 0.0)})
    wires = wires_of(document)
    assert len(wires) == 4
    assert np.isfinite(wires.P).all()


def test_a_connection_to_itself_draws_nothing() -> None:
    document = Document(layers=mlp(2, 1).layers, connections=(Connection("input", "input"),))
    assert len(wires_of(document)) == 0
