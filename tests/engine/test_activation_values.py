"""Activations against numbers worked out elsewhere (40-digit decimal arithmetic), lessons L11 to L16."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.activations import Activation, activations
from engine.core.expressions import Ref, evaluate
from engine.core.gradient_check import gradient_check
from engine.core.knobs import knobs
from engine.core.notation import as_text
from engine.core.place import Place
from engine.core.plan import Array, Phase, Plan
from engine.core.printing import in_symbols
from engine.core.spec import Spec
from engine.document import Document
from engine.samples import mlp

Z = np.array([-2.0, -0.5, 0.5, 1.0, 3.0])


def make(kind: str, **settings: Any) -> Activation:
    return activations.make(Spec.of(kind, **settings))


def at(g: Activation, *z: float) -> tuple[list[float], list[float]]:
    """g and g' at some places."""
    return g.value(np.array(z)).tolist(), g.derivative(np.array(z)).tolist()


TABLE: dict[str, tuple[list[float], list[float]]] = {
    "identity": ([-2.0, -0.5, 0.5, 1.0, 3.0], [1.0, 1.0, 1.0, 1.0, 1.0]),
    "step": ([0.0, 0.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0]),
    "relu": ([0.0, 0.0, 0.5, 1.0, 3.0], [0.0, 0.0, 1.0, 1.0, 1.0]),
    "leaky_relu": ([-0.02, -0.005, 0.5, 1.0, 3.0], [0.01, 0.01, 1.0, 1.0, 1.0]),
    "relu6": ([0.0, 0.0, 0.5, 1.0, 3.0], [0.0, 0.0, 1.0, 1.0, 1.0]),
    "arctan": (
        [-1.1071487177941, -0.46364760900081, 0.46364760900081, 0.78539816339745, 1.2490457723983],
        [0.2, 0.8, 0.8, 0.5, 0.1],
    ),
    "softplus": (
        [0.12692801104297, 0.47407698418011, 0.97407698418011, 1.3132616875182, 3.0485873515737],
        [0.11920292202212, 0.37754066879815, 0.62245933120185, 0.73105857863, 0.95257412682243],
    ),
    "silu": (
        [-0.23840584404424, -0.18877033439907, 0.31122966560093, 0.73105857863, 2.8577223804673],
        [-0.090784248784895, 0.26003881269735, 0.73996118730265, 0.92767051187149, 1.0881041060152],
    ),
    "gelu": (
        [-0.045500263896358, -0.15426876936299, 0.34573123063701, 0.84134474606854, 2.9959503059051],
        [-0.085231801078197, 0.13250487534384, 0.86749512465616, 1.0833154705877, 1.0119456472042],
    ),
    "elu": (
        [-0.86466471676339, -0.39346934028737, 0.5, 1.0, 3.0],
        [0.13533528323661, 0.60653065971263, 1.0, 1.0, 1.0],
    ),
    "selu": (
        [-1.5201664685957, -0.69175818780287, 0.52535049367774, 1.0507009873555, 3.1521029620664],
        [0.23793287225168, 1.0663411530445, 1.0507009873555, 1.0507009873555, 1.0507009873555],
    ),
    "gaussian": (
        [0.018315638888734, 0.7788007830714, 0.7788007830714, 0.36787944117144, 0.00012340980408668],
        [0.073262555554937, 0.7788007830714, -0.7788007830714, -0.73575888234288, -0.00074045882452008],
    ),
    "softsign": ([-2 / 3, -1 / 3, 1 / 3, 0.5, 0.75], [1 / 9, 4 / 9, 4 / 9, 0.25, 0.0625]),
    "hard_sigmoid": ([1 / 6, 5 / 12, 7 / 12, 2 / 3, 1.0], [1 / 6, 1 / 6, 1 / 6, 1 / 6, 0.0]),
}
"""g and g' at −2, −½, ½, 1 and 3."""


@pytest.mark.parametrize("kind", TABLE)
def test_the_table_of_the_lecture(kind: str) -> None:
    g = make(kind)
    value, slope = TABLE[kind]
    assert g.value(Z) == pytest.approx(value, rel=1e-13, abs=0.0)
    assert g.derivative(Z) == pytest.approx(slope, rel=1e-13, abs=0.0)


def test_the_tanh_form_of_gelu() -> None:
    g = make("gelu", form="tanh")
    value = [-0.045402305912225, -0.15428599017486, 0.34571400982514, 0.84119199060828, 2.9963626079182]
    slope = [-0.086099256623618, 0.13263009646536, 0.86736990353464, 1.0829640838458, 1.011584166631]
    assert g.value(Z) == pytest.approx(value, rel=1e-13)
    assert g.derivative(Z) == pytest.approx(slope, rel=1e-13)


def test_the_tails_keep_their_digits() -> None:
    """Far below zero, relative to the number itself."""
    minus_30 = np.array([-30.0])
    for kind, value, slope in [
        ("elu", -0.9999999999999064, 9.357622968840175e-14),
        ("softplus", 9.357622968839737e-14, 9.357622968839299e-14),
        ("silu", -2.8072868906517896e-12, -2.713710660963134e-12),
        ("arctan", -1.5374753309166493, 0.0011098779134295228),
        ("leaky_relu", -0.3, 0.01),
    ]:
        assert make(kind).value(minus_30)[0] == pytest.approx(value, rel=1e-12), kind
        assert make(kind).derivative(minus_30)[0] == pytest.approx(slope, rel=1e-12), kind
    minus_8 = np.array([-8.0])
    for form, value, slope in [
        ("exact", -4.976768459417427e-15, -3.979607261086796e-14),
        ("tanh", -3.1077829375011112e-21, -4.7147845041068414e-20),
    ]:
        g = make("gelu", form=form)
        assert g.value(minus_8)[0] == pytest.approx(value, rel=1e-12)
        assert g.derivative(minus_8)[0] == pytest.approx(slope, rel=1e-12)
    assert make("elu").value(np.array([-1e-9]))[0] == pytest.approx(-9.999999995e-10, rel=1e-14)


def test_identities() -> None:
    z = np.linspace(-12.0, 12.0, 97)
    sigmoid, tanh, softplus = make("sigmoid"), make("tanh"), make("softplus")
    assert tanh.value(z) == pytest.approx(2 * sigmoid.value(2 * z) - 1, abs=1e-15)
    assert softplus.derivative(z) == pytest.approx(sigmoid.value(z), abs=1e-15)
    assert softplus.value(z) - softplus.value(-z) == pytest.approx(z, abs=1e-14)
    assert sigmoid.derivative(z).max() == 0.25 == sigmoid.derivative(np.zeros(1))[0]
    assert tanh.derivative(z).max() == 1.0
    for kind in ("arctan", "softsign", "tanh"):
        g = make(kind)
        assert g.value(-z) == pytest.approx(-g.value(z))
        assert g.derivative(np.zeros(1))[0] == 1.0
    for g in (make("silu"), make("gelu"), make("gelu", form="tanh")):
        assert g.value(z) - g.value(-z) == pytest.approx(z, abs=1e-14)


@pytest.mark.parametrize("alpha", [0.5, 1.0, 2.0])
def test_elu_jumps_in_its_slope_unless_alpha_is_one(alpha: float) -> None:
    g = make("elu", alpha=alpha)
    assert g.derivative(np.array([-1e-12, 0.0, 1e-12])) == pytest.approx([alpha, 1.0, 1.0], rel=1e-11)
    assert at(g, -30.0)[0] == pytest.approx([-alpha], rel=1e-12)
    assert at(g, -2.0)[1][0] == pytest.approx(at(g, -2.0)[0][0] + alpha, rel=1e-14)
    assert g.bounds[0] == -alpha


def test_the_step() -> None:
    z = np.array([-1.0, -0.0, 0.0, 1e-11])
    assert make("step").value(z).tolist() == [0.0, 1.0, 1.0, 1.0]
    assert make("step", comparison=">").value(z).tolist() == [0.0, 0.0, 0.0, 1.0]
    signs = make("step", outputs="{-1, +1}")
    assert signs.value(z).tolist() == [-1.0, 1.0, 1.0, 1.0]
    assert make("step", outputs="{-1, +1}", comparison=">").value(z).tolist() == [-1.0, -1.0, -1.0, 1.0]
    assert (make("step").bounds, signs.bounds) == ((0.0, 1.0), (-1.0, 1.0))


def test_the_step_calculates_like_the_blackboard() -> None:
    """z is rounded to 12 decimals (lesson L06): 0.1 + 0.2 − 0.3 is 0, whichever way it is noisy."""
    noise = 0.1 + 0.2 - 0.3
    z = np.array([noise, -noise, -4e-13, 4e-13, -6e-13, 6e-13, 1e300, -1e300])
    assert noise > 0.0
    with np.errstate(all="raise"):
        assert make("step").value(z).tolist() == [1.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0]
        strict = make("step", comparison=">")
        assert strict.value(z).tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0]
    for g in (make("step"), strict):
        for place, each in enumerate(z):
            said = g.cell([Ref("unit", "z", (0,), 0, "z", "[1]")], 0)
            assert evaluate(said, lambda ref, number=each: float(number)) == g.value(z)[place]  # type: ignore[misc]
            assert "round" in as_text(in_symbols(said))
    least = 5e-13
    for each in (least, np.nextafter(least, 0.0), np.nextafter(least, 1.0)):
        for sign in (1.0, -1.0):
            said = strict.cell([Ref("unit", "z", (0,), 0, "z", "[1]")], 0)
            value = strict.value(np.array([sign * each]))[0]
            assert evaluate(said, lambda ref, number=sign * each: float(number)) == value  # type: ignore[misc]


def test_the_slope_of_the_relus_at_zero_is_a_knob() -> None:
    zeros = (-0.0, 0.0)
    assert at(make("relu"), *zeros)[1] == [0.0, 0.0]
    assert at(make("relu", at_zero="1"), *zeros)[1] == [1.0, 1.0]
    assert at(make("leaky_relu", leak=0.2), *zeros)[1] == [0.2, 0.2]
    assert at(make("leaky_relu", leak=0.2, at_zero="1"), *zeros)[1] == [1.0, 1.0]


def test_kinks_take_the_flat_side() -> None:
    assert at(make("relu6"), 0.0, 6.0, 7.0) == ([0.0, 6.0, 6.0], [0.0, 0.0, 0.0])
    assert at(make("hard_sigmoid"), -3.0, 3.0) == ([0.0, 1.0], [0.0, 0.0])


def test_temperature() -> None:
    z = np.array([[1.0], [2.0], [3.0]])
    warm, cold = make("softmax_temperature", temperature=2.0), make("softmax_temperature", temperature=0.5)
    assert warm.value(z)[:, 0] == pytest.approx([0.1863237232258476, 0.3071958857184984, 0.506480391055654])
    assert cold.value(z)[:, 0] == pytest.approx(
        [0.015876239976466765, 0.11731042782619837, 0.8668133321973349]
    )
    assert np.array_equal(make("softmax_temperature").value(z), make("softmax").value(z))


@pytest.mark.parametrize("temperature", [0.5, 2.0])
@pytest.mark.parametrize("loss", ["cross_entropy", "kl_divergence", "mse"])
def test_gradients_with_a_temperature(
    temperature: float, loss: str, running: Any, some_data: Any, some_learned: Any
) -> None:
    """With cross-entropy dz = (a − y) / T, which is not a − y."""
    g = Spec.of("softmax_temperature", temperature=temperature)
    document = with_output(mlp(2, 3, 3, output="softmax", loss=Spec(loss)), g)
    network = running(document, some_data(document), some_learned(document))
    report = gradient_check(network)
    assert report.agrees(1e-6), report
    if loss != "mse":
        for call in network.calls(Phase.FORWARD, Phase.LOSS, Phase.BACKWARD):
            call()
        error = network.a - network.loss_place.y
        assert network.places["output"].known("dz") == pytest.approx(error / temperature, abs=1e-14)


def with_output(document: Document, g: Spec) -> Document:
    layers = tuple(
        replace(each, spec=each.spec.with_(activation=g)) if each.id == "output" else each
        for each in document.layers
    )
    return replace(document, layers=layers)


def choices(cls: type[Activation]) -> list[Activation]:
    """The kind with every combination of its choices."""
    named = [each for each in knobs(cls) if each.type == "choice"]
    return [
        cls(**dict(zip((each.name for each in named), values, strict=True)))
        for values in product(*(each.choices for each in named))
    ]


EVERY = [pytest.param(g, id=str(g)) for cls in activations if cls.elementwise for g in choices(cls)]
PLACES = np.array([[-1000.0, -30.0, -6.0, -3.0, -0.7, -1e-9, -0.0], [0.0, 1e-9, 0.3, 3.0, 6.0, 40.0, 1000.0]])


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("g", EVERY)
def test_every_choice_runs_as_it_says_at_the_kinks_too(g: Activation, dtype: type) -> None:
    """The lines of the plan, value and derivative, the explanations and the bounds agree."""
    z = PLACES.astype(dtype)
    plan = Plan(z.shape[1], z.dtype, explains=True)
    a1 = np.ones((3, z.shape[1]), dtype)
    own = {
        part.name: np.zeros(block.shape, dtype) for block in g.blocks("unit", (2,)) for part in block.parts
    }
    for array in own.values():
        array.fill(g.start)  # type: ignore[attr-defined]
    slopes = {name: np.zeros_like(array) for name, array in own.items()}
    place = Place("unit", "[1]", (2,), plan, (), a1[:-1], a1, None, parameters=own, gradients=slopes)
    da, dz = np.ones_like(z), np.full_like(z, np.nan)
    with np.errstate(all="raise", under="ignore"):
        g.forward(place, z, a1[:-1])
        g.explain(place, z)
        g.backward(place, z, a1[:-1], da, dz)
        for call in (*plan.calls(Phase.FORWARD), *plan.calls(Phase.BACKWARD)):
            call()
        value, slope = g.value(z), g.derivative(z)
    near = 1e-12 if dtype is np.float64 else 1e-6
    low, high = g.bounds
    assert low * (1 + near) <= value.min() if low < 0 else low <= value.min()
    assert value.max() <= high * (1 + near)
    assert value.dtype == slope.dtype == dtype
    assert a1[:-1] == pytest.approx(value, rel=near, abs=near)
    assert dz == pytest.approx(slope, rel=near, abs=near)
    if dtype is np.float32:
        return
    arrays: dict[str, Array] = {"z": z, "a": value}

    def lookup(ref: Ref) -> float:
        if ref.example is None:
            return float(own[ref.array][ref.index])
        return float(arrays[ref.array][ref.index[0], ref.example])

    for i, k in np.ndindex(z.shape):
        row = [Ref("unit", "z", (each,), k) for each in range(2)]
        said = evaluate(g.cell(row, i), lookup), evaluate(g.slope(row[i], Ref("unit", "a", (i,), k)), lookup)
        assert said == pytest.approx((value[i, k], slope[i, k]), rel=1e-12, abs=1e-12)


def test_the_usual_ones_come_first() -> None:
    order = [cls.kind for cls in activations]
    assert order[:4] == ["sigmoid", "tanh", "relu", "leaky_relu"]
    assert order.index("gelu") < order.index("identity") < order.index("softmax") < order.index("softsign")
