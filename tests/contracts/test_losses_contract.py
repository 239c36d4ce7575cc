"""Every loss: value and slope agree, the fused way is the long way, cells tell the truth."""

from __future__ import annotations

import numpy as np
import pytest

from engine.activations import activations
from engine.core.expressions import Ref, evaluate
from engine.core.knobs import knobs
from engine.core.place import Place
from engine.core.plan import Array, Phase, Plan
from engine.losses import Loss, LossPlace, losses

KINDS = [
    pytest.param(made, id=f"{cls.kind}-{name}")
    for cls in losses
    for name, made in {
        "default": cls(),
        **{
            f"{each.name}={value}": cls(**{each.name: value}) for each in knobs(cls) for value in each.choices
        },
    }.items()
]
FUSED = [pytest.param(cls(), name, id=f"{cls.kind}-{name}") for cls in losses for name in sorted(cls.fuses)]


def targets(k: int, m: int) -> Array:
    """One-hot columns; for one output 0 and 1 in turn."""
    if k == 1:
        return np.arange(m, dtype=float).reshape(1, m) % 2
    return np.eye(k)[:, np.arange(m) % k]


def predictions(k: int, m: int) -> Array:
    return np.random.default_rng(2).uniform(0.05, 0.95, (k, m))


def place_of(k: int, m: int, fused: bool, activation: str | None = None) -> tuple[LossPlace, Place]:
    """An output layer with its loss; ``activation`` puts the lines of its forward phase in too."""
    plan = Plan(m, np.dtype(float), explains=True)
    a1 = np.ones((k + 1, m))
    a = a1[:-1]
    unit = Place("output", "[1]", (k,), plan, (), a, a1, plan.array("output", "da", (k, m)))
    z, dz = unit.array("z"), unit.array("dz")
    if activation:
        activations.make(activation).forward(unit, z, a)
    loss_place = LossPlace(
        plan=plan,
        z=z,
        a=a,
        y=plan.array("loss", "y", (k, m)),
        L=plan.array("loss", "L", (1, m)),
        J=plan.array("loss", "J", (1, 1)),
        da=unit.da,  # type: ignore[arg-type]
        dz=dz if fused else None,
        output="output",
        label="[1]",
        fused=fused,
    )
    return loss_place, unit


def ran(loss: Loss, p: LossPlace) -> None:
    loss.forward(p)
    loss.cost(p)
    loss.backward(p)
    for phase in (Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
        for call in p.plan.calls(phase):
            call()


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("loss", KINDS)
def test_derivative_agrees_with_a_central_difference(loss: Loss, k: int) -> None:
    a, y, h = predictions(k, 6), targets(k, 6), 1e-6
    numeric = np.zeros_like(a)
    for i in range(k):
        nudge = np.zeros_like(a)
        nudge[i] = h
        numeric[i] = (loss.value(a + nudge, y) - loss.value(a - nudge, y))[0] / (2 * h)
    assert loss.value(a, y).shape == (1, 6)
    assert loss.derivative(a, y) == pytest.approx(numeric, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("m", [1, 7])
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("loss", KINDS)
def test_lines_of_the_plan_agree_and_the_cost_is_the_mean(loss: Loss, k: int, m: int) -> None:
    p, _ = place_of(k, m, fused=False)
    np.copyto(p.a, predictions(k, m))
    np.copyto(p.y, targets(k, m))
    a, y = p.a.copy(), p.y.copy()
    ran(loss, p)
    assert loss.value(a, y) == pytest.approx(p.L, rel=1e-14)
    assert p.J[0, 0] == pytest.approx(p.L.mean(), rel=1e-14)
    assert p.da == pytest.approx(loss.derivative(a, y), rel=1e-14)
    assert np.array_equal(p.a, a)
    assert np.array_equal(p.y, y)


@pytest.mark.parametrize("m", [1, 4])
@pytest.mark.parametrize("k", [1, 3])
@pytest.mark.parametrize("loss", KINDS)
def test_cells_tell_the_truth(loss: Loss, k: int, m: int) -> None:
    p, _ = place_of(k, m, fused=False)
    np.copyto(p.a, predictions(k, m))
    np.copyto(p.y, targets(k, m))
    ran(loss, p)

    def lookup(ref: Ref) -> float:
        return float(
            p.plan.arrays[ref.owner, ref.array][*ref.index, ref.example]
            if ref.array != "a"
            else p.a[ref.index[0], ref.example]
        )

    for example in range(m):
        a, y = [p.ref_a(i, example) for i in range(k)], [p.ref_y(i, example) for i in range(k)]
        assert evaluate(loss.cell(a, y), lookup) == pytest.approx(p.L[0, example], rel=1e-12)
        for i in range(k):
            said = evaluate(loss.slope(a[i], y[i], k), lookup)
            assert said == pytest.approx(p.da[i, example], rel=1e-12, abs=1e-14)
    assert evaluate(loss.cost_cell(p), lookup) == pytest.approx(p.J[0, 0], rel=1e-12)


@pytest.mark.parametrize(("loss", "activation"), FUSED)
@pytest.mark.parametrize("k", [1, 2, 4])
def test_fused_is_the_same_as_the_long_way(loss: Loss, activation: str, k: int) -> None:
    g = activations.make(activation)
    if k == 1 and not g.elementwise:
        pytest.skip("shares of one unit are always 1")
    z = np.random.default_rng(4).normal(0.0, 1.5, (k, 9))
    y = targets(k, 9)
    short, unit = place_of(k, 9, fused=True, activation=activation)
    np.copyto(short.z, z)  # type: ignore[arg-type]
    np.copyto(short.y, y)
    ran(loss, short)
    a = g.value(z)
    assert short.L == pytest.approx(loss.value(a, y), rel=1e-12, abs=1e-13)
    assert short.dz == pytest.approx(a - y, rel=1e-12)
    long = np.zeros_like(z)
    plan = Plan(9, np.dtype(float))
    other = Place("output", "[1]", (k,), plan, (), a, unit.a1, None)
    g.backward(other, z, a, loss.derivative(a, y), long)
    for call in plan.calls(Phase.BACKWARD):
        call()
    assert short.dz == pytest.approx(long, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("loss", "activation"), FUSED)
@pytest.mark.parametrize("size", [40.0, 700.0, 800.0])
def test_finite_at_extreme_sums(loss: Loss, activation: str, size: float) -> None:
    k = 1 if activations.make(activation).elementwise else 2
    p, _ = place_of(k, 4, fused=True, activation=activation)
    np.copyto(p.z, size * np.array([[1.0, 1.0, -1.0, -1.0], [-1.0, -1.0, 1.0, 1.0]])[:k])  # type: ignore[arg-type]
    np.copyto(p.y, targets(k, 4))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        ran(loss, p)
    assert np.isfinite(p.L).all()
    assert np.isfinite(p.dz).all()  # type: ignore[arg-type]
    wrong = size if k == 1 else 2 * size
    assert sorted(p.L[0]) == pytest.approx([0.0, 0.0, wrong, wrong], rel=1e-12, abs=1e-12)


def test_what_is_fused_exists() -> None:
    for cls in losses:
        assert all(name in activations for name in cls.fuses), cls.fuses


def test_known_losses() -> None:
    """By hand: −ln 0.8, ½·0.3², ln of a share."""
    one = np.array([[0.8]])
    assert losses.make("bce").value(one, np.array([[1.0]]))[0, 0] == pytest.approx(0.2231435513142097)
    assert losses.make("bce").value(one, np.array([[0.0]]))[0, 0] == pytest.approx(1.6094379124341005)
    assert losses.make("mse").value(one, np.array([[0.5]]))[0, 0] == pytest.approx(0.045)
    three, hot = np.array([[0.2], [0.7], [0.1]]), np.array([[0.0], [1.0], [0.0]])
    assert losses.make("cross_entropy").value(three, hot)[0, 0] == pytest.approx(0.35667494393873245)
    mean = losses["mse"](form="mean")  # type: ignore[call-arg]
    assert mean.value(three, hot)[0, 0] == pytest.approx((0.04 + 0.09 + 0.01) / 3)
