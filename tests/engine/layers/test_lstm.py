"""The LSTM: PyTorch's numbers, a plain loop, and differences."""

from __future__ import annotations

import numpy as np
import pytest

from engine.alone import run_layer
from engine.core.plan import Array
from engine.core.spec import Spec
from engine.layers import layers

GATES = "ifgo"


def wave(start: int, *shape: int) -> Array:
    """Numbers that anybody can make again: sin(start), sin(start + 1), ..."""
    return np.sin(np.arange(start, start + np.prod(shape), dtype=float)).reshape(shape)


def test_agrees_with_pytorch() -> None:
    """torch.nn.LSTM(2, 2, bidirectional=True): W (8, 2), U (8, 2), two biases (8,), then the same back."""
    q = {}
    for row, k in enumerate(GATES):
        at = slice(2 * row, 2 * row + 2)
        q[f"W{k}.x"] = np.concatenate((wave(1, 8, 2)[at], wave(49, 8, 2)[at]))
        q[f"U{k}"], q[f"V{k}"] = wave(17, 8, 2)[at], wave(65, 8, 2)[at]
        b, b_back = wave(33, 8) + wave(41, 8), wave(81, 8) + wave(89, 8)
        q[f"b{k}"] = np.concatenate((b[at], b_back[at]))[:, None]
    kind = layers.make(Spec.of("lstm", bidirectional=True))
    run = run_layer(kind, wave(100, 2, 3, 1), units=2, parameters=q, da=wave(200, 4, 3, 1))
    a = [
        [-0.190990437028, 0.273940191645, 0.273324090065],
        [0.090140600582, 0.228958674867, 0.377332945568],
        [-0.167001525657, -0.208330671568, -0.139578830324],
        [-0.705380838593, -0.38187158714, -0.095215411223],
    ]
    dx = [
        [-0.248496768573, 0.051229421134, 0.252420523333],
        [-0.119794687453, -0.253957552896, 0.254225585082],
    ]
    dWf = [
        [0.017498503248, -0.016703115077],
        [-0.019844448629, 0.018953014907],
        [-0.018062079818, 0.024818577118],
        [0.012700085834, -0.020987119088],
    ]
    np.testing.assert_allclose(run.a[..., 0], a, atol=2e-12)
    assert run.da_prev[0] is not None
    np.testing.assert_allclose(run.da_prev[0][..., 0], dx, atol=2e-12)
    wanted = {
        "Wf.x": dWf,
        "Ui": [[0.020274436931, 0.014056015582], [-0.015204862114, -0.015397741272]],
        "Ug": [[0.023290065327, 0.006764294647], [-0.022908030686, -0.024018934366]],
        "Vf": [[-0.011035743645, -0.018450030978], [0.012668781409, 0.019549126407]],
        "Vo": [[-0.023169777612, -0.040228003254], [0.030146613722, 0.041019310573]],
        "bi": [[0.098360042858], [-0.020865298604], [0.034867522325], [-0.097313951768]],
        "bo": [[0.114916916001], [-0.027204836387], [0.062664091634], [-0.167534713418]],
    }
    for name, values in wanted.items():
        np.testing.assert_allclose(run.gradients[name], values, atol=2e-12)


def plain(x: Array, q: dict[str, Array]) -> dict[str, Array]:
    """The forward pass, one step and one gate at a time; σ by its definition."""
    (_, T, m), H = x.shape, len(q["bi"])
    made = {k: np.zeros((H, T, m)) for k in (*GATES, "c", "tanh_c", "a", "zi", "zf", "zg", "zo")}
    a, c = np.zeros((H, m)), np.zeros((H, m))
    for t in range(T):
        for k in GATES:
            z = q[f"W{k}.x"] @ x[:, t] + q[f"U{k}"] @ a + q[f"b{k}"]
            made[f"z{k}"][:, t] = z
            made[k][:, t] = np.tanh(z) if k == "g" else 1.0 / (1.0 + np.exp(-z))
        c = made["f"][:, t] * c + made["i"][:, t] * made["g"][:, t]
        a = made["o"][:, t] * np.tanh(c)
        made["c"][:, t], made["tanh_c"][:, t], made["a"][:, t] = c, np.tanh(c), a
    return made


def test_agrees_with_a_plain_loop_and_its_differences() -> None:
    rng = np.random.default_rng(4)
    x, da = rng.normal(size=(3, 4, 2)), rng.normal(size=(2, 4, 2))
    shapes = {"W": (2, 3), "U": (2, 2), "b": (2, 1)}
    q = {f"{w}{k}{'.x' * (w == 'W')}": rng.normal(size=shape) for k in GATES for w, shape in shapes.items()}
    run = run_layer(layers.make(Spec("lstm")), x, units=2, parameters=q, da=da)
    for name, values in plain(x, q).items():
        np.testing.assert_allclose(run.arrays[name], values, atol=1e-13, err_msg=name)
    for name, values in {**q, "x": x}.items():
        slope = np.zeros_like(values)
        for at in np.ndindex(values.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = values.copy()
                moved[at] += step
                ends.append((plain(moved if name == "x" else x, {**q, name: moved})["a"] * da).sum())
            slope[at] = (ends[0] - ends[1]) / 2e-6
        found = run.da_prev[0] if name == "x" else run.gradients[name]
        np.testing.assert_allclose(found, slope, atol=1e-8, err_msg=name)


def test_gradients_of_gates_and_cell() -> None:
    """Backward by its formulas, in the order of the docstring and with nothing shared with the layer."""
    rng = np.random.default_rng(5)
    x, da = rng.normal(size=(2, 5, 3)), rng.normal(size=(3, 5, 3))
    run = run_layer(layers.make(Spec("lstm")), x, units=3, da=da)
    q = dict(run.parameters)
    v = plain(x, q)
    dh, dc_next, f_next = np.zeros((3, 3)), np.zeros((3, 3)), np.zeros((3, 3))
    for t in reversed(range(5)):
        i, f, g, o, tanh_c = (v[k][:, t] for k in (*GATES, "tanh_c"))
        dh = da[:, t] + dh
        dc = dh * o * (1 - tanh_c**2) + dc_next * f_next
        c_before = v["c"][:, t - 1] if t else np.zeros((3, 3))
        into = {"i": dc * g, "f": dc * c_before, "g": dc * i, "o": dh * tanh_c}
        dz = {k: into[k] * (1 - g**2 if k == "g" else v[k][:, t] * (1 - v[k][:, t])) for k in GATES}
        for name, values in {"dh": dh, "dc": dc, **{f"d{k}": into[k] for k in GATES}}.items():
            np.testing.assert_allclose(run.arrays[name][:, t], values, atol=1e-13, err_msg=name)
        for k in GATES:
            np.testing.assert_allclose(run.arrays[f"dz{k}"][:, t], dz[k], atol=1e-13)
        dh = sum((q[f"U{k}"].T @ dz[k] for k in GATES), np.zeros((3, 3)))
        dc_next, f_next = dc, f


def test_gates_that_are_open_or_shut_carry_the_cell_unchanged() -> None:
    """f = 1 and i = 0 to the last digit: c stays what the first step made it, however long."""
    shut = {"W": np.zeros((1, 1)), "U": np.zeros((1, 1))}
    q = {f"{w}{k}{'.x' * (w == 'W')}": values for k in GATES for w, values in shut.items()}
    q |= {"Wi.x": np.array([[2000.0]]), "Wg.x": np.array([[0.5]])}
    q |= {
        "bi": np.array([[-1000.0]]),
        "bf": np.array([[1000.0]]),
        "bg": np.zeros((1, 1)),
        "bo": np.zeros((1, 1)),
    }
    x = np.zeros((1, 50, 1))
    x[0, 0] = 1.0
    run = run_layer(layers.make(Spec("lstm")), x, units=1, parameters=q, da=np.ones((1, 50, 1)))
    np.testing.assert_array_equal(run.arrays["c"], np.full((1, 50, 1), np.tanh(0.5)))
    each = 0.5 * (1.0 - np.tanh(np.tanh(0.5)) ** 2)
    np.testing.assert_allclose(run.arrays["dc"][0, :, 0], each * np.arange(50, 0, -1), rtol=1e-13)


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.0])
def test_forget_bias_is_the_first_value(bias: float) -> None:
    kind = layers.make(Spec.of("lstm", forget_bias=bias) if bias != 1.0 else Spec("lstm"))
    run = run_layer(kind, np.zeros((2, 1, 1)), units=3)
    assert run.parameters["bf"].ravel().tolist() == [bias] * 3
    assert not any(run.parameters[f"b{k}"].any() for k in "igo")
    np.testing.assert_allclose(run.arrays["f"][:, 0, 0], 1.0 / (1.0 + np.exp(-bias)))
