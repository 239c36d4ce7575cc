"""Every loss: value and slope agree, the fused way is the long way, cells tell the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from engine.activations import activations
from engine.core.expressions import Ref, evaluate
from engine.core.gradient_check import gradient_check
from engine.core.knobs import knobs
from engine.core.place import Place
from engine.core.plan import Array, Phase, Plan
from engine.core.problems import DataError
from engine.core.spec import Spec
from engine.datasets import Data
from engine.document import Connection, Document, Layer
from engine.learned import Learned, fresh
from engine.losses import Loss, LossPlace, losses
from engine.network import Network
from engine.trace import Trace

pytestmark = pytest.mark.slow

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
SMOOTHED = [cls(smoothing=0.1) for cls in losses if "smoothing" in {each.name for each in knobs(cls)}]  # type: ignore[call-arg]
KINDS += [pytest.param(made, id=f"{made.kind}-smoothed") for made in SMOOTHED]
FUSED = [
    pytest.param(made, name, id=f"{made.kind}-{name}-{number}")
    for number, made in enumerate([*(cls() for cls in losses), *SMOOTHED])
    for name in sorted(made.fuses)
]


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
            said = evaluate(loss.slope(a, y, i), lookup)
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
    if loss not in SMOOTHED:
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
    if loss in SMOOTHED:
        assert sorted(p.L[0]) == pytest.approx([0.05 * wrong] * 2 + [0.95 * wrong] * 2, rel=1e-12)
        return
    assert sorted(p.L[0]) == pytest.approx([0.0, 0.0, wrong, wrong], rel=1e-12, abs=1e-12)


def fused_cells(loss: Loss, p: LossPlace, example: int) -> list[float]:
    """dz of one example as it is explained."""

    def lookup(ref: Ref) -> float:
        array = p.a if ref.array == "a" else p.plan.arrays[ref.owner, ref.array]
        return float(array[ref.index[0], ref.example])  # type: ignore[index]

    a, y = p.refs(example)
    return [evaluate(loss.error_cell(a, y, i), lookup) for i in range(len(a))]


@pytest.mark.parametrize(("loss", "activation"), FUSED)
def test_dz_of_the_fused_way_is_explained(loss: Loss, activation: str) -> None:
    p, _ = place_of(3, 4, fused=True, activation=activation)
    np.copyto(p.z, np.random.default_rng(4).normal(0.0, 1.5, (3, 4)))  # type: ignore[arg-type]
    np.copyto(p.y, targets(3, 4))
    ran(loss, p)
    assert p.dz is not None
    for example in range(4):
        assert fused_cells(loss, p, example) == pytest.approx(p.dz[:, example].tolist(), rel=1e-12)


def with_positions(loss: Loss, activation: str, shape: tuple[int, ...]) -> Document:
    """A network that predicts at every time step or pixel."""
    size = int(np.prod(shape))
    ends = Spec.of("input", shape="x".join(map(str, shape)))
    return Document(
        layers=(
            Layer("input", ends, tuple(range(size))),
            Layer("output", Spec.of("output", activation=Spec(activation)), (0, 1, 2)),
        ),
        connections=(Connection("input", "output"),),
        loss=loss.spec,
    )


@pytest.mark.parametrize("shape", [(2, 3), (1, 2, 2)])
@pytest.mark.parametrize("activation", ["sigmoid", "softmax", "identity"])
@pytest.mark.parametrize("loss", KINDS)
def test_at_many_positions(
    loss: Loss, activation: str, shape: tuple[int, ...], running: Callable[..., Network],
    some_data: Callable[..., Data], some_learned: Callable[..., Learned],
    check_truth: Callable[..., int], check_steps: Callable[[Trace], None],
) -> None:  # fmt: skip
    """Every time step or pixel is a column of its own, or all of an example are one; gradients, cells, J."""
    bounds = activations.make(activation).bounds
    if loss.refusal(activation, bounds, 3):
        pytest.skip("these two do not go together")
    document = with_positions(loss, activation, shape)
    data, learned = some_data(document, 3), some_learned(document)
    network = running(document, data, learned)
    report = gradient_check(network)
    assert report.agrees(1e-6), report
    a, y = network.a, data.Y.reshape(3, *shape[1:], 3)
    if loss.whole:
        by_hand = [loss.value(a[..., e].reshape(-1, 1), y[..., e].reshape(-1, 1)) for e in range(3)]
    else:
        by_hand = [loss.value(a[..., e].reshape(3, -1), y[..., e].reshape(3, -1)).mean() for e in range(3)]
    assert network.J == pytest.approx(np.mean(by_hand), rel=1e-12)
    codes = network.loss_place.y.copy()
    network.feed(data.X, y.argmax(axis=0).reshape(-1, 3))
    assert np.array_equal(network.loss_place.y, codes), "class numbers are the same as one-hot targets"
    trace = Trace(document, data, learned, np.arange(2))
    assert check_truth(trace) > 30
    check_steps(trace)


def test_dice_looks_at_the_whole_image(
    running: Callable[..., Network], make_data: Callable[..., Data]
) -> None:
    """By hand: a = ½ everywhere, two of four pixels marked: L = 1 − (2·1 + 1) / (2 + 2 + 1) = 0.4."""
    document = with_positions(losses.make("dice"), "sigmoid", (1, 2, 2))
    document = document.with_layer(replace(document.layer("output"), units=(0,)))
    start = fresh(document)
    zero = {key: np.zeros_like(each) for key, each in start.parameters.items()}
    data = make_data(np.ones((4, 1)), [[1.0], [1.0], [0.0], [0.0]])
    network = running(document, data, replace(start, parameters=zero, initial=zero))
    for call in network.calls():
        call()
    assert network.J == pytest.approx(0.4, rel=1e-14)
    da = network.places["output"].da
    assert da is not None
    N, D = 3.0, 5.0
    assert da.ravel() == pytest.approx([(N - 2 * D) / D**2] * 2 + [N / D**2] * 2, rel=1e-14)


def test_dice_needs_a_target_at_every_position(
    running: Callable[..., Network], some_data: Callable[..., Data]
) -> None:
    document = with_positions(losses.make("dice"), "sigmoid", (2, 3))
    network = running(document, some_data(document, 2), fresh(document))
    with pytest.raises(DataError, match="nothing is asked"):
        network.feed(some_data(document, 2).X, np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 1.0]]))


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
