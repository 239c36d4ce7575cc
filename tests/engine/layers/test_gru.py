"""The GRU: PyTorch's numbers, a plain loop of all three conventions, and differences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.plan import Array
from engine.core.problems import KnobError
from engine.core.spec import Spec
from engine.layers import layers

GATES = "rzn"
CONVENTIONS = ["reset after", "reset before", "mirrored"]


def wave(start: int, *shape: int) -> Array:
    """Numbers that anybody can make again: sin(start), sin(start + 1), ..."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=float)).reshape(shape)


def test_agrees_with_pytorch() -> None:
    """torch.nn.GRU(2, 2, bidirectional=True): W (6, 2), U (6, 2), two biases (6,), then the same back."""
    q = {}
    for row, k in enumerate(GATES):
        at = slice(2 * row, 2 * row + 2)
        q[f"W{k}.x"] = np.concatenate((wave(1, 6, 2)[at], wave(37, 6, 2)[at]))
        q[f"U{k}"], q[f"V{k}"] = wave(13, 6, 2)[at], wave(49, 6, 2)[at]
        of_x = np.concatenate((wave(25, 6)[at], wave(61, 6)[at]))[:, None]
        of_h = np.concatenate((wave(31, 6)[at], wave(67, 6)[at]))[:, None]
        q[f"b{k}"] = of_x if k == "n" else of_x + of_h
        q["bu"] = of_h
    kind = layers.make(Spec.of("gru", bidirectional=True))
    run = run_layer(kind, wave(100, 2, 3, 1), units=2, parameters=q, da=wave(200, 4, 3, 1))
    a = [
        [-0.082729664594, -0.129983722313, -0.090229518896],
        [-0.228560030478, -0.492380154737, -0.719554345797],
        [0.674561875383, 0.460224901697, 0.217441482005],
        [0.130145407729, 0.249082132186, 0.213442462135],
    ]
    dx = [
        [-0.139250556347, -0.063191345881, 0.14029144539],
        [-0.235815934377, -0.506369751814, -0.071210132994],
    ]
    np.testing.assert_allclose(run.a[..., 0], a, atol=2e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0][..., 0], dx, atol=2e-12)
    wanted = {
        "Wz.x": [
            [-0.003580901723, 0.00404523752],
            [-0.161866056925, 0.170484102074],
            [-0.04530007956, 0.067124466187],
            [-0.109320130214, 0.115597793963],
        ],
        "Ur": [[0.002151756588, 0.007457513123], [-0.000214681592, -0.000758281164]],
        "Un": [[-0.005707259396, -0.019531100972], [0.004321267337, 0.015898653546]],
        "Vz": [[0.060711339714, 0.042552969609], [0.038266835344, 0.017796426832]],
        "bn": [[0.183779875857], [-0.004778663227], [-0.272122287738], [0.472262771319]],
        "bu": [[0.05042698057], [-0.011528314219], [-0.034048231574], [0.116177565273]],
    }
    for name, values in wanted.items():
        np.testing.assert_allclose(run.gradients[name], values, atol=2e-12, err_msg=name)


def plain(x: Array, q: dict[str, Array], convention: str) -> dict[str, Array]:
    """The forward pass step by step, each convention as its paper writes it."""
    (_, T, m), H = x.shape, len(q["br"])
    made = {k: np.zeros((H, T, m)) for k in (*GATES, "a")}
    a = np.zeros((H, m))
    for t in range(T):
        r, z = (1 / (1 + np.exp(-(q[f"W{k}.x"] @ x[:, t] + q[f"U{k}"] @ a + q[f"b{k}"]))) for k in "rz")
        if convention == "reset after":
            n = np.tanh(q["Wn.x"] @ x[:, t] + q["bn"] + r * (q["Un"] @ a + q["bu"]))
        else:
            n = np.tanh(q["Wn.x"] @ x[:, t] + q["Un"] @ (r * a) + q["bn"])
        a = (1 - z) * a + z * n if convention == "mirrored" else (1 - z) * n + z * a
        for name, values in {"r": r, "z": z, "n": n, "a": a}.items():
            made[name][:, t] = values
    return made


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_agrees_with_a_plain_loop_and_its_differences(convention: str) -> None:
    rng = np.random.default_rng(4)
    x, da = rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 4, 2))
    shapes = {"W": (2, 3), "U": (2, 2), "b": (2, 1)}
    q = {f"{w}{k}{'.x' * (w == 'W')}": rng.normal(size=shape) for k in GATES for w, shape in shapes.items()}
    if convention == "reset after":
        q["bu"] = rng.normal(size=(2, 1))
    run = run_layer(layers.make(Spec.of("gru", convention=convention)), x, units=2, parameters=q, da=da)
    assert set(run.gradients) == set(q)
    for name, values in plain(x, q, convention).items():
        np.testing.assert_allclose(run.arrays[name], values, atol=1e-13, err_msg=name)
    for name, values in {**q, "x": x}.items():
        slope = np.zeros_like(values)
        for at in np.ndindex(values.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = values.copy()
                moved[at] += step
                ends.append(
                    (plain(moved if name == "x" else x, {**q, name: moved}, convention)["a"] * da).sum()
                )
            slope[at] = (ends[0] - ends[1]) / 2e-6
        found = run.da_prev[0] if name == "x" else run.gradients[name]
        np.testing.assert_allclose(found, slope, atol=1e-8, err_msg=name)


def test_mirrored_is_reset_before_with_the_update_gate_negated() -> None:
    """σ(−z) = 1 − σ(z): with Wz, Uz and bz negated the two conventions are one layer."""
    rng = np.random.default_rng(6)
    x, da = rng.normal(size=(2, 6, 3)), rng.normal(size=(4, 6, 3))
    one = run_layer(
        layers.make(Spec.of("gru", convention="reset before", update_bias=0.7)), x, units=4, da=da
    )
    negated = {name: -values if "z" in name else values for name, values in one.parameters.items()}
    two = run_layer(layers.make(Spec.of("gru", convention="mirrored")), x, units=4, parameters=negated, da=da)
    np.testing.assert_allclose(two.a, one.a, atol=1e-14)
    for name, values in one.gradients.items():
        np.testing.assert_allclose(two.gradients[name], -values if "z" in name else values, atol=1e-13)
    np.testing.assert_allclose(two.arrays["z"], 1.0 - one.arrays["z"], atol=1e-14)


def test_the_conventions_differ() -> None:
    x = np.random.default_rng(7).normal(size=(2, 4, 1))
    runs = [run_layer(layers.make(Spec.of("gru", convention=each)), x, units=3) for each in CONVENTIONS]
    kept = {name: values for name, values in runs[0].parameters.items() if name != "bu"}
    again = [run_layer(run.kind, x, units=3, parameters=kept) for run in runs]
    assert len({round(float(run.a[0, -1, 0]), 9) for run in again}) == 3


def test_words_are_those_of_the_convention() -> None:
    after, before, mirrored = (layers.make(Spec.of("gru", convention=each)).words for each in CONVENTIONS)
    assert after["a"][1] == before["a"][1] == "a⟨t⟩ = (1 − z⟨t⟩) ⊙ n⟨t⟩ + z⟨t⟩ ⊙ a⟨t−1⟩"
    assert mirrored["a"][1] == "a⟨t⟩ = (1 − z⟨t⟩) ⊙ a⟨t−1⟩ + z⟨t⟩ ⊙ n⟨t⟩"
    assert "s" in after and "s" not in before and before["rh"] == mirrored["rh"]


@pytest.mark.parametrize("bias", [-2.0, 0.0, 2.0])
def test_update_bias_is_the_first_value(bias: float) -> None:
    run = run_layer(layers.make(Spec.of("gru", update_bias=bias)), np.zeros((2, 1, 1)), units=3)
    assert run.parameters["bz"].ravel().tolist() == [bias] * 3
    assert not any(run.parameters[name].any() for name in ("br", "bn", "bu"))
    np.testing.assert_allclose(run.arrays["z"][:, 0, 0], 1.0 / (1.0 + np.exp(-bias)))


def test_another_convention_is_refused() -> None:
    with pytest.raises(KnobError):
        layers.make(Spec.of("gru", convention="reset never"))
