"""Losses and first weights against numbers worked out by hand or in 40-digit decimal arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.core.expressions import Ref, evaluate, references
from engine.core.gradient_check import gradient_check
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.document import Document
from engine.initializers import Initializer, initializers
from engine.losses import Loss, losses
from engine.samples import mlp


def make(kind: str, **settings: Any) -> Loss:
    return losses.make(Spec.of(kind, **settings))


def column(*values: float) -> Array:
    return np.array(values, float).reshape(-1, 1)


def at(loss: Loss, a: Array, y: Array) -> tuple[float, list[float]]:
    """L and da of one example; the explanations must say the same."""
    L, da = float(loss.value(a, y)[0, 0]), loss.derivative(a, y)[:, 0]
    k = len(a)
    refs_a = [Ref("output", "a", (i,), 0, "a", "[1]", str(i + 1)) for i in range(k)]
    refs_y = [Ref("loss", "y", (i,), 0, "y", "", str(i + 1) if k > 1 else "") for i in range(k)]

    def lookup(ref: Ref) -> float:
        return float((a if ref.array == "a" else y)[ref.index[0], 0])

    assert evaluate(loss.cell(refs_a, refs_y), lookup) == pytest.approx(L, rel=1e-12, abs=1e-15)
    said = [evaluate(loss.slope(refs_a, refs_y, i), lookup) for i in range(k)]
    assert said == pytest.approx(da.tolist(), rel=1e-12, abs=1e-15)
    return L, da.tolist()


def test_absolute_error() -> None:
    a, y = column(1.5, -1.0, 2.0), column(1.0, 1.0, 2.0)
    assert at(make("mae"), a, y) == (2.5, [1.0, -1.0, 0.0])
    L, da = at(make("mae", form="mean"), a, y)
    assert L == pytest.approx(2.5 / 3)
    assert da == pytest.approx([1 / 3, -1 / 3, 0.0])


def test_the_pieces_of_huber() -> None:
    huber = make("huber")
    assert at(huber, column(0.5), column(0.0)) == (0.125, [0.5])
    assert at(huber, column(-3.0), column(0.0)) == (2.5, [-1.0])
    assert at(huber, column(1.0), column(0.0)) == (0.5, [1.0])
    assert at(make("huber", delta=2.0), column(4.0, 1.0), column(1.0, 2.0)) == (4.5, [2.0, -1.0])
    h = 1e-9
    two = [at(huber, column(1.0 + each), column(0.0))[0] for each in (-h, h)]
    assert (two[1] - two[0]) / (2 * h) == pytest.approx(1.0, rel=1e-6)
    wide = make("huber", delta=1000.0)
    assert at(wide, column(7.0), column(2.0)) == (12.5, [5.0]), "half of the squared error"


def test_log_cosh() -> None:
    for error, L, slope in [
        (0.3, 0.04434076992594032, 0.2913126124515909),
        (2.0, 1.3250027473578645, 0.9640275800758169),
    ]:
        assert at(make("log_cosh"), column(error), column(0.0)) == (
            pytest.approx(L, rel=1e-14),
            [pytest.approx(slope, rel=1e-14)],
        )
        assert at(make("log_cosh"), column(-error), column(0.0))[1] == [pytest.approx(-slope, rel=1e-14)]
    tiny = make("log_cosh").value(column(1e-6), column(0.0))[0, 0]
    assert tiny == pytest.approx(4.999999999999167e-13, rel=1e-13)
    with np.errstate(all="raise", under="ignore"):
        L, da = at(make("log_cosh"), column(1000.0), column(0.0))
    assert L == pytest.approx(999.3068528194401, rel=1e-15)
    assert da == [1.0]


def test_hinges_read_zero_as_minus_one() -> None:
    for no in (0.0, -1.0):
        a, y = column(0.25, 0.25, 3.0, -3.0), column(1.0, no, 1.0, no)
        assert at(make("hinge"), a, y) == (2.0, [-1.0, 1.0, 0.0, 0.0])
        assert at(make("squared_hinge"), a, y) == (0.5625 + 1.5625, [-1.5, 2.5, 0.0, 0.0])
        assert at(make("perceptron"), a, y) == (0.25, [0.0, 1.0, 0.0, 0.0])


def test_slopes_at_the_kinks() -> None:
    """The sloping side, as PyTorch's clamp_min; 0 for the absolute error."""
    assert at(make("hinge"), column(1.0, -1.0), column(1.0, 0.0)) == (0.0, [-1.0, 1.0])
    assert at(make("perceptron"), column(0.0, 0.0), column(1.0, 0.0)) == (0.0, [-1.0, 1.0])
    assert at(make("squared_hinge"), column(1.0), column(1.0)) == (0.0, [0.0])
    assert at(make("mae"), column(0.5), column(0.5)) == (0.0, [0.0])


def test_kl_divergence() -> None:
    a, y = column(0.2, 0.7, 0.1), column(0.5, 0.25, 0.25)
    L, da = at(make("kl_divergence"), a, y)
    assert L == pytest.approx(0.42981319461032674, rel=1e-14)
    assert da == pytest.approx([-2.5, -0.25 / 0.7, -2.5])
    assert at(make("kl_divergence"), y, y)[0] == 0.0
    one_hot = column(0.0, 1.0, 0.0)
    kl, entropy = at(make("kl_divergence"), a, one_hot), at(make("cross_entropy"), a, one_hot)
    assert kl[0] == pytest.approx(entropy[0], rel=1e-14)
    assert kl[1] == entropy[1]


def test_kl_divergence_after_a_softmax_with_soft_targets(
    running: Any, make_data: Any, some_learned: Any
) -> None:
    document = mlp(2, 3, output="softmax", loss=Spec("kl_divergence"))
    Y = np.array([[0.5, 0.0], [0.25, 0.1], [0.25, 0.9]])
    network = running(document, make_data([[1.0, -1.0], [0.5, 2.0]], Y), some_learned(document))
    assert network.loss_place.fused
    report = gradient_check(network)
    assert report.agrees(1e-6), report
    for call in network.calls():
        call()
    long = make("kl_divergence").value(network.a, Y)
    assert network.loss_place.L == pytest.approx(long, rel=1e-12)
    arrays = {"a": network.a, "y": Y, "z": network.places["output"].known("z")}
    for example in range(2):
        refs = {name: [Ref("x", name, (i,), example) for i in range(3)] for name in "ayz"}
        cell = make("kl_divergence").cell(refs["a"], refs["y"], refs["z"])
        said = evaluate(cell, lambda ref: float(arrays[ref.array][ref.index[0], ref.example]))
        assert said == pytest.approx(long[0, example], rel=1e-12)


def test_soft_dice() -> None:
    """2 · 1.4 + 1 over 1.7 + 2 + 1."""
    a, y = column(0.8, 0.3, 0.6), column(1.0, 0.0, 1.0)
    L, da = at(make("dice"), a, y)
    assert L == pytest.approx(0.9 / 4.7, rel=1e-14)
    assert da == pytest.approx([-5.6 / 22.09, 3.8 / 22.09, -5.6 / 22.09], rel=1e-13)
    assert at(make("dice"), y, y)[0] == 0.0
    assert at(make("dice"), column(0.0, 0.0), column(0.0, 0.0))[0] == 0.0
    assert at(make("dice", smooth=1e-6), column(0.0, 1.0), column(1.0, 0.0))[0] == pytest.approx(
        1.0, abs=1e-6
    )
    assert "between 0 and 1" in make("dice").refusal("tanh", (-1.0, 1.0), 2)


def test_dice_explains_da_by_all_outputs() -> None:
    a = [Ref("o", "a", (i,), 0, "a", "[1]", str(i + 1)) for i in range(3)]
    y = [Ref("loss", "y", (i,), 0, "y", "", str(i + 1)) for i in range(3)]
    slope = make("dice").slope(a, y, 1)
    used = {(ref.array, ref.index, ref.below) for ref in references(slope)}
    assert used == {(name, (i,), str(i + 1)) for name in "ay" for i in range(3)}


def test_the_perceptron_loss_is_the_perceptron_rule(running: Any, make_data: Any, learned_from: Any) -> None:
    """From weights 0 the first mistake changes W by α t x: x = (1, 2), y = 0 gives −0.1 x."""
    document: Document = mlp(2, 1, output="identity", loss=Spec("perceptron"))
    start = learned_from(document, {"output.W.input": [[0.0, 0.0]], "output.b": [[0.0]]})
    network = running(document, make_data([[1.0], [2.0]], [[0.0]]), start)
    for call in network.calls():
        call()
    assert network.places["output"].gradients["W.input"].tolist() == [[1.0, 2.0]]
    assert network.places["output"].gradients["b"].tolist() == [[1.0]]


# ---------------------------------------------------------------- first weights


def drawn(kind: Initializer, shape: tuple[int, ...], fan_in: int = 30, fan_out: int = 20) -> Array:
    return kind.draw(np.random.Generator(np.random.Philox(5)), shape, fan_in, fan_out)


@pytest.mark.parametrize(
    ("kind", "deviation"), [("glorot", 0.2), ("he", 0.2581988897471611), ("lecun", 0.18257418583505536)]
)
def test_both_distributions_have_the_promised_spread(kind: str, deviation: float) -> None:
    for distribution in ("uniform", "normal"):
        W = drawn(initializers.make(Spec.of(kind, distribution=distribution)), (400, 250))
        assert W.std() == pytest.approx(deviation, rel=0.01)
        assert W.mean() == pytest.approx(0.0, abs=0.02 * deviation)
        edge = np.abs(W).max() / deviation
        assert (edge <= 1.7320508075688773) == (distribution == "uniform")


def test_the_defaults_draw_what_they_always_drew() -> None:
    """Documents without the knob keep their first weights."""
    rng = np.random.Generator(np.random.Philox(5))
    assert np.array_equal(
        drawn(initializers.make("glorot"), (4, 3)), rng.uniform(-np.sqrt(0.12), np.sqrt(0.12), (4, 3))
    )
    rng = np.random.Generator(np.random.Philox(5))
    assert np.array_equal(drawn(initializers.make("he"), (4, 3)), rng.normal(0.0, np.sqrt(2 / 30), (4, 3)))


@pytest.mark.parametrize("shape", [(5, 5), (3, 8), (8, 3), (1, 1), (1, 6), (6, 1), (4, 2, 3, 3)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    W = drawn(initializers.make("orthogonal"), shape)
    assert W.shape == shape
    flat = W.reshape(shape[0], -1)
    rows, columns = flat.shape
    gram = flat @ flat.T if rows <= columns else flat.T @ flat
    assert np.abs(gram - np.eye(min(rows, columns))).max() < 1e-12
    double = drawn(initializers.make(Spec.of("orthogonal", gain=2.0)), shape)
    assert np.array_equal(double, 2.0 * W)


def test_orthogonal_turns_either_way() -> None:
    """Uniform over all orthogonal matrices: determinants of both signs, every entry centred."""
    rng = np.random.Generator(np.random.Philox(6))
    many = np.array([initializers.make("orthogonal").draw(rng, (3, 3), 3, 3) for _ in range(2000)])
    assert np.abs(many.mean(axis=0)).max() < 0.05
    assert many.var(axis=0) == pytest.approx(np.full((3, 3), 1 / 3), abs=0.03)
    assert abs((np.linalg.det(many) > 0).mean() - 0.5) < 0.05


def test_lecun_keeps_the_spread() -> None:
    """A sum of 1000 inputs with spread 1 has spread 1."""
    rng = np.random.Generator(np.random.Philox(7))
    W = initializers.make("lecun").draw(rng, (300, 1000), 1000, 300)
    z = W @ rng.normal(size=(1000, 50))
    assert z.std() == pytest.approx(1.0, rel=0.03)
