"""Every activation: value, derivative, lines of the plan and explanation tell the same story."""

from __future__ import annotations

import numpy as np
import pytest

from engine.activations import Activation, activations
from engine.core.expressions import Expression, Ref, evaluate
from engine.core.place import Place
from engine.core.plan import Array, Phase, Plan
from engine.core.printing import in_numbers, in_symbols
from engine.initializers import initializers

KINDS = [pytest.param(cls(), id=cls.kind) for cls in activations]
SETTINGS = [
    *KINDS,
    *(
        pytest.param(activations.make(spec), id=f"{spec.kind}-{name}")
        for name, spec in {
            f"{each.name} {edge:g}": cls().spec.with_(**{each.name: edge})
            for cls in activations
            for each in __import__("engine.core.knobs", fromlist=["knobs"]).knobs(cls)
            if each.type == "float"
            for edge in (each.minimum, each.maximum, 0.3)
            if edge is not None and abs(edge) <= 10 and (each.minimum or 0) <= edge <= (each.maximum or 10)
        }.items()
    ),
]
GRID = np.linspace(-6.0, 6.0, 242).reshape(11, 22) + 0.00137
"""Away from kinks, which lie at round numbers; columns are examples for a kind that mixes units."""
NUDGE = 1e-6


def numeric_pull(g: Activation, z: Array, da: Array) -> Array:
    """``dz`` by differences: how Σ da ⊙ g(z) changes with every z."""
    dz = np.zeros_like(z)
    for index in np.ndindex(z.shape):
        moved = z.copy()
        moved[index] += NUDGE
        above = g.value(moved)
        moved[index] -= 2 * NUDGE
        column = (slice(None), index[1])
        dz[index] = (da[column] * (above - g.value(moved))[column]).sum() / (2 * NUDGE)
    return dz


def first_parameters(g: Activation, z: Array) -> dict[str, Array]:
    """What the activation learns itself, at its first values."""
    made: dict[str, Array] = {}
    for block in g.blocks("unit", (len(z),)):
        array = np.zeros(block.shape, z.dtype)
        for part in block.parts:
            view = part.seen_in(array)
            view[...] = initializers.make(part.start).draw(np.random.default_rng(1), view.shape, 1, 1)
            made[part.name] = view
    return made


def place_of(g: Activation, z: Array) -> tuple[Place, Array, Array]:
    """A layer of its own for one activation, with its z and a."""
    plan = Plan(z.shape[1], z.dtype, explains=True)
    a1 = np.ones((len(z) + 1, z.shape[1]), z.dtype)
    own = first_parameters(g, z)
    slopes = {name: np.zeros_like(array) for name, array in own.items()}
    place = Place(
        "unit", "[1]", (len(z),), plan, (), a1[:-1], a1, None, parameters=own, gradients=slopes,
        letters=g.letters,
    )  # fmt: skip
    np.copyto(place.array("z"), z)
    return place, place.known("z"), a1[:-1]


def ran(g: Activation, z: Array, da: Array) -> tuple[Array, Array, Array | None]:
    """a, dz and the slope as the plan calculates them."""
    place, own_z, a = place_of(g, z)
    dz = np.full_like(own_z, np.nan)
    g.forward(place, own_z, a)
    g.explain(place, own_z)
    g.backward(place, own_z, a, da, dz)
    for phase in (Phase.FORWARD, Phase.BACKWARD):
        for call in place.plan.calls(phase):
            call()
    assert np.array_equal(own_z, z), "the lines of the plan must leave z alone"
    return a, dz, place.plan.arrays.get(("unit", "slope"))


def pulls(z: Array) -> Array:
    return np.random.default_rng(5).normal(size=z.shape)


@pytest.mark.parametrize("g", SETTINGS)
def test_derivative_agrees_with_a_central_difference(g: Activation) -> None:
    if g.elementwise:
        numeric = (g.value(GRID + NUDGE) - g.value(GRID - NUDGE)) / (2 * NUDGE)
    else:
        numeric = np.zeros_like(GRID)
        for row in range(len(GRID)):
            one = np.zeros_like(GRID)
            one[row] = 1.0
            numeric[row] = numeric_pull(g, GRID, one)[row]
    assert g.derivative(GRID) == pytest.approx(numeric, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("g", SETTINGS)
def test_lines_of_the_plan_agree_with_value_and_derivative(g: Activation) -> None:
    da = pulls(GRID)
    a, dz, slope = ran(g, GRID, da)
    assert a == pytest.approx(g.value(GRID), rel=1e-14, abs=1e-15)
    assert dz == pytest.approx(numeric_pull(g, GRID, da), rel=1e-6, abs=1e-6)
    assert (slope is not None) == g.elementwise
    if slope is not None:
        assert np.array_equal(slope, g.derivative(GRID))
        assert dz == pytest.approx(da * slope, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("g", SETTINGS)
def test_extreme_sums_give_no_warning_and_no_nonsense(g: Activation, dtype: type) -> None:
    z = np.array([[1000.0, -1000.0, 1000.0, 0.0, -0.0], [-1000.0, -1000.0, 1000.0, 700.0, -88.0]], dtype)
    before = z.copy()
    with np.errstate(all="raise", under="ignore"):
        a, dz, slope = ran(g, z, np.ones_like(z))
        assert np.isfinite(g.value(z)).all()
        assert np.isfinite(g.derivative(z)).all()
    assert np.isfinite(a).all()
    assert np.isfinite(dz).all()
    assert slope is None or np.isfinite(slope).all()
    assert a.dtype == dz.dtype == g.value(z).dtype == g.derivative(z).dtype == dtype
    assert np.array_equal(z, before)


@pytest.mark.parametrize("g", SETTINGS)
def test_value_and_derivative_make_new_arrays(g: Activation) -> None:
    z = np.zeros((2, 3))
    g.value(z)[:] = 7.0
    g.derivative(z)[:] = 7.0
    assert not z.any()


@pytest.mark.parametrize("g", SETTINGS)
@pytest.mark.parametrize(
    "z", [GRID[:, :3], np.array([[40.0, 1000.0], [-40.0, 0.0], [3.0, -1000.0]]), np.zeros((1, 1))]
)
def test_explanations_give_the_values(g: Activation, z: Array) -> None:
    da = pulls(z)
    a, dz, slope = ran(g, z, da)
    found = {"z": z, "a": a, "da": da, "dz": dz, "slope": slope}
    own = first_parameters(g, z)

    def lookup(ref: Ref) -> float:
        if ref.example is None:
            return float(own[ref.array][ref.index])
        return float(found[ref.array][ref.index[0], ref.example])  # type: ignore[index]

    def said(expression: Expression) -> float:
        assert in_symbols(expression)
        assert in_numbers(expression, lookup)
        return evaluate(expression, lookup)

    for example in range(z.shape[1]):
        refs = {
            name: [Ref("unit", name, (i,), example, name, "[1]", str(i + 1)) for i in range(len(z))]
            for name in found
        }
        for i in range(len(z)):
            assert said(g.cell(refs["z"], i)) == pytest.approx(a[i, example], rel=1e-12, abs=1e-12)
            delta = g.delta(refs["da"], refs["a"], refs["slope"], i)
            assert said(delta) == pytest.approx(dz[i, example], rel=1e-12, abs=1e-12)
            if slope is not None:
                formula = g.slope(refs["z"][i], refs["a"][i])
                assert said(formula) == pytest.approx(slope[i, example], rel=1e-12, abs=1e-12)


def test_numbers_of_the_table() -> None:
    """Independently known values: symmetries and extremes (lesson L11)."""
    z = np.linspace(-9.0, 9.0, 37)
    sigmoid, tanh = activations.make("sigmoid"), activations.make("tanh")
    assert sigmoid.derivative(np.zeros(1))[0] == 0.25
    assert tanh.derivative(np.zeros(1))[0] == 1.0
    assert tanh.value(z) == pytest.approx(2 * sigmoid.value(2 * z) - 1, abs=1e-15)
    assert sigmoid.value(np.array([0.0, 2.0])) == pytest.approx([0.5, 0.8807970779778823], abs=1e-15)
    assert activations.make("softmax").value(np.array([[1.0], [2.0], [3.0]]))[:, 0] == pytest.approx(
        [0.09003057317038046, 0.24472847105479767, 0.6652409557748219], abs=1e-15
    )
    relu = activations.make("relu")
    assert relu.derivative(np.zeros(1))[0] == 0.0, "frameworks use 0 at the kink"
    assert relu.value(np.array([-1.0, 0.0, 2.0])).tolist() == [0.0, 0.0, 2.0]
